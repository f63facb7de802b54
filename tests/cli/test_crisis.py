"""A crisis and a read-back at the command line: what is missing or wrong is named, with what to do next."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from openline.cli import main
from openline.runtime.lab import create

HAZARD = {
    "hazard": "live_firing",
    "area": {"corners": ["39.50N 131.50E", "39.50N 132.50E", "38.00N 132.50E"]},
    "period": "2026-12-09T12:00Z/2026-12-10T12:00Z",
}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    made = create(tmp_path / "net", ["alba", "bora", "doria"], None, 1, 1)
    return Path(made["stations"]["alba"][0])


def give(home: Path, *arguments: object, text: str = "") -> Result:
    return CliRunner().invoke(main, [*map(str, arguments), "--home", str(home)], input=text)


def opened(home: Path, *more: str) -> str:
    command = ("crisis", "open", "--officer", 1, "--approve", "1,2", "--reason", "an object", "--json", *more)
    return str(json.loads(give(home, *command).stdout)["id"])


def test_without_a_crisis_the_next_line_check_is_told(home: Path) -> None:
    shown = give(home, "crisis", "show").stdout
    assert "NO CRISIS" in shown
    assert "next line check due" in shown


def test_a_crisis_is_opened_on_a_whole_minute_and_shown_with_what_to_do(home: Path) -> None:
    about = json.loads(give(home, "send", "--kind", "T1", "--text", "x", "--json").stdout)["id"]
    opening = opened(home, "--every", "10", "--about", about[:12], "--action", "bora")
    fields = json.loads(give(home, "show", opening, "--json").stdout)["fields"]
    assert fields["check_interval"] == "10 min"
    assert fields["related"] == [about[:40]]
    shown = give(home, "crisis", "show").stdout
    assert "OPENED BY US" in shown
    assert "a report every 10 min" in shown
    assert all(row.startswith("EXERCISE") for row in shown.splitlines()[1:-1])


def test_by_one_person_it_waits_for_a_releaser(home: Path) -> None:
    draft = json.loads(give(home, "crisis", "open", "--officer", 1, "--reason", "an object", "--json").stdout)
    assert "releaser" in draft["needs"]
    assert json.loads(give(home, "crisis", "show", "--json").stdout)["lines"][0]["state"] == "NO CRISIS"


def test_nobody_who_waits_takes_a_draft_for_something_said(home: Path) -> None:
    """A script that opens a crisis and waits until it is stored must not read 0 while nothing was said."""
    waited = give(home, "crisis", "open", "--officer", 1, "--reason", "an object", "--wait", "stored", "--json")
    assert waited.exit_code == 5
    told = json.loads(waited.stdout)["error"]
    assert "not said yet" in told["message"]
    assert f"openline approve {told['draft'][:8]}" in told["hint"]
    (kept,) = json.loads(give(home, "drafts", "--json").stdout)["drafts"]
    assert kept["id"] == told["draft"]


@pytest.mark.parametrize(
    ("command", "named"),
    [
        (["crisis", "report", "--officer", "1"], "no report is owed"),
        (["crisis", "report", "--officer", "1", "--crisis", "ffff"], "no report is owed"),
        (["crisis", "done", "00ff", "1"], "no message here begins so"),
        (["crisis", "open", "--reason", "x", "--about", "00ff"], "no message here begins so"),
        (["crisis", "open", "--reason", "x", "--officer", "77"], "officer 77"),
        (["attend", "00ff"], "no message here begins so"),
    ],
)
def test_what_cannot_be_done_is_named(home: Path, command: list[str], named: str) -> None:
    opened(home)
    result = give(home, *command)
    assert result.exit_code == 2
    assert named in result.stderr
    assert "hint:" in result.stderr


def test_what_is_no_closure_leaves_nothing_to_do(home: Path) -> None:
    opening = opened(home)
    result = give(home, "crisis", "done", opening[:12], 1)
    assert result.exit_code == 2
    assert "openline crisis show" in result.stderr


def test_an_officer_takes_a_message_so_that_nobody_else_is_called_for_it(home: Path) -> None:
    opening = opened(home)
    taken = give(home, "attend", opening[:12])
    assert f"has taken {opening[:16]}" in taken.stdout


def test_a_change_asks_those_whom_the_message_asked_and_no_others(home: Path) -> None:
    fields = home / "n6.json"
    fields.write_text(json.dumps(HAZARD), encoding="utf-8")
    said = give(home, "send", "--kind", "N6", "--fields", fields, "--officer", 1, "--action", "bora", "--json")
    identity = json.loads(said.stdout)["id"]
    fields.write_text('{"reason": "other"}', encoding="utf-8")
    told = give(home, "send", "--kind", "K3", "--ref", identity, "--fields", fields, "--officer", 1, "--json")
    change = json.loads(give(home, "show", json.loads(told.stdout)["id"], "--json").stdout)
    assert change["action"] == ["bora"]


@pytest.mark.parametrize(
    ("arguments", "text", "named"),
    [
        (["--typed", "area"], "", "no field with its text"),
        (["--typed", "area= "], "", "no field with its text"),
        (["--typed", "azimuth=100"], "", "azimuth is no field of N6 to read back"),
        (["--typed", "period=9 20:00/10 02:00"], "", "area of N6 is not read back"),
        ([], "?\n\n39.50N 131.50E\n", "the read-back was not typed to its end"),
        ([], "", "--typed area=... --typed period=..."),
    ],
)
def test_a_read_back_is_asked_for_field_by_field(
    home: Path, tmp_path: Path, arguments: list[str], text: str, named: str
) -> None:
    fields = tmp_path / "n6.json"
    fields.write_text(json.dumps(HAZARD), encoding="utf-8")
    said = give(home, "send", "--kind", "N6", "--fields", fields, "--officer", 1, "--json")
    identity = json.loads(said.stdout)["id"]
    result = give(home, "answer", identity[:12], "UNDERSTOOD", "--officer", 1, *arguments, text=text)
    assert result.exit_code == 2
    assert named in result.stderr
    assert "132.50" not in result.stderr + result.stdout, "the message's own values are never shown meanwhile"


def test_what_reads_nothing_back_takes_nothing_typed(home: Path) -> None:
    said = give(home, "send", "--kind", "T1", "--text", "x", "--json")
    identity = json.loads(said.stdout)["id"]
    result = give(home, "answer", identity[:12], "YES", "--typed", "time=18:24Z")
    assert "YES reads nothing back" in result.stderr
