"""What one hostile member can make another remember has a limit, and its clock is watched."""

from __future__ import annotations

import pytest

from openline.delivery.generations import AT_ONCE_MAX, GenerationsHeard
from openline.delivery.keys_in_use import announce, running
from openline.delivery.recovering import GENERATION_LEAP_S, begin_generation
from openline.engine.views import line_view
from openline.errors import Inadmissible
from openline.identifiers import StationId
from openline.wire.entry import encode_entry, entry_signed
from openline.wire.envelope import Type
from openline.wire.payloads import encode_copy
from openline.wire.statement import digest as statement_digest
from tests.review.pair import ALBA, BORA, Table


def entry_of(table: Table, author: StationId, generation: int, seq: int, words: str) -> bytes:
    """Return an entry that somebody makes with an author's key, sealed by Alba for Bora as a copy."""
    state = table.state(author)
    said = table.said(author, words)
    digest = statement_digest(state.documents.salt_seed(state.party), said)
    signed = entry_signed(state.line, state.identity.hash, generation, seq, digest, b"")
    entry = encode_entry(seq, said, (), table.suite.sign(state.keys.sign, signed))
    alba = table.state(ALBA)
    run = running(alba, alba.peers[BORA])
    assert run is not None
    return run.seal(Type.COPY, encode_copy(author, generation, entry), padded=True)


def test_no_station_makes_another_remember_more_than_a_generation_an_hour() -> None:
    """R134: what is refused comes again, and is taken when its hour has come."""
    table = Table()
    table.meet()
    table.rules(BORA)
    for generation in range(1, AT_ONCE_MAX + 3):
        table.bring(BORA, entry_of(table, ALBA, generation, 0, f"of {generation}"), writer=ALBA)
    assert table.rules(BORA) == ["R134", "R134"]
    table.pass_time(3_600)
    table.rules(BORA)
    for generation in (AT_ONCE_MAX + 1, AT_ONCE_MAX + 2):
        table.bring(BORA, entry_of(table, ALBA, generation, 0, f"of {generation}"), writer=ALBA)
    assert table.rules(BORA) == ["R134"]


def test_generations_are_counted_for_each_station_and_each_hour_gives_back_one() -> None:
    heard = GenerationsHeard()
    heard.pass_time(10)
    for _ in range(AT_ONCE_MAX):
        heard.begin(ALBA)
    with pytest.raises(Inadmissible, match="R134"):
        heard.begin(ALBA)
    heard.begin(BORA)
    heard.pass_time(3_600_009)
    heard.begin(ALBA)
    heard.pass_time(7_199_999)
    with pytest.raises(Inadmissible, match="R134"):
        heard.begin(ALBA)
    heard.pass_time(2 * 24 * 3_600_000)
    for _ in range(AT_ONCE_MAX):
        heard.begin(ALBA)


def test_what_lies_too_far_beyond_a_gap_is_refused() -> None:
    """R122: 1,024 positions from the first that is missing."""
    table = Table()
    table.meet()
    table.rules(BORA)
    generation = table.state(ALBA).generation
    for seq in (1_024, 1_023, 1 << 34):
        table.bring(BORA, entry_of(table, ALBA, generation, seq, f"at {seq}"), writer=ALBA)
    assert table.rules(BORA) == ["R122", "R122"]
    assert list(table.state(BORA).logs[ALBA, generation].beyond) == [1_023]


@pytest.mark.parametrize("author", [ALBA, BORA])
def test_no_generation_leaves_its_station_without_a_number_for_the_next(author: StationId) -> None:
    """R177: a thief of Bora's keys, or a copy with a wrong clock, must not end Bora's station for ever."""
    table = Table()
    table.meet()
    table.rules(BORA)
    table.bring(BORA, entry_of(table, author, (1 << 32) - 1, 0, "the last"), writer=ALBA)
    assert table.rules(BORA) == ["R177"]
    state = table.state(BORA)
    before = state.generation
    begin_generation(state, before)
    assert before < state.generation <= before + GENERATION_LEAP_S


def test_one_proof_of_a_fork_is_enough_however_many_could_be_made() -> None:
    """R132: after the first, the generation takes no more entries."""
    table = Table()
    table.meet()
    for words in ("one", "two", "three"):
        table.say(ALBA, words)
    table.pump()
    generation = table.state(ALBA).generation
    table.holding.add((BORA, ALBA))
    for seq in (1, 2, 0):
        table.bring(BORA, entry_of(table, ALBA, generation, seq, f"another {seq}"), writer=ALBA)
    assert len(table.seats[BORA].ledger.tables["fork"]) == 1


def test_a_station_whose_clock_goes_back_is_marked() -> None:
    table = Table()
    table.meet()
    table.pass_time(120)

    def marked() -> object:
        stations = line_view(table.meaning(ALBA), table.instant(ALBA))["stations"]
        assert isinstance(stations, list)
        return stations[0]["clock_went_back"]

    table.seats[BORA].skew_s = 500
    table.pass_time(120)
    assert marked() is None
    table.seats[BORA].skew_s = -500
    table.pass_time(120)
    assert marked() is not None


def test_a_generation_that_was_only_announced_is_no_log_to_be_remembered() -> None:
    """An epoch names its sender's generation; that something of it was said is shown by an entry alone."""
    table = Table()
    table.meet()
    table.say(ALBA, "all quiet")
    table.pump()
    bora, alba = table.state(BORA), table.state(ALBA)
    true, known = alba.generation, set(bora.logs)
    entry = bora.given.out.entry(bora.line, ALBA, true, 0)
    assert entry is not None
    copy = encode_copy(ALBA, true, entry.entry)
    for number in range(3):
        alba.generation = 4_000_000_000 + number
        alba.peers[BORA].sender.drop()
        announce(alba, alba.peers[BORA], table.instant(ALBA))
        table.pass_time(61)
        run = running(alba, alba.peers[BORA])
        assert run is not None
        table.bring(BORA, run.seal(Type.COPY, copy, padded=True), writer=ALBA)
        table.pump()
    assert bora.peers[ALBA].generation == alba.generation
    assert (set(bora.logs), set(bora.presented)) == (known, set())
