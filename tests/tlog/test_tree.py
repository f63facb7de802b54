"""The tree by its right edge gives the roots of RFC 9162, whose own recursive definition is the oracle here."""

import doctest
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

import openline.tlog
from openline.errors import Malformed
from openline.tlog import EMPTY_ROOT, Tree, decode_tree, root_from_hashes, tree_of
from openline.wire.entry import leaf_hash

PUBLISHED_LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
PUBLISHED_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def leaves_of(count: int) -> list[bytes]:
    return [leaf_hash(number.to_bytes(4, "big")) for number in range(count)]


def root_by_definition(leaves: list[bytes]) -> bytes:
    """RFC 9162, section 2.1.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\1" + root_by_definition(leaves[:split]) + root_by_definition(leaves[split:])).digest()


def test_the_example_of_the_package_is_true() -> None:
    assert doctest.testmod(openline.tlog).failed == 0


def test_the_published_roots_of_certificate_transparency_are_reached() -> None:
    tree = Tree()
    for leaf, root in zip(PUBLISHED_LEAVES, PUBLISHED_ROOTS, strict=True):
        tree = tree.append(leaf_hash(bytes.fromhex(leaf)))
        assert tree.root().hex() == root


def test_every_size_to_130_has_the_root_of_the_definition() -> None:
    leaves = leaves_of(130)
    tree = Tree()
    assert tree.root() == EMPTY_ROOT == root_by_definition([])
    for count, leaf in enumerate(leaves, 1):
        tree = tree.append(leaf)
        assert (tree.size, tree.root()) == (count, root_by_definition(leaves[:count]))
    assert tree.root() == root_from_hashes(leaves)


def test_an_earlier_tree_stays_what_it_was() -> None:
    earlier = tree_of(leaves_of(7))
    root = earlier.root()
    earlier.append(bytes(32)).append(bytes(32))
    assert (earlier.size, earlier.root()) == (7, root)


@given(st.integers(0, 300))
def test_a_tree_comes_back_from_its_bytes_and_grows_on(count: int) -> None:
    tree = tree_of(leaves_of(count))
    again = decode_tree(tree.encode())
    assert again == tree
    assert again.append(bytes(32)).root() == tree.append(bytes(32)).root()


@given(st.binary(max_size=120))
def test_accepted_bytes_reencode_identically(data: bytes) -> None:
    try:
        tree = decode_tree(data)
    except Malformed:
        return
    assert tree.encode() == data


@pytest.mark.parametrize("data", [b"", bytes(7), bytes(9), bytes(7) + b"\3" + bytes(32), bytes(7) + b"\4" + bytes(64)])
def test_an_edge_has_one_hash_for_each_bit_of_the_size_r60(data: bytes) -> None:
    with pytest.raises(Malformed) as caught:
        decode_tree(data)
    assert caught.value.rule == "R60"
