"""The ends of what notes and proofs may hold, with the specification's own numbers."""

from dataclasses import replace

import pytest

from openline.errors import Forged, Malformed
from openline.tlog import (
    EMPTY_ROOT,
    Checkpoint,
    LogProof,
    Note,
    NoteSignature,
    decode_checkpoint,
    decode_log_proof,
    decode_note,
    encode_log_proof,
    encode_note,
    verify_consistency,
    verify_inclusion,
)
from openline.tlog.proofs import verify_subtree, verify_subtree_inclusion
from openline.tlog.tree import node_hash

ROOT = bytes([7]) * 32
LINE = NoteSignature("alba", b"keyi", b"signature")


def test_a_note_holds_384_signatures_and_no_more_r64() -> None:
    fullest = Note("text\n", (LINE,) * 384)
    assert decode_note(encode_note(fullest)) == fullest
    with pytest.raises(Malformed, match=r"R64\b"):
        decode_note(encode_note(Note("text\n", (LINE,) * 385)))


def test_a_note_holds_two_million_characters_and_no_more_r64() -> None:
    around = len(encode_note(Note("\n", (LINE,))))
    longest = Note("x" * (2_000_000 - around) + "\n", (LINE,))
    assert decode_note(encode_note(longest)) == longest
    with pytest.raises(Malformed, match=r"R64\b"):
        decode_note("x" + encode_note(longest))


def test_a_signature_line_begins_with_its_dash_r64() -> None:
    good = encode_note(Note("text\n", (LINE,)))
    with pytest.raises(Malformed, match=r"R64\b"):
        decode_note(good.replace("— ", ""))


def test_a_log_may_grow_below_two_to_the_64_r62() -> None:
    verify_consistency(1 << 63, ROOT, 1 << 63, ROOT, [])
    verify_consistency((1 << 64) - (1 << 63), ROOT, (1 << 64) - (1 << 63), ROOT, [])
    with pytest.raises(Forged, match=r"R62\b"):
        verify_consistency(1 << 64, ROOT, 1 << 64, ROOT, [])


def test_the_empty_range_is_in_every_tree_from_its_very_beginning() -> None:
    verify_subtree(0, 0, 5, EMPTY_ROOT, ROOT, [])
    verify_subtree(5, 5, 5, EMPTY_ROOT, ROOT, [])
    with pytest.raises(Forged):
        verify_subtree(6, 6, 5, EMPTY_ROOT, ROOT, [])


def test_a_checkpoint_has_a_size_below_two_to_the_64_r65() -> None:
    largest = Checkpoint("log", (1 << 64) - 1, ROOT)
    assert decode_checkpoint(largest.text) == largest
    with pytest.raises(Malformed, match=r"R65\b"):
        decode_checkpoint(Checkpoint("log", 1 << 64, ROOT).text)


def test_a_checkpoint_ends_with_its_third_line_r65() -> None:
    text = Checkpoint("log", 5, ROOT).text
    with pytest.raises(Malformed, match=r"R65\b"):
        decode_checkpoint(text + "more")


def test_a_proof_holds_64_hashes_and_no_more_r66() -> None:
    fullest = LogProof(5, (ROOT,) * 64, Note("text\n", (LINE,)))
    assert decode_log_proof(encode_log_proof(fullest)) == fullest
    with pytest.raises(Malformed, match=r"R66\b"):
        decode_log_proof(encode_log_proof(replace(fullest, hashes=(ROOT,) * 65)))


@pytest.mark.parametrize("text", ["c2sp.org/tlog-proof@v1", "c2sp.org/tlog-proof@v1\nindex 5"])
def test_a_proof_that_ends_before_its_note_is_no_proof_r66(text: str) -> None:
    with pytest.raises(Malformed, match=r"R66\b"):
        decode_log_proof(text)


def test_a_range_that_is_no_subtree_holds_nothing_r61() -> None:
    """A pair of leaves is a subtree from an even place only; from an odd one its root is no node of any tree."""
    first, second = ROOT, bytes([8]) * 32
    root = node_hash(first, second)
    verify_subtree_inclusion(first, 2, 2, 4, [second], root)
    with pytest.raises(Forged, match=r"R61\b"):
        verify_subtree_inclusion(first, 1, 1, 3, [second], root)


def test_hashes_that_are_cut_elsewhere_prove_nothing_r62() -> None:
    """The same 64 bytes, divided as 31 and 33, hash to the same root."""
    first, second = ROOT, bytes([8]) * 32
    both = first + second
    verify_subtree(0, 1, 2, first, node_hash(first, second), [second])
    with pytest.raises(Forged, match=r"R62\b"):
        verify_subtree(0, 1, 2, both[:31], node_hash(first, second), [both[31:]])
    # With a tree of one leaf there is no hash to be cut: there the leaf is looked at by itself.
    verify_inclusion(first, 0, 1, [], first)
    with pytest.raises(Forged, match=r"R61\b"):
        verify_inclusion(both, 0, 1, [], both)


def test_an_empty_tree_is_the_beginning_of_none_r62() -> None:
    with pytest.raises(Forged, match=r"R62\b"):
        verify_consistency(0, ROOT, 0, ROOT, [])
    with pytest.raises(Forged, match=r"R62\b"):
        verify_subtree(-1, -1, 5, EMPTY_ROOT, ROOT, [])
