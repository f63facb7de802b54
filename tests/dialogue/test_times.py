"""Clocks: who owes what by when, what is late, what expires, what was promised; the same at both ends."""

from __future__ import annotations

import pytest

from openline.catalogue.kinds import CATALOGUE
from openline.catalogue.kinds.values import Json
from openline.charter import Rules as CharterRules
from openline.dialogue import Desk, EventKind, LateByOneKey, Rota, Rules, State, Step
from openline.dialogue.dialogues import promise
from openline.dialogue.said import Said
from openline.identifiers import Digest, PartyNumber
from openline.wire.cbor import Value
from openline.wire.statement import Option, Precedence
from tests.dialogue.kit import ALBA, BORA, DELEGATED, RULES, TWO, Line, Writer, at
from tests.dialogue.test_both_ends import ASKED
from tests.dialogue.test_crisis import C1

Q1: dict[str, Json] = {"statement": "The exercise ends on Friday"}
N7: dict[str, Json] = {
    "type": "collision", "time": "2017-12-09T18:00Z", "place": "38.62N 129.75E", "next_update_by": "2017-12-09T18:30Z",
}  # fmt: skip
P8: dict[str, Json] = {
    "level": "vice ministers", "channel": "in person", "times": "2017-12-10/11", "agenda": ["talks"],
}  # fmt: skip
NOON = at("18:00")


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.mark.parametrize(
    ("precedence", "seconds"),
    list(zip(reversed(Precedence), (600, 1_800, 10_800, 21_600), strict=True)),
)
def test_an_answer_is_owed_by_precedence(line: Line, precedence: Precedence, seconds: int) -> None:
    asked = line.say(ALBA, "Q1", NOON, Q1, precedence=precedence)
    assert line.thread(asked).due == NOON + seconds


def test_the_kinds_limit_beats_the_precedences_and_the_messages_own_beats_both(line: Line) -> None:
    n7 = line.say(ALBA, "N7", NOON, N7, precedence=Precedence.FLASH)
    assert line.thread(n7).due == NOON + 300
    soon = line.say(ALBA, "N7", NOON, N7, options={Option.RESPOND_BY: NOON + 60})
    assert line.thread(soon).due == NOON + 60


def test_the_charters_deadlines_and_times_go_before_the_catalogues() -> None:
    number = CATALOGUE.kind("N7").number
    rules = Rules(CATALOGUE, CharterRules(deadlines=((number, 120),)))
    line = Line(rules=rules)
    assert line.thread(line.say(ALBA, "N7", NOON, N7)).due == NOON + 120


def test_silence_is_overdue_at_both_ends_at_the_same_second(line: Line) -> None:
    asked = line.say(ALBA, "N7", NOON, N7)
    line.wake(NOON + 299)
    assert line.state(asked) is State.OPEN
    assert line.desks[ALBA].next_wake(line.utc) == NOON + 300
    line.wake(NOON + 300)
    assert line.state(asked) is State.OVERDUE
    for party, desk in line.desks.items():
        words = [alarm.words for alarm in desk.alarms(line.utc)]
        assert words == ["OVERDUE: the time has passed without an answer; silence is no answer"]
        assert [alarm.ours for alarm in desk.alarms(line.utc)] == [party == BORA]
        (moved,) = line.told(party, EventKind.STATE)
        assert (moved.words, moved.at) == ("OPEN → OVERDUE", NOON + 300)


def test_an_answer_in_the_last_second_is_in_time_and_one_after_it_is_late(line: Line) -> None:
    last: dict[int, Value] = {Option.RESPOND_BY: NOON + 60}
    in_time, just_late, late = (line.say(ALBA, "Q1", NOON, Q1, options=last) for _ in range(3))
    line.say(BORA, "YES", NOON + 60, about=in_time)
    line.say(BORA, "YES", NOON + 61, about=just_late)
    line.say(BORA, "YES", NOON + 440, about=late)
    assert [line.thread(each).late_s for each in (in_time, just_late, late)] == [0, 1, 380]
    assert [event.words for event in line.told(ALBA, EventKind.STATE)][-1] == "OPEN → CLOSED, LATE by 380 s"


