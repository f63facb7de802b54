"""Prekeys and epochs of one line: what is fetched, announced, renewed and erased, and when.

The rules stand in package sessions; here they meet paths and rows.  Every change is kept before anything made with it
leaves: a crash between the two costs an announcement that nobody has seen.
"""

from __future__ import annotations

from openline.delivery.state import LineState, Peer
from openline.errors import Forged, Inadmissible
from openline.identifiers import StationId
from openline.ports import Instant, Refused, Slot, Wanted
from openline.sessions import Epoch, Identity, Prekey, Receiver, Sender, SendingRun, decode_prekey
from openline.wire.envelope import RUN_ID_BYTES
from openline.wire.numbers import u16

UNANSWERED_MAX = 3  # probes without an answer before our epoch is taken for lost over there
REPEATED = "R51"  # the rule by which package sessions tells a repeated announcement
OUTDATED = "R47"  # and a prekey that is not newer than the one held
RETURN_EVERY_MS = 60_000  # a relay that shows old prekeys again and again makes us say one thing a minute
KEYRING = "keyring"  # line -> our prekeys
SENDER = "sender"  # line · station -> our epochs towards it
RECEIVER = "receiver"  # line · station -> its epochs towards us
ANNOUNCED = "announced"  # line · station -> a fresh announcement that it has not confirmed


def row_key(state: LineState, station: StationId) -> bytes:
    """Return the key under which what concerns one peer is kept."""
    return state.line + u16(station)


def has_good_path(state: LineState, peer: Peer) -> bool:
    """Whether some open path that is no slow link reaches the peer."""
    return any(path.is_open and path.good and peer.station in path.duties for path in state.paths.values())


def running(state: LineState, peer: Peer) -> SendingRun | None:
    """Return what seals for this peer now, or None while no epoch is in use; a new epoch gets a new run."""
    epoch = peer.sender.current
    if epoch is None:
        return None
    if peer.run is None or peer.run.epoch is not epoch:
        run = state.given.secrets.draw(state.given.suite)[:RUN_ID_BYTES]
        peer.run = SendingRun(state.given.suite, epoch, run)
    return peer.run


def tend_keys(state: LineState, now: Instant) -> None:
    """Do what the day asks for: renew our prekey, move on to a new epoch, announce, erase."""
    good = any(path.is_open and path.good for path in state.paths.values())
    changed = state.keyring.expire(now.utc)
    if state.keyring.renewal_due(now.utc, good_link=good):
        renew_prekey(state, now)
    elif changed:
        state.given.out.keep(KEYRING, state.line, state.keyring.encode())
    show_prekey(state, slow_too=False)
    for peer in state.peers.values():
        if peer.receiver.expire(now.utc):
            _keep_receiver(state, peer)
        if peer.sender.advance(now.utc, good_link=has_good_path(state, peer)):
            _keep_sender(state, peer)
        announce(state, peer, now)
        if has_good_path(state, peer):
            announce_again(state, peer)  # lost, it would leave both sides with nothing that the other opens


def renew_prekey(state: LineState, now: Instant, *, fresh: bool = False) -> None:
    """Make our next prekey and show it in every relay's slot once it is durable."""
    secret = state.given.secrets.draw(state.given.suite)
    prekey = state.keyring.renew(
        state.given.suite, state.keys.sign, secret, now.utc, fresh=fresh, after=state.own_prekey
    )
    state.given.out.keep(KEYRING, state.line, state.keyring.encode())
    if prekey.fresh:
        for peer in state.peers.values():
            peer.receiver.drop()
            _keep_receiver(state, peer)
    show_prekey(state)


def show_prekey(state: LineState, *, slow_too: bool = True) -> None:
    """Put our prekey into every relay's slot.  A relay that lost it, or never got it, has it again."""
    prekey = state.keyring.current
    for path in state.paths.values():
        if prekey is not None and path.is_open and (path.good or slow_too):
            state.given.out.effect(Slot(path.number, prekey.encode()))


def rekey(state: LineState, now: Instant) -> None:
    """Renew everything at once: after a restore, by `openline rekey`, at any doubt."""
    for peer in state.peers.values():
        drop_epochs(state, peer)
    renew_prekey(state, now, fresh=True)
    for peer in state.peers.values():
        announce(state, peer, now)
        _greet(state, peer)  # it names the new prekey, so that nobody waits a minute for it


def _greet(state: LineState, peer: Peer) -> None:
    for path in state.paths.values():
        if peer.station in path.duties:
            path.duties[peer.station].greet = True


