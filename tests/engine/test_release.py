"""Release by two is checked by an unmodified receiver; a sender that skips it is shown as refused, with the reason."""

import pytest

from openline.charter import ApprovalRule, ItemClass, Rules
from openline.delivery.judge import Judged
from openline.delivery.state import Accepted
from openline.dialogue.errors import UnknownMessage
from openline.engine import Act
from openline.engine.views import drafts
from openline.identifiers import Digest
from openline.wire.entry import Approval, decode_entry, pack_approvals
from openline.wire.payloads import DocumentClass, ReceiptState
from openline.wire.statement import Authority, Option, Precedence
from tests.engine.pair import ALBA, BORA, Anything, Net, force

LAUNCH = {
    "class": "sounding_rocket", "count": 1, "site": "39.66N 24.705W", "azimuth": 100, "purpose": "research",
    "window": "2026-12-09T20:00Z/2026-12-10T02:00Z",
    "impact_areas": [{"centre": "39.30N 33.70W", "radius": "40 km"}],
}  # fmt: skip
TWO = Rules(approvals=(ApprovalRule(4, ((Authority.DUTY_OFFICER, Authority.RELEASER),)),))


def two() -> Net:
    net = Net(rules=TWO)
    net.start_all()
    return net


def launch(net: Net, **given: Anything) -> bytes:
    return net.statement(ALBA, "N1", fields=LAUNCH, **given)


def shown_refused(net: Net) -> list[tuple[str, str]]:
    """What Bora's inbox shows as refused: rule and reason; and that it shows nothing of it as said."""
    refused: list[Anything] = [each for each in net.inbox(BORA) if "refused" in each]
    assert all(each["fields"] == {} and each["status"] == {} for each in refused)
    return [(each["refused"]["rule"], each["refused"]["reason"]) for each in refused]


def test_two_officers_release_a_draft_and_the_other_side_shows_who() -> None:
    net = two()
    data = launch(net)
    draft = net.act(ALBA, Act.DRAFT, data, None)
    assert draft.good
    assert net.act(ALBA, Act.DRAFT, data, None).digest == draft.digest, "the same draft again is that draft"
    assert net.act(ALBA, Act.APPROVE, draft.digest[:8], 1, net.approval(ALBA, data, 1)).good
    net.run(1)
    assert net.texts(BORA) == []
    assert net.act(ALBA, Act.APPROVE, draft.digest, 2, net.approval(ALBA, data, 2)).good
    net.run(1)
    (seen,) = net.inbox(BORA)
    assert seen["approved_by"] == [1, 2]
    assert seen["kind"] == "N1"


def test_one_approval_where_two_are_due_is_refused_by_the_receiver() -> None:
    net = two()
    data = launch(net)
    refused = net.submit(ALBA, data, net.approvals(ALBA, data, 1))
    assert (refused.good, refused.rule) == (False, "R104"), "an honest station does not even sign it"
    assert refused.hint.startswith("Exactly the officers whom the charter asks for approve")
    force(net, ALBA, data, net.approvals(ALBA, data, 1))
    net.run(1)
    ((rule, reason),) = shown_refused(net)
    assert rule == "R104"
    assert "1 of 2" in reason
    assert net.state(BORA).size_of((ALBA, net.state(ALBA).generation)) == 1, "the breach keeps its place"


def test_what_was_refused_asks_nobody_for_anything() -> None:
    """It stands in the log as evidence; no dialogue begins with it, and no alarm says that it waits for an answer."""
    net = two()
    data = launch(net, precedence=Precedence.FLASH)
    said = force(net, ALBA, data, net.approvals(ALBA, data, 1))
    net.run(400)
    assert shown_refused(net)[0][0] == "R104"
    assert net.nodes[BORA].sounds == []
    with pytest.raises(UnknownMessage):
        net.meaning(BORA).desk.message(said)


def test_one_officer_twice_is_refused_by_the_receiver() -> None:
    """The second signature needs another officer's number; it is not that officer's."""
    net = two()
    data = launch(net)
    twice = pack_approvals((Approval(1, net.approval(ALBA, data, 1)), Approval(2, net.approval(ALBA, data, 1))))
    force(net, ALBA, data, twice)
    net.run(1)
    ((rule, reason),) = shown_refused(net)
    assert rule == "R109"
    assert "officer 2" in reason


def test_a_stopped_officer_s_approval_is_refused_by_the_receiver() -> None:
    net = two()
    data = launch(net)
    notice = net.stop_notice(1, ItemClass.OFFICER, 2)
    assert net.bring(BORA, DocumentClass.STOP, notice).good
    force(net, ALBA, data, net.approvals(ALBA, data, 1, 2))
    net.run(1)
    ((rule, reason),) = shown_refused(net)
    assert rule == "R108"
    assert "officer 2" in reason


