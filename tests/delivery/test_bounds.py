"""Where each rule of the line begins and where it ends: the last that is taken, and the first that is not."""

from __future__ import annotations

from dataclasses import fields, replace
from itertools import pairwise
from unittest.mock import patch

import pytest

from openline.charter import Rules
from openline.delivery.accepting import LATER_COPY, SHOWN_AT, accept_entry, generation_before, pass_on_fork
from openline.delivery.apart import APART, kept_apart, refuse_ended
from openline.delivery.charter_in_use import check_charter, heard_from, is_later, joined_by
from openline.delivery.drafts import take_draft, tell_draft
from openline.delivery.duties import Duties
from openline.delivery.exchange import take_request
from openline.delivery.fingerprint import fingerprint
from openline.delivery.generations import GenerationsHeard
from openline.delivery.giving_back import is_said_again
from openline.delivery.greeting import _repeat_presented, _repeat_proofs, compare_log
from openline.delivery.judge import Held
from openline.delivery.keeping_rate import fill
from openline.delivery.keys_in_use import ANNOUNCED
from openline.delivery.outgoing import Outgoing
from openline.delivery.paying import _owed, _waits_for_rate
from openline.delivery.peaks import PEAKS
from openline.delivery.prefix import Receipted
from openline.delivery.receipting import make_receipt
from openline.delivery.receiving import take_entry
from openline.delivery.recovering import RECOVERED, recovered_lately
from openline.delivery.rows import leaf_hash_of
from openline.engine import Act
from openline.engine.views import unpresented
from openline.errors import Inadmissible
from openline.identifiers import Digest, LineId, StationId, station_id
from openline.ports import Append, Forget, Instant, PathReady, Send, Woken
from openline.simulation.ledger import MemoryLedger
from openline.wire.cbor import encode
from openline.wire.drafts import DraftOver, encode_draft
from openline.wire.entry import Entry
from openline.wire.numbers import u16, u32, u64
from openline.wire.payloads import Ask, DocumentClass, ReceiptState, encode_request
from openline.wire.statement import GENERATION_KIND, Precedence, Statement
from tests.delivery.joined import join
from tests.delivery.test_ended import ended, later_entry
from tests.delivery.test_new_members import entry_of_alba
from tests.engine.pair import ALBA, ALBA2, BORA, CENDRA, SLOW_ROOM, Anything, Net

HOUR_MS = 3_600_000
DAY = 86_400


def numbered(number: int) -> bytes:
    return number.to_bytes(32, "big")


def started(**given: Anything) -> Net:
    net = Net(**given)
    net.start_all()
    net.run(70)
    return net


# ---------------------------------------------------------------- entries


def test_of_who_has_ended_1024_entries_are_kept_apart() -> None:
    table = ended()
    state, generation = table.state(ALBA), table.state(CENDRA).generation
    for number in range(1_023):
        state.given.out.keep(APART, state.line + u16(CENDRA) + u32(1) + u64(number), b"of another generation")
    for seq in (5, 6):
        with pytest.raises(Inadmissible, match="R120"):
            refuse_ended(state, CENDRA, generation, later_entry(table, CENDRA, "too late", seq))
        assert len(kept_apart(state)) == 1_024


def test_an_ordinary_message_leaves_no_note_of_where_it_is_shown() -> None:
    """The ledger finds it by its words; only those whose first place was refused are shown at another."""
    net = started()
    net.say(ALBA, "T1", text="said once")
    net.run(5)
    for node in net.nodes.values():
        assert not node.ledger.tables.get(SHOWN_AT)


def test_r133_the_old_charter_is_named_for_a_day_after_its_station_was_shown_the_new_one() -> None:
    net = started()
    state = net.state(ALBA)
    key, since = (BORA, net.state(BORA).generation), net.utc
    state.charters_known[BORA] = (2, since)
    check_charter(state, key, 0, Statement(1, since + DAY, 1, 1))
    check_charter(state, key, 0, Statement(2, since + DAY + 1, 1, 1))
    with pytest.raises(Inadmissible, match="R133"):
        check_charter(state, key, 0, Statement(1, since + DAY + 1, 1, 1))


