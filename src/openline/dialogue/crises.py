"""The crises of one line, as one desk follows them: what changed, what is overdue, when to look again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from openline.dialogue.book import Book
from openline.dialogue.crisis import (
    Crisis,
    CrisisState,
    Fact,
    FollowUp,
    Overdue,
    Report,
    agreed_facts,
    candidates,
    crisis_of,
    facts,
    follow_ups,
    overdue,
    reports,
)
from openline.dialogue.dialogues import Setting
from openline.dialogue.events import Alarm, Event, EventKind
from openline.dialogue.local import Local
from openline.dialogue.said import Said, in_order
from openline.identifiers import REF_BYTES, Digest, PartyNumber
from openline.wire.statement import Precedence

CRISES_MAX = 16  # opened by one party, followed beside those that we are in; older ones stand in the record
REPORTS_MAX = 2_048  # situation reports of one party kept at hand: every five minutes for a week


@dataclass(frozen=True, slots=True)
class View:
    """One crisis as the desk shows it, at one moment."""

    crisis: Crisis
    reports: Mapping[tuple[PartyNumber, int], Report]
    overdue: tuple[Overdue, ...]
    agreed: tuple[Said, ...]
    follow_ups: tuple[FollowUp, ...]


class Crises:
    """Follows every crisis of a line.  `note` each statement of the group, then `refresh`."""

    def __init__(self, book: Book, setting: Setting, local: Local) -> None:
        self._book = book
        self._setting = setting
        self._local = local
        self._noted: dict[str, dict[PartyNumber, list[Said]]] = {"C1": {}, "C2": {}, "C4": {}}
        self._views: dict[bytes, View] = {}

    def note(self, said: Said) -> None:
        """Take notice of a statement that opens a crisis, reports in one or states a fact."""
        code = self._book.rule(said).code
        if code in self._noted:
            noted = self._noted[code].setdefault(said.party, [])
            noted += [said] if said not in noted else []
            for old in noted[:-REPORTS_MAX] if code != "C1" else ():
                self.forget(old)

    def follow(self, family: Iterable[Said]) -> None:
        """Take up again the crises of which something was said, should they be followed no more; then `refresh`."""
        for said in family:
            if self._book.rule(said).code == "C1":
                self.note(said)

    def move(self, before: Said, said: Said) -> None:
        """Take a statement that was noted for said at another place."""
        noted = self._noted.get(self._book.rule(said).code, {}).get(said.party, [])
        noted[:] = [said if each == before else each for each in noted]

    def forget(self, said: Said) -> None:
        """Let a statement go that was noted."""
        noted = self._noted.get(self._book.rule(said).code, {}).get(said.party, [])
        if said in noted:
            noted.remove(said)
        self._views.pop(said.ref, None)

    def _all(self, code: str) -> list[Said]:
        return [said for noted in self._noted[code].values() for said in noted]

    def view(self, opening: Digest, utc: int) -> View:
        """Return one crisis by its opening message (a C1 that was noted), at `utc`."""
        return self._view(self._book.said[opening[:REF_BYTES]], utc)

    def openings(self) -> tuple[Said, ...]:
        """Return the opening messages of every crisis followed here, in the order of their signed times."""
        return tuple(sorted(self._all("C1"), key=lambda said: (said.statement.authored, said.place)))

    def state(self, utc: int) -> CrisisState:
        """Return what the line's screen says: of several crises the one that asks most of us."""
        states = [crisis_of(self._book, self._setting, each, utc).state for each in self._all("C1")]
        return max(states, key=_URGENCY.__getitem__, default=CrisisState.NONE)

    def own_facts(self, opening: Digest, utc: int) -> tuple[Fact, ...]:
        """Return every party's own facts in a crisis; show a column for each party."""
        return facts(self._book, self.view(opening, utc).crisis, self._all("C2"))

    def candidates(self, opening: Digest, utc: int) -> tuple[tuple[Fact, Fact], ...]:
        """Return pairs of facts that the two sides may want to agree on."""
        return candidates(self.own_facts(opening, utc), self.view(opening, utc).agreed, self._book)

    def follow_ups(self, closure: Digest, utc: int) -> tuple[FollowUp, ...]:
        """Return what an accepted closure leaves to do; nothing for any other message."""
        views = (self._view(opening, utc) for opening in self.openings())
        return tuple(each for view in views for each in view.follow_ups if each.closure.digest == closure)

    def refresh(self, utc: int) -> list[Event]:
        """Look at every crisis again; return what is different from the last look."""
        for party in self._noted["C1"]:
            self._leave_some(party, utc)
        return self._look(self.openings(), utc)

    def _leave_some(self, party: PartyNumber, utc: int) -> None:
        """Follow no more of one party's crises than there is room for: closed ones go first, the oldest of them first.

        One that we are in and that is open leaves only by its closure.  It takes two of our own officers to be in one,
        so nobody else makes them many.  What others alone have joined goes last: two of them could make any number.
        """
        noted = in_order(self._noted["C1"][party])
        if len(noted) <= CRISES_MAX:
            return
        found = [(crisis_of(self._book, self._setting, each, utc), each) for each in noted]
        leaving = [(_weight(crisis), each) for crisis, each in found if not self._holds_us(crisis)]
        for _, each in sorted(leaving, key=lambda pair: pair[0])[:-CRISES_MAX]:
            self.forget(each)

    def _holds_us(self, crisis: Crisis) -> bool:
        return crisis.is_open and self._setting.own in crisis.joined and len(crisis.joined) > 1

    def _look(self, openings: Sequence[Said], utc: int) -> list[Event]:
        events: list[Event] = []
        for opening in openings:
            before, after = self._views.get(opening.ref), self._view(opening, utc)
            self._views[opening.ref] = after
            events += self._differences(before, after, utc)
        return events

    def wake(self, utc: int) -> list[Event]:
        """Look again at the crises that are not closed: time changes nothing about the others."""
        return self._look([each for each in self.openings() if self._is_open(each)], utc)

    def _is_open(self, opening: Said) -> bool:
        view = self._views.get(opening.ref)
        return view is None or view.crisis.is_open

    def situation(self, said: Said) -> bytes:
        """Return what an alarm about a message of the group belongs to: the open crisis, or the message itself."""
        for ref, view in self._views.items():
            if view.crisis.is_open:
                return self._book.said[ref].digest
        return said.digest

    def waiting(self) -> dict[bytes, int]:
        """Return the open crises that need our watch, each with when it came here: deputies are called from then on."""
        return {
            view.crisis.opening.digest: view.crisis.opening.arrived
            for view in self._views.values()
            if view.crisis.is_open and (view.crisis.asks_us or self._setting.own in view.crisis.joined)
        }

    def checks_suspended(self) -> bool:
        """Return whether situation reports stand in for the hourly line check."""
        return any(view.crisis.is_open and view.crisis.since_both is not None for view in self._views.values())

    def alarms(self, utc: int) -> list[Alarm]:
        """Return what each open crisis needs a person for, all under one situation, and each follow-up overdue."""
        found = []
        for view in self._views.values():
            opening, own = view.crisis.opening, self._setting.own
            for words, since, party, ours in _needs(view, own):
                found.append(Alarm(opening.digest, Precedence.FLASH, since, opening.digest, party, words, ours))
            for each in view.follow_ups if own in view.crisis.joined else ():
                if each.due <= utc and self._local.followed_up(each.closure.digest, each.number) is None:
                    about, what = each.closure.digest, f"FOLLOW-UP {each.number + 1} OVERDUE"
                    found.append(Alarm(about, Precedence.ROUTINE, each.due, about, self._setting.own, what))
        return found

    def next_wake(self, utc: int) -> int | None:
        """Return when the next report or follow-up is due after `utc`."""
        times = []
        for view in self._views.values():
            slot = view.crisis.schedule.next_after(utc) if view.crisis.is_open else None
            times += [slot.due] if slot is not None else []
            times += [each.due for each in view.follow_ups if each.due > utc]
        return min(times, default=None)

    def _view(self, opening: Said, utc: int) -> View:
        book, setting = self._book, self._setting
        crisis = crisis_of(book, setting, opening, utc)
        started = min(opening.statement.authored, opening.arrived)
        noted = [said for said in self._all("C2") if said.statement.authored >= started]
        stated = [said for said in self._all("C4") if said.statement.authored >= started]
        return View(
            crisis,
            reports(book, crisis, noted),
            overdue(book, crisis, noted, utc),
            agreed_facts(book, setting, crisis, stated, utc),
            follow_ups(book, crisis),
        )

    def _differences(self, before: View | None, after: View, utc: int) -> list[Event]:
        opening, events = after.crisis.opening, []
        was = before.crisis.state if before else CrisisState.NONE
        if after.crisis.state is not was:
            at, words = after.crisis.closed or utc, f"{was} → {after.crisis.state}"
            events.append(Event(EventKind.CRISIS, opening.digest, opening.party, at, words))
        known = before.reports if before else {}
        for (party, tick), report in after.reports.items():
            if (party, tick) not in known:
                said, late = report.said, f", LATE by {report.late_s} s" if report.late_s else ""
                at, words = said.statement.authored, f"tick {tick}{late}"
                events.append(Event(EventKind.TICK, opening.digest, party, at, words, said.digest))
        overdue_before = before.overdue if before else ()
        events += [
            Event(EventKind.TICK_OVERDUE, opening.digest, each.party, each.since, f"tick {each.tick}")
            for each in after.overdue
            if each not in overdue_before
        ]
        agreed_before = before.agreed if before else ()
        events += [
            Event(EventKind.AGREED, opening.digest, said.party, utc, "", said.digest)
            for said in after.agreed
            if said not in agreed_before
        ]
        return events


_URGENCY: dict[CrisisState, int] = {state: rank for rank, state in enumerate((
    CrisisState.NONE, CrisisState.CLOSED, CrisisState.OPENED_BY_US, CrisisState.CLOSURE_PROPOSED, CrisisState.JOINED,
    CrisisState.OPENED_BY_THEM,
))}  # fmt: skip


def _weight(crisis: Crisis) -> int:
    """Return how much it matters to go on following a crisis: more is more."""
    return 0 if not crisis.is_open else len(crisis.joined)


def _needs(view: View, own: PartyNumber) -> Iterator[tuple[str, int, int, bool]]:
    """Yield what an open crisis needs a person for, since when, of which party, and whether it is our own watch.

    A member that is not in it, and is not asked to join, has nothing to do.
    """
    crisis = view.crisis
    if crisis.state is CrisisState.OPENED_BY_THEM and crisis.asks_us:
        yield "CRISIS OPENED, NOT YET JOINED BY US", crisis.opening.statement.authored, crisis.opening.party, True
    for each in view.overdue if own in crisis.joined else ():
        yield f"SITUATION REPORT {each.tick} OVERDUE", each.since, each.party, each.party == own
