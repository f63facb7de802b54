"""The real cryptography: `ports.Suite` on two wheels, each of which brings its own library.

Ed25519 is libsodium's (PyNaCl), in half the time of OpenSSL's; all else is OpenSSL's (cryptography); ADR 0021.

Key objects are kept in bounded caches, because making one costs more than using it: a station on the densest line we
allow talks to 12 parties of 16 stations, so 256 places hold every key in use with room to spare.  A key that a library
takes but nobody should (small order, not canonical) is refused when it is first used (R33, R34).
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import shake_256

from cryptography.exceptions import InvalidSignature, InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.mldsa import (
    MLDSA44PrivateKey,
    MLDSA44PublicKey,
    MLDSA65PrivateKey,
    MLDSA65PublicKey,
)
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from nacl.bindings import crypto_sign, crypto_sign_open, crypto_sign_seed_keypair
from nacl.exceptions import BadSignatureError

from openline.errors import Forged, Misuse
from openline.wire.entry import SIGNATURE_BYTES
from openline.wire.keys import refuse_weak_key

KEYS_CACHED_MAX = 256
PREKEYS_CACHED_MAX = 16  # our own live ones: one a day for seven days, and today's
MLKEM_SEED_BYTES = 64  # of the 96 bytes that an X-Wing seed expands to; the rest is the X25519 key
MLKEM_PUBLIC_BYTES = 1_184

_HPKE = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


class RealSuite:
    """Every cryptographic operation of the product; holds no state, so one serves all lines.

    Raises Misuse at construction when the library was built without what this suite needs.
    """

    def __init__(self) -> None:
        try:
            self.seal(bytes(32), bytes(12), b"", b"")
            self.prekey_public(bytes(32))
            self.head_public(bytes(32))
        except UnsupportedAlgorithm as error:
            raise Misuse(
                "this build of the cryptography library lacks AES-GCM-SIV, ML-KEM or ML-DSA",
                hint="Install the published wheel of cryptography, 50 or later; it brings its own OpenSSL.",
            ) from error

    def forget(self) -> None:
        """Drop every key object that is kept for speed.  Call hourly: an erased key must not live on in a cache."""
        for cache in (_ed25519, _gcm_siv, _prekey, _mldsa44, _mldsa65):
            cache.cache_clear()

    def public(self, seed: bytes) -> bytes:
        """Return the Ed25519 public key, 32 bytes (RFC 8032)."""
        public, _ = _ed25519(seed)
        return public

    def sign(self, seed: bytes, data: bytes) -> bytes:
        """Return an Ed25519 signature, 64 bytes."""
        _, secret = _ed25519(seed)
        return crypto_sign(data, secret)[:SIGNATURE_BYTES]

    def verify(self, public: bytes, signature: bytes, data: bytes) -> None:
        """Raise Forged (R40; R33, R34 for a weak key) unless the Ed25519 signature is right.

        That is: by the equation of RFC 8032, section 5.1.7, without a cofactor, S below the order, R of no small order.
        """
        _refuse_weak_key(public)
        if len(signature) != SIGNATURE_BYTES:  # a shorter one would borrow its end from what was signed
            raise Forged("R40", "an Ed25519 signature does not verify")
        try:
            crypto_sign_open(signature + data, public)
        except BadSignatureError as error:
            raise Forged("R40", "an Ed25519 signature does not verify") from error

    def derive(self, secret: bytes, salt: bytes, info: bytes) -> bytes:
        """Return 32 bytes of HKDF-SHA-256 (RFC 5869)."""
        return HKDF(algorithm=SHA256(), length=32, salt=salt, info=info).derive(secret)

    def seal(self, key: bytes, nonce: bytes, text: bytes, header: bytes) -> bytes:
        """Return AES-256-GCM-SIV text and tag (RFC 8452); key 32 bytes, nonce 12."""
        return _gcm_siv(key).encrypt(nonce, text, header)

    def open(self, key: bytes, nonce: bytes, sealed: bytes, header: bytes) -> bytes:
        """Return the plaintext, or raise Forged (R41)."""
        try:
            return _gcm_siv(key).decrypt(nonce, sealed, header)
        except InvalidTag as error:
            raise Forged("R41", "a seal does not open") from error

    def prekey_public(self, seed: bytes) -> bytes:
        """Return the X-Wing public key of a 32-byte seed, 1,216 bytes: ML-KEM-768, then X25519."""
        first, second = _expand(seed)
        return first.public_key().public_bytes_raw() + second.public_key().public_bytes_raw()

    def seal_to(self, public: bytes, text: bytes, info: bytes) -> bytes:
        """Return HPKE (RFC 9180, base mode) to an X-Wing key: 1,120 bytes, text, 16 bytes.

        Raises Forged (R42) if the key is not one: it came from a peer.
        """
        try:
            first = MLKEM768PublicKey.from_public_bytes(public[:MLKEM_PUBLIC_BYTES])
            second = X25519PublicKey.from_public_bytes(public[MLKEM_PUBLIC_BYTES:])
            return _HPKE.encrypt(text, hpke.MLKEM768X25519PublicKey(first, second), info=info)
        except ValueError as error:
            raise Forged("R42", "a prekey is not a public key of this suite") from error

    def open_from(self, seed: bytes, sealed: bytes, info: bytes) -> bytes:
        """Return the plaintext of an HPKE message to the prekey of this seed, or raise Forged (R42)."""
        try:
            return _HPKE.decrypt(sealed, _prekey(seed), info=info)
        except (InvalidTag, ValueError) as error:
            raise Forged("R42", "an announcement does not open with this prekey") from error

    def head_public(self, seed: bytes) -> bytes:
        """Return the ML-DSA-44 public key, 1,312 bytes."""
        return _mldsa44(seed).public_key().public_bytes_raw()

    def sign_head(self, seed: bytes, data: bytes) -> bytes:
        """Return an ML-DSA-44 signature, 2,420 bytes (FIPS 204, empty context)."""
        return _mldsa44(seed).sign(data)

    def verify_head(self, public: bytes, signature: bytes, data: bytes) -> None:
        """Raise Forged (R43) unless the ML-DSA-44 signature is right."""
        try:
            MLDSA44PublicKey.from_public_bytes(public).verify(signature, data)
        except (InvalidSignature, ValueError) as error:
            raise Forged("R43", "an ML-DSA-44 signature does not verify") from error

    def root_public(self, seed: bytes) -> bytes:
        """Return the ML-DSA-65 public key, 1,952 bytes."""
        return _mldsa65(seed).public_key().public_bytes_raw()

    def sign_root(self, seed: bytes, data: bytes) -> bytes:
        """Return an ML-DSA-65 signature, 3,309 bytes (FIPS 204, empty context)."""
        return _mldsa65(seed).sign(data)

    def verify_root(self, public: bytes, signature: bytes, data: bytes) -> None:
        """Raise Forged (R44) unless the ML-DSA-65 signature is right."""
        try:
            MLDSA65PublicKey.from_public_bytes(public).verify(signature, data)
        except (InvalidSignature, ValueError) as error:
            raise Forged("R44", "an ML-DSA-65 signature does not verify") from error


@lru_cache(maxsize=KEYS_CACHED_MAX)
def _ed25519(seed: bytes) -> tuple[bytes, bytes]:
    return crypto_sign_seed_keypair(seed)  # the public key, and what libsodium signs with


_refuse_weak_key = lru_cache(maxsize=KEYS_CACHED_MAX)(refuse_weak_key)


@lru_cache(maxsize=KEYS_CACHED_MAX)
def _gcm_siv(key: bytes) -> AESGCMSIV:
    return AESGCMSIV(key)


@lru_cache(maxsize=PREKEYS_CACHED_MAX)
def _prekey(seed: bytes) -> hpke.MLKEM768X25519PrivateKey:
    return hpke.MLKEM768X25519PrivateKey(*_expand(seed))


@lru_cache(maxsize=PREKEYS_CACHED_MAX)
def _mldsa44(seed: bytes) -> MLDSA44PrivateKey:
    return MLDSA44PrivateKey.from_seed_bytes(seed)


@lru_cache(maxsize=PREKEYS_CACHED_MAX)
def _mldsa65(seed: bytes) -> MLDSA65PrivateKey:
    return MLDSA65PrivateKey.from_seed_bytes(seed)


def _expand(seed: bytes) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
    """Expand an X-Wing seed to its two private keys (draft-connolly-cfrg-xwing-kem)."""
    expanded = shake_256(seed).digest(MLKEM_SEED_BYTES + 32)
    first = MLKEM768PrivateKey.from_seed_bytes(expanded[:MLKEM_SEED_BYTES])
    return first, X25519PrivateKey.from_private_bytes(expanded[MLKEM_SEED_BYTES:])
