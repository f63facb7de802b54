"""A local request that is nested without end is answered as any other that is none."""

import pytest

from openline.control import REQUEST_BYTES_MAX, decode_line
from openline.errors import Misuse


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
def test_a_request_nested_deeper_than_anybody_needs_is_no_request(opening: bytes) -> None:
    line = opening * (REQUEST_BYTES_MAX // len(opening))
    with pytest.raises(Misuse, match="nested too deep"):
        decode_line(line)