def announce(state: LineState, peer: Peer, now: Instant) -> None:
    """Announce an epoch if one is needed and a path is open; it waits in the path's duties until there is room.

    A member can sign a prekey that is no key.  It hears nothing more from us until it shows another, and we go on.
    """
    paths = [path for path in state.paths.values() if peer.station in path.duties]
    if not paths:
        return
    need = peer.sender.needs_announcement(now.utc, good_link=has_good_path(state, peer))
    if need is None:
        return
    secret = state.given.secrets.draw(state.given.suite)
    try:
        made = peer.sender.announce(state.given.suite, need, state.keys.sign, secret, state.generation, now.utc)
    except Forged as refused:
        state.given.out.effect(Refused(None, refused.rule, refused.message))
        return
    _keep_sender(state, peer)
    if peer.sender.current is not None and peer.sender.since == now.utc:
        peer.announcement = made
        state.given.out.keep(ANNOUNCED, row_key(state, peer.station), made)
    for path in paths:
        path.duties[peer.station].announce(made)


def announce_again(state: LineState, peer: Peer) -> None:
    """Repeat a fresh announcement that the peer has not confirmed; a station that has it ignores it."""
    if peer.announcement:
        for path in state.paths.values():
            if peer.station in path.duties:
                path.duties[peer.station].announce(peer.announcement)


def fetch_prekeys(state: LineState) -> bool:
    """Ask every open path for the prekeys that are lacking or outdated; return whether any is.  Lost: asked again."""
    lacking = False
    for path in state.paths.values():
        for station in path.duties:
            peer = state.peers[station]
            if peer.sender.prekey is None or peer.wants_prekey:
                state.given.out.effect(Wanted(path.number, peer.post))
                lacking = True
    return lacking


def take_prekey(state: LineState, envelope: bytes, now: Instant) -> None:
    """Take a peer's prekey, from a slot or by hand.  Raises Rejected for what is not its own, or older.

    Who shows an older one may be an older copy of itself, and no relay may have its later one any more: it gets that
    one from us, and its own signature tells it.
    """
    prekey = decode_prekey(envelope)
    if prekey.station == state.me:
        _take_own_prekey(state, prekey, now)
        return
    peer = state.peers.get(prekey.station)
    if peer is None:
        raise Inadmissible("R126", "a prekey comes from no other station of this line")
    prekey.verify(state.given.suite, state.line, peer.identity)
    try:
        learned = peer.sender.learn(prekey)
    except Inadmissible as refused:
        if refused.rule == OUTDATED:
            _return_prekey(state, peer, now)
        raise
    if learned:
        if prekey.fresh:
            peer.contact.told.clear()  # it has dropped all it had; tell it all again
            peer.proofs_told.clear()
            peer.drafts_held.clear()
            _greet(state, peer)  # what answered it until now was sealed under an epoch that it has dropped
        elif peer.announcement:
            peer.sender.drop()  # unconfirmed, and made to the one before, which may be gone over there
        _keep_sender(state, peer)
        announce(state, peer, now)
        if prekey.fresh:
            _owe_flash(state, peer)
    peer.wants_prekey = False


def _owe_flash(state: LineState, peer: Peer) -> None:
    """Owe at once what is urgent and came, perhaps, to keys that the peer had dropped; it would wait ten seconds.

    What is ordinary waits for its time: a member that drops its keys again and again costs us no flood.
    """
    urgent, _ = peer.patience.waiting()
    for path in state.paths.values():
        if peer.station in path.duties:
            path.duties[peer.station].flash.extend(urgent)


def _return_prekey(state: LineState, peer: Peer, now: Instant) -> None:
    """Send a peer its own later prekey, as it was signed, by every path.  Lost: sent again with the next older one."""
    assert peer.sender.prekey is not None  # another was not newer than it
    if peer.returned_ms is not None and now.monotonic_ms - peer.returned_ms < RETURN_EVERY_MS:
        return
    peer.returned_ms = now.monotonic_ms
    for path in state.paths.values():
        if peer.station in path.duties:
            path.duties[peer.station].announce(peer.sender.prekey.encode())


def _take_own_prekey(state: LineState, prekey: Prekey, now: Instant) -> None:
    """Look at what lay in our own slot, or came back.  One of ours that is later was made by another copy of us.

    Peers that have it refuse an earlier one (R47), so the next is made after it.
    """
    prekey.verify(state.given.suite, state.line, state.identity)
    current = state.keyring.current
    if current is None or prekey == current or prekey.created < current.created:
        return
    state.own_prekey = prekey.created
    if state.recovering:
        renew_prekey(state, now, fresh=True)
    else:
        state.rolled_back = "it was shown a prekey of its own that it did not make"


def take_announcement(state: LineState, envelope: bytes, now: Instant) -> None:
    """Take an epoch that a peer announced to us.  Raises Rejected.

    A repeat (R51) is ordinary, because announcements travel every path: it is passed over.
    """

    def identify(station: StationId) -> Identity | None:
        peer = state.peers.get(station)
        return None if peer is None else peer.identity

    epoch = state.keyring.open(state.given.suite, envelope, identify)
    peer = state.peers[epoch.sender]
    try:
        peer.receiver.accept(epoch, now.utc)
    except Inadmissible as refused:
        if refused.rule == REPEATED:
            return
        raise
    _keep_receiver(state, peer)


