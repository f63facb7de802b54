"""What stations and relays say to each other: frames, each one canonical CBOR array, several in one message.

    to the relay      1 put       id · reader · lane · envelope       queue this for a reader
                      2 own       writer · lane · cursor              all up to here is safe with the reader
                      3 publish   envelope                            our public prekey, into our slot
                      4 seek      owner                               what lies in that slot?
    to the station    8 welcome                                       the session is open
                      9 stored    ids                                 these puts are durable here
                      10 declined id · rule                           this put was not taken
                      11 given    writer · lane · cursor · envelope   from a queue, to be owned
                      12 found    owner · envelope                    from a slot; empty if nothing lies there

A message is a CBOR sequence (RFC 8742) of frames of one direction.  A relay reads no more than this; envelopes are
bytes to it.  docs/spec/relay.md gives the rules.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from openline.errors import Malformed
from openline.limits import ENVELOPE_BYTES_MAX, ORDINARY_LANE
from openline.wire.cbor import Value, decode_prefix, encode, head

POST_KEY_BYTES = 32
MESSAGE_BYTES_MAX = 262_144  # one of the largest envelopes, and what gathered beside it meanwhile
FRAMES_MAX = 256  # in one message: what a full batch asks of an otherwise idle path, four times over
SLOT_BYTES_MAX = 4_096  # a signed X-Wing prekey takes about 1,400
NUMBER_MAX = 0xFFFF_FFFF  # ids of puts: a connection ends long before
CURSOR_MAX = (1 << 64) - 1


@dataclass(frozen=True, slots=True)
class Put:
    """Queue `envelope` for `reader`.  Answered stored, once durable, or declined, under this `id`."""

    id: int
    reader: bytes
    lane: int
    envelope: bytes


@dataclass(frozen=True, slots=True)
class Own:
    """All from `writer` on `lane` up to `cursor` is safe here: delete it.  Not answered."""

    writer: bytes
    lane: int
    cursor: int


@dataclass(frozen=True, slots=True)
class Publish:
    """Put our public prekey into our slot.  Not answered."""

    envelope: bytes


@dataclass(frozen=True, slots=True)
class Seek:
    """Ask for what lies in the slot of `owner`.  Answered found."""

    owner: bytes


@dataclass(frozen=True, slots=True)
class Welcome:
    """The session is open; the queues follow from what was not yet owned."""


@dataclass(frozen=True, slots=True)
class Stored:
    """These puts are on the relay's disk, or owned by their reader."""

    ids: Sequence[int]


@dataclass(frozen=True, slots=True)
class Declined:
    """This put was not taken, by rule R`rule`; nothing else is affected."""

    id: int
    rule: int


@dataclass(frozen=True, slots=True)
class Given:
    """From the queue of `writer` for this station on `lane`; its place there is `cursor`."""

    writer: bytes
    lane: int
    cursor: int
    envelope: bytes


@dataclass(frozen=True, slots=True)
class Found:
    """What lies in the slot of `owner`; empty if nothing does."""

    owner: bytes
    envelope: bytes


Request = Put | Own | Publish | Seek
Reply = Welcome | Stored | Declined | Given | Found

_Frame = TypeVar("_Frame", Request, Reply)
_Check = Callable[[Value], bool]


def _number(limit: int) -> _Check:
    return lambda value: type(value) is int and 0 <= value <= limit


def _octets(least: int, most: int) -> _Check:
    return lambda value: isinstance(value, bytes) and least <= len(value) <= most


def _is_ids(value: Value) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_number(NUMBER_MAX), value))


_ID, _CURSOR, _RULE = _number(NUMBER_MAX), _number(CURSOR_MAX), _number(999)
_LANE = _number(ORDINARY_LANE)  # 0 is FLASH
_KEY = _octets(POST_KEY_BYTES, POST_KEY_BYTES)
_ENVELOPE = _octets(1, ENVELOPE_BYTES_MAX)

_REQUESTS: Mapping[int, tuple[Callable[..., Request], Sequence[_Check]]] = {
    1: (Put, (_ID, _KEY, _LANE, _ENVELOPE)),
    2: (Own, (_KEY, _LANE, _CURSOR)),
    3: (Publish, (_octets(1, SLOT_BYTES_MAX),)),
    4: (Seek, (_KEY,)),
}
_REPLIES: Mapping[int, tuple[Callable[..., Reply], Sequence[_Check]]] = {
    8: (Welcome, ()),
    9: (Stored, (_is_ids,)),
    10: (Declined, (_ID, _RULE)),
    11: (Given, (_KEY, _LANE, _CURSOR, _ENVELOPE)),
    12: (Found, (_KEY, _octets(0, SLOT_BYTES_MAX))),
}
_BEGINNINGS = {
    kind: head(4, 1 + len(checks)) + head(0, number)
    for forms in (_REQUESTS, _REPLIES)
    for number, (kind, checks) in forms.items()
}


def encode_frame(frame: Request | Reply) -> bytes:
    """Return the frame's one byte form.  Frames joined end to end are a message."""
    parts = [_BEGINNINGS[type(frame)]]
    for name in frame.__match_args__:
        value = getattr(frame, name)
        if type(value) is bytes:  # nearly all of a relay's traffic: not worth a walk through every type of value
            parts += (head(2, len(value)), value)
        else:
            parts.append(encode(value))
    return b"".join(parts)


def decode_requests(message: bytes) -> Sequence[Request]:
    """Return the requests in a message of a station.  Raises Malformed (R1 to R9, R150 to R152)."""
    return _decode(message, _REQUESTS)


def decode_replies(message: bytes) -> Sequence[Reply]:
    """Return the replies in a message of a relay.  Raises Malformed (R1 to R9, R150 to R152)."""
    return _decode(message, _REPLIES)


def _decode(message: bytes, forms: Mapping[int, tuple[Callable[..., _Frame], Sequence[_Check]]]) -> list[_Frame]:
    if not 1 <= len(message) <= MESSAGE_BYTES_MAX:
        raise Malformed("R150", f"a message is empty or longer than {MESSAGE_BYTES_MAX} bytes")
    frames: list[_Frame] = []
    at = 0
    while at < len(message):
        begin = at
        if len(frames) == FRAMES_MAX:
            raise Malformed("R150", f"a message holds more than {FRAMES_MAX} frames")
        items, at = decode_prefix(message, begin)
        number = items[0] if isinstance(items, list) and items else None
        form = forms.get(number) if type(number) is int else None
        if form is None or not isinstance(items, list) or len(items) != 1 + len(form[1]):
            raise Malformed("R151", "a frame is of no kind that may be said in this direction", at=begin)
        make, checks = form
        values = items[1:]
        for check, value in zip(checks, values, strict=True):
            if not check(value):
                raise Malformed("R152", "a frame holds a value out of its range", at=begin)
        frames.append(make(*values))
    return frames
