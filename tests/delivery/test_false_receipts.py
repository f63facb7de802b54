"""A receipt that is none costs its receiver little, however long its log is and however often one comes."""

from __future__ import annotations

import pytest

from openline.delivery.receipting import READ_IN_DOUBT_MAX
from openline.delivery.receiving import DOUBT_EVERY_MS
from openline.wire.envelope import Type
from openline.wire.payloads import encode_receipt
from tests.delivery.test_attacks import sealed
from tests.review.pair import ALBA, BORA, Table

SAID = 40


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Table:
    monkeypatch.setattr("openline.delivery.receipting.READ_IN_DOUBT_MAX", SAID // 4)
    made = Table()
    made.meet()
    for number in range(SAID):
        made.say(ALBA, f"text {number}")
    made.pass_time(120)
    assert made.state(ALBA).peers[BORA].stored.size == SAID
    return made


def read(table: Table, monkeypatch: pytest.MonkeyPatch, size: int) -> int:
    """Let Bora send ten false receipts, that this much of Alba's log was presented; return what Alba read for them."""
    seqs = table.reads(ALBA, monkeypatch)
    for number in range(10):
        false = encode_receipt(size, number, [], bytes(64))
        table.bring(ALBA, sealed(table, BORA, ALBA, Type.PRESENTED, false), writer=BORA)
    return len(seqs)


@pytest.mark.parametrize("size", [SAID, SAID + 1, 1 << 34])
def test_what_covers_all_that_was_said_or_more_needs_no_reading(
    table: Table, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    assert read(table, monkeypatch, size) == 0


def test_a_log_is_read_once_a_minute_for_who_sent_a_false_one(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    size = SAID - 1
    assert read(table, monkeypatch, size) == size
    table.now_ms += DOUBT_EVERY_MS
    assert read(table, monkeypatch, size) == size
    assert read(table, monkeypatch, SAID // 4) == 10 * (SAID // 4), "what costs little is looked at each time"
    assert READ_IN_DOUBT_MAX == 1_024
