"""Typed reading of a TOML table: each key has one type, and a key that nobody asked for is an error."""

from __future__ import annotations

from collections.abc import Mapping

from openline.catalogue.kinds.errors import CatalogueBroken
from openline.catalogue.kinds.values import Json


class Table:
    """One table of a file; ask for each key, then call `finish`.  Every method raises CatalogueBroken."""

    def __init__(self, code: str, rows: Mapping[str, object], what: str = "") -> None:
        self._code = code
        self._rows = dict(rows)
        self._what = what

    def broken(self, problem: str) -> CatalogueBroken:
        """Return the error that names this table."""
        return CatalogueBroken(
            f"the catalogue's file of {self._code} is not well formed: {problem}", kind=self._code, field=self._what
        )

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text; without a default it must be there."""
        value = self._rows.pop(key, default)
        if not isinstance(value, str):
            raise self.broken(f"{key} is not a text")
        return value

    def one_of(self, key: str, allowed: tuple[str, ...], default: str | None = None) -> str:
        """Return a text that is one of those allowed."""
        value = self.text(key, default)
        if value not in allowed:
            raise self.broken(f"{key} is none of {', '.join(allowed)}")
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        """Return true or false."""
        value = self._rows.pop(key, default)
        if not isinstance(value, bool):
            raise self.broken(f"{key} is neither true nor false")
        return value

    def number(self, key: str, default: int | None = None) -> int:
        """Return a whole number; without a default it must be there."""
        value = self._rows.pop(key, default)
        if type(value) is not int:
            raise self.broken(f"{key} is not a whole number")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of different texts; empty if absent."""
        value = self._rows.pop(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.broken(f"{key} is not a list of texts")
        if len(set(value)) != len(value):
            raise self.broken(f"{key} names something twice")
        return tuple(value)

    def lists(self, key: str) -> tuple[tuple[str, ...], ...]:
        """Return a list of lists of texts; empty if absent."""
        value = self._rows.pop(key, [])
        if not isinstance(value, list):
            raise self.broken(f"{key} is not a list of lists")
        return tuple(Table(self._code, {key: item}).texts(key) for item in value)

    def tables(self, key: str) -> list[Table]:
        """Return the tables of an array of tables; empty if absent."""
        value = self._rows.pop(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.broken(f"{key} is not an array of tables")
        return [Table(self._code, item, str(item.get("name", ""))) for item in value]

    def mapping(self, key: str) -> dict[str, str]:
        """Return a table of texts; empty if absent."""
        value = self._rows.pop(key, {})
        if not isinstance(value, dict):
            raise self.broken(f"{key} is not a table")
        inner = Table(self._code, value)
        return {name: inner.text(name) for name in value}

    def json(self, key: str) -> dict[str, Json]:
        """Return a table of values that JSON has too (no dates, no decimals); empty if absent."""
        value = self._rows.pop(key, {})
        if not isinstance(value, dict):
            raise self.broken(f"{key} is not a table")
        return {name: self._json(item) for name, item in value.items()}

    def _json(self, value: object) -> Json:
        if isinstance(value, bool | int | str):
            return value
        if isinstance(value, list):
            return [self._json(item) for item in value]
        if isinstance(value, dict):
            return {str(name): self._json(item) for name, item in value.items()}
        raise self.broken(f"a {type(value).__name__} has no place in an example; write it as text")

    def finish(self) -> None:
        """Refuse keys that nobody asked for: a slip of the pen would otherwise change nothing, silently."""
        if self._rows:
            raise self.broken(f"unknown keys {', '.join(sorted(self._rows))}")
