"""Choices made from bytes: so that inputs without structure build values that have one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from openline.errors import Malformed, Misuse
from openline.wire.cbor import KEY_MAX, Value, encode

_T = TypeVar("_T")

TEXTS = (
    "", "a", "UNKNOWN", "\u202e", "\x00", "\x1b[2J", "\ufeff", "مرحبا", "한국", "\U0010ffff", "1" * 300, "e\u0301",
)  # fmt: skip
NUMBERS = (
    0, 1, -1, 23, 24, 255, 256, 65_535, 2**31, 2**32 - 1, 2**32, 2**35, 2**53, 2**63, 2**64 - 1, -(2**64),
    1_800_000_000, 253_402_300_800,
)  # fmt: skip
STRINGS = (b"", b"\x00", bytes(20), bytes(32), b"\xff" * 32, bytes(64), bytes(300))


def written(value: Value) -> bytes:
    """Return a value's bytes.  Raises Malformed for one that nobody can write: nested too deep."""
    try:
        return encode(value)
    except Misuse as error:
        raise Malformed("R5", "nobody can write this") from error


class Choices:
    """Takes one byte for each choice; when they are used up, every choice is the first."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def number(self, limit: int) -> int:
        """Return a number below `limit`; one byte for limits up to 256, else as many as it needs."""
        width = max(1, ((limit - 1).bit_length() + 7) // 8)
        return int.from_bytes(self.octets(width), "big") % limit

    def flag(self) -> bool:
        """Return yes or no."""
        return self.number(2) == 1

    def pick(self, items: Sequence[_T]) -> _T:
        """Return one of the items."""
        return items[self.number(len(items))]

    def octets(self, count: int) -> bytes:
        """Return so many bytes, zeros once they are used up."""
        taken = self._data[self._at : self._at + count]
        self._at += count
        return taken.ljust(count, b"\0")

    def rest(self) -> bytes:
        """Return what is left."""
        taken, self._at = self._data[self._at :], len(self._data)
        return taken

    def spent(self) -> bool:
        """Whether every byte is used up."""
        return self._at >= len(self._data)

    def value(self, depth: int = 3) -> Value:
        """Return something that CBOR can hold."""
        form = self.number(9 if depth else 6)
        if form == 6:
            return [self.value(depth - 1) for _ in range(self.number(5))]
        if form == 7:
            return {self.number(KEY_MAX + 1): self.value(depth - 1) for _ in range(self.number(5))}
        simple: tuple[Value, ...] = (
            None, self.flag(), self.pick(NUMBERS), self.number(1 << 32), self.pick(TEXTS), self.pick(STRINGS),
        )  # fmt: skip
        return self.octets(self.number(40)) if form == 8 else simple[form]

    def altered(self, value: Value, depth: int = 6) -> Value:
        """Return a value with one place in it changed: replaced, left out, doubled or exchanged."""
        if isinstance(value, list) and value and depth and self.number(4):
            place = self.number(len(value))
            items = list(value)
            how = self.number(4)
            if how == 0:
                del items[place]
            elif how == 1:
                items.insert(place, items[self.number(len(items))])
            else:
                items[place] = self.altered(items[place], depth - 1)
            return items
        if isinstance(value, dict) and value and depth and self.number(4):
            key = self.pick(list(value))
            fields = dict(value)
            how = self.number(4)
            if how == 0:
                del fields[key]
            elif how == 1:
                fields[self.number(KEY_MAX + 1)] = fields[key]
            else:
                fields[key] = self.altered(fields[key], depth - 1)
            return fields
        if isinstance(value, bytes) and value and self.flag():
            place = self.number(len(value))
            return value[:place] + bytes((self.number(256),)) + value[place + 1 :]
        if type(value) is int and self.flag():
            return min(max(value + self.number(9) - 4, -(2**64)), 2**64 - 1)
        return self.value(2)
