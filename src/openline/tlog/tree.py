"""The Merkle tree of RFC 9162, section 2.1, by its right edge: all that appending and the root need.

A `Tree` never changes: `append` returns the next one and shares what it can.  So the tree at each size that still waits
for a receipt can be kept for some bytes each, and a root is computed only when it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import NamedTuple

from openline.errors import Malformed

HASH_BYTES = 32
SIZE_BYTES = 8
EMPTY_ROOT = sha256(b"").digest()

LeafAt = Callable[[int], bytes]
"""Gives the leaf hash (32 bytes) at a position; called once for each position that a computation needs."""


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node (RFC 9162, section 2.1.1)."""
    return sha256(b"\1" + left + right).digest()


class Tree(NamedTuple):
    """A log of `size` leaves; `edge` holds the roots of its perfect subtrees, the largest first."""

    size: int = 0
    edge: tuple[bytes, ...] = ()

    def append(self, leaf: bytes) -> Tree:
        """Return the tree with one more leaf, given as its hash (`wire.entry.leaf_hash`)."""
        size, edge = self.size, self.edge
        full = size
        at = len(edge)
        while full & 1:  # each full subtree of one height makes one of the next
            at -= 1
            leaf = sha256(b"\1" + edge[at] + leaf).digest()
            full >>= 1
        return Tree(size + 1, (*edge[:at], leaf))

    def root(self) -> bytes:
        """Return the root (32 bytes)."""
        if not self.edge:
            return EMPTY_ROOT
        root = self.edge[-1]
        for left in self.edge[-2::-1]:
            root = node_hash(left, root)
        return root

    def encode(self) -> bytes:
        """Return size (8 bytes, big-endian) and edge: a row's value, or the peaks that a later member starts from."""
        return self.size.to_bytes(SIZE_BYTES, "big") + b"".join(self.edge)


def decode_tree(data: bytes) -> Tree:
    """Return the tree whose encoding is exactly `data`.  Raises Malformed (R60)."""
    size = int.from_bytes(data[:SIZE_BYTES], "big")
    if len(data) != SIZE_BYTES + HASH_BYTES * size.bit_count():
        raise Malformed("R60", "a tree is its size and one hash for each bit that is set in it")
    return Tree(size, tuple(data[at : at + HASH_BYTES] for at in range(SIZE_BYTES, len(data), HASH_BYTES)))


def tree_of(leaves: Iterable[bytes]) -> Tree:
    """Return the tree over these leaf hashes, in order."""
    tree = Tree()
    for leaf in leaves:
        tree = tree.append(leaf)
    return tree


def root_from_hashes(leaves: Iterable[bytes]) -> bytes:
    """Return the root over these leaf hashes, in order."""
    return tree_of(leaves).root()
