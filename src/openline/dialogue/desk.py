"""One line's desk: the meaning of what was said there, at one party.

    desk = Desk(own, members, Rules(CATALOGUE, charter.rules), evidence)
    events = desk.heard(said, utc)        every verified statement of the line, our own included, in any order
    events = desk.wake(utc)               not later than desk.next_wake(utc)
    rows   = desk.rows()                  what changed since the last call: make it durable with the same batch
    alarms = desk.alarms(utc)             the whole list in force

Where a message's dialogues stand is computed from the statements alone (`dialogues`), so both ends agree.  The desk
adds what is local: what it told already, reminders, silenced alarms, deputies called.  After a restart, `restore`.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from openline.catalogue.kinds import Kind
from openline.charter import Role
from openline.dialogue.alarming import alarms_of
from openline.dialogue.book import Book
from openline.dialogue.crises import Crises
from openline.dialogue.crossing import crossed
from openline.dialogue.dialogues import Evidence, NoEvidence, Setting, promise, threads_of
from openline.dialogue.errors import UnknownMessage
from openline.dialogue.escalation import NOBODY, Call, Escalation, Rota
from openline.dialogue.events import Alarm, Event, EventKind
from openline.dialogue.local import Local, Row
from openline.dialogue.replying import (
    DeadlineWarning,
    allowed_changes,
    allowed_replies,
    check_reference,
    check_reply,
    deadline_warning,
    late_by,
)
from openline.dialogue.room import to_set_aside
from openline.dialogue.rules import Alternatives, Rule, Rules
from openline.dialogue.said import Said, decode_said, encode_said, said_key
from openline.dialogue.states import ENDED, Standing, State
from openline.dialogue.status import MessageStatus, status_of
from openline.dialogue.thread import Thread
from openline.identifiers import REF_BYTES, Digest, PartyNumber
from openline.wire.statement import GENERATION_KIND, Body, Precedence, Statement

STATEMENTS_MAX = 20_000  # held in memory: twice a full outbox; beyond, who said more than its share lets some go
TEXTS_MAX = 1_000  # texts and other messages that nobody owes an answer to, held for their status only
FAMILY_MAX = 256  # statements looked at again because one of them changed: a crisis opening and its answers
CROSSED_MAX = 16  # messages of another party compared with one of ours, nearest in time: officers read no more marks
TABLE = "said"
REMINDER = "REMINDER: set here for this message"

_AT_EASE = frozenset({State.PENDING, State.OPEN})


class Desk:
    """What one party knows of the dialogues of one line."""

    def __init__(
        self,
        own: PartyNumber,
        members: Iterable[PartyNumber],
        rules: Rules,
        evidence: Evidence | None = None,
        rota: Rota = NOBODY,
        roles: Mapping[PartyNumber, Role] | None = None,
        joined: Mapping[PartyNumber, int] | None = None,
    ) -> None:
        self.book = Book(rules)
        self.setting = Setting(own, tuple(sorted(members)), evidence or NoEvidence(), roles or {}, joined or {})
        self.local = Local()
        self.crises = Crises(self.book, self.setting, self.local)
        self.escalation = Escalation(rota)
        self._threads: dict[bytes, tuple[Thread, ...]] = {}
        self._standing: dict[bytes, Standing] = {}
        self._alarms: dict[bytes, list[Alarm]] = {}
        self._texts: dict[bytes, Said] = {}
        self._openers: dict[PartyNumber, list[tuple[int, bytes]]] = {}
        self._wake: dict[bytes, int] = {}
        self._clock: list[tuple[int, bytes]] = []
        self._dirty: dict[tuple[str, bytes], bytes | None] = {}

    # ------------------------------------------------------------ what happens

    def heard(self, said: Said, utc: int) -> Sequence[Event]:
        """Take one verified statement of this line; return what it changes.

        Raises UnknownKind if the catalogue has no such kind: then say ERROR, for the two catalogues differ.
        """
        if said.statement.kind == GENERATION_KIND:
            return ()
        rule = self.book.rules.of(said.statement.kind)
        if not rule.watched:
            self._texts[said.ref] = said
            if len(self._texts) > TEXTS_MAX:
                del self._texts[next(iter(self._texts))]
            return ()
        aside = self._beyond(said, utc)
        if not self._take(said, rule):
            return tuple(aside)
        self._dirty[TABLE, said_key(said)] = encode_said(said)
        events = aside + self._first_look(said, rule)
        if self.book.is_new(said) and rule.kind.group != "crisis":
            return events + self._begin(said, utc) + self._room_and_calls(utc)
        return events + self._look_at_family(said, utc) + self._room_and_calls(utc)

    def heard_again(self, said: Said, utc: int) -> Sequence[Event]:
        """Take words that are here already, and stand at another place of their station's log too; return what changes.

        The first place of the two is where they were said.  A station that goes on from an older copy of itself says
        again what it has no receipts of, and that may come here before the first saying does.
        """
        before = self.book.said.get(said.ref)
        if before is None or before.station != said.station or before.place <= said.place:
            return ()
        first = replace(before, generation=said.generation, seq=said.seq)
        self.book.move(first)
        self.crises.move(before, first)
        self._dirty[TABLE, said_key(before)] = None
        self._dirty[TABLE, said_key(first)] = encode_said(first)
        return self._look_at_family(first, utc) + self._calls(utc)

    def wake(self, utc: int) -> Sequence[Event]:
        """Let time pass to `utc` (UTC seconds); return what fell due."""
        events: list[Event] = []
        while self._clock and self._clock[0][0] <= utc:
            at, ref = heapq.heappop(self._clock)
            if self._wake.get(ref) == at:
                del self._wake[ref]
                events += self._refresh(self.book.said[ref], utc)
        events += self._remind(utc)
        events += self.crises.wake(utc)
        return events + self._calls(utc)

    def next_wake(self, utc: int) -> int | None:
        """Return when to call `wake` next, UTC seconds; None if nothing is waited for."""
        while self._clock and self._wake.get(self._clock[0][1]) != self._clock[0][0]:
            heapq.heappop(self._clock)
        times = [self._clock[0][0]] if self._clock else []
        others = (self.local.next_reminder(), self.crises.next_wake(utc), self.escalation.next_call())
        times += [at for at in others if at is not None]
        return min(times, default=None)

    # ------------------------------------------------------------ questions

    def message(self, digest: bytes) -> Said:
        """Return a message that this desk holds, by its digest or the 20 bytes of a ref.  Raises UnknownMessage."""
        said = self.book.said.get(digest[:REF_BYTES]) or self._texts.get(digest[:REF_BYTES])
        if said is None:
            raise UnknownMessage("no such message is held at this desk", hint="Look it up in the record.")
        return said

    def threads(self, digest: bytes, utc: int) -> tuple[Thread, ...]:
        """Return where the dialogue with each addressee stands at `utc`.  Raises UnknownMessage."""
        return threads_of(self.book, self.setting, self.message(digest), utc)

    def standing(self, digest: bytes, said: Said | None = None) -> Standing:
        """Return what its author has since said of a message.

        said: the message from the record, if it is older than what the desk holds.  Raises UnknownMessage.
        """
        message = said or self.message(digest)
        known = message.statement.kind in self.book.rules.table
        return self.book.standing(message) if known else Standing.CURRENT

    def status(self, digest: bytes, utc: int, said: Said | None = None) -> MessageStatus:
        """Return the five statuses of a message for each addressee and station.

        said: the message from the record, if it is older than what the desk holds.  Raises UnknownMessage.
        """
        message = said or self.message(digest)
        receipts = self.setting.evidence.receipts(*message.place)
        threads = threads_of(self.book, self.setting, message, utc)
        return status_of(self.book, message, self.setting, receipts, threads)

    def crossed(self, digest: bytes) -> tuple[Said, ...]:
        """Return the messages of other parties that crossed with this one.  Raises UnknownMessage."""
        said = self.message(digest)
        others = [
            self.book.said[ref]
            for party, openers in self._openers.items()
            if party != said.party
            for _, ref in _nearest(openers, said.statement.authored)
        ]
        return tuple(other for other in others if crossed(self.book, self.setting, said, other))

    def counts_for_nothing(self, digest: bytes, utc: int) -> str:
        """Return why a reply or change counts for nothing, in words; empty if it counts.  Raises UnknownMessage."""
        said = self.message(digest)
        about = self.book.named_by(said)
        threads = threads_of(self.book, self.setting, about, utc) if about is not None else ()
        refused = [why for thread in threads for each, why in thread.refused if each.digest == said.digest]
        return next(iter(refused), "") or self.book.void_change(said)

    def late_by(self, digest: bytes) -> int:
        """Return by how many seconds a message came LATE; 0 if in time.  Raises UnknownMessage."""
        return late_by(self.book, self.message(digest))

    def due(self) -> list[tuple[Said, Thread]]:
        """Return every dialogue in which somebody owes something, earliest first, as of the last `heard` or `wake`."""
        found = [
            (thread.due, self.book.said[ref], thread)
            for ref, threads in self._threads.items()
            for thread in threads
            if thread.due is not None
        ]
        return [(said, thread) for _, said, thread in sorted(found, key=lambda each: (each[0], each[1].digest))]

    def alarms(self, utc: int) -> list[Alarm]:
        """Return the alarms in force, most urgent first: those of our own dialogues, duties and crises.

        As of the last `heard` or `wake`; sound once for each `situation`.
        """
        found = self.crises.alarms(utc)
        for alarms in self._alarms.values():
            found += alarms
        found += [
            Alarm(digest, Precedence.ROUTINE, at, digest, self.setting.own, REMINDER)
            for at, digest in self.local.reminders()
            if at <= utc and self._is_wanted(digest)
        ]
        found = [alarm for alarm in found if not self.local.is_silenced(alarm)]
        return sorted(found, key=lambda alarm: (-alarm.urgency, alarm.since, alarm.digest, alarm.party))

    def calls(self) -> list[Call]:
        """Return the deputies called for what nobody has attended to yet, as of the last `heard` or `wake`."""
        return self.escalation.calls()

    # ------------------------------------------------------------ before we speak

    def allowed_replies(self, digest: bytes, utc: int) -> tuple[Kind, ...]:
        """Return the replies our officer may give now: the buttons, and no others.  Raises UnknownMessage."""
        return allowed_replies(self.book, self.setting, self.message(digest), utc)

    def check_reply(
        self, digest: bytes, reply: Kind, body: Body, utc: int, *, deliberate: bool = False
    ) -> Alternatives:
        """Return who must sign our reply to a message; empty: the officer on duty alone.

        Raises UnknownMessage, NotAnAnswer, LateByOneKey (`deliberate`: the officer took a second step).
        """
        said = self.message(digest)
        return check_reply(self.book, self.setting, said, reply, body, utc, deliberate=deliberate)

    def allowed_changes(self, digest: bytes) -> tuple[Kind, ...]:
        """Return the kinds by which our party may change a message now.  Raises UnknownMessage."""
        return allowed_changes(self.book, self.setting, self.message(digest))

    def check_reference(self, statement: Statement) -> None:
        """Raise NotAnAnswer unless what we are about to say names a message that it may be about."""
        check_reference(self.book, self.setting, statement)

    def deadline_warning(self, statement: Statement) -> DeadlineWarning | None:
        """Return a form's warning that the answer is asked for after the event has begun."""
        return deadline_warning(self.book, statement)

    # ------------------------------------------------------------ local acts

    def remind(self, digest: bytes, at: int) -> None:
        """Set the asker's own reminder for a message, UTC seconds; 0 takes it away.  Raises UnknownMessage.

        Once it has come it is an alarm here, until it is set anew or taken away, or nobody owes anything any more.
        """
        self.local.remind(self.message(digest).digest, at)

    def reminder(self, digest: bytes) -> int | None:
        """Return for when a reminder is set for a message here, UTC seconds; None if none is."""
        return next((at for at, each in self.local.reminders() if each == digest), None)

    def silence(self, alarm: Alarm) -> None:
        """Stop one alarm from sounding; it sounds again when its words change."""
        self.local.silence(alarm)

    def attend(self, situation: bytes) -> None:
        """An officer has taken this situation: call no further deputy for it."""
        if self.escalation.attend(situation):
            self.local.attend(situation)

    def follow_up(self, closure: bytes, number: int, by: bytes | None) -> None:
        """Tick off a follow-up of a crisis's closure, naming the message that fulfils it; None takes the tick away.

        Raises UnknownMessage.
        """
        done = None if by is None else self.message(by).digest
        self.local.follow_up(self.message(closure).digest, number, done)

    # ------------------------------------------------------------ rows

    def rows(self) -> list[Row]:
        """Return (table, key, value) of all that changed since the last call; value None: forget the row."""
        rows: list[Row] = [(table, key, value) for (table, key), value in self._dirty.items()]
        self._dirty.clear()
        return rows + self.local.rows()

    def restore(self, rows: Iterable[Row], utc: int) -> None:
        """Take back every row that was kept, in any order, at start; then call `alarms` and `next_wake`."""
        for table, key, value in rows:
            if value is None:
                continue
            if table == TABLE:
                said = decode_said(key, value)
                self._take(said, self.book.rule(said))
            else:
                self.local.restore(table, key, value)
        for said in list(self.book.said.values()):
            self._refresh(said, utc)
        self.crises.refresh(utc)
        self._calls(utc)
        for situation in self.local.attended():
            self.escalation.attend(situation)
        if len(self.book) > STATEMENTS_MAX:
            self._make_room(utc)  # what has ended leaves the disk too: else it is read again at each start

    # ------------------------------------------------------------ inside

    def _beyond(self, said: Said, utc: int) -> list[Event]:
        """Tell which statement has no room beside this new one: its party has named the same message too often."""
        last = self.book.no_room_for(said)
        if last is None:
            return []
        live = any(thread.state not in ENDED for thread in threads_of(self.book, self.setting, last, utc))
        return [Event(EventKind.SET_ASIDE, last.digest, self.setting.own, utc, f"{int(live)} still open")]

    def _take(self, said: Said, rule: Rule) -> bool:
        last = self.book.no_room_for(said)
        if last is not None and last is not said:
            self._let_go(last)
        if not self.book.add(said):
            return False
        if rule.opens:
            insort(self._openers.setdefault(said.party, []), (said.statement.authored, said.ref))
        self.crises.note(said)
        return True

    def _first_look(self, said: Said, rule: Rule) -> list[Event]:
        """Return what is to be told of a statement itself, apart from what it changes."""
        authored, named = said.statement.authored, self.book.named_by(said)
        about = named.digest if named else None
        events = []
        if rule.opens:
            events.append(Event(EventKind.OPENED, said.digest, said.party, authored, rule.code, about))
            late = late_by(self.book, said) if said.party != self.setting.own else 0
            if late:
                events.append(Event(EventKind.LATE, said.digest, said.party, said.arrived, f"LATE by {late} s"))
            events += [
                Event(EventKind.CROSSED, said.digest, said.party, authored, "", other.digest)
                for other in (self.crossed(said.digest) if len(self._openers) > 1 else ())
            ]
        receipt = {"ACKNOWLEDGED": EventKind.ACKNOWLEDGED, "PASSED-ON": EventKind.PASSED_ON}.get(rule.code)
        if receipt is not None:
            events.append(Event(receipt, said.digest, said.party, authored, "", about))
        return events

    def _look_at_family(self, said: Said, utc: int) -> list[Event]:
        events: list[Event] = []
        family = self._family(said)
        for each in family:
            events += self._refresh(each, utc)
        if any(self.book.rule(each).kind.group == "crisis" for each in family):
            self.crises.follow(family)
            events += self.crises.refresh(utc)
        return events

    def _family(self, said: Said) -> list[Said]:
        """Return the statements whose dialogues this one may have changed, itself among them.

        However many there are, those on the way from it up to the first are looked at; of the others those that ask for
        an answer come first.
        """
        top, way = said, [said]
        while (above := self.book.named_by(top)) is not None:
            rule, top = self.book.rule(top), above
            way.append(top)
            if not (rule.is_reply or rule.is_change):
                break
        queue = [top]
        for each in queue:
            below = sorted(self.book.naming(each.ref), key=lambda other: not self.book.rule(other).opens)
            queue += below[: FAMILY_MAX - len(queue)]
        related = [other for each in queue for other in (each, *self.book.series(each))]
        return list({other.ref: other for other in (*way[:FAMILY_MAX], *related)}.values())

    def _refresh(self, said: Said, utc: int) -> list[Event]:
        """Look at a message's dialogues again; return what is different from the last look."""
        ref = said.ref
        before = {thread.party: thread for thread in self._threads.get(ref, ())}
        threads = threads_of(self.book, self.setting, said, utc)
        if threads or before:
            self._threads[ref] = threads
        events = [event for thread in threads for event in _moved(said, before.get(thread.party), thread, utc)]
        standing = self.book.standing(said)
        if standing is not self._standing.get(ref, Standing.CURRENT):
            self._standing[ref] = standing
            events.append(Event(EventKind.STANDING, said.digest, said.party, utc, standing))
        events += self._look_for_alarms(said, threads, utc)
        self._set_clock(said, threads, utc)
        return events

    def _look_for_alarms(self, said: Said, threads: Sequence[Thread], utc: int) -> list[Event]:
        crisis = self.book.rule(said).kind.group == "crisis"
        situation = self.crises.situation(said) if crisis else said.digest
        alarms = alarms_of(self.book, self.setting, said, threads, situation, utc)
        known = {(alarm.party, alarm.words) for alarm in self._alarms.get(said.ref, ())}
        if alarms:
            self._alarms[said.ref] = alarms
        else:
            self._alarms.pop(said.ref, None)
        return [
            Event(EventKind.ALARM, alarm.digest, alarm.party, alarm.since, alarm.words)
            for alarm in alarms
            if (alarm.party, alarm.words) not in known
        ]

    def _set_clock(self, said: Said, threads: Sequence[Thread], utc: int) -> None:
        times = [time for thread in threads if (time := thread.next_time(utc)) is not None]
        promised = promise(self.book, said)
        if promised is not None and promised > utc:
            times.append(promised)
        if not times:
            self._wake.pop(said.ref, None)
        elif self._wake.get(said.ref) != min(times):
            self._wake[said.ref] = min(times)
            heapq.heappush(self._clock, (min(times), said.ref))
        if len(self._clock) > 2 * STATEMENTS_MAX + len(self._wake):
            self._clock = [(when, ref) for ref, when in self._wake.items()]
            heapq.heapify(self._clock)

    def _begin(self, said: Said, utc: int) -> list[Event]:
        """Take up the dialogues of a new message, most of the traffic: look for nothing that cannot be there."""
        threads = self._threads[said.ref] = threads_of(self.book, self.setting, said, utc)
        self._set_clock(said, threads, utc)
        at_ease = all(thread.state in _AT_EASE and not thread.unacknowledged(utc) for thread in threads)
        if at_ease and not self.book.rule(said).promises:
            return []
        events = [event for thread in threads for event in _moved(said, None, thread, utc)]
        return events + self._look_for_alarms(said, threads, utc)

    def _room_and_calls(self, utc: int) -> list[Event]:
        room = self._make_room(utc) if len(self.book) > STATEMENTS_MAX else []
        return room + self._calls(utc)

    def _calls(self, utc: int) -> list[Event]:
        """Call the next deputy for whatever waits for our watch."""
        if not self.escalation.rota.steps:
            return []
        situations = self.crises.waiting()
        for alarms in self._alarms.values():
            for alarm in alarms:
                if alarm.ours and not self.local.is_silenced(alarm):
                    since = self._waits_since(alarm)
                    situations[alarm.situation] = min(since, situations.get(alarm.situation, since))
        calls = self.escalation.watch(situations, utc)
        for situation in self.local.attended():
            if self.escalation.is_over(situation):
                self.local.no_longer_attended(situation)
        return [Event(EventKind.CALL, Digest(call.situation), self.setting.own, call.at, call.whom) for call in calls]

    def _waits_since(self, alarm: Alarm) -> int:
        """Return since when our watch has known what an alarm is about, UTC seconds: deputies are called from then on.

        Signed times are claims: by a false one no deputy would be called, or the one of another hour.
        """
        ref = alarm.digest[:REF_BYTES]
        came, since = self.book.said[ref].arrived, alarm.since
        for thread in self._threads.get(ref, ()):
            if thread.party == alarm.party and thread.moved_by is not None:
                came = max(came, thread.moved_by.arrived)
                since = came if since == thread.moved_by.statement.authored else since
        return max(since, came)

    def _remind(self, utc: int) -> list[Event]:
        """Tell of the reminders that have come; let those go of which the dialogue has ended."""
        events = []
        for digest in self.local.newly_due(utc):
            if self._is_wanted(digest):
                events.append(Event(EventKind.REMINDER, digest, self.setting.own, utc))
            else:
                self.local.remind(digest, 0)
        return events

    def _is_wanted(self, digest: Digest) -> bool:
        """Return whether a reminder still has something to remind of: a text never ends."""
        threads = self._threads.get(digest[:REF_BYTES], ())
        return not threads or any(thread.state not in ENDED for thread in threads)

    def _make_room(self, utc: int) -> list[Event]:
        """Let statements go from memory until a tenth is free (`room`)."""
        leaving = to_set_aside(self.book, self._is_live, STATEMENTS_MAX * 9 // 10)
        live = sum(1 for said in leaving if self._is_live(said))
        for said in leaving:
            self._let_go(said)
        return [Event(EventKind.SET_ASIDE, leaving[0].digest, self.setting.own, utc, f"{live} still open")]

    def _is_live(self, said: Said) -> bool:
        """Return whether an answer to it is owed, or it opened a crisis that needs our watch and is not closed."""
        if self.book.rule(said).kind.crisis == "opens" and said.digest in self.crises.waiting():
            return True
        return any(thread.state not in ENDED for thread in self._threads.get(said.ref, ()))

    def _let_go(self, said: Said) -> None:
        """Forget a statement in memory; on disk too if it has ended.  The record keeps every entry in any case."""
        self.book.remove(said)
        if not self._is_live(said):
            self._dirty[TABLE, said_key(said)] = None
        openers = self._openers.get(said.party, [])
        at = bisect_left(openers, (said.statement.authored, said.ref))
        if at < len(openers) and openers[at][1] == said.ref:
            del openers[at]
        for memory in (self._threads, self._standing, self._alarms, self._wake):
            memory.pop(said.ref, None)
        self.crises.forget(said)


def _nearest(openers: Sequence[tuple[int, bytes]], authored: int) -> Sequence[tuple[int, bytes]]:
    at = bisect_left(openers, (authored, b""))
    return openers[max(0, at - CROSSED_MAX // 2) : at + CROSSED_MAX // 2]


def _moved(said: Said, before: Thread | None, thread: Thread, utc: int) -> list[Event]:
    """Return what is different in one dialogue since the last look."""
    events = []
    was = before.state if before else State.PENDING
    quiet = before is None and thread.state is State.OPEN
    if thread.state is not was and not quiet:
        at = min(thread.since, utc)
        words = f"{was} → {thread.state}" + (f", LATE by {thread.late_s} s" if thread.late_s else "")
        about = thread.answer.digest if thread.answer else None
        events.append(Event(EventKind.STATE, said.digest, thread.party, at, words, about))
    known = {(refused.digest, why) for refused, why in before.refused} if before else set()
    events += [
        Event(EventKind.REFUSED, refused.digest, refused.party, utc, why, said.digest)
        for refused, why in thread.refused
        if (refused.digest, why) not in known
    ]
    return events
