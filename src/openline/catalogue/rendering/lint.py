"""Faults of wording, found before anybody is misled by them.  A single finding fails the build.

Each rule answers a hazard that was seen: syntax errors that Fluent skips in silence, a variable left out of one
language, a select whose default swallows a value, negation put together by a select, numbers and dates bent by a
locale, marks of direction inside phrases, a unit missing from the table, one phrase for two meanings.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from itertools import combinations

from fluent.syntax import FluentParser, ast

from openline.catalogue.kinds import CATALOGUE
from openline.catalogue.rendering.contract import Contract, all_fields, contract, unit_phrase
from openline.catalogue.rendering.errors import GlossaryBroken
from openline.catalogue.rendering.glossary import load_glossary
from openline.catalogue.rendering.languages import FOLDER, LANGUAGES_FILE, Language, Library, Review
from openline.catalogue.untrusted import is_hidden

REFERENCE = "en"
GLOSSARIES = f"{FOLDER}glossaries/"
DRILL_PHRASES = ("status-EXERCISE", "L4-", "value-phase-", "value-cause-drill_text")
_BENT = re.compile(r"\}\w")


class Rule(Enum):
    """What is wrong; the value says why it matters."""

    MISSING_LANGUAGE = "a language is listed without phrases, or has phrases without being listed"
    MISSING_PHRASE = "the language has no words for something that can be said"
    EXTRA_PHRASE = "nobody can say this: a misspelt id, or what is left of a removed field"
    REPEATED_PHRASE = "an id stands twice; Fluent keeps the first and drops the second in silence"
    MISSING_VARIABLE = "a phrase leaves out data that the other languages show"
    EXTRA_VARIABLE = "a phrase asks for data that nobody gives"
    JUNK = "Fluent cannot read this and skips it in silence"
    SELECT = "a select can swallow a value through its default, or put a negation together"
    LOCALE_FORMAT = "a function formats by locale: decimals are cut, months are named, digits change"
    NO_PHRASE = "attributes, terms and empty phrases are not used: everything is one plain phrase"
    HIDDEN_CHARACTER = "a control, direction mark or invisible character stands in a phrase"
    DIGITS = "a digit in a phrase can be taken for data"
    SAME_PHRASE = "two meanings have one phrase"
    NEGATION = "the negated phrase holds no more marks of negation than the affirmed one: are they swapped?"
    UNIT = "a unit is not in the table of units"
    BENT = "a letter follows a variable: its form would depend on the value (Korean particles, case endings)"
    DRILL_WORD = "the word for EXERCISE is reserved for drills, and no headline holds the word for TEST"
    GLOSSARY = "a glossary is not well formed"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: the rule, the language or file, the phrase's id (or the place), and what was found."""

    rule: Rule
    where: str
    phrase: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.where} {self.phrase}: {self.rule.value} {self.detail}".strip()


def lint(files: Mapping[str, bytes] | None = None) -> list[Finding]:
    """Return every fault of a set of data files (path → content); of those that ship, if none are given.

    The kinds are always those that ship.  Mend the phrase; never the rule.
    """
    files = CATALOGUE.files if files is None else files
    wanted = contract(CATALOGUE)
    library = Library(files)
    found = [*_units_of_fields(wanted), *_languages(library, files), *_glossaries(files)]
    reference = _Phrases(library.sources(REFERENCE), REFERENCE)
    optional = wanted.optional & reference.patterns.keys()
    for tag, language in library.languages.items():
        phrases = _Phrases(library.sources(tag), tag)
        found += phrases.found
        found += _contract(phrases, wanted, optional)
        found += _characters(phrases)
        found += _same(phrases, wanted)
        found += _meaning(phrases, wanted, language)
    return found


@lru_cache(maxsize=64)
def _entries(source: str) -> tuple[ast.EntryType, ...]:
    return tuple(FluentParser().parse(source).body)


class _Phrases:
    """The phrases of one language as syntax trees, and what was wrong with reading them."""

    def __init__(self, sources: Mapping[str, str], tag: str) -> None:
        self.tag = tag
        self.patterns: dict[str, _Pattern] = {}
        self.found: list[Finding] = []
        for path, source in sources.items():
            for entry in _entries(source):
                self._take(entry, path)

    def _take(self, entry: ast.EntryType, path: str) -> None:
        if isinstance(entry, ast.Junk):
            self.found.append(Finding(Rule.JUNK, path, (entry.content or "").split("=")[0].strip()[:40]))
        elif isinstance(entry, ast.Message) and entry.value is not None and not entry.attributes:
            if entry.id.name in self.patterns:
                self.found.append(Finding(Rule.REPEATED_PHRASE, path, entry.id.name))
            self.patterns[entry.id.name] = _Pattern(entry.value)
        elif isinstance(entry, ast.Message | ast.Term):
            self.found.append(Finding(Rule.NO_PHRASE, path, entry.id.name))

    def text(self, phrase: str) -> str:
        """The phrase's words, its variables as {name}; empty if the language does not have it."""
        pattern = self.patterns.get(phrase)
        return "" if pattern is None else pattern.text


