"""Officers take one dialogue through a course: step after step, each when its author holds what came before."""

from __future__ import annotations

from functools import partial

from openline.identifiers import REF_BYTES
from openline.simulation.agenda import Agenda
from openline.simulation.courses import (
    COURSES,
    LAST,
    LATE,
    STEP_MS,
    STORED,
    WAITS_MS,
    Course,
    asked_body,
    by_asker,
    said_in,
)
from openline.simulation.officers import Errand, Officers, Times
from openline.simulation.setting import Setting
from openline.simulation.stations import Node

ANSWERED_S = 3_600  # what is not to be late is owed an hour later, which few made worlds last


class Conductor:
    """Sees to one course.  begin() asks; the rest follows by itself, and ends when faults do."""

    def __init__(
        self, officers: Officers, setting: Setting, agenda: Agenda, asker: Node, asked: Node, number: int
    ) -> None:
        self._officers = officers
        self._setting = setting
        self._agenda = agenda
        self._asker, self._asked = asker, asked
        self._course: Course = COURSES[number % len(COURSES)]
        self._message: Errand | None = None
        self._last: Errand | None = None

    def begin(self) -> None:
        """Ask, when the station runs; a change of what nobody has stored yet follows at once."""
        course = self._course
        if self._officers.honest:
            return
        if self._asker.station is None:
            self._agenda.at(STEP_MS, self.begin)
            return
        self._agenda.tell(f"{self._asker.name}'s officer says {course.asks}; then {', '.join(course.steps)}")
        times = Times(None if course.short else ANSWERED_S, course.valid_s)
        self._message = self._last = self._officers.say_now(
            self._asker, course.asks, asked_body(course.asks), times=times
        )
        self._officers.led.add(self._message.digest)
        if by_asker(course.steps[0]):
            self._take(0)
        else:
            self._agenda.at(STEP_MS, partial(self._go, 0))

    def _go(self, at: int) -> None:
        """Take a step as soon as its author can."""
        assert self._message is not None
        self._officers.led.add(self._message.digest)  # another one if it was drafted anew
        if self._officers.honest or at == len(self._course.steps):
            self._end()
        elif self._can(self._course.steps[at]):
            self._take(at)
        else:
            self._agenda.at(STEP_MS, partial(self._go, at))

    def _can(self, step: str) -> bool:
        """Whether the last thing said is there, with whoever is next."""
        if step in (LATE, LAST):
            return True
        assert self._last is not None
        node = self._author(step)
        if node.station is None or not node.station.meanings or not self._last.done:
            return False
        return self._last.digest[:REF_BYTES] in node.station.meanings[self._setting.line].desk.book.said

    def _author(self, step: str) -> Node:
        return self._asker if by_asker(step) else self._asked

    def _take(self, at: int) -> None:
        step = self._course.steps[at]
        if step in (LATE, LAST):
            self._agenda.at(WAITS_MS, partial(self._go, at + 1))
            return
        if step != STORED:
            assert self._message is not None
            node = self._author(step)
            code, body = said_in(step, self._course.asks, node.instant().utc)
            ref = b"" if step == "next" and self._course.asks == "L3" else self._message.digest[:REF_BYTES]
            self._last = self._officers.say_now(node, code, body, ref=ref)
        self._agenda.at(STEP_MS, partial(self._go, at + 1))

    def _end(self) -> None:
        """From here on both sides answer as ever."""
        assert self._message is not None
        self._officers.led.clear()
        for node in (self._asker, self._asked):
            self._officers.notice(node)
