"""The languages of the catalogue and their phrases, read from Fluent files.

A phrase is said with exactly the variables it has, each a finished text; a phrase that is missing or reports any
error is never shown half (Fluent itself would print the variable's name and go on).  Fluent's own isolation is off:
`Words` isolates by what a value is, so that numbers keep their order in Arabic and others' text its own direction.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property, lru_cache

from fluent.runtime import FluentBundle, FluentResource

from openline.catalogue.kinds import CATALOGUE
from openline.catalogue.rendering.errors import UnknownLanguage, WordingBroken
from openline.catalogue.untrusted import isolate, isolate_left_to_right, visible

FOLDER = "languages/"
LANGUAGES_FILE = f"{FOLDER}languages.toml"
PART_MAX = 2_500  # characters that Fluent takes into a phrase at once; for a longer text a mark stands in meanwhile


class Review(Enum):
    """Who has looked at a language's wording; the value is the word in languages.toml."""

    REFERENCE = "reference"
    BACK_READ = "back-read"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Language:
    """One language: its tag (BCP 47), its name in itself, its direction, and who has looked at its wording."""

    tag: str
    name: str
    right_to_left: bool
    review: Review
    negation: tuple[str, ...]
    drill: tuple[str, ...]

    @property
    def unreviewed(self) -> bool:
        """Whether no native diplomat has reviewed it: a charter must accept that before it is used for ACTUAL."""
        return self.review is not Review.REFERENCE


class Words:
    """The phrases of one language."""

    def __init__(self, language: Language, resources: Mapping[str, str]) -> None:
        """Take Fluent sources by path."""
        self.language = language
        self._bundle = FluentBundle([language.tag], use_isolating=False)
        for source in resources.values():
            self._bundle.add_resource(FluentResource(source))

    def say(self, phrase: str, **variables: str) -> str:
        """Return a phrase with its variables.  Raises WordingBroken if it is missing or does not take exactly these."""
        long = {f"\ufdd0{name}\ufdd0": value for name, value in variables.items() if len(value) > PART_MAX}
        given = {name: value if len(value) <= PART_MAX else f"\ufdd0{name}\ufdd0" for name, value in variables.items()}
        message = self._bundle.get_message(phrase) if self._bundle.has_message(phrase) else None
        if message is None or message.value is None:
            raise WordingBroken(
                "a phrase is missing", hint="Show the data instead.", phrase=phrase, language=self.language.tag
            )
        formatted, errors = self._bundle.format_pattern(message.value, given)
        said = str(formatted)
        for stand_in, value in long.items():
            said = said.replace(stand_in, value)
        if errors or any(value not in said for value in variables.values()):
            raise WordingBroken(
                "a phrase does not fit its variables",
                hint="Show the data instead.",
                phrase=phrase,
                language=self.language.tag,
            )
        return said

    def has(self, phrase: str) -> bool:
        """Whether the phrase is there."""
        return bool(self._bundle.has_message(phrase))

    def technical(self, text: str) -> str:
        """Return a number, time, coordinate or identifier so that it keeps its order in any direction."""
        return isolate_left_to_right(text) if self.language.right_to_left else visible(text)

    def foreign(self, text: str) -> str:
        """Return somebody else's text, made visible and closed in its own direction."""
        return isolate(text)


class Library:
    """Every language of a set of data files (path → content)."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files

    @cached_property
    def languages(self) -> Mapping[str, Language]:
        """Every language by its tag, in the order of languages.toml."""
        tables = tomllib.loads(self._files[LANGUAGES_FILE].decode("utf-8"))
        return {
            tag: Language(
                tag=tag,
                name=table["name"],
                right_to_left=table["direction"] == "right-to-left",
                review=Review(table["review"]),
                negation=tuple(table["negation"]),
                drill=tuple(table["drill"]),
            )
            for tag, table in tables.items()
        }

    def sources(self, tag: str) -> dict[str, str]:
        """Return a language's Fluent files by path."""
        prefix = f"{FOLDER}{tag}/"
        return {
            path: content.decode("utf-8")
            for path, content in sorted(self._files.items())
            if path.startswith(prefix) and path.endswith(".ftl")
        }

    def words(self, tag: str) -> Words:
        """Return a language's phrases.  Raises UnknownLanguage."""
        language = self.languages.get(tag)
        if language is None:
            raise UnknownLanguage(
                "this station has no wording in that language",
                hint=f"Choose one of {', '.join(self.languages)}.",
                language=tag,
            )
        return Words(language, self.sources(tag))


@lru_cache(maxsize=1)
def library() -> Library:
    """Return the languages that ship with this package."""
    return Library(CATALOGUE.files)


@lru_cache(maxsize=16)
def words(tag: str) -> Words:
    """Return the phrases of a language that ships with this package.  Raises UnknownLanguage."""
    return library().words(tag)


def languages() -> tuple[Language, ...]:
    """Return every language that ships with this package, the reference first."""
    return tuple(library().languages.values())


def language_files_hash_inputs() -> tuple[tuple[str, bytes], ...]:
    """Return path and content of every rendering and glossary file, sorted: part of what a charter's hash covers."""
    return tuple(sorted((path, content) for path, content in CATALOGUE.files.items() if path.startswith(FOLDER)))
