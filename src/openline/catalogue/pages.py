"""Reference pages, made from the data: one for each kind with every language, an index, types and formats.

Nothing here is written twice: a page that differs from its data fails the build.  `pages()` returns all of them by
file name; whoever calls it writes the files (`openline catalogue docs`).
"""

from __future__ import annotations

import json
import textwrap
import tomllib
from collections.abc import Iterable, Iterator
from importlib import resources

from openline.catalogue.kinds import CATALOGUE, Catalogue, Field, Kind, body_from_json
from openline.catalogue.kinds.assigned import UNICODE
from openline.catalogue.kinds.codecs import TYPES
from openline.catalogue.kinds.embedding import TYPES as EMBEDDING
from openline.catalogue.kinds.spelling import TOLERANCES
from openline.catalogue.rendering import Metadata, Rendered, languages, render, sample_glossary
from openline.wire.cbor import encode
from openline.wire.statement import Precedence, Status

RESPONSES = {
    "R": "R: UNDERSTOOD with read-back, or NOT UNDERSTOOD",
    "W": "W: WILL DO or CANNOT DO, with the reason",
    "A": "A: YES, NO or CANNOT SAY",
    "D": "D: the data, NO INFORMATION or WITHHELD",
    "P": "P: ACCEPT, ACCEPT WITH RESERVATION, DECLINE or a counter-proposal",
    "N": "N: none",
    "ORIGINAL": "as the message that it changes",
}
PERSONS = {
    "D": "duty officer",
    "2": "duty officer, released by a second person",
    "H": "principal or delegate, released by a second person",
    "M": "mediator",
    "O": "as the message that it changes",
}
GROUPS = {
    "text": "Text",
    "line": "The line itself",
    "notice": "Notices",
    "statement": "Statements",
    "question": "Questions and requests",
    "proposal": "Talks",
    "crisis": "Crisis",
    "change": "Changes of what was sent",
    "reply": "Replies",
}
WIRE = {
    "place": "A text is a name. Bytes are a shape and its numbers, big-endian, in steps of 0.0001 degree, latitude "
    "first: 0 point (3 + 3, signed); 1 circle (centre, radius in metres in 3); 2 polygon (first corner, then "
    "differences of 2 + 2, signed); 3 polygon with differences of 3 + 3, only if one needs them",
    "instant": "UTC seconds; [seconds, 1] an hour, [seconds, 2] a day",
    "window": "[start, minutes]; [start, hours or days, 1 or 2]; [start] without an end",
    "offset": "minutes east of UTC, by 15",
    "azimuth": "degrees from true north, 0 to 359; [from, to] clockwise",
    "height": "metres above mean sea level, 0 surface, -1 unlimited; [feet, 3]; [flight level, 19]",
    "heights": "[lower, upper]",
    "count": "a number; [low, high] a band; [low] at least",
    "quantity": "[number, unit]; [digits, unit, decimals], the digits then not ending in 0; units by their numbers "
    "in units.toml",
    "enumeration": "the position of the value, from 0",
    "yes_no": "0 no, 1 yes",
    "text": f"text in the form NFC, of characters that Unicode {UNICODE} has: no control, direction, invisible or "
    "private one; no joiner comes first, and variation selectors only behind a character",
    "name": "text that begins with a letter",
    "code": "text of letters, digits and . / + _ - or space between",
    "number": "a number",
    "bytes": "bytes",
    "references": "list of 20 bytes, the beginning of a message's digest",
    "records": "list of maps, number of the inner field to value",
    "data": "map of a whole body, the kind's number under key 0",
    "changes": "map of some fields, their kind's number under key 0",
    "field_list": "[kind, field, ...], in rising order",
}
"""What stands on the wire for each type, in canonical CBOR."""

EXAMPLE_SENT = 1_796_810_400  # 2026-12-09 10:00 UTC, the day of most examples
UNITS = ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s"))
_MADE = "Made from the catalogue's data by `openline catalogue docs`; change the data, not this page."


