"""Wording is linted as code is: what ships has no finding, and every planted fault is found."""

import re
from dataclasses import replace

import pytest

from openline.catalogue.kinds import CATALOGUE
from openline.catalogue.rendering import Finding, Rule, languages, lint
from openline.catalogue.rendering.contract import shipped_contract
from openline.catalogue.rendering.lint import _units_of_fields

TAGS = [language.tag for language in languages()]


def planted(path: str, old: str, new: str) -> dict[str, bytes]:
    """The shipped files with one fault: `old`, an expression, replaced by `new` in one file."""
    files = dict(CATALOGUE.files)
    source = files[f"languages/{path}"].decode("utf-8")
    changed, count = re.subn(old, new, source, flags=re.MULTILINE)
    assert count, f"{old} does not stand in {path}"
    files[f"languages/{path}"] = changed.encode("utf-8")
    return files


def rules(findings: list[Finding]) -> set[Rule]:
    return {finding.rule for finding in findings}


def test_what_ships_has_no_finding() -> None:
    assert [str(finding) for finding in lint()] == []


FAULTS = {
    "a dropped variable": ("fr/common.ftl", r"^(quantity = ).*$", r"\1{ $number }", Rule.MISSING_VARIABLE),
    "an invented variable": ("en/fields.ftl", r"^(field-area = ).*$", r"\1Area { $size }", Rule.EXTRA_VARIABLE),
    "a swapped negation": (
        "ko/acts.ftl",
        r"^value-act-fire = (.*)\n((?:.*\n)*)value-act-not-fire = (.*)$",
        r"value-act-fire = \3\n\2value-act-not-fire = \1",
        Rule.NEGATION,
    ),
    "a negation lost": ("ja/kinds.ftl", r"^(S3-sentence-will_not = ).*$", r"\1行為を行う。", Rule.NEGATION),
    "junk": ("ru/values.ftl", r"^value-state-up = ", "value-state-up  ", Rule.JUNK),
    "junk leaves a phrase missing": ("ru/values.ftl", r"^value-state-up = ", "value-state-up  ", Rule.MISSING_PHRASE),
    "a wrong unit": ("zh/common.ftl", r"^(unit-km = ).*$", r"\1米", Rule.SAME_PHRASE),
    "a dropped field": ("ar/fields.ftl", r"^field-impact_areas = .*\n", "", Rule.MISSING_PHRASE),
    "a field that no kind has": ("es/fields.ftl", r"\Z", "field-colour = Color\n", Rule.EXTRA_PHRASE),
    "a label of one kind in one language only": (
        "es/fields.ftl",
        r"\Z",
        "N1-field-window = Otra ventana\n",
        Rule.EXTRA_PHRASE,
    ),
    "a phrase twice": ("en/kinds.ftl", r"\Z", "N1-headline = LAUNCH\n", Rule.REPEATED_PHRASE),
    "a select that swallows a value": (
        "en/common.ftl",
        r"^(quantity = ).*$",
        r"\1{ $number -> \n    [one] { $number } { $unit }\n   *[other] { $number } { $unit }\n }",
        Rule.SELECT,
    ),
    "a number formatted by locale": (
        "fr/common.ftl",
        r"^(count-at_least = ).*$",
        r"\1{ NUMBER($number) }",
        Rule.LOCALE_FORMAT,
    ),
    "a date formatted by locale": (
        "en/common.ftl",
        r"^(window-open = ).*$",
        r"\1{ DATETIME($from) }",
        Rule.LOCALE_FORMAT,
    ),
    "a direction mark": ("ar/kinds.ftl", r"^(N1-headline = )", "\\1\u200f", Rule.HIDDEN_CHARACTER),
    "a digit in a phrase": ("en/kinds.ftl", r"^(N1-headline = ).*$", r"\1PLANNED LAUNCH 24", Rule.DIGITS),
    "UNKNOWN and WITHHELD alike": ("zh/common.ftl", r"^(answer-withheld = ).*$", r"\1不知道", Rule.SAME_PHRASE),
    "YES and NO alike": ("ar/common.ftl", r"^(value-yes_no-no = ).*$", r"\1نعم", Rule.SAME_PHRASE),
    "two fields of a kind alike": ("ru/fields.ftl", r"^(field-expiry = ).*$", r"\1Действия", Rule.SAME_PHRASE),
    "EXERCISE for a manoeuvre": ("ko/kinds.ftl", r"^(N4-headline = ).*$", r"\1연습", Rule.DRILL_WORD),
    "TEST in a headline": ("es/kinds.ftl", r"^(L1-headline = ).*$", r"\1PRUEBA DE LÍNEA", Rule.DRILL_WORD),
    "a particle after a variable": ("ko/common.ftl", r"^(place-named = ).*$", r"\1{ $name }에서", Rule.BENT),
    "a phrase with attributes": ("en/common.ftl", r"^(unit-m = .*)$", r"\1\n    .long = metre", Rule.NO_PHRASE),
    "a phrase inside a phrase": ("en/common.ftl", r"^(unit-km = ).*$", r"\1{ unit-m }", Rule.NO_PHRASE),
    "a term": ("en/common.ftl", r"\Z", "-name = Alba\n", Rule.NO_PHRASE),
    "a language without phrases": (
        "languages.toml",
        r"\A",
        '[eo]\nname="o"\ndirection="left-to-right"\nreview="draft"\nnegation=[]\ndrill=[]\n',
        Rule.MISSING_LANGUAGE,
    ),
    "no reference language": ("languages.toml", 'review = "reference"', 'review = "draft"', Rule.MISSING_LANGUAGE),
    "a glossary with one name twice": (
        "glossaries/alba-bora-cendra.toml",
        'ru = "Бора"',
        'ru = "Альба"',
        Rule.GLOSSARY,
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(fault: str) -> None:
    path, old, new, rule = FAULTS[fault]
    assert rule in rules(lint(planted(path, old, new)))


@pytest.mark.parametrize("tag", TAGS)
def test_every_swapped_negation_is_found_in_every_language(tag: str) -> None:
    pairs = [
        pair
        for pair in shipped_contract().negations
        if pair[0].startswith("value-") and pair[1] != "value-not_done-will_not"  # will_not has its own pair
    ]
    swapped = dict(pairs) | {negated: affirmed for affirmed, negated in pairs}
    files = dict(CATALOGUE.files)
    for name in ("acts", "values"):
        path = f"languages/{tag}/{name}.ftl"
        lines = files[path].decode("utf-8").split("\n")
        parted = [line.partition(" = ") for line in lines]
        files[path] = "\n".join(swapped.get(name, name) + sign + said for name, sign, said in parted).encode("utf-8")
    expected = {Finding(Rule.NEGATION, tag, negated, f"against {affirmed}") for affirmed, negated in pairs}
    assert len(expected) > 36
    assert expected <= set(lint(files))


def test_a_unit_that_the_table_does_not_have_is_found() -> None:
    without_knots = {phrase: unit for phrase, unit in shipped_contract().units.items() if unit != "kt"}
    found = list(_units_of_fields(replace(shipped_contract(), units=without_knots)))
    assert Finding(Rule.UNIT, "N7.speed", "kt") in found
    assert {finding.phrase for finding in found} == {"kt"}


def test_a_finding_says_where_what_and_why() -> None:
    finding = Finding(Rule.JUNK, "en/values.ftl", "value-state-up")
    assert str(finding) == "en/values.ftl value-state-up: Fluent cannot read this and skips it in silence"
