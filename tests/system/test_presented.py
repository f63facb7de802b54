"""A presented receipt is signed for the sender: never before a person can have had the message on the screen."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system.stage import Stage, program, running, until


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    made = Stage(tmp_path_factory.mktemp("presented") / "net")
    with running(made):
        made.meet()
        yield made


@pytest.fixture
def said(stage: Stage) -> Iterator[str]:
    """A message of Alba's that waits at Bora, and still waits when the test is over."""
    identity = stage.send("alba-1", "T1", "--wait", "stored", text="Not seen yet")
    yield identity
    assert identity in stage.json("inbox", "--home", stage.homes["bora-1"], "--peek")["unpresented"]
    assert stage.ask("alba-1", do="show", id=identity)["status"]["presented"] == []


@pytest.mark.usefixtures("said")
def test_asked_for_in_a_language_that_nobody_wrote_it_is_not_presented(stage: Stage) -> None:
    for command in (["inbox"], ["inbox", "--json"], ["watch"]):
        told = stage.run(*command, "--home", stage.homes["bora-1"], "--lang", "xx", status=2)
        assert "no wording in that language" in told


@pytest.mark.usefixtures("said")
@pytest.mark.parametrize(
    ("row", "named"), [('langauge = "ko"', "unknown key 'langauge'"), ('language = "kr"', "language 'kr'")]
)
def test_with_a_slip_in_the_settings_of_a_station_that_runs_it_is_not_presented(
    stage: Stage, row: str, named: str
) -> None:
    settings = stage.homes["bora-1"] / "station.toml"
    before = settings.read_text(encoding="utf-8")
    settings.write_text(f'name = "bora-1"\n{row}\n', encoding="utf-8")
    try:
        for command in ("inbox", "watch"):
            assert named in stage.run(command, "--home", stage.homes["bora-1"], status=2)
    finally:
        settings.write_text(before, encoding="utf-8")


@pytest.mark.usefixtures("said")
@pytest.mark.parametrize("command", [["inbox"], ["inbox", "--json"], ["watch"]])
def test_what_could_not_be_written_out_is_not_presented(stage: Stage, command: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(
            program(*command, "--home", stage.homes["bora-1"]),
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    assert ended.returncode != 0


@pytest.mark.usefixtures("said")
@pytest.mark.parametrize("command", ["inbox", "watch"])
def test_where_there_is_no_standard_output_at_all_nothing_is_presented(stage: Stage, command: str) -> None:
    closed = ["sh", "-c", 'exec "$@" >&-', "sh", *program(command, "--home", stage.homes["bora-1"])]
    ended = subprocess.run(closed, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
    assert ended.returncode == 2
    assert "no standard output" in ended.stderr


def test_what_was_written_out_is_presented(stage: Stage) -> None:
    identity = stage.send("alba-1", "T1", "--wait", "stored", text="Seen now")
    shown = subprocess.run(
        program("inbox", "--home", stage.homes["bora-1"]), capture_output=True, text=True, timeout=60, check=True
    )
    assert "Seen now" in shown.stdout
    until(
        lambda: stage.ask("alba-1", do="show", id=identity)["status"]["presented"] or None,
        "what was shown was not presented",
    )


def test_a_daemon_that_goes_away_once_all_is_shown_presents_it_at_the_next_look(tmp_path: Path) -> None:
    """The one JSON object is told already: that presenting failed is said in words, and the code says so too."""
    stage = Stage(tmp_path / "net")
    with running(stage):
        stage.meet()
        identity = stage.send("alba-1", "T1", "--wait", "stored", text="Shown, and then the power went")
        ending = (
            "import sys, openline.cli.see as see\n"
            "from openline.cli import main\n"
            "from openline.errors import Unavailable\n"
            "def gone(ask, found): raise Unavailable('the daemon ended before it had answered')\n"
            "see.present = gone\n"
            "main(sys.argv[1:])\n"
        )
        ended = subprocess.run(
            [sys.executable, "-c", ending, "inbox", "--json", "--home", str(stage.homes["bora-1"])],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert ended.returncode == 3
        assert [message["id"] for message in json.loads(ended.stdout)["messages"]] == [identity]
        assert "error: the daemon ended" in ended.stderr
        assert stage.ask("bora-1", do="inbox")["unpresented"] == [identity]
        stage.run("inbox", "--home", stage.homes["bora-1"])
        assert stage.ask("bora-1", do="inbox")["unpresented"] == []
