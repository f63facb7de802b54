"""Nobody has another's root shown as false: what is kept as a proof is one, by the party that it names."""

from dataclasses import replace

from openline.charter import Charter, LineDocuments, SignedCharter, draft_charter, sign_roster
from openline.wire.payloads import DocumentClass
from tests.charter.world import (
    ALBA,
    BORA,
    NOON,
    SUITE,
    amendment,
    first,
    member,
    opened,
    root,
    roster,
    signed,
    signed_roster,
)

BEFORE = first().charter


def bring(documents: LineDocuments, text: SignedCharter) -> None:
    documents.accept(DocumentClass.CHARTER, text.document(), SUITE, NOON)


def exchanged() -> Charter:
    """A text in which Alba and Bora have exchanged their numbers."""
    members = (replace(member(BORA), party=ALBA), replace(member(ALBA), party=BORA))
    return replace(amendment(first()), members=members)


def test_a_root_that_signs_under_another_s_number_too_proves_only_itself_false() -> None:
    """Bora signs one text as itself, then one in which its root stands under Alba's number: Alba has signed nothing."""
    documents = opened()
    bring(documents, signed(amendment(first()), BORA, before=BEFORE))
    lie = (
        draft_charter(exchanged()).signed_by(ALBA, root(BORA), BEFORE, SUITE).signed_by(BORA, root(BORA), BEFORE, SUITE)
    )
    bring(documents, lie)
    assert [proof.party for proof in documents.contradictions()] == [BORA]
    for proof in documents.contradictions():
        proof.check(root(proof.party).public(SUITE), SUITE)


def test_rosters_of_one_number_by_the_root_before_and_the_one_after_prove_nobody_false() -> None:
    """A thief has the old root and signs a roster; the party renews its root and signs one of the same number."""
    documents = opened()
    documents.accept(DocumentClass.ROSTER, signed_roster(roster(ALBA, 2, officers=(1,))).document(), SUITE, NOON)
    renewed = replace(amendment(first()), members=(member(ALBA, 2), member(BORA)))
    both = (
        draft_charter(renewed).signed_by(ALBA, root(ALBA), BEFORE, SUITE).signed_by(ALBA, root(ALBA, 2), BEFORE, SUITE)
    )
    bring(documents, both.signed_by(BORA, root(BORA), BEFORE, SUITE))
    assert documents.charter == renewed
    ours = sign_roster(roster(ALBA, 2), root(ALBA, 2), SUITE)
    change = documents.accept(DocumentClass.ROSTER, ours.document(), SUITE, NOON)
    assert (change.contradictions, documents.contradictions()) == ((), ())
