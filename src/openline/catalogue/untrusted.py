"""Text that somebody else wrote, shown as what it is.

Own texts, names of units and press extracts come from people who may wish to mislead the eye: a right-to-left
override that turns a number round, a zero-width space inside a name, a Cyrillic letter in the name of a party,
Bengali digits that look like other digits.  Nothing here changes or interprets a text.  `visible` shows each
character that has no honest shape of its own as its code point; `findings` names what a reader cannot see.

Sources: Unicode Standard Annex 9 (isolates), Unicode Technical Standard 39 (skeletons, mixed scripts, mixed
numbers, whole-script confusables), ECMA-48 (terminal control sequences).  The table of confusables is our own and
small: the letters of Latin, Cyrillic, Greek and Armenian that share a shape in ordinary founts, and whatever
Unicode itself maps by compatibility (full-width and mathematical letters).  It is not the table of UTS 39, so
silence here is not a promise that two names differ to the eye.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from openline.errors import Misuse

TEXT_CHARACTERS_MAX = 65_536  # characters looked at: no text is longer than the largest statement in bytes
FINDINGS_MAX = 64  # for one text; a reader who has seen sixty-four knows enough not to trust it
MARKS_MAX = 4  # combining marks on one letter; Hebrew and Vietnamese need three, more is made to cover other lines

LRI, RLI, FSI, PDI = "\u2066", "\u2067", "\u2068", "\u2069"

_OPEN, _CLOSE = "\u27e8", "\u27e9"  # ⟨ ⟩ stand around a shown code point, so they are themselves shown as code points
_WRITTEN_SPACES = frozenset(" \u00a0\u202f\u3000")  # ordinary in French, Chinese, Japanese; each looks like a space
_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_BLANK = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
)  # letters, marks and symbols that have no shape
_VARIATION = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))

# Shapes shared with Latin letters.  One row per script, pairs of look-alike and Latin prototype.
_SHARED_SHAPES = {
    "CYRILLIC": "АA ВB ЕE ЅS ІI ЇÏ ЈJ КK МM НH ОO РP СC ТT УY ХX ԚQ ԜW ҺH ԌG "
    "аa вb еe ѕs іi їï јj кk мm нh оo рp сc тt уy хx ԛq ԝw һh ԁd ԍg ѵv ӏl Ӏl гr ьb",
    "GREEK": "ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX αa γy εe ιi κk νv οo ρp τt υu χx ωw ϲc ϳj ϹC",
    "ARMENIAN": "ՍU ՕO ՏS ԼL օo սu հh ոn ցg ոn քp",
    "LATIN": "ɑa ɡg ıi ȷj ɩi ʋu ᴏo ᴄc ᴠv ᴡw ᴢz ſs",
}
_PROTOTYPES = {pair[0]: pair[1] for row in _SHARED_SHAPES.values() for pair in row.split() if pair[0] != pair[1]} | {
    "0": "O",
    "1": "l",
    "I": "l",
    "|": "l",
}
_DIGIT_LOOKALIKES = frozenset("OoQDlI|ОоЗзΟοΙІӀ")

_SCRIPT_GROUPS = (  # scripts that one honest word may mix ("highly restrictive" of UTS 39, section 5.2)
    frozenset({"LATIN", "CJK", "HIRAGANA", "KATAKANA"}),
    frozenset({"LATIN", "CJK", "HANGUL"}),
    frozenset({"LATIN", "CJK", "BOPOMOFO"}),
)

_SCRIPT_OF_NAME = {  # where a letter's name does not begin with its script; signs written in every script have none
    "IDEOGRAPHIC": "CJK",
    "FULLWIDTH": "LATIN",
    "HALFWIDTH": "KATAKANA",
    "MICRO": "",
    "FEMININE": "",
    "MASCULINE": "",
}

_TERMINAL_SEQUENCE = re.compile(
    "(?:\x1b\\[|\x9b)[0-?]*[ -/]*[@-~]"  # control sequences: colours, cursor
    "|(?:\x1b[\\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\\\|\x9c)?"  # strings: titles, links
    "|\x1b[ -/]*[0-~]"  # two-character escapes
)
_WORD = re.compile(r"\w+")


class HiddenCharacters(Misuse):
    """A text for a coded field holds characters that cannot be seen.  Type it again, without pasting."""


class TextConcern(Enum):
    """What a reader cannot see in a text; the value is one plain sentence for the officer."""

    HIDDEN = "A character that has no shape of its own stands here; it is shown as its code point."
    MANY_MARKS = "More marks stand on one letter than any script needs."
    MIXED_SCRIPTS = "One word is written in letters of several scripts."
    WHOLE_SCRIPT = "A word among others is written wholly in letters of another script that look the same."
    LOOKS_LIKE_NAME = "This looks like a name of the glossary but is not that name."
    FOREIGN_NUMERAL = "This number is not written with the digits 0 to 9."
    MIXED_NUMERALS = "Digits of several numeral systems stand in one text."
    LETTER_IN_NUMBER = "A letter stands among digits and looks like a digit."


@dataclass(frozen=True, slots=True)
class TextFinding:
    """One concern about a text: where it begins (character index), the extract made visible, and what it means."""

    concern: TextConcern
    at: int
    extract: str
    detail: str = ""


# ---------------------------------------------------------------- showing


@lru_cache(maxsize=4_096)
def is_hidden(character: str) -> bool:
    """Whether a character has no honest shape: control, format, bidi, invisible, private or unassigned."""
    if character in _WRITTEN_SPACES:
        return False
    category = unicodedata.category(character)
    if category in _HIDDEN_CATEGORIES or category == "Zs" or character in _BLANK:
        return True
    return any(ord(character) in block for block in _VARIATION)


def code_point(character: str) -> str:
    """A character as ⟨U+202E⟩."""
    return f"{_OPEN}U+{ord(character):04X}{_CLOSE}"


def visible(text: str) -> str:
    """Return `text` with every hidden character, and every mark beyond MARKS_MAX, shown as its code point.

    Line feeds too: use `visible_lines` where lines may stand.  Different texts stay different.
    """
    shown: list[str] = []
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if is_hidden(character) or marks > MARKS_MAX or character in {_OPEN, _CLOSE}:
            shown.append(code_point(character))
        else:
            shown.append(character)
    return "".join(shown)


def visible_lines(text: str) -> list[str]:
    """Return the lines of `text`, cut at line feeds only, each made visible."""
    return [visible(line) for line in text.split("\n")]


def isolate(text: str) -> str:
    """Return `text` made visible and closed in an isolate whose direction is that of its first strong letter."""
    return f"{FSI}{visible(text)}{PDI}"


def isolate_left_to_right(text: str) -> str:
    """The same for numbers, coordinates, times and identifiers, which run left to right in every language."""
    return f"{LRI}{visible(text)}{PDI}"


def without_isolates(text: str) -> str:
    """Return one of our own renderings without the isolates that we put in; never apply it to others' text."""
    return text.translate({ord(mark): None for mark in (LRI, RLI, FSI, PDI)})


