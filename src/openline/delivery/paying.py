"""Paths pull: when one has room, it takes what is most urgent, and only then is it made and sealed.

Order on every path: receipts for FLASH and FLASH entries, of every station; then, station by station in turn,
announcements, greetings, receipts, questions, documents, peaks, drafts, entries, copies, heads.  A 300 bit/s link takes
one envelope at a time, so a FLASH never waits for more than the one under way.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from openline.delivery.charter_in_use import may_hear
from openline.delivery.drafts import draft_to_send
from openline.delivery.greeting import make_greeting
from openline.delivery.keys_in_use import running
from openline.delivery.paths import Path
from openline.delivery.receipting import held_or_shown, make_receipt
from openline.delivery.state import LineState, Peer
from openline.identifiers import PathId, StationId
from openline.limits import FLASH_LANE, ORDINARY_LANE
from openline.ports import Append, Instant, Send, Took
from openline.wire.envelope import Type
from openline.wire.payloads import ASKS_MAX, ReceiptState, encode_copy, encode_request

SECOND_PATH_MS = 1_000  # until what is ordinary goes by a second path: under full load a receipt takes half of it

_RECEIPT_TYPES = {ReceiptState.STORED: Type.STORED, ReceiptState.PRESENTED: Type.PRESENTED}


def pay(state: LineState, now: Instant) -> None:
    """Let every open path take what it has room for.  The effects leave after this batch's commit."""
    for (number, writer, lane), cursor in state.cursors.items():
        state.given.out.effect(Took(number, writer, lane, cursor))
    state.cursors.clear()
    state.rate.due_ms = state.second_path_ms = None
    for path in sorted(state.paths.values(), key=lambda each: each.number != state.first_path):
        if path.is_open and path.room > 0:
            _pay_path(state, path, now)


def _pay_path(state: LineState, path: Path, now: Instant) -> None:
    stations = list(path.duties)
    path.turn = (path.turn + 1) % max(1, len(stations))
    ordered = [each for each in (*stations[path.turn :], *stations[: path.turn]) if not path.duties[each].is_empty]
    for kind in (_urgent, _ordinary):
        waiting = [kind(state, path, state.peers[station], now) for station in ordered]
        while waiting and path.room > 0:
            waiting = [jobs for jobs in waiting if path.room <= 0 or next(jobs, False)]


def _urgent(state: LineState, path: Path, peer: Peer, now: Instant) -> Iterator[bool]:
    duties = path.duties[peer.station]
    if running(state, peer) is None:
        return
    if peer.announcement and path.good and (duties.urgent or duties.flash):
        # What is sealed under an epoch that the peer has not confirmed opens nothing unless the epoch comes first.
        _emit(state, path, peer, peer.announcement, _lane(path, peer, len(peer.announcement), now))
        yield True
    owed = _owed(state, peer, duties.urgent)
    duties.urgent.intersection_update(owed)
    for receipt in owed:
        duties.urgent.discard(receipt)
        _send(state, path, peer, _RECEIPT_TYPES[receipt], make_receipt(state, peer, receipt, now.utc), now, urgent=True)
        yield True
    while _lacks_first(state, peer, duties.flash):
        _send_entry(state, path, peer, duties.flash.popleft(), now, urgent=True)
        yield True


def _ordinary(state: LineState, path: Path, peer: Peer, now: Instant) -> Iterator[bool]:
    duties = path.duties[peer.station]
    while duties.announcements:
        _emit(state, path, peer, duties.announcements.popleft(), ORDINARY_LANE)
        yield True
    if running(state, peer) is None:
        return
    for kind, payload in _small(state, path, peer, now):
        _send(state, path, peer, kind, payload, now)
        yield True
    while _may_go(state, path, peer, duties.ordinary, now):
        _send_entry(state, path, peer, duties.ordinary.popleft(), now, urgent=False)
        yield True
    while duties.copies:
        author, generation, seq = place = next(iter(duties.copies))
        del duties.copies[place]
        row = state.given.out.entry(state.line, StationId(author), generation, seq)
        if row is not None and may_hear(state, peer, row.entry) and not _waits_for_rate(state, peer, row):
            _send(state, path, peer, Type.COPY, encode_copy(row.author, generation, row.entry), now)
            yield True
    while duties.loose:
        _send(state, path, peer, Type.COPY, duties.loose.popleft(), now)
        yield True
    while duties.heads:
        _send(state, path, peer, Type.HEAD, duties.heads.popleft(), now)
        yield True


def _waits_for_rate(state: LineState, peer: Peer, row: Append) -> bool:
    """Whether an entry of our own has not been let go yet: asked for before that, it would pass the charter's rate.

    What the station had stored once, and lost with its disk, has gone.
    """
    if (row.author, row.generation) != (state.me, state.generation) or peer.stored.covers(row.seq):
        return False
    item = state.outbox.entries.get(row.seq)
    return item is not None and not item.urgent and not state.rate.has_gone((row.generation, row.seq))


def _may_go(state: LineState, path: Path, peer: Peer, waiting: deque[int], now: Instant) -> bool:
    """Whether the first of what waits may go by this path now."""
    return (
        _lacks_first(state, peer, waiting)
        and _within_rate(state, waiting[0], now)
        and not _is_under_way(state, path, peer, waiting[0], now)
    )