def test_what_an_officer_released_before_the_stop_came_keeps_standing() -> None:
    """ADR 0015: a stop notice looks forward only, from its arrival at each station."""
    net = two()
    data = launch(net)
    said = net.say(ALBA, "N1", fields=LAUNCH, by=(1, 2), authored=net.utc - 1)
    net.run(1)
    assert net.bring(BORA, DocumentClass.STOP, net.stop_notice(1, ItemClass.OFFICER, 2)).good
    force(net, ALBA, data, net.approvals(ALBA, data, 1, 2))
    net.run(1)
    for _ in range(2):
        shown: list[Anything] = list(net.inbox(BORA))
        before, after = shown
        assert (before["id"], before["approved_by"]) == (said.hex(), [1, 2])
        assert after["refused"]["rule"] == "R108"
        assert net.statuses(ALBA, said)["stored"] == {"bora-1"}
        net.stop(BORA)
        net.start(BORA)
    assert net.say(BORA, "ACKNOWLEDGED", ref=said), "it can be answered as before"


def test_who_is_no_officer_is_told_who_is() -> None:
    net = two()
    draft = net.act(ALBA, Act.DRAFT, launch(net), None).digest
    refused = net.act(ALBA, Act.REFUSE, draft, 9, "no")
    assert (refused.message.partition(" ")[0], refused.hint) == ("officer", "In it are: 1, 2, 3.")
    for officer in (1, 2, 3):
        assert net.bring(ALBA, DocumentClass.STOP, net.stop_notice(1, ItemClass.OFFICER, officer)).good
    assert net.act(ALBA, Act.REFUSE, draft, 1, "no").hint == "In it are: nobody."


def test_what_another_party_says_ends_no_draft_of_ours_although_it_has_taken_our_salt() -> None:
    """With our salt, which every member reads, its words have the digest that ours would have."""
    net = two()
    draft = net.act(ALBA, Act.DRAFT, launch(net), None).digest
    net.say(BORA, "T1", text="whatever")
    net.run(1)
    (row,) = net.nodes[ALBA].ledger.entries(net.setting.line, BORA, net.state(BORA).generation, 0, 1)
    meaning, entry = net.meaning(ALBA), decode_entry(row.entry)
    for author, left in ((BORA, 1), (ALBA, 0)):
        judged = Judged(author, row.generation, entry, row.entry, Digest(draft), bytes(32), None)
        meaning.accepted(Accepted(judged, repeats=True), net.instant(ALBA))
        assert len(drafts(meaning)) == left


def test_a_changed_text_is_refused_by_the_receiver() -> None:
    net = two()
    approvals = net.approvals(ALBA, launch(net), 1, 2)
    changed = net.statement(ALBA, "N1", fields={**LAUNCH, "count": 9})
    refused = net.submit(ALBA, changed, approvals)
    assert (refused.good, refused.rule) == (False, "R109")
    assert refused.hint.startswith("Exactly the officers whom the charter asks for approve")
    force(net, ALBA, changed, approvals)
    net.run(1)
    ((rule, _),) = shown_refused(net)
    assert rule == "R109"


def test_r124_a_replayed_approval_is_refused_by_the_receiver() -> None:
    net = two()
    data = launch(net)
    approvals = net.approvals(ALBA, data, 1, 2)
    assert net.submit(ALBA, data, approvals).good
    assert net.submit(ALBA, data, approvals).good, "an honest station says the same words once"
    assert net.state(ALBA).own.size == 1
    force(net, ALBA, data, approvals)
    net.run(1)
    ((rule, reason),) = shown_refused(net)
    assert rule == "R124"
    assert "once" in reason
    assert len(net.texts(BORA)) == 1


def test_words_refused_without_their_approvals_are_shown_once_they_have_them() -> None:
    """Else a sender could get a receipt for words that nobody is shown: refused first, repeated after."""
    net = two()
    data = launch(net)
    force(net, ALBA, data)
    net.run(1)
    assert [rule for rule, _ in shown_refused(net)] == ["R104"]
    assert net.texts(BORA) == []
    force(net, ALBA, data, net.approvals(ALBA, data, 1, 2))
    force(net, ALBA, data, net.approvals(ALBA, data, 1, 2))
    net.run(1)
    assert len(net.texts(BORA)) == 1
    assert [rule for rule, _ in shown_refused(net)] == ["R104", "R124"]
    net.stop(BORA)
    net.start(BORA)
    assert len(net.texts(BORA)) == 1


def test_a_refused_message_is_never_presented() -> None:
    net = two()
    force(net, ALBA, launch(net))
    net.run(1)
    net.show(BORA)
    net.run(1)
    assert net.peer(ALBA, BORA).receipted[ReceiptState.PRESENTED].further == set()


