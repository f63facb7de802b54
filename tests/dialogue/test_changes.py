"""The five ways to change a sent message, never merged; and whoever was told must be told."""

from __future__ import annotations

import pytest

from openline.catalogue.kinds.values import Json
from openline.dialogue import EventKind, Said, Standing, State
from openline.dialogue.book import CHAIN_MAX, NAMING_MAX, Book
from openline.identifiers import PartyNumber
from tests.dialogue.kit import ALBA, BORA, DELEGATED, RULES, TWO, Line, Writer, at
from tests.dialogue.test_answers import N7, N8, RIGHT

N1: dict[str, Json] = {
    "class": "space launch vehicle", "count": 1, "site": "WITHHELD", "window": "2017-12-09 20:00Z/2017-12-10 02:00Z",
    "azimuth": "100°", "impact_areas": "circle 39.30N 133.70E radius 40 km", "purpose": "space", "notices": "UNKNOWN",
}  # fmt: skip
S3: dict[str, Json] = {
    "actor": "alba", "act": "hold exercise", "negation": "will", "period": "2017-12-10T00:00Z/2017-12-11T00:00Z",
}  # fmt: skip
K1: dict[str, Json] = {
    "wrong_fields": ["N7.time"], "data": {"kind": "N7", "fields": N7 | {"time": "2017-12-09T18:25Z"}},
}  # fmt: skip
K2: dict[str, Json] = {"changes": {"kind": "N7", "fields": {"state": "ended", "armed": "UNKNOWN"}}}
K3: dict[str, Json] = {"reason": "weather"}
K4: dict[str, Json] = {"cause": "drill text"}
K5: dict[str, Json] = {"notice_ends": "2017-12-10T00:00Z"}
UNIT: dict[str, Json] = {"unit": "coast guard", "means": "telephone", "time": "2017-12-09T18:00Z", "officer": 2}
NOON = at("18:00")


@pytest.fixture
def line() -> Line:
    return Line()


def standing(line: Line, said: Said) -> Standing:
    """How a message stands; both desks must say the same."""
    found = {desk.standing(said.digest) for desk in line.desks.values()}
    assert len(found) == 1
    return found.pop()


def to_tell(line: Line, party: PartyNumber) -> list[str]:
    return [alarm.words for alarm in line.desks[party].alarms(line.utc) if "Tell them" in alarm.words]


@pytest.mark.parametrize(
    ("asked", "fields", "change", "changed", "made", "ends"),
    [
        ("N7", N7, "K1", K1, Standing.CORRECTED, State.CORRECTED),
        ("N7", N7, "K2", K2, Standing.UPDATED, State.OPEN),
        ("N1", N1, "K3", K3, Standing.CANCELLED, State.CANCELLED),
        ("N7", N7, "K4", K4, Standing.RETRACTED, State.RETRACTED),
        ("S3", S3, "K5", K5, Standing.WITHDRAWN, State.WITHDRAWN),
    ],
)
def test_each_change_makes_its_own_standing(
    line: Line, asked: str, fields: dict[str, Json], change: str, changed: dict[str, Json], made: Standing, ends: State
) -> None:
    said = line.say(ALBA, asked, NOON, fields, by=TWO)
    line.say(ALBA, change, NOON + 60, changed, about=said, by=TWO)
    assert standing(line, said) is made
    assert line.state(said) is ends
    assert [event.words for event in line.told(BORA, EventKind.STANDING)] == [made]


def test_only_its_author_changes_a_message_and_only_as_the_catalogue_allows(line: Line) -> None:
    said = line.say(ALBA, "N7", NOON, N7)
    line.say(BORA, "K4", NOON + 60, K4, about=said)
    line.say(ALBA, "K5", NOON + 70, K5, about=said)
    line.say(ALBA, "K3", NOON + 80, K3, about=said)
    assert standing(line, said) is Standing.CURRENT
    assert line.state(said) is State.OPEN
    for desk in line.desks.values():
        assert sorted(alarm.words for alarm in desk.alarms(line.utc)) == [
            "THIS CHANGE COUNTS FOR NOTHING: K3 does not change N7, or lacks a signature",
            "THIS CHANGE COUNTS FOR NOTHING: K5 does not change N7, or lacks a signature",
            "THIS CHANGE COUNTS FOR NOTHING: only its author changes a message",
        ]


