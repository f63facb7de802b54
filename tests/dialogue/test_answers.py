"""What closes a dialogue, what keeps it open, and what counts for nothing."""

from __future__ import annotations

import pytest

from openline.catalogue.kinds import CATALOGUE, UnknownKind
from openline.catalogue.kinds.values import Json
from openline.charter import ApprovalRule
from openline.charter import Rules as CharterRules
from openline.dialogue import Approver, Desk, EventKind, Rules, Said, State, satisfies
from openline.dialogue.rules import WHO, in_words
from openline.identifiers import OfficerNumber
from openline.wire.statement import GENERATION_KIND, Authority, Option, Statement, encode_statement
from tests.dialogue.kit import (
    ALBA,
    BASE,
    BORA,
    CENDRA,
    DELEGATED,
    DUTY,
    RELEASER,
    RULES,
    TWO,
    Line,
    at,
)

Q1: dict[str, Json] = {"statement": "The exercise ends on Friday"}
N7: dict[str, Json] = {"type": "collision", "time": "2017-12-09T18:24Z", "place": "38.62N 129.75E", "armed": "NO"}
N8: dict[str, Json] = {
    "object": "balloon", "first_seen": "2017-12-09T18:26Z", "place": "38.65N 129.70E", "effect": "none",
    "yours": "is it yours",
}  # fmt: skip
P8: dict[str, Json] = {
    "level": "vice ministers", "channel": "in person", "times": "2017-12-10/11", "agenda": ["talks"],
}  # fmt: skip
RIGHT = {"time": "18:24Z", "place": "38.62N 129.75E", "armed": "NO"}
NOON = at("18:00")


@pytest.fixture
def line() -> Line:
    return Line()


def refused(line: Line) -> list[str]:
    """Why replies counted for nothing; both ends are told the same."""
    told = [[event.words for event in line.told(party, EventKind.REFUSED)] for party in (ALBA, BORA)]
    assert told[0] == told[1]
    return told[0]


@pytest.mark.parametrize("answer", ["YES", "NO", "CANNOT-SAY"])
def test_a_question_is_closed_by_yes_no_and_cannot_say(line: Line, answer: str) -> None:
    asked = line.say(ALBA, "Q1", NOON, Q1)
    reply = line.say(BORA, answer, NOON + 60, about=asked)
    thread = line.thread(asked)
    assert (thread.state, thread.answer, thread.due) == (State.CLOSED, reply, None)


@pytest.mark.parametrize(("code", "fields"), [("T1", {"text": "yes"}), ("ACKNOWLEDGED", {})])
def test_free_text_and_receipts_never_close(line: Line, code: str, fields: dict[str, Json]) -> None:
    asked = line.say(ALBA, "Q1", NOON, Q1)
    line.say(BORA, code, NOON + 60, fields, about=asked)
    assert line.state(asked) is State.OPEN


def test_a_reply_of_another_response_type_counts_for_nothing(line: Line) -> None:
    asked = line.say(ALBA, "Q1", NOON, Q1)
    line.say(BORA, "UNDERSTOOD", NOON + 60, about=asked)
    assert line.state(asked) is State.OPEN
    assert refused(line) == ["UNDERSTOOD is no answer to Q1"]


def test_nobody_answers_for_somebody_else() -> None:
    line = Line((ALBA, BORA, CENDRA))
    asked = line.say(ALBA, "Q1", NOON, Q1, options={Option.ACTION: [BORA]})
    line.say(CENDRA, "YES", NOON + 60, about=asked)
    line.say(ALBA, "YES", NOON + 60, about=asked)
    assert line.state(asked) is State.OPEN


def test_a_message_to_two_parties_is_two_dialogues() -> None:
    line = Line((ALBA, BORA, CENDRA))
    asked = line.say(ALBA, "Q1", NOON, Q1)
    line.say(CENDRA, "NO", NOON + 60, about=asked)
    states = {thread.party: thread.state for thread in line.desks[BORA].threads(asked.digest, line.utc)}
    assert states == {BORA: State.OPEN, CENDRA: State.CLOSED}


