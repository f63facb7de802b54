"""What every export takes: a message with what its envelope says, and what can be drawn on a map."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from openline.catalogue.kinds import Kind, read_body
from openline.catalogue.kinds.places import Circle, Named, Place, Point, Polygon
from openline.catalogue.kinds.quantities import UNLIMITED, Height, Heights
from openline.catalogue.kinds.times import Window
from openline.catalogue.kinds.values import Certain, Embedded, FieldValue, Many, Record
from openline.wire.statement import Body


class Earlier(NamedTuple):
    """A message that this one changes or answers, as other systems refer to it."""

    sender: str
    identifier: str
    sent: int


@dataclass(frozen=True, slots=True)
class Message:
    """A message to be exported.

    identifier   64 hexadecimal digits: the message's digest
    sender       the party's name as the charter has it
    sent         authored time, UTC seconds
    status       ACTUAL, EXERCISE or TEST: it stands in every export
    precedence   ROUTINE, PRIORITY, IMMEDIATE or FLASH
    headline, description, language
                 the rendering to be shown with it; without one, the kind's name and plain lines
    """

    kind: Kind
    body: Body
    identifier: str
    sender: str
    sent: int
    status: str
    precedence: str
    earlier: tuple[Earlier, ...] = ()
    headline: str = ""
    description: str = ""
    language: str = "en"

    def values(self) -> dict[str, FieldValue]:
        """Return the body's values by field name.  Raises CatalogueError if it is not of its kind."""
        return read_body(self.kind, self.body)


class Drawn(NamedTuple):
    """A place of a message and the path of the field it stands in."""

    path: str
    place: Place


def drawn(values: Mapping[str, FieldValue], prefix: str = "") -> Iterator[Drawn]:
    """Return every place of a message in order, also inside lists, records and messages inside it."""
    for name, value in values.items():
        yield from _drawn(f"{prefix}{name}", value)


def _drawn(path: str, value: FieldValue) -> Iterator[Drawn]:
    if isinstance(value, Certain):
        yield from _drawn(path, value.value)
    elif isinstance(value, Many):
        for at, item in enumerate(value, 1):
            yield from _drawn(f"{path}.{at}", item)
    elif isinstance(value, Record):
        yield from drawn(value.values, f"{path}.")
    elif isinstance(value, Embedded):
        yield from drawn(value.fields.values, f"{path}.")
    elif isinstance(value, Point | Circle | Polygon | Named):
        yield Drawn(path, value)


def innermost(values: Mapping[str, FieldValue]) -> Mapping[str, FieldValue]:
    """Return the values of the message inside this one, or these if there is none inside."""
    inside = next((value for value in values.values() if isinstance(value, Embedded)), None)
    return values if inside is None else innermost(inside.fields.values)


def window_of(values: Mapping[str, FieldValue]) -> Window | None:
    """Return the first window that a message states, of its own or of the message inside it."""
    return next((value for value in innermost(values).values() if isinstance(value, Window)), None)


def heights_of(values: Mapping[str, FieldValue]) -> Heights | None:
    """Return the heights that a message states."""
    return next((value for value in innermost(values).values() if isinstance(value, Heights)), None)


METRES_PER_10_000_FEET = 3_048


def feet(height: Height, *, upwards: bool) -> int | None:
    """Return a height in whole feet, rounded so that the danger grows and never shrinks; None for unlimited.

    A flight level is a pressure height: its feet are those of the standard atmosphere.
    """
    if height.number == UNLIMITED:
        return None
    if height.unit == "ft":
        return height.number
    if height.unit == "FL":
        return height.number * 100
    exact = height.number * 10_000
    return -(-exact // METRES_PER_10_000_FEET) if upwards else exact // METRES_PER_10_000_FEET
