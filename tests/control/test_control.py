"""The local socket: one JSON object a line each way; errors travel as what they are; a flood gets nothing."""

import asyncio
import gc
import json
import os
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Self

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.control import (
    REQUEST_BYTES_MAX,
    NotRunning,
    Unanswered,
    client,
    decode_line,
    encode_line,
    error_of,
    listens,
    protocol,
    raise_error,
    request,
    serve,
)
from openline.control.place import short_name
from openline.errors import Misuse, OpenlineError, Rejected, StorageFailed, Unavailable


class Daemon:
    """The server in a thread of its own, over one handler."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.asked: list[Mapping[str, Any]] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run)

    async def handle(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        self.asked.append(asked)
        match asked.get("do"):
            case "echo":
                return dict(asked)
            case "long":
                return {"text": "x" * int(asked["count"])}
            case "older":
                return {"lines": [{"line": "5f16"}]}
            case "sleep":
                await asyncio.sleep(60)
            case "refuse":
                raise Rejected("R7", "not in its form", hint="Send it again.")
        raise Misuse("there is no such request", hint="Known: echo.")

    def __enter__(self) -> Self:
        self._thread.start()
        while not self.path.exists():
            time.sleep(0.01)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join(10)
        assert not self._thread.is_alive()

    def _run(self) -> None:
        async def main() -> None:
            self._task = asyncio.create_task(serve(self.path, self.handle))
            await asyncio.gather(self._task, return_exceptions=True)

        self._loop.run_until_complete(main())
        self._loop.close()


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[Daemon]:
    with Daemon(tmp_path / "control.sock") as running:
        yield running


def test_a_request_is_answered_and_only_the_owner_may_ask(daemon: Daemon) -> None:
    assert request(daemon.path, {"do": "echo", "text": "안녕"}) == {"do": "echo", "text": "안녕"}
    assert daemon.path.stat().st_mode & 0o777 == 0o600


def test_an_error_arrives_as_what_it_is(daemon: Daemon) -> None:
    with pytest.raises(Rejected, match="not in its form") as refused:
        request(daemon.path, {"do": "refuse"})
    assert (refused.value.rule, refused.value.hint) == ("R7", "Send it again.")
    with pytest.raises(Misuse, match="no such request"):
        request(daemon.path, {"do": "nothing"})


def test_what_an_answer_of_another_version_lacks_is_told_so_at_any_depth(daemon: Daemon) -> None:
    (line,) = request(daemon.path, {"do": "older"})["lines"]
    assert line["line"] == "5f16"
    with pytest.raises(Unavailable, match="another version of openline: its answer has no 'recovered'") as older:
        line["recovered"]
    assert "start it again" in older.value.hint
    assert line.get("recovered") is None
    with pytest.raises(Unavailable, match="has no 'alarms'"):
        request(daemon.path, {"do": "older"})["alarms"]


@pytest.mark.parametrize("answered", [{"ok": []}, {"done": {}}])
def test_an_answer_in_another_form_is_of_another_version(tmp_path: Path, answered: dict[str, Any]) -> None:
    def answer() -> None:
        connection, _ = listening.accept()
        with connection:
            connection.recv(REQUEST_BYTES_MAX)
            connection.sendall(encode_line(answered))

    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "control.sock"))
        listening.listen()
        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(Unavailable, match="another version"):
            request(tmp_path / "control.sock", {"do": "lines"})
        thread.join(10)


@pytest.mark.parametrize("line", [b"[]\n", b"no json\n", b"\xff\xfe\n"])
def test_what_is_no_request_is_told_so_and_the_next_one_is_answered(daemon: Daemon, line: bytes) -> None:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(daemon.path))
        stream = connection.makefile("rwb")
        stream.write(line + encode_line({"do": "echo"}))
        stream.flush()
        assert "error" in json.loads(stream.readline())
        assert json.loads(stream.readline()) == {"ok": {"do": "echo"}}


def test_a_line_without_end_is_let_go_and_harms_nobody(daemon: Daemon) -> None:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(daemon.path))
        connection.sendall(b"x" * (REQUEST_BYTES_MAX * 3))
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(1) == b""
    assert request(daemon.path, {"do": "echo"}) == {"do": "echo"}
    assert daemon.asked == [{"do": "echo"}]


@pytest.mark.parametrize("beyond", [2, 3, REQUEST_BYTES_MAX * 2])
def test_a_request_beyond_the_limit_is_told_so_and_the_next_one_is_answered(daemon: Daemon, beyond: int) -> None:
    """It is no missing daemon: hanging up told whoever asked that it had ended."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(daemon.path))
        stream = connection.makefile("rwb")
        stream.write(b"x" * (REQUEST_BYTES_MAX - 1 + beyond) + b"\n" + encode_line({"do": "echo"}))
        stream.flush()
        told = json.loads(stream.readline())["error"]
        assert (told["class"], told["message"]) == ("misuse", "a request has 1048576 bytes at most")
        assert json.loads(stream.readline()) == {"ok": {"do": "echo"}}