def test_two_different_answers_reopen_and_sound_at_both_ends(line: Line) -> None:
    asked = line.say(ALBA, "Q1", NOON, Q1)
    line.say(BORA, "YES", NOON + 60, about=asked)
    line.say(BORA, "NO", NOON + 90, about=asked)
    thread = line.thread(asked)
    assert (thread.state, thread.contradicted, thread.answer) == (State.REOPENED, True, None)
    for desk in line.desks.values():
        (alarm,) = desk.alarms(line.utc)
        assert alarm.words == "REOPENED: two different answers came: one must be given again"
    line.say(BORA, "NO", NOON + 120, about=asked)
    assert line.state(asked) is State.CLOSED
    assert line.desks[ALBA].alarms(line.utc) == []


def test_the_same_answer_twice_changes_nothing(line: Line) -> None:
    asked = line.say(ALBA, "Q1", NOON, Q1)
    first = line.say(BORA, "YES", NOON + 60, about=asked)
    line.say(BORA, "YES", NOON + 90, about=asked)
    assert line.thread(asked).answer == first
    assert refused(line) == []


def test_a_contradiction_long_after_the_deadline_gets_a_clock_of_its_own(line: Line) -> None:
    asked = line.say(ALBA, "Q1", NOON, Q1)
    line.say(BORA, "YES", NOON + 60, about=asked)
    line.say(BORA, "NO", NOON + 30_000, about=asked)
    assert line.state(asked) is State.REOPENED
    assert line.thread(asked).due == NOON + 30_000 + 21_600


def test_a_retracted_answer_was_never_given(line: Line) -> None:
    asked = line.say(ALBA, "Q1", NOON, Q1)
    answer = line.say(BORA, "YES", NOON + 60, about=asked)
    line.say(BORA, "K4", NOON + 70, {"cause": "sent in error"}, about=answer)
    assert line.state(asked) is State.OPEN


def test_a_corrected_read_back_is_judged_by_its_correction(line: Line) -> None:
    asked = line.say(ALBA, "N7", NOON, N7)
    reply = line.hear(line.writers[BORA].read_back(asked, NOON + 60, RIGHT | {"time": "18:42Z"}))
    assert line.state(asked) is State.REOPENED
    fields: dict[str, Json] = {"time": "2017-12-09T18:24Z", "place": "38.62N 129.75E", "armed": "NO"}
    right: dict[str, Json] = {"read_back": {"kind": "N7", "fields": fields}}
    data: dict[str, Json] = {"wrong_fields": ["UNDERSTOOD.read_back"], "data": {"kind": "UNDERSTOOD", "fields": right}}
    line.say(BORA, "K1", NOON + 90, data, about=reply)
    assert line.state(asked) is State.CLOSED


def test_no_read_back_at_all_is_a_wrong_one(line: Line) -> None:
    asked = line.say(ALBA, "N7", NOON, N7)
    line.say(BORA, "UNDERSTOOD", NOON + 60, about=asked)
    assert line.thread(asked).wrong_fields == ("time", "place", "armed")


def test_a_message_that_is_not_of_its_kind_cannot_be_understood(line: Line) -> None:
    asked = line.say(ALBA, "N7", NOON, body={1: 2})
    line.say(BORA, "UNDERSTOOD", NOON + 60, about=asked)
    assert line.thread(asked).wrong_fields == ("the message itself, which is not of its kind",)


def test_a_wrong_read_back_after_the_right_one_reopens(line: Line) -> None:
    asked = line.say(ALBA, "N7", NOON, N7)
    line.hear(line.writers[BORA].read_back(asked, NOON + 60, RIGHT))
    line.hear(line.writers[BORA].read_back(asked, NOON + 90, RIGHT | {"armed": "YES"}))
    assert line.thread(asked).wrong_fields == ("armed",)


