"""A member that joins later is given nothing that was said before it was one, and verifies each log from there on."""

from types import SimpleNamespace

import pytest

from openline.delivery.accepting import accept_entry
from openline.delivery.charter_in_use import may_hear
from openline.delivery.generations import AT_ONCE_MAX
from openline.delivery.greeting import _repeat_proofs
from openline.delivery.joining import take_peaks
from openline.delivery.peaks import PEAKS
from openline.delivery.prefix import HeldLog
from openline.delivery.receipting import own_tree
from openline.delivery.rows import leaf_hash_of
from openline.errors import Rejected
from openline.identifiers import StationId, station_id
from openline.ports import Forget
from openline.tlog import Checkpoint, cosigner_name, origin, sign_head
from openline.wire.entry import SIGNATURE_BYTES, encode_entry, entry_signed
from openline.wire.payloads import decode_peaks, encode_peaks
from openline.wire.statement import Statement, Status, digest, encode_statement
from tests.delivery.joined import join
from tests.engine.pair import ALBA, BORA, CENDRA, SUITE, Anything, Net

FOUNDER, NEWCOMER = 1, 3
MEMBERS = {1: (1, 2), 2: (1, 2, 3)}


def charter(number: int) -> Anything:
    return SimpleNamespace(number=number, member=lambda party: party if party in MEMBERS[number] else None)


def line(in_force: int) -> Anything:
    held = {number: charter(number) for number in MEMBERS}
    return SimpleNamespace(documents=SimpleNamespace(charter=held[in_force], charter_numbered=held.get))


def station(party: int) -> Anything:
    return SimpleNamespace(station=station_id(party, 1))


@pytest.mark.parametrize(
    ("party", "named", "heard"),
    [(FOUNDER, 1, True), (FOUNDER, 2, True), (NEWCOMER, 1, False), (NEWCOMER, 2, True), (NEWCOMER, 9, True)],
)
def test_an_entry_is_copied_only_to_members_of_the_charter_that_it_names(party: int, named: int, heard: bool) -> None:
    said = encode_statement(Statement(named, 1_700_000_000, 0, 1, "before", status=Status.TEST))
    entry = encode_entry(0, said, (), bytes(SIGNATURE_BYTES))
    assert may_hear(line(2), station(party), entry) is heard


def test_under_the_first_charter_everybody_hears_everything() -> None:
    assert may_hear(line(1), station(NEWCOMER), b"not even read")


def said_before() -> Net:
    """Ten words of each side before Cendra joins, and everything that goes to and fro has gone."""
    net = Net(suite=SUITE)
    net.start_all()
    for number in range(10):
        net.say(ALBA, "T1", text=f"alba {number}")
        net.say(BORA, "T1", text=f"bora {number}")
    net.run(70)
    return net


def logs_of(net: Net, me: StationId, author: StationId) -> HeldLog:
    state = net.state(me)
    (held,) = [log for (station, _), log in state.logs.items() if station == author]
    return held


def test_a_later_member_begins_each_log_at_its_peaks_and_verifies_it_from_there() -> None:
    net = said_before()
    join(net)
    net.run(70)
    for author in (ALBA, BORA):
        own, held = logs_of(net, author, author), logs_of(net, CENDRA, author)
        assert (held.size, held.tree.root()) == (own.size, own.tree.root()) == (10, own.tree.root())
    after = net.say(ALBA, "T1", text="to all three")
    net.run(1)
    assert net.texts(CENDRA) == [{"text": "to all three"}]
    assert logs_of(net, CENDRA, ALBA).tree.root() == logs_of(net, ALBA, ALBA).tree.root()
    assert net.statuses(ALBA, after)["stored"] == {"bora-1", "cendra-1"}
    net.show(CENDRA)
    net.run(1)
    assert net.statuses(ALBA, after)["presented"] == {"cendra-1"}
    assert not net.state(ALBA).outbox.entries
    assert net.about(ALBA, CENDRA)["hears_from"] == 10


def test_nothing_said_before_is_given_to_it_nor_counted_as_given() -> None:
    net = said_before()
    net.lost = lambda _sender, reader, _send: reader == BORA
    waiting = net.say(ALBA, "T1", text="not yet stored by Bora when Cendra joins")
    net.lost = lambda _sender, _reader, _send: False
    join(net)
    for node in (ALBA, BORA):
        net.nodes[node].sounds.clear()
    net.run(400)
    generation = net.state(ALBA).generation
    assert not list(net.nodes[CENDRA].ledger.entries(net.setting.line, ALBA, generation, 0, 99))
    assert net.texts(CENDRA) == []
    assert net.statuses(ALBA, waiting)["stored"] == {"bora-1"}
    assert not net.state(ALBA).outbox.entries
    assert not any("cendra" in alarm for node in (ALBA, BORA) for alarms in net.nodes[node].sounds for alarm in alarms)
    assert "R127" not in net.rules(ALBA)


