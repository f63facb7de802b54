"""Who lacks entries gets them: asked for in pieces, over each path in turn, from whoever holds them."""

import pytest

from openline.charter import ItemClass, StationSeeds, certify_station
from openline.delivery.accepting import FORKS, GENERATION_FORKS, LATER_COPY, accept_entry, pass_on_fork
from openline.delivery.exchange import take_request
from openline.delivery.greeting import ASK_ENTRIES_MAX, _send_lost, ask, ask_for_fork
from openline.delivery.keys_in_use import RETURN_EVERY_MS, renew_prekey, take_announcement, take_prekey
from openline.delivery.recovering import recoveries
from openline.delivery.rows import NEWEST
from openline.errors import Rejected, StorageFailed
from openline.identifiers import PathId, StationId
from openline.ports import Forget, Woken
from openline.sessions import Need
from openline.simulation.ledger import MemoryLedger
from openline.simulation.setting import secret
from openline.wire.cbor import encode
from openline.wire.payloads import Ask, DocumentClass, ReceiptState, encode_request
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


def test_an_older_prekey_is_answered_with_the_later_one_once_a_minute() -> None:
    """A relay that shows old ones again and again gets no more out of it."""
    net = Net()
    net.start_all()
    net.run(61)
    older = net.state(ALBA).keyring.current
    renew_prekey(net.state(ALBA), net.instant(ALBA))
    later = net.state(ALBA).keyring.current
    assert older is not None
    assert later is not None
    take_prekey(net.state(BORA), later.encode(), net.instant(BORA))
    (path,) = net.state(BORA).paths.values()
    owed = path.duties[ALBA].announcements
    for returned in (1, 0, 1):
        owed.clear()
        with pytest.raises(Rejected, match="R47"):
            take_prekey(net.state(BORA), older.encode(), net.instant(BORA))
        assert owed.count(later.encode()) == returned
        net.now_ms += RETURN_EVERY_MS // 2


def test_a_generation_that_names_none_before_it_is_no_fork() -> None:
    net = Net()
    net.start_all()
    for number, body in enumerate((None, {0: 1 << 40}, {0: 7}, {0: 7})):
        statement = Statement(1, net.utc + number, GENERATION_KIND, 0, body, status=Status.TEST)
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


def test_who_holds_less_than_it_signed_for_is_given_copies() -> None:
    net = Net()
    net.start_all()
    net.say(ALBA, "T1", text="one")
    net.run(61)
    old = net.nodes[BORA].ledger.copy()
    net.say(ALBA, "T1", text="two")
    net.run(1)
    net.stop(BORA)
    net.disconnect(BORA)
    net.nodes[BORA].ledger = old
    net.start(BORA)
    net.run(240)
    assert [text["text"] for text in net.texts(BORA)] == ["one", "two"]
    state = net.state(ALBA)
    net.disconnect(ALBA)
    _send_lost(state, state.peers[BORA], 0)
    assert not any(path.duties for path in state.paths.values())


def test_a_copy_that_is_shown_its_own_later_generation_follows_it_once_an_hour() -> None:
    """Else two copies that run at once would outdo each other.  When the hour is over nobody shows it again."""
    net = Net()
    net.start_all()
    net.run(61)
    old = net.nodes[ALBA].ledger.copy()
    net.stop(ALBA)
    net.disconnect(ALBA)
    net.nodes[ALBA].ledger = old.copy()
    net.start(ALBA, restored=True)
    net.run(300)
    later = net.state(ALBA).generation
    (row,) = net.nodes[BORA].ledger.entries(net.setting.line, ALBA, later, 0, 1)
    net.stop(ALBA)
    net.disconnect(ALBA)
    net.nodes[ALBA].ledger = old
    net.cut = {ALBA}
    net.start(ALBA)
    station = net.nodes[ALBA].station
    assert station is not None
    line = station.lines[net.setting.line]
    accept_entry(line.state, ALBA, later, row.entry, net.instant(ALBA))
    line._look_back(net.instant(ALBA))
    assert line.state.recovering
    net.cut = set()
    net.connect(ALBA)
    net.run(200)
    followed = line.state.generation
    assert (line.state.recovering, followed > later) == (False, True)
    line.state.log((ALBA, followed + 5))  # an entry of the other copy's next one has come
    net.run(3_000)
    assert line.state.generation == followed
    net.run(700)
    assert line.state.generation > followed + 5
    net.run(7_300)
    assert [each.why for each in recoveries(line.state)] == [LATER_COPY, LATER_COPY], "and then it rests"


def test_a_station_that_a_new_roster_lists_is_a_peer_at_once() -> None:
    net = Net()
    net.start_all()
    net.run(61)
    seeds = StationSeeds(secret("new sign"), secret("new head"), secret("new post"))
    before = net.documents(BORA).roster(2)
    assert before is not None
    item = certify_station(net.setting.line, 2, 2, seeds, net.suite)
    net.setting.posts[net.suite.public(seeds.post)] = BORA
    assert net.bring(BORA, DocumentClass.ROSTER, net.roster(BORA, stations=(*before.stations, item))).good
    net.run(2)
    assert item.id in net.state(ALBA).peers
    assert item.id in net.state(BORA).peers


