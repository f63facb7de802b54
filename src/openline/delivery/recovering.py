"""A station that runs from an older copy of itself, and how it comes back.

It drops every epoch and prekey, sends no entry, greets, and fetches what it lacks: its own entries carry its own
signatures.  When a station has answered it and everything that station could show is here, it opens a new generation,
whose first entry names the one before, and says there again what has no receipt from everybody.  So no position is ever
used twice, even with old envelopes still under way.
"""

from __future__ import annotations

from dataclasses import dataclass

from openline.delivery.giving_back import is_said_again
from openline.delivery.keys_in_use import drop_epochs, rekey
from openline.delivery.outbox import Outbox, Patience
from openline.delivery.prefix import Receipted
from openline.delivery.rows import GENERATION
from openline.delivery.state import LineState, LogKey, Peer, Recovered
from openline.errors import StorageFailed
from openline.ports import Instant
from openline.tlog import Tree
from openline.wire.cbor import Value, decode, encode
from openline.wire.entry import decode_entry, pack_approvals
from openline.wire.numbers import u32
from openline.wire.payloads import ReceiptState
from openline.wire.statement import GENERATION_KIND, Statement, encode_statement

RECOVERING = "recovering"  # line -> [since, why]: kept from the moment an older copy is noticed until it has recovered
RECOVERED = "recovered"  # line · generation -> what happened, as `Recovery` has it
PROOF_PATIENCE_MS = 60_000  # a claim to hold more of our log stops nobody for longer; it is shown as that peer's claim
GENERATION_LEAP_S = 4_096  # at most so far above the last: little beside the years to 2097
DRAWN_BYTES = 2
RECOVERY_EVERY_S = 3_600  # because of a later generation: two copies would outdo each other without end


@dataclass(frozen=True, slots=True)
class Resaid:
    """A statement to be said again, with the approvals it has."""

    statement: bytes
    approvals: bytes
    digest: bytes


@dataclass(frozen=True, slots=True)
class Opening:
    """A generation that was just opened: which one it names as the one before, its size, and what is to be said."""

    before: int
    size: int
    again: list[Resaid]


@dataclass(frozen=True, slots=True)
class Recovery:
    """What happened when this station recovered.  Times in UTC seconds.

    why      how it noticed that it was an older copy
    before   the generation that the new one names as the one before, with its size
    again    how many statements were said again, because not every station was known to have stored them
    not_said those that could not be, by digest, each with the reason
    """

    since: int
    until: int
    why: str
    before: int
    size: int
    again: int
    not_said: tuple[tuple[bytes, str], ...]


def begin_generation(state: LineState, utc: int) -> None:
    """Begin a generation of our log; its number is the time, or a little above the last if the clock went back.

    How much above is drawn: a station that is put back twice must not choose one number twice, and its places with it.
    """
    last = max([state.generation, *(generation for station, generation in state.logs if station == state.me)])
    state.generation = utc if utc > last else last + 1 + _drawn(state) % GENERATION_LEAP_S
    state.log((state.me, state.generation))
    state.given.out.keep(GENERATION, state.line, u32(state.generation))


def _drawn(state: LineState) -> int:
    return int.from_bytes(state.given.secrets.draw(state.given.suite)[:DRAWN_BYTES], "big")


def recover(state: LineState, why: str, now: Instant) -> None:
    """Begin to recover, once.  A crash after the commit: the row is there, and the next start begins again."""
    state.recovering = True
    kept = state.given.out.value(RECOVERING, state.line)
    if kept is None:
        state.given.out.keep(RECOVERING, state.line, encode([now.utc, why]))
    state.happened.append(Recovered())
    for peer in state.peers.values():
        peer.contact.alive_ms = None
        peer.contact.holds.clear()
        peer.wants_prekey = True
    rekey(state, now)


def holds_later(state: LineState) -> bool:
    """Whether a generation of ours is held here that is later than the present one: another copy has opened it."""
    return any(station == state.me and generation > state.generation for station, generation in state.logs)


def recovered_lately(state: LineState, why: str, utc: int) -> bool:
    """Whether this station recovered for that reason within the hour before `utc`."""
    ended = [each.until for each in recoveries(state) if each.why == why]
    return bool(ended) and 0 <= utc - ended[-1] < RECOVERY_EVERY_S


def caught_up(state: LineState, now: Instant) -> bool:
    """Whether a station has answered since, and what it claims of our logs is here, or not shown in time."""
    for peer in state.peers.values():
        alive = peer.contact.alive_ms
        if alive is None:
            continue
        claims = [(key, size) for key, (size, _) in peer.contact.holds.items() if key[0] == state.me]
        if all(state.size_of(key) >= size or _not_to_come(state, peer, key, now) for key, size in claims):
            return True
    return False


def _not_to_come(state: LineState, peer: Peer, key: LogKey, now: Instant) -> bool:
    """Whether what a peer claims to hold of our log will not come: the log is forked, or it was not shown in time."""
    since = peer.contact.behind_since_ms.get(key, now.monotonic_ms)
    return key in state.forked or now.monotonic_ms - since >= PROOF_PATIENCE_MS


