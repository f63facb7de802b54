"""Everything but entries that travels inside a seal: each accepted byte string has one form."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.errors import Malformed
from openline.identifiers import LineId, StationId
from openline.limits import DOCUMENT_BYTES_MAX, FURTHER_MAX
from openline.wire.cbor import encode
from openline.wire.payloads import (
    ASKS_MAX,
    LOGS_IN_GREETING_MAX,
    Ask,
    DocumentClass,
    Greeting,
    Head,
    LogState,
    Receipt,
    ReceiptState,
    decode_copy,
    decode_document,
    decode_greeting,
    decode_head,
    decode_peaks,
    decode_receipt,
    decode_request,
    decode_said,
    encode_copy,
    encode_document,
    encode_greeting,
    encode_head,
    encode_peaks,
    encode_receipt,
    encode_request,
    encode_said,
    greeting_signed,
    receipt_signed,
)

SIGNATURE = bytes(range(64))
LINE = LineId(bytes([9]) * 32)
U32 = st.integers(0, 2**32 - 1)
SIZES = st.integers(0, 2**35 - 1)
STATIONS = st.integers(0, 0xFFFF).map(StationId)
LOGS = st.builds(LogState, STATIONS, U32, SIZES, st.binary(min_size=32, max_size=32))
GREETINGS = st.builds(
    Greeting,
    nonce=st.binary(min_size=8, max_size=8),
    answered=st.binary(min_size=8, max_size=8),
    time=U32,
    documents=st.binary(min_size=32, max_size=32),
    watch=U32,
    epoch=U32,
    prekey=st.binary(min_size=4, max_size=4),
    logs=st.lists(LOGS, max_size=4).map(tuple),
)
HEADS = st.builds(
    Head,
    STATIONS,
    U32,
    SIZES,
    U32,
    st.binary(min_size=64, max_size=64),
    st.binary(min_size=2_420, max_size=2_420),
)
NOTHING = Greeting(bytes(8), bytes(8), 0, bytes(32), 0, 0, bytes(4), ())


def rule_of(decode: Callable[[bytes], object], data: bytes) -> str:
    with pytest.raises(Malformed) as caught:
        decode(data)
    return caught.value.rule


# ---------------------------------------------------------------- receipts


@given(SIZES, U32, st.lists(st.integers(1, 2**20), max_size=8))
def test_every_receipt_comes_back_signed_or_bare(size: int, time: int, gaps: list[int]) -> None:
    further = tuple(size + sum(gaps[: count + 1]) for count in range(len(gaps)))
    assert decode_receipt(encode_receipt(size, time, further, SIGNATURE)) == Receipt(size, time, further, SIGNATURE)
    assert decode_receipt(encode_receipt(size, time, further), signed=False) == Receipt(size, time, further, b"")


@given(data=st.binary(max_size=20), signed=st.booleans())
def test_accepted_receipts_reencode_identically(data: bytes, *, signed: bool) -> None:
    tail = SIGNATURE if signed else b""
    try:
        receipt = decode_receipt(data + tail, signed=signed)
    except Malformed:
        return
    assert encode_receipt(receipt.size, receipt.time, receipt.further, receipt.signature) == data + tail


def test_a_receipt_costs_70_bytes_before_the_seal_and_a_further_place_one_or_two() -> None:
    assert len(encode_receipt(16_383, 2**32 - 1, [], SIGNATURE)) == 2 + 4 + 64
    assert len(encode_receipt(100, 0, [101, 300], SIGNATURE)) == 1 + 4 + 1 + 2 + 64


def test_a_receipt_has_a_size_and_a_time_r26() -> None:
    assert rule_of(decode_receipt, b"\0" + bytes(3) + SIGNATURE) == "R26"
    assert rule_of(decode_receipt, SIGNATURE) == "R10"
    assert rule_of(decode_receipt, b"\0") == "R10"


def test_a_place_in_a_receipt_does_not_run_into_the_signature_r10() -> None:
    assert rule_of(decode_receipt, b"\0" + bytes(4) + b"\x80" + SIGNATURE) == "R10"


def test_a_receipt_names_at_most_64_further_places_r26() -> None:
    further = range(1, FURTHER_MAX + 1)
    assert decode_receipt(encode_receipt(0, 0, further, SIGNATURE)).further == tuple(further)
    assert rule_of(decode_receipt, encode_receipt(0, 0, range(1, FURTHER_MAX + 2), SIGNATURE)) == "R26"


def test_the_first_missing_place_cannot_be_named_as_held() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        encode_receipt(5, 0, [5], SIGNATURE)


def test_what_a_receiver_signs_binds_both_stations_and_the_contents() -> None:
    author, receiver, root, leaf = (bytes([number]) * 32 for number in range(4))
    signed = receipt_signed(LINE, author, 7, receiver, ReceiptState.PRESENTED, 8, 5, root, [(6, leaf)])
    fixed = b"openline/1 receipt\0" + LINE + author + bytes((0, 0, 0, 7)) + receiver + b"\2" + bytes((0, 0, 0, 8))
    assert signed == fixed + bytes(7) + b"\5" + root + bytes(7) + b"\6" + leaf


# ---------------------------------------------------------------- greetings


@given(GREETINGS)
def test_every_greeting_comes_back(greeting: Greeting) -> None:
    assert decode_greeting(encode_greeting(greeting) + SIGNATURE) == (greeting, SIGNATURE)


@given(st.binary(min_size=140, max_size=230))
def test_accepted_greetings_reencode_identically(data: bytes) -> None:
    try:
        greeting, signature = decode_greeting(data)
    except Malformed:
        return
    assert encode_greeting(greeting) + signature == data


@pytest.mark.parametrize("length", [0, 127, 129, 128 + 38])
def test_a_greeting_is_filled_exactly_r27(length: int) -> None:
    assert rule_of(decode_greeting, bytes(length)) == "R27"


def test_a_greeting_names_at_most_256_logs_r27() -> None:
    log = LogState(StationId(257), 1, 1, bytes(32))
    most = replace(NOTHING, logs=(log,) * LOGS_IN_GREETING_MAX)
    assert decode_greeting(encode_greeting(most) + SIGNATURE) == (most, SIGNATURE)
    more = replace(NOTHING, logs=(log,) * (LOGS_IN_GREETING_MAX + 1))
    assert rule_of(decode_greeting, encode_greeting(more) + SIGNATURE) == "R27"


def test_a_greeting_is_signed_for_one_station() -> None:
    greeter, greeted = bytes([1]) * 32, bytes([2]) * 32
    data = encode_greeting(NOTHING)
    assert greeting_signed(LINE, greeter, greeted, data) == b"openline/1 greeting\0" + LINE + greeter + greeted + data


# ---------------------------------------------------------------- copies, requests, documents, heads, said


@given(STATIONS, U32, st.binary(min_size=1, max_size=40))
def test_every_copy_comes_back(station: StationId, generation: int, entry: bytes) -> None:
    assert decode_copy(encode_copy(station, generation, entry)) == (station, generation, entry)


@pytest.mark.parametrize("length", [0, 5, 6])
def test_a_copy_holds_a_position_and_an_entry_r28(length: int) -> None:
    assert rule_of(decode_copy, bytes(length)) == "R28"


ASKS = {
    Ask.ENTRIES: (0, 257, 1_790_000_000, 5, 9),
    Ask.GREETING: (1,),
    Ask.CHARTER: (2, 1),
    Ask.ROSTER: (3, 1, 4),
    Ask.STOPS: (4, 1),
    Ask.HEAD: (5, 257, 1_790_000_000),
}


def test_a_request_may_ask_for_all_there_is() -> None:
    asks = tuple(ASKS[ask] for ask in Ask)
    assert decode_request(encode_request(asks)) == asks


@given(st.lists(st.lists(st.integers(0, 9), max_size=5), max_size=4).map(encode) | st.binary(max_size=12))
def test_accepted_requests_reencode_identically(data: bytes) -> None:
    try:
        asks = decode_request(data)
    except Malformed:
        return
    assert encode_request(asks) == data


@pytest.mark.parametrize(
    "value",
    [
        0,
        [],
        [0],
        [[]],
        [[6]],
        [[1, 0]],
        [[0, 257, 1, 5]],
        [["1"]],
        [[-1]],
        [[True]],
        [{0: 1}],
        [[1]] * (ASKS_MAX + 1),
    ],
    ids=str,
)
def test_a_request_is_a_list_of_known_asks_r29(value: list[list[int]]) -> None:
    assert rule_of(decode_request, encode(value)) == "R29"


@given(st.sampled_from(DocumentClass), st.binary(min_size=1, max_size=40))
def test_every_document_comes_back(kind: DocumentClass, document: bytes) -> None:
    assert decode_document(encode_document(kind, document)) == (kind, document)


@pytest.mark.parametrize("data", [b"", b"\1", b"\0x", b"\4x", b"\1" * (DOCUMENT_BYTES_MAX + 1)])
def test_a_document_has_a_class_and_a_size_r30(data: bytes) -> None:
    assert rule_of(decode_document, data) == "R30"


@given(HEADS)
def test_every_head_comes_back(head: Head) -> None:
    data = encode_head(head)
    assert decode_head(data) == head
    assert encode_head(decode_head(data)) == data


@pytest.mark.parametrize("length", [6 + 1 + 8 + 64 + 2_419, 6 + 1 + 8 + 64 + 2_421])
def test_a_head_is_filled_exactly_r31(length: int) -> None:
    assert rule_of(decode_head, bytes(length)) == "R31"


@given(HEADS, st.integers(2**32, 2**64 - 1))
def test_a_head_s_time_is_one_that_a_clock_shows_r31(head: Head, time: int) -> None:
    assert rule_of(decode_head, encode_head(replace(head, time=time))) == "R31"


def test_a_head_that_ends_in_its_position_is_refused() -> None:
    assert rule_of(decode_head, bytes(3)) == "R10"


@given(SIZES, st.binary(min_size=1, max_size=40))
def test_every_said_payload_comes_back(seq: int, statement: bytes) -> None:
    assert decode_said(encode_said(seq, statement)) == (seq, statement)


def test_a_said_payload_holds_a_statement_r32() -> None:
    assert rule_of(decode_said, b"\5") == "R32"


@given(HEADS, st.data())
def test_peaks_have_one_form(head: Head, data: st.DataObject) -> None:
    head = replace(head, size=max(1, head.size))
    edge = [bytes((number,)) * 32 for number in range(head.size.bit_count())]
    made = encode_peaks(head, edge)
    assert decode_peaks(made) == (head, tuple(edge))
    cut = data.draw(st.integers(0, len(made) - 1))
    with pytest.raises(Malformed):
        decode_peaks(made[:cut])
    with pytest.raises(Malformed, match=r"R164\b"):
        decode_peaks(made + bytes(32))
