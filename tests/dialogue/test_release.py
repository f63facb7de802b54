"""Release by two: nothing goes out before all who must have approved exactly this text."""

from __future__ import annotations

from dataclasses import replace

import pytest

from openline.dialogue import (
    Approver,
    Draft,
    DraftState,
    NotReleased,
    Releases,
    Seal,
    UnknownMessage,
)
from openline.dialogue.release import DRAFTS_MAX, OVER_MAX, TABLE
from openline.dialogue.rules import WHO
from openline.errors import Misuse
from openline.identifiers import Digest, OfficerNumber, StationId
from openline.limits import APPROVALS_MAX
from openline.wire.cbor import encode
from openline.wire.entry import unpack_approvals
from openline.wire.statement import Authority, PrincipalApproved, encode_statement
from tests.dialogue.kit import ALBA, BASE, DELEGATE, DUTY, RELEASER, Writer

TEXT = Writer(ALBA).say("T1", BASE, {"text": "first"})
OTHER = Writer(ALBA).say("T1", BASE, {"text": "second"})
DRAFTER = OfficerNumber(2)


def seal(approver: Approver) -> Seal:
    return Seal(approver, bytes((approver.officer,)) * 64, BASE)


@pytest.fixture
def releases() -> Releases:
    return Releases()


def begin(releases: Releases, number: int = 1) -> Draft:
    digest = TEXT.digest if number == 1 else Digest(number.to_bytes(32, "big"))
    return releases.begin(number, TEXT.data, digest, DRAFTER, WHO["2"])


def test_two_approvals_make_a_draft_ready_and_it_goes_out_with_them_in_order(releases: Releases) -> None:
    assert begin(releases).state is DraftState.WAITING
    assert releases.approve(1, TEXT.digest, seal(RELEASER)).state is DraftState.WAITING
    draft = releases.approve(1, TEXT.digest, seal(DUTY))
    assert (draft.state, draft.missing) == (DraftState.READY, "")
    data, approvals = releases.release(1)
    assert data == TEXT.data
    assert [each.officer for each in unpack_approvals(approvals)] == [2, 9]
    assert releases.drafts() == ()


def test_where_one_person_is_enough_a_draft_is_ready_at_once(releases: Releases) -> None:
    assert releases.begin(1, TEXT.data, TEXT.digest, DRAFTER, ()).state is DraftState.READY
    assert releases.change(1, OTHER.data, OTHER.digest).state is DraftState.READY
    assert releases.release(1) == (OTHER.data, b"")


def test_one_approval_does_not_release_and_the_hint_says_who_is_missing(releases: Releases) -> None:
    begin(releases)
    draft = releases.approve(1, TEXT.digest, seal(DUTY))
    assert draft.missing == "duty officer and releaser"
    with pytest.raises(NotReleased) as raised:
        releases.release(1)
    assert raised.value.hint == "It lacks duty officer and releaser."


def test_the_same_officer_never_approves_twice(releases: Releases) -> None:
    begin(releases)
    releases.approve(1, TEXT.digest, seal(DUTY))
    both = Approver(DUTY.officer, (Authority.DUTY_OFFICER, Authority.RELEASER))
    with pytest.raises(NotReleased, match="approved already"):
        releases.approve(1, TEXT.digest, seal(both))


def test_an_officer_whose_role_is_not_asked_for_cannot_approve(releases: Releases) -> None:
    begin(releases)
    with pytest.raises(NotReleased, match="not asked for") as raised:
        releases.approve(1, TEXT.digest, seal(DELEGATE))
    assert raised.value.hint == "It takes duty officer and releaser."


def test_a_changed_text_voids_every_approval(releases: Releases) -> None:
    begin(releases)
    for approver in (DUTY, RELEASER):
        releases.approve(1, TEXT.digest, seal(approver))
    draft = releases.change(1, OTHER.data, OTHER.digest)
    assert (draft.state, draft.seals, draft.voided) == (DraftState.WAITING, (), 2)
    with pytest.raises(NotReleased, match="another text"):
        releases.approve(1, TEXT.digest, seal(DUTY))


def test_a_refused_draft_needs_another_text(releases: Releases) -> None:
    begin(releases)
    draft = releases.refuse(1, RELEASER.officer, "the place is wrong")
    assert (draft.state, draft.refused_by, draft.reason) == (DraftState.REFUSED, 9, "the place is wrong")
    with pytest.raises(NotReleased) as raised:
        releases.approve(1, TEXT.digest, seal(DUTY))
    assert raised.value.hint == "Officer 9 refused it: change the text first."
    assert releases.change(1, OTHER.data, OTHER.digest).state is DraftState.WAITING


