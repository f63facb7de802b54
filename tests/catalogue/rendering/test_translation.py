"""The machine never translates; two people do, against a clock, and every step says who and when."""

import itertools

import pytest

from openline.catalogue.rendering.translation import (
    OFFICIAL_DUE_S,
    SIGHT_DUE_S,
    TRANSLATION,
    Translation,
    TranslationState,
    TranslationStep,
    advance,
)
from openline.errors import Misuse
from openline.wire.statement import Precedence

NEW = Translation(presented=1_000, precedence=Precedence.FLASH)
SIGHT = advance(NEW, TranslationStep.SIGHT_TRANSLATED, officer=4, at=1_200)
OFFICIAL = advance(SIGHT, TranslationStep.CHECKED, officer=7, at=3_000)


def test_a_text_begins_untranslated_with_a_clock() -> None:
    assert NEW.state is TranslationState.UNTRANSLATED
    assert NEW.due == 1_000 + 600
    assert not NEW.is_overdue(1_599)
    assert NEW.is_overdue(1_600)


def test_a_sight_translation_says_by_whom_and_when_and_waits_for_a_check() -> None:
    assert (SIGHT.state, SIGHT.officer, SIGHT.at) == (TranslationState.SIGHT, 4, 1_200)
    assert SIGHT.due == 1_000 + OFFICIAL_DUE_S[Precedence.FLASH]


def test_an_official_translation_says_who_checked_it_and_nothing_is_due() -> None:
    assert (OFFICIAL.state, OFFICIAL.officer, OFFICIAL.sight_officer) == (TranslationState.OFFICIAL, 7, 4)
    assert OFFICIAL.due is None
    assert not OFFICIAL.is_overdue(10**10)


def test_nobody_checks_their_own_work() -> None:
    with pytest.raises(Misuse, match="cannot check it"):
        advance(SIGHT, TranslationStep.CHECKED, officer=4, at=3_000)


def test_a_second_sight_translation_takes_the_place_of_the_first() -> None:
    again = advance(SIGHT, TranslationStep.SIGHT_TRANSLATED, officer=7, at=1_300)
    assert again.sight_officer == 7
    assert advance(again, TranslationStep.CHECKED, officer=4, at=1_400).state is TranslationState.OFFICIAL


@pytest.mark.parametrize("translation", [SIGHT, OFFICIAL])
def test_a_translation_that_proves_wrong_goes_back_to_the_start(translation: Translation) -> None:
    back = advance(translation, TranslationStep.WITHDRAWN, officer=9, at=4_000)
    assert back.state is TranslationState.UNTRANSLATED
    assert back.sight_officer is None
    assert back.is_overdue(4_000)


def test_steps_that_the_table_does_not_have_are_refused() -> None:
    by_state = {NEW.state: NEW, SIGHT.state: SIGHT, OFFICIAL.state: OFFICIAL}
    for state, step in itertools.product(TranslationState, TranslationStep):
        if (state, step) not in TRANSLATION:
            with pytest.raises(Misuse, match="cannot be"):
                advance(by_state[state], step, officer=9, at=5_000)


@pytest.mark.parametrize(("translation", "at"), [(NEW, 999), (SIGHT, 1_199)])
def test_no_step_lies_before_the_one_it_follows(translation: Translation, at: int) -> None:
    with pytest.raises(Misuse, match="before the one it follows"):
        advance(translation, TranslationStep.SIGHT_TRANSLATED, officer=5, at=at)


def test_every_precedence_has_its_times_and_faster_means_sooner() -> None:
    for table in (SIGHT_DUE_S, OFFICIAL_DUE_S):
        times = [table[precedence] for precedence in sorted(Precedence, reverse=True)]
        assert times == sorted(times)
    assert all(SIGHT_DUE_S[precedence] < OFFICIAL_DUE_S[precedence] for precedence in Precedence)
