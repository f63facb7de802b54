"""How commands answer: in words or JSON, and errors with what to do next and a documented exit code."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import click

from openline.errors import Misuse, OpenlineError, Rejected, StorageFailed, Unavailable

JSON_WANTED = "openline.json_wanted"
EXIT_REFUSED, EXIT_USAGE, EXIT_UNAVAILABLE, EXIT_DISK, EXIT_TIME = 1, 2, 3, 4, 5

as_json = click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object, for scripts.")


class OutOfTime(OpenlineError):
    """What was waited for did not happen in the time given; what was said stands and goes on its way."""


def exit_code(error: OpenlineError) -> int:
    """Return the exit code that an error ends the program with."""
    codes: list[tuple[type[OpenlineError], int]] = [
        (Rejected, EXIT_REFUSED),
        (OutOfTime, EXIT_TIME),
        (StorageFailed, EXIT_DISK),
        (Unavailable, EXIT_UNAVAILABLE),
        (Misuse, EXIT_USAGE),
    ]
    return next((code for kind, code in codes if isinstance(error, kind)), EXIT_USAGE)


class Guarded(click.Group):
    """A group that turns documented errors into words on standard error and an exit code.

    With --json, wrong use of the command line itself is told as JSON too: a script reads one form only.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take note of --json wherever it stands: an error may come before the command has read its own options."""
        ctx.meta[JSON_WANTED] = "--json" in args
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; tell a documented error instead of a traceback."""
        try:
            return super().invoke(ctx)
        except OpenlineError as error:
            tell_error(error, json_wanted=ctx.meta[JSON_WANTED])
            ctx.exit(exit_code(error))
        except click.UsageError as error:
            if ctx.meta[JSON_WANTED]:
                _tell_json("", error.format_message(), "See --help of this command.")
            raise


def tell_error(error: OpenlineError, *, json_wanted: bool) -> None:
    """Say what is wrong, and what to do next, on standard error; as JSON on standard output too if that is wanted."""
    if json_wanted:
        _tell_json(error.rule if isinstance(error, Rejected) else "", error.message, error.hint)
    click.echo(f"error: {clean(str(error))}", err=True)
    if error.hint:
        click.echo(f"hint:  {clean(error.hint)}", err=True)


def _tell_json(rule: str, message: str, hint: str) -> None:
    click.echo(json.dumps({"error": {"rule": rule, "message": message, "hint": hint}}))


def clean(text: str) -> str:
    """Return text that may have come from elsewhere with nothing in it that a terminal would obey or hide."""
    from openline.catalogue.untrusted import visible

    return visible(text)


def tell(value: Mapping[str, Any], *, json_wanted: bool, words: str) -> None:
    """Print an answer, as JSON or in words."""
    click.echo(json.dumps(value, ensure_ascii=False) if json_wanted else words)
