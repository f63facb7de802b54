"""Stop notices: made beforehand, published once, for ever."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.charter import ItemClass, LineDocuments, Outcome, StopNotice, UnknownCharter, decode_stop, make_stop
from openline.charter.documents import pack, unpack
from openline.charter.stops import encode_stop
from openline.errors import Forged, Inadmissible, Rejected
from openline.identifiers import LineId, station_id
from openline.wire.cbor import Value, encode
from openline.wire.payloads import DocumentClass
from tests.charter.world import (
    ALBA,
    BORA,
    CENDRA,
    NOON,
    SUITE,
    amendment,
    first,
    member,
    opened,
    root,
    roster,
    seed,
    signed,
    signed_roster,
    staffed,
)

LINE = first().line
STATION = StopNotice(LINE, ALBA, ItemClass.STATION, 1)
OFFICER = StopNotice(LINE, ALBA, ItemClass.OFFICER, 2)


def stop(documents: LineDocuments, notice: StopNotice, at: int = NOON + 60) -> Outcome:
    return documents.accept(DocumentClass.STOP, make_stop(notice, root(notice.party), SUITE), SUITE, at).outcome


@given(st.builds(StopNotice, st.just(LINE), st.integers(1, 255), st.sampled_from(ItemClass), st.integers(1, 255)))
def test_what_is_written_is_read_again(notice: StopNotice) -> None:
    assert decode_stop(encode_stop(notice)) == notice


@pytest.mark.parametrize(
    "body",
    [
        [],
        [LINE, ALBA, 1],
        [bytes(31), ALBA, 1, 1],
        [LINE, 0, 1, 1],
        [LINE, ALBA, 3, 1],
        [LINE, ALBA, 0, 1],
        [LINE, ALBA, 1, 0],
        [LINE, ALBA, 1, 256],
    ],
)
def test_a_notice_names_line_party_and_item_r99(body: Value) -> None:
    with pytest.raises(Rejected, match=r"R99\b"):
        decode_stop(encode(body))


def test_a_stopped_station_has_ended_since_the_word_came() -> None:
    documents = staffed()
    assert documents.station_stopped(station_id(ALBA, 1)) is None
    assert stop(documents, STATION) is Outcome.STOPPED
    assert documents.station_stopped(station_id(ALBA, 1)) == NOON + 60
    assert documents.station(station_id(ALBA, 1))
    assert documents.stations_of(ALBA) == ()
    assert [item.party for item in documents.all_stations()] == [BORA]


def test_a_stopped_officer_has_ended() -> None:
    documents = staffed()
    stop(documents, OFFICER)
    assert documents.officer_stopped(ALBA, 2) == NOON + 60
    assert documents.officer_stopped(BORA, 2) is None
    assert documents.stations_of(ALBA)


def test_a_notice_may_come_before_the_roster_and_no_roster_undoes_it() -> None:
    documents = opened()
    stop(documents, STATION)
    documents.accept(DocumentClass.ROSTER, signed_roster(roster()).document(), SUITE, NOON + 90)
    assert documents.station_stopped(station_id(ALBA, 1)) == NOON + 60
    assert documents.stations_of(ALBA) == ()


def test_a_notice_that_stops_an_officer_stops_no_station_of_that_number() -> None:
    documents = staffed()
    stations = documents.stations_of(ALBA)
    assert station_id(ALBA, 1) in {item.id for item in stations}
    assert stop(documents, replace(OFFICER, number=1)) is Outcome.STOPPED
    assert documents.stations_of(ALBA) == stations


def test_a_notice_again_changes_nothing() -> None:
    documents = staffed()
    stop(documents, STATION)
    assert stop(documents, STATION, NOON + 99) is Outcome.UNCHANGED
    assert documents.station_stopped(station_id(ALBA, 1)) == NOON + 60


def test_only_the_own_root_stops_r86_r87_r88() -> None:
    documents = staffed()
    by_bora = make_stop(replace(STATION, party=BORA), root(BORA), SUITE)
    body, _ = unpack(make_stop(STATION, root(ALBA), SUITE))
    (signature,) = unpack(by_bora)[1]
    for document, rule in (
        (pack(body, [replace(signature, party=ALBA)]), "R86"),
        (pack(body, []), "R87"),
        (pack(body, [signature]), "R88"),
    ):
        with pytest.raises((Forged, Inadmissible), match=rule):
            documents.accept(DocumentClass.STOP, document, SUITE, NOON)
    assert documents.station_stopped(station_id(ALBA, 1)) is None


def test_a_notice_for_another_line_or_of_nobody_known_is_refused_r89_r95() -> None:
    with pytest.raises(Inadmissible, match=r"R89\b"):
        stop(staffed(), replace(STATION, line=LineId(seed("elsewhere"))))
    with pytest.raises(UnknownCharter, match=r"R95\b"):
        stop(staffed(), replace(STATION, party=CENDRA))


def test_a_notice_sealed_under_a_former_root_still_stops_r86() -> None:
    documents = staffed()
    before = first().charter
    renewed = signed(replace(amendment(first()), members=(member(ALBA, 2), member(BORA))), BORA, before=before)
    for seeds in (root(ALBA, 1), root(ALBA, 2)):
        renewed = renewed.signed_by(ALBA, seeds, before, SUITE)
    documents.accept(DocumentClass.CHARTER, renewed.document(), SUITE, NOON)
    newer = make_stop(OFFICER, root(ALBA, 2), SUITE)
    assert documents.accept(DocumentClass.STOP, newer, SUITE, NOON).outcome is Outcome.STOPPED
    assert stop(documents, STATION) is Outcome.STOPPED
    with pytest.raises(Forged, match=r"R86\b"):
        documents.accept(DocumentClass.STOP, make_stop(replace(STATION, number=9), root(BORA), SUITE), SUITE, NOON)


def test_a_station_left_out_of_the_roster_has_ended_until_it_is_listed_again() -> None:
    documents = staffed()
    for number, stations, stopped in ((2, (), NOON + 2), (3, (), NOON + 2), (4, (1,), None)):
        text = signed_roster(roster(number=number, stations=stations))
        documents.accept(DocumentClass.ROSTER, text.document(), SUITE, NOON + number)
        assert documents.station_stopped(station_id(ALBA, 1)) == stopped
    assert documents.officer_stopped(ALBA, 4) == NOON + 2


def test_notices_are_handed_to_whoever_lacks_them() -> None:
    documents, newcomer = staffed(), staffed()
    stop(documents, STATION)
    stop(documents, OFFICER)
    stop(documents, replace(STATION, party=BORA))
    for party in (ALBA, BORA):
        for notice in documents.stops_of(party):
            newcomer.accept(DocumentClass.STOP, notice, SUITE, NOON)
    assert newcomer.documents_digest() == documents.documents_digest()
    assert len(documents.stops_of(ALBA)) == 2
