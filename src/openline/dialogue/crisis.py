"""A crisis as its own state table: opened by one side, joined by the other, run by the clock, closed only by both.

A crisis is its opening message (C1) and what follows from it.  It is a function of the statements and the time, as a
dialogue is; two openings that cross are two crises, each to be joined and closed, under one alarm.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from openline.catalogue.kinds.times import Instant
from openline.dialogue.book import RETRACTION, Book
from openline.dialogue.dialogues import Setting, addressees, ask_of, threads_of
from openline.dialogue.judging import judge
from openline.dialogue.reading import duration, embedded, moment, records
from openline.dialogue.said import Said, in_order
from openline.dialogue.states import Input, Standing, State
from openline.dialogue.thread import Reply, Thread, fold
from openline.dialogue.ticks import Schedule, Segment
from openline.identifiers import PartyNumber

JOINING = "JOINED"
INTERVAL_S_MIN = 60  # a check each minute is what two watches can do by hand
INTERVAL_S_MAX = 31 * 86_400  # as every time in a charter; a thousand years would leave every calendar


class CrisisState(StrEnum):
    """What the screen says of the line."""

    NONE = "NO CRISIS"
    OPENED_BY_US = "OPENED BY US"
    OPENED_BY_THEM = "OPENED BY THEM, NOT JOINED"
    JOINED = "CRISIS"
    CLOSURE_PROPOSED = "CRISIS, CLOSURE PROPOSED"
    CLOSED = "CLOSED"


class CrisisInput(StrEnum):
    """What can happen to a crisis."""

    WE_OPEN = "C1 of ours"
    THEY_OPEN = "C1 of theirs"
    JOIN = "joined by two persons of another party"
    PROPOSE = "C3"
    REFUSE = "C3 declined, accepted with reservation, withdrawn or expired"
    ACCEPT = "C3 accepted by every party in it"
    RETRACT = "C1 retracted before anybody joined"


CRISIS_TABLE: Mapping[tuple[CrisisState, CrisisInput], CrisisState] = {
    (CrisisState.NONE, CrisisInput.WE_OPEN): CrisisState.OPENED_BY_US,
    (CrisisState.NONE, CrisisInput.THEY_OPEN): CrisisState.OPENED_BY_THEM,
    (CrisisState.OPENED_BY_US, CrisisInput.JOIN): CrisisState.JOINED,
    (CrisisState.OPENED_BY_US, CrisisInput.ACCEPT): CrisisState.CLOSED,
    (CrisisState.OPENED_BY_US, CrisisInput.RETRACT): CrisisState.CLOSED,
    (CrisisState.OPENED_BY_THEM, CrisisInput.JOIN): CrisisState.JOINED,
    (CrisisState.OPENED_BY_THEM, CrisisInput.ACCEPT): CrisisState.CLOSED,
    (CrisisState.OPENED_BY_THEM, CrisisInput.RETRACT): CrisisState.CLOSED,
    (CrisisState.JOINED, CrisisInput.PROPOSE): CrisisState.CLOSURE_PROPOSED,
    (CrisisState.CLOSURE_PROPOSED, CrisisInput.REFUSE): CrisisState.JOINED,
    (CrisisState.CLOSURE_PROPOSED, CrisisInput.ACCEPT): CrisisState.CLOSED,
}
"""What happens in each state of a crisis.  A pair that is not here changes nothing."""


@dataclass(frozen=True, slots=True)
class Report:
    """One party's situation report for one tick; `late_s` by how many seconds it was late."""

    said: Said
    tick: int
    late_s: int


