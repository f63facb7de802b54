"""An entry: a statement at its place, with its approvals and the station's signature.

    seq (LEB128) · statement (CBOR) · approvals (officer 1, signature 64, each) · station signature 64

Line, station and generation are implied by the epoch it travels under; they stand in the signed bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from openline.errors import Malformed
from openline.identifiers import Digest, LineId
from openline.limits import APPROVALS_MAX
from openline.wire import contexts
from openline.wire.numbers import leb128, read_leb128, u32, u64
from openline.wire.statement import Statement, read_statement_and_parts

SIGNATURE_BYTES = 64
APPROVAL_BYTES = 1 + SIGNATURE_BYTES


@dataclass(frozen=True, slots=True)
class Approval:
    """One officer's Ed25519 signature over line, party and digest."""

    officer: int
    signature: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """A statement at its place.  `said` is the statement's bytes, `parts` these cut, `statement` what they mean."""

    seq: int
    said: bytes
    parts: tuple[bytes, ...]
    statement: Statement
    approvals: tuple[Approval, ...]
    signature: bytes


def encode_entry(seq: int, said: bytes, approvals: tuple[Approval, ...], signature: bytes) -> bytes:
    """Return the entry's bytes as they travel and as they are kept."""
    return leb128(seq) + said + pack_approvals(approvals) + signature


def decode_entry(data: bytes) -> Entry:
    """Return the entry whose bytes are exactly `data`.  Raises Malformed (R2 to R21)."""
    seq, at = read_leb128(data, 0)
    statement, cut, end = read_statement_and_parts(data, at)
    tail = len(data) - end - SIGNATURE_BYTES
    if tail < 0 or tail % APPROVAL_BYTES or tail > APPROVALS_MAX * APPROVAL_BYTES:
        raise Malformed("R20", "an entry ends in whole approvals and one signature")
    approvals = unpack_approvals(data[end : end + tail])
    return Entry(seq, data[at:end], tuple(cut), statement, approvals, data[-SIGNATURE_BYTES:])


def pack_approvals(approvals: tuple[Approval, ...]) -> bytes:
    """Return the approvals side by side, in the order of their officers' numbers."""
    return b"".join(bytes((approval.officer,)) + approval.signature for approval in approvals)


def unpack_approvals(data: bytes) -> tuple[Approval, ...]:
    """Return the approvals in `data`, a multiple of 65 bytes.  Raises Malformed (R21)."""
    if not data:
        return ()
    approvals = tuple(
        Approval(data[at], data[at + 1 : at + APPROVAL_BYTES]) for at in range(0, len(data), APPROVAL_BYTES)
    )
    officers = [approval.officer for approval in approvals]
    if officers != sorted(set(officers)):
        raise Malformed("R21", "approvals come from different officers, in the order of their numbers")
    return approvals


def approval_signed(line: LineId, party: int, digest: Digest) -> bytes:
    """Return what an officer signs to approve a statement."""
    return contexts.APPROVAL + line + bytes((party,)) + digest


def entry_signed(
    line: LineId, station_hash: bytes, generation: int, seq: int, digest: Digest, approvals: bytes
) -> bytes:
    """Return what a station signs: line, itself, its generation, the place, the digest and the packed approvals."""
    return contexts.ENTRY + line + station_hash + u32(generation) + u64(seq) + digest + approvals


def leaf(digest: Digest, approvals: bytes, signature: bytes) -> bytes:
    """Return the log's leaf for an entry."""
    return digest + approvals + signature


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of a leaf (RFC 9162, section 2.1.1)."""
    return sha256(b"\0" + data).digest()
