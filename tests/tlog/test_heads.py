"""Heads: what a cosigner signs is what C2SP tlog-cosignature says, and both signatures must be there and right."""

from dataclasses import replace

import pytest

from openline.errors import Forged, Inadmissible, Malformed, Misuse
from openline.identifiers import LineId, station_id
from openline.sessions import RealSuite
from openline.tlog import (
    Checkpoint,
    Cosigner,
    cosigner_name,
    decode_note,
    encode_note,
    head_note,
    origin,
    sign_head,
    verify_head,
    verify_note,
)
from openline.tlog.heads import ed25519_signed, mldsa44_signed
from openline.wire.payloads import Head, decode_head, encode_head

SUITE = RealSuite()
LINE = LineId(bytes(range(32)))
OWNER = station_id(1, 1)
GENERATION = 1_789_000_000
TIME = 1_790_000_000
ROOT = bytes([5]) * 32
SEEDS = {1: (bytes([1]) * 32, bytes([2]) * 32), 2: (bytes([3]) * 32, bytes([4]) * 32)}
CHECKPOINT = Checkpoint(origin(LINE, OWNER, GENERATION), 20, ROOT)


def cosigner(party: int) -> Cosigner:
    seed, head_seed = SEEDS[party]
    return Cosigner(cosigner_name(LINE, station_id(party, 1)), SUITE.public(seed), SUITE.head_public(head_seed))


def head_of(party: int, *, time: int = TIME, signed_before: int = 0) -> Head:
    seed, head_seed = SEEDS[party]
    name = cosigner_name(LINE, station_id(party, 1))
    log = (OWNER, GENERATION)
    return sign_head(SUITE, seed, head_seed, name, log, CHECKPOINT, time, signed_before=signed_before)


HEADS = {party: head_of(party) for party in SEEDS}


def test_a_log_and_a_cosigner_have_names_that_others_can_use() -> None:
    digits = LINE.hex()
    assert origin(LINE, OWNER, GENERATION) == f"openline/{digits}/1.1/1789000000"
    assert cosigner_name(LINE, station_id(2, 3)) == f"openline/{digits}/2.3"


def test_ed25519_signs_the_text_of_cosignature_v1() -> None:
    checkpoint = Checkpoint("example.com/behind-the-sofa", 20_852_163, bytes(32))
    expected = f"cosignature/v1\ntime 1679315147\n{checkpoint.text}"
    assert ed25519_signed(checkpoint, 1_679_315_147) == expected.encode()


def test_ml_dsa_44_signs_the_structure_of_subtree_v1() -> None:
    expected = b"subtree/v1\n\0" + b"\4name" + TIME.to_bytes(8, "big") + b"\6origin"
    expected += bytes(8) + (20).to_bytes(8, "big") + ROOT
    assert mldsa44_signed("name", Checkpoint("origin", 20, ROOT), TIME) == expected


@pytest.mark.parametrize("party", SEEDS)
def test_owner_and_receiver_cosign_alike_and_the_root_does_not_travel(party: int) -> None:
    head = decode_head(encode_head(HEADS[party]))
    assert len(encode_head(head)) == 2 + 4 + 1 + 8 + 64 + 2_420
    assert verify_head(SUITE, cosigner(party), LINE, head, ROOT) == CHECKPOINT


def test_a_head_of_another_log_root_line_cosigner_or_time_is_refused() -> None:
    head, who = HEADS[2], cosigner(2)
    attempts = [
        (who, LINE, head, bytes(32)),
        (who, LineId(bytes(32)), head, ROOT),
        (cosigner(1), LINE, head, ROOT),
        (who, LINE, replace(head, size=19), ROOT),
        (who, LINE, replace(head, time=TIME + 1), ROOT),
        (who, LINE, replace(head, station=station_id(1, 2)), ROOT),
        (who, LINE, replace(head, generation=GENERATION + 1), ROOT),
    ]
    for attempt in attempts:
        with pytest.raises(Forged):
            verify_head(SUITE, *attempt)


def test_the_post_quantum_signature_stands_alone_when_the_other_is_broken() -> None:
    """An Ed25519 forger still lacks the second; and the second binds the cosigner's name."""
    with pytest.raises(Forged) as caught:
        verify_head(SUITE, cosigner(2), LINE, replace(HEADS[2], mldsa44=HEADS[1].mldsa44), ROOT)
    assert caught.value.rule == "R43"
    with pytest.raises(Forged) as caught:
        verify_head(SUITE, replace(cosigner(2), name="openline/other"), LINE, HEADS[2], ROOT)
    assert caught.value.rule == "R43"


@pytest.mark.parametrize("time", [1, (1 << 63) - 1])
def test_a_head_may_be_of_the_first_second_and_of_the_last(time: int) -> None:
    assert verify_head(SUITE, cosigner(2), LINE, head_of(2, time=time), ROOT) == CHECKPOINT


@pytest.mark.parametrize("time", [0, 1 << 63])
def test_a_time_has_its_range_r67(time: int) -> None:
    with pytest.raises(Malformed) as caught:
        verify_head(SUITE, cosigner(2), LINE, replace(HEADS[2], time=time), ROOT)
    assert caught.value.rule == "R67"


@pytest.mark.parametrize("length", [1, 255])
def test_the_length_of_a_name_is_signed_in_one_byte(length: int) -> None:
    name = "x" * length
    assert mldsa44_signed(name, CHECKPOINT, TIME).startswith(b"subtree/v1\n\0" + bytes((length,)) + name.encode())


@pytest.mark.parametrize("name", ["", "x" * 256])
def test_a_name_has_1_to_255_bytes_r67(name: str) -> None:
    with pytest.raises(Malformed) as caught:
        mldsa44_signed(name, CHECKPOINT, TIME)
    assert caught.value.rule == "R67"


def test_a_cosigner_never_goes_back_to_a_smaller_log() -> None:
    head_of(2, signed_before=20)
    with pytest.raises(Misuse, match="smaller"):
        head_of(2, signed_before=21)


def test_a_note_carries_the_heads_of_both_to_a_third_party() -> None:
    note = head_note(CHECKPOINT, [(cosigner(party), HEADS[party]) for party in SEEDS])
    assert [line.name for line in note.signatures] == [cosigner(party).name for party in (1, 1, 2, 2)]
    read = decode_note(encode_note(note))
    for party in SEEDS:
        assert verify_note(SUITE, cosigner(party), read) == (CHECKPOINT, TIME)


def test_a_note_without_both_cosignatures_of_one_moment_is_refused_r68() -> None:
    note = head_note(CHECKPOINT, [(cosigner(1), HEADS[1])])
    first, second = note.signatures
    later = head_note(CHECKPOINT, [(cosigner(1), head_of(1, time=TIME + 1))]).signatures
    incomplete = [(first,), (second,), (first, later[1]), (replace(first, key_id=bytes(4)), second)]
    for lines in incomplete:
        with pytest.raises(Inadmissible) as caught:
            verify_note(SUITE, cosigner(1), replace(note, signatures=lines))
        assert caught.value.rule == "R68"
    with pytest.raises(Inadmissible):
        verify_note(SUITE, cosigner(2), note)


def test_a_note_over_another_checkpoint_is_refused() -> None:
    note = head_note(CHECKPOINT, [(cosigner(1), HEADS[1])])
    with pytest.raises(Forged):
        verify_note(SUITE, cosigner(1), replace(note, text=replace(CHECKPOINT, size=21).text))
    with pytest.raises(Malformed):
        verify_note(SUITE, cosigner(1), replace(note, text="no checkpoint\n"))
