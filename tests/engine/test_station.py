"""A station takes any event at any time, sleeps while nothing is due, and repeats exactly."""

from openline.engine import Station
from openline.identifiers import PathId
from openline.ports import (
    Instant,
    Kept,
    NeedSecrets,
    PathLost,
    PathOpened,
    PathReady,
    Received,
    Started,
    Stopping,
    Wake,
)
from openline.simulation.ledger import MemoryLedger
from openline.simulation.setting import make_setting, secret
from tests.engine.pair import ALBA, BORA, START, SUITE, Net


def test_what_a_path_tells_that_a_roster_has_taken_away_is_passed_over() -> None:
    net = Net()
    net.start_all()
    before = net.nodes[ALBA].station
    assert before is not None
    print_before = before.fingerprint()
    for number in (PathId(77), PathId(50_000)):
        for event in (
            PathOpened(number, net.setting.line, b""), PathReady(number, 10), PathLost(number, ""),
            Received(number, b"\1"), Kept(number, 1),
        ):  # fmt: skip
            net.give(ALBA, event)
    assert before.fingerprint() == print_before


def test_a_station_may_be_stopped_in_good_order() -> None:
    net = Net()
    net.start_all()
    net.give(ALBA, Stopping())
    net.stop(ALBA)
    net.start(ALBA)
    assert net.say(ALBA, "T1", text="again")


def test_a_station_that_ends_before_it_has_begun_keeps_nothing_and_says_nothing() -> None:
    setting = make_setting(SUITE, 2, 1, 1)
    ledger = MemoryLedger()
    ledger.commit(setting.rows)
    station = Station(ledger, SUITE, [setting.homes[ALBA]])
    now = Instant(START, 0)
    station.step(Stopping(), now)
    batch = station.settle(now)
    assert batch.rows == ()
    assert all(isinstance(effect, NeedSecrets) for effect in batch.effects), "nobody hears anything"


def test_what_a_relay_says_to_hold_is_not_given_to_it_again_and_again() -> None:
    sent = []
    for keeps in (True, False):
        net = Net()
        net.keeps = keeps
        net.start_all()
        net.cut = {BORA}
        net.disconnect(BORA)
        net.say(ALBA, "T1", text="it waits there for whoever comes back")
        net.run(1)
        before = len(net.nodes[ALBA].sent)
        net.run(600)
        sent.append(len(net.nodes[ALBA].sent) - before)
    assert sent[0] < sent[1], "who never says what it holds is given it until a receipt comes"


def test_who_watches_a_line_is_told_what_of_it_has_changed() -> None:
    net = Net()
    net.start_all()
    for node in net.nodes.values():
        node.changes.clear()
    net.say(ALBA, "T1", text="look here")
    net.run(1)
    assert "Accepted" in net.nodes[BORA].changes
    assert "Receipts" in net.nodes[ALBA].changes


def test_a_clock_that_steps_wakes_the_line() -> None:
    net = Net()
    net.start_all()
    net.step_clock(ALBA, 7_200)
    net.run(70)
    assert abs(net.about(BORA, ALBA)["clock_offset_s"] - 7_200) <= 1


def test_fingerprints_are_equal_exactly_when_what_is_remembered_is() -> None:
    prints = []
    for text in ("one", "one", "other"):
        net = Net()
        net.start_all()
        net.say(ALBA, "T1", text=text)
        net.run(1)
        station = net.nodes[BORA].station
        assert station is not None
        prints.append(station.fingerprint())
    assert prints[0] == prints[1] != prints[2]


def test_secrets_are_asked_for_before_they_run_out() -> None:
    net = Net(parties=3, stations=2)
    net.start_all()
    net.run(400)
    station = net.nodes[ALBA].station
    assert station is not None
    assert len(station._given.secrets._secrets) >= 16


def test_a_wake_is_asked_for_once_until_it_changes() -> None:
    setting = make_setting(SUITE, 2, 1, 1)
    ledger = MemoryLedger()
    ledger.commit(setting.rows)
    station = Station(ledger, SUITE, [setting.homes[ALBA]])
    now = Instant(START, 0)
    station.step(Started(1, [secret("one")] * 64), now)
    first = [effect for effect in station.settle(now).effects if isinstance(effect, Wake)]
    again = [effect for effect in station.settle(now).effects if isinstance(effect, Wake)]
    assert len(first) == 1
    assert again == []


def test_a_home_without_lines_never_wakes() -> None:
    station = Station(MemoryLedger(), SUITE, [])
    now = Instant(START, 0)
    station.step(Started(1, [secret("one")] * 64), now)
    assert [effect for effect in station.settle(now).effects if isinstance(effect, Wake)] == []
