"""How a line's small things are kept and restored: table names, keys and values."""

from __future__ import annotations

from openline.delivery.prefix import HeldLog, Receipted
from openline.errors import StorageFailed
from openline.identifiers import Digest, LineId, StationId
from openline.ports import Append
from openline.tlog import Tree, decode_tree
from openline.wire.cbor import decode, encode
from openline.wire.entry import decode_entry, leaf, leaf_hash, pack_approvals
from openline.wire.numbers import u16, u32, u64

LOG = "log"  # line · author · generation -> [tree, leaf hashes beyond]
PRESENTED = "presented"  # the same, of what an officer here has been shown
RECEIPTED = "receipted"  # line · receiver · generation · state -> [tree, positions beyond]
RECEIPT = "receipt"  # line · receiver · generation · state · size -> the receipt as it came
FURTHER = "further"  # line · receiver · generation · state · position -> the receipt that named it
SHOWN = "shown"  # line · author · generation · position -> UTC seconds at which an officer here was shown it
GREETING = "greeting"  # line · station -> the newest greeting that answered us: the proof that it was alive
ANSWERED = "answered"  # line · station -> UTC seconds, by our own clock, at which that greeting came
NEWEST = "newest"  # line -> the latest authored time of any entry
GENERATION = "generation"  # line -> generation of our own log in use
WATCH = "watch"  # line -> UTC seconds of the last act of an officer here


def log_key(line: LineId, station: StationId, generation: int) -> bytes:
    """Return the key of one log, or of what one receiver signed for one generation of ours."""
    return line + u16(station) + u32(generation)


def split_log_key(key: bytes) -> tuple[StationId, int]:
    """Return station and generation of a key made by `log_key`."""
    return StationId(int.from_bytes(key[32:34], "big")), int.from_bytes(key[34:38], "big")


def leaf_hash_of(row: Append) -> bytes:
    """Return the leaf hash of an entry as it stands in the ledger."""
    entry = decode_entry(row.entry)
    return leaf_hash(leaf(Digest(row.digest), pack_approvals(entry.approvals), entry.signature))


def pack_held(log: HeldLog) -> bytes:
    """Return what is kept of a log: its size, its edge, and the leaf hashes beyond the gap."""
    beyond = b"".join(u64(seq) + log.beyond[seq] for seq in sorted(log.beyond))
    return encode([log.tree.encode(), beyond])


def unpack_held(value: bytes) -> HeldLog:
    """Return the log that was kept."""
    tree, beyond = _fields(value)
    log = HeldLog(tree)
    for at in range(0, len(beyond), 40):
        log.beyond[int.from_bytes(beyond[at : at + 8], "big")] = beyond[at + 8 : at + 40]
    return log


def pack_receipted(receipted: Receipted) -> bytes:
    """Return what is kept of one receiver's receipts."""
    further = b"".join(u64(seq) for seq in sorted(receipted.further))
    return encode([receipted.tree.encode(), further])


def unpack_receipted(value: bytes) -> Receipted:
    """Return what one receiver has signed for."""
    tree, further = _fields(value)
    receipted = Receipted(tree)
    receipted.further = {int.from_bytes(further[at : at + 8], "big") for at in range(0, len(further), 8)}
    return receipted


def _fields(value: bytes) -> tuple[Tree, bytes]:
    match decode(value):
        case [bytes(tree), bytes(tail)]:
            return decode_tree(tree), tail
        case _:
            raise StorageFailed("a kept log is not as this program wrote it", hint="Restore the station's backup.")
