"""What lies beyond a gap that nobody will close: its author was put back, and does not know that it said it.

    holder     gives it as copies to its author, and to everybody once its author has opened a later generation
    author     takes its own words, each proved by its own signature, and says them again in its present generation

So the author learns what it said, and who has not heard it hears it.  A few times, and to others than the author not
once the words stand at a second place, where they come by: but what it signed an author must hold place for place.
"""

from __future__ import annotations

from openline.delivery.accepting import REFUSED, place_key, said_again
from openline.delivery.prefix import HeldLog
from openline.delivery.routes import one_path
from openline.delivery.state import LineState, LogKey, Peer
from openline.identifiers import StationId, party_of

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
    first, is_author = 0, key[0] == peer.station
    if not has_ended(state, key) and not (is_author and _says_ended(peer, key)):
        claim = peer.contact.holds.get(key)
        if not is_author or claim is None:
            return ()  # its author still sends it
        first = claim[0]
    return tuple(
        seq for seq in sorted(log.beyond) if seq >= first and (is_author or not is_said_again(state, key, seq))
    )


def has_ended(state: LineState, key: LogKey) -> bool:
    """Whether a later generation of the same author is known."""
    return any(station == key[0] and generation > key[1] for station, generation in state.logs)


def _says_ended(peer: Peer, key: LogKey) -> bool:
    """Whether an author tells by its greetings of a later generation, in which it need not have said anything yet."""
    return any(station == key[0] and generation > key[1] for station, generation in peer.contact.holds)


def is_said_again(state: LineState, key: LogKey, seq: int) -> bool:
    """Whether the words at a place that is held stand at a second one, which whoever lacks it asks for or is sent.

    A second place beyond a gap that nobody will close helps nobody.
    """
    row = state.given.out.entry(state.line, *key, seq)
    if row is None:
        return True
    party = party_of(key[0])
    rows = state.given.out.said_already(state.line, party, row.digest)
    places = [(each.author, each.generation, each.seq) for each in rows]
    last = said_again(state, party, row.digest)
    places += [last] if last is not None else []
    return any(place != (*key, seq) and _comes_to_everybody(state, *place) for place in places)


def _comes_to_everybody(state: LineState, author: StationId, generation: int, seq: int) -> bool:
    """Whether a place was not refused, and lies before every gap or in a generation whose author still sends it."""
    if state.given.out.value(REFUSED, place_key(state, author, generation, seq)) is not None:
        return False
    return seq < state.size_of((author, generation)) or not has_ended(state, (author, generation))