def test_not_understood_obliges_the_asker_to_say_it_again(line: Line) -> None:
    asked = line.say(ALBA, "N7", NOON, N7)
    line.say(BORA, "NOT-UNDERSTOOD", NOON + 60, {"detail": "which craft?"}, about=asked)
    thread = line.thread(asked)
    assert (thread.state, thread.due) == (State.TO_BE_REPEATED, NOON + 60 + 300)
    alarms = {party: desk.alarms(line.utc)[0].ours for party, desk in line.desks.items()}
    assert alarms == {ALBA: True, BORA: False}
    line.wake(NOON + 360)
    assert line.state(asked) is State.REPETITION_OVERDUE
    again = line.say(ALBA, "N7", NOON + 400, N7, about=asked)
    assert line.state(asked) is State.REPEATED
    assert line.state(again) is State.OPEN


def test_standby_restarts_the_clock_twice_and_no_more(line: Line) -> None:
    asked = line.say(ALBA, "Q1", NOON, Q1)
    for number, until in enumerate(("19:00", "20:00"), 1):
        line.say(BORA, "STANDBY", NOON + number, {"until": f"2017-12-09T{until}Z"}, about=asked)
        thread = line.thread(asked)
        assert (thread.state, thread.due, thread.standbys) == (State.STANDBY, at(until), number)
    line.say(BORA, "STANDBY", NOON + 3, {"until": "2017-12-09T21:00Z"}, about=asked)
    assert line.thread(asked).due == at("20:00")
    assert refused(line) == ["STANDBY may be said twice, not more"]


def test_standby_names_a_time_to_come(line: Line) -> None:
    asked = line.say(ALBA, "Q1", NOON, Q1)
    line.say(BORA, "STANDBY", NOON + 1, {"until": "2017-12-09T17:00Z"}, about=asked)
    line.say(BORA, "STANDBY", NOON + 2, body=None, about=asked)
    assert line.thread(asked).standbys == 0
    assert refused(line) == ["STANDBY names a time that is still to come"] * 2


def test_taken_to_leadership_stays_open_and_is_never_overdue(line: Line) -> None:
    asked = line.say(ALBA, "P8", NOON, P8, by=TWO)
    line.say(BORA, "TAKEN-TO-LEADERSHIP", NOON + 60, about=asked)
    line.wake(NOON + 10 * 86_400)
    assert line.thread(asked).due is None
    assert line.state(asked) is State.WITH_LEADERSHIP
    assert line.desks[ALBA].alarms(line.utc) == []
    line.say(BORA, "STANDBY", line.utc, {"until": "2017-12-30T17:00Z"}, about=asked)
    assert refused(line) == ["not expected while the dialogue is WITH LEADERSHIP"]
    line.say(BORA, "ACCEPT", line.utc, about=asked, by=DELEGATED)
    assert line.state(asked) is State.CLOSED


def test_a_machines_error_closes_with_an_alarm_and_a_persons_answer_prevails(line: Line) -> None:
    asked = line.say(ALBA, "Q1", NOON, Q1)
    line.say(BORA, "ERROR", NOON + 1, {"reason": "not able to show"}, about=asked)
    thread = line.thread(asked)
    assert (thread.state, thread.acknowledged, thread.due) == (State.ERROR, None, None)
    assert [desk.alarms(line.utc)[0].ours for desk in line.desks.values()] == [True, False]
    line.say(BORA, "NO", NOON + 60, about=asked)
    assert line.state(asked) is State.CLOSED


def test_carried_is_told_to_the_asker_and_moves_nothing(line: Line) -> None:
    asked = line.say(ALBA, "P8", NOON, P8, by=TWO)
    line.say(BORA, "CARRIED", NOON + 60, {"to": "cendra", "time": "2017-12-09T18:01Z", "state": "carried"}, about=asked)
    assert line.state(asked) is State.OPEN


def test_yes_to_is_this_yours_takes_two_persons_and_yes_to_a_question_one(line: Line) -> None:
    seen = line.say(BORA, "N8", NOON, N8)
    asked = line.say(BORA, "Q1", NOON, Q1)
    for about in (seen, asked):
        line.say(ALBA, "YES", NOON + 30, about=about)
    assert (line.state(seen), line.state(asked)) == (State.OPEN, State.CLOSED)
    assert refused(line) == ["YES to N8 takes duty officer and releaser"]
    line.say(ALBA, "YES", NOON + 60, about=seen, by=(RELEASER, DUTY))
    assert line.state(seen) is State.CLOSED