def test_what_took_two_persons_is_not_undone_by_one_and_both_ends_hear_of_it(line: Line) -> None:
    said = line.say(ALBA, "N1", NOON, N1, by=TWO)
    alone = line.say(ALBA, "K3", NOON + 60, K3, about=said)
    assert standing(line, said) is Standing.CURRENT
    for party, desk in line.desks.items():
        (alarm,) = desk.alarms(line.utc)
        assert (alarm.digest, alarm.ours) == (alone.digest, party == ALBA)
    line.say(ALBA, "K4", NOON + 70, K4, about=alone)
    assert line.desks[BORA].alarms(line.utc) == []
    line.say(ALBA, "K3", NOON + 80, K3, about=said, by=TWO)
    assert standing(line, said) is Standing.CANCELLED


def test_a_correction_is_answered_as_what_it_corrects(line: Line) -> None:
    seen = line.say(BORA, "N8", NOON, N8)
    fields: dict[str, Json] = N8 | {"object": "missile"}
    data: dict[str, Json] = {"wrong_fields": ["N8.object"], "data": {"kind": "N8", "fields": fields}}
    correction = line.say(BORA, "K1", NOON + 60, data, about=seen)
    assert line.state(correction) is State.OPEN
    assert line.thread(correction).due == NOON + 60 + 300
    line.say(ALBA, "NO", NOON + 90, about=correction, by=TWO)
    assert line.state(correction) is State.CLOSED
    again = line.say(BORA, "K1", NOON + 120, data, about=correction)
    assert line.state(again) is State.OPEN
    assert line.state(correction) is State.CORRECTED


def test_a_correction_is_read_back_in_the_fields_that_were_wrong(line: Line) -> None:
    said = line.say(ALBA, "N7", NOON, N7)
    correction = line.say(ALBA, "K1", NOON + 60, K1, about=said)
    line.hear(line.writers[BORA].read_back(correction, NOON + 90, {"time": "18:24Z"}))
    assert line.thread(correction).wrong_fields == ("time",)
    line.hear(line.writers[BORA].read_back(correction, NOON + 100, {"time": "18:25Z"}))
    assert line.state(correction) is State.CLOSED


def test_a_correction_of_something_unknown_asks_nothing_until_that_comes() -> None:
    line = Line()
    said = line.writers[ALBA].say("N7", NOON, N7)
    correction = line.say(ALBA, "K1", NOON + 60, K1, about=said)
    assert line.desks[BORA].threads(correction.digest, NOON + 60) == ()
    line.hear(said, NOON + 61)
    assert line.state(correction) is State.OPEN
    assert line.state(said) is State.CORRECTED


def test_a_retraction_works_before_what_it_retracts_has_come() -> None:
    line = Line()
    warning: dict[str, Json] = {"danger": "mines", "where": "38.9N 129.3E", "when": "2017-12-09T18:50Z/.."}
    said = line.writers[ALBA].say("S2", NOON, warning)
    line.say(ALBA, "K4", NOON + 60, K4, about=said)
    line.hear(said, NOON + 90)
    assert standing(line, said) is Standing.RETRACTED
    assert line.state(said) is State.RETRACTED


def test_whoever_retracts_a_retraction_means_the_message_again(line: Line) -> None:
    said = line.say(ALBA, "N7", NOON, N7)
    retraction = line.say(ALBA, "K4", NOON + 60, K4, about=said)
    line.say(ALBA, "K4", NOON + 70, K4, about=retraction)
    assert standing(line, said) is Standing.CURRENT
    assert line.state(said) is State.OPEN
    assert line.state(retraction) is State.RETRACTED


def test_a_correction_falls_with_what_it_corrects_and_takes_it_along(line: Line) -> None:
    said = line.say(ALBA, "N1", NOON, N1, by=TWO)
    data: dict[str, Json] = {"wrong_fields": ["N1.count"], "data": {"kind": "N1", "fields": N1 | {"count": 2}}}
    first = line.say(ALBA, "K1", NOON + 60, data, about=said, by=TWO)
    line.say(ALBA, "K3", NOON + 90, K3, about=first, by=TWO)
    assert standing(line, said) is standing(line, first) is Standing.CANCELLED
    other = line.say(ALBA, "N1", NOON, N1, by=TWO)
    second = line.say(ALBA, "K1", NOON + 60, data, about=other, by=TWO)
    line.say(ALBA, "K3", NOON + 90, K3, about=other, by=TWO)
    assert standing(line, other) is standing(line, second) is Standing.CANCELLED
    assert line.state(second) is State.CANCELLED


def test_one_person_cannot_undo_what_took_two(line: Line) -> None:
    said = line.say(ALBA, "N1", NOON, N1, by=TWO)
    data: dict[str, Json] = {"wrong_fields": ["N1.count"], "data": {"kind": "N1", "fields": N1 | {"count": 2}}}
    line.say(ALBA, "K1", NOON + 60, data, about=said)
    line.say(ALBA, "K3", NOON + 90, K3, about=said)
    assert standing(line, said) is Standing.CURRENT


