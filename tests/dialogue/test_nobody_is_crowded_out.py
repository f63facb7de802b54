"""What one party says, however much, takes nothing from the desk that another party said."""

import pytest

import openline.dialogue.crises as crises_module
import openline.dialogue.desk as desk_module
from openline.catalogue.kinds.values import Json
from openline.dialogue import CrisisState, Desk, Event, EventKind, State
from openline.dialogue.book import NAMING_MAX
from openline.dialogue.crises import CRISES_MAX
from openline.dialogue.states import Standing
from openline.identifiers import REF_BYTES, Digest
from openline.wire.statement import Option
from tests.dialogue.kit import ALBA, BORA, CENDRA, RULES, TWO, Line, Writer, at
from tests.dialogue.test_changes import K4
from tests.dialogue.test_crisis import C1, OPENED, TYPED, opened, report

NOON = at("12:00")
Q1: dict[str, Json] = {"statement": "Is it yours?"}


def test_a_flood_of_replies_hides_neither_another_s_answer_nor_its_author_s_retraction() -> None:
    line = Line((ALBA, BORA, CENDRA))
    asked = line.say(ALBA, "Q1", NOON, Q1)
    for number in range(NAMING_MAX + 1):
        line.say(BORA, "ACKNOWLEDGED", NOON + number, about=asked)
    line.say(CENDRA, "NO", NOON + 300, about=asked)
    for desk in line.desks.values():
        threads = {thread.party: thread.state for thread in desk.threads(asked.digest, line.utc)}
        assert threads[CENDRA] is State.CLOSED
        assert len(desk.book.naming(asked.ref)) == 256 + 1
    line.say(ALBA, "K4", NOON + 310, K4, about=asked)
    assert {desk.standing(asked.digest) for desk in line.desks.values()} == {Standing.RETRACTED}


def test_a_flood_of_openings_lets_another_s_crisis_stay_on_the_screen() -> None:
    line = Line((ALBA, BORA, CENDRA))
    opening = line.say(ALBA, "C1", OPENED, C1, by=TWO)
    for number in range(CRISES_MAX + 3):
        line.say(CENDRA, "C1", OPENED + 1 + number, C1, by=TWO)
    line.hear(line.writers[BORA].read_back(opening, OPENED + 60, TYPED, code="JOINED", by=TWO))
    line.wake(at("18:38"))
    for party in (ALBA, BORA):
        crises = line.desks[party].crises
        assert opening in crises.openings()
        assert crises.view(opening.digest, line.utc).crisis.state is CrisisState.JOINED
        assert len(crises.openings()) == 1 + CRISES_MAX
        about = {alarm.digest for alarm in crises.alarms(line.utc)}
        assert about <= {each.digest for each in crises.openings()}, "what is followed no more sounds no more"


def test_a_flood_of_reports_makes_nobody_else_overdue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crises_module, "REPORTS_MAX", 5)
    line = Line()
    opening = opened(line)
    line.say(ALBA, "C2", at("18:38"), report("18:38"))
    for number in range(6):
        line.say(BORA, "C2", at("18:38") + number, report("18:38"))
    line.wake(at("18:39"))
    assert line.desks[ALBA].crises.view(opening.digest, line.utc).overdue == ()


def test_a_flood_sets_aside_the_words_of_who_floods_and_another_s_open_question_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(desk_module, "STATEMENTS_MAX", 20)
    line = Line((ALBA, BORA, CENDRA))
    asked = line.say(ALBA, "Q1", NOON, Q1)
    for number in range(60):
        line.say(CENDRA, "Q1", NOON + 1 + number, Q1)
    desk = line.desks[BORA]
    assert desk.message(asked.digest) == asked
    assert len(desk.book) <= 20
    line.wake(NOON + 4 * 3600)
    assert asked.digest in {alarm.digest for alarm in desk.alarms(line.utc)}