def strip_terminal_escapes(text: str) -> str:
    """Return `text` without ECMA-48 control sequences and without any control character but line feed and tab.

    For output of programs in our own logs.  A message is never stripped: show it with `visible`.
    """
    plain = _TERMINAL_SEQUENCE.sub("", text)
    return "".join(c for c in plain if c in "\n\t" or unicodedata.category(c) != "Cc")


def require_plain(text: str) -> None:
    """Raise HiddenCharacters unless every character of `text` has a shape of its own (line feeds may stand)."""
    for at, character in enumerate(text):
        if character != "\n" and is_hidden(character):
            raise HiddenCharacters(
                f"a hidden character {code_point(character)} stands at place {at + 1}",
                hint="Type the text again instead of pasting it.",
                at=at,
            )


# ---------------------------------------------------------------- comparing


@lru_cache(maxsize=4_096)
def skeleton(text: str) -> str:
    """Return what `text` looks like: two texts with one skeleton are confusable (UTS 39, section 4).

    Hidden characters are dropped, compatibility forms folded, look-alikes replaced by their Latin prototype and
    case folded, because names are shown in capitals as often as not.
    """
    folded = unicodedata.normalize("NFKC", "".join(c for c in text if not is_hidden(c)))
    shaped = "".join(_PROTOTYPES.get(c, c) for c in unicodedata.normalize("NFD", folded))
    cased = "".join(_PROTOTYPES.get(c, c) for c in shaped.casefold())
    return unicodedata.normalize("NFC", " ".join(cased.replace("O", "o").split()))


