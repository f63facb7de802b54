"""Which epochs of one other station are live here, and what opens under them.

    event                          live epochs
    accepted                       one more; beyond 10 the longest superseded goes, then the oldest that was never used
    accepted, fresh                that one alone
    an epoch is used first         it is in use; the one in use until now is superseded
    superseded for 48 hours        erased: what was under way has come, or is sealed again by its sender

The times are this station's own; the sender's clock decides nothing but the names of its epochs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from openline.errors import Inadmissible
from openline.limits import EPOCHS_LIVE_MAX
from openline.ports import Suite
from openline.sessions.clocks import DAY_S, refuse_last
from openline.sessions.epochs import Epoch
from openline.sessions.kept import pack_epoch, read_row, unpack_epoch, unreadable
from openline.sessions.runs import Opened, ReceivingRuns
from openline.wire.cbor import encode

ERASED_AFTER_S = 2 * DAY_S  # after a newer epoch was first used
REMEMBERED_MAX = 64  # announcements of one sender told apart; all before the oldest of them count as repeats
ANNOUNCEMENTS_BURST_MAX = 32  # after a long absence: a full stock, today's and three weeks of days at once
ANNOUNCEMENT_EVERY_S = 60  # the flood limit of the protocol


@dataclass(slots=True)
class _Live:
    epoch: Epoch
    used: int = 0  # UTC seconds of its first use, 0 for never
    superseded: int = 0  # UTC seconds when another was first used after it


class Receiver:
    """The epochs of one sender.  Keep `encode()` in a row after every change; each method says when there is one."""

    def __init__(self, suite: Suite) -> None:
        self.newest = 0  # creation time of the newest epoch ever accepted: what our greetings name
        self.epochs: list[Epoch] = []  # the live ones, likeliest first
        self._live: list[_Live] = []
        self._remembered: list[int] = []  # creation times, rising
        self._floor = 0  # what was created then or before is a repeat, or was dropped by a fresh one
        self._runs = ReceivingRuns(suite)
        self._allowance = ANNOUNCEMENTS_BURST_MAX
        self._counted_at = 0

    def accept(self, epoch: Epoch, utc: int) -> None:
        """Take an epoch that `Keyring.open` gave; always a change.  Keep the row before anything under it is shown.

        Raises Inadmissible (R49: leaves no room for later ones; R51: a repeat, or older than what a fresh one dropped;
        R52: a flood).  A repeat is ordinary: announcements may travel several ways.
        """
        refuse_last(epoch.created)
        if epoch.created <= self._floor or epoch.created in self._remembered:
            raise Inadmissible("R51", "an epoch was announced before, or belongs to what a fresh one dropped")
        self._count(utc)
        if epoch.fresh:
            self._live, self._remembered, self._floor = [], [], epoch.created
        else:
            self._remembered = sorted([*self._remembered, epoch.created])
        if len(self._remembered) > REMEMBERED_MAX:
            self._floor = self._remembered.pop(0)
        self._live.append(_Live(epoch))
        self.newest = max(self.newest, epoch.created)
        if len(self._live) > EPOCHS_LIVE_MAX:
            self._live.remove(min(self._live, key=_eviction_order))
        self._arrange()

    def open(self, envelope: bytes, utc: int) -> Opened:
        """Return what an envelope of this sender holds.  Only if `first` is set has the state changed.

        Raises Malformed (R10, R11, R22 to R25) or Forged (R53: not this sender, or an epoch that is not live).
        """
        opened = self._runs.open(envelope, self.epochs)
        for live in self._live:
            if not live.used and live.epoch == opened.epoch:
                self._use(live, utc)
                return Opened(opened.epoch, opened.type, opened.payload, first=True)
        return opened

    def expire(self, utc: int) -> bool:
        """Erase what was superseded 48 hours ago.  Returns whether anything changed."""
        # A clock that was ahead and has been set right must not keep a secret for as long as it was ahead.
        kept = [live if live.superseded <= utc else replace(live, superseded=utc) for live in self._live]
        kept = [live for live in kept if not live.superseded or utc < live.superseded + ERASED_AFTER_S]
        changed = kept != self._live
        if changed:
            self._live = kept
            self._arrange()
        return changed

    def drop(self) -> None:
        """Erase every epoch, because our own prekey is fresh; always a change.  None of them is accepted again."""
        self._live, self._remembered, self._floor = [], [], self.newest
        self._arrange()

    def _arrange(self) -> None:
        self.epochs = [live.epoch for live in sorted(self._live, key=_likelihood)]
        self._runs.forget_all_but(self.epochs)

    def _use(self, live: _Live, utc: int) -> None:
        for other in self._live:
            if other.used and not other.superseded:
                other.superseded = utc
        live.used = utc
        self._arrange()

    def _count(self, utc: int) -> None:
        minutes = max(0, utc - self._counted_at) // ANNOUNCEMENT_EVERY_S
        if minutes or utc < self._counted_at:
            self._allowance = min(ANNOUNCEMENTS_BURST_MAX, self._allowance + minutes)
            self._counted_at = utc
        if not self._allowance:
            raise Inadmissible("R52", "a station announces epochs faster than one a minute")
        self._allowance -= 1

    def encode(self) -> bytes:
        """Return the whole state as the value of a row; it holds secrets."""
        live = [[pack_epoch(live.epoch), live.used, live.superseded] for live in self._live]
        return encode([live, self._remembered, self._floor, self.newest])

    @classmethod
    def restore(cls, suite: Suite, row: bytes) -> Receiver:
        """Return the state that `encode` gave.  Raises StorageFailed."""
        receiver = cls(suite)
        items, remembered, receiver._floor, receiver.newest = read_row(row, list, list, int, int)
        for item in items:
            match item:
                case [[bytes(), bytes()] as packed, int() as used, int() as superseded]:
                    epoch = unpack_epoch(packed)
                case _:
                    raise unreadable()
            assert epoch is not None
            receiver._live.append(_Live(epoch, used, superseded))
        if not all(isinstance(created, int) for created in remembered):
            raise unreadable()
        receiver._remembered = remembered
        receiver._arrange()
        return receiver


def _likelihood(live: _Live) -> tuple[int, int]:
    rank = 2 if live.superseded else 0 if live.used else 1
    return rank, -live.epoch.created


def _eviction_order(live: _Live) -> tuple[int, int]:
    if live.superseded:
        return 0, live.superseded
    return (2 if live.used else 1), live.epoch.created
