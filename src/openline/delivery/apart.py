"""What a station signed that has ended by a stop notice or a roster without it: kept apart, unshown, unreceipted.

Whoever holds its key may still speak with it, so nothing of it counts; but it is evidence of what was tried.  What was
stored before the end came stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence

from openline.delivery.judge import verify_entry
from openline.delivery.state import LineState
from openline.errors import Inadmissible
from openline.identifiers import StationId
from openline.wire.entry import decode_entry
from openline.wire.numbers import u16, u32, u64

APART = "apart"  # table: line · author · generation · seq -> the entry as it came
APART_MAX = 1_024  # of one line: as many as one sender may fill beyond a gap; a thief could make any number


def refuse_ended(state: LineState, author: StationId, generation: int, data: bytes) -> None:
    """Raise Inadmissible (R120) for an entry of a station that has ended, and keep it apart if it is genuine.

    Raises Malformed or Forged if it is not.
    """
    ended = state.documents.station_stopped(author)
    item = state.documents.station(author)
    if ended is None or item is None:
        return
    entry = decode_entry(data)
    verify_entry(state.documents, item, generation, entry, state.given.suite)
    key = state.line + u16(author) + u32(generation) + u64(entry.seq)
    if state.given.out.value(APART, key) is None and len(kept_apart(state)) < APART_MAX:
        state.given.out.keep(APART, key, data)
    raise Inadmissible("R120", "an entry came after its station had ended; it is kept apart", ended=ended)


def kept_apart(state: LineState) -> Sequence[tuple[bytes, bytes]]:
    """Return key and entry of everything that is kept apart on this line."""
    return tuple(state.given.out.values(APART, state.line))
