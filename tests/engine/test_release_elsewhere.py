"""Release by two with the seats at different stations of one party: told among them alone, said once, where drafted."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest

from openline.charter import ApprovalRule, ItemClass, Rules
from openline.delivery import outbox
from openline.delivery.drafts import draft_to_send, tag_of
from openline.delivery.keys_in_use import running
from openline.delivery.state import DraftCame
from openline.dialogue import release
from openline.engine import Act, encode_act
from openline.engine.drafting import take_draft
from openline.engine.views import drafts
from openline.errors import Misuse
from openline.identifiers import Digest, StationId, Token
from openline.ports import Acted, DocumentBrought, Forget, Received, Send, Woken
from openline.wire.drafts import DraftHeld, DraftOver, DraftTold, decode_draft, encode_draft
from openline.wire.entry import Approval
from openline.wire.envelope import Type
from openline.wire.payloads import DocumentClass, encode_document
from openline.wire.statement import Authority, Option
from openline.wire.statement import digest as statement_digest
from tests.engine.pair import ALBA, ALBA2, BORA, Anything, Net
from tests.engine.test_release import LAUNCH

TWO = Rules(approvals=(ApprovalRule(4, ((Authority.DUTY_OFFICER, Authority.RELEASER),)),))


def party_of_two(**given: Anything) -> Net:
    net = Net(stations=2, rules=TWO, **given)
    net.start_all()
    net.run(70)
    return net


def drafted(net: Net, me: StationId = ALBA, **changes: Anything) -> tuple[bytes, Digest]:
    """Draft a launch; return statement and digest."""
    data = net.statement(me, "N1", fields={**LAUNCH, **changes})
    answered = net.act(me, Act.DRAFT, data, None)
    assert answered.good, answered.message
    return data, Digest(answered.digest)


def approve(net: Net, me: StationId, data: bytes, digest: bytes, officer: int) -> Anything:
    return net.act(me, Act.APPROVE, digest, officer, net.approval(me, data, officer))


def shown(net: Net, me: StationId) -> list[Anything]:
    return list(drafts(net.meaning(me)))


def said(net: Net) -> list[list[int]]:
    """Who approved each launch that Bora shows; that nothing of it is refused."""
    found: list[Anything] = net.inbox(BORA)
    assert not [each for each in found if "refused" in each]
    return [each["approved_by"] for each in found]


@pytest.mark.parametrize(("first", "second"), list(product((ALBA, ALBA2), repeat=2)))
def test_a_draft_is_approved_at_either_station_and_said_once_where_it_was_drafted(
    first: StationId, second: StationId
) -> None:
    net = party_of_two()
    data, digest = drafted(net)
    net.run(1)
    (here,), (there,) = shown(net, ALBA), shown(net, ALBA2)
    assert (here["drafted_at"], here["said_here"]) == (there["drafted_at"], True) == ("alba-1", True)
    assert not there["said_here"]
    assert there["fields"] == here["fields"]
    assert approve(net, first, data, digest, 1).good
    net.run(1)
    assert [each["approved_by"] for each in (*shown(net, ALBA), *shown(net, ALBA2))] == [[1], [1]]
    assert said(net) == []
    assert approve(net, second, data, digest, 2).good
    net.run(1)
    assert said(net) == [[1, 2]]
    assert net.state(ALBA).own.size == 1
    assert net.state(ALBA2).own.size == 0
    assert shown(net, ALBA) == shown(net, ALBA2) == []
    assert not net.state(ALBA).drafts
    assert not net.state(ALBA2).drafts


def test_nobody_else_is_ever_sent_a_draft_and_no_relay_can_read_it() -> None:
    net = party_of_two()
    for node in net.nodes.values():
        node.sent.clear()
    data, digest = drafted(net)
    net.run(1)
    approve(net, ALBA2, data, digest, 2)
    net.run(1)
    own = {net.post(ALBA), net.post(ALBA2)}
    sent = [each for node in net.nodes.values() for each in node.sent]
    assert sent
    assert {each.to for each in sent} <= own, "not even an envelope of it goes to Bora"
    assert {each.to for each in net.nodes[BORA].sent} == set()
    assert not [each for each in sent if data in each.envelope or data[12:40] in each.envelope]
    assert not net.nodes[BORA].ledger.tables.get("desk-draft")


def test_r162_a_draft_from_another_party_is_refused() -> None:
    net = party_of_two()
    data = net.statement(ALBA, "N1", fields=LAUNCH)
    run = running(net.state(BORA), net.peer(BORA, ALBA))
    assert run is not None
    (path,) = net.state(ALBA).paths
    told = encode_draft(DraftTold(ALBA2, data, ((0,),), ()))
    net.give(ALBA, Received(path, run.seal(Type.DRAFT, told, padded=True)))
    assert net.rules(ALBA)[-1] == "R162"
    assert shown(net, ALBA) == []


def test_a_refusal_at_the_other_station_stops_it_at_both() -> None:
    net = party_of_two()
    data, digest = drafted(net)
    net.run(1)
    assert net.act(ALBA2, Act.REFUSE, digest, 2, "not today").good
    net.run(1)
    for me in (ALBA, ALBA2):
        (each,) = shown(net, me)
        assert (each["state"], each["refused_by"], each["reason"]) == ("REFUSED", 2, "not today")
        assert not approve(net, me, data, digest, 1).good
    assert net.act(ALBA, Act.DROP, digest).good
    net.run(1)
    assert shown(net, ALBA) == shown(net, ALBA2) == []
    assert "already" in net.act(ALBA, Act.DRAFT, data, None).message


def test_two_refusals_at_once_are_one_and_the_same_everywhere() -> None:
    net = party_of_two()
    _, digest = drafted(net)
    net.run(1)
    apart(net, ALBA2)
    assert net.act(ALBA, Act.REFUSE, digest, 2, "wrong area").good
    assert net.act(ALBA2, Act.REFUSE, digest, 1, "wrong day").good
    together(net, ALBA2)
    assert [(each["refused_by"], each["reason"]) for each in (*shown(net, ALBA), *shown(net, ALBA2))] == [
        (1, "wrong day")
    ] * 2


def test_only_where_it_was_drafted_may_it_be_dropped() -> None:
    net = party_of_two()
    _, digest = drafted(net)
    net.run(1)
    refused = net.act(ALBA2, Act.DROP, digest)
    assert "drafted at another station" in refused.message
    assert len(shown(net, ALBA)) == len(shown(net, ALBA2)) == 1


def test_a_changed_text_is_another_draft_and_the_old_approvals_are_void() -> None:
    net = party_of_two()
    data, digest = drafted(net)
    net.run(1)
    approve(net, ALBA2, data, digest, 2)
    net.run(1)
    net.act(ALBA, Act.DROP, digest)
    changed, other = drafted(net, count=9)
    net.run(1)
    assert [(each["id"], each["approved_by"]) for each in shown(net, ALBA2)] == [(other.hex(), [])]
    assert net.act(ALBA2, Act.APPROVE, other, 2, net.approval(ALBA2, data, 2)).rule == "R40"
    approve(net, ALBA2, changed, other, 2)
    approve(net, ALBA, changed, other, 1)
    net.run(1)
    assert said(net) == [[1, 2]]


def test_what_holds_no_more_is_not_said_however_late_the_approval_comes() -> None:
    net = party_of_two()
    data = net.statement(ALBA, "N1", fields=LAUNCH, options={Option.VALIDITY: [None, net.utc + 600]})
    digest = net.act(ALBA, Act.DRAFT, data, None).digest
    net.run(1)
    assert approve(net, ALBA, data, digest, 1).good
    net.run(1)
    apart(net, ALBA2)
    assert approve(net, ALBA2, data, digest, 2).good
    net.run(700)
    together(net, ALBA2)
    assert [each["state"] for each in (*shown(net, ALBA), *shown(net, ALBA2))] == ["READY", "READY"]
    assert "no more" in approve(net, ALBA2, data, digest, 2).message
    assert said(net) == []
    assert net.act(ALBA, Act.DROP, digest).good


def apart(net: Net, me: StationId) -> None:
    net.cut.add(me)
    net.disconnect(me)


def together(net: Net, me: StationId) -> None:
    net.cut.discard(me)
    net.connect(me)
    net.run(3)


def test_what_was_approved_while_apart_is_said_once_when_they_meet() -> None:
    net = party_of_two()
    data, digest = drafted(net)
    net.run(1)
    apart(net, ALBA2)
    assert approve(net, ALBA2, data, digest, 2).good
    assert approve(net, ALBA, data, digest, 1).good
    net.run(30)
    assert said(net) == []
    together(net, ALBA2)
    assert said(net) == [[1, 2]]
    assert shown(net, ALBA) == shown(net, ALBA2) == []


Step = Callable[[Net, bytes, Digest], Anything]
STEPS: list[tuple[StationId, Step]] = [
    (ALBA, lambda net, data, _: net.act(ALBA, Act.DRAFT, data, None)),
    (ALBA2, lambda net, data, digest: approve(net, ALBA2, data, digest, 2)),
    (ALBA, lambda net, data, digest: approve(net, ALBA, data, digest, 1)),
]


@pytest.mark.parametrize(("at", "victim"), list(product(range(3), (ALBA, ALBA2))))
def test_killed_after_any_step_it_is_said_once(at: int, victim: StationId) -> None:
    """What is on disk is enough: a station that begins anew tells again what it has, and is told again."""
    net = party_of_two()
    data = net.statement(ALBA, "N1", fields=LAUNCH)
    digest = Digest(bytes(32))
    for number, (_, step) in enumerate(STEPS):
        if number == at:
            net.lost = lambda _from, _to, _send: True  # nothing of this step arrives
        answered = step(net, data, digest)
        assert answered.good, answered.message
        digest = Digest(answered.digest)
        if number == at:
            net.stop(victim)
            net.lost = lambda _from, _to, _send: False
            net.run(1)
            net.start(victim)
        net.run(3)
    net.run(130)
    assert said(net) == [[1, 2]]
    assert shown(net, ALBA) == shown(net, ALBA2) == []


@pytest.mark.parametrize("lost", [1, 2, 3])
def test_whatever_is_lost_comes_again_with_the_next_greeting(lost: int) -> None:
    """Every so-manieth envelope between the two is lost."""
    net = party_of_two()
    count = 0

    def loses(sender: StationId, reader: StationId, _send: Send) -> bool:
        nonlocal count
        count += {sender, reader} == {ALBA, ALBA2}
        return {sender, reader} == {ALBA, ALBA2} and count % 4 == lost

    net.lost = loses
    data, digest = drafted(net)
    net.run(200)
    assert approve(net, ALBA2, data, digest, 2).good
    assert approve(net, ALBA, data, digest, 1).good
    net.run(400)
    assert said(net) == [[1, 2]]
    assert shown(net, ALBA) == shown(net, ALBA2) == []


def test_what_comes_twice_late_and_in_another_order_changes_nothing() -> None:
    net = party_of_two()
    data, digest = drafted(net)
    net.run(1)
    alba, alba2 = net.meaning(ALBA), net.meaning(ALBA2)
    early = net.state(ALBA).drafts[digest]
    approve(net, ALBA2, data, digest, 2)
    late = net.state(ALBA2).drafts[digest]
    net.run(1)

    def bring(meaning: Anything, sender: StationId, payload: bytes) -> None:
        told = decode_draft(payload)
        assert isinstance(told, DraftTold | DraftOver)
        take_draft(meaning, DraftCame(sender, digest, told, payload), net.instant(ALBA))

    for payload in (late, early, late, early):
        bring(alba, ALBA2, payload)
        bring(alba2, ALBA, payload)
    assert [each["approved_by"] for each in (*shown(net, ALBA), *shown(net, ALBA2))] == [[2], [2]]
    approve(net, ALBA, data, digest, 1)
    net.run(1)
    for payload in (early, late, early):
        bring(alba, ALBA2, payload)
        bring(alba2, ALBA, payload)
    net.run(5)
    assert said(net) == [[1, 2]]
    assert shown(net, ALBA) == shown(net, ALBA2) == []


def test_a_station_whose_disk_is_older_gets_its_drafts_back() -> None:
    net = party_of_two()
    data, digest = drafted(net)
    net.run(1)
    approve(net, ALBA2, data, digest, 2)
    net.run(1)
    net.stop(ALBA)
    ledger = net.nodes[ALBA].ledger
    ledger.commit([Forget("desk-draft", key) for key in list(ledger.tables["desk-draft"])])
    net.start(ALBA)
    net.run(70)
    assert [each["approved_by"] for each in shown(net, ALBA)] == [[2]]
    approve(net, ALBA, data, digest, 1)
    net.run(1)
    assert said(net) == [[1, 2]]


def test_the_last_approval_that_comes_while_nothing_can_be_said_is_used_when_it_can() -> None:
    net = party_of_two()
    data, digest = drafted(net)
    net.run(1)
    assert approve(net, ALBA, data, digest, 1).good
    net.run(1)
    net.lost = lambda sender, reader, _send: BORA in (sender, reader)
    assert net.act(ALBA, Act.ROLLED_BACK).good
    assert approve(net, ALBA2, data, digest, 2).good
    net.lost = lambda _from, _to, _send: False
    net.run(200)
    assert said(net) == [[1, 2]]
    assert shown(net, ALBA) == shown(net, ALBA2) == []


def test_what_only_had_to_wait_is_said_when_it_can_be_although_the_other_station_is_gone_by_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The last approval comes while the outbox is full: here one statement is as many as it takes."""
    monkeypatch.setattr(outbox, "OUTBOX_ENTRIES_MAX", 1)
    net = party_of_two()
    data, digest = drafted(net)
    assert approve(net, ALBA, data, digest, 1).good
    net.lost = lambda sender, reader, _send: BORA in (sender, reader)
    net.say(ALBA, "T1", text="Bora does not get it")
    net.run(5)
    assert approve(net, ALBA2, data, digest, 2).good
    net.run(5)
    assert [each["state"] for each in shown(net, ALBA)] == ["READY"]
    net.lost = lambda sender, reader, _send: ALBA2 in (sender, reader)
    net.run(200)
    assert said(net) == [[], [1, 2]]


