"""Amendments, rosters and stop notices on a running line: what they change, and under which charter one may speak."""

from openline.charter import ItemClass, Rules
from openline.engine.silence import Word
from openline.wire.payloads import DocumentClass
from openline.wire.statement import Authority
from tests.engine.pair import ALBA, BORA, CENDRA, Anything, Net, force

DAY = 86_400


def refusals(net: Net) -> list[str]:
    inbox: list[Anything] = list(net.inbox(BORA))
    return [each["refused"]["rule"] for each in inbox if "refused" in each]


def amended(net: Net) -> None:
    assert net.bring(ALBA, DocumentClass.CHARTER, net.amendment(ALBA, rules=Rules(check_cadence_s=60))).good
    net.run(2)


def test_an_amendment_that_one_side_brings_is_in_force_on_the_other_at_once() -> None:
    net = Net()
    net.start_all()
    amended(net)
    assert net.lines(BORA)["charter"] == 2
    said = net.say(BORA, "T1", text="under the new one")
    net.run(1)
    assert net.statuses(BORA, said)["stored"] == {"alba-1"}


def test_a_charter_that_names_another_catalogue_lets_nothing_be_said_by_this_one() -> None:
    net = Net()
    net.start_all()
    assert net.bring(ALBA, DocumentClass.CHARTER, net.amendment(ALBA, catalogue=bytes(32))).good
    assert "another catalogue" in net.submit(ALBA, net.statement(ALBA, "T1", text="hello")).message


def test_a_station_with_another_catalogue_says_so_unasked_and_does_not_guess() -> None:
    net = Net()
    net.start_all()
    said = net.say(ALBA, "Q1", fields={"statement": "All is well"})
    net.run(1)
    assert net.bring(ALBA, DocumentClass.CHARTER, net.amendment(ALBA, catalogue=bytes(32))).good
    for me in (ALBA, BORA):
        assert net.nodes[me].sounds[-1][0].startswith("OTHER CATALOGUE line "), "before anybody has to speak"
        shown = net.one(me, said)
        assert (shown["fields"], "another catalogue" in shown["unreadable"]) == ({}, True)
    sounded = len(net.nodes[BORA].sounds)
    net.run(65)
    assert len(net.nodes[BORA].sounds) >= sounded + 2, "and again, as long as it is so"
    net.stop(BORA)
    net.start(BORA)
    assert net.nodes[BORA].sounds[-1][0].startswith("OTHER CATALOGUE line "), "also after a restart"


def test_r133_nobody_goes_back_to_a_lower_charter() -> None:
    net = Net()
    net.start_all()
    amended(net)
    net.say(ALBA, "T1", text="under the new one")
    old = net.statement(ALBA, "T1", text="under the old one again", charter=1)
    answered = net.submit(ALBA, old)
    assert answered.rule == "R133"
    assert "charter in force" in answered.hint
    force(net, ALBA, old)
    net.run(1)
    assert refusals(net) == ["R133"]
    net.stop(BORA)
    net.start(BORA)
    net.run(1)
    force(net, ALBA, net.statement(ALBA, "T1", text="and again", charter=1))
    net.run(1)
    assert refusals(net) == ["R133", "R133"], "also after a restart"


def test_r133_the_old_charter_may_be_named_for_a_day_and_no_longer() -> None:
    net = Net()
    net.start_all()
    amended(net)
    net.run(61)
    assert net.submit(ALBA, net.statement(ALBA, "T1", text="drafted before", charter=1)).good
    net.leap(DAY)
    net.run(60)
    late = net.statement(ALBA, "T1", text="drafted long ago", charter=1)
    assert net.submit(ALBA, late).rule == "R133"
    force(net, ALBA, late)
    net.run(1)
    assert refusals(net) == ["R133"]
    assert [text["text"] for text in net.texts(BORA)] == ["drafted before"]


def test_an_entry_under_the_old_charter_that_comes_late_keeps_its_place_before_the_new() -> None:
    """FLASH overtakes: what stands earlier in the log may name the earlier charter, whenever it comes."""
    net = Net()
    net.start_all()
    amended(net)
    net.lost = lambda sender, _reader, _send: sender == ALBA
    net.say(ALBA, "T1", text="first, under the old one", charter=1)
    net.lost = lambda _sender, _reader, _send: False
    net.say(ALBA, "T1", text="second, under the new one")
    net.run(60)
    assert refusals(net) == []
    assert len(net.texts(BORA)) == 2


def test_an_entry_under_a_charter_not_known_yet_waits_for_it() -> None:
    """R121: it is held, the documents are asked for, and then it is judged again."""
    net = Net()
    net.start_all()
    net.run(61)
    net.lost = lambda sender, _reader, send: sender == ALBA and len(send.envelope) > 1_000
    amended(net)
    net.say(ALBA, "T1", text="under the new one")
    net.run(1)
    assert "R121" in net.rules(BORA)
    assert net.texts(BORA) == []
    net.lost = lambda _sender, _reader, _send: False
    net.run(120)
    assert net.texts(BORA) == [{"text": "under the new one"}]


def test_a_held_entry_reaches_the_desk_in_the_batch_that_brings_its_charter() -> None:
    """A crash between two batches would leave it stored, receipted and unknown to the dialogues."""
    net = Net()
    net.start_all()
    net.run(61)
    net.lost = lambda sender, _reader, send: sender == ALBA and len(send.envelope) > 1_000
    charter = net.amendment(ALBA, rules=Rules(check_cadence_s=60))
    assert net.bring(ALBA, DocumentClass.CHARTER, charter).good
    asked = net.say(ALBA, "Q1", fields={"statement": "All is well"})
    net.run(1)
    assert net.state(BORA).held_back
    assert net.bring(BORA, DocumentClass.CHARTER, charter).good
    net.stop(BORA)
    net.start(BORA)
    assert net.one(BORA, asked)["dialogues"]