def test_a_request_beyond_the_limit_is_refused_where_it_is_made(tmp_path: Path) -> None:
    """With or without a daemon: text that is not ASCII takes six bytes a character on its way."""
    text = "é" * (REQUEST_BYTES_MAX // 6)
    with pytest.raises(Misuse, match=r"takes 1048\d{3} bytes, and a station takes 1048576 at most"):
        request(tmp_path / "control.sock", {"do": "echo", "text": text})
    with pytest.raises(NotRunning):
        request(tmp_path / "control.sock", {"do": "echo", "text": text[10:]})


def test_a_fault_of_the_program_is_no_line_beyond_the_limit(tmp_path: Path) -> None:
    """It is the handler's to answer; swallowed here, nobody would ever hear of it."""

    async def faulty(_asked: Mapping[str, Any]) -> dict[str, Any]:
        raise ValueError

    async def story() -> list[dict[str, Any]]:
        told: list[dict[str, Any]] = []
        asyncio.get_running_loop().set_exception_handler(lambda _loop, context: told.append(context))
        serving = asyncio.create_task(serve(tmp_path / "control.sock", faulty))
        await asyncio.sleep(0)  # it listens from its first step on
        reader, writer = await asyncio.open_unix_connection(str(tmp_path / "control.sock"))
        writer.write(encode_line({"do": "anything"}))
        assert await reader.read() == b""
        writer.close()
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
        gc.collect()
        await asyncio.sleep(0)
        return told

    (told,) = asyncio.run(story())
    assert isinstance(told["exception"], ValueError)


def test_who_hangs_up_harms_nobody(daemon: Daemon) -> None:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(daemon.path))
        connection.sendall(encode_line({"do": "sleep"}))
    assert request(daemon.path, {"do": "echo"}) == {"do": "echo"}


def test_a_daemon_that_ends_while_somebody_waits_ends_at_once(tmp_path: Path) -> None:
    errors: list[OpenlineError] = []

    def wait() -> None:
        try:
            request(tmp_path / "control.sock", {"do": "sleep"})
        except Unavailable as error:
            errors.append(error)

    with Daemon(tmp_path / "control.sock") as daemon:
        waiting = threading.Thread(target=wait)
        waiting.start()
        while not daemon.asked:
            time.sleep(0.01)
    waiting.join(10)
    assert [(type(error), error.message) for error in errors] == [
        (Unanswered, "the daemon ended before it had answered")
    ]
    assert not daemon.path.exists()


@pytest.mark.parametrize("told_by", ["daemon", "asking end"])
def test_an_answer_that_is_too_long_is_told_as_such_and_not_as_the_end_of_the_daemon(
    daemon: Daemon, monkeypatch: pytest.MonkeyPatch, told_by: str
) -> None:
    monkeypatch.setattr(protocol if told_by == "daemon" else client, "ANSWER_BYTES_MAX", 1_000)
    around = len(encode_line({"ok": {"text": ""}}))
    assert request(daemon.path, {"do": "long", "count": 1_000 - around})["text"]
    with pytest.raises(Unavailable, match=r"the daemon runs; its answer of 1,00\d bytes is longer") as told:
        request(daemon.path, {"do": "long", "count": 1_001 - around})
    assert "openline show ID" in told.value.hint
    assert request(daemon.path, {"do": "echo"}) == {"do": "echo"}


