"""Numbers that stand on the wire, as the specification prints them."""

import pytest

from openline.errors import Malformed, Misuse
from openline.identifiers import StationId
from openline.wire.cbor import Value, decode, encode
from openline.wire.drafts import DraftHeld, DraftOver, DraftTold, decode_draft, encode_draft
from openline.wire.entry import Approval
from openline.wire.envelope import Type, Version, version_of
from openline.wire.payloads import (
    DocumentClass,
    Greeting,
    LogState,
    decode_greeting,
    decode_receipt,
    decode_request,
    encode_greeting,
    encode_receipt,
    encode_request,
)
from openline.wire.relay import (
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
    decode_replies,
    decode_requests,
    encode_frame,
)
from openline.wire.statement import GENERATION_KIND, KIND_MAX, Option, decode_statement

ALBA = bytes([1]) * 32
SIGNATURE = bytes(64)


def test_documents_are_of_class_1_2_and_3() -> None:
    assert {kind.name: kind.value for kind in DocumentClass} == {"CHARTER": 1, "ROSTER": 2, "STOP": 3}


def test_a_cursor_goes_up_to_two_to_the_64_less_one() -> None:
    last = Own(bytes(32), 1, (1 << 64) - 1)
    assert list(decode_requests(encode_frame(last))) == [last]


def test_a_cursor_is_not_negative_r152() -> None:
    with pytest.raises(Malformed, match=r"R152\b"):
        decode_requests(encode_frame(Own(bytes(32), 1, -1)))


def test_an_ask_holds_no_number_below_0_r29() -> None:
    assert decode_request(encode_request([(2, 0)])) == ((2, 0),)
    with pytest.raises(Malformed, match=r"R29\b"):
        decode_request(encode_request([(2, -1)]))


def test_a_put_may_be_declined_by_any_rule_up_to_999_r152() -> None:
    last = Declined(1, 999)
    assert list(decode_replies(encode_frame(last))) == [last]
    with pytest.raises(Malformed, match=r"R152\b"):
        decode_replies(encode_frame(Declined(1, 1_000)))


@pytest.mark.parametrize(("place", "last"), [(0, 65_535), (1, 2**32 - 1), (2, 255), (3, 179), (4, 255)])
def test_each_number_of_a_statement_goes_up_to_its_last_and_no_further_r13(place: int, last: int) -> None:
    numbers = [1, 1, 1, 1, 1]
    numbers[place] = last
    decode_statement(encode([*numbers, None, None]))
    numbers[place] = last + 1
    with pytest.raises(Malformed, match=r"R13\b"):
        decode_statement(encode([*numbers, None, None]))


# ---------------------------------------------------------------- options


@pytest.mark.parametrize(
    ("option", "value"),
    [
        (Option.REF, bytes(20)),
        (Option.VALIDITY, [0, 2**32 - 1]),
        (Option.RESPOND_BY, 0),
        (Option.RESPOND_BY, 2**32 - 1),
        (Option.PASS_TO, "x"),
        (Option.ACTION, [1]),
        (Option.ACTION, [1, 255]),
        (Option.CLEARANCE, ["x"]),
    ],
)
def test_the_last_value_of_each_option_is_taken(option: Option, value: Value) -> None:
    assert decode_statement(encode([1, 1, 1, 1, 1, {option: value}, None])).options == {option: value}


@pytest.mark.parametrize(
    ("option", "value"), [(Option.REF, bytes(21)), (Option.RESPOND_BY, 2**32), (Option.VALIDITY, [None, 2**32])]
)
def test_one_step_beyond_an_option_is_refused_r18(option: Option, value: Value) -> None:
    with pytest.raises(Malformed, match=r"R18\b"):
        decode_statement(encode([1, 1, 1, 1, 1, {option: value}, None]))


@pytest.mark.parametrize("value", ["soon", b"soon", None, [1], True])
def test_a_time_is_a_number_r18(value: Value) -> None:
    with pytest.raises(Malformed, match=r"R18\b"):
        decode_statement(encode([1, 1, 1, 1, 1, {Option.RESPOND_BY: value}, None]))


def test_the_depth_of_an_option_is_counted_from_the_statement_itself_r5() -> None:
    """The statement is one array and its options another one; six are left for the value of one option."""
    beginning = encode([1, 1, 1, 1, 1, None, None])[:-2] + b"\xa1\x03"
    with pytest.raises(Malformed, match=r"R18\b"):
        decode_statement(beginning + b"\x81" * 6 + b"\x00\xf6")
    with pytest.raises(Malformed, match=r"R5\b"):
        decode_statement(beginning + b"\x81" * 7 + b"\x00\xf6")


def test_the_first_entry_of_a_generation_is_of_kind_255() -> None:
    assert GENERATION_KIND == KIND_MAX == 255


def test_a_number_goes_from_minus_two_to_the_64_to_the_last_before_it() -> None:
    for last in (2**64 - 1, -(2**64)):
        assert decode(encode(last)) == last
    for beyond in (2**64, -(2**64) - 1):
        with pytest.raises(Misuse):
            encode(beyond)


# ---------------------------------------------------------------- envelopes, payloads


def test_an_envelope_has_131072_bytes_and_no_more_r22() -> None:
    assert version_of(b"\1" + bytes(131_071)) is Version.SEALED
    with pytest.raises(Malformed, match=r"R22\b"):
        version_of(b"\1" + bytes(131_072))


def test_what_stands_inside_a_seal_has_its_numbers() -> None:
    names = "ENTRY STORED PRESENTED GREETING COPY REQUEST DOCUMENT DRAFT SAID BARE_STORED BARE_PRESENTED HEAD PEAKS"
    assert [Type[name] for name in names.split()] == list(range(1, 14))