def test_the_approval_of_an_officer_who_is_stopped_is_taken_back_at_both() -> None:
    net = party_of_two()
    data, digest = drafted(net)
    net.run(1)
    approve(net, ALBA2, data, digest, 2)
    net.run(1)
    assert net.bring(ALBA, DocumentClass.STOP, net.stop_notice(1, ItemClass.OFFICER, 2)).good
    net.run(2)
    assert [each["approved_by"] for each in (*shown(net, ALBA), *shown(net, ALBA2))] == [[], []]
    approve(net, ALBA, data, digest, 1)
    net.run(1)
    assert said(net) == []


def test_the_approval_of_an_officer_who_is_stopped_here_is_not_taken_from_a_station_that_has_not_heard_of_it() -> None:
    net = party_of_two()
    data, digest = drafted(net)
    net.run(1)
    apart(net, ALBA2)
    assert net.bring(ALBA, DocumentClass.STOP, net.stop_notice(1, ItemClass.OFFICER, 2)).good
    given = tuple(Approval(officer, net.approval(ALBA, data, officer)) for officer in (1, 2))
    needed = ((int(Authority.DUTY_OFFICER), int(Authority.RELEASER)),)
    take_draft(net.meaning(ALBA), told_by(net, DraftTold(ALBA, data, needed, given), digest), net.instant(ALBA))
    assert [each["approved_by"] for each in shown(net, ALBA)] == [[1]], "the other one counts, and nothing is refused"


