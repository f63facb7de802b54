"""From a field's type to the readers of its values: one table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from openline.catalogue.kinds import places, quantities, texts, times
from openline.catalogue.kinds.errors import Absent, NoSuchField, Refused
from openline.catalogue.kinds.field import Codec, Field
from openline.catalogue.kinds.quantities import Unit, whole
from openline.catalogue.kinds.values import (
    UNKNOWN,
    WITHHELD,
    Certain,
    Choice,
    Code,
    FieldValue,
    Json,
    Many,
    Mark,
    Name,
    Number,
    Octets,
    OwnText,
    Record,
    Reference,
)
from openline.identifiers import REF_BYTES
from openline.wire.cbor import Value

YES_NO = ("no", "yes")


@dataclass(frozen=True, slots=True)
class Tables:
    """What types share: units by symbol, and the scale of certainty."""

    units: Mapping[str, Unit]
    certainties: tuple[Choice, ...]


Maker = Callable[[Field, Tables], Codec]

# ---------------------------------------------------------------- single values


def _place(field: Field, _: Tables) -> Codec:
    allowed = field.shapes

    def checked(place: places.Place) -> places.Place:
        if allowed and type(place).__name__.lower() not in allowed:
            raise Refused(f"a place as {' or '.join(allowed)}", place, _AREA_EXAMPLE)
        return place

    return Codec(
        lambda value: checked(places.place_from_wire(value)),
        lambda given: checked(places.place_from_json(given)),
        _AREA_EXAMPLE if allowed and "point" not in allowed else places.EXAMPLE_POINT,
    )


_AREA_EXAMPLE: Json = {"centre": "39.30N 133.70E", "radius": "40 km"}


def _instant(_: Field, __: Tables) -> Codec:
    return Codec(times.instant_from_wire, times.instant_from_json, times.EXAMPLE_INSTANT)


def _window(field: Field, _: Tables) -> Codec:
    open_end = field.open_end
    return Codec(
        lambda value: times.window_from_wire(value, open_end=open_end),
        lambda given: times.window_from_json(given, open_end=open_end),
        times.EXAMPLE_WINDOW,
    )


def _offset(_: Field, __: Tables) -> Codec:
    return Codec(times.offset_from_wire, times.offset_from_json, "+08:30")


def _azimuth(_: Field, __: Tables) -> Codec:
    return Codec(quantities.azimuth_from_wire, quantities.azimuth_from_json, 100)


def _height(_: Field, __: Tables) -> Codec:
    return Codec(quantities.height_from_wire, quantities.height_from_json, "18000 m")


def _heights(_: Field, __: Tables) -> Codec:
    return Codec(quantities.heights_from_wire, quantities.heights_from_json, {"lower": "surface", "upper": "18000 m"})


def _count(field: Field, _: Tables) -> Codec:
    most = field.max
    return Codec(
        lambda value: quantities.count_from_wire(value, most),
        lambda given: quantities.count_from_json(given, most),
        3,
    )


def _quantity(field: Field, tables: Tables) -> Codec:
    units = {tables.units[symbol].number: tables.units[symbol] for symbol in field.units}
    return Codec(
        lambda value: quantities.quantity_from_wire(value, units),
        lambda given: quantities.quantity_from_json(given, units),
        f"90 {field.units[0]}",
    )


def _enumeration(field: Field, _: Tables) -> Codec:
    choices = tuple(Choice(code, number) for number, code in enumerate(field.values))
    by_code = {choice.code: choice for choice in choices}
    expected = "one of " + ", ".join(field.values)

    def from_wire(value: Value) -> FieldValue:
        number = whole(value)
        if number is None or not 0 <= number < len(choices):
            raise Refused(expected, value, field.values[0])
        return choices[number]

    def from_json(given: Json) -> FieldValue:
        code = "_".join(given.replace("-", " ").replace("_", " ").lower().split()) if isinstance(given, str) else ""
        if code not in by_code:
            raise Refused(expected, given, field.values[0])
        return by_code[code]

    return Codec(from_wire, from_json, field.values[0])


def _yes_no(field: Field, tables: Tables) -> Codec:
    codec = _enumeration(field, tables)

    def from_json(given: Json) -> FieldValue:
        return codec.from_json(YES_NO[given] if isinstance(given, bool) else given)

    return Codec(codec.from_wire, from_json, "no")


def _text(field: Field, _: Tables) -> Codec:
    most, lines = field.characters_max, field.lines

    def read(given: Value | Json) -> FieldValue:
        if not isinstance(given, str):
            raise Refused(f"text of at most {most} characters", given, "control link lost")
        return OwnText(texts.clean(given, most, lines=lines))

    return Codec(read, lambda given: read(texts.typed(given) if isinstance(given, str) else given), "control link lost")


def _name(_: Field, __: Tables) -> Codec:
    def read(given: Value | Json) -> FieldValue:
        if not isinstance(given, str):
            raise Refused("a name", given, "alba")
        return Name(texts.clean_name(given))

    def from_json(given: Json) -> FieldValue:
        return read(" ".join(texts.typed(given).split()) if isinstance(given, str) else given)

    return Codec(read, from_json, "alba")


def _code(_: Field, __: Tables) -> Codec:
    def read(given: Value | Json) -> FieldValue:
        if not isinstance(given, str):
            raise Refused("an identifier", given, "A1234/17")
        return Code(texts.clean_code(given))

    return Codec(read, read, "A1234/17")


def _number(field: Field, _: Tables) -> Codec:
    least, most = field.min, field.max

    def read(given: Value | Json) -> FieldValue:
        if type(given) is not int or not least <= given <= most:
            raise Refused(f"a whole number from {least} to {most}", given, least)
        return Number(given)

    return Codec(read, read, least)


def _hexadecimal(given: Json, what: str) -> bytes:
    try:
        if isinstance(given, str) and given.isascii() and given.isalnum():
            return bytes.fromhex(given)
    except ValueError:
        pass  # an odd number of digits, or letters beyond f: refused below like everything else
    raise Refused(f"{what} in hexadecimal", given)


def _bytes(field: Field, _: Tables) -> Codec:
    least, most = (field.size, field.size) if field.size else (1, field.size_max)

    def from_wire(value: Value) -> FieldValue:
        if type(value) is not bytes or not least <= len(value) <= most:
            raise Refused(f"{least} to {most} bytes" if least < most else f"{most} bytes", value)
        return Octets(value)

    example = "ab" * (field.size or 16)
    return Codec(from_wire, lambda given: from_wire(_hexadecimal(given, f"{least} to {most} bytes")), example)


def _reference(_: Field, __: Tables) -> Codec:
    def from_wire(value: Value) -> FieldValue:
        if type(value) is not bytes or len(value) != REF_BYTES:
            raise Refused(f"the first {REF_BYTES} bytes of a message's digest", value)
        return Reference(value)

    def from_json(given: Json) -> FieldValue:
        data = _hexadecimal(given, "a message's id")
        return from_wire(data[:REF_BYTES] if len(data) == 32 else data)  # the whole digest does as well

    return Codec(from_wire, from_json, "ab" * REF_BYTES)


# ---------------------------------------------------------------- records


def read_numbered(fields: Mapping[int, Field], given: Mapping[int, Value]) -> dict[str, FieldValue]:
    """Return the values of a wire map by name, in the map's order.  Raises Refused with the field's name as path."""
    values: dict[str, FieldValue] = {}
    for number, value in given.items():
        field = fields.get(number)
        if field is None:
            raise NoSuchField("no field of this number", number).under(str(number))
        try:
            values[field.name] = field.codec.from_wire(value)
        except Refused as refused:
            raise refused.under(field.name) from None
    return values


def read_named(fields: Mapping[str, Field], given: Mapping[str, Json]) -> dict[str, FieldValue]:
    """Return the values of a JSON object by name, in the order of their numbers.  Raises Refused."""
    for name in given:
        if name not in fields:
            raise NoSuchField(f"one of the fields {', '.join(fields)}", name).under(str(name))
    values: dict[str, FieldValue] = {}
    for name, field in fields.items():
        if name in given:
            try:
                values[name] = field.codec.from_json(given[name])
            except Refused as refused:
                raise (refused if refused.example is not None else _with_example(refused, field)).under(name) from None
    return values


def _with_example(refused: Refused, field: Field) -> Refused:
    if not refused.path:
        refused.example = field.codec.example
    return refused


def _records(field: Field, _: Tables) -> Codec:
    by_number = {inner.number: inner for inner in field.fields}
    by_name = {inner.name: inner for inner in field.fields}
    numbers = {inner.name: inner.number for inner in field.fields}
    required = [inner.name for inner in field.fields if inner.required]

    def complete(values: dict[str, FieldValue]) -> Record:
        for name in required:
            if name not in values:
                raise Absent(f"the field {name}", None, by_name[name].codec.example).under(name)
        return Record(values, numbers)

    def from_wire(value: Value) -> FieldValue:
        if not isinstance(value, dict) or not value:
            raise Refused("a record of fields", value)
        return complete(read_numbered(by_number, value))

    def from_json(given: Json) -> FieldValue:
        if not isinstance(given, dict) or not given:
            raise Refused(f"an object of {', '.join(by_name)}", given)
        return complete(read_named(by_name, given))

    return Codec(from_wire, from_json, {inner.name: inner.codec.example for inner in field.fields if inner.required})


# ---------------------------------------------------------------- around a type


def _many(codec: Codec, field: Field) -> Codec:
    most, least = field.many, 0 if field.none else 1
    expected = f"a list of {least} to {most}"
    distinct = field.type != "records"

    def collect(items: list[FieldValue]) -> Many:
        if distinct and len(set(items)) != len(items):
            raise Refused("a list that names nothing twice", len(items))
        return Many(tuple(items))

    def from_wire(value: Value) -> FieldValue:
        if not isinstance(value, list) or not least <= len(value) <= most:
            raise Refused(expected, value)
        return collect(_each(codec.from_wire, value))

    def from_json(given: Json) -> FieldValue:
        listed = given if isinstance(given, list) else [] if given == "NONE" else [given]
        if not least <= len(listed) <= most:
            raise Refused(expected, given, [codec.example])
        return collect(_each(codec.from_json, listed))

    return Codec(from_wire, from_json, [codec.example])


_Given = TypeVar("_Given")


def _each(read: Callable[[_Given], FieldValue], items: Sequence[_Given]) -> list[FieldValue]:
    values: list[FieldValue] = []
    for item in items:
        try:
            values.append(read(item))
        except Refused as refused:
            raise refused.under(str(len(values) + 1)) from None
    return values


def _certain(codec: Codec, certainties: tuple[Choice, ...]) -> Codec:
    by_code = {choice.code: choice for choice in certainties}
    expected = f"a certainty: {', '.join(by_code)}"

    def from_wire(value: Value) -> FieldValue:
        if not isinstance(value, dict):
            return codec.from_wire(value)
        number = whole(value.get(1))
        if value.keys() != {0, 1} or number is None or not 0 <= number < len(certainties):
            raise Refused(expected, value)
        return Certain(codec.from_wire(value[0]), certainties[number])

    def from_json(given: Json) -> FieldValue:
        if not isinstance(given, dict) or "certainty" not in given:
            return codec.from_json(given)
        certainty = given["certainty"]
        if given.keys() != {"value", "certainty"} or not isinstance(certainty, str) or certainty not in by_code:
            raise Refused(expected, given, {"value": codec.example, "certainty": "likely"})
        return Certain(codec.from_json(given["value"]), by_code[certainty])

    return Codec(from_wire, from_json, codec.example)


def _marked(codec: Codec, field: Field) -> Codec:
    allowed = [mark for mark, may in ((UNKNOWN, field.unknown), (WITHHELD, field.withheld)) if may]
    by_name = {mark.name: mark for mark in allowed}
    read_wire, read_json = codec.from_wire, codec.from_json

    def from_wire(value: Value) -> FieldValue:
        if value is None or value is False:
            return permitted(Mark(value), value)
        return read_wire(value)

    def from_json(given: Json) -> FieldValue:
        if isinstance(given, str) and given.upper() in ("UNKNOWN", "WITHHELD"):
            return permitted(Mark[given.upper()], given)
        return read_json(given)

    def permitted(mark: Mark, given: object) -> Mark:
        if mark.name not in by_name:
            raise Refused(f"a value: this field may not be {mark.name}", given, codec.example)
        return mark

    return Codec(from_wire, from_json, codec.example)


TYPES: Mapping[str, Maker] = {
    "place": _place,
    "instant": _instant,
    "window": _window,
    "offset": _offset,
    "azimuth": _azimuth,
    "height": _height,
    "heights": _heights,
    "count": _count,
    "quantity": _quantity,
    "enumeration": _enumeration,
    "yes_no": _yes_no,
    "text": _text,
    "name": _name,
    "code": _code,
    "number": _number,
    "bytes": _bytes,
    "references": _reference,
    "records": _records,
}
"""Every type that stands by itself; `data`, `changes` and `field_list` need the catalogue and are in `embedding`."""


def codec_for(field: Field, tables: Tables, more: Mapping[str, Maker]) -> Codec:
    """Return the readers of a field: its type, then certainty, list and marks around it."""
    codec = (TYPES.get(field.type) or more[field.type])(field, tables)
    if field.certainty:
        codec = _certain(codec, tables.certainties)
    if field.many:
        codec = _many(codec, field)
    return _marked(codec, field)
