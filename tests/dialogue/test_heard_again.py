"""Words at two places of a log, as after a restore, were said at the first of them, whichever comes first."""

from __future__ import annotations

from dataclasses import replace

from openline.dialogue import Desk, State
from openline.dialogue.said import Said, said_key
from openline.identifiers import station_id
from tests.dialogue.kit import ALBA, BORA, RULES, TWO, Line, at
from tests.dialogue.test_answers import N7, RIGHT

NOON = at("18:00")
WRONG = RIGHT | {"time": "18:42Z"}


def said_again(said: Said, seq: int = 1) -> Said:
    """The same words, in the generation after a restore."""
    return replace(said, generation=said.generation + 7_000, seq=seq)


def test_what_was_said_again_and_comes_first_is_no_change_of_mind_once_its_first_place_is_here() -> None:
    line = Line()
    asked = line.say(ALBA, "N7", NOON, N7)
    wrong = line.writers[BORA].read_back(asked, NOON + 10, WRONG)
    right = line.writers[BORA].read_back(asked, NOON + 20, RIGHT)
    line.hear(right)
    assert line.state(asked) is State.CLOSED
    line.hear(said_again(wrong))
    assert line.state(asked) is State.REOPENED, "for all that is known here, it was said after the right one"
    desk = line.desks[ALBA]
    desk.rows()
    desk.heard_again(wrong, line.utc)
    (thread,) = desk.threads(asked.digest, line.utc)
    assert thread.state is State.CLOSED
    rows = [(key, value is None) for _, key, value in desk.rows()]
    assert rows == [(said_key(said_again(wrong)), True), (said_key(wrong), False)]


def test_what_is_said_again_later_moves_nothing() -> None:
    line = Line()
    asked = line.say(ALBA, "N7", NOON, N7)
    wrong = line.writers[BORA].read_back(asked, NOON + 10, WRONG)
    line.hear(wrong)
    line.hear(line.writers[BORA].read_back(asked, NOON + 20, RIGHT))
    desk = line.desks[ALBA]
    desk.rows()
    unknown = line.writers[BORA].say("T1", NOON, body="x")
    for said in (said_again(wrong), replace(wrong, station=station_id(BORA, 2), seq=0), unknown):
        assert desk.heard_again(said, line.utc) == ()
    assert desk.rows() == []
    assert line.state(asked) is State.CLOSED


def test_a_crisis_opened_by_words_that_moved_is_the_same_crisis() -> None:
    line = Line()
    opening = line.writers[BORA].say("C1", NOON, body={1: "x"}, by=TWO)
    line.hear(said_again(opening, 0))
    desk: Desk = line.desks[ALBA]
    before = desk.crises.state(line.utc)
    assert desk.heard_again(opening, line.utc) == []
    assert desk.crises.state(line.utc) == before
    assert [each.place for each in desk.crises.openings()] == [opening.place]
    restarted = Desk(ALBA, (ALBA, BORA), RULES, line.receipts)
    restarted.restore(desk.rows(), line.utc)
    assert restarted.crises.state(line.utc) == before
