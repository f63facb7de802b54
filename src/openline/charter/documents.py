"""What charters, rosters and stop notices have in common: a body, signatures by party roots, a digest by parts.

A document is the CBOR array [body, signatures]: `body` a byte string that holds canonical CBOR, `signatures` an array
of [party, root, Ed25519 64, ML-DSA-65 3309] in rising order of the first two.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from hashlib import sha256

from openline.charter.reading import Reader
from openline.errors import Forged
from openline.identifiers import Digest
from openline.limits import DOCUMENT_BYTES_MAX, MEMBERS_MAX
from openline.ports import Suite
from openline.wire.cbor import Value, decode, encode
from openline.wire.entry import SIGNATURE_BYTES
from openline.wire.keys import PUBLIC_KEY_BYTES
from openline.wire.statement import digest_of_parts

ROOT_BYTES = 1_952  # ML-DSA-65 public key (FIPS 204)
ROOT_SIGNATURE_BYTES = 3_309  # ML-DSA-65 (FIPS 204)
SEED_BYTES = 32
DOCUMENT_MAX = DOCUMENT_BYTES_MAX - 1  # one byte of the payload says which class of document follows
SIGNATURES_MAX = 2 * MEMBERS_MAX  # every member of the new text and of the old one

_READ = Reader("R80", "document")
_READ_SIGNATURES = Reader("R81", "document")


class Signer(IntEnum):
    """Which root of a party signs: the one the document itself names, or the one its predecessor named."""

    PRESENT = 0
    FORMER = 1


@dataclass(frozen=True, slots=True)
class RootKeys:
    """A party's root: both keys must verify.  Ed25519 32 bytes, ML-DSA-65 1,952 bytes."""

    ed25519: bytes
    mldsa65: bytes = field(repr=False)

    @property
    def hash(self) -> bytes:
        """SHA-256 of both keys in CBOR, 32 bytes: what a root's fingerprint is made of."""
        return sha256(encode([self.ed25519, self.mldsa65])).digest()


@dataclass(frozen=True, slots=True)
class RootSeeds:
    """The private half of a root: two seeds of 32 bytes.  They stay offline."""

    ed25519: bytes = field(repr=False)
    mldsa65: bytes = field(repr=False)

    def public(self, suite: Suite) -> RootKeys:
        """Return the public half."""
        return RootKeys(suite.public(self.ed25519), suite.root_public(self.mldsa65))


@dataclass(frozen=True, slots=True)
class RootSignature:
    """What one root signed: `party` and which of its roots, with both signatures."""

    party: int
    root: Signer
    ed25519: bytes = field(repr=False)
    mldsa65: bytes = field(repr=False)

    @property
    def place(self) -> tuple[int, int]:
        """Its order among the signatures of one document."""
        return self.party, self.root


def pack(body: bytes, signatures: Sequence[RootSignature]) -> bytes:
    """Return the document.  Raises Malformed (R80) if it is too long to be sent."""
    ordered = sorted(signatures, key=lambda signature: signature.place)
    rows: list[Value] = [
        [signature.party, signature.root, signature.ed25519, signature.mldsa65] for signature in ordered
    ]
    document = encode([body, rows])
    _refuse_long(document)
    return document


def unpack(document: bytes) -> tuple[bytes, tuple[RootSignature, ...]]:
    """Return body and signatures, nothing verified.  Raises Malformed (R1 to R9, R80, R81)."""
    _refuse_long(document)
    pair = _READ.record(decode(document), 2, "the whole")
    body = pair[0]
    if not isinstance(body, bytes):
        _READ.refuse("its body", "a byte string")
    rows = _READ_SIGNATURES.items(pair[1], 0, SIGNATURES_MAX, "the list of signatures")
    signatures = tuple(_signature(row) for row in rows)
    _READ_SIGNATURES.rising([signature.place for signature in signatures], "the list of signatures")
    return body, signatures


def _refuse_long(document: bytes) -> None:
    if len(document) > DOCUMENT_MAX:
        _READ.refuse("its length", f"at most {DOCUMENT_MAX} bytes")


def _signature(row: Value) -> RootSignature:
    party, root, ed25519, mldsa65 = _READ_SIGNATURES.record(row, 4, "a signature")
    return RootSignature(
        _READ_SIGNATURES.number(party, 1, 255, "a signer's party"),
        Signer(_READ_SIGNATURES.number(root, 0, 1, "a signer's root")),
        _READ_SIGNATURES.octets(ed25519, SIGNATURE_BYTES, "an Ed25519 signature"),
        _READ_SIGNATURES.octets(mldsa65, ROOT_SIGNATURE_BYTES, "an ML-DSA-65 signature"),
    )


def root_keys(reader: Reader, ed25519: Value, mldsa65: Value) -> RootKeys:
    """Return a root's public keys, refused by `reader`'s rule unless each has its length."""
    return RootKeys(
        reader.octets(ed25519, PUBLIC_KEY_BYTES, "a root's Ed25519 key"),
        reader.octets(mldsa65, ROOT_BYTES, "a root's ML-DSA-65 key"),
    )


def sign(suite: Suite, seeds: RootSeeds, party: int, signed: bytes, root: Signer = Signer.PRESENT) -> RootSignature:
    """Return both signatures of a party's root over `signed`."""
    return RootSignature(party, root, suite.sign(seeds.ed25519, signed), suite.sign_root(seeds.mldsa65, signed))


def verify(suite: Suite, keys: RootKeys, signature: RootSignature, signed: bytes) -> None:
    """Raise Forged (R86) unless both signatures of the root are right."""
    try:
        suite.verify(keys.ed25519, signature.ed25519, signed)
        suite.verify_root(keys.mldsa65, signature.mldsa65, signed)
    except Forged as error:
        raise Forged(
            "R86",
            f"the root of party {signature.party} has not signed this document",
            hint="Compare the fingerprints of root and document by voice, and ask that party for its file again.",
            party=signature.party,
        ) from error


def digest_by_parts(seed: bytes, body: bytes, fields: Mapping[int, Value], listed: frozenset[int]) -> Digest:
    """Return a body's digest.

    The parts, in order of the keys: of a field in `listed`, each record is a part of its own, CBOR [key, record]; of
    any other field, CBOR [key, value] is one.  So one station or one officer can be shown without the others.
    """
    return digest_of_parts(seed, body, parts(fields, listed))


def parts(fields: Mapping[int, Value], listed: frozenset[int]) -> list[bytes]:
    """Cut a body's fields into its parts, as `digest_by_parts` says."""
    cut = []
    for key, value in fields.items():
        records = value if key in listed and isinstance(value, Sequence) else [value]
        cut += [encode([key, record]) for record in records]
    return cut
