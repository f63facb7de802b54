"""Bodies: from wire and from JSON to values and back, and the rules that need more than one field."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

from openline.catalogue.kinds.codecs import read_named, read_numbered
from openline.catalogue.kinds.errors import (
    Absent,
    CatalogueError,
    MissingField,
    NoSuchField,
    Refused,
    UnexpectedField,
    WrongBody,
    WrongField,
)
from openline.catalogue.kinds.kind import Kind
from openline.catalogue.kinds.loading import TEXT_NUMBER
from openline.catalogue.kinds.times import Instant
from openline.catalogue.kinds.values import Embedded, FieldList, FieldValue, Json
from openline.wire.cbor import Value
from openline.wire.statement import Body

Values = Mapping[str, FieldValue]


def read_body(kind: Kind, body: Body) -> dict[str, FieldValue]:
    """Return a body's values by field name.  Raises CatalogueError unless the kind allows exactly this body."""
    try:
        values = read_numbered(kind.by_number, _fields_of(kind, body))
        check_values(kind, values)
    except Refused as refused:
        raise _named(kind, refused) from None
    return values


def _fields_of(kind: Kind, body: Body) -> Mapping[int, Value]:
    """Return the map of fields that a body stands for: a text is its kind's one field, null is no field at all."""
    if body is None:
        return {}
    if kind.body == "text" and isinstance(body, str):
        return {TEXT_NUMBER: body}
    if kind.body == "fields" and isinstance(body, dict) and body:
        return body
    raise Refused({"fields": "a map of fields", "text": "text", "empty": "no body"}[kind.body], None)


def validate(kind: Kind, body: Body) -> None:
    """Raise CatalogueError unless `body` is one that the kind allows."""
    read_body(kind, body)


def write_body(kind: Kind, values: Values) -> Body:
    """Return the wire body of values by field name, as a reader gave them.  Raises CatalogueError."""
    unknown = [name for name in values if name not in kind.numbers]
    if unknown:
        raise _named(kind, NoSuchField(f"one of the fields {', '.join(kind.numbers)}", None).under(unknown[0]))
    fields = {number: values[name].to_wire() for name, number in kind.numbers.items() if name in values}
    body = _body_of(kind, fields)
    read_body(kind, body)
    return body


def _body_of(kind: Kind, fields: Mapping[int, Value]) -> Body:
    if kind.body == "text":
        words = fields.get(TEXT_NUMBER)
        return words if isinstance(words, str) else None
    return fields or None


def body_from_json(kind: Kind, fields: Mapping[str, Json]) -> Body:
    """Return the wire body of a JSON object of fields.  Raises CatalogueError, which names field and expectation."""
    try:
        values = read_named(kind.by_name, fields)
        check_values(kind, values)
    except Refused as refused:
        raise _named(kind, refused) from None
    return _body_of(kind, {kind.numbers[name]: value.to_wire() for name, value in values.items()})


def body_to_json(kind: Kind, body: Body) -> dict[str, Json]:
    """Return the JSON object of a body, fields in the order of their numbers.  Raises CatalogueError."""
    values = read_body(kind, body)
    return {name: values[name].to_json() for name in kind.numbers if name in values}


def check_values(kind: Kind, values: Values) -> None:
    """Raise Refused unless required fields are there and fields agree with each other."""
    for field in kind.fields:
        if field.required and field.name not in values:
            raise Absent(f"the field {field.name}", None, field.codec.example).under(field.name)
    for group in kind.one_of:
        if not any(name in values for name in group):
            raise Refused(f"at least one of {', '.join(group)}", None)
    for group in kind.order:
        moments = [value.seconds for value in map(values.get, group) if isinstance(value, Instant)]
        if any(one >= two for one, two in itertools.pairwise(moments)):
            raise Refused(f"{', then '.join(group)}, each later than the one before", None).under(group[-1])
    for group in kind.same_kind:
        kinds = {value.kind for value in map(values.get, group) if isinstance(value, Embedded | FieldList)}
        if len(kinds) > 1:
            raise Refused(f"{' and '.join(group)} of one kind", None).under(group[-1])


def _named(kind: Kind, refused: Refused) -> CatalogueError:
    """Turn a refusal into the error that says which kind, which field, and what was expected."""
    error: type[CatalogueError] = WrongField
    message = f"{refused.path} of {kind.code} is not what it should be"
    if not refused.path:
        error, message = WrongBody, f"the fields of {kind.code} are not what they should be"
    elif isinstance(refused, Absent):
        error, message = MissingField, f"{kind.code} needs {refused.path}"
    elif isinstance(refused, NoSuchField):
        error, message = UnexpectedField, f"{kind.code} has no field {refused.path}"
    return error(
        message,
        kind=kind.code,
        field=refused.path,
        got=refused.got,
        expected=refused.expected,
        example=refused.example,
    )
