"""Verified receipts, looked up: who has stored or been shown a message, when, and which row proves it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator

from openline.delivery.accepting import place_key, said_again
from openline.delivery.charter_in_use import heard_from
from openline.delivery.rows import FURTHER, RECEIPT, RECEIPTED, SHOWN, log_key, unpack_receipted
from openline.delivery.state import LineState, Peer
from openline.dialogue.dialogues import ReceiptFact
from openline.identifiers import StationId, party_of
from openline.wire.numbers import u64
from openline.wire.payloads import ReceiptState, decode_receipt


class Receipted:
    """The receipts of one line, as the dialogues ask for them."""

    def __init__(self, state: LineState) -> None:
        self._state = state

    def receipts(self, author: StationId, generation: int, seq: int) -> Iterable[ReceiptFact]:
        """Return the first stored and the first presented receipt of each station that covers this place.

        Of others' messages only our own acts are known: that we hold them, and when an officer here was shown them.
        """
        if author != self._state.me:
            return self._ours(author, generation, seq)
        peers, receivers = self._state.peers, sorted(self._state.receivers)
        if generation == self._state.generation:
            # What a station signed before it ended stays signed.
            ended = [station for station in receivers if station not in peers]
            facts = [fact for station in ended for fact in _earlier(self._state, station, generation, seq)]
            return [*(fact for peer in peers.values() for fact in _now(self._state, peer, seq)), *facts]
        facts = [fact for station in receivers for fact in _earlier(self._state, station, generation, seq)]
        row = self._state.given.out.entry(self._state.line, author, generation, seq)
        again = None if row is None else said_again(self._state, self._state.party, row.digest)
        # What was said again after a restore is one message: the receipts of its last place count for it too.
        return facts if again in (None, (author, generation, seq)) else [*facts, *self.receipts(*again)]

    def _ours(self, author: StationId, generation: int, seq: int) -> Iterable[ReceiptFact]:
        presented = self._state.presented.get((author, generation))
        if presented is None or not presented.knows(seq):
            return ()  # so the ledger is not asked for every new message
        key = place_key(self._state, author, generation, seq)
        shown = self._state.given.out.value(SHOWN, key)  # none for what only the machine has read
        proofs = () if shown is None else (int.from_bytes(shown, "big"),)
        return [ReceiptFact(self._state.me, ReceiptState.PRESENTED, time, key) for time in proofs]


def _now(state: LineState, peer: Peer, seq: int) -> Iterator[ReceiptFact]:
    if seq < heard_from(state, (state.me, state.generation), party_of(peer.station)):
        return  # said before its party was a member: its receipts are over the root, but it was never given this
    for kind, receipted in peer.receipted.items():
        if not receipted.covers(seq):
            continue
        key = log_key(state.line, peer.station, state.generation) + bytes((kind,))
        single = peer.singles[kind].get(seq)
        if single is not None:
            yield ReceiptFact(peer.station, kind, single, FURTHER.encode() + b":" + key + u64(seq))
            continue
        marks = peer.marks[kind]
        mark = marks[bisect_right(marks, seq, key=lambda each: each.size)]
        yield ReceiptFact(peer.station, kind, mark.time, RECEIPT.encode() + b":" + key + u64(mark.size))


def _earlier(state: LineState, station: StationId, generation: int, seq: int) -> Iterator[ReceiptFact]:
    """Look in the ledger for receipts of a generation that has ended."""
    if seq < heard_from(state, (state.me, generation), party_of(station)):
        return
    out = state.given.out
    for kind in ReceiptState:
        key = log_key(state.line, station, generation) + bytes((kind,))
        kept = out.value(RECEIPTED, key)
        if kept is None or not unpack_receipted(kept).covers(seq):
            continue
        single = [(FURTHER, row, proof) for row, proof in out.values(FURTHER, key + u64(seq))]
        prefix = [
            (RECEIPT, row, proof) for row, proof in out.values(RECEIPT, key) if int.from_bytes(row[-8:], "big") > seq
        ]
        table, row, proof = (single + prefix)[0]  # one of them made it covered
        yield ReceiptFact(station, kind, decode_receipt(proof[1:]).time, table.encode() + b":" + row)
