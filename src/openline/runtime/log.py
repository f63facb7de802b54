"""The log: one JSON object a line, with a time, what happened and a few facts; never plaintext, never keys.

What may stand in it is decided where a line is written: rules, reasons, counts and path numbers, nothing a message
holds.  A test searches the logs of a whole run for canary words and for every key.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from openline.errors import Misuse

LOG_BYTES_MAX = 16 * 1024 * 1024  # then the file is kept as log.jsonl.1, and a new one begun


class Log:
    """Appends to a file, or to nothing.  Raises Misuse if the file cannot be opened.

    What the disk does not take is said on standard error: a log must never stop a station, nor hide why one stops.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._file: BinaryIO | None = None
        if path is not None:
            try:
                self._open(path)
            except OSError as error:
                raise Misuse(f"{path} cannot be written: {error.strerror}", hint="Check whose folder it is.") from error

    def _open(self, path: Path) -> None:
        if path.exists() and path.stat().st_size > LOG_BYTES_MAX:
            path.replace(path.with_name(f"{path.name}.1"))
        self._file = path.open("ab", buffering=0)  # nothing stays behind in a buffer

    def note(self, what: str, **facts: object) -> None:
        """Add one line with the time."""
        self.dated({"what": what, **facts})

    def dated(self, facts: Mapping[str, object]) -> None:
        """Add one line with the time before it."""
        time = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        self.add({"time": time, **facts})

    def add(self, facts: Mapping[str, object]) -> None:
        """Add one line as it is."""
        if self._file is None or self._path is None:
            return
        line = json.dumps(dict(facts), ensure_ascii=True) + "\n"
        try:
            if self._file.tell() > LOG_BYTES_MAX:
                self._file.close()
                self._open(self._path)
            self._file.write(line.encode("ascii"))
        except OSError as error:
            sys.stderr.write(f"the log takes nothing ({error.strerror}): {line}")

    def close(self) -> None:
        """End the log."""
        if self._file is not None:
            self._file.close()
            self._file = None
