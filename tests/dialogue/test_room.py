"""What leaves a full desk leaves whole: no message stays behind without the answers that it had."""

import pytest

import openline.dialogue.desk as desk_module
from openline.catalogue.kinds.values import Json
from openline.dialogue import CrisisState, Desk, State
from openline.dialogue.errors import UnknownMessage
from openline.dialogue.room import families
from openline.dialogue.said import Said
from openline.wire.statement import Option
from tests.dialogue.kit import ALBA, BORA, CENDRA, RULES, Line, at
from tests.dialogue.test_crisis import opened

NOON = at("12:00")
Q1: dict[str, Json] = {"statement": "Is it yours?"}
N7: dict[str, Json] = {"type": "collision", "time": "2017-12-09T11:24Z", "place": "38.62N 129.75E", "armed": "NO"}


def states(desk: Desk, asked: list[Said], utc: int) -> set[State]:
    """The states of those of the messages that the desk still holds."""
    held = [each for each in asked if each.ref in desk.book.said]
    return {thread.state for each in held for thread in desk.threads(each.digest, utc)}


@pytest.fixture(autouse=True)
def small_desks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_module, "STATEMENTS_MAX", 40)


def test_no_answered_question_turns_open_because_the_other_party_said_more_than_its_share() -> None:
    """Nor is it overdue after a restart: a question leaves with its answer or stays with it."""
    line = Line()
    asked = [line.say(ALBA, "Q1", NOON + number, Q1) for number in range(10)]
    for each in asked:
        line.say(BORA, "YES", NOON + 60, about=each)
    for number in range(26):
        line.say(BORA, "Q1", NOON + 200 + number, Q1)
    desk = line.desks[ALBA]
    assert states(desk, asked, line.utc) == {State.CLOSED}
    again, later = Desk(ALBA, (ALBA, BORA), RULES, line.receipts), NOON + 86_400
    again.restore(desk.rows(), later)
    assert states(again, asked, later) == {State.CLOSED}
    assert {alarm.digest for alarm in again.alarms(later)}.isdisjoint(each.digest for each in asked)


def test_a_flood_of_what_nobody_need_answer_leaves_before_what_others_were_answered() -> None:
    """The flood's own words go first, though what the others said is older."""
    line = Line((ALBA, BORA, CENDRA))
    asked = line.say(ALBA, "Q1", NOON, Q1)
    for party in (BORA, CENDRA):
        line.say(party, "NO", NOON + 1, about=asked)
    for number in range(60):
        line.say(CENDRA, "Q1", NOON + 2 + number, Q1, options={Option.ACTION: [CENDRA]})
    desk = line.desks[BORA]
    assert desk.message(asked.digest) == asked
    assert len(desk.book) <= 40


def test_a_flood_of_words_about_an_open_question_leaves_the_question(monkeypatch: pytest.MonkeyPatch) -> None:
    """And only as many of them leave as must."""
    line = Line()
    asked = line.say(ALBA, "Q1", NOON, Q1)
    for number in range(41):
        line.say(BORA, "ACKNOWLEDGED", NOON + 1 + number, about=asked)
    desk = line.desks[ALBA]
    assert desk.message(asked.digest) == asked
    assert len(desk.book) in range(36, 41)
    monkeypatch.setattr(desk_module, "STATEMENTS_MAX", 20)
    theirs = line.say(BORA, "Q1", NOON + 90, Q1)
    assert desk.message(asked.digest) == asked
    with pytest.raises(UnknownMessage):
        desk.message(theirs.digest)


def test_a_message_its_correction_and_what_was_said_of_both_are_one_family_in_any_order() -> None:
    """What is only about another message, and is neither its answer nor its change, is a family of its own."""
    line = Line()
    told = line.say(ALBA, "N7", NOON, N7)
    fields: Json = {"wrong_fields": ["N7.armed"], "data": {"kind": "N7", "fields": N7}}
    assert isinstance(fields, dict)
    corrected = line.say(ALBA, "K1", NOON + 1, fields, about=told)
    replies = [line.say(BORA, "NOT-UNDERSTOOD", NOON + 2, {"detail": "?"}, about=each) for each in (told, corrected)]
    again = line.say(ALBA, "N7", NOON + 3, N7, about=corrected)
    apart = line.say(BORA, "Q1", NOON + 4, Q1, about=told)
    for said in (list(line.desks[ALBA].book.said.values()), [apart, again, *replies, corrected, told]):
        line.desks[ALBA].book.said = {each.ref: each for each in said}
        found = {family[0].ref: {each.ref for each in family} for family in families(line.desks[ALBA].book)}
        assert found == {
            told.ref: {each.ref for each in (told, corrected, *replies)},
            again.ref: {again.ref},
            apart.ref: {apart.ref},
        }


def test_an_open_crisis_is_not_set_aside_though_its_opening_was_answered_long_ago() -> None:
    """Nor what joined it, nor after a restart; its alarms go on."""
    line = Line()
    opening = opened(line)
    for number in range(60):
        asked = line.say(ALBA, "Q1", at("19:00") + number, Q1)
        line.say(BORA, "YES", at("19:00") + number, about=asked)
    desk = line.desks[ALBA]
    again = Desk(ALBA, (ALBA, BORA), RULES, line.receipts)
    again.restore(desk.rows(), line.utc)
    for each in (desk, again):
        assert each.crises.openings() == (opening,)
        assert each.crises.state(line.utc) is CrisisState.JOINED
        each.wake(at("21:00"))
        assert [alarm for alarm in each.alarms(at("21:00")) if "SITUATION REPORT" in alarm.words] != []
