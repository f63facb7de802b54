"""Stored, presented, acknowledged, passed on, answered: five separate facts, none shown without its proof."""

from __future__ import annotations

import pytest

from openline.catalogue.kinds.values import Json
from openline.dialogue import Desk, NoEvidence, State, UnknownMessage
from openline.dialogue.status import STATUSES, Mark
from openline.identifiers import station_id
from openline.wire.payloads import ReceiptState
from openline.wire.statement import Option
from tests.dialogue.kit import ALBA, BORA, CENDRA, RULES, Line, Writer, at
from tests.dialogue.test_answers import N7, RIGHT

NOON = at("18:00")
UNIT: dict[str, Json] = {"unit": "coast guard", "means": "telephone", "time": "2017-12-09T18:00Z", "officer": 2}


def names(line: Line, said: bytes) -> dict[str, int]:
    """How many marks each status has, at the author's desk."""
    status = line.desks[ALBA].status(said, line.utc)
    return {name: len(status.marks(name)) for name in STATUSES}


def test_each_status_comes_by_itself_with_its_signer_time_and_proof() -> None:
    line = Line()
    said = line.say(ALBA, "N7", NOON, N7)
    assert names(line, said.digest) == dict.fromkeys(STATUSES, 0) | {"stored": 1}
    line.receipts.give(said, station_id(BORA, 1), ReceiptState.PRESENTED, NOON + 5)
    acknowledged = line.say(BORA, "ACKNOWLEDGED", NOON + 10, about=said)
    assert names(line, said.digest) == {"stored": 1, "presented": 1, "acknowledged": 1, "passed_on": 0, "answered": 0}
    passed = line.say(BORA, "PASSED-ON", NOON + 20, UNIT, about=said)
    answer = line.hear(line.writers[BORA].read_back(said, NOON + 30, RIGHT))
    (bora,) = line.desks[ALBA].status(said.digest, line.utc).addressees
    where = station_id(BORA, 1)
    assert bora.stored[0].signer == 0
    assert bora.presented[0].time == NOON + 5
    assert bora.acknowledged == (Mark(where, 2, NOON + 10, acknowledged.digest),)
    assert bora.passed_on == (Mark(where, 2, NOON + 20, passed.digest, "coast guard"),)
    assert bora.answered == (Mark(where, 2, NOON + 30, answer.digest, "UNDERSTOOD"),)


def test_a_wrong_read_back_has_not_answered() -> None:
    line = Line()
    said = line.say(ALBA, "N7", NOON, N7)
    line.hear(line.writers[BORA].read_back(said, NOON + 30, RIGHT | {"time": "18:42Z"}))
    assert names(line, said.digest)["answered"] == 0


def test_a_retracted_acknowledgement_is_shown_no_more() -> None:
    line = Line()
    said = line.say(ALBA, "N7", NOON, N7)
    receipt = line.say(BORA, "ACKNOWLEDGED", NOON + 10, about=said)
    line.say(BORA, "K4", NOON + 20, {"cause": "drill text"}, about=receipt)
    assert names(line, said.digest)["acknowledged"] == 0


def test_a_station_of_each_addressee_has_a_mark_of_its_own_and_presented_proves_stored() -> None:
    line = Line((ALBA, BORA, CENDRA))
    said = line.say(ALBA, "Q1", NOON, {"statement": "x"}, options={Option.ACTION: [BORA]})
    line.receipts.facts.clear()
    for number, (state, time) in enumerate(
        ((ReceiptState.STORED, NOON + 9), (ReceiptState.PRESENTED, NOON + 7), (ReceiptState.STORED, NOON + 3)), 1
    ):
        line.receipts.give(said, station_id(BORA, number), state, time)
    line.receipts.give(said, station_id(BORA, 1), ReceiptState.STORED, NOON + 2)
    bora, cendra = line.desks[ALBA].status(said.digest, line.utc).addressees
    assert (bora.party, bora.action, cendra.party, cendra.action) == (BORA, True, CENDRA, False)
    assert [(mark.station & 255, mark.time - NOON) for mark in bora.stored] == [(1, 2), (2, 7), (3, 3)]
    assert [(mark.station & 255, mark.time - NOON) for mark in bora.presented] == [(2, 7)]
    assert cendra.stored == ()


def test_without_a_receipt_a_message_is_pending_for_its_author_until_they_say_anything() -> None:
    desk = Desk(ALBA, (ALBA, BORA), RULES)
    said = Writer(ALBA).say("Q1", NOON, {"statement": "x"})
    desk.heard(said, NOON)
    assert desk.threads(said.digest, NOON)[0].state is State.PENDING
    desk.heard(Writer(BORA).say("ACKNOWLEDGED", NOON + 5, about=said), NOON + 5)
    assert desk.threads(said.digest, NOON + 5)[0].state is State.OPEN
    assert list(NoEvidence().receipts(said.station, 0, 0)) == []


def test_texts_have_their_status_too_recent_ones_from_memory_old_ones_from_the_record() -> None:
    line = Line()
    text = line.say(ALBA, "T1", NOON, {"text": "good morning"})
    line.say(BORA, "ACKNOWLEDGED", NOON + 5, about=text)
    assert names(line, text.digest) == {"stored": 1, "presented": 0, "acknowledged": 1, "passed_on": 0, "answered": 0}
    for number in range(1_000):
        line.desks[ALBA].heard(line.writers[BORA].say("T1", NOON + number, {"text": "x"}), NOON)
    with pytest.raises(UnknownMessage):
        line.desks[ALBA].status(text.digest, line.utc)
    assert len(line.desks[ALBA].status(text.digest, line.utc, text).marks("acknowledged")) == 1
