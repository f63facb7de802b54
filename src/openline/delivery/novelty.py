"""Which words cannot have been said on the line before: known from their authored time alone, without the ledger.

Every entry that is accepted must be compared with all that was ever said, because one digest is shown once.  A look
into the ledger costs as much as a tenth of all the work on an entry.  What is authored later than everything that stood
in the ledger when this run began can only repeat something of this run; and that is remembered here.
"""

from __future__ import annotations

REMEMBERED_MAX = 16_384  # digests of this run; beyond it the oldest goes, and the ledger is asked about its time


class Novelty:
    """The digests of this run, and the time up to which only the ledger knows."""

    def __init__(self, newest: int) -> None:
        """newest: the latest authored time (UTC seconds) of any entry of the line that is durable already."""
        self.newest = newest
        self._floor = newest
        self._remembered: dict[bytes, int] = {}

    def is_new(self, digest: bytes, authored: int) -> bool:
        """Whether this digest was certainly never accepted; False says nothing: ask the ledger."""
        return authored > self._floor and digest not in self._remembered

    def accepted(self, digest: bytes, authored: int) -> None:
        """Remember an entry that has just taken its place."""
        self.newest = max(self.newest, authored)
        if authored <= self._floor:
            return
        self._remembered[digest] = authored
        if len(self._remembered) > REMEMBERED_MAX:
            oldest = next(iter(self._remembered))
            self._floor = max(self._floor, self._remembered.pop(oldest))
