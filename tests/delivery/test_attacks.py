"""Envelopes altered, replayed, reordered, cut or wrongly addressed: refused by rule, nothing shown, nothing lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from openline.delivery.keys_in_use import running
from openline.identifiers import LineId, StationId
from openline.limits import FLASH_LANE
from openline.ports import Received
from openline.sessions import Need, RealSuite, Sender, make_prekey
from openline.simulation.setting import secret
from openline.simulation.suite import SeededSuite
from openline.wire.entry import decode_entry, encode_entry, entry_signed
from openline.wire.envelope import Type
from openline.wire.payloads import ReceiptState, encode_copy, encode_receipt, receipt_signed
from openline.wire.statement import Statement, Status, encode_statement
from openline.wire.statement import digest as statement_digest
from tests.review.pair import ALBA, BORA, CENDRA, Passed, Table, addressed


@pytest.fixture(params=[SeededSuite, RealSuite], ids=["seeded", "real"])
def table(request: pytest.FixtureRequest) -> Table:
    made = Table(suite=request.param())
    made.meet()
    made.rules(BORA)
    return made


def sealed(table: Table, writer: StationId, reader: StationId, kind: Type, payload: bytes) -> bytes:
    """Return a payload sealed with a station's own keys: what a lying member can make."""
    state = table.state(writer)
    run = running(state, state.peers[reader])
    assert run is not None
    return run.seal(kind, payload, padded=True)


def one_said(table: Table, words: str = "all quiet") -> Passed:
    """Let Alba say something; return the envelope in which it goes to Bora, not yet carried."""
    table.passed.clear()
    table.holding.add((ALBA, BORA))
    table.say(ALBA, words)
    table.pump()
    table.holding.clear()
    return addressed(table.passed, ALBA, BORA)[0]


def test_an_envelope_with_any_byte_altered_opens_nothing_and_the_entry_comes_again(table: Table) -> None:
    passed = one_said(table)
    for at in range(0, len(passed.envelope), 7):
        altered = bytearray(passed.envelope)
        altered[at] ^= 1
        batch = table.bring(BORA, bytes(altered), writer=ALBA)
        assert not batch.rows
        assert table.rules(BORA)
    assert table.texts(BORA) == []
    table.pass_time(30)
    assert table.texts(BORA) == ["all quiet"]


def test_a_cut_envelope_is_refused(table: Table) -> None:
    passed = one_said(table)
    for length in (0, 1, 4, 5, 6, 21, 22, 23, len(passed.envelope) - 1):
        assert not table.bring(BORA, passed.envelope[:length], writer=ALBA).rows
        assert table.rules(BORA) in (["R10"], ["R22"], ["R23"], ["R53"])


def test_an_entry_replayed_is_shown_once_and_receipted_again(table: Table) -> None:
    passed = one_said(table)
    table.bring(BORA, passed.envelope, writer=ALBA)
    table.pump()
    for _ in range(3):
        table.bring(BORA, passed.envelope, writer=ALBA)
    table.pump()
    assert table.texts(BORA) == ["all quiet"]
    assert table.state(ALBA).peers[BORA].stored.size == 1


def test_entries_in_any_order_are_shown_in_their_own(table: Table) -> None:
    envelopes = [one_said(table, f"text {number}").envelope for number in range(5)]
    for envelope in reversed(envelopes):
        table.bring(BORA, envelope, writer=ALBA)
    table.pump()
    log = table.state(BORA).logs[ALBA, table.state(ALBA).generation]
    assert log.size == 5
    assert not log.beyond


def test_an_envelope_for_one_station_opens_at_no_other() -> None:
    table = Table(3)
    table.meet()
    table.rules(CENDRA)
    passed = one_said(table)
    assert not table.bring(CENDRA, passed.envelope, writer=ALBA).rows
    assert table.rules(CENDRA) == ["R53"]
    assert not table.bring(ALBA, passed.envelope, writer=BORA).rows
    assert table.rules(ALBA) == ["R53"]


