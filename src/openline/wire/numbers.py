"""Numbers outside CBOR: LEB128 in its shortest form where bytes are dear, fixed width where they are signed."""

from __future__ import annotations

from openline.errors import Malformed

LEB128_BYTES_MAX = 5  # 35 bits: positions and counters stay below 2^35


def leb128(number: int) -> bytes:
    """Return the shortest unsigned LEB128 form of `number`, 0 to 2^35 - 1."""
    if not 0 <= number < 1 << (7 * LEB128_BYTES_MAX):
        raise ValueError(f"{number} does not fit {LEB128_BYTES_MAX} bytes of LEB128")
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def read_leb128(data: bytes, start: int) -> tuple[int, int]:
    """Return the number at `start` and the place after it.  Raises Malformed (R10, R11)."""
    number = shift = 0
    for byte in data[start : start + LEB128_BYTES_MAX]:
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            if byte == 0 and shift > 7:
                raise Malformed("R11", "a number is not in its shortest form", at=start)
            return number, start + shift // 7
    if len(data) < start + LEB128_BYTES_MAX:
        raise Malformed("R10", "the bytes end inside a number", at=start)
    raise Malformed("R11", f"a number is longer than {LEB128_BYTES_MAX} bytes", at=start)


def u16(number: int) -> bytes:
    """Two bytes, big-endian."""
    return number.to_bytes(2, "big")


def u32(number: int) -> bytes:
    """Four bytes, big-endian: sizes of generations and UTC seconds until 2106."""
    return number.to_bytes(4, "big")


def u64(number: int) -> bytes:
    """Eight bytes, big-endian: positions and sizes in signed bytes."""
    return number.to_bytes(8, "big")
