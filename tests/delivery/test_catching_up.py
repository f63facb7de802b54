"""Who lacks entries gets them: asked for in pieces, over each path in turn, from whoever holds them."""

import pytest

from openline.delivery.accepting import FORKS, GENERATION_FORKS
from openline.delivery.exchange import take_request
from openline.delivery.greeting import ASK_ENTRIES_MAX, ask, ask_for_fork
from openline.delivery.keys_in_use import take_announcement
from openline.errors import Rejected, StorageFailed
from openline.sessions import Need
from openline.simulation.ledger import MemoryLedger
from openline.simulation.setting import secret
from openline.wire.cbor import encode
from openline.wire.payloads import Ask, encode_request
from openline.wire.statement import GENERATION_KIND, Statement, Status, encode_statement
from tests.engine.pair import ALBA, BORA, CENDRA, Net, force


def test_a_station_that_lost_its_disk_is_given_all_it_had_stored() -> None:
    net = Net(parties=3)
    net.start_all()
    for number in range(20):
        net.say(ALBA, "T1", text=f"text {number}")
    net.run(61)
    net.stop(BORA)
    net.disconnect(BORA)
    net.nodes[BORA].ledger = MemoryLedger()
    net.nodes[BORA].ledger.commit(net.setting.rows)
    net.leap(60)
    net.start(BORA, restored=True)
    net.run(600)
    assert len(net.texts(BORA)) == 20
    assert not net.state(BORA).recovering


def test_a_long_log_is_asked_for_piece_by_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openline.delivery.greeting.ASK_ENTRIES_MAX", 4)
    net = Net(parties=3)
    net.start_all()
    net.run(61)
    net.stop(BORA)
    net.disconnect(BORA)
    for number in range(10):
        net.say(ALBA, "T1", text=f"text {number}")
    net.run(5)
    net.stop(ALBA)
    net.queues.clear()
    net.start(BORA)
    net.run(240)
    assert len(net.texts(BORA)) == 10, "Cendra had them, and each last piece asked for the next"


def test_the_search_for_a_fork_goes_on_and_begins_anew_at_the_end() -> None:
    net = Net()
    net.start_all()
    net.say(ALBA, "T1", text="one")
    net.run(61)
    state, key = net.state(BORA), (ALBA, net.state(ALBA).generation)
    (path,) = state.paths.values()
    for expected in (0, ASK_ENTRIES_MAX, 0):
        ask_for_fork(state, state.peers[ALBA], key, ASK_ENTRIES_MAX + 5)
        assert path.duties[ALBA].asks.pop()[3] == expected


def test_without_an_open_path_nobody_is_asked_and_nothing_is_lost() -> None:
    net = Net()
    net.start_all()
    net.say(ALBA, "T1", text="one")
    net.run(61)
    net.disconnect(ALBA)
    state = net.state(ALBA)
    ask(state, state.peers[BORA], (Ask.GREETING,))
    said = net.say(ALBA, "T1", text="two")
    net.run(120)
    net.connect(ALBA)
    net.run(5)
    assert net.statuses(ALBA, said)["stored"] == {"bora-1"}


def test_what_is_not_here_is_not_given() -> None:
    net = Net()
    net.start_all()
    net.run(61)
    state = net.state(ALBA)
    (path,) = state.paths.values()
    asked = encode_request([(Ask.ENTRIES, BORA, 7, 0, 5), (Ask.ENTRIES, ALBA, state.generation, 0, 5), (Ask.GREETING,)])
    take_request(state, state.peers[BORA], asked, path)
    assert not path.duties[BORA].copies
    assert path.duties[BORA].greet


def test_announcements_without_end_are_refused() -> None:
    """R52, as package sessions counts them; a repeat is ordinary."""
    net = Net()
    net.start_all()
    net.run(61)
    refused = ""
    for number in range(50):
        keys = net.setting.homes[ALBA].keys.sign
        made = net.peer(ALBA, BORA).sender.announce(net.suite, Need.STOCK, keys, secret(number), 1, net.utc)
        try:
            take_announcement(net.state(BORA), made, net.instant(BORA))
        except Rejected as flood:
            refused = flood.rule
            break
        take_announcement(net.state(BORA), made, net.instant(BORA))
    assert refused == "R52"


def test_a_generation_that_names_none_before_it_is_no_fork() -> None:
    net = Net()
    net.start_all()
    for body in (None, {0: 1 << 40}, {0: 7}, {0: 7}):
        statement = Statement(1, net.utc, GENERATION_KIND, 0, body, status=Status.TEST)
        force(net, ALBA, encode_statement(statement))
    net.run(1)
    state = net.state(BORA)
    assert list(state.given.out.values(GENERATION_FORKS, state.line)) == []


def test_a_proof_that_is_not_as_it_was_written_stops_the_station() -> None:
    net = Net(parties=3)
    net.start_all()
    net.run(61)
    state = net.state(ALBA)
    key = (CENDRA, 5)
    state.forked.add(key)
    state.given.out.keep(FORKS, state.line + CENDRA.to_bytes(2, "big") + (5).to_bytes(4, "big") + bytes(8), encode([1]))
    with pytest.raises(StorageFailed, match="proof"):
        net.run(61)


def test_a_line_with_one_station_says_its_words_to_itself() -> None:
    """Nobody would ever let go of them, so they wait for nobody."""
    net = Net()
    net.start_all()
    state = net.state(ALBA)
    state.peers.clear()
    for path in state.paths.values():
        path.duties.clear()
    net.say(ALBA, "T1", text="to myself")
    assert not state.outbox.entries
