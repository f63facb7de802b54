"""Runs: the keys that seal.  At each start, and for each new epoch, the sender draws a run id of four random bytes.

    key   = HKDF-SHA-256(secret, salt = run id, info = context RUN · what the epoch binds)
    nonce = counter, 12 bytes big-endian, from 0
    seal  = AES-256-GCM-SIV; additional data = version · run id · counter, as they stand before it

So a restart, or an old backup, repeats no key with a nonce and uses up no epoch, and counters live in memory only.  Two
runs of one epoch get the same id once in 2^32 pairs; then GCM-SIV still hides all but whether two texts are equal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openline.errors import Forged
from openline.limits import EPOCHS_LIVE_MAX
from openline.ports import Suite
from openline.sessions.epochs import Epoch
from openline.wire import contexts
from openline.wire.envelope import Sealed, Type, pack_inside, sealed_header, split_sealed, unpack_inside

RUNS_KNOWN_MAX = 64  # of one sender: ten epochs with a handful of restarts each; a forgotten one is found again
NONCE_BYTES = 12


def run_key(suite: Suite, epoch: Epoch, run: bytes) -> bytes:
    """Return the key (32 bytes) of the run with this id (4 bytes) in an epoch."""
    return suite.derive(epoch.secret, run, contexts.RUN + epoch.bound)


class SendingRun:
    """Seals one station's payloads for one other, counting up.  Make a new one at each start and for each epoch."""

    def __init__(self, suite: Suite, epoch: Epoch, run: bytes) -> None:
        self.epoch = epoch
        self._suite = suite
        self._run = run
        self._key = run_key(suite, epoch, run)
        self._counter = 0

    def seal(self, kind: Type, payload: bytes, *, padded: bool) -> bytes:
        """Return the envelope, 24 bytes longer than the payload on a slow link; padded to a power of two if asked."""
        header = sealed_header(self._run, self._counter)
        nonce = self._counter.to_bytes(NONCE_BYTES, "big")
        self._counter += 1  # before the seal: a counter is never used again, whatever happens next
        inside = pack_inside(kind, payload, header_bytes=len(header), padded=padded)
        return header + self._suite.seal(self._key, nonce, inside, header)


@dataclass(frozen=True, slots=True)
class Opened:
    """What an envelope held, and the epoch it came under.  `first` is true when that epoch was used the first time."""

    epoch: Epoch
    type: Type
    payload: bytes
    first: bool = False


class ReceivingRuns:
    """Opens envelopes of one sender; remembers which run belongs to which epoch."""

    def __init__(self, suite: Suite) -> None:
        self._suite = suite
        self._known: dict[bytes, tuple[Epoch, bytes]] = {}

    def open(self, envelope: bytes, candidates: Sequence[Epoch]) -> Opened:
        """Return what the envelope holds.

        candidates: the sender's live epochs, likeliest first, at most limits.EPOCHS_LIVE_MAX; a run id that is not
        known is tried on each.  Raises Malformed (R10, R11, R22 to R25) or Forged (R53); what opens under none is
        dropped, and its sender seals it again until the receipt.
        """
        sealed = split_sealed(envelope)
        known = self._known.get(sealed.run)
        if known is not None:
            inside = self._attempt(known[1], sealed)
            if inside is not None:
                return Opened(known[0], *unpack_inside(inside, header_bytes=len(sealed.header)))
        for epoch in candidates[:EPOCHS_LIVE_MAX]:
            key = run_key(self._suite, epoch, sealed.run)
            inside = self._attempt(key, sealed)
            if inside is not None:
                self._remember(sealed.run, epoch, key)
                return Opened(epoch, *unpack_inside(inside, header_bytes=len(sealed.header)))
        raise Forged("R53", "an envelope opens under no live epoch of this sender")

    def forget_all_but(self, epochs: Sequence[Epoch]) -> None:
        """Forget the keys of every epoch that is not among these."""
        self._known = {run: known for run, known in self._known.items() if known[0] in epochs}

    def _attempt(self, key: bytes, sealed: Sealed) -> bytes | None:
        try:
            return self._suite.open(key, sealed.counter.to_bytes(NONCE_BYTES, "big"), sealed.text, sealed.header)
        except Forged:
            return None

    def _remember(self, run: bytes, epoch: Epoch, key: bytes) -> None:
        if len(self._known) == RUNS_KNOWN_MAX:
            del self._known[next(iter(self._known))]
        self._known[run] = (epoch, key)