def pages(catalogue: Catalogue = CATALOGUE) -> dict[str, str]:
    """Return every page by its file name.  Raises CatalogueError, RenderingError if the data is not whole."""
    made = {f"{kind.code}.md": "\n".join(_kind_page(kind, catalogue)) + "\n" for kind in catalogue.kinds.values()}
    made["README.md"] = "\n".join(_index(catalogue)) + "\n"
    made["types.md"] = "\n".join(_types_page(catalogue)) + "\n"
    made["formats.md"] = "\n".join(_formats_page()) + "\n"
    return made


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    titles = list(head)
    yield _line(titles)
    yield "|" + " --- |" * len(titles)
    for row in rows:
        yield _line(row)


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", "<br>") for cell in cells) + " |"


# ---------------------------------------------------------------- index


def _index(catalogue: Catalogue) -> Iterator[str]:
    yield from ("# The catalogue", "", _MADE, "")
    yield "See also the [types of fields](types.md) and the [world's formats](formats.md)."
    for group, title in GROUPS.items():
        kinds = [kind for kind in catalogue.kinds.values() if kind.group == group]
        yield from ("", f"## {title}", "")
        yield from _table(
            ("Kind", "Name", "Response", "Precedence", "Who", "Meaning"),
            (
                (f"[{k.code}]({k.code}.md)", k.name, _response(k), k.precedence, " or ".join(k.who), k.meaning)
                for k in kinds
            ),
        )


def _response(kind: Kind) -> str:
    return "-" if kind.group == "reply" else kind.response


# ---------------------------------------------------------------- a kind


def _kind_page(kind: Kind, catalogue: Catalogue) -> Iterator[str]:
    yield from (f"# {kind.code}: {kind.name}", "", kind.meaning, "", _MADE, "")
    yield from _table(("", ""), _facts(kind, catalogue))
    yield from ("", "## Fields", "")
    if kind.body == "empty":
        yield "None."
    else:
        yield from _table(("No.", "Field", "Type", "Allows", "Meaning"), _field_rows(kind.fields))
    yield from ("", "## Example", "")
    body = body_from_json(kind, kind.example)
    data = encode(body)
    yield from ("```json", json.dumps(kind.example, ensure_ascii=False, indent=2), "```", "")
    yield f"Its body on the wire, {len(data)} {'byte' if len(data) == 1 else 'bytes'} of canonical CBOR:"
    yield from ("", "```", *textwrap.wrap(data.hex(), 96), "```")
    yield from ("", "## In every language", "")
    metadata = Metadata("alba", EXAMPLE_SENT, Status.TEST, Precedence[kind.default_precedence()])
    for language in languages():
        rendered = render(kind, body, metadata, language.tag, sample_glossary())
        yield from _rendered(rendered)


def _rendered(rendered: Rendered) -> Iterator[str]:
    language = rendered.language
    yield from (f"### {language.name} ({language.tag}, {language.review.value})", "")
    yield from (f"**{rendered.headline}** [{rendered.status}]", "")
    yield from _table(("", ""), ((row.label, row.value) for row in rendered.rows))
    yield from ("", rendered.sentence, "")
    yield from (f"- {mark}" for mark in rendered.marks)
    yield ""


