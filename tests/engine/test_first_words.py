"""Two stations that have never met find each other, and what one says is provably stored, shown and answered."""

from openline.engine.silence import Word
from openline.wire.statement import Precedence
from tests.engine.pair import ALBA, BORA, Net


def test_a_text_reaches_every_status_that_it_can() -> None:
    net = Net()
    net.start_all()
    said = net.say(ALBA, "T1", text="Can you read this?")
    net.run(1)
    assert net.statuses(ALBA, said) == {"stored": {"bora-1"}}
    net.show(BORA)
    net.run(1)
    assert net.statuses(ALBA, said) == {"stored": {"bora-1"}, "presented": {"bora-1"}}
    net.say(BORA, "ACKNOWLEDGED", ref=said)
    net.run(1)
    assert net.statuses(ALBA, said)["acknowledged"] == {"bora-1"}
    assert net.texts(BORA) == [{"text": "Can you read this?"}]
    net.run(60)
    assert net.word(ALBA, BORA) is Word.ANSWERS


def test_a_question_is_closed_by_its_answer() -> None:
    net = Net()
    net.start_all()
    asked = net.say(ALBA, "Q1", fields={"statement": "The exercise ends at noon"}, precedence=Precedence.FLASH)
    net.run(1)
    net.say(BORA, "YES", ref=asked)
    net.run(1)
    assert net.statuses(ALBA, asked)["answered"] == {"bora-1"}
    assert net.one(ALBA, asked)["dialogues"][0]["state"] == net.one(BORA, asked)["dialogues"][0]["state"]
