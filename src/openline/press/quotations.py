"""Where the quotation marks are, and where the sentences end.

Marks of many scripts are known.  A straight or a high single mark is an apostrophe unless it stands where a quotation
would begin, because "the minister's" must never open one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from openline.press.tables import load

PAIRS = {"“": "”", "„": "“”", "«": "»", "「": "」", "『": "』", '"': '"', "‘": "’", "'": "'", "‹": "›"}
SINGLES = "‘'"
MARKS = re.compile("[“”„«»「」『』\"‘’'‹›]")
MASK = "\x00"  # stands for one quoted character where only the outlet's own words count
NESTED = frozenset('“„«「『"‹')
INSERTION = re.compile(r"\[[^\[\]\n]{1,200}\]|\([^()\n]{1,200}\)")
TERMINATOR = re.compile(r"[.!?…]+[\"”’»)\]']*(?=\s|$)|[。！？]+[」』”’\"）]*|؟[\"”»]*(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Quotation:
    """One quotation: `start` and `end` bound its marks; one that runs on into the next paragraph is not `closed`."""

    start: int
    end: int
    closed: bool

    def inner(self) -> tuple[int, int]:
        """Return the bounds of the words between the marks."""
        return self.start + 1, self.end - 1 if self.closed else self.end

    def words(self, text: str) -> str:
        """Return the words between the marks, without the comma that the outlet's sentence needs."""
        start, end = self.inner()
        return text[start:end].strip().rstrip(",،，、").rstrip()


def find_quotations(text: str) -> list[Quotation]:
    """Return the outermost quotations of one paragraph, in order.

    A paragraph that opens a quotation and does not close it continues in the next; the quotation then runs to the end.
    A mark that opens nothing likely (an inch sign, an apostrophe) is skipped.
    """
    found: list[Quotation] = []
    position = 0
    hopeless: set[str] = (
        set()
    )  # opening marks with no partner further on; looked for once, so that the scan stays linear
    while (mark := MARKS.search(text, position)) is not None:
        start = mark.start()
        position = start + 1
        if mark[0] in hopeless or not _may_open(text, start):
            continue
        end = _closing(text, start)
        if end is not None:
            found.append(Quotation(start, end, closed=True))
            position = end
        elif mark[0] in NESTED and (start == 0 or text[start - 2 : start] in (": ", ", ")):
            return [*found, Quotation(start, len(text), closed=False)]
        else:
            hopeless.add(mark[0])
    return found


def _may_open(text: str, start: int) -> bool:
    mark = text[start]
    if mark not in PAIRS or start + 1 >= len(text) or text[start + 1].isspace():
        return False
    before = text[start - 1] if start else " "
    if mark in SINGLES:
        return before.isspace() or before in '([—–-"“'
    if mark == '"':
        return not before.isalnum() or not before.isascii()
    return True


def _closing(text: str, start: int) -> int | None:
    """Return the place after the mark that closes the quotation opened at `start`, or None."""
    mark = text[start]
    closers = PAIRS[mark]
    depth = 1
    for found in MARKS.finditer(text, start + 1):
        place, sign = found.start(), found[0]
        if sign in closers:
            after = text[place + 1] if place + 1 < len(text) else " "
            if sign in "’'" and (after.isalnum() or text[place - 1].isspace()):
                continue
            depth -= 1
            if depth == 0:
                return place + 1
        elif sign == mark and mark in "«「『“":
            depth += 1
    return None


def mask(text: str, quotations: list[Quotation]) -> str:
    """Return the text with every quoted character replaced, marks kept, lengths unchanged."""
    pieces: list[str] = []
    position = 0
    for quotation in quotations:
        start, end = quotation.inner()
        pieces += [text[position:start], MASK * (end - start)]
        position = end
    return "".join([*pieces, text[position:]])


@cache
def _words() -> tuple[frozenset[str], frozenset[str]]:
    frame = load("english")["frame"]
    return frozenset(frame["abbreviations"]), frozenset(frame["sentence_starters"])


ABBREVIATED = re.compile(r"(?:([^\W\d_]\.)+|([^\W\d_]+)\.)$")
NEXT_WORD = re.compile(r"\s+[\"“‘'«(]?([^\W\d_]+)")


def split_sentences(text: str, quotations: list[Quotation]) -> list[tuple[int, int]]:
    """Return the bounds of the sentences of one paragraph.

    Inside a quotation no sentence ends, except at its closing mark: the attribution behind it belongs to the words.
    """
    bounds: list[tuple[int, int]] = []
    start = 0
    hidden = mask(text, quotations)
    ends = {quotation.end for quotation in quotations if quotation.closed}
    # What stands behind `she said: "It is over."` is no attribution: the words had theirs before them.
    introduced = {one.end for one in quotations if text[: one.start].rstrip().endswith((":", "："))}
    stops = [found.end() for found in TERMINATOR.finditer(hidden)]
    stops += [end for end in ends if _ends_inside(text, end)]
    for stop in sorted(set(stops)):
        if stop <= start or not (stop in introduced or _is_boundary(hidden, text, stop, quoted=stop in ends)):
            continue
        bounds.append(_trim(text, start, stop))
        start = stop
    if text[start:].strip():
        bounds.append(_trim(text, start, len(text)))
    return bounds


def _trim(text: str, start: int, stop: int) -> tuple[int, int]:
    piece = text[start:stop]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())


def _ends_inside(text: str, end: int) -> bool:
    """Tell whether the quotation that ends here ended its sentence before the mark."""
    return end >= 2 and text[end - 2] in ".!?…。！？؟"


def _is_boundary(hidden: str, text: str, stop: int, *, quoted: bool) -> bool:
    following = NEXT_WORD.match(text, stop)
    abbreviated = ABBREVIATED.search(hidden, max(0, stop - 24), stop)
    abbreviations, starters = _words()
    if following is None and abbreviated is not None and abbreviated[2] in abbreviations:
        return False
    if following is None:
        # Digits, or a script without spaces: the mark itself is the boundary, unless an attribution follows the quote.
        return not (quoted and stop < len(text) and not text[stop].isspace())
    word = following[1]
    if quoted:
        # `"... at all." The minister` ends; `"... at all?" the minister asked` does not.
        opened = text[following.start(1) - 1] in "\"“‘'«("
        full_stop = text[stop - 2] in ".。"  # an outlet's own attribution would have wanted a comma there
        return (
            opened
            or not _is_cased(word)
            or (word[0].isupper() and (full_stop or not _names_speaker(hidden, following.end())))
        )
    if word[0].islower():
        return False
    if abbreviated is None:
        return True
    if abbreviated[1] is not None:
        return word in starters
    return abbreviated[2] not in abbreviations


def _is_cased(word: str) -> bool:
    return word[0].islower() or word[0].isupper()


@cache
def _saying() -> re.Pattern[str]:
    return re.compile(
        r"[\w’'-]*(?:\s[^\W\d_][\w’'-]*){0,4}?\s(?:" + "|".join(load("english")["verbs"]["inverted"]) + r")\b"
    )


def _names_speaker(hidden: str, end: int) -> bool:
    """Tell whether a speaker and a verb of saying follow, as in `"Will you come?" the envoy asked`."""
    return _saying().match(hidden, end) is not None
