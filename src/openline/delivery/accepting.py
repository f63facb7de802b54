"""An entry arrives: a duplicate, a fork, too far, held, or accepted at its place."""

from __future__ import annotations

from dataclasses import replace

from openline.delivery.apart import refuse_ended
from openline.delivery.charter_in_use import check_charter, heard_from, note_used
from openline.delivery.judge import Judged, judge, verify_entry
from openline.delivery.keeping_rate import within_rate
from openline.delivery.prefix import HeldLog
from openline.delivery.rows import PRESENTED, log_key
from openline.delivery.state import Accepted, Forked, LineState
from openline.errors import Inadmissible, Rejected
from openline.identifiers import StationId, party_of
from openline.ports import Append, Instant
from openline.wire.cbor import encode
from openline.wire.entry import Entry, decode_entry
from openline.wire.numbers import read_leb128, u16, u32, u64
from openline.wire.payloads import HASH_BYTES, ReceiptState, encode_copy
from openline.wire.statement import GENERATION_KIND, Precedence, Statement

FORKS = "fork"  # table: line · author · generation · seq -> [first entry, second entry]
GENERATION_FORKS = "fork-generation"  # line · author · generation -> two generations that name it as the one before
PREDECESSOR = "predecessor"  # line · author · generation -> the generation that names it as the one before
SHOWN_AT = "shown-at"  # line · party · digest -> the place that is shown, if an earlier one was refused
SAID_AGAIN = "said-again"  # line · party · digest -> the place of the newest generation that said them again
REFUSED = "refused"  # table: line · author · generation · seq -> [rule, reason]

GENERATION_MAX = 0xF000_0000  # UTC seconds, in 2097, as for keys (R49): a later one must find four bytes enough

OLDER_COPY = "it was shown an entry with its own signature that it does not hold"
LATER_COPY = "it was shown a later generation of its own, which another copy of it has opened"
OTHER_COPY = "another copy of it has said something else at one of its places"


def accept_entry(state: LineState, author: StationId, generation: int, data: bytes, now: Instant) -> None:
    """Judge an entry and give it its place.  Raises Rejected for what is forged, malformed, too far, too many or held.

    Rows go into the batch; the receipt owed is paid after its commit.  A crash between the two: the author sends again,
    and is told again.
    """
    seq, _ = read_leb128(data, 0)
    key = (author, generation)
    held = state.logs.get(key) or HeldLog()  # one that is new becomes a log only when an entry of it is genuine
    if held.knows(seq):
        _again(state, author, generation, seq, data)
        return
    if key in state.forked:
        raise Inadmissible("R132", "a generation whose station said two things at one place takes no more entries")
    if held.too_far(seq):
        raise Inadmissible("R122", "an entry lies further beyond the gap than one sender may fill", seq=seq)
    if generation > GENERATION_MAX:
        raise Inadmissible(
            "R177",
            "a generation says that it began after 2097, which would leave no room for later ones",
            hint="The clock of that station was wrong, or somebody else has its keys. Ask them by voice.",
            generation=generation,
        )
    refuse_ended(state, author, generation, data)
    judged = judge(state.documents, author, generation, data, state.given.suite)
    if not within_rate(state, judged, now):
        return
    if key not in state.logs and author != state.me:
        state.generations_heard.begin(author)
    if author == state.me and generation >= state.generation and not state.recovering:
        state.rolled_back = LATER_COPY if generation > state.generation else OLDER_COPY
    place(state, judged)
    if author == state.me and generation < state.generation and not state.recovering:
        state.learned.append((generation, seq))


def place(state: LineState, judged: Judged) -> None:
    """Give a genuine entry its place in its author's log, in this batch."""
    author, generation, seq = judged.author, judged.generation, judged.entry.seq
    statement = judged.entry.statement
    key = (author, generation)
    out = state.given.out
    rows = _said_before(state, party_of(author), judged.digest, statement.authored)
    earlier = _shown_of(state, rows, party_of(author), judged.digest)
    breach = judged.breach or _breach(state, judged, earlier)
    if breach is not judged.breach:
        judged = replace(judged, breach=breach)
    state.log(key).add(seq, judged.leaf_hash)
    state.dirty.add(("log", key))
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
    else:
        note_used(state, key, seq, statement)
        before = generation_before(judged.entry) if statement.kind == GENERATION_KIND else None
        if before is not None:
            note_predecessor(state, author, generation, before)
            state.presented.setdefault(key, HeldLog()).add(seq, judged.leaf_hash)  # the machine's own: nobody reads it
            state.dirty.add((PRESENTED, key))
        if earlier is not None:
            _note_said_again(state, judged, earlier)
        if rows and earlier is None:
            out.keep(
                SHOWN_AT, _digest_key(state, party_of(author), judged.digest), u16(author) + u32(generation) + u64(seq)
            )
    state.novelty.accepted(judged.digest, statement.authored)
    state.happened.append(Accepted(judged, earlier is not None))
    owe_receipt(state, author, generation, urgent=statement.precedence is Precedence.FLASH)


def _said_before(state: LineState, party: int, digest: bytes, authored: int) -> list[Append]:
    """Return every entry with these words, asking the ledger only where it can hold one."""
    return [] if state.novelty.is_new(digest, authored) else state.given.out.said_already(state.line, party, digest)