class _Pattern:
    """One phrase: its words, its variables, and what else stands in it."""

    def __init__(self, pattern: ast.Pattern) -> None:
        self.text = ""
        self.variables: set[str] = set()
        self.faults: list[tuple[Rule, str]] = []
        for element in pattern.elements:
            if isinstance(element, ast.TextElement):
                self.text += element.value
            else:
                self._place(element.expression)

    def _place(self, expression: ast.InlineExpression | ast.SelectExpression | ast.Placeable) -> None:
        if isinstance(expression, ast.VariableReference):
            self.variables.add(expression.id.name)
            self.text += f"{{{expression.id.name}}}"
        elif isinstance(expression, ast.SelectExpression):
            self.faults.append((Rule.SELECT, "give each value a phrase of its own"))
        elif isinstance(expression, ast.FunctionReference):
            self.faults.append((Rule.LOCALE_FORMAT, expression.id.name))
        else:
            self.faults.append((Rule.NO_PHRASE, type(expression).__name__))


# ---------------------------------------------------------------- rules over all languages


def _units_of_fields(wanted: Contract) -> Iterator[Finding]:
    for kind in CATALOGUE.kinds.values():
        for field in all_fields(kind):
            for symbol in field.units:
                if unit_phrase(symbol) not in wanted.units:
                    yield Finding(Rule.UNIT, f"{kind.code}.{field.name}", symbol)


def _languages(library: Library, files: Mapping[str, bytes]) -> Iterator[Finding]:
    listed = set(library.languages)
    written = {path.split("/")[1] for path in files if path.startswith(FOLDER) and path.endswith(".ftl")}
    for tag in sorted(listed ^ written):
        yield Finding(Rule.MISSING_LANGUAGE, LANGUAGES_FILE, tag)
    if library.languages.get(REFERENCE) is None or library.languages[REFERENCE].review is not Review.REFERENCE:
        yield Finding(Rule.MISSING_LANGUAGE, LANGUAGES_FILE, REFERENCE, "the others are made from it")


def _glossaries(files: Mapping[str, bytes]) -> Iterator[Finding]:
    for path, content in files.items():
        if path.startswith(GLOSSARIES):
            try:
                load_glossary(content)
            except GlossaryBroken as error:
                yield Finding(Rule.GLOSSARY, path, str(error.facts.get("entry", "")), error.hint)


# ---------------------------------------------------------------- rules over one language


def _contract(phrases: _Phrases, wanted: Contract, optional: frozenset[str] | set[str]) -> Iterator[Finding]:
    expected = wanted.phrases.keys() | optional
    for phrase in sorted(expected - phrases.patterns.keys()):
        yield Finding(Rule.MISSING_PHRASE, phrases.tag, phrase)
    for phrase in sorted(phrases.patterns.keys() - expected):
        yield Finding(Rule.EXTRA_PHRASE, phrases.tag, phrase)
    for phrase, pattern in phrases.patterns.items():
        variables = wanted.phrases.get(phrase, frozenset())
        for name in sorted(variables - pattern.variables):
            yield Finding(Rule.MISSING_VARIABLE, phrases.tag, phrase, name)
        for name in sorted(pattern.variables - variables):
            yield Finding(Rule.EXTRA_VARIABLE, phrases.tag, phrase, name)
        if _BENT.search(pattern.text):
            yield Finding(Rule.BENT, phrases.tag, phrase)
        for rule, detail in pattern.faults:
            yield Finding(rule, phrases.tag, phrase, detail)


def _characters(phrases: _Phrases) -> Iterator[Finding]:
    for phrase, pattern in phrases.patterns.items():
        for character in sorted(set(pattern.text)):
            if is_hidden(character):
                yield Finding(Rule.HIDDEN_CHARACTER, phrases.tag, phrase, f"U+{ord(character):04X}")
            if character.isdecimal():
                yield Finding(Rule.DIGITS, phrases.tag, phrase, character)


def _same(phrases: _Phrases, wanted: Contract) -> Iterator[Finding]:
    groups = dict(wanted.groups)
    for kind in CATALOGUE.kinds.values():
        groups[f"labels of {kind.code}"] = tuple(_label(phrases, kind.code, field.name) for field in kind.fields)
    for name, group in groups.items():
        by_text = defaultdict(list)
        for phrase in group:
            by_text[phrases.text(phrase).casefold()].append(phrase)
        for text, same in by_text.items():
            for first, second in combinations(same, 2):
                if text:
                    yield Finding(Rule.SAME_PHRASE, phrases.tag, first, f"as {second} ({name})")


def _label(phrases: _Phrases, code: str, field: str) -> str:
    own = f"{code}-field-{field}"
    return own if own in phrases.patterns else f"field-{field}"


def _meaning(phrases: _Phrases, wanted: Contract, language: Language) -> Iterator[Finding]:
    for affirmed, negated in wanted.negations:
        yes, no = phrases.text(affirmed), phrases.text(negated)
        if yes and no and _marks(no, language.negation) <= _marks(yes, language.negation):
            yield Finding(Rule.NEGATION, phrases.tag, negated, f"against {affirmed}")
    for phrase in phrases.patterns:
        if not phrase.startswith(DRILL_PHRASES) and any(word in phrases.text(phrase) for word in language.drill):
            yield Finding(Rule.DRILL_WORD, phrases.tag, phrase)
        if phrase.endswith("-headline") and phrases.text("status-TEST") in phrases.text(phrase):
            yield Finding(Rule.DRILL_WORD, phrases.tag, phrase, "TEST")


def _marks(text: str, marks: Iterable[str]) -> int:
    return sum(text.count(mark) for mark in marks)