def test_nobody_has_acknowledged_is_an_alarm_before_the_answer_is_overdue(line: Line) -> None:
    asked = line.say(ALBA, "Q1", NOON, Q1, precedence=Precedence.FLASH)
    line.wake(NOON + 179)
    assert line.desks[ALBA].alarms(line.utc) == []
    line.wake(NOON + 180)
    for desk in line.desks.values():
        (alarm,) = desk.alarms(line.utc)
        assert (alarm.words[:16], alarm.since) == ("NOT ACKNOWLEDGED", NOON + 180)
    line.say(BORA, "ACKNOWLEDGED", NOON + 200, about=asked)
    assert line.desks[BORA].alarms(line.utc) == []


def test_a_proposal_expires_and_that_is_no_refusal(line: Line) -> None:
    asked = line.say(ALBA, "P8", NOON, P8, by=TWO, options={Option.VALIDITY: [None, NOON + 3_600]})
    line.say(BORA, "TAKEN-TO-LEADERSHIP", NOON + 60, about=asked)
    line.wake(NOON + 3_599)
    assert line.state(asked) is State.WITH_LEADERSHIP
    assert line.desks[ALBA].next_wake(line.utc) == NOON + 3_600
    line.wake(NOON + 3_600)
    assert line.state(asked) is State.EXPIRED
    line.say(BORA, "ACCEPT", NOON + 3_700, about=asked, by=DELEGATED)
    assert line.state(asked) is State.EXPIRED


def test_a_proposal_may_say_in_its_own_words_until_when_it_holds(line: Line) -> None:
    act: Json = {"who": "both watches", "act": "staff line", "negation": "would", "when": "2018-01-01T00:00Z/.."}
    fields: dict[str, Json] = {"acts": [act], "expiry": "2017-12-09T18:30Z"}
    asked = line.say(ALBA, "P1", NOON, fields, by=DELEGATED)
    line.wake(NOON + 1_799)
    assert line.state(asked) is State.OPEN
    line.wake(NOON + 1_800)
    assert line.state(asked) is State.EXPIRED


def test_a_notice_never_expires_unanswered(line: Line) -> None:
    asked = line.say(ALBA, "N7", NOON, N7, options={Option.VALIDITY: [None, NOON + 100]})
    line.wake(NOON + 400)
    assert line.state(asked) is State.OVERDUE


def test_a_promised_update_has_a_clock_until_the_next_word(line: Line) -> None:
    asked = line.say(ALBA, "N7", NOON, N7)
    line.hear(line.writers[BORA].read_back(asked, NOON + 60, {"time": "18:00Z", "place": "38.62N 129.75E"}))
    line.wake(at("18:30"))
    for party, desk in line.desks.items():
        (alarm,) = desk.alarms(line.utc)
        assert (alarm.words, alarm.ours, alarm.since) == ("PROMISED UPDATE OVERDUE", party == ALBA, at("18:30"))
    again: dict[str, Json] = {"changes": {"kind": "N7", "fields": {"next_update_by": "2017-12-09T19:00Z"}}}
    line.say(ALBA, "K2", at("18:31"), again, about=asked)
    assert promise(line.desks[BORA].book, asked) == at("19:00")
    assert line.desks[ALBA].alarms(line.utc) == []
    other: dict[str, Json] = {"changes": {"kind": "N8", "fields": {"effect": "none"}}}
    line.say(ALBA, "K2", at("18:32"), other, about=asked)
    assert promise(line.desks[BORA].book, asked) == at("19:00")
    line.say(ALBA, "K4", at("18:33"), {"cause": "drill text"}, about=asked)
    assert promise(line.desks[BORA].book, asked) is None


def test_a_promise_that_is_broken_when_it_comes_is_an_alarm_at_once(line: Line) -> None:
    last: dict[int, Value] = {Option.RESPOND_BY: at("19:00")}
    line.say(ALBA, "N7", NOON, N7, arrived=at("18:31"), precedence=Precedence.ROUTINE, options=last)
    assert [event.words for event in line.told(BORA, EventKind.ALARM)] == ["PROMISED UPDATE OVERDUE"]


