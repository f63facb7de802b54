"""No station may flood a line: beyond the charter's rate its words wait in its own queues, and FLASH passes them."""

from __future__ import annotations

from openline.charter import Rules
from openline.delivery.rate import Rate
from tests.review.pair import ALBA, BORA, Table


def slow() -> Table:
    table = Table(rules=Rules(entries_a_minute=6))
    table.meet()
    return table


def test_what_is_beyond_the_rate_waits_at_home_and_goes_when_its_time_has_come() -> None:
    table = slow()
    for number in range(10):
        assert table.say(ALBA, f"text {number}").good
    table.pump()
    assert table.state(BORA).size_of((ALBA, table.state(ALBA).generation)) == 6
    table.pass_time(10)
    assert table.state(BORA).size_of((ALBA, table.state(ALBA).generation)) == 7
    table.pass_time(30)
    assert table.state(BORA).size_of((ALBA, table.state(ALBA).generation)) == 10
    assert table.texts(BORA) == [f"text {number}" for number in range(10)]


def test_the_station_asks_to_be_woken_when_the_next_may_go() -> None:
    table = slow()
    for number in range(7):
        table.say(ALBA, f"text {number}")
    table.pump()
    assert table.seats[ALBA].station.lines[table.setting.line].next_wake() == table.now_ms + 10_000


def test_flash_is_never_kept_waiting() -> None:
    table = slow()
    for number in range(20):
        table.say(ALBA, f"text {number}")
    for number in range(10):
        table.say(ALBA, f"now {number}", flash=True)
    table.pump()
    assert [text for text in table.texts(BORA) if str(text).startswith("now")] == [f"now {n}" for n in range(10)]


def test_an_entry_costs_once_however_often_and_to_however_many_it_goes() -> None:
    table = Table(3, rules=Rules(entries_a_minute=6))
    table.meet()
    for number in range(6):
        table.say(ALBA, f"text {number}")
    table.pump()
    assert len(table.texts(BORA)) == 6
    rate = Rate()
    assert all(rate.allows((1, 0), 1, 0) for _ in range(9))
    assert not rate.allows((1, 1), 1, 0)


def test_a_bucket_holds_one_minute_and_fills_evenly() -> None:
    rate = Rate()
    assert [rate.allows((1, seq), 3, 500) for seq in range(4)] == [True, True, True, False]
    assert rate.due_ms == 20_500
    assert not rate.allows((1, 3), 3, 20_499)
    assert rate.allows((1, 3), 3, 20_500)
    assert [rate.allows((1, seq), 3, 900_000) for seq in range(4, 8)] == [True, True, True, False]


def test_another_generation_begins_at_its_own_first_position_and_a_new_rate_counts_from_its_beginning() -> None:
    rate = Rate()
    assert [rate.allows((1, seq), 2, 0) for seq in range(3)] == [True, True, False]
    assert not rate.allows((2, 0), 2, 0)
    assert rate.allows((2, 0), 5, 0)
