"""A crisis beside its well-known hour: wrong openings, other intervals, refused closures, three parties."""

from __future__ import annotations

from dataclasses import replace
from unittest.mock import patch

import pytest

from openline.catalogue.kinds.values import Json
from openline.dialogue import CrisisState, Desk, EventKind, Rota, Said, State, Step
from openline.dialogue.crises import CRISES_MAX, View
from openline.dialogue.ticks import Schedule, Segment, Slot, next_check
from openline.identifiers import PartyNumber
from openline.wire.cbor import Value
from openline.wire.statement import Option
from tests.dialogue.kit import ALBA, BORA, CENDRA, DELEGATED, RULES, TWO, Line, Writer, at
from tests.dialogue.test_changes import K4, K5

OPENED = at("18:33:00")
TYPED = {"check_interval": "5 min", "next_contact": "18:38Z"}
C1: dict[str, Json] = {
    "reason": "unidentified object and incident", "check_interval": "5 min", "next_contact": "2017-12-09T18:38Z",
}  # fmt: skip
C3: dict[str, Json] = {
    "conditions_met": ["object down", "own facts exchanged", "no movement by either since 18:33Z"],
    "follow_ups": [{"what": "technical note", "by_whom": "alba", "to_whom": "bora", "due": "2017-12-12T19:31Z"}],
}  # fmt: skip


@pytest.fixture
def line() -> Line:
    return Line()


def opened(line: Line, *, joined: bool = True) -> Said:
    opening = line.say(BORA, "C1", OPENED, C1, by=TWO)
    if joined:
        line.hear(line.writers[ALBA].read_back(opening, OPENED + 140, TYPED, code="JOINED", by=TWO))
    return opening


def report(due: str, what: str = "") -> dict[str, Json]:
    """A situation report for a tick; with a fact if something is to be said."""
    fields: dict[str, Json] = {
        "period": f"2017-12-09T{_plus(due, -5)}Z/2017-12-09T{due}Z", "next_due": f"2017-12-09T{_plus(due, 5)}Z",
    }  # fmt: skip
    if not what:
        return fields | {"news": "nothing changed"}
    return fields | {"news": "changed", "own_facts": [{"what": what, "time": "2017-12-09T18:41Z"}]}


def _plus(clock: str, minutes: int) -> str:
    hour, minute = (int(part) for part in clock.split(":"))
    total = hour * 60 + minute + minutes
    return f"{total // 60:02d}:{total % 60:02d}"


def states(line: Line) -> dict[PartyNumber, CrisisState]:
    return {party: desk.crises.state(line.utc) for party, desk in line.desks.items()}


def view(line: Line, opening: Said) -> View:
    views = [desk.crises.view(opening.digest, line.utc) for desk in line.desks.values()]
    assert all((each.overdue, each.crisis.closed, each.crisis.schedule) == (views[0].overdue, views[0].crisis.closed,
               views[0].crisis.schedule) for each in views)  # fmt: skip
    return views[0]


def both(state: CrisisState) -> dict[PartyNumber, CrisisState]:
    return {ALBA: state, BORA: state}


def test_a_line_without_a_crisis_says_so(line: Line) -> None:
    assert states(line) == both(CrisisState.NONE)
    assert line.desks[ALBA].crises.next_wake(line.utc) is None


def test_understood_by_one_person_does_not_join(line: Line) -> None:
    opening = opened(line, joined=False)
    line.hear(line.writers[ALBA].read_back(opening, OPENED + 60, TYPED))
    assert line.state(opening) is State.CLOSED
    assert states(line) == {ALBA: CrisisState.OPENED_BY_THEM, BORA: CrisisState.OPENED_BY_US}
    line.hear(line.writers[ALBA].read_back(opening, OPENED + 90, TYPED, code="JOINED", by=TWO))
    assert states(line) == both(CrisisState.JOINED)


def test_whoever_has_only_understood_may_still_join_later_and_not_twice(line: Line) -> None:
    opening = opened(line, joined=False)
    line.hear(line.writers[ALBA].read_back(opening, OPENED + 60, TYPED))
    desk = line.desks[ALBA]
    assert [kind.code for kind in desk.allowed_replies(opening.digest, line.utc)] == ["JOINED"]
    line.hear(line.writers[ALBA].read_back(opening, OPENED + 90, TYPED, by=TWO))
    assert states(line)[BORA] is CrisisState.OPENED_BY_US, "UNDERSTOOD joins nobody, whoever signs it"
    line.hear(line.writers[ALBA].read_back(opening, OPENED + 95, TYPED, code="JOINED", by=TWO))
    assert desk.allowed_replies(opening.digest, line.utc) == ()


