"""Read-back: what the other side types again, and whether it is what was said.

Nothing is clicked and nothing is shown while it is typed; each field is judged by itself.  There is no tolerance in
what was said, only in how it is spelled (see `TOLERANCES`).

A correction, an update or an answer is read back as the message inside it: the fields that changed.  Of the records
of a list, times and places are read back; a path such as `own_facts.1.time` names the first record's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from openline.catalogue.kinds.bodies import read_body
from openline.catalogue.kinds.catalogue import CATALOGUE, Catalogue
from openline.catalogue.kinds.codecs import read_numbered
from openline.catalogue.kinds.errors import Refused, WrongField
from openline.catalogue.kinds.field import Field
from openline.catalogue.kinds.kind import Kind
from openline.catalogue.kinds.spelling import same, typed_value
from openline.catalogue.kinds.values import Embedded, FieldList, FieldValue, Many, Record
from openline.wire.cbor import Value
from openline.wire.statement import Body

READ_BACK_NUMBER = 1
"""The field of UNDERSTOOD and JOINED that holds what was read back; a test compares it with their files."""

READABLE = frozenset(
    {"instant", "window", "place", "azimuth", "height", "heights", "count", "quantity", "number", "offset"}
    | {"enumeration", "yes_no", "name", "code"}
)
"""Types that are typed again: time, place, quantity, act and negation.  Words are not; they are asked about (Q1)."""

_IN_RECORDS = frozenset({"instant", "window", "place"})


@dataclass(frozen=True, slots=True)
class ReadBackField:
    """One field to be typed again; `value` is what the message says, not to be shown before it is typed."""

    path: str
    field: Field
    value: FieldValue


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One field that was typed wrong, or not, or so that it cannot be read; for the two screens, never for a log."""

    path: str
    said: str
    typed: str
    why: str


@dataclass(frozen=True, slots=True)
class _Target:
    """The kind whose fields are read back, the values said, and the names of those to be typed."""

    kind: Kind
    values: Mapping[str, FieldValue]
    names: tuple[str, ...]


def read_back_fields(kind: Kind, body: Body, catalogue: Catalogue = CATALOGUE) -> tuple[ReadBackField, ...]:
    """Return the fields of a message that must be typed again, in the order of the kind; possibly none.

    Raises CatalogueError if the body is not of its kind.
    """
    return _fields_of(_target(kind, body, catalogue))


def _target(kind: Kind, body: Body, catalogue: Catalogue) -> _Target:
    values = read_body(kind, body)
    for name in kind.read_back:
        inside = values.get(name)
        if isinstance(inside, Embedded):
            return _inside(inside, values, catalogue)
    names = tuple(name for name in kind.read_back if name.partition(".")[0] in values)
    return _Target(kind, values, names)


def _inside(inside: Embedded, values: Mapping[str, FieldValue], catalogue: Catalogue) -> _Target:
    """The message inside another: of a correction the wrong fields, of others all that are given."""
    kind = catalogue.kind(inside.kind)
    wrong = next((value for value in values.values() if isinstance(value, FieldList)), None)
    chosen = inside.fields.values.keys() & {name for name, _ in wrong.fields} if wrong else inside.fields.values.keys()
    names: list[str] = []
    for field in kind.fields:
        deeper = inside.fields.values.get(field.name)
        if field.name in chosen and isinstance(deeper, Embedded):  # a correction of an update, or of an answer
            return _inside(deeper, inside.fields.values, catalogue)
        if field.name in chosen:
            names += [f"{field.name}.{inner.name}" for inner in field.fields if inner.type in _IN_RECORDS]
            names += [field.name] if field.type in READABLE else []
    return _Target(kind, inside.fields.values, tuple(names))


def _fields_of(target: _Target) -> tuple[ReadBackField, ...]:
    found: list[ReadBackField] = []
    for name in target.names:
        outer, _, inner = name.partition(".")
        field, value = target.kind.by_name[outer], target.values[outer]
        if not inner:
            found.append(ReadBackField(name, field, value))
        elif isinstance(value, Many):
            subfield = next(item for item in field.fields if item.name == inner)
            for at, record in enumerate(value, 1):
                if isinstance(record, Record) and inner in record.values:
                    found.append(ReadBackField(f"{outer}.{at}.{inner}", subfield, record.values[inner]))
    return tuple(found)


# ---------------------------------------------------------------- typed at the keyboard


