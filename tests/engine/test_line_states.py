"""What parties say of the line itself: the same at every station, taken back by whoever said it."""

from openline.engine.composing import check_before_saying
from openline.engine.silence import Word
from openline.wire.payloads import DocumentClass
from openline.wire.statement import Status, decode_statement
from tests.engine.pair import ALBA, BORA, CENDRA, Anything, Net


def up(parties: int = 2) -> Net:
    net = Net(parties)
    net.start_all()
    for me in net.nodes:
        net.say(me, "T1", text="good morning")
    net.run(61)
    return net


def said_of(net: Net, me: Anything) -> dict[str, str]:
    return {each["party"]: each["state"] for each in net.lines(me)["said_of_the_line"]}


def test_what_is_said_in_one_second_is_ordered_by_its_place_however_it_comes() -> None:
    net = up()
    net.lost = lambda sender, _reader, _send: sender == ALBA
    now = net.utc
    net.say(ALBA, "L2", fields={"state": "suspended"}, authored=now)
    net.say(ALBA, "L2", fields={"state": "resumed"}, authored=now, precedence=3)
    net.lost = lambda _sender, _reader, _send: False
    net.run(120)
    assert said_of(net, ALBA) == said_of(net, BORA) == {"alba": "resumed"}
    assert net.word(BORA, ALBA) is Word.ANSWERS


def test_a_suspension_that_was_sent_in_error_is_none() -> None:
    net = up()
    said = net.say(BORA, "L2", fields={"state": "suspended"})
    net.run(1)
    assert net.word(ALBA, BORA) is Word.SUSPENDED
    net.say(BORA, "K4", ref=said, fields={"cause": "sent_in_error"})
    net.run(1)
    assert net.word(ALBA, BORA) is Word.ANSWERS
    assert said_of(net, ALBA) == {}


def test_where_actual_may_be_said_a_drill_s_suspension_suspends_nothing() -> None:
    net = up()
    actual = net.amendment(ALBA, statuses=(Status.ACTUAL, Status.EXERCISE, Status.TEST))
    for me in (ALBA, BORA):
        assert net.bring(me, DocumentClass.CHARTER, actual).good
    net.run(61)
    net.say(BORA, "L2", fields={"state": "suspended"}, status=Status.EXERCISE)
    net.run(1)
    assert net.word(ALBA, BORA) is Word.ANSWERS
    net.say(BORA, "L2", fields={"state": "suspended"}, status=Status.ACTUAL)
    net.say(BORA, "L2", fields={"state": "resumed"}, status=Status.TEST)
    net.run(1)
    assert net.word(ALBA, BORA) is Word.SUSPENDED


def test_a_line_is_closed_when_every_party_has_said_so_and_open_again_when_one_takes_it_back() -> None:
    net = up(3)
    for me in (ALBA, BORA):
        net.say(me, "L2", fields={"state": "closing"})
    net.run(5)
    assert not net.lines(CENDRA)["closed"]
    net.say(CENDRA, "L2", fields={"state": "closing"})
    net.run(5)
    for me in (ALBA, BORA, CENDRA):
        assert net.lines(me)["closed"]
        assert said_of(net, me) == {"alba": "closing", "bora": "closing", "cendra": "closing"}
    assert net.word(ALBA, BORA) is Word.ANSWERS, "closing is no silence: its stations go on until they are stopped"
    net.say(BORA, "L2", fields={"state": "resumed"})
    net.run(5)
    assert not net.lines(ALBA)["closed"]


def test_who_speaks_on_a_suspended_line_is_told_who_is_away_and_is_not_held_back() -> None:
    net = up()

    def warned(me: Anything, code: str = "T1", **given: Anything) -> str:
        statement = decode_statement(net.statement(me, code, **(given or {"text": "hello"})))
        return check_before_saying(net.meaning(me), statement, net.utc, deliberate=False)

    assert warned(ALBA) == ""
    net.say(BORA, "L2", fields={"state": "suspended"})
    net.run(1)
    assert "bora has said: suspended" in warned(ALBA)
    assert "our own party has said: suspended" in warned(BORA)
    assert "openline charter resume" in warned(BORA)
    assert warned(BORA, "L2", fields={"state": "resumed"}) == ""
    net.say(ALBA, "T1", text="it goes out all the same")
    net.run(1)
    assert {"text": "it goes out all the same"} in net.texts(BORA)


def test_a_suspension_stands_after_the_desk_has_let_its_words_go() -> None:
    net = up()
    said = net.say(BORA, "L2", fields={"state": "suspended"})
    net.run(1)
    desk = net.meaning(ALBA).desk
    desk._let_go(desk.message(said))
    assert net.word(ALBA, BORA) is Word.SUSPENDED


def test_what_was_said_of_the_line_outlives_a_restart() -> None:
    net = up()
    net.say(BORA, "L2", fields={"state": "closing"})
    net.run(1)
    for me in (ALBA, BORA):
        net.stop(me)
        net.start(me)
        assert said_of(net, me) == {"bora": "closing"}
