"""Asking a station: through its daemon if one runs, else by opening its home for one request."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from openline.control import NotRunning, Unanswered, listens, request
from openline.errors import Misuse, Unavailable

SOCKET = "control.sock"
HELD_WAIT_S = 10.0  # another command holds the store for a moment, a daemon that starts until its socket is there
HELD_LOOK_S = 0.1
ANSWER_S = 60.0  # longer than the slowest disk takes for one commit
ALONE = "openline.alone"
FILE_VARIABLE = "OPENLINE_PASSPHRASE_FILE"
LOOKS = frozenset(
    {"alarms", "context", "crisis", "drafts", "forks", "inbox", "lines", "prepare", "read-back", "refused", "show"}
)
"""Requests that change nothing, however often they are asked."""

LOOK_FIRST: Mapping[str, str] = {
    "submit": "`openline inbox --sent`",
    "draft": "`openline drafts`",
    "approve": "`openline drafts` and `openline inbox --sent`",
    "refuse": "`openline drafts`",
    "note_principal": "`openline drafts` and `openline inbox --sent`",
    "translate": "`openline inbox`",
}
"""Where an act is seen that must not be done twice.  All others may be."""

Opened = TypeVar("Opened")


class PerhapsDone(Unavailable):
    """A station was asked to do something and its answer is lost: it may be done, or may still be."""

    def __init__(self, why: str, act: str) -> None:
        look = LOOK_FIRST.get(act)
        again = f"look at {look} before you ask again." if look else "ask again: it does no harm if it was done."
        super().__init__(
            f"{why}: what was asked may have been done, or may still be",
            hint=f"Once `openline lines` answers, {again}",
        )


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
        type=click.Path(path_type=Path, dir_okay=False),
        envvar=FILE_VARIABLE,
        default=None,
        help=f"A file whose first line is the passphrase; or {FILE_VARIABLE}. Without it you are asked.",
    )(command)


def read_passphrase(file: Path | None, sealed: Path | None = None) -> str | None:
    """Return the passphrase: of the file; asked for at the terminal if the key file `sealed` needs one; else None."""
    if file is not None:
        return passphrase_in(file)
    if sealed is not None and sys.stdin.isatty() and _needs_passphrase(sealed):
        return str(click.prompt(f"Passphrase of {sealed.name}", hide_input=True, err=True))
    return None


def passphrase_in(file: Path) -> str:
    """Return a file's first line.  Raises Misuse if it is not there, is no text or is empty.

    None of these is mended by trying again: a service ends for good.
    """
    hint = "Write the passphrase as text, in the file's first line."
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise Misuse(f"{file} cannot be read: {error.strerror}", hint="Check its name and the rights.") from error
    except UnicodeDecodeError as error:
        raise Misuse(f"{file} is not in UTF-8", hint=hint) from error
    if not lines:
        raise Misuse(f"{file} is empty", hint=hint)
    return lines[0]


def _needs_passphrase(sealed: Path) -> bool:
    """Whether a key file is under a passphrase.  What cannot be read is told by whoever needs the key."""
    from openline.runtime.files import read
    from openline.runtime.keyfile import is_sealed

    try:
        return is_sealed(read(sealed))
    except Unavailable:
        return False


def chosen_home(home: Path | None) -> Path:
    """Return the home that is meant."""
    from openline.runtime.homes import default_home

    return home if home is not None else default_home()


def chosen_language(home: Path | None) -> str:
    """Return the language of the people at a station."""
    from openline.runtime.homes import read_settings

    return read_settings(chosen_home(home)).language


def call(home: Path | None, asked: Mapping[str, Any], passphrase: str | None = None) -> dict[str, Any]:
    """Return the answer to one request.

    With a daemon running: through its socket.  Without: the home is opened, the request answered, the home closed; what
    was said lies in the outbox for the next start.  What a daemon was asked is asked again only if it just looks: an
    act whose answer is lost raises PerhapsDone.
    """
    from openline.store import StoreHeld

    place = chosen_home(home)
    deadline = time.monotonic() + HELD_WAIT_S
    while True:
        try:
            return _asked(place, asked, passphrase)
        except StoreHeld:
            if time.monotonic() > deadline:
                raise
        except Unanswered as error:
            if asked["do"] not in LOOKS:
                raise PerhapsDone(error.message, str(asked["do"])) from error
            if time.monotonic() > deadline:
                raise
        except KeyboardInterrupt as error:
            if asked["do"] in LOOKS:
                raise
            raise PerhapsDone("ended here before it was answered", str(asked["do"])) from error
        time.sleep(HELD_LOOK_S)


def when_free(place: Path, opened: Callable[[], Opened]) -> Opened:
    """Return what `opened` makes of a home's store, once no command holds it.  Raises StoreHeld: a daemon does."""
    from openline.store import StoreHeld

    deadline = time.monotonic() + HELD_WAIT_S
    while True:
        try:
            return opened()
        except StoreHeld:
            if time.monotonic() > deadline or listens(place / SOCKET):
                raise
        time.sleep(HELD_LOOK_S)


def asks_alone() -> bool:
    """Return whether this command has found no daemon and opens the store itself, once for each request."""
    return bool(click.get_current_context().meta.get(ALONE))


def _asked(place: Path, asked: Mapping[str, Any], passphrase: str | None) -> dict[str, Any]:
    try:
        return request(place / SOCKET, asked, timeout_s=ANSWER_S)
    except NotRunning:
        return _once(place, asked, passphrase)


def _once(place: Path, asked: Mapping[str, Any], passphrase: str | None) -> dict[str, Any]:
    from openline.runtime.log import Log
    from openline.runtime.station import StationProcess

    if passphrase is None:
        file = os.environ.get(FILE_VARIABLE)
        passphrase = read_passphrase(Path(file) if file else None, place / "page.key")

    if not asks_alone():
        click.get_current_context().meta[ALONE] = True  # once for a command, however many requests it makes
        click.echo(f"no daemon runs on {place.name}: nothing is connected; this asks its store alone", err=True)

    async def once() -> dict[str, Any]:
        return await StationProcess(place, Log(None), passphrase).once(asked)

    return asyncio.run(once())
