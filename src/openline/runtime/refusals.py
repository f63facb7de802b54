"""What a station refused since it started: one row for each rule and path, however often, for `openline refused`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from openline.identifiers import PathId

REFUSALS_SHOWN = 200  # rows: more than a screen, and more than rules times paths are ever refused in earnest

Json = dict[str, Any]


class Refusals:
    """Counts refusals.  The reason shown is that of the newest; what came is never kept."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, PathId | None], Json] = {}

    def note(self, rule: str, reason: str, path: PathId | None, utc: int) -> None:
        """Count one refusal."""
        now = datetime.fromtimestamp(utc, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        before = self._rows.pop((rule, path), None)
        self._rows[rule, path] = {
            "rule": rule,
            "reason": reason,
            "path": path,
            "count": 1 + (before["count"] if before else 0),
            "first": before["first"] if before else now,
            "last": now,
        }
        if len(self._rows) > REFUSALS_SHOWN:
            del self._rows[next(iter(self._rows))]  # the one that was refused longest ago

    def shown(self) -> list[Json]:
        """Return a row for each rule and path, the newest last."""
        return [dict(row) for row in self._rows.values()]
