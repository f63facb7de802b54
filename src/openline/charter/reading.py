"""Reading decoded CBOR with suspicion: each method returns the value in its type, or refuses under one rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NoReturn, TypeVar

from openline.errors import Malformed
from openline.wire.cbor import Value

Key = TypeVar("Key", int, str, bytes, tuple[int, int], tuple[int, ...])


@dataclass(frozen=True, slots=True)
class Reader:
    """Refuses under `rule`, in sentences that begin with `noun`."""

    rule: str
    noun: str

    def refuse(self, what: str, wanted: str) -> NoReturn:
        """Raise Malformed: `what` is not `wanted`."""
        raise Malformed(self.rule, f"{self.noun}: {what} is not {wanted}")

    def number(self, value: Value, low: int, high: int, what: str) -> int:
        """Return an integer from `low` to `high`."""
        if type(value) is not int or not low <= value <= high:
            self.refuse(what, f"a number from {low} to {high}")
        return value

    def octets(self, value: Value, length: int, what: str) -> bytes:
        """Return a byte string of exactly `length` bytes."""
        if not isinstance(value, bytes) or len(value) != length:
            self.refuse(what, f"a string of {length} bytes")
        return value

    def text(self, value: Value, bytes_max: int, what: str) -> str:
        """Return a text of 1 to `bytes_max` bytes of UTF-8."""
        if not isinstance(value, str) or not 1 <= len(value.encode()) <= bytes_max:
            self.refuse(what, f"a text of 1 to {bytes_max} bytes")
        return value

    def items(self, value: Value, low: int, high: int, what: str) -> Sequence[Value]:
        """Return an array of `low` to `high` items."""
        if not isinstance(value, list) or not low <= len(value) <= high:
            self.refuse(what, f"an array of {low} to {high} items")
        return value

    def record(self, value: Value, length: int, what: str) -> Sequence[Value]:
        """Return an array of exactly `length` items."""
        if not isinstance(value, list) or len(value) != length:
            self.refuse(what, f"an array of {length} items")
        return value

    def fields(self, value: Value, keys: range, what: str) -> Mapping[int, Value]:
        """Return a map that has exactly these keys."""
        if not isinstance(value, Mapping) or list(value) != list(keys):
            self.refuse(what, f"a map with the keys {keys[0]} to {keys[-1]}")
        return value

    def rising(self, keys: Sequence[Key], what: str) -> None:
        """Refuse unless each key is above the one before it, so that a set has one form and no repetition."""
        if not all(first < second for first, second in pairwise(keys)):
            self.refuse(what, "in rising order, each once")
