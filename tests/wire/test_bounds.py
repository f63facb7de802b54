"""Numbers that stand on the wire, as the specification prints them."""

import pytest

from openline.errors import Malformed
from openline.wire.payloads import DocumentClass
from openline.wire.relay import Own, decode_requests, encode_frame


def test_documents_are_of_class_1_2_and_3() -> None:
    assert {kind.name: kind.value for kind in DocumentClass} == {"CHARTER": 1, "ROSTER": 2, "STOP": 3}


def test_a_cursor_goes_up_to_two_to_the_64_less_one() -> None:
    last = Own(bytes(32), 1, (1 << 64) - 1)
    assert list(decode_requests(encode_frame(last))) == [last]


def test_a_cursor_is_not_negative_r152() -> None:
    with pytest.raises(Malformed, match="R152"):
        decode_requests(encode_frame(Own(bytes(32), 1, -1)))