def test_r133_who_has_used_a_charter_names_no_earlier_one_after_that_place() -> None:
    net = started()
    state, key = net.state(ALBA), (BORA, net.state(BORA).generation)
    state.charters_used[key] = {2: 7}
    for seq in (6, 7):
        check_charter(state, key, seq, Statement(1, net.utc, 1, 1))
    check_charter(state, key, 8, Statement(2, net.utc, 1, 1))
    with pytest.raises(Inadmissible, match="R133"):
        check_charter(state, key, 8, Statement(1, net.utc, 1, 1))


def test_who_was_there_from_the_beginning_joined_by_no_charter() -> None:
    net = started()
    join(net)
    net.run(5)
    state = net.state(ALBA)
    assert [joined_by(state, party) for party in (1, 2, 3)] == [0, 0, 2]
    assert [is_later(state, party) for party in (1, 2, 3)] == [False, False, True]


def test_a_later_member_is_given_the_proof_of_a_fork_from_its_first_position_on() -> None:
    net = started()
    for number in range(3):
        net.say(ALBA, "T1", text=f"before {number}")
    net.run(5)
    join(net)
    net.run(70)
    net.say(ALBA, "T1", text="to all three")
    net.run(5)
    state = net.state(ALBA)
    key = (ALBA, state.generation)
    assert heard_from(state, key, CENDRA >> 8) == 3
    rows = [state.given.out.entry(state.line, *key, seq) for seq in range(4)]
    entries = [row.entry for row in rows if row is not None]
    duties = [path.duties[CENDRA] for path in state.paths.values() if CENDRA in path.duties]
    for each in duties:
        each.loose.clear()
    pass_on_fork(state, CENDRA, key, (entries[2], entries[2]))
    assert [len(each.loose) for each in duties] == [0] * len(duties), "said before it was a member"
    pass_on_fork(state, CENDRA, key, (entries[3], entries[3]))
    assert [len(each.loose) for each in duties] == [2] * len(duties)


def test_the_proof_of_a_fork_goes_with_eight_greetings_and_no_more() -> None:
    net = started(parties=3)
    net.say(ALBA, "T1", text="one story")
    net.run(5)
    bora, generation = net.state(BORA), net.state(ALBA).generation
    accept_entry(bora, ALBA, generation, entry_of_alba(net, generation, 0, "another story"), net.instant(BORA))
    (path,) = bora.paths.values()
    owed = path.duties[CENDRA].loose
    given = []
    for _ in range(12):
        owed.clear()
        _repeat_proofs(bora, bora.peers[CENDRA])
        given.append(len(owed))
    assert given == [2] * 8 + [0] * 4


def test_that_something_was_presented_is_repeated_with_five_greetings_and_no_more() -> None:
    net = started()
    net.say(BORA, "T1", text="look")
    net.run(5)
    net.show(ALBA)
    net.run(5)
    state, peer = net.state(ALBA), net.peer(ALBA, BORA)
    (path,) = state.paths.values()
    owed = path.duties[BORA].receipts
    given = []
    for _ in range(8):
        owed.clear()
        _repeat_presented(state, peer)
        given.append(set(owed))
    assert given == [{ReceiptState.PRESENTED}] * 5 + [set()] * 3


def test_words_are_said_again_where_everybody_comes_to_hear_them() -> None:
    """A place before every gap is asked for by who lacks it, in a generation that has ended too; one beyond is not."""
    net = started()
    net.say(ALBA, "T1", text="said twice")
    net.run(5)
    state, first = net.state(BORA), net.state(ALBA).generation
    row = state.given.out.entry(state.line, ALBA, first, 0)
    assert row is not None
    second = replace(row, generation=first + 1, seq=5)
    state.given.out.append(second)
    state.log((ALBA, first + 1)).add(5, leaf_hash_of(row))
    state.log((ALBA, first + 2))
    assert is_said_again(state, (ALBA, first + 1), 5)
    assert not is_said_again(state, (ALBA, first), 0)


