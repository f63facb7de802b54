"""What travels of drafts between one party's stations: each accepted byte string has one form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.errors import Malformed
from openline.identifiers import StationId
from openline.limits import APPROVALS_MAX
from openline.wire.cbor import Value, encode
from openline.wire.drafts import (
    REASON_CHARACTERS_MAX,
    WAYS_MAX,
    DraftHeld,
    DraftOver,
    DraftTold,
    decode_draft,
    encode_draft,
)
from openline.wire.entry import Approval

OFFICERS = st.integers(0, 255)
APPROVALS = st.lists(OFFICERS, unique=True, max_size=APPROVALS_MAX).map(
    lambda officers: tuple(Approval(officer, bytes([officer]) * 64) for officer in sorted(officers))
)
WAYS = st.lists(st.lists(st.integers(0, 4), max_size=APPROVALS_MAX).map(tuple), max_size=WAYS_MAX).map(tuple)
REFUSALS = st.just((0, "")) | st.tuples(st.integers(1, 255), st.text(max_size=REASON_CHARACTERS_MAX))
TOLD = st.builds(
    lambda home, statement, needed, approvals, refusal: DraftTold(home, statement, needed, approvals, *refusal),
    st.integers(1, 0xFFFF).map(StationId), st.binary(max_size=80), WAYS, APPROVALS, REFUSALS,
)  # fmt: skip
DIGESTS = st.binary(min_size=32, max_size=32)
DRAFTS = TOLD | st.builds(DraftOver, DIGESTS) | st.builds(DraftHeld, DIGESTS, st.binary(min_size=8, max_size=8))


@given(DRAFTS)
def test_what_is_encoded_is_read_again(draft: DraftTold | DraftOver | DraftHeld) -> None:
    assert decode_draft(encode_draft(draft)) == draft


@given(DRAFTS, st.data())
def test_a_changed_byte_is_refused_or_is_another_draft_of_one_form(
    draft: DraftTold | DraftOver | DraftHeld, data: st.DataObject
) -> None:
    made = bytearray(encode_draft(draft))
    made[data.draw(st.integers(0, len(made) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        read = decode_draft(bytes(made))
    except Malformed:
        return
    assert encode_draft(read) == made


SIGNATURE = bytes(64)


def told(
    home: Value = 257, needed: Value = (), approvals: Value = b"", refused_by: Value = 0, reason: Value = ""
) -> bytes:
    return encode([0, home, b"statement", needed, approvals, refused_by, reason])


@pytest.mark.parametrize(
    "data",
    [
        encode([]), encode(5), encode([3]), encode([1, bytes(31)]), encode([2, bytes(32), bytes(7)]),
        encode([2, bytes(32)]), encode([True, bytes(32)]), told(home=0), told(home=0x10000), told(home=True),
        told(needed=[[]] * (WAYS_MAX + 1)), told(needed=[[0] * (APPROVALS_MAX + 1)]), told(needed=[5]),
        told(needed=[[5]]), told(needed=[[True]]), told(needed=[[-1]]), told(approvals=bytes(64)),
        told(approvals=b"".join(bytes((n,)) + SIGNATURE for n in range(APPROVALS_MAX + 1))),
        told(refused_by=256), told(refused_by=-1), told(reason="why"),
        told(refused_by=1, reason="x" * (REASON_CHARACTERS_MAX + 1)),
    ],
)  # fmt: skip
def test_r161_what_is_of_no_form_or_out_of_its_range_is_refused(data: bytes) -> None:
    with pytest.raises(Malformed) as refused:
        decode_draft(data)
    assert refused.value.rule == "R161"


def test_approvals_in_another_order_are_refused() -> None:
    with pytest.raises(Malformed, match=r"R21\b"):
        decode_draft(told(approvals=bytes((2,)) + SIGNATURE + bytes((1,)) + SIGNATURE))
