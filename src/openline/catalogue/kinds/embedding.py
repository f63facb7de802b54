"""Messages inside messages: the whole data of a correction, the changes of an update, the data of an answer.

On the wire an embedded message is the map of its fields with its kind's number under key 0, which no field has;
a text or empty kind is the same with its text as field 1, or nothing.  How deep this goes is bounded: each such
field says (`embeds`) the highest level of kind it takes, and a kind's level is one more than its fields'.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping

from openline.catalogue.kinds.codecs import Maker, Tables, read_named, read_numbered
from openline.catalogue.kinds.errors import Refused
from openline.catalogue.kinds.field import Codec, Field
from openline.catalogue.kinds.kind import Kind
from openline.catalogue.kinds.quantities import whole
from openline.catalogue.kinds.values import Embedded, FieldList, FieldValue, Json, Record
from openline.wire.cbor import Value

TYPES = ("data", "changes", "field_list")
"""The types that are made here."""

Lookup = Callable[[int | str], Kind | None]
Check = Callable[[Kind, Mapping[str, FieldValue]], None]


def makers(lookup: Lookup, check: Check) -> dict[str, Maker]:
    """Return the makers of the types that need to look up kinds; `check` judges a whole body and raises Refused."""

    def known(given: object, field: Field) -> Kind:
        kind = lookup(given) if isinstance(given, str) or type(given) is int else None
        if kind is None or kind.level > field.embeds >= 0:
            raise Refused("a kind that can stand here", given, "N6").under("kind")
        return kind

    def embedded(field: Field, *, whole_body: bool) -> Codec:
        def finished(kind: Kind, values: dict[str, FieldValue]) -> Embedded:
            if whole_body:
                check(kind, values)
            elif not values:
                raise Refused(f"at least one field of {kind.code}", None)
            return Embedded(kind.code, kind.number, Record(values, kind.numbers))

        def from_wire(value: Value) -> FieldValue:
            if not isinstance(value, dict) or 0 not in value:
                raise Refused("fields with the number of their kind", value)
            kind = known(whole(value[0]), field)
            return finished(kind, read_numbered(kind.by_number, {n: v for n, v in value.items() if n != 0}))

        def from_json(given: Json) -> FieldValue:
            fields = given.get("fields", {}) if isinstance(given, dict) else None
            if not isinstance(given, dict) or not isinstance(fields, dict) or not given.keys() <= {"kind", "fields"}:
                raise Refused("an object of kind and fields", given, _EXAMPLE)
            kind = known(given.get("kind"), field)
            return finished(kind, read_named(kind.by_name, fields))

        return Codec(from_wire, from_json, _EXAMPLE)

    def field_list(field: Field, _: Tables) -> Codec:
        def from_wire(value: Value) -> FieldValue:
            numbers = [whole(item) for item in value] if isinstance(value, list) else []
            if len(numbers) < 2 or None in numbers:
                raise Refused("a kind's number and numbers of its fields", value)
            kind = known(numbers[0], field)
            fields = [kind.by_number.get(number or 0) for number in numbers[1:]]
            return named(kind, [inner.name if inner else "" for inner in fields], numbers[1:])

        def from_json(given: Json) -> FieldValue:
            listed = given if isinstance(given, list) else [given]
            pairs = [item.partition(".") if isinstance(item, str) else ("", "", "") for item in listed]
            if not pairs or len({pair[0] for pair in pairs}) != 1:
                raise Refused("fields of one kind, each as KIND.field", given, ["N6.area"])
            kind = known(pairs[0][0], field)
            names = sorted((pair[2] for pair in pairs), key=lambda name: kind.numbers.get(name, 0))
            return named(kind, names, [kind.numbers.get(name) for name in names])

        def named(kind: Kind, names: list[str], numbers: list[int | None]) -> FieldList:
            fields = [(name, number) for name, number in zip(names, numbers, strict=True) if number and name]
            rising = all(one < two for (_, one), (_, two) in itertools.pairwise(fields))
            if len(fields) != len(numbers) or not rising:
                raise Refused(f"fields of {kind.code}, each once: {', '.join(kind.numbers)}", names, ["N6.area"])
            return FieldList(kind.code, kind.number, tuple(fields))

        return Codec(from_wire, from_json, ["N6.area"])

    return {
        "data": lambda field, _: embedded(field, whole_body=True),
        "changes": lambda field, _: embedded(field, whole_body=False),
        "field_list": field_list,
    }


_EXAMPLE: Json = {"kind": "N7", "fields": {"state": "ended"}}
