"""What travels inside a seal besides entries: receipts, greetings, copies, requests, documents, heads.

Every payload is idempotent: the same one again changes nothing.  The functions here give bytes, and the bytes
that are signed; who signs, and whether a signature is right, is the caller's part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from openline.errors import Malformed
from openline.identifiers import LineId, StationId
from openline.limits import DOCUMENT_BYTES_MAX, FURTHER_MAX
from openline.wire import contexts
from openline.wire.cbor import decode, encode
from openline.wire.entry import SIGNATURE_BYTES
from openline.wire.numbers import leb128, read_leb128, u16, u32, u64
from openline.wire.statement import TIME_MAX

HASH_BYTES = 32
NONCE_BYTES = 8
PREKEY_TAG_BYTES = 4
HEAD_SIGNATURE_BYTES = 2_420  # ML-DSA-44 (FIPS 204)
LOGS_IN_GREETING_MAX = 256  # changed logs named in one greeting: 12 parties of 16 stations fit
ASKS_MAX = 64  # questions in one request


class ReceiptState(IntEnum):
    """What the receiver signs to have done; presented implies stored."""

    STORED = 1
    PRESENTED = 2


@dataclass(frozen=True, slots=True)
class Receipt:
    """Everything before `size` is held without a gap, and so is each of `further`."""

    size: int
    time: int
    further: tuple[int, ...]
    signature: bytes


def encode_receipt(size: int, time: int, further: Sequence[int], signature: bytes = b"") -> bytes:
    """Return a receipt; without a signature it is the bare receipt of a deniable line."""
    out = leb128(size) + u32(time)
    last = size
    for seq in further:
        out += leb128(seq - last - 1)
        last = seq
    return out + signature


def decode_receipt(data: bytes, *, signed: bool = True) -> Receipt:
    """Return the receipt whose bytes are exactly `data`.  Raises Malformed (R10, R11, R26)."""
    end = len(data) - (SIGNATURE_BYTES if signed else 0)
    size, at = read_leb128(data[: max(end, 0)], 0)
    if at + 4 > end:
        raise Malformed("R26", f"a receipt lacks its time, or names more than {FURTHER_MAX} further positions")
    time = int.from_bytes(data[at : at + 4], "big")
    at += 4
    further = []
    last = size
    while at < end:
        gap, at = read_leb128(data[:end], at)
        last += gap + 1
        further.append(last)
    if len(further) > FURTHER_MAX:
        raise Malformed("R26", f"a receipt lacks its time, or names more than {FURTHER_MAX} further positions")
    return Receipt(size, time, tuple(further), data[end:])


def receipt_signed(
    line: LineId,
    author_hash: bytes,
    generation: int,
    receiver_hash: bytes,
    state: ReceiptState,
    time: int,
    size: int,
    root: bytes,
    further: Sequence[tuple[int, bytes]],
) -> bytes:
    """Return what the receiver signs.  `further` pairs each position with its leaf hash."""
    fixed = contexts.RECEIPT + line + author_hash + u32(generation) + receiver_hash
    tail = b"".join(u64(seq) + leaf for seq, leaf in further)
    return fixed + bytes((state,)) + u32(time) + u64(size) + root + tail


@dataclass(frozen=True, slots=True)
class LogState:
    """How far the greeter holds one log: the longest gapless prefix and its root."""

    station: StationId
    generation: int
    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class Greeting:
    """Probe, freshness, rollback and forks in one payload.  Times are UTC seconds, 0 for never."""

    nonce: bytes
    answered: bytes
    time: int
    documents: bytes
    watch: int
    epoch: int
    prekey: bytes
    logs: tuple[LogState, ...]


def encode_greeting(greeting: Greeting) -> bytes:
    """Return a greeting without its signature: what is signed, and what travels before the signature."""
    out = greeting.nonce + greeting.answered + u32(greeting.time) + greeting.documents + u32(greeting.watch)
    out += u32(greeting.epoch) + greeting.prekey
    return out + b"".join(u16(log.station) + u32(log.generation) + leb128(log.size) + log.root for log in greeting.logs)


def decode_greeting(data: bytes) -> tuple[Greeting, bytes]:
    """Return a greeting and its signature.  Raises Malformed (R10, R11, R27)."""
    fixed = 2 * NONCE_BYTES + 4 + HASH_BYTES + 4 + 4 + PREKEY_TAG_BYTES
    end = len(data) - SIGNATURE_BYTES
    if end < fixed:
        raise Malformed("R27", "a greeting is too short, or its logs do not fill it")
    logs = []
    at = fixed
    while at < end:
        station, generation = int.from_bytes(data[at : at + 2], "big"), int.from_bytes(data[at + 2 : at + 6], "big")
        size, at = read_leb128(data, at + 6)
        logs.append(LogState(StationId(station), generation, size, data[at : at + HASH_BYTES]))
        at += HASH_BYTES
    if at != end or len(logs) > LOGS_IN_GREETING_MAX:
        raise Malformed("R27", "a greeting is too short, or its logs do not fill it")
    numbers = [int.from_bytes(data[place : place + 4], "big") for place in (16, 52, 56)]
    greeting = Greeting(data[:8], data[8:16], numbers[0], data[20:52], numbers[1], numbers[2], data[60:64], tuple(logs))
    return greeting, data[end:]


def greeting_signed(line: LineId, greeter_hash: bytes, greeted_hash: bytes, greeting: bytes) -> bytes:
    """Return what the greeter signs: the line, both stations and the encoded greeting."""
    return contexts.GREETING + line + greeter_hash + greeted_hash + greeting


def encode_copy(station: StationId, generation: int, entry: bytes) -> bytes:
    """Return an entry with its position spelled out, for whoever lacks it."""
    return u16(station) + u32(generation) + entry


def decode_copy(data: bytes) -> tuple[StationId, int, bytes]:
    """Return author, generation and the entry's bytes.  Raises Malformed (R28)."""
    if len(data) <= 6:
        raise Malformed("R28", "a copy is too short to hold a position and an entry")
    return StationId(int.from_bytes(data[:2], "big")), int.from_bytes(data[2:6], "big"), data[6:]


