"""What a desk tells is whole: each event with its party, time and words, once, to whom it concerns and nobody else."""

from __future__ import annotations

import pytest

from openline.catalogue.kinds import CATALOGUE
from openline.catalogue.kinds.values import Json
from openline.charter import Role
from openline.dialogue import CrisisState, Desk, Event, EventKind, Releases, Said, Standing, State
from openline.dialogue import desk as desk_module
from openline.dialogue.book import SERIES_KEPT_MAX, Book
from openline.dialogue.replying import lacking_approvals
from openline.dialogue.rules import WHO
from openline.dialogue.said import decode_said, encode_said, said_key
from openline.errors import Misuse
from openline.identifiers import station_id
from openline.limits import OUTBOX_ENTRIES_MAX
from openline.wire.payloads import ReceiptState
from openline.wire.statement import Option, Precedence
from tests.dialogue.kit import ALBA, BORA, CENDRA, DELEGATED, DUTY, RULES, TWO, Line, Writer, at
from tests.dialogue.test_answers import N7, N8, RIGHT
from tests.dialogue.test_changes import K1, K4, UNIT
from tests.dialogue.test_crisis import C1, C3, OPENED, TYPED, opened, report, states, view

NOON = at("18:00")
Q1: dict[str, Json] = {"statement": "x"}


def told(line: Line, kind: EventKind) -> Event:
    """The one event of this kind; both desks tell the same."""
    ((at_alba,), (at_bora,)) = (line.told(party, kind) for party in (ALBA, BORA))
    assert at_alba == at_bora
    return at_alba


@pytest.fixture
def line() -> Line:
    return Line()


# ---------------------------------------------------------------- events


def test_a_message_that_asks_something_is_told_with_its_kind(line: Line) -> None:
    said = line.say(ALBA, "Q1", NOON, Q1)
    assert told(line, EventKind.OPENED) == Event(EventKind.OPENED, said.digest, ALBA, NOON, "Q1")


def test_officers_receipts_are_told_with_what_they_are_for(line: Line) -> None:
    said = line.say(ALBA, "N7", NOON, N7)
    receipt = line.say(BORA, "ACKNOWLEDGED", NOON + 10, about=said)
    passed = line.say(BORA, "PASSED-ON", NOON + 20, UNIT, about=said)
    for kind, each in ((EventKind.ACKNOWLEDGED, receipt), (EventKind.PASSED_ON, passed)):
        assert told(line, kind) == Event(kind, each.digest, BORA, each.statement.authored, "", said.digest)


def test_a_change_is_told_once_however_often_one_looks_again(line: Line) -> None:
    said = line.say(ALBA, "N7", NOON, N7)
    line.say(ALBA, "K4", NOON + 60, K4, about=said)
    line.say(BORA, "ACKNOWLEDGED", NOON + 70, about=said)
    line.wake(NOON + 7_200)
    assert [event.words for event in line.told(BORA, EventKind.STANDING)] == [Standing.RETRACTED]


def test_who_takes_a_retraction_back_has_said_what_he_said(line: Line) -> None:
    said = line.say(ALBA, "N7", NOON, N7)
    retraction = line.say(ALBA, "K4", NOON + 60, K4, about=said)
    line.say(ALBA, "K4", NOON + 70, K4, about=retraction)
    for party in (ALBA, BORA):
        told_of = [event.words for event in line.told(party, EventKind.STANDING) if event.digest == said.digest]
        assert told_of == ["RETRACTED", "CURRENT"]


def test_who_takes_that_back_too_has_retracted_it(line: Line) -> None:
    said = about = line.say(ALBA, "N7", NOON, N7)
    for number in range(3):
        about = line.say(ALBA, "K4", NOON + 60 + number, K4, about=about)
    assert {desk.standing(said.digest) for desk in line.desks.values()} == {Standing.RETRACTED}


def test_what_comes_after_its_time_is_told_as_overdue_at_once(line: Line) -> None:
    said = line.say(ALBA, "Q1", NOON, Q1, arrived=NOON + 30, options={Option.RESPOND_BY: NOON + 5})
    assert told(line, EventKind.STATE) == Event(EventKind.STATE, said.digest, BORA, NOON + 5, "PENDING → OVERDUE")