def test_a_peer_s_newest_generation_is_known_from_the_start_so_what_was_lost_is_signed_for_again_at_once() -> None:
    net = started()
    net.lost = lambda sender, _reader, _send: sender == BORA
    said = net.say(ALBA, "T1", text="stored there")
    net.run(1)
    net.stop(BORA)
    net.disconnect(BORA)
    net.lost = lambda _sender, _reader, _send: False
    net.start(BORA)
    assert net.peer(BORA, ALBA).generation == net.state(ALBA).generation
    net.run(1)
    assert net.statuses(ALBA, said)["stored"] == {"bora-1"}


def joined_between_two_texts(author: StationId) -> Net:
    net = started()
    net.say(author, "T1", text="before")
    net.run(5)
    join(net)
    net.run(70)
    net.say(author, "T1", text="to all three")
    net.run(5)
    return net


def test_what_was_said_before_a_member_joined_is_copied_to_it_by_nobody() -> None:
    net = joined_between_two_texts(BORA)
    generation = net.state(BORA).generation
    (path, *_) = [path for path in net.state(ALBA).paths.values() if CENDRA in path.duties]
    for seq, sent in ((0, 0), (1, 1)):
        net.nodes[ALBA].sent.clear()
        path.duties[CENDRA].copy((BORA, generation, seq))
        net.give(ALBA, Woken())
        assert len([each for each in net.nodes[ALBA].sent if each.to == net.post(CENDRA)]) == sent


def test_an_older_copy_signs_no_peaks_for_who_joins() -> None:
    net = started()
    for me in (ALBA, BORA):
        net.say(me, "T1", text="before")
    net.run(5)
    net.cut = {ALBA}
    net.disconnect(ALBA)
    assert net.act(ALBA, Act.ROLLED_BACK).good
    join(net)
    assert not net.nodes[ALBA].ledger.tables.get(PEAKS)
    assert net.nodes[BORA].ledger.tables.get(PEAKS)
    net.cut = set()
    net.connect(ALBA)
    net.run(200)
    assert not net.state(ALBA).recovering
    assert net.nodes[ALBA].ledger.tables.get(PEAKS)


def test_r121_who_brings_an_entry_of_an_unknown_charter_is_asked_for_documents() -> None:
    net = started()
    state, peer = net.state(BORA), net.peer(BORA, ALBA)
    (path,) = state.paths.values()
    duties = path.duties[ALBA]
    duties.asks.clear()
    own = net.state(ALBA)
    entry = entry_of_alba(net, own.generation, 0, "under a charter that Bora has not seen", charter=9)
    with pytest.raises(Held, match="R121"):
        take_entry(state, peer, ALBA, own.generation, entry, net.instant(BORA))
    assert (Ask.CHARTER, 1) in duties.asks
    assert state.held_back == {(ALBA, own.generation, 0): entry}


@pytest.mark.parametrize(("held", "then"), [(63, 64), (64, 64)])
def test_r121_64_entries_wait_for_documents_and_the_rest_is_sent_again(held: int, then: int) -> None:
    net = started()
    state, generation = net.state(BORA), net.state(ALBA).generation
    state.held_back = {(CENDRA, 1, number): b"of another station" for number in range(held)}
    entry = entry_of_alba(net, generation, 0, "under a charter that Bora has not seen", charter=9)
    with pytest.raises(Held, match="R121"):
        take_entry(state, net.peer(BORA, ALBA), ALBA, generation, entry, net.instant(BORA))
    assert len(state.held_back) == then


def test_who_has_caught_up_is_given_time_again_when_it_falls_behind_the_next_time() -> None:
    net = started(parties=3)
    net.say(CENDRA, "T1", text="one")
    net.run(5)
    state, peer, key = net.state(ALBA), net.peer(ALBA, BORA), (CENDRA, net.state(CENDRA).generation)
    contact = peer.contact
    contact.holds[key] = (2, bytes(32))
    compare_log(state, peer, key, net.instant(ALBA))
    assert contact.behind_since_ms == {key: net.now_ms}
    for waited_ms, asked in ((29_999, False), (30_000, True)):  # so long its author may send it itself
        for path in state.paths.values():
            path.duties[BORA].asks.clear()
        compare_log(state, peer, key, Instant(net.utc, net.now_ms + waited_ms))
        assert any(path.duties[BORA].asks for path in state.paths.values()) is asked
    contact.holds[key] = (1, state.logs[key].tree.root())
    compare_log(state, peer, key, net.instant(ALBA))
    assert contact.behind_since_ms == {}


