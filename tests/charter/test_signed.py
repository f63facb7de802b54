"""Signing: by whoever must, and the missing signature has a name."""

from dataclasses import replace

import pytest

from openline.charter import draft_charter, merge_charters, read_charter, read_roster, sign_roster
from openline.charter.documents import Signer, pack
from openline.errors import Forged, Inadmissible, Misuse, Rejected
from openline.identifiers import LineId
from tests.charter.world import (
    ALBA,
    BORA,
    CENDRA,
    SUITE,
    amendment,
    charter,
    first,
    member,
    root,
    roster,
    signed,
    signed_roster,
)


def test_two_files_signed_apart_become_one_charter() -> None:
    draft = draft_charter(charter())
    by_alba = draft.signed_by(ALBA, root(ALBA), None, SUITE).document()
    by_bora = draft.signed_by(BORA, root(BORA), None, SUITE).document()
    merged = merge_charters(by_bora, by_alba)
    merged.verify(None, SUITE)
    merged.require_complete(None)
    assert read_charter(merged.document()) == merged
    assert merged.line == LineId(draft.digest)


def test_files_of_different_texts_are_not_merged() -> None:
    other = draft_charter(replace(charter(), languages=("ko", "en"), members=tuple(
        replace(one, names=one.names[::-1]) for one in charter().members
    )))  # fmt: skip
    with pytest.raises(Misuse, match="different charters"):
        merge_charters(first().document(), other.document())


def test_a_missing_signature_is_named_r87() -> None:
    half = signed(charter(), ALBA)
    assert half.missing(None) == ((BORA, Signer.PRESENT),)
    with pytest.raises(Inadmissible, match=r"R87.*the signature of bora is missing") as caught:
        half.require_complete(None)
    assert caught.value.facts == {"missing": [[BORA, 0]]}
    with pytest.raises(Inadmissible, match=r"R87.*the signatures of alba, bora are missing"):
        draft_charter(charter()).require_complete(None)


def test_a_signature_over_another_text_is_refused_r86() -> None:
    other = signed(charter(ALBA, BORA, CENDRA), ALBA)
    with pytest.raises(Forged, match=r"R86\b"):
        draft_charter(charter()).merged(other.signatures).verify(None, SUITE)


def test_a_signature_nobody_asked_for_is_refused_r88() -> None:
    stranger = signed(charter(ALBA, BORA, CENDRA), CENDRA).signatures
    with pytest.raises(Inadmissible, match=r"R88\b"):
        first().merged(stranger).verify(None, SUITE)


def test_a_root_that_is_not_in_the_text_cannot_sign_it() -> None:
    with pytest.raises(Misuse, match="asks for no signature"):
        draft_charter(charter()).signed_by(ALBA, root(BORA), None, SUITE)


def test_whoever_leaves_signs_as_well_r87() -> None:
    old = signed(charter(ALBA, BORA, CENDRA))
    without = replace(amendment(old), members=(member(ALBA), member(BORA)))
    half = signed(without, ALBA, BORA, before=old.charter)
    assert half.missing(old.charter) == ((CENDRA, Signer.FORMER),)
    with pytest.raises(Inadmissible, match="cendra's former root"):
        half.require_complete(old.charter)
    half.signed_by(CENDRA, root(CENDRA), old.charter, SUITE).require_complete(old.charter)


def test_whoever_changes_its_root_signs_with_both() -> None:
    renewed = replace(amendment(first()), members=(member(ALBA, 2), member(BORA)))
    before = first().charter
    result = draft_charter(renewed)
    for seeds in (root(ALBA, 2), root(ALBA, 1)):
        result = result.signed_by(ALBA, seeds, before, SUITE)
    result = result.signed_by(BORA, root(BORA), before, SUITE)
    result.verify(before, SUITE)
    result.require_complete(before)
    assert len(result.signatures) == 3


def test_a_second_signature_of_one_root_changes_nothing() -> None:
    again = first().signed_by(ALBA, root(ALBA), None, SUITE)
    assert again == first()


def test_a_roster_is_signed_by_its_own_party_alone_r87_r88() -> None:
    made = signed_roster(roster())
    made.verify(root(ALBA).public(SUITE), SUITE)
    assert read_roster(made.document()) == made
    with pytest.raises(Inadmissible, match=r"R87\b"):
        read_roster(pack(made.body, []))
    for signatures in ([replace(made.signature, party=BORA)], [made.signature, replace(made.signature, party=BORA)]):
        with pytest.raises(Inadmissible, match=r"R88\b"):
            read_roster(pack(made.body, signatures))
    with pytest.raises(Forged, match=r"R86\b"):
        made.verify(root(BORA).public(SUITE), SUITE)


def test_nobody_signs_a_roster_that_would_be_refused_r96() -> None:
    text = roster()
    forged = replace(text, officers=(replace(text.officers[0], possession=bytes(64)), *text.officers[1:]))
    with pytest.raises(Rejected, match=r"R96\b"):
        sign_roster(forged, root(ALBA), SUITE)
