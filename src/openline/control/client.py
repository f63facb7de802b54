"""The asking end: one request, one answer, over the local socket of a running station."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from openline.control.place import short_name
from openline.control.protocol import ANSWER_BYTES_MAX, Answer, OtherVersion, decode_line, encode_line, raise_error
from openline.errors import Unavailable


def request(path: Path, asked: Mapping[str, Any], *, timeout_s: float | None = 60.0) -> dict[str, Any]:
    """Ask the daemon at `path`.  Raises Unavailable if none runs there, or the error that it answers.

    To read in the answer what only another version's has raises OtherVersion: tell its hint.
    """
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection, short_name(path) as name:
            connection.settimeout(timeout_s)
            connection.connect(name)
            connection.sendall(encode_line(asked))
            with connection.makefile("rb") as stream:
                line = stream.readline(ANSWER_BYTES_MAX)
    except OSError as error:
        raise Unavailable("no station's daemon answers here", hint="Start it with `openline station run`.") from error
    if not line.endswith(b"\n"):
        raise Unavailable("the daemon ended before it had answered", hint="Look at its log, then ask again.")
    answer = decode_line(line, Answer)
    if "error" in answer:
        raise_error(answer["error"])
    ok = answer["ok"]
    if not isinstance(ok, dict):
        raise OtherVersion("its answer has another form")
    return ok