def test_a_later_member_owes_nothing_for_what_was_said_before_and_everything_after() -> None:
    net = said_before()
    asked = net.say(ALBA, "Q1", fields={"statement": "Is it quiet?"})
    net.run(1)
    complete = net.one(ALBA, asked)["complete"]
    assert complete == ["stored"]
    join(net)
    net.run(70)
    assert net.one(ALBA, asked)["complete"] == complete
    assert [each.party for each in net.meaning(ALBA).desk.status(asked, net.utc).addressees] == [2]
    later = net.say(ALBA, "Q1", fields={"statement": "And now?"})
    net.run(1)
    assert [each.party for each in net.meaning(ALBA).desk.status(later, net.utc).addressees] == [2, 3]


def test_words_drafted_for_the_members_of_before_are_not_said_to_more() -> None:
    """R133: else a later member would have a gap, or hear what was not meant for it."""
    net = said_before()
    before = net.statement(ALBA, "T1", text="for Bora alone")
    join(net)
    refused = net.submit(ALBA, before)
    assert (refused.good, refused.rule) == (False, "R133")
    assert "joined" in refused.message


def test_everything_outlives_restarts_and_a_later_member_that_lost_its_disk_begins_again() -> None:
    net = said_before()
    join(net)
    net.run(70)
    net.say(ALBA, "T1", text="one")
    net.run(1)
    for me in (ALBA, CENDRA):
        net.stop(me)
        net.disconnect(me)
        net.start(me)
    net.run(5)
    assert not net.state(ALBA).outbox.entries
    net.say(ALBA, "T1", text="two")
    net.run(5)
    assert [text["text"] for text in net.texts(CENDRA)] == ["one", "two"]
    net.stop(CENDRA)
    net.disconnect(CENDRA)
    ledger = net.nodes[CENDRA].ledger
    for table in [table for table in ledger.tables if table != "documents"]:
        ledger.commit([Forget(table, key) for key in list(ledger.tables[table])])
    net.start(CENDRA, restored=True)
    net.run(400)
    for author in (ALBA, BORA):
        assert logs_of(net, CENDRA, author).tree.root() == logs_of(net, author, author).tree.root()


def test_heads_go_on_from_the_peaks_and_a_later_member_cosigns_as_a_witness_does() -> None:
    net = said_before()
    net.run(3_700)
    net.say(ALBA, "T1", text="after the hour's head")
    join(net)
    net.run(70)
    net.say(ALBA, "T1", text="to all three")
    net.run(7_300)
    generation = net.state(ALBA).generation
    assert net.state(ALBA).heads[ALBA, generation][CENDRA].size == 12
    assert not [alarms for alarms in net.nodes[CENDRA].sounds if any("HEAD" in alarm for alarm in alarms)]


def test_a_head_that_was_signed_already_at_that_size_stands_over_the_peaks() -> None:
    net = said_before()
    net.run(3_700)
    (head,) = [held[ALBA] for key, held in net.state(ALBA).heads.items() if key[0] == ALBA]
    assert head.size == 10
    join(net)
    net.run(70)
    assert logs_of(net, CENDRA, ALBA).size == 10
    ((_, value),) = net.state(ALBA).given.out.values(PEAKS, net.setting.line)
    assert decode_peaks(value)[0] == head


def test_a_restored_founder_gives_the_peaks_of_every_generation() -> None:
    net = said_before()
    net.lost = lambda sender, _reader, _send: sender == ALBA
    net.say(ALBA, "T1", text="heard by nobody yet")
    join(net)
    net.run(2)
    net.stop(ALBA)
    net.disconnect(ALBA)
    net.lost = lambda _sender, _reader, _send: False
    net.start(ALBA, restored=True)
    net.run(400)
    assert not net.state(ALBA).recovering
    state = net.state(CENDRA)
    generations = sorted(generation for station, generation in state.logs if station == ALBA)
    assert len(generations) == 2
    for generation in generations:
        own = net.state(ALBA).logs[ALBA, generation]
        assert state.logs[ALBA, generation].tree.root() == own.tree.root()
    assert net.texts(CENDRA) == []
    assert {"text": "heard by nobody yet"} in net.texts(BORA)
    net.say(ALBA, "T1", text="to all three")
    net.run(1)
    assert net.texts(CENDRA) == [{"text": "to all three"}]


def test_a_later_member_stored_nothing_of_an_ended_generation_that_was_said_before() -> None:
    net = said_before()
    before = net.say(ALBA, "T1", text="of Alba's first generation")
    net.run(1)
    join(net)
    net.run(70)
    after = net.say(ALBA, "T1", text="to all three")
    net.run(1)
    net.stop(ALBA)
    net.disconnect(ALBA)
    net.start(ALBA, restored=True)
    net.run(400)
    assert not net.state(ALBA).recovering
    assert net.statuses(ALBA, before)["stored"] == {"bora-1"}
    assert net.statuses(ALBA, after)["stored"] == {"bora-1", "cendra-1"}


