"""An ordinary entry goes by one path first, by a second one only if no receipt comes; a FLASH goes by all at once."""

from __future__ import annotations

import pytest

from openline.delivery.paying import SECOND_PATH_MS
from openline.identifiers import PathId
from tests.engine.pair import ALBA, BORA, Net, flash


@pytest.fixture
def net() -> Net:
    made = Net(relays=2)
    made.start_all()
    made.run(130)
    return made


def carried(net: Net, begun: int) -> list[PathId]:
    """By which paths Alba has sent something since, in order."""
    return [send.path for send in net.nodes[ALBA].sent[begun:]]


def stored(net: Net, said: bytes) -> bool:
    return net.statuses(ALBA, said).get("stored") == {"bora-1"}


def first_and_second(net: Net) -> tuple[PathId, PathId]:
    """Which path takes an ordinary entry first, and which is the other."""
    begun = len(net.nodes[ALBA].sent)
    net.say(ALBA, "T1", text="which way?")
    (first,) = carried(net, begun)
    (second,) = set(net.state(ALBA).paths) - {first}
    return first, second


def test_a_receipt_spares_the_second_path(net: Net) -> None:
    begun = len(net.nodes[ALBA].sent)
    said = [net.say(ALBA, "T1", text=f"text {number}") for number in range(3)]
    assert all(stored(net, each) for each in said)
    assert len(set(carried(net, begun))) == 1
    net.run(5)
    assert len(carried(net, begun)) == 3


def test_what_one_relay_withholds_comes_by_another_within_a_second_and_the_next_at_once(net: Net) -> None:
    first, second = first_and_second(net)
    net.lost = lambda _from, _to, send: send.path == first
    said = net.say(ALBA, "T1", text="withheld")
    net.run(SECOND_PATH_MS / 1000 - 0.01)
    assert not stored(net, said)
    net.run(0.02)
    assert stored(net, said)
    begun = len(net.nodes[ALBA].sent)
    assert stored(net, net.say(ALBA, "T1", text="and the next"))
    assert carried(net, begun) == [second], "a relay that withholds delays one message and no more"


def test_what_a_lost_path_carried_goes_by_the_other_at_once(net: Net) -> None:
    first, _ = first_and_second(net)
    net.lost = lambda _from, _to, send: send.path == first
    said = net.say(ALBA, "T1", text="on its way")
    net.disconnect(ALBA, net.nodes[ALBA].routes[first].address)
    assert stored(net, said)


def test_a_path_without_room_makes_nothing_wait(net: Net) -> None:
    first, second = first_and_second(net)
    net.state(ALBA).paths[first].room = 0
    begun = len(net.nodes[ALBA].sent)
    assert stored(net, net.say(ALBA, "T1", text="by the other"))
    assert carried(net, begun) == [second]


def test_a_flash_goes_by_every_path_at_once(net: Net) -> None:
    begun = len(net.nodes[ALBA].sent)
    flash(net, ALBA, "now")
    assert set(carried(net, begun)) == set(net.state(ALBA).paths)


def test_the_second_path_is_woken_for_and_not_before(net: Net) -> None:
    net.lost = lambda _from, to, _send: to == BORA
    net.say(ALBA, "T1", text="lost everywhere")
    begun = len(net.nodes[ALBA].sent)
    station = net.nodes[ALBA].station
    assert station is not None
    line = station.lines[net.setting.line]
    assert line.next_wake() == net.now_ms + SECOND_PATH_MS
    net.run(SECOND_PATH_MS / 1000)
    assert len(carried(net, begun)) == 1
    wake = line.next_wake()
    assert wake is not None
    assert wake > net.now_ms + SECOND_PATH_MS, "then it waits as long as anything that is sent again"
