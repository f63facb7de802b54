"""What can be read out of a statement's own words: topic, conditions, commitment, hedge, refusal, insertions."""

from __future__ import annotations

import re
from functools import cache

from openline.press.quotations import INSERTION, find_quotations
from openline.press.tables import any_piece, any_word, load, patterns

CONDITIONS_MAX = 8  # of one statement
WORDS_CHARACTERS_MAX = 4_000  # of one statement; longer ones are read this far


@cache
def _forms(key: str) -> tuple[re.Pattern[str], ...]:
    table = load("details")
    return patterns(table["commitment"][key] if key in table["commitment"] else table[key])


@cache
def _topics() -> tuple[tuple[str, re.Pattern[str]], ...]:
    found = []
    for topic in load("details")["topic"]:
        spaced = [word for word in topic["words"] if word.isascii()]
        pieces = [word for word in topic["words"] if not word.isascii()]
        form = any_word(spaced, ignore_case=True).pattern + (f"|{any_piece(pieces)}" if pieces else "")
        found.append((topic["label"], re.compile(form, re.IGNORECASE)))
    return tuple(found)


def topic_of(words: str) -> str | None:
    """Return the topic most of whose words occur; the earlier in the table where two are equal; None where none is."""
    counts = [(len(form.findall(words[:WORDS_CHARACTERS_MAX])), label) for label, form in _topics()]
    best = max(count for count, _ in counts)
    return next((label for count, label in counts if count == best), None) if best else None


@cache
def _conditions() -> tuple[tuple[re.Pattern[str], bool], ...]:
    """Return the patterns of conditions, each with whether all its letters are Latin."""
    return tuple(
        (form, all(sign.isascii() for sign in form.pattern if sign.isalpha())) for form in _forms("conditions")
    )


def conditions_of(words: str) -> tuple[str, ...]:
    """Return the clauses on which the statement depends, as they stand in its words."""
    found: list[tuple[int, str]] = []
    for form, is_latin in _conditions():
        if words.isascii() and not is_latin:
            continue  # a pattern of another script cannot fit, and is slow to fail
        for clause in form.finditer(words[:WORDS_CHARACTERS_MAX]):
            text = clause["clause"] if "clause" in clause.groupdict() else clause[0]
            found.append((clause.start(), text.strip()))
    inside = [text for _, text in sorted(found) if text]
    return tuple(
        dict.fromkeys(text for text in inside if not any(text != other and text in other for other in inside))
    )[:CONDITIONS_MAX]


def commitment_of(words: str, party: str | None, conditions: tuple[str, ...]) -> str | None:
    """Return what was undertaken: "none", "offered", "conditional", "firm"; None where the words say nothing of it."""
    judged = words[:WORDS_CHARACTERS_MAX]
    if any(form.search(judged) for form in _forms("none")):
        return "none"
    offered = any(form.search(judged) for form in _forms("offered"))
    promised = any(form.search(judged) for form in _forms("firm")) or _own_will(judged, party)
    if (offered or promised) and conditions and not _unconditional(conditions):
        return "conditional"
    if promised:
        return "firm"
    return "offered" if offered else None


def _own_will(words: str, party: str | None) -> bool:
    """Tell whether the speaker's own party is said to be going to do something: "Bora will answer"."""
    return (
        party is not None
        and re.search(
            rf"\b{re.escape(party)} (?:will|would)\b(?! \W?(?:not|never|welcome|like|prefer|consider)\b)", words
        )
        is not None
    )


def _unconditional(conditions: tuple[str, ...]) -> bool:
    return all(re.match(r"(?i)without|无条件|不设|条件なし|조건|دون|من دون|بدون", clause) for clause in conditions)


def hedge_of(words: str) -> str | None:
    """Return the words of reserve among the outlet's own, each once and in order, with commas between; None if none."""
    found = dict.fromkeys(match[0] for match in _hedges().finditer(words))
    return ", ".join(found) or None


@cache
def _hedges() -> re.Pattern[str]:
    return any_word(load("details")["hedges"])


def is_declined(words: str) -> bool:
    """Tell whether the words are a refusal to say."""
    return any(form.search(words[:WORDS_CHARACTERS_MAX]) for form in _forms("declined"))


def is_joint(words: str) -> bool:
    """Tell whether the words, not English ones, begin by saying that both sides agreed."""
    return any(form.match(words) for form in _forms("joint"))


def insertions_of(words: str, *, wholly_quoted: bool) -> tuple[str, ...]:
    """Return the bracketed words inside quotations: an outlet's, put into the speaker's mouth."""
    if wholly_quoted:
        return tuple(found[0] for found in INSERTION.finditer(words))
    pieces = [words[slice(*quotation.inner())] for quotation in find_quotations(words)]
    return tuple(found[0] for piece in pieces for found in INSERTION.finditer(piece))