def shown_already(state: LineState, party: int, digest: bytes, authored: int) -> Append | None:
    """Return the entry by which this party's words of this digest are shown, None if they are not.

    One digest is shown once, so no approval is used twice.  An entry that was refused does not count: else a sender
    could have its words receipted and hidden by first saying them without their approvals.
    """
    return _shown_of(state, _said_before(state, party, digest, authored), party, digest)


def _shown_of(state: LineState, rows: list[Append], party: int, digest: bytes) -> Append | None:
    if not rows:
        return None
    out = state.given.out
    kept = out.value(SHOWN_AT, _digest_key(state, party, digest))
    if kept is not None:
        return out.entry(state.line, *_unpacked(kept))
    first = rows[0]
    refused = out.value(REFUSED, place_key(state, first.author, first.generation, first.seq))
    return first if refused is None else None


def said_again(state: LineState, party: int, digest: bytes) -> tuple[StationId, int, int] | None:
    """Return author, newest generation and place at which words were said again, None if they were said once."""
    kept = state.given.out.value(SAID_AGAIN, _digest_key(state, party, digest))
    return None if kept is None else _unpacked(kept)


def _note_said_again(state: LineState, judged: Judged, earlier: Append) -> None:
    """Take note of the newest place of the same words; one of an older generation that comes late hides it from none.

    Receipts of that place are those that count: its author is in that generation now.
    """
    party = party_of(judged.author)
    newest = said_again(state, party, judged.digest) or (earlier.author, earlier.generation, earlier.seq)
    if judged.generation > newest[1]:
        place = _packed(judged.author, judged.generation, judged.entry.seq)
        state.given.out.keep(SAID_AGAIN, _digest_key(state, party, judged.digest), place)


def _packed(author: StationId, generation: int, seq: int) -> bytes:
    return u16(author) + u32(generation) + u64(seq)


def _unpacked(place: bytes) -> tuple[StationId, int, int]:
    author, generation, seq = (int.from_bytes(place[at:end], "big") for at, end in ((0, 2), (2, 6), (6, 14)))
    return StationId(author), generation, seq


def _breach(state: LineState, judged: Judged, earlier: Append | None) -> Rejected | None:
    """Return what the log of its station says against a genuine and approved entry, None if nothing.

    The same words at another place are refused, unless a station says them again in a new generation.
    """
    again = earlier is not None and (earlier.author != judged.author or earlier.generation == judged.generation)
    if again:
        return Inadmissible("R124", "the same words stand at another place already; they are shown once")
    if judged.entry.statement.kind == GENERATION_KIND and generation_before(judged.entry) is None:
        return Inadmissible("R176", "words that no person reads say more than which generation the new one follows")
    try:
        check_charter(state, (judged.author, judged.generation), judged.entry.seq, judged.entry.statement)
    except Inadmissible as refused:
        return refused
    return None


def generation_before(entry: Entry) -> int | None:
    """Return which generation this says to follow, None unless it is just what a station says first of a new one.

    That counts as presented with its arrival, so it must hold nothing that a person would have to read.
    """
    said = entry.statement
    match said.body:
        case {0: int(before), 1: int(size), 2: bytes(root), **others} if not others:
            bare = Statement(said.charter, said.authored, GENERATION_KIND, 0, said.body, status=said.status)
            numbers = type(before) is type(size) is int and 0 <= before < 1 << 32 and size >= 0
            if said == bare and numbers and len(root) == HASH_BYTES and entry.seq == 0:
                return before
    return None


def note_predecessor(state: LineState, author: StationId, generation: int, before: int) -> None:
    """Take note of the generation that a new one names before it; two that name the same are shown as a fork."""
    out, key = state.given.out, log_key(state.line, author, before)
    first = out.value(PREDECESSOR, key)
    if first is None:
        out.keep(PREDECESSOR, key, u32(generation))
    elif first != u32(generation):
        out.keep(GENERATION_FORKS, key, first + u32(generation))
        state.happened.append(Forked(author, before, 0, first, u32(generation)))


def _digest_key(state: LineState, party: int, digest: bytes) -> bytes:
    return state.line + bytes((party,)) + digest


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
    if (author, generation) in state.forked:
        return  # known, kept and passed on; one proof is enough, and a liar could make any number
    refuse_ended(state, author, generation, data)
    item = state.documents.station(author)
    assert item is not None  # an entry of it is held
    # Both signatures are the proof; whether the charter allows what the second one says makes no difference.
    verify_entry(state.documents, item, generation, decode_entry(data), state.given.suite)
    key = place_key(state, author, generation, seq)
    state.given.out.keep(FORKS, key, encode([row.entry, data]))
    state.forked.add((author, generation))
    if (author, generation) == (state.me, state.generation) and not state.recovering:
        state.rolled_back = OTHER_COPY
    state.happened.append(Forked(author, generation, seq, row.entry, data))
    for station in state.peers:
        pass_on_fork(state, station, (author, generation), (row.entry, data))


def pass_on_fork(state: LineState, to: StationId, log: tuple[StationId, int], entries: tuple[bytes, bytes]) -> None:
    """Owe a station both entries of a fork, on every path that reaches it: each proves itself.

    Not to a later member what stands before its first position: it holds words that were not said to it.
    """
    seq, _ = read_leb128(entries[0], 0)
    if seq < heard_from(state, log, party_of(to)):
        return
    for path in state.paths.values():
        if to in path.duties:
            path.duties[to].loose.extend(encode_copy(*log, entry) for entry in entries)