@dataclass(frozen=True, slots=True)
class Fact:
    """One of a party's own facts, as that party reported it; never merged with another party's."""

    party: PartyNumber
    said: Said
    what: str
    time: int | None


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What remains to be done after a closure; `due` in UTC seconds."""

    closure: Said
    number: int
    what: str
    by_whom: str
    due: int


@dataclass(frozen=True, slots=True)
class Overdue:
    """A party whose report for a tick has not come; `since` in UTC seconds."""

    party: PartyNumber
    tick: int
    since: int


@dataclass(frozen=True, slots=True)
class Crisis:
    """One crisis at one moment.

    asks_us   whether our party is asked to join; a member told for information only is not
    joined    when each party was in it: its opener from the opening, others from their joining, UTC seconds
    known     the same as our watch goes by it: never later than word of it came here, as nobody joins in the future
    closed    when the last acceptance was signed, UTC seconds
    proposal  the closure that waits for an answer, or was accepted
    """

    opening: Said
    state: CrisisState
    asks_us: bool
    joined: dict[PartyNumber, int]
    known: dict[PartyNumber, int]
    schedule: Schedule
    closed: int | None
    proposal: Said | None

    @property
    def is_open(self) -> bool:
        """Whether it still has to be closed."""
        return self.state is not CrisisState.CLOSED

    @property
    def since_both(self) -> int | None:
        """When a second party was in it, UTC seconds, as known here: from then on reports are owed."""
        times = sorted(self.known.values())
        return times[1] if len(times) > 1 else None


def crisis_of(book: Book, setting: Setting, opening: Said, utc: int) -> Crisis:
    """Return the crisis that `opening` (a C1) began, as it stands at `utc`."""
    joinings = joinings_of(book, setting, opening)
    joined = {party: said.statement.authored for party, said in joinings.items()}
    known = {party: min(said.statement.authored, said.arrived) for party, said in joinings.items()}
    state = _step(CrisisState.NONE, CrisisInput.WE_OPEN if opening.party == setting.own else CrisisInput.THEY_OPEN)
    others = joined.keys() - {opening.party}
    asks_us = setting.own in addressees(opening, setting)
    if setting.own in others or (others and not asks_us):
        state = _step(state, CrisisInput.JOIN)
    closed, proposal = None, None
    for retraction in book.changes(opening):
        if book.rule(retraction).code == "K4" and not others:
            state, closed = _step(state, CrisisInput.RETRACT), retraction.statement.authored
    for closure in _closures(book, opening):
        if state is CrisisState.CLOSED:
            break
        verdict, at = _verdict(book, setting, closure, joined, utc)
        if closure.party not in joined and verdict is not CrisisInput.ACCEPT:
            continue
        state, proposal = _step(state, CrisisInput.PROPOSE), closure
        if verdict is CrisisInput.ACCEPT:
            state, closed = _step(state, verdict), at
        elif verdict is CrisisInput.REFUSE:
            state, proposal = _step(state, verdict), None
    schedule = _schedule(book, setting, opening, joined, closed)
    return Crisis(opening, state, asks_us, joined, known, schedule, closed, proposal)


def _step(state: CrisisState, happening: CrisisInput) -> CrisisState:
    return CRISIS_TABLE.get((state, happening), state)


def joinings_of(book: Book, setting: Setting, opening: Said) -> dict[PartyNumber, Said]:
    """Return by what each party is in: the opening, or JOINED of one that it asks, released as the charter wants.

    UNDERSTOOD alone joins nobody.
    """
    joined = {opening.party: opening}
    for version in (opening, *_corrections(book, opening)):
        for said in in_order(book.naming(version.ref)):
            if said.party in addressees(version, setting) and _joins(book, opening, version, said):
                joined.setdefault(said.party, said)
    return joined


def _corrections(book: Book, opening: Said) -> list[Said]:
    return [change for change in book.changes(opening) if book.rule(change).code == "K1"]


def _joins(book: Book, opening: Said, version: Said, said: Said) -> bool:
    if book.rule(said).code != JOINING:
        return False
    reply = judge(book, version, book.rule(opening), said)
    return reply is not None and reply.happening is Input.ANSWER


def _closures(book: Book, opening: Said) -> list[Said]:
    """Return the proposals to close it that their authors let stand, in the order in which they were made."""
    found = [each for each in book.naming(opening.ref) if book.rule(each).code == "C3"]
    return sorted(found, key=lambda each: (each.statement.authored, each.place))


def _verdict(
    book: Book, setting: Setting, closure: Said, joined: dict[PartyNumber, int], utc: int
) -> tuple[CrisisInput | None, int]:
    """Return whether a closure was accepted by all who are in, refused by one, or waits (None); and when.

    One that does not ask all of them waits for ever: it takes another that does.
    """
    accepted = _assented(book, setting, closure, joined, "ACCEPT")
    if accepted is not None and all(change.statement.authored > accepted for change in book.changes(closure)):
        return CrisisInput.ACCEPT, accepted
    if book.standing(closure) is not Standing.CURRENT:
        return CrisisInput.REFUSE, 0
    for thread in _asked_of_all(book, setting, closure, joined, utc):
        if thread is not None and thread.state is State.EXPIRED:
            return CrisisInput.REFUSE, 0
        if thread is None or thread.state is not State.CLOSED or thread.answer is None:
            return None, 0
        if book.rule(thread.answer).code != "ACCEPT":
            return CrisisInput.REFUSE, 0
    return None, 0


def _assented(book: Book, setting: Setting, said: Said, joined: Collection[PartyNumber], code: str) -> int | None:
    """Return when the last of all who are in assented to a message by the reply `code`, UTC seconds, or None.

    Assent holds for good: what one officer says later about a closure or an interval that all have signed, be it a
    retraction of the assent, must not undo it for all.
    """
    asked, times = addressees(said, setting), [said.statement.authored]
    for party in setting.members:
        if party in joined and party != said.party:
            at = _first_assent(book, setting, said, party, code) if party in asked else None
            if at is None:
                return None
            times.append(at)
    return max(times)


def _first_assent(book: Book, setting: Setting, said: Said, party: PartyNumber, code: str) -> int | None:
    """Return when a party first closed the dialogue by the reply `code`, as nobody had yet taken anything back."""
    rule = book.owes(said)
    if rule is None:
        return None
    ask = replace(ask_of(book, setting, said, rule), end=None)
    replies: list[Reply] = []
    for each in in_order(each for each in book.naming(said.ref) if each.party == party):
        assents = book.rule(each).code == code
        reply = judge(book, said, rule, each, even_retracted=assents)
        replies += [reply] if reply is not None else []
        if assents and reply is not None and reply.happening is Input.ANSWER:
            thread = fold(ask, party, replies, each.statement.authored)
            if thread.state is State.CLOSED and thread.answer == each:
                return each.statement.authored
    return None


def _asked_of_all(
    book: Book, setting: Setting, said: Said, joined: Collection[PartyNumber], utc: int
) -> list[Thread | None]:
    """Return the dialogue with each member in the crisis but the author; None with one that the author did not ask.

    Its author names whom a message asks: asking nobody must not count as everybody's consent.
    """
    answers = {thread.party: thread for thread in threads_of(book, setting, said, utc)}
    return [answers.get(party) for party in setting.members if party in joined and party != said.party]


# ---------------------------------------------------------------- the clock


def _schedule(
    book: Book, setting: Setting, opening: Said, joined: dict[PartyNumber, int], closed: int | None
) -> Schedule:
    kind, body = book.rule(opening).kind, opening.statement.body
    for correction in _corrections(book, opening):
        given = embedded(book.rule(correction).kind, correction.statement.body, "data")
        body = given[1] if given is not None and given[0] == kind.number else body
    every = _bounded(duration(kind, body, "check_interval") or 0)
    grids = [(moment(kind, body, "next_contact") or opening.statement.authored + every, every)]
    ends: list[int | None] = []
    for change in in_order(book.naming(opening.ref)):
        at = _agreed(book, setting, opening, change, joined)
        given = None if at is None else embedded(book.rule(change).kind, change.statement.body, "changes")
        if at is None or given is None or given[0] != kind.number:
            continue
        every = _bounded(duration(kind, given[1], "check_interval") or every)
        grids.append((moment(kind, given[1], "next_contact") or at + every, every))
        ends.append(at)
    ends.append(closed)
    return Schedule(tuple(Segment(start, each, last) for (start, each), last in zip(grids, ends, strict=True)))


def _bounded(interval_s: int) -> int:
    return min(max(interval_s, INTERVAL_S_MIN), INTERVAL_S_MAX)


def _agreed(book: Book, setting: Setting, opening: Said, change: Said, joined: Collection[PartyNumber]) -> int | None:
    """Return when all who are in had understood a change of interval, or None; retracted only before that."""
    if not book.may_change(change, opening):
        return None
    at = _assented(book, setting, change, joined, "UNDERSTOOD")
    if at is None or not book.retracted(change):
        return at
    own = (each for each in book.naming(change.ref) if each.party == change.party and not book.retracted(each))
    retractions = (each.statement.authored for each in own if book.rule(each).code == RETRACTION)
    return at if min(retractions, default=at) > at else None


def reports(book: Book, crisis: Crisis, situation_reports: Iterable[Said]) -> dict[tuple[PartyNumber, int], Report]:
    """Return the first report of each party for each tick.

    A report is for the last tick before the one that it names as next, so a late one is not taken for an early one; but
    for none after the next that was to come when it was signed: nobody has reported what lies beyond.
    """
    found: dict[tuple[PartyNumber, int], Report] = {}
    for said in in_order_of_parties(situation_reports):
        kind = book.rule(said).kind
        next_due = moment(kind, said.statement.body, "next_due")
        coming = crisis.schedule.next_after(said.statement.authored)
        until = 0 if next_due is None else next_due - 1
        slot = crisis.schedule.last_until(until if coming is None else min(until, coming.due))
        if slot is None or said.party not in crisis.joined or book.retracted(said):
            continue
        late = max(0, said.statement.authored - slot.due)
        found.setdefault((said.party, slot.number), Report(said, slot.number, late))
    return found


def in_order_of_parties(statements: Iterable[Said]) -> list[Said]:
    """Return statements party by party, each party's in its own order."""
    by_party: dict[PartyNumber, list[Said]] = {}
    for said in statements:
        by_party.setdefault(said.party, []).append(said)
    return [said for party in sorted(by_party) for said in in_order(by_party[party])]


