"""Before an officer's words are signed they are looked at: whether they answer that, and whether that came in time."""

from datetime import UTC, datetime

import pytest

from openline.catalogue.kinds import CatalogueError
from openline.dialogue.errors import LateByOneKey, NotAnAnswer
from openline.engine.composing import check_before_saying
from openline.wire.statement import Precedence, decode_statement
from tests.engine.pair import ALBA, BORA, Anything, Net


def looked_at(net: Net, code: str, *, deliberate: bool = False, **given: Anything) -> str:
    statement = decode_statement(net.statement(BORA, code, **given))
    return check_before_saying(net.meaning(BORA), statement, net.utc, deliberate=deliberate)


def test_a_reply_that_fits_passes_and_one_that_does_not_is_refused() -> None:
    net = Net()
    net.start_all()
    asked = net.say(ALBA, "Q1", fields={"statement": "All is well"})
    net.run(1)
    assert looked_at(net, "YES", ref=asked) == ""
    with pytest.raises(NotAnAnswer):
        looked_at(net, "WILL-DO", ref=asked)


def test_who_agrees_to_what_came_late_takes_a_second_step() -> None:
    net = Net()
    net.start_all()
    net.lost = lambda _sender, _reader, _send: True
    asked = net.say(ALBA, "Q1", fields={"statement": "All is well"}, precedence=Precedence.FLASH)
    net.run(100)
    net.lost = lambda _sender, _reader, _send: False
    net.run(60)
    with pytest.raises(LateByOneKey, match="LATE"):
        looked_at(net, "YES", ref=asked)
    assert looked_at(net, "YES", ref=asked, deliberate=True) == ""


def test_a_reply_to_a_text_that_the_desk_no_longer_holds_passes() -> None:
    net = Net()
    net.start_all()
    text = net.say(ALBA, "T1", text="hello")
    net.run(1)
    net.stop(BORA)
    net.start(BORA)
    assert looked_at(net, "ACKNOWLEDGED", ref=text) == ""


def test_what_may_not_be_about_that_is_refused_before_it_is_signed() -> None:
    net = Net()
    net.start_all()
    asked = net.say(ALBA, "Q1", fields={"statement": "All is well"})
    net.run(1)
    with pytest.raises(NotAnAnswer, match="K4"):
        looked_at(net, "K4", ref=asked, fields={"cause": "sent in error"})


def test_a_text_may_name_any_message_that_it_is_about() -> None:
    net = Net()
    net.start_all()
    asked = net.say(ALBA, "Q1", fields={"statement": "All is well"})
    net.run(1)
    assert looked_at(net, "T1", text="about your question", ref=asked) == ""


def test_a_deadline_after_the_event_is_warned_of() -> None:
    net = Net()
    net.start_all()
    soon = {"hazard": "live_firing", "area": {"centre": "39.30N 33.70W", "radius": "40 km"}, "period": period(net)}
    assert "respond_by" in looked_at(net, "N6", fields=soon)


def period(net: Net) -> str:
    first, last = (datetime.fromtimestamp(net.utc + shift, UTC) for shift in (120, 7_200))
    return f"{first:%Y-%m-%dT%H:%MZ}/{last:%Y-%m-%dT%H:%MZ}"


def test_a_body_that_is_not_the_kind_s_is_refused() -> None:
    net = Net()
    net.start_all()
    with pytest.raises(CatalogueError):
        looked_at(net, "T1", text="x" * 5_000)
