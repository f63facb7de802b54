"""A member signs a prekey that is no key: that is refused, and stops no station, then or at any later start."""

from dataclasses import replace

from openline.ports import Received
from openline.sessions import RealSuite, make_prekey
from openline.simulation.setting import secret
from openline.wire import contexts
from openline.wire.numbers import u32
from tests.engine.pair import ALBA, BORA, Net


def prekey_of_bora(net: Net, created: int, *, false: bool) -> bytes:
    """Return the envelope of a fresh prekey that Bora's station signed; a false one holds no public key."""
    state = net.state(BORA)
    seed = secret("prekey", created)
    made = make_prekey(net.suite, state.line, state.identity, state.keys.sign, seed, created, fresh=True)
    if not false:
        return made.encode()
    public = b"\xff" * len(made.public)
    signed = contexts.PREKEY + state.line + state.identity.hash + u32(created) + b"\1" + public
    return replace(made, public=public, signature=net.suite.sign(state.keys.sign, signed)).encode()


def show(net: Net, prekey: bytes) -> None:
    """Let Alba be brought a prekey."""
    net.give(ALBA, Received(next(iter(net.state(ALBA).paths)), prekey))


def test_r42_a_prekey_that_is_no_key_stops_nobody_then_or_at_the_next_start_and_a_later_one_mends_it() -> None:
    """What was thrown came out of the timer, of every opened path and so of every start: one prekey ended a station."""
    net = Net(suite=RealSuite())
    net.start_all()
    before = net.peer(ALBA, BORA).sender.newest
    false, later = (prekey_of_bora(net, net.utc + ahead, false=ahead == 1_000) for ahead in (1_000, 2_000))
    net.stop(BORA)
    show(net, false)
    net.run(200)
    net.stop(ALBA)
    net.start(ALBA)
    net.run(200)
    assert net.peer(ALBA, BORA).sender.newest == before
    assert 4 <= net.rules(ALBA).count("R42") <= 10  # tried once a minute and at each opening

    show(net, later)
    assert net.peer(ALBA, BORA).sender.newest > before
