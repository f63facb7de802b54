"""Numbers outside CBOR have one form each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.errors import Malformed
from openline.wire.numbers import leb128, read_leb128, u16, u32, u64


def rule_of(data: bytes, start: int = 0) -> str:
    with pytest.raises(Malformed) as caught:
        read_leb128(data, start)
    return caught.value.rule


@given(st.integers(0, 2**35 - 1), st.binary(max_size=3), st.binary(max_size=3))
def test_every_number_comes_back_from_its_place(number: int, before: bytes, after: bytes) -> None:
    data = before + leb128(number) + after
    assert read_leb128(data, len(before)) == (number, len(data) - len(after))


@given(st.binary(max_size=7))
def test_accepted_bytes_reencode_identically(data: bytes) -> None:
    try:
        number, end = read_leb128(data, 0)
    except Malformed:
        return
    assert leb128(number) == data[:end]


@pytest.mark.parametrize(("number", "size"), [(0, 1), (127, 1), (128, 2), (16_383, 2), (16_384, 3), (2**35 - 1, 5)])
def test_small_numbers_are_short(number: int, size: int) -> None:
    assert len(leb128(number)) == size


@pytest.mark.parametrize("data", [b"", b"\x80", b"\xff\xff\xff\xff"])
def test_a_number_that_does_not_end_is_refused_r10(data: bytes) -> None:
    assert rule_of(data) == "R10"
    assert rule_of(b"\0" + data, 1) == "R10"


@pytest.mark.parametrize(
    "data", [b"\x80\x00", b"\xff\x80\x00", b"\x80\x80\x80\x80\x80\x01", b"\xff\xff\xff\xff\xff\x7f"]
)
def test_a_longer_form_or_a_longer_number_is_refused_r11(data: bytes) -> None:
    assert rule_of(data) == "R11"


@pytest.mark.parametrize("number", [-1, 2**35])
def test_what_does_not_fit_is_an_error_of_ours(number: int) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        leb128(number)


def test_signed_numbers_are_fixed_and_big_endian() -> None:
    assert (u16(1), u32(1), u64(1)) == (b"\0\1", b"\0\0\0\1", bytes(7) + b"\1")
