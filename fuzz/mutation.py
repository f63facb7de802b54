"""Inputs from a seed: bytes altered without any knowledge of what they mean, and cut into where they hold CBOR."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

from fuzz.choices import Choices, written
from fuzz.target import INPUT_BYTES_MAX
from openline.errors import Malformed
from openline.wire.cbor import decode

TELLING = (
    b"\x00", b"\x01", b"\x7f", b"\x80", b"\xff", b"\x1b" + b"\xff" * 8, b"\x9f", b"\xf7", b"\xc0", b"\xed\xa0\x80",
)  # fmt: skip
"""Bytes that decoders have stumbled over: ends of ranges, indefinite lengths, tags, surrogates."""


def inputs(seed: int, beginnings: Sequence[bytes], count: int) -> Iterator[bytes]:
    """Yield `count` inputs: the beginnings themselves first, then altered ones.  One seed always gives the same."""
    random = Random(seed)
    yield from beginnings[:count]
    for _ in range(count - len(beginnings)):
        data = random.choice(beginnings)
        for _ in range(random.choice((1, 1, 2, 3, 6))):
            data = _altered(random, data, beginnings)
        yield data[:INPUT_BYTES_MAX]


def _altered(random: Random, data: bytes, beginnings: Sequence[bytes]) -> bytes:
    how = random.randrange(9)
    at = random.randrange(len(data) + 1)
    if how == 0:
        return data[:at] + random.choice(TELLING) + data[at:]
    if how == 1:
        return data[:at] + data[at + random.randrange(1, 9) :]
    if how == 2:
        return data[:at]
    if how == 3:
        end = min(len(data), at + random.randrange(1, 33))
        return data[:end] + data[at:end] + data[end:]
    if how == 4:
        other = random.choice(beginnings)
        return data[:at] + other[random.randrange(len(other) + 1) :]
    if how == 5:
        return data + random.randbytes(random.randrange(1, 65))
    if how == 6:
        return _altered_cbor(random, data)
    if not data:
        return random.randbytes(random.randrange(1, 200))
    place = at % len(data)
    changed = data[place] ^ (1 << random.randrange(8)) if how == 7 else random.randrange(256)
    return data[:place] + bytes((changed,)) + data[place + 1 :]


def _altered_cbor(random: Random, data: bytes) -> bytes:
    """Change one value in a canonical item, after one byte or none in front, so that what stands deep is reached."""
    for front in (0, 1):
        try:
            value = decode(data[front:])
            return data[:front] + written(Choices(random.randbytes(24)).altered(value))
        except Malformed:
            continue
    return data
