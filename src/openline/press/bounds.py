"""Where the words of an English attribution begin and end in their sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from openline.press.frames import ACCORDING, ACT, DECLINE, WITHIN, Frame
from openline.press.mentions import PRONOUN, ROLE, VAGUE, People, mention_at
from openline.press.quotations import Quotation
from openline.press.tables import WORD, any_piece, load


@dataclass(slots=True)
class Sentence:
    """One sentence, alone: its text, its quotations, and the text with the quotations masked."""

    text: str
    paragraph: int
    quotations: list[Quotation]
    hidden: str
    whole: str = ""  # where the text is only the rest of a sentence: all of it


@dataclass(frozen=True, slots=True)
class Given:
    """Words given to an attribution: their bounds in the sentence, and the bounds where its day may stand."""

    start: int
    end: int
    days: tuple[tuple[int, int], ...]


@cache
def expectation() -> re.Pattern[str]:
    """Return the pattern of what is only expected of somebody."""
    expected = any_piece(load("english")["frame"]["expectation"])
    return re.compile(rf"\b(?:is|are|was|were|be)\s(?:also\s|widely\s)?(?:{expected})\b|\b(?:aims|plans) to\b")


@cache
def _behind_forms() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    frame = load("english")["frame"]
    calendar = load("calendar")
    days = any_piece(word for names in calendar["weekdays"].values() for word in names if word.isascii())
    other = [*calendar["offsets"].values(), *calendar["weeks"].values()]
    offsets = any_piece(word for names in other for word in names if word.isascii())
    hearers = any_piece(frame["hearers"])
    day = rf"(?:(?:on|late|early|later|earlier)\s)*(?:{days}|{offsets})\b"
    paper = (
        r"in an? (?:joint |written |short |brief |separate |televised )*"
        r"(?:statement|post|interview|speech|letter|message|address|briefing|report|tweet)\b(?! by\b| to\b| of\b)"
    )
    occasion = (
        r"(?:in|at|to|on|after|during|through|via|from|by|before)\s(?:an?|the|his|her|its|their|state|local)\s(?:[\w’'-]+\s?){1,3}?(?=\s(?:on|that|late)\b|[,.:]|\s(?:"
        + days
        + r")\b|$)"
    )
    place = r"(?:in|at|from)\s[A-Z][\w’'-]+(?:\s[A-Z][\w’'-]+)?(?=\s(?:on|that|late)\b|[,.:]|$)"
    between = rf"only|also|later|then|again|as much|[a-z]+ly|{day}|{paper}|{occasion}|{place}"
    skip = re.compile(rf"(?:\s(?:{between})|\s?[,:])*(?:\sthat\b)?\s*")
    heard = re.compile(
        rf"\s(?:(?:the|a|an|this|state|local|national|foreign|his|her|its|our|my)\s)*(?:[^\W\d_][\w’'-]*\s){{0,3}}?(?:{hearers})\b|\s(?:us|me|him|her|them)\b|\sthe\s[A-Z]\w+(?=[\s.,:])|\s[A-Z]\w+(?=\s*[.,:]|$)"
    )
    far = re.compile(r"[^\"“:;]{0,160}?\bthat\s")
    return skip, heard, far


# `said with one word: "Perhaps."`, `told ministers: "We wait."`; `said, and nobody doubted it, that ...`
ANNOUNCED = re.compile(r"\s(?:with|in|to|on|at|by)\b[^,;:\"“\x00]{0,60}:\s?(?=[\"“‘«])")
INSIDE_COMMAS = re.compile(
    r",\s(?!\w+ing\b|(?:as|after|before|while|when|in|on|at|by|for|to|from|during|with|who|which|where|but|and|or|not|if"
    r"|hours|days|minutes|weeks|an?|the|its|his|her|their|two|three)\b)[a-z]"
)
HEARERS = re.compile(r"\s[^,;:\"“\x00]{1,80}:\s?(?=[\"“‘«])")
INTERRUPTED = re.compile(r",\s(?:and|but|to|in|with|as|without|not)\s[^,;:\"“\x00]{1,80},\sthat\s")


def words_behind(sentence: Sentence, frame: Frame) -> tuple[int, int]:
    """Return where the circumstances behind a verb end, and where the words behind it begin."""
    skip, heard, far = _behind_forms()
    hidden, position = sentence.hidden, frame.end
    verb = hidden[slice(*frame.verb)]
    hearers = HEARERS if verb in ("told", "tells") else ANNOUNCED
    announced = hearers.match(hidden, position) or INTERRUPTED.match(hidden, position)
    if announced is not None:
        return announced.end(), announced.end()
    if verb in ("told", "tells"):
        found = heard.match(hidden, position)
        position = found.end() if found is not None else position
        that = far.match(hidden, position)
        if that is not None and (
            found is None or not hidden[position:].startswith((" there", " it ", " he ", " she "))
        ):
            return that.end(), that.end()
    elif _is_circumstance(hidden[position:]) and (that := far.match(hidden, position)) is not None:
        return that.end(), that.end()
    skipped = skip.match(hidden, position)
    assert skipped is not None, "the pattern matches the empty string"
    return skipped.end(), skipped.end()


def words_before(sentence: Sentence, frame: Frame) -> tuple[int, int] | None:
    """Return the bounds of the words that stand before an attribution: `"...," she said`, `..., an official said`."""
    hidden = sentence.hidden
    before = hidden[: frame.start].rstrip()
    if not before or before[-1] not in ",\"”’»'?!":
        return None
    if re.fullmatch(r"[^:]{0,60}:\s*", hidden[frame.end :]) is not None:
        return None  # `Asked about the call, he said:`: what is said follows
    ends_quoted = any(quotation.end in (len(before), len(before) - 1) for quotation in sentence.quotations)
    words = WORD.findall(sentence.text[: len(before)])
    if not ends_quoted:
        circumstances = load("english")["frame"]["circumstances"]
        _, behind = words_behind(sentence, frame)
        behind_words = len(WORD.findall(hidden[behind:]))
        participle = re.match(r"[^,]*,\s\w+ing\b", hidden[frame.end :])
        if (
            len(words) < 4
            or frame.shared
            or (words[0] in circumstances and (behind_words > 3 or has_quotation(sentence, behind, len(hidden))))
        ):
            return None
        if INSIDE_COMMAS.match(hidden, frame.end):
            return None  # `The president, he said, had not agreed`: the attribution stands inside its words
        if behind_words > 3 and participle is None and not _is_circumstance(hidden[frame.end :]):
            return None
    start = next(
        (
            q.start
            for q in sentence.quotations
            if ends_quoted and q.end in (len(before), len(before) - 1) and not hidden[: q.start].strip(' "“')
        ),
        0,
    )
    dateline = re.match(
        r"[A-Z][A-Z .,/-]{2,60}(?:, \w+\.? \d{1,2})?\s?(?:\([^()]{1,40}\)\s?)?(?:--?|[–—])\s", sentence.text
    )
    return max(start, dateline.end() if dateline else 0), len(before.rstrip(","))


def is_parenthetical(sentence: Sentence, frame: Frame) -> bool:
    """Tell whether an attribution stands between commas inside its words: `One letter, the envoy said, held a map.`."""
    hidden = sentence.hidden
    before = hidden[: frame.start].rstrip()
    first = WORD.match(hidden)
    circumstances = load("english")["frame"]["circumstances"]
    return (
        not sentence.quotations
        and before.endswith(",")
        and re.match(r",\s[^\W\d_]", hidden[frame.end :]) is not None
        and first is not None
        and first[0] not in circumstances
    )


def _is_circumstance(rest: str) -> bool:
    return (
        re.match(r"(?:\s[a-z]+ly)?\s(?:in|on|at|to|during|after|before|late|early|through|when|as|while)\b", rest)
        is not None
    )


def has_quotation(sentence: Sentence, start: int, end: int) -> bool:
    """Tell whether a quotation begins between these places."""
    return any(start <= quotation.start < end for quotation in sentence.quotations)


def trimmed(text: str, start: int, end: int) -> int:
    """Return the end without white space and without the outlet's full stop; a stop inside quotation marks stays."""
    return start + len(text[start:end].rstrip().rstrip(".,;").rstrip())


