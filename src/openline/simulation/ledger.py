"""A ledger in memory: what a disk would hold, with what is not yet synced kept apart by its owner."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator, Sequence
from hashlib import blake2b

from openline.errors import StorageFailed
from openline.identifiers import LineId, StationId
from openline.ports import Append, Keep, Row

Place = tuple[LineId, StationId, int, int]


class MemoryLedger:
    """Rows as the store keeps them; implements `ports.Ledger`."""

    def __init__(self) -> None:
        self.places: dict[Place, Append] = {}
        self.digests: dict[bytes, list[Append]] = {}
        self.tables: dict[str, dict[bytes, bytes]] = {}
        self._keys: dict[str, list[bytes]] = {}

    def commit(self, rows: Sequence[Row]) -> None:
        """Take the rows of one batch, all of them."""
        for row in rows:
            if isinstance(row, Append):
                self._append(row)
            elif isinstance(row, Keep):
                self._keep(row)
            elif self.tables.get(row.table, {}).pop(row.key, None) is not None:
                self._keys[row.table].remove(row.key)

    def _append(self, row: Append) -> None:
        place = (row.line, row.author, row.generation, row.seq)
        before = self.places.setdefault(place, row)
        if before is row:
            self.digests.setdefault(row.digest, []).append(row)
        elif before.entry != row.entry:
            raise StorageFailed("an entry was to be replaced by another")

    def _keep(self, row: Keep) -> None:
        table = self.tables.setdefault(row.table, {})
        if row.key not in table:
            insort(self._keys.setdefault(row.table, []), row.key)
        table[row.key] = row.value

    def copy(self) -> MemoryLedger:
        """Return an independent ledger with the same rows: a backup, or one branch of a search."""
        other = MemoryLedger()
        other.take_over(self)
        return other

    def take_over(self, other: MemoryLedger) -> None:
        """Hold the same rows as another ledger, independently of it."""
        self.places = dict(other.places)
        self.digests = {digest: list(rows) for digest, rows in other.digests.items()}
        self.tables = {table: dict(values) for table, values in other.tables.items()}
        self._keys = {table: list(keys) for table, keys in other._keys.items()}

    def entry(self, line: LineId, author: StationId, generation: int, seq: int) -> Append | None:
        """Return the entry at a place, or None."""
        return self.places.get((line, author, generation, seq))

    def entries(self, line: LineId, author: StationId, generation: int, first: int, end: int) -> Iterator[Append]:
        """Return the entries held at places first to end - 1, in order."""
        for seq in range(first, end):
            row = self.places.get((line, author, generation, seq))
            if row is not None:
                yield row

    def find(self, line: LineId, beginning: bytes) -> Sequence[Append]:
        """Return the first entry to arrive of each digest that begins so, in the order of digests; two at most."""
        if beginning in self.digests:
            return [row for row in self.digests[beginning] if row.line == line][:1]
        found = (rows for digest, rows in sorted(self.digests.items()) if digest.startswith(beginning))
        firsts = (next((row for row in rows if row.line == line), None) for rows in found)
        return [row for row in firsts if row is not None][:2]

    def recent(self, line: LineId, count: int) -> Sequence[Append]:
        """Return the last entries of the line in the order of their arrival."""
        return [row for row in self.places.values() if row.line == line][-count:]

    def kept(self, table: str, beginning: bytes = b"") -> Iterator[tuple[bytes, bytes]]:
        """Return keys and values of a table under keys that begin so, in the order of keys."""
        keys, values = self._keys.get(table, []), self.tables.get(table, {})
        for key in keys[bisect_left(keys, beginning) :]:
            if not key.startswith(beginning):
                return
            yield key, values[key]


class SummedLedger(MemoryLedger):
    """A ledger in memory that knows at once whether it holds the same as another: `total` is then the same.

    total: the sum over all rows of 128 bits of a digest of each, so the order in which they came changes nothing.
    """

    def __init__(self) -> None:
        super().__init__()
        self.total = 0

    def commit(self, rows: Sequence[Row]) -> None:
        """Take the rows of one batch, and keep the sum."""
        for row in rows:
            if isinstance(row, Append):
                place = (row.line, row.author, row.generation, row.seq)
                before = self.places.get(place)
                self.total += 0 if before is not None else _weight(place, row.entry)
            else:
                held = self.tables.get(row.table, {}).get(row.key)
                self.total -= 0 if held is None else _weight((row.table, row.key), held)
                self.total += _weight((row.table, row.key), row.value) if isinstance(row, Keep) else 0
            super().commit((row,))

    def copy(self) -> SummedLedger:
        """Return an independent ledger with the same rows."""
        other = SummedLedger()
        other.take_over(self)
        other.total = self.total
        return other


def _weight(key: object, value: bytes) -> int:
    return int.from_bytes(blake2b(value, key=blake2b(repr(key).encode()).digest(), digest_size=16).digest(), "big")
