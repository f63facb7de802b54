"""Heads: each hour in which our log grew we sign it; every station that holds the whole of it cosigns.

    owner      each hour in which its log grew: a head of the newest size
    others     a head of the owner's that fits: one of their own, of the same size, in growing size only
    a head     is kept before it is sent; sent last, on slow links only when asked for

A head names no root: whoever checks it computes the root from its own copy.  One that does not fit is an alarm, and
entries are asked for, because only two entries at one place prove that somebody said two things.
"""

from __future__ import annotations

from collections.abc import Iterable

from openline.delivery.greeting import ask_for_fork
from openline.delivery.paths import Path
from openline.delivery.rows import leaf_hash_of, log_key, split_log_key
from openline.delivery.state import Headed, LineState, LogKey, Peer
from openline.errors import Forged
from openline.identifiers import StationId
from openline.ports import Instant
from openline.tlog import Checkpoint, Cosigner, Tree, cosigner_name, decode_tree, origin, sign_head, verify_head
from openline.wire.numbers import u16
from openline.wire.payloads import Head, decode_head, encode_head

HEAD = "head"  # line · author · generation · signer -> the newest head, as it travels
BASE = "head-base"  # line · author · generation -> the log's tree at the last size that a head was about
HOUR_S = 3_600
ANSWERED_WITHIN_MS = 600_000  # ten probes: who has not answered for as long is offered nothing this hour
ROOTS_KEPT = 64  # sizes of one log whose roots are remembered: cosigners may be two days of heads behind
HEADS_OF_ONE_MAX = 64  # of one signer that wait, or that did not fit: nobody takes another's places; they come again
MISFIT_EVERY_MS = 60_000  # a signer whose head of a log did not fit makes us read that log again once a minute


def tend_heads(state: LineState, now: Instant) -> None:
    """Make this hour's head of our log if it grew, offer the newest to who lacks it, look at early ones."""
    if state.recovering:
        return  # an older copy might go back to a smaller size than it signed before
    hour = now.utc // HOUR_S
    if hour != state.heads_hour:
        state.heads_hour = hour
        key = (state.me, state.generation)
        newest = state.heads.get(key, {}).get(state.me)
        since, size = (newest.time, newest.size) if newest is not None else (state.generation, 0)
        if hour != since // HOUR_S and state.own.size > size and key not in state.forked:
            newest = _sign(state, key, state.own.size, state.own.tree.root(), now)
        if newest is not None:
            _offer(state, newest, now, again=True)
    for (log, signer), head in list(state.early_heads.items()):
        peer = state.peers.get(signer)
        if peer is None or head.size <= state.size_of(log):
            del state.early_heads[log, signer]
            if peer is not None:
                _judge(state, peer, log, head, now)


def take_head(state: LineState, peer: Peer, payload: bytes, path: Path, now: Instant) -> None:
    """Take a head that a peer signed.  Raises Malformed, or Forged (R125: it does not fit the log as we hold it)."""
    head = decode_head(payload)
    key = (head.station, head.generation)
    known = state.heads.get(key, {}).get(peer.station)
    ours = state.heads.get(key, {}).get(state.me)
    if known is not None and head.size <= known.size:
        # Its owner says it again: it lacks our cosignature.  Nothing answers a cosigner's head that comes again: the
        # answer would come again itself, and be answered, without end.
        asks = head == known and peer.station == head.station
        if asks and ours is not None and ours.size == head.size and path.good:
            path.duties[peer.station].head(encode_head(ours))
        return
    if head.size > state.size_of(key):
        if _has_room(state.early_heads, peer):
            state.early_heads[key, peer.station] = head
        return
    refused = _judge(state, peer, key, head, now)
    if refused is not None:
        raise refused


def _has_room(places: Iterable[tuple[LogKey, StationId]], peer: Peer) -> bool:
    return sum(signer == peer.station for _, signer in places) < HEADS_OF_ONE_MAX


def _judge(state: LineState, peer: Peer, key: LogKey, head: Head, now: Instant) -> Forged | None:
    if now.monotonic_ms < peer.misfits.get(key, 0):
        return _does_not_fit(peer, head)
    found = _root_at(state, key, head.size)
    if found is None:
        return None  # of a smaller size than the last: who signed it signs a newer one soon
    root, tree = found
    item = state.documents.station(peer.station)
    assert item is not None  # a peer is in a roster
    signer = Cosigner(cosigner_name(state.line, peer.station), item.sign, item.head)
    try:
        verify_head(state.given.suite, signer, state.line, head, root)
    except Forged:
        peer.misfits[key] = now.monotonic_ms + MISFIT_EVERY_MS
        if _has_room(state.wrong_heads, peer):
            state.wrong_heads[key, peer.station] = head.size
        state.happened.append(Headed(peer.station))
        ask_for_fork(state, peer, key, head.size)
        return _does_not_fit(peer, head)
    if tree is not None:
        # Not before: a head that is none would hide all others' heads of smaller sizes.
        _remember(state, key, tree)
    peer.misfits.pop(key, None)
    state.wrong_heads.pop((key, peer.station), None)
    _keep(state, key, peer.station, head)
    ours = state.heads[key].get(state.me)
    may = not state.recovering and key not in state.forked and key[0] != state.me
    if may and (ours is None or ours.size < head.size):
        _offer(state, _sign(state, key, head.size, root, now), now, again=False)
    return None


