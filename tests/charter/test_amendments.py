"""Charters in force: the highest complete one, whatever order the files come in."""

from dataclasses import replace

import pytest

from openline.charter import Charter, LineDocuments, Outcome, SignedCharter, UnknownCharter, draft_charter
from openline.errors import Forged, Inadmissible
from openline.identifiers import LineId
from openline.ports import Keep
from openline.wire.payloads import DocumentClass
from tests.charter.world import (
    ALBA,
    BORA,
    CENDRA,
    NOON,
    RULES,
    SUITE,
    amendment,
    charter,
    first,
    member,
    opened,
    root,
    seed,
    signed,
)

BEFORE = first().charter


def bring(documents: LineDocuments, text: SignedCharter) -> Outcome:
    return documents.accept(DocumentClass.CHARTER, text.document(), SUITE, NOON).outcome


def second(number: int = 2, rate: int = 60) -> Charter:
    return amendment(first(), number, replace(RULES, entries_a_minute=rate))


def test_the_first_charter_is_in_force_when_all_have_signed() -> None:
    documents = LineDocuments(first().line)
    assert documents.charter_numbered(1) is None
    half = documents.accept(DocumentClass.CHARTER, signed(charter(), ALBA).document(), SUITE, NOON)
    assert (half.outcome, half.missing) == (Outcome.WAITING, ((BORA, 0),))
    assert documents.charter_numbered(1) is None
    assert [one.charter for one in documents.waiting()] == [charter()]
    documents.require_complete(first().digest[::-1])  # another one: nothing is held of it
    with pytest.raises(Inadmissible, match="R87: charter 1 is not in force: the signature of bora is missing"):
        documents.require_complete(documents.waiting()[0].digest)
    rest = documents.accept(DocumentClass.CHARTER, signed(charter(), BORA).document(), SUITE, NOON)
    assert (rest.outcome, rest.missing) == (Outcome.IN_FORCE, ())
    assert documents.charter == charter()
    assert documents.charter_numbered(1) == charter()
    assert documents.waiting() == ()
    documents.require_complete(first().digest)


def test_the_same_charter_again_changes_nothing() -> None:
    documents = opened()
    change = documents.accept(DocumentClass.CHARTER, first().document(), SUITE, NOON)
    assert (change.outcome, change.rows) == (Outcome.UNCHANGED, ())


def test_a_charter_of_another_line_is_refused_r89() -> None:
    with pytest.raises(Inadmissible, match=r"R89\b"):
        bring(LineDocuments(LineId(seed("elsewhere"))), first())
    with pytest.raises(Inadmissible, match=r"R89\b"):
        bring(opened(), signed(replace(second(), line=LineId(seed("elsewhere"))), before=BEFORE))


def test_an_amendment_waits_for_every_party_of_old_and_new_text() -> None:
    documents = opened()
    three = replace(second(), members=(*BEFORE.members, member(CENDRA)))
    half = signed(three, ALBA, BORA, before=BEFORE)
    change = documents.accept(DocumentClass.CHARTER, half.document(), SUITE, NOON)
    assert (change.outcome, change.missing) == (Outcome.WAITING, ((CENDRA, 0),))
    assert documents.charter == BEFORE
    assert bring(documents, signed(three, CENDRA, ALBA, before=BEFORE)) is Outcome.IN_FORCE
    assert documents.charter == three
    assert documents.charter_numbered(1) == BEFORE
    assert documents.terms(2)
    assert documents.terms(3) is None


def test_what_comes_before_its_predecessor_is_held_by_whoever_brings_it_r90() -> None:
    middle = signed(second(), before=BEFORE)
    last = signed(amendment(middle, 3), before=middle.charter)
    documents = opened()
    with pytest.raises(UnknownCharter, match=r"R90\b"):
        bring(documents, last)
    assert bring(documents, middle) is Outcome.IN_FORCE
    assert bring(documents, last) is Outcome.IN_FORCE


def test_a_waiting_charter_is_no_predecessor_r90() -> None:
    documents = opened()
    half = signed(second(), ALBA, before=BEFORE)
    assert bring(documents, half) is Outcome.WAITING
    with pytest.raises(UnknownCharter, match=r"R90\b"):
        bring(documents, signed(amendment(half, 3), before=half.charter))


def test_a_number_that_stalls_is_skipped() -> None:
    documents = opened()
    stalled = signed(second(2), ALBA, before=BEFORE)
    assert bring(documents, stalled) is Outcome.WAITING
    third = signed(second(3), before=BEFORE)
    assert bring(documents, third) is Outcome.IN_FORCE
    late = signed(second(2), BORA, before=BEFORE)
    assert bring(documents, late) is Outcome.KNOWN
    assert documents.charter == third.charter
    assert documents.charter_numbered(2) == stalled.charter


@pytest.mark.parametrize("number", [2, 11])
def test_a_number_not_above_its_predecessor_or_far_ahead_is_refused_r91(number: int) -> None:
    middle = signed(second(), before=BEFORE)
    documents = opened()
    bring(documents, middle)
    far = signed(amendment(middle, number, RULES), before=middle.charter)
    with pytest.raises(Inadmissible, match=r"R91\b"):
        bring(documents, far)
    assert bring(documents, signed(amendment(middle, 10), before=middle.charter)) is Outcome.IN_FORCE


