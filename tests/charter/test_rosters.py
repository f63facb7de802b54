"""Rosters: what one party alone decides, with keys that prove themselves and numbers that are never used again."""

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.charter import Outcome, RelayItem, Roster, UnknownCharter, certify_officer, certify_station
from openline.charter.rosters import RosterField, decode_item, decode_roster, encode_item, encode_roster
from openline.errors import Forged, Inadmissible, Rejected
from openline.identifiers import LineId, station_id
from openline.wire.cbor import Value, decode, encode
from openline.wire.payloads import DocumentClass
from tests.charter.world import (
    ALBA,
    BORA,
    CENDRA,
    DUTY,
    NOON,
    RELEASER,
    SUITE,
    first,
    opened,
    root,
    roster,
    seed,
    signed_roster,
    station_seeds,
)


def values(text: Roster) -> dict[int, Value]:
    decoded = decode(encode_roster(text))
    assert isinstance(decoded, Mapping)
    return dict(decoded)


VALUES = values(roster())


def refused(body: bytes) -> str:
    with pytest.raises(Rejected) as caught:
        decode_roster(body)
    return caught.value.rule


def row(key: RosterField, place: int, value: Value) -> list[Value]:
    """The field with one part of its first record changed."""
    records = VALUES[key]
    assert isinstance(records, list)
    return [[*records[0][:place], value, *records[0][place + 1 :]], *records[1:]]


def test_what_is_written_is_read_again() -> None:
    text = roster(stations=(1, 2))
    assert decode_roster(encode_roster(text)) == text
    empty = replace(text, stations=(), officers=(), relays=())
    assert decode_roster(encode_roster(empty)) == empty


@given(st.binary(max_size=200))
def test_no_bytes_do_more_than_be_refused(data: bytes) -> None:
    with pytest.raises(Rejected):
        decode_roster(data)


def test_a_station_hash_covers_party_number_and_keys() -> None:
    item = roster().stations[0]
    assert item.hash == sha256(encode([ALBA, 1, item.sign, item.head, item.post])).digest()
    assert item.id == station_id(ALBA, 1)


BAD: list[tuple[RosterField, Value]] = [
    (RosterField.LINE, bytes(16)),
    (RosterField.PARTY, 0),
    (RosterField.NUMBER, 0),
    (RosterField.NUMBER, 1 << 32),
    (RosterField.SEED, bytes(31)),
    (RosterField.PARTY, 256),
    (RosterField.STATIONS, row(RosterField.STATIONS, 0, 0)),
    (RosterField.STATIONS, row(RosterField.STATIONS, 0, 256)),
    (RosterField.STATIONS, row(RosterField.STATIONS, 1, bytes(31))),
    (RosterField.STATIONS, row(RosterField.STATIONS, 2, bytes(1311))),
    (RosterField.STATIONS, row(RosterField.STATIONS, 3, bytes(33))),
    (RosterField.STATIONS, row(RosterField.STATIONS, 4, bytes(63))),
    (RosterField.STATIONS, row(RosterField.STATIONS, 5, bytes(64))),
    (RosterField.STATIONS, row(RosterField.STATIONS, 6, None)),
    (RosterField.STATIONS, [[1]]),
    (RosterField.STATIONS, [row(RosterField.STATIONS, 0, 2)[0], row(RosterField.STATIONS, 0, 1)[0]]),
    (RosterField.OFFICERS, row(RosterField.OFFICERS, 0, 256)),
    (RosterField.OFFICERS, row(RosterField.OFFICERS, 1, "key")),
    (RosterField.OFFICERS, row(RosterField.OFFICERS, 2, [])),
    (RosterField.OFFICERS, row(RosterField.OFFICERS, 2, [1, 0])),
    (RosterField.OFFICERS, row(RosterField.OFFICERS, 2, [5])),
    (RosterField.OFFICERS, row(RosterField.OFFICERS, 3, bytes(65))),
    (RosterField.OFFICERS, row(RosterField.OFFICERS, 0, 3)),
    (RosterField.RELAYS, [["relay.example", bytes(32)]]),
    (RosterField.RELAYS, [["relay.example:0", bytes(32)]]),
    (RosterField.RELAYS, [["relay.example:65536", bytes(32)]]),
    (RosterField.RELAYS, [["relay.example:0443", bytes(32)]]),
    (RosterField.RELAYS, [["relay.example:४", bytes(32)]]),
    (RosterField.RELAYS, [[":443", bytes(32)]]),
    (RosterField.RELAYS, [["a b:443", bytes(32)]]),
    (RosterField.RELAYS, [["a\n:443", bytes(32)]]),
    (RosterField.RELAYS, [["é:443", bytes(32)]]),
    (RosterField.RELAYS, [["relay.example:443", bytes(31)]]),
    (RosterField.RELAYS, [["relay.example:443", bytes(32)], ["relay.example:443", bytes(32)]]),
]


