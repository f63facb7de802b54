"""`openline principal` and `--came`: how the principal's approval came, as an officer notes and reads it."""

import json
from pathlib import Path

import pytest

from tests.system.stage import HAZARD, Stage


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path / "net")


def test_how_the_approval_came_is_noted_with_the_words_or_later_and_is_shown(stage: Stage) -> None:
    home = stage.homes["alba-1"]
    said = stage.send("alba-1", "N6", "--officer", 1, "--principal", "YES", "--authority", "principal", **HAZARD)
    assert "approved by the principal: yes" in stage.run("inbox", "--home", home, "--sent")
    assert "kept here only" not in stage.run("show", "--home", home, said)
    noted = stage.json("principal", "--home", home, said[:8], "--came", "in-person", "--officer", 1,
                       "--at", "2026-03-04T05:06Z")  # fmt: skip
    assert noted["principal_came"] == [{"means": "in-person", "time": "2026-03-04T05:06:00Z", "officer": 1}]
    shown = stage.run("show", "--home", home, said)
    assert "authority principal; approved by the principal: yes" in shown
    assert "came in person, 2026-03-04 05:06:00 UTC, noted by officer 1; kept here only" in shown
    text = ["send", "--home", home, "--kind", "T1", "--text", "yes", "--principal", "YES"]
    stage.run(*text, "--came", "telephone", "--officer", 4)
    newest = stage.json("inbox", "--home", home, "--sent")["messages"][-1]
    assert [note["means"] for note in newest["principal_came"]] == ["telephone"]


def test_a_draft_carries_its_note_through_the_release(stage: Stage) -> None:
    home = stage.homes["alba-1"]
    launch = {
        "class": "space_launch_vehicle", "count": 1, "site": "39.66N 124.70E", "purpose": "space",
        "window": "2026-12-09T20:00Z/2026-12-10T02:00Z", "azimuth": 100, "impact_areas": [HAZARD["area"]],
    }  # fmt: skip
    file = stage.folder / "launch.json"
    file.write_text(json.dumps(launch), encoding="utf-8")
    said = ["send", "--home", home, "--kind", "N1", "--fields", file, "--officer", 1, "--principal", "YES"]
    identity = stage.json(*said, "--came", "writing")["draft"]
    assert "came in writing" in stage.run("drafts", "--home", home)
    for officer in (1, 2):
        stage.run("approve", "--home", home, identity[:8], "--officer", officer)
    assert "came in writing" in stage.run("show", "--home", home, identity)


@pytest.mark.parametrize("wrong", [["--came", "telephone"], ["--came", "telephone", "--principal", "YES"],
                                   ["--came", "telephone", "--principal", "NO", "--officer", "1"]])  # fmt: skip
def test_what_cannot_be_noted_is_refused_before_anything_is_said(stage: Stage, wrong: list[str]) -> None:
    home = stage.homes["alba-1"]
    told = stage.run("send", "--home", home, "--kind", "T1", "--text", "x", *wrong, status=2)
    assert "--principal YES and --officer" in told
    assert stage.json("inbox", "--home", home, "--sent")["messages"] == []
    for identity in ("ffff", "zz"):
        at = ["principal", "--home", home, identity, "--came", "writing", "--officer", 1]
        assert "hint:" in stage.run(*at, status=2)
