"""Events on their way to a station: people and timers never wait, each path waits for its own room.

A relay may send faster than a station can open what it sends, and all of it may be garbage.  So what one path brings
holds few places, of its own: who fills them waits, that relay's connection is not read meanwhile, and no other path
feels it.  A path is let in again when half of its places are free, so that it brings a batch at a time.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence

from openline.identifiers import PathId
from openline.limits import BATCH_STEPS_MAX
from openline.ports import Event, Kept, PathLost, PathOpened, PathReady, Received

PATH_EVENTS_MAX = 2 * BATCH_STEPS_MAX  # of one path, at most 128 KiB each: one batch under way, one that waits

_OF_PATHS = (Kept, PathLost, PathOpened, PathReady, Received)


class Inbox(asyncio.Queue[Event]):
    """A queue without a limit for what this station says to itself, and with one for what each path brings."""

    def __init__(self) -> None:
        super().__init__()
        self._held: Counter[PathId] = Counter()
        self._room: dict[PathId, asyncio.Event] = {}

    async def tell(self, event: Event) -> None:
        """Take an event; one of a path waits while that path has no place."""
        if isinstance(event, _OF_PATHS):
            while self._held[event.path] >= PATH_EVENTS_MAX:
                room = self._room.setdefault(event.path, asyncio.Event())
                room.clear()
                await room.wait()
            self._held[event.path] += 1
        self.put_nowait(event)

    def offer(self, path: PathId, events: Sequence[Event]) -> bool:
        """Take what one path brings at once, if it has a place for each; else none of it, and return False."""
        if self._held[path] + len(events) > PATH_EVENTS_MAX:
            return False
        self._held[path] += len(events)
        for event in events:
            self.put_nowait(event)
        return True

    def _get(self) -> Event:
        event: Event = super()._get()
        if isinstance(event, _OF_PATHS):
            self._held[event.path] -= 1
            if self._held[event.path] <= PATH_EVENTS_MAX // 2 and event.path in self._room:
                self._room[event.path].set()
        return event
