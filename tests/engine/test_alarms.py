"""What sounds, when it sounds again, and what the words of an alarm say."""

from itertools import pairwise
from unittest.mock import patch

import pytest

from openline.charter import Rules
from openline.delivery.outgoing import Outgoing
from openline.engine import Act
from openline.engine.alarms import Alarms, in_force
from openline.engine.views import moment
from openline.ports import Instant, Woken
from openline.wire.payloads import DocumentClass
from openline.wire.statement import Option, Precedence
from tests.engine.pair import ALBA, BORA, CENDRA, Anything, Net, flash

CRISIS = {"reason": "an object that nobody knows", "check_interval": "5 min", "next_contact": "2023-11-14T22:30Z"}


def sounding(net: Net) -> list[str]:
    station: Anything = net.nodes[ALBA].station
    return in_force(station.meanings, net.utc)


def begin(net: Net) -> str:
    """The beginning of every alarm about what Bora has not stored."""
    return f"NOT STORED line {net.setting.line[:8].hex()} by bora-1: "


def deaf(parties: int = 2) -> Net:
    """Nothing arrives at Bora, from Alba or from who would pass it on."""
    net = Net(parties=parties)
    net.start_all()
    net.lost = lambda _sender, reader, _send: reader == BORA
    return net


def test_a_quiet_station_sounds_nothing_and_looks_at_nothing() -> None:
    net = Net()
    net.start_all()
    net.run(120)
    assert net.nodes[ALBA].sounds == []


def test_the_alarm_says_who_has_not_stored_how_many_since_when_and_what_has_expired() -> None:
    net = deaf()
    first = net.utc
    flash(net, ALBA, "one")
    net.run(10)
    flash(net, ALBA, "two")
    times = net.meaning(ALBA).desk.book.rules.times
    late = first + times[Precedence.FLASH].stored_s
    net.say(ALBA, "T1", text="short", precedence=Precedence.FLASH, options={Option.VALIDITY: [None, late + 5]})
    net.say(ALBA, "T1", text="slow")
    net.run(late - net.utc)
    assert sounding(net) == [], "in the last second that is allowed"
    net.run(1)
    assert sounding(net) == [begin(net) + f"FLASH 1 since {moment(first)}"]
    net.run(11)
    assert sounding(net) == [begin(net) + f"FLASH 3 since {moment(first)}, EXPIRED 1"]
    net.run(times[Precedence.ROUTINE].stored_s)
    slow = begin(net) + f"ROUTINE 1 since {moment(first + 10)}"
    assert sounding(net)[-1] == slow, "the most urgent comes first"
    assert sounding(net)[0].startswith(begin(net) + "FLASH 3")


def test_what_expires_is_late_from_the_second_after() -> None:
    net = deaf()
    until = net.utc + 20
    net.say(ALBA, "T1", text="short", options={Option.VALIDITY: [None, until]})
    net.run(20)
    assert sounding(net) == []
    net.run(1)
    assert sounding(net)[0].endswith(", EXPIRED 1")


def test_only_who_has_not_stored_it_is_named() -> None:
    net = deaf(parties=3)
    flash(net, ALBA, "now")
    net.run(200)
    assert [alarm.split(" by ")[1].split(":")[0] for alarm in sounding(net)] == ["bora-1"]
    assert CENDRA in net.state(ALBA).peers, "who has stored it, and is in no alarm"


def test_an_alarm_sounds_at_once_again_every_half_minute_and_once_more_when_it_ends() -> None:
    net = deaf()
    flash(net, ALBA, "now")
    heard: list[tuple[int, int]] = []
    begun = net.utc
    for _ in range(200):
        before = len(net.nodes[ALBA].sounds)
        net.run(1)
        heard += [(net.utc - begun, len(alarms)) for alarms in net.nodes[ALBA].sounds[before:]]
    times = [at for at, count in heard if count]
    assert all(count == 1 for _, count in heard)
    assert {later - earlier for earlier, later in pairwise(times)} <= {30, 31, 35}
    net.lost = lambda _sender, _reader, _send: False
    net.run(120)
    assert net.nodes[ALBA].sounds[-1] == ()
    sounded = len(net.nodes[ALBA].sounds)
    net.run(120)
    assert len(net.nodes[ALBA].sounds) == sounded, "nothing sounds while nothing is wrong"


