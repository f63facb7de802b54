"""What stations and relays say has one form; anything else is refused by number, before it means anything."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from openline.errors import Malformed
from openline.wire.cbor import Value, decode, encode
from openline.wire.relay import (
    CURSOR_MAX,
    FRAMES_MAX,
    MESSAGE_BYTES_MAX,
    NUMBER_MAX,
    SLOT_BYTES_MAX,
    Declined,
    Found,
    Given,
    Own,
    Publish,
    Put,
    Reply,
    Request,
    Seek,
    Stored,
    Welcome,
    decode_replies,
    decode_requests,
    encode_frame,
)

ALBA, BORA = bytes([1]) * 32, bytes([2]) * 32

keys = st.binary(min_size=32, max_size=32)
numbers = st.integers(0, NUMBER_MAX)
lanes = st.integers(0, 1)
cursors = st.integers(0, CURSOR_MAX)
envelopes = st.binary(min_size=1, max_size=300)
requests = st.one_of(
    st.builds(Put, numbers, keys, lanes, envelopes),
    st.builds(Own, keys, lanes, cursors),
    st.builds(Publish, envelopes),
    st.builds(Seek, keys),
)
replies = st.one_of(
    st.just(Welcome()),
    st.builds(Stored, st.lists(numbers, min_size=1, max_size=5)),
    st.builds(Declined, numbers, st.integers(0, 999)),
    st.builds(Given, keys, lanes, cursors, envelopes),
    st.builds(Found, keys, st.binary(max_size=300)),
)


@given(st.lists(requests, min_size=1, max_size=5))
def test_requests_come_back_as_they_were_said(said: list[Request]) -> None:
    assert decode_requests(b"".join(map(encode_frame, said))) == said


@given(st.lists(replies, min_size=1, max_size=5))
def test_replies_come_back_as_they_were_said(said: list[Reply]) -> None:
    assert decode_replies(b"".join(map(encode_frame, said))) == said


@given(st.binary(max_size=200))
@example(encode_frame(Put(1, ALBA, 1, b"e")))
@example(encode_frame(Stored([1, 2])))
def test_what_is_accepted_is_said_again_in_the_same_bytes(data: bytes) -> None:
    with suppress(Malformed):
        assert b"".join(map(encode_frame, decode_requests(data))) == data
    with suppress(Malformed):
        assert b"".join(map(encode_frame, decode_replies(data))) == data


@given(st.one_of(requests, replies), st.data())
def test_a_damaged_frame_is_refused_or_is_what_cbor_says_of_it(frame: Request | Reply, data: st.DataObject) -> None:
    damaged = bytearray(encode_frame(frame))
    at = data.draw(st.integers(0, min(len(damaged), 50) - 1))
    if data.draw(st.booleans()):
        damaged[at] = data.draw(st.integers(0, 255))
    else:
        del damaged[at:]
    for decode_message in (decode_requests, decode_replies):
        with suppress(Malformed):
            (read,) = decode_message(bytes(damaged))
            _, *items = array(decode(bytes(damaged)))
            assert [getattr(read, name) for name in read.__match_args__] == items


def array(value: Value) -> list[Value]:
    assert isinstance(value, list)
    return value


@pytest.mark.parametrize("message", [b"", bytes(MESSAGE_BYTES_MAX + 1)])
def test_r150_a_message_is_not_empty_and_not_too_long(message: bytes) -> None:
    with pytest.raises(Malformed, match=r"R150\b"):
        decode_requests(message)


def test_r150_a_message_holds_at_most_so_many_frames() -> None:
    frame = encode_frame(Seek(ALBA))
    assert len(decode_requests(frame * FRAMES_MAX)) == FRAMES_MAX
    with pytest.raises(Malformed, match=r"R150\b"):
        decode_requests(frame * (FRAMES_MAX + 1))


@pytest.mark.parametrize(
    "frame",
    [
        1,
        b"put",
        [],
        {1: 1},
        [99],
        [True, 7, BORA, 0, b"abc"],
        ["put"],
        [8],  # a reply is no request
        [1, 7, BORA, 0],
        [1, 7, BORA, 0, b"abc", 0],
        [4],
    ],
)
def test_r151_a_frame_is_of_a_kind_and_length_that_is_known_in_its_direction(frame: Value) -> None:
    with pytest.raises(Malformed, match=r"R151\b"):
        decode_requests(encode_frame(Seek(ALBA)) + encode(frame))


def test_r151_a_request_is_no_reply() -> None:
    with pytest.raises(Malformed, match=r"R151\b"):
        decode_replies(encode_frame(Seek(ALBA)))


@pytest.mark.parametrize(
    "frame",
    [
        [1, -1, BORA, 0, b"abc"],
        [1, NUMBER_MAX + 1, BORA, 0, b"abc"],
        [1, True, BORA, 0, b"abc"],
        [1, 7, BORA[:31], 0, b"abc"],
        [1, 7, "text", 0, b"abc"],
        [1, 7, BORA, 2, b"abc"],
        [1, 7, BORA, False, b"abc"],
        [1, 7, BORA, 0, b""],
        [1, 7, BORA, 0, bytes(131_073)],
        [2, BORA, 0, None],
        [3, b""],
        [3, bytes(SLOT_BYTES_MAX + 1)],
        [4, BORA + b"x"],
    ],
)
def test_r152_every_value_of_a_request_is_in_its_range(frame: Value) -> None:
    with pytest.raises(Malformed, match=r"R152\b"):
        decode_requests(encode(frame))


@pytest.mark.parametrize("frame", [[9, []], [9, 5], [9, [-1]], [9, [True]], [10, 1, 1000], [12, ALBA, None]])
def test_r152_every_value_of_a_reply_is_in_its_range(frame: Value) -> None:
    with pytest.raises(Malformed, match=r"R152\b"):
        decode_replies(encode(frame))


def test_cbor_that_is_not_canonical_is_refused_by_the_rules_of_cbor() -> None:
    with pytest.raises(Malformed, match=r"R4\b"):
        decode_requests(b"\x82\x18\x04\x58\x20" + ALBA)
    with pytest.raises(Malformed, match=r"R2\b"):
        decode_requests(encode_frame(Seek(ALBA))[:-1])


def test_the_largest_envelope_fits_a_message() -> None:
    frame = encode_frame(Put(NUMBER_MAX, ALBA, 1, bytes(131_072)))
    assert len(frame) < MESSAGE_BYTES_MAX
    assert decode_requests(frame) == [Put(NUMBER_MAX, ALBA, 1, bytes(131_072))]


SPECIFICATION = Path(__file__).parents[2] / "docs/spec/relay.md"
CURSOR = (5 << 32) + 1


@pytest.mark.parametrize(
    "frame",
    [
        Put(7, BORA, 0, b"abc"),
        Own(ALBA, 1, CURSOR),
        Publish(b"\x03abc"),
        Seek(BORA),
        Welcome(),
        Stored([7, 8]),
        Declined(9, 158),
        Given(ALBA, 0, CURSOR, b"abc"),
        Found(BORA, b""),
    ],
)
def test_the_vectors_of_the_specification_are_these_bytes(frame: Request | Reply) -> None:
    assert f"`{encode_frame(frame).hex()}`" in SPECIFICATION.read_text(encoding="utf-8")
