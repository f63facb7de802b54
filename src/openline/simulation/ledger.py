"""A ledger in memory: what a disk would hold, with what is not yet synced kept apart by its owner."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator, Sequence

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
        other.places = dict(self.places)
        other.digests = {digest: list(rows) for digest, rows in self.digests.items()}
        other.tables = {table: dict(values) for table, values in self.tables.items()}
        other._keys = {table: list(keys) for table, keys in self._keys.items()}
        return other

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
