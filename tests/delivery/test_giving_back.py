"""Words beyond a gap that nobody will close come back to their author, who was put back and does not know of them."""

import pytest

from openline.delivery.accepting import REFUSED, place_key
from openline.delivery.giving_back import give_back, is_said_again
from openline.identifiers import StationId
from openline.ports import Send
from openline.sessions import SendingRun
from openline.simulation.ledger import MemoryLedger
from openline.wire.envelope import Type
from openline.wire.payloads import DocumentClass
from openline.wire.statement import Authority
from tests.engine.pair import ALBA, BORA, CENDRA, Net

HEARD = "heard by Bora alone"


def with_a_gap(net: Net, *, officer: int = 1) -> tuple[bytes, MemoryLedger]:
    """Let Bora alone hold Alba's third entry, and nobody the second; return it with Alba's disk before both."""
    net.start_all()
    net.say(ALBA, "T1", text="before the backup")
    net.run(5)
    old = net.nodes[ALBA].ledger.copy()
    net.lost = lambda sender, _reader, _send: sender == ALBA
    net.say(ALBA, "T1", text="heard by nobody")
    net.lost = lambda sender, reader, _send: sender == ALBA and reader != BORA
    said = net.say(ALBA, "T1", text=HEARD, officer=officer)
    assert {"text": HEARD} in net.texts(BORA)
    return said, old


def put_back(net: Net, me: StationId, copy: MemoryLedger, *, restored: bool = True) -> None:
    net.stop(me)
    net.disconnect(me)
    net.nodes[me].ledger = copy
    net.queues.clear()
    net.lost = lambda _sender, _reader, _send: False
    net.start(me, restored=restored)


def test_a_station_put_back_learns_what_it_said_beyond_a_gap_and_says_it_again() -> None:
    net = Net(parties=3)
    said, old = with_a_gap(net)
    first = net.state(ALBA).generation
    put_back(net, ALBA, old)
    net.run(120)
    assert net.state(ALBA).generation > first
    assert sorted(net.state(ALBA).logs[ALBA, first].beyond) == [2]
    assert net.texts(CENDRA) == [{"text": "before the backup"}, {"text": HEARD}]
    assert net.texts(BORA).count({"text": HEARD}) == 1, "the same words again are passed over"
    assert net.statuses(ALBA, said)["stored"] == {"bora-1", "cendra-1"}
    assert not net.state(BORA).forked


def test_a_station_that_begins_from_an_empty_disk_learns_what_it_said_before_it_says_anything() -> None:
    """Nobody marks it as restored, and its new generation names none before it: only its greetings tell of that one."""
    net = Net(parties=3)
    net.start_all()
    first = net.state(ALBA).generation
    net.lost = lambda sender, _reader, _send: sender == ALBA
    net.say(ALBA, "T1", text="heard by nobody")
    net.lost = lambda sender, reader, _send: sender == ALBA and reader != BORA
    said = net.say(ALBA, "T1", text=HEARD)
    net.run(5)
    net.state(BORA).peers[ALBA].contact.holds[ALBA, first] = 2, bytes(32)  # as Alba has told by a greeting
    empty = MemoryLedger()
    empty.commit(net.setting.rows)
    put_back(net, ALBA, empty, restored=False)
    net.run(400)
    assert net.state(ALBA).generation > first
    assert sorted(net.state(ALBA).logs[ALBA, first].beyond) == [1]
    assert {"text": HEARD} in net.texts(CENDRA)
    assert net.texts(BORA).count({"text": HEARD}) == 1
    assert net.statuses(ALBA, said)["stored"] == {"bora-1", "cendra-1"}


def say_an_hour_behind(net: Net) -> bytes:
    """Let Alba begin from an empty disk, its clock an hour behind, recover and say something; return that."""
    empty = MemoryLedger()
    empty.commit(net.setting.rows)
    net.skew_s[ALBA] = -3_600
    put_back(net, ALBA, empty)
    net.run(400)
    said = net.say(ALBA, "T1", text="an hour behind")
    net.run(60)
    return said


def test_a_copy_whose_clock_is_an_hour_behind_gets_its_receipts() -> None:
    """Its new generation has a lower number than the one it had announced, and in which it had said nothing."""
    net = Net()
    net.start_all()
    announced = net.state(ALBA).generation
    said = say_an_hour_behind(net)
    assert net.state(ALBA).generation < announced
    assert net.statuses(ALBA, said)["stored"] == {"bora-1"}


