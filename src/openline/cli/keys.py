"""Keys in use: renew them at any doubt."""

from __future__ import annotations

from pathlib import Path

import click

from openline.cli.answers import as_json, tell
from openline.cli.station_call import call, home_option, line_option


@click.command()
@home_option
@line_option
@as_json
def rekey(home: Path | None, line: str, *, as_json: bool) -> None:
    """Renew this station's prekey and every epoch of a line at once: after a theft, a doubt, or a strange restart.

    Nothing is lost: what is under way under the old keys is sealed again under the new ones.

    \b
      openline rekey --home net/alba-1
    """
    done = call(home, {"do": "rekey", "line": line})
    tell({"line": done["line"]}, json_wanted=as_json, words="renewed; the other stations are told when a path is open")