def test_each_step_of_a_crisis_is_told_with_what_it_was_and_is(line: Line) -> None:
    opening = opened(line)
    assert line.told(ALBA, EventKind.CRISIS) == [
        Event(EventKind.CRISIS, opening.digest, BORA, OPENED, f"{CrisisState.NONE} → {CrisisState.OPENED_BY_THEM}"),
        Event(
            EventKind.CRISIS, opening.digest, BORA, OPENED + 140,
            f"{CrisisState.OPENED_BY_THEM} → {CrisisState.JOINED}",
        ),
    ]  # fmt: skip


# ---------------------------------------------------------------- what counts for nothing


def test_why_a_reply_or_change_counts_for_nothing_is_said_in_words(line: Line) -> None:
    said = line.say(ALBA, "N7", NOON, N7)
    reply = line.say(BORA, "YES", NOON + 10, about=said)
    change = line.say(BORA, "K4", NOON + 20, K4, about=said)
    good = line.hear(line.writers[BORA].read_back(said, NOON + 30, RIGHT))
    for desk in line.desks.values():
        assert desk.counts_for_nothing(reply.digest, line.utc) == "YES is no answer to N7"
        assert desk.counts_for_nothing(change.digest, line.utc) == "only its author changes a message"
        assert desk.counts_for_nothing(good.digest, line.utc) == ""
        assert desk.counts_for_nothing(said.digest, line.utc) == ""


def test_a_change_that_counts_for_nothing_alarms_the_two_whom_it_concerns_and_nobody_else() -> None:
    line = Line((ALBA, BORA, CENDRA))
    said = line.say(ALBA, "N7", NOON, N7, options={Option.ACTION: [BORA]})
    line.say(ALBA, "K1", NOON + 60, K1, about=said, options={Option.ACTION: [BORA]})
    wrong: dict[str, Json] = {"changes": {"kind": "N7", "fields": {"state": "ended"}}}
    line.say(BORA, "K2", NOON + 70, wrong, about=said, options={Option.ACTION: [ALBA]})
    assert ["COUNTS FOR NOTHING" in alarm.words for alarm in line.desks[ALBA].alarms(line.utc)] == [True]
    assert line.desks[CENDRA].alarms(line.utc) == []


def test_of_two_who_are_asked_each_is_alarmed_about_its_own_silence_alone() -> None:
    line = Line((ALBA, BORA, CENDRA))
    line.say(ALBA, "N7", NOON, N7)
    line.wake(NOON + 300)
    alarmed = {party: [alarm.party for alarm in desk.alarms(line.utc)] for party, desk in line.desks.items()}
    assert alarmed == {ALBA: [BORA, CENDRA], BORA: [BORA], CENDRA: [CENDRA]}


def test_a_retraction_of_a_correction_of_what_is_not_held_takes_what_a_correction_takes(line: Line) -> None:
    elsewhere = Writer(ALBA, 2).say("N7", NOON, N7)
    correction = line.say(ALBA, "K1", NOON + 5, K1, about=elsewhere)
    retraction = line.writers[ALBA].say("K4", NOON + 9, K4, about=correction).statement
    assert lacking_approvals(line.desks[ALBA].book, retraction, (DUTY,)) == ""


def test_who_must_still_approve_a_reply_or_change_is_said_before_it_goes_out(line: Line) -> None:
    seen = line.say(ALBA, "N8", NOON, N8)
    book, writer = line.desks[BORA].book, Writer(BORA)
    yes = writer.say("YES", NOON + 5, about=seen).statement
    assert lacking_approvals(book, yes, (DUTY,)) == "duty officer and releaser"
    assert lacking_approvals(book, yes, TWO) == ""
    assert lacking_approvals(book, writer.say("ACKNOWLEDGED", NOON + 5, about=seen).statement, ()) == ""
    assert lacking_approvals(book, writer.say("Q1", NOON + 5, Q1, about=seen).statement, ()) == "", "no reply"
    elsewhere = Writer(ALBA, 2).say("N8", NOON, N8)
    assert lacking_approvals(book, writer.say("YES", NOON + 5, about=elsewhere).statement, ()) == "", "not held here"


# ---------------------------------------------------------------- one dialogue


def test_a_dialogue_that_nobody_contradicted_says_so(line: Line) -> None:
    asked = line.say(ALBA, "Q1", NOON, Q1)
    assert not line.thread(asked).contradicted
    line.say(BORA, "YES", NOON + 5, about=asked)
    assert not line.thread(asked).contradicted
    line.say(BORA, "NO", NOON + 6, about=asked)
    assert line.thread(asked).contradicted


