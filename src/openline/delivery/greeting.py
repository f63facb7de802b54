"""Greetings: made, checked, and what follows from them.

Only a greeting that answers our own nonce counts: it proves that the station is alive now, what it holds, and which
documents it goes by.  What it claims to hold beyond us obliges nobody; it is asked for, and entries prove themselves.
"""

from __future__ import annotations

from openline.delivery.contact import NO_NONCE, PROBE_MS, PROBE_SLOW_MS, LogKey
from openline.delivery.keys_in_use import announce_again, has_good_path, heard_epoch
from openline.delivery.routes import parties
from openline.delivery.state import LineState, Peer
from openline.errors import Inadmissible
from openline.ports import Instant
from openline.wire.numbers import u16
from openline.wire.payloads import (
    LOGS_IN_GREETING_MAX,
    NONCE_BYTES,
    PREKEY_TAG_BYTES,
    Ask,
    Greeting,
    LogState,
    decode_greeting,
    encode_greeting,
    greeting_signed,
)

GREETING = "greeting"  # line · station -> the newest greeting that answered us: the proof that it was alive
BEHIND_PATIENCE_MS = 30_000  # its author is given this long to send what another station says it holds already
ASK_ENTRIES_MAX = 256  # in one ask; the next greeting asks for the rest


def cadence_ms(state: LineState, peer: Peer) -> int:
    """Return how often this peer is probed, milliseconds."""
    return PROBE_MS if has_good_path(state, peer) else PROBE_SLOW_MS


def owe_greetings(state: LineState, now: Instant) -> None:
    """Owe a greeting to every station that must be answered or is due to be probed."""
    for path in state.paths.values():
        for station, duties in path.duties.items():
            contact = state.peers[station].contact
            every = cadence_ms(state, state.peers[station])
            if contact.to_answer != NO_NONCE or contact.wants_proof(now.monotonic_ms, every):
                duties.greet = True


def make_greeting(state: LineState, peer: Peer, now: Instant) -> bytes:
    """Return a signed greeting for this peer, with a nonce of its own unless the peer has just proved itself."""
    contact = peer.contact
    nonce = NO_NONCE
    if contact.wants_proof(now.monotonic_ms, cadence_ms(state, peer)):
        nonce = state.given.secrets.draw(state.given.suite)[:NONCE_BYTES]
    changed = _changed_logs(state, contact.told)
    prekey = state.keyring.current
    greeting = Greeting(
        nonce=nonce,
        answered=contact.to_answer,
        time=now.utc,
        documents=state.documents.documents_digest(),
        watch=state.watch,
        epoch=peer.receiver.newest,
        prekey=prekey.tag if prekey is not None else bytes(PREKEY_TAG_BYTES),
        logs=changed,
    )
    contact.probed(nonce, {(log.station, log.generation): log.size for log in changed}, now.monotonic_ms)
    body = encode_greeting(greeting)
    signed = greeting_signed(state.line, state.identity.hash, peer.identity.hash, body)
    return body + state.given.suite.sign(state.keys.sign, signed)


def _changed_logs(state: LineState, told: dict[LogKey, int]) -> tuple[LogState, ...]:
    changed = [
        LogState(station, generation, log.size, log.tree.root())
        for (station, generation), log in sorted(state.logs.items())
        if told.get((station, generation)) != log.size
    ]
    return tuple(changed[:LOGS_IN_GREETING_MAX])


def take_greeting(state: LineState, peer: Peer, payload: bytes, now: Instant) -> None:
    """Check a greeting and act on it.  Raises Malformed or Forged."""
    greeting, signature = decode_greeting(payload)
    signed = greeting_signed(state.line, peer.identity.hash, state.identity.hash, encode_greeting(greeting))
    state.given.suite.verify(peer.identity.public, signature, signed)
    contact = peer.contact
    fresh = greeting.answered != NO_NONCE and greeting.answered == contact.nonce
    contact.greeted(greeting, payload, now.utc, now.monotonic_ms)
    if greeting.nonce != NO_NONCE:
        owe_answer(state, peer)
    if not fresh:
        announce_again(state, peer)
        return
    state.given.out.keep(GREETING, state.line + u16(peer.station), payload)
    heard_epoch(state, peer, greeting.epoch, greeting.prekey, now)
    if greeting.documents != state.documents.documents_digest():
        ask_documents(state, peer)
    for log in greeting.logs:
        compare_log(state, peer, log, now)


def owe_answer(state: LineState, peer: Peer) -> None:
    """Owe the peer a greeting on every path that reaches it."""
    for path in state.paths.values():
        if peer.station in path.duties:
            path.duties[peer.station].greet = True


def ask(state: LineState, peer: Peer, question: tuple[int, ...]) -> None:
    """Ask the peer over the first open path that reaches it; a lost question is asked again with a later greeting."""
    for path in state.paths.values():
        if peer.station in path.duties:
            path.duties[peer.station].ask(question)
            return


def ask_documents(state: LineState, peer: Peer) -> None:
    """Ask for every charter, roster and stop notice that is newer than ours."""
    charter = state.documents.charter
    ask(state, peer, (Ask.CHARTER, charter.number if charter is not None else 0))
    for party in parties(state.documents):
        roster = state.documents.roster(party)
        ask(state, peer, (Ask.ROSTER, party, roster.number if roster is not None else 0))
        ask(state, peer, (Ask.STOPS, party))


def compare_log(state: LineState, peer: Peer, log: LogState, now: Instant) -> None:
    """Compare what the peer says it holds of one log with what we hold, and send or ask for what is lacking."""
    key = (log.station, log.generation)
    held = state.logs.get(key)
    size = held.size if held is not None else 0
    contact = peer.contact
    if log.size <= size:
        contact.behind_since_ms.pop(key, None)
        if key == (state.me, state.generation):
            _send_lost(state, peer, log.size)
        if held is not None and log.size == size and log.root != held.tree.root():
            ask_for_fork(state, peer, key, size)
        return
    since = contact.behind_since_ms.setdefault(key, now.monotonic_ms)
    own = log.station == state.me
    if own or state.recovering or now.monotonic_ms - since >= BEHIND_PATIENCE_MS:
        ask(state, peer, (Ask.ENTRIES, *key, size, min(log.size, size + ASK_ENTRIES_MAX)))
    if own:
        reason = "a station claims to hold more of our log than we have said; it is asked to show it"
        state.refused.append(Inadmissible("R127", reason, station=peer.station))


def ask_for_fork(state: LineState, peer: Peer, key: LogKey, size: int) -> None:
    """Two stations hold logs of one size and different roots: ask for entries until the two at one place are found."""
    first = state.searching.get(key, 0)
    state.searching[key] = first + ASK_ENTRIES_MAX if first + ASK_ENTRIES_MAX < size else 0
    ask(state, peer, (Ask.ENTRIES, *key, first, min(size, first + ASK_ENTRIES_MAX)))


def _send_lost(state: LineState, peer: Peer, size: int) -> None:
    """The peer holds less of our log than it once signed for: it lost its disk, and is given what it lacks."""
    for path in state.paths.values():
        if peer.station in path.duties:
            for seq in range(size, min(peer.stored.size, size + ASK_ENTRIES_MAX)):
                path.duties[peer.station].copy((state.me, state.generation, seq))
            return