def test_a_window_change_updates_the_launch_it_names(line: Line) -> None:
    said = line.say(ALBA, "N1", NOON, N1, by=TWO)
    later: dict[str, Json] = {"window": "2017-12-10T20:00Z/2017-12-11T02:00Z"}
    change = line.say(ALBA, "N2", NOON + 60, later, about=said, by=TWO)
    assert standing(line, said) is Standing.UPDATED
    current = line.desks[BORA].book.current(said)
    numbers = line.desks[BORA].book.rule(said).kind.numbers
    assert current[numbers["window"]].by == change.digest
    assert current[numbers["count"]].by == said.digest


def test_present_data_names_for_each_field_who_gave_it(line: Line) -> None:
    said = line.say(ALBA, "N7", NOON, N7)
    correction = line.say(ALBA, "K1", NOON + 60, K1, about=said)
    update = line.say(ALBA, "K2", NOON + 90, K2, about=correction)
    strange: dict[str, Json] = {"changes": {"kind": "N1", "fields": {"count": 2}}}
    line.say(ALBA, "K2", NOON + 95, strange, about=said)
    line.say(ALBA, "K4", NOON + 99, K4, about=said)
    book = line.desks[BORA].book
    by = {book.rule(said).kind.by_number[number].name: version.by for number, version in book.current(said).items()}
    assert by["time"] == by["place"] == correction.digest
    assert by["state"] == by["armed"] == update.digest
    assert book.current(line.say(ALBA, "P6", NOON, body=None)) == {}


def test_the_next_list_takes_the_place_of_the_last_and_a_retracted_one_gives_it_back(line: Line) -> None:
    fields: dict[str, Json] = {"as_of": "2017-12-09T00:00Z", "in_force": "NONE"}
    first, second = (line.say(ALBA, "L3", NOON + day, fields) for day in (0, 100))
    assert (standing(line, first), line.state(first)) == (Standing.REPLACED, State.REPLACED)
    line.say(ALBA, "K4", NOON + 200, K4, about=second)
    assert (standing(line, first), line.state(first)) == (Standing.CURRENT, State.OPEN)
    assert line.state(line.say(BORA, "L3", NOON + 300, fields)) is State.OPEN
    assert standing(line, first) is Standing.CURRENT


def test_a_list_that_names_the_last_one_takes_its_place_like_any_other(line: Line) -> None:
    fields: dict[str, Json] = {"as_of": "2017-12-09T00:00Z", "in_force": "NONE"}
    first = line.say(ALBA, "L3", NOON, fields)
    second = line.say(ALBA, "L3", NOON + 60, fields, about=first)
    line.say(BORA, "ACKNOWLEDGED", NOON + 70, about=first)
    assert (standing(line, first), standing(line, second)) == (Standing.REPLACED, Standing.CURRENT)


def test_an_agreed_point_is_replaced_by_the_one_that_names_it(line: Line) -> None:
    fields: dict[str, Json] = {"item": "the dialogue should continue", "status": "agreed", "reservations": []}
    first = line.say(ALBA, "P6", NOON, fields, by=DELEGATED)
    line.say(ALBA, "P6", NOON + 60, fields | {"status": "provisional"}, about=first, by=DELEGATED)
    assert standing(line, first) is Standing.REPLACED


@pytest.mark.parametrize(("change", "fields"), [("K1", K1), ("K2", K2), ("K4", K4)])
def test_whoever_was_told_must_be_told_of_the_change(line: Line, change: str, fields: dict[str, Json]) -> None:
    said = line.say(ALBA, "N7", NOON, N7)
    line.say(BORA, "PASSED-ON", NOON + 60, UNIT, about=said)
    assert to_tell(line, BORA) == []
    changed = line.say(ALBA, change, NOON + 90, fields, about=said)
    assert to_tell(line, BORA) == ["You passed it on to coast guard. Tell them."]
    assert to_tell(line, ALBA) == []
    line.say(BORA, "PASSED-ON", NOON + 100, UNIT | {"unit": "air defence unit"}, about=changed)
    assert to_tell(line, BORA) == ["You passed it on to coast guard. Tell them."]
    line.say(BORA, "PASSED-ON", NOON + 120, UNIT, about=changed)
    assert to_tell(line, BORA) == []


