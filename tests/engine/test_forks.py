"""A station that says two things at one place is caught with proof as soon as two who heard them are in contact."""

import pytest

from openline.delivery.accepting import FORKS
from openline.engine.line_states import LineStates
from openline.engine.views import forks
from openline.errors import StorageFailed
from openline.identifiers import StationId
from openline.wire.cbor import encode
from tests.engine.pair import ALBA, BORA, CENDRA, Net, force


def two_stories(net: Net, *, others: int = 0) -> None:
    """Alba's altered station says one thing to Bora and another to Cendra at the same place."""
    net.start_all()
    for number in range(others):
        net.say(ALBA, "T1", text=f"the same to all {number}")
    net.run(61)
    before = net.nodes[ALBA].ledger.copy()
    net.lost = lambda sender, reader, _send: sender == ALBA and reader == CENDRA
    force(net, ALBA, net.statement(ALBA, "T1", text="we agree"))
    net.run(1)
    net.cut = {ALBA}
    net.disconnect(ALBA)
    net.stop(ALBA)
    net.nodes[ALBA].ledger = before
    net.lost = lambda sender, reader, _send: ALBA in (sender, reader) and BORA in (sender, reader)
    net.start(ALBA)
    force(net, ALBA, net.statement(ALBA, "T1", text="we do not agree"))
    net.cut = set()
    net.connect(ALBA)
    net.run(5)
    assert [text["text"] for text in net.texts(BORA)][-1] == "we agree"
    assert [text["text"] for text in net.texts(CENDRA)][-1] == "we do not agree"


def is_proved(net: Net, me: StationId) -> bool:
    return any("entries" in fork and fork["station"] == "alba-1" for fork in net.forks(me))


@pytest.mark.parametrize("others", [0, 3])
def test_two_who_heard_different_words_find_it_out_and_hold_the_proof(others: int) -> None:
    net = Net(parties=3)
    two_stories(net, others=others)
    net.run(400)
    assert is_proved(net, BORA)
    assert is_proved(net, CENDRA)
    assert any("FORK" in alarm for alarm in net.nodes[BORA].sounds[-1])


def test_r132_a_forked_generation_takes_no_more_entries_and_nobody_is_expelled() -> None:
    """An honest station of that name that learns of it goes on in a new generation."""
    net = Net(parties=3)
    two_stories(net)
    net.run(400)
    ((_, forked),) = net.state(BORA).forked
    net.lost = lambda _sender, _reader, _send: False
    net.run(600)
    assert is_proved(net, ALBA)
    assert net.state(ALBA).generation > forked
    said = net.say(ALBA, "T1", text="what I say now")
    net.run(60)
    assert net.statuses(ALBA, said)["stored"] == {"bora-1", "cendra-1"}


def test_the_proof_outlives_a_restart() -> None:
    net = Net(parties=3)
    two_stories(net)
    net.run(400)
    net.stop(BORA)
    net.disconnect(BORA)
    net.cut = {BORA}  # nobody tells it again
    net.start(BORA)
    assert is_proved(net, BORA)
    assert net.state(BORA).forked


def test_rows_that_are_not_as_they_were_written_stop_the_station() -> None:
    net = Net()
    net.start_all()
    state = net.state(ALBA)
    state.given.out.keep(FORKS, state.line + bytes(14), encode([1]))
    with pytest.raises(StorageFailed, match="fork"):
        forks(net.meaning(ALBA))
    with pytest.raises(StorageFailed, match="line state"):
        LineStates(state.line, [(state.line + b"\1", encode([1]))])
