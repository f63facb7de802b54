"""How much of one log is held: the longest gapless prefix, and single positions beyond it."""

from __future__ import annotations

from collections.abc import Iterable

from openline.limits import ENTRIES_BEYOND_GAP_MAX, FURTHER_MAX
from openline.tlog import Tree


class HeldLog:
    """What this station holds of one log: a tree over the prefix, leaf hashes beyond it.

    A position is `known` when it lies in the prefix or beyond it among those held.
    """

    def __init__(self, tree: Tree | None = None) -> None:
        self.tree = tree or Tree()
        self.beyond: dict[int, bytes] = {}

    @property
    def size(self) -> int:
        """Length of the gapless prefix: the first position that is missing."""
        return self.tree.size

    def knows(self, seq: int) -> bool:
        """Whether the entry at this position is held."""
        return seq < self.tree.size or seq in self.beyond

    def too_far(self, seq: int) -> bool:
        """Whether the position lies so far beyond the gap that only a flood would reach it."""
        return seq >= self.tree.size + ENTRIES_BEYOND_GAP_MAX

    def add(self, seq: int, leaf_hash: bytes) -> None:
        """Hold one more entry, not yet known; the prefix grows over all that follow without a gap."""
        self.beyond[seq] = leaf_hash
        while (following := self.beyond.pop(self.tree.size, None)) is not None:
            self.tree = self.tree.append(following)

    def further(self) -> list[int]:
        """Return the first positions held beyond the gap, as a receipt names them."""
        return sorted(self.beyond)[:FURTHER_MAX]

    def newest(self) -> list[int]:
        """Return the last positions held beyond the gap: what was presented, while one before it never may be."""
        return sorted(self.beyond)[-FURTHER_MAX:]


class Receipted:
    """How far one receiver has signed for our log in one state: our own tree at that size, and places beyond it."""

    def __init__(self, tree: Tree | None = None) -> None:
        self.tree = tree or Tree()
        self.further: set[int] = set()

    @property
    def size(self) -> int:
        """Length of the prefix that is signed for."""
        return self.tree.size

    def covers(self, seq: int) -> bool:
        """Whether a valid receipt covers this position."""
        return seq < self.tree.size or seq in self.further

    def advance(self, tree: Tree, further: Iterable[int]) -> None:
        """Take over a verified prefix and verified single positions."""
        if tree.size > self.tree.size:
            self.tree = tree
        self.further = {seq for seq in (*self.further, *further) if seq >= self.tree.size}
