"""Every proof that is made verifies; every other leaf, place, size, root or hash does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.errors import Forged, Misuse
from openline.tlog import (
    EMPTY_ROOT,
    prove_consistency,
    prove_inclusion,
    prove_subtree,
    root_from_hashes,
    verify_consistency,
    verify_inclusion,
    verify_subtree,
    verify_subtree_inclusion,
)
from tests.tlog.test_tree import leaves_of

SIZE_MAX = 33
LEAVES = leaves_of(SIZE_MAX)
ROOTS = [root_from_hashes(LEAVES[:size]) for size in range(SIZE_MAX + 1)]


def leaf_at(index: int) -> bytes:
    return LEAVES[index]


def refused(verify: object, *arguments: object) -> str:
    assert callable(verify)
    with pytest.raises(Forged) as caught:
        verify(*arguments)
    return caught.value.rule


def test_every_leaf_of_every_size_is_proved() -> None:
    for size in range(1, SIZE_MAX + 1):
        for index in range(size):
            proof = prove_inclusion(leaf_at, index, size)
            assert len(proof) <= (size - 1).bit_length()
            verify_inclusion(LEAVES[index], index, size, proof, ROOTS[size])


def test_every_size_is_proved_to_begin_every_later_one() -> None:
    for second in range(1, SIZE_MAX + 1):
        for first in range(1, second + 1):
            proof = prove_consistency(leaf_at, first, second)
            verify_consistency(first, ROOTS[first], second, ROOTS[second], proof)


def test_every_aligned_range_is_proved() -> None:
    for size in range(1, SIZE_MAX + 1):
        for start in range(size):
            for end in range(start + 1, size + 1):
                if start % (1 << (end - start - 1).bit_length()) == 0:
                    root = root_from_hashes(LEAVES[start:end])
                    verify_subtree(start, end, size, root, ROOTS[size], prove_subtree(leaf_at, start, end, size))
                    inside = prove_inclusion(LEAVES[start:end].__getitem__, 0, end - start)
                    verify_subtree_inclusion(LEAVES[start], start, start, end, inside, root)


@given(st.integers(2, SIZE_MAX), st.data())
def test_another_leaf_place_size_root_or_hash_is_refused_r61(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof, root, leaf = prove_inclusion(leaf_at, index, size), ROOTS[size], LEAVES[index]
    wrong = data.draw(st.integers(0, len(proof) - 1))
    changed = [*proof[:wrong], bytes(32), *proof[wrong + 1 :]]
    attempts = [
        (bytes(32), index, size, proof, root),
        (leaf, (index + 1) % size, size, proof, root),
        (leaf, size, size, proof, root),
        (leaf, -1, size, proof, root),
        (leaf, index, size, proof, ROOTS[size - 1]),
        (leaf, index, size, changed, root),
        (leaf, index, size, proof[1:], root),
        (leaf, index, size, [*proof, root], root),
        (leaf, index, size, [root, *proof], root),
        (leaf[:31], index, size, proof, root),
        (leaf, index, 1 << 65, proof, root),
    ]
    for attempt in attempts:
        assert refused(verify_inclusion, *attempt) == "R61"


def test_an_inclusion_in_a_range_that_is_no_subtree_is_refused_r61() -> None:
    assert refused(verify_subtree_inclusion, LEAVES[1], 1, 1, 3, [LEAVES[2]], ROOTS[2]) == "R61"
    assert refused(verify_subtree_inclusion, LEAVES[1], 1, 2, 1, [], ROOTS[2]) == "R61"


def test_an_aligned_range_alone_shows_nothing_r61() -> None:
    """Leaf 2 is in [2, 4); no other leaf, place or root is, however well the range is aligned."""
    root = root_from_hashes(LEAVES[2:4])
    verify_subtree_inclusion(LEAVES[2], 2, 2, 4, [LEAVES[3]], root)
    for leaf, index, claimed in [(LEAVES[1], 2, root), (LEAVES[2], 3, root), (LEAVES[2], 2, ROOTS[2])]:
        assert refused(verify_subtree_inclusion, leaf, index, 2, 4, [LEAVES[3]], claimed) == "R61"


@given(st.integers(2, SIZE_MAX), st.data())
def test_a_log_that_was_rewritten_has_no_consistency_r62(second: int, data: st.DataObject) -> None:
    first = data.draw(st.integers(1, second - 1))
    proof = prove_consistency(leaf_at, first, second)
    rewritten = root_from_hashes([bytes(32), *LEAVES[1:first]])
    attempts = [
        (first, rewritten, second, ROOTS[second], proof),
        (first, ROOTS[first], second, ROOTS[second - 1], proof),
        (first, ROOTS[first], second, ROOTS[second], proof[1:]),
        (first, ROOTS[first], second, ROOTS[second], [*proof, bytes(32)]),
        (first, ROOTS[first], second, ROOTS[second], [proof[0][:31], *proof[1:]]),
        (second, ROOTS[second], first, ROOTS[first], proof),
        (0, EMPTY_ROOT, second, ROOTS[second], []),
    ]
    for attempt in attempts:
        assert refused(verify_consistency, *attempt) == "R62"


def test_an_empty_range_is_in_every_tree_and_proves_nothing_r62() -> None:
    verify_subtree(3, 3, 5, EMPTY_ROOT, ROOTS[5], [])
    for attempt in [(3, 3, 5, ROOTS[3], ROOTS[5], []), (3, 3, 5, EMPTY_ROOT, ROOTS[5], [bytes(32)])]:
        assert refused(verify_subtree, *attempt) == "R62"
    assert refused(verify_subtree, 6, 6, 5, EMPTY_ROOT, ROOTS[5], []) == "R62"


@pytest.mark.parametrize(("index", "size"), [(5, 5), (-1, 5), (0, 0)])
def test_what_is_not_in_the_log_is_not_proved(index: int, size: int) -> None:
    with pytest.raises(Misuse):
        prove_inclusion(leaf_at, index, size)


def test_a_proof_asks_for_each_other_leaf_once() -> None:
    asked: list[int] = []

    def asking(index: int) -> bytes:
        asked.append(index)
        return LEAVES[index]

    prove_inclusion(asking, 5, 21)
    assert sorted(asked) == [index for index in range(21) if index != 5]
