"""The keys on the disk are those in memory, at every moment: no secret outlives its erasure, none is lost by a cut."""

import pytest

from openline.delivery.keys_in_use import ANNOUNCED, KEYRING, RECEIVER, SENDER, row_key
from openline.engine import Act
from openline.identifiers import StationId
from tests.engine.pair import ALBA, BORA, CENDRA, SLOW_ROOM, Anything, Net

DAY = 86_400


def on_disk(net: Net, me: StationId, table: str) -> dict[bytes, bytes]:
    return dict(net.nodes[me].ledger.kept(table, net.setting.line))


def agrees(net: Net) -> None:
    """Nothing but what is kept comes back after a cut, so that must be all and no more."""
    for me in net.nodes:
        state = net.state(me)
        assert on_disk(net, me, KEYRING) == {state.line: state.keyring.encode()}
        for table, kept in ((SENDER, "sender"), (RECEIVER, "receiver")):
            memory = {row_key(state, other): getattr(peer, kept).encode() for other, peer in state.peers.items()}
            assert on_disk(net, me, table) == memory, table
        announced = {row_key(state, other): peer.announcement for other, peer in state.peers.items()}
        assert on_disk(net, me, ANNOUNCED) == {key: value for key, value in announced.items() if value}


@pytest.mark.parametrize("room", [65_536, SLOW_ROOM])
def test_as_days_go_by(room: int) -> None:
    """Daily keys, a stock on bad days, erasure after 48 hours and after a week."""
    net = Net(parties=3)
    net.start_all()
    net.run(61)
    agrees(net)
    net.room = room
    for day in range(5):
        net.leap(DAY - 300)
        net.run(300)
        agrees(net)
        net.say(ALBA if day % 2 else BORA, "T1", text=f"day {day}")
        net.run(5)
        agrees(net)


def test_a_day_s_next_epoch_is_no_fresh_one_that_must_be_confirmed_before_anything_opens() -> None:
    net = Net()
    net.start_all()
    net.run(61)
    before = net.peer(ALBA, BORA).sender.encode()
    assert not net.peer(ALBA, BORA).announcement
    net.lost = lambda sender, _reader, _send: sender == BORA
    net.leap(DAY - 300)
    net.run(600)
    assert net.peer(ALBA, BORA).sender.encode() != before
    assert not net.peer(ALBA, BORA).announcement


def test_after_rekey_and_a_restart() -> None:
    net = Net(parties=3)
    net.start_all()
    net.run(61)
    before = net.state(ALBA).keyring.encode()
    assert net.act(ALBA, Act.REKEY).good
    agrees(net)
    net.run(70)
    agrees(net)
    assert net.state(ALBA).keyring.encode() != before
    for me in (ALBA, CENDRA):
        net.stop(me)
        net.start(me)
    net.run(70)
    agrees(net)


def test_what_was_erased_is_on_no_disk() -> None:
    net = Net()
    net.start_all()
    net.run(61)
    erased: list[bytes] = []
    held: Anything = net.peer(BORA, ALBA).receiver
    for _ in range(6):
        erased += [live.epoch.secret for live in held._live]
        net.leap(DAY)
        net.run(300)
        net.say(ALBA, "T1", text="another day")
        net.run(5)
    gone = set(erased) - {live.epoch.secret for live in held._live}
    assert gone, "48 hours after their successors they are erased"
    kept = b"".join(on_disk(net, BORA, RECEIVER).values())
    assert not [secret for secret in gone if secret in kept]