def overdue(book: Book, crisis: Crisis, situation_reports: Iterable[Said], utc: int) -> tuple[Overdue, ...]:
    """Return the parties whose report for the last tick has not come, at `utc`; a report for the next tick will do.

    One for a later tick, by a clock that is far ahead, says nothing of now.
    """
    slot = crisis.schedule.last_until(utc)
    if not crisis.is_open or slot is None or crisis.since_both is None:
        return ()
    newest: dict[PartyNumber, int] = {}
    for party, tick in reports(book, crisis, situation_reports):
        newest[party] = max(tick if tick <= slot.number + 1 else 0, newest.get(party, 0))
    return tuple(
        Overdue(party, slot.number, slot.due)
        for party, since in sorted(crisis.known.items())
        if max(since, crisis.since_both) < slot.due and newest.get(party, 0) < slot.number
    )


# ---------------------------------------------------------------- facts


def facts(book: Book, crisis: Crisis, situation_reports: Iterable[Said]) -> tuple[Fact, ...]:
    """Return every party's own facts, a column each, in the order in which it reported them."""
    found = []
    for said in in_order_of_parties(situation_reports):
        if said.party in crisis.joined and not book.retracted(said):
            kind = book.rule(said).kind
            for record in records(kind, said.statement.body, "own_facts"):
                when = record.values.get("time")
                at = when.seconds if isinstance(when, Instant) else None
                found.append(Fact(said.party, said, record.values["what"].text(), at))
    return tuple(found)


