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
from openline.wire.cbor import Value, decode_prefix, encode, head, read_head

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


@dataclass(frozen=True, slots=True)
class _Field:
    """One value of a frame: its CBOR major type, and the range of its number or its length."""

    major: int
    least: int
    most: int


_INTEGER, _BYTES, _ARRAY = 0, 2, 4
_ID, _CURSOR, _RULE = _Field(_INTEGER, 0, NUMBER_MAX), _Field(_INTEGER, 0, CURSOR_MAX), _Field(_INTEGER, 0, 999)
_LANE = _Field(_INTEGER, 0, ORDINARY_LANE)  # 0 is FLASH
_KEY = _Field(_BYTES, POST_KEY_BYTES, POST_KEY_BYTES)
_ENVELOPE = _Field(_BYTES, 1, ENVELOPE_BYTES_MAX)
_IDS = _Field(_ARRAY, 1, MESSAGE_BYTES_MAX)  # each of them as `_ID`

_Form = tuple[Callable[..., _Frame], Sequence[_Field]]

_REQUESTS: Mapping[int, _Form[Request]] = {
    1: (Put, (_ID, _KEY, _LANE, _ENVELOPE)),
    2: (Own, (_KEY, _LANE, _CURSOR)),
    3: (Publish, (_Field(_BYTES, 1, SLOT_BYTES_MAX),)),
    4: (Seek, (_KEY,)),
}
_REPLIES: Mapping[int, _Form[Reply]] = {
    8: (Welcome, ()),
    9: (Stored, (_IDS,)),
    10: (Declined, (_ID, _RULE)),
    11: (Given, (_KEY, _LANE, _CURSOR, _ENVELOPE)),
    12: (Found, (_KEY, _Field(_BYTES, 0, SLOT_BYTES_MAX))),
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
        elif type(value) is int and value >= 0:
            parts.append(head(0, value))
        else:
            parts.append(encode(value))
    return b"".join(parts)


def decode_requests(message: bytes) -> Sequence[Request]:
    """Return the requests in a message of a station.  Raises Malformed (R1 to R9, R150 to R152)."""
    return _decode(message, _REQUESTS)


def decode_replies(message: bytes) -> Sequence[Reply]:
    """Return the replies in a message of a relay.  Raises Malformed (R1 to R9, R150 to R152)."""
    return _decode(message, _REPLIES)


def _decode(message: bytes, forms: Mapping[int, _Form[_Frame]]) -> list[_Frame]:
    if not 1 <= len(message) <= MESSAGE_BYTES_MAX:
        raise Malformed("R150", f"a message is empty or longer than {MESSAGE_BYTES_MAX} bytes")
    frames: list[_Frame] = []
    at = 0
    while at < len(message):
        if len(frames) == FRAMES_MAX:
            raise Malformed("R150", f"a message holds more than {FRAMES_MAX} frames")
        frame, at = _read_flat(message, at, forms) or _read(message, at, forms)
        frames.append(frame)
    return frames


def _read_flat(message: bytes, begin: int, forms: Mapping[int, _Form[_Frame]]) -> tuple[_Frame, int] | None:
    """Return a frame of numbers and byte strings and the place after it, None if it is anything else, or refused.

    Nearly every frame is one; all others are for `_read`, which would return the same and says what is wrong.
    """
    at = begin + 2
    form = forms.get(message[begin + 1]) if at <= len(message) else None
    if form is None or message[begin] != len(form[1]) + 1 + (_ARRAY << 5) or len(message) < at + len(form[1]):
        return None
    make, fields = form
    values: list[int | bytes] = []
    for field in fields:
        major, argument, at = read_head(message, at)
        if major != field.major or major == _ARRAY or not field.least <= argument <= field.most:
            return None
        if major == _INTEGER:
            values.append(argument)
            continue
        end = at + argument
        if end > len(message):
            return None
        values.append(message[at:end])
        at = end
    return make(*values), at


def _read(message: bytes, begin: int, forms: Mapping[int, _Form[_Frame]]) -> tuple[_Frame, int]:
    items, end = decode_prefix(message, begin)
    number = items[0] if isinstance(items, list) and items else None
    form = forms.get(number) if type(number) is int else None
    if form is None or not isinstance(items, list) or len(items) != 1 + len(form[1]):
        raise Malformed("R151", "a frame is of no kind that may be said in this direction", at=begin)
    make, fields = form
    values = items[1:]
    if not all(map(_is_in_range, values, fields)):
        raise Malformed("R152", "a frame holds a value out of its range", at=begin)
    return make(*values), end


def _is_in_range(value: Value, field: _Field) -> bool:
    if field.major == _INTEGER:
        return type(value) is int and field.least <= value <= field.most
    if field.major == _BYTES:
        return isinstance(value, bytes) and field.least <= len(value) <= field.most
    return isinstance(value, list) and bool(value) and all(_is_in_range(each, _ID) for each in value)
