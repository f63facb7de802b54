"""The facts that a message holds, taken from its typed values without any rendering."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from openline.catalogue.kinds import CATALOGUE, Kind
from openline.catalogue.kinds.places import Circle, Point, Polygon
from openline.catalogue.kinds.quantities import Azimuth, Count, Height, Heights, Quantity
from openline.catalogue.kinds.times import DAY, HOUR, Instant, Offset, Window
from openline.catalogue.kinds.values import (
    Certain,
    Choice,
    Code,
    Embedded,
    FieldValue,
    Many,
    Number,
    Octets,
    Record,
    Reference,
)
from openline.catalogue.rendering import Facts

NOT_DONE = {"will_not", "would_not", "do_not"}


@dataclass
class Collected:
    """Facts in the order of the fields."""

    times: list[str] = field(default_factory=list)
    coordinates: list[str] = field(default_factory=list)
    measures: list[tuple[str, str]] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    identifiers: list[str] = field(default_factory=list)
    acts: list[str] = field(default_factory=list)

    def facts(self) -> Facts:
        return Facts(
            tuple(self.times),
            tuple(self.coordinates),
            tuple(self.measures),
            tuple(self.numbers),
            tuple(self.identifiers),
            tuple(self.acts),
        )


def expected_facts(kind: Kind, values: Mapping[str, FieldValue]) -> Facts:
    collected = Collected()
    _fields(collected, kind, values)
    return collected.facts()


def _fields(into: Collected, kind: Kind, values: Mapping[str, FieldValue]) -> None:
    for name in kind.numbers:
        if name in values:
            _value(into, name, values[name], values)


def _value(into: Collected, name: str, value: FieldValue, siblings: Mapping[str, FieldValue]) -> None:
    if isinstance(value, Many):
        for item in value:
            _value(into, name, item, siblings)
    elif isinstance(value, Certain):
        _value(into, name, value.value, siblings)
    elif isinstance(value, Record):
        for inner, item in value.values.items():
            _value(into, inner, item, value.values)
    elif isinstance(value, Embedded):
        into.numbers += re.findall(r"\d+", value.kind)
        _fields(into, CATALOGUE.kind(value.kind), value.fields.values)
    elif isinstance(value, Choice):
        _choice(into, name, value, siblings)
    else:
        _simple(into, value)


def _choice(into: Collected, name: str, value: Choice, siblings: Mapping[str, FieldValue]) -> None:
    if name in {"negation", "not_done"}:
        into.acts.append(f"value-{name}-{value.code}")
    elif name == "willing" and value.code in {"willing", "not_willing"}:
        into.acts.append(f"value-willing-{value.code}")
    elif name == "act":
        said = siblings.get("negation") or siblings.get("not_done")
        negated = isinstance(said, Choice) and said.code in NOT_DONE
        into.acts.append(f"value-act-{'not-' if negated else ''}{value.code}")


def _simple(into: Collected, value: FieldValue) -> None:
    if isinstance(value, Instant):
        into.times.append(_moment(value.to_json(), value.precision))
    elif isinstance(value, Window):
        into.times += [_moment(end, value.precision) for end in str(value.to_json()).split("/") if end != ".."]
    elif isinstance(value, Point):
        into.coordinates.append(value.text())
    elif isinstance(value, Circle):
        into.coordinates.append(value.centre.text())
        into.measures.append(_measure(value.text().rpartition("radius ")[2]))
    elif isinstance(value, Polygon):
        into.coordinates += [corner.text() for corner in value.corners]
    elif isinstance(value, Azimuth | Count):
        into.numbers += re.findall(r"\d+", value.text())
    elif isinstance(value, Height):
        _heights(into, [value])
    elif isinstance(value, Heights):
        _heights(into, value)
    elif isinstance(value, Quantity):
        into.measures.append(_measure(value.text()))
    elif isinstance(value, Octets | Reference):
        into.identifiers.append(value.text())
    elif isinstance(value, Code | Number | Offset):
        into.numbers += re.findall(r"\d+", value.text())


def _moment(json: object, precision: int) -> str:
    text = str(json).replace("T", " ").replace("Z", " UTC")
    if precision == HOUR:
        return text.replace(" UTC", ":00 UTC")
    return f"{text} UTC" if precision == DAY else text


def _heights(into: Collected, heights: Iterable[Height]) -> None:
    for height in heights:
        if height.unit == "FL":
            into.numbers += re.findall(r"\d+", height.text())
        elif height.number > 0:
            into.measures.append(_measure(height.text()))


def _measure(text: str) -> tuple[str, str]:
    number, _, unit = text.partition(" ")
    return number, unit