def test_standby_after_an_answer_counts_for_nothing_and_takes_nothing_back(line: Line) -> None:
    asked = line.say(ALBA, "Q1", NOON, Q1)
    answer = line.say(BORA, "YES", NOON + 5, about=asked)
    line.say(BORA, "STANDBY", NOON + 6, {"until": "2017-12-09T19:00Z"}, about=asked)
    thread = line.thread(asked)
    assert (thread.state, thread.answer, len(thread.refused)) == (State.CLOSED, answer, 1)


def test_whoever_says_later_that_he_did_not_understand_has_not_answered(line: Line) -> None:
    said = line.say(ALBA, "N7", NOON, N7)
    line.hear(line.writers[BORA].read_back(said, NOON + 10, RIGHT))
    line.say(BORA, "NOT-UNDERSTOOD", NOON + 20, {"detail": "?"}, about=said)
    thread = line.thread(said)
    assert (thread.state, thread.answer) == (State.TO_BE_REPEATED, None)


def test_a_member_owes_no_answer_to_what_was_said_before_its_charter() -> None:
    desk = Desk(ALBA, (ALBA, BORA, CENDRA), RULES, joined={ALBA: 1, BORA: 1, CENDRA: 2})
    said = Writer(ALBA).say("Q1", NOON, Q1)
    desk.heard(said, NOON)
    assert [thread.party for thread in desk.threads(said.digest, NOON)] == [BORA]


def test_an_observer_owes_no_answer() -> None:
    desk = Desk(ALBA, (ALBA, BORA, CENDRA), RULES, roles={CENDRA: Role.OBSERVER})
    said = Writer(ALBA).say("Q1", NOON, Q1)
    desk.heard(said, NOON)
    assert [thread.party for thread in desk.threads(said.digest, NOON)] == [BORA]


# ---------------------------------------------------------------- crossing


def test_what_another_station_of_theirs_showed_the_writer_did_not_know() -> None:
    line = Line()
    news: dict[str, Json] = {
        "period": "2017-12-09T17:55Z/2017-12-09T18:00Z", "news": "nothing changed", "next_due": "2017-12-09T18:05Z",
    }  # fmt: skip
    shown = line.say(ALBA, "C2", NOON, news)
    line.receipts.give(shown, station_id(BORA, 2), ReceiptState.PRESENTED, NOON + 1)
    written = line.say(BORA, "Q1", NOON + 5, Q1)
    assert [each.digest for each in line.desks[ALBA].crossed(written.digest)] == [shown.digest]


def test_a_message_is_compared_with_the_eight_nearest_before_and_after_it() -> None:
    line = Line()
    theirs = [line.say(ALBA, "Q1", NOON + number, Q1) for number in range(40)]
    ours = line.say(BORA, "Q1", NOON + 20, Q1)
    found = {each.digest for each in line.desks[BORA].crossed(ours.digest)}
    assert found == {each.digest for each in theirs[12:28]}


# ---------------------------------------------------------------- crises


def test_what_is_said_in_an_open_crisis_belongs_to_its_situation(line: Line) -> None:
    opening = opened(line)
    closure = line.say(ALBA, "C3", OPENED + 200, C3, by=DELEGATED, options={Option.ACTION: [BORA]}, about=opening)
    line.wake(OPENED + 86_400)
    for desk in line.desks.values():
        alarms = desk.alarms(line.utc)
        assert closure.digest in {alarm.digest for alarm in alarms}
        assert {alarm.situation for alarm in alarms} == {opening.digest}


def test_a_proposal_to_close_what_is_closed_already_is_a_situation_of_its_own(line: Line) -> None:
    opening = opened(line)
    closure = line.say(ALBA, "C3", OPENED + 200, C3, by=DELEGATED, about=opening)
    line.say(BORA, "ACCEPT", OPENED + 260, about=closure, by=DELEGATED)
    again = line.say(ALBA, "C3", OPENED + 300, C3, by=DELEGATED, about=opening)
    line.wake(OPENED + 86_400)
    for desk in line.desks.values():
        assert [(alarm.digest, alarm.situation) for alarm in desk.alarms(line.utc)] == [(again.digest, again.digest)]


def test_reports_stand_in_for_the_check_of_the_line_once_two_are_in_the_crisis(line: Line) -> None:
    opening = opened(line, joined=False)
    assert not any(desk.crises.checks_suspended() for desk in line.desks.values())
    line.hear(line.writers[ALBA].read_back(opening, OPENED + 140, TYPED, code="JOINED", by=TWO))
    assert all(desk.crises.checks_suspended() for desk in line.desks.values())


