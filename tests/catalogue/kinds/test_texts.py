"""Texts: what may stand in a field, and what has been used to deceive."""

from __future__ import annotations

import unicodedata

import pytest

from openline.catalogue.kinds import Refused
from openline.catalogue.kinds.assigned import UNICODE, is_assigned
from openline.catalogue.kinds.texts import clean, clean_code, clean_name, typed

ALLOWED = [
    "control link lost",
    "통제 링크 상실",
    "потеряна связь",
    "فقد الاتصال",
    "می‌خواهیم",
    "क्‍ष",
    "言",
    "№ 7",
    "e\u0301".strip() and "é",
    "👍",
    "❤️‍🔥",
    "1️⃣ 葛\ufe00",
    "👩🏽‍⚕️ 🇫🇷",
    "ক্‍ষ র‍্য",
    "خانه \u200cها\u200c",  # as it is often typed
    "₽ ₸ € № °",
]


@pytest.mark.parametrize("text", ALLOWED)
def test_words_of_every_script_may_be_sent(text: str) -> None:
    assert clean(text, 100, lines=False) == text


FORMAT_KEPT = (
    {0x200C, 0x200D} | {0x0600 + at for at in range(6)} | {0x06DD, 0x070F, 0x0890, 0x0891, 0x08E2, 0x110BD, 0x110CD}
)
"""Joiners, and signs that Arabic, Syriac and Kaithi write around numbers: visible, though filed as format."""


def deceptive() -> list[str]:
    found = []
    for number in range(0x110000):
        category = unicodedata.category(chr(number))
        if category in ("Cc", "Cs", "Co", "Cn", "Zl", "Zp") or (category == "Cf" and number not in FORMAT_KEPT):
            found.append(chr(number))
    return found


def test_no_control_direction_or_invisible_character_may_be_sent() -> None:
    for character in deceptive():
        with pytest.raises(Refused) as caught:
            clean(f"a{character}b", 100, lines=False)
        assert f"U+{ord(character):04X}" in caught.value.expected


BLANK = ["\u2800", "\u3164", "\uffa0", "\u034f", "\U0001d159", "\ufe0f", "\u2060", "\U000e0100"]


@pytest.mark.parametrize("character", BLANK)
def test_no_text_is_made_of_what_has_no_shape(character: str) -> None:
    """A text that nobody can see would be said, receipted and shown as presented."""
    for text in (character, character * 3, f"a {character}b", f"a\n{character}b"):
        with pytest.raises(Refused) as caught:
            clean(text, 100, lines=True)
        assert f"U+{ord(character):04X}" in caught.value.expected
    with pytest.raises(Refused):
        clean_name(f"alb {character}a")


@pytest.mark.parametrize("text", ["\u200c", "\u200d" * 9, "\u200ca", "\u200d\ufe0f", "a\ufe0f\ufe0f", "a\u200c\ufe0fb"])
def test_joiners_and_selectors_stand_behind_a_character(text: str) -> None:
    """They have no shape of their own, so a text of nothing else would be seen by nobody."""
    with pytest.raises(Refused) as caught:
        clean(text, 100, lines=False)
    assert "text without the character U+" in caught.value.expected


# Some of what later versions assign: 15.0 a letter of Kannada, a digit of Kawi and an emoji; 15.1 an ideograph; 16.0 a
# letter of Todhri that NFC composes from two; 17.0 the sign of the Saudi riyal.
LATER = ["\u0cf3", "\U00011f50", "\U0001fae8", "\U0002ebf0", "\U000105c9", "\U000105d2\u0307", "\u20c1"]


@pytest.mark.parametrize("text", [*LATER, "\ue000", "\U000f0000", "\U0010fffd", "\U000e1000", "\U0001fffe", "\u0378"])
def test_what_a_later_interpreter_may_judge_otherwise_is_refused_by_all_r130(text: str) -> None:
    """One body is readable to all stations or to none, whatever version of Unicode their interpreters have."""
    for whole in (f"a{text}", f"ab {text} {text}"):
        with pytest.raises(Refused) as caught:
            clean(whole, 100, lines=False)
        assert f"U+{ord(text[0]):04X} at {whole.index(text) + 1}" in caught.value.expected
    with pytest.raises(Refused):
        clean_name(text)


def test_the_table_of_characters_is_that_of_its_version_and_later_versions_only_add() -> None:
    """The interpreter's own database says the same where it has that version; a later one takes nothing away."""
    for number in range(0x110000):
        known = unicodedata.category(chr(number)) not in ("Cn", "Co", "Cs")
        assert known or not is_assigned(chr(number)), f"U+{number:04X}"
        if unicodedata.unidata_version == f"{UNICODE}.0":
            assert is_assigned(chr(number)) or not known, f"U+{number:04X}"


def test_lines_only_where_the_field_has_them() -> None:
    assert clean("one\ntwo", 100, lines=True) == "one\ntwo"
    for text, lines in (("one\ntwo", False), ("one\r\ntwo", True), ("one\ttwo", True), ("one\n", True)):
        with pytest.raises(Refused):
            clean(text, 100, lines=lines)


@pytest.mark.parametrize(
    "text", ["", " a", "a ", "x" * 101, "e\u0301", "UNKNOWN", "WITHHELD", "NONE", "a\u00adb", "\ufeffa", "a\u3164b"]
)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(Refused):
        clean(text, 100, lines=False)


def test_what_is_typed_is_brought_to_one_form_first() -> None:
    assert typed(" e\u0301 ") == "é"


@pytest.mark.parametrize("name", ["", "7 islands", " alba", "a  b", "a\u202eb", "x" * 65, "UNKNOWN"])
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(Refused):
        clean_name(name)


@pytest.mark.parametrize("code", ["", "A 1  2", "-A", "A-", "é", "x" * 33, "UNKNOWN", "A_B;C"])
def test_other_codes_are_refused(code: str) -> None:
    with pytest.raises(Refused):
        clean_code(code)


@pytest.mark.parametrize("code", ["A1234/17", "december-2017", "Cs-137", "NAVAREA XI 123/26", "zh_Hans"])
def test_identifiers_of_other_systems(code: str) -> None:
    assert clean_code(code) == code
