"""Envelopes: what a relay or a link carries.  The first byte says which of three.

    1  sealed     version 1 · run id 4 · counter (LEB128) · AES-256-GCM-SIV text and 16-byte tag
    2  epoch      version 1 · prekey tag 4 · HPKE: 1,248 bytes in all (package sessions)
    3  prekey     version 1 · a signed prekey, in the clear (package sessions)

Inside a sealed envelope: type 1 (high bit: padded) · payload · padding.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from openline.errors import Malformed
from openline.limits import ENVELOPE_BYTES_MAX
from openline.wire.numbers import leb128, read_leb128

RUN_ID_BYTES = 4
TAG_BYTES = 16
PADDED = 0x80
PADDED_BYTES_MIN = 256  # the smallest envelope on a good link; then powers of two


class Version(IntEnum):
    """The first byte of an envelope."""

    SEALED = 1
    EPOCH = 2
    PREKEY = 3


_VERSIONS = {version.value: version for version in Version}


class Type(IntEnum):
    """The first byte inside a sealed envelope, without its high bit."""

    ENTRY = 1
    STORED = 2
    PRESENTED = 3
    GREETING = 4
    COPY = 5
    REQUEST = 6
    DOCUMENT = 7
    DRAFT = 8
    SAID = 9
    BARE_STORED = 10
    BARE_PRESENTED = 11
    HEAD = 12
    PEAKS = 13


_TYPES = {kind.value: kind for kind in Type}


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed envelope, cut: `header` is the additional data of the seal."""

    run: bytes
    counter: int
    header: bytes
    text: bytes


def version_of(envelope: bytes) -> Version:
    """Return which envelope this is.  Raises Malformed (R22)."""
    if not envelope or len(envelope) > ENVELOPE_BYTES_MAX or envelope[0] not in _VERSIONS:
        raise Malformed("R22", "an envelope is empty, too long, or of no version that this line uses")
    return _VERSIONS[envelope[0]]


def sealed_header(run: bytes, counter: int) -> bytes:
    """Return what stands before the sealed text and is bound by the seal."""
    return bytes((Version.SEALED,)) + run + leb128(counter)


def run_of(envelope: bytes) -> bytes:
    """Return the run that a sealed envelope, cut before without a fault, belongs to."""
    return envelope[1 : 1 + RUN_ID_BYTES]


def split_sealed(envelope: bytes) -> Sealed:
    """Cut a sealed envelope.  Raises Malformed (R22, R23)."""
    if version_of(envelope) is not Version.SEALED:
        raise Malformed("R22", "this is not a sealed envelope")
    counter, end = read_leb128(envelope, 1 + RUN_ID_BYTES)
    if len(envelope) - end <= TAG_BYTES:
        raise Malformed("R23", "a sealed envelope is too short to hold a type and a tag")
    return Sealed(run_of(envelope), counter, envelope[:end], envelope[end:])


def pack_inside(kind: Type, payload: bytes, *, header_bytes: int, padded: bool) -> bytes:
    """Return type and payload; padded, so that the whole envelope has a power of two of bytes, 256 at least."""
    if not padded:
        return bytes((kind,)) + payload
    whole = PADDED_BYTES_MIN
    while whole < header_bytes + 2 + len(payload) + TAG_BYTES:
        whole *= 2
    zeros = whole - header_bytes - 2 - len(payload) - TAG_BYTES
    return bytes((kind | PADDED,)) + payload + b"\x80" + bytes(zeros)


def unpack_inside(inside: bytes, *, header_bytes: int) -> tuple[Type, bytes]:
    """Return type and payload of what a seal held.  Raises Malformed (R24, R25)."""
    number = inside[0] & ~PADDED if inside else 0
    kind, payload = _TYPES.get(number), inside[1:]
    if kind is None:
        raise Malformed("R24", "a payload is of no known type", type=number)
    if inside[0] & PADDED:
        payload = payload.rstrip(b"\0")[:-1]
        if pack_inside(kind, payload, header_bytes=header_bytes, padded=True) != inside:
            raise Malformed("R25", "the padding is not one 80 and zeros up to the next power of two")
    return kind, payload
