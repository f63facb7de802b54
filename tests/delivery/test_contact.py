"""One other station's presence: when it is asked, what counts as its answer, and what an old greeting may still say."""

from dataclasses import replace

import pytest

from openline.delivery.contact import Contact
from openline.identifiers import StationId
from openline.wire.payloads import Greeting, LogState

MINUTE, HOUR = 60_000, 3_600_000  # milliseconds
NOON = 1_790_000_000  # UTC seconds
OURS, THEIRS = b"question", b"of them!"
LOG = (StationId(257), 7)
GREETING = Greeting(THEIRS, OURS, NOON, bytes(32), 0, 0, bytes(4), ())


def holding(size: int, root: int = 1, station: int = 257) -> tuple[LogState, ...]:
    return (LogState(StationId(station), 7, size, bytes([root]) * 32),)


def asked(now_ms: int = 0) -> Contact:
    contact = Contact()
    contact.probed(OURS, {LOG: 5}, now_ms)
    return contact


def answered(now_ms: int = 100) -> Contact:
    contact = asked()
    contact.greeted(GREETING, b"payload", NOON, now_ms)
    return contact


# ---------------------------------------------------------------- when it is asked


def test_who_was_never_heard_of_is_asked_at_once_and_again_after_half_a_cadence() -> None:
    contact = Contact()
    assert contact.wants_proof(0, MINUTE)
    contact.probed(OURS, {}, 1_000)
    assert not contact.wants_proof(1_000 + 29_999, MINUTE)
    assert contact.wants_proof(1_000 + 30_000, MINUTE)


def test_who_has_answered_is_asked_again_after_half_a_cadence() -> None:
    contact = answered(100)
    assert not contact.wants_proof(100 + 29_999, MINUTE)
    assert contact.wants_proof(100 + 30_000, MINUTE)


@pytest.mark.parametrize(
    ("unanswered", "patience_s"), [(1, 30), (5, 30), (6, 60), (7, 120), (8, 240), (9, 480), (10, 600), (99, 600)]
)
def test_who_stays_silent_is_asked_less_and_less_often_up_to_ten_minutes(unanswered: int, patience_s: int) -> None:
    contact = Contact()
    for _ in range(unanswered):
        contact.probed(OURS, {}, 0)
    assert contact.unanswered == unanswered
    assert not contact.wants_proof(patience_s * 1_000 - 1, MINUTE)
    assert contact.wants_proof(patience_s * 1_000, MINUTE)


def test_on_a_slow_link_half_an_hour_is_patience_enough_however_silent_it_stays() -> None:
    contact = Contact()
    for _ in range(20):
        contact.probed(OURS, {}, 0)
    assert not contact.wants_proof(HOUR // 2 - 1, HOUR)
    assert contact.wants_proof(HOUR // 2, HOUR)


def test_who_has_not_answered_within_the_limit_is_silent() -> None:
    assert Contact().silent(0, MINUTE), "nothing was heard of it in this run"
    contact = answered(100)
    assert not contact.silent(100 + MINUTE - 1, MINUTE)
    assert contact.silent(100 + MINUTE, MINUTE)


# ---------------------------------------------------------------- what counts as its answer


def test_an_answer_to_our_question_says_that_it_is_alive_and_what_its_clock_shows() -> None:
    contact = asked(40)
    greeting = replace(GREETING, time=NOON + 90, watch=NOON - 5, documents=b"d" * 32)
    contact.greeted(greeting, b"payload", NOON, 100)
    assert (contact.alive_ms, contact.alive_utc, contact.heard_ms, contact.round_trip_ms) == (100, NOON, 100, 60)
    assert (contact.offset_s, contact.said_utc, contact.went_back_utc) == (90, NOON + 90, 0)
    assert (contact.watch, contact.documents, contact.proof) == (NOON - 5, b"d" * 32, b"payload")
    assert (contact.nonce, contact.unanswered, contact.told) == (bytes(8), 0, {LOG: 5})
    assert contact.to_answer == THEIRS


@pytest.mark.parametrize("answer", [bytes(8), b"another!"])
def test_a_greeting_that_answers_nothing_of_ours_proves_nothing(answer: bytes) -> None:
    contact = asked()
    contact.greeted(replace(GREETING, answered=answer, watch=NOON), b"payload", NOON, 100)
    assert (contact.heard_ms, contact.alive_ms, contact.proof, contact.watch) == (100, None, b"", 0)
    assert (contact.nonce, contact.told, contact.unanswered) == (OURS, {}, 1)
    assert contact.to_answer == THEIRS, "its own question is answered all the same"


def test_without_a_question_of_ours_no_greeting_answers_one() -> None:
    contact = Contact()
    contact.greeted(replace(GREETING, answered=bytes(8)), b"payload", NOON, 100)
    assert contact.alive_ms is None


def test_a_question_said_again_does_not_drown_the_newer_one() -> None:
    contact = asked()
    for nonce in (b"theirs 1", b"theirs 2", b"theirs 1", bytes(8)):
        contact.greeted(replace(GREETING, nonce=nonce, answered=bytes(8)), b"", NOON, 100)
    assert contact.to_answer == b"theirs 2"


def test_of_their_questions_the_last_128_are_remembered() -> None:
    contact = asked()
    for number in range(129):
        contact.greeted(replace(GREETING, nonce=number.to_bytes(8, "little"), answered=bytes(8)), b"", NOON, 100)
    assert len(contact.asked_of_us) == 128


@pytest.mark.parametrize(("back_s", "noticed"), [(0, False), (2, False), (3, True)])
def test_a_clock_that_goes_back_by_more_than_drift_is_noticed(back_s: int, noticed: bool) -> None:
    contact = answered()
    contact.probed(OURS, {}, 200)
    contact.greeted(replace(GREETING, time=NOON - back_s), b"payload", NOON + 60, 300)
    assert contact.went_back_utc == (NOON + 60 if noticed else 0)


# ---------------------------------------------------------------- what it holds


def test_what_an_answer_says_to_be_held_is_believed_even_if_it_is_less() -> None:
    contact = asked()
    contact.greeted(replace(GREETING, logs=holding(9)), b"payload", NOON, 100)
    contact.probed(OURS, {}, 200)
    contact.greeted(replace(GREETING, logs=holding(4, root=2)), b"payload", NOON, 300)
    assert contact.holds == {LOG: (4, bytes([2]) * 32)}


def test_of_an_old_greeting_only_more_is_believed() -> None:
    contact = asked()
    contact.greeted(replace(GREETING, logs=holding(9)), b"payload", NOON, 100)
    old = replace(GREETING, answered=b"another!")
    for size, root in ((4, 2), (9, 3)):
        contact.greeted(replace(old, logs=holding(size, root)), b"payload", NOON, 100)
    assert contact.holds == {LOG: (9, bytes([1]) * 32)}
    contact.greeted(replace(old, logs=holding(10, 4)), b"payload", NOON, 100)
    assert contact.holds == {LOG: (10, bytes([4]) * 32)}


def test_a_station_claims_1024_logs_and_no_more_and_those_go_on() -> None:
    contact = asked()
    for station in range(1, 1_026):
        contact.greeted(replace(GREETING, answered=b"another!", logs=holding(1, station=station)), b"", NOON, 100)
    assert len(contact.holds) == 1_024
    contact.greeted(replace(GREETING, answered=b"another!", logs=holding(2, station=1)), b"", NOON, 100)
    assert contact.holds[StationId(1), 7][0] == 2