def test_a_member_that_is_told_for_information_sees_the_crisis_and_has_nothing_to_do() -> None:
    line = Line((ALBA, BORA, CENDRA), rota=Rota((Step(0, "deputy 1"),)))
    opening = line.say(BORA, "C1", OPENED, C1, by=TWO, options={Option.ACTION: [ALBA]})
    assert states(line)[CENDRA] is CrisisState.OPENED_BY_THEM
    assert [len(line.desks[party].alarms(line.utc)) for party in (ALBA, CENDRA)] == [1, 0]
    line.hear(line.writers[ALBA].read_back(opening, OPENED + 60, TYPED, code="JOINED", by=TWO))
    assert states(line)[CENDRA] is CrisisState.JOINED
    line.wake(at("18:38"))
    assert len(line.desks[ALBA].alarms(line.utc)) == 2
    assert line.desks[CENDRA].alarms(line.utc) == []
    assert line.desks[CENDRA].calls() == []
    assert [call.whom for call in line.desks[ALBA].calls()] == ["deputy 1"]


def test_who_attends_is_remembered_through_a_restart_and_forgotten_when_it_is_over() -> None:
    rota = Rota((Step(0, "deputy 1"),))
    line = Line(rota=rota)
    opening, desk = opened(line), line.desks[ALBA]
    assert [call.situation for call in desk.calls()] == [opening.digest]
    desk.attend(opening.digest)
    desk.attend(b"of nothing that waits")
    assert desk.calls() == []
    again = Desk(ALBA, (ALBA, BORA), RULES, line.receipts, rota)
    again.restore(desk.rows(), line.utc)
    assert again.calls() == []
    closed(line, opening)
    line.wake(at("19:40"))
    assert ("attended", opening.digest, None) in desk.rows()


def closed(line: Line, opening: Said) -> Said:
    closure = line.say(ALBA, "C3", at("19:20"), C3, about=opening, by=DELEGATED)
    line.say(BORA, "ACCEPT", at("19:31"), about=closure, by=DELEGATED)
    return closure


def test_what_a_closure_leaves_to_do_falls_due_until_an_officer_names_the_message_that_does_it(line: Line) -> None:
    opening = opened(line)
    closure = closed(line, opening)
    desk = line.desks[ALBA]
    (due,) = desk.crises.follow_ups(closure.digest, line.utc)
    assert (due.what, due.by_whom, due.closure) == ("technical note", "alba", closure)
    assert desk.crises.follow_ups(opening.digest, line.utc) == ()
    assert desk.next_wake(line.utc) == due.due
    for when, words in ((due.due - 1, []), (due.due, ["FOLLOW-UP 1 OVERDUE"])):
        line.wake(when)
        assert [alarm.words for alarm in desk.alarms(line.utc)] == words
    note = line.say(ALBA, "T1", due.due + 60, body="technical note, as agreed")
    desk.follow_up(closure.digest, 0, note.digest)
    assert desk.alarms(line.utc) == []


def test_a_late_report_is_told_as_late(line: Line) -> None:
    opened(line)
    line.say(ALBA, "C2", at("18:39:30"), report("18:38"))
    assert "tick 1, LATE by 90 s" in [event.words for event in line.told(BORA, EventKind.TICK)]


def test_a_wrong_read_back_does_not_join(line: Line) -> None:
    opening = opened(line, joined=False)
    typed = TYPED | {"check_interval": "15 min"}
    line.hear(line.writers[ALBA].read_back(opening, OPENED + 60, typed, code="JOINED", by=TWO))
    assert states(line)[ALBA] is CrisisState.OPENED_BY_THEM
    assert line.state(opening) is State.REOPENED


def test_a_joining_that_was_retracted_joined_nobody(line: Line) -> None:
    opening = opened(line, joined=False)
    joining = line.hear(line.writers[ALBA].read_back(opening, OPENED + 60, TYPED, code="JOINED", by=TWO))
    line.say(ALBA, "K4", OPENED + 90, K4, about=joining)
    assert states(line)[BORA] is CrisisState.OPENED_BY_US


