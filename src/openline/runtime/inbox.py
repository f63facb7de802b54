"""Events on their way to a station: people and timers never wait, paths wait for room, in turn.

A relay may send faster than a station can open what it sends, and all of it may be garbage.  So what paths bring holds
few places; who finds none waits in line, and the relay's connection is not read meanwhile.
"""

from __future__ import annotations

import asyncio

from openline.limits import BATCH_STEPS_MAX
from openline.ports import Event, Kept, PathLost, PathOpened, PathReady, Received

PATH_EVENTS_MAX = 2 * BATCH_STEPS_MAX  # of at most 128 KiB each: one batch under way, one that waits

_OF_PATHS = (Kept, PathLost, PathOpened, PathReady, Received)


class Inbox(asyncio.Queue[Event]):
    """A queue without a limit for what this station itself has to say to itself, and with one for what paths bring."""

    def __init__(self) -> None:
        super().__init__()
        self._places = asyncio.Semaphore(PATH_EVENTS_MAX)  # wakes in the order in which they came

    async def tell(self, event: Event) -> None:
        """Take an event of a path (Kept, PathLost, PathOpened, PathReady, Received); wait while there is no place."""
        await self._places.acquire()
        self.put_nowait(event)

    def _get(self) -> Event:
        event: Event = super()._get()
        if isinstance(event, _OF_PATHS):
            self._places.release()
        return event
