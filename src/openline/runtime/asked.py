"""What a local request holds, taken out by its type: whatever else stands there is named, with what was expected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openline.errors import Misuse

Asked = Mapping[str, Any]


def text_of(asked: Asked, name: str) -> str:
    """Return a text that must be there.  Raises Misuse."""
    given = asked.get(name)
    if not isinstance(given, str) or not given:
        raise Misuse(f"{name} is missing", hint=f"Give {name} as text.")
    return given


def number_of(asked: Asked, name: str, first: int, last: int) -> int:
    """Return a number, 0 if none is given.  Raises Misuse."""
    given = asked.get(name) or 0
    if type(given) is not int or not first <= given <= last:
        raise Misuse(f"{name} must be a number from {first} to {last}", hint=f"Give {name} as a number.")
    return given


def bytes_of(asked: Asked, name: str) -> bytes:
    """Return bytes that are given in hexadecimal, none if they are absent.  Raises Misuse."""
    given = str(asked.get(name) or "")
    try:
        return bytes.fromhex(given)
    except ValueError as error:
        raise Misuse(f"{name} is not in hexadecimal", hint=f"Give {name} as the request that made it did.") from error


def beginning_of(asked: Asked, name: str) -> bytes:
    """Return the beginning of a message's id; of an odd number of digits the last is left out.  Raises Misuse."""
    given = str(asked.get(name) or "")
    try:
        beginning = bytes.fromhex(given if len(given) % 2 == 0 else given[:-1])
    except ValueError as error:
        raise Misuse(f"{given!r} is no message's id", hint="`openline inbox` shows the ids.") from error
    if not beginning:
        raise Misuse("a message's id needs two digits at least", hint="`openline inbox` shows the ids.")
    return beginning
