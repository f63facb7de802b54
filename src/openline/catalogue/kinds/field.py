"""A field of a kind: its name and number, its type, and what it allows; and how its values are read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from openline.catalogue.kinds.errors import Refused
from openline.catalogue.kinds.values import FieldValue, Json
from openline.wire.cbor import Value


@dataclass(frozen=True, slots=True)
class Codec:
    """How a field's values are read; writing is the values' own business.  Both readers raise Refused."""

    from_wire: Callable[[Value], FieldValue]
    from_json: Callable[[Json], FieldValue]
    example: Json


def _never(given: object) -> FieldValue:
    raise Refused("a field of a loaded catalogue", given)


NO_CODEC = Codec(_never, _never, None)


@dataclass(frozen=True, slots=True)
class Field:
    """One field, as its kind's file has it.

    `many` is the most items of a list, 0 for a single value; `none` says whether the list may be empty (NONE).
    `values` are an enumeration's, in order of their numbers; `list` names the shared list they come from.
    `fields` are those of a record.  The remaining limits belong to single types and are 0 or empty elsewhere.
    """

    number: int
    name: str
    type: str
    help: str
    required: bool = False
    unknown: bool = True
    withheld: bool = True
    certainty: bool = False
    many: int = 0
    none: bool = True
    values: tuple[str, ...] = ()
    list: str = ""
    units: tuple[str, ...] = ()
    shapes: tuple[str, ...] = ()
    open_end: bool = False
    lines: bool = False
    characters_max: int = 0
    size: int = 0
    size_max: int = 0
    min: int = 0
    max: int = 0
    embeds: int = -1
    fields: tuple[Field, ...] = ()
    codec: Codec = field(default=NO_CODEC, repr=False, compare=False)