@pytest.mark.parametrize(("key", "value"), BAD)
def test_a_field_out_of_its_type_or_range_is_refused_r93(key: RosterField, value: Value) -> None:
    assert refused(encode(VALUES | {int(key): value})) == "R93"


def test_a_body_has_exactly_its_fields_r93() -> None:
    assert refused(encode(VALUES | {7: None})) == "R93"
    assert refused(encode({key: value for key, value in VALUES.items() if key != 6})) == "R93"


def test_one_key_stands_in_one_place_r94() -> None:
    line = first().line
    seeds = station_seeds(ALBA, 1)
    twice = tuple(certify_station(line, ALBA, number, seeds, SUITE) for number in (1, 2))
    shared = certify_officer(line, ALBA, 1, [DUTY], seeds.sign, SUITE)
    same = certify_station(line, ALBA, 1, replace(seeds, post=seeds.sign), SUITE)
    for text in (
        replace(roster(), stations=twice),
        replace(roster(), officers=(shared,)),
        replace(roster(), stations=(same,)),
    ):
        with pytest.raises(Rejected, match=r"R94\b"):
            encode_roster(text)


def test_the_longest_host_name_is_taken_and_no_longer_one_r93() -> None:
    longest = (RelayItem(f"[{'a' * 253}]:65535", seed("a")),)
    assert decode_roster(encode_roster(replace(roster(), relays=longest))).relays == longest
    assert refused(encode(VALUES | {int(RosterField.RELAYS): [[f"[{'a' * 254}]:65535", bytes(32)]]})) == "R93"


def test_an_item_travels_to_the_root_by_itself() -> None:
    for item in (roster().stations[0], roster().officers[2]):
        assert decode_item(encode_item(first().line, item)) == (first().line, item)


@pytest.mark.parametrize(
    "value", [[], [3, bytes(32), 1, []], [1, bytes(31), 1, []], [1, bytes(32), 0, []], [2, bytes(32), 1, [1]]]
)
def test_an_item_has_one_form_r93(value: Value) -> None:
    with pytest.raises(Rejected, match=r"R93\b"):
        decode_item(encode(value))


def test_two_relays_of_one_roster_are_tried_in_its_order() -> None:
    relays = (RelayItem("z.example:443", seed("z")), RelayItem("[2001:db8::1]:8443", seed("a")))
    assert decode_roster(encode_roster(replace(roster(), relays=relays))).relays == relays


# ---------------------------------------------------------------- on a line


def test_a_roster_is_in_force_from_its_arrival() -> None:
    documents = opened()
    text = signed_roster(roster(stations=(1, 2)))
    assert documents.roster(ALBA) is None
    change = documents.accept(DocumentClass.ROSTER, text.document(), SUITE, NOON)
    assert (change.outcome, change.party, change.number) == (Outcome.IN_FORCE, ALBA, 1)
    assert documents.roster(ALBA) == text.roster
    again = documents.accept(DocumentClass.ROSTER, text.document(), SUITE, NOON)
    assert (again.outcome, again.rows) == (Outcome.UNCHANGED, ())


def test_a_roster_of_another_line_is_refused_r89() -> None:
    elsewhere = LineId(seed("elsewhere"))
    text = signed_roster(replace(roster(), line=elsewhere, stations=(), officers=()))
    with pytest.raises(Inadmissible, match=r"R89\b"):
        opened().accept(DocumentClass.ROSTER, text.document(), SUITE, NOON)


def test_a_roster_of_nobody_known_waits_for_a_charter_r95() -> None:
    text = signed_roster(roster(CENDRA))
    documents = opened()
    with pytest.raises(UnknownCharter, match=r"R95\b"):
        documents.accept(DocumentClass.ROSTER, text.document(), SUITE, NOON)
    with pytest.raises(UnknownCharter, match=r"R95\b"):
        documents.salt_seed(ALBA)


def test_a_roster_signed_by_another_root_is_refused_r86() -> None:
    made = signed_roster(roster())
    forged = replace(made, signature=replace(signed_roster(roster(BORA)).signature, party=ALBA))
    with pytest.raises(Forged, match=r"R86\b"):
        opened().accept(DocumentClass.ROSTER, forged.document(), SUITE, NOON)