def test_a_stopped_station_is_no_peer_any_more_and_nothing_waits_for_it() -> None:
    """R120: what it says is refused from then on."""
    net = Net(parties=3)
    net.start_all()
    net.run(61)
    net.stop(CENDRA)
    net.say(ALBA, "T1", text="waits for Cendra")
    net.run(1)
    assert net.state(ALBA).outbox.entries
    notice = net.stop_notice(3, ItemClass.STATION, 1)
    assert net.bring(ALBA, DocumentClass.STOP, notice).good
    assert CENDRA not in net.state(ALBA).peers
    assert not net.state(ALBA).outbox.entries
    net.start(CENDRA)
    net.run(5)
    assert CENDRA not in net.state(BORA).peers, "the notice has gone round"
    net.run(120)
    answered = net.submit(CENDRA, net.statement(CENDRA, "T1", text="am I still here?"))
    assert answered.rule in ("", "R120")


def test_a_station_that_has_been_stopped_says_nothing_more() -> None:
    net = Net()
    net.start_all()
    assert net.bring(ALBA, DocumentClass.STOP, net.stop_notice(1, ItemClass.STATION, 1)).good
    assert net.submit(ALBA, net.statement(ALBA, "T1", text="hello")).rule == "R120"


def test_a_document_that_is_not_signed_by_whom_it_must_be_is_refused() -> None:
    net = Net()
    net.start_all()
    assert not net.bring(ALBA, DocumentClass.ROSTER, b"nothing").good


def test_a_false_root_is_shown_with_its_proof() -> None:
    net = Net()
    net.start_all()
    one = net.roster(ALBA, officers=())
    other = net.roster(ALBA, officers=(net.officer(1, 7, Authority.RELEASER),))
    assert net.bring(BORA, DocumentClass.ROSTER, one).good
    assert net.bring(BORA, DocumentClass.ROSTER, other).good
    (proof,) = net.forks(BORA)
    assert proof == {
        "line": net.setting.line[:16].hex(), "root_of": "alba", "document": "ROSTER", "number": 2,
        "documents": [one.hex(), other.hex()],
    }  # fmt: skip
    net.run(61)
    assert any("FALSE ROOT" in alarm for alarm in net.nodes[BORA].sounds[-1])


def test_a_return_after_413_days_of_suspension_loses_nothing() -> None:
    """Rosters turned over, a relay gone, another UTC offset, messages waiting: the line is the same line."""
    net = Net(relays=2)
    net.start_all()
    net.say(BORA, "L2", fields={"state": "suspended"})
    net.run(61)
    assert net.word(ALBA, BORA) is Word.SUSPENDED
    net.stop(BORA)
    net.disconnect(BORA)
    waiting = [net.say(ALBA, "T1", text=f"said into the silence {number}") for number in range(3)]
    net.run(600)
    net.stop(ALBA)
    net.leap(413 * DAY)
    net.down = {"relay1.example:443"}
    net.queues.clear()
    net.slots.clear()
    net.start(ALBA)
    new_relays = (net.relay(2), net.relay(3))
    new_alba = net.roster(ALBA, officers=(net.officer(1, 11, Authority.DUTY_OFFICER),), relays=new_relays)
    assert net.bring(ALBA, DocumentClass.ROSTER, new_alba).good
    net.start(BORA)
    new_bora = net.roster(BORA, officers=(net.officer(2, 21, Authority.DUTY_OFFICER),), relays=new_relays)
    assert net.bring(BORA, DocumentClass.ROSTER, new_bora).good
    net.run(900)

    assert net.setting.line == net.state(ALBA).line == net.state(BORA).line
    texts = [each["id"] for each in net.inbox(BORA) if each["kind"] == "T1"]
    assert texts == [said.hex() for said in waiting]
    for said in waiting:
        assert net.statuses(ALBA, said)["stored"] == {"bora-1"}
        assert net.one(ALBA, said)["late"] > 412 * DAY
        assert net.one(BORA, said)["late"] > 412 * DAY
    assert not net.state(ALBA).outbox.entries
    net.say(BORA, "L2", fields={"state": "resumed"}, officer=21)
    check = {"check": 1, "nonce": "0102030405060708", "utc_offset": "+09:00"}
    first = net.say(BORA, "L1", fields=check, officer=21)
    other = net.say(BORA, "L1", fields={**check, "check": 2, "utc_offset": "+08:30"}, officer=21)
    net.run(61)
    assert net.word(ALBA, BORA) is Word.ANSWERS
    offsets = [net.one(ALBA, said)["fields"]["utc_offset"] for said in (first, other)]
    assert len(set(offsets)) == 2
    assert net.one(ALBA, first)["late"] is None
    assert not net.forks(ALBA) + net.forks(BORA)


def test_a_relay_that_a_new_roster_names_is_dialled_at_once_and_one_that_it_leaves_out_no_more() -> None:
    net = Net(relays=1)
    net.start_all()
    roster = net.roster(BORA, relays=(net.relay(7),))
    assert net.bring(BORA, DocumentClass.ROSTER, roster).good
    net.run(1)
    for me in (ALBA, BORA):
        assert "relay7.example:443" in {route.address for route in net.nodes[me].routes.values()}
    assert net.bring(ALBA, DocumentClass.ROSTER, net.roster(ALBA, relays=(net.relay(7),))).good
    net.run(1)
    for me in (ALBA, BORA):
        assert [route.address for route in net.nodes[me].routes.values()] == ["relay7.example:443"]
