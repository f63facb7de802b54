"""A station's number holds its party's, and neither can run over into the other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.identifiers import number_of, party_of, station_id

BYTES = st.integers(1, 255)


@given(party=BYTES, number=BYTES)
def test_party_and_number_come_back_from_a_station(party: int, number: int) -> None:
    station = station_id(party, number)
    assert (party_of(station), number_of(station)) == (party, number)
    assert 0 < station < 2**16


@pytest.mark.parametrize(("party", "number"), [(0, 1), (1, 0), (256, 1), (1, 256), (-1, 1)])
def test_a_number_that_does_not_fit_makes_no_station(party: int, number: int) -> None:
    with pytest.raises(ValueError, match="each be 1 to 255"):
        station_id(party, number)
