"""The ends of each range: the last value is taken, and one step beyond it is refused."""

from dataclasses import replace

import pytest

from openline.charter import (
    ContradictionProof,
    RelayItem,
    Role,
    certify_officer,
    certify_station,
    decode_charter,
    decode_contradiction,
)
from openline.charter.charters import CharterField, encode_charter
from openline.charter.rosters import RosterField, decode_roster, encode_roster
from openline.errors import Malformed
from openline.wire.cbor import Value, encode
from openline.wire.payloads import DocumentClass
from openline.wire.statement import Authority
from tests.charter.test_charters import member_row, refused, values
from tests.charter.test_rosters import VALUES
from tests.charter.test_rosters import refused as refused_roster
from tests.charter.world import ALBA, BORA, SUITE, first, member, root, roster, seed, station_seeds

LANGUAGE_20 = "ko-" + "a" * 8 + "-" + "b" * 8
NAMES = [f"name {number:02}" for number in range(65)]

TAKEN: list[tuple[CharterField, Value]] = [
    (CharterField.NUMBER, 2),
    (CharterField.NUMBER, 65_535),
    (CharterField.TEXTS, []),
    (CharterField.TEXTS, [["en", "x" * 4_096], ["ko", "b"]]),
    (CharterField.ANNEXES, []),
    (CharterField.ANNEXES, [["x" * 200, bytes(32)]]),
    (CharterField.ANNEXES, [[name, bytes(32)] for name in NAMES[:16]]),
    (CharterField.KINDS, None),
    (CharterField.KINDS, [0]),
    (CharterField.KINDS, [*range(256)]),
    (CharterField.STATUSES, [0]),
    (CharterField.STATUSES, [0, 1, 2]),
    (CharterField.APPROVALS, []),
    (CharterField.APPROVALS, [[4, [[]]]]),
    (CharterField.APPROVALS, [[4, [[4] * 8]]]),
    (CharterField.APPROVALS, [[4, [[number % 4] * (1 + number // 4) for number in (0, 4, 1, 5, 2, 6, 3, 7)]]]),
    (CharterField.APPROVALS, [[kind, [[0]]] for kind in range(64)]),
    (CharterField.CHECK_CADENCE, 1),
    (CharterField.CHECK_CADENCE, 31 * 86_400),
    (CharterField.DEADLINES, []),
    (CharterField.DEADLINES, [[kind, 60] for kind in range(64)]),
    (CharterField.RATE, 1),
    (CharterField.RATE, 600_000),
    (CharterField.WITNESSES, []),
    (CharterField.WITNESSES, [["x" * 200, 6, bytes(1_312)]]),
    (CharterField.WITNESSES, [[f"w{number}", 6, bytes(1_312)] for number in range(8)]),
]

BEYOND: list[tuple[CharterField, Value]] = [
    (CharterField.EVIDENCE, -1),
    (CharterField.EVIDENCE, 2),
    (CharterField.LANGUAGES, ["en", "ko-" + "a" * 18]),
    (CharterField.ANNEXES, [["x" * 201, bytes(32)]]),
    (CharterField.ANNEXES, [[name, bytes(32)] for name in NAMES[:17]]),
    (CharterField.KINDS, [-1]),
    (CharterField.STATUSES, [-1]),
    (CharterField.APPROVALS, [[4, [[-1]]]]),
    (CharterField.APPROVALS, [[kind, [[0]]] for kind in range(65)]),
    (CharterField.DEADLINES, [[kind, 60] for kind in range(65)]),
    (CharterField.WITNESSES, [["x" * 201, 6, bytes(1_312)]]),
    (CharterField.WITNESSES, [[f"w{number}", 6, bytes(1_312)] for number in range(9)]),
]


@pytest.mark.parametrize(("key", "value"), TAKEN)
def test_the_last_value_of_each_range_is_taken(key: CharterField, value: Value) -> None:
    body = encode(values() | {int(key): value})
    assert encode_charter(decode_charter(body)) == body


@pytest.mark.parametrize(("key", "value"), BEYOND)
def test_one_step_beyond_a_range_is_refused_r82(key: CharterField, value: Value) -> None:
    with pytest.raises(Malformed, match=r"R82\b"):
        decode_charter(encode(values() | {key: value}))


def in_languages(*languages: str) -> dict[int, Value]:
    names: list[Value] = [[language, "A"] for language in languages]
    members: Value = [
        member_row(names=names), member_row(party=2, code="bora", names=names, ed25519=member(BORA).root.ed25519),
    ]  # fmt: skip
    return values() | {
        int(CharterField.LANGUAGES): list(languages), int(CharterField.MEMBERS): members, int(CharterField.TEXTS): [],
    }  # fmt: skip


def test_a_charter_is_in_eight_languages_at_most_each_named_in_twenty_letters_r82() -> None:
    eight = [f"{letter}a" for letter in "abcdefgh"]
    for languages in (["en"], eight, [LANGUAGE_20]):
        assert decode_charter(encode(in_languages(*languages))).languages == tuple(languages)
    assert refused(encode(in_languages(*eight, "ia"))) == "R82"


@pytest.mark.parametrize(
    ("changed", "beyond"),
    [
        ({"party": 1}, {"party": 0}),
        ({"code": "a" * 16}, {"code": "a" * 17}),
        ({"code": "a"}, {"code": ""}),
        ({"role": 0}, {"role": -1}),
        ({"role": 2}, {"role": 3}),
        ({"names": [["en", "x" * 200], ["ko", "b"]]}, {"names": [["en", "x" * 201], ["ko", "b"]]}),
    ],
)
def test_the_ends_of_what_a_member_may_be_r83(changed: dict[str, Value], beyond: dict[str, Value]) -> None:
    last = member_row(party=255, code="zora", ed25519=member(BORA).root.ed25519)
    body = encode(values() | {int(CharterField.MEMBERS): [member_row(**changed), last]})
    assert encode_charter(decode_charter(body)) == body
    assert refused(encode(values() | {int(CharterField.MEMBERS): [member_row(**beyond), last]})) == "R83"


@pytest.mark.parametrize(("number", "role"), [(0, Role.PARTY), (1, Role.MEDIATOR), (2, Role.OBSERVER)])
def test_the_roles_of_members_have_their_numbers(number: int, role: Role) -> None:
    rows = [member_row(role=number), member_row(party=2, code="bora", ed25519=member(BORA).root.ed25519)]
    read = decode_charter(encode(values() | {int(CharterField.MEMBERS): rows}))
    assert [one.role for one in read.members] == [role, Role.PARTY]
    assert len(Role) == 3


# ---------------------------------------------------------------- rosters


def test_no_secret_is_ever_shown() -> None:
    for shown, secrets in (
        (roster(), [seed("salt", ALBA)]),
        (root(ALBA), [root(ALBA).ed25519, root(ALBA).mldsa65]),
        (station_seeds(ALBA, 1), [seed(use, ALBA, 1) for use in ("sign", "head", "post")]),
    ):
        assert all(repr(one) not in repr(shown) for one in secrets)


def test_what_is_printed_says_whose_it_is_and_leaves_out_the_long_keys_and_signatures() -> None:
    """Kilobytes of them would bury the line that says what went wrong."""
    station, officer, public = roster().stations[0], roster().officers[0], root(ALBA).public(SUITE)
    shown: list[tuple[object, list[bytes]]] = [
        (station, [station.head, station.hash, *station.possession]),
        (officer, [officer.hash, officer.possession]),
        (public, [public.mldsa65]),
    ]
    shown += [(each, [each.ed25519, each.mldsa65]) for each in first().signatures]
    for one, left_out in shown:
        assert all(repr(each) not in repr(one) for each in left_out)
        assert one is public or "party=1" in repr(one) or "party=2" in repr(one)


@pytest.mark.parametrize("port", ["1", "65535"])
def test_a_relay_has_a_port_from_1_to_65535(port: str) -> None:
    relays = (RelayItem(f"relay.example:{port}", seed("relay")),)
    assert decode_roster(encode_roster(replace(roster(), relays=relays))).relays == relays


@pytest.mark.parametrize("port", ["", "https", "-1", "+443", " 443", "4_43"])
def test_a_port_is_a_number_and_nothing_else_r93(port: str) -> None:
    assert refused_roster(encode(VALUES | {int(RosterField.RELAYS): [[f"relay.example:{port}", bytes(32)]]})) == "R93"


def test_the_last_numbers_of_a_roster_are_taken() -> None:
    """Party 255, number 2^32 - 1, its station 255 and its officer 255."""
    line = first().line
    text = replace(
        roster(),
        party=255,
        number=(1 << 32) - 1,
        stations=(certify_station(line, 255, 255, station_seeds(255, 255), SUITE),),
        officers=(certify_officer(line, 255, 255, [Authority.MEDIATOR], seed("officer"), SUITE),),
    )
    assert decode_roster(encode_roster(text)) == text


# ---------------------------------------------------------------- proofs against a root


@pytest.mark.parametrize("party", [1, 255])
def test_a_proof_names_a_party_from_1_to_255_r111(party: int) -> None:
    proof = ContradictionProof(DocumentClass.CHARTER, party, 1, b"one", b"other")
    assert decode_contradiction(proof.encode()) == proof
    with pytest.raises(Malformed, match=r"R111\b"):
        decode_contradiction(replace(proof, party=256).encode())
