"""Two messages crossed if neither author knew the other's when it was written; one clock decides, or one log."""

from __future__ import annotations

from openline.catalogue.kinds.values import Json
from openline.dialogue import EventKind, Said
from openline.dialogue.book import CHAIN_MAX
from openline.dialogue.crossing import crossed as are_crossed
from openline.identifiers import Digest, station_id
from openline.wire.payloads import ReceiptState
from openline.wire.statement import Option
from tests.dialogue.kit import ALBA, BORA, CENDRA, Line, Writer, at

NOON = at("18:00")
Q1: dict[str, Json] = {"statement": "x"}
P9: dict[str, Json] = {
    "topic": "sanctions", "stance": "oppose", "conditions": "WITHHELD", "commitment": "none", "source": "said",
}  # fmt: skip


def crossed(line: Line, said: Said) -> list[Digest]:
    found = [[other.digest for other in desk.crossed(said.digest)] for desk in line.desks.values()]
    assert found[0] == found[1]
    return found[0]


def test_two_questions_under_way_at_once_crossed_and_both_ends_say_so() -> None:
    line = Line()
    one = line.say(ALBA, "Q1", NOON, Q1)
    two = line.say(BORA, "Q1", NOON + 20, Q1)
    assert crossed(line, one) == [two.digest]
    assert crossed(line, two) == [one.digest]
    for party in (ALBA, BORA):
        assert [event.other for event in line.told(party, EventKind.CROSSED)] == [one.digest]


def test_a_message_on_the_screen_but_not_acknowledged_is_not_known_yet() -> None:
    line = Line()
    one = line.say(ALBA, "Q1", NOON, Q1)
    line.receipts.give(one, station_id(BORA, 1), ReceiptState.PRESENTED, NOON + 5)
    two = line.say(BORA, "Q1", NOON + 20, Q1)
    assert crossed(line, two) == [one.digest]


def test_whoever_acknowledged_first_knew_it() -> None:
    line = Line()
    one = line.say(ALBA, "Q1", NOON, Q1)
    line.say(BORA, "ACKNOWLEDGED", NOON + 10, about=one)
    two = line.say(BORA, "Q1", NOON + 10, Q1)
    assert crossed(line, two) == crossed(line, one) == []


def test_an_acknowledgement_at_another_station_counts_by_their_own_clocks() -> None:
    line = Line()
    one = line.say(ALBA, "Q1", NOON, Q1)
    second = Writer(BORA, 2)
    line.hear(second.say("ACKNOWLEDGED", NOON + 10, about=one))
    late, early = line.say(BORA, "Q1", NOON + 11, Q1), line.say(BORA, "Q1", NOON + 10, Q1)
    assert crossed(line, late) == []
    assert crossed(line, early) == [one.digest]


def test_an_answer_never_crosses_what_it_answers_however_far_up() -> None:
    line = Line()
    asked = line.say(ALBA, "Q2", NOON, {"subject": "the object", "questions": ["what is it?"]})
    answer = line.say(BORA, "Q3", NOON + 20, {"answers": ["a balloon"]}, about=asked)
    assert crossed(line, answer) == crossed(line, asked) == []


def test_where_nobody_acknowledges_the_presented_receipt_stands_in() -> None:
    line = Line()
    told = line.say(ALBA, "C2", NOON, {
        "period": "2017-12-09T17:55Z/2017-12-09T18:00Z", "news": "nothing changed", "next_due": "2017-12-09T18:05Z",
    })  # fmt: skip
    early = line.say(BORA, "Q1", NOON + 5, Q1)
    late = line.say(BORA, "Q1", NOON + 6, Q1)
    line.receipts.give(told, station_id(BORA, 1), ReceiptState.PRESENTED, NOON + 5)
    assert crossed(line, early) == [told.digest]
    assert crossed(line, late) == []


def test_whoever_is_told_for_information_acknowledges_nothing_and_knows_what_it_was_shown() -> None:
    line = Line((ALBA, BORA, CENDRA))
    told = line.say(ALBA, "Q1", NOON, Q1, options={Option.ACTION: [BORA]})
    for party in (BORA, CENDRA):
        line.receipts.give(told, station_id(party, 1), ReceiptState.PRESENTED, NOON + 5)
    owing, informed = line.say(BORA, "Q1", NOON + 6, Q1), line.say(CENDRA, "Q1", NOON + 6, Q1)
    assert told.digest in crossed(line, owing), "whoever owes an answer knows by acknowledging"
    assert told.digest not in crossed(line, informed)


def test_beyond_a_long_chain_an_answer_is_compared_like_a_stranger() -> None:
    line = Line()
    first = last = line.say(ALBA, "Q1", NOON, Q1)
    for _ in range(CHAIN_MAX + 1):
        last = line.say(BORA, "Q1", NOON, Q1, about=last)
    book = line.desks[ALBA].book
    above = book.named_by(last)
    assert above is not None
    assert not are_crossed(book, line.desks[ALBA].setting, first, above)
    assert not are_crossed(book, line.desks[ALBA].setting, first, last)


def test_messages_of_one_party_never_cross() -> None:
    line = Line()
    one, two = line.say(ALBA, "Q1", NOON, Q1), line.hear(Writer(ALBA, 2).say("Q1", NOON, Q1))
    assert crossed(line, one) == crossed(line, two) == []