def _facts(kind: Kind, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    yield "Number on the wire", str(kind.number)
    yield "Force", kind.force
    if kind.group != "reply":
        yield "Response", RESPONSES[kind.response]
    if kind.answers:
        yield "Answers messages of the type", ", ".join(kind.answers)
        yield "Closes the question", "yes" if kind.closes else "no"
    yield "Precedence", _precedence(kind.precedence)
    yield "Who", ", or ".join(PERSONS[who] for who in kind.who)
    yield "Signatures", _signatures(kind)
    yield "Names another message", kind.ref + (f" ({', '.join(kind.ref_kinds)})" if kind.ref_kinds else "")
    if kind.response not in ("N", "ORIGINAL"):
        replies = catalogue.replies_allowed(kind)
        yield "May be answered with", ", ".join(f"[{reply.code}]({reply.code}.md)" for reply in replies)
    if kind.reply_who:
        yield "Who may answer", ", ".join(f"{code}: {PERSONS[who]}" for code, who in kind.reply_who.items())
    yield "Read back", ", ".join(kind.read_back) or "nothing"
    yield "Changed by", ", ".join(dict.fromkeys((*kind.changed_by, "K1", "K4")))
    yield from ((f"Limit: {name.replace('_', ' ')}", _duration(seconds)) for name, seconds in kind.limits.items())
    if kind.rule:
        yield "Rule of time", kind.rule
    yield "Status", ", ".join(kind.statuses)
    yield "In a crisis", kind.crisis
    yield "Corresponds to", "; ".join(kind.maps_to) or "-"


def _precedence(precedence: str) -> str:
    words = {"ANY": "the sender chooses", "ORIGINAL": "as the message that it belongs to", "AS NEEDED": "as needed"}
    return words.get(precedence, precedence)


def _signatures(kind: Kind) -> str:
    if not kind.approvals:
        return "the station's; the officer is named"
    return ", or ".join(" and ".join(group) for group in kind.approvals)


def _duration(seconds: int) -> str:
    size, unit = next(
        (size, unit) for size, unit in UNITS if (seconds >= size > 1 and seconds % size == 0) or size == 1
    )
    return f"{seconds // size} {unit}"


def _field_rows(fields: Iterable[Field], prefix: str = "") -> Iterator[tuple[str, str, str, str, str]]:
    for field in fields:
        name = f"{prefix}{field.name}"
        shown = f"**{name}**" if field.required else name
        yield str(field.number), shown, _type(field), _allows(field), field.help
        yield from _field_rows(field.fields, f"{name}.")


def _type(field: Field) -> str:
    several = f", up to {field.many}" if field.many else ""
    details = {
        "enumeration": ": " + ", ".join(field.values),
        "quantity": " in " + ", ".join(field.units),
        "text": f" of up to {field.characters_max} characters",
        "number": f" from {field.min} to {field.max}",
        "count": f" up to {field.max}",
        "bytes": f", {field.size} bytes" if field.size else f", up to {field.size_max} bytes",
        "place": f" ({', '.join(field.shapes)})" if field.shapes else "",
    }
    return f"{field.type}{details.get(field.type, '')}{several}"


def _allows(field: Field) -> str:
    allowed = {
        "UNKNOWN": field.unknown,
        "WITHHELD": field.withheld,
        "NONE": field.many > 0 and field.none,
        "certainty": field.certainty,
        "no end": field.open_end,
        "lines": field.lines,
    }
    return ", ".join(name for name, may in allowed.items() if may)


# ---------------------------------------------------------------- types and formats


def _types_page(catalogue: Catalogue) -> Iterator[str]:
    yield from ("# Types of fields", "", _MADE, "")
    yield "Every field is a value, UNKNOWN (null on the wire) or WITHHELD (false), as far as its kind allows; a field"
    yield "that is absent is NOT STATED; an empty list says NONE. A value with a certainty is the map"
    yield "{0: value, 1: certainty}."
    yield ""
    examples: dict[str, str] = {}
    for kind in catalogue.kinds.values():
        for field in kind.fields:
            if (not field.many and not field.certainty) or field.type not in examples:
                examples.setdefault(field.type, json.dumps(field.codec.example, ensure_ascii=False))
    rows = (
        (name, f"`{examples[name]}`", WIRE[name], TOLERANCES.get(name, "not read back"))
        for name in (*TYPES, *EMBEDDING)
    )
    yield from _table(("Type", "Example in JSON", "On the wire", "Tolerance when read back"), rows)


def _formats_page() -> Iterator[str]:
    source = resources.files("openline.catalogue.formats") / "table.toml"
    rows = tomllib.loads(source.read_text(encoding="utf-8"))["row"]
    yield from ("# The world's formats", "", _MADE, "")
    yield "What an export keeps of a message and what it loses: *exact*; *outward*, rounded so that the danger grows;"
    yield "*words*, only as text for people; *lost*. CAP and GeoJSON carry the exact fields besides; the rows speak of"
    yield "what other systems read. None carries the proof: that is the record's."
    yield ""
    yield from _table(
        ("", "CAP 1.2", "GeoJSON", "NOTAM"), ((r["what"], r["cap"], r["geojson"], r["notam"]) for r in rows)
    )