def test_a_receipt_names_64_further_places_and_no_more_r26() -> None:
    assert len(decode_receipt(encode_receipt(0, 0, range(1, 65), SIGNATURE)).further) == 64
    with pytest.raises(Malformed, match=r"R26\b"):
        decode_receipt(encode_receipt(0, 0, range(1, 66), SIGNATURE))


def test_a_greeting_names_256_logs_and_no_more_r27() -> None:
    log = LogState(StationId(257), 1, 1, bytes(32))
    for count in (256, 257):
        data = encode_greeting(Greeting(bytes(8), bytes(8), 0, bytes(32), 0, 0, bytes(4), (log,) * count)) + SIGNATURE
        if count == 256:
            assert len(decode_greeting(data)[0].logs) == 256
        else:
            with pytest.raises(Malformed, match=r"R27\b"):
                decode_greeting(data)


def test_a_request_asks_64_questions_and_no_more_r29() -> None:
    assert len(decode_request(encode_request([(1,)] * 64))) == 64
    with pytest.raises(Malformed, match=r"R29\b"):
        decode_request(encode_request([(1,)] * 65))


# ---------------------------------------------------------------- drafts


def test_the_forms_of_a_draft_have_their_numbers() -> None:
    told = DraftTold(StationId(257), b"statement", ((0, 1),), ())
    assert encode_draft(told) == encode([0, 257, b"statement", [[0, 1]], b"", 0, ""])
    assert encode_draft(DraftOver(ALBA)) == encode([1, ALBA])
    assert encode_draft(DraftHeld(ALBA, bytes(8))) == encode([2, ALBA, bytes(8)])


def test_the_fullest_draft_is_taken() -> None:
    approvals = tuple(Approval(officer, SIGNATURE) for officer in range(248, 256))
    fullest = DraftTold(StationId(65_535), b"statement", ((0, 1, 2, 3, 4, 4, 4, 4),) * 8, approvals, 255, "x" * 300)
    assert decode_draft(encode_draft(fullest)) == fullest
    least = DraftTold(StationId(1), b"", (), (), 1, "")
    assert decode_draft(encode_draft(least)) == least


@pytest.mark.parametrize(("place", "value"), [(3, [[]] * 9), (5, 256), (6, "x" * 301)])
def test_one_step_beyond_a_draft_is_refused_r161(place: int, value: Value) -> None:
    row: list[Value] = [0, 1, b"", [], b"", 1, ""]
    row[place] = value
    with pytest.raises(Malformed, match=r"R161\b"):
        decode_draft(encode(row))


# ---------------------------------------------------------------- between station and relay


@pytest.mark.parametrize(
    "frame",
    [
        Put(0, ALBA, 0, b"x"),
        Put(2**32 - 1, ALBA, 1, bytes(131_072)),
        Own(ALBA, 0, 0),
        Publish(b"x"),
        Publish(bytes(4_096)),
    ],
)
def test_the_last_request_of_each_range_is_taken(frame: Request) -> None:
    assert list(decode_requests(encode_frame(frame))) == [frame]


@pytest.mark.parametrize(
    "frame",
    [
        Stored([0]),
        Stored([2**32 - 1]),
        Declined(0, 0),
        Given(ALBA, 1, 2**64 - 1, b"x"),
        Found(ALBA, b""),
        Found(ALBA, bytes(4_096)),
    ],
)
def test_the_last_reply_of_each_range_is_taken(frame: Reply) -> None:
    assert list(decode_replies(encode_frame(frame))) == [frame]


@pytest.mark.parametrize(
    "frame",
    [
        Put(2**32, ALBA, 0, b"x"),
        Put(0, ALBA, 2, b"x"),
        Put(0, ALBA + b"x", 0, b"x"),
        Own(ALBA, 2, 0),
        Publish(bytes(4_097)),
    ],
)
def test_one_step_beyond_a_request_is_refused(frame: Request) -> None:
    with pytest.raises(Malformed):
        decode_requests(encode_frame(frame))


@pytest.mark.parametrize(
    "frame",
    [Stored([2**32]), Declined(2**32, 1), Given(ALBA, 2, 0, b"x"), Given(ALBA, 0, 0, b""), Found(ALBA, bytes(4_097))],
)
def test_one_step_beyond_a_reply_is_refused_r152(frame: Reply) -> None:
    with pytest.raises(Malformed, match=r"R152\b"):
        decode_replies(encode_frame(frame))


def test_a_message_of_one_byte_is_judged_by_what_it_says_r151() -> None:
    with pytest.raises(Malformed, match=r"R151\b"):
        decode_requests(b"\x80")


def test_a_message_has_262144_bytes_and_256_frames_and_no_more_r150() -> None:
    seek = encode_frame(Seek(ALBA))
    assert len(decode_requests(seek * 256)) == 256
    with pytest.raises(Malformed, match=r"R150\b"):
        decode_requests(seek * 257)
    most = encode_frame(Put(1, ALBA, 0, bytes(131_072))) + encode_frame(Put(1, ALBA, 0, bytes(130_000)))
    last = Put(1, ALBA, 0, bytes(262_144 - len(most) - 41))
    assert len(most + encode_frame(last)) == 262_144
    assert len(decode_requests(most + encode_frame(last))) == 3
    with pytest.raises(Malformed, match=r"R150\b"):
        decode_requests(most + encode_frame(Put(1, ALBA, 0, last.envelope + b"x")))