def test_a_receipt_that_says_nothing_new_is_signed_once() -> None:
    net = started()
    state, peer = net.state(ALBA), net.peer(ALBA, BORA)
    net.say(BORA, "T1", text="one")
    net.run(5)
    first = make_receipt(state, peer, ReceiptState.STORED, net.utc)
    assert make_receipt(state, peer, ReceiptState.STORED, net.utc + 60) == first
    net.say(BORA, "T1", text="two")
    net.run(5)
    assert make_receipt(state, peer, ReceiptState.STORED, net.utc) != first


def test_what_a_station_signed_is_known_again_when_it_is_listed_again() -> None:
    net = started(stations=2)
    bora2 = station_id(2, 2)
    net.say(ALBA, "T1", text="stored by all")
    net.run(5)
    stations = net.documents(ALBA).roster(2)
    assert stations is not None
    assert net.peer(ALBA, bora2).stored.size == 1
    assert net.bring(ALBA, DocumentClass.ROSTER, net.roster(BORA, stations=stations.stations[:1])).good
    assert bora2 not in net.state(ALBA).peers
    net.cut = {bora2}
    net.disconnect(bora2)
    assert net.bring(ALBA, DocumentClass.ROSTER, net.roster(BORA, stations=stations.stations)).good
    assert net.peer(ALBA, bora2).stored.size == 1


def test_a_presented_receipt_says_stored_too_unless_more_is_stored_than_was_presented() -> None:
    net = started()
    state, peer = net.state(ALBA), net.peer(ALBA, BORA)
    both = {ReceiptState.STORED, ReceiptState.PRESENTED}
    net.say(BORA, "T1", text="one")
    net.run(5)
    net.show(ALBA)
    assert _owed(state, peer, set(both)) == [ReceiptState.PRESENTED]
    net.say(BORA, "T1", text="two")
    net.run(5)
    assert _owed(state, peer, set(both)) == sorted(both)


def test_what_has_been_confirmed_is_forgotten_once() -> None:
    net = started()
    with patch.object(net.nodes[ALBA].ledger, "commit", wraps=net.nodes[ALBA].ledger.commit) as commit:
        net.run(200)
    rows = [row for call in commit.call_args_list for row in call.args[0]]
    assert rows
    assert not [row for row in rows if isinstance(row, Forget) and row.table == ANNOUNCED]


@pytest.mark.parametrize("room", [65_536, SLOW_ROOM])
def test_a_relay_that_lost_our_prekey_has_it_again_within_a_minute_unless_the_path_is_slow(room: int) -> None:
    net = started()
    net.room = room
    net.say(ALBA, "T1", text="so that the path says how much it takes")
    net.run(65)
    net.slots.clear()
    net.run(125)
    assert any(owner == net.post(ALBA) for _, owner in net.slots) is (room > SLOW_ROOM)


def test_a_greeting_names_the_prekey_that_its_station_has_so_nobody_looks_for_another() -> None:
    net = started()
    for node in net.nodes.values():
        node.refusals.clear()
    net.run(300)
    for me, other in ((ALBA, BORA), (BORA, ALBA)):
        assert not net.peer(me, other).wants_prekey
        assert net.rules(me) == [], "an old prekey, shown again"


@pytest.mark.parametrize("room", [65_536, SLOW_ROOM])
def test_who_stays_silent_has_its_slot_looked_at_unless_the_path_is_slow(room: int) -> None:
    net = started()
    net.room = room
    net.say(ALBA, "T1", text="so that the path says how much it takes")
    net.run(5)
    net.stop(BORA)
    net.slots.clear()  # nobody shows one
    net.run(5 * 3_600)
    assert net.peer(ALBA, BORA).wants_prekey is (room > SLOW_ROOM)


