"""The timetable that the engine plays is that of the exercise, when the exercise's own table lies beside the project.

Each state that the table says both consoles must agree on is looked for in what the played row expects of them; a
state that no pattern here reads is a fault, so the table cannot grow unnoticed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engine.crisis_hour import DATA
from tests.engine.pair import Anything

ROOT = Path(__file__).resolve().parents[2]
EXERCISE = ROOT.parent / "shared/exercises/december-2017-injects.md"
HEADING = "## The hour of the crisis, by the minute"
PARTIES = {"US": "alba", "DPRK": "bora"}  # the exercise's parties as this project's invented ones
TIME = re.compile(r"\d\d:\d\d(?::\d\d)?")
ROWS = {row["at"]: row["expect"] for row in DATA["row"]}


def full(clock: str) -> str:
    return clock if clock.count(":") == 2 else f"{clock}:00"


def is_tick(row: Anything, at: str, first: str, last: str | None) -> bool:
    ticks = DATA["reports"][int(first) - 1 : int(last or first)]
    return full(at) in {full(tick) for tick in ticks} or any("by 90 s" in late for late in row.get("late", []))


STATES: dict[str, Callable[..., bool]] = {
    r"(\w\d) open, answer by ([\d:]+)": lambda row, _, name, by: row["dialogues"][name] == f"OPEN until {by}",
    r"crossed with (\w\d)": lambda row, _, name: name in row["crossed"],
    r"(\w\d) acknowledged, not answered": lambda row, _, name: (
        row["marks"][name][-1] == "acknowledged" and row["dialogues"][name].startswith("OPEN")
    ),
    r"(\w\d) reopened": lambda row, _, name: row["dialogues"][name].startswith("REOPENED"),
    r"(\w\d) closed": lambda row, _, name: row["dialogues"][name] == "CLOSED",
    r"(\w\d) passed on": lambda row, _, name: "passed_on" in row["marks"][name],
    r"opened by (\w+), not yet joined": lambda row, _, by: (
        row["crisis"][PARTIES[by]] == "OPENED BY US" and "OPENED BY THEM, NOT JOINED" in row["crisis"].values()
    ),
    r"CRISIS, 5 min": lambda row, _: row["crisis"] == "CRISIS" and DATA["fields"]["C1"]["check_interval"] == "5 min",
    r"ticks? (\d+)(?:[–,] ?(\d+))?": is_tick,
    r"two facts, one candidate for agreement": lambda row, _: len(row["may_agree"]) == 1,
    r"(\w\d) updated": lambda row, _, name: row["standing"][name] == "UPDATED",
    r"(\w+) OVERDUE from ([\d:]+)": lambda row, _, who, since: (
        row["overdue"] == [f"{PARTIES[who]} 3 since {since}"] and len(row["alarms"]) == len(PARTIES)
    ),
    r"late (\d+) s": lambda row, _, late: row["late"] == [f"alba 3 by {late} s"],
    r"(\w\d) open$": lambda row, _, name: row["dialogues"][name].startswith("OPEN"),
    r"(\w\d) retracted": lambda row, _, name: row["dialogues"][name] == "RETRACTED",
    r"unit told": lambda row, _: "alarms" not in row,  # the alarm that ends when the second passing on is said
    r"closure proposed, crisis open": lambda row, _: row["crisis"] == "CRISIS, CLOSURE PROPOSED",
    r"^closed": lambda row, _: row["crisis"] == "CLOSED",
    r"hourly check ([\d:]+) by (\w+)": lambda row, _, due, by: row["check"] == f"{full(due)} {PARTIES[by]}",
}
"""What the exercise's table says of a minute, and how the played row says it."""


def table() -> list[tuple[list[str], list[str]]]:
    """The exercise's rows: the times of each, and the states that both consoles must agree on."""
    text = EXERCISE.read_text(encoding="utf-8").partition(HEADING)[2].partition("\n## ")[0]
    cells = [
        [cell.strip() for cell in row.strip("|\n ").split("|")] for row in text.splitlines() if row.startswith("|")
    ]
    return [(TIME.findall(row[0]), [each.strip() for each in row[3].split(";")]) for row in cells[2:]]


def test_every_minute_of_the_exercise_is_played_and_expects_what_its_table_says() -> None:
    if not EXERCISE.is_file():
        pytest.skip("the exercise's table is not beside the project; crisis_hour.toml is always played")
    rows = table()
    assert len(rows) >= 20
    for times, states in rows:
        assert {full(at) for at in times} <= ROWS.keys(), "every second is played"
        for state in states:
            if state != "–":
                assert shown(times, state), (times, state)


def shown(times: list[str], state: str) -> bool:
    """Whether some row of these times expects each thing that a state says, and each is one that we can read."""
    found = [(pattern, match) for pattern in STATES for match in re.finditer(pattern, state)]
    played = [(ROWS[full(at)], at) for at in times]
    return bool(found) and all(
        any(holds(STATES[pattern], row, at, match) for row, at in played) for pattern, match in found
    )


def holds(says: Callable[..., bool], row: Anything, at: str, match: re.Match[str]) -> bool:
    try:
        return says(row, at, *match.groups())
    except (KeyError, AttributeError):
        return False  # the row expects nothing of the kind