def test_a_draft_may_be_refused_or_dropped_and_then_cannot_go_out() -> None:
    net = two()
    data, other = launch(net), net.statement(ALBA, "N1", fields={**LAUNCH, "count": 2})
    draft = net.act(ALBA, Act.DRAFT, data, None).digest
    assert net.act(ALBA, Act.REFUSE, draft, 2, "not today").good
    refused = net.act(ALBA, Act.APPROVE, draft, 1, net.approval(ALBA, data, 1))
    assert not refused.good
    second = net.act(ALBA, Act.DRAFT, other, None).digest
    assert net.act(ALBA, Act.DROP, second).good
    assert not net.act(ALBA, Act.DROP, second).good
    assert not net.act(ALBA, Act.DROP, b"").good
    net.run(1)
    assert net.inbox(BORA) == []


def test_a_draft_begins_with_the_same_bytes_as_another_only_if_it_is_named_further() -> None:
    net = two()
    for number in range(20):
        assert net.act(ALBA, Act.DRAFT, net.statement(ALBA, "N1", fields={**LAUNCH, "count": 1 + number}), None).good
    beginnings = [draft.digest[:1] for draft in net.meaning(ALBA).releases.drafts()]
    doubled = [beginning for beginning in beginnings if beginnings.count(beginning) > 1]
    for beginning in doubled:
        assert "more than one" in net.act(ALBA, Act.DROP, beginning).message
    assert "no draft" in net.act(ALBA, Act.DROP, b"nothing begins so").message


def test_whoever_is_in_no_roster_or_stopped_approves_no_draft() -> None:
    net = two()
    data = launch(net)
    draft = net.act(ALBA, Act.DRAFT, data, None).digest
    assert "officer 9" in net.act(ALBA, Act.APPROVE, draft, 9, net.approval(ALBA, data, 9)).message
    assert net.bring(ALBA, DocumentClass.STOP, net.stop_notice(1, ItemClass.OFFICER, 2)).good
    assert "officer 2" in net.act(ALBA, Act.APPROVE, draft, 2, net.approval(ALBA, data, 2)).message
    wrong = net.act(ALBA, Act.APPROVE, draft, 1, net.approval(ALBA, data, 2))
    assert wrong.rule == "R40"


def test_a_draft_whose_last_approval_comes_while_nothing_can_be_said_is_approved_again_later() -> None:
    net = two()
    data = launch(net)
    draft = net.act(ALBA, Act.DRAFT, data, None).digest
    assert net.act(ALBA, Act.APPROVE, draft, 1, net.approval(ALBA, data, 1)).good
    assert net.act(ALBA, Act.ROLLED_BACK).good
    assert "older copy" in net.act(ALBA, Act.APPROVE, draft, 2, net.approval(ALBA, data, 2)).message
    net.run(200)
    assert net.act(ALBA, Act.APPROVE, draft, 2, net.approval(ALBA, data, 2)).good
    net.run(1)
    assert len(net.texts(BORA)) == 1


def test_what_needs_nobody_s_approval_is_no_draft() -> None:
    net = two()
    answered = net.act(ALBA, Act.DRAFT, net.statement(ALBA, "T1", text="hello"), None)
    assert "needs nobody's approval" in answered.message


def test_drafts_are_shown_with_who_is_missing_and_outlive_a_restart() -> None:
    net = two()
    data = launch(net)
    draft = net.act(ALBA, Act.DRAFT, data, None).digest
    assert net.act(ALBA, Act.APPROVE, draft, 1, net.approval(ALBA, data, 1)).good
    net.stop(ALBA)
    net.start(ALBA)
    shown: list[Anything] = list(drafts(net.meaning(ALBA)))
    assert shown[0]["id"] == draft.hex()
    assert shown[0]["approved_by"] == [1]
    assert "releaser" in str(shown[0]["needs"])
    assert net.act(ALBA, Act.APPROVE, draft, 2, net.approval(ALBA, data, 2)).good
    assert net.one(ALBA, draft)["approved_by"] == [1, 2]


def test_a_draft_goes_out_in_the_last_second_until_which_it_holds_and_not_in_the_next() -> None:
    net = two()
    for seconds in (0, 1):
        data = launch(net, options={Option.VALIDITY: [None, net.utc + 60]})
        draft = net.act(ALBA, Act.DRAFT, data, None).digest
        net.act(ALBA, Act.APPROVE, draft, 1, net.approval(ALBA, data, 1))
        net.run(60 + seconds)
        answered = net.act(ALBA, Act.APPROVE, draft, 2, net.approval(ALBA, data, 2))
        assert answered.good is (seconds == 0)
        assert seconds == 0 or "holds no more" in answered.message
