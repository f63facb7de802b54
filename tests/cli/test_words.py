"""Words that are given on standard input: an option stands in the table of processes, for everybody on the machine."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from openline.cli import main
from openline.cli.say import WORDS_BYTES_MAX
from openline.runtime.lab import create

WORDS = "Всё тихо — for few\n아무 일 없음"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    made = create(tmp_path / "net", ["alba", "bora"], None, 1, 1)
    return Path(made["stations"]["alba"][0])


def give(home: Path, *arguments: object, text: str | bytes) -> Result:
    return CliRunner().invoke(main, [*map(str, arguments), "--home", str(home), "--json"], input=text)


def fields(home: Path, result: Result) -> dict[str, object]:
    shown = json.loads(give(home, "show", json.loads(result.stdout)["id"], text="").stdout)
    return dict(shown["fields"])


def test_words_on_standard_input_stand_in_no_table_of_processes(home: Path) -> None:
    """Also while the command waits, and exactly as they were given but for the last end of a line."""
    say = ["send", "--home", str(home), "--kind", "T1", "--text", "-", "--wait", "stored"]
    command = [sys.executable, "-m", "openline.cli", *say]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe) as waiting:
        assert waiting.stdin is not None
        assert waiting.stderr is not None
        waiting.stdin.write(WORDS.encode() + b"\n")
        waiting.stdin.close()
        while not (row := waiting.stderr.readline()).startswith(b"said "):
            assert row
        told = Path(f"/proc/{waiting.pid}/cmdline").read_bytes()
        waiting.send_signal(signal.SIGINT)
        waiting.wait(60)
    assert b"--text\x00-\x00" in told
    assert b"for few" not in told
    (said,) = json.loads(give(home, "inbox", "--sent", text="").stdout)["messages"]
    assert said["fields"] == {"text": WORDS}


def test_a_reason_and_a_fact_come_from_there_too(home: Path) -> None:
    opening = give(home, "crisis", "open", "--officer", 1, "--approve", "1,2", "--reason", "-", text="an object\n")
    assert fields(home, opening)["reason"] == "an object"
    suspended = give(home, "charter", "suspend", "--officer", 1, "--reason", "-", text="no watch")
    assert fields(home, suspended)["reason"] == "no watch"


@pytest.mark.parametrize(
    ("given", "named"),
    [(b"\xff\xfe", "no text in UTF-8"), (b"x" * (WORDS_BYTES_MAX + 1), "longer than 65536 bytes"), (b"", "text")],
)
def test_what_is_no_text_there_is_refused(home: Path, given: bytes, named: str) -> None:
    told = give(home, "send", "--kind", "T1", "--text", "-", text=given)
    assert told.exit_code == 2
    assert named in json.loads(told.stdout)["error"]["message"]


def test_fields_that_no_station_takes_are_refused_as_that(home: Path, tmp_path: Path) -> None:
    """600,000 bytes that are not ASCII are more than a million on their way; no daemon was missing."""
    file = tmp_path / "fields.json"
    file.write_text(json.dumps({"text": "é" * 300_000}, ensure_ascii=False), encoding="utf-8")
    told = give(home, "send", "--kind", "T1", "--fields", file, text="")
    assert told.exit_code == 2
    assert "bytes, and a station takes 1048576 at most" in json.loads(told.stdout)["error"]["message"]
