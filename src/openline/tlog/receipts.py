"""Receipts: one station's signature that it holds, or has presented, what another said up to a place.

Sizes travel, roots and leaf hashes do not: both sides compute them from their own copy of the log.  So a receipt that
verifies also says that both hold the same log; one that fails counts for nothing, and the entries behind it are asked
for, because only an entry with its own signature is proof of a fork.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from openline.errors import Inadmissible
from openline.identifiers import LineId
from openline.ports import Suite
from openline.wire.payloads import Receipt, ReceiptState, encode_receipt, receipt_signed


@dataclass(frozen=True, slots=True)
class Log:
    """Which log: line (32 bytes), its owner's station hash (32 bytes) and generation (UTC seconds)."""

    line: LineId
    owner_hash: bytes
    generation: int


def sign_receipt(
    suite: Suite,
    seed: bytes,
    log: Log,
    receiver_hash: bytes,
    state: ReceiptState,
    time: int,
    size: int,
    root: bytes,
    further: Sequence[tuple[int, bytes]] = (),
) -> bytes:
    """Return the receipt's payload, signed with the receiver's key.

    size: of the longest gapless prefix held, whose root this is.  further: single places beyond it, each with its leaf
    hash, rising, at most limits.FURTHER_MAX.  Make it only after the commit that stored what it covers.
    """
    signed = receipt_signed(log.line, log.owner_hash, log.generation, receiver_hash, state, time, size, root, further)
    return encode_receipt(size, time, [seq for seq, _ in further], suite.sign(seed, signed))


def verify_receipt(
    suite: Suite,
    public: bytes,
    log: Log,
    receiver_hash: bytes,
    state: ReceiptState,
    receipt: Receipt,
    root_at: Callable[[int], bytes | None],
    leaf_at: Callable[[int], bytes | None],
) -> None:
    """Raise unless the receiver with this key and hash signed the receipt over our copy of the log.

    root_at, leaf_at: the root of our log at a size, the leaf hash at a place, or None beyond what was said.
    Raises Inadmissible (R63: it covers more than was said) or Forged (R40).  Keep it before any status shows it.
    """
    root = root_at(receipt.size)
    leaves = [leaf_at(seq) for seq in receipt.further]
    further = [(seq, leaf) for seq, leaf in zip(receipt.further, leaves, strict=True) if leaf is not None]
    if root is None or len(further) != len(leaves):
        raise Inadmissible("R63", "a receipt covers more than this log holds", size=receipt.size)
    signed = receipt_signed(
        log.line,
        log.owner_hash,
        log.generation,
        receiver_hash,
        state,
        receipt.time,
        receipt.size,
        root,
        further,
    )
    suite.verify(public, receipt.signature, signed)
