"""Telling a station that a person has been shown what it listed.  It signs that for the sender: so never beforehand."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any

from openline.errors import Misuse

Ask = Callable[[Mapping[str, Any]], Mapping[str, Any]]


def require_screen() -> None:
    """Raise Misuse if there is no standard output at all: nothing written there has been shown to anybody."""
    if sys.stdout is None:
        raise Misuse("there is no standard output to show messages on", hint="Give it one; nothing was presented.")


def present(ask: Ask, found: Mapping[str, Any]) -> int:
    """Present what the answer of `inbox` listed and waits; return how many.  Call it when all of it is on the screen.

    What waits and was not listed stays as it is.
    """
    waiting = set(found["unpresented"])
    by_line: dict[str, list[str]] = {}
    for message in found["messages"]:
        if message["id"] in waiting:
            by_line.setdefault(message["line"], []).append(message["id"])
    for line, identities in by_line.items():
        ask({"do": "present", "line": line, "ids": identities})
    return sum(map(len, by_line.values()))
