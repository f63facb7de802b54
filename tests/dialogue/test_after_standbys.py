"""What may still be said when no more patience may be asked for, and what is left when a draft has gone out."""

from openline.dialogue import Releases, State
from openline.dialogue.rules import WHO
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
