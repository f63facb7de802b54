"""Typed identifiers: the same few integers and byte strings, told apart by the type checker."""

from __future__ import annotations

from typing import NewType

LineId = NewType("LineId", bytes)
"""32 bytes: the digest of the line's first charter.  Enters every signature, is never sent."""

StationId = NewType("StationId", int)
"""16 bits: party number (1 to 255) · station number in that party's roster (1 to 255)."""

PartyNumber = NewType("PartyNumber", int)
"""1 to 255, fixed by the charter."""

OfficerNumber = NewType("OfficerNumber", int)
"""0 to 255, fixed by that party's roster and never reused; 0 is the station itself (no person)."""

PathId = NewType("PathId", int)
"""One relay, one direct peer or one carrier, for one line of this station; valid for one run."""

Token = NewType("Token", int)
"""Names a local request until it is answered."""

Digest = NewType("Digest", bytes)
"""32 bytes: the digest of a statement; the message's identity."""

LINE_SHOWN_BYTES = 16  # of a LineId, on screens and in commands
REF_BYTES = 20  # of a Digest, in a `ref`: 160 bits, beyond any search for a second preimage


def station_id(party: int, number: int) -> StationId:
    """Join a party's number and the number of one of its stations, each 1 to 255."""
    if not (1 <= party <= 255 and 1 <= number <= 255):
        raise ValueError(f"party {party} and station {number} must each be 1 to 255")
    return StationId(party << 8 | number)


def party_of(station: StationId) -> PartyNumber:
    """Return the number of the party that the station belongs to."""
    return PartyNumber(station >> 8)


def number_of(station: StationId) -> int:
    """Return the station's own number in its party's roster."""
    return station & 0xFF