def candidates(found: Sequence[Fact], agreed: Sequence[Said], book: Book) -> tuple[tuple[Fact, Fact], ...]:
    """Return pairs of two parties' own facts with one time, for which there is no agreed fact: people may agree."""
    times = {moment(book.rule(each).kind, each.statement.body, "time") for each in agreed}
    return tuple(
        (one, two)
        for at, one in enumerate(found)
        for two in found[at + 1 :]
        if one.party != two.party and one.time is not None and one.time == two.time and one.time not in times
    )


def agreed_facts(
    book: Book, setting: Setting, crisis: Crisis, statements: Iterable[Said], utc: int
) -> tuple[Said, ...]:
    """Return the facts (C4) that every party in the crisis has signed: its author, and the others by ACCEPT."""
    return tuple(
        said
        for said in in_order_of_parties(statements)
        if said.party in crisis.joined and book.standing(said) is Standing.CURRENT
        if _all_accept(book, setting, crisis, said, utc)
    )


def _all_accept(book: Book, setting: Setting, crisis: Crisis, said: Said, utc: int) -> bool:
    return all(
        thread is not None and thread.answer is not None and book.rule(thread.answer).code == "ACCEPT"
        for thread in _asked_of_all(book, setting, said, crisis.joined, utc)
    )


def follow_ups(book: Book, crisis: Crisis) -> tuple[FollowUp, ...]:
    """Return what the accepted closure says remains to be done; nothing before it is accepted."""
    closure = crisis.proposal
    if closure is None or crisis.is_open:
        return ()
    kind, body = book.rule(closure).kind, closure.statement.body
    return tuple(
        FollowUp(closure, number, record.values["what"].text(), record.values["by_whom"].text(), due.seconds)
        for number, record in enumerate(records(kind, body, "follow_ups"))
        if isinstance(due := record.values["due"], Instant)
    )
