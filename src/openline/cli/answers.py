"""How commands answer: in words or JSON, and errors with what to do next and a documented exit code."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

import click

from openline.cli.failures import let_go_of_output, of_fault, of_system
from openline.errors import Misuse, OpenlineError, Rejected, StorageFailed, Unavailable

JSON_WANTED = "openline.json_wanted"
NAMED = ("id", "draft")  # facts of an error: what was said, or may have been; the draft that was kept
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
    """A group that turns errors into words on standard error and a documented exit code; the outermost one tells them.

    With --json, wrong use of the command line itself is told as JSON too: a script reads one form only, and once.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take note of --json wherever it stands: an error may come before the command has read its own options."""
        if ctx.parent is not None:
            return super().parse_args(ctx, args)
        ctx.meta[JSON_WANTED] = "--json" in args
        with _usage_told(ctx):
            return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; tell an error instead of a traceback."""
        if ctx.parent is not None:
            return super().invoke(ctx)
        try:
            with _usage_told(ctx):
                return super().invoke(ctx)
        except OpenlineError as error:
            raise _told(ctx, error) from error
        except (click.exceptions.Exit, click.Abort, click.ClickException, BrokenPipeError):
            raise  # click ends the program as each of them wants
        except OSError as error:
            raise _told(ctx, of_system(error)) from error
        except Exception as error:
            raise _told(ctx, of_fault(error)) from error


@contextmanager
def _usage_told(ctx: click.Context) -> Iterator[None]:
    """Tell wrong use of the command line as JSON, if that is wanted; its words are click's."""
    try:
        yield
    except click.UsageError as error:
        if ctx.meta[JSON_WANTED]:
            _tell_json("", error.format_message(), "See --help of this command.")
        raise


def _told(ctx: click.Context, error: OpenlineError) -> click.exceptions.Exit:
    """Tell an error; return what ends the program with its code, even if its output is on a full disk."""
    let_go_of_output()
    tell_error(error, json_wanted=ctx.meta[JSON_WANTED])
    let_go_of_output()
    return click.exceptions.Exit(exit_code(error))


def tell_error(error: OpenlineError, *, json_wanted: bool) -> None:
    """Say what is wrong, and what to do next, on standard error; as JSON on standard output too if that is wanted."""
    named = {name: str(error.facts[name]) for name in NAMED if name in error.facts}
    if json_wanted:
        _tell_json(error.rule if isinstance(error, Rejected) else "", error.message, error.hint, **named)
    with suppress(OSError):  # where nobody can be told the code still says it
        click.echo(f"error: {clean(str(error))}", err=True)
        if error.hint:
            click.echo(f"hint:  {clean(error.hint)}", err=True)
        for name, value in named.items():
            click.echo(f"{name + ':':6} {value}", err=True)


def _tell_json(rule: str, message: str, hint: str, **named: str) -> None:
    with suppress(OSError):  # its disk may be what is full: the words follow
        click.echo(json.dumps({"error": {"rule": rule, "message": message, "hint": hint, **named}}))


def clean(text: str) -> str:
    """Return text that may have come from elsewhere with nothing in it that a terminal would obey or hide."""
    from openline.catalogue.untrusted import visible

    return visible(text)


def tell(value: Mapping[str, Any], *, json_wanted: bool, words: str) -> None:
    """Print an answer, as JSON or in words."""
    click.echo(json.dumps(value, ensure_ascii=False) if json_wanted else words)
