"""Text from a page cannot move the cursor or turn the reading direction of a terminal."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from openline.press import shown


def test_escapes_and_bidi_marks_are_shown_not_sent() -> None:
    assert shown("a\x1b[2Jb") == "a<U+001B>[2Jb"
    assert shown("a\u202eb\u2066c\u200fd") == "a<U+202E>b<U+2066>c<U+200F>d"
    assert shown("a\nb\u2028c\u0085d") == "a<U+000A>b<U+2028>c<U+0085>d"


def test_letters_of_every_script_are_kept() -> None:
    text = "Alba ألبا می‌خواهد 阿尔巴 アルバ 알바"
    assert shown(text) == text


@given(st.text())
def test_nothing_shown_is_a_control(text: str) -> None:
    assert all(unicodedata.category(sign) not in ("Cc", "Cs", "Zl", "Zp") for sign in shown(text))