@lru_cache(maxsize=4_096)
def script_of(character: str) -> str:
    """The script of a letter by the first word of its Unicode name ("CYRILLIC"); empty for what is no letter."""
    if not character.isalpha():
        return ""
    first = unicodedata.name(character, "").replace("-", " ").split(" ", 1)[0]
    return _SCRIPT_OF_NAME.get(first, first)


def findings(text: str, names: Iterable[str] = ()) -> list[TextFinding]:
    """Return what a reader cannot see in `text`, in order of place, at most FINDINGS_MAX.

    names: what must not be imitated, as the charter's glossary writes it.
    """
    text = text[:TEXT_CHARACTERS_MAX]
    found = [*_hidden(text), *_words(text), *_numbers(text), *_imitations(text, names)]
    return sorted(found, key=lambda finding: (finding.at, finding.concern.name))[:FINDINGS_MAX]


def _hidden(text: str) -> Iterable[TextFinding]:
    marks = 0
    for at, character in enumerate(text):
        marks = marks + 1 if unicodedata.combining(character) else 0
        if character != "\n" and is_hidden(character):
            name = unicodedata.name(character, "no name")
            yield TextFinding(TextConcern.HIDDEN, at, code_point(character), name)
        if marks == MARKS_MAX + 1:
            yield TextFinding(TextConcern.MANY_MARKS, at, code_point(character))


def _words(text: str) -> Iterable[TextFinding]:
    words = [(match.start(), match.group()) for match in _WORD.finditer(text)]
    scripts = {at: {script_of(c) for c in word} - {""} for at, word in words}
    plainly_foreign = {next(iter(scripts[at])) for at, word in words if len(scripts[at]) == 1 and not _all_shared(word)}
    for at, word in words:
        if len(scripts[at]) > 1 and not any(scripts[at] <= group for group in _SCRIPT_GROUPS):
            detail = ", ".join(sorted(scripts[at])).lower()
            yield TextFinding(TextConcern.MIXED_SCRIPTS, at, visible(word), detail)
        elif _all_shared(word) and "LATIN" in plainly_foreign and not scripts[at] & plainly_foreign:
            yield TextFinding(TextConcern.WHOLE_SCRIPT, at, visible(word), ", ".join(scripts[at]).lower())


def _all_shared(word: str) -> bool:
    """Whether each letter is of another script than Latin and has a Latin letter's shape."""
    letters = [c for c in word if c.isalpha()]
    return bool(letters) and all(c in _PROTOTYPES and script_of(c) != "LATIN" for c in letters)


def _numbers(text: str) -> Iterable[TextFinding]:
    systems: dict[int, int] = {}
    for at, character in enumerate(text):
        if unicodedata.category(character) == "Nd":
            zero = ord(character) - unicodedata.decimal(character)
            systems.setdefault(zero, at)
    for zero, at in systems.items():
        if zero != ord("0"):
            name = unicodedata.name(text[at]).lower()
            yield TextFinding(TextConcern.FOREIGN_NUMERAL, at, visible(text[at]), name)
    if len(systems) > 1:
        at = sorted(systems.values())[1]
        yield TextFinding(TextConcern.MIXED_NUMERALS, at, visible(text[at]))
    for match in _WORD.finditer(text):
        word = match.group()
        alike = _DIGIT_LOOKALIKES.intersection(word)
        if alike and any(c.isdigit() for c in word) and all(c.isdigit() or c in alike for c in word):
            yield TextFinding(TextConcern.LETTER_IN_NUMBER, match.start(), visible(word), ", ".join(sorted(alike)))


def _imitations(text: str, names: Iterable[str]) -> Iterable[TextFinding]:
    """Runs of words that look like a name and are none of the names, compared without case."""
    true = {_plain(name): name for name in names}
    by_first: dict[str, list[tuple[list[str], str]]] = {}
    for name in true.values():
        pieces = skeleton(name).split()
        if pieces:
            by_first.setdefault(pieces[0], []).append((pieces, name))
    spans = [match.span() for match in _WORD.finditer(text)]
    shapes = [skeleton(text[start:end]) for start, end in spans]
    for index, shape in enumerate(shapes):
        for pieces, name in by_first.get(shape, ()):
            if shapes[index : index + len(pieces)] == pieces:
                start, end = spans[index][0], spans[index + len(pieces) - 1][1]
                if _plain(text[start:end]) not in true:
                    yield TextFinding(TextConcern.LOOKS_LIKE_NAME, start, visible(text[start:end]), visible(name))


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
