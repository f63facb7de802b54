"""An entry: a statement at its place, with its approvals and one signature."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.errors import Malformed
from openline.identifiers import Digest, LineId
from openline.limits import APPROVALS_MAX
from openline.wire.entry import (
    Approval,
    approval_signed,
    decode_entry,
    encode_entry,
    entry_signed,
    leaf,
    leaf_hash,
    pack_approvals,
    unpack_approvals,
)
from openline.wire.statement import Statement, encode_statement
from tests.wire.statements import STATEMENTS

SIGNATURE = bytes(range(64))
SAID = encode_statement(Statement(charter=1, authored=1_790_000_000, kind=0, officer=1, body="all quiet"))
OFFICERS = st.sets(st.integers(0, 255), max_size=APPROVALS_MAX).map(sorted)


def approvals_of(officers: list[int]) -> tuple[Approval, ...]:
    return tuple(Approval(officer, bytes((officer,)) * 64) for officer in officers)


def rule_of(data: bytes) -> str:
    with pytest.raises(Malformed) as caught:
        decode_entry(data)
    return caught.value.rule


@given(st.integers(0, 2**35 - 1), STATEMENTS, OFFICERS)
def test_every_entry_comes_back(seq: int, statement: Statement, officers: list[int]) -> None:
    said, approvals = encode_statement(statement), approvals_of(officers)
    data = encode_entry(seq, said, approvals, SIGNATURE)
    entry = decode_entry(data)
    assert (entry.seq, entry.said, entry.statement) == (seq, said, statement)
    assert (entry.approvals, entry.signature) == (approvals, SIGNATURE)


@given(OFFICERS, st.integers(0), st.integers(0, 255))
def test_accepted_bytes_reencode_identically(officers: list[int], place: int, byte: int) -> None:
    data = encode_entry(300, SAID, approvals_of(officers), SIGNATURE)
    place %= len(data)
    changed = data[:place] + bytes((byte,)) + data[place + 1 :]
    try:
        entry = decode_entry(changed)
    except Malformed:
        return
    assert encode_entry(entry.seq, entry.said, entry.approvals, entry.signature) == changed


@pytest.mark.parametrize("tail", [b"", bytes(63), bytes(65), bytes(64 + 64), bytes(64 + 66)])
def test_an_entry_ends_in_whole_approvals_and_one_signature_r20(tail: bytes) -> None:
    assert rule_of(b"\0" + SAID + tail) == "R20"


def test_more_than_eight_approvals_are_refused_r20() -> None:
    most = encode_entry(0, SAID, approvals_of(list(range(APPROVALS_MAX))), SIGNATURE)
    assert len(decode_entry(most).approvals) == APPROVALS_MAX == 8
    assert rule_of(encode_entry(0, SAID, approvals_of(list(range(APPROVALS_MAX + 1))), SIGNATURE)) == "R20"


@pytest.mark.parametrize("officers", [[1, 1], [2, 1]])
def test_approvals_are_of_different_officers_in_order_r21(officers: list[int]) -> None:
    packed = pack_approvals(approvals_of(officers))
    with pytest.raises(Malformed) as caught:
        unpack_approvals(packed)
    assert caught.value.rule == "R21"
    assert rule_of(encode_entry(0, SAID, approvals_of(officers), SIGNATURE)) == "R21"


def test_a_place_that_does_not_end_is_refused() -> None:
    assert rule_of(b"\x80") == "R10"


def test_what_is_signed_names_line_station_generation_and_place() -> None:
    line, digest = LineId(bytes([1]) * 32), Digest(bytes([2]) * 32)
    assert approval_signed(line, 7, digest) == b"openline/1 approval\0" + line + b"\7" + digest
    expected = b"openline/1 entry\0" + line + bytes([3]) * 32 + bytes((0, 0, 0, 9)) + bytes(7) + b"\5" + digest + b"a"
    assert entry_signed(line, bytes([3]) * 32, 9, 5, digest, b"a") == expected


def test_a_leaf_holds_digest_approvals_and_signature_and_is_hashed_as_in_rfc_9162() -> None:
    digest = Digest(bytes([2]) * 32)
    assert leaf(digest, b"approvals", SIGNATURE) == digest + b"approvals" + SIGNATURE
    assert leaf_hash(b"leaf") == sha256(b"\0leaf").digest()