def test_a_prekey_that_is_lacking_is_asked_for_after_a_quarter_of_a_second_and_then_less_and_less_often() -> None:
    net = Net()
    net.start(ALBA)
    station = net.nodes[ALBA].station
    assert station is not None
    line, waits = station.lines[net.setting.line], []
    for _ in range(8):
        due = line.next_wake()
        assert due is not None
        waits.append(due - net.now_ms)
        net.run(waits[-1] / 1_000)
    assert waits == [250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 28_250], (
        "then the minute is over; it never waits longer"
    )


def test_an_ordinary_entry_goes_by_a_second_path_a_second_after_the_first() -> None:
    net = started(relays=2)
    net.lost = lambda _sender, reader, _send: reader == BORA
    net.say(ALBA, "T1", text="by one relay, then by the other")
    assert net.state(ALBA).second_path_ms == net.now_ms + 1_000


def test_who_begins_to_recover_looks_a_second_later_whether_it_has_caught_up() -> None:
    net = started()
    net.cut = {ALBA}
    net.disconnect(ALBA)
    assert net.act(ALBA, Act.ROLLED_BACK).good
    station = net.nodes[ALBA].station
    assert station is not None
    assert station.lines[net.setting.line].next_wake() == net.now_ms + 1_000


def test_a_path_takes_what_it_has_room_for_and_nothing_once_it_is_full() -> None:
    """One envelope is begun while there is any room; when it has filled the path exactly, the next one waits."""
    net = started(parties=3)
    state, station = net.state(ALBA), net.nodes[ALBA].station
    assert station is not None
    ((number, path),) = state.paths.items()

    def sent(room: int) -> list[int]:
        station.step(PathReady(number, room), net.instant(ALBA))
        batch = station.settle(net.instant(ALBA))
        net.nodes[ALBA].ledger.commit(batch.rows)
        return [len(each.envelope) for each in batch.effects if isinstance(each, Send)]

    path.ready(0)
    for place in range(3):
        net.say(ALBA, "T1", text=f"text {place}")
    (size,) = sent(1)
    for room in (size - 1, size):
        assert sent(room) == [size]
    assert sent(size + 1) == [size, size]


def test_the_stations_of_a_path_are_served_in_turn() -> None:
    net = started(parties=3)
    station = net.nodes[ALBA].station
    assert station is not None
    ((number, path),) = net.state(ALBA).paths.items()
    path.ready(0)
    for place in range(3):
        net.say(ALBA, "T1", text=f"text {place}")
    served = []
    for _ in range(6):
        station.step(PathReady(number, 1), net.instant(ALBA))
        batch = station.settle(net.instant(ALBA))
        net.nodes[ALBA].ledger.commit(batch.rows)
        served += [each.to for each in batch.effects if isinstance(each, Send)]
    assert len(served) == 6
    assert all(one != other for one, other in pairwise(served))


def test_words_that_another_party_makes_look_like_ours_with_our_own_salt_count_for_its_own() -> None:
    """A party chooses its salt: with another's it has that one's digests, and must hide none of its words by them."""
    line, words = LineId(bytes(32)), Digest(bytes(32))
    rows = [Append(line, author, 7, 0, b"entry", words, 9, 1, Precedence.ROUTINE) for author in (ALBA, BORA)]
    ledger = MemoryLedger()
    ledger.commit(rows[:1])
    out = Outgoing(ledger)
    out.append(rows[1])
    assert out.said_already(line, ALBA >> 8, words) == rows[:1]
    assert out.said_already(line, BORA >> 8, words) == rows[1:]
    assert out.said_already(line, CENDRA >> 8, words) == []


