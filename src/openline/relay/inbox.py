"""Events on their way to the driver: a few from everybody, in turn, and no more in memory than two batches.

One batch may be offered, which waits for nobody; what finds it full waits for one of as many slots.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence

from openline.identifiers import PathId
from openline.limits import BATCH_STEPS_MAX
from openline.ports import Event


class Inbox:
    """One slot for each step of a batch.  Who finds none waits in line, so whoever talks most waits most."""

    def __init__(self) -> None:
        self._events: deque[Event] = deque()
        self._slots = asyncio.Semaphore(BATCH_STEPS_MAX)  # wakes in the order in which they came
        self._taken = 0
        self._filled = asyncio.Event()
        self._nudged = self._closed = False

    def __bool__(self) -> bool:
        """Whether anything is there."""
        return bool(self._events)

    async def tell(self, event: Event) -> None:
        """Take an event from a connection; wait while the driver is behind."""
        await self._slots.acquire()
        if self._closed:
            self._slots.release()  # the next in line is let go likewise
            return
        self._taken += 1
        self._events.append(event)
        self._filled.set()

    def offer(self, _path: PathId, events: Sequence[Event]) -> bool:
        """Take events at once, with no slot, if less than a batch waits and nobody stands in line; else none."""
        if self._closed or self._slots.locked() or len(self._events) >= BATCH_STEPS_MAX:
            return False
        self._events.extend(events)
        self._filled.set()
        return True

    def nudge(self, *events: Event) -> None:
        """Take events of the driver's own, at once, and let it run even if there are none."""
        self._nudged = True
        self._events.extend(events)
        self._filled.set()

    async def wait(self, seconds: float | None) -> bool:
        """Wait until there is something to do, or for so long; return whether there is."""
        if not self._filled.is_set():
            timer = None if seconds is None else asyncio.get_running_loop().call_later(seconds, self._filled.set)
            await self._filled.wait()
            if timer is not None:
                timer.cancel()
        if self._events or self._nudged:
            return True
        self._filled.clear()
        return False

    def take(self) -> Sequence[Event]:
        """Return what is there, one batch at most; never wait for company."""
        events = [self._events.popleft() for _ in range(min(len(self._events), BATCH_STEPS_MAX))]
        for _ in range(min(self._taken, len(events))):
            self._taken -= 1
            self._slots.release()
        self._nudged = False
        if not self._events:
            self._filled.clear()
        return events

    def close(self) -> None:
        """Take nothing more, and let everybody go who waits."""
        self._closed = True
        self._slots.release()
