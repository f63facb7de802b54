"""Proofs: that a leaf is in a log, and that a log only grew.

One recursion serves all.  A subtree [start, end) is what RFC 9162's way of splitting makes in some tree: a leaf, all of
an earlier size, or another aligned range.  Its proof lists, from the subtree up, what else the root is made of:

    leaf at index            [index, index + 1)   inclusion proof    (RFC 9162, section 2.1.3)
    earlier tree of a size   [0, size)            consistency proof  (RFC 9162, section 2.1.4)
    any other                [start, end)         subtree proof      (draft-ietf-plants-merkle-tree-certs)
"""

from __future__ import annotations

from collections.abc import Sequence

from openline.errors import Forged, Misuse
from openline.tlog.tree import EMPTY_ROOT, HASH_BYTES, LeafAt, node_hash, root_from_hashes

SIZE_LIMIT = 1 << 64  # sizes are signed as eight bytes


def prove_inclusion(leaf_at: LeafAt, index: int, size: int) -> list[bytes]:
    """Return the proof that the leaf at `index` is in the tree of `size`.  Raises Misuse if it cannot be."""
    return prove_subtree(leaf_at, index, index + 1, size)


def prove_consistency(leaf_at: LeafAt, first: int, second: int) -> list[bytes]:
    """Return the proof that the tree of `second` leaves begins with that of `first`.  Raises Misuse if it cannot."""
    return prove_subtree(leaf_at, 0, first, second)


def prove_subtree(leaf_at: LeafAt, start: int, end: int, size: int) -> list[bytes]:
    """Return the proof that the subtree [start, end) is in the tree of `size`; asks for each other leaf once."""
    if not _is_subtree(start, end, size):
        raise Misuse(f"[{start}, {end}) is no subtree of a log of {size}", hint="Ask for entries that the log holds.")
    proof: list[bytes] = []
    base, known = 0, True
    while (start, end) != (0, size):
        middle = _split(size)
        if end <= middle:
            proof.append(_range_root(leaf_at, base + middle, base + size))
            size = middle
            continue
        proof.append(_range_root(leaf_at, base, base + middle))
        known = start >= middle  # a range that is cut begins at 0 of what is left, and stays cut
        start, end, base, size = max(0, start - middle), end - middle, base + middle, size - middle
    if not known:
        proof.append(_range_root(leaf_at, base, base + size))
    return proof[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Raise Forged (R61) unless the proof shows that the leaf hash stands at `index` under this root."""
    if len(leaf) != HASH_BYTES or not _holds(index, index + 1, size, proof, leaf, root):
        raise Forged("R61", "an inclusion proof does not lead from the entry to the root", index=index, size=size)


def verify_subtree_inclusion(
    leaf: bytes, index: int, start: int, end: int, proof: Sequence[bytes], root: bytes
) -> None:
    """Raise Forged (R61) unless the proof shows that the leaf hash stands at `index` in the subtree of this root."""
    if not _is_aligned(start, end):
        raise Forged("R61", "an inclusion proof is for a range that is no subtree", start=start, end=end)
    verify_inclusion(leaf, index - start, end - start, proof, root)


def verify_consistency(first: int, first_root: bytes, second: int, second_root: bytes, proof: Sequence[bytes]) -> None:
    """Raise Forged (R62) unless the proof shows that the second tree begins with the first, which is not empty."""
    if not _holds(0, first, second, proof, first_root, second_root):
        raise Forged("R62", "a consistency proof does not lead from the one root to the other", end=first, size=second)


def verify_subtree(start: int, end: int, size: int, subtree_root: bytes, root: bytes, proof: Sequence[bytes]) -> None:
    """Raise Forged (R62) unless the proof shows that [start, end) of the tree of `size` has this root.

    An empty range is in every tree: its root is EMPTY_ROOT and its proof is empty.
    """
    nothing = 0 <= start == end <= size and subtree_root == EMPTY_ROOT and not proof
    if not nothing and not _holds(start, end, size, proof, subtree_root, root):
        raise Forged("R62", "a consistency proof does not lead from the one root to the other", end=end, size=size)


def _is_aligned(start: int, end: int) -> bool:
    """Whether the range is a subtree of every tree of at least `end` leaves: it begins at a multiple of its width."""
    return 0 <= start < end and start % (1 << (end - start - 1).bit_length()) == 0


def _is_subtree(start: int, end: int, size: int) -> bool:
    return _is_aligned(start, end) and end <= size < SIZE_LIMIT


def _holds(start: int, end: int, size: int, proof: Sequence[bytes], subtree_root: bytes, root: bytes) -> bool:
    if not _is_subtree(start, end, size) or any(len(item) != HASH_BYTES for item in proof):
        return False
    left_over = list(proof)
    try:
        found = _roots(start, end, size, subtree_root, left_over)
    except IndexError:
        return False
    return not left_over and found == (subtree_root, root)


def _roots(start: int, end: int, size: int, known: bytes | None, proof: list[bytes]) -> tuple[bytes, bytes]:
    """Return the roots of [start, end) and of the tree of `size`; consumes the proof from its end.

    known: the root of the subtree if it is a node of the tree; None below a cut, where the proof must give it.
    """
    if (start, end) == (0, size):
        only = proof.pop() if known is None else known
        return only, only
    middle = _split(size)
    other = proof.pop()
    if end <= middle:
        part, whole = _roots(start, end, middle, known, proof)
        return part, node_hash(whole, other)
    if start >= middle:
        part, whole = _roots(start - middle, end - middle, size - middle, known, proof)
        return part, node_hash(other, whole)
    part, whole = _roots(0, end - middle, size - middle, None, proof)
    return node_hash(other, part), node_hash(other, whole)


def _split(size: int) -> int:
    """Return the largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


def _range_root(leaf_at: LeafAt, start: int, end: int) -> bytes:
    return root_from_hashes(leaf_at(index) for index in range(start, end))