@pytest.mark.parametrize(
    ("seq", "body", "named"),
    [
        (0, {0: 0, 1: 0, 2: bytes(32)}, 0),
        (0, {0: 2**32 - 1, 1: 9, 2: bytes(32)}, 2**32 - 1),
        (0, {0: 2**32, 1: 9, 2: bytes(32)}, None),
        (0, {0: -1, 1: 9, 2: bytes(32)}, None),
        (0, {0: 5, 1: -1, 2: bytes(32)}, None),
        (0, {0: True, 1: 9, 2: bytes(32)}, None),
        (0, {0: 5, 1: 9, 2: bytes(31)}, None),
        (0, {0: 5, 1: 9, 2: bytes(32), 3: "more"}, None),
        (1, {0: 5, 1: 9, 2: bytes(32)}, None),
    ],
)
def test_r176_which_generation_is_followed_is_said_first_and_nothing_with_it(
    seq: int, body: Anything, named: int | None
) -> None:
    said = Statement(1, 9, GENERATION_KIND, 0, body)
    assert generation_before(Entry(seq, b"", (), said, (), b"")) == named
    for more in (replace(said, officer=1), replace(said, precedence=Precedence.FLASH)):
        assert generation_before(Entry(seq, b"", (), more, (), b"")) is None


def test_what_is_shown_is_named_by_its_whole_identity() -> None:
    net = started()
    said = [net.say(BORA, "T1", text=f"number {number}") for number in range(3)]
    net.run(5)
    for identity in (b"", bytes(32), 7):
        assert not net.act(ALBA, Act.PRESENTED, [identity]).good
    assert len(list(unpresented(net.meaning(ALBA)))) == 3
    assert net.act(ALBA, Act.PRESENTED, said[:1]).good
    assert [bytes(row.digest) for row in unpresented(net.meaning(ALBA))] == said[1:]


def test_a_later_member_that_asks_for_more_is_given_peaks_only_if_that_lies_before_its_first_position() -> None:
    net = joined_between_two_texts(ALBA)
    state, (path, *_) = net.state(ALBA), net.state(ALBA).paths.values()
    duties = path.duties[CENDRA]
    for first, given in ((1, 0), (0, 1)):
        duties.peaks.clear()
        duties.copies.clear()
        question = encode_request([(Ask.ENTRIES, ALBA, state.generation, first, 9)])
        take_request(state, net.peer(ALBA, CENDRA), question, path)
        assert len(duties.peaks) == given
        assert list(duties.copies) == [(ALBA, state.generation, seq) for seq in range(first, 2)]


@pytest.mark.parametrize("name", [each.name for each in fields(Duties) if not each.name.endswith("_ms")])
def test_what_waits_for_a_path_is_part_of_what_decides_the_future(name: str) -> None:
    net = started()
    (path,) = net.state(ALBA).paths.values()
    before = fingerprint(net.state(ALBA))
    kept: Anything = getattr(path.duties[BORA], name)
    if isinstance(kept, bool):
        setattr(path.duties[BORA], name, not kept)
    else:
        setattr(path.duties[BORA], name, type(kept)({b"one": None}))
    assert fingerprint(net.state(ALBA)) != before


# ---------------------------------------------------------------- rates and generations


def test_one_generation_more_may_come_with_every_hour_that_is_over() -> None:
    heard = GenerationsHeard()
    for _ in range(24):
        heard.begin(ALBA)
    heard.pass_time(HOUR_MS - 1)
    with pytest.raises(Inadmissible, match="R134"):
        heard.begin(ALBA)
    heard.pass_time(HOUR_MS)
    heard.begin(ALBA)
    with pytest.raises(Inadmissible, match="R134"):
        heard.begin(ALBA)
    heard.pass_time(4 * HOUR_MS - 1)
    heard.begin(ALBA)
    heard.begin(ALBA)
    with pytest.raises(Inadmissible, match="R134"):
        heard.begin(ALBA)


def test_our_own_words_of_before_come_back_in_however_many_generations_they_were_said() -> None:
    net = started()
    state = net.state(ALBA)
    for number in range(1, 31):
        entry = entry_of_alba(net, state.generation - number, 0, f"said {number} restores ago")
        accept_entry(state, ALBA, state.generation - number, entry, net.instant(ALBA))
    assert len([key for key in state.logs if key[0] == ALBA]) == 31


