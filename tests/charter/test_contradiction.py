"""A proof of contradiction stands by itself, and nothing else passes for one."""

from dataclasses import replace

import pytest

from openline.charter import ContradictionProof, RootSeeds, SignedCharter, decode_contradiction, draft_charter
from openline.errors import Forged, Rejected
from openline.identifiers import LineId
from openline.wire.cbor import Value, encode
from openline.wire.payloads import DocumentClass
from tests.charter.world import (
    ALBA,
    BORA,
    RULES,
    SUITE,
    amendment,
    first,
    member,
    root,
    roster,
    seed,
    signed,
    signed_roster,
)

BEFORE = first().charter
KEYS = root(ALBA).public(SUITE)


def proposal(rate: int, number: int = 2, signer: int = ALBA) -> SignedCharter:
    text = amendment(first(), number, replace(RULES, entries_a_minute=rate))
    return signed(text, signer, before=BEFORE)


def charters(first_one: SignedCharter, second: SignedCharter) -> ContradictionProof:
    return ContradictionProof(DocumentClass.CHARTER, ALBA, 2, first_one.document(), second.document())


def test_two_charters_or_rosters_of_one_number_prove_a_root_false() -> None:
    charters(proposal(1), proposal(2)).check(KEYS, SUITE)
    one, other = (signed_roster(roster(stations=stations)).document() for stations in ((1,), (1, 2)))
    proof = ContradictionProof(DocumentClass.ROSTER, ALBA, 1, one, other)
    proof.check(KEYS, SUITE)
    assert decode_contradiction(proof.encode()) == proof


def test_the_same_text_twice_proves_nothing_r111() -> None:
    with pytest.raises(Forged, match=r"R111\b"):
        charters(proposal(1), proposal(1)).check(KEYS, SUITE)


def test_texts_of_two_lines_prove_nothing_r111() -> None:
    elsewhere = replace(proposal(2).charter, line=LineId(seed("elsewhere")))
    other = draft_charter(elsewhere).signed_by(ALBA, root(ALBA), BEFORE, SUITE)
    with pytest.raises(Forged, match=r"R111\b"):
        charters(proposal(1), other).check(KEYS, SUITE)


def test_a_first_charter_of_each_line_proves_nothing_r111() -> None:
    other = draft_charter(replace(BEFORE, seed=seed("another line"))).signed_by(ALBA, root(ALBA), None, SUITE)
    proof = ContradictionProof(DocumentClass.CHARTER, ALBA, 1, first().document(), other.document())
    with pytest.raises(Forged, match=r"R111\b"):
        proof.check(KEYS, SUITE)


def test_another_number_or_signer_proves_nothing_r111() -> None:
    for other in (proposal(2, number=3), proposal(2, signer=BORA)):
        with pytest.raises(Forged, match=r"R111\b"):
            charters(proposal(1), other).check(KEYS, SUITE)


def test_another_root_is_not_proved_false_r86() -> None:
    with pytest.raises(Forged, match=r"R86\b"):
        charters(proposal(1), proposal(2)).check(root(BORA).public(SUITE), SUITE)


def test_a_root_that_was_replaced_is_still_answerable_r86() -> None:
    def renewed(rate: int) -> SignedCharter:
        text = amendment(first(), 2, replace(RULES, entries_a_minute=rate))
        result = draft_charter(replace(text, members=(member(ALBA, 2), member(BORA))))
        for seeds in (root(ALBA, 1), root(ALBA, 2)):
            result = result.signed_by(ALBA, seeds, BEFORE, SUITE)
        return result

    proof = charters(renewed(1), renewed(2))
    for generation in (1, 2):
        proof.check(root(ALBA, generation).public(SUITE), SUITE)
    with pytest.raises(Forged, match=r"R86\b"):
        proof.check(RootSeeds(seed("x"), seed("y")).public(SUITE), SUITE)


@pytest.mark.parametrize(
    "value",
    [[], [1, 1, 1, b"", b"", b""], [3, 1, 1, b"", b""], [1, 0, 1, b"", b""], [1, 1, 0, b"", b""], [1, 1, 1, "", b""]],
)
def test_a_proof_has_one_form_r111(value: Value) -> None:
    with pytest.raises(Rejected, match=r"R111\b"):
        decode_contradiction(encode(value))


def test_a_number_has_four_bytes_r111() -> None:
    largest = ContradictionProof(DocumentClass.ROSTER, ALBA, (1 << 32) - 1, b"one", b"other")
    assert decode_contradiction(largest.encode()) == largest
    with pytest.raises(Rejected, match=r"R111\b"):
        decode_contradiction(replace(largest, number=1 << 32).encode())