def _does_not_fit(peer: Peer, head: Head) -> Forged:
    return Forged("R125", "a head does not fit the log as it is held here", station=peer.station, size=head.size)


def _sign(state: LineState, key: LogKey, size: int, root: bytes, now: Instant) -> Head:
    """Sign a head of our own or another's log, keep it, and remember the tree at its size."""
    name = cosigner_name(state.line, state.me)
    checkpoint = Checkpoint(origin(state.line, *key), size, root)
    ours = state.heads.get(key, {}).get(state.me)
    head = sign_head(
        state.given.suite, state.keys.sign, state.keys.head, name, key, checkpoint, now.utc,
        signed_before=0 if ours is None else ours.size,
    )  # fmt: skip
    if size == state.size_of(key):
        _remember(state, key, state.logs[key].tree)
    _keep(state, key, state.me, head)
    return head


def sign_own_head(state: LineState, key: LogKey, tree: Tree, now: Instant) -> Head | None:
    """Return our head of one of our own logs at a size; None if a larger one was signed before."""
    newest = state.heads.get(key, {}).get(state.me)
    if newest is not None and newest.size >= tree.size:
        return newest if newest.size == tree.size else None
    _remember(state, key, tree)
    return _sign(state, key, tree.size, tree.root(), now)


def keep_foreign_head(state: LineState, key: LogKey, tree: Tree, head: Head) -> None:
    """Keep the head under which a log begins here, and the tree that heads of it go on from."""
    _remember(state, key, tree)
    _keep(state, key, key[0], head)


def _keep(state: LineState, key: LogKey, signer: StationId, head: Head) -> None:
    """Keep a head before it leaves or is shown.  A crash before the commit: it was never sent, or comes again."""
    state.heads.setdefault(key, {})[signer] = head
    state.given.out.keep(HEAD, log_key(state.line, *key) + u16(signer), encode_head(head))
    state.happened.append(Headed(signer))


def _offer(state: LineState, head: Head, now: Instant, *, again: bool) -> None:
    """Owe our head to every station that answers, over every good path; `again`: only to who has not cosigned it.

    Who does not answer is offered the newest head in the hour in which it does, so heads fill no relay.
    """
    payload = encode_head(head)
    signed = state.heads[head.station, head.generation]
    for path in state.paths.values():
        for station, duties in path.duties.items():
            alive, theirs = state.peers[station].contact.alive_ms, signed.get(station)
            answers = alive is not None and now.monotonic_ms - alive <= ANSWERED_WITHIN_MS
            has_signed = theirs is not None and theirs.size >= head.size
            if path.good and answers and not (again and has_signed):
                duties.head(payload)


def _root_at(state: LineState, key: LogKey, size: int) -> tuple[bytes, Tree | None] | None:
    """Return the root of a log at a size that we hold, None if it is smaller than what heads were about before.

    With the tree, to be remembered once a head of that size has fitted: the next goes on from there, so a log is read
    once over all its heads.
    """
    found = state.roots.get(key, {}).get(size)
    if found is not None:
        return found, None
    tree = state.bases.get(key, Tree())
    if size < tree.size:
        return None
    for row in (state.given.out.entry(state.line, *key, seq) for seq in range(tree.size, size)):
        assert row is not None  # the prefix is held
        tree = tree.append(leaf_hash_of(row))
    return tree.root(), tree


def _remember(state: LineState, key: LogKey, tree: Tree) -> None:
    state.bases[key] = tree
    roots = state.roots.setdefault(key, {})
    roots[tree.size] = tree.root()
    if len(roots) > ROOTS_KEPT:
        del roots[next(iter(roots))]
    state.given.out.keep(BASE, log_key(state.line, *key), tree.encode())


def restore_heads(state: LineState) -> None:
    """Bring back the newest heads and the trees that they are about."""
    for key, value in state.given.out.values(HEAD, state.line):
        log, signer = split_log_key(key), StationId(int.from_bytes(key[-2:], "big"))
        state.heads.setdefault(log, {})[signer] = decode_head(value)
    for key, value in state.given.out.values(BASE, state.line):
        tree = decode_tree(value)
        state.bases[split_log_key(key)] = tree
        state.roots[split_log_key(key)] = {tree.size: tree.root()}
