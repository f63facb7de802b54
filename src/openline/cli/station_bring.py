"""`openline station bring`: a new charter, roster or stop notice reaches a station as a file."""

from __future__ import annotations

from pathlib import Path

import click

from openline.cli.answers import as_json, tell
from openline.cli.station_call import call, home_option, passphrase_option, read_passphrase


@click.command("bring")
@home_option
@passphrase_option
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@as_json
def bring(home: Path | None, passphrase_file: Path | None, file: Path, *, as_json: bool) -> None:
    """Give a station a complete charter, a roster or a stop notice of one of its lines.

    It proves itself, so it does not matter who brings it; the station hands it on to the others on the line.

    \b
      openline station bring --home station officer-4.stop
    """
    from openline.charter import read_charter
    from openline.runtime.ceremony import read_document_file
    from openline.runtime.roster_desk import document_line
    from openline.wire.payloads import DocumentClass, encode_document

    of, document = read_document_file(file)
    line = read_charter(document).line if of is DocumentClass.CHARTER else document_line(of, document)
    asked = {"do": "document", "line": line.hex(), "document": encode_document(of, document).hex()}
    taken = call(home, asked, read_passphrase(passphrase_file))
    view = {"document": of.name.lower(), **taken}
    tell(view, json_wanted=as_json, words=f"The station has taken the {view['document']} of line {view['line']}.")
