"""A station that runs from an older copy of itself, and how it comes back.

It drops every epoch and prekey, sends no entry, greets, and fetches what it lacks: its own entries carry its own
signatures.  When a station has answered it and everything that station could show is here, it opens a new generation,
whose first entry names the one before, and says there again what has no receipt from everybody.  So no position is ever
used twice, even with old envelopes still under way.
"""

from __future__ import annotations

from dataclasses import dataclass

from openline.delivery.keys_in_use import rekey
from openline.delivery.outbox import Outbox, Patience
from openline.delivery.prefix import Receipted
from openline.delivery.rows import GENERATION
from openline.delivery.state import LineState
from openline.ports import Instant
from openline.wire.cbor import Value
from openline.wire.entry import decode_entry, pack_approvals
from openline.wire.numbers import u32
from openline.wire.payloads import ReceiptState
from openline.wire.statement import GENERATION_KIND, Statement, encode_statement

RECOVERING = "recovering"  # line -> b"": kept from the moment an older copy is noticed until the new generation stands
PROOF_PATIENCE_MS = 60_000  # a claim to hold more of our log stops nobody for longer; it is shown as that peer's claim


@dataclass(frozen=True, slots=True)
class Resaid:
    """A statement to be said again, with the approvals it has."""

    statement: bytes
    approvals: bytes


def begin_generation(state: LineState, utc: int) -> None:
    """Begin a generation of our log; its number is the time, or one more than the last if the clock went back."""
    state.generation = max(utc, state.generation + 1)
    state.log((state.me, state.generation))
    state.given.out.keep(GENERATION, state.line, u32(state.generation))


def recover(state: LineState, now: Instant) -> None:
    """Begin to recover, once.  A crash after the commit: the row is there, and the next start begins again."""
    state.recovering = True
    state.given.out.keep(RECOVERING, state.line, b"")
    for peer in state.peers.values():
        peer.contact.alive_ms = None
        peer.contact.holds.clear()
        peer.wants_prekey = True
    rekey(state, now)


def caught_up(state: LineState, now: Instant) -> bool:
    """Whether a station has answered since, and what it claims to hold of our logs is here, or was not shown in time."""
    for peer in state.peers.values():
        alive = peer.contact.alive_ms
        if alive is None:
            continue
        claims = [(key, size) for key, (size, _) in peer.contact.holds.items() if key[0] == state.me]
        if all(key in state.logs and state.logs[key].size >= size for key, size in claims):
            return True
        if now.monotonic_ms - alive >= PROOF_PATIENCE_MS:
            return True
    return False


def open_generation(state: LineState, now: Instant) -> list[Resaid]:
    """Open the new generation and return what is to be said in it: the entry that names the old one comes first."""
    old, generation = state.own, state.generation
    charter = state.documents.charter
    assert charter is not None
    body: dict[int, Value] = {0: generation, 1: old.size, 2: old.tree.root()}
    status = min(charter.statuses)
    first = Statement(charter.number, now.utc, GENERATION_KIND, 0, body, status=status)
    again = [Resaid(encode_statement(first), b""), *_unreceipted(state)]
    begin_generation(state, now.utc)
    state.outbox = Outbox()
    for peer in state.peers.values():
        peer.sender.drop()
        peer.patience = Patience()
        peer.receipted = {kind: Receipted() for kind in ReceiptState}
        peer.marks = {kind: [] for kind in ReceiptState}
        peer.singles = {kind: {} for kind in ReceiptState}
        peer.made.clear()
    for path in state.paths.values():
        for duties in path.duties.values():
            duties.flash.clear()
            duties.ordinary.clear()
    state.recovering = False
    state.given.out.forget(RECOVERING, state.line)
    return again


def _unreceipted(state: LineState) -> list[Resaid]:
    again = []
    first = min((peer.stored.size for peer in state.peers.values()), default=state.own.size)
    for seq in range(first, state.own.size):
        row = state.given.out.entry(state.line, state.me, state.generation, seq)
        if row is None or row.kind == GENERATION_KIND:
            continue
        if not all(peer.stored.covers(seq) for peer in state.peers.values()):
            entry = decode_entry(row.entry)
            again.append(Resaid(entry.said, pack_approvals(entry.approvals)))
    return again
