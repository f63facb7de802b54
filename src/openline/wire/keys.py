"""Which Ed25519 public keys are refused before any signature is looked at.

Under a small-order key one signature fits every message, and the usual libraries accept such keys.  So a key is
refused here by its bytes alone, by a table; no arithmetic on the curve is needed.
"""

from __future__ import annotations

from openline.errors import Forged, Malformed

PUBLIC_KEY_BYTES = 32
FIELD_PRIME = 2**255 - 19  # RFC 8032, section 5.1

_Y_MASK = (1 << 255) - 1  # the top bit is the sign of x
_Y_OF_ORDER_EIGHT = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
_SMALL_ORDER_Y = frozenset((0, 1, FIELD_PRIME - 1, _Y_OF_ORDER_EIGHT, FIELD_PRIME - _Y_OF_ORDER_EIGHT))
"""The y coordinates of the eight points whose order divides 8; either sign of x is refused with them."""


def refuse_weak_key(public: bytes) -> None:
    """Raise unless `public` is the one encoding of a key under which a signature can mean something.

    Malformed (R33): not 32 bytes, or y is not below the field's prime.  Forged (R34): a point of small order.
    A string that is no point at all passes here and fails at the key's own possession signature.
    """
    if len(public) != PUBLIC_KEY_BYTES:
        raise Malformed("R33", "an Ed25519 key is not 32 bytes in their one form", length=len(public))
    y = int.from_bytes(public, "little") & _Y_MASK
    if y >= FIELD_PRIME:
        raise Malformed("R33", "an Ed25519 key is not 32 bytes in their one form")
    if y in _SMALL_ORDER_Y:
        raise Forged("R34", "an Ed25519 key is a point of small order: one signature would fit every message")
