"""When a deputy may be called, and whose turn it is."""

import pytest

from openline.dialogue import Desk, Rota, Step
from openline.dialogue.escalation import DAY_MINUTES, DAYS, Call, Duty, Escalation
from openline.wire.statement import Option
from tests.dialogue.kit import ALBA, BORA, RULES, TWO, Line, at
from tests.dialogue.test_answers import N7
from tests.dialogue.test_crisis import C1

DAY = 86_400
SATURDAY = DAYS.index("sat")  # 9 December 2017
SITUATION = b"situation"


def duty(first: str, until: str, *days: int) -> Duty:
    minutes = [int(clock[:2]) * 60 + int(clock[3:]) for clock in (first, until)]
    return Duty(frozenset(days), *minutes) if days else Duty(first=minutes[0], until=minutes[1])


@pytest.mark.parametrize(
    ("clock", "called"), [("05:59", False), ("06:00", True), ("12:00", True), ("17:59", True), ("18:00", False)]
)
def test_a_deputy_is_called_in_his_hours_on_his_day(clock: str, called: bool) -> None:
    saturdays = duty("06:00", "18:00", SATURDAY)
    assert saturdays.covers(at(clock)) is called
    assert not saturdays.covers(at(clock) - DAY)
    assert not saturdays.covers(at(clock) + DAY)
    assert saturdays.covers(at(clock) + 7 * DAY) is called


@pytest.mark.parametrize(
    ("clock", "days_later", "called"),
    [
        ("21:59", 0, False), ("22:00", 0, True), ("23:59", 0, True), ("00:00", 1, True), ("05:59", 1, True),
        ("06:00", 1, False), ("22:00", 1, False), ("05:59", 0, False),
    ],
)  # fmt: skip
def test_a_duty_over_midnight_belongs_to_the_day_on_which_it_began(clock: str, days_later: int, called: bool) -> None:
    assert duty("22:00", "06:00", SATURDAY).covers(at(clock) + days_later * DAY) is called


def test_whoever_sets_nothing_may_be_called_at_any_time() -> None:
    assert all(Duty().covers(at("00:00") + hour * 3_600) for hour in range(7 * 24))
    assert DAY_MINUTES == 1_440


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (Duty(), "every day, all day"),
        (Duty(frozenset({SATURDAY})), "sat, all day"),
        (duty("06:00", "18:00", 1, 0), "mon tue 06:00-18:00 UTC"),
        (Duty(frozenset(range(2, 7))), "wed thu fri sat sun, all day"),
        (duty("22:30", "06:05"), "every day 22:30-06:05 UTC"),
        (duty("00:00", "06:00"), "every day 00:00-06:00 UTC"),
    ],
)
def test_a_duty_is_shown_in_words(when: Duty, words: str) -> None:
    assert when.words() == words


def test_who_is_not_on_duty_is_passed_over_and_is_not_among_the_calls() -> None:
    never = Duty(frozenset())
    rota = Escalation(Rota((Step(0, "first", 1, never), Step(60, "second", 2), Step(90, "third", 3))))
    noon = at("12:00")
    assert rota.watch({SITUATION: noon}, noon + 59) == []
    assert rota.next_call() == noon + 60
    assert [call.whom for call in rota.watch({SITUATION: noon}, noon + 60)] == ["second"]
    assert [(call.whom, call.at) for call in rota.calls()] == [("second", noon + 60)]
    assert rota.attend(SITUATION)
    assert rota.calls() == []
    assert rota.next_call() is None
    assert rota.watch({SITUATION: noon}, noon + 90) == []
    assert not rota.is_over(SITUATION)
    assert rota.watch({}, noon + 90) == []
    assert rota.is_over(SITUATION)
    assert not rota.attend(SITUATION)


def test_whose_hours_begin_before_the_call_is_due_is_called_though_they_had_not_when_it_began_to_wait() -> None:
    rota = Escalation(Rota((Step(120, "first", 1, duty("12:01", "13:00")),)))
    assert [call.whom for call in rota.watch({SITUATION: at("12:00")}, at("12:02"))] == ["first"]


def test_a_step_names_no_officer_unless_it_says_so() -> None:
    assert Step(60, "head of the watch").officer == 0


DAY_AND_NIGHT = Rota(
    (Step(0, "day deputy", 1, duty("06:00", "18:00")), Step(60, "night deputy", 2, duty("18:00", "06:00")))
)


@pytest.mark.parametrize(
    "claimed", [at("20:30"), at("17:59:30"), at("05:59:30"), 2**32 - 1], ids=["true", "day", "morning", "2106"]
)
def test_the_deputies_of_the_hour_in_which_a_crisis_comes_are_called_whatever_its_sender_s_clock_says(
    claimed: int,
) -> None:
    """A claimed time must neither call the deputy of another hour nor keep everybody asleep."""
    line = Line(rota=DAY_AND_NIGHT)
    opening = line.say(BORA, "C1", claimed, C1, by=TWO, arrived=at("20:30"))
    assert line.desks[ALBA].calls() == []
    line.wake(at("20:31"))
    calls = [Call(opening.digest, at("20:31"), "night deputy")]
    assert line.desks[ALBA].calls() == calls
    again = Desk(ALBA, (ALBA, BORA), RULES, line.receipts, DAY_AND_NIGHT)
    again.restore(line.desks[ALBA].rows(), at("23:00"))
    assert again.calls() == calls, "a restart begins to count nothing anew"


def test_what_was_overdue_before_it_came_calls_the_first_deputy_first() -> None:
    """An answer asked for by 1970 calls everybody in turn from its coming, not the whole rota in one second."""
    line = Line(rota=Rota((Step(300, "first"), Step(600, "second"))))
    line.say(BORA, "Q1", at("20:30"), {"statement": "All is well"}, options={Option.RESPOND_BY: 0})
    for clock, called in (("20:34:59", []), ("20:35", ["first"]), ("20:40", ["first", "second"])):
        line.wake(at(clock))
        assert [call.whom for call in line.desks[ALBA].calls()] == called


@pytest.mark.parametrize("claimed", [at("05:59:30"), at("20:30"), 2**32 - 1], ids=["morning", "true", "2106"])
def test_a_reply_that_makes_us_owe_something_calls_deputies_from_its_coming(claimed: int) -> None:
    """Who was not understood must say it again: since that reply came, not since the time that it claims."""
    line = Line(rota=DAY_AND_NIGHT)
    asked = line.say(ALBA, "N7", at("20:29"), N7)
    line.say(BORA, "NOT-UNDERSTOOD", claimed, {"detail": "which craft?"}, about=asked, arrived=at("20:30"))
    line.wake(at("20:31"))
    assert line.desks[ALBA].calls() == [Call(asked.digest, at("20:31"), "night deputy")]