def test_a_correction_may_renew_or_end_the_promise(line: Line) -> None:
    asked = line.say(ALBA, "N7", NOON, N7)
    data: dict[str, Json] = {"type": "collision", "time": "2017-12-09T18:00Z"}
    fields: dict[str, Json] = {"wrong_fields": ["N7.place"], "data": {"kind": "N7", "fields": data}}
    line.say(ALBA, "K1", NOON + 60, fields, about=asked)
    assert promise(line.desks[BORA].book, asked) is None


def test_what_arrives_late_says_so_and_is_not_acted_on_by_one_key(line: Line) -> None:
    desk, yes = line.desks[BORA], CATALOGUE.kind("YES")
    fresh = line.say(ALBA, "Q1", NOON, Q1, precedence=Precedence.FLASH, arrived=NOON + 60)
    assert desk.late_by(fresh.digest) == 0
    desk.check_reply(fresh.digest, yes, None, line.utc)
    stale = line.say(ALBA, "Q1", NOON, Q1, precedence=Precedence.FLASH, arrived=NOON + 100)
    assert desk.late_by(stale.digest) == 40
    assert [event.words for event in line.told(BORA, EventKind.LATE)] == ["LATE by 40 s"]
    assert line.told(ALBA, EventKind.LATE) == []
    with pytest.raises(LateByOneKey) as raised:
        desk.check_reply(stale.digest, yes, None, line.utc)
    assert raised.value.facts == {"late_s": 40}
    assert desk.check_reply(stale.digest, yes, None, line.utc, deliberate=True) == ()
    assert desk.check_reply(stale.digest, CATALOGUE.kind("NO"), None, line.utc) == ()


@pytest.mark.parametrize(
    ("code", "fields", "reply"),
    [
        ("N7", N7, "UNDERSTOOD"), ("C1", C1, "JOINED"), ("Q1", Q1, "YES"), ("P8", P8, "ACCEPT"),
        ("P8", P8, "ACCEPT-WITH-RESERVATION"), ("Q4", ASKED["Q4"], "WILL-DO"),
    ],
)  # fmt: skip
def test_nobody_agrees_by_one_key_to_what_came_late(line: Line, code: str, fields: dict[str, Json], reply: str) -> None:
    stale = line.say(ALBA, code, NOON, fields, by=TWO, precedence=Precedence.FLASH, arrived=NOON + 100)
    with pytest.raises(LateByOneKey):
        line.desks[BORA].check_reply(stale.digest, CATALOGUE.kind(reply), None, line.utc)


def test_what_arrives_after_its_own_time_is_late_however_slow_its_precedence(line: Line) -> None:
    validity = line.say(ALBA, "S1", NOON, body={1: []}, arrived=NOON + 30, options={Option.VALIDITY: [None, NOON + 10]})
    answer = line.say(ALBA, "Q1", NOON, Q1, arrived=NOON + 30, options={Option.RESPOND_BY: NOON + 5})
    assert [line.desks[BORA].late_by(said.digest) for said in (validity, answer)] == [20, 25]
    assert line.state(answer) is State.OVERDUE
    assert [alarm.digest for alarm in line.desks[BORA].alarms(line.utc)] == [answer.digest]


def reminders(line: Line, party: PartyNumber) -> list[Digest]:
    return [alarm.digest for alarm in line.desks[party].alarms(line.utc) if alarm.words.startswith("REMINDER")]


def with_leadership(line: Line) -> Said:
    asked = line.say(ALBA, "P8", NOON, P8, by=TWO)
    line.say(BORA, "TAKEN-TO-LEADERSHIP", NOON + 60, about=asked)
    line.desks[ALBA].remind(asked.digest, NOON + 7_200)
    return asked


