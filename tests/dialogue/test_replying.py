"""The buttons an officer sees, who must sign, and what a form warns of before anything is sent."""

from __future__ import annotations

import pytest

from openline.catalogue.kinds import CATALOGUE, body_from_json
from openline.catalogue.kinds.values import Json
from openline.dialogue import NotAnAnswer, Said, UnknownMessage
from openline.dialogue.reading import event_time, moment
from openline.dialogue.rules import WHO
from openline.identifiers import PartyNumber
from openline.wire.statement import Option, Precedence, Statement
from tests.dialogue.kit import ALBA, BORA, TWO, Line, Writer, at
from tests.dialogue.test_answers import N7, N8, P8, RIGHT
from tests.dialogue.test_changes import K1, K3, N1
from tests.dialogue.test_crisis import C1

NOON = at("18:00")
Q1: dict[str, Json] = {"statement": "x"}


@pytest.fixture
def line() -> Line:
    return Line()


def buttons(line: Line, said: bytes) -> list[str]:
    return sorted(kind.code for kind in line.desks[BORA].allowed_replies(said, line.utc))


@pytest.mark.parametrize(
    ("code", "fields", "shown"),
    [
        ("N8", N8, ["CANNOT-SAY", "NO", "STANDBY", "YES"]),
        ("N7", N7, ["NOT-UNDERSTOOD", "STANDBY", "UNDERSTOOD"]),
        ("P8", P8, ["ACCEPT", "ACCEPT-WITH-RESERVATION", "DECLINE", "P2", "STANDBY", "TAKEN-TO-LEADERSHIP"]),
    ],
)
def test_the_buttons_are_exactly_the_replies_of_the_response_type(
    line: Line, code: str, fields: dict[str, Json], shown: list[str]
) -> None:
    said = line.say(ALBA, code, NOON, fields, by=TWO)
    assert buttons(line, said.digest) == shown
    assert line.desks[ALBA].allowed_replies(said.digest, line.utc) == ()


def test_an_answered_message_has_no_buttons_and_neither_has_a_text(line: Line) -> None:
    said = line.say(ALBA, "N7", NOON, N7)
    line.hear(line.writers[BORA].read_back(said, NOON + 10, RIGHT))
    assert buttons(line, said.digest) == []
    assert buttons(line, line.say(ALBA, "T1", NOON, {"text": "x"}).digest) == []


def test_spent_buttons_disappear(line: Line) -> None:
    asked = line.say(ALBA, "Q1", NOON, Q1)
    for until in ("19:00", "20:00"):
        assert "STANDBY" in buttons(line, asked.digest)
        line.say(BORA, "STANDBY", NOON + 1, {"until": f"2017-12-09T{until}Z"}, about=asked)
    assert "STANDBY" not in buttons(line, asked.digest)
    unclear = line.say(ALBA, "N7", NOON, N7)
    line.say(BORA, "NOT-UNDERSTOOD", NOON + 5, {"detail": "?"}, about=unclear)
    assert buttons(line, unclear.digest) == ["UNDERSTOOD"]
    offered = line.say(ALBA, "P8", NOON, P8, by=TWO)
    line.say(BORA, "TAKEN-TO-LEADERSHIP", NOON + 5, about=offered)
    assert "STANDBY" not in buttons(line, offered.digest)


def test_a_reply_that_does_not_fit_is_refused_with_those_that_do(line: Line) -> None:
    asked = line.say(ALBA, "Q1", NOON, Q1)
    desk = line.desks[BORA]
    with pytest.raises(NotAnAnswer) as raised:
        desk.check_reply(asked.digest, CATALOGUE.kind("UNDERSTOOD"), None, line.utc)
    assert raised.value.hint == "It takes one of: STANDBY, YES, NO, CANNOT-SAY."
    with pytest.raises(NotAnAnswer) as raised:
        line.desks[ALBA].check_reply(asked.digest, CATALOGUE.kind("YES"), None, line.utc)
    assert raised.value.hint == "Nothing is owed from us in this dialogue."
    with pytest.raises(UnknownMessage):
        desk.check_reply(b"?" * 32, CATALOGUE.kind("YES"), None, line.utc)


def test_standby_must_name_a_time_to_come(line: Line) -> None:
    asked = line.say(ALBA, "Q1", NOON, Q1)
    standby = CATALOGUE.kind("STANDBY")
    past, future = (body_from_json(standby, {"until": f"2017-12-09T{hour}:00Z"}) for hour in ("18", "19"))
    with pytest.raises(NotAnAnswer):
        line.desks[BORA].check_reply(asked.digest, standby, past, line.utc)
    assert line.desks[BORA].check_reply(asked.digest, standby, future, line.utc) == ()


def test_who_must_sign_depends_on_what_is_answered_and_receipts_are_always_possible(line: Line) -> None:
    seen = line.say(ALBA, "N8", NOON, N8)
    desk = line.desks[BORA]
    assert desk.check_reply(seen.digest, CATALOGUE.kind("YES"), None, line.utc) == WHO["2"]
    assert desk.check_reply(seen.digest, CATALOGUE.kind("CANNOT-SAY"), None, line.utc) == ()
    assert desk.check_reply(seen.digest, CATALOGUE.kind("ACKNOWLEDGED"), None, line.utc) == ()


# ---------------------------------------------------------------- changes and references


def changes(line: Line, party: PartyNumber, said: Said) -> list[str]:
    return [kind.code for kind in line.desks[party].allowed_changes(said.digest)]


