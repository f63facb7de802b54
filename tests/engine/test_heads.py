"""Each hour's head of a log, cosigned by whoever holds it all: only rising, and an alarm if it does not fit."""

from collections import Counter
from dataclasses import replace

import pytest

from openline.delivery import receiving
from openline.delivery.heads import HEADS_OF_ONE_MAX, MISFIT_EVERY_MS, ROOTS_KEPT, take_head
from openline.delivery.paths import Path
from openline.delivery.state import LineState, Peer
from openline.errors import Rejected
from openline.identifiers import StationId
from openline.ports import Instant
from openline.sessions import Opened
from openline.tlog import Checkpoint, cosigner_name, origin, sign_head
from openline.wire.envelope import Type
from openline.wire.payloads import Ask, Head, encode_head
from tests.engine.pair import ALBA, BORA, CENDRA, SLOW_ROOM, SUITE, Net

HOUR = 3_600


def an_hour(net: Net) -> None:
    """An hour, in most of which nothing runs, and some minutes in which everything is caught up with."""
    net.leap(HOUR - 1_200)
    net.run(1_320)


def with_heads(parties: int = 2) -> Net:
    net = Net(parties)
    net.start_all()
    net.say(ALBA, "T1", text="one")
    an_hour(net)
    return net


def head_by(net: Net, me: StationId, size: int, root: bytes, *, generation: int = 0) -> Head:
    """A head of a station's own log as it would sign it, over whatever root it likes."""
    home = net.setting.homes[me]
    log = (me, generation or net.state(ALBA).generation)
    checkpoint = Checkpoint(origin(home.line, *log), size, root)
    name = cosigner_name(home.line, me)
    return sign_head(SUITE, home.keys.sign, home.keys.head, name, log, checkpoint, net.utc, signed_before=0)


def test_the_hour_s_head_is_signed_by_its_owner_and_cosigned_by_who_holds_the_log() -> None:
    net = with_heads(3)
    key = (ALBA, net.state(ALBA).generation)
    assert set(net.state(ALBA).heads[key]) == {ALBA, BORA, CENDRA}
    assert net.about(ALBA, BORA)["cosigned"]["size"] == 1
    assert net.about(BORA, ALBA)["cosigned"] is None
    assert set(net.state(BORA).heads[key]) == {ALBA, BORA, CENDRA}
    assert "Headed" in net.nodes[ALBA].changes, "the screen shows who has cosigned"