@pytest.mark.parametrize("claimed", [2, 0, None])
def test_a_copy_whose_clock_is_behind_asks_for_its_later_generation_that_others_know_beyond_a_gap_only(
    claimed: int | None,
) -> None:
    """It opens one below it; Bora's receipts are for the later one, and Bora may think that Alba still holds that."""
    net = Net()
    net.start_all()
    later = net.state(ALBA).generation
    net.lost = lambda sender, _reader, _send: sender == ALBA
    net.say(ALBA, "T1", text="heard by nobody")
    net.lost = lambda _sender, _reader, _send: False
    net.say(ALBA, "T1", text=HEARD)
    assert sorted(net.state(BORA).logs[ALBA, later].beyond) == [1]
    claims = net.peer(BORA, ALBA).contact.holds
    claims.pop((ALBA, later))
    if claimed is not None:
        claims[ALBA, later] = claimed, bytes(32)
    said = say_an_hour_behind(net)
    assert net.state(ALBA).generation > later
    assert net.statuses(ALBA, said)["stored"] == {"bora-1"}


def test_a_station_put_back_twice_with_its_clock_behind_takes_no_place_twice() -> None:
    """Nobody can tell it of the generation that it opened the first time, and the time names neither."""
    net = Net()
    net.start_all()
    net.run(5)
    old = net.nodes[ALBA].ledger.copy()
    deaf = net.nodes[BORA].ledger.copy()
    net.skew_s[ALBA] = -3_600
    generations = {net.state(ALBA).generation}
    for _ in range(2):
        put_back(net, ALBA, old.copy())
        net.stop(BORA)
        net.nodes[BORA].ledger = deaf.copy()
        net.start(BORA)
        net.run(400)
        assert not net.state(ALBA).recovering
        generations.add(net.state(ALBA).generation)
    assert len(generations) == 3


def with_bora_late(net: Net, *, officer: int = 1) -> tuple[bytes, int]:
    """Let Alba open its new generation with Cendra, while Bora is away, and hear of Bora only then."""
    said, old = with_a_gap(net, officer=officer)
    first = net.state(ALBA).generation
    net.cut = {BORA}
    net.disconnect(BORA)
    put_back(net, ALBA, old)
    net.run(120)
    assert net.state(ALBA).generation > first
    assert not net.state(ALBA).recovering
    return said, first


def test_what_comes_back_after_the_new_generation_was_opened_is_said_again_there() -> None:
    net = Net(parties=3)
    said, _ = with_bora_late(net)
    net.cut = set()
    net.connect(BORA)
    net.run(120)
    assert {"text": HEARD} in net.texts(CENDRA)
    assert net.statuses(ALBA, said)["stored"] == {"bora-1", "cendra-1"}
    (story,) = net.lines(ALBA)["recovered"]
    assert (story["said_again"], story["not_said_again"]) == (1, [])


def test_a_second_recovery_says_again_what_came_back_meanwhile() -> None:
    net = Net(parties=3)
    said, _ = with_bora_late(net)
    net.lost = lambda sender, _reader, _send: sender == BORA
    put_back(net, ALBA, net.nodes[ALBA].ledger.copy())
    net.cut = set()
    net.connect(BORA)
    net.run(240)
    assert {"text": HEARD} in net.texts(CENDRA)
    assert net.statuses(ALBA, said)["stored"] == {"bora-1", "cendra-1"}


def test_words_that_cannot_be_said_again_still_reach_everybody_and_are_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    """Their officer has left: they stay where they stand, beyond the gap, and each station is given them."""
    monkeypatch.setattr("openline.delivery.giving_back.GIVEN_BACK_MAX", 2)
    net = Net(parties=3)
    said, first = with_bora_late(net, officer=2)
    remaining = (net.officer(1, 1, Authority.DUTY_OFFICER),)
    assert net.bring(ALBA, DocumentClass.ROSTER, net.roster(ALBA, officers=remaining)).good
    net.run(1)
    net.cut = set()
    net.connect(BORA)
    net.run(240)
    assert sorted(net.state(ALBA).logs[ALBA, first].beyond) == [2]
    (story,) = net.lines(ALBA)["recovered"]
    assert [each["id"] for each in story["not_said_again"]] == [said.hex()]
    assert "R108" in story["not_said_again"][0]["reason"]
    assert sorted(net.state(CENDRA).logs[ALBA, first].beyond) == [2]
    assert net.peer(BORA, ALBA).given_back[ALBA, first] == ((2,), 2), "not without end"


def test_nothing_is_given_back_of_a_generation_that_takes_no_more_entries() -> None:
    net = Net(parties=3)
    with_a_gap(net)
    state, key = net.state(BORA), (ALBA, net.state(ALBA).generation)
    state.forked.add(key)
    give_back(state, state.peers[CENDRA])
    assert not state.peers[CENDRA].given_back


def test_what_the_author_of_a_running_generation_claims_to_hold_is_not_given_back() -> None:
    net = Net(parties=3)
    with_a_gap(net)
    net.lost = lambda sender, reader, _send: sender == ALBA and reader != BORA
    net.run(61)
    assert not net.peer(BORA, ALBA).given_back
    assert not net.peer(BORA, CENDRA).given_back, "its author still sends it"


