"""A fresh epoch is announced again until the peer confirms it, and never once the peer has told of a later one."""

from __future__ import annotations

from copy import deepcopy

import pytest

from openline.delivery.keys_in_use import ANNOUNCED, announce
from openline.identifiers import PathId, StationId
from openline.ports import Received, Send, Woken
from openline.simulation.ledger import MemoryLedger
from openline.wire.envelope import Version
from tests.engine.pair import ALBA, BORA, Net, flash

STORM = 30  # envelopes of one station in five seconds: in these stories it needs eight


def older_disk_told_of_a_later_epoch(net: Net) -> list[bytes]:
    """Put Alba back to when its first epoch was announced and not confirmed; return that announcement, as on the disk.

    Its second reaches Bora only now, together with the first greeting of the older disk: so the answer names it.
    """
    net.lost = lambda sender, _reader, send: sender == BORA and send.envelope[0] == Version.SEALED
    net.start_all()
    disk = deepcopy(net.nodes[ALBA].ledger)
    first = announced(disk)
    held: list[Send] = []

    def hold(sender: StationId, _reader: StationId, send: Send) -> bool:
        held.append(send)
        return sender == ALBA

    net.lost = hold
    peer = net.peer(ALBA, BORA)
    peer.sender.drop()
    announce(net.state(ALBA), peer, net.instant(ALBA))
    net.give(ALBA, Woken())
    (second,) = {send.envelope for send in held if send.envelope[0] == Version.EPOCH}
    net.stop(ALBA)
    net.nodes[ALBA].ledger = disk
    held.clear()
    net.start(ALBA)
    net.lost = lambda _sender, _reader, _send: False
    net.give(BORA, *(Received(send.path, send.envelope) for send in held), Received(PathId(0), second))
    return first


def announced(disk: MemoryLedger) -> list[bytes]:
    return [value for _, value in disk.kept(ANNOUNCED)]


@pytest.mark.parametrize("relays", [1, 2])
def test_an_older_disk_that_owes_a_receipt_does_not_announce_without_end(relays: int) -> None:
    """It went out as fast as the line took it, before a receipt that had nothing to be sealed under."""
    net = Net(relays=relays)
    older_disk_told_of_a_later_epoch(net)
    sent: list[Send] = []

    def counted(sender: StationId, _reader: StationId, send: Send) -> bool:
        sent.extend([send] if sender == ALBA else [])
        assert len(sent) < STORM, "the same announcement, again and again"
        return False

    net.lost = counted
    said = flash(net, BORA, "to an older disk")
    net.run(5)
    assert net.statuses(BORA, said).get("stored") == {"alba-1"}


def test_an_epoch_that_was_dropped_is_announced_no_more_not_even_after_a_cut() -> None:
    net = Net()
    old = older_disk_told_of_a_later_epoch(net)
    assert old
    assert old != [net.peer(ALBA, BORA).announcement]
    assert old != announced(net.nodes[ALBA].ledger)