def test_a_correction_of_an_opening_that_nobody_joined_does_not_end_it(line: Line) -> None:
    opening = opened(line, joined=False)
    data: dict[str, Json] = {"wrong_fields": ["C1.reason"], "data": {"kind": "C1", "fields": C1 | {"reason": "other"}}}
    line.say(BORA, "K1", OPENED + 30, data, about=opening, by=TWO)
    assert states(line) == {ALBA: CrisisState.OPENED_BY_THEM, BORA: CrisisState.OPENED_BY_US}


def test_a_correction_with_the_data_of_another_kind_moves_no_clock(line: Line) -> None:
    opening = opened(line)
    before = view(line, opening).crisis.schedule
    data: dict[str, Json] = {"wrong_fields": ["N7.time"], "data": {"kind": "N7", "fields": N7}}
    line.say(BORA, "K1", OPENED + 150, data, about=opening, by=TWO)
    assert view(line, opening).crisis.schedule == before


def test_sixteen_crises_that_one_party_opened_are_followed(line: Line) -> None:
    for number in range(17):
        line.say(BORA, "C1", OPENED + number, C1, by=TWO)
    assert len(line.desks[ALBA].crises.openings()) == 16


def test_a_crisis_that_is_closed_is_not_closed_again_later(line: Line) -> None:
    opening = opened(line)
    for minutes in (10, 20):
        closure = line.say(ALBA, "C3", OPENED + 60 * minutes, C3, by=DELEGATED, about=opening)
        line.say(BORA, "ACCEPT", OPENED + 60 * minutes + 5, about=closure, by=DELEGATED)
    assert view(line, opening).crisis.closed == OPENED + 605


def test_a_report_that_counts_for_nothing_does_not_hide_the_next(line: Line) -> None:
    opening = opened(line)
    line.say(ALBA, "C2", at("18:37"), body={2: 0})
    good = line.say(ALBA, "C2", at("18:38"), report("18:38"))
    assert [(each.said, each.late_s) for each in view(line, opening).reports.values()] == [(good, 0)]


# ---------------------------------------------------------------- limits and restarts


def test_a_key_that_is_no_place_is_refused_as_a_damaged_row() -> None:
    said = Writer(ALBA).say("Q1", NOON, Q1)
    with pytest.raises(Misuse):
        decode_said(said_key(said)[:-1], encode_said(said))


def test_after_a_restart_everything_due_is_due_still(line: Line) -> None:
    for number in range(3):
        line.say(ALBA, "Q1", NOON + number, Q1)
    desk = line.desks[BORA]
    again = Desk(BORA, (ALBA, BORA), RULES, line.receipts)
    again.restore(desk.rows(), line.utc)
    assert len(again.due()) == 3
    assert again.due() == desk.due()


def test_every_reply_change_and_word_of_a_crisis_is_kept_at_the_desk() -> None:
    """Where a dialogue or a crisis stands is computed from these; of texts the desk only knows the status."""
    needed = [rule for rule in RULES.table.values() if rule.is_reply or rule.is_change or rule.kind.group == "crisis"]
    assert len(needed) > 30
    assert [rule.code for rule in needed if not rule.watched] == []
    assert {rule.code for rule in RULES.table.values() if not rule.watched} == {"T1", "P9"}


def test_a_row_that_is_no_more_is_passed_over_and_not_those_after_it(line: Line) -> None:
    line.say(ALBA, "Q1", NOON, Q1)
    again = Desk(BORA, (ALBA, BORA), RULES, line.receipts)
    again.restore([("said", b"forgotten", None), *line.desks[BORA].rows()], line.utc)
    assert again.due() == line.desks[BORA].due()


def test_a_desk_holds_twice_a_full_outbox() -> None:
    assert desk_module.STATEMENTS_MAX == 2 * OUTBOX_ENTRIES_MAX


@pytest.mark.parametrize("code", ["L3", "P4"])
def test_the_next_list_or_draft_takes_the_place_of_the_last_without_naming_it(line: Line, code: str) -> None:
    first, last = (line.say(ALBA, code, NOON + number, CATALOGUE.kind(code).example) for number in range(2))
    desk = line.desks[BORA]
    assert [desk.standing(each.digest) for each in (first, last)] == [Standing.REPLACED, Standing.CURRENT]


