"""Reading single fields out of bodies, by the names the catalogue gives them.

A body that reaches the desk has been validated; a field that is absent, UNKNOWN, WITHHELD or not readable is None.
"""

from __future__ import annotations

from collections.abc import Mapping

from openline.catalogue.kinds.errors import Refused
from openline.catalogue.kinds.kind import Kind
from openline.catalogue.kinds.quantities import Quantity
from openline.catalogue.kinds.times import Instant, Window
from openline.catalogue.kinds.values import Choice, Embedded, FieldValue, Many, Mark, Record
from openline.wire.cbor import Value
from openline.wire.statement import Body

TIMES_OF_EVENTS = ("window", "period", "begins", "times", "time")
"""Fields that say when what is announced happens, the first that a kind has."""


def read(kind: Kind, body: Body, name: str) -> FieldValue | None:
    """Return a field's value, or None if it is not there to be read."""
    number = kind.numbers.get(name)
    if number is None or not isinstance(body, Mapping) or number not in body:
        return None
    try:
        value = kind.by_number[number].codec.from_wire(body[number])
    except Refused:
        return None
    return None if isinstance(value, Mark) else value


def moment(kind: Kind, body: Body, name: str) -> int | None:
    """Return a field's instant, or the start of its window, in UTC seconds."""
    match read(kind, body, name):
        case Instant(seconds=seconds):
            return seconds
        case Window(start=start):
            return start
    return None


def event_time(kind: Kind, body: Body) -> int | None:
    """Return when the announced event begins, UTC seconds, if the body says so."""
    for name in TIMES_OF_EVENTS:
        if name in kind.numbers:
            return moment(kind, body, name)
    return None


def duration(kind: Kind, body: Body, name: str) -> int | None:
    """Return a quantity of time in whole seconds."""
    value = read(kind, body, name)
    return int(value.exact()) if isinstance(value, Quantity) and value.unit.dimension == "time" else None


def words(kind: Kind, body: Body, name: str) -> str:
    """Return a field in one line without language, empty if it is not there."""
    value = read(kind, body, name)
    return value.text() if value is not None else ""


def choice(kind: Kind, body: Body, name: str) -> str:
    """Return an enumeration's code, empty if it is not there."""
    value = read(kind, body, name)
    return value.code if isinstance(value, Choice) else ""


def records(kind: Kind, body: Body, name: str) -> tuple[Record, ...]:
    """Return the records of a list, empty if it is not there or says NONE."""
    value = read(kind, body, name)
    return tuple(item for item in value if isinstance(item, Record)) if isinstance(value, Many) else ()


def embedded(kind: Kind, body: Body, name: str) -> tuple[int, Mapping[int, Value]] | None:
    """Return the kind number and the wire fields of a message inside this one."""
    value = read(kind, body, name)
    if not isinstance(value, Embedded):
        return None
    wire = value.to_wire()
    assert isinstance(wire, Mapping)
    return value.kind_number, {number: item for number, item in wire.items() if number}
