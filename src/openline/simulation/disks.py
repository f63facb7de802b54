"""A station's disk as the world sees it: opened at each start, failing on demand, copied and put back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Protocol

from openline.errors import StorageFailed
from openline.identifiers import LineId, StationId
from openline.ports import Append, Ledger, Row
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

    def rot(self, random: Random) -> bool:
        """Let one row rot, so that whoever reads it is told so; return whether one did."""

    def is_rotten(self) -> bool:
        """Whether something on the disk cannot be read: what a check of the whole store tells."""

    def end(self) -> None:
        """The world is over: let go of what was opened."""


class RottenLedger(MemoryLedger):
    """A ledger of which one row cannot be read: each page is sealed, so whoever reads it is told, never lied to.

    lost: the entry, or the table and key, that lies on the page.
    """

    def __init__(self, ledger: MemoryLedger, random: Random) -> None:
        super().__init__()
        self.take_over(ledger)
        kept = [(table, key) for table in sorted(self.tables) for key in sorted(self.tables[table])]
        self.lost: object = random.choice([*self.places.values(), *kept])

    def _whole(self, rows: Sequence[Append]) -> Sequence[Append]:
        if self.lost in rows:
            raise StorageFailed("the made disk did not give back what was kept", hint="Restore the newest backup.")
        return rows

    def entry(self, line: LineId, author: StationId, generation: int, seq: int) -> Append | None:
        """Return the entry at a place, or None."""
        row = super().entry(line, author, generation, seq)
        self._whole(() if row is None else (row,))
        return row

    def entries(self, line: LineId, author: StationId, generation: int, first: int, end: int) -> Iterator[Append]:
        """Return the entries held at places first to end - 1, in order."""
        return iter(self._whole(list(super().entries(line, author, generation, first, end))))

    def find(self, line: LineId, beginning: bytes) -> Sequence[Append]:
        """Return the first entry to arrive of each digest that begins so."""
        return self._whole(super().find(line, beginning))

    def recent(self, line: LineId, count: int) -> Sequence[Append]:
        """Return the last entries of the line in the order of their arrival."""
        return self._whole(super().recent(line, count))

    def kept(self, table: str, beginning: bytes = b"") -> Iterator[tuple[bytes, bytes]]:
        """Return keys and values of a table under keys that begin so."""
        for key, value in super().kept(table, beginning):
            if self.lost == (table, key):
                raise StorageFailed("the made disk did not give back what was kept", hint="Restore the newest backup.")
            yield key, value


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

    def rot(self, random: Random) -> bool:
        """Let one row rot."""
        self.ledger = RottenLedger(self.ledger, random)
        return True

    def is_rotten(self) -> bool:
        """Whether a row has rotted, read or not."""
        return isinstance(self.ledger, RottenLedger)

    def end(self) -> None:
        """Nothing was opened."""