def test_what_was_dropped_in_the_batch_that_brings_a_new_document_is_told_all_the_same() -> None:
    """With the new document everything that is said here is made anew from the rows, and what is over is no draft."""
    net = party_of_two()
    _, digest = drafted(net)
    net.run(1)
    assert len(shown(net, ALBA2)) == 1
    roster = encode_document(DocumentClass.ROSTER, net.roster(ALBA))
    net.give(
        ALBA,
        Acted(Token(901), net.setting.line, encode_act(Act.DROP, digest)),
        DocumentBrought(Token(902), net.setting.line, roster),
    )
    assert net.nodes[ALBA].answers[901].good
    assert net.nodes[ALBA].answers[902].good
    net.run(2)
    assert shown(net, ALBA2) == []


def test_the_drafts_of_a_station_that_is_no_more_are_over() -> None:
    net = party_of_two()
    drafted(net)
    net.run(1)
    assert net.bring(ALBA2, DocumentClass.STOP, net.stop_notice(1, ItemClass.STATION, 1)).good
    assert shown(net, ALBA2) == []


def test_the_very_same_words_drafted_at_both_are_one_draft_of_the_lower_station() -> None:
    net = party_of_two()
    apart(net, ALBA2)
    data, digest = drafted(net)
    assert net.act(ALBA2, Act.DRAFT, data, None).digest == digest
    assert approve(net, ALBA2, data, digest, 2).good
    together(net, ALBA2)
    assert [(each["drafted_at"], each["approved_by"]) for each in (*shown(net, ALBA), *shown(net, ALBA2))] == [
        ("alba-1", [2])
    ] * 2
    approve(net, ALBA2, data, digest, 1)
    net.run(1)
    assert said(net) == [[1, 2]]
    assert net.state(ALBA2).own.size == 0


