"""A command and a daemon of two versions: one error in words with what to do, and never a traceback."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from openline.cli import main
from openline.errors import Unavailable
from tests.control.test_control import Daemon

OLD_LINE = {"line": "5f16", "charter": 1, "statuses": ["TEST"], "me": "alba-1", "recovering": False}


class Older(Daemon):
    """A daemon that runs since before the last change of the program."""

    async def handle(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        match asked["do"]:
            case "lines":
                return {"time": "2026-11-22T02:10:09Z", "lines": [OLD_LINE]}
            case "alarms":
                return {"alarms": []}
        raise Unavailable("this station knows no such request: it is of another version of openline", hint="Start it.")


def asked(home: Path, *arguments: str) -> Result:
    with Older(home / "control.sock"):
        return CliRunner().invoke(main, [*arguments, "--home", str(home)])


def test_what_the_daemon_s_answer_lacks_is_its_other_version(tmp_path: Path) -> None:
    result = asked(tmp_path, "lines")
    assert (result.exit_code, result.stdout) == (3, "")
    first, second = result.stderr.splitlines()
    assert first == "error: the daemon that runs here is of another version of openline: its answer has no 'recovered'"
    assert second.startswith("hint:  Stop it and start it again with `openline station run`")


def test_a_script_is_told_so_as_json(tmp_path: Path) -> None:
    result = asked(tmp_path, "alarms", "--json")
    assert json.loads(result.stdout) == {"alarms": []}, "what both versions know still works"
    told = json.loads(asked(tmp_path, "drafts", "--json").stdout)["error"]
    assert "another version of openline" in told["message"]


@pytest.mark.parametrize("command", ["charter suspend", "refused", "forks", "watch --lang en"])
def test_other_commands_say_it_too(tmp_path: Path, command: str) -> None:
    result = asked(tmp_path, *command.split())
    assert result.exit_code == 3, result.output
    assert "another version of openline" in result.stderr
