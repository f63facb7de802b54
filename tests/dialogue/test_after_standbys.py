"""What may still be said when no more patience may be asked for, and what is left when a draft has gone out."""

from openline.dialogue import Releases, State
from openline.dialogue.rules import WHO
from openline.dialogue.thread import STANDBY_HOLDS_S, STANDBY_MAX
from openline.wire.statement import Option, Precedence
from tests.dialogue.kit import ALBA, BORA, DUTY, RELEASER, Line, at
from tests.dialogue.test_release import DRAFTER, TEXT, seal


def test_after_two_standbys_an_answer_still_closes_and_is_not_taken_for_a_third() -> None:
    line = Line()
    asked = line.say(ALBA, "Q1", at("18:00"), {"statement": "The exercise ends today."})
    for number, until in enumerate(("19:00", "20:00"), 1):
        line.say(BORA, "STANDBY", at("18:00") + number, {"until": f"2017-12-09T{until}Z"}, about=asked)
    line.say(BORA, "YES", at("18:00") + 9, about=asked)
    assert line.state(asked) is State.CLOSED


def test_a_released_draft_leaves_the_disk_with_the_same_batch() -> None:
    releases = Releases()
    releases.begin(1, TEXT.data, TEXT.digest, DRAFTER, WHO["2"])
    releases.approve(1, TEXT.digest, seal(DUTY))
    releases.approve(1, TEXT.digest, seal(RELEASER))
    kept = {(table, key) for table, key, value in releases.rows() if value is not None}
    assert kept == {("draft", b"\0\0\0\1")}, "after an update it is found under the same key"
    releases.release(1)
    assert {(table, key) for table, key, value in releases.rows() if value is None} == kept


def test_an_approval_is_printed_without_its_signature() -> None:
    assert repr(seal(DUTY).signature) not in repr(seal(DUTY))
    assert repr(DUTY) in repr(seal(DUTY))


FAR = "2106-02-07T06:28Z"


def test_a_standby_until_a_far_year_holds_the_alarm_for_a_day() -> None:
    """And two of them for two days; then both ends hear that nobody has answered."""
    line = Line()
    asked = line.say(ALBA, "Q1", at("18:00"), {"statement": "x"}, precedence=Precedence.FLASH)
    line.say(BORA, "STANDBY", at("18:01"), {"until": FAR}, about=asked)
    owed = at("18:10") + STANDBY_HOLDS_S
    assert (line.state(asked, owed - 1), line.state(asked, owed)) == (State.STANDBY, State.OVERDUE)
    line.say(BORA, "STANDBY", at("18:02"), {"until": FAR}, about=asked)
    assert line.thread(asked).due == owed + STANDBY_HOLDS_S
    line.wake(owed + STANDBY_HOLDS_S)
    assert all(asked.digest in {alarm.digest for alarm in desk.alarms(line.utc)} for desk in line.desks.values())


def test_a_standby_signed_in_a_far_year_is_counted_from_when_the_answer_was_owed() -> None:
    """Its own time proves nothing of when it was said."""
    line = Line()
    asked = line.say(ALBA, "Q1", at("18:00"), {"statement": "x"}, precedence=Precedence.FLASH)
    for number in range(STANDBY_MAX):
        line.hear(line.writers[BORA].say("STANDBY", 2**32 - 100 + number, {"until": FAR}, about=asked), at("18:01"))
    owed = at("18:10") + STANDBY_MAX * STANDBY_HOLDS_S
    assert (line.state(asked, owed - 1), line.state(asked, owed)) == (State.STANDBY, State.OVERDUE)


def test_a_standby_holds_as_long_as_an_answer_may_take_and_from_when_it_was_said_if_that_is_later() -> None:
    """Of a kind with 48 hours for its answer two days more; said late, from then; a message's own far time stays."""
    line = Line()
    slow = line.say(ALBA, "S5", at("18:00"), body=None)
    line.say(BORA, "STANDBY", at("18:01"), {"until": "2018-01-09T18:00Z"}, about=slow)
    assert line.thread(slow).due == at("18:00") + 4 * 86_400
    late = line.say(ALBA, "Q1", at("18:00"), {"statement": "x"}, precedence=Precedence.FLASH)
    line.say(BORA, "STANDBY", at("18:00") + 5 * 86_400, {"until": FAR}, about=late)
    assert line.thread(late).due == at("18:00") + 6 * 86_400
    patient = line.say(
        ALBA, "Q1", at("18:00"), {"statement": "x"}, options={Option.RESPOND_BY: at("18:00") + 9 * 86_400}
    )
    line.say(BORA, "STANDBY", at("18:01"), {"until": "2017-12-19T06:00Z"}, about=patient)
    assert line.thread(patient).due == at("18:00") + 9 * 86_400 + 43_200
