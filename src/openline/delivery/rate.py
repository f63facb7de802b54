"""The charter's rate: how many entries a minute one station may let go; what is more waits in its own queues.

A bucket of one minute's entries, filled evenly.  An entry takes one place of it when it goes for the first time; to
other stations, by other paths and when it is sent again it goes free.  FLASH never asks.
"""

from __future__ import annotations

MINUTE_MS = 60_000


class Rate:
    """The rate of our own log on one line.  Kept in memory: a start begins with a full bucket."""

    def __init__(self) -> None:
        self.due_ms: int | None = None  # when the next waiting entry may go
        self._let_go: tuple[int, int] = (0, 0)  # generation, and the position before which all have gone
        self._a_minute = 0
        self._spent = 0  # the bucket is full when this lies a minute back, and empty when it is now

    def has_gone(self, place: tuple[int, int]) -> bool:
        """Whether the entry at this generation and position has been let go already."""
        return self._let_go > place

    def allows(self, place: tuple[int, int], a_minute: int, now_ms: int) -> bool:
        """Let the entry at this generation and position go if it may now; else `due_ms` says when."""
        if self.has_gone(place):
            return True
        # Counted in parts of a millisecond, `a_minute` of them in each, so that no rate is rounded.
        now, full = now_ms * a_minute, (now_ms - MINUTE_MS) * a_minute
        if a_minute != self._a_minute:
            self._a_minute, self._spent = a_minute, full  # another charter: begin anew
        spent = max(self._spent, full) + MINUTE_MS
        if spent > now:
            self.due_ms = -(-spent // a_minute)
            return False
        self._spent, self._let_go = spent, (place[0], place[1] + 1)
        return True