def test_an_opening_may_be_retracted_until_somebody_joins_and_then_only_both_can_close(line: Line) -> None:
    opening = opened(line, joined=False)
    line.say(BORA, "K4", OPENED + 60, K4, about=opening)
    assert states(line) == both(CrisisState.CLOSED)
    other = opened(line)
    line.say(BORA, "K4", OPENED + 200, K4, about=other)
    assert states(line) == both(CrisisState.JOINED)
    assert (view(line, other).crisis.closed, view(line, other).crisis.schedule.segments[-1].last) == (None, None)


def test_who_opened_may_close_what_nobody_joined(line: Line) -> None:
    opening = opened(line, joined=False)
    line.say(ALBA, "C3", OPENED + 50, C3, about=opening, by=DELEGATED)
    assert states(line)[ALBA] is CrisisState.OPENED_BY_THEM
    line.say(BORA, "C3", OPENED + 60, C3, about=opening, by=DELEGATED)
    assert states(line) == both(CrisisState.CLOSED)


@pytest.mark.parametrize(
    ("code", "fields"),
    [("DECLINE", {}), ("ACCEPT-WITH-RESERVATION", {"reservations": ["the note is still to come"]})],
)
def test_a_closure_declined_or_accepted_with_a_reservation_leaves_the_crisis_open(
    line: Line, code: str, fields: dict[str, Json]
) -> None:
    opening = opened(line)
    closure = line.say(ALBA, "C3", OPENED + 600, C3, about=opening, by=DELEGATED)
    assert states(line) == both(CrisisState.CLOSURE_PROPOSED)
    line.say(BORA, code, OPENED + 660, fields, about=closure, by=DELEGATED)
    assert states(line) == both(CrisisState.JOINED)
    again = line.say(BORA, "C3", OPENED + 700, C3, about=opening, by=DELEGATED)
    line.say(ALBA, "ACCEPT", OPENED + 720, about=again, by=DELEGATED)
    assert states(line) == both(CrisisState.CLOSED)
    line.say(ALBA, "C3", OPENED + 800, C3, about=opening, by=DELEGATED)
    assert view(line, opening).crisis.closed == OPENED + 720


def test_a_closure_withdrawn_or_expired_leaves_the_crisis_open(line: Line) -> None:
    opening = opened(line)
    closure = line.say(ALBA, "C3", OPENED + 600, C3, about=opening, by=DELEGATED)
    line.say(ALBA, "K5", OPENED + 660, K5, about=closure, by=DELEGATED)
    line.say(BORA, "ACCEPT", OPENED + 661, about=closure, by=DELEGATED)
    assert states(line) == both(CrisisState.JOINED)
    soon: dict[int, Value] = {Option.VALIDITY: [None, OPENED + 800]}
    line.say(ALBA, "C3", OPENED + 700, C3, about=opening, by=DELEGATED, options=soon)
    line.wake(OPENED + 800)
    assert states(line) == both(CrisisState.JOINED)


def test_a_closure_accepted_by_one_person_is_not_accepted(line: Line) -> None:
    opening = opened(line)
    closure = line.say(ALBA, "C3", OPENED + 600, C3, about=opening, by=DELEGATED)
    line.say(BORA, "ACCEPT", OPENED + 660, about=closure)
    assert states(line) == both(CrisisState.CLOSURE_PROPOSED)


def test_of_three_parties_every_one_that_is_in_must_accept() -> None:
    line = Line((ALBA, BORA, CENDRA))
    opening = opened(line)
    assert states(line) == {
        ALBA: CrisisState.JOINED, BORA: CrisisState.JOINED, CENDRA: CrisisState.OPENED_BY_THEM,
    }  # fmt: skip
    first = line.say(ALBA, "C3", OPENED + 600, C3, about=opening, by=DELEGATED)
    line.hear(line.writers[CENDRA].read_back(opening, OPENED + 610, TYPED, code="JOINED", by=TWO))
    line.say(BORA, "ACCEPT", OPENED + 620, about=first, by=DELEGATED)
    assert set(states(line).values()) == {CrisisState.CLOSURE_PROPOSED}
    line.say(CENDRA, "ACCEPT", OPENED + 650, about=first, by=DELEGATED)
    assert set(states(line).values()) == {CrisisState.CLOSED}
    assert view(line, opening).crisis.closed == OPENED + 650