def compare_read_back(
    kind: Kind, body: Body, typed: Mapping[str, str], catalogue: Catalogue = CATALOGUE
) -> list[Mismatch]:
    """Return every field that was not typed as it was said; an empty list means that all is understood.

    typed: path → what the officer typed.  Of an instant the date may be left out, of a window's ends month and year;
    they are then taken from the message and so prove nothing.  Raises CatalogueError if the body is not of its kind.
    """
    mismatches: list[Mismatch] = []
    fields = read_back_fields(kind, body, catalogue)
    for item in fields:
        text = typed.get(item.path, "")
        if not text.strip():
            mismatches.append(Mismatch(item.path, item.value.text(), text, "not read back"))
            continue
        try:
            value = typed_value(item.field, item.value, text)
        except Refused as refused:
            mismatches.append(Mismatch(item.path, item.value.text(), text, f"give {refused.expected}"))
            continue
        if not same(item.value, value):
            mismatches.append(Mismatch(item.path, item.value.text(), text, "differs"))
    unasked = typed.keys() - {item.path for item in fields}
    return mismatches + [Mismatch(path, "", typed[path], "not a field to read back") for path in sorted(unasked)]


def read_back_body(kind: Kind, body: Body, typed: Mapping[str, str], catalogue: Catalogue = CATALOGUE) -> Body:
    """Return the body of the UNDERSTOOD (or JOINED) that carries what was typed, right or wrong.

    It is sent as typed, so that both ends see a mistake.  None if there is nothing to read back.
    Raises WrongField for a text that cannot be read at all: it must be typed again before anything can be sent.
    """
    target = _target(kind, body, catalogue)
    values: dict[str, FieldValue] = {}
    for item in _fields_of(target):
        try:
            value = typed_value(item.field, item.value, typed.get(item.path, ""))
        except Refused as refused:
            raise WrongField(
                f"{item.path} of {kind.code} as read back cannot be read",
                kind=kind.code,
                field=item.path,
                got=typed.get(item.path, ""),
                expected=refused.expected,
                example=refused.example,
            ) from None
        _put(values, target, item.path, value)
    if not values:
        return None
    return {
        READ_BACK_NUMBER: Embedded(target.kind.code, target.kind.number, Record(values, target.kind.numbers)).to_wire()
    }


def _put(values: dict[str, FieldValue], target: _Target, path: str, value: FieldValue) -> None:
    """Enter a typed value; a record keeps the words it is known by, only what was typed is replaced."""
    outer, _, rest = path.partition(".")
    if not rest:
        values[outer] = value
        return
    at, _, inner = rest.partition(".")
    records = values.setdefault(outer, target.values[outer])
    assert isinstance(records, Many)
    record = records.items[int(at) - 1]
    assert isinstance(record, Record)
    changed = replace(record, values={**record.values, inner: value})
    values[outer] = Many((*records.items[: int(at) - 1], changed, *records.items[int(at) :]))


# ---------------------------------------------------------------- as it arrives


def wrong_read_back(kind: Kind, body: Body, reply: Body, catalogue: Catalogue = CATALOGUE) -> tuple[str, ...]:
    """Return the paths that a reply (UNDERSTOOD, JOINED) read back wrong or not at all; both ends ask this.

    Raises CatalogueError if `body` is not of its kind.
    """
    target = _target(kind, body, catalogue)
    given = _read_reply(target, reply)
    wrong: list[str] = []
    for item in _fields_of(target):
        value = _at(given, item.path)
        if value is None or not same(item.value, value):
            wrong.append(item.path)
    return tuple(wrong)


def _read_reply(target: _Target, reply: Body) -> Mapping[str, FieldValue]:
    """What the reply holds of the target's fields; nothing if it speaks of another kind or cannot be read."""
    inside = reply.get(READ_BACK_NUMBER) if isinstance(reply, Mapping) else None
    if not isinstance(inside, Mapping) or inside.get(0) != target.kind.number:
        return {}
    fields: dict[int, Value] = {number: value for number, value in inside.items() if number != 0}
    try:
        return read_numbered(target.kind.by_number, fields)
    except Refused:
        return {}


def _at(values: Mapping[str, FieldValue], path: str) -> FieldValue | None:
    outer, _, rest = path.partition(".")
    value = values.get(outer)
    if not rest or value is None:
        return value
    at, _, inner = rest.partition(".")
    if not isinstance(value, Many) or int(at) > len(value):
        return None
    record = value.items[int(at) - 1]
    return record.values.get(inner) if isinstance(record, Record) else None