def test_the_charter_goes_before_the_catalogue_and_may_leave_a_reply_to_it() -> None:
    yes, accept = CATALOGUE.kind("YES").number, CATALOGUE.kind("ACCEPT").number
    seen, fact, proposal, question = (CATALOGUE.kind(code).number for code in ("N8", "C4", "P8", "Q1"))
    two, one = WHO["2"], ((Authority.DUTY_OFFICER,),)
    strict = Rules(CATALOGUE, CharterRules(approvals=(ApprovalRule(yes, one), ApprovalRule(accept, two))))
    assert strict.required_approvals(yes) == one
    assert strict.required_approvals(yes, question) == one
    assert strict.required_approvals(yes, seen) == two
    assert strict.required_approvals(accept, fact) == two
    assert strict.required_approvals(CATALOGUE.kind("N1").number) == ()
    left = Rules(CATALOGUE, CharterRules(approvals=(ApprovalRule(yes, ((), *two)), ApprovalRule(accept, ((), *two)))))
    assert left.required_approvals(yes, question) == ()
    assert left.required_approvals(yes, seen) == two
    assert left.required_approvals(accept, fact) == ()
    assert left.required_approvals(accept, proposal) == WHO["H"]


def test_two_roles_of_one_officer_are_still_one_person() -> None:
    both = Approver(OfficerNumber(2), (Authority.DUTY_OFFICER, Authority.RELEASER))
    assert not satisfies(WHO["2"], [both])
    assert satisfies(WHO["2"], [both, DUTY]) is False
    assert satisfies(WHO["2"], [both, RELEASER])
    assert satisfies((), [])
    assert in_words(WHO["H"]) == "principal and releaser, or delegate and releaser"


def test_a_kind_that_no_catalogue_has_is_told_to_the_caller_and_a_new_generation_means_nothing(line: Line) -> None:
    for number, known in ((200, False), (GENERATION_KIND, True)):
        statement = Statement(charter=1, authored=NOON, kind=number, officer=0)
        data = encode_statement(statement)
        text = line.writers[ALBA].say("T1", NOON, {"text": "x"})
        said = Said(text.digest, text.station, BASE, 7, statement, data, NOON)
        if known:
            assert line.desks[BORA].heard(said, NOON) == ()
        else:
            with pytest.raises(UnknownKind):
                line.desks[BORA].heard(said, NOON)


def test_a_statement_heard_twice_is_heard_once(line: Line) -> None:
    asked = line.say(ALBA, "Q1", NOON, Q1)
    assert line.desks[BORA].heard(asked, NOON) == ()


def test_an_answer_before_its_question_waits_for_it() -> None:
    line = Line()
    asked = line.writers[ALBA].say("Q1", NOON, Q1)
    answer = line.writers[BORA].say("YES", NOON + 60, about=asked)
    desk = Desk(ALBA, (ALBA, BORA), RULES)
    assert desk.heard(answer, NOON + 60) == []
    desk.heard(asked, NOON + 61)
    (thread,) = desk.threads(asked.digest, NOON + 61)
    assert thread.state is State.CLOSED


def test_a_repetition_that_its_author_retracts_leaves_the_first_to_be_said_again(line: Line) -> None:
    """Else nobody owed anything, and they that did not understand were never told again."""
    asked = line.say(ALBA, "N7", NOON, N7)
    line.say(BORA, "NOT-UNDERSTOOD", NOON + 60, {"detail": "which?"}, about=asked)
    again = line.say(ALBA, "N7", NOON + 120, N7, about=asked)
    assert line.state(asked) is State.REPEATED
    retracted = line.say(ALBA, "K4", NOON + 130, {"cause": "drill text"}, about=again)
    assert line.state(asked) is State.TO_BE_REPEATED
    line.wake(NOON + 3_600)
    assert asked.digest in {alarm.digest for alarm in line.desks[ALBA].alarms(line.utc) if alarm.ours}
    line.say(ALBA, "K4", NOON + 3_601, {"cause": "drill text"}, about=retracted)
    assert line.state(asked) is State.REPEATED
