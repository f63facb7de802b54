"""What `station.toml` says of one watch: when others' words are translated, whom it calls.  All else is refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from openline.dialogue.escalation import DAY_MINUTES, DAYS, Duty, Rota, Step
from openline.engine.local_rules import LocalRules
from openline.engine.translations import TranslationLimits
from openline.errors import Misuse
from openline.wire.statement import Precedence

TYPES: Mapping[str, type] = {"translation": dict, "rota": list}
"""The tables of `station.toml` that are read here."""

ROTA_MAX = 32  # deputies of one watch, each with its hours: a week of three shifts with a head of the watch
OFFICER_MAX = 255
MONDAY = 4 * 86_400  # UTC seconds of some Monday's first minute
HOURS = re.compile(r"(\d\d):([0-5]\d)-(\d\d):([0-5]\d)")
MINUTES_MAX = 7 * 24 * 60  # a week: later is no limit
WHOM_CHARACTERS_MAX = 80  # one row of a terminal
SEE = "See docs/operations.md for every key."


def local_rules(path: Path, content: Mapping[str, Any]) -> LocalRules:
    """Return the local rules that a settings file's tables give.  Raises Misuse, naming the key that is wrong."""
    return LocalRules(_translation(path, content.get("translation", {})), _rota(path, content.get("rota", [])))


def _rota(path: Path, rows: list[Any]) -> Rota:
    """Return the deputies in the order in which they are called: by their minutes, then as they stand in the file."""
    if len(rows) > ROTA_MAX or not all(isinstance(row, dict) for row in rows):
        raise Misuse(f"{path}: rota must be at most {ROTA_MAX} tables", hint="Begin each with [[rota]].")
    rota = Rota(tuple(sorted((_step(path, row) for row in rows), key=lambda step: step.after_s)))
    gap = _gap(rota)
    if gap is not None:
        day, minute = divmod(gap, DAY_MINUTES)
        when = f"{DAYS[day]} {minute // 60:02}:{minute % 60:02} UTC"
        raise Misuse(f"{path}: the rota has nobody on {when}", hint="Give a last deputy without days and hours.")
    return rota


def _step(path: Path, row: Mapping[str, Any]) -> Step:
    refuse_unknown(path, "rota", row, ("officer", "call", "after_minutes", "days", "hours"))
    officer, after = row.get("officer", 0), row.get("after_minutes", 0)
    whom = row.get("call", f"officer {officer}")
    lowest = 1 if "officer" in row or "call" not in row else 0
    if type(officer) is not int or not lowest <= officer <= OFFICER_MAX:
        raise Misuse(f"{path}: rota.officer must be a number of your party's roster", hint="Write officer = 2.")
    if not isinstance(whom, str) or not 0 < len(whom) <= WHOM_CHARACTERS_MAX or not whom.isprintable():
        raise Misuse(f"{path}: rota.call must be a role and number", hint='Write call = "deputy officer 4".')
    after_s = 60 * (0 if after == 0 and type(after) is int else minutes_of(path, "rota.after_minutes", after))
    days = row.get("days", list(DAYS))
    if not isinstance(days, list) or not days or not all(day in DAYS for day in days):
        raise Misuse(f"{path}: rota.days must be a list of days", hint=f"Days are: {', '.join(DAYS)}.")
    first, until = _hours(path, row.get("hours", "00:00-24:00"))
    duty = Duty(frozenset(DAYS.index(day) for day in days), first, until)
    return Step(after_s, whom, officer, duty)


def _hours(path: Path, hours: object) -> tuple[int, int]:
    match = HOURS.fullmatch(hours) if isinstance(hours, str) else None
    first, until = (60 * int(match[1]) + int(match[2]), 60 * int(match[3]) + int(match[4])) if match else (0, 0)
    if match is None or first >= DAY_MINUTES or until > DAY_MINUTES or first == until:
        raise Misuse(
            f"{path}: rota.hours must be hours of the day, UTC",
            hint='Write hours = "06:00-18:00", or "18:00-06:00" over midnight.',
        )
    return first, until


def _gap(rota: Rota) -> int | None:
    """Return the first minute of the week (Monday 00:00 is 0) in which nobody can be called; None if there is none."""
    edges = {0, *(each for step in rota.steps for each in (step.duty.first, step.duty.until % DAY_MINUTES))}
    for day in range(len(DAYS)) if rota.steps else ():
        for minute in sorted(edges):
            utc = MONDAY + 60 * (day * DAY_MINUTES + minute)
            if not any(step.duty.covers(utc) for step in rota.steps):
                return day * DAY_MINUTES + minute
    return None


def _translation(path: Path, table: Mapping[str, Any]) -> TranslationLimits:
    refuse_unknown(path, "translation", table, ("none_from", "sight_minutes", "official_minutes"))
    codes = table.get("none_from", [])
    if not isinstance(codes, list) or not all(isinstance(code, str) for code in codes):
        raise Misuse(f"{path}: none_from must be a list of parties' codes", hint='Write none_from = ["bora"].')
    return TranslationLimits(
        sight_s=_by_precedence(path, table, "sight_minutes"),
        official_s=_by_precedence(path, table, "official_minutes"),
        none_from=frozenset(codes),
    )


def _by_precedence(path: Path, table: Mapping[str, Any], name: str) -> dict[Precedence, int]:
    minutes = table.get(name, {})
    if not isinstance(minutes, dict):
        raise Misuse(f"{path}: {name} must be a table of precedences", hint=f"Write {name} = {{FLASH = 10}}.")
    refuse_unknown(path, name, minutes, tuple(Precedence.__members__))
    return {Precedence[key]: 60 * minutes_of(path, f"{name}.{key}", value) for key, value in minutes.items()}


def minutes_of(path: Path, name: str, value: object) -> int:
    """Return a number of minutes.  Raises Misuse."""
    if type(value) is not int or not 1 <= value <= MINUTES_MAX:
        raise Misuse(f"{path}: {name} must be a number of minutes from 1 to {MINUTES_MAX}", hint=SEE)
    return value


def refuse_unknown(path: Path, where: str, table: Mapping[str, Any], known: tuple[str, ...]) -> None:
    """Raise Misuse if a table has a key that is not known."""
    unknown = sorted(set(table) - set(known))
    if unknown:
        raise Misuse(f"{path}: {where} has the unknown key {unknown[0]!r}", hint=f"Known are: {', '.join(known)}.")
