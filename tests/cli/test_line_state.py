"""`openline charter suspend|resume|close` at a station's home: what is said, what is refused."""

import time
from pathlib import Path
from typing import Any

import pytest

from openline.charter import ApprovalRule
from openline.runtime.charter_form import catalogue_approvals
from openline.wire.statement import Authority
from tests.system.stage import Stage

BOTH = ApprovalRule(24, ((Authority.DUTY_OFFICER, Authority.RELEASER),))


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """Two parties whose daemons do not run: each command asks the store alone."""
    return Stage(tmp_path / "net")


def of_the_line(stage: Stage, name: str = "alba-1") -> dict[str, str]:
    """What each party has said of the line last, as this station knows it."""
    (line,) = stage.json("lines", "--home", stage.homes[name])["lines"]
    return {each["party"]: each["state"] for each in line["said_of_the_line"]}


def sent(stage: Stage) -> list[dict[str, Any]]:
    return list(stage.json("inbox", "--home", stage.homes["alba-1"], "--sent")["messages"])


def charter(stage: Stage, word: str, *more: object, status: int = 0) -> str:
    return stage.run("charter", word, "--home", stage.homes["alba-1"], "--officer", 1, *more, status=status)


def test_a_suspension_is_an_l2_with_its_period_and_a_reason_that_may_be_withheld(stage: Stage) -> None:
    assert of_the_line(stage) == {}
    words = charter(stage, "suspend", "--until", "2030-01-02T03:04Z", "--alternate", "the embassy")
    assert words.startswith("said ")
    assert "SUSPENDED" in words
    (message,) = sent(stage)
    assert (message["kind"], message["officer"], message["precedence"]) == ("L2", 1, "PRIORITY")
    fields = message["fields"]
    assert fields["period"].endswith("/2030-01-02T03:04Z")
    assert (fields["state"], fields["reason"], fields["alternate"]) == ("suspended", "WITHHELD", "the embassy")
    assert of_the_line(stage) == {"alba": "suspended"}
    assert "alba has said of this line, signed: suspended" in stage.run("lines", "--home", stage.homes["alba-1"])


def test_each_state_follows_only_what_it_can_follow(stage: Stage) -> None:
    assert "nothing to resume" in charter(stage, "resume", status=2)
    charter(stage, "suspend", "--reason", "no watch")
    again = charter(stage, "suspend", status=2)
    assert "said so already" in again
    assert "openline charter resume" in again
    charter(stage, "resume")
    assert "nothing to resume" in charter(stage, "resume", status=2)
    charter(stage, "suspend")
    charter(stage, "close", "--from", "2030-01-02T03:04Z", "--reason", "the mission has ended")
    assert "said so already" in charter(stage, "close", status=2)
    assert "closes the line" in charter(stage, "suspend", status=2)
    time.sleep(1)  # the same words in the same second are the same message
    charter(stage, "resume")
    assert of_the_line(stage) == {"alba": "resumed"}
    states = [message["fields"]["state"] for message in sent(stage)]
    assert states == ["suspended", "resumed", "suspended", "closing", "resumed"]


def test_in_suspension_anything_can_still_be_said_and_its_author_is_told_who_is_away(stage: Stage) -> None:
    charter(stage, "suspend")
    said = ["send", "--home", stage.homes["alba-1"], "--kind", "T1", "--text", "still here"]
    assert stage.json(*said)["id"]
    prepared = stage.json("charter", "resume", "--home", stage.homes["alba-1"])
    assert prepared["id"]


def test_scripts_get_one_json_object_and_errors_as_json(stage: Stage) -> None:
    home = stage.homes["alba-1"]
    done = stage.json("charter", "suspend", "--home", home)
    assert set(done) == {"id", "line"}
    refused = stage.json("charter", "suspend", "--home", home, status=2)
    assert set(refused["error"]) == {"rule", "message", "hint"}
    for wrong in (["--line", "ffff"], ["--officer", "99"]):
        assert stage.json("charter", "resume", "--home", home, *wrong, status=2)["error"]["hint"]
    late = stage.json("charter", "close", "--home", home, "--from", "tomorrow", status=2)
    assert "period" in late["error"]["message"]


def test_a_folder_that_is_no_home_and_a_home_on_no_line_are_told_so(tmp_path: Path, stage: Stage) -> None:
    assert "home" in stage.run("charter", "suspend", "--home", tmp_path / "nowhere", status=2)
    assert "begins so" in charter(stage, "suspend", "--line", "ffff", status=2)


def test_where_two_must_approve_one_is_too_few_and_a_draft_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_two = sorted([*catalogue_approvals(), BOTH], key=lambda rule: rule.kind)
    monkeypatch.setattr("openline.runtime.lab.catalogue_approvals", lambda: tuple(by_two))
    stage = Stage(tmp_path / "net")
    home = stage.homes["alba-1"]
    told = charter(stage, "suspend", "--approve", "1", status=1)
    assert "R104" in told
    assert "1 of 2 approvals" in told
    assert "waits as a draft" in told
    kept = stage.json("charter", "suspend", "--home", home, "--officer", 1)
    assert kept["needs"] == "duty officer and releaser"
    assert of_the_line(stage) == {}
    assert not stage.json("approve", "--home", home, kept["draft"][:8], "--officer", 1)["said"]
    assert stage.json("approve", "--home", home, kept["draft"][:8], "--officer", 2)["said"]
    assert of_the_line(stage) == {"alba": "suspended"}
    assert charter(stage, "resume", "--approve", "1,2").startswith("said ")
