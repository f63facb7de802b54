"""A statement has one form; its digest is the message's identity and lets one field be shown without another."""

import hmac
from collections.abc import Callable
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.errors import Malformed
from openline.limits import STATEMENT_BYTES_MAX
from openline.wire import contexts
from openline.wire.cbor import Value, encode
from openline.wire.statement import (
    GENERATION_KIND,
    Option,
    Precedence,
    Statement,
    decode_statement,
    digest,
    digest_of_hashes,
    encode_statement,
    part_hash,
    part_salt,
    parts,
    read_statement,
)
from tests.wire.statements import STATEMENTS

SEED = bytes(range(32))
TIME = 1_790_000_000


def rule_of(value: Value) -> str:
    with pytest.raises(Malformed) as caught:
        decode_statement(encode(value))
    return caught.value.rule


def items(*, options: Value = None, body: Value = None) -> list[Value]:
    return [1, TIME, 0, 0, 1, options, body]


@given(STATEMENTS)
def test_every_statement_comes_back(statement: Statement) -> None:
    assert decode_statement(encode_statement(statement)) == statement


@given(STATEMENTS.map(encode_statement), st.integers(0), st.integers(0, 255))
def test_accepted_bytes_reencode_identically(data: bytes, place: int, byte: int) -> None:
    place %= len(data)
    changed = data[:place] + bytes((byte,)) + data[place + 1 :]
    try:
        statement = decode_statement(changed)
    except Malformed:
        return
    assert encode_statement(statement) == changed


@given(STATEMENTS.map(encode_statement), st.binary(max_size=3), st.binary(max_size=3))
def test_it_is_read_from_its_place(data: bytes, before: bytes, after: bytes) -> None:
    statement, end = read_statement(before + data + after, len(before))
    assert (statement, end) == (decode_statement(data), len(before) + len(data))


def test_a_short_text_costs_eleven_bytes_of_head_and_two_of_length() -> None:
    statement = Statement(charter=1, authored=TIME, kind=0, officer=1, precedence=Precedence.FLASH, body="a" * 40)
    assert len(encode_statement(statement)) == 11 + 2 + 40


def test_the_ref_is_seen_by_name() -> None:
    assert Statement(charter=1, authored=TIME, kind=0, officer=0, options={Option.REF: bytes(20)}).ref == bytes(20)
    assert Statement(charter=1, authored=TIME, kind=GENERATION_KIND, officer=0).ref is None


@pytest.mark.parametrize("read", [decode_statement, parts])
def test_nothing_may_follow_a_statement(read: Callable[[bytes], object]) -> None:
    with pytest.raises(Malformed) as caught:
        read(encode(items()) + b"\0")
    assert caught.value.rule == "R1"


@pytest.mark.parametrize("value", [[], [1] * 6, [1] * 8, {}, 0])
def test_a_statement_is_an_array_of_seven_r12(value: Value) -> None:
    assert rule_of(value) == "R12"
    with pytest.raises(Malformed) as caught:
        parts(encode(value))
    assert caught.value.rule == "R12"


@pytest.mark.parametrize(
    ("place", "value"),
    [(0, 0x1_0000), (1, 2**32), (2, 256), (3, 180), (4, 256), (0, -1), (1, None), (2, "1"), (3, b""), (4, [])],
)
def test_each_number_has_its_range_r13(place: int, value: Value) -> None:
    changed = items()
    changed[place] = value
    assert rule_of(changed) == "R13"


def test_every_flag_up_to_the_last_is_read() -> None:
    changed = items()
    changed[3] = 179
    statement = decode_statement(encode(changed))
    assert (statement.status, statement.precedence, statement.authority, statement.principal) == (2, 3, 4, 2)


def test_a_statement_has_at_most_65536_bytes_r14() -> None:
    length = STATEMENT_BYTES_MAX - len(encode(items(body="a" * 65_000))) + 65_000
    assert len(encode_statement(decode_statement(encode(items(body="a" * length))))) == STATEMENT_BYTES_MAX
    assert rule_of(items(body="a" * (length + 1))) == "R14"


@pytest.mark.parametrize("body", [0, b"text", [1], True])
def test_a_body_is_null_text_or_a_map_r15(body: Value) -> None:
    assert rule_of(items(body=body)) == "R15"


@pytest.mark.parametrize("options", [{}, 0, [], "", False])
def test_options_are_null_or_a_map_that_is_not_empty_r16(options: Value) -> None:
    assert rule_of(items(options=options)) == "R16"


def test_an_unknown_option_is_refused_r17() -> None:
    assert rule_of(items(options={6: 0})) == "R17"


