"""Prekeys: the public key that a station leaves for its peers, so that they can announce an epoch to it unasked.

    version 1 (3) · station 2 · created 4 · fresh 1 · X-Wing public key 1,216 · Ed25519 signature 64

Signed: context PREKEY · line 32 · station hash 32 · created 4 · fresh 1 · public key 1,216.  The line is not in the
bytes: whoever receives them knows it from the path, and on any other line the signature fails.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256

from openline.errors import Inadmissible, Malformed
from openline.identifiers import LineId, StationId
from openline.ports import Suite
from openline.wire import contexts
from openline.wire.entry import SIGNATURE_BYTES
from openline.wire.envelope import Version
from openline.wire.numbers import u16, u32
from openline.wire.payloads import PREKEY_TAG_BYTES

PUBLIC_BYTES = 1_216  # X-Wing: ML-KEM-768 1,184 and X25519 32
PREKEY_BYTES = 1 + 2 + 4 + 1 + PUBLIC_BYTES + SIGNATURE_BYTES


@dataclass(frozen=True, slots=True)
class Identity:
    """A station as its roster shows it: number, SHA-256 of its roster item, Ed25519 public key (32 bytes)."""

    station: StationId
    hash: bytes
    public: bytes


@dataclass(frozen=True, slots=True)
class Prekey:
    """A prekey as it travels.  `created` in UTC seconds; `fresh` drops every earlier epoch towards its station."""

    station: StationId
    created: int
    fresh: bool
    public: bytes
    signature: bytes

    def encode(self) -> bytes:
        """Return the envelope."""
        return bytes((Version.PREKEY,)) + u16(self.station) + _stated(self) + self.signature

    @property
    def hash(self) -> bytes:
        """SHA-256 of the envelope: what an epoch announced to this prekey is bound to."""
        return sha256(self.encode()).digest()

    @property
    def tag(self) -> bytes:
        """The first four bytes of `hash`: how an announcement and a greeting name it."""
        return self.hash[:PREKEY_TAG_BYTES]

    def verify(self, suite: Suite, line: LineId, owner: Identity) -> None:
        """Raise unless it is `owner`'s own (Inadmissible R46) and signed by it for this line (Forged R40)."""
        if self.station != owner.station:
            raise Inadmissible("R46", "a prekey names another station than the one it was fetched for")
        suite.verify(owner.public, self.signature, _signed(line, owner, self))


def make_prekey(
    suite: Suite, line: LineId, owner: Identity, signing_seed: bytes, seed: bytes, created: int, *, fresh: bool
) -> Prekey:
    """Return the signed public part of the prekey whose private part is `seed` (32 random bytes)."""
    unsigned = Prekey(owner.station, created, fresh, suite.prekey_public(seed), b"")
    return replace(unsigned, signature=suite.sign(signing_seed, _signed(line, owner, unsigned)))


def decode_prekey(envelope: bytes) -> Prekey:
    """Return the prekey whose envelope is exactly these bytes; then call its `verify`.  Raises Malformed (R45)."""
    if len(envelope) != PREKEY_BYTES or envelope[0] != Version.PREKEY or envelope[7] > 1:
        raise Malformed("R45", f"a prekey is {PREKEY_BYTES} bytes of version 3 whose fresh flag is 0 or 1")
    station, created = int.from_bytes(envelope[1:3], "big"), int.from_bytes(envelope[3:7], "big")
    return Prekey(
        StationId(station), created, envelope[7] == 1, envelope[8:-SIGNATURE_BYTES], envelope[-SIGNATURE_BYTES:]
    )


def _stated(prekey: Prekey) -> bytes:
    return u32(prekey.created) + bytes((prekey.fresh,)) + prekey.public


def _signed(line: LineId, owner: Identity, prekey: Prekey) -> bytes:
    return contexts.PREKEY + line + owner.hash + _stated(prekey)
