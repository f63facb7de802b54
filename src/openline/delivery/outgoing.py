"""What one batch wants: rows and effects collected while its steps run.

Rows become durable together.  Until then an entry that was accepted in this batch is found here and not in the ledger.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from openline.identifiers import LineId, StationId, party_of
from openline.ports import Append, Batch, Effect, Forget, Keep, Ledger, Row

Place = tuple[LineId, StationId, int, int]  # line, author, generation, seq


RECENT_MAX = 1_024  # entries just accepted: their second copies, over the other relays, are on the way


class Outgoing:
    """Rows and effects of the batch under way, and a ledger that already contains them."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self._appends: dict[Place, Append] = {}
        self._recent: dict[Place, Append] = {}
        self._digests: dict[bytes, list[Append]] = {}
        self._small: dict[tuple[str, bytes], Row] = {}
        self._effects: list[Effect] = []

    def append(self, row: Append) -> None:
        """Make an entry durable at its place with this batch."""
        self._appends[row.line, row.author, row.generation, row.seq] = row
        self._digests.setdefault(row.digest, []).append(row)

    def keep(self, table: str, key: bytes, value: bytes) -> None:
        """Keep the latest value of a small thing."""
        self._small[table, key] = Keep(table, key, value)

    def forget(self, table: str, key: bytes) -> None:
        """Forget a small thing."""
        self._small[table, key] = Forget(table, key)

    def effect(self, effect: Effect) -> None:
        """Ask for an effect, after everything asked for before it."""
        self._effects.append(effect)

    def take(self) -> Batch:
        """Return the batch and begin the next."""
        batch = Batch((*self._appends.values(), *self._small.values()), tuple(self._effects))
        if self._appends:
            self._recent.update(self._appends)
            for place in list(islice(self._recent, max(0, len(self._recent) - RECENT_MAX))):
                del self._recent[place]
        self._appends, self._digests, self._small, self._effects = {}, {}, {}, []
        return batch

    # ------------------------------------------------------------ reading through the batch

    def entry(self, line: LineId, author: StationId, generation: int, seq: int) -> Append | None:
        """Return the entry at a place, from this batch or the ledger."""
        place = (line, author, generation, seq)
        known: Append | None = self._appends.get(place) or self._recent.get(place)
        return self.ledger.entry(line, author, generation, seq) if known is None else known

    def said_already(self, line: LineId, party: int, digest: bytes) -> list[Append]:
        """Return the entries of that party with exactly this digest, from the ledger (two at most) and this batch."""
        return [row for row in self.of_digest(line, digest) if party_of(row.author) == party]

    def of_digest(self, line: LineId, digest: bytes) -> list[Append]:
        """Return the entries of a line with exactly this digest, from the ledger (two at most) and this batch."""
        rows = [*self.ledger.find(line, digest), *self._digests.get(digest, ())]
        return [row for row in rows if row.line == line]

    def value(self, table: str, key: bytes) -> bytes | None:
        """Return the latest value of a small thing, from this batch or the ledger."""
        row = self._small.get((table, key))
        if row is not None:
            return row.value if isinstance(row, Keep) else None
        return next((value for found, value in self.ledger.kept(table, key) if found == key), None)

    def values(self, table: str, beginning: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Return keys and values of a table under keys that begin so, this batch included, in their order."""
        waiting = {key: row for (name, key), row in self._small.items() if name == table and key.startswith(beginning)}
        if not waiting:
            yield from self.ledger.kept(table, beginning)
            return
        found = dict(self.ledger.kept(table, beginning))
        for key, row in waiting.items():
            if isinstance(row, Keep):
                found[key] = row.value
            else:
                found.pop(key, None)
        yield from sorted(found.items())
