"""Requests and what answers them: copies of entries, documents, heads.

Entries, rosters and notices prove themselves, whoever brings them; so everybody may answer what everybody may ask.
"""

from __future__ import annotations

from openline.charter import Outcome
from openline.delivery.charter_in_use import heard_from
from openline.delivery.paths import Path
from openline.delivery.peaks import give_peaks
from openline.delivery.state import DocumentsChanged, LineState, Peer
from openline.identifiers import StationId, party_of
from openline.ports import Instant, Keep
from openline.wire.payloads import Ask, DocumentClass, decode_document, decode_request, encode_document, encode_head

ANSWERED_ENTRIES_MAX = 1_024  # to one ask: what one may hold beyond a gap


def take_request(state: LineState, peer: Peer, payload: bytes, path: Path) -> None:
    """Owe the answers to a request on the path it came by.  Raises Malformed."""
    for ask, *numbers in decode_request(payload):
        _ANSWERS[Ask(ask)](state, peer, path, numbers)


def _entries(state: LineState, peer: Peer, path: Path, numbers: list[int]) -> None:
    station, generation, first, end = numbers
    held = state.logs.get((StationId(station), generation))
    if held is None:
        return
    if station == state.me and first < heard_from(state, (state.me, generation), party_of(peer.station)):
        give_peaks(state, peer, (StationId(station), generation))
    for seq in range(first, min(end, first + ANSWERED_ENTRIES_MAX)):
        if held.knows(seq):
            path.duties[peer.station].copy((station, generation, seq))


def _greeting(_state: LineState, peer: Peer, path: Path, _numbers: list[int]) -> None:
    path.duties[peer.station].greet = True


def _charter(state: LineState, peer: Peer, path: Path, numbers: list[int]) -> None:
    for document in state.documents.charters_after(numbers[0]):
        path.duties[peer.station].give(encode_document(DocumentClass.CHARTER, document))


def _roster(state: LineState, peer: Peer, path: Path, numbers: list[int]) -> None:
    party, number = numbers
    document = state.documents.roster_after(party, number)
    if document is not None:
        path.duties[peer.station].give(encode_document(DocumentClass.ROSTER, document))


def _stops(state: LineState, peer: Peer, path: Path, numbers: list[int]) -> None:
    for document in state.documents.stops_of(numbers[0]):
        path.duties[peer.station].give(encode_document(DocumentClass.STOP, document))


def _head(state: LineState, peer: Peer, path: Path, numbers: list[int]) -> None:
    station, generation = numbers
    head = state.heads.get((StationId(station), generation), {}).get(state.me)
    if head is not None:
        path.duties[peer.station].head(encode_head(head))


_ANSWERS = {
    Ask.ENTRIES: _entries,
    Ask.GREETING: _greeting,
    Ask.CHARTER: _charter,
    Ask.ROSTER: _roster,
    Ask.STOPS: _stops,
    Ask.HEAD: _head,
}


def take_document(state: LineState, payload: bytes, now: Instant) -> None:
    """Take a charter, roster or stop notice.  Raises Rejected if it is not signed by whom it must be, or contradicts.

    The row is kept before what the document changes is shown; a crash between the two: it is read again at start.
    """
    kind, document = decode_document(payload)
    change = state.documents.accept(kind, document, state.given.suite, now.utc)
    for row in change.rows:
        if isinstance(row, Keep):
            state.given.out.keep(row.table, row.key, row.value)
        else:
            state.given.out.forget(row.table, row.key)
    if change.outcome in (Outcome.IN_FORCE, Outcome.STOPPED):
        state.happened.append(DocumentsChanged())
        _pass_on(state, payload, slow_too=False)
    if change.rows:  # else the proof is known
        for proof in change.contradictions:
            for contradicting in (proof.first, proof.second):
                _pass_on(state, encode_document(kind, contradicting), slow_too=True)


def _pass_on(state: LineState, payload: bytes, *, slow_too: bool) -> None:
    """Give what is new to everybody over good links; on slow ones a greeting says that there is something to ask.

    Nothing asks for the proof that a root is false, so that goes over slow links too.
    """
    for path in state.paths.values():
        for duties in path.duties.values() if path.good or slow_too else ():
            duties.give(payload)