def test_of_several_changes_the_last_is_told_and_a_change_of_it_will_do(line: Line) -> None:
    said = line.say(ALBA, "N7", NOON, N7)
    line.say(BORA, "PASSED-ON", NOON + 10, UNIT, about=said)
    line.say(ALBA, "K2", NOON + 20, K2, about=said)
    last = line.say(ALBA, "K2", NOON + 30, K2, about=said)
    newer = line.say(ALBA, "K2", NOON + 40, K2, about=last)
    line.say(BORA, "PASSED-ON", NOON + 50, UNIT, about=newer)
    assert to_tell(line, BORA) == []


def test_a_passing_on_that_was_retracted_told_nobody(line: Line) -> None:
    said = line.say(ALBA, "N7", NOON, N7)
    passed = line.say(BORA, "PASSED-ON", NOON + 10, UNIT, about=said)
    line.say(BORA, "K4", NOON + 20, K4, about=passed)
    line.say(ALBA, "K2", NOON + 30, K2, about=said)
    assert to_tell(line, BORA) == []


def test_an_update_keeps_the_answer_that_was_given(line: Line) -> None:
    said = line.say(ALBA, "N7", NOON, N7)
    line.hear(line.writers[BORA].read_back(said, NOON + 30, RIGHT))
    line.say(ALBA, "K2", NOON + 60, K2, about=said)
    assert line.state(said) is State.CLOSED


def test_a_long_chain_of_changes_ends_where_the_limit_is() -> None:
    book, writer = Book(RULES), Writer(ALBA)
    chain = [writer.say("N7", NOON, N7)]
    for _ in range(4 * CHAIN_MAX):
        chain.append(writer.say("K4", NOON, K4, about=chain[-1]))
    for said in chain:
        book.add(said)
    assert book.standing(chain[0]) in Standing
    corrections = [chain[0]]
    for _ in range(4 * CHAIN_MAX):
        corrections.append(writer.say("K2", NOON, K2, about=corrections[-1]))
        book.add(corrections[-1])
    assert book.original(corrections[-1]) is None
    assert book.original(corrections[CHAIN_MAX // 2]) is chain[0]
    assert book.owes(corrections[-1]) is not None
    assert book.standing(corrections[-1]) is Standing.CURRENT
    assert len(book.versions(chain[0])) == CHAIN_MAX + 1


def test_more_names_of_one_message_than_any_line_needs_are_left_to_the_record() -> None:
    book, writer = Book(RULES), Writer(BORA)
    said = Writer(ALBA).say("N7", NOON, N7)
    book.add(said)
    receipts = [writer.say("ACKNOWLEDGED", NOON, about=said) for _ in range(NAMING_MAX + 1)]
    assert [book.add(each) for each in receipts] == [True] * NAMING_MAX + [False]
    assert book.add(said) is False
    for each in receipts[:NAMING_MAX]:
        book.remove(each)
    assert book.naming(said.ref) == []
    assert book.add(receipts[0])


def test_one_more_of_a_long_chain_of_corrections_looks_at_each_of_them_a_few_times(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However the chains multiply, what was found of a statement is not looked for again until the next one comes."""
    looked: list[Said] = []
    may_change = Book.may_change

    def counted(book: Book, change: Said, changed: Said) -> bool:
        looked.append(change)
        return may_change(book, change, changed)

    monkeypatch.setattr(Book, "may_change", counted)
    last = told = line.say(ALBA, "N7", NOON, N7)
    for number in range(3 * (CHAIN_MAX - 2)):
        last = line.say(ALBA, "K1", NOON + 1, K1, about=last if number % (CHAIN_MAX - 2) else told)
    looked.clear()
    line.say(ALBA, "K1", NOON + 2, K1, about=last)
    assert len(looked) < 2 * len(line.desks) * len(line.desks[ALBA].book)
    assert standing(line, told) is Standing.CORRECTED


def test_what_was_found_of_a_message_is_looked_for_again_when_a_statement_comes_or_goes() -> None:
    """Nothing that is remembered outlives the statements from which it was found."""
    book, writer = Book(RULES), Writer(ALBA)
    told = writer.say("N7", NOON, N7)
    corrected = writer.say("K1", NOON + 1, K1, about=told)
    retracted = writer.say("K4", NOON + 2, K4, about=corrected)
    found = []
    for said in (told, corrected, retracted):
        book.add(said)
        found.append((book.standing(told), book.retracted(corrected), len(book.changes(told))))
    book.remove(retracted)
    found.append((book.standing(told), book.retracted(corrected), len(book.changes(told))))
    plain, changed = (Standing.CURRENT, False, 0), (Standing.CORRECTED, False, 1)
    assert found == [plain, changed, (Standing.CURRENT, True, 0), changed]