def test_whoever_the_relay_names_as_writer_the_seal_decides(table: Table) -> None:
    passed = one_said(table)
    table.bring(BORA, passed.envelope, writer=BORA)
    assert table.texts(BORA) == ["all quiet"]


def test_an_entry_of_one_line_means_nothing_on_another() -> None:
    table, other = Table(2), Table(3)
    table.meet()
    other.meet()
    other.rules(BORA)
    passed = one_said(table)
    assert not other.bring(BORA, passed.envelope, writer=ALBA).rows
    entry = decode_entry(next(iter(table.seats[ALBA].ledger.places.values())).entry)
    data = encode_entry(entry.seq, entry.said, entry.approvals, entry.signature)
    generation = table.state(ALBA).generation
    assert not other.bring(BORA, sealed(other, CENDRA, BORA, Type.COPY, encode_copy(ALBA, generation, data))).rows
    assert other.rules(BORA) == ["R53", "R40"]


def test_an_entry_of_one_generation_is_refused_in_another(table: Table) -> None:
    one_said(table)
    state = table.state(ALBA)
    data = next(iter(table.seats[ALBA].ledger.places.values())).entry
    copy = encode_copy(ALBA, state.generation + 1, data)
    assert not table.bring(BORA, sealed(table, ALBA, BORA, Type.COPY, copy)).rows
    assert table.rules(BORA) == ["R40"]
    assert (ALBA, state.generation + 1) not in table.state(BORA).logs


def test_an_entry_put_into_another_stations_mouth_is_refused() -> None:
    table = Table(3)
    table.meet()
    one_said(table)
    data = next(iter(table.seats[ALBA].ledger.places.values())).entry
    table.rules(BORA)
    for author in (CENDRA, BORA, StationId(0), StationId(0x0909)):
        copy = encode_copy(author, table.state(CENDRA).generation, data)
        assert not table.bring(BORA, sealed(table, CENDRA, BORA, Type.COPY, copy)).rows
    assert table.rules(BORA) == ["R40", "R40", "R120", "R120"]


def test_a_copy_brought_by_a_third_station_is_as_good_as_the_original_and_owes_its_author_a_receipt() -> None:
    table = Table(3)
    table.meet()
    table.holding.add((ALBA, BORA))
    table.say(ALBA, "all quiet")
    table.pump()
    assert table.texts(CENDRA) == ["all quiet"]
    assert table.texts(BORA) == []
    table.pass_time(180)
    assert table.texts(BORA) == ["all quiet"]
    assert table.state(ALBA).peers[BORA].stored.size == 1


def receipt(table: Table, writer: StationId, size: int, root: bytes, *, generation: int | None = None) -> bytes:
    """Return a receipt that Bora really signed, over a root of its choice."""
    state = table.state(writer)
    of = table.state(ALBA)
    signed = receipt_signed(
        state.line, of.identity.hash, of.generation if generation is None else generation, state.identity.hash,
        ReceiptState.STORED, 9, size, root, [],
    )  # fmt: skip
    return encode_receipt(size, 9, [], table.suite.sign(state.keys.sign, signed))


def test_a_receipt_over_another_root_size_or_generation_counts_for_nothing_and_entries_are_asked_for(
    table: Table,
) -> None:
    one_said(table)
    of = table.state(ALBA)
    good = of.own.tree.root()
    for payload, rule in (
        (receipt(table, BORA, 1, bytes(32)), "R40"),
        (receipt(table, BORA, 2, good), "R63"),
        (receipt(table, BORA, 1, good, generation=of.generation - 1), "R40"),
    ):
        table.rules(ALBA)
        table.bring(ALBA, sealed(table, BORA, ALBA, Type.STORED, payload))
        assert table.rules(ALBA) == [rule]
        assert of.peers[BORA].stored.size == 0
        assert 0 in of.outbox.entries
    table.bring(ALBA, sealed(table, BORA, ALBA, Type.PRESENTED, receipt(table, BORA, 1, good)))
    assert table.rules(ALBA) == ["R40"]
    table.bring(ALBA, sealed(table, BORA, ALBA, Type.STORED, receipt(table, BORA, 1, good)))
    assert of.peers[BORA].stored.size == 1