def test_a_proposal_that_no_root_of_the_old_text_signed_is_refused_r92() -> None:
    outsiders = replace(second(), members=(*BEFORE.members, member(CENDRA)))
    with pytest.raises(Inadmissible, match=r"R92\b"):
        bring(opened(), signed(outsiders, CENDRA, before=BEFORE))
    with pytest.raises(Inadmissible, match=r"R92\b"):
        bring(opened(), draft_charter(second()))
    with pytest.raises(Inadmissible, match=r"R92\b"):
        bring(LineDocuments(first().line), draft_charter(charter()))
    usurped = draft_charter(replace(second(), members=(member(ALBA, 2), member(BORA))))
    with pytest.raises(Inadmissible, match=r"R92\b"):
        bring(opened(), usurped.signed_by(ALBA, root(ALBA, 2), BEFORE, SUITE))


def test_a_false_signature_counts_for_nothing_r86() -> None:
    half, other = signed(second(), ALBA, before=BEFORE), signed(second(rate=61), BORA, before=BEFORE)
    with pytest.raises(Forged, match=r"R86\b"):
        bring(opened(), half.merged(other.signatures))


def test_a_departed_party_agrees_with_its_former_root() -> None:
    three = signed(charter(ALBA, BORA, CENDRA))
    documents = LineDocuments(three.line)
    bring(documents, three)
    without = replace(amendment(three), members=(member(ALBA), member(BORA)))
    assert bring(documents, signed(without, CENDRA, before=three.charter)) is Outcome.WAITING
    assert bring(documents, signed(without, ALBA, BORA, before=three.charter)) is Outcome.IN_FORCE


def test_two_charters_with_one_number_and_root_prove_it_false() -> None:
    documents = opened()
    honest, lie = signed(second(), ALBA, before=BEFORE), signed(second(rate=61), ALBA, before=BEFORE)
    assert bring(documents, honest) is Outcome.WAITING
    change = documents.accept(DocumentClass.CHARTER, lie.document(), SUITE, NOON)
    assert change.outcome is Outcome.UNCHANGED
    assert [(proof.party, proof.number) for proof in change.contradictions] == [(ALBA, 2)]
    change.contradictions[0].check(root(ALBA).public(SUITE), SUITE)
    assert documents.contradictions() == change.contradictions
    assert [one.charter for one in documents.waiting()] == [honest.charter]


def test_a_false_root_does_not_keep_the_others_from_agreeing() -> None:
    documents = opened()
    lie, agreed = signed(second(rate=61), ALBA, before=BEFORE), signed(second(), before=BEFORE)
    assert bring(documents, lie) is Outcome.WAITING
    change = documents.accept(DocumentClass.CHARTER, agreed.document(), SUITE, NOON)
    assert change.outcome is Outcome.IN_FORCE
    assert [proof.party for proof in change.contradictions] == [ALBA]
    assert documents.charter == agreed.charter


def test_of_two_complete_charters_with_one_number_the_first_stays_and_all_roots_are_false() -> None:
    documents = opened()
    one, other = signed(second(), before=BEFORE), signed(second(rate=61), before=BEFORE)
    bring(documents, one)
    change = documents.accept(DocumentClass.CHARTER, other.document(), SUITE, NOON)
    assert [proof.party for proof in change.contradictions] == [ALBA, BORA]
    assert documents.charter == one.charter


def test_a_signature_that_was_held_before_is_no_contradiction() -> None:
    documents = opened()
    half = signed(second(), ALBA, before=BEFORE)
    bring(documents, half)
    change = documents.accept(DocumentClass.CHARTER, signed(second(), before=BEFORE).document(), SUITE, NOON)
    assert change.contradictions == ()


def test_a_newcomer_is_given_every_charter_in_order() -> None:
    documents = opened()
    middle = signed(second(), before=BEFORE)
    bring(documents, middle)
    bring(documents, signed(amendment(middle, 3), ALBA, before=middle.charter))
    newcomer = LineDocuments(first().line)
    for document in documents.charters_after(0):
        newcomer.accept(DocumentClass.CHARTER, document, SUITE, NOON)
    assert newcomer.charter == documents.charter == middle.charter
    assert newcomer.waiting() == documents.waiting()
    assert len(documents.charters_after(1)) == 2
    assert documents.missing(documents.waiting()[0]) == ((BORA, 0),)


def test_of_two_complete_charters_with_one_number_the_first_stays_after_a_restart_too() -> None:
    """Whichever digest is the lower, and with an amendment of it in force, which a restart must find again."""
    texts = [signed(second(rate=rate), before=BEFORE) for rate in (60, 61)]
    for one, other in (texts, texts[::-1]):
        documents, rows = LineDocuments(first().line), dict[bytes, bytes]()
        for text in (first(), one, other, signed(amendment(one, 3), before=one.charter)):
            change = documents.accept(DocumentClass.CHARTER, text.document(), SUITE, NOON)
            rows |= {row.key: row.value for row in change.rows if isinstance(row, Keep)}
        again = LineDocuments(first().line)
        again.restore(sorted(rows.items()))
        assert again.charter_numbered(2) == documents.charter_numbered(2) == one.charter
        assert again.charter == documents.charter == amendment(one, 3)
        assert again.contradictions() == documents.contradictions()
