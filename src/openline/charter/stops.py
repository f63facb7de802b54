"""A stop notice ends one station or officer at once and for ever.

The root makes it when it certifies the key, and the party keeps it under seal: so a lost key can be ended by whoever is
on watch, without the root.  It acts from its arrival.
"""

from __future__ import annotations

from dataclasses import dataclass

from openline.charter.documents import RootSeeds, pack, sign
from openline.charter.reading import Reader
from openline.charter.rosters import HASH_BYTES, ItemClass
from openline.identifiers import LineId
from openline.ports import Suite
from openline.wire import contexts
from openline.wire.cbor import decode, encode

_READ = Reader("R99", "stop notice")


@dataclass(frozen=True, slots=True)
class StopNotice:
    """Which station or officer of which party ends."""

    line: LineId
    party: int
    item: ItemClass
    number: int


def encode_stop(notice: StopNotice) -> bytes:
    """Return the notice's body: CBOR [line, party, class, number]."""
    return encode([notice.line, notice.party, notice.item, notice.number])


def decode_stop(body: bytes) -> StopNotice:
    """Return the notice whose body is exactly `body`.  Raises Malformed (R1 to R9, R99)."""
    line, party, item, number = _READ.record(decode(body), 4, "the body")
    return StopNotice(
        LineId(_READ.octets(line, HASH_BYTES, "the line")),
        _READ.number(party, 1, 255, "the party"),
        ItemClass(_READ.number(item, ItemClass.STATION, ItemClass.OFFICER, "what it ends")),
        _READ.number(number, 1, 255, "the number of what it ends"),
    )


def stop_signed(body: bytes) -> bytes:
    """Return what the party's root signs."""
    return contexts.STOP + body


def make_stop(notice: StopNotice, seeds: RootSeeds, suite: Suite) -> bytes:
    """Return the signed notice.  Keep it under seal, away from the key that it ends, until it is needed."""
    body = encode_stop(notice)
    return pack(body, [sign(suite, seeds, notice.party, stop_signed(body))])
