"""Made worlds: a few seeds of every kind hold every rule, and the same seed is the same world."""

import gc
import os
import subprocess
import sys
import weakref
from collections import Counter

import pytest

from openline.identifiers import StationId, station_id
from openline.sessions import RealSuite
from openline.simulation.disks import Disk
from openline.simulation.faults import KINDS
from openline.simulation.plan import Happening, Plan, Shape, What, draw_plan
from openline.simulation.runs import Runner, run_seed
from openline.simulation.setting import Setting
from openline.simulation.world import memory_disk

RUNNER = Runner()
SEEDED_TRACE = """
from openline.simulation.runs import Runner, run_seed
print(run_seed(Runner(), {seed}, traced=True).trace)
"""


@pytest.mark.parametrize("kind", KINDS)
def test_each_fault_alone_breaks_no_rule(kind: str) -> None:
    results = [run_seed(RUNNER, seed, (kind,)) for seed in range(2)]
    assert [(result.plan.seed, result.words) for result in results if result.checker] == []


def test_all_faults_together_break_no_rule_and_most_seeds_count() -> None:
    results = [run_seed(RUNNER, seed) for seed in range(1_000, 1_025)]
    assert [(result.plan.seed, result.words) for result in results if result.checker] == []
    assert sum(result.counts for result in results) >= 20


@pytest.mark.parametrize("seed", [3])
def test_a_seed_repeats_byte_for_byte_under_another_hash_seed(seed: int) -> None:
    traces = set()
    for hashes in ("1", "2"):
        ran = subprocess.run(
            [sys.executable, "-c", SEEDED_TRACE.format(seed=seed)],
            env={**os.environ, "PYTHONHASHSEED": hashes}, capture_output=True, text=True, check=True,
        )  # fmt: skip
        traces.add(ran.stdout)
    assert len(traces) == 1


def test_the_real_cryptography_takes_the_same_steps() -> None:
    real = Runner(make_suite=lambda _: RealSuite())
    for seed in (5, 8):
        plan = draw_plan(seed, ("drop", "delay", "crash"))
        made, true = RUNNER.run(plan), real.run(plan)
        assert (true.steps, true.taken, true.settled_ms, true.words) == (made.steps, made.taken, made.settled_ms, "")
        assert [line[:12] for line in true.story] == [line[:12] for line in made.story]


def test_a_plan_is_drawn_from_its_seed_and_from_nothing_else() -> None:
    assert draw_plan(7) == draw_plan(7)
    assert draw_plan(7) != draw_plan(8)
    assert draw_plan(7, ()).chances == {}


@pytest.mark.parametrize("later_ms", range(-20, 44, 8))
def test_a_flash_that_meets_keys_just_dropped_goes_again_at_once(later_ms: int) -> None:
    """It waited ten seconds for its time to be sent again, as nobody tells a sender that its words did not open."""
    alba, bora = station_id(1, 1), station_id(2, 1)
    before = Happening(1_000, What.SAY, bora), Happening(6_000, What.REKEY, bora)
    result = RUNNER.run(Plan(0, Shape(), {}, (*before, Happening(6_000 + later_ms, What.SAY, alba, 1))))
    assert (result.words, result.refusals) == ("", {"R53": 1})


def test_a_world_without_faults_does_not_count() -> None:
    result = RUNNER.run(Plan(0, Shape(), {}, (Happening(10, What.SAY, station_id(1, 1)),)))
    assert (result.words, result.taken, result.counts) == ("", {}, False)


def test_a_rotten_disk_stops_its_station_or_is_found_when_all_of_it_is_read_and_the_backup_takes_its_place() -> None:
    results = [run_seed(RUNNER, seed, ("bit-rot",)) for seed in range(30)]
    assert [(result.plan.seed, result.words) for result in results if result.checker] == []
    stories = ["\n".join(result.story) for result in results if result.taken]
    for words in ("does not start: the made disk did not", "stops: the made disk did not give back"):
        assert any(words in story for story in stories)
    assert all("is put back from its backup" in story for story in stories)
    assert any("did not give back" not in story for story in stories), "in a row that nobody has read"


def test_a_relay_that_shows_one_reader_another_state_than_the_others_costs_time_and_nothing_else() -> None:
    results = [run_seed(RUNNER, seed, ("relay-fork",)) for seed in range(20)]
    assert [(result.plan.seed, result.words) for result in results if result.checker] == []
    struck = [result for result in results if result.taken]
    assert len(struck) >= 10
    assert all("shows one reader another state" in "\n".join(result.story) for result in struck)


def test_power_that_goes_at_both_ends_and_the_relay_at_once_costs_time_and_nothing_else() -> None:
    results = [run_seed(RUNNER, seed, ("blackout",)) for seed in range(40)]
    assert [(result.plan.seed, result.words) for result in results if result.checker] == []
    assert all(result.taken == {"blackout": 1} for result in results)
    ended = [
        Counter(line.split()[0] for line in result.story if line.endswith(("as the power goes", " stops")))
        for result in results
    ]
    assert any(3 in at_one_moment.values() for at_one_moment in ended), "both stations and their relay"
    assert any("because its disk failed" in "\n".join(result.story) for result in results), "in the middle of a commit"


def test_a_station_that_is_down_when_the_power_goes_starts_on_a_sound_disk() -> None:
    happenings = [Happening(at, What.BLACKOUT, station_id(1, 1), (1 << 32) - 1) for at in (100, 101, 102)]
    result = RUNNER.run(Plan(0, Shape(), {}, (Happening(10, What.SAY, station_id(1, 1)), *happenings)))
    assert (result.words, result.taken) == ("", {"blackout": 3})
    assert not any("because its disk failed" in line for line in result.story)


def test_a_world_that_is_over_goes_at_once() -> None:
    """Fifty worlds wait for the collector otherwise, which then takes a tenth of the time that they took."""
    disks: list[weakref.ref[Disk]] = []

    def made(me: StationId, setting: Setting) -> Disk:
        disk = memory_disk(me, setting)
        disks.append(weakref.ref(disk))
        return disk

    gc.disable()
    try:
        Runner(make_disk=made).run(draw_plan(3))
        assert disks
        assert [disk for disk in disks if disk() is not None] == []
    finally:
        gc.enable()