def test_a_ready_draft_takes_no_further_approval_but_may_still_be_refused(releases: Releases) -> None:
    begin(releases)
    for approver in (DUTY, RELEASER):
        releases.approve(1, TEXT.digest, seal(approver))
    third = Approver(OfficerNumber(11), (Authority.RELEASER,))
    with pytest.raises(NotReleased) as raised:
        releases.approve(1, TEXT.digest, seal(third))
    assert "every approval already" in raised.value.hint
    assert releases.refuse(1, DUTY.officer, "x" * 1_000).state is DraftState.REFUSED


def test_approvals_that_fill_no_seat_stay_at_home(releases: Releases) -> None:
    """A principal approves first, then a delegate and the releaser: two of the three go out, as receivers demand."""
    releases.begin(1, TEXT.data, TEXT.digest, DRAFTER, WHO["H"])
    principal = Approver(OfficerNumber(1), (Authority.PRINCIPAL,))
    for approver in (principal, DELEGATE, RELEASER):
        releases.approve(1, TEXT.digest, seal(approver))
    _, approvals = releases.release(1)
    assert len(unpack_approvals(approvals)) == 2


def test_no_draft_gathers_more_approvals_than_an_entry_can_carry(releases: Releases) -> None:
    releases.begin(1, TEXT.data, TEXT.digest, DRAFTER, WHO["2"])
    for officer in range(20, 20 + APPROVALS_MAX):
        releases.approve(1, TEXT.digest, seal(Approver(OfficerNumber(officer), (Authority.DUTY_OFFICER,))))
    with pytest.raises(NotReleased):
        releases.approve(1, TEXT.digest, seal(RELEASER))


def test_drafts_survive_a_restart_and_the_released_are_gone(releases: Releases) -> None:
    begin(releases)
    begin(releases, 2)
    begin(releases, 3)
    releases.approve(1, TEXT.digest, seal(DUTY))
    said = encode_statement(replace(TEXT.statement, principal=PrincipalApproved.YES))
    releases.change(2, said, OTHER.digest)
    releases.refuse(2, RELEASER.officer, "no")
    rows = releases.rows()
    assert releases.rows() == []
    releases.drop(3)
    rows = [row for row in rows if row[1] != (3).to_bytes(4, "big")] + releases.rows()
    again = Releases()
    again.restore([*rows, ("said", b"", b"")])
    assert again.drafts() == releases.drafts()


@pytest.mark.parametrize(
    "row",
    [
        encode([]),
        encode([b"", b"", 2, [1], "READY", [], 0, "", 0, 0]),
        encode([b"", b"", 2, [], "READY", [1], 0, "", 0, 0]),
    ],
)
def test_a_row_that_was_not_made_here_is_refused(row: bytes) -> None:
    with pytest.raises(Misuse, match="not of its form"):
        Releases().restore([(TABLE, b"\0\0\0\1", row)])


def test_numbers_are_used_once_and_drafts_are_limited(releases: Releases) -> None:
    begin(releases)
    with pytest.raises(Misuse):
        begin(releases)
    for number in range(2, DRAFTS_MAX + 1):
        begin(releases, number)
    with pytest.raises(Misuse, match=str(DRAFTS_MAX)):
        begin(releases, DRAFTS_MAX + 1)
    for act in (releases.draft, releases.release, releases.drop):
        with pytest.raises(UnknownMessage):
            act(9_999)


# ---------------------------------------------------------------- with the party's other stations

HERE, THERE = StationId(0x0101), StationId(0x0102)
REFUSAL = OfficerNumber(9), "the place is wrong"
NO_REFUSAL = OfficerNumber(0), ""


def at(me: StationId, home: StationId) -> Releases:
    """One station's drafts, with one that was written at `home`."""
    releases = Releases(me)
    releases.begin(1, TEXT.data, TEXT.digest, DRAFTER, WHO["2"], home)
    return releases


def test_only_the_station_where_it_was_drafted_says_changes_or_drops_it() -> None:
    there = at(THERE, HERE)
    for approver in (DUTY, RELEASER):
        there.approve(1, TEXT.digest, seal(approver))
    assert there.draft(1).state is DraftState.READY
    assert there.ready() == ()
    for act in (there.release, there.drop, lambda number: there.change(number, OTHER.data, OTHER.digest)):
        with pytest.raises(NotReleased, match="another station"):
            act(1)
    assert at(HERE, HERE).is_ours(at(HERE, HERE).draft(1))


