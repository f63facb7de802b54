"""The exhaustive search: a small bound is seen whole, and a broken rule is told with the shortest steps to it."""

import json

import pytest

from openline.cli.exhaust import exhaust
from openline.cli.plants import search_planted
from openline.limits import ORDINARY_LANE
from openline.simulation.checks import Violated
from openline.simulation.search import BOUNDS, Bound, Numbers, Search

ONE_FLASH = Bound(((True,), ()), deaths=0, losses=0, restores=0, rekeys=0)
ONE_DEATH = Bound(((True,), ()), deaths=1, losses=0, restores=0, rekeys=0)


def test_one_flash_and_one_death_are_seen_whole() -> None:
    search = Search(ONE_DEATH)
    search.run(10_000)
    assert search.complete
    assert 100 < len(search.seen) < 10_000
    assert search.quiet > 0
    assert search.steps > len(search.seen)


def test_a_restore_and_a_loss_are_seen_whole() -> None:
    """The station that was put back opens a new generation and says its text again, which is shown again."""
    search = Search(Bound(((True,), ()), deaths=0, losses=1, restores=1, rekeys=0))
    search.run(10_000)
    assert search.complete
    assert search.quiet > 0


def test_no_rule_is_broken_where_everything_may_happen() -> None:
    told: list[int] = []
    search = Search(BOUNDS["all"])
    search.run(1_000, told.append)
    assert len(search.seen) == 1_000
    assert not search.complete
    assert told == [1_000]


def test_states_are_many_more_than_the_moments_that_they_are_made_of() -> None:
    search = Search(BOUNDS["small"])
    search.run(1_000)
    assert search.moments < len(search.seen) // 2


def test_the_same_bound_has_the_same_states() -> None:
    first, second = Search(ONE_DEATH), Search(ONE_DEATH)
    first.run(120)
    second.run(120)
    assert first.seen == second.seen


def test_what_a_loss_took_is_said_again_after_a_while() -> None:
    search = Search(Bound(((True,), ()), deaths=0, losses=1, restores=0, rekeys=0))
    search.run(10_000)
    assert search.complete
    steps = {step for found in search.seen.values() if found is not None for step in [found[1]]}
    assert ("wait", 0, 0) in steps
    assert ("lose", 1, 0) in steps


def test_of_what_a_dying_station_was_given_the_relay_lets_go_only_when_it_is_given_again() -> None:
    search = Search(ONE_DEATH)
    said = search.after(search.first, ("say", 0, 0))
    died = search.after(said, ("give!", 1, 0))
    assert ("give", 1, 0) in search.steps_from(died)
    assert not any(step[0].endswith("!") for step in search.steps_from(died)), "it may die once"
    given = search.after(said, ("give", 1, 0))
    assert ("give", 1, 0) not in search.steps_from(given)


def test_a_station_that_is_put_back_says_its_text_again() -> None:
    search = Search(Bound(((False,), ()), deaths=0, losses=0, restores=1, rekeys=0))
    state = search.after(search.first, ("say", 0, 0))
    state = search.after(state, ("lose", 1, ORDINARY_LANE))
    state = search.after(state, ("restore", 0, 0))
    assert ("say", 0, 0) not in search.steps_from(state), "its officer has said it"


def test_equal_values_have_one_number() -> None:
    numbers: Numbers[str] = Numbers()
    assert [numbers.of(each) for each in ("a", "b", "a")] == [0, 1, 0]
    assert numbers[1] == "b"


def test_a_broken_rule_is_told_with_the_shortest_steps_that_lead_to_it() -> None:
    search = Search(ONE_FLASH)
    search._officers.said.clear()
    with pytest.raises(Violated, match=r"no officer .* after \[\('say', 0, 0\)\]") as told:
        search.run(2_000)
    assert told.value.checker == "provenance"


def test_an_error_of_the_program_is_a_broken_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    search = Search(ONE_FLASH)
    monkeypatch.setattr(search, "_acts", lambda _: [("give", 0, 0)])
    with pytest.raises(Violated, match="IndexError") as told:
        search.run(2_000)
    assert told.value.checker == "exception"


def test_a_state_that_never_rests_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openline.simulation.search.restless", lambda *_: iter(["something waits for ever"]))
    monkeypatch.setattr("openline.simulation.search.WAKES_MAX", 3)
    search = Search(Bound(((), ()), deaths=0, losses=0, restores=0, rekeys=0))
    monkeypatch.setattr(search, "_gives", lambda _: [])
    with pytest.raises(Violated, match="something waits for ever") as told:
        search.run(2_000)
    assert told.value.checker == "converges"


def test_who_asked_is_told_how_far_the_search_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("openline.cli.exhaust.TOLD_EVERY", 2_000)
    figures, broken = exhaust("death", 4_500)
    assert not broken
    assert (figures["states"], figures["complete"], figures["violation"]) == (4_500, False, None)
    assert capsys.readouterr().err == "2,000 states\n4,000 states\n"


def test_a_search_that_is_ended_by_hand_tells_what_it_has_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Search, "run", interrupted)
    figures, broken = exhaust("death", 100)
    assert not broken
    assert (figures["states"], figures["complete"]) == (1, False)


def test_a_broken_rule_ends_the_search_and_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise Violated("nonce", "twice")

    monkeypatch.setattr(Search, "run", broken)
    figures, is_broken = exhaust("death", 100)
    assert is_broken
    assert figures["violation"] == "nonce: twice"


def test_the_search_notices_a_planted_bug(capfd: pytest.CaptureFixture[str]) -> None:
    """Each start counts from nought under the same key: a death is enough."""
    assert search_planted("run-id-reused", "death", 2_000, as_json=True) == 1
    told = json.loads(capfd.readouterr().out)
    assert told["violation"] == "nonce: one key and nonce sealed twice, after [('say!', 0, 0)]"
    assert told["states"] < 20
