"""Greetings: made, checked, and what follows from them.

Only a greeting that answers our own nonce counts: it proves that the station is alive now, what it holds, and which
documents it goes by.  What it claims to hold beyond us obliges nobody; it is asked for, and entries prove themselves.
"""

from __future__ import annotations

from openline.delivery.accepting import FORKS, owe_receipt, pass_on_fork
from openline.delivery.charter_in_use import note_known
from openline.delivery.contact import NO_NONCE, PROBE_MS, PROBE_SLOW_MS, LogKey
from openline.delivery.drafts import owe_drafts
from openline.delivery.giving_back import give_back
from openline.delivery.keys_in_use import (
    announce_again,
    has_good_path,
    heard_epoch,
    heard_later_epoch,
    heard_prekey,
    renew_lost_epoch,
)
from openline.delivery.peaks import owe_peaks
from openline.delivery.routes import one_path, parties
from openline.delivery.rows import ANSWERED, GREETING, log_key
from openline.delivery.state import LineState, Peer
from openline.errors import Inadmissible, StorageFailed
from openline.ports import Instant
from openline.wire.cbor import decode
from openline.wire.numbers import u16, u32
from openline.wire.payloads import (
    LOGS_IN_GREETING_MAX,
    NONCE_BYTES,
    PREKEY_TAG_BYTES,
    Ask,
    DocumentClass,
    Greeting,
    LogState,
    ReceiptState,
    decode_greeting,
    encode_greeting,
    greeting_signed,
)

BEHIND_PATIENCE_MS = 30_000  # its author is given this long to send what another station says it holds already
ASK_ENTRIES_MAX = 1_024  # in one ask, as many as one may hold beyond a gap; the last to come asks for the rest
SILENT_PROBES = 3  # without an answer: then its slot is looked at with each further one
PROOF_REPEATS_MAX = 8  # nothing asks for the proof of a fork, and it takes two envelopes: either may be lost
SAME_ASKED_MAX = 8  # times that documents of the numbers held here are asked for, while nothing changes on either side
PRESENTED_REPEATS_MAX = 5  # nothing asks for a lost presented receipt: it goes again with as many greetings


def cadence_ms(state: LineState, peer: Peer) -> int:
    """Return how often this peer is probed, milliseconds."""
    return PROBE_MS if has_good_path(state, peer) else PROBE_SLOW_MS


def owe_greetings(state: LineState, now: Instant) -> None:
    """Owe a greeting to every station that is due to be probed."""
    for path in state.paths.values():
        for station, duties in path.duties.items():
            contact = state.peers[station].contact
            every = cadence_ms(state, state.peers[station])
            if contact.wants_proof(now.monotonic_ms, every):
                duties.greet = True
                announce_again(state, state.peers[station])  # what was lost keeps it from opening anything
                if path.good and contact.silent(now.monotonic_ms, SILENT_PROBES * every):
                    state.peers[station].wants_prekey = True  # it may have made a new one, and cannot tell us


def make_greeting(state: LineState, peer: Peer, now: Instant) -> bytes:
    """Return a signed greeting for this peer, with a nonce of its own unless the peer has just proved itself.

    One probe travels every path: the relay that is served first may be the one that drops it.
    """
    contact = peer.contact
    changed = _changed_logs(state, contact.told)
    if contact.wants_proof(now.monotonic_ms, cadence_ms(state, peer)):
        nonce = state.given.secrets.draw(state.given.suite)[:NONCE_BYTES]
        contact.probed(nonce, {(log.station, log.generation): log.size for log in changed}, now.monotonic_ms)
    prekey = state.keyring.current
    greeting = Greeting(
        nonce=contact.nonce,
        answered=contact.to_answer,
        time=now.utc,
        documents=state.documents.documents_digest(),
        watch=state.watch,
        epoch=peer.receiver.newest,
        prekey=prekey.tag if prekey is not None else bytes(PREKEY_TAG_BYTES),
        logs=changed,
    )
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
    owed = greeting.nonce not in (NO_NONCE, *contact.asked_of_us)  # one that came by another path is answered already
    contact.greeted(greeting, payload, now.utc, now.monotonic_ms)
    if owed:
        owe_answer(state, peer)
    if not fresh:
        heard_prekey(state, peer, greeting.prekey)
        renew_lost_epoch(state, peer, greeting.epoch, now)
        heard_later_epoch(state, peer, greeting.epoch, now)
        announce_again(state, peer)
        return
    peer.patience.answered_ms = now.monotonic_ms
    state.given.out.keep(GREETING, state.line + u16(peer.station), payload)
    state.given.out.keep(ANSWERED, state.line + u16(peer.station), u32(now.utc))
    heard_epoch(state, peer, greeting.epoch, greeting.prekey, now)
    if greeting.documents == state.documents.documents_digest():
        note_known(state, peer.station, now.utc)
    else:
        _ask_what_differs(state, peer, greeting.documents)
    owe_drafts(state, peer)
    owe_peaks(state, peer)
    for log in greeting.logs:
        if log.station == state.me and log.size > state.size_of((log.station, log.generation)):
            reason = "a station claims to hold more of our log than we have said; it is asked to show it"
            state.refused.append(Inadmissible("R127", reason, station=peer.station))
        if (log.station, log.generation) == (state.me, state.generation):
            _send_lost(state, peer, log.size)
    for key in list(contact.holds):
        compare_log(state, peer, key, now)
    give_back(state, peer)
    _repeat_presented(state, peer)
    _repeat_proofs(state, peer)


