"""Facts read back out of a rendering: the check that words and data say the same.

What is read is what must never be lost between languages: times, coordinates, numbers, quantities with their units,
and whether an act is affirmed or negated.  Others' own words are left out: they are not coded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from openline.catalogue.rendering.contract import shipped_contract
from openline.catalogue.rendering.languages import words
from openline.catalogue.untrusted import FSI, PDI, without_isolates

_FOREIGN = re.compile(f"{FSI}[^{PDI}]*{PDI}")
_TIME = re.compile(r"\d{4}-\d\d-\d\d(?: \d\d:\d\d(?::\d\d)?)? UTC", re.ASCII)
_COORDINATES = re.compile(r"\d+\.\d+[NS] \d+\.\d+[EW]", re.ASCII)
_IDENTIFIER = re.compile(r"\b[0-9a-f]{16,}\b")
_NUMBER = re.compile(r"\d+(?:\.\d+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a text says, each in the order in which it stands.

    acts are the phrases' ids, such as `value-act-not-fire` or `value-negation-will`; measures are numbers with the
    catalogue's unit; numbers are all others.
    """

    times: tuple[str, ...]
    coordinates: tuple[str, ...]
    measures: tuple[tuple[str, str], ...]
    numbers: tuple[str, ...]
    identifiers: tuple[str, ...]
    acts: tuple[str, ...]


def facts_in(text: str, language: str) -> Facts:
    """Return the facts of a rendering, a row or a value in a language.  Raises UnknownLanguage."""
    rest = without_isolates(_FOREIGN.sub(" ", text))
    times, rest = _cut(_TIME, rest)
    coordinates, rest = _cut(_COORDINATES, rest)
    identifiers, rest = _cut(_IDENTIFIER, rest)
    acts = _acts(rest, language)
    symbols, pattern = _units(language)
    measures = tuple((match[1], symbols[match[2]]) for match in pattern.finditer(rest))
    numbers = tuple(_NUMBER.findall(pattern.sub(" ", rest)))
    return Facts(times, coordinates, measures, numbers, identifiers, acts)


def _cut(pattern: re.Pattern[str], text: str) -> tuple[tuple[str, ...], str]:
    return tuple(pattern.findall(text)), pattern.sub(" ", text)


def _acts(text: str, language: str) -> tuple[str, ...]:
    """Find act and negation phrases: each is the whole value of its row, so no word inside another is taken for one."""
    phrases = _act_phrases(language)
    values = (line.rpartition(": ")[2].strip() for line in text.split("\n"))
    return tuple(phrases[value] for value in values if value in phrases)


@lru_cache(maxsize=16)
def _act_phrases(language: str) -> dict[str, str]:
    said = words(language)
    ids = {phrase for pair in shipped_contract().negations for phrase in pair if phrase.startswith("value-")}
    return {said.say(phrase): phrase for phrase in ids}


@lru_cache(maxsize=16)
def _units(language: str) -> tuple[dict[str, str], re.Pattern[str]]:
    """Unit phrases to the catalogue's symbols, and the expression of a number with one of them."""
    said = words(language)
    symbols = {said.say(phrase): symbol for phrase, symbol in shipped_contract().units.items()}
    alternatives = "|".join(re.escape(unit) for unit in sorted(symbols, key=len, reverse=True))
    return symbols, re.compile(rf"([0-9]+(?:\.[0-9]+)?) ({alternatives})(?!\w)")
