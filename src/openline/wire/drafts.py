"""Drafts, as they travel between the stations of one party and to nobody else: three forms of payload 8.

What is told of a draft only ever grows (approvals, a refusal, that it is over), so these may come twice, late and in
any order: whoever holds more says so, and both end with the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from openline.errors import Malformed
from openline.identifiers import StationId
from openline.limits import APPROVALS_MAX
from openline.wire.cbor import Value, decode, encode
from openline.wire.entry import APPROVAL_BYTES, Approval, pack_approvals, unpack_approvals

DIGEST_BYTES = 32
TAG_BYTES = 8  # of the SHA-256 of a payload: enough to tell what two stations of one party hold apart
REASON_CHARACTERS_MAX = 300  # why an officer refused: a sentence or two
WAYS_MAX = 8  # in which one kind may be released; a charter states fewer
AUTHORITY_MAX = 4
OFFICER_MAX = 255
STATION_MAX = 0xFFFF

TOLD, OVER, HELD = 0, 1, 2


@dataclass(frozen=True, slots=True)
class DraftTold:
    """A draft as one station holds it.

    home        the station where it was drafted: it alone says it
    needed      the ways in which it may be released, each a list of authorities
    refused_by  the officer who refused it, 0 for nobody, and why
    """

    home: StationId
    statement: bytes
    needed: tuple[tuple[int, ...], ...]
    approvals: tuple[Approval, ...]
    refused_by: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DraftOver:
    """The draft with this digest was said, dropped or changed: it is one no more."""

    digest: bytes


@dataclass(frozen=True, slots=True)
class DraftHeld:
    """What was told of the draft with this digest is held here; `tag` says what that was."""

    digest: bytes
    tag: bytes


DraftPayload = DraftTold | DraftOver | DraftHeld


def encode_draft(draft: DraftPayload) -> bytes:
    """Return the payload."""
    match draft:
        case DraftTold():
            needed: list[Value] = [list(way) for way in draft.needed]
            approvals = pack_approvals(draft.approvals)
            return encode([TOLD, draft.home, draft.statement, needed, approvals, draft.refused_by, draft.reason])
        case DraftOver():
            return encode([OVER, draft.digest])
        case _:
            return encode([HELD, draft.digest, draft.tag])


def decode_draft(data: bytes) -> DraftPayload:
    """Return the draft whose bytes are exactly `data`, its statement still to be read.

    Raises Malformed (R1 to R9, R21, R161).
    """
    value = decode(data)
    if isinstance(value, list) and not any(isinstance(item, bool) for item in value):
        match value:
            case [0, int(home), bytes(statement), list(needed), bytes(approvals), int(refused_by), str(reason)]:
                ways = tuple(_way(way) for way in needed[: WAYS_MAX + 1])
                told = DraftTold(StationId(home), statement, ways, _approvals(approvals), refused_by, reason)
                return _in_range(told)
            case [1, bytes(digest)] if len(digest) == DIGEST_BYTES:
                return DraftOver(digest)
            case [2, bytes(digest), bytes(tag)] if len(digest) == DIGEST_BYTES and len(tag) == TAG_BYTES:
                return DraftHeld(digest, tag)
    raise _malformed()


def _in_range(told: DraftTold) -> DraftTold:
    numbers = 0 < told.home <= STATION_MAX and 0 <= told.refused_by <= OFFICER_MAX and len(told.needed) <= WAYS_MAX
    if not numbers or len(told.reason) > REASON_CHARACTERS_MAX or (told.reason and not told.refused_by):
        raise _malformed()
    return told


def _approvals(data: bytes) -> tuple[Approval, ...]:
    if len(data) % APPROVAL_BYTES or len(data) > APPROVALS_MAX * APPROVAL_BYTES:
        raise _malformed()
    return unpack_approvals(data)


def _way(way: Value) -> tuple[int, ...]:
    if not isinstance(way, list) or len(way) > APPROVALS_MAX:
        raise _malformed()
    roles = tuple(role for role in way if type(role) is int and 0 <= role <= AUTHORITY_MAX)
    if len(roles) != len(way):
        raise _malformed()
    return roles


def _malformed() -> Malformed:
    return Malformed("R161", "a draft is not of one of its three forms, or a part of it is not of its range")
