"""An ordinary entry, and its receipt, goes by one path first and by a second one later; a FLASH goes by all at once."""

from __future__ import annotations

import pytest

from openline.delivery.paying import SECOND_PATH_MS
from openline.identifiers import PathId, StationId
from openline.limits import FLASH_LANE
from openline.wire.payloads import ReceiptState
from tests.engine.pair import ALBA, BORA, Net, flash


@pytest.fixture
def net() -> Net:
    made = Net(relays=2)
    made.start_all()
    made.run(130)
    return made


def carried(net: Net, begun: int, station: StationId = ALBA) -> list[PathId]:
    """By which paths a station has sent something since, in order."""
    return [send.path for send in net.nodes[station].sent[begun:]]


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


def receipt_owed(net: Net, by: PathId) -> set[ReceiptState]:
    return net.state(BORA).paths[by].duties[ALBA].receipts


def test_a_receipt_goes_by_the_path_that_brought_the_entry_and_a_second_later_by_the_other(net: Net) -> None:
    first, second = first_and_second(net)
    net.run(5)
    begun = len(net.nodes[BORA].sent)
    net.say(ALBA, "T1", text="receipted")
    assert carried(net, begun, BORA) == [first]
    net.run(SECOND_PATH_MS / 1000 - 0.01)
    assert carried(net, begun, BORA) == [first]
    net.run(0.02)
    assert carried(net, begun, BORA) == [first, second]
    net.run(5)
    assert carried(net, begun, BORA) == [first, second]


def test_under_load_the_other_path_carries_one_receipt_a_second(net: Net) -> None:
    _, second = first_and_second(net)
    net.run(5)
    begun = len(net.nodes[BORA].sent)
    for number in range(20):
        net.say(ALBA, "T1", text=f"text {number}")
        net.run(0.1)
    net.run(1)
    sent = carried(net, begun, BORA)
    assert (len(sent) - sent.count(second), sent.count(second)) == (20, 2)


def test_a_withheld_receipt_comes_by_the_other_path_and_the_next_at_once(net: Net) -> None:
    first, second = first_and_second(net)
    net.run(5)
    net.lost = lambda sender, _to, send: sender == BORA and send.path == first
    said = net.say(ALBA, "T1", text="receipt withheld")
    assert not stored(net, said)
    net.run(SECOND_PATH_MS / 1000 + 0.01)
    assert stored(net, said)
    net.run(5)
    begun = len(net.nodes[BORA].sent)
    assert stored(net, net.say(ALBA, "T1", text="and the next")), "Alba sends by the other path, and Bora answers by it"
    assert carried(net, begun, BORA) == [second]


def test_a_receipt_waits_for_no_path_that_is_lost_or_full(net: Net) -> None:
    first, second = first_and_second(net)
    net.run(5)
    net.state(BORA).paths[first].room = 0
    begun = len(net.nodes[BORA].sent)
    assert stored(net, net.say(ALBA, "T1", text="no room"))
    assert carried(net, begun, BORA) == [second]
    net.state(BORA).paths[first].room = 65_536
    net.run(5)
    net.lost = lambda sender, _to, send: sender == BORA and send.path == first
    said = net.say(ALBA, "T1", text="lost")
    assert receipt_owed(net, second) == {ReceiptState.STORED}
    net.disconnect(BORA, net.nodes[BORA].routes[first].address)
    assert stored(net, said)


def test_what_was_presented_says_by_the_other_path_what_was_stored(net: Net) -> None:
    first, second = first_and_second(net)
    net.run(5)
    begun = len(net.nodes[BORA].sent)
    net.say(ALBA, "T1", text="stored, then shown")
    net.show(BORA)
    assert carried(net, begun, BORA) == [first, first]
    assert receipt_owed(net, second) == {ReceiptState.PRESENTED}, "it says stored too"
    net.run(SECOND_PATH_MS / 1000 + 0.01)
    assert carried(net, begun, BORA) == [first, first, second]


def test_receipts_for_a_flash_go_by_every_path_at_once(net: Net) -> None:
    first_and_second(net)
    net.run(5)
    begun = len(net.nodes[BORA].sent)
    flash(net, ALBA, "now")
    lanes = [send for send in net.nodes[BORA].sent[begun:] if send.lane == FLASH_LANE]
    assert {send.path for send in lanes} == set(net.state(BORA).paths)
