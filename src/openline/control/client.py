"""The asking end: one request, one answer, over the local socket of a running station."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from openline.control.place import short_name
from openline.control.protocol import (
    ANSWER_BYTES_MAX,
    REQUEST_BYTES_MAX,
    Answer,
    OtherVersion,
    decode_line,
    encode_line,
    raise_error,
    too_long,
)
from openline.errors import Misuse, Unavailable


class NotRunning(Unavailable):
    """No daemon takes requests here: nothing was asked of one."""


class Unanswered(Unavailable):
    """A daemon was asked and has not answered: what was asked may have been done, and a stalled one may still do it."""


def request(path: Path, asked: Mapping[str, Any], *, timeout_s: float | None = 60.0) -> dict[str, Any]:
    """Ask the daemon at `path`.

    Raises NotRunning, Unanswered, or the error that it answers; Misuse for a request that no daemon reads to its end.
    To read in the answer what only another version's has raises OtherVersion: tell its hint.
    """
    line = encode_line(asked)
    if len(line) > REQUEST_BYTES_MAX:
        raise Misuse(
            f"what is asked takes {len(line)} bytes, and a station takes {REQUEST_BYTES_MAX} at most",
            hint="No message and no document is so long: shorten it, or name another file.",
        )
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(timeout_s)
        _connect(connection, path)
        answer = decode_line(_exchange(connection, line), Answer)
    if "error" in answer:
        raise_error(answer["error"])
    ok = answer["ok"]
    if not isinstance(ok, dict):
        raise OtherVersion("its answer has another form")
    return ok


def listens(path: Path) -> bool:
    """Return whether a daemon takes requests at `path`; nothing is asked of it."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        try:
            _connect(connection, path)
        except Unavailable as error:
            return not isinstance(error, NotRunning)
    return True


def _connect(connection: socket.socket, path: Path) -> None:
    try:
        with short_name(path) as name:
            connection.connect(name)
    except BlockingIOError as error:
        raise Unavailable(
            "the station's daemon runs and takes no more requests now; nothing was asked of it",
            hint="Ask again. If it stays so, look at its log: it may be stopped, or its disk may stall.",
        ) from error
    except OSError as error:
        raise NotRunning("no station's daemon answers here", hint="Start it with `openline station run`.") from error


def _exchange(connection: socket.socket, line: bytes) -> bytes:
    """Return the answer to a request.  Raises Unanswered, whatever became of the request, or tells one too long."""
    try:
        connection.sendall(line)
        with connection.makefile("rb") as stream:
            answer = stream.readline(ANSWER_BYTES_MAX)
    except TimeoutError as error:
        raise Unanswered(
            f"the daemon has not answered within {connection.gettimeout():g} seconds",
            hint="Look at its log: it may be stopped, or its disk may stall.",
        ) from error
    except OSError:
        answer = b""
    if len(answer) == ANSWER_BYTES_MAX and not answer.endswith(b"\n"):
        raise too_long(ANSWER_BYTES_MAX)
    if not answer.endswith(b"\n"):
        raise Unanswered("the daemon ended before it had answered", hint="Look at its log, then ask again.")
    return answer
