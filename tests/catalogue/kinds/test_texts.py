"""Texts: what may stand in a field, and what has been used to deceive."""

from __future__ import annotations

import unicodedata

import pytest

from openline.catalogue.kinds import Refused
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
        if category in ("Cc", "Cs", "Zl", "Zp") or (
            category == "Cf" and number not in FORMAT_KEPT and number < 0x13000
        ):
            found.append(chr(number))
    return found


def test_no_control_direction_or_invisible_character_may_be_sent() -> None:
    for character in deceptive():
        with pytest.raises(Refused) as caught:
            clean(f"a{character}b", 100, lines=False)
        assert f"U+{ord(character):04X}" in caught.value.expected


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