def test_an_author_put_back_twice_learns_each_place_it_used_although_the_words_stand_elsewhere() -> None:
    """A made world found it: the words had been said again before and after, so nobody told it of the place."""
    net = Net()
    net.start_all()
    net.run(5)
    net.lost = lambda sender, _reader, _send: sender == BORA
    words = [net.say(ALBA, "T1", text=text) for text in ("first", "second" * 50, "third")]
    net.run(1)
    old = net.nodes[ALBA].ledger.copy()
    put_back(net, ALBA, net.nodes[ALBA].ledger.copy())
    net.lost = lambda sender, _reader, send: sender == ALBA and 500 < len(send.envelope) < 1_100  # the long text
    net.run(2)
    second = net.state(ALBA).generation
    held = net.state(BORA).logs[ALBA, second]
    assert (held.size, sorted(held.beyond)) == (2, [3])
    put_back(net, ALBA, old)
    net.run(120)
    assert net.state(ALBA).generation > second
    assert sorted(net.state(ALBA).logs[ALBA, second].beyond) == [3]
    assert [said["text"][:6] for said in net.texts(BORA)] == ["first", "second", "third"]
    assert [net.statuses(ALBA, each)["stored"] for each in words] == [{"bora-1"}] * 3, "the newest place is the one"
    assert not net.state(ALBA).outbox.entries
    assert not net.state(BORA).forked


def test_an_author_is_told_of_a_place_of_its_running_generation_whose_words_stand_elsewhere() -> None:
    """Else it would take itself for whole, and say something else at that place."""
    net = Net()
    net.start_all()
    net.run(5)
    net.lost = lambda sender, _reader, _send: sender == BORA
    for text in ("first", "second" * 50, "third"):
        net.say(ALBA, "T1", text=text)
    net.run(1)
    put_back(net, ALBA, net.nodes[ALBA].ledger.copy())
    net.lost = lambda sender, _reader, send: sender == ALBA and 500 < len(send.envelope) < 1_100
    net.run(2)
    key = (ALBA, net.state(ALBA).generation)
    assert sorted(net.state(BORA).logs[key].beyond) == [3]
    peer = net.peer(BORA, ALBA)
    peer.contact.holds[key] = (2, b"")  # what it would name that was put back to its second entry
    give_back(net.state(BORA), peer)
    assert peer.given_back[key] == ((3,), 1)


def test_words_beyond_two_gaps_are_said_again_although_each_place_is_a_second_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its author was put back, said them again beyond the next gap, and was put back once more."""
    sealed: dict[bytes, tuple[Type, bytes]] = {}
    seal = SendingRun.seal

    def remembered(run: SendingRun, kind: Type, payload: bytes, *, padded: bool) -> bytes:
        envelope = seal(run, kind, payload, padded=padded)
        sealed[envelope] = kind, payload
        return envelope

    monkeypatch.setattr(SendingRun, "seal", remembered)
    net = Net(parties=3)
    said, old = with_a_gap(net)
    first = net.state(ALBA).generation
    put_back(net, ALBA, old.copy())

    def only_the_words_reach_bora(sender: StationId, reader: StationId, send: Send) -> bool:
        kind, payload = sealed.get(send.envelope, (None, b""))
        entry = kind in (Type.ENTRY, Type.COPY)
        return sender == ALBA and entry and (reader != BORA or HEARD.encode() not in payload)

    net.lost = only_the_words_reach_bora
    net.run(120)
    second = net.state(ALBA).generation
    places = {key: sorted(log.beyond) for key, log in net.state(BORA).logs.items() if log.beyond}
    assert places == {(ALBA, first): [2], (ALBA, second): [1]}
    put_back(net, ALBA, old.copy())
    net.lost = lambda sender, _reader, _send: sender == BORA
    net.run(300)
    assert net.state(ALBA).generation > second
    assert net.texts(CENDRA) == [{"text": "before the backup"}], "Bora alone could tell, and is not heard"
    net.cut = {CENDRA}
    net.disconnect(CENDRA)
    put_back(net, ALBA, net.nodes[ALBA].ledger.copy())  # both places come while it recovers once more
    net.run(120)
    net.cut = set()
    net.connect(CENDRA)
    net.run(120)
    assert {"text": HEARD} in net.texts(CENDRA)
    assert net.texts(BORA).count({"text": HEARD}) == 1
    assert net.statuses(ALBA, said)["stored"] == {"bora-1", "cendra-1"}


def test_words_that_were_refused_at_their_second_place_do_not_stand_there() -> None:
    net = Net(parties=3)
    _, old = with_a_gap(net)
    first = net.state(ALBA).generation
    put_back(net, ALBA, old)
    net.run(120)
    state, key = net.state(BORA), (ALBA, first)
    assert is_said_again(state, key, 2)
    assert is_said_again(state, key, 7), "nothing is held there that could be said again"
    second = net.state(ALBA).generation
    for seq in range(state.size_of((ALBA, second))):
        state.given.out.keep(REFUSED, place_key(state, ALBA, second, seq), b"")
    assert not is_said_again(state, key, 2)
