"""LATE and crossed: by how much something came too late, on both sides, and which messages passed each other."""

from openline.engine.alarms import in_force
from openline.wire.statement import Option, Precedence
from tests.engine.pair import ALBA, BORA, CENDRA, Net, flash


def cut_off(net: Net) -> None:
    net.lost = lambda _sender, _reader, _send: True


def healed(net: Net) -> None:
    net.lost = lambda _sender, _reader, _send: False


def test_what_is_stored_in_time_is_not_late() -> None:
    net = Net()
    net.start_all()
    said = flash(net, ALBA, "now")
    net.run(5)
    assert net.one(ALBA, said)["late"] is None
    assert net.one(BORA, said)["late"] is None


def test_a_flash_that_took_more_than_a_minute_is_late_on_both_sides_and_after_a_restart() -> None:
    net = Net()
    net.start_all()
    cut_off(net)
    said = flash(net, ALBA, "now")
    net.run(100)
    assert net.one(ALBA, said)["late"] == 40, "not stored anywhere yet"
    healed(net)
    net.run(100)
    theirs, ours = net.one(BORA, said)["late"], net.one(ALBA, said)["late"]
    assert theirs == ours >= 40
    for me in (ALBA, BORA):
        net.stop(me)
        net.start(me)
    assert net.one(BORA, said)["late"] == theirs
    assert net.one(ALBA, said)["late"] == ours


def test_what_arrives_in_the_last_second_that_is_allowed_is_in_time() -> None:
    for over in (0, 1):
        net = Net()
        net.start_all()
        limit = net.meaning(BORA).desk.book.rules.times[Precedence.ROUTINE].stored_s
        said = net.say(ALBA, "T1", text="written before", authored=net.utc - limit - over)
        assert net.one(BORA, said)["late"] == (over or None)
        net.run(5)
        assert net.one(BORA, said)["late"] == (over or None)


def test_the_latest_addressee_counts() -> None:
    net = Net(parties=3)
    net.start_all()
    net.lost = lambda _sender, reader, _send: reader == CENDRA
    said = flash(net, ALBA, "now")
    net.run(100)
    assert net.statuses(ALBA, said)["stored"] == {"bora-1"}
    assert net.one(ALBA, said)["late"] == 40


def test_what_is_shown_when_it_holds_no_longer_is_late() -> None:
    net = Net()
    net.start_all()
    until = net.utc + 30
    said = net.say(ALBA, "T1", text="for half a minute", options={Option.VALIDITY: [None, until]})
    open_ended = net.say(ALBA, "T1", text="for long", options={Option.VALIDITY: [net.utc, None]})
    net.run(5)
    assert net.one(BORA, said)["late"] is None
    net.run(60)
    assert net.one(BORA, said)["late"] == net.utc - until
    net.show(BORA)
    shown = net.utc - until
    net.run(60)
    assert net.one(BORA, said)["late"] == shown
    assert net.one(BORA, open_ended)["late"] is None
    seen = net.one(BORA, open_ended)
    assert (seen["valid_from"] is None, seen["valid_until"]) == (False, None)


def test_what_expires_unstored_is_an_alarm() -> None:
    net = Net()
    net.start_all()
    cut_off(net)
    net.say(ALBA, "T1", text="for half a minute", options={Option.VALIDITY: [None, net.utc + 30]})
    net.say(ALBA, "T1", text="for ever")
    flash(net, ALBA, "now")
    net.run(75)
    station = net.nodes[ALBA].station
    assert station is not None
    alarms = in_force(station.meanings, net.utc)
    assert any("ROUTINE 1 " in alarm and alarm.endswith("EXPIRED 1") for alarm in alarms)
    assert any("FLASH 1 " in alarm for alarm in alarms)
    assert net.nodes[ALBA].sounds[-1] == tuple(alarms)
    healed(net)
    net.run(120)
    assert net.nodes[ALBA].sounds[-1] == ()


def test_an_alarm_sounds_again_until_it_ends_and_at_each_station_that_has_not_stored() -> None:
    net = Net(parties=3)
    net.start_all()
    net.lost = lambda _sender, reader, _send: reader == CENDRA
    flash(net, ALBA, "now")
    net.run(200)
    assert len([sound for sound in net.nodes[ALBA].sounds if sound]) >= 4
    assert len(net.nodes[ALBA].sounds[-1]) == 1


def test_messages_that_pass_each_other_have_crossed() -> None:
    net = Net()
    net.start_all()
    cut_off(net)
    mine = net.say(ALBA, "Q1", fields={"statement": "It was yours"}, precedence=Precedence.FLASH)
    theirs = net.say(BORA, "Q1", fields={"statement": "It was yours too"}, precedence=Precedence.FLASH)
    healed(net)
    net.run(60)
    assert net.one(ALBA, mine)["crossed"] == [theirs.hex()]
    assert net.one(BORA, mine)["crossed"] == [theirs.hex()]
