"""What a station had to say in three generations is one message: read once, and none of it waits to be read again."""

from __future__ import annotations

from openline.engine import Act, encode_act
from openline.engine.views import unpresented
from openline.identifiers import Token
from openline.ports import Acted
from tests.review.pair import ALBA, BORA, CENDRA, Table


def test_words_said_three_times_are_read_once() -> None:
    table = Table(3)
    table.meet()
    table.holding |= {(ALBA, CENDRA), (CENDRA, ALBA), (BORA, CENDRA)}  # no receipt of Cendra's: it is said again
    digest = table.say(ALBA, "all quiet").digest
    table.pump()
    for _ in range(2):
        table.give(ALBA, Acted(Token(1), table.setting.line, encode_act(Act.ROLLED_BACK)))
        table.pass_time(300)
    assert len(table.seats[BORA].ledger.digests[digest]) == 3
    table.give(BORA, Acted(Token(2), table.setting.line, encode_act(Act.PRESENTED, [digest])))
    assert table.seats[BORA].answers[-1].good
    assert list(unpresented(table.meaning(BORA))) == []
