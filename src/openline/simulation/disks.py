"""A station's disk as the world sees it: opened at each start, failing on demand, copied and put back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Protocol

from openline.errors import StorageFailed
from openline.ports import Ledger, Row
from openline.simulation.ledger import MemoryLedger


@dataclass(frozen=True, slots=True)
class Opened:
    """What a process finds on its disk: the ledger, the number of this run, and whether it is known for a copy."""

    ledger: Ledger
    incarnation: int
    restored: bool


class Disk(Protocol):
    """One station's disk."""

    def open(self) -> Opened:
        """Begin a run."""

    def commit(self, rows: Sequence[Row]) -> None:
        """Make rows durable, or raise StorageFailed: then it is not known whether they are."""

    def fail_next(self, random: Random) -> None:
        """Let the next commit fail, as a full disk or a failed sync does."""

    def close(self, random: Random) -> None:
        """The process has ended, and perhaps the power with it."""

    def backup(self) -> object:
        """Return a copy of all that is durable."""

    def restore(self, copy: object, *, marked: bool) -> None:
        """Put a copy in the place of what is there; `marked`: the next run is told that it is one."""

    def end(self) -> None:
        """The world is over: let go of what was opened."""


class MemoryDisk:
    """A ledger in memory.  A failed commit has kept all of its rows or none, as a transaction does."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.ledger = MemoryLedger()
        self.ledger.commit(rows)
        self._runs = 0
        self._marked = False
        self._fails: bool | None = None

    def open(self) -> Opened:
        """Begin a run."""
        self._runs += 1
        return Opened(self.ledger, self._runs, self._marked)

    def commit(self, rows: Sequence[Row]) -> None:
        """Make rows durable.  Raises StorageFailed if that was asked for."""
        kept, self._fails = self._fails, None
        if kept is None or kept:
            self.ledger.commit(rows)
            self._marked = self._marked and not rows  # as the store: the machine now keeps for itself what it is
        if kept is not None:
            raise StorageFailed("the made disk is full", hint="Free space, then start again.")

    def fail_next(self, random: Random) -> None:
        """Let the next commit fail; whether its rows are there afterwards is drawn."""
        self._fails = random.random() < 0.5

    def close(self, random: Random) -> None:
        """Nothing: what was committed is durable, and nothing else was written."""
        del random
        self._fails = None

    def backup(self) -> MemoryLedger:
        """Return a copy."""
        return self.ledger.copy()

    def restore(self, copy: object, *, marked: bool) -> None:
        """Put a copy in place."""
        assert isinstance(copy, MemoryLedger)
        self.ledger, self._marked = copy.copy(), marked

    def end(self) -> None:
        """Nothing was opened."""
