"""An envelope arrives: opened, read, and given to what handles its type.

Nothing is parsed before it is opened.  Whatever is refused raises, is told to the security log with the number of its
rule, and changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from openline.delivery.accepting import accept_entry
from openline.delivery.drafts import owe_drafts, take_draft
from openline.delivery.exchange import take_document, take_request
from openline.delivery.greeting import ASK_ENTRIES_MAX, ask, ask_documents, ask_for_fork, go_on_asking, take_greeting
from openline.delivery.heads import take_head
from openline.delivery.joining import take_peaks
from openline.delivery.judge import Held
from openline.delivery.keeping_rate import fill
from openline.delivery.keys_in_use import renew_lost_epoch, take_announcement, take_prekey, used_first
from openline.delivery.paths import Path
from openline.delivery.receipting import take_receipt
from openline.delivery.state import LineState, Peer
from openline.errors import Forged, Inadmissible, Rejected
from openline.identifiers import StationId
from openline.limits import FLASH_LANE
from openline.ports import Instant, Received
from openline.sessions import Opened
from openline.wire.entry import decode_entry
from openline.wire.envelope import Type, Version, run_of, version_of
from openline.wire.numbers import read_leb128
from openline.wire.payloads import Ask, ReceiptState, decode_copy
from openline.wire.statement import Precedence

DOUBT_EVERY_MS = 60_000  # a relay that says an old receipt again and again costs one question a minute
HELD_BACK_MAX = 64  # entries of unknown officers or charters kept until documents come; the rest is sent again


def receive(state: LineState, event: Received, now: Instant) -> None:
    """Take one envelope.  Raises Rejected (whatever the handler of its type raises, R22, R53)."""
    path = state.paths.get(event.path)
    if path is None or not path.is_open:
        return  # the path was lost in this very batch; what it brought is still at the relay
    if event.cursor:
        key = (event.path, event.writer, event.lane)
        state.cursors[key] = max(event.cursor, state.cursors.get(key, 0))
    version = version_of(event.envelope)
    if version is Version.PREKEY:
        take_prekey(state, event.envelope, now)
    elif version is Version.EPOCH:
        take_announcement(state, event.envelope, now)
    else:
        _receive_sealed(state, event, path, now)


def _receive_sealed(state: LineState, event: Received, path: Path, now: Instant) -> None:
    peer, opened = _open(state, event, now)
    fill(state, peer, opened.epoch.generation, now)
    peer.contact.heard_ms = now.monotonic_ms
    run = run_of(event.envelope)
    if run != peer.heard_run:
        peer.heard_run = run
        peer.contact.told.clear()  # it may have begun anew and forgotten what it was told
        peer.given_back.clear()
        peer.proofs_told.clear()
        peer.presented_repeats = ((0, 0, 0), 0)
        peer.drafts_held.clear()
        owe_drafts(state, peer)
    if opened.first:
        used_first(state, peer, opened.epoch)
    if event.lane == FLASH_LANE and not _belongs_to_flash(opened):
        # Taken all the same: a relay may lie about the lane, and must not be able to drop anything by it.
        peer.contact.flash_misused += 1
        reason = "something that is not FLASH came in the FLASH lane: its sender or the relay put it there"
        state.refused.append(Inadmissible("R128", reason, station=peer.station))
    _HANDLERS[opened.type](state, peer, opened, path, now)


def _belongs_to_flash(opened: Opened) -> bool:
    if opened.type is Type.ENTRY:
        return decode_entry(opened.payload).statement.precedence is Precedence.FLASH
    return opened.type in (Type.STORED, Type.PRESENTED)


def _open(state: LineState, event: Received, now: Instant) -> tuple[Peer, Opened]:
    """Try the writer that the relay names first; its word is a hint, so then everybody else."""
    peers = sorted(state.peers.values(), key=lambda peer: peer.post != event.writer)
    for peer in peers:
        try:
            return peer, peer.receiver.open(event.envelope, now.utc)
        except Forged:
            continue
    if peers and peers[0].post == event.writer:
        renew_lost_epoch(state, peers[0], peers[0].sender.newest, now)  # perhaps neither of us opens the other
    raise Forged("R53", "an envelope opens under no live epoch of any station of this line")


def _entry(state: LineState, peer: Peer, opened: Opened, path: Path, now: Instant) -> None:
    take_entry(state, peer, peer.station, opened.epoch.generation, opened.payload, now)
    peer.brought_by = path.number


def _copy(state: LineState, peer: Peer, opened: Opened, _path: Path, now: Instant) -> None:
    author, generation, entry = decode_copy(opened.payload)
    take_entry(state, peer, author, generation, entry, now)
    go_on_asking(state, peer, (author, generation))


def take_entry(state: LineState, peer: Peer, author: StationId, generation: int, entry: bytes, now: Instant) -> None:
    """Accept an entry; hold one whose officer or charter is unknown, and ask the one who brought it for documents."""
    try:
        accept_entry(state, author, generation, entry, now)
    except Held:
        if len(state.held_back) < HELD_BACK_MAX:
            state.held_back[author, generation, read_leb128(entry, 0)[0]] = entry
        ask_documents(state, peer)
        raise


def _stored(state: LineState, peer: Peer, opened: Opened, _path: Path, now: Instant) -> None:
    _take_receipt(state, peer, ReceiptState.STORED, opened.payload, now)


def _presented(state: LineState, peer: Peer, opened: Opened, _path: Path, now: Instant) -> None:
    _take_receipt(state, peer, ReceiptState.PRESENTED, opened.payload, now)


def _take_receipt(state: LineState, peer: Peer, kind: ReceiptState, payload: bytes, now: Instant) -> None:
    """Take a receipt; one that fails counts for nothing, and what lies behind it is asked for: only entries prove.

    One that covers more than we have said (R63) may be for what another copy of us said, so that is asked for.
    """
    doubted = peer.doubted_ms is not None and now.monotonic_ms - peer.doubted_ms < DOUBT_EVERY_MS
    try:
        take_receipt(state, peer, kind, payload, doubted=doubted)
    except (Forged, Inadmissible) as refused:
        if not doubted:
            peer.doubted_ms = now.monotonic_ms
            key, size = (state.me, state.generation), state.own.size
            if isinstance(refused, Forged):
                ask_for_fork(state, peer, key, size)
            else:
                ask(state, peer, (Ask.ENTRIES, *key, size, size + ASK_ENTRIES_MAX))
        raise


def _greeting(state: LineState, peer: Peer, opened: Opened, _path: Path, now: Instant) -> None:
    take_greeting(state, peer, opened.payload, now)


def _request(state: LineState, peer: Peer, opened: Opened, path: Path, _now: Instant) -> None:
    take_request(state, peer, opened.payload, path)


def _document(state: LineState, _peer: Peer, opened: Opened, _path: Path, now: Instant) -> None:
    take_document(state, opened.payload, now)


def _head(state: LineState, peer: Peer, opened: Opened, path: Path, now: Instant) -> None:
    take_head(state, peer, opened.payload, path, now)


def _peaks(state: LineState, _peer: Peer, opened: Opened, _path: Path, _now: Instant) -> None:
    take_peaks(state, opened.payload)


def _draft(state: LineState, peer: Peer, opened: Opened, _path: Path, _now: Instant) -> None:
    take_draft(state, peer, opened.payload)


def _not_here(_state: LineState, _peer: Peer, opened: Opened, _path: Path, _now: Instant) -> None:
    raise Inadmissible("R129", "a payload of a type that this line does not use", type=opened.type.name)


_HANDLERS: dict[Type, Callable[[LineState, Peer, Opened, Path, Instant], None]] = {
    Type.ENTRY: _entry,
    Type.STORED: _stored,
    Type.PRESENTED: _presented,
    Type.GREETING: _greeting,
    Type.COPY: _copy,
    Type.REQUEST: _request,
    Type.DOCUMENT: _document,
    Type.DRAFT: _draft,
    Type.SAID: _not_here,
    Type.BARE_STORED: _not_here,
    Type.BARE_PRESENTED: _not_here,
    Type.HEAD: _head,
    Type.PEAKS: _peaks,
}


def judge_held_back(state: LineState, now: Instant) -> None:
    """Judge again what waited for documents; what is still unknown waits on."""
    waiting, state.held_back = state.held_back, {}
    for (author, generation, seq), entry in waiting.items():
        try:
            accept_entry(state, author, generation, entry, now)
        except Held:
            state.held_back[author, generation, seq] = entry
        except Rejected as refused:
            state.refused.append(refused)