def test_a_receipt_of_one_station_is_not_another_ones() -> None:
    table = Table(3)
    table.meet()
    table.holding.add((CENDRA, ALBA))
    one_said(table)
    of = table.state(ALBA)
    payload = receipt(table, BORA, 1, of.own.tree.root())
    table.rules(ALBA)
    table.bring(ALBA, sealed(table, CENDRA, ALBA, Type.STORED, payload))
    assert table.rules(ALBA) == ["R40"]
    assert of.peers[CENDRA].stored.size == of.peers[BORA].stored.size == 0


def test_a_greeting_said_again_is_no_sign_of_life(table: Table) -> None:
    table.passed.clear()
    table.pass_time(60)
    greetings = addressed(table.passed, BORA, ALBA)
    table.holding |= {(BORA, ALBA)}
    alive = table.state(ALBA).peers[BORA].contact.alive_ms
    table.pass_time(300)
    for passed in greetings:
        table.bring(ALBA, passed.envelope, writer=BORA)
    assert table.state(ALBA).peers[BORA].contact.alive_ms == alive


def test_an_old_greeting_said_again_does_not_drown_the_question_under_way(table: Table) -> None:
    table.passed.clear()
    table.pass_time(120)
    old = [each.envelope for each in addressed(table.passed, ALBA, BORA)]
    table.passed.clear()
    table.holding |= {(ALBA, BORA), (BORA, ALBA)}
    table.pass_time(60)
    question = [each.envelope for each in table.held if each.writer == ALBA][-1]
    state = table.state(ALBA)
    assert state.peers[BORA].contact.nonce != bytes(8)
    path = next(iter(state.paths))
    table.holding.clear()
    table.give(BORA, *(Received(path, envelope) for envelope in (question, *old)))
    table.pump()
    assert state.peers[BORA].contact.nonce == bytes(8)


def test_a_prekey_of_another_station_line_or_key_is_refused(table: Table) -> None:
    """R126: a prekey comes only from a station of this line."""
    state = table.state(BORA)
    thief = secret("thief")
    own = replace(state.identity, public=table.suite.public(thief))
    forged = make_prekey(table.suite, state.line, own, thief, thief, 2_000_000_000, fresh=True)
    nowhere = LineId(bytes(32))
    other = make_prekey(table.suite, nowhere, state.identity, state.keys.sign, thief, 2_000_000_000, fresh=True)
    before = table.state(ALBA).peers[BORA].sender.prekey
    table.rules(ALBA)
    for prekey in (forged, other, replace(forged, station=StationId(0x0505))):
        table.bring(ALBA, prekey.encode(), writer=BORA)
    assert table.rules(ALBA) == ["R40", "R40", "R126"]
    assert table.state(ALBA).peers[BORA].sender.prekey == before


def test_an_older_prekey_from_a_relay_is_not_taken(table: Table) -> None:
    sender = table.state(ALBA).peers[BORA].sender
    older = sender.prekey
    assert older is not None
    table.seats[BORA].station.lines[table.setting.line].rekey(table.instant(BORA))
    table.give(BORA)
    table.pump()
    table.pass_time(120)
    newer = sender.prekey
    assert newer != older
    table.rules(ALBA)
    table.bring(ALBA, older.encode(), writer=BORA)
    assert table.rules(ALBA) == ["R47"]
    assert sender.prekey == newer


