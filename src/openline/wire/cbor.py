"""Canonical CBOR: a strict encoder and a decoder that accepts nothing else.

The subset of RFC 8949 that statements and documents use, in its deterministic form (section 4.2.1):
integers, byte strings, text strings, arrays, maps with integer keys 0 to 23 in rising order, false, true
and null.  No tags, floats, indefinite lengths, other simple values or longer forms.  Because map keys are
single bytes, every published ordering of map keys gives the same bytes.

A general decoder with a comparison after re-encoding was tried first: it interpreted tags (regular
expressions, e-mail addresses) before the comparison could refuse them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from openline.errors import Malformed, Misuse

Value: TypeAlias = "int | bool | str | bytes | Sequence[Value] | Mapping[int, Value] | None"

DEPTH_MAX = 8  # arrays and maps inside each other: a list of records of places needs five
KEY_MAX = 23  # the largest map key that fits the initial byte

_FALSE, _TRUE, _NULL = 0xF4, 0xF5, 0xF6
_SIMPLE: dict[int, Value] = {_FALSE: False, _TRUE: True, _NULL: None}
_SHORTEST = {24: 24, 25: 1 << 8, 26: 1 << 16, 27: 1 << 32}  # the first number that may use each longer head
_BYTE = [bytes((each,)) for each in range(256)]  # heads of one byte, made once: most heads are


def encode(value: Value) -> bytes:
    """Return the one encoding of `value`.  Raises Misuse for anything outside the subset."""
    out = bytearray()
    _write(value, out, 0)
    return bytes(out)


def decode(data: bytes) -> Value:
    """Return the value whose one encoding is exactly `data`.  Raises Malformed (R1 to R9)."""
    value, end = decode_prefix(data, 0)
    if end != len(data):
        raise Malformed("R1", "bytes follow the end of the CBOR item", at=end)
    return value


def decode_prefix(data: bytes, start: int, *, depth: int = 0) -> tuple[Value, int]:
    """Return the item that begins at `start` and the place after it.  Raises Malformed (R2 to R9).

    depth: how many arrays and maps it stands in.
    """
    return _read(data, start, depth)


def read_head(data: bytes, start: int) -> tuple[int, int, int]:
    """Return major type, argument and the place after the head at `start`.  Raises Malformed (R2 to R4)."""
    if start >= len(data):
        raise Malformed("R2", "the bytes end inside a CBOR item", at=start)
    initial = data[start]
    info = initial & 0x1F
    if info < 24:
        return initial >> 5, info, start + 1
    shortest = _SHORTEST.get(info)
    if shortest is None:
        raise Malformed("R3", "a CBOR head is reserved or of indefinite length", at=start)
    end = start + 1 + (1 << (info - 24))
    if end > len(data):
        raise Malformed("R2", "the bytes end inside a CBOR item", at=start)
    argument = int.from_bytes(data[start + 1 : end], "big")
    if argument < shortest or initial >> 5 == 7:
        raise Malformed("R4", "a CBOR head is not in its shortest form, or is a float or simple value", at=start)
    return initial >> 5, argument, end


def head(major: int, argument: int) -> bytes:
    """Return the shortest head for a major type (0 to 7) and its argument (0 to 2^64 - 1)."""
    if argument < 24:
        return _BYTE[major << 5 | argument]
    for info, width in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if argument < 1 << (8 * width):
            return _BYTE[major << 5 | info] + argument.to_bytes(width, "big")
    raise Misuse("a number is too large for CBOR", hint="Numbers go from -2^64 to 2^64 - 1.")


def _read(data: bytes, start: int, depth: int) -> tuple[Value, int]:
    if start < len(data) and data[start] < 24:  # small numbers are most of what is sent
        return data[start], start + 1
    major, argument, at = read_head(data, start)
    if major == 2:
        end = at + argument
        if end > len(data):
            raise Malformed("R2", "the bytes end inside a CBOR item", at=at)
        return data[at:end], end
    if major == 0:
        return argument, at
    if major in (4, 5):
        if depth == DEPTH_MAX:
            raise Malformed("R5", f"arrays and maps are nested deeper than {DEPTH_MAX}", at=start)
        return (_read_array if major == 4 else _read_map)(data, argument, at, depth + 1)
    if major == 3:
        return _read_text(data, argument, at)
    if major == 1:
        return -1 - argument, at
    simple = data[start]
    if simple not in _SIMPLE:
        raise Malformed("R6", "tags, floats and simple values other than false, true and null are refused", at=start)
    return _SIMPLE[simple], at


def _read_text(data: bytes, length: int, at: int) -> tuple[Value, int]:
    end = at + length
    if end > len(data):
        raise Malformed("R2", "the bytes end inside a CBOR item", at=at)
    try:
        return data[at:end].decode("utf-8"), end
    except UnicodeDecodeError as error:
        raise Malformed("R7", "a text string is not UTF-8", at=at) from error


def _read_array(data: bytes, count: int, at: int, depth: int) -> tuple[Value, int]:
    if count > len(data) - at:
        raise Malformed("R8", "an array or map claims more items than there are bytes", at=at)
    items: list[Value] = []
    for _ in range(count):
        item, at = _read(data, at, depth)
        items.append(item)
    return items, at


def _read_map(data: bytes, count: int, at: int, depth: int) -> tuple[Value, int]:
    if count > len(data) - at:
        raise Malformed("R8", "an array or map claims more items than there are bytes", at=at)
    items: dict[int, Value] = {}
    last = -1
    for _ in range(count):
        last, at = read_key(data, at, last)
        items[last], at = _read(data, at, depth)
    return items, at


def read_key(data: bytes, at: int, last: int) -> tuple[int, int]:
    """Return the map key at `at` and the place after it; it must be above `last` and at most 23 (R9)."""
    if at >= len(data):
        raise Malformed("R2", "the bytes end inside a CBOR item", at=at)
    key = data[at]
    if not last < key <= KEY_MAX:
        raise Malformed("R9", "map keys must be integers 0 to 23, each once, in rising order", at=at)
    return key, at + 1


def _write(value: object, out: bytearray, depth: int) -> None:
    if isinstance(value, bytes):
        out += head(2, len(value))
        out += value
    elif type(value) is list and depth < DEPTH_MAX:
        out += head(4, len(value))
        for item in value:
            _write(item, out, depth + 1)
    elif value is None or value is True or value is False:
        out.append(_NULL if value is None else _TRUE if value else _FALSE)
    elif isinstance(value, int):
        out += head(0, value) if value >= 0 else head(1, -1 - value)
    elif isinstance(value, str):
        _write_text(value, out)
    elif depth == DEPTH_MAX:
        raise Misuse(f"arrays and maps are nested deeper than {DEPTH_MAX}")
    elif isinstance(value, (dict, Mapping)):  # a plain type is told ten times as quickly as an abstract one
        _write_map(value, out, depth)
    elif isinstance(value, (tuple, Sequence)):
        _write(list(value), out, depth)
    else:
        kind = type(value).__name__
        raise Misuse(f"a {kind} has no place in a message", hint="Use integers, text, bytes, lists and maps.")


def _write_text(value: str, out: bytearray) -> None:
    try:
        text = value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise Misuse("a text holds half of a surrogate pair", hint="Type the text again; it cannot be sent.") from error
    out += head(3, len(text)) + text


def _write_map(value: Mapping[int, object], out: bytearray, depth: int) -> None:
    for key in value:
        if not _is_key(key):
            raise Misuse("map keys must be integers 0 to 23", key=key)
    out += head(5, len(value))
    for key in sorted(value):
        out.append(key)
        _write(value[key], out, depth + 1)


def _is_key(key: object) -> bool:
    """Whether a map may have this key; named numbers (IntEnum) are numbers, true and false are not."""
    return isinstance(key, int) and not isinstance(key, bool) and 0 <= key <= KEY_MAX
