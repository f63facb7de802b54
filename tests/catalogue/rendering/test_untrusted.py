"""Somebody else's text is shown as what it is, and nothing in it can hide, turn round or imitate unseen."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.catalogue.untrusted import (
    FINDINGS_MAX,
    FSI,
    LRI,
    MARKS_MAX,
    PDI,
    TEXT_CHARACTERS_MAX,
    HiddenCharacters,
    TextConcern,
    findings,
    is_hidden,
    isolate,
    isolate_left_to_right,
    require_plain,
    skeleton,
    strip_terminal_escapes,
    visible,
    visible_lines,
    without_isolates,
)

HIDDEN = [
    chr(number)
    for number in range(sys.maxunicode + 1)
    if unicodedata.category(chr(number)) in {"Cc", "Cf", "Zl", "Zp"} or unicodedata.bidirectional(chr(number)) == "BN"
]
NAMES = ("Alba", "Bora", "Cape Tern")


def concerns(text: str, names: tuple[str, ...] = NAMES) -> set[TextConcern]:
    return {finding.concern for finding in findings(text, names)}


@pytest.mark.parametrize("show", [visible, isolate, isolate_left_to_right, lambda text: "".join(visible_lines(text))])
def test_no_control_format_or_bidi_character_ever_survives_raw(show: object) -> None:
    assert callable(show)
    assert len(HIDDEN) > 200
    for character in HIDDEN:
        shown = without_isolates(show(f"a{character}b"))
        assert character not in shown
        assert character == "\n" or f"U+{ord(character):04X}" in shown


@pytest.mark.parametrize(
    "character", ["\u3164", "\u115f", "\uffa0", "\u2800", "\ufe0f", "\U000e0100", "\u2007", "\ue000"]
)
def test_blank_letters_odd_spaces_and_private_characters_are_shown_too(character: str) -> None:
    assert visible(f"a{character}b") == f"a⟨U+{ord(character):04X}⟩b"


def test_unassigned_and_surrogate_code_points_are_shown() -> None:
    assert visible("\U000e1000") == "⟨U+E1000⟩"
    assert visible("\ud800") == "⟨U+D800⟩"


@pytest.mark.parametrize(
    "text", ["Attention\u00a0: 3\u202fkm", "東海\u3000北緯", "Ünïcödé", "한글 글자", "سلام", "нет"]
)
def test_ordinary_writing_stands_as_it_is(text: str) -> None:
    assert visible(text) == text


def test_more_marks_than_any_script_needs_are_shown_one_by_one() -> None:
    text = "a" + "\u0301" * (MARKS_MAX + 2)
    assert visible(text) == "a" + "\u0301" * MARKS_MAX + "⟨U+0301⟩⟨U+0301⟩"
    assert concerns(text) == {TextConcern.MANY_MARKS}


@given(st.text(), st.text())
def test_two_texts_that_differ_are_never_shown_alike(one: str, two: str) -> None:
    assert (visible(one) == visible(two)) == (one == two)


def test_a_text_cannot_write_the_form_of_a_shown_character() -> None:
    assert visible("⟨U+202E⟩") == "⟨U+27E8⟩U+202E⟨U+27E9⟩"


@given(st.text())
def test_nothing_escapes_from_an_isolate(text: str) -> None:
    closed = isolate(text)
    assert closed[0] == FSI
    assert closed[-1] == PDI
    assert not set(closed[1:-1]) & {FSI, LRI, PDI, "\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2067"}


@pytest.mark.parametrize(
    ("text", "stripped"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07after", "after"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x9b2Jwiped", "wiped"),
        ("\x9dstring\x9cafter", "after"),
        ("a\x1b(Bb\x1bcc", "abc"),
        ("tab\tline\nbell\x07", "tab\tline\nbell"),
        ("half \x1b[31", "half 31"),
        ("half \x1b", "half "),
    ],
)
def test_terminal_sequences_go_and_the_words_stay(text: str, stripped: str) -> None:
    assert strip_terminal_escapes(text) == stripped


@given(st.text(alphabet=st.characters(codec="utf-8", categories=["Cc", "L", "P", "N"])))
def test_no_control_character_is_left_for_the_terminal(text: str) -> None:
    assert not [c for c in strip_terminal_escapes(text) if unicodedata.category(c) == "Cc" and c not in "\n\t"]


def test_a_hidden_character_in_a_coded_field_is_refused_with_its_place() -> None:
    require_plain("two\nlines")
    with pytest.raises(HiddenCharacters) as caught:
        require_plain("ab\u202e")
    assert caught.value.facts["at"] == 2
    assert "U+202E" in str(caught.value)


@pytest.mark.parametrize("imitation", ["Аlba", "ΑLВА", "Ａｌｂａ", "𝐀𝐥𝐛𝐚", "A1ba", "AIba", "Вога"])
def test_what_looks_like_a_party_but_is_not_is_named(imitation: str) -> None:
    assert TextConcern.LOOKS_LIKE_NAME in concerns(f"from {imitation} today")


@pytest.mark.parametrize("text", ["Alba", "ALBA", "alba met Bora", "Cape  Tern", "Albania", "the Cape", "Альба"])
def test_the_true_name_and_other_words_are_no_imitation(text: str) -> None:
    assert concerns(text) == set()


def test_a_name_of_two_words_is_recognised_in_the_middle_of_a_text() -> None:
    (finding,) = [f for f in findings("off Саре Теrn now", NAMES) if f.concern is TextConcern.LOOKS_LIKE_NAME]
    assert finding.at == 4
    assert finding.detail == "Cape Tern"


def test_a_name_in_another_script_is_itself_and_no_imitation_of_its_twin() -> None:
    assert findings("Сосо", ("Coco", "Сосо")) == []


def test_a_long_text_against_a_long_glossary_takes_no_longer_than_its_words() -> None:
    names = [f"name{'a' * n}" for n in range(1_000)]
    assert findings("name " * (TEXT_CHARACTERS_MAX // 5), names) == []


def test_a_name_without_letters_matches_nothing() -> None:
    assert findings("any text", ("",)) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("раypal", {TextConcern.MIXED_SCRIPTS}),
        ("東京タワー", set()),
        ("한국어漢字", set()),
        ("T社のロケット", set()),
        ("人々", set()),
        ("5 µSv/h, 3ª", set()),
        ("Она сказала: сор", set()),
        ("the сор left", {TextConcern.WHOLE_SCRIPT}),
        ("сор", set()),
        ("at ١٢ km", {TextConcern.FOREIGN_NUMERAL}),
        ("at 5 and ٦", {TextConcern.FOREIGN_NUMERAL, TextConcern.MIXED_NUMERALS}),
        ("１２", {TextConcern.FOREIGN_NUMERAL}),
        ("1O0 tons", {TextConcern.LETTER_IN_NUMBER}),
        ("at l8 km", {TextConcern.LETTER_IN_NUMBER}),
        ("1З", {TextConcern.LETTER_IN_NUMBER}),
        ("N7 B52 KN23", set()),
        ("18\u202e42", {TextConcern.HIDDEN}),
        ("two\nlines", set()),
    ],
)
def test_each_trick_is_named_and_ordinary_text_is_left_alone(text: str, expected: set[TextConcern]) -> None:
    assert concerns(text) == expected


def test_findings_are_in_order_and_bounded() -> None:
    found = findings("\u200b" * 500)
    assert len(found) == FINDINGS_MAX
    assert [finding.at for finding in found] == list(range(FINDINGS_MAX))
    assert findings("a" * TEXT_CHARACTERS_MAX + "\u200b") == []


@given(st.text(max_size=200))
def test_any_text_is_looked_at_and_every_extract_is_fit_to_be_shown(text: str) -> None:
    for finding in findings(text, NAMES):
        assert 0 <= finding.at < len(text)
        assert not any(is_hidden(character) for character in finding.extract)


@given(st.text())
def test_what_is_hidden_or_small_changes_no_skeleton(text: str) -> None:
    assert skeleton(text + "\u200b") == skeleton(text)


@pytest.mark.parametrize(("one", "two"), [("PARTY 10", "РАRТУ lO"), ("clear", "сlеаr"), ("Ω", "Ω")])
def test_look_alikes_have_one_skeleton(one: str, two: str) -> None:
    assert skeleton(one) == skeleton(two)


@pytest.mark.parametrize(("one", "two"), [("Alba", "Bora"), ("5", "6"), ("и", "n"), ("中", "申")])
def test_what_differs_to_the_eye_has_different_skeletons(one: str, two: str) -> None:
    assert skeleton(one) != skeleton(two)
