"""A charter's text: every field in its type and range, in one form."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.charter import ApprovalRule, Charter, Evidence, ResponseTimes, Role, Rules, Witness, charter_digest
from openline.charter.charters import CharterField, decode_charter, encode_charter
from openline.errors import Rejected
from openline.identifiers import Digest, LineId
from openline.wire.cbor import Value, decode, encode
from openline.wire.statement import Authority, Precedence, Status
from tests.charter.world import ALBA, BORA, CENDRA, RULES, charter, member, root, seed

FULL = replace(
    charter(ALBA, BORA, CENDRA),
    number=2,
    line=LineId(seed("line")),
    predecessor=Digest(seed("before")),
    texts=(("en", "The parties open this line."), ("ko", "선을 연다.")),
    annexes=(("glossary.toml", seed("glossary")), ("map.geojson", seed("map"))),
    kinds=(1, 4, 50),
    statuses=(Status.EXERCISE, Status.TEST),
    rules=replace(
        RULES,
        deadlines=((4, 3_600),),
        witnesses=(
            Witness("witness.example/1", 4, member(ALBA).root.ed25519),
            Witness("witness.example/2", 6, bytes(1312)),
        ),
        unreviewed_renderings=True,
    ),
)


def values(text: Charter = FULL) -> dict[int, Value]:
    decoded = decode(encode_charter(text))
    assert isinstance(decoded, Mapping)
    return dict(decoded)


def member_row(**changed: Value) -> list[Value]:
    one = member(ALBA)
    row: dict[str, Value] = {
        "party": one.party, "code": one.code, "role": one.role, "names": one.names,
        "ed25519": one.root.ed25519, "mldsa65": one.root.mldsa65,
    }  # fmt: skip
    return list((row | changed).values())


def refused(body: bytes) -> str:
    with pytest.raises(Rejected) as caught:
        decode_charter(body)
    return caught.value.rule


@pytest.mark.parametrize("text", [charter(), FULL, charter(ALBA, BORA, CENDRA)])
def test_what_is_written_is_read_again(text: Charter) -> None:
    assert decode_charter(encode_charter(text)) == text


@given(st.binary(max_size=300))
def test_no_bytes_do_more_than_be_refused(data: bytes) -> None:
    with pytest.raises(Rejected):
        decode_charter(data)


@given(st.sampled_from(sorted(CharterField)), st.recursive(
    st.none() | st.booleans() | st.integers(0, 300) | st.binary(max_size=32) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3), max_leaves=6,
))  # fmt: skip
def test_accepted_bytes_are_written_the_same(key: CharterField, value: Value) -> None:
    body = encode(values() | {int(key): value})
    try:
        text = decode_charter(body)
    except Rejected:
        return
    assert encode_charter(text) == body


BAD: list[tuple[CharterField, Value]] = [
    (CharterField.NUMBER, 0),
    (CharterField.NUMBER, 65_536),
    (CharterField.NUMBER, True),
    (CharterField.LINE, bytes(31)),
    (CharterField.PREDECESSOR, bytes(33)),
    (CharterField.SEED, bytes(16)),
    (CharterField.SEED, None),
    (CharterField.CATALOGUE, "hash"),
    (CharterField.LANGUAGES, []),
    (CharterField.LANGUAGES, ["en", "en"]),
    (CharterField.LANGUAGES, ["English"]),
    (CharterField.LANGUAGES, [""]),
    (CharterField.LANGUAGES, ["x" * 21]),
    (CharterField.TEXTS, [["en", "only one language"]]),
    (CharterField.TEXTS, [["ko", "a"], ["en", "b"]]),
    (CharterField.TEXTS, [["en", ""], ["ko", "b"]]),
    (CharterField.TEXTS, [["en", "x" * 4_097], ["ko", "b"]]),
    (CharterField.TEXTS, [["en"], ["ko"]]),
    (CharterField.ANNEXES, [["b", bytes(32)], ["a", bytes(32)]]),
    (CharterField.ANNEXES, [["a", bytes(31)]]),
    (CharterField.ANNEXES, [["", bytes(32)]]),
    (CharterField.KINDS, []),
    (CharterField.KINDS, [2, 1]),
    (CharterField.KINDS, [1, 1]),
    (CharterField.KINDS, [256]),
    (CharterField.STATUSES, []),
    (CharterField.STATUSES, [3]),
    (CharterField.STATUSES, [1, 0]),
    (CharterField.APPROVALS, [[4, []]]),
    (CharterField.APPROVALS, [[4, [[0], []]]]),
    (CharterField.APPROVALS, [[4, [[], []]]]),
    (
        CharterField.APPROVALS,
        [[4, [[number] * 2 for number in range(5)] + [[4, 4, 4 + number] for number in range(4)]]],
    ),
    (CharterField.APPROVALS, [[4, [[1, 0]]]]),
    (CharterField.APPROVALS, [[4, [[5]]]]),
    (CharterField.APPROVALS, [[4, [[1], [0]]]]),
    (CharterField.APPROVALS, [[4, [[0]]], [4, [[0]]]]),
    (CharterField.APPROVALS, [[4, [[0] * 9]]]),
    (CharterField.CHECK_CADENCE, 0),
    (CharterField.CHECK_CADENCE, 31 * 86_400 + 1),
    (CharterField.RESPONSE_TIMES, [[1, 2, 3]] * 3),
    (CharterField.RESPONSE_TIMES, [[1, 2]] * 4),
    (CharterField.RESPONSE_TIMES, [[1, 2, 0]] * 4),
    (CharterField.DEADLINES, [[4, 60], [3, 60]]),
    (CharterField.DEADLINES, [[4]]),
    (CharterField.RATE, 0),
    (CharterField.RATE, 600_001),
    (CharterField.WITNESSES, [["w", 5, bytes(32)]]),
    (CharterField.WITNESSES, [["w", "4", bytes(32)]]),
    (CharterField.WITNESSES, [["w", 6, bytes(32)]]),
    (CharterField.WITNESSES, [["a b", 6, bytes(1312)]]),
    (CharterField.WITNESSES, [["a+b", 6, bytes(1312)]]),
    (CharterField.WITNESSES, [["b", 6, bytes(1312)], ["a", 6, bytes(1312)]]),
    (CharterField.EVIDENCE, 2),
    (CharterField.UNREVIEWED, 1),
    (CharterField.PROTOCOL, 1),
    (CharterField.PROTOCOL, [1]),
    (CharterField.PROTOCOL, [0, 1]),
    (CharterField.PROTOCOL, [1, 256]),
]


@pytest.mark.parametrize(("key", "value"), BAD)
def test_a_field_out_of_its_type_or_range_is_refused_r82(key: CharterField, value: Value) -> None:
    assert refused(encode(values() | {int(key): value})) == "R82"


@pytest.mark.parametrize("key", [*CharterField])
def test_no_field_may_be_missing_r82(key: CharterField) -> None:
    body = values()
    del body[key]
    assert refused(encode(body)) == "R82"


def test_no_field_may_be_added_r82() -> None:
    assert refused(encode(values() | {20: None})) == "R82"
    assert refused(encode([])) == "R82"


@pytest.mark.parametrize(
    "changed",
    [
        {"party": 0},
        {"party": 256},
        {"code": "Alba"},
        {"code": ""},
        {"code": "a" * 17},
        {"code": "1alba"},
        {"role": 3},
        {"names": [["en", "Alba"]]},
        {"names": []},
        {"names": [["en", "x" * 201], ["ko", "b"]]},
        {"ed25519": bytes(31)},
        {"mldsa65": bytes(1951)},
    ],
)
def test_a_member_out_of_its_form_is_refused_r83(changed: dict[str, Value]) -> None:
    rows: Value = [member_row(**changed), member_row(party=2, code="bora", ed25519=member(BORA).root.ed25519)]
    assert refused(encode(values() | {int(CharterField.MEMBERS): rows})) == "R83"


def test_members_differ_in_number_code_and_root_r83() -> None:
    other = member(BORA)
    for members in (
        [member_row()],
        [member_row()] * 13,
        [member_row(party=party) for party in (2, 1)],
        [member_row(), member_row(party=2, ed25519=other.root.ed25519)],
        [member_row(), member_row(party=2, code="bora")],
    ):
        assert refused(encode(values() | {int(CharterField.MEMBERS): members})) == "R83"


def test_a_weak_root_is_refused_r33_r34() -> None:
    for key, rule in ((b"\xff" * 32, "R33"), (bytes(32), "R34")):
        rows: Value = [member_row(ed25519=key), member_row(party=2, code="bora")]
        assert refused(encode(values() | {int(CharterField.MEMBERS): rows})) == rule
        witnesses: Value = [["w", 4, key]]
        assert refused(encode(values() | {int(CharterField.WITNESSES): witnesses})) == rule


@pytest.mark.parametrize(
    ("number", "line", "predecessor"),
    [(1, seed("line"), None), (1, None, seed("before")), (2, None, seed("before")), (2, seed("line"), None)],
)
def test_only_the_first_charter_has_neither_line_nor_predecessor_r84(
    number: int, line: bytes | None, predecessor: bytes | None
) -> None:
    changed: dict[int, Value] = {0: number, 1: line, 2: predecessor}
    assert refused(encode(values() | changed)) == "R84"


@pytest.mark.parametrize("protocol", [[2, 1], [1, 2]])
def test_a_charter_for_another_protocol_is_refused_and_nothing_negotiated_r114(protocol: Value) -> None:
    assert refused(encode(values() | {int(CharterField.PROTOCOL): protocol})) == "R114"


def test_a_deniable_line_has_two_members_and_no_approvals_r85() -> None:
    deniable = Rules(evidence=Evidence.DENIABLE)
    decode_charter(encode_charter(charter(ALBA, BORA, rules=deniable)))
    for text in (
        charter(ALBA, BORA, CENDRA, rules=deniable),
        charter(rules=replace(deniable, approvals=(ApprovalRule(1, ((Authority.RELEASER,),)),))),
        charter(rules=replace(deniable, witnesses=(Witness("w", 6, bytes(1312)),))),
    ):
        with pytest.raises(Rejected, match=r"R85\b"):
            encode_charter(text)


def test_a_member_is_named_in_the_languages_of_the_charter() -> None:
    one = charter().member(ALBA)
    assert one
    assert (one.name("en"), one.name("ko"), one.name("fr")) == ("Alba", "alba", "alba")
    assert charter().member(9) is None
    assert member(CENDRA).role is Role.MEDIATOR


def test_every_change_of_the_text_changes_the_digest() -> None:
    changes: list[dict[int, Value]] = [{}, {15: 1}, {12: 61}, {18: False}, {3: bytes(32)}]
    assert len({charter_digest(encode(values() | change)) for change in changes}) == len(changes)


def test_without_other_words_a_person_checks_the_line_each_hour_and_everything_can_be_proved() -> None:
    rules = Rules()
    assert (rules.check_cadence_s, rules.entries_a_minute) == (3_600, 600)
    assert rules.evidence is Evidence.PROVABLE
    assert not rules.unreviewed_renderings


def test_times_are_by_precedence_routine_first() -> None:
    times = [(row.stored_s, row.acknowledged_s, row.answered_s) for row in charter().rules.response_times]
    assert times == [(900, 10_800, 21_600), (300, 3_600, 10_800), (120, 600, 1_800), (60, 180, 600)]
    assert ResponseTimes(*times[0]) == charter().rules.response_times[Precedence.ROUTINE]
    assert root(ALBA) != root(BORA)