def heard_epoch(state: LineState, peer: Peer, named: int, tag: bytes, now: Instant) -> None:
    """Take what a fresh greeting says of our keys: the newest epoch it holds from us, and which prekey it has now."""
    changed = peer.sender.peer_holds(named, now.utc)
    if peer.sender.advance(now.utc, good_link=has_good_path(state, peer)) or changed:
        _keep_sender(state, peer)
    current = peer.sender.current
    if current is None:
        announce(state, peer, now)  # it holds another than all of ours: nothing can be said to it before
    elif named >= current.created:
        _repeat_no_more(state, peer)
    heard_prekey(state, peer, tag)


def heard_prekey(state: LineState, peer: Peer, tag: bytes) -> None:
    """Fetch the prekey that a signed greeting names, if it is another than ours: ours may open nothing there any more.

    An old greeting, said again by a relay, costs one question: an older prekey is not taken.
    """
    if peer.sender.prekey is None or peer.sender.prekey.tag != tag:
        peer.wants_prekey = True
        fetch_prekeys(state)


def heard_later_epoch(state: LineState, peer: Peer, named: int, now: Instant) -> None:
    """Take a signed greeting's word that it holds a later epoch of ours than we remember: our memory is old.

    What we announced since it takes for a repeat, so without this a restored station whose clock was ahead stays mute.
    """
    if named > peer.sender.newest and peer.sender.peer_holds(named, now.utc):
        _keep_sender(state, peer)
        announce(state, peer, now)


def renew_lost_epoch(state: LineState, peer: Peer, named: int, now: Instant) -> None:
    """Begin anew with a peer that sends something, and answers no probe: perhaps it opens nothing of ours.

    So it is with an older copy of itself that does not know it; the newest epoch that it names need not be the one in
    use.  If it is only our probes that are lost, a new epoch costs one announcement.  While a fresh one is unconfirmed
    it is repeated instead, unless the peer names one of that very time: if it were ours, it would have answered.  Then
    it is one that we announced before our disk was put back, and ours it takes for a repeat for ever.
    """
    taken = not peer.announcement or named >= peer.sender.newest
    if peer.contact.unanswered >= UNANSWERED_MAX and taken:
        peer.contact.unanswered = 0
        drop_epochs(state, peer)
        announce(state, peer, now)


def used_first(state: LineState, peer: Peer, epoch: Epoch) -> None:
    """Keep that an epoch of the peer's is in use now; the one before it will be erased in two days.

    Its generation may lie below one that was announced before: a copy whose clock is behind knows none but its own.
    """
    held = (generation for station, generation in state.logs if station == peer.station)
    peer.generation = max([epoch.generation, *held])
    _keep_receiver(state, peer)


def restore_keys(state: LineState) -> None:
    """Bring back keyring, senders and receivers from the ledger, for the peers that the rosters name now."""
    out = state.given.out
    row = out.value(KEYRING, state.line)
    if row is not None:
        state.keyring = type(state.keyring).restore(state.line, state.identity, row)
    for peer in state.peers.values():
        restore_peer_keys(state, peer)


def restore_peer_keys(state: LineState, peer: Peer) -> None:
    """Bring back what was kept of the epochs of one peer."""
    out, key = state.given.out, row_key(state, peer.station)
    if (kept := out.value(SENDER, key)) is not None:
        peer.sender = Sender.restore(state.line, state.identity, peer.identity, kept)
    if (kept := out.value(RECEIVER, key)) is not None:
        peer.receiver = Receiver.restore(state.given.suite, kept)
    peer.announcement = out.value(ANNOUNCED, key) or b""


def forget_keys(state: LineState, peer: Peer) -> None:
    """Erase every secret shared with a station that has ended; which announcements it made stays known."""
    drop_epochs(state, peer)
    peer.receiver.drop()
    _keep_receiver(state, peer)


def drop_epochs(state: LineState, peer: Peer) -> None:
    """Forget every epoch of ours towards a peer: the next is announced as soon as a path is open."""
    peer.sender.drop()
    _keep_sender(state, peer)


def _keep_sender(state: LineState, peer: Peer) -> None:
    state.given.out.keep(SENDER, row_key(state, peer.station), peer.sender.encode())
    if peer.sender.current is None:
        _repeat_no_more(state, peer)  # the epoch that was announced is gone: nothing will be sealed under it


def _repeat_no_more(state: LineState, peer: Peer) -> None:
    if peer.announcement:
        peer.announcement = b""
        state.given.out.forget(ANNOUNCED, row_key(state, peer.station))


def _keep_receiver(state: LineState, peer: Peer) -> None:
    state.given.out.keep(RECEIVER, row_key(state, peer.station), peer.receiver.encode())
