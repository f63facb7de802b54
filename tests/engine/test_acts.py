"""What people do at a station besides saying something, and how they are answered."""

import pytest

from openline.engine import Act, Answered, decode_act, decode_answer, encode_act
from openline.engine.views import moment
from openline.errors import Misuse
from openline.identifiers import LineId, Token
from openline.ports import Acted, DocumentBrought, Event, Submitted
from openline.wire.cbor import encode
from tests.engine.pair import ALBA, BORA, Net


@pytest.mark.parametrize(
    "data",
    [b"\xff", b"\x01", b"\x80", encode([99]), encode([Act.WATCH, 1]), encode([Act.DROP, "text"])],
    ids=["no CBOR", "no list", "empty", "unknown", "an argument too many", "an argument of another type"],
)
def test_an_act_that_is_none_is_its_maker_s_mistake(data: bytes) -> None:
    with pytest.raises(Misuse):
        decode_act(data)


def test_an_act_comes_back_as_it_was_made() -> None:
    assert decode_act(encode_act(Act.REFUSE, b"draft", 4, "no")) == (Act.REFUSE, [b"draft", 4, "no"])


def test_answers_say_what_was_done_or_why_not() -> None:
    assert decode_answer(encode([0, b"digest"])) == Answered(good=True, digest=b"digest")
    refused = decode_answer(encode([1, "R7", "no", "do this"]))
    assert (refused.good, refused.rule, refused.message, refused.hint) == (False, "R7", "no", "do this")
    with pytest.raises(ValueError, match="not an answer"):
        decode_answer(encode([2]))


def test_every_act_shows_that_an_officer_is_here() -> None:
    net = Net()
    net.start_all()
    before = net.state(ALBA).watch
    net.run(60)
    assert net.act(ALBA, Act.WATCH).good
    assert net.state(ALBA).watch > before
    net.run(61)
    assert net.about(BORA, ALBA)["watch"] is not None


def test_a_reminder_is_set_for_a_message_that_is_here() -> None:
    net = Net()
    net.start_all()
    asked = net.say(ALBA, "Q1", fields={"statement": "All is well"})
    assert net.act(ALBA, Act.REMIND, asked, net.utc + 30).good
    assert net.meaning(ALBA).desk.next_wake(net.utc) is not None
    assert net.one(ALBA, asked)["reminder"] == moment(net.utc + 30)
    assert net.one(BORA, asked)["reminder"] is None, "it stays here"
    net.run(40)
    assert "REMINDER" in net.nodes[ALBA].sounds[-1][0], "it is heard, where nothing else is wrong"
    assert net.nodes[BORA].sounds == []
    net.stop(ALBA)
    net.start(ALBA)
    assert "REMINDER" in net.nodes[ALBA].sounds[-1][0], "after a restart, too"
    assert net.act(ALBA, Act.REMIND, asked, 0).good
    net.run(10)
    assert net.nodes[ALBA].sounds[-1] == ()
    assert not net.act(ALBA, Act.REMIND, bytes(32), net.utc + 30).good
    for never in (-1, 1 << 63):
        assert "no clock shows" in net.act(ALBA, Act.REMIND, asked, never).message


def test_only_what_is_here_can_be_presented() -> None:
    net = Net()
    net.start_all()
    assert "no message here" in net.act(BORA, Act.PRESENTED, [bytes(32)]).message
    assert "no message here" in net.act(BORA, Act.PRESENTED, ["text"]).message


def test_a_request_for_another_line_is_refused() -> None:
    net = Net()
    net.start_all()
    other = LineId(bytes(32))
    events: list[Event] = [
        Submitted(Token(900), other, net.statement(ALBA, "T1", text="x")),
        Acted(Token(901), other, encode_act(Act.WATCH)),
        DocumentBrought(Token(902), other, b""),
    ]
    for number, event in enumerate(events):
        net.give(ALBA, event)
        assert "not on that line" in net.nodes[ALBA].answers[900 + number].message