@pytest.mark.parametrize("asked", [ALBA, CENDRA], ids=["its author", "who never joined"])
def test_a_closure_or_another_interval_that_asks_nobody_who_is_in_has_nobody_s_consent(asked: PartyNumber) -> None:
    line = Line((ALBA, BORA, CENDRA))
    opening = opened(line)
    options: dict[int, Value] = {Option.ACTION: [asked]}
    slower: dict[str, Json] = {"changes": {"kind": "C1", "fields": {"check_interval": "600 h"}}}
    line.say(ALBA, "K2", OPENED + 590, slower, about=opening, by=TWO, options=options)
    assert view(line, opening).crisis.schedule.interval_s == 300
    line.say(ALBA, "C3", OPENED + 600, C3, about=opening, by=DELEGATED, options=options)
    assert set(states(line).values()) == {CrisisState.CLOSURE_PROPOSED, CrisisState.OPENED_BY_THEM}
    assert view(line, opening).follow_ups == ()
    line.wake(at("18:58"))
    assert len(view(line, opening).overdue) == 2, "the watch is still held to its reports"
    true = line.say(BORA, "C3", at("18:59"), C3, about=opening, by=DELEGATED)
    line.say(ALBA, "ACCEPT", at("19:00"), about=true, by=DELEGATED)
    assert set(states(line).values()) == {CrisisState.CLOSED}


def test_an_observer_that_never_joined_holds_nobody_up() -> None:
    line = Line((ALBA, BORA, CENDRA))
    opening = opened(line)
    closure = line.say(ALBA, "C3", OPENED + 600, C3, about=opening, by=DELEGATED)
    line.say(BORA, "ACCEPT", OPENED + 620, about=closure, by=DELEGATED)
    assert set(states(line).values()) == {CrisisState.CLOSED}


def heard_backwards(line: Line) -> Desk:
    """A desk that hears what the line's desks heard, the last first."""
    desk = Desk(BORA, tuple(line.desks), RULES, line.receipts)
    for said in reversed(list(line.desks[ALBA].book.said.values())):
        desk.heard(said, line.utc)
    return desk


@pytest.mark.parametrize("later", ["acceptance", "closure", "joining", "second answer"])
def test_a_closure_that_all_have_signed_holds_whatever_is_said_about_it_later(line: Line, later: str) -> None:
    """CLOSED is the end: one officer's retraction, a week after, must not open the crisis again for both."""
    opening = line.say(BORA, "C1", OPENED, C1, by=TWO)
    joining = line.hear(line.writers[ALBA].read_back(opening, OPENED + 60, TYPED, code="JOINED", by=TWO))
    closure = line.say(ALBA, "C3", OPENED + 600, C3, about=opening, by=DELEGATED)
    acceptance = line.say(BORA, "ACCEPT", OPENED + 700, about=closure, by=DELEGATED)
    when = OPENED + 7 * 86_400
    if later == "second answer":
        line.say(BORA, "DECLINE", when, about=closure, by=DELEGATED)
    else:
        about = {"acceptance": acceptance, "closure": closure, "joining": joining}[later]
        line.say(about.party, "K4", when, K4, about=about)
    assert states(line) == both(CrisisState.CLOSED)
    assert view(line, opening).crisis.closed == OPENED + 700
    assert [each.closure for each in view(line, opening).follow_ups] == [closure]
    assert heard_backwards(line).crises.state(line.utc) is CrisisState.CLOSED


@pytest.mark.parametrize("code", ["K4", "K5"])
def test_a_closure_taken_back_before_the_last_has_signed_it_closes_nothing(code: str) -> None:
    """Until all have signed, it is its author's to take back."""
    line = Line((ALBA, BORA, CENDRA))
    opening = opened(line)
    line.hear(line.writers[CENDRA].read_back(opening, OPENED + 150, TYPED, code="JOINED", by=TWO))
    closure = line.say(ALBA, "C3", OPENED + 600, C3, about=opening, by=DELEGATED)
    line.say(BORA, "ACCEPT", OPENED + 610, about=closure, by=DELEGATED)
    line.say(ALBA, code, OPENED + 620, {"K4": K4, "K5": K5}[code], about=closure, by=DELEGATED)
    line.say(CENDRA, "ACCEPT", OPENED + 630, about=closure, by=DELEGATED)
    assert set(states(line).values()) == {CrisisState.JOINED}
    assert heard_backwards(line).crises.state(line.utc) is CrisisState.JOINED


def test_a_refusal_retracted_and_followed_by_an_acceptance_closes_it(line: Line) -> None:
    """Only assent holds for good."""
    opening = opened(line)
    closure = line.say(ALBA, "C3", OPENED + 600, C3, about=opening, by=DELEGATED)
    refusal = line.say(BORA, "DECLINE", OPENED + 610, about=closure, by=DELEGATED)
    line.say(BORA, "K4", OPENED + 620, K4, about=refusal)
    line.say(BORA, "ACCEPT", OPENED + 630, about=closure, by=DELEGATED)
    assert view(line, opening).crisis.closed == OPENED + 630