def test_the_askers_own_reminder_is_told_once_and_stays_an_alarm_here_until_it_is_moved(line: Line) -> None:
    asked, desk = with_leadership(line), line.desks[ALBA]
    assert (desk.next_wake(line.utc), desk.reminder(asked.digest)) == (NOON + 7_200, NOON + 7_200)
    line.wake(NOON + 7_199)
    assert (line.told(ALBA, EventKind.REMINDER), reminders(line, ALBA)) == ([], [])
    line.wake(NOON + 7_200)
    line.wake(NOON + 7_300)
    assert [event.digest for event in line.told(ALBA, EventKind.REMINDER)] == [asked.digest]
    assert reminders(line, ALBA) == [asked.digest]
    assert (line.told(BORA, EventKind.REMINDER), reminders(line, BORA)) == ([], [])
    desk.remind(asked.digest, NOON + 9_000)
    assert reminders(line, ALBA) == []
    assert desk.next_wake(line.utc) == NOON + 9_000
    desk.remind(asked.digest, 0)
    assert (desk.next_wake(line.utc), desk.reminder(asked.digest)) == (None, None)


def test_a_reminder_of_what_has_been_answered_reminds_of_nothing(line: Line) -> None:
    asked, desk = with_leadership(line), line.desks[ALBA]
    line.say(BORA, "ACCEPT", NOON + 120, about=asked, by=DELEGATED)
    line.wake(NOON + 7_200)
    assert line.told(ALBA, EventKind.REMINDER) == []
    assert (reminders(line, ALBA), desk.reminder(asked.digest), desk.next_wake(line.utc)) == ([], None, None)


def test_an_answer_ends_the_alarm_of_a_reminder(line: Line) -> None:
    asked = with_leadership(line)
    line.wake(NOON + 7_200)
    assert reminders(line, ALBA) == [asked.digest]
    line.say(BORA, "ACCEPT", NOON + 7_260, about=asked, by=DELEGATED)
    assert reminders(line, ALBA) == []


def test_what_is_due_is_listed_earliest_first(line: Line) -> None:
    slow = line.say(ALBA, "Q1", NOON, Q1)
    fast = line.say(BORA, "Q1", NOON, Q1, precedence=Precedence.FLASH)
    for desk in line.desks.values():
        assert [said.digest for said, _ in desk.due()] == [fast.digest, slow.digest]


def test_deputies_are_called_down_the_rota_until_somebody_attends(line: Line) -> None:
    rota = Rota((Step(0, "deputy 1"), Step(120, "deputy 2"), Step(300, "head of the watch")))
    desk = Desk(BORA, (ALBA, BORA), RULES, rota=rota)
    check: dict[str, Json] = {"check": 1, "nonce": "0011223344556677", "glyphs": "한", "utc_offset": "+08:30"}
    asked = Writer(ALBA).say("L1", NOON, check)
    desk.heard(asked, NOON)
    assert desk.next_wake(NOON) == NOON + 300
    called = [event.words for event in desk.wake(NOON + 300) if event.kind is EventKind.CALL]
    assert called == ["deputy 1"]
    assert desk.next_wake(NOON + 300) == NOON + 420
    assert [event.words for event in desk.wake(NOON + 420) if event.kind is EventKind.CALL] == ["deputy 2"]
    desk.attend(asked.digest)
    desk.attend(b"another situation")
    assert [event for event in desk.wake(NOON + 900) if event.kind is EventKind.CALL] == []
    assert desk.next_wake(NOON + 900) == NOON + 10_800


def test_a_silenced_alarm_calls_nobody_and_sounds_again_when_its_words_change() -> None:
    desk = Desk(BORA, (ALBA, BORA), RULES, rota=Rota((Step(60, "deputy 1"),)))
    writers = {party: Writer(party) for party in (ALBA, BORA)}
    asked = writers[ALBA].say("N7", NOON, N7)
    desk.heard(asked, NOON)
    desk.heard(writers[BORA].read_back(asked, NOON + 10, {"time": "18:01Z", "place": "38.62N 129.75E"}), NOON + 10)
    (alarm,) = desk.alarms(NOON + 10)
    desk.silence(alarm)
    assert desk.alarms(NOON + 10) == []
    assert [event for event in desk.wake(NOON + 299) if event.kind is EventKind.CALL] == []
    desk.wake(NOON + 300)
    assert [alarm.words for alarm in desk.alarms(NOON + 300)] == ["OVERDUE: read back wrong: time"]


