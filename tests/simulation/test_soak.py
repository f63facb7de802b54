"""Months of a made world's life, and what only they show."""

from dataclasses import replace
from unittest.mock import patch

import pytest

from openline.identifiers import PathId, station_id
from openline.ports import Keep
from openline.simulation.checks import Nonces, Violated
from openline.simulation.growth import Growth
from openline.simulation.ledger import MemoryLedger
from openline.simulation.officers import TRIES_MAX
from openline.simulation.plan import Plan, Shape, What
from openline.simulation.relays import messages
from openline.simulation.runs import Runner, seeded_suite
from openline.simulation.soak import DAY_MS, FAULTY_DAYS, PUT_BACK, WEEK_DAYS, draw_life, live
from openline.simulation.world import World
from openline.wire.relay import MESSAGE_BYTES_MAX

ALBA = station_id(1, 1)


def test_a_life_rests_each_week_and_puts_back_one_disk_at_most() -> None:
    for seed in range(20):
        plan = draw_life(seed, 4)
        assert plan == draw_life(seed, 4)
        for week in range(4):
            begins = week * WEEK_DAYS * DAY_MS
            during = [each for each in plan.happenings if begins <= each.at_ms < begins + WEEK_DAYS * DAY_MS]
            assert all(each.at_ms < begins + FAULTY_DAYS * DAY_MS for each in during)
            assert sum(each.what in PUT_BACK for each in during) <= 1
    assert {each.what for seed in range(20) for each in draw_life(seed, 4).happenings} >= {*PUT_BACK, What.SAY}


def test_a_week_is_lived_and_is_the_same_week_again() -> None:
    runner = Runner()
    lived = live(runner, 2, 1)
    assert (lived.checker, lived.days, lived.settles) == ("", WEEK_DAYS, 1)
    assert lived.prekeys > 2, "keys are renewed by the day"
    assert replace(live(runner, 2, 1), objects=0) == replace(lived, objects=0)


def world_at_rest() -> World:
    runner, nonces = Runner(), Nonces()
    world = World(Plan(1, Shape(), {}, ()), runner.setting(Shape()), seeded_suite(nonces), nonces)
    world.begin()
    world.agenda.run(60_000)
    return world


def test_rows_that_grow_with_nothing_said_are_noticed() -> None:
    world = world_at_rest()
    Growth(world).look()
    ledger = world.nodes[ALBA].ledger
    assert ledger is not None
    assert isinstance(ledger, MemoryLedger)
    ledger.commit([Keep("greeting", bytes((number,)), b"") for number in range(100)])
    with pytest.raises(Violated, match="rows of greeting"):
        Growth(world).look()


def test_memory_that_grows_with_nothing_said_is_noticed() -> None:
    world = world_at_rest()
    growth = Growth(world)
    growth.look()
    station = world.nodes[ALBA].station
    assert station is not None
    cursors = station.lines[world.setting.line].state.cursors
    cursors.update({(PathId(0), bytes((number % 250,)) * 32, number): number for number in range(1_000, 20_000)})
    with pytest.raises(Violated, match="objects"):
        growth.look()


def test_a_station_that_is_busy_on_a_day_of_silence_is_noticed() -> None:
    world = world_at_rest()
    growth = Growth(world)
    growth.look()
    growth.quiet_day()
    world.nodes[ALBA].steps += 10_000
    with pytest.raises(Violated, match="nothing was said"):
        growth.quiet_day()


def test_a_station_that_asks_to_be_woken_in_the_past_is_noticed() -> None:
    world = world_at_rest()
    growth = Growth(world)
    growth.look()
    world.nodes[ALBA].late_wakes += 1
    with pytest.raises(Violated, match="had passed"):
        growth.quiet_day()


def test_frames_are_joined_as_the_transports_join_them() -> None:
    for frames in ([bytes(100)] * 600, [bytes(100_000)] * 5, [bytes(MESSAGE_BYTES_MAX)], []):
        joined = list(messages(frames))
        assert b"".join(joined) == b"".join(frames)
        assert all(len(message) <= MESSAGE_BYTES_MAX for message in joined)
        assert len(joined) <= 3


def test_what_an_officer_gave_up_is_asked_for_again_when_all_are_called() -> None:
    world = world_at_rest()
    alba = world.nodes[ALBA]
    with patch.object(alba, "give"):  # it does not answer
        world.say(alba, 0)
        world.agenda.run(3_600_000)
    (errand,) = world.officers.undone()
    assert errand.tries > TRIES_MAX
    world.officers.gather(world.nodes.values())
    world.agenda.run(world.agenda.now_ms + 5_000)
    assert errand.done