def test_only_the_author_is_offered_changes_and_only_those_of_the_kind(line: Line) -> None:
    incident, launch = line.say(ALBA, "N7", NOON, N7), line.say(ALBA, "N1", NOON, N1, by=TWO)
    assert changes(line, ALBA, incident) == ["K1", "K2", "K4"]
    assert changes(line, ALBA, launch) == ["K1", "K3", "K4", "N2"]
    assert changes(line, BORA, launch) == []
    line.say(ALBA, "K3", NOON + 60, K3, about=launch, by=TWO)
    assert changes(line, ALBA, launch) == []
    correction = line.say(ALBA, "K1", NOON + 60, K1, about=incident)
    assert changes(line, ALBA, incident) == changes(line, ALBA, correction) == ["K1", "K2", "K4"]


def test_either_side_may_propose_another_interval_of_a_crisis(line: Line) -> None:
    opening = line.say(BORA, "C1", NOON, C1, by=TWO)
    assert changes(line, ALBA, opening) == ["K2"]
    assert changes(line, BORA, opening) == ["K1", "K2", "K4"]


def check(line: Line, code: str, about: Said | None) -> str:
    """What Alba's form says when this kind is to name that message; empty if nothing."""
    statement = Writer(ALBA).say(code, NOON, about=about).statement
    try:
        line.desks[ALBA].check_reference(statement)
    except NotAnAnswer as refused:
        return f"{refused.message} / {refused.hint}"
    return ""


def test_a_statement_names_what_it_may_be_about(line: Line) -> None:
    launch, question = line.say(ALBA, "N1", NOON, N1, by=TWO), line.say(BORA, "Q1", NOON, Q1)
    opening = line.say(BORA, "C1", NOON, C1, by=TWO)
    elsewhere = Writer(BORA, 2).say("Q1", NOON, Q1)
    assert check(line, "N2", None) == "N2 must name the message it is about / Give the message's id."
    assert check(line, "N2", question) == "N2 is not about Q1 / It may name: N1, N2."
    assert check(line, "N7", question) == "N7 is not about Q1 / It may name: N7 itself, to say it again."
    assert check(line, "K2", launch) == "K2 cannot change this N1 / We may change it by: K1, K3, K4, N2."
    assert check(line, "K4", question) == "K4 cannot change this Q1 / It is not ours to change, or holds no longer."
    for code, about in (
        ("N2", launch), ("N1", launch), ("K3", launch), ("K2", opening), ("C3", opening), ("Q1", launch), ("Q1", None),
        ("K4", elsewhere),
    ):  # fmt: skip
        assert check(line, code, about) == ""


# ---------------------------------------------------------------- warnings of a form


def concern(fields: dict[str, Json], when: int, *, options: dict[int, int] | None = None) -> Statement:
    kind = CATALOGUE.kind("S5")
    asked: dict[str, Json] = {"event": "planned launch", "basis": "our area", "explanation_wanted": ["will it move?"]}
    return Statement(
        charter=1, authored=when, kind=kind.number, officer=2, body=body_from_json(kind, asked | fields),
        precedence=Precedence.PRIORITY, options=options or {},
    )  # fmt: skip


def test_a_form_warns_when_the_answer_is_asked_for_after_the_event(line: Line) -> None:
    launch = line.say(ALBA, "N1", NOON, N1, by=TWO)
    when = at("18:40") - 86_400
    warning = line.desks[BORA].deadline_warning(concern({"events": [launch.ref.hex()]}, when))
    assert warning is not None
    assert (warning.event, warning.deadline) == (at("20:00"), when + 48 * 3_600)
    assert warning.late_s == 22 * 3_600 + 40 * 60
    in_time = concern({"events": [launch.ref.hex()]}, when, options={Option.RESPOND_BY: at("06:00")})
    assert line.desks[BORA].deadline_warning(in_time) is None


def test_a_form_without_an_event_or_after_it_warns_of_nothing(line: Line) -> None:
    launch = line.say(ALBA, "N1", NOON, N1, by=TWO)
    desk = line.desks[BORA]
    assert desk.deadline_warning(concern({}, NOON)) is None
    assert desk.deadline_warning(concern({"bases": ["ab" * 20]}, NOON)) is None
    assert desk.deadline_warning(concern({"events": [launch.ref.hex()]}, at("21:00"))) is None
    assert desk.deadline_warning(line.say(ALBA, "T1", NOON, {"text": "x"}).statement) is None


def test_the_event_may_be_in_the_message_itself_or_in_what_it_answers(line: Line) -> None:
    desk = line.desks[BORA]
    own = line.writers[BORA].say("N1", at("15:00"), N1, precedence=Precedence.ROUTINE)
    warning = desk.deadline_warning(own.statement)
    assert warning is not None
    assert warning.late_s == 3_600
    launch = line.say(ALBA, "N1", NOON, N1, by=TWO)
    question = line.writers[BORA].say("Q1", at("19:00"), {"statement": "x"}, about=launch)
    warning = desk.deadline_warning(question.statement)
    assert warning is not None
    assert warning.event == at("20:00")


def test_a_form_warns_of_an_answer_asked_for_after_the_days_that_it_offers(line: Line) -> None:
    offered = line.writers[BORA].say("P8", at("18:00"), P8, options={Option.RESPOND_BY: at("18:00") + 86_400})
    warning = line.desks[BORA].deadline_warning(offered.statement)
    assert warning is not None
    assert warning.event == at("00:00") + 86_400


@pytest.mark.parametrize(
    ("code", "name"), [("N1", "window"), ("N6", "period"), ("L4", "begins"), ("P8", "times"), ("N7", "time")]
)
def test_when_the_event_begins_stands_in_the_field_that_its_kind_has_for_it(code: str, name: str) -> None:
    kind = CATALOGUE.kind(code)
    body = body_from_json(kind, kind.example)
    assert name in kind.example
    assert event_time(kind, body) == moment(kind, body, name) is not None