def peaks(net: Net, size: int | None = None) -> bytes:
    """Peaks of Alba's log as Alba would sign them at some size."""
    state = net.state(ALBA)
    key = (ALBA, state.generation)
    tree = own_tree(state, key, state.own.size if size is None else size)
    name, checkpoint = cosigner_name(state.line, ALBA), Checkpoint(origin(state.line, *key), tree.size, tree.root())
    head = sign_head(net.suite, state.keys.sign, state.keys.head, name, key, checkpoint, net.utc, signed_before=0)
    return encode_peaks(head, tree.edge)


def refusal(net: Net, me: StationId, payload: bytes) -> str:
    with pytest.raises(Rejected) as refused:
        take_peaks(net.state(me), payload)
    return refused.value.rule


def test_r165_a_founder_takes_no_peaks_so_nobody_can_hide_a_word_behind_them() -> None:
    net = said_before()
    assert refusal(net, BORA, peaks(net, 4)) == "R165"
    net.lost = lambda _sender, reader, _send: reader == BORA
    net.say(ALBA, "T1", text="to be hidden")
    assert refusal(net, BORA, peaks(net)) == "R165"
    join(net)
    assert refusal(net, BORA, peaks(net)) == "R165"


def test_r165_a_later_member_takes_peaks_once_and_never_over_what_it_holds() -> None:
    net = said_before()
    join(net)
    net.run(70)
    take_peaks(net.state(CENDRA), peaks(net))
    net.say(ALBA, "T1", text="one")
    net.run(1)
    net.lost = lambda _sender, reader, _send: reader == CENDRA
    net.say(ALBA, "T1", text="two")
    assert refusal(net, CENDRA, peaks(net)) == "R165"
    own = peaks(net)
    assert refusal(net, ALBA, own) == "R165"
    assert refusal(net, CENDRA, bytes((9, 9)) + own[2:]) == "R165"


def test_r164_peaks_of_another_form_or_of_another_root_are_refused() -> None:
    net = said_before()
    join(net)
    good = peaks(net)
    for bad in (good[:-1], good + bytes(32), good[:6] + b"\0" + good[7:]):
        assert refusal(net, CENDRA, bad) == "R164"
    net.state(CENDRA).logs.clear()
    assert refusal(net, CENDRA, good[:-1] + bytes((good[-1] ^ 1,))) == "R40"


def entry_of_alba(net: Net, generation: int, seq: int, text: str, *, charter: int = 1) -> bytes:
    """An entry that Alba's station signs for some place of some generation."""
    state = net.state(ALBA)
    said = encode_statement(Statement(charter, net.utc, 0, 1, text, status=Status.TEST))
    signed = entry_signed(
        state.line, state.identity.hash, generation, seq, digest(state.documents.salt_seed(1), said), b""
    )
    return encode_entry(seq, said, (), net.suite.sign(state.keys.sign, signed))


def test_the_proof_of_a_fork_before_its_time_is_not_given_to_a_later_member_for_it_holds_words_said_before() -> None:
    net = said_before()
    join(net)
    net.run(70)
    bora, generation = net.state(BORA), net.state(ALBA).generation
    other = entry_of_alba(net, generation, 3, "another story")
    accept_entry(bora, ALBA, generation, other, net.instant(BORA))
    owed: list[Anything] = [(path, station) for path in bora.paths.values() for station in path.duties]
    for _ in range(3):
        assert any(path.duties[station].loose for path, station in owed if station == ALBA)
        assert not any(path.duties[station].loose for path, station in owed if station == CENDRA)
        for path, station in owed:
            path.duties[station].loose.clear()
        for station in (ALBA, CENDRA):
            _repeat_proofs(bora, bora.peers[station])


def test_what_came_before_the_peaks_stands_behind_them() -> None:
    net = said_before()
    join(net)
    net.run(70)
    given = peaks(net, 10)
    net.say(ALBA, "T1", text="to all three")
    net.run(5)
    state, key = net.state(CENDRA), (ALBA, net.state(ALBA).generation)
    row = state.given.out.entry(state.line, *key, 10)
    assert row is not None
    for logs in (state.logs, state.presented):
        held = logs[key] = HeldLog()
        held.add(10, leaf_hash_of(row))
    take_peaks(state, given)
    for logs in (state.logs, state.presented):
        assert (logs[key].size, logs[key].tree) == (11, net.state(ALBA).own.tree)


def test_a_member_makes_a_later_one_remember_no_more_than_a_generation_an_hour_by_peaks_either() -> None:
    net = said_before()
    join(net)
    net.run(70)
    state = net.state(ALBA)
    tree = own_tree(state, (ALBA, state.generation), 4)
    refused = []
    for number in range(AT_ONCE_MAX + 1):  # with the one of Alba that it knows there are two more than may come
        name, log = cosigner_name(state.line, ALBA), (ALBA, 1 + number)
        checkpoint = Checkpoint(origin(state.line, *log), tree.size, tree.root())
        head = sign_head(net.suite, state.keys.sign, state.keys.head, name, log, checkpoint, net.utc, signed_before=0)
        try:
            take_peaks(net.state(CENDRA), encode_peaks(head, tree.edge))
        except Rejected as rejected:
            refused.append(rejected.rule)
    assert refused == ["R134", "R134"]