def test_no_daemon_is_said_so_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NotRunning) as nobody:
        request(tmp_path / "control.sock", {"do": "echo"})
    assert "openline station run" in nobody.value.hint
    with pytest.raises(NotRunning):
        request(tmp_path / "no folder" / "control.sock", {"do": "echo"})
    assert not listens(tmp_path / "control.sock")


def test_a_daemon_that_does_not_answer_in_time_is_given_up(daemon: Daemon) -> None:
    """It was asked: that is another error than where none runs, and nobody may take it for that."""
    with pytest.raises(Unanswered, match=r"has not answered within 0\.1 seconds"):
        request(daemon.path, {"do": "sleep"}, timeout_s=0.1)
    assert listens(daemon.path)
    assert request(daemon.path, {"do": "echo"}) == {"do": "echo"}


def test_a_daemon_that_takes_no_more_requests_runs_and_was_asked_nothing(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening, socket.socket(socket.AF_UNIX) as waiting:
        listening.bind(str(tmp_path / "control.sock"))
        listening.listen(0)
        waiting.connect(str(tmp_path / "control.sock"))
        with pytest.raises(Unavailable, match="nothing was asked of it") as full:
            request(tmp_path / "control.sock", {"do": "echo"})
        assert not isinstance(full.value, (NotRunning, Unanswered))


def test_a_socket_left_by_a_killed_daemon_is_taken_over(tmp_path: Path) -> None:
    left = socket.socket(socket.AF_UNIX)
    left.bind(str(tmp_path / "control.sock"))
    left.close()
    with pytest.raises(Unavailable):
        request(tmp_path / "control.sock", {"do": "echo"})
    (tmp_path / "control.sock").unlink()
    with Daemon(tmp_path / "control.sock") as daemon:
        assert request(daemon.path, {"do": "echo"}) == {"do": "echo"}


def test_a_place_where_no_socket_can_be_is_wrong_use_and_says_what_to_move(tmp_path: Path) -> None:
    """A home that is wrong: a service does not start it again and again."""
    (tmp_path / "control.sock").mkdir()
    with pytest.raises(Misuse, match="no commands can be taken at") as taken:
        asyncio.run(serve(tmp_path / "control.sock", _nobody))
    assert "Move away" in taken.value.hint
    with pytest.raises(Misuse, match="No such file"):
        asyncio.run(serve(tmp_path / "no folder" / "control.sock", _nobody))


async def _nobody(_asked: Mapping[str, Any]) -> dict[str, Any]:
    raise AssertionError


def test_a_home_with_a_name_longer_than_a_sockets_address_works(tmp_path: Path) -> None:
    folder = tmp_path / ("n" * 120)
    folder.mkdir()
    with Daemon(folder / "control.sock") as daemon:
        assert request(daemon.path, {"do": "echo"}) == {"do": "echo"}
    with short_name(folder / "control.sock") as name:
        assert len(os.fsencode(name)) < 100


@given(st.dictionaries(st.text(), st.recursive(st.none() | st.integers() | st.text(), st.lists, max_leaves=5)))
def test_whatever_is_asked_arrives_as_it_was(asked: dict[str, Any]) -> None:
    line = encode_line(asked)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert decode_line(line) == asked


@pytest.mark.parametrize(
    "error",
    [Rejected("R1", "m", hint="h"), Misuse("m", hint="h"), StorageFailed("m", hint="h"), Unavailable("m", hint="h")],
)
def test_every_error_of_a_station_crosses_whole(error: OpenlineError) -> None:
    with pytest.raises(type(error)) as crossed:
        raise_error(json.loads(json.dumps(error_of(error))))
    assert (crossed.value.message, crossed.value.hint) == ("m", "h")