def test_only_who_is_asked_joins_and_whoever_joins_late_must_sign_the_closure_too() -> None:
    """A member told for information opens nothing again; one that was asked has its say, however late."""
    for asked, state in (([ALBA], CrisisState.CLOSED), ([ALBA, CENDRA], CrisisState.CLOSURE_PROPOSED)):
        line = Line((ALBA, BORA, CENDRA))
        opening = line.say(BORA, "C1", OPENED, C1, by=TWO, options={Option.ACTION: list(asked)})
        line.hear(line.writers[ALBA].read_back(opening, OPENED + 60, TYPED, code="JOINED", by=TWO))
        closure = line.say(BORA, "C3", OPENED + 600, C3, about=opening, by=DELEGATED)
        line.say(ALBA, "ACCEPT", OPENED + 700, about=closure, by=DELEGATED)
        assert set(states(line).values()) == {CrisisState.CLOSED}
        line.hear(line.writers[CENDRA].read_back(opening, OPENED + 800, TYPED, code="JOINED", by=TWO))
        assert set(states(line).values()) == {state}
        assert heard_backwards(line).crises.state(line.utc) is state
        line.say(CENDRA, "ACCEPT", OPENED + 900, about=closure, by=DELEGATED)
        assert set(states(line).values()) == {CrisisState.CLOSED}


# ---------------------------------------------------------------- the clock


def change(line: Line, opening: Said, by: PartyNumber, when: int, fields: dict[str, Json]) -> Said:
    return line.say(by, "K2", when, {"changes": {"kind": "C1", "fields": fields}}, about=opening, by=TWO)


def test_either_side_proposes_another_interval_and_it_holds_when_the_other_has_understood(line: Line) -> None:
    opening = opened(line)
    proposed = change(line, opening, ALBA, at("18:44"), {"check_interval": "15 min"})
    assert view(line, opening).crisis.schedule.interval_s == 300
    line.hear(line.writers[BORA].read_back(proposed, at("18:45"), {"check_interval": "15 min"}))
    schedule = view(line, opening).crisis.schedule
    assert schedule.interval_s == 900
    assert schedule.last_until(at("18:59:59")) == Slot(2, at("18:43"))
    assert schedule.next_after(at("18:45")) == Slot(3, at("19:00"))


@pytest.mark.parametrize("later", ["understood", "proposal", "wrong read-back"])
def test_an_interval_that_both_have_understood_holds_whatever_is_retracted_later(line: Line, later: str) -> None:
    """One officer alone must not change back, for both, what four have agreed; and not before it was agreed either."""
    opening = opened(line)
    proposed = change(line, opening, ALBA, at("18:44"), {"check_interval": "15 min"})
    understood = line.hear(line.writers[BORA].read_back(proposed, at("18:45"), {"check_interval": "15 min"}))
    if later == "wrong read-back":
        line.hear(line.writers[BORA].read_back(proposed, at("19:45"), {"check_interval": "50 min"}))
    else:
        about = understood if later == "understood" else proposed
        line.say(about.party, "K4", at("19:45"), K4, about=about, by=TWO)
    assert view(line, opening).crisis.schedule.interval_s == 900
    assert heard_backwards(line).crises.view(opening.digest, line.utc) == line.desks[BORA].crises.view(
        opening.digest, line.utc
    )


def test_another_interval_retracted_before_all_have_understood_it_is_none(line: Line) -> None:
    """Its author may take back what nobody has agreed to."""
    opening = opened(line)
    proposed = change(line, opening, ALBA, at("18:44"), {"check_interval": "15 min"})
    line.say(ALBA, "K4", at("18:44:30"), K4, about=proposed, by=TWO)
    line.hear(line.writers[BORA].read_back(proposed, at("18:45"), {"check_interval": "15 min"}))
    assert view(line, opening).crisis.schedule.interval_s == 300


def test_a_new_next_contact_alone_moves_the_grid_and_strange_changes_move_nothing(line: Line) -> None:
    opening = opened(line)
    moved = change(line, opening, BORA, at("18:44"), {"next_contact": "2017-12-09T18:52Z"})
    line.hear(line.writers[ALBA].read_back(moved, at("18:45"), {"next_contact": "18:52Z"}))
    other: dict[str, Json] = {"changes": {"kind": "N7", "fields": {"state": "ended"}}}
    strange = line.say(BORA, "K2", at("18:46"), other, about=opening)
    line.hear(line.writers[ALBA].read_back(strange, at("18:47"), {"state": "ended"}))
    schedule = view(line, opening).crisis.schedule
    assert (schedule.interval_s, schedule.next_after(at("18:47"))) == (300, Slot(3, at("18:52")))


