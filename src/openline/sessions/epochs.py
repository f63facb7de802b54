"""Epochs: a secret that one station gives another, sealed to the other's prekey; all sealing derives from it.

    announcement: version 1 (2) · prekey tag 4 · HPKE 1,243 bytes; 1,248 in all
    HPKE info:    context EPOCH · line 32 · receiver's station hash 32 · SHA-256(prekey envelope) 32
    HPKE text:    sender 2 · fresh 1 · created 4 · generation 4 · secret 32 · Ed25519 signature 64
    signed:       info · sender · fresh · created · generation · secret · sender's station hash 32

The signature is inside, so an announcement shows a relay nobody.  What the epoch binds (`Epoch.bound`) is all that is
signed except context and secret; it goes into every key that is derived from the secret.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from openline.errors import Inadmissible, Malformed
from openline.identifiers import LineId, StationId
from openline.ports import Suite
from openline.sessions.prekeys import Identity, Prekey
from openline.wire import contexts
from openline.wire.entry import SIGNATURE_BYTES
from openline.wire.envelope import Version
from openline.wire.numbers import u16, u32
from openline.wire.payloads import PREKEY_TAG_BYTES

ANNOUNCEMENT_BYTES = 1_248
SECRET_BYTES = 32
BOUND_BYTES = 3 * 32 + 2 + 1 + 4 + 4 + 32
_TEXT_BYTES = 2 + 1 + 4 + 4 + SECRET_BYTES + SIGNATURE_BYTES


@dataclass(frozen=True, slots=True)
class Epoch:
    """One announced epoch: its secret (32 bytes) and everything that the announcement bound (139 bytes)."""

    secret: bytes = field(repr=False)
    bound: bytes

    @property
    def sender(self) -> StationId:
        """Who announced it and seals under it."""
        return StationId(int.from_bytes(self.bound[96:98], "big"))

    @property
    def fresh(self) -> bool:
        """Whether it drops every earlier epoch of the pair."""
        return self.bound[98] == 1

    @property
    def created(self) -> int:
        """UTC seconds by the sender's clock; rises strictly within a pair, so it names the epoch."""
        return int.from_bytes(self.bound[99:103], "big")

    @property
    def generation(self) -> int:
        """The generation of the sender's log in which its entries under this epoch stand."""
        return int.from_bytes(self.bound[103:107], "big")


def announce(
    suite: Suite,
    line: LineId,
    sender: Identity,
    signing_seed: bytes,
    receiver_hash: bytes,
    prekey: Prekey,
    secret: bytes,
    created: int,
    generation: int,
    *,
    fresh: bool,
) -> tuple[Epoch, bytes]:
    """Return a new epoch and its announcement for the owner of `prekey`; `secret` is 32 random bytes.

    Keep the epoch before the announcement leaves.  Raises Forged (R42) if the prekey is no key.
    """
    stated = u16(sender.station) + bytes((fresh,)) + u32(created) + u32(generation)
    info = _info(line, receiver_hash, prekey.hash)
    signature = suite.sign(signing_seed, info + stated + secret + sender.hash)
    sealed = suite.seal_to(prekey.public, stated + secret + signature, info)
    return _epoch(info, stated, secret, sender), bytes((Version.EPOCH,)) + prekey.tag + sealed


def prekey_tag(announcement: bytes) -> bytes:
    """Return the tag of the prekey that an announcement is sealed to.  Raises Malformed (R48)."""
    if len(announcement) != ANNOUNCEMENT_BYTES or announcement[0] != Version.EPOCH:
        raise Malformed("R48", f"an announcement is {ANNOUNCEMENT_BYTES} bytes of version 2 with a whole epoch inside")
    return announcement[1 : 1 + PREKEY_TAG_BYTES]


def open_announcement(
    suite: Suite,
    announcement: bytes,
    line: LineId,
    receiver_hash: bytes,
    prekey_hash: bytes,
    prekey_seed: bytes,
    identify: Callable[[StationId], Identity | None],
) -> Epoch:
    """Return the epoch of an announcement that is sealed to our prekey and signed by a station of the line.

    `identify` gives the identity of a station in force on the line, or None.  Raises Malformed (R48), Forged (R42: not
    for this line, station or prekey; R40: not signed by the sender) or Inadmissible (R50).  Give the epoch to
    `Receiver.accept`, which refuses repeats.
    """
    prekey_tag(announcement)
    info = _info(line, receiver_hash, prekey_hash)
    text = suite.open_from(prekey_seed, announcement[1 + PREKEY_TAG_BYTES :], info)
    if len(text) != _TEXT_BYTES or text[2] > 1:
        raise Malformed("R48", f"an announcement is {ANNOUNCEMENT_BYTES} bytes of version 2 with a whole epoch inside")
    stated, secret, signature = text[:11], text[11 : 11 + SECRET_BYTES], text[-SIGNATURE_BYTES:]
    sender = identify(StationId(int.from_bytes(stated[:2], "big")))
    if sender is None or sender.hash == receiver_hash:
        raise Inadmissible("R50", "an epoch is announced by no other station in force on this line")
    suite.verify(sender.public, signature, info + stated + secret + sender.hash)
    return _epoch(info, stated, secret, sender)


def _info(line: LineId, receiver_hash: bytes, prekey_hash: bytes) -> bytes:
    return contexts.EPOCH + line + receiver_hash + prekey_hash


def _epoch(info: bytes, stated: bytes, secret: bytes, sender: Identity) -> Epoch:
    return Epoch(secret, info[len(contexts.EPOCH) :] + stated + sender.hash)
