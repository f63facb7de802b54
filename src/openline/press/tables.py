"""The word tables behind the rules, read once from the TOML files beside this module.

Every name, verb and pattern by which a page is read stands in `tables/*.toml`, so that a reader can check it and a
desk can add to it without touching the rules.  Nothing here decides anything.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

Pattern = re.Pattern[str]

WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W\d_]\.(?= )|[^\W_]+(?:['’‑-][^\W_]+)*")
"""One word: letters and digits, inner apostrophes and hyphens, and the points of U.N. and of an initial."""


@cache
def load(name: str) -> dict[str, Any]:
    """Return one table of this package by the name of its file, such as "english"."""
    return tomllib.loads(files(__package__).joinpath("tables", f"{name}.toml").read_text(encoding="utf-8"))


def patterns(sources: Iterable[str], flags: re.RegexFlag = re.NOFLAG) -> tuple[Pattern, ...]:
    """Compile the patterns of one table."""
    return tuple(re.compile(source, flags) for source in sources)


def any_word(words: Iterable[str], *, ignore_case: bool = False) -> Pattern:
    """Return a pattern for any of these words or phrases, the longest first, standing as whole words."""
    longest_first = sorted(set(words), key=lambda word: (-len(word), word))
    body = "|".join(re.escape(word).replace(r"\ ", r"\s") for word in longest_first)
    return re.compile(rf"(?<!\w)(?:{body})(?!\w)", re.IGNORECASE if ignore_case else re.NOFLAG)


def any_piece(words: Iterable[str]) -> str:
    """Return the source of a pattern for any of these pieces, for scripts that put no space between words."""
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda word: (-len(word), word)))


@dataclass(frozen=True, slots=True)
class Party:
    """A word that stands for a party: where it ends, the party, and whether it is a body that speaks itself."""

    end: int
    name: str
    is_body: bool
    is_office: bool


class Gazetteer:
    """Which words stand for which party."""

    def __init__(self, parties: list[dict[str, Any]]) -> None:
        self._meaning: dict[str, tuple[str, bool, bool]] = {}
        for party in parties:
            for kind, words in (("word", "words"), ("body", "institutions"), ("office", "offices")):
                for word in party.get(words, ()):
                    self._meaning[word] = (party["name"], kind == "body", kind == "office")
        self._beginnings = frozenset(word[:2] for word in self._meaning)  # most words begin no party's name
        body = any_piece(self._meaning)
        self.names = re.compile(rf"(?<!\w)(?:{body})(?:(?=['’]s\b)|(?!\w))")
        self.pieces = re.compile(body)

    def at(self, text: str, position: int) -> Party | None:
        """Return the party named by the whole words that begin at `position`, or None."""
        found = self.names.match(text, position) if text[position : position + 2] in self._beginnings else None
        return None if found is None else self._party(found)

    def first(self, text: str, *, spaced: bool = True) -> Party | None:
        """Return the first party named in `text`, or None; `spaced`: the script separates its words."""
        found = (self.names if spaced else self.pieces).search(text)
        return None if found is None else self._party(found)

    def all(self, text: str) -> frozenset[str]:
        """Return the parties named in `text`, whose script separates its words."""
        found = (self._party(one).name for one in self.names.finditer(text))
        return frozenset(name for name in found if name)

    def words(self) -> Iterable[str]:
        """Return every word that stands for a party."""
        return self._meaning

    def _party(self, found: re.Match[str]) -> Party:
        name, is_body, is_office = self._meaning[found[0]]
        return Party(found.end(), name, is_body, is_office)


@cache
def gazetteer() -> Gazetteer:
    """Return the gazetteer of parties."""
    return Gazetteer(load("parties")["party"])