@pytest.mark.parametrize(("most", "told"), [(0, 1), (1, 1), (2, 2), (3, 2), (4, 4), (47, 32), (48, 32), (64, 64)])
def test_a_flood_is_told_in_powers_of_two_so_that_it_does_not_sound_anew_with_each_entry(most: int, told: int) -> None:
    net = Net()
    net.start_all()
    inflow = net.peer(ALBA, BORA).inflow
    inflow.most, inflow.over_utc = most, net.utc
    allowed = Rules().entries_a_minute
    (alarm,) = sounding(net)
    assert alarm == (
        f"FLOOD line {net.setting.line[:8].hex()} bora-1: {told} entries or more in a minute where the charter allows "
        f"{allowed} (measured here); what is beyond waits, nothing else does"
    )


def test_what_only_the_charter_makes_an_alarm_sounds_every_half_minute_too() -> None:
    """Nothing waits for a time; so nothing else would make anybody look."""
    net = Net()
    net.start_all()
    net.run(20)
    assert net.bring(ALBA, DocumentClass.CHARTER, net.amendment(ALBA, catalogue=bytes(32))).good
    begun, heard = net.utc, []
    for _ in range(180):
        before = len(net.nodes[ALBA].sounds)
        net.run(1)
        heard += [net.utc - begun] * (len(net.nodes[ALBA].sounds) - before)
    assert max(later - earlier for earlier, later in pairwise([0, *heard, 180])) <= 36


def test_the_desk_is_woken_in_the_very_second_in_which_something_is_due() -> None:
    net = Net()
    net.start_all()
    said = net.say(ALBA, "T1", text="the note comes in the evening")
    assert net.act(ALBA, Act.REMIND, said, net.utc + 5_000).good
    meaning = net.meaning(ALBA)
    assert meaning.desk.next_wake(net.utc) == net.utc + 5_000
    assert meaning.next_wake(net.instant(ALBA)) == net.now_ms + 5_000_000


def test_the_alarms_are_looked_at_when_they_asked_for_it_and_five_seconds_after_whatever_happens() -> None:
    net = deaf()
    flash(net, ALBA, "now")
    station: Anything = net.nodes[ALBA].station
    alarms, out, utc = Alarms(), Outgoing(net.nodes[ALBA].ledger), net.utc

    def looks(at_ms: int) -> int | None:
        alarms.settle(station.meanings, out, Instant(utc, at_ms))
        return alarms.next_wake()

    assert looks(1_000) == 61_000, "what waits is not late for a minute"
    assert looks(2_000) == 7_000, "a batch, and it may have changed what waits"
    assert looks(6_999) == 7_000
    assert looks(7_000) == 67_000


def test_who_looked_away_for_a_minute_looks_again_at_once_when_something_waits() -> None:
    net = Net()
    net.start_all()
    said = net.say(ALBA, "T1", text="the note comes in a month")
    assert net.act(ALBA, Act.REMIND, said, net.utc + 30 * 86_400).good
    station: Anything = net.nodes[ALBA].station
    alarms, out, utc = Alarms(), Outgoing(net.nodes[ALBA].ledger), net.utc
    net.run(10)

    def looks(at_ms: int) -> int | None:
        alarms.settle(station.meanings, out, Instant(utc, at_ms))
        return alarms.next_wake()

    assert looks(1_000) == 61_000, "nothing is due for a month"
    assert looks(2_000) == 61_000
    net.lost = lambda _sender, reader, _send: reader == BORA
    flash(net, ALBA, "now")
    assert looks(3_000) == 8_000


def of_bora(net: Net) -> list[str]:
    return list(net.nodes[BORA].sounds[-1])


def held_open(net: Net) -> None:
    """Let something be wrong already, so that the next look at the alarms is some seconds away."""
    net.say(ALBA, "Q1", fields={"statement": "All is well"}, precedence=Precedence.FLASH)
    net.run(181)
    assert "NOT ACKNOWLEDGED" in of_bora(net)[0]
    net.run(1)


def test_a_crisis_opened_by_them_sounds_with_the_batch_that_brought_it() -> None:
    net = Net()
    net.start_all()
    held_open(net)
    began, sounded = net.now_ms, len(net.nodes[BORA].sounds)
    net.say(ALBA, "C1", fields=CRISIS, precedence=Precedence.FLASH)
    assert (net.now_ms, len(net.nodes[BORA].sounds)) == (began, sounded + 1), "no time has passed"
    assert any("CRISIS OPENED, NOT YET JOINED BY US" in alarm for alarm in of_bora(net))


