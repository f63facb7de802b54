"""`inbox` and `watch` over a made line: what is listed, in what order, and what is presented once it was printed."""

import asyncio
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from openline.cli import main, see, watch
from openline.cli.presenting import present
from openline.engine import Answered
from openline.engine.views import unpresented
from openline.errors import Misuse
from openline.identifiers import Token
from openline.ports import Event, Instant
from openline.runtime import listing, requests
from openline.runtime.refusals import Refusals
from openline.runtime.requests import Requests
from openline.wire.statement import Precedence
from tests.engine.pair import ALBA, BORA, CENDRA, Anything, Net

ROOM = 12_000  # bytes of an answer: a handful of short messages
MANY = 40
LONG = "\U0001f300" * 4_000  # as many bytes as a text of this kind may have: 80 KB of answer


class Watch:
    """Bora's watch, of a line of three parties: requests are answered as its daemon answers them."""

    def __init__(self) -> None:
        self.net = Net(parties=3)
        self.net.start_all()
        station = self.net.nodes[BORA].station
        assert station is not None
        self.requests = Requests(station, self._answer, self._now, self._wait, lambda _: None, Refusals())
        self.tokens = iter(range(1_000_000, 2_000_000))
        self.presented: list[str] = []

    async def _answer(self, event: Callable[[Token], Event]) -> Answered:
        token = Token(next(self.tokens))
        self.net.give(BORA, event(token))
        return self.net.nodes[BORA].answers[token]

    def _now(self) -> Instant:
        return self.net.instant(BORA)

    async def _wait(self, _after: int, _seconds: float) -> int:
        raise KeyboardInterrupt

    def ask(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        if asked["do"] == "present":
            self.presented += asked.get("ids", ())
        return asyncio.run(self.requests.handle(asked))

    def waiting(self) -> set[str]:
        return {row.digest.hex() for row in unpresented(self.net.meaning(BORA))}

    def hear(self, count: int, text: str = "message", **given: Anything) -> list[str]:
        """Let Alba say so much, and all of it arrive."""
        said = [self.net.say(ALBA, "T1", text=f"{text} {number}", **given).hex() for number in range(count)]
        self.net.run(5)
        return said


@pytest.fixture
def bora(monkeypatch: pytest.MonkeyPatch) -> Watch:
    made = Watch()
    monkeypatch.setattr(requests, "LISTED_BYTES_MAX", ROOM)
    monkeypatch.setattr(see, "call", lambda _home, asked: made.ask(asked))
    monkeypatch.setattr(see, "chosen_language", lambda _home: "en")
    monkeypatch.setattr(watch, "request", lambda _path, asked, timeout_s=60.0: made.ask(asked) if timeout_s else {})
    monkeypatch.setattr(watch, "chosen_language", lambda _home: "en")
    return made


def run(*arguments: str) -> str:
    result = CliRunner().invoke(main, [*arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_only_what_was_listed_is_presented_and_all_that_waits_is_reached_by_asking_again(bora: Watch) -> None:
    said = bora.hear(MANY)
    seen: list[str] = []
    while bora.waiting():
        before = bora.waiting()
        told = json.loads(run("inbox", "--json"))
        listed = [message["id"] for message in told["messages"]]
        assert before - bora.waiting() == before & set(listed), "no more was presented than was listed"
        assert told["unpresented"] == []
        assert told["more_unpresented"] == len(bora.waiting())
        seen += [each for each in listed if each not in seen]
    assert sorted(seen) == sorted(said)
    assert seen[0] == said[0], "the oldest come first"
    assert json.loads(run("inbox", "--json"))["more_unpresented"] == 0


def test_the_newest_are_listed_too_after_the_oldest_that_wait_and_the_last_row_says_how_many_more(bora: Watch) -> None:
    said = bora.hear(MANY)
    told = run("inbox", "--peek")
    assert bora.waiting() == set(said), "who peeks presents nothing"
    places = [told.index(said[number][:16]) for number in (0, 1, MANY - 2, MANY - 1)]
    assert places == sorted(places)
    assert said[MANY // 2][:16] not in told
    assert "more wait that nobody here has been shown: look without --peek" in told.splitlines()[-1]
    told = run("inbox")
    assert (
        told.splitlines()[-1]
        == f"{len(bora.waiting())} more wait that nobody here has been shown: ask again for the next"
    )


def test_a_flood_of_one_member_keeps_neither_another_s_message_nor_a_flash_off_the_first_list(bora: Watch) -> None:
    bora.hear(MANY)
    flash = bora.hear(1, "at once", precedence=Precedence.FLASH)
    word = bora.net.say(CENDRA, "T1", text="a word in between").hex()
    bora.net.run(5)
    bora.hear(MANY, "and more")
    first = json.loads(run("inbox", "--json"))
    assert {*flash, word} <= {message["id"] for message in first["messages"]}
    assert [message["seq"] for message in first["messages"] if message["from"] == "alba-1"] == sorted(
        message["seq"] for message in first["messages"] if message["from"] == "alba-1"
    )


def test_messages_as_long_as_they_may_be_are_listed_one_by_one_and_never_close_the_inbox(bora: Watch) -> None:
    said = bora.hear(4, LONG[:3_990])
    lists = []
    while bora.waiting():
        found = bora.ask({"do": "inbox", "entries": True})
        assert len(json.dumps(found)) < 200_000, "one of the newest, and one that waits"
        lists.append([message["id"] for message in found["messages"]])
        assert present(bora.ask, found)
    assert lists == [[said[0], said[3]], [said[1], said[3]], [said[2], said[3]]]
    found = bora.ask({"do": "inbox"})
    assert ([message["id"] for message in found["messages"]], found["left_off"]) == ([said[3]], 3)
    assert "3 older ones are left off" in run("inbox")


def test_what_was_said_is_listed_from_its_end_and_says_how_many_are_left_off(bora: Watch) -> None:
    waiting = bora.hear(2)
    said = [bora.net.say(BORA, "T1", text=f"our own {number}").hex() for number in range(MANY)]
    told = json.loads(run("inbox", "--sent", "--json"))
    listed = [message["id"] for message in told["messages"]]
    assert listed == said[MANY - len(listed) :]
    assert told["left_off"] == MANY - len(listed) > 0
    assert (told["unpresented"], told["more_unpresented"]) == (waiting, 0)
    assert bora.waiting() == set(waiting)


def test_words_that_were_said_at_two_places_are_listed_once(bora: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    said = bora.hear(1)
    (row,) = unpresented(bora.net.meaning(BORA))
    monkeypatch.setattr(listing, "unpresented", lambda _meaning: iter([row, row]))
    found = bora.ask({"do": "inbox"})
    assert ([message["id"] for message in found["messages"]], found["unpresented"]) == (said, said)


def test_watch_goes_on_until_nothing_waits_and_shows_and_presents_each_once(bora: Watch) -> None:
    said = bora.hear(MANY)
    told = run("watch")
    assert [told.count(each[:16]) for each in said] == [1] * MANY
    assert sorted(bora.presented) == sorted(said)
    assert not bora.waiting()


def test_watch_shows_nothing_again_when_there_is_room_for_older_ones(
    bora: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = bora.hear(MANY)
    monkeypatch.setattr(requests, "LISTED_BYTES_MAX", 100 * ROOM)
    run("inbox")
    monkeypatch.setattr(requests, "LISTED_BYTES_MAX", ROOM)
    seeing = watch.Watch(Path("bora-1"), "en", peek=False)
    assert "T1" not in "\n".join(seeing.news())
    monkeypatch.setattr(requests, "LISTED_BYTES_MAX", 100 * ROOM)
    assert "T1" not in "\n".join(seeing.news())
    (new,) = bora.hear(1, "new")
    assert new[:16] in "\n".join(seeing.news())
    assert seeing.shown == {*said, new}


def test_watch_that_peeks_presents_nothing_and_says_that_it_does_not_show_all(bora: Watch) -> None:
    said = bora.hear(MANY)
    result = CliRunner().invoke(main, ["watch", "--peek"], catch_exceptions=False)
    assert "that nobody here has been shown are not shown" in result.stderr
    assert said[0][:16] in result.stdout
    assert bora.waiting() == set(said)


def test_what_is_not_a_list_of_others_messages_is_not_presented(bora: Watch) -> None:
    said = bora.hear(1)
    own = bora.net.say(BORA, "T1", text="our own").hex()
    with pytest.raises(Misuse, match="ids must be a list"):
        bora.ask({"do": "present"})
    assert bora.ask({"do": "present", "ids": [own]}) == {"presented": 0}
    assert bora.waiting() == set(said)
    assert bora.ask({"do": "present", "ids": [own, *said]}) == {"presented": 1}
    assert not bora.waiting()


def test_what_nobody_has_been_shown_yet_is_listed_as_stored_here_and_not_as_presented(bora: Watch) -> None:
    bora.net.say(ALBA, "T1", text="news")
    bora.net.run(1)
    (shown,) = bora.ask({"do": "inbox", "peek": True})["messages"]
    (mark,) = shown["status"]["stored"]
    assert (mark["station"], shown["status"]["presented"]) == ("bora-1", [])
    bora.ask({"do": "present", "line": "", "ids": [shown["id"]]})
    (shown,) = bora.ask({"do": "inbox", "peek": True})["messages"]
    assert [len(shown["status"][name]) for name in ("stored", "presented")] == [1, 1]
