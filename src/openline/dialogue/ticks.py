"""When situation reports are due in a crisis: an even grid, and a new one when both sides agree on another interval."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Slot:
    """One due time, UTC seconds; `number` counts from 1 over the whole crisis."""

    number: int
    due: int


@dataclass(frozen=True, slots=True)
class Segment:
    """One interval: due at `start` and every `interval_s` seconds after, up to and with `last`; None: no end yet."""

    start: int
    interval_s: int
    last: int | None

    def count_until(self, utc: int) -> int:
        """Return how many slots are due at or before `utc`."""
        end = utc if self.last is None else min(utc, self.last)
        return 0 if end < self.start else (end - self.start) // self.interval_s + 1


@dataclass(frozen=True, slots=True)
class Schedule:
    """The grids of a crisis, one after another."""

    segments: tuple[Segment, ...]

    def last_until(self, utc: int) -> Slot | None:
        """Return the last slot due at or before `utc`, or None."""
        found, number = None, 0
        for segment in self.segments:
            count = segment.count_until(utc)
            if count:
                found = Slot(number + count, segment.start + (count - 1) * segment.interval_s)
            number += count
        return found

    def next_after(self, utc: int) -> Slot | None:
        """Return the first slot due after `utc`, or None."""
        number = 0
        for segment in self.segments:
            count = segment.count_until(utc)
            number += count
            due = segment.start + count * segment.interval_s
            if segment.last is None or due <= segment.last:
                return Slot(number + 1, due)
        return None

    @property
    def interval_s(self) -> int:
        """The interval agreed last."""
        return self.segments[-1].interval_s if self.segments else 0


def next_check(after: int, cadence_s: int, openers: tuple[int, ...]) -> tuple[int, int]:
    """Return when the first line check after `after` is due (UTC seconds), and which party opens it.

    Checks fall on whole multiples of the cadence since 1970 and the openers take turns: with an hour and two parties
    the first opens the even UTC hours, the second the odd ones.
    """
    turn = after // cadence_s + 1
    return turn * cadence_s, openers[turn % len(openers)]