P1: dict[str, Json] = {
    "acts": [{"who": "alba", "act": "staff_line", "negation": "would"}], "expiry": "2017-12-09T19:00Z",
}  # fmt: skip


def corrected(fields: dict[str, Json], kind: str = "P1") -> dict[str, Json]:
    """A K1 that gives a message's fields again."""
    return {"wrong_fields": [f"{kind}.{next(iter(fields))}"], "data": {"kind": kind, "fields": fields}}


@pytest.mark.parametrize(
    ("again", "options", "expiry"),
    [
        (P1, {}, at("19:00")),
        (P1 | {"expiry": "2017-12-09T20:00Z"}, {}, at("20:00")),
        (P1, {Option.VALIDITY: [None, at("18:40")]}, at("18:40")),
        (P1, {Option.VALIDITY: [at("18:40"), None]}, at("19:00")),
    ],
)
def test_a_corrected_proposal_expires_as_its_correction_says(
    line: Line, again: dict[str, Json], options: dict[int, Value], expiry: int
) -> None:
    """An acceptance at eleven at night of what ended at seven closes nothing."""
    proposed = line.say(ALBA, "P1", NOON, P1, by=DELEGATED)
    correction = line.say(ALBA, "K1", NOON + 60, corrected(again), about=proposed, by=DELEGATED, options=options)
    assert (line.state(correction), line.thread(correction).expiry) == (State.OPEN, expiry)
    line.wake(expiry)
    assert line.state(correction) is State.EXPIRED
    line.say(BORA, "ACCEPT", at("23:00"), about=correction, by=DELEGATED)
    assert line.state(correction) is State.EXPIRED


def test_a_correction_without_times_of_its_own_keeps_the_validity_of_what_it_corrects(line: Line) -> None:
    """One that gives another kind's fields says nothing of when the proposal ends."""
    until: dict[int, Value] = {Option.VALIDITY: [None, at("18:40")]}
    proposed = line.say(ALBA, "P1", NOON, P1, by=DELEGATED, options=until)
    correction = line.say(ALBA, "K1", NOON + 60, corrected(P1), about=proposed, by=DELEGATED)
    assert line.thread(correction).expiry == at("18:40")
    other = line.say(ALBA, "P1", NOON, P1, by=DELEGATED)
    strange = line.say(ALBA, "K1", NOON + 60, corrected(N7, "N7"), about=other, by=DELEGATED)
    assert line.thread(strange).expiry is None


def test_a_reply_signed_years_ahead_ends_no_proposal_before_its_time(line: Line) -> None:
    """It counts for nothing; what is said in time after it still counts, also when the proposal's time has passed."""
    proposed = line.say(ALBA, "P1", NOON, P1, by=DELEGATED)
    line.hear(line.writers[BORA].say("TAKEN-TO-LEADERSHIP", 2**32 - 1, about=proposed), NOON + 60)
    assert line.state(proposed) is State.OPEN
    line.say(BORA, "ACCEPT", NOON + 120, about=proposed, by=DELEGATED)
    assert line.state(proposed) is State.CLOSED
    assert line.state(proposed, at("19:01")) is State.CLOSED
    assert line.state(proposed, 2**32 - 1) is State.CLOSED


def test_a_reply_signed_years_ahead_leaves_a_proposal_to_expire_at_its_own_time(line: Line) -> None:
    """And until then its answer is owed by the clock that both ends know."""
    proposed = line.say(ALBA, "P1", NOON, P1, by=DELEGATED, precedence=Precedence.FLASH)
    line.hear(line.writers[BORA].say("ACCEPT", 2**32 - 1, about=proposed, by=DELEGATED), NOON + 60)
    states = [line.state(proposed, utc) for utc in (NOON + 599, NOON + 600, at("18:59"), at("19:00"))]
    assert states == [State.OPEN, State.OVERDUE, State.OVERDUE, State.EXPIRED]