def test_of_a_series_the_last_sixteen_are_held() -> None:
    book, writer = Book(RULES), Writer(ALBA)
    lists = [writer.say("L3", NOON + number) for number in range(17)]
    for each in lists:
        book.add(each)
    assert book.series(lists[-1]) == lists[1:]
    assert SERIES_KEPT_MAX == 16


def test_the_clock_is_in_order_after_it_was_rebuilt(monkeypatch: pytest.MonkeyPatch) -> None:
    """The latest comes first, and each that follows is due sooner."""
    monkeypatch.setattr(desk_module, "STATEMENTS_MAX", 0)
    desk = Desk(BORA, (ALBA, BORA), RULES)
    monkeypatch.setattr(Desk, "_make_room", lambda _desk, _utc: [])
    writer = Writer(ALBA)
    said: list[Said] = []
    for precedence in (Precedence.ROUTINE, Precedence.PRIORITY, Precedence.IMMEDIATE, Precedence.FLASH):
        said.append(writer.say("Q1", NOON, Q1, precedence=precedence))
        desk.heard(said[-1], NOON)
        desk.heard(Writer(BORA, seq=len(said)).say("ACKNOWLEDGED", NOON + 1, about=said[-1]), NOON + 1)
    assert desk._clock[0] == min(desk._clock)
    assert desk.next_wake(NOON + 1) == desk._wake[said[-1].ref]


def test_the_clock_forgets_the_times_of_what_has_been_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_module, "STATEMENTS_MAX", 2)
    monkeypatch.setattr(Desk, "_make_room", lambda _desk, _utc: [])
    desk, writer = Desk(BORA, (ALBA, BORA), RULES), Writer(BORA)
    for number in range(20):
        asked = Writer(ALBA, seq=number).say("Q1", NOON, Q1)
        desk.heard(asked, NOON)
        desk.heard(writer.say("YES", NOON + 1, about=asked), NOON + 1)
        assert len(desk._clock) <= 4
    assert desk.next_wake(NOON + 1) is None


def test_rows_stay_in_the_tables_in_which_stations_have_kept_them(line: Line) -> None:
    """Under another name a station would start without them after an update."""
    asked = line.say(ALBA, "Q1", NOON, Q1, options={Option.RESPOND_BY: NOON + 60})
    line.wake(NOON + 60)
    desk = line.desks[BORA]
    (alarm,) = desk.alarms(line.utc)
    desk.remind(asked.digest, NOON + 90)
    desk.silence(alarm)
    desk.follow_up(asked.digest, 0, asked.digest)
    desk.local.attend(asked.digest)
    assert {table for table, _, _ in desk.rows()} == {"said", "reminder", "silenced", "followed-up", "attended"}
    releases = Releases()
    releases.begin(1, asked.data, asked.digest, DUTY.officer, WHO["2"])
    releases.drop(1)
    assert [table for table, _, _ in releases.rows()] == ["draft", "draft-over"]


def test_a_reply_that_leaves_memory_takes_no_question_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    line = Line()
    asked = line.say(ALBA, "Q1", NOON, Q1)
    reply = line.say(BORA, "YES", NOON - 1, about=asked)
    theirs = line.say(BORA, "Q1", NOON + 5, Q1)
    desk = line.desks[ALBA]
    desk._let_go(reply)
    assert [each.digest for each in desk.crossed(line.say(ALBA, "Q1", NOON + 6, Q1).digest)] == [theirs.digest]


def test_what_has_ended_and_leaves_memory_leaves_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_module, "STATEMENTS_MAX", 20)
    line = Line()
    for number in range(10):
        asked = line.say(ALBA, "Q1", NOON + number, Q1)
        line.say(BORA, "YES", NOON + number, about=asked)
    desk = line.desks[BORA]
    desk.rows()
    line.say(ALBA, "Q1", NOON + 21, Q1)
    assert len([key for _, key, value in desk.rows() if value is None]) == 4


def test_drafts_come_back_by_their_digest_and_rows_of_others_are_passed_over() -> None:
    releases, said = Releases(), Writer(ALBA).say("T1", NOON, {"text": "x"})
    draft = releases.begin(1, said.data, said.digest, DUTY.officer, WHO["2"])
    again = Releases()
    again.restore([*releases.rows(), ("elsewhere", bytes(4), b"row")])
    assert again.of(said.digest) == draft
    assert again.rows() == []
    again.begin(2, said.data, type(said.digest)(bytes(4)), DUTY.officer, WHO["2"])
