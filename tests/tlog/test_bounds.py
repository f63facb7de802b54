"""The ends of what notes and proofs may hold, with the specification's own numbers."""

import pytest

from openline.errors import Forged, Malformed
from openline.tlog import (
    EMPTY_ROOT,
    Checkpoint,
    Note,
    NoteSignature,
    decode_checkpoint,
    decode_note,
    encode_note,
    verify_consistency,
)
from openline.tlog.proofs import verify_subtree

ROOT = bytes([7]) * 32
LINE = NoteSignature("alba", b"keyi", b"signature")


def test_a_note_holds_384_signatures_and_no_more_r64() -> None:
    fullest = Note("text\n", (LINE,) * 384)
    assert decode_note(encode_note(fullest)) == fullest
    with pytest.raises(Malformed, match="R64"):
        decode_note(encode_note(Note("text\n", (LINE,) * 385)))


def test_a_signature_line_begins_with_its_dash_r64() -> None:
    good = encode_note(Note("text\n", (LINE,)))
    with pytest.raises(Malformed, match="R64"):
        decode_note(good.replace("— ", ""))


def test_a_log_may_grow_below_two_to_the_64_r62() -> None:
    verify_consistency(1 << 63, ROOT, 1 << 63, ROOT, [])
    verify_consistency((1 << 64) - (1 << 63), ROOT, (1 << 64) - (1 << 63), ROOT, [])
    with pytest.raises(Forged, match="R62"):
        verify_consistency(1 << 64, ROOT, 1 << 64, ROOT, [])


def test_the_empty_range_is_in_every_tree_from_its_very_beginning() -> None:
    verify_subtree(0, 0, 5, EMPTY_ROOT, ROOT, [])
    verify_subtree(5, 5, 5, EMPTY_ROOT, ROOT, [])
    with pytest.raises(Forged):
        verify_subtree(6, 6, 5, EMPTY_ROOT, ROOT, [])


def test_a_checkpoint_has_a_size_below_two_to_the_64_r65() -> None:
    largest = Checkpoint("log", (1 << 64) - 1, ROOT)
    assert decode_checkpoint(largest.text) == largest
    with pytest.raises(Malformed, match="R65"):
        decode_checkpoint(Checkpoint("log", 1 << 64, ROOT).text)
