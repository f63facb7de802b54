"""Which rows of the state tables were walked: a campaign tells which of them never were.

The tables are the product's own.  While a world runs, one that remembers stands in the place of each; what it answers
is the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar

from openline.dialogue import crisis, release, states

Place = TypeVar("Place", bound=StrEnum)
Happening = TypeVar("Happening", bound=StrEnum)


class Remembering(Mapping[tuple[Place, Happening], Place]):
    """A state table that remembers which of its rows were asked for."""

    def __init__(self, name: str, table: Mapping[tuple[Place, Happening], Place], walked: set[str]) -> None:
        self._table = table
        self._names = _names(name, table)
        self._walked = walked

    def __getitem__(self, key: tuple[Place, Happening]) -> Place:
        """Return what follows, and remember that it did."""
        after = self._table[key]
        self._walked.add(self._names[key])
        return after

    def __iter__(self) -> Iterator[tuple[Place, Happening]]:
        return iter(self._table)

    def __len__(self) -> int:
        return len(self._table)


@lru_cache
def every_row() -> tuple[str, ...]:
    """Return the names of all rows that can be walked."""
    return (
        *_names("dialogue", states.TABLE).values(),
        *_names("crisis", crisis.CRISIS_TABLE).values(),
        *_names("draft", release.DRAFT_TABLE).values(),
    )


@contextmanager
def remembered(walked: set[str]) -> Iterator[None]:
    """Add the names of the rows that are walked from here to the end of the block."""
    before = states.TABLE, crisis.CRISIS_TABLE, release.DRAFT_TABLE
    states.TABLE = Remembering("dialogue", before[0], walked)
    crisis.CRISIS_TABLE = Remembering("crisis", before[1], walked)
    release.DRAFT_TABLE = Remembering("draft", before[2], walked)
    try:
        yield
    finally:
        states.TABLE, crisis.CRISIS_TABLE, release.DRAFT_TABLE = before


def _names(name: str, table: Mapping[tuple[Place, Happening], Place]) -> dict[tuple[Place, Happening], str]:
    return {row: f"{name}: {row[0]}, {row[1]}" for row in table}