def _lacks_first(state: LineState, peer: Peer, waiting: deque[int]) -> bool:
    """Whether the station lacks the first of what waits, once what needs not go any more is let go of."""
    while waiting and (waiting[0] not in state.outbox.entries or peer.stored.covers(waiting[0])):
        waiting.popleft()
    return bool(waiting)


def _is_under_way(state: LineState, path: Path, peer: Peer, seq: int, now: Instant) -> bool:
    """Whether another open path took it so lately that this one waits for the receipt; `second_path_ms` says how long.

    A path that had to carry what another took in vain comes first from then on: a relay that withholds delays one
    message and no more.
    """
    taken = peer.patience.taken(seq)
    if taken is None or taken[1] == path.number or not _is_open(state, taken[1]):
        return False
    due = taken[0] + SECOND_PATH_MS
    if due <= now.monotonic_ms:
        state.first_path = path.number
        return False
    _wake_for_second(state, due)
    return True


def _comes_first_by_another(state: LineState, path: Path, peer: Peer, now: Instant) -> bool:
    """Whether receipts go first by the path that brought the peer's newest entry, and by this one a second later.

    The peer has turned to that path, or has no reason to turn from it.  A receipt says all that those before it said,
    so under full load the other paths carry one in a second; and each still carries all that was signed.
    """
    duties = path.duties[peer.station]
    first = None if peer.brought_by is None else state.paths.get(peer.brought_by)
    if first is None or first is path or peer.station not in first.duties:
        return False
    if first.room <= 0 and first.duties[peer.station].receipts:
        return False  # it cannot take them now
    if duties.receipts_ms is None:
        duties.receipts_ms = now.monotonic_ms + SECOND_PATH_MS
    if duties.receipts_ms <= now.monotonic_ms:
        return False
    _wake_for_second(state, duties.receipts_ms)
    return True


def _wake_for_second(state: LineState, due_ms: int) -> None:
    state.second_path_ms = due_ms if state.second_path_ms is None else min(due_ms, state.second_path_ms)


def _is_open(state: LineState, number: PathId) -> bool:
    return number in state.paths and state.paths[number].is_open


def _within_rate(state: LineState, seq: int, now: Instant) -> bool:
    charter = state.documents.charter
    assert charter is not None  # a line has one
    return state.rate.allows((state.generation, seq), charter.rules.entries_a_minute, now.monotonic_ms)


def _small(state: LineState, path: Path, peer: Peer, now: Instant) -> Iterator[tuple[Type, bytes]]:
    duties = path.duties[peer.station]
    if duties.greet:
        duties.greet = False
        yield Type.GREETING, make_greeting(state, peer, now)
    owed = _owed(state, peer, duties.receipts)
    duties.receipts.intersection_update(owed)
    for receipt in owed if owed and not _comes_first_by_another(state, path, peer, now) else ():
        duties.receipts.discard(receipt)
        yield _RECEIPT_TYPES[receipt], make_receipt(state, peer, receipt, now.utc)
    while duties.asks:
        asks, duties.asks = duties.asks[:ASKS_MAX], duties.asks[ASKS_MAX:]
        yield Type.REQUEST, encode_request(asks)
    while duties.documents:
        yield Type.DOCUMENT, duties.documents.popleft()
    while duties.peaks:
        yield Type.PEAKS, duties.peaks.popleft()
    while duties.drafts_held:
        yield Type.DRAFT, duties.drafts_held.popleft()
    while duties.drafts:
        digest = next(iter(duties.drafts))
        del duties.drafts[digest]
        draft = draft_to_send(state, peer, digest)
        if draft is not None:
            yield Type.DRAFT, draft


def _owed(state: LineState, peer: Peer, states: set[ReceiptState]) -> list[ReceiptState]:
    """Return which receipts to make: a presented one says stored too, unless more is stored than was presented."""
    if len(states) == len(ReceiptState):
        held, shown = (held_or_shown(state, peer, kind) for kind in ReceiptState)
        if shown.size == held.size and shown.further() == held.further():
            return [ReceiptState.PRESENTED]
    return sorted(states)


def _send_entry(state: LineState, path: Path, peer: Peer, seq: int, now: Instant, *, urgent: bool) -> None:
    peer.patience.sent(seq, now.monotonic_ms, path.number, urgent=urgent)
    _send(state, path, peer, Type.ENTRY, state.outbox.entries[seq].entry, now, urgent=urgent)


def _send(
    state: LineState, path: Path, peer: Peer, kind: Type, payload: bytes, now: Instant, *, urgent: bool = False
) -> None:
    run = running(state, peer)
    assert run is not None  # each caller has asked
    envelope = run.seal(kind, payload, padded=path.good)
    lane = _lane(path, peer, len(envelope), now) if urgent else ORDINARY_LANE
    _emit(state, path, peer, envelope, lane)


def _lane(path: Path, peer: Peer, size: int, now: Instant) -> int:
    """Return the FLASH lane while this station may use it."""
    return FLASH_LANE if path.allowance[peer.station].take(now.monotonic_ms, size) else ORDINARY_LANE


def _emit(state: LineState, path: Path, peer: Peer, envelope: bytes, lane: int) -> None:
    path.room -= len(envelope)
    path.unkept += 1
    state.given.out.effect(Send(path.number, peer.post, lane, envelope))
