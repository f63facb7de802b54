"""From the catalogue's files to kinds: read once, judged strictly, refused whole."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from openline.catalogue.kinds.codecs import TYPES, YES_NO, Maker, Tables, codec_for
from openline.catalogue.kinds.embedding import TYPES as EMBEDDING
from openline.catalogue.kinds.embedding import Check, makers
from openline.catalogue.kinds.errors import CatalogueBroken
from openline.catalogue.kinds.field import Field
from openline.catalogue.kinds.kind import Kind
from openline.catalogue.kinds.quantities import Unit
from openline.catalogue.kinds.toml_tables import Table
from openline.catalogue.kinds.values import Choice
from openline.wire.statement import GENERATION_KIND

KIND_FILES = "kinds/"
TEXT_NUMBER = 1
FIELD_NUMBER_MAX = 23  # the largest key of a map on the wire
RESPONSES = ("R", "W", "A", "D", "P", "N")
PRECEDENCES = ("FLASH", "IMMEDIATE", "PRIORITY", "ROUTINE", "ANY", "ORIGINAL", "AS NEEDED")
FORCES = ("fact", "intention", "request", "question", "proposal", "reply", "text")
GROUPS = ("text", "line", "notice", "statement", "question", "proposal", "crisis", "change", "reply")
CRISIS = ("yes", "only", "opens", "replaced by C2")
PERSONS = ("D", "2", "H", "M", "O")
ROLES = ("duty", "releaser", "principal", "delegate", "mediator")
STATUSES = ("ACTUAL", "EXERCISE", "TEST")
SHAPES = ("point", "circle", "polygon", "named")

_NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_CODE = re.compile(r"[A-Z][A-Z0-9]*(?:-[A-Z]+)*")
_DURATION = re.compile(r"(\d+) (s|min|h|d)")
_SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86_400}


def load(files: Mapping[str, bytes], check: Check) -> dict[str, Kind]:
    """Return the kinds of these files (path → content) by code, in the order of their numbers.

    `check` judges a whole body of a kind and raises Refused.  Raises CatalogueBroken.
    """
    kinds: dict[str, Kind] = {}
    by_number: dict[int, Kind] = {}

    def lookup(given: int | str) -> Kind | None:
        return kinds.get(given) if isinstance(given, str) else by_number.get(given)

    lists = _lists(files)
    tables = Tables(_units(files), tuple(Choice(code, at) for at, code in enumerate(lists["certainty"])))
    reader = _Reader(lists, tables, makers(lookup, check))
    for path in sorted(path for path in files if path.startswith(KIND_FILES) and path.endswith(".toml")):
        kind = reader.kind(path, _parsed(files, path))
        if kind.number in by_number:
            raise _broken(kind.code, f"number {kind.number} belongs to {by_number[kind.number].code} already")
        by_number[kind.number] = kinds[kind.code] = kind
    for kind in kinds.values():
        _check_links(kind, kinds)
    return dict(sorted(kinds.items(), key=lambda item: item[1].number))


def _broken(code: str, problem: str) -> CatalogueBroken:
    return Table(code, {}).broken(problem)


def _parsed(files: Mapping[str, bytes], path: str) -> dict[str, object]:
    try:
        return tomllib.loads(files[path].decode("utf-8"))
    except KeyError as error:
        raise _broken(path, "it is missing") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _broken(path, f"it is not TOML: {error}") from error


def _lists(files: Mapping[str, bytes]) -> dict[str, tuple[str, ...]]:
    parsed = _parsed(files, "lists.toml")
    tables = {name: row for name, row in parsed.items() if isinstance(row, dict)}
    lists = {name: Table("lists.toml", row, name).texts("values") for name, row in tables.items()}
    if "certainty" not in lists or not all(lists.values()):
        raise _broken("lists.toml", "a list is empty, or there is no list of certainties")
    return lists


def _units(files: Mapping[str, bytes]) -> dict[str, Unit]:
    rows = Table("units.toml", _parsed(files, "units.toml")).tables("unit")
    units = [
        Unit(row.number("number"), row.text("symbol"), row.text("dimension"), Fraction(row.text("factor")))
        for row in rows
    ]
    if len({unit.number for unit in units}) != len(units) or len({unit.symbol for unit in units}) != len(units):
        raise _broken("units.toml", "a unit's number or symbol stands twice")
    return {unit.symbol: unit for unit in units}


class _Reader:
    """Reads kinds and fields from tables, with the lists and units they may name."""

    def __init__(self, lists: Mapping[str, tuple[str, ...]], tables: Tables, more: Mapping[str, Maker]) -> None:
        self._lists = lists
        self._tables = tables
        self._more = more

    def kind(self, path: str, parsed: Mapping[str, object]) -> Kind:
        row = Table(path, parsed)
        code, number = row.text("code"), row.number("number")
        if _CODE.fullmatch(code) is None or path != f"{KIND_FILES}{code}.toml" or not 0 <= number < GENERATION_KIND:
            raise row.broken("its code is not the file's name, or its number is not below 255")
        body, most = row.one_of("body", ("fields", "text", "empty"), "fields"), row.number("text_characters_max", 0)
        fields = tuple(self.field(inner) for inner in row.tables("field"))
        if bool(fields) != (body == "fields") or (most > 0) != (body == "text"):
            raise row.broken("it has fields without being made of them, or a length without being text")
        if body == "text":
            fields = (self._words(most),)
        numbers = {field.name: field.number for field in fields}
        if len(set(numbers.values())) != len(fields) or len(numbers) != len(fields):
            raise row.broken("a field's name or number stands twice")
        limits, rule = _limits(row)
        kind = Kind(
            code=code,
            number=number,
            name=row.text("name"),
            group=row.one_of("group", GROUPS),
            force=row.one_of("force", FORCES),
            meaning=row.text("meaning"),
            response=row.one_of("response", (*RESPONSES, "ORIGINAL")),
            precedence=row.one_of("precedence", PRECEDENCES),
            who=row.texts("who"),
            approvals=row.lists("approvals"),
            body=body,
            ref=row.one_of("ref", ("none", "optional", "required")),
            ref_kinds=row.texts("ref_kinds"),
            sent_to=row.text("sent_to", ""),
            sent_by=row.one_of("sent_by", ("person", "machine"), "person"),
            answers=row.texts("answers"),
            closes=row.flag("closes", default=False),
            replies=row.texts("replies"),
            replies_also=row.texts("replies_also"),
            reply_who=row.mapping("reply_who"),
            changed_by=row.texts("changed_by"),
            read_back=row.texts("read_back"),
            statuses=row.texts("statuses"),
            crisis=row.one_of("crisis", CRISIS),
            one_of=row.lists("one_of"),
            order=row.lists("order"),
            same_kind=row.lists("same_kind"),
            maps_to=row.texts("maps_to"),
            example=row.json("example"),
            limits=limits,
            rule=rule,
            fields=fields,
            level=1 + max((field.embeds for field in fields), default=-1),
            by_number={field.number: field for field in fields},
            by_name={field.name: field for field in fields},
            numbers=numbers,
        )
        row.finish()
        _check_kind(kind)
        return kind

    def field(self, row: Table) -> Field:
        shared = row.text("list", "")
        type_ = row.one_of("type", (*TYPES, *EMBEDDING))
        values = YES_NO if type_ == "yes_no" else self._lists.get(shared, ()) or row.texts("values")
        field = Field(
            number=row.number("number"),
            name=row.text("name"),
            type=type_,
            help=row.text("help"),
            required=row.flag("required", default=False),
            unknown=row.flag("unknown", default=True),
            withheld=row.flag("withheld", default=True),
            certainty=row.flag("certainty", default=False),
            many=row.number("many", 0),
            none=row.flag("none", default=True),
            values=values,
            list=shared,
            units=row.texts("units"),
            shapes=row.texts("shapes"),
            open_end=row.flag("open_end", default=False),
            lines=row.flag("lines", default=False),
            characters_max=row.number("characters_max", 0),
            size=row.number("size", 0),
            size_max=row.number("size_max", 0),
            min=row.number("min", 0),
            max=row.number("max", 0),
            embeds=row.number("embeds", -1),
            fields=tuple(self.field(inner) for inner in row.tables("field")),
        )
        row.finish()
        self._check_field(row, field)
        return replace(field, codec=codec_for(field, self._tables, self._more))

    def _words(self, most: int) -> Field:
        """The one field of a kind that is words alone: on the wire the text itself, inside another message field 1."""
        field = Field(
            TEXT_NUMBER,
            "text",
            "text",
            "The words.",
            required=True,
            unknown=False,
            withheld=False,
            lines=True,
            characters_max=most,
        )
        return replace(field, codec=codec_for(field, self._tables, self._more))

    def _check_field(self, row: Table, field: Field) -> None:
        """Each type has what it needs; no field can be read in two ways."""
        sentence = field.help.endswith(".")
        if _NAME.fullmatch(field.name) is None or not 1 <= field.number <= FIELD_NUMBER_MAX or not sentence:
            raise row.broken("a field needs a lower-case name, a number from 1 to 23 and a sentence of help")
        needs = {
            "enumeration": bool(field.values)
            and all(_NAME.fullmatch(value) for value in field.values)
            and not {"unknown", "withheld"} & {*field.values},  # those two are marks, not values
            "quantity": bool(field.units) and set(field.units) <= self._tables.units.keys(),
            "text": field.characters_max > 0,
            "bytes": field.size > 0 or field.size_max > 0,
            "count": field.max > 0,
            "number": field.max > field.min,
            "records": bool(field.fields) and field.many > 0,
            "references": field.many > 0,
            "place": set(field.shapes) <= set(SHAPES),
            "data": field.embeds >= 0,
            "changes": field.embeds >= 0,
        }
        if not needs.get(field.type, True):
            raise row.broken(f"a field of the type {field.type} lacks what that type needs")
        if field.certainty and field.type in ("records", *EMBEDDING):
            raise row.broken("certainty belongs to values, not to records or messages")


def _limits(row: Table) -> tuple[dict[str, int], str]:
    texts = row.mapping("limits")
    rule = texts.pop("rule", "")
    limits: dict[str, int] = {}
    for name, text in texts.items():
        match = _DURATION.fullmatch(text)
        if match is None:
            raise row.broken(f"the limit {name} is not a number with s, min, h or d")
        limits[name] = int(match[1]) * _SECONDS[match[2]]
    return limits, rule


def _check_kind(kind: Kind) -> None:
    """What a kind says of itself fits together."""
    subfields = {f"{field.name}.{inner.name}" for field in kind.fields for inner in field.fields}
    named = [name for group in (*kind.one_of, *kind.order, *kind.same_kind) for name in group]
    roles = [role for group in kind.approvals for role in group]
    problems = {
        "who, statuses or roles in approvals are not known": set(kind.who) <= set(PERSONS)
        and set(kind.statuses) <= set(STATUSES)
        and set(roles) <= set(ROLES),
        "read_back names no field": set(kind.read_back) <= kind.numbers.keys() | subfields,
        "a rule names no field": set(named) <= kind.numbers.keys(),
        "it answers a response type that there is not": set(kind.answers) <= set(RESPONSES),
    }
    for problem, good in problems.items():
        if not good:
            raise _broken(kind.code, problem)


def _check_links(kind: Kind, kinds: Mapping[str, Kind]) -> None:
    for names in (kind.ref_kinds, kind.replies, kind.replies_also, kind.changed_by, tuple(kind.reply_who)):
        for name in names:
            if name not in kinds:
                raise _broken(kind.code, f"it names {name}, which there is not")
