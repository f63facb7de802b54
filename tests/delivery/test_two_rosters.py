"""A root that signs two rosters of one number is proved false, wherever the two were shown."""

from __future__ import annotations

from types import SimpleNamespace
from unittest.mock import patch

import pytest

from openline.charter import ContradictionProof, LineDocuments
from openline.delivery.greeting import SAME_ASKED_MAX, _ask_what_differs, ask_documents
from openline.identifiers import StationId
from openline.wire.payloads import Ask, DocumentClass
from openline.wire.statement import Authority
from tests.engine.pair import ALBA, BORA, CENDRA, SLOW_ROOM, Anything, Net, roots


def apart(net: Net) -> tuple[bytes, bytes]:
    """Show Bora one second roster of Alba and Cendra another; return both."""
    people = net.documents(ALBA).roster(1)
    assert people is not None
    one = net.roster(ALBA, officers=(*people.officers, net.officer(1, 4, Authority.DELEGATE)))
    other = net.roster(ALBA, officers=(*people.officers, net.officer(1, 4, Authority.PRINCIPAL)))
    cut = net.lost
    net.lost = lambda _from, _to, _send: True
    assert net.bring(BORA, DocumentClass.ROSTER, one).good
    assert net.bring(CENDRA, DocumentClass.ROSTER, other).good
    net.run(1)
    net.lost = cut
    return one, other


def proofs(net: Net, me: StationId) -> list[ContradictionProof]:
    return list(net.documents(me).contradictions())


@pytest.mark.parametrize("slow", [False, True])
def test_two_rosters_of_one_number_meet_and_are_an_alarm_with_proof_at_everybody_s(slow: bool) -> None:
    net = Net(parties=3)
    if slow:
        net.room = SLOW_ROOM
    net.start_all()
    one, other = apart(net)
    net.run(8_000 if slow else 240)
    for me in (ALBA, BORA, CENDRA):
        (proof,) = proofs(net, me)
        assert {proof.first, proof.second} == {one, other}
        proof.check(roots(1).public(net.suite), net.suite)
        (shown,) = [fork for fork in net.forks(me) if "root_of" in fork]
        assert (shown["root_of"], shown["document"], shown["number"]) == ("alba", "ROSTER", 2)
        assert any("FALSE ROOT" in alarm and "alba" in alarm for alarm in net.nodes[me].sounds[-1])


def test_who_holds_both_gives_the_proof_to_everybody_over_slow_links_too() -> None:
    """Nothing asks for it, so no greeting would bring it before somebody asks for another reason."""
    net = Net(parties=3)
    net.room = SLOW_ROOM
    net.start_all()
    net.run(60)
    two = [net.roster(ALBA, officers=(net.officer(1, 4, role),)) for role in (Authority.DELEGATE, Authority.PRINCIPAL)]
    for roster in two:
        net.bring(BORA, DocumentClass.ROSTER, roster)
    assert proofs(net, BORA)
    net.run(120)
    assert proofs(net, ALBA)
    assert proofs(net, CENDRA)


def test_a_lost_answer_is_asked_for_again_but_not_without_end() -> None:
    net = Net(parties=3)
    net.start_all()
    apart(net)
    asked = 0

    def loses(sender: StationId, reader: StationId, send: Anything) -> bool:
        nonlocal asked
        big = len(send.envelope) > 4_096  # a roster
        asked += big and (sender, reader) == (BORA, CENDRA)
        return big

    net.lost = loses
    net.run(60 * (SAME_ASKED_MAX + 6))
    assert not proofs(net, CENDRA)
    asked = 0
    net.run(600)
    assert asked == 0, "nobody asks any more"
    net.lost = lambda _from, _to, _send: False
    net.stop(CENDRA)
    net.start(CENDRA)
    net.run(240)
    assert proofs(net, CENDRA), "a new run asks again"


def test_rosters_that_nothing_needs_any_more_are_kept_no_longer() -> None:
    net = Net()
    net.start_all()
    kept = []
    for _ in range(3):
        assert net.bring(ALBA, DocumentClass.ROSTER, net.roster(ALBA)).good
        net.run(5)
        kept.append([len(node.ledger.tables["documents"]) for node in net.nodes.values()])
    assert kept[0] == kept[1] == kept[2]


def test_what_differs_is_asked_for_as_newer_first_then_seven_times_as_of_the_same_number() -> None:
    net = Net()
    net.start_all()
    net.run(70)
    state, peer = net.state(ALBA), net.peer(ALBA, BORA)
    (path,) = state.paths.values()
    asks = path.duties[BORA].asks
    for digest in (b"a" * 32, b"b" * 32):
        numbers = []
        for _ in range(10):
            asks.clear()
            _ask_what_differs(state, peer, digest)
            numbers.append([ask for ask in asks if ask[0] in (Ask.CHARTER, Ask.ROSTER)])
        newer = [(Ask.CHARTER, 1), (Ask.ROSTER, 1, 1), (Ask.ROSTER, 2, 1)]
        same = [(Ask.CHARTER, 0), (Ask.ROSTER, 1, 0), (Ask.ROSTER, 2, 0)]
        assert numbers == [newer, *[same] * 7, newer, newer]


@pytest.mark.parametrize(
    ("proved", "asked"),
    [
        ((DocumentClass.CHARTER, 0), [(Ask.CHARTER, 1), (Ask.ROSTER, 1, 0), (Ask.ROSTER, 2, 0)]),
        ((DocumentClass.ROSTER, 2), [(Ask.CHARTER, 0), (Ask.ROSTER, 1, 0), (Ask.ROSTER, 2, 1)]),
    ],
)
def test_one_proof_of_each_root_is_enough(proved: tuple[DocumentClass, int], asked: list[tuple[int, ...]]) -> None:
    net = Net()
    net.start_all()
    net.run(70)
    (path,) = net.state(ALBA).paths.values()
    path.duties[BORA].asks.clear()
    proof = SimpleNamespace(document=proved[0], party=proved[1])
    with patch.object(LineDocuments, "contradictions", return_value=(proof,)):
        ask_documents(net.state(ALBA), net.peer(ALBA, BORA), same_too=True)
    assert [ask for ask in path.duties[BORA].asks if ask[0] in (Ask.CHARTER, Ask.ROSTER)] == asked


def test_whoever_only_lags_is_proved_nothing() -> None:
    net = Net(parties=3)
    net.start_all()
    assert net.bring(BORA, DocumentClass.ROSTER, net.roster(ALBA)).good
    net.run(200)
    assert not any(proofs(net, me) for me in (ALBA, BORA, CENDRA))
    assert {net.documents(me).documents_digest() for me in (ALBA, BORA, CENDRA)} == {
        net.documents(ALBA).documents_digest()
    }
