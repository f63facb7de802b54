"""Numbers that stand on the wire, as the specification prints them."""

import pytest

from openline.errors import Malformed
from openline.wire.cbor import encode
from openline.wire.payloads import DocumentClass, decode_request, encode_request
from openline.wire.relay import Declined, Own, decode_replies, decode_requests, encode_frame
from openline.wire.statement import decode_statement


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
