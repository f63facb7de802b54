"""Made officers hold whole conversations, and a run tells which rows of the state tables it has walked."""

import json

import pytest
from click.testing import CliRunner

from openline.catalogue.kinds import CATALOGUE
from openline.cli.main import main
from openline.dialogue.rules import Rules
from openline.dialogue.states import TABLE, Input
from openline.identifiers import station_id
from openline.simulation.campaign import Tally
from openline.simulation.courses import COURSES, EVERYDAY_STATES, NEVER
from openline.simulation.plan import Happening, Plan, Shape, What
from openline.simulation.runs import Runner
from openline.simulation.walked import every_row

ALBA, BORA = station_id(1, 1), station_id(2, 1)
STATE, CRISIS = 2, 4


def test_a_crisis_is_opened_joined_and_closed() -> None:
    result = Runner().run(Plan(2, Shape(), {}, (Happening(1_000, What.SAY, ALBA, CRISIS),)))
    assert result.words == ""
    assert {"crisis: NO CRISIS, C1 of theirs", "crisis: CRISIS, C3"} <= result.walked


def test_officers_take_detours_and_every_dialogue_ends_all_the_same() -> None:
    said = (Happening(1_000, What.SAY, ALBA, STATE), Happening(15_000, What.CHANGE, ALBA, 2))
    tally, runner = Tally(), Runner()
    for seed in range(60):
        tally.add(runner.run(Plan(seed, Shape(), {}, said)))
    assert tally.violations == {}
    assert {"dialogue: OPEN, wrong read-back", "dialogue: OPEN, STANDBY", "dialogue: CLOSED, K4"} <= tally.walked
    never = tally.figures()["transitions_never"]
    assert isinstance(never, list)
    assert set(never) == set(every_row()) - tally.walked


def test_each_course_walks_its_row() -> None:
    runner, walked = Runner(), set[str]()
    for number in range(len(COURSES)):
        asker = (ALBA, BORA)[number % 2]
        result = runner.run(Plan(number, Shape(), {}, (Happening(600, What.COURSE, asker, number),)))
        assert (COURSES[number], result.words) == (COURSES[number], "")
        walked |= result.walked
    rows = {f"dialogue: {state}, {happening}" for state, happening in TABLE if state not in EVERYDAY_STATES}
    assert rows - walked == {f"dialogue: {state}, {happening}" for state, happening in NEVER}
    for happening in (Input.CANCELLATION, Input.WITHDRAWAL, Input.REPLACEMENT, Input.EXPIRY, Input.TAKEN_TO_LEADERSHIP):
        assert {f"dialogue: {row[0]}, {row[1]}" for row in TABLE if row[1] is happening and row not in NEVER} <= walked


def test_what_may_be_taken_to_leadership_is_neither_read_back_nor_not_understood() -> None:
    kinds, rules = CATALOGUE.kinds, Rules(CATALOGUE)
    read_back = {kind.number for kind in kinds.values() if "read_back" in kind.numbers}
    other = {*read_back, CATALOGUE.kind("NOT-UNDERSTOOD").number}
    led = CATALOGUE.kind("TAKEN-TO-LEADERSHIP").number
    taken = [rule for rule in rules.table.values() if led in rule.staying]
    assert taken
    assert all(not other & (rule.closing | rule.staying) for rule in taken)


def test_a_draft_that_one_of_two_refuses_is_never_said() -> None:
    runner, refused = Runner(), Happening(1_000, What.REFUSE, ALBA)
    results = [runner.run(Plan(seed, Shape(), {"drop": 0.2, "crash": 0.05}, (refused,))) for seed in range(12)]
    assert [result.words for result in results] == [""] * 12
    assert "draft: WAITING FOR APPROVAL, refused by one of them" in set().union(*(each.walked for each in results))


def test_a_draft_refused_at_another_station_once_it_was_ready_is_said_or_refused_everywhere() -> None:
    runner, refused = Runner(), Happening(1_000, What.REFUSE, ALBA)
    chances: tuple[dict[str, float], ...] = ({}, {"drop": 0.2, "crash": 0.05})
    results = [runner.run(Plan(seed, Shape(stations=2), chances[seed % 2], (refused,))) for seed in range(8)]
    assert [result.words for result in results] == [""] * 8
    assert "draft: READY, refused by one of them" in set().union(*(each.walked for each in results))


@pytest.mark.parametrize("paper", [What.AMEND, What.ROSTER, What.STOP])
def test_what_one_party_brings_all_go_by(paper: What) -> None:
    said = tuple(Happening(at, What.SAY, ALBA, number) for at, number in ((900, 3), (1_100, 0), (25_000, 2)))
    results = [
        Runner().run(Plan(seed, Shape(), {"drop": 0.2, "crash": 0.03}, (*said, Happening(1_000, paper, BORA))))
        for seed in range(6)
    ]
    assert [result.words for result in results] == [""] * 6


def test_each_commit_has_seeds_of_its_own_and_says_which() -> None:
    ran = CliRunner().invoke(main, ["simulate", "--seeds", "commit:2", "--jobs", "1", "--no-shrink", "--json"])
    assert ran.exit_code == 0
    first, end = json.loads(ran.stdout)["range"]
    assert (end - first, first % 2) == (2, 0)
    assert f"seeds {first}:{end}" in ran.stderr
