"""A refusal is a sentence: which document, which part of it, and then what that part should be."""

from collections.abc import Callable

import pytest

from openline.charter.charters import CharterField, decode_charter
from openline.charter.documents import DOCUMENT_MAX, unpack
from openline.charter.rosters import RosterField, decode_roster
from openline.errors import Malformed
from openline.wire.cbor import Value, encode
from tests.charter.test_charters import values
from tests.charter.test_rosters import VALUES

SENTENCES: list[tuple[Callable[[bytes], object], Value, str]] = [
    (unpack, ["body", []], "document: its body is not a byte string"),
    (unpack, [bytes(DOCUMENT_MAX), []], "document: its length is not at most 98303 bytes"),
    (unpack, [b"body"], "document: the whole is not an array of 2 items"),
    (decode_charter, [], "charter: the body is not a map with the keys 0 to 19"),
    (
        decode_charter,
        values() | {int(CharterField.TEXTS): [["ko", "a"], ["en", "b"]]},
        "charter: the list of texts is not in each language of the charter, in their order",
    ),
    (
        decode_charter,
        values() | {int(CharterField.APPROVALS): [[4, [[1, 0]]]]},
        "charter: the roles that release a kind is not in their order",
    ),
    (
        decode_charter,
        values() | {int(CharterField.WITNESSES): [["a b", 6, bytes(1_312)]]},
        "charter: a witness's name is not a key name without spaces",
    ),
    (
        decode_roster,
        VALUES | {int(RosterField.RELAYS): [["relay.example", bytes(32)]]},
        "roster: a relay's address is not host:port",
    ),
    (
        decode_roster,
        VALUES | {int(RosterField.OFFICERS): [[number, bytes(31) + b"\1", [0], bytes(64)] for number in (1, 2)]},
        "roster: each key is not in one place only",
    ),
]


@pytest.mark.parametrize(("read", "value", "sentence"), SENTENCES, ids=[sentence for *_, sentence in SENTENCES])
def test_a_refusal_says_where_it_looked_and_then_what_it_wanted(
    read: Callable[[bytes], object], value: Value, sentence: str
) -> None:
    with pytest.raises(Malformed, match=sentence):
        read(encode(value))
