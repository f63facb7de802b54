"""The exhaustive search: a small bound is seen whole, and a broken rule is told with the steps to it."""

import pytest

from openline.simulation.checks import Violated
from openline.simulation.search import Bound, Search

SMALL = Bound(((True,), ()), deaths=1, losses=0, restores=0, rekeys=0)


def test_one_flash_and_one_death_are_seen_whole() -> None:
    search = Search(SMALL)
    search.run(2_000)
    assert 10 < len(search.seen) < 2_000
    assert search.quiet > 0


def test_no_rule_is_broken_where_everything_may_happen() -> None:
    search = Search(Bound())
    search.run(400)
    assert len(search.seen) == 400


def test_the_same_bound_has_the_same_states() -> None:
    first, second = Search(SMALL), Search(SMALL)
    first.run(120)
    second.run(120)
    assert first.seen == second.seen


def test_a_state_can_be_reached_again_by_its_steps() -> None:
    search = Search(Bound())
    paths = search.frontier(20)
    assert len(paths) >= 20
    again = Search(Bound())
    again.run(40, paths[-1])
    assert len(again.seen) == 40


def test_a_broken_rule_is_told_with_the_steps_that_lead_to_it() -> None:
    search = Search(SMALL)
    search._first.checks._officers.said.clear()
    with pytest.raises(Violated, match=r"no officer .* after"):
        search.run(2_000)
