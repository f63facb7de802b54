"""Spellings: every reasonable way to type a value, and when two values say the same."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping

from openline.catalogue.kinds import places, quantities, times
from openline.catalogue.kinds.errors import Refused
from openline.catalogue.kinds.field import Field
from openline.catalogue.kinds.places import Polygon
from openline.catalogue.kinds.quantities import Quantity
from openline.catalogue.kinds.times import Instant, Typed, Window
from openline.catalogue.kinds.values import Certain, Choice, Code, FieldValue, Many, Mark, Name, Number

TOLERANCES: Mapping[str, str] = {
    "instant": "None: the minute (second, hour, day) that was said. The date may be left out and is then not proven.",
    "window": "None at either end. Month and year may be left out and are then not proven; the day may not.",
    "place": "None at 0.0001 degree. Degrees with decimals, minutes or seconds; corners from any corner, either way "
    "round; several areas in any order.",
    "azimuth": "None at one degree.",
    "height": "None; m and km of the same height are the same, feet and flight levels are not converted.",
    "heights": "None; as for a height.",
    "count": "None; a band is read back as a band.",
    "quantity": "None; another unit of the same dimension is accepted if it is exactly the same.",
    "offset": "None.",
    "number": "None.",
    "enumeration": "None; words in capitals or not, joined by spaces, hyphens or underscores.",
    "yes_no": "None: YES or NO in full.",
    "name": "None but for capitals and spaces.",
    "code": "None but for capitals and spaces.",
}
"""For each type: what a read-back may differ in.  Shown on the reference pages."""

_MARKS = {mark.name: mark for mark in Mark}


def typed_value(field: Field, said: FieldValue, text: str) -> FieldValue:
    """Return the value that an officer typed for a field.  Raises Refused if it cannot be read in one way.

    `said` supplies only the part of a date that may be left out, and how many items a list has.
    """
    stripped = western_digits(text.strip())
    if stripped.upper() in _MARKS:
        return _MARKS[stripped.upper()]
    value = said.value if isinstance(said, Certain) else said
    if isinstance(value, Many):
        return _typed_list(field, value, stripped)
    return _READERS.get(field.type, _as_json)(field, value, stripped)


def western_digits(text: str) -> str:
    """Return a text with every decimal digit of another script (٣, ۳, ३, ３) as the Western one: keyboards differ."""
    return "".join(str(unicodedata.decimal(character)) if character.isdecimal() else character for character in text)


def _typed_list(field: Field, said: Many, text: str) -> FieldValue:
    if text.upper() == "NONE":
        return Many(())
    pieces = [text] if len(said) <= 1 else [piece for piece in text.replace("\n", ";").split(";") if piece.strip()]
    model = said.items[0] if said.items else said
    read = _READERS.get(field.type, _single_as_json)
    return Many(
        tuple(read(field, item, piece.strip()) for piece, item in zip(pieces, _spread(said, model), strict=False))
    )


def _spread(said: Many, model: FieldValue) -> list[FieldValue]:
    """Models for as many pieces as anybody may type: those said, then the first again."""
    return [item.value if isinstance(item, Certain) else item for item in (*said.items, *([model] * MORE_THAN_SAID))]


MORE_THAN_SAID = 8  # pieces typed beyond those said are kept up to here, so that they differ and are not dropped


Reader = Callable[[Field, FieldValue, str], FieldValue]


def _instant(_: Field, said: FieldValue, text: str) -> FieldValue:
    typed = times.typed_time(text)
    return times.completed_from(typed, said) if isinstance(said, Instant) else times.complete(typed)


def _window(field: Field, said: FieldValue, text: str) -> FieldValue:
    start, end = said.ends() if isinstance(said, Window) else (None, None)

    def completed(typed: Typed, other: Instant | None) -> Instant:
        if typed.day is None:
            raise Refused("each end with its day", text, times.EXAMPLE_WINDOW)
        return times.complete(typed) if other is None else times.completed_from(typed, other)

    return times.typed_window(
        text,
        lambda typed: completed(typed, start),
        complete_end=lambda typed: completed(typed, end),
        open_end=field.open_end,
    )


def _place(_: Field, __: FieldValue, text: str) -> FieldValue:
    return places.place_from_text(text)


def _count(field: Field, _: FieldValue, text: str) -> FieldValue:
    return quantities.count_from_json(text, field.max)


def _quantity(field: Field, said: FieldValue, text: str) -> FieldValue:
    parts = quantities.split_number(text)
    if parts is not None and isinstance(said, Quantity) and said.unit.symbol == parts[1]:
        return quantities.make_quantity(parts[0], said.unit)
    return field.codec.from_json(text)


def _number(field: Field, _: FieldValue, text: str) -> FieldValue:
    return field.codec.from_json(int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else text)


def _as_json(field: Field, _: FieldValue, text: str) -> FieldValue:
    return field.codec.from_json(text)


def _single_as_json(field: Field, _: FieldValue, text: str) -> FieldValue:
    """One item of a list: the field's own reader takes a single item for a list of one."""
    read = field.codec.from_json(text)
    return read.items[0] if isinstance(read, Many) else read


_READERS: Mapping[str, Reader] = {
    "instant": _instant,
    "window": _window,
    "place": _place,
    "count": _count,
    "quantity": _quantity,
    "number": _number,
}


# ---------------------------------------------------------------- when two values say the same


def same(said: FieldValue, typed: FieldValue) -> bool:
    """Whether two values say the same thing, however they were spelled.  Certainty is not read back."""
    return _meaning(said) == _meaning(typed)


def _meaning(value: FieldValue) -> object:
    if isinstance(value, Certain):
        return _meaning(value.value)
    if isinstance(value, Many):
        meanings = [_meaning(item) for item in value]
        return ("many", *sorted(meanings, key=repr))
    if isinstance(value, Polygon):
        return ("polygon", _ring(value))
    if isinstance(value, Quantity):
        return (value.unit.dimension, value.exact())
    if isinstance(value, Name | Code):
        text = value.name if isinstance(value, Name) else value.code
        return (type(value), "".join(text.casefold().split()))
    if isinstance(value, Choice | Number):
        return (type(value), value.to_json())
    return (type(value), value)


def _ring(polygon: Polygon) -> object:
    """The corners from the least on, in the direction that gives the least: one form for all ways round."""
    corners = polygon.corners
    ways: list[tuple[places.Point, ...]] = []
    for ring in (corners, corners[::-1]):
        at = ring.index(min(ring))
        ways.append(ring[at:] + ring[:at])
    return min(ways)
