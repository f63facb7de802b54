"""An old copy of a station never speaks with an old voice: it listens first, then opens a new generation."""

import pytest

from openline.dialogue.translation import TranslationStep
from openline.engine import Act
from openline.engine.views import find, moment
from openline.identifiers import StationId
from openline.ports import Received, Woken
from openline.simulation.ledger import MemoryLedger
from openline.wire.envelope import Version
from openline.wire.payloads import DocumentClass
from openline.wire.statement import Authority
from tests.engine.pair import ALBA, BORA, CENDRA, Net


def backup(net: Net, me: StationId) -> MemoryLedger:
    return net.nodes[me].ledger.copy()


def started_from(net: Net, me: StationId, copy: MemoryLedger, *, marked: bool) -> None:
    net.stop(me)
    net.disconnect(me)
    net.nodes[me].ledger = copy
    net.start(me, restored=marked)


def test_an_old_backup_says_nothing_recovers_and_says_again_what_had_no_receipt() -> None:
    net = Net()
    net.start_all()
    net.say(ALBA, "T1", text="before the backup")
    net.lost = lambda sender, _reader, _send: sender == ALBA
    waiting = net.say(ALBA, "T1", text="said, and not stored by Bora before the backup")
    net.run(1)
    old = backup(net, ALBA)
    net.lost = lambda _sender, _reader, _send: False
    after = net.say(ALBA, "T1", text="said after the backup")
    net.run(60)
    first = net.state(ALBA).generation

    net.cut = {ALBA, BORA}
    net.disconnect(BORA)
    started_from(net, ALBA, old, marked=True)
    restored_at = net.utc
    refused = net.submit(ALBA, net.statement(ALBA, "T1", text="too early"))
    assert not refused.good
    assert "older copy" in refused.message
    net.run(30)
    assert net.state(ALBA).recovering
    assert net.state(ALBA).size_of((ALBA, first)) == 2, "the entry said after the backup is not here yet"

    net.cut = set()
    net.connect(ALBA)
    net.connect(BORA)
    net.run(90)
    state = net.state(ALBA)
    assert not state.recovering
    assert state.generation > first
    assert state.size_of((ALBA, first)) == 3, "its own words came back to it"
    assert not net.state(BORA).forked
    assert [text["text"] for text in net.texts(BORA)] == [  # in the order in which they came
        "before the backup",
        "said after the backup",
        "said, and not stored by Bora before the backup",
    ]
    assert net.statuses(ALBA, waiting)["stored"] == net.statuses(ALBA, after)["stored"] == {"bora-1"}
    assert [each["id"] for each in net.sent(ALBA)].count(after.hex()) == 1
    (story,) = net.lines(ALBA)["recovered"]
    assert "backup" in story["why"]
    assert (story["since"], story["until"]) == (moment(restored_at), moment(state.generation))
    assert (story["generation_before"], story["size_before"]) == (first, 3)
    assert story["said_again"] == 2
    assert story["not_said_again"] == []

    net.show(BORA)
    net.run(1)
    assert net.statuses(ALBA, after)["presented"] == {"bora-1"}


def test_what_is_said_again_is_the_same_message_to_who_had_it_already() -> None:
    """Nothing that somebody here has done with it is undone: it was read, it was translated."""
    net = Net()
    net.start_all()
    net.lost = lambda sender, _reader, _send: sender == BORA
    said = net.say(ALBA, "T1", text="Всё тихо")
    net.run(1)
    assert net.act(BORA, Act.TRANSLATE, said, TranslationStep.SIGHT_TRANSLATED, 1, "All is quiet").good
    first, came = net.state(ALBA).generation, net.one(BORA, said)["translation"]
    started_from(net, ALBA, backup(net, ALBA), marked=True)
    net.lost = lambda _sender, _reader, _send: False
    net.run(200)
    assert net.lines(ALBA)["recovered"][0]["said_again"] == 1
    assert "R130" not in (*net.rules(ALBA), *net.rules(BORA)), "that it follows another is for machines alone"
    seen = net.one(BORA, said)["translation"]
    assert (seen["state"], seen["text"], seen["since"]) == ("SIGHT", "All is quiet", came["since"])
    assert [each["id"] for each in net.inbox(BORA)] == [said.hex()]
    for me in (ALBA, BORA):
        assert find(net.meaning(me), said[:8]).generation == first, "what is asked for is its first place"


def test_who_has_recovered_begins_as_any_other_the_next_time() -> None:
    net = Net()
    net.start_all()
    net.say(ALBA, "T1", text="before")
    net.run(5)
    started_from(net, ALBA, backup(net, ALBA), marked=True)
    net.run(200)
    generation = net.state(ALBA).generation
    started_from(net, ALBA, backup(net, ALBA), marked=False)
    assert not net.state(ALBA).recovering
    net.run(200)
    assert net.state(ALBA).generation == generation
    assert len(net.lines(ALBA)["recovered"]) == 1