def test_a_flood_sets_aside_nothing_of_who_said_less_than_its_share(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even what has ended, and is the oldest of all."""
    monkeypatch.setattr(desk_module, "STATEMENTS_MAX", 20)
    line = Line((ALBA, BORA, CENDRA))
    asked = [line.say(ALBA, "Q1", NOON + number, Q1, options={Option.ACTION: [BORA]}) for number in range(3)]
    for each in asked:
        line.say(ALBA, "K4", NOON + 10, K4, about=each, options={Option.ACTION: [BORA]})
    for number in range(60):
        line.say(CENDRA, "Q1", NOON + 20 + number, Q1)
    assert [line.desks[BORA].message(each.digest) for each in asked] == asked


def test_what_is_told_to_be_set_aside_is_held_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_module, "STATEMENTS_MAX", 20)
    desk, flood = Desk(BORA, (ALBA, BORA), RULES), Writer(ALBA)
    desk.heard(Writer(BORA).say("Q1", NOON, Q1), NOON)
    told: list[Digest] = []
    for number in range(60):
        events = desk.heard(flood.say("Q1", NOON + number, Q1), NOON + number)
        told += [event.digest for event in events if event.kind is EventKind.SET_ASIDE]
        assert all(digest[:REF_BYTES] not in desk.book.said for digest in told)
    assert len(set(told)) > 10


def test_however_many_crises_its_opener_opens_and_retracts_the_one_that_we_are_in_stays_open() -> None:
    """An open crisis that two sides are in leaves the screen by its closure, not because sixteen others came later."""
    line = Line()
    joined = opened(line)
    others = [line.say(BORA, "C1", at("19:00") + number, C1, by=TWO) for number in range(CRISES_MAX)]
    for other in others:
        line.say(BORA, "K4", at("19:01"), K4, about=other)
    line.wake(at("21:00"))
    for desk in line.desks.values():
        assert joined in desk.crises.openings()
        assert desk.crises.state(line.utc) is CrisisState.JOINED
        assert desk.crises.checks_suspended()
        assert [alarm.party for alarm in desk.alarms(line.utc) if "SITUATION REPORT" in alarm.words] == [ALBA, BORA]
        again = Desk(desk.setting.own, (ALBA, BORA), RULES, line.receipts)
        again.restore(desk.rows(), line.utc)
        assert joined in again.crises.openings(), "a restart reads them in any order"


def test_closed_crises_leave_before_open_ones_and_what_is_said_about_one_brings_it_back() -> None:
    """Of the crises that we are not in the closed ones go first; one that left and is joined then is followed again."""
    line = Line()
    first, closed = (line.say(BORA, "C1", OPENED + number, C1, by=TWO) for number in range(2))
    line.say(BORA, "K4", OPENED + 10, K4, about=closed)
    for number in range(CRISES_MAX - 1):
        line.say(BORA, "C1", OPENED + 20 + number, C1, by=TWO)
    crises = line.desks[ALBA].crises
    assert (first in crises.openings(), closed in crises.openings()) == (True, False)
    line.say(BORA, "C1", OPENED + 60, C1, by=TWO)
    assert first not in crises.openings()
    line.hear(line.writers[ALBA].read_back(first, OPENED + 90, TYPED, code="JOINED", by=TWO))
    assert first in crises.openings()
    assert crises.state(line.utc) is CrisisState.OPENED_BY_THEM, "the others still wait for us"
    assert len(crises.openings()) == CRISES_MAX + 1


@pytest.mark.parametrize("answer_first", [True, False])
def test_one_station_s_receipts_hide_no_answer_of_another_whichever_came_first(answer_first: bool) -> None:
    """What is held of one party's words about one message is the same in any order, and what is not is told."""
    first, second = Writer(BORA, 1), Writer(BORA, 2)
    asked = Writer(ALBA).say("Q1", NOON, Q1)
    receipts = [first.say("ACKNOWLEDGED", NOON + 1 + number, about=asked) for number in range(NAMING_MAX)]
    answer = second.say("YES", NOON + 400, about=asked)
    desk = Desk(ALBA, (ALBA, BORA), RULES)
    events: list[Event] = []
    for said in (asked, answer, *receipts) if answer_first else (asked, *receipts, answer):
        events += desk.heard(said, NOON + 500)
    (thread,) = desk.threads(asked.digest, NOON + 500)
    assert (thread.state, thread.answer) == (State.CLOSED, answer)
    assert {each.ref for each in desk.book.naming(asked.ref)} == {each.ref for each in (answer, *receipts[:-1])}
    told = [(event.digest, event.words) for event in events if event.kind is EventKind.SET_ASIDE]
    assert told == [(receipts[-1].digest, "0 still open")]
    again = Desk(ALBA, (ALBA, BORA), RULES)
    again.restore(desk.rows(), NOON + 500)
    assert again.book.said.keys() == desk.book.said.keys()


def test_a_question_that_its_party_has_no_more_room_for_is_told_as_still_open() -> None:
    """Each asks about the same message; an answer to it goes before one more question."""
    line = Line()
    told = line.say(ALBA, "Q1", NOON, Q1)
    questions = [line.say(BORA, "Q1", NOON + 1 + number, Q1, about=told) for number in range(NAMING_MAX)]
    answer = line.say(BORA, "YES", NOON + 300, about=told)
    for desk in line.desks.values():
        assert desk.message(answer.digest) == answer
        assert questions[-1].ref not in desk.book.said
    assert [(event.digest, event.words) for event in line.told(ALBA, EventKind.SET_ASIDE)] == [
        (questions[-1].digest, "1 still open")
    ]