def test_a_corrected_opening_keeps_its_crisis_with_the_right_times(line: Line) -> None:
    opening = opened(line, joined=False)
    fields: dict[str, Json] = C1 | {"next_contact": "2017-12-09T18:40Z"}
    data: dict[str, Json] = {"wrong_fields": ["C1.next_contact"], "data": {"kind": "C1", "fields": fields}}
    correction = line.say(BORA, "K1", OPENED + 30, data, about=opening, by=TWO)
    line.hear(line.writers[ALBA].read_back(correction, OPENED + 90, {"next_contact": "18:40Z"}, code="JOINED", by=TWO))
    assert states(line) == both(CrisisState.JOINED)
    assert view(line, opening).crisis.schedule.next_after(line.utc) == Slot(1, at("18:40"))


def test_an_interval_too_short_for_people_is_taken_as_a_minute(line: Line) -> None:
    opening = line.say(BORA, "C1", OPENED, body={1: "reason"}, by=TWO)
    assert view(line, opening).crisis.schedule.next_after(OPENED) == Slot(1, OPENED + 60)


def test_an_interval_of_a_million_years_breaks_no_calendar() -> None:
    line = Line()
    opening = line.say(BORA, "C1", OPENED, C1 | {"check_interval": "999999999999 h"}, by=TWO)
    after = view(line, opening).crisis.schedule.next_after(at("18:39"))
    assert after == Slot(2, at("18:38") + 31 * 86_400)


def test_both_overdue_is_one_situation_and_a_report_for_a_later_tick_will_do(line: Line) -> None:
    opening = opened(line)
    line.wake(at("18:38"))
    assert [each.party for each in view(line, opening).overdue] == [ALBA, BORA]
    alarms = line.desks[ALBA].alarms(line.utc)
    assert [(alarm.party, alarm.ours, alarm.words) for alarm in alarms] == [
        (ALBA, True, "SITUATION REPORT 1 OVERDUE"), (BORA, False, "SITUATION REPORT 1 OVERDUE"),
    ]  # fmt: skip
    assert len({alarm.situation for alarm in alarms}) == 1
    assert [event.words for event in line.told(ALBA, EventKind.TICK_OVERDUE)] == ["tick 1", "tick 1"]
    line.say(ALBA, "C2", at("18:42"), report("18:43"))
    line.say(BORA, "C2", at("18:42"), report("18:38"))
    assert view(line, opening).overdue == ()
    line.wake(at("18:43"))
    assert [each.party for each in view(line, opening).overdue] == [BORA]


def test_a_report_of_somebody_outside_or_for_no_tick_or_retracted_counts_for_nothing() -> None:
    line = Line((ALBA, BORA, CENDRA))
    opening = opened(line)
    line.say(CENDRA, "C2", at("18:38"), report("18:38"))
    line.say(ALBA, "C2", OPENED, report("18:31"))
    line.say(ALBA, "C2", at("18:38"), body={2: 0})
    line.say(ALBA, "K4", at("18:39"), K4, about=line.say(ALBA, "C2", at("18:38"), report("18:38")))
    assert not view(line, opening).reports


def test_a_report_is_for_the_tick_before_the_next_that_it_names_though_it_be_by_a_second(line: Line) -> None:
    opening = opened(line)
    for second in ("18:43:00", "18:43:01"):
        line.say(ALBA, "C2", at("18:43"), report("18:38") | {"next_due": f"2017-12-09T{second}Z"})
    assert [tick for _, tick in view(line, opening).reports] == [1, 2]


@pytest.mark.parametrize("next_due", ["2017-12-09T19:43Z", "2106-02-07T06:28Z"])
def test_a_report_that_names_a_far_time_as_next_stands_in_for_no_tick_beyond_the_next(
    line: Line, next_due: str
) -> None:
    """A slip in one field, or malice, must not end the watch over its author for hours or for ever."""
    opening = opened(line)
    line.say(BORA, "C2", at("18:38:30"), report("18:38") | {"next_due": next_due})
    line.say(ALBA, "C2", at("18:43:30"), report("18:43"))
    assert [(party, tick) for party, tick in view(line, opening).reports if party == BORA] == [(BORA, 2)]
    line.wake(at("18:43:30"))
    assert view(line, opening).overdue == ()
    line.wake(at("18:48"))
    assert [(each.party, each.tick) for each in view(line, opening).overdue] == [(ALBA, 3), (BORA, 3)]


