"""Release by two, checked by whoever receives: each way to get round it has its own refusal."""

from dataclasses import replace

import pytest

from openline.charter import (
    ApprovalRule,
    ItemClass,
    Rules,
    StopNotice,
    UnknownCharter,
    UnknownOfficer,
    check_approvals,
    describe,
    make_stop,
)
from openline.charter.line import LineDocuments
from openline.errors import Rejected
from openline.identifiers import Digest
from openline.wire.entry import Approval, approval_signed
from openline.wire.payloads import DocumentClass
from openline.wire.statement import GENERATION_KIND, Authority, Statement, Status
from tests.charter.world import (
    ALBA,
    BORA,
    CENDRA,
    NEEDS_NONE,
    NEEDS_PRINCIPAL,
    NEEDS_TWO,
    NOON,
    SUITE,
    amendment,
    first,
    opened,
    root,
    roster,
    seed,
    signed,
    signed_roster,
    staffed,
)

DIGEST = Digest(seed("digest"))


def statement(kind: int, *, officer: int = 1, charter: int = 1, status: Status = Status.ACTUAL) -> Statement:
    return Statement(charter, NOON, kind, officer, None, status)


def by(*officers: int, party: int = ALBA, digest: Digest = DIGEST) -> tuple[Approval, ...]:
    text = approval_signed(first().line, party, digest)
    return tuple(Approval(number, SUITE.sign(seed("officer", party, number), text)) for number in officers)


def check(
    kind: int, approvals: tuple[Approval, ...], documents: LineDocuments | None = None, *, party: int = ALBA
) -> None:
    check_approvals(documents or staffed(), statement(kind), party, DIGEST, approvals, SUITE)


def rule(kind: int, approvals: tuple[Approval, ...], documents: LineDocuments | None = None) -> str:
    with pytest.raises(Rejected) as caught:
        check(kind, approvals, documents)
    return caught.value.rule


def test_two_officers_of_the_right_roles_release() -> None:
    check(NEEDS_TWO, by(1, 2))
    check(NEEDS_TWO, by(1, 3))
    check(NEEDS_TWO, by(2, 3))
    check(NEEDS_TWO, by(1, 2, party=BORA), party=BORA)


def test_a_kind_may_be_released_in_several_ways() -> None:
    check(NEEDS_PRINCIPAL, by(4))
    check(NEEDS_PRINCIPAL, by(2, 5))
    check(NEEDS_PRINCIPAL, by(3, 5))


def test_a_kind_of_one_person_needs_no_approval() -> None:
    check(NEEDS_NONE, ())


def test_one_approval_where_two_are_due_is_refused_r104() -> None:
    assert rule(NEEDS_TWO, by(1)) == "R104"
    assert rule(NEEDS_TWO, ()) == "R104"
    assert rule(NEEDS_PRINCIPAL, ()) == "R104"
    with pytest.raises(Rejected, match="1 of 2 approvals came; the charter asks for duty officer and releaser"):
        check(NEEDS_TWO, by(3))


def test_one_officer_s_two_roles_stand_for_one_officer_only_r110() -> None:
    """Officer 3 holds both roles that are asked for; who signs beside it must hold one of them."""
    assert rule(NEEDS_TWO, by(3, 4)) == "R110"
    assert rule(NEEDS_TWO, by(4, 3)) == "R110"


def test_under_a_charter_that_is_not_held_nothing_is_judged_r100() -> None:
    with pytest.raises(UnknownCharter) as caught:
        check_approvals(staffed(), statement(NEEDS_NONE, charter=9), ALBA, DIGEST, (), SUITE)
    assert caught.value.rule == "R100"


def test_more_approvals_than_asked_for_are_refused_r105() -> None:
    assert rule(NEEDS_NONE, by(1)) == "R105"
    assert rule(NEEDS_TWO, by(1, 2, 3)) == "R105"


def test_one_officer_twice_is_refused_r106() -> None:
    assert rule(NEEDS_TWO, by(3, 3)) == "R106"


def test_an_officer_whom_no_roster_lists_is_waited_for_r107() -> None:
    assert rule(NEEDS_TWO, by(1, 9)) == "R107"
    with pytest.raises(UnknownOfficer):
        check_approvals(staffed(), statement(NEEDS_NONE, officer=9), ALBA, DIGEST, (), SUITE)


def test_the_station_itself_is_no_officer() -> None:
    check_approvals(staffed(), statement(NEEDS_NONE, officer=0), ALBA, DIGEST, (), SUITE)


