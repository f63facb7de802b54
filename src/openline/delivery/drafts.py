"""Drafts go to the other stations of our own party, sealed like everything else, and to nobody else.

What is to be told of each lies here as bytes; it is told on every path until the station says that it holds just that:
at once, when a path opens, and with each greeting that answers us.  Nothing of it is kept: after a start the engine
tells again what it has, and a station that begins anew is told everything again.
"""

from __future__ import annotations

from hashlib import sha256

from openline.delivery.state import DraftCame, LineState, Peer
from openline.errors import Inadmissible
from openline.identifiers import Digest, StationId, party_of
from openline.wire.drafts import TAG_BYTES, DraftHeld, DraftOver, decode_draft, encode_draft
from openline.wire.statement import digest as statement_digest

DRAFTS_KNOWN_MAX = 4_096  # of one station: what it holds of drafts that are open or were
OVER_TOLD_MAX = 1_024  # drafts that are over and wait to be told as such; who asks about an older one is told again


def tag_of(payload: bytes) -> bytes:
    """Return what tells one thing told of a draft from another."""
    return sha256(payload).digest()[:TAG_BYTES]


def tell_draft(state: LineState, digest: bytes, payload: bytes) -> None:
    """Let every other station of our party hold this of a draft.  Lost: told again with the next answered greeting."""
    state.drafts.pop(digest, None)
    state.drafts[digest] = payload
    for peer in _own(state):
        _owe(state, peer, digest)
    _let_go(state)


def owe_drafts(state: LineState, peer: Peer) -> None:
    """Owe a station of our party what it has not said to hold."""
    if party_of(peer.station) == state.party:
        for digest in state.drafts:
            _owe(state, peer, digest)


def draft_to_send(state: LineState, peer: Peer, digest: bytes) -> bytes | None:
    """Return what is to be told of a draft; None if the station holds it already."""
    payload = state.drafts.get(digest)
    return None if payload is None or peer.drafts_held.get(digest) == tag_of(payload) else payload


def say_held(state: LineState, station: StationId, digest: Digest, payload: bytes) -> None:
    """Tell a station that what it told of a draft is held here."""
    tag = tag_of(payload)
    for path in state.paths.values():
        if station in path.duties:
            path.duties[station].draft_held(encode_draft(DraftHeld(digest, tag)))


def take_draft(state: LineState, peer: Peer, payload: bytes) -> None:
    """Take what a station of our party tells of a draft.  Raises Rejected (R161, R162, those of a statement)."""
    if party_of(peer.station) != state.party:
        raise Inadmissible("R162", "a draft comes from a station of another party", station=peer.station)
    draft = decode_draft(payload)
    if isinstance(draft, DraftHeld):
        if draft.digest in state.drafts:
            peer.drafts_held[draft.digest] = draft.tag
            _let_go(state)
        return
    if isinstance(draft, DraftOver):
        digest = Digest(draft.digest)
    else:
        digest = statement_digest(state.documents.salt_seed(state.party), draft.statement)
    if len(peer.drafts_held) >= DRAFTS_KNOWN_MAX:
        peer.drafts_held.clear()  # it is told again what it holds: that changes nothing
    peer.drafts_held[digest] = tag_of(payload)  # it holds what it tells
    state.happened.append(DraftCame(peer.station, digest, draft, payload))


def _own(state: LineState) -> list[Peer]:
    return [peer for peer in state.peers.values() if party_of(peer.station) == state.party]


def _owe(state: LineState, peer: Peer, digest: bytes) -> None:
    if draft_to_send(state, peer, digest) is not None:
        for path in state.paths.values():
            if peer.station in path.duties:
                path.duties[peer.station].drafts[digest] = None


def _let_go(state: LineState) -> None:
    """Forget what is over once everybody knows, and the oldest of it when there is too much."""
    over = [digest for digest, payload in state.drafts.items() if payload == encode_draft(DraftOver(digest))]
    known = [digest for digest in over if all(draft_to_send(state, peer, digest) is None for peer in _own(state))]
    waiting = [digest for digest in over if digest not in known]
    for digest in (*known, *waiting[: max(0, len(waiting) - OVER_TOLD_MAX)]):
        del state.drafts[digest]
        for peer in _own(state):
            peer.drafts_held.pop(digest, None)