def test_a_report_signed_by_a_clock_that_is_far_ahead_says_nothing_of_now(line: Line) -> None:
    """It counts for a tick that is not yet due, and for that alone."""
    opening = opened(line)
    ahead = report("20:38") | {"next_due": "2017-12-09T20:43Z"}
    line.say(BORA, "C2", at("20:38"), ahead, arrived=at("18:37"))
    for clock, who in (("18:38", [ALBA, BORA]), ("20:28", [ALBA, BORA]), ("20:38", [ALBA])):
        line.wake(at(clock))
        assert [each.party for each in view(line, opening).overdue] == who


def test_who_joins_after_a_tick_owes_the_next_one(line: Line) -> None:
    opening = opened(line, joined=False)
    line.say(BORA, "C2", at("18:38"), report("18:38"))
    line.wake(at("18:39"))
    assert view(line, opening).overdue == ()
    line.hear(line.writers[ALBA].read_back(opening, at("18:40"), TYPED, code="JOINED", by=TWO))
    assert view(line, opening).overdue == ()
    line.wake(at("18:43"))
    assert [each.party for each in view(line, opening).overdue] == [ALBA, BORA]


def test_a_joining_or_opening_signed_for_a_far_time_ends_nobody_s_watch() -> None:
    """Signed times are claims: reports are owed from when word of both came here."""
    line = Line()
    opening = line.say(BORA, "C1", at("22:00"), C1, by=TWO, arrived=OPENED)
    joining = line.writers[ALBA].read_back(opening, 2**32 - 1, TYPED, code="JOINED", by=TWO)
    line.hear(replace(joining, arrived=OPENED + 60))
    line.wake(at("18:38"))
    assert [each.party for each in view(line, opening).overdue] == [ALBA, BORA]
    line.say(ALBA, "C2", at("18:38:10"), report("18:38"))
    assert [each.party for each in view(line, opening).overdue] == [BORA]
    for desk in line.desks.values():
        assert [alarm.words for alarm in desk.crises.alarms(line.utc)] == ["SITUATION REPORT 1 OVERDUE"]


def test_grids_follow_each_other_and_end() -> None:
    schedule = Schedule((Segment(100, 10, 125), Segment(130, 20, 160)))
    assert schedule.last_until(99) is None
    slots = [Slot(1, 100), Slot(3, 120), Slot(4, 130), Slot(5, 150)]
    assert [schedule.last_until(utc) for utc in (100, 129, 130, 999)] == slots
    assert [schedule.next_after(utc) for utc in (99, 120, 130, 150)] == [Slot(1, 100), Slot(4, 130), Slot(5, 150), None]
    assert Schedule(()).interval_s == 0


def test_line_checks_fall_on_whole_hours_in_turn() -> None:
    assert next_check(at("18:59:59"), 3_600, (ALBA, BORA)) == (at("19:00"), BORA)
    assert next_check(at("19:00"), 3_600, (ALBA, BORA)) == (at("20:00"), ALBA)


# ---------------------------------------------------------------- facts


def test_a_fact_is_agreed_only_when_both_watches_have_signed_it(line: Line) -> None:
    opening = opened(line)
    fact: dict[str, Json] = {"fact": "object down", "time": "2017-12-09T18:41Z"}
    line.say(ALBA, "C2", at("18:43"), report("18:43", "object fell"))
    line.say(BORA, "C2", at("18:43"), report("18:43", "object left our screens"))
    assert len(line.desks[BORA].crises.candidates(opening.digest, line.utc)) == 1
    stated = line.say(ALBA, "C4", at("18:44"), fact)
    assert view(line, opening).agreed == ()
    line.say(BORA, "ACCEPT", at("18:45"), about=stated)
    for party, desk in line.desks.items():
        assert desk.crises.view(opening.digest, line.utc).agreed == (stated,)
        assert [event.other for event in line.told(party, EventKind.AGREED)] == [stated.digest]
        assert desk.crises.candidates(opening.digest, line.utc) == ()
    line.say(ALBA, "K4", at("18:46"), K4, about=stated)
    assert view(line, opening).agreed == ()


