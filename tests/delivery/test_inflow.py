"""A member that does not keep the charter's rate is held to it by every receiver; nothing is lost, nobody waits."""

from __future__ import annotations

import pytest

from openline.charter import Rules
from openline.delivery.inflow import FLASH_A_MINUTE, MINUTE_MS, SHOWN_S, Bucket, Inflow
from openline.delivery.keys_in_use import running
from openline.delivery.rate import Rate
from openline.ports import Received
from openline.wire.envelope import Type
from openline.wire.payloads import encode_copy
from tests.engine.pair import ALBA, BORA, CENDRA, Net, flash

RATE = 6  # entries a minute


@pytest.fixture
def net() -> Net:
    made = Net(parties=3, rules=Rules(entries_a_minute=RATE))
    made.start_all()
    made.run(130)
    return made


@pytest.fixture
def unbridled(net: Net, monkeypatch: pytest.MonkeyPatch) -> Net:
    """Alba's station, altered by its owner, sends whatever it has at once."""
    honest, rate = Rate.allows, net.state(ALBA).rate
    monkeypatch.setattr(Rate, "allows", lambda self, *given: self is rate or honest(self, *given))
    return net


def test_within_one_millisecond_a_bucket_does_not_grow() -> None:
    bucket = Bucket()
    bucket.fill(RATE, 1_000, 0)
    places = 0
    while bucket.take():
        places += 1
        bucket.fill(RATE, 1_000, 10 * MINUTE_MS)
    assert places == 2 * RATE
    bucket.fill(RATE, 1_000 + MINUTE_MS, 0)
    assert sum(bucket.take() for _ in range(2 * RATE)) == RATE


def held(net: Net) -> int:
    return net.state(BORA).size_of((ALBA, net.state(ALBA).generation))


def flood(net: Net, count: int) -> list[bytes]:
    return [net.say(ALBA, "T1", text=f"flood {number}") for number in range(count)]


def alarms(net: Net) -> list[str]:
    return [alarm for sounds in net.nodes[BORA].sounds for alarm in sounds if alarm.startswith("FLOOD")]


def test_r166_what_is_beyond_the_rate_is_not_taken_and_an_alarm_names_who_sent_it(unbridled: Net) -> None:
    net = unbridled
    flood(net, 100)
    net.run(10)
    assert RATE <= held(net) <= 3 * RATE
    assert net.rules(BORA).count("R166") == 1, "told once a minute, however many there are"
    assert "alba-1: 64 entries or more in a minute where the charter allows 6" in alarms(net)[-1]
    assert len(set(alarms(net))) <= 4
    assert not any("bora" in alarm or "cendra" in alarm for alarm in alarms(net))


def test_nobody_else_waits_and_no_flash_does(unbridled: Net) -> None:
    net = unbridled
    flood(net, 100)
    flash(net, ALBA, "even of the one who floods")
    net.say(CENDRA, "T1", text="of another member")
    net.run(1)
    texts = [str(text["text"]) for text in net.texts(BORA)]
    assert "even of the one who floods" in texts
    assert "of another member" in texts
    assert net.statuses(CENDRA, net.say(CENDRA, "T1", text="again"))["stored"] == {"alba-1", "bora-1"}


def test_nothing_is_lost_it_comes_at_the_charter_s_rate(unbridled: Net) -> None:
    net = unbridled
    said = flood(net, 60)
    before = held(net)
    net.run(300)
    assert before + 3 * RATE <= held(net) <= before + 8 * RATE
    net.run(900)
    assert held(net) == 60
    assert [text["text"] for text in net.texts(BORA)] == [f"flood {number}" for number in range(60)]
    assert net.statuses(ALBA, said[-1])["stored"] == {"bora-1", "cendra-1"}
    net.nodes[BORA].sounds.clear()
    net.run(SHOWN_S + 60)
    net.nodes[BORA].sounds.clear()
    net.run(60)
    assert not alarms(net)


def test_flash_has_a_limit_too_and_more_than_any_person_says() -> None:
    inflow = Inflow()
    inflow.fill(RATE, 0, 0)
    assert sum(inflow.flash() for _ in range(500)) == 2 * FLASH_A_MINUTE


