"""A command and its daemon, when the daemon goes away, stalls or is not there yet: nothing is done twice unseen."""

import json
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from openline.control import request
from tests.system.stage import Stage, program, running

LAUNCH = {
    "class": "space_launch_vehicle", "count": 1, "site": "39.66N 124.70E", "purpose": "space",
    "window": "2026-12-09T20:00Z/2026-12-10T02:00Z", "azimuth": 100,
    "impact_areas": [{"corners": ["39.50N 131.50E", "39.50N 133.50E", "38.00N 133.50E", "38.00N 131.50E"]}],
}  # fmt: skip


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path / "net")
    with running(made, "alba-1"):
        yield made


@contextmanager
def losing_the_answer_to(stage: Stage, act: str, number: signal.Signals) -> Iterator[threading.Event]:
    """Stand before a daemon's socket until it is asked for `act`: no answer to it comes back.

    What is yielded is set once that has been asked.

    SIGKILL: it has done it, and is gone.  SIGSTOP: it has been asked, and does it when it goes on.
    """
    place = stage.homes["alba-1"] / "control.sock"
    behind = place.with_name("behind.sock")
    place.rename(behind)
    was_asked = threading.Event()
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(place))
        listening.listen()

        def stand() -> None:
            asked = {"do": ""}
            while asked["do"] != act:
                connection, _ = listening.accept()
                with connection, connection.makefile("rwb") as stream:
                    asked = json.loads(stream.readline())
                    if asked["do"] == act and number is signal.SIGSTOP:
                        stage.processes["alba-1"].send_signal(number)
                    if asked["do"] == act:
                        was_asked.set()
                    answer = request(behind, asked)
                    if asked["do"] != act:
                        stream.write(json.dumps({"ok": answer}).encode() + b"\n")
                    elif number is signal.SIGKILL:
                        stage.kill("alba-1")

        standing = threading.Thread(target=stand, daemon=True)
        standing.start()
        try:
            yield was_asked
        finally:
            if number is signal.SIGSTOP:
                stage.processes["alba-1"].send_signal(signal.SIGCONT)
        standing.join(10)
        assert not standing.is_alive()
    behind.replace(place)


def test_an_approval_whose_answer_is_lost_is_not_given_again(stage: Stage) -> None:
    """It may have been done: that is said, with where to look, and is no refusal."""
    alba = stage.homes["alba-1"]
    file = stage.folder / "n1.json"
    file.write_text(json.dumps(LAUNCH), encoding="utf-8")
    draft = stage.json("send", "--home", alba, "--kind", "N1", "--fields", file, "--officer", 1)["draft"]
    with losing_the_answer_to(stage, "approve", signal.SIGKILL):
        told = stage.json("approve", "--home", alba, draft, "--officer", 1, status=3)["error"]
    assert "may have been done" in told["message"]
    assert "`openline drafts`" in told["hint"]
    (kept,) = stage.json("drafts", "--home", alba)["drafts"]
    assert kept["approved_by"] == [1]


def test_a_message_whose_answer_is_lost_is_named_so_that_nobody_says_it_twice(stage: Stage) -> None:
    """Its id is known before it is said: one look tells whether it was."""
    alba = stage.homes["alba-1"]
    with losing_the_answer_to(stage, "submit", signal.SIGKILL):
        told = stage.json("send", "--home", alba, "--kind", "T1", "--text", "Once only", status=3)["error"]
    assert f"openline show {told['id'][:16]}" in told["hint"]
    (said,) = stage.json("inbox", "--home", alba, "--sent")["messages"]
    assert said["id"] == told["id"]


def test_a_stalled_daemon_may_still_say_it_and_the_command_says_so(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store is not asked behind its back, and it is no wrong use of the command."""
    alba = stage.homes["alba-1"]
    monkeypatch.setattr("openline.cli.station_call.ANSWER_S", 0.5)
    monkeypatch.setattr("openline.cli.station_call.HELD_WAIT_S", 0.2)
    with losing_the_answer_to(stage, "submit", signal.SIGSTOP):
        told = stage.json("send", "--home", alba, "--kind", "T1", "--text", "Later", status=3)["error"]
        looked = stage.run("lines", "--home", alba, status=3)
    assert "may have been done, or may still be" in told["message"]
    assert "has not answered within 0.5 seconds" in looked
    assert "may have been done" not in looked, "looking does nothing"
    assert stage.json("show", "--home", alba, told["id"])["fields"] == {"text": "Later"}


def test_ctrl_c_while_it_is_being_said_is_no_refusal(stage: Stage) -> None:
    """Whoever ends the command then is told under which id it may have been said."""
    command = program("send", "--home", stage.homes["alba-1"], "--kind", "T1", "--text", "Ended", "--json")
    with (
        losing_the_answer_to(stage, "submit", signal.SIGSTOP) as asked,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as saying,
    ):
        assert asked.wait(60)
        saying.send_signal(signal.SIGINT)
        told, _ = saying.communicate(timeout=60)
    assert saying.returncode == 3
    assert stage.json("show", "--home", stage.homes["alba-1"], json.loads(told)["error"]["id"])["seq"] == 0


def test_what_is_waited_for_before_a_daemon_runs_comes_once_it_does(tmp_path: Path) -> None:
    """The command that waits does not keep the daemon from its own store, and hears of the receipt from it."""
    made = Stage(tmp_path / "net")
    say = program("send", "--home", made.homes["alba-1"], "--kind", "T1", "--text", "Early", "--wait", "stored")
    with subprocess.Popen(say, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as waiting:
        assert waiting.stderr is not None
        while not (row := waiting.stderr.readline()).startswith("said "):
            assert row
        with running(made):
            said, _ = waiting.communicate(timeout=60)
    assert waiting.returncode == 0
    assert "stored by every addressee" in said
