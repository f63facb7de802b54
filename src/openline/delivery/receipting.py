"""Receipts: those we make for others' logs, and those we check for ours.

We make one per author and state when a path takes it: cumulative, over the root that we computed ourselves.  We check
one against our own leaves; a receipt that does not verify counts for nothing.
"""

from __future__ import annotations

from openline.delivery.prefix import HeldLog
from openline.delivery.rows import FURTHER, RECEIPT, RECEIPTED, leaf_hash_of, log_key, pack_receipted
from openline.delivery.state import LineState, LogKey, Mark, Peer, Receipts
from openline.errors import Forged
from openline.tlog import Log, Tree, sign_receipt, verify_receipt
from openline.wire.numbers import u64
from openline.wire.payloads import Receipt, ReceiptState, decode_receipt

READ_IN_DOUBT_MAX = 1_024  # entries of our log read for a receipt of who sent a false one within a minute: some 50 ms
READ_BACK_MAX = 1_024  # entries read for a receipt of a shorter prefix than is known; its next repetition reads on


def make_receipt(state: LineState, peer: Peer, kind: ReceiptState, utc: int) -> bytes:
    """Return the newest receipt that we owe `peer` for its log.  Call only after the entries are durable."""
    held = held_or_shown(state, peer, kind)
    named = held.further() if kind is ReceiptState.STORED else held.newest()
    further = [(seq, held.beyond[seq]) for seq in named]
    made = peer.made.get(kind)
    said = (peer.generation, held.size, tuple(seq for seq, _ in further))
    if made is None or made[0] != said:
        payload = sign_receipt(
            state.given.suite, state.keys.sign, Log(state.line, peer.identity.hash, peer.generation),
            state.identity.hash, kind, utc, held.size, held.tree.root(), further,
        )  # fmt: skip
        made = peer.made[kind] = (said, payload)
    return made[1]


def held_or_shown(state: LineState, peer: Peer, kind: ReceiptState) -> HeldLog:
    """Return what a receipt for the peer's newest log is about; an empty log if nothing of it is known.

    That one is not remembered: an epoch announces a generation, and only an entry begins its log.
    """
    logs = state.logs if kind is ReceiptState.STORED else state.presented
    return logs.get((peer.station, peer.generation)) or HeldLog()


def take_receipt(state: LineState, peer: Peer, kind: ReceiptState, payload: bytes, *, doubted: bool = False) -> None:
    """Check a receipt for our log and take note of what it newly covers.

    doubted: the peer has sent one within a minute that failed; to check one may mean to read the whole log.

    Raises Malformed, Forged (wrong root or signature: it counts for nothing, and what it was about is sent again), or
    Inadmissible (R63) if it claims more than we have said.  One that covers nothing new is passed over.

    Whoever lost its disk and may not show again what it showed before, because its officer was stopped meanwhile, signs
    for a shorter prefix ever after: what it names beyond that counts all the same.
    """
    receipt = decode_receipt(payload)
    known = peer.receipted[kind]
    if doubted and known.size + READ_IN_DOUBT_MAX < receipt.size < state.own.size:
        raise Forged("R40", "a receipt comes from who has just sent a false one; the log is not read again for it yet")
    if receipt.size <= known.size and all(map(known.covers, receipt.further)):
        return
    if receipt.size < known.size and not _read_back(state, peer, receipt.size):
        return
    begun = peer.read_back if receipt.size < known.size else known.tree
    trees: dict[int, Tree | None] = {}

    def root_at(size: int) -> bytes | None:
        tree = trees[size] = own_tree_at(state, begun, size)
        return None if tree is None else tree.root()

    verify_receipt(
        state.given.suite, peer.identity.public, Log(state.line, state.identity.hash, state.generation),
        peer.identity.hash, kind, receipt, root_at, lambda seq: own_leaf_hash(state, seq),
    )  # fmt: skip
    tree = trees[receipt.size] or known.tree
    proof = bytes((kind,)) + payload
    _advance(state, peer, ReceiptState.STORED, receipt, proof, tree)
    if kind is ReceiptState.PRESENTED:
        _advance(state, peer, ReceiptState.PRESENTED, receipt, proof, tree)


def _read_back(state: LineState, peer: Peer, size: int) -> bool:
    """Read our log from its beginning towards a size below what the peer has signed for; return whether that is read.

    A bounded part for each receipt: a member that names ever other sizes could make us read all of it for each message.
    """
    tree = peer.read_back if peer.read_back.size <= size else Tree()
    peer.read_back = own_tree_at(state, tree, min(size, tree.size + READ_BACK_MAX)) or tree
    return peer.read_back.size == size


def _advance(state: LineState, peer: Peer, kind: ReceiptState, receipt: Receipt, proof: bytes, tree: Tree) -> None:
    known = peer.receipted[kind]
    new = [seq for seq in (*range(known.size, receipt.size), *receipt.further) if not known.covers(seq)]
    key = log_key(state.line, peer.station, state.generation) + bytes((kind,))
    out = state.given.out
    if receipt.size > known.size:
        out.keep(RECEIPT, key + u64(receipt.size), proof)
        peer.marks[kind].append(Mark(receipt.size, receipt.time))
    for seq in receipt.further:
        if not known.covers(seq):
            out.keep(FURTHER, key + u64(seq), proof)
            peer.singles[kind][seq] = receipt.time
    known.advance(tree, receipt.further)
    out.keep(RECEIPTED, key, pack_receipted(known))
    state.receivers.add(peer.station)
    # A crash before the commit: the receipt is lost, the entries are sent again, and the receiver receipts them again.
    if new:
        state.happened.append(Receipts(peer.station, kind, tuple(new), receipt.time))
    if kind is ReceiptState.STORED:
        peer.patience.receipted(new)
        state.outbox.remove([seq for seq in new if all(other.stored.covers(seq) for other in state.peers.values())])


def own_leaf_hash(state: LineState, seq: int) -> bytes | None:
    """Return the leaf hash of an entry of our own log of this generation, None beyond its end."""
    item = state.outbox.entries.get(seq)
    if item is not None:
        return item.leaf_hash
    row = state.given.out.entry(state.line, state.me, state.generation, seq)
    return None if row is None else leaf_hash_of(row)


def own_tree_at(state: LineState, known: Tree, size: int) -> Tree | None:
    """Return our own tree at a size not below that of `known`, None beyond our log's end."""
    if size >= state.own.size:
        return state.own.tree if size == state.own.size else None
    item = state.outbox.entries.get(size - 1)
    if item is not None:
        return item.tree
    tree = known
    while tree.size < size:
        leaf = own_leaf_hash(state, tree.size)
        if leaf is None:
            return None
        tree = tree.append(leaf)
    return tree


def own_tree(state: LineState, key: LogKey, size: int) -> Tree:
    """Return the tree of one of our own logs at a size that we hold, of whatever generation."""
    if size == state.size_of(key):
        return state.logs[key].tree
    tree = Tree()
    for row in (state.given.out.entry(state.line, *key, seq) for seq in range(size)):
        assert row is not None  # the prefix is held
        tree = tree.append(leaf_hash_of(row))
    return tree