def test_a_key_that_its_holder_did_not_offer_is_refused_r96() -> None:
    """A key listed by a thief of its public half, for another party, number, line or role."""
    line, text = first().line, roster()
    station, officer = text.stations[0], text.officers[0]
    for bad in (
        replace(text, stations=(replace(station, number=2),)),
        replace(text, stations=(replace(station, possession=(bytes(64), *station.possession[1:])),)),
        replace(text, stations=(replace(station, possession=(station.possession[0], bytes(2420), bytes(64))),)),
        replace(text, stations=(replace(station, possession=(*station.possession[:2], bytes(64))),)),
        replace(text, officers=(replace(officer, roles=(RELEASER,)),)),
        replace(text, officers=(certify_officer(LineId(seed("x")), ALBA, 1, [DUTY], seed("officer", ALBA, 1), SUITE),)),
        replace(text, stations=(replace(certify_station(line, BORA, 1, station_seeds(BORA, 1), SUITE), party=ALBA),)),
    ):
        with pytest.raises(Forged, match=r"R96\b"):
            bad.check_items(SUITE)


def test_the_refusal_says_which_item_has_not_proved_itself_r96() -> None:
    text = roster()
    for bad, said in (
        (replace(text, stations=(replace(text.stations[0], number=7),)), "a key of station 7 has not signed"),
        (replace(text, officers=(replace(text.officers[0], number=9),)), "a key of officer 9 has not signed"),
    ):
        with pytest.raises(Forged, match=said):
            bad.check_items(SUITE)


@pytest.mark.parametrize(("key", "rule"), [(bytes(32), "R34"), (b"\xff" * 32, "R33")])
def test_a_weak_key_is_refused_wherever_it_stands_r33_r34(key: bytes, rule: str) -> None:
    text = roster()
    for bad in (
        replace(text, stations=(replace(text.stations[0], sign=key),)),
        replace(text, stations=(replace(text.stations[0], post=key),)),
        replace(text, officers=(replace(text.officers[0], key=key),)),
    ):
        with pytest.raises(Rejected, match=rule):
            bad.check_items(SUITE)


def bring(documents_roster: Roster, *before: Roster) -> Outcome:
    documents = opened()
    for text in before:
        documents.accept(DocumentClass.ROSTER, signed_roster(text).document(), SUITE, NOON)
    return documents.accept(DocumentClass.ROSTER, signed_roster(documents_roster).document(), SUITE, NOON + 1).outcome


def test_the_salt_seed_is_constant_for_the_line_r97() -> None:
    with pytest.raises(Inadmissible, match=r"R97\b"):
        bring(replace(roster(number=2), seed=seed("another")), roster())


def test_a_number_never_gets_another_key_r98() -> None:
    line = first().line
    station = certify_station(line, ALBA, 1, station_seeds(ALBA, 9), SUITE)
    officer = certify_officer(line, ALBA, 2, [DUTY], seed("another"), SUITE)
    for text in (replace(roster(number=2), stations=(station,)), replace(roster(number=2), officers=(officer,))):
        with pytest.raises(Inadmissible, match=r"R98\b"):
            bring(text, roster())


def test_a_number_is_not_used_again_after_it_was_left_out_r98() -> None:
    gone = roster(number=2, stations=(), officers=())
    another = certify_station(first().line, ALBA, 1, station_seeds(ALBA, 9), SUITE)
    reused = replace(roster(number=3), stations=(another,))
    with pytest.raises(Inadmissible, match=r"R98\b"):
        bring(reused, roster(), gone)
    assert bring(roster(number=3), roster(), gone) is Outcome.IN_FORCE


def test_an_older_roster_changes_nothing() -> None:
    assert bring(roster(number=1), roster(number=2)) is Outcome.UNCHANGED


def test_two_rosters_with_one_number_prove_the_root_false() -> None:
    documents = opened()
    one, other = (signed_roster(roster(stations=stations)) for stations in ((1,), (1, 2)))
    documents.accept(DocumentClass.ROSTER, one.document(), SUITE, NOON)
    change = documents.accept(DocumentClass.ROSTER, other.document(), SUITE, NOON)
    assert change.outcome is Outcome.UNCHANGED
    change.contradictions[0].check(root(ALBA).public(SUITE), SUITE)
    assert documents.roster(ALBA) == one.roster
    assert documents.contradictions() == change.contradictions
    again = documents.accept(DocumentClass.ROSTER, other.document(), SUITE, NOON)
    assert again.rows == ()