def _repeat_proofs(state: LineState, peer: Peer) -> None:
    """Pass on the proof of each fork with a few greetings: whoever was down or put back when it was found lacks it."""
    for key in sorted(state.forked):
        times = peer.proofs_told.get(key, 0)
        if times == PROOF_REPEATS_MAX:
            continue
        peer.proofs_told[key] = times + 1
        for place, value in state.given.out.values(FORKS, log_key(state.line, *key)):
            match decode(value):
                case [bytes(first), bytes(second)]:
                    pass_on_fork(state, peer.station, key, (first, second))
                case _:
                    raise StorageFailed("a kept proof is not as this program wrote it", place=place.hex())


def _repeat_presented(state: LineState, peer: Peer) -> None:
    shown = state.presented.get((peer.station, peer.generation))
    if shown is None:
        return
    covers, times = (peer.generation, shown.size, len(shown.beyond)), 0
    if peer.presented_repeats[0] == covers:
        times = peer.presented_repeats[1]
    if times < PRESENTED_REPEATS_MAX:
        peer.presented_repeats = covers, times + 1
        owe_receipt(state, peer.station, peer.generation, urgent=False, kind=ReceiptState.PRESENTED)


def owe_answer(state: LineState, peer: Peer) -> None:
    """Owe the peer a greeting on every path that reaches it."""
    for path in state.paths.values():
        if peer.station in path.duties:
            path.duties[peer.station].greet = True


def ask(state: LineState, peer: Peer, question: tuple[int, ...]) -> None:
    """Ask the peer over one path, each time another; a lost question is asked again with a later greeting."""
    duties = one_path(state, peer)
    if duties is not None:
        duties.ask(question)


def _ask_what_differs(state: LineState, peer: Peer, theirs: bytes) -> None:
    """Ask for newer documents; if that has changed nothing, for those of the same numbers: one may be another.

    A few times for each pair of digests, because answers are lost, and not without end, because the peer may lag.
    """
    contact, pair = peer.contact, state.documents.documents_digest() + theirs
    if contact.apart != pair:
        contact.apart, contact.apart_asked = pair, 0
    contact.apart_asked += 1
    ask_documents(state, peer, same_too=1 < contact.apart_asked <= SAME_ASKED_MAX)


def ask_documents(state: LineState, peer: Peer, *, same_too: bool = False) -> None:
    """Ask for every charter, roster and stop notice that is newer than ours; same_too: or of the same number.

    A root that signed two of one number is proved false by them; one proof of each is enough.
    """
    charter = state.documents.charter
    proved = {(proof.document, proof.party) for proof in state.documents.contradictions()}
    below = int(same_too and not any(document is DocumentClass.CHARTER for document, _ in proved))
    ask(state, peer, (Ask.CHARTER, charter.number - below if charter is not None else 0))
    for party in parties(state.documents):
        roster = state.documents.roster(party)
        below = int(same_too and (DocumentClass.ROSTER, party) not in proved)
        ask(state, peer, (Ask.ROSTER, party, roster.number - below if roster is not None else 0))
        ask(state, peer, (Ask.STOPS, party))


def compare_log(state: LineState, peer: Peer, key: LogKey, now: Instant) -> None:
    """Compare what the peer says it holds of one log with what we hold, and send or ask for what is lacking."""
    size, root = peer.contact.holds[key]
    held = state.size_of(key)
    if key in state.forked:
        return  # it takes no more entries, and its proof is passed on
    if size <= held:
        peer.contact.behind_since_ms.pop(key, None)
        if size == held and size and root != state.logs[key].tree.root():
            ask_for_fork(state, peer, key, size)
        if key[0] == state.me and key not in state.logs:
            # Only an entry begins a log: it holds some beyond a gap, and we are a copy that does not know them.
            ask(state, peer, (Ask.ENTRIES, *key, 0, ASK_ENTRIES_MAX))
        return
    since = peer.contact.behind_since_ms.setdefault(key, now.monotonic_ms)
    if key[0] == state.me or state.recovering or now.monotonic_ms - since >= BEHIND_PATIENCE_MS:
        ask_entries(state, peer, key)


def ask_entries(state: LineState, peer: Peer, key: LogKey) -> None:
    """Ask the peer for what it says it holds of a log beyond what we hold, as much as one may hold beyond a gap."""
    first, (claimed, _) = state.size_of(key), peer.contact.holds[key]
    end = peer.contact.asked[key] = min(claimed, first + ASK_ENTRIES_MAX)
    ask(state, peer, (Ask.ENTRIES, *key, first, end))


def go_on_asking(state: LineState, peer: Peer, key: LogKey) -> None:
    """Ask for the rest once the last of what was asked for has come."""
    size, _ = peer.contact.holds.get(key, (0, b""))
    if size > state.size_of(key) and state.size_of(key) == peer.contact.asked.get(key):
        ask_entries(state, peer, key)


def ask_for_fork(state: LineState, peer: Peer, key: LogKey, size: int) -> None:
    """Two stations hold logs of one size and different roots: ask for entries until the two at one place are found.

    Each greeting of a peer whose root is another goes on with the search where it stood, and begins anew at the end.
    """
    first = state.searching.get(key, 0)
    first = first if first < size else 0
    state.searching[key] = first + ASK_ENTRIES_MAX
    ask(state, peer, (Ask.ENTRIES, *key, first, min(size, first + ASK_ENTRIES_MAX)))


def _send_lost(state: LineState, peer: Peer, size: int) -> None:
    """The peer holds less of our log than it once signed for: it lost its disk, and is given what it lacks."""
    duties = one_path(state, peer)
    if duties is not None:
        for seq in range(size, min(peer.stored.size, size + ASK_ENTRIES_MAX)):
            duties.copy((state.me, state.generation, seq))
