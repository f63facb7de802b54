"""Asking a station: through its daemon if one runs, else by opening its home for one request."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from openline.control import request
from openline.errors import Unavailable

SOCKET = "control.sock"


def home_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --home to a command."""
    return click.option(
        "--home",
        type=click.Path(path_type=Path, file_okay=False),
        envvar="OPENLINE_HOME",
        default=None,
        help="The station's folder. Without it: OPENLINE_HOME, or openline/station in the user's data folder (XDG).",
    )(command)


def line_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --line to a command."""
    return click.option("--line", default="", help="The line's id or its beginning; needed only if there are several.")(
        command
    )


def passphrase_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --passphrase-file to a command."""
    return click.option(
        "--passphrase-file",
        type=click.Path(path_type=Path, dir_okay=False, exists=True),
        default=None,
        help="A file whose first line is the passphrase of the page key, if it has one.",
    )(command)


def read_passphrase(file: Path | None) -> str | None:
    """Return the first line of a passphrase file."""
    return None if file is None else file.read_text(encoding="utf-8").splitlines()[0]


def chosen_home(home: Path | None) -> Path:
    """Return the home that is meant."""
    from openline.runtime.homes import default_home

    return home if home is not None else default_home()


def call(home: Path | None, asked: Mapping[str, Any], passphrase: str | None = None) -> dict[str, Any]:
    """Return the answer to one request.

    With a daemon running: through its socket.  Without: the home is opened, the request answered, the home closed; what
    was said lies in the outbox for the next start.
    """
    place = chosen_home(home)
    try:
        return request(place / SOCKET, asked)
    except Unavailable:
        if (place / SOCKET).exists() and _daemon_answers(place):
            raise
    from openline.runtime.log import Log
    from openline.runtime.station import StationProcess

    async def once() -> dict[str, Any]:
        return await StationProcess(place, Log(None), passphrase).once(asked)

    return asyncio.run(once())


def _daemon_answers(place: Path) -> bool:
    try:
        request(place / SOCKET, {"do": "alarms"}, timeout_s=5.0)
    except Unavailable:
        return False
    return True
