"""Reading back at the terminal: each field is typed again, and nothing of the message is shown while that is done."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from openline.cli.station_call import call
from openline.errors import Misuse

READS_BACK = frozenset({"UNDERSTOOD", "JOINED"})


def read_back(home: Path | None, line: str, identity: str, typed: Sequence[str]) -> dict[str, str] | None:
    """Return what the officer reads back, field by field: as given in `typed`, else asked for; None if nothing is.

    Raises Misuse for what is not FIELD=TEXT, and if there is nobody to ask.
    """
    asked = call(home, {"do": "read-back", "line": line, "id": identity})
    if typed:
        return _given(typed)
    if not asked["fields"]:
        return None
    click.echo(f"Read back {asked['kind']}: type what you have understood. Do not look at the message.", err=True)
    try:
        return {field["path"]: _ask(field) for field in asked["fields"]}
    except click.Abort:
        paths = " ".join(f"--typed {field['path']}=..." for field in asked["fields"])
        raise Misuse("not answered: the read-back was not typed to its end", hint=f"Or give it: {paths}") from None


def _given(typed: Sequence[str]) -> dict[str, str]:
    pairs = [each.partition("=") for each in typed]
    wrong = [path + equals for path, equals, text in pairs if not (path and equals and text.strip())]
    if wrong:
        raise Misuse(f"{wrong[0]!r} is no field with its text", hint="Write --typed time=18:24Z.")
    return {path: text for path, _, text in pairs}


def _ask(field: dict[str, Any]) -> str:
    expected = ", ".join(field["values"]) or field["type"]
    while True:
        given = str(click.prompt(f"{field['path']} ({expected})", default="", show_default=False, err=True)).strip()
        if given == "?":
            click.echo(field["help"], err=True)
        elif given:
            return given
