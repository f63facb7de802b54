"""Virtual time: all that will happen, in one queue ordered by time and then by number, so that a seed repeats."""

from __future__ import annotations

import heapq
from collections.abc import Callable

from openline.errors import OpenlineError

HAPPENINGS_MAX = 100_000  # in one world: a hundred times what a busy one needs


class Restless(OpenlineError):
    """Something in a made world happens again and again and never comes to rest."""


class Agenda:
    """What happens when, in milliseconds since the world began."""

    def __init__(self) -> None:
        self.now_ms = 0
        self.most = HAPPENINGS_MAX  # a world that goes on for months is given more for each day
        self.story: list[str] = []
        self._waiting: list[tuple[int, int, Callable[[], None]]] = []
        self._number = 0
        self._happened = 0

    def at(self, delay_ms: int, what: Callable[[], None]) -> None:
        """Let something happen after a delay."""
        self._number += 1
        heapq.heappush(self._waiting, (self.now_ms + delay_ms, self._number, what))

    def run(self, until_ms: int) -> None:
        """Let everything happen that is due until then."""
        waiting = self._waiting
        while waiting and waiting[0][0] <= until_ms:
            self.now_ms, _, what = heapq.heappop(waiting)
            self._happened += 1
            if self._happened > self.most:
                raise Restless(f"{self._happened} things have happened, and it goes on")
            what()
        self.now_ms = max(self.now_ms, until_ms)

    def tell(self, words: str) -> None:
        """Add one line to the story: hours, minutes, seconds since nine in the morning, and what happened."""
        seconds, ms = divmod(self.now_ms, 1000)
        hours, rest = divmod(seconds, 3600)
        self.story.append(f"{9 + hours:02}:{rest // 60:02}:{rest % 60:02}.{ms:03} {words}")
