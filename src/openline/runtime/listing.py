"""What one answer of the inbox lists: bounded in bytes, so that nobody's messages, however many or long, disable it.

Two parts of each line: the newest messages, and before them the oldest that wait for an officer.  So what has just
come is always there, and what waits is reached by asking again, however much of it there is: what was listed and
shown is presented, and the next ones take its place.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import merge

from openline.engine.meaning import Meaning
from openline.engine.views import MESSAGES_SHOWN_MAX, Json, find, message, messages, place_of, unpresented
from openline.identifiers import Digest, StationId
from openline.ports import Append, Instant
from openline.wire.statement import Precedence

LISTED_BYTES_MAX = 16_777_216  # of one answer; a quarter of what an asking end reads, so that all else has room beside


@dataclass(frozen=True, slots=True)
class Waiting:
    """Where a message stands that no officer here has been shown.  Its words stay on the disk until it is listed."""

    place: tuple[StationId, int, int]
    digest: Digest
    authored: int
    turn: tuple[bool, int]

    @property
    def author(self) -> StationId:
        """Return the station that said it."""
        return self.place[0]


@dataclass(frozen=True, slots=True)
class Listed:
    """What is listed of one line.

    messages   oldest first
    waiting    the ids of those among them that no officer here has been shown
    more       how many others wait so
    left_off   how many of the newest are not listed because they are long, those that wait not counted
    """

    messages: list[Json]
    waiting: list[str]
    more: int
    left_off: int


def list_received(meaning: Meaning, now: Instant, room: int, *, entries: bool = False) -> Listed:
    """List what others have said on a line: within `room` bytes, or one of the newest and one that waits."""
    found = messages(meaning, now, sent=False)
    newest = _newest(meaning, found, room // 2, entries=entries)
    near = {str(shown["id"]) for shown in newest}
    waiting = _waiting(meaning)
    far = sorted((each for key, each in waiting.items() if key not in near), key=lambda each: each.turn)
    rows = ((each, _row(meaning, each)) for each in far[:MESSAGES_SHOWN_MAX])
    chosen = (_with_entry(row, message(meaning, row, now), entries=entries) for _, row in rows)
    oldest = {str(shown["id"]): shown for shown in _fitting(chosen, room - room // 2)}
    in_order = _in_order([each for key, each in waiting.items() if key in oldest])
    listed = [*(oldest[each.digest.hex()] for each in in_order), *newest]
    shown_now = [key for key in waiting if key in near or key in oldest]
    left_off = sum(str(shown["id"]) not in near and str(shown["id"]) not in waiting for shown in found)
    return Listed(listed, shown_now, len(waiting) - len(shown_now), left_off)


def list_sent(meaning: Meaning, now: Instant, room: int, *, entries: bool = False) -> Listed:
    """List the newest of what this party has said; beside it stand the ids of what waits, and nothing of its words."""
    found = messages(meaning, now, sent=True)
    newest = _newest(meaning, found, room, entries=entries)
    waiting = list(_waiting(meaning))
    told = waiting[:MESSAGES_SHOWN_MAX]
    return Listed(newest, told, len(waiting) - len(told), len(found) - len(newest))


def _waiting(meaning: Meaning) -> dict[str, Waiting]:
    """Return what waits by its id, each author's in its order.

    Its turn to be listed: FLASH first, then by how many of its author come before it: who floods crowds out nobody.
    """
    found: dict[str, Waiting] = {}
    counts: Counter[tuple[StationId, bool]] = Counter()
    for row in unpresented(meaning):
        key, later = row.digest.hex(), row.precedence != Precedence.FLASH
        if key not in found:  # words that were said at two places are one message
            found[key] = Waiting(place_of(row), Digest(row.digest), row.authored, (later, counts[row.author, later]))
            counts[row.author, later] += 1
    return found


def _in_order(waiting: Iterable[Waiting]) -> Iterator[Waiting]:
    """Yield each author's messages in the order of its log; between authors the times decide that they claim."""
    by_author: dict[StationId, list[Waiting]] = {}
    for each in waiting:
        by_author.setdefault(each.author, []).append(each)
    return merge(*by_author.values(), key=lambda each: each.authored)


def _row(meaning: Meaning, waiting: Waiting) -> Append:
    state = meaning.line.state
    row = state.given.out.entry(state.line, *waiting.place)
    assert row is not None  # it was read from there within the same request
    return row


def _newest(meaning: Meaning, found: list[Json], room: int, *, entries: bool) -> list[Json]:
    """Return the last of the messages that fit, oldest first."""
    last_first = (
        _with_entry(find(meaning, bytes.fromhex(str(shown["id"]))), shown, entries=entries) for shown in found[::-1]
    )
    return list(_fitting(last_first, room))[::-1]


def _with_entry(row: Append, shown: Json, *, entries: bool) -> Json:
    return {**shown, "entry": row.entry.hex()} if entries else shown


def _fitting(found: Iterable[Json], room: int) -> Iterator[Json]:
    """Yield the first messages whose answer takes no more than `room` bytes, and one in any case."""
    for number, shown in enumerate(found):
        room -= len(json.dumps(shown))
        if number and room < 0:
            return
        yield shown
