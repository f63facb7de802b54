"""Peaks that were made and kept are given to later members, and what stands before them is waited for from none."""

from __future__ import annotations

from openline.delivery.charter_in_use import heard_from
from openline.delivery.prefix import Receipted
from openline.delivery.rows import log_key
from openline.delivery.state import LineState, LogKey, Peer
from openline.identifiers import party_of
from openline.tlog import decode_tree
from openline.wire.numbers import u64

PEAKS = "peaks"  # line · our station · generation · size -> the peaks as they travel
EDGE = "peaks-edge"  # the same key -> the tree at that size


def begin_later(state: LineState) -> None:
    """Let what stands before a later member's first position be waited for from none of its stations."""
    key = (state.me, state.generation)
    for peer in state.peers.values():
        first = heard_from(state, key, party_of(peer.station))
        kept = state.given.out.value(EDGE, peaks_row(state, key, first)) if first else None
        if kept is not None:
            for kind, receipted in peer.receipted.items():
                if receipted.size < first:
                    after = peer.receipted[kind] = Receipted(decode_tree(kept))
                    after.advance(after.tree, receipted.further)


def owe_peaks(state: LineState, peer: Peer) -> None:
    """Owe a later member the peaks of our logs of which it has not shown to hold as much."""
    party = party_of(peer.station)
    for key in [key for key in state.logs if key[0] == state.me]:
        first = heard_from(state, key, party)
        if first and peer.contact.holds.get(key, (0, b""))[0] < first:
            give_peaks(state, peer, key)


def give_peaks(state: LineState, peer: Peer, key: LogKey) -> None:
    """Owe the peaks of one of our logs to a later member, if it is one.  Lost: given with the next greeting or ask."""
    first = heard_from(state, key, party_of(peer.station))
    payload = state.given.out.value(PEAKS, peaks_row(state, key, first)) if first else None
    if payload is not None:
        for path in state.paths.values():
            if peer.station in path.duties:
                path.duties[peer.station].give_peaks(payload)


def peaks_row(state: LineState, key: LogKey, size: int) -> bytes:
    """Return the key under which the peaks of a log at a size are kept."""
    return log_key(state.line, *key) + u64(size)