def test_heads_that_come_twice_are_not_answered_with_heads_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Over two relays each comes twice, and the second looked like a question for what had gone out already.

    A made world that began shortly before the hour never came to an end.
    """
    came: Counter[StationId] = Counter()

    def counted(state: LineState, peer: Peer, opened: Opened, path: Path, now: Instant) -> None:
        came[state.me] += 1
        take_head(state, peer, opened.payload, path, now)
        assert came.total() < 100

    monkeypatch.setitem(receiving._HANDLERS, Type.HEAD, counted)
    net = Net(3, relays=2)
    net.start_all()
    net.say(ALBA, "T1", text="one")
    an_hour(net)
    key = (ALBA, net.state(ALBA).generation)
    assert set(net.state(ALBA).heads[key]) == {ALBA, BORA, CENDRA}
    assert came == {ALBA: 6, BORA: 4, CENDRA: 4}, "each hears both others, over both relays, and the owner once more"


def test_no_head_is_made_while_a_log_does_not_grow() -> None:
    net = with_heads()
    key = (ALBA, net.state(ALBA).generation)
    first = net.state(ALBA).heads[key]
    net.run(3 * HOUR)
    assert net.state(ALBA).heads[key] == first
    net.say(ALBA, "T1", text="two")
    net.run(HOUR + 120)
    assert net.state(ALBA).heads[key][BORA].size == 2


def test_a_head_is_made_as_the_hour_strikes() -> None:
    net = Net()
    net.start_all()
    net.say(ALBA, "T1", text="one")
    key, strikes = (ALBA, net.state(ALBA).generation), net.utc // HOUR * HOUR + HOUR
    net.leap(strikes - net.utc - 130)
    net.run(129)
    assert key not in net.state(ALBA).heads
    net.run(66)
    assert strikes <= net.state(ALBA).heads[key][ALBA].time <= net.utc


def test_no_second_head_is_made_in_an_hour_however_often_the_station_is_started() -> None:
    net = Net()
    net.start_all()
    net.say(ALBA, "T1", text="one")
    for _ in range(2):
        net.run(120)
        net.stop(ALBA)
        net.disconnect(ALBA)
        net.start(ALBA)
        net.run(5)
        assert (ALBA, net.state(ALBA).generation) not in net.state(ALBA).heads, "in the hour in which its log began"
    an_hour(net)
    key = (ALBA, net.state(ALBA).generation)
    assert net.state(ALBA).heads[key][ALBA].size == 1
    net.say(ALBA, "T1", text="two")
    net.stop(ALBA)
    net.disconnect(ALBA)
    net.start(ALBA)
    net.run(70)
    assert net.state(ALBA).heads[key][ALBA].size == 1
    an_hour(net)
    assert net.state(ALBA).heads[key][ALBA].size == 2


def test_heads_outlive_a_restart_and_only_grow() -> None:
    net = with_heads()
    key = (ALBA, net.state(ALBA).generation)
    before = net.state(ALBA).heads[key]
    for me in (ALBA, BORA):
        net.stop(me)
        net.start(me)
    assert net.state(ALBA).heads[key] == before
    net.say(ALBA, "T1", text="two")
    an_hour(net)
    assert net.state(ALBA).heads[key][BORA].size == 2
    assert net.state(BORA).bases[key].size == 2


def test_who_missed_a_head_is_offered_it_again_and_cosigns() -> None:
    net = Net()
    net.start_all()
    net.say(ALBA, "T1", text="one")
    heads = 2_000  # bytes: nothing else here is as long
    net.lost = lambda _sender, _reader, send: len(send.envelope) > heads
    an_hour(net)
    assert net.about(ALBA, BORA)["cosigned"] is None
    net.lost = lambda sender, _reader, send: sender == BORA and len(send.envelope) > heads
    an_hour(net)
    assert net.about(ALBA, BORA)["cosigned"] is None
    assert net.state(BORA).heads[ALBA, net.state(ALBA).generation][BORA].size == 1
    net.lost = lambda _sender, _reader, _send: False
    an_hour(net)
    assert net.about(ALBA, BORA)["cosigned"]["size"] == 1


def test_on_a_slow_link_heads_travel_only_when_asked_for() -> None:
    net = Net()
    net.room = SLOW_ROOM
    net.start_all()
    net.say(ALBA, "T1", text="one")
    for _ in range(3):
        an_hour(net)
    key = (ALBA, net.state(ALBA).generation)
    assert set(net.state(ALBA).heads[key]) == {ALBA}
    assert key not in net.state(BORA).heads
    (path,) = net.state(BORA).paths.values()
    path.duties[ALBA].ask((Ask.HEAD, *key))
    path.duties[ALBA].ask((Ask.HEAD, ALBA, 1))
    an_hour(net)
    assert net.state(BORA).heads[key][ALBA].size == 1


def test_a_head_of_more_than_is_held_waits_until_the_entries_have_come() -> None:
    net = Net()
    net.start_all()
    net.say(ALBA, "T1", text="one")
    net.run(1)
    net.lost = lambda sender, _reader, send: sender == ALBA and len(send.envelope) < 2_000
    net.say(ALBA, "T1", text="two")
    state = net.state(ALBA)
    key = (ALBA, state.generation)
    head = head_by(net, ALBA, 2, state.own.tree.root())
    bora = net.state(BORA)
    (path,) = bora.paths.values()
    take_head(bora, bora.peers[ALBA], encode_head(head), path, net.instant(BORA))
    assert key not in bora.heads
    net.lost = lambda _sender, _reader, _send: False
    net.run(200)
    assert bora.heads[key][ALBA] == head
    assert bora.heads[key][BORA].size == 2
    assert not bora.early_heads


def test_early_heads_are_limited_and_those_of_stations_that_left_are_dropped() -> None:
    net = with_heads()
    bora = net.state(BORA)
    (path,) = bora.paths.values()
    head = head_by(net, ALBA, 9, bytes(32), generation=1)
    for number in range(HEADS_OF_ONE_MAX + 6):
        head = head_by(net, ALBA, 9, bytes(32), generation=1 + number)
        take_head(bora, bora.peers[ALBA], encode_head(head), path, net.instant(BORA))
    assert len(bora.early_heads) == HEADS_OF_ONE_MAX
    bora.early_heads = {((ALBA, 1), CENDRA): head}
    net.run(61)
    assert not bora.early_heads


def test_r31_a_head_of_a_time_that_no_clock_shows_is_refused_and_the_screen_goes_on() -> None:
    net = with_heads()
    net.say(ALBA, "T1", text="two")
    net.run(1)
    alba, home = net.state(ALBA), net.setting.homes[BORA]
    (path,) = alba.paths.values()
    log = (ALBA, alba.generation)
    checkpoint = Checkpoint(origin(home.line, *log), 2, alba.own.tree.root())
    name = cosigner_name(home.line, BORA)
    for time in (1 << 32, 1 << 62):
        head = sign_head(SUITE, home.keys.sign, home.keys.head, name, log, checkpoint, time, signed_before=0)
        with pytest.raises(Rejected, match=r"R31\b"):
            take_head(alba, alba.peers[BORA], encode_head(head), path, net.instant(ALBA))
        assert net.about(ALBA, BORA)["cosigned"]["size"] == 1


def test_r125_a_head_that_does_not_fit_is_an_alarm_and_asks_for_entries() -> None:
    net = with_heads()
    bora = net.state(BORA)
    (path,) = bora.paths.values()
    net.say(ALBA, "T1", text="two")
    net.run(1)
    wrong = head_by(net, ALBA, 2, bytes(32))
    with pytest.raises(Rejected) as caught:
        take_head(bora, bora.peers[ALBA], encode_head(wrong), path, net.instant(BORA))
    assert caught.value.rule == "R125"
    assert path.duties[ALBA].asks == [(Ask.ENTRIES, ALBA, net.state(ALBA).generation, 0, 2)]
    assert net.about(BORA, ALBA)["heads_not_fitting"] == 1
    net.run(61)
    assert any("HEAD DOES NOT FIT" in alarm for alarm in net.nodes[BORA].sounds[-1])
    an_hour(net)
    assert net.about(BORA, ALBA)["heads_not_fitting"] == 0, "a later one that fits ends the alarm"
    net.run(30)
    assert net.nodes[BORA].sounds[-1] == ()


def test_a_head_of_a_smaller_size_than_the_last_is_passed_over() -> None:
    net = with_heads()
    for number in range(3):
        net.say(ALBA, "T1", text=f"more {number}")
        an_hour(net)
    bora = net.state(BORA)
    key = (ALBA, net.state(ALBA).generation)
    (path,) = bora.paths.values()
    old = replace(bora.heads[key][ALBA], size=1)
    take_head(bora, bora.peers[ALBA], encode_head(old), path, net.instant(BORA))
    del bora.heads[key][ALBA]
    bora.roots[key].clear()
    take_head(bora, bora.peers[ALBA], encode_head(old), path, net.instant(BORA))
    assert ALBA not in bora.heads[key]


def test_a_liar_s_early_heads_take_nobody_else_s_places() -> None:
    net = with_heads(3)
    bora = net.state(BORA)
    (path,) = bora.paths.values()
    for number in range(1_100):
        lie = head_by(net, CENDRA, 9, bytes(32), generation=1 + number)
        take_head(bora, bora.peers[CENDRA], encode_head(lie), path, net.instant(BORA))
    early = head_by(net, ALBA, 2, bytes(32))
    take_head(bora, bora.peers[ALBA], encode_head(early), path, net.instant(BORA))
    assert ((ALBA, early.generation), ALBA) in bora.early_heads


def test_a_head_that_is_none_hides_nobody_s_head_of_a_smaller_size_and_costs_one_reading_a_minute() -> None:
    net = with_heads(3)
    net.say(ALBA, "T1", text="two")
    net.run(1)
    true = head_by(net, ALBA, 2, net.state(ALBA).own.tree.root())
    net.say(ALBA, "T1", text="three")
    net.run(1)
    bora = net.state(BORA)
    (path,) = bora.paths.values()
    key = (ALBA, true.generation)
    lie = encode_head(replace(true, size=3))
    for _ in range(2):
        with pytest.raises(Rejected, match=r"R125\b"):
            take_head(bora, bora.peers[CENDRA], lie, path, net.instant(BORA))
    assert bora.bases[key].size == 1, "nothing was signed over more"
    take_head(bora, bora.peers[ALBA], encode_head(true), path, net.instant(BORA))
    assert bora.heads[key][ALBA] == true
    assert bora.heads[key][BORA].size == 2
    until = bora.peers[CENDRA].misfits[key]
    assert until - net.instant(BORA).monotonic_ms == MISFIT_EVERY_MS


def test_who_holds_more_than_a_head_is_about_cosigns_that_size() -> None:
    net = Net()
    net.start_all()
    net.say(ALBA, "T1", text="one")
    root = net.state(ALBA).own.tree.root()
    net.say(ALBA, "T1", text="two")
    net.run(1)
    bora = net.state(BORA)
    (path,) = bora.paths.values()
    take_head(bora, bora.peers[ALBA], encode_head(head_by(net, ALBA, 1, root)), path, net.instant(BORA))
    assert bora.heads[ALBA, net.state(ALBA).generation][BORA].size == 1


def test_heads_that_do_not_fit_are_remembered_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openline.delivery.heads.HEADS_OF_ONE_MAX", 0)
    net = with_heads()
    net.say(ALBA, "T1", text="two")
    net.run(1)
    bora = net.state(BORA)
    (path,) = bora.paths.values()
    wrong = encode_head(head_by(net, ALBA, 2, bytes(32)))
    with pytest.raises(Rejected):
        take_head(bora, bora.peers[ALBA], wrong, path, net.instant(BORA))
    assert not bora.wrong_heads


def test_only_the_last_roots_are_remembered() -> None:
    net = with_heads()
    key = (ALBA, net.state(ALBA).generation)
    for number in range(ROOTS_KEPT + 1):
        net.say(ALBA, "T1", text=f"more {number}")
        net.leap(HOUR)
        net.run(1)
    assert len(net.state(ALBA).roots[key]) == ROOTS_KEPT
