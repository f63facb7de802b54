"""A made suite: sizes as the real one's, every byte from its arguments, and ten times quicker.

It protects nothing: whoever knows a public key can make its signatures.  The made enemies here do not try that; they
alter, replay, cut and forge with other keys, and are refused as by the real suite.  A run repeats byte for byte.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256, shake_256

from openline.errors import Forged

_TAG = 16
_ENCAPSULATED = 1_120


class SeededSuite:
    """Deterministic stand-ins for every operation of `ports.Suite`.

    on_seal: called with (key, nonce) of every sealing, so that a checker sees each pair that is ever used.
    """

    def __init__(self, on_seal: Callable[[bytes, bytes], None] | None = None) -> None:
        self._on_seal = on_seal

    def public(self, seed: bytes) -> bytes:
        """Return 32 bytes that stand for an Ed25519 public key."""
        return sha256(b"public" + seed).digest()

    def sign(self, seed: bytes, data: bytes) -> bytes:
        """Return 64 bytes that stand for an Ed25519 signature."""
        return _signature(b"ed25519", self.public(seed), data, 64)

    def verify(self, public: bytes, signature: bytes, data: bytes) -> None:
        """Raise Forged (R40) unless the signature is the one that `sign` gives."""
        if signature != _signature(b"ed25519", public, data, 64):
            raise Forged("R40", "an Ed25519 signature does not verify")

    def derive(self, secret: bytes, salt: bytes, info: bytes) -> bytes:
        """Return 32 bytes that stand for HKDF's."""
        return sha256(b"derive" + secret + len(salt).to_bytes(2, "big") + salt + info).digest()

    def seal(self, key: bytes, nonce: bytes, text: bytes, header: bytes) -> bytes:
        """Return the masked text and a tag of 16 bytes."""
        if self._on_seal is not None:
            self._on_seal(key, nonce)
        tag = sha256(b"tag" + key + nonce + header + text).digest()[:_TAG]
        return _mask(key + nonce, text) + tag

    def open(self, key: bytes, nonce: bytes, sealed: bytes, header: bytes) -> bytes:
        """Return the text, or raise Forged (R41)."""
        text = _mask(key + nonce, sealed[:-_TAG])
        if sealed[-_TAG:] != sha256(b"tag" + key + nonce + header + text).digest()[:_TAG]:
            raise Forged("R41", "a sealed text does not open")
        return text

    def prekey_public(self, seed: bytes) -> bytes:
        """Return 1,216 bytes that stand for an X-Wing public key."""
        return self.public(seed) + shake_256(b"prekey" + seed).digest(1_184)

    def seal_to(self, public: bytes, text: bytes, info: bytes) -> bytes:
        """Return 1,120 bytes, the masked text and a tag of 16 bytes."""
        encapsulated = shake_256(b"encapsulated" + public + info + text).digest(_ENCAPSULATED)
        key = sha256(public[:32] + encapsulated + info).digest()
        return encapsulated + _mask(key, text) + sha256(b"tag" + key + text).digest()[:_TAG]

    def open_from(self, seed: bytes, sealed: bytes, info: bytes) -> bytes:
        """Return the text, or raise Forged (R42)."""
        encapsulated, body, tag = sealed[:_ENCAPSULATED], sealed[_ENCAPSULATED:-_TAG], sealed[-_TAG:]
        key = sha256(self.public(seed) + encapsulated + info).digest()
        text = _mask(key, body)
        if tag != sha256(b"tag" + key + text).digest()[:_TAG]:
            raise Forged("R42", "an epoch's secret does not open")
        return text

    def head_public(self, seed: bytes) -> bytes:
        """Return 1,312 bytes that stand for an ML-DSA-44 public key."""
        return shake_256(b"head" + seed).digest(1_312)

    def sign_head(self, seed: bytes, data: bytes) -> bytes:
        """Return 2,420 bytes that stand for an ML-DSA-44 signature."""
        return _signature(b"mldsa44", self.head_public(seed), data, 2_420)

    def verify_head(self, public: bytes, signature: bytes, data: bytes) -> None:
        """Raise Forged (R43) unless the signature is the one that `sign_head` gives."""
        if signature != _signature(b"mldsa44", public, data, 2_420):
            raise Forged("R43", "an ML-DSA-44 signature does not verify")

    def root_public(self, seed: bytes) -> bytes:
        """Return 1,952 bytes that stand for an ML-DSA-65 public key."""
        return shake_256(b"root" + seed).digest(1_952)

    def sign_root(self, seed: bytes, data: bytes) -> bytes:
        """Return 3,309 bytes that stand for an ML-DSA-65 signature."""
        return _signature(b"mldsa65", self.root_public(seed), data, 3_309)

    def verify_root(self, public: bytes, signature: bytes, data: bytes) -> None:
        """Raise Forged (R44) unless the signature is the one that `sign_root` gives."""
        if signature != _signature(b"mldsa65", public, data, 3_309):
            raise Forged("R44", "an ML-DSA-65 signature does not verify")


def _signature(kind: bytes, public: bytes, data: bytes, size: int) -> bytes:
    return shake_256(kind + sha256(public).digest() + data).digest(size)


def _mask(key: bytes, text: bytes) -> bytes:
    stream = shake_256(b"mask" + key).digest(len(text))
    return (int.from_bytes(text, "big") ^ int.from_bytes(stream, "big")).to_bytes(len(text), "big")
