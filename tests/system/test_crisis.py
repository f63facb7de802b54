"""The opening, the ticks and the closing of a crisis between two real stations, by commands and nothing else."""

import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.system.stage import Stage, running, until

ROTA = '\n[[rota]]\nafter_minutes = 0\ncall = "deputy officer 4"\n'
FIRST_TICK_S = 8  # the shortest interval is a minute, but the first report may be due at once


def seconds_from_now(seconds: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    made = Stage(tmp_path_factory.mktemp("crisis") / "net", relays=1)
    for name in ("alba-1", "bora-1"):
        settings = made.homes[name] / "station.toml"
        settings.write_text(settings.read_text(encoding="utf-8") + ROTA, encoding="utf-8")
    with running(made):
        made.meet()
        yield made


def crisis(stage: Stage, name: str) -> dict[str, Any]:
    """The one crisis of a station as its officers are shown it, with the word for the line."""
    (line,) = stage.json("crisis", "show", "--home", stage.homes[name])["lines"]
    return {**(line["crises"][-1] if line["crises"] else {}), "word": line["state"], "next_check": line["next_check"]}


def becomes(stage: Stage, name: str, wanted: Callable[[Any], object], words: str) -> dict[str, Any]:
    """Wait until a station's crisis is as it must be."""

    def attempt() -> dict[str, Any] | None:
        found = crisis(stage, name)
        return found if wanted(found) else None

    return until(attempt, words)


def alarms(stage: Stage, name: str) -> str:
    return "\n".join(stage.json("alarms", "--home", stage.homes[name])["alarms"])


def spoken(stage: Stage, name: str, *arguments: object, text: str = "") -> str:
    """Say something by command, released by the officers named with --approve; return its id."""
    return str(stage.json(*arguments, "--home", stage.homes[name], text=text)["id"])


def arrived(stage: Stage, name: str, identity: str) -> str:
    """Wait until a message is at a station; return its id there."""
    found = until(
        lambda: next((each for each in stage.json("inbox", "--home", stage.homes[name])["messages"]
                      if each["id"] == identity), None),
        f"{identity[:8]} did not arrive at {name}",
    )  # fmt: skip
    return str(found["id"])


def test_a_crisis_by_commands_from_its_opening_to_what_remains_to_be_done(stage: Stage, tmp_path: Path) -> None:
    alba, bora = stage.homes["alba-1"], stage.homes["bora-1"]
    assert crisis(stage, "alba-1")["word"] == "NO CRISIS"
    assert crisis(stage, "alba-1")["next_check"]["by"] in ("alba", "bora")

    # Bora opens: two persons, and one side suffices.  Nobody reports before both are in it.
    refused = stage.run("crisis", "report", "--home", bora, "--officer", 1, status=2)
    assert "no report is owed" in refused
    first = seconds_from_now(FIRST_TICK_S)
    fields = tmp_path / "c1.json"
    fields.write_text(f'{{"reason": "an object", "check_interval": "1 min", "next_contact": "{first}"}}')
    draft = stage.json("send", "--home", bora, "--kind", "C1", "--fields", fields, "--officer", 1)["draft"]
    stage.run("approve", "--home", bora, draft[:8], "--officer", 1)
    opening = str(stage.json("approve", "--home", bora, draft[:8], "--officer", 2)["id"])
    assert crisis(stage, "bora-1")["word"] == "OPENED BY US"
    becomes(stage, "alba-1", lambda each: each["word"] == "OPENED BY THEM, NOT JOINED", "Alba was not told")
    assert "CRISIS OPENED, NOT YET JOINED BY US" in alarms(stage, "alba-1")
    assert "CALL deputy officer 4" in alarms(stage, "alba-1")
    shown = stage.run("crisis", "show", "--home", alba)
    assert f"openline answer {opening[:16]} JOINED" in shown
    assert all(row.startswith("EXERCISE") for row in shown.splitlines()[1:-1])

    # Alba joins: interval and next contact are typed again, at a terminal; then both are in it.
    arrived(stage, "alba-1", opening)
    typed = f"?\n1 min\n{first}\n"
    spoken(stage, "alba-1", "answer", opening[:12], "JOINED", "--officer", 1, "--approve", "1,2", text=typed)
    stage.run("attend", "--home", alba, opening[:12])
    assert "CALL" not in alarms(stage, "alba-1")
    assert crisis(stage, "alba-1")["word"] == "CRISIS"
    becomes(stage, "bora-1", lambda each: each["word"] == "CRISIS", "Bora did not hear that Alba joined")
    assert crisis(stage, "bora-1")["next_check"] is None, "the reports stand in for the line check"

    # The first tick: Bora gives nothing new, Alba a fact, late.  Both ends name Alba until it comes.
    stage.run("crisis", "report", "--home", bora, "--officer", 1)
    late = becomes(stage, "bora-1", lambda each: each["overdue"], "nobody was overdue")
    assert [(each["by"], each["number"]) for each in late["overdue"]] == [("alba", 1)]
    until(partial(sounds, stage, "alba-1", "SITUATION REPORT 1 OVERDUE"), "Alba's own watch was not told")
    time.sleep(1)  # late is told in whole seconds
    report = ("crisis", "report", "--officer", 1, "--fact", "-", "--at", first)
    fell = spoken(stage, "alba-1", *report, text="object fell in the sea\n")
    told = becomes(stage, "bora-1", lambda each: not each["overdue"], "the late report did not come")
    assert {each["by"]: each["late_s"] > 0 for each in told["reports"]} == {"alba": True, "bora": False}
    assert [fact["what"] for fact in told["own_facts"]["alba"]] == ["object fell in the sea"]
    arrived(stage, "bora-1", fell)
    wrong = stage.run("answer", "--home", bora, fell[:12], "UNDERSTOOD", "--officer", 1,
                      "--typed", "own_facts.1.time=2017-01-01T00:00Z")  # fmt: skip
    assert "REOPENED" in wrong
    right = stage.run("answer", "--home", bora, fell[:12], "UNDERSTOOD", "--officer", 1,
                      "--typed", f"own_facts.1.time={first}")  # fmt: skip
    assert "CLOSED" in right

    agree_on_facts_and_interval(stage, tmp_path, opening, first)
    close_and_see_what_remains(stage, tmp_path, opening)


def agree_on_facts_and_interval(stage: Stage, tmp_path: Path, opening: str, when: str) -> None:
    """A fact is agreed when both watches have signed it, an interval when both have understood it."""
    file = tmp_path / "fields.json"
    file.write_text(f'{{"fact": "The object is down.", "time": "{when}"}}')
    fact = spoken(stage, "alba-1", "send", "--kind", "C4", "--fields", file, "--officer", 1)
    assert crisis(stage, "alba-1")["agreed_facts"] == []
    arrived(stage, "bora-1", fact)
    spoken(stage, "bora-1", "answer", fact[:12], "ACCEPT", "--officer", 1)
    for name in ("alba-1", "bora-1"):
        becomes(stage, name, lambda each: each["agreed_facts"] == [fact], f"{name} does not have the fact as agreed")

    file.write_text('{"changes": {"kind": "C1", "fields": {"check_interval": "15 min"}}}')
    proposed = spoken(stage, "alba-1", "send", "--kind", "K2", "--ref", opening[:12], "--fields", file,
                      "--officer", 1, "--approve", "1,2")  # fmt: skip
    arrived(stage, "bora-1", proposed)
    assert crisis(stage, "bora-1")["interval_s"] == 60, "proposed is not agreed"
    spoken(stage, "bora-1", "answer", proposed[:12], "UNDERSTOOD", "--officer", 1, "--typed", "check_interval=15 min")
    for name in ("alba-1", "bora-1"):
        becomes(stage, name, lambda each: each["interval_s"] == 900, f"{name} does not have the new interval")


def sounds(stage: Stage, name: str, words: str) -> bool | None:
    return words in alarms(stage, name) or None


def close_and_see_what_remains(stage: Stage, tmp_path: Path, opening: str) -> None:
    """It is closed when both have signed; what it leaves to do falls due until a message is named that does it."""
    due = seconds_from_now(FIRST_TICK_S)
    file = tmp_path / "c3.json"
    file.write_text(
        '{"conditions_met": ["object down"], '
        f'"follow_ups": [{{"what": "technical note", "by_whom": "alba", "due": "{due}"}}]}}'
    )
    closure = spoken(stage, "alba-1", "send", "--kind", "C3", "--ref", opening[:12], "--fields", file,
                     "--officer", 3, "--approve", "2,3")  # fmt: skip
    arrived(stage, "bora-1", closure)
    for name in ("alba-1", "bora-1"):
        assert crisis(stage, name)["word"] == "CRISIS, CLOSURE PROPOSED"
    spoken(stage, "bora-1", "answer", closure[:12], "ACCEPT", "--officer", 3, "--approve", "2,3")
    for name in ("alba-1", "bora-1"):
        closed = becomes(stage, name, lambda each: each["word"] == "CLOSED", f"{name} does not have it closed")
        assert closed["next_check"] is not None
        (left,) = closed["follow_ups"]
        assert (left["what"], left["by"], left["done"]) == ("technical note", "alba", None)
    for name in ("alba-1", "bora-1"):
        until(partial(sounds, stage, name, "FOLLOW-UP 1 OVERDUE"), "the note did not fall due")
    note = stage.send("alba-1", "T1", "--officer", 1, text="the technical note")
    arrived(stage, "bora-1", note)
    stage.run("crisis", "done", "--home", stage.homes["bora-1"], closure[:12], 1, "--by", note[:12])
    assert "FOLLOW-UP" not in alarms(stage, "bora-1")
    assert f"done by {note[:16]}" in stage.run("crisis", "show", "--home", stage.homes["bora-1"])
    stage.run("crisis", "done", "--home", stage.homes["bora-1"], closure[:12], 2, "--by", note[:12], status=2)
