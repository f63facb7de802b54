"""The machine never translates; two people do, against a clock, and every step says who and when."""

import itertools

import pytest

from openline.catalogue.kinds import CATALOGUE, body_from_json
from openline.catalogue.kinds.values import Json
from openline.charter import RESPONSE_TIMES
from openline.dialogue.translation import (
    OFFICIAL_DUE_S,
    TRANSLATION,
    Translation,
    TranslationState,
    TranslationStep,
    advance,
    has_own_text,
)
from openline.errors import Misuse
from openline.wire.statement import Body, Precedence

NEW = Translation(since=1_000, precedence=Precedence.FLASH, sight_due=1_600, official_due=8_200)
SIGHT = advance(NEW, TranslationStep.SIGHT_TRANSLATED, officer=4, at=1_200, text="All is quiet")
OFFICIAL = advance(SIGHT, TranslationStep.CHECKED, officer=7, at=3_000)


def test_a_text_begins_untranslated_with_a_clock() -> None:
    assert NEW.state is TranslationState.UNTRANSLATED
    assert NEW.due == 1_000 + 600
    assert not NEW.is_overdue(1_599)
    assert NEW.is_overdue(1_600)


def test_a_sight_translation_says_by_whom_and_when_and_waits_for_a_check() -> None:
    assert (SIGHT.state, SIGHT.officer, SIGHT.at) == (TranslationState.SIGHT, 4, 1_200)
    assert (SIGHT.text, SIGHT.due) == ("All is quiet", 8_200)


def test_an_official_translation_says_who_checked_it_and_nothing_is_due() -> None:
    assert (OFFICIAL.state, OFFICIAL.officer, OFFICIAL.sight_officer) == (TranslationState.OFFICIAL, 7, 4)
    assert OFFICIAL.due is None
    assert not OFFICIAL.is_overdue(10**10)


def test_nobody_checks_their_own_work() -> None:
    with pytest.raises(Misuse, match="cannot check it"):
        advance(SIGHT, TranslationStep.CHECKED, officer=4, at=3_000)


def test_who_translated_at_sight_may_mend_it_and_take_it_back() -> None:
    again = advance(SIGHT, TranslationStep.SIGHT_TRANSLATED, officer=4, at=1_300, text="All is calm")
    assert (again.sight_officer, again.text) == (4, "All is calm")
    assert advance(again, TranslationStep.WITHDRAWN, officer=4, at=1_400).state is TranslationState.UNTRANSLATED


def test_a_second_sight_translation_takes_the_place_of_the_first() -> None:
    again = advance(SIGHT, TranslationStep.SIGHT_TRANSLATED, officer=7, at=1_300, text="All is calm")
    assert again.sight_officer == 7
    assert advance(again, TranslationStep.CHECKED, officer=4, at=1_400).state is TranslationState.OFFICIAL


@pytest.mark.parametrize("translation", [SIGHT, OFFICIAL])
def test_a_translation_that_proves_wrong_goes_back_to_the_start(translation: Translation) -> None:
    back = advance(translation, TranslationStep.WITHDRAWN, officer=9, at=4_000)
    assert back.state is TranslationState.UNTRANSLATED
    assert back.sight_officer is None
    assert back.text == ""
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
        advance(translation, TranslationStep.SIGHT_TRANSLATED, officer=5, at=at, text="x")


def test_every_precedence_has_its_times_and_faster_means_sooner() -> None:
    times = [OFFICIAL_DUE_S[precedence] for precedence in sorted(Precedence, reverse=True)]
    assert times == sorted(times)
    assert all(RESPONSE_TIMES[precedence].answered_s < OFFICIAL_DUE_S[precedence] for precedence in Precedence)


def test_a_check_may_bring_better_words_or_confirm_what_stands() -> None:
    assert OFFICIAL.text == "All is quiet"
    better = advance(SIGHT, TranslationStep.CHECKED, officer=7, at=3_000, text="Everything is quiet")
    assert (better.text, better.sight_officer) == ("Everything is quiet", 4)


def test_a_sight_translation_has_a_text() -> None:
    with pytest.raises(Misuse, match="without a text"):
        advance(NEW, TranslationStep.SIGHT_TRANSLATED, officer=4, at=1_200)


def test_a_refused_step_says_which_are_possible() -> None:
    with pytest.raises(Misuse) as refused:
        advance(NEW, TranslationStep.CHECKED, officer=7, at=2_000)
    assert refused.value.hint == "It can be sight-translated."


@pytest.mark.parametrize(
    ("code", "fields", "own"),
    [
        ("T1", {"text": "hello"}, True),
        ("Q1", {"statement": "All is well"}, True),
        ("N7", {"type": "firing", "time": "2026-03-04T05:06Z"}, False),
        ("C1", {"reason": "UNKNOWN"}, False),
        ("ACKNOWLEDGED", {}, False),
    ],
)
def test_own_words_are_what_no_catalogue_can_render(code: str, fields: dict[str, Json], own: bool) -> None:
    kind = CATALOGUE.kind(code)
    needed = {name: value for name, value in kind.example.items() if kind.by_name[name].required}
    assert has_own_text(kind, body_from_json(kind, {**needed, **fields})) is own


def test_words_are_found_however_deep_they_stand_and_what_is_read_back_is_not_theirs() -> None:
    found = {code for code, kind in CATALOGUE.kinds.items() if has_own_text(kind, body_from_json(kind, kind.example))}
    assert {"T1", "S6", "P1", "C4"} <= found
    assert not {"L1", "ECHO", "UNDERSTOOD", "PASSED-ON", "N1"} & found


def test_words_inside_an_answer_are_the_sender_s_too() -> None:
    kind, inner = CATALOGUE.kind("Q3"), CATALOGUE.kind("S1")
    answer: dict[str, Json] = {"data": {"kind": "S1", "fields": dict(inner.example)}}
    assert has_own_text(kind, body_from_json(kind, answer))
    assert not has_own_text(kind, body_from_json(kind, {"outcome": "changed"}))


def test_what_a_read_back_repeats_is_not_translated_again() -> None:
    asked, kind = CATALOGUE.kind("Q1"), CATALOGUE.kind("UNDERSTOOD")
    repeated: Body = {1: {0: asked.number, asked.numbers["statement"]: "Alles ist ruhig"}}
    assert not has_own_text(kind, repeated)


def test_a_checked_translation_is_due_after_the_hours_of_its_precedence() -> None:
    hours = {precedence.name: seconds / 3_600 for precedence, seconds in OFFICIAL_DUE_S.items()}
    assert hours == {"FLASH": 2, "IMMEDIATE": 6, "PRIORITY": 24, "ROUTINE": 72}
