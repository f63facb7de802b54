"""The world's formats: OASIS CAP 1.2 (both ways), GeoJSON and NOTAM text.

What each keeps and loses stands in `table.toml` and on the reference pages.  An export is
for others to read; the proof of what was said is the record.
"""

from __future__ import annotations

from openline.catalogue.formats.cap import CapImport, from_cap, to_cap
from openline.catalogue.formats.errors import ForeignRefused, FormatError, NotExpressible
from openline.catalogue.formats.geojson import places_from_geojson, to_geojson
from openline.catalogue.formats.message import Earlier, Message
from openline.catalogue.formats.notam import Notam, read_notam, to_notam

__all__ = [
    "CapImport",
    "Earlier",
    "ForeignRefused",
    "FormatError",
    "Message",
    "NotExpressible",
    "Notam",
    "from_cap",
    "places_from_geojson",
    "read_notam",
    "to_cap",
    "to_geojson",
    "to_notam",
]
