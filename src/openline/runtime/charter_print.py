"""A charter on paper, for lawyers: the same facts in each of its languages, as text or as one HTML page.

The words around the facts are data, data/charter/*.toml; a language that has no such file is printed with English words
and the members' names and texts in the language itself.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib import resources

from openline.catalogue.kinds import CATALOGUE, UnknownKind
from openline.catalogue.untrusted import visible, visible_lines
from openline.charter import Charter, Evidence, Role, SignedCharter, Signer, fingerprint
from openline.wire.statement import Authority, Precedence

RIGHT_TO_LEFT = {"ar", "fa", "he", "ur"}
_ROLE = {Role.PARTY: "party", Role.MEDIATOR: "mediator", Role.OBSERVER: "observer"}
_OFFICER = {
    Authority.DUTY_OFFICER: "duty",
    Authority.RELEASER: "releaser",
    Authority.DELEGATE: "delegate",
    Authority.PRINCIPAL: "principal",
    Authority.MEDIATOR: "mediator_officer",
}

Row = tuple[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Page:
    """The charter in one language: a title, rows of label and lines, and what stands below."""

    language: str
    title: str
    rows: tuple[Row, ...]
    notes: tuple[str, ...]


@cache
def _words(language: str) -> Mapping[str, str]:
    folder = resources.files("openline.runtime") / "data" / "charter"
    path = folder / f"{language}.toml"
    if not path.is_file():
        path = folder / "en.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def languages_printed() -> tuple[str, ...]:
    """Return the languages that have words of their own."""
    folder = resources.files("openline.runtime") / "data" / "charter"
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir()))


def page(signed: SignedCharter, before: Charter | None, language: str) -> Page:
    """Return the charter in one language."""
    words = _words(language)
    charter = signed.charter
    rows: list[Row] = [
        (words["number"], [str(charter.number)]),
        (words["line"], [signed.line.hex()]),
        (words["digest"], [signed.digest.hex()]),
        (words["words"], [" ".join(fingerprint(signed.digest))]),
        (words["protocol"], [f"openline/{charter.protocol[0]}, {charter.protocol[1]}"]),
        (words["predecessor"], [charter.predecessor.hex() if charter.predecessor else words["none"]]),
        *_members(charter, language),
        (words["texts"], visible_lines(dict(charter.texts).get(language, words["none"]))),
        *_rules(charter, words),
        (words["signatures"], list(_signatures(signed, before, language))),
    ]
    notes = (words["prevails"], words["unreviewed_print"]) if words["unreviewed_print"] else (words["prevails"],)
    return Page(language, f"{words['title']} {charter.number}", tuple(rows), notes)


def as_text(pages: Sequence[Page]) -> str:
    """Return the pages as plain text, one below the other."""
    return "\n\n".join(
        "\n".join([
            one.title,
            "=" * max(len(one.title), 8),
            *(f"{label}:" + _indented(lines) for label, lines in one.rows),
            "",
            *one.notes,
        ])
        for one in pages
    ) + "\n"  # fmt: skip


def as_html(pages: Sequence[Page]) -> str:
    """Return the pages as one HTML document without scripts or anything from elsewhere, a sheet for each language."""
    style = (
        "body{font:12pt/1.4 serif;margin:2em}section{break-after:page}dt{font-weight:bold;margin-top:.7em}"
        "dd{margin-inline-start:1.5em;white-space:pre-wrap;overflow-wrap:anywhere}"
    )
    sheets = "".join(_sheet(one) for one in pages)
    first = pages[0]
    return (
        f'<!doctype html>\n<html lang="{escape(first.language)}"><head><meta charset="utf-8">'
        f"<title>{escape(first.title)}</title><style>{style}</style></head><body>{sheets}</body></html>\n"
    )


def _sheet(one: Page) -> str:
    direction = "rtl" if one.language.partition("-")[0] in RIGHT_TO_LEFT else "ltr"
    rows = "".join(
        f"<dt>{escape(label)}</dt>" + "".join(f'<dd dir="auto">{escape(line)}</dd>' for line in lines)
        for label, lines in one.rows
    )
    notes = "".join(f"<p>{escape(note)}</p>" for note in one.notes)
    heading = f'<section lang="{escape(one.language)}" dir="{direction}"><h1>{escape(one.title)}</h1>'
    return f"{heading}<dl>{rows}</dl>{notes}</section>"


def _indented(lines: Sequence[str]) -> str:
    return f" {lines[0]}" if len(lines) == 1 else "".join(f"\n    {line}" for line in lines)


def _members(charter: Charter, language: str) -> Iterator[Row]:
    words = _words(language)
    lines = [
        f"{member.party}. {visible(member.name(language))} ({member.code}), {words[_ROLE[member.role]]}"
        for member in charter.members
    ]
    yield words["members"], lines
    for member in charter.members:
        yield f"{words['root']}: {visible(member.name(language))}", [" ".join(fingerprint(member.root.hash))]


def _rules(charter: Charter, words: Mapping[str, str]) -> Iterator[Row]:
    rules = charter.rules
    none = [words["none"]]
    yield words["catalogue"], [charter.catalogue.hex()]
    yield words["languages"], [", ".join(charter.languages)]
    yield words["kinds"], [words["all"]] if charter.kinds is None else [_kind(kind) for kind in charter.kinds]
    yield words["statuses"], [", ".join(status.name for status in charter.statuses)]
    yield (
        words["approvals"],
        [f"{_kind(rule.kind)}: {_ways(rule.alternatives, words)}" for rule in rules.approvals] or none,
    )
    yield words["check"], [_duration(rules.check_cadence_s)]
    times = [
        f"{precedence.name}: {', '.join(map(_duration, (times.stored_s, times.acknowledged_s, times.answered_s)))}"
        for precedence, times in zip(Precedence, rules.response_times, strict=True)
    ]
    yield f"{words['times']} ({words['stored']}, {words['acknowledged']}, {words['answered']})", times
    yield words["deadlines"], [f"{_kind(kind)}: {_duration(seconds)}" for kind, seconds in rules.deadlines] or none
    yield words["rate"], [str(rules.entries_a_minute)]
    yield words["witnesses"], [f"{visible(witness.name)} ({witness.key.hex()})" for witness in rules.witnesses] or none
    yield words["evidence"], [words["provable" if rules.evidence is Evidence.PROVABLE else "deniable"]]
    yield words["unreviewed"], [words["yes" if rules.unreviewed_renderings else "no"]]
    yield words["annexes"], [f"{visible(title)}: {digest.hex()}" for title, digest in charter.annexes] or none


def _signatures(signed: SignedCharter, before: Charter | None, language: str) -> Iterator[str]:
    words = _words(language)
    places = [(signature.party, signature.root, words["signed"]) for signature in signed.signatures]
    missing = [(party, root, words["missing"]) for party, root in signed.missing(before)]
    for party, root, state in sorted(places + missing):
        text = before if root is Signer.FORMER else signed.charter
        member = text.member(party) if text else None
        name = visible(member.name(language)) if member else str(party)
        root_name = f"{name} ({words['former_root']})" if root is Signer.FORMER else name
        yield f"{root_name}: {state}"


def _ways(ways: Sequence[Sequence[Authority]], words: Mapping[str, str]) -> str:
    joined = (f" {words['and']} ".join(words[_OFFICER[role]] for role in way) for way in ways)
    return f", {words['or']} ".join(names or words["none"] for names in joined)


def _kind(number: int) -> str:
    try:
        kind = CATALOGUE.kind(number)
    except UnknownKind:
        return str(number)
    return f"{kind.code} ({kind.name})"


def _duration(seconds: int) -> str:
    """Days, hours, minutes and seconds, in letters that stand for themselves in all languages of the catalogue."""
    parts = []
    for unit, name in ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")):
        count, seconds = divmod(seconds, unit)
        if count:
            parts.append(f"{count} {name}")
    return " ".join(parts)
