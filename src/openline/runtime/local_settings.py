"""What `station.toml` says of one watch: times for translating others' words, and whom it calls.  Else refused."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from openline.dialogue.escalation import Rota, Step
from openline.engine.local_rules import LocalRules
from openline.engine.translations import TranslationLimits
from openline.errors import Misuse
from openline.wire.statement import Precedence

TYPES: Mapping[str, type] = {"translation": dict, "rota": list}
"""The tables of `station.toml` that are read here."""

MINUTES_MAX = 7 * 24 * 60  # a week: later is no limit
DEPUTIES_MAX = 8  # of one watch: who is called after them all is nobody's deputy
WHOM_CHARACTERS_MAX = 80  # one row of a terminal
SEE = "See docs/operations.md for every key."


def local_rules(path: Path, content: Mapping[str, Any]) -> LocalRules:
    """Return the local rules that a settings file's tables give.  Raises Misuse, naming the key that is wrong."""
    return LocalRules(_translation(path, content.get("translation", {})), _rota(path, content.get("rota", [])))


def _rota(path: Path, tables: list[Any]) -> Rota:
    """Return the deputies, in the order in which they are called."""
    if len(tables) > DEPUTIES_MAX or not all(isinstance(table, dict) for table in tables):
        hint = 'Write [[rota]] with after_minutes = 5 and call = "deputy officer 4".'
        raise Misuse(f"{path}: rota must be up to {DEPUTIES_MAX} tables", hint=hint)
    steps = []
    for table in tables:
        refuse_unknown(path, "rota", table, ("after_minutes", "call"))
        whom, after = table.get("call"), table.get("after_minutes", 0)
        if not isinstance(whom, str) or not 0 < len(whom) <= WHOM_CHARACTERS_MAX or not whom.isprintable():
            raise Misuse(f"{path}: call must be a role and number", hint='Write call = "deputy officer 4".')
        steps.append(Step(60 * minutes_of(path, "after_minutes", after) if after != 0 else 0, whom))
    return Rota(tuple(sorted(steps, key=lambda step: step.after_s)))


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
