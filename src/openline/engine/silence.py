"""What silence means: six words for one other station, each with its proof or our own measurement, and since when.

Presence is signed, absence is only measured.  Three facts are kept apart: the path (a relay or link answered us), the
station (a greeting answered our nonce), the watch (that greeting names an officer's act within the cadence).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from openline.delivery.contact import PROBE_MS, PROBE_SLOW_MS
from openline.delivery.state import LineState, Peer
from openline.dialogue.states import State
from openline.engine.line_states import SUSPENDED
from openline.engine.meaning import Meaning
from openline.identifiers import StationId, party_of
from openline.ports import Instant

NO_ANSWER_PROBES = 3  # probes without an answer before the word is said: one lost greeting is no silence
WITHHOLDING_MS = 120_000  # greets, but signs for nothing, although it was sent to again and again
MS = 1000


class Word(StrEnum):
    """The words on the screen.  Each is in the glossary; no other is used for silence."""

    SUSPENDED = "SUSPENDED"
    NO_PATH = "NO PATH"
    NO_ANSWER = "NO ANSWER"
    WITHHOLDING = "WITHHOLDING"
    UNATTENDED = "UNATTENDED"
    REFUSING = "REFUSING"
    ANSWERS = "ANSWERS"


MEANING = {
    Word.SUSPENDED: "its party has said, signed, that it suspends the line",
    Word.NO_PATH: "no relay or link that reaches it answers us: our own measurement",
    Word.NO_ANSWER: "paths work, no greeting answers ours: it is down, or what it sends is dropped on the way",
    Word.WITHHOLDING: "it answers our greetings, and signs no receipt for what we sent",
    Word.UNATTENDED: "the station answers; no officer has acted there within the cadence of the charter",
    Word.REFUSING: "an officer has acknowledged, and what is owed is not answered",
    Word.ANSWERS: "the station answers, and its watch is there",
}


@dataclass(frozen=True, slots=True)
class Silence:
    """One verdict.  since: UTC seconds, 0 if it was always so.  proof: a digest or greeting; empty if only measured."""

    word: Word
    since: int
    signed: bool
    proof: bytes = b""


def verdict(meaning: Meaning, station: StationId, now: Instant) -> Silence:
    """Return the one word for a station, the strongest fact first."""
    state = meaning.line.state
    peer = state.peers[station]
    for rule in (_suspended, _no_path, _no_answer, _withholding, _unattended, _refusing):
        found = rule(meaning, peer, now)
        if found is not None:
            return found
    return Silence(Word.ANSWERS, peer.contact.alive_utc, signed=True, proof=peer.contact.proof)


def _suspended(meaning: Meaning, peer: Peer, _now: Instant) -> Silence | None:
    said = meaning.line_state(party_of(peer.station))
    if said is None or said.word != SUSPENDED:
        return None
    return Silence(Word.SUSPENDED, said.since, signed=True, proof=said.digest)


def _no_path(meaning: Meaning, peer: Peer, _now: Instant) -> Silence | None:
    paths = [path for path in meaning.line.state.paths.values() if peer.station in path.reaches]
    if any(path.is_open for path in paths):
        return None
    return Silence(Word.NO_PATH, max((path.closed_utc for path in paths), default=0), signed=False)


def _no_answer(meaning: Meaning, peer: Peer, now: Instant) -> Silence | None:
    contact = peer.contact
    limit = NO_ANSWER_PROBES * every_ms(meaning.line.state, peer)
    if contact.alive_ms is not None and now.monotonic_ms - contact.alive_ms < limit:
        return None
    return Silence(Word.NO_ANSWER, contact.alive_utc, signed=False)


def _withholding(_meaning: Meaning, peer: Peer, now: Instant) -> Silence | None:
    first = peer.patience.since_ms
    contact = peer.contact
    if first is None or contact.alive_ms is None or now.monotonic_ms - first < WITHHOLDING_MS:
        return None
    if contact.alive_ms < first:
        return None  # it has not been heard from since; then its silence is not known to be a choice
    return Silence(Word.WITHHOLDING, now.utc - (now.monotonic_ms - first) // MS, signed=True, proof=contact.proof)


def _unattended(meaning: Meaning, peer: Peer, now: Instant) -> Silence | None:
    charter = meaning.line.state.documents.charter
    assert charter is not None  # else it would name no peer
    contact = peer.contact
    if now.utc + contact.offset_s - contact.watch <= charter.rules.check_cadence_s:
        return None  # their act by their clock, our clock set to theirs
    return Silence(Word.UNATTENDED, contact.watch, signed=True, proof=contact.proof)


def _refusing(meaning: Meaning, peer: Peer, now: Instant) -> Silence | None:
    party = party_of(peer.station)
    for said, thread in meaning.desk.due():
        ours = said.party == meaning.line.state.party
        if ours and thread.party == party and thread.state is State.OVERDUE and thread.acknowledged is not None:
            marks = meaning.desk.status(said.digest, now.utc).marks("acknowledged")
            proof = next((mark.proof for mark in marks if party_of(mark.station) == party), b"")
            return Silence(Word.REFUSING, thread.due or 0, signed=True, proof=proof)
    return None


def every_ms(state: LineState, peer: Peer) -> int:
    """Return the cadence of machine probes towards a station, milliseconds."""
    good = any(path.is_open and path.good and peer.station in path.reaches for path in state.paths.values())
    return PROBE_MS if good else PROBE_SLOW_MS