def told_by(net: Net, told: DraftTold, digest: bytes) -> DraftCame:
    return DraftCame(ALBA2, Digest(digest), told, encode_draft(told))


def test_r163_a_draft_that_cannot_be_taken_is_not_confirmed_and_comes_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A station that holds as many drafts as it may: here eight are as many."""
    monkeypatch.setattr(release, "DRAFTS_MAX", 8)
    net = party_of_two()
    apart(net, ALBA2)
    _, digest = drafted(net, ALBA2, count=999)
    for number in range(8):
        drafted(net, count=number + 1, azimuth=number % 360)
    together(net, ALBA2)
    assert net.rules(ALBA)[-1] == "R163"
    assert digest.hex() not in [each["id"] for each in shown(net, ALBA)]
    net.act(ALBA, Act.DROP, net.meaning(ALBA).releases.drafts()[0].digest)
    net.run(70)
    assert digest.hex() in [each["id"] for each in shown(net, ALBA)]


def test_an_approval_that_its_officer_did_not_sign_is_not_taken_from_a_station_either() -> None:
    net = party_of_two()
    data, digest = drafted(net)
    forged = DraftTold(ALBA, data, ((0, 1),), (Approval(2, net.approval(ALBA, data, 1)),))
    net.state(ALBA).happened.append(told_by(net, forged, digest))
    net.give(ALBA, Woken())
    assert net.rules(ALBA)[-1] == "R40"
    unknown = DraftTold(ALBA, data, ((0, 1),), (Approval(9, net.approval(ALBA, data, 1)),))
    with pytest.raises(Misuse, match="officer 9"):
        take_draft(net.meaning(ALBA), told_by(net, unknown, digest), net.instant(ALBA))
    assert [each["approved_by"] for each in shown(net, ALBA)] == [[]]


def test_what_is_held_there_is_told_no_more() -> None:
    net = party_of_two()
    _, digest = drafted(net)
    net.run(1)
    state, peer = net.state(ALBA), net.peer(ALBA, ALBA2)
    assert peer.drafts_held[digest] == tag_of(state.drafts[digest])
    assert draft_to_send(state, peer, digest) is None
    net.nodes[ALBA].sent.clear()
    net.disconnect(ALBA)
    net.connect(ALBA)
    net.run(1)
    held = encode_draft(DraftHeld(b"\7" * 32, b"\7" * 8))
    run = running(net.state(ALBA2), net.peer(ALBA2, ALBA))
    assert run is not None
    (path,) = state.paths
    net.give(ALBA, Received(path, run.seal(Type.DRAFT, held, padded=True)))
    assert b"\7" * 32 not in peer.drafts_held


def test_a_draft_dropped_while_nobody_could_be_told_is_over_after_a_restart_too() -> None:
    """A start does not tell again what is over; whoever begins anew is told of the draft, and answers that."""
    net = party_of_two()
    _, digest = drafted(net)
    net.run(1)
    net.lost = lambda sender, reader, _send: {sender, reader} == {ALBA, ALBA2}
    assert net.act(ALBA, Act.DROP, digest).good
    net.stop(ALBA)
    net.disconnect(ALBA)
    net.run(5)
    net.lost = lambda _from, _to, _send: False
    net.start(ALBA)
    net.run(5)
    assert shown(net, ALBA2) == []
    assert shown(net, ALBA) == []


@pytest.mark.parametrize("needed", [(), ((),), ((0, 1), ())])
def test_another_station_makes_this_one_say_nothing_that_nobody_has_approved(
    needed: tuple[tuple[int, ...], ...],
) -> None:
    """A station that was taken would speak through the others, whose words outlive its stop notice."""
    net = party_of_two()
    data = net.statement(ALBA, "T1", text="put into this station's mouth")
    digest = statement_digest(net.documents(ALBA).salt_seed(1), data)
    net.state(ALBA).happened.append(told_by(net, DraftTold(ALBA, data, needed, ()), digest))
    net.run(70)
    assert net.texts(BORA) == []
    assert [each["approved_by"] for each in shown(net, ALBA)] == ([[]] if needed else [])
    assert ("R163" in net.rules(ALBA)) is (not needed)


def test_a_draft_that_may_be_said_by_one_person_is_not_said_because_another_station_heard_of_it() -> None:
    net = Net(stations=2, rules=Rules(approvals=(ApprovalRule(4, ((), (Authority.DUTY_OFFICER, Authority.RELEASER))),)))
    net.start_all()
    net.run(70)
    drafted(net)
    net.run(130)
    assert said(net) == []
    assert [each["state"] for each in shown(net, ALBA)] == ["WAITING FOR APPROVAL"]