TIME_CLAUSE = re.compile(r", (?:(?:an?|one|two|three|just|only|\d+) )?(?:minutes?|hours?|days?|weeks?) after\b")


def end_of_words(sentence: Sentence, frame: Frame, later: list[Frame], start: int) -> int:
    """Return where the words behind an attribution end: at the next main clause, or with the sentence."""
    end = len(sentence.text)
    for following in later:
        if following.start <= start:
            continue
        own_clause = (
            following.joined in ("but", "while", ";", ", and") and not following.shared and _is_voiced(following)
        )
        act_before = frame.kind in (ACT, DECLINE, WITHIN) and following.shared
        # `..., and called on Alba to publish it`: behind a comma the second verb is of the sentence, not of the words
        act_behind = following.shared and following.kind in (ACT, DECLINE) and _is_behind_comma(sentence, following)
        if (
            own_clause
            or act_before
            or act_behind
            or (following.shared and following.joined in (",", "but"))
            or (following.kind == ACCORDING)
        ):
            end = min(end, following.start)
            break
    account = re.search(
        r", but (?:he|she|they|it) (?:was|is|were|are|did|does|has|had|gave|would not|refused|declined)\b",
        sentence.hidden[start:end],
    )
    if account is not None:
        end = start + account.start()
    when = TIME_CLAUSE.search(sentence.hidden, start, end)
    if when is not None:
        end = when.start()
    text = re.sub(r"(?:,?\s(?:and|but|while)|[,;])\s*$", "", sentence.text[:end])
    return trimmed(text, start, len(text))


def _is_behind_comma(sentence: Sentence, frame: Frame) -> bool:
    return sentence.hidden[: frame.start].rstrip().endswith(",")


def _is_voiced(frame: Frame) -> bool:
    return frame.subject is not None and frame.subject.kind not in (PRONOUN, VAGUE)


def words_around(sentence: Sentence, frame: Frame) -> Given | None:
    """Return the words of an "according to": the sentence without it."""
    if frame.start == 0:
        comma = sentence.hidden.find(", ", frame.end - 1)
        if comma < 0:
            return None
        office = mention_at(sentence.hidden, comma + 2, People())
        if office is not None and office.kind == ROLE and sentence.hidden.startswith(", ", office.end):
            comma = office.end  # `According to First Surname, foreign minister of Bora, ...`
        return Given(comma + 2, trimmed(sentence.text, comma + 2, len(sentence.text)), ((frame.end, comma),))
    end = _end_before(sentence, frame)
    return Given(0, end, ((frame.end, len(sentence.text)),)) if end else None


FIRST_VOICE_AGAIN = re.compile(r",?\s(?:and|but)\s(?:that|I|we)\b")


def own_end(text: str, start: int, end: int) -> int:
    """Return where the words of a second voice end: "..., and that" or "..., and I" is the first voice again."""
    again = FIRST_VOICE_AGAIN.search(text, start, end)
    return end if again is None else again.start()


def _end_before(sentence: Sentence, frame: Frame) -> int:
    return len(sentence.text[: frame.start].rstrip(" ,"))
