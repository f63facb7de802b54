"""One hour of a crisis, minute by minute, as an exercise sets it: Alba lost a target aircraft, Bora sees an object.

Bora opens the crisis, Alba joins it; both report every five minutes; one report is late, one warning is sent by mistake
and retracted; the closure holds only when both have signed.  After every act both desks must be of one mind.

Two acts stand here that the exercise's table only implies, because a desk asks for them: changed facts are read back
(18:43:40), and the unit that was told of the incident is told of its update (18:47:50).
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from openline.catalogue.kinds.values import Json
from openline.dialogue import CrisisState, EventKind, Said, Standing, State
from openline.dialogue.ticks import next_check
from openline.identifiers import PartyNumber
from tests.dialogue.kit import ALBA, BORA, DELEGATED, TWO, Line, at

N8: dict[str, Json] = {
    "object": "unmanned aircraft", "object_detail": "small", "first_seen": "2017-12-09T18:26Z",
    "place": "38.65N 129.70E", "heading": 305, "speed": "90 kt", "effect": "none", "yours": "is it yours",
}  # fmt: skip
N7: dict[str, Json] = {
    "type": "system failure", "time": "2017-12-09T18:24Z", "place": "38.62N 129.75E", "object": "unmanned aircraft",
    "object_detail": "target aircraft", "heading": 305, "armed": "NO", "self_destruct": "UNKNOWN",
    "state": "continuing", "cause_status": "not known", "cause": "UNKNOWN", "hostile_intent": "none",
    "casualties": "UNKNOWN",
    "steps_taken": "control link being tried", "next_update_by": "2017-12-09T18:57Z",
}  # fmt: skip
RIGHT = {"time": "18:24Z", "place": "38.62N 129.75E", "armed": "NO"}
C1: dict[str, Json] = {
    "reason": "unidentified object and incident", "check_interval": "5 min", "next_contact": "2017-12-09T18:38Z",
}  # fmt: skip
K2: dict[str, Json] = {
    "changes": {
        "kind": "N7",
        "fields": {
            "state": "ended", "end_time": "2017-12-09T18:41Z", "end_place": "38.86N 129.30E", "cause_status": "assumed",
            "cause": "control link lost", "casualties": "UNKNOWN",
        },
    }
}  # fmt: skip
C3: dict[str, Json] = {
    "conditions_met": ["object down", "own facts exchanged", "no movement by either since 18:33Z"],
    "follow_ups": [{"what": "technical note", "by_whom": "alba", "to_whom": "bora", "due": "2017-12-12T19:31Z"}],
}  # fmt: skip
UNIT: dict[str, Json] = {"unit": "air defence unit", "means": "telephone"}
TICKS = ["18:38", "18:43", "18:48", "18:53", "18:58", "19:03", "19:08", "19:13", "19:18", "19:23", "19:28"]
NOTE_DUE = 1_513_107_060  # 2017-12-12T19:31:00Z


def report(due: str, what: str = "") -> dict[str, Json]:
    """A situation report for a tick; with a fact if something is to be said."""
    next_due = f"2017-12-09T{_plus(due, 5)}Z"
    fields: dict[str, Json] = {"period": f"2017-12-09T{_plus(due, -5)}Z/2017-12-09T{due}Z", "next_due": next_due}
    if not what:
        return fields | {"news": "nothing changed"}
    return fields | {"news": "changed", "own_facts": [{"what": what, "time": "2017-12-09T18:41Z"}]}


def _plus(clock: str, minutes: int) -> str:
    hour, minute = (int(part) for part in clock.split(":"))
    total = hour * 60 + minute + minutes
    return f"{total // 60:02d}:{total % 60:02d}"


class Hour:
    """The hour as it is played, up to where a test wants to look."""

    def __init__(self) -> None:
        self.line = Line()
        self.said: dict[str, Said] = {}
        self.steps: list[tuple[str, Callable[[], object]]] = [
            ("18:27:00", self.bora_asks),
            ("18:27:20", self.alba_reports),
            ("18:27:50", lambda: self.receipt(BORA, "N7", "18:27:50")),
            ("18:28:10", lambda: self.receipt(ALBA, "N8", "18:28:10")),
            ("18:29:30", lambda: self.read_back("N7", "18:29:30", RIGHT | {"time": "18:42Z"})),
            ("18:30:40", lambda: self.read_back("N7", "18:30:40", RIGHT)),
            ("18:31:00", lambda: self.pass_on("N7", "18:31:00")),
            ("18:31:10", self.alba_says_yes),
            ("18:33:00", self.bora_opens),
            ("18:35:20", self.alba_joins),
            ("18:38", lambda: self.reports("18:38")),
            ("18:43", self.both_saw_it_fall),
            ("18:43:40", self.each_reads_the_others_fact_back),
            ("18:45", self.alba_updates),
            ("18:47:30", self.bora_reads_the_update_back),
            ("18:47:50", lambda: self.pass_on("K2", "18:47:50")),
            ("18:48", lambda: self.report(BORA, "18:48", "18:48")),
            ("18:49:30", lambda: self.report(ALBA, "18:48", "18:49:30")),
            ("18:50:00", self.alba_warns_by_mistake),
            ("18:50:30", lambda: self.receipt(BORA, "S2", "18:50:30")),
            ("18:50:40", lambda: self.pass_on("S2", "18:50:40")),
            ("18:51:10", self.alba_retracts),
            ("18:52:05", lambda: self.read_back("K4", "18:52:05", {})),
            ("18:52:20", lambda: self.pass_on("K4", "18:52:20")),
            *((due, lambda due=due: self.reports(due)) for due in TICKS[3:9]),
            ("19:20", self.alba_proposes_closure),
            ("19:23", lambda: self.reports("19:23")),
            ("19:28", lambda: self.reports("19:28")),
            ("19:31", self.bora_accepts),
        ]

    def until(self, clock: str) -> Hour:
        """Play every step up to and with `clock`; time passes at both desks every ten seconds."""
        end = at(clock)
        for when, step in self.steps:
            if at(when) > end:
                break
            self.pass_time(at(when))
            step()
        self.steps = [(when, step) for when, step in self.steps if at(when) > end]
        self.pass_time(end)
        self.line.wake(end)
        return self

    def pass_time(self, end: int) -> None:
        for utc in range(self.line.utc, end, 10):
            self.line.wake(utc)

    def bora_asks(self) -> None:
        self.said["N8"] = self.line.say(BORA, "N8", at("18:27:00"), N8)

    def alba_reports(self) -> None:
        self.said["N7"] = self.line.say(ALBA, "N7", at("18:27:20"), N7)

    def receipt(self, party: PartyNumber, about: str, clock: str) -> None:
        self.line.say(party, "ACKNOWLEDGED", at(clock), about=self.said[about])

    def read_back(self, about: str, clock: str, typed: dict[str, str]) -> None:
        self.line.hear(self.line.writers[BORA].read_back(self.said[about], at(clock), typed))

    def pass_on(self, about: str, clock: str) -> None:
        fields = UNIT | {"time": f"2017-12-09T{clock}Z", "officer": 2}
        self.said[f"{about} passed on"] = self.line.say(BORA, "PASSED-ON", at(clock), fields, about=self.said[about])

    def alba_says_yes(self) -> None:
        self.line.say(ALBA, "YES", at("18:31:10"), about=self.said["N8"], by=TWO)

    def bora_opens(self) -> None:
        self.said["C1"] = self.line.say(BORA, "C1", at("18:33:00"), C1, by=TWO)

    def alba_joins(self) -> None:
        typed = {"check_interval": "5 min", "next_contact": "18:38Z"}
        self.line.hear(self.line.writers[ALBA].read_back(self.said["C1"], at("18:35:20"), typed, by=TWO))

    def report(self, party: PartyNumber, due: str, clock: str, what: str = "") -> Said:
        return self.line.say(party, "C2", at(clock), report(due, what))

    def reports(self, due: str) -> None:
        self.report(BORA, due, due)
        self.report(ALBA, due, due)

    def both_saw_it_fall(self) -> None:
        self.said["left"] = self.report(BORA, "18:43", "18:43", "object left our screens")
        self.said["fell"] = self.report(ALBA, "18:43", "18:43", "object fell in the sea")

    def each_reads_the_others_fact_back(self) -> None:
        typed = {"own_facts.1.time": "18:41Z"}
        self.line.hear(self.line.writers[ALBA].read_back(self.said["left"], at("18:43:40"), typed))
        self.line.hear(self.line.writers[BORA].read_back(self.said["fell"], at("18:43:40"), typed))

    def alba_updates(self) -> None:
        self.said["K2"] = self.line.say(ALBA, "K2", at("18:45"), K2, about=self.said["N7"])

    def bora_reads_the_update_back(self) -> None:
        typed = {
            "state": "ended", "end_time": "18:41Z", "end_place": "38.86N 129.30E", "cause_status": "assumed",
            "casualties": "UNKNOWN",
        }  # fmt: skip
        self.read_back("K2", "18:47:30", typed)

    def alba_warns_by_mistake(self) -> None:
        fields: dict[str, Json] = {"danger": "live firing", "where": "38.9N 129.3E", "when": "2017-12-09T18:50Z/.."}
        self.said["S2"] = self.line.say(ALBA, "S2", at("18:50:00"), fields)

    def alba_retracts(self) -> None:
        fields: dict[str, Json] = {"cause": "sent in error", "tell": "whoever was told"}
        self.said["K4"] = self.line.say(ALBA, "K4", at("18:51:10"), fields, about=self.said["S2"])

    def alba_proposes_closure(self) -> None:
        self.said["C3"] = self.line.say(ALBA, "C3", at("19:20"), C3, about=self.said["C1"], by=DELEGATED)

    def bora_accepts(self) -> None:
        self.line.say(BORA, "ACCEPT", at("19:31"), about=self.said["C3"], by=DELEGATED)

    # what both consoles say

    def state(self, name: str) -> State:
        return self.line.state(self.said[name])

    def crisis(self, party: PartyNumber) -> CrisisState:
        return self.line.desks[party].crises.state(self.line.utc)

    def overdue(self) -> list[tuple[int, int]]:
        """Parties whose report is overdue, with since when; both desks must agree."""
        views = [desk.crises.view(self.said["C1"].digest, self.line.utc) for desk in self.line.desks.values()]
        assert views[0].overdue == views[1].overdue
        return [(each.party, each.since) for each in views[0].overdue]

    def sounds(self, party: PartyNumber) -> set[bytes]:
        return {alarm.situation for alarm in self.line.desks[party].alarms(self.line.utc)}

    def words(self, party: PartyNumber) -> list[str]:
        return [alarm.words for alarm in self.line.desks[party].alarms(self.line.utc)]


@pytest.fixture
def hour() -> Hour:
    return Hour()


def test_18_27_both_messages_are_open_each_by_its_own_clock_and_crossed(hour: Hour) -> None:
    hour.until("18:27:20")
    n8, n7 = hour.said["N8"], hour.said["N7"]
    assert (hour.state("N8"), hour.line.thread(n8).due) == (State.OPEN, at("18:32:00"))
    assert (hour.state("N7"), hour.line.thread(n7).due) == (State.OPEN, at("18:32:20"))
    for desk in hour.line.desks.values():
        assert desk.crossed(n7.digest) == (n8,)
        assert desk.crossed(n8.digest) == (n7,)
    buttons = [kind.code for kind in hour.line.desks[ALBA].allowed_replies(n8.digest, hour.line.utc)]
    assert sorted(buttons) == ["CANNOT-SAY", "NO", "STANDBY", "YES"]


def test_18_28_acknowledged_is_not_answered(hour: Hour) -> None:
    hour.until("18:28:10")
    for name, sender in (("N7", ALBA), ("N8", BORA)):
        (status,) = hour.line.desks[sender].status(hour.said[name].digest, hour.line.utc).addressees
        assert len(status.acknowledged) == 1
        assert status.answered == ()
        assert hour.state(name) is State.OPEN


def test_18_29_a_wrong_read_back_reopens_and_both_ends_name_the_field(hour: Hour) -> None:
    hour.until("18:29:30")
    assert hour.state("N7") is State.REOPENED
    for party in (ALBA, BORA):
        assert hour.words(party) == ["REOPENED: read back wrong: time"]


def test_18_30_the_right_read_back_closes(hour: Hour) -> None:
    hour.until("18:30:40")
    assert hour.state("N7") is State.CLOSED
    assert hour.words(ALBA) == hour.words(BORA) == []


def test_18_31_passed_on_is_a_fifth_status_with_unit_and_officer(hour: Hour) -> None:
    hour.until("18:31:00")
    (status,) = hour.line.desks[ALBA].status(hour.said["N7"].digest, hour.line.utc).addressees
    (mark,) = status.passed_on
    assert (mark.words, mark.signer, mark.time) == ("air defence unit", 2, at("18:31:00"))
    assert mark.proof == hour.said["N7 passed on"].digest


def test_18_31_yes_takes_two_persons_and_closes(hour: Hour) -> None:
    hour.until("18:31:00")
    alone = hour.line.writers[ALBA].say("YES", at("18:31:05"), about=hour.said["N8"])
    other = Hour().until("18:31:00")
    other.line.hear(alone)
    assert other.state("N8") is State.OPEN
    assert [event.words for event in other.line.told(BORA, EventKind.REFUSED)] == [
        "YES to N8 takes duty officer and releaser"
    ]
    assert hour.until("18:31:10").state("N8") is State.CLOSED


def test_18_33_one_side_suffices_to_open_and_the_other_has_not_joined(hour: Hour) -> None:
    hour.until("18:33:00")
    assert hour.crisis(BORA) is CrisisState.OPENED_BY_US
    assert hour.crisis(ALBA) is CrisisState.OPENED_BY_THEM
    assert hour.words(ALBA) == ["CRISIS OPENED, NOT YET JOINED BY US"]


def test_18_35_joined_by_two_persons_with_interval_and_next_contact(hour: Hour) -> None:
    hour.until("18:35:20")
    for party, desk in hour.line.desks.items():
        assert hour.crisis(party) is CrisisState.JOINED
        schedule = desk.crises.view(hour.said["C1"].digest, hour.line.utc).crisis.schedule
        first = schedule.next_after(hour.line.utc)
        assert first is not None
        assert (schedule.interval_s, first.number, first.due) == (300, 1, at("18:38"))
        assert desk.crises.checks_suspended()


@pytest.mark.parametrize(("number", "due"), list(enumerate(TICKS, 1)))
def test_each_tick_is_reported_by_both(hour: Hour, number: int, due: str) -> None:
    hour.until("19:30")
    for desk in hour.line.desks.values():
        reports = desk.crises.view(hour.said["C1"].digest, hour.line.utc).reports
        for party in (ALBA, BORA):
            late = 90 if (party, due) == (ALBA, "18:48") else 0
            assert reports[party, number].late_s == late
    assert not [each for each in hour.overdue() if each[1] == at(due)]


def test_18_43_own_facts_stand_in_two_columns_with_one_candidate_for_agreement(hour: Hour) -> None:
    hour.until("18:43")
    for desk in hour.line.desks.values():
        facts = desk.crises.own_facts(hour.said["C1"].digest, hour.line.utc)
        assert [(fact.party, fact.what) for fact in facts] == [
            (ALBA, "object fell in the sea"), (BORA, "object left our screens"),
        ]  # fmt: skip
        assert desk.crises.candidates(hour.said["C1"].digest, hour.line.utc) == (facts,)
        assert desk.crises.view(hour.said["C1"].digest, hour.line.utc).agreed == ()


def test_18_47_the_update_is_read_back_and_keeps_the_promise_of_18_57(hour: Hour) -> None:
    hour.until("18:47:30")
    assert hour.state("K2") is State.CLOSED
    desk = hour.line.desks[BORA]
    n7 = hour.said["N7"]
    assert desk.standing(n7.digest) is Standing.UPDATED
    numbers = desk.book.rule(n7).kind.numbers
    current = desk.book.current(n7)
    assert current[numbers["cause_status"]].by == hour.said["K2"].digest
    assert current[numbers["armed"]].by == n7.digest
    assert "PROMISED UPDATE OVERDUE" not in hour.until("18:59").words(BORA)


def test_18_47_the_unit_that_was_told_of_the_incident_must_be_told_of_the_update(hour: Hour) -> None:
    assert hour.until("18:47:40").words(BORA) == ["You passed it on to air defence unit. Tell them."]
    assert hour.until("18:47:50").words(BORA) == []


def test_18_48_a_report_is_overdue_at_both_ends_and_named_late_when_it_comes(hour: Hour) -> None:
    assert hour.until("18:48").overdue() == [(ALBA, at("18:48"))]
    for party in (ALBA, BORA):
        assert hour.words(party) == [f"SITUATION REPORT OVERDUE: party {ALBA}"]
        assert [event.at for event in hour.line.told(party, EventKind.TICK_OVERDUE)][-1] == at("18:48")
    assert hour.until("18:49:30").overdue() == []
    assert "tick 3, LATE by 90 s" in [event.words for event in hour.line.told(BORA, EventKind.TICK)]


def test_18_50_the_mistaken_warning_is_open_and_passed_on(hour: Hour) -> None:
    hour.until("18:50:40")
    assert hour.state("S2") is State.OPEN


def test_18_51_retracted_and_the_unit_is_to_be_told_until_it_is(hour: Hour) -> None:
    hour.until("18:52:05")
    assert hour.state("S2") is State.RETRACTED
    assert hour.state("K4") is State.CLOSED
    for desk in hour.line.desks.values():
        assert desk.standing(hour.said["S2"].digest) is Standing.RETRACTED
    assert hour.words(BORA) == ["You passed it on to air defence unit. Tell them."]
    assert hour.words(ALBA) == []
    assert hour.until("18:52:20").words(BORA) == []


def test_19_20_a_proposed_closure_leaves_the_crisis_open_with_its_clock(hour: Hour) -> None:
    hour.until("19:20")
    for party, desk in hour.line.desks.items():
        assert hour.crisis(party) is CrisisState.CLOSURE_PROPOSED
        due = desk.crises.view(hour.said["C1"].digest, hour.line.utc).crisis.schedule.next_after(hour.line.utc)
        assert due is not None
        assert (due.number, due.due) == (10, at("19:23"))
    assert hour.line.thread(hour.said["C3"]).due == at("19:50")


def test_19_31_closed_by_both_and_the_hourly_check_returns(hour: Hour) -> None:
    hour.until("19:31")
    for party, desk in hour.line.desks.items():
        assert hour.crisis(party) is CrisisState.CLOSED
        crisis = desk.crises.view(hour.said["C1"].digest, hour.line.utc).crisis
        assert crisis.closed == at("19:31")
        assert crisis.schedule.next_after(hour.line.utc) is None
        assert not desk.crises.checks_suspended()
    assert next_check(hour.line.utc, 3600, (ALBA, BORA)) == (at("20:00"), ALBA)


def test_three_days_later_the_note_that_nobody_sent_is_overdue(hour: Hour) -> None:
    hour.until("19:31")
    desk = hour.line.desks[ALBA]
    (due,) = desk.crises.view(hour.said["C1"].digest, hour.line.utc).follow_ups
    assert (due.what, due.by_whom, due.due) == ("technical note", "alba", NOTE_DUE)
    assert desk.next_wake(hour.line.utc) == NOTE_DUE
    hour.line.wake(NOTE_DUE - 1)
    assert "FOLLOW-UP 1 OVERDUE" not in hour.words(ALBA)
    hour.line.wake(NOTE_DUE)
    assert "FOLLOW-UP 1 OVERDUE" in hour.words(ALBA)
    note = hour.line.say(ALBA, "T1", NOTE_DUE + 60, body="technical note, as agreed")
    desk.follow_up(hour.said["C3"].digest, 0, note.digest)
    assert "FOLLOW-UP 1 OVERDUE" not in hour.words(ALBA)


def test_in_the_whole_hour_one_situation_gives_one_sound_at_a_time(hour: Hour) -> None:
    for minute in range(27, 91):
        hour.until(f"{18 + minute // 60}:{minute % 60:02d}:59")
        for party in (ALBA, BORA):
            assert len(hour.sounds(party)) <= 1