def test_what_waited_for_a_receipt_in_the_old_generation_waits_for_none_in_the_new() -> None:
    net = Net()
    net.start_all()
    for number in range(10):
        net.say(ALBA, "T1", text=f"stored {number}")
    net.run(30)
    net.lost = lambda _sender, reader, _send: reader == BORA
    net.say(ALBA, "T1", text="on the way, at the eleventh place")
    net.run(5)
    patience = net.peer(ALBA, BORA).patience
    assert [seq for seq, _ in patience.waiting()[1]] == [10]
    net.lost = lambda _sender, _reader, _send: False
    assert net.act(ALBA, Act.ROLLED_BACK).good
    net.run(10)
    assert not net.state(ALBA).recovering
    patience = net.peer(ALBA, BORA).patience
    assert (patience.waiting(), patience.since_ms) == (([], []), None)


def test_an_unmarked_older_copy_notices_by_an_entry_of_its_own() -> None:
    net = Net()
    net.start_all()
    old = backup(net, ALBA)
    net.say(ALBA, "T1", text="said after the copy was made")
    net.run(60)
    first = net.state(ALBA).generation
    started_from(net, ALBA, old, marked=False)
    net.run(200)
    assert net.state(ALBA).generation > first
    assert "own signature" in net.lines(ALBA)["recovered"][0]["why"]
    net.say(ALBA, "T1", text="and on it goes")
    net.run(1)
    assert [text["text"] for text in net.texts(BORA)] == ["said after the copy was made", "and on it goes"]
    assert not net.state(BORA).forked


def test_an_unmarked_older_copy_notices_by_a_prekey_of_its_own_in_its_slot() -> None:
    net = Net()
    net.start_all()
    old = backup(net, ALBA)
    assert net.act(ALBA, Act.REKEY).good
    net.run(10)
    started_from(net, ALBA, old, marked=False)
    net.run(150)
    assert "prekey" in net.lines(ALBA)["recovered"][0]["why"]


def test_a_restored_station_makes_its_prekey_later_than_the_one_in_its_slot() -> None:
    """Else its peers would refuse the new one (R47) and nobody could announce anything to it."""
    net = Net()
    net.start_all()
    old = backup(net, ALBA)
    net.skew_s[ALBA] = 500
    assert net.act(ALBA, Act.REKEY).good
    net.run(150)
    shown = net.peer(BORA, ALBA).sender.prekey
    assert shown is not None
    net.skew_s[ALBA] = 0
    started_from(net, ALBA, old, marked=True)
    net.run(400)  # Bora looks into a slot whose owner has been silent for three probes
    learned = net.peer(BORA, ALBA).sender.prekey
    assert learned is not None
    assert learned.created > shown.created
    net.say(BORA, "T1", text="does it open?")
    net.run(30)
    assert net.texts(ALBA) == [{"text": "does it open?"}]


def test_an_earlier_prekey_in_the_slot_changes_nothing() -> None:
    net = Net()
    net.start_all()
    (place,) = [place for place in net.slots if place[1] == net.post(ALBA)]
    earlier = net.slots[place]
    net.leap(86_400)
    net.run(5)
    net.disconnect(ALBA)
    net.slots[place] = earlier
    net.connect(ALBA)
    net.run(5)
    assert net.slots[place][0] == Version.PREKEY
    assert net.slots[place] != earlier
    assert not net.state(ALBA).recovering


def test_a_peer_that_lies_about_what_it_holds_stops_nobody() -> None:
    """R127: a bare claim to hold more of our log is logged as the peer's and asked about; nobody waits for it."""
    net = Net()
    net.start_all()
    net.say(ALBA, "T1", text="one")
    net.run(150)
    held = net.state(BORA).logs[ALBA, net.state(ALBA).generation]
    for number in range(5):
        held.add(1 + number, bytes([number]) * 32)  # Bora's station believes what nobody said
    net.run(200)
    assert "R127" in net.rules(ALBA)
    assert not net.state(ALBA).recovering
    net.say(ALBA, "T1", text="two")

    started_from(net, ALBA, backup(net, ALBA), marked=True)
    net.run(30)
    assert net.state(ALBA).recovering
    net.run(200)
    assert not net.state(ALBA).recovering, "a claim that nothing shows to be true is waited for one minute"
    net.say(ALBA, "T1", text="three")
    net.run(30)
    assert {"text": "three"} in net.texts(BORA)


def test_a_relay_that_gives_nothing_of_the_old_log_stops_nobody() -> None:
    net = Net(relays=2)
    net.start_all()
    net.say(ALBA, "T1", text="one")
    net.run(150)
    old = backup(net, ALBA)
    net.down = {"relay1.example:443"}
    started_from(net, ALBA, old, marked=True)
    net.run(150)
    assert not net.state(ALBA).recovering