def test_a_stopped_officer_releases_nothing_r108() -> None:
    documents = staffed()
    notice = StopNotice(first().line, ALBA, ItemClass.OFFICER, 2)
    documents.accept(DocumentClass.STOP, make_stop(notice, root(ALBA), SUITE), SUITE, NOON)
    assert rule(NEEDS_TWO, by(1, 2), documents) == "R108"
    check(NEEDS_TWO, by(1, 3), documents)
    with pytest.raises(Rejected, match=r"R108\b"):
        check_approvals(documents, statement(NEEDS_NONE, officer=2), ALBA, DIGEST, (), SUITE)


def test_an_officer_who_left_the_roster_releases_nothing_r108() -> None:
    documents = staffed()
    text = signed_roster(roster(number=2, officers=(1,)))
    documents.accept(DocumentClass.ROSTER, text.document(), SUITE, NOON)
    assert rule(NEEDS_TWO, by(1, 2), documents) == "R108"


def test_an_officer_stopped_before_any_roster_came_is_stopped_r108() -> None:
    documents = opened()
    notice = StopNotice(first().line, ALBA, ItemClass.OFFICER, 2)
    documents.accept(DocumentClass.STOP, make_stop(notice, root(ALBA), SUITE), SUITE, NOON)
    with pytest.raises(Rejected, match=r"R108\b"):
        check_approvals(documents, statement(NEEDS_TWO, officer=2), ALBA, DIGEST, by(2, 3), SUITE)


def test_approvals_over_a_changed_text_are_refused_r109() -> None:
    assert rule(NEEDS_TWO, by(1, 2, digest=Digest(seed("another text")))) == "R109"
    one, two = by(1, 2)
    assert rule(NEEDS_TWO, (one, replace(two, signature=one.signature))) == "R109"


def test_the_other_partys_approval_is_none_of_ours_r109() -> None:
    assert rule(NEEDS_TWO, by(1, 2, party=BORA)) == "R109"


@pytest.mark.parametrize(
    ("kind", "officers"), [(NEEDS_TWO, (1, 4)), (NEEDS_PRINCIPAL, (2,)), (NEEDS_PRINCIPAL, (1, 5))]
)
def test_officers_of_other_roles_are_refused_r110(kind: int, officers: tuple[int, ...]) -> None:
    assert rule(kind, by(*officers)) == "R110"


def test_a_charter_not_held_here_is_waited_for_r100() -> None:
    with pytest.raises(UnknownCharter, match=r"R100\b"):
        check_approvals(staffed(), statement(NEEDS_NONE, charter=2), ALBA, DIGEST, (), SUITE)


def test_nobody_but_members_speaks_r101() -> None:
    with pytest.raises(Rejected, match=r"R101\b"):
        check(NEEDS_NONE, (), party=CENDRA)


def test_a_charter_may_allow_some_kinds_and_statuses_only_r102_r103() -> None:
    documents = staffed()
    text = replace(amendment(first()), kinds=(NEEDS_NONE,), statuses=(Status.EXERCISE, Status.TEST))
    documents.accept(DocumentClass.CHARTER, signed(text, before=first().charter).document(), SUITE, NOON)

    def judge(kind: int, status: Status) -> None:
        check_approvals(documents, statement(kind, charter=2, status=status), ALBA, DIGEST, (), SUITE)

    judge(NEEDS_NONE, Status.TEST)
    judge(GENERATION_KIND, Status.ACTUAL)
    with pytest.raises(Rejected, match=r"R102\b"):
        judge(NEEDS_TWO, Status.TEST)
    with pytest.raises(Rejected) as caught:
        judge(NEEDS_NONE, Status.ACTUAL)
    assert caught.value.rule == "R103"


def test_a_rule_with_the_empty_way_lets_one_person_speak_and_still_checks_what_came() -> None:
    documents = staffed()
    rule_of = ApprovalRule(NEEDS_TWO, ((), (Authority.DUTY_OFFICER, Authority.RELEASER)))
    text = amendment(first(), rules=Rules(approvals=(rule_of,)))
    documents.accept(DocumentClass.CHARTER, signed(text, before=first().charter).document(), SUITE, NOON)

    def judge(*officers: int) -> None:
        check_approvals(documents, statement(NEEDS_TWO, charter=2), ALBA, DIGEST, by(*officers), SUITE)

    judge()
    judge(1, 2)
    with pytest.raises(Rejected, match=r"R104\b"):
        judge(1)
    with pytest.raises(Rejected, match=r"R110\b"):
        judge(1, 4)


def test_the_ways_to_release_are_told_in_words() -> None:
    ways = ((Authority.DUTY_OFFICER, Authority.RELEASER), (Authority.PRINCIPAL,))
    assert describe(ways) == "duty officer and releaser, or principal"
    assert describe(((), *ways)) == "one person, or duty officer and releaser, or principal"
