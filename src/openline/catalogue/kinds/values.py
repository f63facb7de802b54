"""Values that fields hold: what every one of them can do, and the ones that need no arithmetic.

A value is immutable and compares by what it says.  It has three forms: `to_wire` (canonical CBOR values),
`to_json` (what scripts give and see) and `text` (one form without language, for lists and logs).
Wire forms:

    UNKNOWN           null: the sender does not know
    WITHHELD          false: the sender knows and does not say
    (absent)          NOT STATED
    with certainty    {0: value, 1: position in the list of certainties}
    list              array of values; the empty array says NONE
    record            map field → value

No value of any type is null or false by itself, and none that can have a certainty is a map, so these forms
cannot be taken for anything else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple, Protocol, TypeAlias

from openline.wire.cbor import Value

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


class FieldValue(Protocol):
    """What a field can hold."""

    def to_wire(self) -> Value:
        """Return the value's one form inside a body."""

    def to_json(self) -> Json:
        """Return the value's JSON form, which reads back as the same value."""

    def text(self) -> str:
        """Return the value in one line, with Western digits, without any language's words where possible."""


class Mark(Enum):
    """Instead of a value."""

    UNKNOWN = None
    WITHHELD = False

    def to_wire(self) -> Value:
        """Null or false."""
        return None if self is Mark.UNKNOWN else False

    def to_json(self) -> Json:
        """The word itself."""
        return self.name

    def text(self) -> str:
        """The word itself."""
        return self.name


UNKNOWN = Mark.UNKNOWN
WITHHELD = Mark.WITHHELD


class Choice(NamedTuple):
    """One value of an enumeration, also YES and NO; its meaning in words belongs to the renderings."""

    code: str
    number: int

    def to_wire(self) -> Value:
        """The position in the enumeration."""
        return self.number

    def to_json(self) -> Json:
        """The code."""
        return self.code

    def text(self) -> str:
        """The code, its words separated by spaces."""
        return self.code.replace("_", " ")


class OwnText(NamedTuple):
    """Words of the sender's own, never translated by a machine."""

    words: str

    def to_wire(self) -> Value:
        """The text."""
        return self.words

    def to_json(self) -> Json:
        """The text."""
        return self.words

    def text(self) -> str:
        """The text."""
        return self.words


class Name(NamedTuple):
    """A name of a party, unit, place or sea; shown as the charter's glossary has it, or else as it stands."""

    name: str

    def to_wire(self) -> Value:
        """The name."""
        return self.name

    def to_json(self) -> Json:
        """The name."""
        return self.name

    def text(self) -> str:
        """The name."""
        return self.name


class Code(NamedTuple):
    """An identifier of another system: a NOTAM's number, a nuclide, a language tag."""

    code: str

    def to_wire(self) -> Value:
        """The identifier."""
        return self.code

    def to_json(self) -> Json:
        """The identifier."""
        return self.code

    def text(self) -> str:
        """The identifier."""
        return self.code


class Octets(NamedTuple):
    """Bytes for machines: nonces, commitments, keys."""

    data: bytes

    def to_wire(self) -> Value:
        """The bytes."""
        return self.data

    def to_json(self) -> Json:
        """Lower-case hexadecimal."""
        return self.data.hex()

    def text(self) -> str:
        """Lower-case hexadecimal."""
        return self.data.hex()


class Reference(NamedTuple):
    """The first 20 bytes of the digest of another message."""

    digest: bytes

    def to_wire(self) -> Value:
        """The 20 bytes."""
        return self.digest

    def to_json(self) -> Json:
        """Forty hexadecimal digits."""
        return self.digest.hex()

    def text(self) -> str:
        """Forty hexadecimal digits."""
        return self.digest.hex()


class Number(NamedTuple):
    """A plain number, such as that of a line check or a draft."""

    number: int

    def to_wire(self) -> Value:
        """The number."""
        return self.number

    def to_json(self) -> Json:
        """The number."""
        return self.number

    def text(self) -> str:
        """The number without separators."""
        return str(self.number)


class Certain(NamedTuple):
    """A value with the sender's certainty of it."""

    value: FieldValue
    certainty: Choice

    def to_wire(self) -> Value:
        """A map of the value and the certainty's position."""
        return {0: self.value.to_wire(), 1: self.certainty.number}

    def to_json(self) -> Json:
        """An object of value and certainty."""
        return {"value": self.value.to_json(), "certainty": self.certainty.code}

    def text(self) -> str:
        """The value, then the certainty in brackets."""
        return f"{self.value.text()} ({self.certainty.text()})"


@dataclass(frozen=True, slots=True)
class Many:
    """A list of values; the empty one says NONE."""

    items: tuple[FieldValue, ...]

    def __iter__(self) -> Iterator[FieldValue]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def to_wire(self) -> Value:
        """An array."""
        return [item.to_wire() for item in self.items]

    def to_json(self) -> Json:
        """A list."""
        return [item.to_json() for item in self.items]

    def text(self) -> str:
        """The values, separated by semicolons, or NONE."""
        return "; ".join(item.text() for item in self.items) or "NONE"


@dataclass(frozen=True, slots=True)
class Record:
    """Some values under their own names; `numbers` gives each name's number on the wire."""

    values: Mapping[str, FieldValue]
    numbers: Mapping[str, int]

    def to_wire(self) -> Value:
        """A map field → value."""
        return {self.numbers[name]: value.to_wire() for name, value in self.values.items()}

    def to_json(self) -> Json:
        """An object."""
        return {name: value.to_json() for name, value in self.values.items()}

    def text(self) -> str:
        """Names and values."""
        return ", ".join(f"{name}: {value.text()}" for name, value in self.values.items())


class FieldList(NamedTuple):
    """Fields of a kind, named for what is wrong with them or wanted of them."""

    kind: str
    kind_number: int
    fields: tuple[tuple[str, int], ...]

    def to_wire(self) -> Value:
        """The kind's number, then the fields' numbers in rising order."""
        return [self.kind_number, *(number for _, number in self.fields)]

    def to_json(self) -> Json:
        """KIND.field for each."""
        return [f"{self.kind}.{name}" for name, _ in self.fields]

    def text(self) -> str:
        """KIND.field for each."""
        return ", ".join(f"{self.kind}.{name}" for name, _ in self.fields)


@dataclass(frozen=True, slots=True)
class Embedded:
    """A message, or some fields of one, inside another: the new data of a correction, an update, an answer."""

    kind: str
    kind_number: int
    fields: Record

    def to_wire(self) -> Value:
        """The fields' map, with the kind's number under key 0."""
        return {0: self.kind_number} | {self.fields.numbers[n]: v.to_wire() for n, v in self.fields.values.items()}

    def to_json(self) -> Json:
        """An object of kind and fields."""
        return {"kind": self.kind, "fields": self.fields.to_json()}

    def text(self) -> str:
        """The kind, then its fields."""
        return f"{self.kind}: {self.fields.text()}"
