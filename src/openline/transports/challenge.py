"""How a station proves its post key to a relay, so that this relay cannot use the proof at another.

The relay sends 32 random bytes.  The station answers 96: its post key, and its Ed25519 signature (RFC 8032) over
context RELAY · the relay's pin · the challenge.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from openline.errors import Forged, Malformed
from openline.wire.contexts import RELAY
from openline.wire.keys import refuse_weak_key

CHALLENGE_BYTES = 32
KEY_BYTES = 32
ANSWER_BYTES = KEY_BYTES + 64


def answer(post_seed: bytes, pin: bytes, challenge: bytes | str) -> bytes:
    """Return a station's answer, 96 bytes.  Raises Malformed (R153) if the relay sent anything but 32 bytes."""
    if not isinstance(challenge, bytes) or len(challenge) != CHALLENGE_BYTES:
        raise Malformed("R153", f"a challenge has {CHALLENGE_BYTES} bytes")
    key = Ed25519PrivateKey.from_private_bytes(post_seed)
    return key.public_key().public_bytes_raw() + key.sign(RELAY + pin + challenge)


def proved_key(pin: bytes, challenge: bytes, given: bytes | str) -> bytes:
    """Return the post key that an answer proves.  Raises Malformed (R153, R33) or Forged (R154, R34)."""
    if not isinstance(given, bytes) or len(given) != ANSWER_BYTES:
        raise Malformed("R153", f"an answer to a challenge has {ANSWER_BYTES} bytes")
    key, signature = given[:KEY_BYTES], given[KEY_BYTES:]
    refuse_weak_key(key)
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, RELAY + pin + challenge)
    except InvalidSignature as error:
        raise Forged("R154", "the answer to the challenge is not signed by its post key") from error
    return key
