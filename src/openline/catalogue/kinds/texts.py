"""Which texts may stand in a field at all.

A text is in Unicode's form NFC, so that what looks the same is the same bytes.  It holds no control characters
(line feeds only where its field has lines), nothing invisible and nothing that turns the direction of writing:
such characters have hidden text, reordered numbers and escaped from isolation.  It holds nothing that is for private
use or that the one version of Unicode in `assigned` has not: every station judges a body alike.

Joiners (U+200C, U+200D) stay, though not as a text's first character, and variation selectors (U+FE00 to U+FE0F), each
behind a character on which it acts: Persian and the scripts of India are misspelled without them, and many emoji are
made with them.  The renderings show them as code points.  What merely looks alike is shown as what it is by the
renderings; it is not refused here, for names of people and places need every letter.
"""

from __future__ import annotations

import re
import unicodedata

from openline.catalogue.kinds.assigned import is_assigned
from openline.catalogue.kinds.errors import Refused

_REFUSED = (
    "\x00-\x09\x0b-\x1f\x7f-\x9f"  # control characters; the line feed is judged apart
    "\xad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0\ufeff\U0001d159"  # invisible or blank
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # direction
    "\u200b\u2028\u2029\u2060-\u2065\u206a-\u206f\ufff0-\uffff"  # zero width, separators, specials
    "\ud800-\udfff\ufdd0-\ufdef\U000e0000-\U000e0fff"  # surrogates, non-characters, tags
    "\U00013430-\U0001345f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"  # format of hieroglyphs, shorthand and music
)
_LINES = re.compile(f"[{_REFUSED}]")
_LINE = re.compile(f"[\n{_REFUSED}]")
_JOINERS, _SELECTORS = "\u200c\u200d", "\ufe00-\ufe0f"
_LOOSE = re.compile(f"^[{_JOINERS}]|(?:^|[\\s{_JOINERS}{_SELECTORS}])[{_SELECTORS}]")  # acting on nothing
NAME_CHARACTERS_MAX = 64
CODE_CHARACTERS_MAX = 32
_CODE = re.compile(r"[A-Za-z0-9]+(?:[ ./+_-][A-Za-z0-9]+)*")
_MARKS = ("UNKNOWN", "WITHHELD", "NONE")


def clean(text: str, characters_max: int, *, lines: bool) -> str:
    """Return `text` if it may stand in a field.  Raises Refused, naming the first character that may not."""
    if not 1 <= len(text) <= characters_max:
        raise Refused(f"1 to {characters_max} characters of text", text)
    if not (text.isascii() and text.isprintable()):
        bad = (_LINES if lines else _LINE).search(text)
        if bad is not None:
            raise _without(text, bad.start())
        unassigned = [character for character in set(text) if not is_assigned(character)]
        if unassigned:
            raise _without(text, min(map(text.index, unassigned)))
        loose = _LOOSE.search(text)
        if loose is not None:
            raise _without(text, loose.end() - 1)
        if not unicodedata.is_normalized("NFC", text):
            raise Refused("text in the form NFC", text)
    if text != text.strip():
        raise Refused("text without spaces at its ends", text)
    if text in _MARKS:
        raise Refused(f"words; {text} by itself is not a text but says that there is none", text)
    return text


def _without(text: str, at: int) -> Refused:
    return Refused(f"text without the character U+{ord(text[at]):04X} at {at + 1}", text)


def clean_name(name: str) -> str:
    """Return `name` if it may stand for a party, unit, place or sea.  Raises Refused."""
    if not name[:1].isalpha() or name != " ".join(name.split()):
        raise Refused(f"a name of at most {NAME_CHARACTERS_MAX} characters that begins with a letter", name)
    return clean(name, NAME_CHARACTERS_MAX, lines=False)


def clean_code(code: str) -> str:
    """Return `code` if it may stand for another system's identifier.  Raises Refused."""
    if len(code) > CODE_CHARACTERS_MAX or _CODE.fullmatch(code) is None or code in _MARKS:
        expected = f"at most {CODE_CHARACTERS_MAX} letters and digits, with . / + _ - or a space between"
        raise Refused(expected, code, "A1234/17")
    return code


def typed(text: str) -> str:
    """Return what a person typed in the form NFC and without spaces at its ends, ready to be judged."""
    return unicodedata.normalize("NFC", text).strip()
