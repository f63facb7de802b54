"""A relay's key: one Ed25519 key with a self-signed certificate, known by the SHA-256 of its public key (the pin).

No authority is asked and no name or date in the certificate means anything: the roster holds the pin.  TLS 1.3 only
(RFC 8446); the pin is over the SubjectPublicKeyInfo, as in RFC 7469.
"""

from __future__ import annotations

import hmac
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from openline.errors import Forged, Misuse

# Nobody reads these dates; a certificate must have some. 9999-12-31 is RFC 5280's "no end".
_BEGINS = datetime(2026, 1, 1, tzinfo=UTC)
_ENDS = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
_NAME = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "relay")])


def make_relay_key() -> bytes:
    """Return a new private key and its certificate, PEM, one after the other.  Write it where only the relay reads."""
    key = Ed25519PrivateKey.generate()
    certificate = (
        x509.CertificateBuilder(subject_name=_NAME, issuer_name=_NAME, public_key=key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_BEGINS)
        .not_valid_after(_ENDS)
        .sign(key, None)
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private + certificate.public_bytes(Encoding.PEM)


def pin_of(pem: bytes) -> bytes:
    """Return the pin, 32 bytes, of the certificate in a PEM file.  Raises Misuse if there is none."""
    try:
        return _pin(x509.load_pem_x509_certificate(pem))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise Misuse("this is no relay key", hint="Make one anew: the file holds a key and a certificate.") from error


def _pin(certificate: x509.Certificate) -> bytes:
    public = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return sha256(public).digest()


@dataclass(frozen=True, slots=True)
class RelayKey:
    """A relay's key in use: the TLS context of its server, and its pin."""

    context: ssl.SSLContext
    pin: bytes

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the file that `make_relay_key` filled.  Raises Misuse."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.num_tickets = 0  # every connection proves everything anew
        try:
            context.load_cert_chain(path)
            pem = path.read_bytes()
        except OSError as error:  # ssl.SSLError is one
            raise Misuse(
                "the relay's key cannot be read", hint=f"See that {path.name} is there and is whole."
            ) from error
        return cls(context, pin_of(pem))


def client_context() -> ssl.SSLContext:
    """Return the TLS context of a station.  It asks no authority: `require_pin` is the check, and comes before all."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def require_pin(certificate: bytes | None, pin: bytes) -> None:
    """Raise Forged (R159) unless the other end's certificate (DER, or None) holds the pinned public key."""
    try:
        right = hmac.compare_digest(_pin(x509.load_der_x509_certificate(certificate or b"")), pin)
    except (ValueError, UnsupportedAlgorithm, x509.InvalidVersion):
        right = False  # bytes of somebody's choice: whatever they are, not the pinned key
    if not right:
        raise Forged(
            "R159",
            "the relay's public key is not the one in the roster",
            hint="Somebody else answers at this address, or the relay has a new key. Ask its operator by another way.",
        )
