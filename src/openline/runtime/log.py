"""The log: one JSON object a line, with a time, what happened and a few facts; never plaintext, never keys.

What may stand in it is decided where a line is written: rules, reasons, counts and path numbers, nothing a message
holds.  A test searches the logs of a whole run for canary words and for every key.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

LOG_BYTES_MAX = 16 * 1024 * 1024  # then the file is kept as log.jsonl.1, and a new one begun


class Log:
    """Appends to a file, or to nothing."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._file: TextIO | None = None
        if path is not None:
            self._open(path)

    def _open(self, path: Path) -> None:
        if path.exists() and path.stat().st_size > LOG_BYTES_MAX:
            path.replace(path.with_name(f"{path.name}.1"))
        self._file = path.open("a", encoding="utf-8")

    def note(self, what: str, **facts: object) -> None:
        """Add one line."""
        if self._file is None or self._path is None:
            return
        if self._file.tell() > LOG_BYTES_MAX:
            self._file.close()
            self._open(self._path)
        time = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        json.dump({"time": time, "what": what, **facts}, self._file, ensure_ascii=True)
        self._file.write("\n")
        self._file.flush()