class Ask(IntEnum):
    """What a request may ask for."""

    ENTRIES = 0  # [0, station, generation, first, end]
    GREETING = 1  # [1]
    CHARTER = 2  # [2, number held]: every later charter
    ROSTER = 3  # [3, party, number held]: the newest later roster
    STOPS = 4  # [4, party]: every stop notice of that party
    HEAD = 5  # [5, station, generation]: the newest head


_ASK_LENGTH = {Ask.ENTRIES: 5, Ask.GREETING: 1, Ask.CHARTER: 2, Ask.ROSTER: 3, Ask.STOPS: 2, Ask.HEAD: 3}


def encode_request(asks: Sequence[tuple[int, ...]]) -> bytes:
    """Return a request: a CBOR array of arrays of unsigned integers, each beginning with an `Ask`."""
    return encode([list(ask) for ask in asks])


def decode_request(data: bytes) -> tuple[tuple[int, ...], ...]:
    """Return the asks of a request.  Raises Malformed (R1 to R9, R29)."""
    value = decode(data)
    if not isinstance(value, list) or not 1 <= len(value) <= ASKS_MAX:
        raise Malformed("R29", f"a request is a list of 1 to {ASKS_MAX} asks")
    asks = []
    for ask in value:
        if not isinstance(ask, list) or not all(type(number) is int and number >= 0 for number in ask):
            raise Malformed("R29", "an ask is a list of numbers")
        if not ask or ask[0] not in _ASK_LENGTH or len(ask) != _ASK_LENGTH[Ask(ask[0])]:
            raise Malformed("R29", "an ask is unknown or not of its length")
        asks.append(tuple(ask))
    return tuple(asks)


class DocumentClass(IntEnum):
    """Which signed document follows."""

    CHARTER = 1
    ROSTER = 2
    STOP = 3


def encode_document(kind: DocumentClass, document: bytes) -> bytes:
    """Return a document as a payload."""
    return bytes((kind,)) + document


def decode_document(data: bytes) -> tuple[DocumentClass, bytes]:
    """Return which document it is and its bytes.  Raises Malformed (R30)."""
    if not 1 < len(data) <= DOCUMENT_BYTES_MAX or data[0] not in DocumentClass._value2member_map_:
        raise Malformed("R30", "a document is empty, too long or of no known class")
    return DocumentClass(data[0]), data[1:]


@dataclass(frozen=True, slots=True)
class Head:
    """One station's two cosignatures of a log's checkpoint; the root is computed by whoever checks."""

    station: StationId
    generation: int
    size: int
    time: int
    ed25519: bytes
    mldsa44: bytes


def encode_head(head: Head) -> bytes:
    """Return a head as a payload."""
    position = u16(head.station) + u32(head.generation) + leb128(head.size)
    return position + u64(head.time) + head.ed25519 + head.mldsa44


def decode_head(data: bytes) -> Head:
    """Return the head whose bytes are exactly `data`.  Raises Malformed (R10, R11, R31)."""
    size, at = read_leb128(data, 6)
    if len(data) - at != 8 + SIGNATURE_BYTES + HEAD_SIGNATURE_BYTES:
        raise Malformed("R31", "a head is a position, a time and two signatures")
    station, generation = int.from_bytes(data[:2], "big"), int.from_bytes(data[2:6], "big")
    time = int.from_bytes(data[at : at + 8], "big")
    if time > TIME_MAX:
        raise Malformed("R31", "a head's time lies after 2106: no clock shows it, and no screen could")
    signatures = at + 8
    middle = signatures + SIGNATURE_BYTES
    return Head(StationId(station), generation, size, time, data[signatures:middle], data[middle:])


def encode_peaks(head: Head, edge: Sequence[bytes]) -> bytes:
    """Return a log's owner's head and the roots of the log's perfect subtrees at its size, the largest first."""
    return encode_head(head) + b"".join(edge)


def decode_peaks(data: bytes) -> tuple[Head, tuple[bytes, ...]]:
    """Return the head and the peaks whose bytes are exactly `data`.  Raises Malformed (R10, R11, R31, R164)."""
    size, at = read_leb128(data, 6)
    end = at + 8 + SIGNATURE_BYTES + HEAD_SIGNATURE_BYTES
    if not size or len(data) - end != HASH_BYTES * size.bit_count():
        raise Malformed("R164", "peaks are a head and one hash for each bit that is set in its size")
    edge = tuple(data[place : place + HASH_BYTES] for place in range(end, len(data), HASH_BYTES))
    return decode_head(data[:end]), edge


def encode_said(seq: int, statement: bytes) -> bytes:
    """Return a statement on a deniable line: its place and itself; the seal alone says who."""
    return leb128(seq) + statement


def decode_said(data: bytes) -> tuple[int, bytes]:
    """Return place and statement bytes (still to be read).  Raises Malformed (R10, R11, R32)."""
    seq, at = read_leb128(data, 0)
    if at == len(data):
        raise Malformed("R32", "a said payload holds no statement")
    return seq, data[at:]
