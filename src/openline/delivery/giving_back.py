"""What lies beyond a gap that nobody will close: its author was put back, and does not know that it said it.

    holder     gives it as copies to its author, and to everybody once its author has opened a later generation
    author     takes its own words, each proved by its own signature, and says them again in its present generation

So the author learns what it said, and who has not heard it hears it.  A few times, and to others than the author not
once the words are held at a second place: they have the words, but what it signed an author must hold place for place.
"""

from __future__ import annotations

from openline.delivery.accepting import said_again
from openline.delivery.prefix import HeldLog
from openline.delivery.routes import one_path
from openline.delivery.state import LineState, LogKey, Peer
from openline.identifiers import party_of

GIVEN_BACK_MAX = 8  # times to one run of a station: what its author may not say any more is never said again


def give_back(state: LineState, peer: Peer) -> None:
    """Owe a station that has just answered what it, or its author, cannot know to ask for."""
    for key, log in sorted(state.logs.items()) if any(log.beyond for log in state.logs.values()) else ():
        places = _unknown_to(state, peer, key, log)
        told, times = peer.given_back.get(key, ((), 0))
        times = times if told == places else 0
        duties = one_path(state, peer) if places and times < GIVEN_BACK_MAX else None
        if duties is not None:
            peer.given_back[key] = places, times + 1
            for seq in places:
                duties.copy((*key, seq))


def _unknown_to(state: LineState, peer: Peer, key: LogKey, log: HeldLog) -> tuple[int, ...]:
    """Return the places beyond the gap that this station may lack.

    Their author is told of each, wherever its words stand besides: it must know which places it has used, and that it
    is an older copy.
    """
    if key in state.forked:
        return ()  # it takes no more entries
    first = 0
    if not has_ended(state, key):
        claim = peer.contact.holds.get(key)
        if key[0] != peer.station or claim is None:
            return ()  # its author still sends it
        first = claim[0]
    is_author = key[0] == peer.station
    return tuple(
        seq for seq in sorted(log.beyond) if seq >= first and (is_author or not is_said_again(state, key, seq))
    )


def has_ended(state: LineState, key: LogKey) -> bool:
    """Whether a later generation of the same author is known."""
    return any(station == key[0] and generation > key[1] for station, generation in state.logs)


def is_said_again(state: LineState, key: LogKey, seq: int) -> bool:
    """Whether the words at a place that is held are held at a second one."""
    row = state.given.out.entry(state.line, *key, seq)
    return row is None or said_again(state, party_of(key[0]), row.digest) is not None
