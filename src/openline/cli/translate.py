"""`openline translate`: what a person here made of a message's own words.  No machine does, and nothing is sent."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from openline.cli.answers import as_json, tell
from openline.cli.blocks import translation_of, width, wrap
from openline.cli.station_call import call, home_option, line_option
from openline.errors import Misuse

SIGHT, CHECKED, WITHDRAWN = "sight-translated", "checked", "withdrawn"
TEXT_BYTES_MAX = 65_536  # more is refused by the station in any case; so much is read from a file


@click.command()
@home_option
@line_option
@click.argument("identity", metavar="ID")
@click.option("--sight", "step", flag_value=SIGHT, help="Read out by one officer: quick, and may be wrong.")
@click.option("--official", "step", flag_value=CHECKED, help="Checked by a second officer, with --checked-by.")
@click.option("--withdraw", "step", flag_value=WITHDRAWN, help="It proved wrong: the text is UNTRANSLATED again.")
@click.option("--officer", default=0, help="Who translates at sight, or withdraws: the number in your party's roster.")
@click.option("--checked-by", default=0, help="Who has checked it: another officer than the one who translated.")
@click.option("--text-file", type=click.Path(path_type=Path, dir_okay=False), default=None,
              help="The translation; - for standard input. With --official: only if its words are better.")  # fmt: skip
@as_json
def translate(
    home: Path | None, line: str, identity: str, step: str | None, officer: int, checked_by: int,
    text_file: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Keep a person's translation of a message's own words: SIGHT by one officer, OFFICIAL checked by another.

    It stays at this station, as that person's words and never the sender's. Until it is OFFICIAL its clock runs, and
    the alarm sounds when a sight translation, or its check, is overdue.

    \b
      openline translate --home net/alba-1 7c91 --sight --officer 4 --text-file words.txt
      openline translate --home net/alba-1 7c91 --official --checked-by 1
    """
    if step is None:
        raise Misuse("no step is named", hint="Give one of --sight, --official, --withdraw.")
    person, named = (checked_by, "--checked-by") if step == CHECKED else (officer, "--officer")
    if not person:
        raise Misuse("nobody is named whose work this is", hint=f"Give {named} with a number of your roster.")
    if step == SIGHT and text_file is None:
        raise Misuse("a sight translation without a text is none", hint="Give it with --text-file; - reads it here.")
    asked = {"do": "translate", "line": line, "id": identity, "step": step, "officer": person}
    done = call(home, {**asked, "text": _read(text_file)})
    shown = {"id": done["id"], "translation": done["translation"]}
    prefix = f"{done['translation']['exercise']:8}  "
    rows = [part for row in translation_of(shown) for part in wrap(prefix, row, width())]
    tell(done, json_wanted=as_json, words="\n".join(rows))


def _read(file: Path | None) -> str:
    if file is None:
        return ""
    try:
        if str(file) == "-":
            return sys.stdin.read(TEXT_BYTES_MAX)
        with file.open(encoding="utf-8") as opened:
            return opened.read(TEXT_BYTES_MAX)
    except (OSError, UnicodeDecodeError) as error:
        raise Misuse(f"{file} cannot be read as text", hint="Name a text file in UTF-8.") from error
