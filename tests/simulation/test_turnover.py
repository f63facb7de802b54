"""Stations that come and go while a world runs, and officers who are stopped after they have spoken."""

from __future__ import annotations

import pytest

from openline.identifiers import station_id
from openline.simulation.faults import BY_NAME, KINDS
from openline.simulation.plan import Happening, Plan, Shape, What, draw_plan
from openline.simulation.runs import Result, Runner, run_seed

ALBA, BORA = station_id(1, 1), station_id(2, 1)
SECOND = station_id(1, 2)
RUNNER = Runner()
ONE_EACH = Shape()
TEXT, FLASH, STATE, QUESTION = range(4)
BY_NOTICE, RUNS_ON = 1, 2
EVERYTHING = (*KINDS, *BY_NAME)


def run(*happenings: Happening, shape: Shape = ONE_EACH, seed: int = 0) -> Result:
    return RUNNER.run(Plan(seed, shape, {}, tuple(sorted(happenings, key=lambda each: each.at_ms))))


def told(result: Result, words: str) -> bool:
    return any(words in line for line in result.story)


def test_a_new_station_gets_what_was_said_before_it_came_and_says_what_comes_after() -> None:
    result = run(
        Happening(100, What.SAY, ALBA, TEXT),
        Happening(200, What.SAY, BORA, STATE),
        Happening(9_000, What.JOIN, ALBA),
        Happening(12_000, What.SAY, BORA, FLASH),
    )
    assert (result.words, told(result, "1.2 starts")) == ("", True)


@pytest.mark.parametrize("number", [0, BY_NOTICE, RUNS_ON, BY_NOTICE | RUNS_ON])
def test_when_the_old_station_ends_the_new_one_answers_for_its_party(number: int) -> None:
    result = run(
        Happening(1_000, What.JOIN, ALBA),
        Happening(11_000, What.LEAVE, ALBA, number),
        Happening(13_000, What.SAY, BORA, STATE),
        Happening(13_000, What.SAY, ALBA, TEXT),
        Happening(14_000, What.REKEY, ALBA),
    )
    assert (result.words, told(result, "1.1 dies for good")) == ("", not number & RUNS_ON)


def test_a_party_keeps_its_last_station() -> None:
    result = run(Happening(1_000, What.LEAVE, ALBA))
    assert (result.words, told(result, "ends that station")) == ("", False)


def test_what_only_the_old_station_had_heard_may_be_lacking_and_nothing_else() -> None:
    result = run(
        Happening(500, What.PARTITION, BORA, 3 + 4 * 20),
        Happening(1_000, What.SAY, SECOND, STATE),
        Happening(1_100, What.SAY, ALBA, TEXT),
        Happening(4_000, What.LEAVE, SECOND),
        shape=Shape(stations=2),
    )
    assert result.words == ""


@pytest.mark.parametrize("number", [TEXT, FLASH, STATE, QUESTION])
def test_the_words_of_an_officer_who_is_stopped_count_where_they_come_first(number: int) -> None:
    result = run(
        Happening(9_000, What.PARTITION, BORA, 2 + 4 * 10),
        Happening(10_000, What.LAST_WORDS, ALBA, number),
        Happening(12_000, What.STOP_SPEAKER, BORA, 1),
    )
    assert (result.words, result.refusals["R108"]) == ("", 1)


def test_an_officer_who_has_ended_says_nothing_more() -> None:
    result = run(Happening(9_000, What.STOP_SPEAKER, ALBA, 1), Happening(10_000, What.LAST_WORDS, ALBA, QUESTION))
    assert (result.words, result.refusals) == ("", {})


def test_stations_and_officers_are_drawn_by_themselves_and_only_where_they_are_asked_for() -> None:
    """All else that a seed draws stays as it is."""
    new = {What.JOIN, What.LEAVE, What.LAST_WORDS, What.STOP_SPEAKER}
    seen: set[What] = set()
    for seed in range(60):
        without, drawn = draw_plan(seed), draw_plan(seed, EVERYTHING)
        assert not new.intersection(each.what for each in without.happenings)
        seen |= {each.what for each in drawn.happenings}
        rest = tuple(each for each in drawn.happenings if each.what not in new)
        assert rest == tuple(each for each in without.happenings if each.what is not What.ROSTER or each in rest)
        assert (drawn.chances, drawn.skews_s) == (without.chances, without.skews_s)
    assert seen >= new


def test_under_all_faults_no_rule_is_broken() -> None:
    results = [run_seed(RUNNER, seed, EVERYTHING) for seed in range(24)]
    assert [(result.plan.seed, result.words) for result in results if result.checker] == []
