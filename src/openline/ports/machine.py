"""What the core is given and what it gives: a machine, its read-only ledger, its cryptography."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from openline.identifiers import LineId, StationId
from openline.ports.effects import Effect
from openline.ports.events import Event, Instant
from openline.ports.rows import Append, Row


@dataclass(frozen=True, slots=True)
class Batch:
    """What up to 64 steps ask for: rows first, in one transaction; then the effects, in order."""

    rows: Sequence[Row]
    effects: Sequence[Effect]


class Machine(Protocol):
    """A Station or a Mailbox: all that driver and simulation know."""

    def step(self, event: Event, now: Instant) -> None:
        """Take one event.  Changes memory only; never fails because of what a peer sent."""

    def settle(self, now: Instant) -> Batch:
        """Return what the steps since the last settle want, and forget it.  Commit the rows before the first effect."""

    def fingerprint(self) -> bytes:
        """Return a digest of everything this machine remembers, for replay and exhaustive search."""


class Ledger(Protocol):
    """Committed rows, read only, synchronous.  Never used for the working set."""

    def entry(self, line: LineId, author: StationId, generation: int, seq: int) -> Append | None:
        """Return the entry at a place, or None."""

    def entries(self, line: LineId, author: StationId, generation: int, first: int, end: int) -> Iterator[Append]:
        """Return the entries at places first to end - 1 that are held, in order."""

    def find(self, line: LineId, beginning: bytes) -> Sequence[Append]:
        """Return the entries of a line whose digest begins so; two at most."""

    def recent(self, line: LineId, count: int) -> Sequence[Append]:
        """Return the last entries of a line by the order in which they were stored here, oldest first."""

    def kept(self, table: str, beginning: bytes = b"") -> Iterator[tuple[bytes, bytes]]:
        """Return key and value of everything kept in a table under keys that begin so, in the order of keys."""


class Suite(Protocol):
    """Every cryptographic operation.  Keys are raw bytes; private keys are 32-byte seeds.

    `seal_to` (HPKE), `sign_head` (ML-DSA-44) and `sign_root` (ML-DSA-65) draw randomness inside the library, so a run
    repeats byte for byte only with the simulation's suite, and step for step with the real one.  What does not verify
    or open raises Forged.
    """

    def public(self, seed: bytes) -> bytes:
        """Return the Ed25519 public key, 32 bytes."""

    def sign(self, seed: bytes, data: bytes) -> bytes:
        """Return an Ed25519 signature, 64 bytes."""

    def verify(self, public: bytes, signature: bytes, data: bytes) -> None:
        """Raise Forged (R40) unless the Ed25519 signature is right (cofactorless, S < L)."""

    def derive(self, secret: bytes, salt: bytes, info: bytes) -> bytes:
        """Return 32 bytes of HKDF-SHA-256 (RFC 5869)."""

    def seal(self, key: bytes, nonce: bytes, text: bytes, header: bytes) -> bytes:
        """Return AES-256-GCM-SIV text and tag (RFC 8452); key 32 bytes, nonce 12."""

    def open(self, key: bytes, nonce: bytes, sealed: bytes, header: bytes) -> bytes:
        """Return the plaintext, or raise Forged (R41)."""

    def prekey_public(self, seed: bytes) -> bytes:
        """Return the X-Wing public key of a 32-byte seed, 1,216 bytes."""

    def seal_to(self, public: bytes, text: bytes, info: bytes) -> bytes:
        """Return HPKE (X-Wing, HKDF-SHA-256, AES-256-GCM): 1,120 bytes, text, 16 bytes."""

    def open_from(self, seed: bytes, sealed: bytes, info: bytes) -> bytes:
        """Return the plaintext, or raise Forged (R42)."""

    def head_public(self, seed: bytes) -> bytes:
        """Return the ML-DSA-44 public key, 1,312 bytes."""

    def sign_head(self, seed: bytes, data: bytes) -> bytes:
        """Return an ML-DSA-44 signature, 2,420 bytes (FIPS 204, empty context)."""

    def verify_head(self, public: bytes, signature: bytes, data: bytes) -> None:
        """Raise Forged (R43) unless the ML-DSA-44 signature is right."""

    def root_public(self, seed: bytes) -> bytes:
        """Return the ML-DSA-65 public key, 1,952 bytes."""

    def sign_root(self, seed: bytes, data: bytes) -> bytes:
        """Return an ML-DSA-65 signature, 3,309 bytes (FIPS 204, empty context)."""

    def verify_root(self, public: bytes, signature: bytes, data: bytes) -> None:
        """Raise Forged (R44) unless the ML-DSA-65 signature is right."""