@pytest.mark.parametrize(
    ("option", "value"),
    [
        (Option.REF, bytes(19)),
        (Option.REF, "x" * 20),
        (Option.VALIDITY, 0),
        (Option.VALIDITY, [0]),
        (Option.VALIDITY, [0, 2**32]),
        (Option.RESPOND_BY, -1),
        (Option.RESPOND_BY, True),
        (Option.PASS_TO, ""),
        (Option.PASS_TO, b"x"),
        (Option.ACTION, []),
        (Option.ACTION, 1),
        (Option.ACTION, [0]),
        (Option.ACTION, [256]),
        (Option.ACTION, [True]),
        (Option.ACTION, [2, 1]),
        (Option.ACTION, [1, 1]),
        (Option.CLEARANCE, []),
        (Option.CLEARANCE, "x"),
        (Option.CLEARANCE, ["x", ""]),
        (Option.CLEARANCE, ["b", "a"]),
    ],
)
def test_an_option_has_its_type_r18(option: Option, value: Value) -> None:
    assert rule_of(items(options={option: value})) == "R18"


@pytest.mark.parametrize("validity", [[None, None], [2, 1]])
def test_a_validity_is_not_void_r19(validity: Value) -> None:
    assert rule_of(items(options={Option.VALIDITY: validity})) == "R19"


@pytest.mark.parametrize("validity", [[None, 1], [1, None], [1, 1]])
def test_a_validity_may_be_open_at_one_end_or_a_moment(validity: Value) -> None:
    assert decode_statement(encode(items(options={Option.VALIDITY: validity}))).options == {1: validity}


def test_the_depth_is_counted_from_the_statement_itself() -> None:
    body: Value = 0
    for _ in range(6):
        body = [body]
    assert decode_statement(encode(items(body={0: body}))).body == {0: body}
    with pytest.raises(Malformed) as caught:
        decode_statement(encode(items())[:-1] + b"\xa1\x00" + b"\x81" * 7 + b"\x00")
    assert caught.value.rule == "R5"


def test_a_statement_out_of_range_is_refused_before_it_is_sent() -> None:
    with pytest.raises(Malformed):
        encode_statement(Statement(charter=70_000, authored=TIME, kind=0, officer=0))


# ---------------------------------------------------------------- digest by parts


def test_a_body_is_cut_into_its_fields() -> None:
    data = encode(items(body={0: "where", 3: [1, 2]}))
    assert parts(data) == [b"\x86" + data[1:-12], b"\x00\x65where", b"\x03\x82\x01\x02"]


def test_a_text_is_one_part_and_no_body_is_none() -> None:
    assert parts(encode(items(body="hello")))[1:] == [encode("hello")]
    assert parts(encode(items())) == [b"\x86" + encode(items())[1:-1]]


def test_the_digest_is_made_as_written_in_the_specification() -> None:
    data = encode(items(body={0: 1, 1: 2}))
    hashes = []
    for number, part in enumerate(parts(data)):
        salt = hmac.digest(SEED, sha256(data).digest() + number.to_bytes(2, "big"), "sha256")[:16]
        hashes.append(sha256(b"openline/1 part\0" + salt + part).digest())
    assert digest(SEED, data) == sha256(b"openline/1 statement\0" + b"".join(hashes)).digest()


def test_a_withheld_field_is_replaced_by_its_hash_and_can_be_shown_later() -> None:
    data = encode(items(body={0: "shown", 1: "withheld"}))
    whole, cut = sha256(data).digest(), parts(data)
    hashes = [part_hash(part_salt(SEED, whole, number), part) for number, part in enumerate(cut)]
    assert digest_of_hashes(hashes) == digest(SEED, data)
    assert part_hash(part_salt(SEED, whole, 2), cut[2]) == hashes[2]
    assert part_hash(part_salt(SEED, whole, 2), b"\1" + encode("invented")) != hashes[2]


def test_the_same_field_in_two_statements_has_two_salts() -> None:
    first, second = sha256(b"first").digest(), sha256(b"second").digest()
    assert part_salt(SEED, first, 1) != part_salt(SEED, second, 1)
    assert part_salt(SEED, first, 1) != part_salt(bytes(32), first, 1)


@given(STATEMENTS.map(encode_statement), STATEMENTS.map(encode_statement))
def test_two_statements_have_one_digest_only_if_they_are_one(first: bytes, second: bytes) -> None:
    assert (digest(SEED, first) == digest(SEED, second)) == (first == second)
    assert contexts.STATEMENT != contexts.PART


@given(STATEMENTS.map(encode_statement))
def test_the_parts_hold_every_byte_once(data: bytes) -> None:
    cut = parts(data)
    joined = cut[0][1:] + b"".join(cut[1:])
    body_head = len(data) - 1 - len(joined)
    assert data[1 : len(cut[0])] == cut[0][1:]
    assert 0 <= body_head <= 1
    assert data.endswith(b"".join(cut[1:]))