def test_a_third_station_s_old_claims_do_not_hold_up_a_recovery_either() -> None:
    net = Net(parties=3)
    net.start_all()
    net.say(ALBA, "T1", text="one")
    net.run(150)
    started_from(net, ALBA, backup(net, ALBA), marked=True)
    state = net.state(ALBA)
    contact = state.peers[CENDRA].contact
    contact.holds[ALBA, state.generation] = (9, b"")
    net.run(150)
    assert not net.state(ALBA).recovering


def test_two_copies_that_each_follow_one_generation_are_shown_as_a_fork() -> None:
    net = Net(parties=3)
    net.start_all()
    old = backup(net, ALBA)
    first = net.state(ALBA).generation
    net.lost = lambda sender, reader, _send: CENDRA in (sender, reader)
    started_from(net, ALBA, old.copy(), marked=True)
    net.run(150)
    assert net.state(ALBA).generation > first
    net.lost = lambda sender, reader, _send: BORA in (sender, reader)
    net.leap(7_200)
    started_from(net, ALBA, old.copy(), marked=True)
    net.run(150)
    net.lost = lambda _sender, _reader, _send: False
    net.run(400)
    shown = [fork for fork in net.forks(BORA) if "followed_by" in fork]
    assert shown
    assert shown[0]["station"] == "alba-1"
    assert shown[0]["generation"] == first
    assert len(set(shown[0]["followed_by"])) == 2


def test_what_can_no_longer_be_said_again_is_told_and_stops_nothing() -> None:
    net = Net()
    net.start_all()
    net.lost = lambda sender, _reader, _send: sender == ALBA
    said = net.say(ALBA, "T1", text="by an officer who leaves", officer=2)
    net.run(1)
    old = backup(net, ALBA)
    net.lost = lambda _sender, _reader, _send: False
    remaining = (net.officer(1, 1, Authority.DUTY_OFFICER),)
    roster = net.roster(ALBA, officers=remaining)
    net.stop(ALBA)
    net.nodes[ALBA].ledger = old
    net.disconnect(ALBA)
    net.cut = {ALBA}
    net.start(ALBA, restored=True)
    assert net.bring(ALBA, DocumentClass.ROSTER, roster).good
    net.cut = set()
    net.connect(ALBA)
    net.run(200)
    (story,) = net.lines(ALBA)["recovered"]
    assert [each["id"] for each in story["not_said_again"]] == [said.hex()]
    assert "R108" in story["not_said_again"][0]["reason"]


@pytest.mark.parametrize("commit", [False, True])
def test_a_crash_while_recovering_begins_it_again(*, commit: bool) -> None:
    net = Net()
    net.start_all()
    net.cut = {ALBA}
    started_from(net, ALBA, backup(net, ALBA), marked=True)
    net.give(ALBA, Woken(), commit=commit)
    net.stop(ALBA)
    net.cut = set()
    net.start(ALBA)
    assert net.state(ALBA).recovering
    net.run(150)
    assert len(net.lines(ALBA)["recovered"]) == 1


def test_an_officer_may_say_that_this_station_is_an_older_copy() -> None:
    net = Net()
    net.start_all()
    first = net.state(ALBA).generation
    assert net.act(ALBA, Act.ROLLED_BACK).good
    net.run(150)
    assert net.state(ALBA).generation > first


@pytest.mark.parametrize("away", [1, 30, 3_000])
def test_recovery_begins_and_ends_at_once_when_the_other_side_is_there(away: int) -> None:
    """What answered it before its fresh prekey came was sealed under an epoch it has dropped: it is greeted again."""
    net = Net(parties=3, relays=2)
    net.start_all()
    net.run(70)
    old = backup(net, ALBA)
    net.say(ALBA, "T1", text="said after the copy was made")
    net.run(10)
    net.stop(ALBA)
    net.run(away)
    for node in net.nodes.values():
        node.sent.clear()
    started_from(net, ALBA, old, marked=True)
    net.run(2)
    assert not net.state(ALBA).recovering
    net.say(ALBA, "T1", text="and goes on")
    net.run(1)
    assert {text["text"] for text in net.texts(BORA)} == {"said after the copy was made", "and goes on"}
    assert not net.state(ALBA).outbox.entries
    assert len(net.nodes[BORA].sent) < 60, "over two relays to two stations: no storm"


def test_a_fresh_prekey_that_is_shown_again_is_greeted_once() -> None:
    net = Net()
    net.start_all()
    net.run(70)
    assert net.act(ALBA, Act.REKEY).good
    net.run(1)
    (path,) = net.state(BORA).paths
    prekey = net.state(ALBA).keyring.current
    assert prekey is not None
    net.nodes[BORA].sent.clear()
    for _ in range(50):
        net.give(BORA, Received(path, prekey.encode()))
    assert net.nodes[BORA].sent == []
