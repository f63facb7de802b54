"""From the ceremony to a station that can start: its keys and the documents of its line become a home."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from openline.charter import LineDocuments, StationItem, StationSeeds, read_charter
from openline.engine import Home
from openline.errors import Misuse
from openline.identifiers import LINE_SHOWN_BYTES
from openline.ports import Row
from openline.runtime.ceremony import SUITE
from openline.runtime.files import read
from openline.runtime.homes import Settings, make_home
from openline.runtime.keyfile import purpose_of, read_secret
from openline.wire.payloads import DocumentClass

SEED_BYTES = 32


def read_station_key(path: Path) -> StationSeeds:
    """Return the three seeds of a station's key file.  Raises Misuse if it is another kind of file."""
    content = read(path)
    purpose = purpose_of(content)
    secret = read_secret(content, purpose, None)
    if not purpose.startswith("station ") or len(secret) != 3 * SEED_BYTES:
        raise Misuse(f"{path} is the key file of {purpose}, not of a station", hint="Name the station-N.key file.")
    return StationSeeds(*(secret[place : place + SEED_BYTES] for place in (0, SEED_BYTES, 2 * SEED_BYTES)))


def open_station(
    home: Path, key: Path, documents: Sequence[tuple[DocumentClass, bytes]], settings: Settings
) -> StationItem:
    """Make a station's home from its key file and its line's charters, rosters and stop notices.

    Raises Misuse if the first charter is lacking or no roster lists the key, Rejected for a document that is refused.
    """
    seeds = read_station_key(key)
    in_order = sorted(documents, key=_order)
    first = next((document for of, document in in_order if of is DocumentClass.CHARTER), None)
    if first is None:
        raise Misuse("no charter is among the documents", hint="Name every charter of the line, the first one too.")
    line = LineDocuments(read_charter(first).line)
    rows: list[Row] = []
    for of, document in in_order:
        rows += line.accept(of, document, SUITE, int(time.time())).rows
    public = SUITE.public(seeds.sign)
    item = next((item for item in line.all_stations() if item.sign == public), None)
    if item is None:
        shown = line.line[:LINE_SHOWN_BYTES].hex()
        raise Misuse(
            f"no roster of line {shown} among these documents lists this station",
            hint="Name the complete charter, and your own party's roster in force.",
        )
    make_home(home, settings, [Home(line.line, item.id, seeds)], rows)
    return item


def _order(document: tuple[DocumentClass, bytes]) -> tuple[int, int]:
    of, content = document
    return of, read_charter(content).charter.number if of is DocumentClass.CHARTER else 0