def test_who_was_not_heard_of_in_this_run_has_credit_since_it_last_answered_or_since_its_log_began() -> None:
    net = started()
    state, peer = net.state(ALBA), net.peer(ALBA, BORA)
    filled: list[tuple[int, int, int]] = []
    inflow: Anything = peer.inflow
    inflow.fill = lambda *given: filled.append(given)
    charter = state.documents.charter
    assert charter is not None
    rate, utc = charter.rules.entries_a_minute, net.utc
    peer.contact.heard_ms, peer.contact.alive_utc = None, 0
    fill(state, peer, utc - 7, Instant(utc, 50))
    peer.contact.alive_utc = utc - 3
    fill(state, peer, utc - 7, Instant(utc, 50))
    peer.contact.alive_utc = utc + 9
    fill(state, peer, utc - 7, Instant(utc, 50))
    peer.contact.heard_ms = 20
    fill(state, peer, utc - 7, Instant(utc, 50))
    assert filled == [(rate, 50, 7_000), (rate, 50, 3_000), (rate, 50, 0), (rate, 50, 30)]


def test_only_our_own_words_wait_for_our_own_rate() -> None:
    """What a third one said, and who lacks it asks for, has been let go by its own station."""
    net = started(parties=3, rules=Rules(entries_a_minute=1))
    for _ in range(2):
        net.say(BORA, "T1", text=f"ours at {net.utc}")
        net.say(CENDRA, "T1", text=f"theirs at {net.utc}")
        net.run(1)
    state, peer = net.state(BORA), net.peer(BORA, ALBA)
    own, others = (BORA, state.generation), (CENDRA, net.state(CENDRA).generation)
    net.give(BORA, Woken())
    rows = [net.nodes[key[0]].ledger.entry(state.line, *key, 1) for key in (own, others)]
    waits = [_waits_for_rate(state, peer, row) for row in rows if row is not None]
    assert waits == [True, False]
    (first,) = net.nodes[BORA].ledger.entries(state.line, *own, 0, 1)
    peer.receipted[ReceiptState.STORED] = Receipted()
    assert 0 not in state.outbox.entries
    assert not _waits_for_rate(state, peer, first), "long gone to those who were there"


def test_a_recovery_was_lately_if_it_ended_within_the_hour_before_for_that_very_reason() -> None:
    net = started()
    state, utc = net.state(ALBA), net.utc
    assert not recovered_lately(state, LATER_COPY, utc)
    for generation, (until, why) in enumerate([(utc - 5_000, LATER_COPY), (utc, LATER_COPY), (utc + 3_599, "a copy")]):
        row = encode([until, until, why, 0, 0, 0, []])
        state.given.out.keep(RECOVERED, state.line + u32(state.generation + generation), row)
    lately = [recovered_lately(state, LATER_COPY, utc + since) for since in (-1, 0, 3_599, 3_600)]
    assert lately == [False, True, True, False], "a clock that has gone back since says nothing"


# ---------------------------------------------------------------- drafts


def over(number: int) -> tuple[bytes, bytes]:
    return numbered(number), encode_draft(DraftOver(numbered(number)))


def test_of_drafts_that_are_over_the_newest_1024_wait_to_be_told() -> None:
    net = started(stations=2)
    net.lost = lambda sender, reader, _send: ALBA2 in (sender, reader)
    state = net.state(ALBA)
    for number in range(1, 4):
        tell_draft(state, *over(number))
    assert list(state.drafts) == [numbered(number) for number in range(1, 4)]
    for number in range(4, 1_026):
        tell_draft(state, *over(number))
    assert list(state.drafts) == [numbered(number) for number in range(2, 1_026)]


def test_of_4096_drafts_it_is_remembered_what_the_other_station_holds() -> None:
    """One more, and it is told again what it holds, which changes nothing."""
    net = started(stations=2)
    state, peer = net.state(ALBA), net.peer(ALBA, ALBA2)
    peer.drafts_held = {numbered(number): b"held" for number in range(4_095)}
    for count, number in ((4_096, 5_000), (1, 5_001)):
        take_draft(state, peer, over(number)[1])
        assert len(peer.drafts_held) == count
        assert numbered(number) in peer.drafts_held