def test_an_announcement_from_before_a_fresh_one_opens_nothing_again(table: Table) -> None:
    announcements = [each.envelope for each in table.passed if each.reader == BORA and each.envelope[0] == 2]
    old = [each.envelope for each in table.passed if each.reader == BORA and each.envelope[0] == 1]
    assert announcements
    table.seats[ALBA].station.lines[table.setting.line].rekey(table.instant(ALBA))
    table.give(ALBA)
    table.pass_time(180)
    receiver = table.state(BORA).peers[ALBA].receiver
    held = list(receiver.epochs)
    table.rules(BORA)
    for envelope in announcements:
        table.bring(BORA, envelope, writer=ALBA)
    assert receiver.epochs == held
    for envelope in old:
        table.bring(BORA, envelope, writer=ALBA)
    assert set(table.rules(BORA)) <= {"R53", "R54"}


def test_a_stolen_old_prekey_cannot_be_announced_to_after_rekey(table: Table) -> None:
    state = table.state(BORA)
    sender = Sender(state.line, table.state(ALBA).identity, state.identity)
    assert state.keyring.current is not None
    sender.learn(state.keyring.current)
    stale = sender.announce(
        table.suite, Need.FRESH, table.state(ALBA).keys.sign, secret("x"), table.state(ALBA).generation, 2_000_000_000
    )
    table.seats[BORA].station.lines[table.setting.line].rekey(table.instant(BORA))
    table.rules(BORA)
    table.bring(BORA, stale, writer=ALBA)
    assert table.rules(BORA) == ["R54"]


def test_what_is_not_flash_in_the_flash_lane_is_taken_and_shown_as_misuse(table: Table) -> None:
    """R128: a relay may lie about the lane, so nothing is dropped for it."""
    passed = one_said(table)
    table.bring(BORA, passed.envelope, writer=ALBA, lane=FLASH_LANE)
    assert table.rules(BORA) == ["R128"]
    assert table.texts(BORA) == ["all quiet"]


def test_flash_and_receipts_are_at_home_in_the_flash_lane(table: Table) -> None:
    table.passed.clear()
    table.say(ALBA, "now", flash=True)
    table.pump()
    assert {each.lane for each in table.passed} == {FLASH_LANE}
    assert table.rules(BORA) == table.rules(ALBA) == []


def test_a_relay_that_calls_everything_flash_stops_nothing(table: Table) -> None:
    table.passed.clear()
    table.holding |= {(ALBA, BORA), (BORA, ALBA)}
    alive = table.state(ALBA).peers[BORA].contact.alive_ms or 0
    for _ in range(20):
        table.now_ms += 10_000
        table.pass_time(1)
        while table.held:
            held = table.held.pop(0)
            table.bring(held.reader, held.envelope, writer=held.writer, lane=FLASH_LANE)
            table.pump()
    assert (table.state(ALBA).peers[BORA].contact.alive_ms or 0) > alive


@pytest.mark.parametrize("kind", [Type.SAID, Type.BARE_STORED, Type.BARE_PRESENTED])
def test_a_payload_that_a_provable_line_does_not_use_is_refused(table: Table, kind: Type) -> None:
    """R129: what deniable lines say means nothing here."""
    assert not table.bring(BORA, sealed(table, ALBA, BORA, kind, b"payload"), writer=ALBA).rows
    assert table.rules(BORA) == ["R129"]


def test_a_second_entry_at_one_place_proves_the_fork_whoever_it_names_as_its_officer(table: Table) -> None:
    one_said(table)
    table.pass_time(30)
    state = table.state(ALBA)
    statement = Statement(1, table.instant(ALBA).utc, 0, 99, "by nobody", Status.TEST)
    said = encode_statement(statement)
    digest = statement_digest(state.documents.salt_seed(1), said)
    signed = entry_signed(state.line, state.identity.hash, state.generation, 0, digest, b"")
    entry = encode_entry(0, said, (), table.suite.sign(state.keys.sign, signed))
    table.rules(BORA)
    table.bring(BORA, sealed(table, ALBA, BORA, Type.ENTRY, entry), writer=ALBA)
    assert table.rules(BORA) == []
    assert table.state(BORA).forked == {(ALBA, state.generation)}
