"""What relays carry, and what stands inside a seal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.errors import Malformed
from openline.limits import ENVELOPE_BYTES_MAX
from openline.wire.envelope import (
    TAG_BYTES,
    Sealed,
    Type,
    Version,
    pack_inside,
    sealed_header,
    split_sealed,
    unpack_inside,
    version_of,
)

HEADER_BYTES = 7


def rule_of(inside: bytes) -> str:
    with pytest.raises(Malformed) as caught:
        unpack_inside(inside, header_bytes=HEADER_BYTES)
    return caught.value.rule


@pytest.mark.parametrize("version", Version)
def test_the_first_byte_says_which_envelope_it_is(version: Version) -> None:
    assert version_of(bytes((version, 0))) is version


@pytest.mark.parametrize("envelope", [b"", b"\0", b"\4", b"\xff", b"\1" * (ENVELOPE_BYTES_MAX + 1)])
def test_an_envelope_is_of_a_known_version_and_not_too_long_r22(envelope: bytes) -> None:
    with pytest.raises(Malformed) as caught:
        version_of(envelope)
    assert caught.value.rule == "R22"


def test_only_a_sealed_envelope_is_cut_as_one_r22() -> None:
    with pytest.raises(Malformed) as caught:
        split_sealed(b"\2" + bytes(60))
    assert caught.value.rule == "R22"


@given(st.binary(min_size=4, max_size=4), st.integers(0, 2**35 - 1), st.binary(min_size=TAG_BYTES + 1, max_size=60))
def test_a_sealed_envelope_is_cut_where_it_was_joined(run: bytes, counter: int, text: bytes) -> None:
    header = sealed_header(run, counter)
    assert split_sealed(header + text) == Sealed(run, counter, header, text)


@given(st.binary(max_size=60))
def test_accepted_sealed_envelopes_reencode_identically(data: bytes) -> None:
    try:
        sealed = split_sealed(b"\1" + data)
    except Malformed:
        return
    assert sealed_header(sealed.run, sealed.counter) + sealed.text == b"\1" + data


def test_a_seal_holds_at_least_a_type_r23() -> None:
    with pytest.raises(Malformed) as caught:
        split_sealed(sealed_header(b"run1", 0) + bytes(TAG_BYTES))
    assert caught.value.rule == "R23"


def test_a_counter_that_does_not_end_is_refused() -> None:
    with pytest.raises(Malformed) as caught:
        split_sealed(b"\1run1\x80")
    assert caught.value.rule == "R10"


@given(kind=st.sampled_from(Type), payload=st.binary(max_size=700), padded=st.booleans())
def test_what_was_packed_comes_back(kind: Type, payload: bytes, *, padded: bool) -> None:
    inside = pack_inside(kind, payload, header_bytes=HEADER_BYTES, padded=padded)
    assert unpack_inside(inside, header_bytes=HEADER_BYTES) == (kind, payload)


@given(st.binary(max_size=8), st.sampled_from([b"", b"\x80", b"\0", b"\x80" + bytes(220)]))
def test_accepted_insides_reencode_identically(beginning: bytes, end: bytes) -> None:
    inside = beginning + end
    try:
        kind, payload = unpack_inside(inside, header_bytes=HEADER_BYTES)
    except Malformed:
        return
    padded = inside[0] >= 0x80
    assert pack_inside(kind, payload, header_bytes=HEADER_BYTES, padded=padded) == inside


@pytest.mark.parametrize(("length", "whole"), [(0, 256), (231, 256), (232, 512), (487, 512), (488, 1_024)])
def test_padding_makes_the_envelope_a_power_of_two(length: int, whole: int) -> None:
    inside = pack_inside(Type.SAID, bytes(length), header_bytes=HEADER_BYTES, padded=True)
    assert HEADER_BYTES + len(inside) + TAG_BYTES == whole


@pytest.mark.parametrize("inside", [b"", b"\0", b"\x0e", b"\x80", b"\xff"])
def test_a_payload_is_of_a_known_type_r24(inside: bytes) -> None:
    assert rule_of(inside) == "R24"


@pytest.mark.parametrize(
    "inside",
    [b"\x81", b"\x81payload", b"\x81payload\x80", b"\x81payload\x80\0", b"\x81" + b"p" * 7 + b"\x80" + bytes(225)],
    ids=["nothing", "no mark", "no zeros", "too few zeros", "one zero too many"],
)
def test_padding_has_one_form_r25(inside: bytes) -> None:
    assert rule_of(inside) == "R25"
