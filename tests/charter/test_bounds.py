"""The ends of two ranges of a charter's text."""

import pytest

from openline.charter import decode_charter
from openline.charter.charters import CharterField
from openline.errors import Malformed
from openline.wire.cbor import Value, encode
from tests.charter.test_charters import values


@pytest.mark.parametrize(
    ("key", "value"),
    [(CharterField.EVIDENCE, -1), (CharterField.EVIDENCE, 2), (CharterField.LANGUAGES, ["en", "ko-" + "a" * 18])],
)
def test_one_step_beyond_a_range_is_refused_r82(key: CharterField, value: Value) -> None:
    with pytest.raises(Malformed, match=r"R82\b"):
        decode_charter(encode(values() | {key: value}))
