"""A root that signs proposal after proposal fills nobody's disk, whomever its texts name besides."""

from dataclasses import replace

from openline.charter import draft_charter
from openline.ports import Keep
from openline.wire.payloads import DocumentClass
from tests.charter.world import BORA, CENDRA, NOON, SUITE, amendment, first, member, opened, root, seed


def test_a_false_root_with_members_of_its_own_making_has_nothing_more_held() -> None:
    documents = opened()
    kept = 0
    for number in range(5):
        made_up = replace(member(CENDRA), root=root(CENDRA, 50 + number).public(SUITE))
        before = first().charter
        text = replace(amendment(first()), seed=seed("text", number), members=(*before.members, made_up))
        proposal = draft_charter(text).signed_by(BORA, root(BORA), before, SUITE)
        proposal = proposal.signed_by(CENDRA, root(CENDRA, 50 + number), before, SUITE)
        change = documents.accept(DocumentClass.CHARTER, proposal.document(), SUITE, NOON)
        kept += sum(isinstance(row, Keep) and row.key[32] == DocumentClass.CHARTER for row in change.rows)
    assert kept == 1
    assert len(documents.waiting()) == 1
