"""An entry arrives: a duplicate, a fork, too far, held, or accepted at its place."""

from __future__ import annotations

from openline.delivery.judge import Held, Judged, judge
from openline.delivery.state import Accepted, Forked, LineState
from openline.errors import Inadmissible
from openline.identifiers import StationId, party_of
from openline.ports import Append
from openline.wire.cbor import encode
from openline.wire.numbers import read_leb128, u16, u32, u64
from openline.wire.payloads import ReceiptState, encode_copy
from openline.wire.statement import Precedence

HELD_MAX = 64  # entries of unknown officers or charters kept while documents are asked for; the rest comes again
FORKS = "fork"  # table: line · author · generation · seq -> [first entry, second entry]
REFUSED = "refused"  # table: line · author · generation · seq -> [rule, reason]


def accept_entry(state: LineState, author: StationId, generation: int, data: bytes) -> None:
    """Judge an entry and give it its place.  Raises Rejected for what is forged, malformed, too far or held.

    Rows go into the batch; the receipt owed is paid after its commit.  A crash between the two: the author sends again,
    and is told again.
    """
    seq, _ = read_leb128(data, 0)
    log = state.log((author, generation))
    if log.knows(seq):
        _again(state, author, generation, seq, data)
        return
    if (author, generation) in state.forked:
        raise Inadmissible("R132", "a generation whose station said two things at one place takes no more entries")
    if log.too_far(seq):
        raise Inadmissible("R122", "an entry lies further beyond the gap than one sender may fill", seq=seq)
    judged = judge(state.documents, author, generation, data, state.given.suite)
    if author == state.me and generation == state.generation:
        state.rolled_back = not state.recovering  # our own signature on what we do not hold: this is an older copy of this station
    place(state, judged)


def place(state: LineState, judged: Judged) -> None:
    """Give a genuine entry its place in its author's log, in this batch."""
    author, generation, seq = judged.author, judged.generation, judged.entry.seq
    statement = judged.entry.statement
    out = state.given.out
    earlier = out.said_already(state.line, party_of(author), judged.digest)
    state.log((author, generation)).add(seq, judged.leaf_hash)
    state.dirty.add(("log", (author, generation)))
    out.append(
        Append(
            state.line, author, generation, seq, judged.data, judged.digest, statement.authored, statement.kind,
            statement.precedence,
        )
    )  # fmt: skip
    if judged.breach is not None:
        reason = encode([judged.breach.rule, judged.breach.message])
        out.keep(REFUSED, place_key(state, author, generation, seq), reason)
        state.refused.append(judged.breach)
    state.happened.append(Accepted(judged, earlier is not None))
    owe_receipt(state, author, generation, urgent=statement.precedence is Precedence.FLASH)


def place_key(state: LineState, author: StationId, generation: int, seq: int) -> bytes:
    """Return the key under which small things about one place are kept."""
    return state.line + u16(author) + u32(generation) + u64(seq)


def owe_receipt(
    state: LineState, author: StationId, generation: int, *, urgent: bool, kind: ReceiptState = ReceiptState.STORED
) -> None:
    """Owe the author a receipt on every path that reaches it; it is made when the path has room."""
    peer = state.peers.get(author)
    if peer is None:
        return
    peer.generation = max(peer.generation, generation)
    for path in state.paths.values():
        if path.is_open and author in path.duties:
            path.duties[author].owe_receipt(kind, urgent=urgent)


def _again(state: LineState, author: StationId, generation: int, seq: int, data: bytes) -> None:
    """The place is taken: by the same bytes, then its author lacks our receipt; or by others, then it is a fork."""
    row = state.given.out.entry(state.line, author, generation, seq)
    if row is None or row.entry == data:
        urgent = row is not None and row.precedence == Precedence.FLASH
        owe_receipt(state, author, generation, urgent=urgent)
        return
    try:
        judge(state.documents, author, generation, data, state.given.suite)
    except Held as unknown:
        raise Inadmissible("R123", "a second entry at one place names an unknown officer or charter") from unknown
    key = place_key(state, author, generation, seq)
    if state.given.out.value(FORKS, key) is not None:
        return  # known, kept and passed on
    state.given.out.keep(FORKS, key, encode([row.entry, data]))
    state.forked.add((author, generation))
    state.happened.append(Forked(author, generation, seq, row.entry, data))
    for path in state.paths.values():
        for duties in path.duties.values():
            duties.loose.extend(encode_copy(author, generation, entry) for entry in (row.entry, data))