@pytest.mark.parametrize("number", [1, 2])
def test_it_sounds_with_its_batch_on_whichever_line_it_is(number: int) -> None:
    net = Net(lines=2)
    net.start_all()
    held_open(net)
    began = net.now_ms
    net.on(number).say(ALBA, "C1", fields=CRISIS, precedence=Precedence.FLASH)
    assert net.now_ms == began, "no time has passed"
    assert any("CRISIS OPENED, NOT YET JOINED BY US" in alarm for alarm in net.nodes[BORA].sounds[-1])


def test_what_was_not_understood_sounds_with_the_batch_that_brought_it() -> None:
    net = Net()
    net.start_all()
    held_open(net)
    asked = net.say(ALBA, "N7", fields={"type": "collision", "time": "2023-11-14T22:10Z"})
    began = net.now_ms
    net.say(BORA, "NOT-UNDERSTOOD", ref=asked)
    for me in (ALBA, BORA):
        assert any("TO BE REPEATED" in alarm for alarm in net.nodes[me].sounds[-1])
    assert net.now_ms == began, "no time has passed"


def test_what_time_alone_makes_an_alarm_sounds_in_its_second() -> None:
    net = Net()
    net.start_all()
    held_open(net)
    limit = net.meaning(BORA).desk.book.rules.times[Precedence.FLASH].acknowledged_s
    said = net.say(ALBA, "Q1", fields={"statement": "The ship is yours"}, precedence=Precedence.FLASH)
    net.run(limit + 1)
    assert any(said[:8].hex() in alarm and "NOT ACKNOWLEDGED" in alarm for alarm in of_bora(net))


def test_what_is_due_in_days_is_not_looked_at_every_few_seconds() -> None:
    net = Net()
    net.start_all()
    said = net.say(ALBA, "T1", text="the note comes on Friday")
    net.run(60)
    assert net.act(ALBA, Act.REMIND, said, net.utc + 3 * 86_400).good
    station: Anything = net.nodes[ALBA].station
    with patch.object(station, "step", wraps=station.step) as step:
        net.run(1_200)
    wakes = [call for call in step.call_args_list if isinstance(call.args[0], Woken)]
    assert len(wakes) <= 4 * 20, "keys, greetings and alarms each have a minute of their own"
    assert net.act(ALBA, Act.REMIND, said, net.utc + 70).good
    net.run(66)
    assert net.nodes[ALBA].sounds == []
    net.run(10)
    assert "REMINDER" in net.nodes[ALBA].sounds[-1][0], "what is due is heard in time"


def wakes_of_alba(net: Net, seconds: int) -> int:
    station: Anything = net.nodes[ALBA].station
    with patch.object(station, "step", wraps=station.step) as step:
        net.run(seconds)
    return sum(isinstance(call.args[0], Woken) for call in step.call_args_list)


def test_a_peer_that_is_away_for_hours_is_no_reason_to_look_every_few_seconds() -> None:
    net = deaf()
    flash(net, ALBA, "now")
    net.run(3_600)
    assert len(sounding(net)) == 1
    sounded = len(net.nodes[ALBA].sounds)
    assert wakes_of_alba(net, 600) <= 20 + 3 * 10 + 2, "twice a minute it sounds; keys, greetings, what is sent again"
    assert len(net.nodes[ALBA].sounds) - sounded in (19, 20, 21)


def test_what_waits_and_is_not_late_yet_is_looked_at_when_it_is_late_and_once_a_minute() -> None:
    net = deaf()
    said_at = net.utc
    net.say(ALBA, "T1", text="slow")
    net.run(200)
    stored_s = net.meaning(ALBA).desk.book.rules.times[Precedence.ROUTINE].stored_s
    assert wakes_of_alba(net, 300) <= 4 * 5 + 2
    net.run(said_at + stored_s - net.utc)
    assert net.nodes[ALBA].sounds == []
    net.run(1)
    assert net.nodes[ALBA].sounds == [(begin(net) + f"ROUTINE 1 since {moment(said_at)}",)], "in its first second"


def test_what_the_others_show_false_sounds_within_seconds_while_nothing_else_is_looked_for() -> None:
    net = deaf()
    net.say(ALBA, "T1", text="slow")
    net.run(130)
    net.state(ALBA).forked.add((BORA, 1))
    flash(net, ALBA, "something happens")
    net.run(6)
    assert any(alarm.startswith("FORK") for alarm in net.nodes[ALBA].sounds[-1])
