"""A line as it was: brought back from the ledger at every start."""

from __future__ import annotations

from openline.charter import LineDocuments, StationSeeds
from openline.delivery.accepting import FORKS
from openline.delivery.charter_in_use import restore_charters
from openline.delivery.heads import restore_heads
from openline.delivery.keys_in_use import restore_keys
from openline.delivery.novelty import Novelty
from openline.delivery.outbox import Outstanding, valid_until
from openline.delivery.peaks import begin_later
from openline.delivery.routes import identity, join_peers
from openline.delivery.rows import (
    ANSWERED,
    FURTHER,
    GENERATION,
    LOG,
    NEWEST,
    PRESENTED,
    RECEIPT,
    RECEIPTED,
    WATCH,
    leaf_hash_of,
    log_key,
    split_log_key,
    unpack_held,
    unpack_receipted,
)
from openline.delivery.state import Given, LineState, Mark, Peer
from openline.identifiers import Digest, StationId
from openline.sessions import Keyring
from openline.wire.entry import decode_entry
from openline.wire.numbers import u16
from openline.wire.payloads import ReceiptState, decode_receipt
from openline.wire.statement import Precedence


def restore_line(me: StationId, keys: StationSeeds, documents: LineDocuments, given: Given) -> LineState:
    """Return the line as the ledger has it; a line never started before comes back empty, with generation 0."""
    known = identity(documents, me)
    state = LineState(
        line=documents.line, me=me, keys=keys, documents=documents, given=given, identity=known,
        keyring=Keyring(documents.line, known),
    )  # fmt: skip
    join_peers(state)
    kept = given.out.value(GENERATION, state.line)
    state.generation = int.from_bytes(kept or b"", "big")
    for key, value in given.out.values(LOG, state.line):
        state.logs[split_log_key(key)] = unpack_held(value)
    for key, value in given.out.values(PRESENTED, state.line):
        state.presented[split_log_key(key)] = unpack_held(value)
    state.watch = int.from_bytes(given.out.value(WATCH, state.line) or b"", "big")
    newest = given.out.value(NEWEST, state.line)
    if newest is not None or not state.logs:
        state.novelty = Novelty(int.from_bytes(newest or b"", "big"))
    if state.generation:
        state.log((me, state.generation))
    for peer in state.peers.values():
        restore_peer(state, peer)
    restore_keys(state)
    state.forked = {split_log_key(key) for key, _ in given.out.values(FORKS, state.line)}
    state.receivers = {split_log_key(key)[0] for key, _ in given.out.values(RECEIPTED, state.line)}
    restore_charters(state)
    restore_heads(state)
    begin_later(state)
    restore_outbox(state)
    return state


def restore_peer(state: LineState, peer: Peer) -> None:
    """Bring back what one peer has receipted, which of its generations is the newest, and when it last answered."""
    answered = state.given.out.value(ANSWERED, state.line + u16(peer.station))
    peer.contact.alive_utc = int.from_bytes(answered or b"", "big")
    peer.generation = max((generation for station, generation in state.logs if station == peer.station), default=0)
    for kind in ReceiptState:
        key = log_key(state.line, peer.station, state.generation) + bytes((kind,))
        kept = state.given.out.value(RECEIPTED, key)
        if kept is not None:
            peer.receipted[kind] = unpack_receipted(kept)
        for _, proof in state.given.out.values(RECEIPT, key):
            receipt = decode_receipt(proof[1:])
            peer.marks[kind].append(Mark(receipt.size, receipt.time))
        for single, proof in state.given.out.values(FURTHER, key):
            peer.singles[kind][int.from_bytes(single[-8:], "big")] = decode_receipt(proof[1:]).time


def restore_outbox(state: LineState) -> None:
    """Queue again every entry of our own that some station has not receipted."""
    if (state.me, state.generation) not in state.logs or not state.peers:
        return
    tree = min((peer.stored.tree for peer in state.peers.values()), key=lambda tree: tree.size)
    rows = state.given.out.ledger.entries(state.line, state.me, state.generation, tree.size, state.own.size)
    for row in rows:
        hashed = leaf_hash_of(row)
        tree = tree.append(hashed)
        if not all(peer.stored.covers(row.seq) for peer in state.peers.values()):
            state.outbox.add(
                Outstanding(
                    row.seq,
                    row.entry,
                    hashed,
                    tree,
                    Precedence(row.precedence),
                    row.authored,
                    Digest(row.digest),
                    valid_until(decode_entry(row.entry).statement),
                )
            )
