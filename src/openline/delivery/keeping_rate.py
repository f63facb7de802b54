"""Receivers keep the charter's rate too: a station that does not is not taken beyond it, and is named in an alarm."""

from __future__ import annotations

from openline.delivery.judge import Judged
from openline.delivery.state import LineState, Peer
from openline.errors import Inadmissible
from openline.ports import Instant
from openline.wire.statement import Precedence


def within_rate(state: LineState, judged: Judged, now: Instant) -> bool:
    """Return whether a genuine entry, not held yet, may be taken now.

    Genuine: a member that brings forged copies must not use up what another station may say, nor have it named.
    Raises Inadmissible (R166) for the first in each minute that may not: it has no receipt, so it comes again.
    """
    peer = state.peers.get(judged.author)
    if peer is None:
        return True
    fill(state, peer, judged.generation, now)
    if peer.inflow.ordinary(now.monotonic_ms):
        return True
    if judged.entry.statement.precedence is Precedence.FLASH and peer.inflow.flash():
        return True
    if peer.inflow.over(now.utc):
        reason = "more entries of one station came than the charter lets it say; they are not taken yet"
        raise Inadmissible("R166", reason, station=judged.author)
    return False


def fill(state: LineState, peer: Peer, generation: int, now: Instant) -> None:
    """Let a station's places grow until now; what it said while nothing of it was heard is taken at once."""
    charter, heard_ms = state.documents.charter, peer.contact.heard_ms
    assert charter is not None  # a line has one
    silent = _before(peer, generation, now) if heard_ms is None else now.monotonic_ms - heard_ms
    peer.inflow.fill(charter.rules.entries_a_minute, now.monotonic_ms, silent)


def _before(peer: Peer, generation: int, now: Instant) -> int:
    """Return how long a station has not been heard of, none of it in this run, milliseconds.

    Since its greeting answered us in an earlier run, by our clock: its own would give it what credit it likes.  If none
    did, since its log began.
    """
    return max(0, now.utc - (peer.contact.alive_utc or generation)) * 1_000