def test_whoever_is_told_first_both_come_to_the_same() -> None:
    here, there = at(HERE, HERE), at(THERE, HERE)
    here.approve(1, TEXT.digest, seal(DUTY))
    there.approve(1, TEXT.digest, seal(RELEASER))
    first = here.join(here.draft(1), there.draft(1).seals, NO_REFUSAL, HERE, WHO["2"])
    second = there.join(there.draft(1), here.draft(1).seals, NO_REFUSAL, HERE, WHO["2"])
    assert first == second
    assert first.state is DraftState.READY
    assert here.ready() == (first,)
    here.take_untold()
    assert here.join(first, second.seals, NO_REFUSAL, HERE, WHO["2"]) is first, "nothing new"
    assert here.take_untold() == ()


def test_a_refusal_stands_and_of_two_the_lower_officer_s() -> None:
    here = at(HERE, HERE)
    refused = here.join(here.draft(1), (seal(DUTY), seal(RELEASER)), REFUSAL, HERE, WHO["2"])
    assert (refused.state, refused.refused_by) == (DraftState.REFUSED, 9)
    again = here.join(refused, (), (OfficerNumber(2), "no"), HERE, WHO["2"])
    assert (again.refused_by, again.reason) == (2, "no")
    assert here.join(again, (), NO_REFUSAL, HERE, WHO["2"]).state is DraftState.REFUSED


def test_a_refusal_without_a_reason_is_one() -> None:
    here = at(HERE, HERE)
    for refused in ((OfficerNumber(9), ""), NO_REFUSAL):
        joined = here.join(here.draft(1), (), refused, HERE, WHO["2"])
        assert (joined.state, joined.refused_by) == (DraftState.REFUSED, 9)


def test_what_other_stations_approved_makes_a_draft_ready_when_all_who_must_have_approved() -> None:
    here = at(HERE, HERE)
    assert here.join(here.draft(1), (seal(DUTY),), NO_REFUSAL, HERE, WHO["2"]).state is DraftState.WAITING
    assert here.join(here.draft(1), (seal(RELEASER),), NO_REFUSAL, HERE, WHO["2"]).state is DraftState.READY


def test_where_one_person_is_enough_it_takes_that_one_and_no_station_approves() -> None:
    here = at(HERE, HERE)
    assert here.join(here.draft(1), (), NO_REFUSAL, HERE, ()).state is DraftState.WAITING


def test_the_approval_of_an_officer_who_has_ended_is_taken_back() -> None:
    here = at(HERE, HERE)
    for approver in (DUTY, RELEASER):
        here.approve(1, TEXT.digest, seal(approver))
    here.retract({RELEASER.officer})
    assert (here.draft(1).state, len(here.draft(1).seals)) == (DraftState.WAITING, 1)
    here.refuse(1, DUTY.officer, "no")
    here.retract({DUTY.officer})
    assert here.draft(1).state is DraftState.REFUSED
    here.retract({DUTY.officer})


def test_what_the_others_approved_is_enough_still_when_one_of_more_than_it_takes_has_ended() -> None:
    here = at(HERE, HERE)
    draft = here.draft(1)
    third = replace(DUTY, officer=OfficerNumber(44))
    here.join(draft, [seal(DUTY), seal(RELEASER), seal(third)], NO_REFUSAL, draft.home, draft.needed)
    here.retract({third.officer})
    assert [each.state for each in here.drafts()] == [DraftState.READY]
    here.retract({DUTY.officer})
    assert [each.state for each in here.drafts()] == [DraftState.WAITING]


def test_what_is_over_stays_over_also_after_a_restart_and_so_many_are_remembered() -> None:
    releases = Releases(HERE)
    for number in range(1, OVER_MAX + 3):
        digest = Digest(number.to_bytes(32, "big"))
        releases.begin(number, TEXT.data, digest, DRAFTER, WHO["2"])
        releases.end(digest)
        releases.end(digest)
    again = Releases(HERE)
    again.restore(releases.rows())
    for known in (releases, again):
        assert [known.is_over(Digest(number.to_bytes(32, "big"))) for number in (1, 2, 3)] == [False, False, True]
        with pytest.raises(Misuse, match="already"):
            known.begin(5_000, TEXT.data, Digest((3).to_bytes(32, "big")), DRAFTER, WHO["2"])
    assert again.of(Digest((3).to_bytes(32, "big"))) is None


def test_a_draft_that_could_not_be_said_is_over_no_more() -> None:
    here = at(HERE, HERE)
    before = here.draft(1)
    for approver in (DUTY, RELEASER):
        here.approve(1, TEXT.digest, seal(approver))
    here.release(1)
    assert here.is_over(TEXT.digest)
    here.put_back(before)
    assert not here.is_over(TEXT.digest)
    assert here.take_untold() == (TEXT.digest,)
    again = Releases(HERE)
    again.restore(here.rows())
    assert (again.drafts(), again.is_over(TEXT.digest)) == ((before,), False)
