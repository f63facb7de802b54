"""The desk as a whole: restart, limits, local facts, and nothing that belongs to others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from openline.catalogue.kinds import CATALOGUE
from openline.catalogue.kinds.values import Json
from openline.dialogue import Desk, EventKind, Rota, State, UnknownMessage
from openline.dialogue import desk as desk_module
from openline.dialogue.local import Local
from openline.dialogue.reading import choice, duration, embedded, event_time, moment, read, records, words
from openline.dialogue.said import decode_said, encode_said, said_key
from openline.errors import Misuse
from openline.identifiers import REF_BYTES, Digest
from openline.wire.cbor import Value
from tests.dialogue.kit import ALBA, BORA, CENDRA, RULES, TWO, Line, Writer, at
from tests.dialogue.test_answers import N7, RIGHT
from tests.dialogue.test_changes import K1, K4

NOON = at("18:00")
Q1: dict[str, Json] = {"statement": "x"}


def test_a_statement_at_the_desk_reads_back_as_it_was() -> None:
    said = Writer(ALBA, 2).say("N7", NOON, N7, by=TWO, arrived=NOON + 3)
    assert decode_said(said_key(said), encode_said(said)) == said
    plain = replace(said, approvers=())
    assert decode_said(said_key(plain), encode_said(plain)) == plain
    with pytest.raises(Misuse):
        decode_said(said_key(said), b"short")


def test_rows_are_what_changed_since_the_last_call_and_a_restart_is_of_the_same_mind() -> None:
    line = Line()
    asked = line.say(ALBA, "N7", NOON, N7)
    line.hear(line.writers[BORA].read_back(asked, NOON + 10, RIGHT | {"time": "18:42Z"}))
    desk = line.desks[BORA]
    desk.remind(asked.digest, NOON + 900)
    (alarm,) = desk.alarms(line.utc)
    desk.silence(alarm)
    rows = desk.rows()
    assert sorted(table for table, _, _ in rows) == ["reminder", "said", "said", "silenced"]
    assert desk.rows() == []
    again = Desk(BORA, (ALBA, BORA), RULES, line.receipts)
    again.restore([*rows, ("elsewhere", b"", b""), ("said", b"gone", None)], line.utc)
    assert again.threads(asked.digest, line.utc) == desk.threads(asked.digest, line.utc)
    assert again.alarms(line.utc) == []
    assert again.next_wake(line.utc) == desk.next_wake(line.utc)
    assert again.rows() == []


def test_who_is_not_part_of_a_dialogue_sees_it_and_hears_no_alarm() -> None:
    line = Line((ALBA, BORA, CENDRA))
    asked = line.say(ALBA, "N7", NOON, N7, options={4: [BORA]})
    line.wake(NOON + 3_600)
    watching = line.desks[CENDRA]
    assert [thread.state for thread in watching.threads(asked.digest, line.utc)] == [State.OVERDUE]
    assert watching.alarms(line.utc) == []
    assert len(line.desks[BORA].alarms(line.utc)) == 1


def test_a_message_is_found_by_its_digest_or_its_ref_and_an_unknown_one_says_so() -> None:
    line = Line()
    asked = line.say(ALBA, "Q1", NOON, Q1)
    desk = line.desks[BORA]
    assert desk.message(asked.digest) == desk.message(asked.digest[:REF_BYTES]) == asked
    with pytest.raises(UnknownMessage):
        desk.message(b"\0" * 32)
    with pytest.raises(UnknownMessage):
        desk.follow_up(asked.digest, 0, b"\0" * 32)


def test_a_flood_leaves_what_is_open_in_memory_and_says_what_it_set_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_module, "STATEMENTS_MAX", 20)
    line = Line()
    opening = line.say(BORA, "Q1", NOON, Q1)
    for number in range(9):
        asked = line.say(ALBA, "Q1", NOON + number, Q1)
        line.say(BORA, "YES", NOON + number, about=asked)
    desk = line.desks[BORA]
    line.say(ALBA, "Q1", NOON + 20, Q1)
    assert len(desk.book) == 20
    rows = {key for table, key, value in desk.rows() if value is not None}
    line.say(ALBA, "Q1", NOON + 21, Q1)
    assert len(desk.book) == 17, "two questions, each with its answer"
    forgotten = {key for table, key, value in desk.rows() if value is None}
    assert forgotten < rows
    assert [event.words for event in line.told(BORA, EventKind.SET_ASIDE)] == ["0 still open"]
    assert desk.message(opening.digest) == opening
    for number in range(20):
        line.say(ALBA, "Q1", NOON + 100 + number, Q1)
    assert line.told(BORA, EventKind.SET_ASIDE)[-1].words == "3 still open"
    assert len(desk.book) <= 20
    kept = [row for row in desk.rows() if row[2] is not None]
    again = Desk(BORA, (ALBA, BORA), RULES)
    monkeypatch.setattr(desk_module, "STATEMENTS_MAX", 10)
    again.restore(kept, line.utc)
    assert len(again.book) <= 10


def test_what_has_ended_and_is_set_aside_at_a_start_leaves_the_disk_too(monkeypatch: pytest.MonkeyPatch) -> None:
    line = Line()
    for number in range(20):
        asked = line.say(ALBA, "Q1", NOON + number, Q1)
        line.say(BORA, "YES", NOON + number, about=asked)
    kept = {key: value for _, key, value in line.desks[BORA].rows()}
    monkeypatch.setattr(desk_module, "STATEMENTS_MAX", 20)
    again = Desk(BORA, (ALBA, BORA), RULES, line.receipts)
    again.restore([("said", key, value) for key, value in kept.items()], line.utc)
    gone = {key for _, key, value in again.rows() if value is None}
    assert len(kept) == 40
    assert kept.keys() - gone == {said_key(said) for said in again.book.said.values()}, "none is read twice for nothing"


def test_a_crisis_may_leave_memory_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_module, "STATEMENTS_MAX", 4)
    line = Line()
    for number in range(8):
        line.say(ALBA, "C1", NOON + number, body={1: "x"}, by=TWO)
        line.say(ALBA, "P9", NOON + number, body=None, about=None)
        line.say(ALBA, "L3", NOON + number, body=None)
    assert len(line.desks[BORA].book) <= 4
    assert len(line.desks[BORA].crises.openings()) <= 4


def test_the_clock_is_rebuilt_when_stale_times_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_module, "STATEMENTS_MAX", 3)
    line = Line()
    asked = line.say(ALBA, "Q1", NOON, Q1)
    for minute in range(1, 3):
        until = f"2017-12-09T18:{minute:02d}Z"
        line.say(BORA, "STANDBY", NOON + minute, {"until": until}, about=asked)
    for number in range(30):
        line.say(ALBA, "Q1", NOON + number, Q1)
    desk = line.desks[BORA]
    assert len(desk._clock) <= 3 * 3 + 4
    line.wake(NOON + 86_400)
    assert desk.next_wake(line.utc) is None


def test_local_facts_are_kept_row_by_row() -> None:
    local = Local()
    closure = Digest(b"c" * 32)
    local.follow_up(closure, 0, Digest(b"n" * 32))
    local.follow_up(closure, 1, Digest(b"m" * 32))
    local.follow_up(closure, 1, None)
    rows = local.rows()
    assert local.rows() == []
    again = Local()
    for table, key, value in rows:
        if value is not None:
            again.restore(table, key, value)
    again.restore("elsewhere", b"", b"")
    assert again.followed_up(closure, 0) == b"n" * 32
    assert again.followed_up(closure, 1) is None


def test_a_field_that_cannot_be_read_is_not_there() -> None:
    kind = CATALOGUE.kind("C2")
    body: dict[int, Value] = {1: "not a window", 2: 99, 3: None}
    assert read(kind, body, "period") is None
    assert moment(kind, body, "no such field") is None
    assert choice(kind, body, "news") == ""
    assert records(kind, body, "own_facts") == ()
    assert words(kind, body, "period") == ""
    assert duration(CATALOGUE.kind("C1"), {3: [5, 6]}, "check_interval") is None
    assert embedded(CATALOGUE.kind("K2"), {1: 1}, "changes") is None
    assert event_time(CATALOGUE.kind("T1"), "text") is None
    assert Rota().steps == ()


def test_a_flood_of_names_costs_a_bounded_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_module, "FAMILY_MAX", 4)
    line = Line()
    asked = line.say(ALBA, "Q1", NOON, Q1)
    for number in range(10):
        line.say(BORA, "ACKNOWLEDGED", NOON + number, about=asked)
    last = line.say(BORA, "YES", NOON + 20, about=asked)
    assert line.thread(asked).answer == last
    assert len(line.desks[ALBA]._family(last)) == 5


def test_however_many_name_a_message_what_lies_between_it_and_the_new_statement_is_looked_at() -> None:
    """A correction that many receipts came before still sounds when it is not understood and not said again."""
    line = Line((ALBA, BORA, CENDRA))
    told = line.say(ALBA, "N7", NOON, N7)
    for number in range(desk_module.FAMILY_MAX):
        line.say(BORA, "ACKNOWLEDGED", NOON + 1 + number, about=told)
    corrected = line.say(ALBA, "K1", NOON + 300, K1, about=told)
    line.hear(line.writers[BORA].read_back(corrected, NOON + 360, {"time": "18:25Z"}))
    line.say(CENDRA, "NOT-UNDERSTOOD", NOON + 361, {"detail": "which one?"}, about=corrected)
    line.wake(NOON + 86_400)
    sounding = [alarm for alarm in line.desks[ALBA].alarms(line.utc) if alarm.digest == corrected.digest]
    assert [(alarm.party, alarm.words.split(":")[0]) for alarm in sounding] == [(CENDRA, "REPETITION OVERDUE")]


def test_a_correction_that_many_receipts_came_before_falls_with_what_it_corrects() -> None:
    """Its alarm ends at once, not at the next restart."""
    line = Line()
    told = line.say(ALBA, "N7", NOON, N7)
    for number in range(desk_module.FAMILY_MAX):
        line.say(BORA, "ACKNOWLEDGED", NOON + 1 + number, about=told)
    corrected = line.say(ALBA, "K1", NOON + 300, K1, about=told)
    line.wake(NOON + 86_400)
    desk = line.desks[BORA]
    assert corrected.digest in {alarm.digest for alarm in desk.alarms(line.utc)}
    line.say(ALBA, "K4", NOON + 86_401, K4, about=told)
    assert line.state(corrected) is State.RETRACTED
    assert corrected.digest not in {alarm.digest for alarm in desk.alarms(line.utc)}
