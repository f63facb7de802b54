"""Calling deputies by the local rota: who is called, and after how long, while something of ours waits for a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_MINUTES = 24 * 60
_DAY_S = DAY_MINUTES * 60
_FIRST_DAY = 3  # 1970-01-01 was a Thursday


@dataclass(frozen=True, slots=True)
class Duty:
    """When a deputy may be called: days of the week (0 is Monday) and minutes of the day, UTC.

    Until not later than from: over midnight, and the day is the one on which it began.
    """

    days: frozenset[int] = frozenset(range(len(DAYS)))
    first: int = 0
    until: int = DAY_MINUTES

    def covers(self, utc: int) -> bool:
        """Return whether the deputy may be called at this time, UTC seconds."""
        day, minute = (utc // _DAY_S + _FIRST_DAY) % len(DAYS), utc % _DAY_S // 60
        if self.first < self.until:
            return day in self.days and self.first <= minute < self.until
        return (day in self.days and minute >= self.first) or (
            (day - 1) % len(DAYS) in self.days and minute < self.until
        )

    def words(self) -> str:
        """Return it as "every day, all day", or "mon tue 06:00-18:00 UTC"."""
        days = " ".join(DAYS[day] for day in sorted(self.days)) if len(self.days) < len(DAYS) else "every day"
        if (self.first, self.until) == (0, DAY_MINUTES):
            return f"{days}, all day"
        return f"{days} {_clock(self.first)}-{_clock(self.until)} UTC"


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


ALWAYS = Duty()


@dataclass(frozen=True, slots=True)
class Step:
    """Call `whom` when a situation has waited `after_s` seconds.  Whom: a role and number, never a name.

    officer   the deputy's number in the party's roster; 0 if the step names none
    duty      when that deputy may be called; at another time the next step's turn comes
    """

    after_s: int
    whom: str
    officer: int = 0
    duty: Duty = ALWAYS


@dataclass(frozen=True, slots=True)
class Rota:
    """One watch's deputies, in the order in which they are called.  Local: no other party sees it."""

    steps: tuple[Step, ...] = ()


NOBODY = Rota()


@dataclass(frozen=True, slots=True)
class Call:
    """A call that is due now; log it whether or not it reaches anybody."""

    situation: bytes
    at: int
    whom: str


class Escalation:
    """How far each situation has gone down the rota."""

    def __init__(self, rota: Rota) -> None:
        self.rota = rota
        self._since: dict[bytes, int] = {}
        self._called: dict[bytes, int] = {}
        self._attended: set[bytes] = set()

    def watch(self, situations: Mapping[bytes, int], utc: int) -> list[Call]:
        """Take the situations that wait for us, with since when; return the calls due at `utc`.

        One that is no longer among them is over.  One that an officer attends to is called for no more.
        """
        self._called = {each: self._called.get(each, 0) for each in situations}
        self._since = dict(situations)
        self._attended &= situations.keys()
        calls = []
        for situation, since in situations.items():
            while (step := self._next(situation)) is not None and since + step.after_s <= utc:
                self._called[situation] += 1
                if step.duty.covers(since + step.after_s):
                    calls.append(Call(situation, since + step.after_s, step.whom))
        return calls

    def attend(self, situation: bytes) -> bool:
        """An officer has taken it: call nobody else for it.  Return whether it waits for anybody."""
        if situation in self._called:
            self._attended.add(situation)
        return situation in self._called

    def is_over(self, situation: bytes) -> bool:
        """Return whether a situation waits for nobody any more, as of the last `watch`."""
        return situation not in self._since

    def calls(self) -> list[Call]:
        """Return every call that is still to be answered: made, and nobody attends yet; earliest first."""
        calls = [
            Call(situation, since + step.after_s, step.whom)
            for situation, since in self._since.items()
            if situation not in self._attended
            for step in self.rota.steps[: self._called[situation]]
            if step.duty.covers(since + step.after_s)
        ]
        return sorted(calls, key=lambda call: (call.at, call.situation))

    def next_call(self) -> int | None:
        """Return when the next call is due, UTC seconds."""
        if not self.rota.steps:
            return None
        times = [
            since + step.after_s
            for situation, since in self._since.items()
            if (step := self._next(situation)) is not None
        ]
        return min(times, default=None)

    def _next(self, situation: bytes) -> Step | None:
        called = self._called[situation]
        return self.rota.steps[called] if called < len(self.rota.steps) and situation not in self._attended else None
