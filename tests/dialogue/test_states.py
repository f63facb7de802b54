"""The state table: complete, reachable, and every dialogue can end."""

from __future__ import annotations

from pathlib import Path

import pytest

from openline.catalogue.kinds import CATALOGUE
from openline.dialogue import CRISIS_TABLE, DRAFT_TABLE, TABLE, CrisisState, DraftState, Input, Standing, State
from openline.dialogue.diagrams import page
from openline.dialogue.states import ALARMING, CHANGES, ENDED, MEANING, OWED_BY_ASKER, STRENGTH, WAITING, WHY

PAGE = Path(__file__).parents[2] / "docs/dialogues.md"
FINAL = {
    State.REPEATED, State.CORRECTED, State.CANCELLED, State.RETRACTED, State.WITHDRAWN, State.REPLACED, State.EXPIRED,
}  # fmt: skip
BY_AUTHOR = {Input.CORRECTION, Input.CANCELLATION, Input.RETRACTION, Input.WITHDRAWAL, Input.REPLACEMENT}


def after(state: State) -> set[State]:
    return {to for (origin, _), to in TABLE.items() if origin is state}


def test_the_page_is_drawn_from_the_tables() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(CATALOGUE), (
        "run: python -c 'from openline.catalogue.kinds import CATALOGUE; "
        'from openline.dialogue.diagrams import page; print(page(CATALOGUE), end="")\' > docs/dialogues.md'
    )


def test_every_state_is_reached_from_the_first() -> None:
    reached, new = {State.PENDING}, {State.PENDING}
    while new:
        new = {to for state in new for to in after(state)} - reached
        reached |= new
    assert reached == set(State)


def test_every_input_moves_something() -> None:
    assert {happening for _, happening in TABLE} == set(Input)


@pytest.mark.parametrize("state", sorted(set(State) - FINAL))
def test_from_every_state_a_dialogue_can_end_by_either_side_or_by_its_author(state: State) -> None:
    assert {happening for origin, happening in TABLE if origin is state} >= BY_AUTHOR
    answered = TABLE.get((state, Input.ANSWER))
    assert answered is State.CLOSED or state in {State.PENDING, State.CLOSED}


@pytest.mark.parametrize("state", sorted(FINAL))
def test_what_has_ended_for_good_moves_no_more(state: State) -> None:
    assert after(state) == set()


def test_somebody_owes_something_in_every_state_that_has_not_ended_and_a_clock_runs_but_with_leadership() -> None:
    assert set(State) == WAITING | OWED_BY_ASKER | ENDED | {State.WITH_LEADERSHIP}
    assert not WAITING & ENDED
    for state in (WAITING | {State.TO_BE_REPEATED}) - {State.OVERDUE}:
        assert TABLE[state, Input.DEADLINE] in ALARMING
    assert (State.WITH_LEADERSHIP, Input.DEADLINE) not in TABLE


def test_leaving_closed_sounds_an_alarm_unless_the_author_ended_it() -> None:
    for (state, happening), to in TABLE.items():
        if state is State.CLOSED and happening not in BY_AUTHOR:
            assert to in ALARMING


def test_every_word_on_the_screen_is_explained_once() -> None:
    assert set(MEANING) == set(State)
    assert len(set(MEANING.values())) == len(State)
    assert set(WHY) == set(Standing)
    assert set(STRENGTH) == set(Standing)


def test_the_five_changes_are_never_merged() -> None:
    made = {code: standing for code, (standing, _) in CHANGES.items() if code.startswith("K")}
    assert len(set(made.values())) == 5
    ends = [happening for _, happening in CHANGES.values() if happening is not None]
    assert len(set(ends)) == len(ends)


def test_every_crisis_can_end_and_only_by_both_once_both_are_in_it() -> None:
    for state in CrisisState:
        if state in (CrisisState.NONE, CrisisState.CLOSED):
            continue
        reached: set[CrisisState] = {state}
        new = reached
        while new:
            new = {to for (origin, _), to in CRISIS_TABLE.items() if origin in new} - reached
            reached |= new
        assert CrisisState.CLOSED in reached
    assert CrisisState.CLOSED not in {to for (origin, _), to in CRISIS_TABLE.items() if origin is CrisisState.JOINED}


def test_a_refused_draft_never_goes_out_without_a_change_of_text() -> None:
    assert {to for (origin, _), to in DRAFT_TABLE.items() if origin is DraftState.REFUSED} == {DraftState.WAITING}
