"""A station that has ended: what was stored stays, what comes later is kept apart, no secret shared with it is left."""

from __future__ import annotations

from openline.charter import ItemClass, RootSeeds, StopNotice, make_stop
from openline.delivery.apart import kept_apart
from openline.delivery.keys_in_use import RECEIVER, SENDER, running
from openline.engine.views import line_view, message
from openline.identifiers import StationId, Token, number_of, party_of
from openline.ports import DocumentBrought
from openline.simulation.setting import secret
from openline.wire.entry import encode_entry, entry_signed
from openline.wire.envelope import Type
from openline.wire.payloads import DocumentClass, encode_copy, encode_document
from openline.wire.statement import digest as statement_digest
from tests.review.pair import ALBA, BORA, CENDRA, Table


def stop(table: Table, station: StationId, *told: StationId) -> None:
    """Publish the stop notice of a station to some of the others."""
    party = party_of(station)
    root = RootSeeds(secret("root", party), secret("root2", party))
    notice = make_stop(StopNotice(table.setting.line, party, ItemClass.STATION, number_of(station)), root, table.suite)
    for each in told:
        document = encode_document(DocumentClass.STOP, notice)
        table.give(each, DocumentBrought(Token(7), table.setting.line, document))


def later_entry(table: Table, author: StationId, words: str, seq: int) -> bytes:
    """Return an entry that a thief makes with a station's key."""
    state = table.state(author)
    said = table.said(author, words)
    digest = statement_digest(state.documents.salt_seed(state.party), said)
    signed = entry_signed(state.line, state.identity.hash, state.generation, seq, digest, b"")
    return encode_entry(seq, said, (), table.suite.sign(state.keys.sign, signed))


def copied(table: Table, by: StationId, to: StationId, author: StationId, entry: bytes) -> None:
    """Let one station bring another a copy of a third one's entry."""
    state = table.state(by)
    run = running(state, state.peers[to])
    assert run is not None
    generation = table.state(author).generation
    table.bring(to, run.seal(Type.COPY, encode_copy(author, generation, entry), padded=True), writer=by)


def ended() -> Table:
    table = Table(3)
    table.meet()
    table.say(CENDRA, "before")
    table.say(ALBA, "to all")
    table.pump()
    stop(table, CENDRA, ALBA, BORA)
    table.pump()
    table.rules(BORA)
    return table


def test_what_was_stored_before_the_end_stays() -> None:
    table = ended()
    assert table.texts(BORA) == ["before", "to all"]


def test_what_comes_later_is_kept_apart_unshown_and_unreceipted() -> None:
    """R120: a stop notice acts from its arrival."""
    table = ended()
    generation = table.state(CENDRA).generation
    table.passed.clear()
    copied(table, ALBA, BORA, CENDRA, later_entry(table, CENDRA, "after", 1))
    table.pump()
    assert table.rules(BORA) == ["R120"]
    assert table.texts(BORA) == ["before", "to all"]
    assert table.state(BORA).logs[CENDRA, generation].size == 1
    assert len(kept_apart(table.state(BORA))) == 1
    assert line_view(table.meaning(BORA), table.instant(BORA))["kept_apart"] == 1
    assert not table.passed
    copied(table, ALBA, BORA, CENDRA, later_entry(table, CENDRA, "after", 1))
    assert len(kept_apart(table.state(BORA))) == 1


def test_a_thief_makes_no_fork_of_what_was_said_before_the_end() -> None:
    """With the key of a station that has ended nobody casts doubt on what it said while it was in force."""
    table = ended()
    copied(table, ALBA, BORA, CENDRA, later_entry(table, CENDRA, "another story", 0))
    table.pump()
    assert table.rules(BORA) == ["R120"]
    assert not table.state(BORA).forked
    assert table.texts(BORA) == ["before", "to all"]


def test_what_the_ended_station_itself_did_not_sign_is_not_kept_at_all() -> None:
    table = ended()
    entry = later_entry(table, CENDRA, "after", 1)
    copied(table, ALBA, BORA, CENDRA, entry[:-1] + bytes((entry[-1] ^ 1,)))
    assert table.rules(BORA) == ["R40"]
    assert not kept_apart(table.state(BORA))


def test_nothing_that_it_seals_opens_and_no_secret_shared_with_it_is_on_the_disk() -> None:
    table = Table(3)
    table.meet()
    peer = table.state(BORA).peers[CENDRA]
    secrets = [epoch.secret for epoch in peer.receiver.epochs]
    assert peer.sender.current is not None
    secrets.append(peer.sender.current.secret)
    stop(table, CENDRA, BORA)
    table.rules(BORA)
    table.say(CENDRA, "after")
    table.pump()
    assert "R53" in table.rules(BORA)
    tables = table.seats[BORA].ledger.tables
    held = b"".join(value for name in (SENDER, RECEIVER) for value in tables[name].values())
    assert not any(one in held for one in secrets)


def test_a_status_that_it_signed_before_its_end_is_shown_on() -> None:
    table = ended()
    (row,) = [row for row in table.seats[ALBA].ledger.recent(table.setting.line, 9) if row.author == ALBA]
    status = message(table.meaning(ALBA), row, table.instant(ALBA))["status"]
    assert isinstance(status, dict)
    assert {mark["station"] for mark in status["stored"]} == {"bora-1", "cendra-1"}