def test_copies_that_nobody_asked_for_count_for_their_author(unbridled: Net) -> None:
    """Else a member floods by copies, or lets another carry them."""
    net = unbridled
    net.lost = lambda sender, reader, _send: (sender, reader) == (ALBA, BORA)
    flood(net, 60)
    net.run(1)
    before = held(net)
    state = net.state(ALBA)
    run = running(net.state(CENDRA), net.peer(CENDRA, BORA))
    assert run is not None
    (path,) = net.state(BORA).paths
    for _, item in sorted(state.outbox.entries.items()):
        copy = run.seal(Type.COPY, encode_copy(ALBA, state.generation, item.entry), padded=True)
        net.give(BORA, Received(path, copy))
    assert held(net) <= before + 3 * RATE
    assert "R166" in net.rules(BORA)


def test_forged_copies_use_up_nothing_of_the_station_they_name(net: Net) -> None:
    """Else a lying member silences another one, and has it named for a flood that it never made."""
    net.lost = lambda sender, reader, _send: (sender, reader) == (ALBA, BORA)
    net.say(ALBA, "T1", text="genuine")
    net.run(1)
    state = net.state(ALBA)
    ((_, item),) = state.outbox.entries.items()
    run = running(net.state(CENDRA), net.peer(CENDRA, BORA))
    assert run is not None
    (path,) = net.state(BORA).paths
    forged = bytes([*item.entry[:-1], item.entry[-1] ^ 1])
    for entry in [*[forged] * 100, item.entry]:
        copy = run.seal(Type.COPY, encode_copy(ALBA, state.generation, entry), padded=True)
        net.give(BORA, Received(path, copy))
    assert held(net) == 1, "and what is genuine is taken at once"
    assert "R166" not in net.rules(BORA)
    assert not alarms(net)


@pytest.mark.parametrize("restart", [False, True])
def test_an_honest_station_is_never_kept_waiting_whoever_was_away(net: Net, restart: bool) -> None:
    """Half an hour of words at the charter's rate, which all come at once when the reader is back."""
    if restart:
        net.stop(BORA)
    net.cut.add(BORA)
    net.disconnect(BORA)
    for _ in range(15):
        flood(net, 2 * RATE)
        net.run(120)
    net.cut.discard(BORA)
    if restart:
        net.start(BORA)
    net.connect(BORA)
    net.run(3)
    assert held(net) == 30 * RATE
    assert not alarms(net)
    assert "R166" not in net.rules(BORA)


def test_a_flooder_s_own_clock_gives_it_no_credit_when_its_receiver_begins_anew(unbridled: Net) -> None:
    """How long it was silent is measured by the receiver's clock: a greeting could name any time."""
    net = unbridled
    net.step_clock(ALBA, -20 * 86_400)
    net.run(130)
    net.stop(BORA)
    net.disconnect(BORA)
    net.start(BORA)
    net.connect(BORA)
    flood(net, 100)
    net.run(10)
    assert RATE <= held(net) <= 4 * RATE
    assert alarms(net)


def test_an_honest_burst_is_taken_as_fast_as_it_is_sent(net: Net) -> None:
    flood(net, 20 * RATE)
    net.run(10 * 60)
    assert held(net) <= 11 * RATE, "asked for, it does not come faster than the charter's rate either"
    net.run(10 * 60)
    assert held(net) == 20 * RATE
    assert not alarms(net)


def test_a_bucket_grows_beyond_its_measure_only_while_its_station_is_silent() -> None:
    bucket = Bucket()
    assert not bucket.take(), "nothing was heard of it yet"
    bucket.fill(1, 0, 0)
    assert [bucket.take() for _ in range(3)] == [True, True, False]
    bucket.fill(1, 10 * MINUTE_MS, MINUTE_MS)
    assert [bucket.take() for _ in range(3)] == [True, True, False]
    bucket.fill(1, 20 * MINUTE_MS, 10 * MINUTE_MS)
    bucket.fill(1, 20 * MINUTE_MS + 1, 1)
    assert [bucket.take() for _ in range(11)] == [True] * 10 + [False]
