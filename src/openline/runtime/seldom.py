"""What an enemy can make happen a million times is written once a minute: the first of its kind whole, then how many.

A log that turns over after 32 MiB cannot fill the disk, but without this a flood of bad envelopes would wash everything
else out of it within minutes, the beginning of the attack first.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass

PERIOD_S = 60.0  # a minute: an officer who follows the log sees that it goes on, and 1,440 lines a day are readable
KINDS_MAX = 128  # of lines in one period, some ten times what our rules and paths make; beyond, all count as one kind

Facts = Mapping[str, object]
OTHERS = "others"


@dataclass(slots=True)
class _Counted:
    """One kind in its period: since when, how many after the first, and the newest of them."""

    since: float
    more: int
    newest: Facts


class Seldom:
    """In front of a log: passes on the first of each kind in a minute, and says at its end how many more came."""

    def __init__(self, add: Callable[[Facts], None], monotonic: Callable[[], float] = time.monotonic) -> None:
        self._add = add
        self._monotonic = monotonic
        self._counted: dict[Hashable, _Counted] = {}

    def add(self, kind: Hashable, facts: Facts) -> None:
        """Write one line, or count it if one of its kind was written within the minute."""
        self.pass_time()
        if kind not in self._counted and len(self._counted) >= KINDS_MAX:
            kind = OTHERS
        counted = self._counted.get(kind)
        if counted is None:
            self._counted[kind] = _Counted(self._monotonic(), 0, facts)
            self._add(facts)
            return
        counted.more += 1
        counted.newest = facts

    def pass_time(self) -> None:
        """Write how many there were of each kind whose minute is over."""
        now = self._monotonic()
        for kind in [kind for kind, counted in self._counted.items() if now - counted.since >= PERIOD_S]:
            self._tell(self._counted.pop(kind), now)

    def close(self) -> None:
        """Write what is counted and not yet told."""
        for counted in self._counted.values():
            self._tell(counted, self._monotonic())
        self._counted.clear()

    def _tell(self, counted: _Counted, now: float) -> None:
        if counted.more:
            self._add({**counted.newest, "more": counted.more, "within_s": round(now - counted.since)})