def test_a_declined_fact_is_nobodys(line: Line) -> None:
    opening = opened(line)
    stated = line.say(ALBA, "C4", at("18:44"), {"fact": "object down"})
    line.say(BORA, "DECLINE", at("18:45"), about=stated)
    assert view(line, opening).agreed == ()


def test_a_fact_that_one_who_is_in_the_crisis_was_not_asked_about_is_agreed_by_nobody() -> None:
    line = Line((ALBA, BORA, CENDRA))
    opening = opened(line)
    line.hear(line.writers[CENDRA].read_back(opening, OPENED + 150, TYPED, code="JOINED", by=TWO))
    stated = line.say(ALBA, "C4", at("18:44"), {"fact": "object down"}, options={Option.ACTION: [BORA]})
    line.say(BORA, "ACCEPT", at("18:45"), about=stated, by=DELEGATED)
    assert view(line, opening).agreed == ()


def test_what_somebody_outside_the_crisis_reports_is_nobodys_fact() -> None:
    line = Line((ALBA, BORA, CENDRA))
    opening = opened(line)
    for party in (ALBA, CENDRA):
        line.say(party, "C2", at("18:43"), report("18:43", "object fell"))
    assert [fact.party for fact in line.desks[BORA].crises.own_facts(opening.digest, line.utc)] == [ALBA]


def test_a_retracted_report_takes_its_facts_along(line: Line) -> None:
    opening = opened(line)
    said = line.say(ALBA, "C2", at("18:43"), report("18:43", "object fell"))
    line.say(ALBA, "K4", at("18:44"), K4, about=said)
    assert line.desks[BORA].crises.own_facts(opening.digest, line.utc) == ()


# ---------------------------------------------------------------- the desk


def test_two_openings_that_cross_are_two_crises_under_one_word(line: Line) -> None:
    first = opened(line, joined=False)
    second = line.say(ALBA, "C1", OPENED + 5, C1, by=TWO)
    assert line.desks[ALBA].crossed(first.digest) == (second,)
    assert states(line) == both(CrisisState.OPENED_BY_THEM)
    line.hear(line.writers[ALBA].read_back(first, OPENED + 60, TYPED, code="JOINED", by=TWO))
    line.hear(line.writers[BORA].read_back(second, OPENED + 60, TYPED, code="JOINED", by=TWO))
    assert states(line) == both(CrisisState.JOINED)
    assert [each.digest for each in line.desks[ALBA].crises.openings()] == [first.digest, second.digest]


def test_the_deputies_of_both_watches_are_called_when_a_crisis_opens_and_nobody_after_it_is_closed() -> None:
    line = Line(rota=Rota((Step(0, "deputy 1"), Step(3_600, "head of the watch"))))
    opening = opened(line)
    for party in (ALBA, BORA):
        assert [event.words for event in line.told(party, EventKind.CALL)] == ["deputy 1"]
    closure = line.say(ALBA, "C3", OPENED + 600, C3, about=opening, by=DELEGATED)
    line.say(BORA, "ACCEPT", OPENED + 660, about=closure, by=DELEGATED)
    line.wake(OPENED + 3_600)
    assert len(line.told(BORA, EventKind.CALL)) == 1


def test_only_the_latest_crises_are_followed() -> None:
    desk, writer = Desk(ALBA, (ALBA, BORA), RULES), Writer(BORA)
    for number in range(CRISES_MAX + 3):
        desk.heard(writer.say("C1", OPENED + number, C1, by=TWO), OPENED + number)
    assert len(desk.crises.openings()) == CRISES_MAX
    followed = {opening.digest for opening in desk.crises.openings()}
    assert {alarm.situation for alarm in desk.crises.alarms(OPENED + 3_600)} == followed, "nothing sounds for ever"


def test_time_alone_changes_nothing_about_a_crisis_that_is_closed(line: Line) -> None:
    opening = opened(line)
    closed(line, opening)
    with patch("openline.dialogue.crises.crisis_of") as look:
        assert line.desks[ALBA].crises.wake(line.utc + 86_400) == []
    look.assert_not_called()


def test_a_crisis_survives_a_restart(line: Line) -> None:
    opening = opened(line)
    line.say(ALBA, "C2", at("18:38"), report("18:38"))
    for party, desk in line.desks.items():
        again = Desk(party, (ALBA, BORA), RULES, line.receipts)
        again.restore(desk.rows(), line.utc)
        assert again.crises.view(opening.digest, line.utc) == desk.crises.view(opening.digest, line.utc)
        assert again.alarms(line.utc) == desk.alarms(line.utc)