def test_keys_age_and_are_erased() -> None:
    net = Net()
    net.start_all()
    first = net.state(ALBA).keyring.encode()
    for _ in range(12):
        net.leap(43_000)
        net.run(121)
    after_six_days = len(net.state(ALBA).keyring._held)
    for _ in range(100):
        net.leap(3_600)
        net.run(121)
    assert len(net.state(ALBA).keyring._held) <= after_six_days + 5
    assert first[4:36] not in net.state(ALBA).keyring.encode()
    assert len(net.peer(ALBA, BORA).receiver.epochs) <= 10
    said = net.say(ALBA, "T1", text="still here")
    net.run(1)
    assert net.statuses(ALBA, said)["stored"] == {"bora-1"}
    superseded = [live for live in net.peer(ALBA, BORA).receiver._live if live.superseded]
    assert superseded
    net.stop(BORA)
    net.leap(3 * 86_400)
    net.run(61)
    assert not [live for live in net.peer(ALBA, BORA).receiver._live if live.superseded]


def test_a_stop_notice_is_given_to_who_asks() -> None:
    net = Net(parties=3)
    net.start_all()
    net.run(61)
    assert net.bring(ALBA, DocumentClass.STOP, net.stop_notice(3, ItemClass.OFFICER, 2)).good
    state = net.state(ALBA)
    (path,) = state.paths.values()
    take_request(state, state.peers[BORA], encode_request([(Ask.STOPS, 3)]), path)
    assert len(path.duties[BORA].documents) == 1
    pass_on_fork(state, StationId(999), (CENDRA, 1), (b"one", b"other"))
    assert not path.duties[BORA].loose, "nobody of that number is reached"


def test_what_is_receipted_meanwhile_is_not_sent_and_both_receipts_go_when_they_differ() -> None:
    net = Net(relays=2)
    net.start_all()
    said = [net.say(ALBA, "T1", text=f"text {number}", precedence=3 * (number % 2)) for number in range(4)]
    net.run(1)
    state = net.state(ALBA)
    for path in state.paths.values():
        path.duties[BORA].flash.extend([1, 3, 99])
        path.duties[BORA].ordinary.extend([0, 2, 99])
    sent = len(net.nodes[ALBA].sent)
    net.give(ALBA, Woken())
    assert len(net.nodes[ALBA].sent) == sent
    (row, *_) = net.nodes[BORA].ledger.find(net.setting.line, said[0])
    bora = net.nodes[BORA].station
    assert bora is not None
    line = bora.lines[net.setting.line]
    line.presented(row.author, row.generation, row.seq, net.instant(BORA))
    for path in line.state.paths.values():
        path.duties[ALBA].owe_receipt(ReceiptState.STORED, urgent=False)
    net.give(BORA, Woken())
    net.run(1)
    assert net.statuses(ALBA, said[0])["presented"] == {"bora-1"}
    state.peers[BORA].patience.sent(0, 0, PathId(1), urgent=False)
    state.peers[BORA].patience.sent(77, 0, PathId(1), urgent=False)
    state.peers[BORA].patience.kept_ms = -1
    net.disconnect(ALBA, "relay1.example:443")
    net.run(120)
    assert len([send for send in net.nodes[ALBA].sent[sent:] if send.lane == 0]) == 0


def test_what_rests_at_a_relay_is_not_given_to_it_again_when_the_path_flaps() -> None:
    net = Net()
    net.start_all()
    net.run(61)
    net.stop(BORA)
    net.say(ALBA, "T1", text="rests")
    net.run(1)
    sent = len(net.nodes[ALBA].sent)
    for _ in range(5):
        net.disconnect(ALBA)
        net.connect(ALBA)
    net.run(1)
    kept = [send.envelope for send in net.nodes[ALBA].sent[sent:]]
    assert len(kept) == 5, "a greeting for each time, and nothing else"
    _send_lost(net.state(ALBA), net.peer(ALBA, BORA), 0)
    assert not net.state(ALBA).paths[next(iter(net.state(ALBA).paths))].duties[BORA].copies


def test_entries_of_this_run_are_remembered_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openline.delivery.outgoing.RECENT_MAX", 2)
    net = Net()
    net.start_all()
    said = [net.say(ALBA, "T1", text=f"text {number}") for number in range(5)]
    net.run(1)
    station = net.nodes[ALBA].station
    assert station is not None
    assert len(station.out._recent) == 2
    assert all(net.statuses(ALBA, each)["stored"] == {"bora-1"} for each in said)


def test_a_state_that_never_kept_its_newest_time_asks_the_ledger_about_every_word() -> None:
    net = Net()
    net.start_all()
    said = net.say(ALBA, "T1", text="once")
    net.run(1)
    ledger = net.nodes[ALBA].ledger
    ledger.commit([Forget(NEWEST, net.setting.line)])
    net.stop(ALBA)
    net.start(ALBA)
    assert net.submit(ALBA, net.statement(ALBA, "T1", text="once", authored=net.utc - 1)).digest == said
    assert net.state(ALBA).own.size == 1


def test_a_receipt_for_more_than_was_said_asks_for_what_another_copy_said() -> None:
    """R63: the peer holds FLASH beyond a gap, so its greetings cannot tell an older copy what it has forgotten."""
    net = Net()
    net.start_all()
    net.lost = lambda sender, _reader, send: sender == ALBA and send.lane == 1 and len(send.envelope) < 600
    net.say(ALBA, "T1", text="lost for now")
    old = net.nodes[ALBA].ledger.copy()
    net.say(ALBA, "T1", text="overtakes", precedence=3)
    net.run(1)
    net.stop(ALBA)
    net.disconnect(ALBA)
    net.nodes[ALBA].ledger = old
    net.lost = lambda _sender, _reader, _send: False
    net.start(ALBA)
    net.run(300)
    assert len(net.lines(ALBA)["recovered"]) == 1
    assert sorted(text["text"] for text in net.texts(BORA)) == ["lost for now", "overtakes"]
    assert not net.forks(BORA)
