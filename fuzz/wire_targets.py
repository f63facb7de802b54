"""Targets of `openline.wire`: every decoder, and that what it accepts has one form."""

from __future__ import annotations

from fuzz.target import Target, same, vector_bytes
from openline.errors import Forged, Malformed
from openline.wire import cbor, payloads
from openline.wire.entry import decode_entry, encode_entry
from openline.wire.envelope import PADDED, TAG_BYTES, Type, pack_inside, sealed_header, split_sealed, unpack_inside
from openline.wire.keys import refuse_weak_key
from openline.wire.numbers import leb128, read_leb128
from openline.wire.relay import decode_replies, decode_requests, encode_frame
from openline.wire.statement import decode_statement, digest_of_parts, encode_statement, parts

_KEY = bytes(range(32))
_RELAY_REQUESTS = (
    f"8501075820{'02' * 32}0043616263",
    f"84025820{'01' * 32}011b0000000500000001",
    "82034403616263",
    f"82045820{'02' * 32}",
)
_RELAY_REPLIES = (
    "8108",
    "8209820708",
    "830a09189e",
    f"850b5820{'01' * 32}001b000000050000000143616263",
    f"830c5820{'02' * 32}40",
)


def _cbor(data: bytes) -> None:
    same(cbor.encode(cbor.decode(data)), data)


def _number(data: bytes) -> None:
    number, end = read_leb128(data, 0)
    same(leb128(number), data[:end])


def _statement(data: bytes) -> None:
    statement = decode_statement(data)
    same(encode_statement(statement), data)
    digest_of_parts(_KEY, data, parts(data))


def _entry(data: bytes) -> None:
    entry = decode_entry(data)
    same(encode_entry(entry.seq, entry.said, entry.approvals, entry.signature), data)
    same(encode_statement(entry.statement), entry.said)


def _envelope(data: bytes) -> None:
    sealed = split_sealed(data)
    same(sealed_header(sealed.run, sealed.counter) + sealed.text, data)


def _inside(data: bytes) -> None:
    header_bytes = 6 + (data[0] % 5 if data else 0)
    inside = data[1:]
    kind, payload = unpack_inside(inside, header_bytes=header_bytes)
    padded = bool(inside[0] & PADDED)
    same(pack_inside(kind, payload, header_bytes=header_bytes, padded=padded), inside)


def _receipt(data: bytes) -> None:
    receipt = payloads.decode_receipt(data)
    same(payloads.encode_receipt(receipt.size, receipt.time, receipt.further, receipt.signature), data)


def _bare_receipt(data: bytes) -> None:
    receipt = payloads.decode_receipt(data, signed=False)
    same(payloads.encode_receipt(receipt.size, receipt.time, receipt.further), data)


def _greeting(data: bytes) -> None:
    greeting, signature = payloads.decode_greeting(data)
    same(payloads.encode_greeting(greeting) + signature, data)


def _copy(data: bytes) -> None:
    same(payloads.encode_copy(*payloads.decode_copy(data)), data)


def _request(data: bytes) -> None:
    same(payloads.encode_request(payloads.decode_request(data)), data)


def _document(data: bytes) -> None:
    same(payloads.encode_document(*payloads.decode_document(data)), data)


def _head(data: bytes) -> None:
    same(payloads.encode_head(payloads.decode_head(data)), data)


def _said(data: bytes) -> None:
    same(payloads.encode_said(*payloads.decode_said(data)), data)


def _relay_requests(data: bytes) -> None:
    same(b"".join(map(encode_frame, decode_requests(data))), data)


def _relay_replies(data: bytes) -> None:
    same(b"".join(map(encode_frame, decode_replies(data))), data)


def _padded_seeds() -> list[bytes]:
    insides = vector_bytes("envelope", key="inside")()
    long = pack_inside(Type.ENTRY, bytes(range(200)), header_bytes=6, padded=True)
    return [bytes((0,)) + inside for inside in (*insides, long, bytes(TAG_BYTES))]


TARGETS = (
    Target("cbor", _cbor, vector_bytes("cbor")),
    Target("number", _number, vector_bytes("numbers")),
    Target("statement", _statement, vector_bytes("statement")),
    Target("entry", _entry, vector_bytes("entry")),
    Target("envelope", _envelope, vector_bytes("envelope", "run")),
    Target("inside", _inside, _padded_seeds),
    Target("receipt", _receipt, vector_bytes("receipt")),
    Target("bare-receipt", _bare_receipt, vector_bytes("receipt", key="bare")),
    Target("greeting", _greeting, vector_bytes("greeting")),
    Target("copy", _copy, vector_bytes("payload", type=5)),
    Target("request", _request, vector_bytes("payload", type=6)),
    Target("document", _document, vector_bytes("payload", type=7)),
    Target("said", _said, vector_bytes("payload", type=9)),
    Target("head", _head, vector_bytes("head")),
    Target("relay-requests", _relay_requests, lambda: map(bytes.fromhex, _RELAY_REQUESTS)),
    Target("relay-replies", _relay_replies, lambda: map(bytes.fromhex, _RELAY_REPLIES)),
    Target("key", refuse_weak_key, vector_bytes("key", key="key"), (Malformed, Forged)),
)
