"""What `station.toml` says of one watch: within what time others' words are translated.  Everything else is refused."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from openline.engine.local_rules import LocalRules
from openline.engine.translations import TranslationLimits
from openline.errors import Misuse
from openline.wire.statement import Precedence

TYPES: Mapping[str, type] = {"translation": dict}
"""The tables of `station.toml` that are read here."""

MINUTES_MAX = 7 * 24 * 60  # a week: later is no limit
SEE = "See docs/operations.md for every key."


def local_rules(path: Path, content: Mapping[str, Any]) -> LocalRules:
    """Return the local rules that a settings file's tables give.  Raises Misuse, naming the key that is wrong."""
    return LocalRules(translation=_translation(path, content.get("translation", {})))


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
