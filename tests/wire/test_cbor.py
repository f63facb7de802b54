"""Canonical CBOR: one form for each value, nothing outside the subset, and another library agrees."""

from enum import IntEnum
from io import BytesIO

import cbor2
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from openline.errors import Malformed, Misuse
from openline.wire.cbor import DEPTH_MAX, Value, decode, decode_prefix, encode, head, read_head, read_key

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(min_value=-(2**64), max_value=2**64 - 1),
    st.binary(max_size=40),
    st.text(max_size=40),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.integers(0, 23), inner, max_size=5),
    max_leaves=12,
)


class Named(IntEnum):
    FIELD = 3


def rule_of(data: bytes) -> str:
    with pytest.raises(Malformed) as caught:
        decode(data)
    return caught.value.rule


def nested(depth: int, inside: bytes = b"\x00") -> bytes:
    return b"\x81" * depth + inside


def depth_of(value: Value) -> int:
    if isinstance(value, dict):
        return 1 + max(map(depth_of, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(depth_of, value), default=0)
    return 0


@given(VALUES)
def test_every_value_comes_back(value: Value) -> None:
    if depth_of(value) <= DEPTH_MAX:
        assert decode(encode(value)) == value


@given(st.binary(max_size=60) | VALUES.filter(lambda value: depth_of(value) <= DEPTH_MAX).map(encode))
def test_accepted_bytes_reencode_identically(data: bytes) -> None:
    try:
        value = decode(data)
    except Malformed:
        return
    assert encode(value) == data


@given(VALUES)
def test_another_library_writes_the_same_bytes_and_reads_them(value: Value) -> None:
    if depth_of(value) <= DEPTH_MAX:
        data = encode(value)
        assert cbor2.dumps(value, canonical=True) == data
        assert cbor2.loads(data) == value


@given(st.binary(max_size=40))
@example(bytes.fromhex("1817"))  # a number in a longer form, which the other library accepts
@example(bytes.fromhex("0000"))  # trailing bytes, which it accepts as well
def test_what_is_accepted_means_the_same_to_another_library(data: bytes) -> None:
    try:
        value = decode(data)
    except Malformed:
        return
    stream = BytesIO(data)
    assert cbor2.CBORDecoder(stream).decode() == value


@pytest.mark.parametrize(
    ("value", "hexadecimal"),
    [
        (0, "00"),
        (23, "17"),
        (24, "1818"),
        (255, "18ff"),
        (256, "190100"),
        (65_536, "1a00010000"),
        (2**32, "1b0000000100000000"),
        (2**64 - 1, "1bffffffffffffffff"),
        (-1, "20"),
        (-(2**64), "3bffffffffffffffff"),
        (b"\1\2", "420102"),
        ("한", "63ed959c"),
        ([1, [2]], "82018102"),
        ((1, 2), "820102"),
        ({1: 2, 0: None}, "a200f60102"),
        ({Named.FIELD: True}, "a103f5"),
        (False, "f4"),
    ],
)
def test_values_have_the_bytes_of_rfc_8949(value: Value, hexadecimal: str) -> None:
    assert encode(value).hex() == hexadecimal


def test_nothing_may_follow_r1() -> None:
    assert rule_of(b"\x00\x00") == "R1"


@pytest.mark.parametrize("data", ["", "18", "1900", "5a", "42ff", "62", "a100", "a200f6"])
def test_bytes_that_end_inside_an_item_are_refused_r2(data: str) -> None:
    assert rule_of(bytes.fromhex(data)) == "R2"


@pytest.mark.parametrize("data", ["1c", "1f", "5f4100ff", "9fff", "bfff", "7f6161ff"])
def test_reserved_and_indefinite_lengths_are_refused_r3(data: str) -> None:
    assert rule_of(bytes.fromhex(data)) == "R3"


@pytest.mark.parametrize("data", ["1800", "1817", "1900ff", "1a0000ffff", "1b00000000ffffffff", "3817", "580161"])
def test_longer_forms_of_a_number_are_refused_r4(data: str) -> None:
    assert rule_of(bytes.fromhex(data)) == "R4"


@pytest.mark.parametrize("data", ["f93c00", "fa3f800000", "fb3ff0000000000000", "f820"])
def test_floats_are_refused_r4(data: str) -> None:
    assert rule_of(bytes.fromhex(data)) == "R4"


def test_nesting_is_bounded_both_ways_r5() -> None:
    assert decode(nested(DEPTH_MAX)) is not None
    assert rule_of(nested(DEPTH_MAX + 1)) == "R5"
    assert rule_of(b"\xa1\x00" * (DEPTH_MAX + 1) + b"\x00") == "R5"
    value: Value = 0
    for _ in range(DEPTH_MAX + 1):
        value = [value]
    with pytest.raises(Misuse):
        encode(value)


@pytest.mark.parametrize("data", ["c0", "c11a514b67b0", "d8236161", "d82460", "f0", "f7", "e0"])
def test_tags_and_other_simple_values_are_refused_before_they_are_interpreted_r6(data: str) -> None:
    assert rule_of(bytes.fromhex(data)) == "R6"


@pytest.mark.parametrize("data", ["61ff", "62c080", "63eda080", "64f4908080"])
def test_text_is_utf_8_r7(data: str) -> None:
    assert rule_of(bytes.fromhex(data)) == "R7"


@pytest.mark.parametrize("data", ["9bffffffffffffffff", "bbffffffffffffffff", "81", "8200", "a3"])
def test_a_count_beyond_the_bytes_is_refused_before_anything_is_made_r8(data: str) -> None:
    assert rule_of(bytes.fromhex(data)) == "R8"


@pytest.mark.parametrize("data", ["a201000000", "a201000100", "a11800f6", "a12000", "a1616100", "a1f400"])
def test_map_keys_rise_and_are_0_to_23_r9(data: str) -> None:
    assert rule_of(bytes.fromhex(data)) == "R9"


@pytest.mark.parametrize(
    "value",
    [2**64, -(2**64) - 1, 1.5, {24: 0}, {-1: 0}, {"a": 0}, {True: 0}, {1, 2}, "\ud800", [...]],
    ids=repr,
)
def test_what_has_no_form_is_refused_before_it_is_sent(value: Value) -> None:
    with pytest.raises(Misuse):
        encode(value)


def test_a_head_holds_64_bits() -> None:
    assert head(0, 2**64 - 1) == b"\x1b" + b"\xff" * 8
    with pytest.raises(Misuse):
        head(0, 2**64)


def test_the_parts_of_the_decoder_say_where_they_stopped() -> None:
    assert decode_prefix(b"\x00\x01\x02", 1) == (1, 2)
    assert read_head(b"\x98\x18", 0) == (4, 24, 2)
    assert read_key(b"\x05", 0, 4) == (5, 1)