def open_generation(state: LineState, now: Instant) -> Opening:
    """Open the new generation and return what is to be said in it: the entry that names the old one comes first.

    The one before is the newest of our own that is held here: another copy may have opened one since.
    """
    before = max(generation for station, generation in state.logs if station == state.me)
    old = state.logs[state.me, before]
    charter = state.documents.charter
    assert charter is not None
    body: dict[int, Value] = {0: before, 1: old.size, 2: old.tree.root()}
    first = Statement(charter.number, now.utc, GENERATION_KIND, 0, body, status=min(charter.statuses))
    again = [Resaid(encode_statement(first), b"", b""), *_unreceipted(state)]
    begin_generation(state, now.utc)
    state.outbox = Outbox()
    for peer in state.peers.values():
        drop_epochs(state, peer)
        peer.patience = Patience()
        peer.receipted = {kind: Receipted() for kind in ReceiptState}
        peer.marks = {kind: [] for kind in ReceiptState}
        peer.singles = {kind: {} for kind in ReceiptState}
        peer.read_back = Tree()
        peer.made.clear()
    for path in state.paths.values():
        for duties in path.duties.values():
            duties.flash.clear()
            duties.ordinary.clear()
    state.recovering = False
    return Opening(before, old.size, again)


def recovered(state: LineState, opening: Opening, not_said: list[tuple[bytes, str]], utc: int) -> None:
    """Keep what happened, for people to read."""
    since, why = _begun(state.given.out.value(RECOVERING, state.line) or b"")
    state.given.out.forget(RECOVERING, state.line)
    again = len(opening.again) - 1 - len(not_said)
    untold: Value = [[digest, reason] for digest, reason in not_said]
    story: Value = [since, utc, why, opening.before, opening.size, again, untold]
    state.given.out.keep(RECOVERED, state.line + u32(state.generation), encode(story))
    state.happened.append(Recovered())


def recoveries(state: LineState) -> list[Recovery]:
    """Return every time that this station recovered on this line, oldest first."""
    return [_read(value) for _, value in state.given.out.values(RECOVERED, state.line)]


def _begun(row: bytes) -> tuple[int, str]:
    match decode(row):
        case [int(since), str(why)]:
            return since, why
        case _:
            raise _unreadable()


def _read(row: bytes) -> Recovery:
    match decode(row):
        case [int(since), int(until), str(why), int(before), int(size), int(again), list(untold)]:
            pairs = [pair for pair in untold if isinstance(pair, list)]
            return Recovery(since, until, why, before, size, again, tuple((d, r) for d, r in pairs))
        case _:
            raise _unreadable()


def _unreadable() -> StorageFailed:
    return StorageFailed("a kept recovery is not as this program wrote it", hint="Restore the station's backup.")


def _unreceipted(state: LineState) -> list[Resaid]:
    """Return what some station may not have stored: of the present generation, of all later ones, and beyond gaps.

    What lies beyond a gap of an earlier generation was learned of late, while this station recovered once more.
    """
    again: dict[bytes, Resaid] = {}
    for station, generation in sorted(state.logs):
        if station != state.me:
            continue
        log = state.logs[station, generation]
        for seq in (*range(log.size if generation >= state.generation else 0), *sorted(log.beyond)):
            if generation == state.generation and all(peer.stored.covers(seq) for peer in state.peers.values()):
                continue
            if generation < state.generation and is_said_again(state, (station, generation), seq):
                continue
            words = _words_at(state, generation, seq)
            if words is not None:
                again[words.digest] = words
    return list(again.values())


def _words_at(state: LineState, generation: int, seq: int) -> Resaid | None:
    """Return what stands at a place of ours, None if it is the machine's own, or not held."""
    row = state.given.out.entry(state.line, state.me, generation, seq)
    if row is None or row.kind == GENERATION_KIND:
        return None
    entry = decode_entry(row.entry)
    return Resaid(entry.said, pack_approvals(entry.approvals), row.digest)


def take_learned(state: LineState) -> list[Resaid]:
    """Return our own words that came in this batch, lie beyond a gap of an ended generation, and must be said again.

    What is in a gapless prefix is asked for by everybody who lacks it.
    """
    learned, state.learned = state.learned, []
    found = [
        _words_at(state, generation, seq)
        for generation, seq in sorted(learned)
        if seq in state.logs[state.me, generation].beyond and not is_said_again(state, (state.me, generation), seq)
    ]
    return [words for words in found if words is not None and not state.recovering]


def learned_late(state: LineState, again: int, not_said: list[tuple[bytes, str]]) -> None:
    """Add to the story of the last recovery what was learned after it."""
    key = state.line + u32(state.generation)
    row = state.given.out.value(RECOVERED, key)
    if row is not None:
        last = _read(row)
        untold: Value = [[digest, reason] for digest, reason in (*last.not_said, *not_said)]
        story: Value = [last.since, last.until, last.why, last.before, last.size, last.again + again, untold]
        state.given.out.keep(RECOVERED, key, encode(story))
        state.happened.append(Recovered())
