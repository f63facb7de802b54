"""The log: one JSON object a line, with a time, what happened and a few facts; never plaintext, never keys.

What may stand in it is decided where a line is written: rules, reasons, counts and path numbers, nothing a message
holds.  A test searches the logs of a whole run for canary words and for every key.
"""

from __future__ import annotations

import contextlib
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
    A full file that cannot be set aside is written on to twice its size, and each line tries again.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._file: BinaryIO | None = None
        if path is not None:
            with contextlib.suppress(OSError):
                _set_aside(path)
            try:
                self._file = _opened(path)
            except OSError as error:
                raise Misuse(f"{path} cannot be written: {error.strerror}", hint="Check whose folder it is.") from error

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
                self._begin_anew(self._path, self._file)
            self._file.write(line.encode("ascii"))
        except OSError as error:
            _say(f"the log takes nothing ({error.strerror}): {line}")

    def close(self) -> None:
        """End the log."""
        if self._file is not None:
            _close(self._file)
            self._file = None

    def _begin_anew(self, path: Path, full: BinaryIO) -> None:
        """Set the full file aside and begin a new one.  Where that fails the old one goes on for as long again."""
        try:
            _set_aside(path)
            self._file = _opened(path)  # before the old one is closed: there is always one to write into
        except OSError:
            if full.tell() > 2 * LOG_BYTES_MAX:
                raise  # more than that fills the disk in the end, and a full disk stops the station
        else:
            _close(full)


def _opened(path: Path) -> BinaryIO:
    return path.open("ab", buffering=0)  # nothing stays behind in a buffer


def _set_aside(path: Path) -> None:
    # A crash after this: the full file has its other name, and the next start begins a new one.
    if path.exists() and path.stat().st_size > LOG_BYTES_MAX:
        path.replace(path.with_name(f"{path.name}.1"))


def _close(file: BinaryIO) -> None:
    with contextlib.suppress(OSError):  # each line was written, or was said not to be, when it came
        file.close()


def _say(text: str) -> None:
    """Say it on standard error, if that takes anything: it may lie on the same full disk, or be closed."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        sys.stderr.write(text)
