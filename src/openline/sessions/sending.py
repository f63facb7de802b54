"""Which epochs a station has announced to one other, which of them it seals under now, and what it should announce.

    need    when                                                      effect of `announce`
    FRESH   nothing is in use: first contact, fresh prekey, rekey     in use at once; the peer drops all earlier ones
    TODAY   good link, the epoch in use is of an earlier day          in use when the peer's greeting names it
    STOCK   good link, fewer than 8 in stock or one a week old        waits for days when no announcement gets through

An epoch other than a fresh one is taken into use only when the peer has named it, or a newer one, in a greeting; so a
lost announcement costs no message.  The secret of the one before is forgotten at that moment.
"""

from __future__ import annotations

from enum import Enum

from openline.errors import Inadmissible, Misuse
from openline.identifiers import LineId
from openline.ports import Suite
from openline.sessions import epochs
from openline.sessions.clocks import CREATED_MAX, DAY_S, day_of, refuse_last
from openline.sessions.epochs import Epoch
from openline.sessions.kept import pack_epoch, read_row, unpack_epoch, unpack_epochs, unreadable
from openline.sessions.prekeys import PREKEY_BYTES, Identity, Prekey, decode_prekey
from openline.wire.cbor import encode

STOCK_MAX = 8  # epochs ahead: eight days of daily keys while nothing but short messages gets through
STOCK_RENEWED_S = 7 * DAY_S  # so that a stolen stock is worth at most a week
ANNOUNCE_INTERVAL_S = 60  # the flood limit of the protocol: one announcement a minute to one peer
LOST_AFTER_S = 600  # an announcement takes 41 s at 300 bit/s; what is not named by now was lost


class Need(Enum):
    """What should be announced next."""

    FRESH = "an epoch to use at once"
    TODAY = "today's epoch"
    STOCK = "one more for the stock"


class Sender:
    """Our epochs towards one station.  Keep `encode()` in a row after every method that says it changed something."""

    def __init__(self, line: LineId, owner: Identity, peer: Identity) -> None:
        self.line = line
        self.owner = owner
        self.peer = peer
        self.prekey: Prekey | None = None
        self.current: Epoch | None = None
        self.since = 0  # UTC seconds since when `current` is in use
        self._today: Epoch | None = None
        self._stock: list[Epoch] = []  # oldest first
        self._stocked_at: list[int] = []  # UTC seconds when each of them was announced
        self._named = 0  # creation time of the newest epoch that the peer says it holds
        self._last = 0  # creation time of the newest epoch that we announced
        self._announced_at = 0

    def learn(self, prekey: Prekey) -> bool:
        """Take the peer's prekey, already verified.  Returns whether anything changed.

        A fresh one drops all our epochs towards the peer.  Raises Inadmissible (R47: older than the one we hold, or
        another of the same time; R49).
        """
        if self.prekey is not None:
            if prekey == self.prekey:
                return False
            if prekey.created <= self.prekey.created:
                raise Inadmissible("R47", "a prekey is not newer than the one held from this station")
        refuse_last(prekey.created)
        self.prekey = prekey
        if prekey.fresh:
            self.drop()
        return True

    def drop(self) -> None:
        """Forget every epoch towards the peer: after a restore, a `rekey` or any doubt.  FRESH is needed then."""
        self.current, self._today, self._stock, self._stocked_at = None, None, [], []

    def needs_announcement(self, utc: int, *, good_link: bool) -> Need | None:
        """Return what to announce now, or None.  Without a prekey nothing can be: fetch it first."""
        if self.prekey is None or self._announced_at <= utc < self._announced_at + ANNOUNCE_INTERVAL_S:
            return None
        if self.current is None:
            return Need.FRESH
        if not good_link or self._named < self.current.created:
            return None
        if self._today is None and self.overdue(utc):
            return Need.TODAY
        if len(self._stock) < STOCK_MAX:
            return Need.STOCK
        aged = not self._stocked_at[0] <= utc < self._stocked_at[0] + STOCK_RENEWED_S
        return Need.STOCK if aged and self._named >= self._last else None

    def announce(
        self, suite: Suite, need: Need, signing_seed: bytes, secret: bytes, generation: int, utc: int
    ) -> bytes:
        """Return the announcement that meets this need; `secret` is 32 random bytes.  Keep the row before it leaves.

        Raises Misuse without a prekey and Forged (R42) if the peer's prekey is no key.
        """
        if self.prekey is None:
            raise Misuse("nothing can be announced to a station without its prekey", hint="Fetch its prekey first.")
        created = max(utc, self._last + 1, self._named + 1)
        epoch, announcement = epochs.announce(
            suite,
            self.line,
            self.owner,
            signing_seed,
            self.peer.hash,
            self.prekey,
            secret,
            created,
            generation,
            fresh=need is Need.FRESH,
        )
        self._last, self._announced_at = created, utc
        if need is Need.FRESH:
            self.drop()
            self.current, self.since = epoch, utc
        elif need is Need.TODAY:
            self._today = epoch
        else:
            self._stock = [*self._stock, epoch][-STOCK_MAX:]
            self._stocked_at = [*self._stocked_at, utc][-STOCK_MAX:]
        return announcement

    def peer_holds(self, created: int, utc: int) -> bool:
        """Take what a greeting that answers our nonce names as the newest epoch held from us (0: none).

        Epochs that the peer should have by now and has not are dropped, and needed again.  If it names a newer one than
        we remember, our memory is old and all are dropped; a time that leaves no room for later ones is not believed.
        Returns whether anything changed; then call `advance`.
        """
        if created >= CREATED_MAX:
            return False
        before = (self._named, self.current, self._today, len(self._stock))
        self._named = created
        if created > self._last:
            self.drop()
        elif not self._announced_at <= utc < self._announced_at + LOST_AFTER_S:
            self._drop_after(created)
        return before != (self._named, self.current, self._today, len(self._stock))

    def advance(self, utc: int, *, good_link: bool) -> bool:
        """Move on to today's epoch once the peer holds it, or on a bad link to the next in stock once a day.

        Returns whether `current` changed; then keep the row, and start a new run.
        """
        if self._today is not None and self._today.created <= self._named:
            self.current, self._today = self._today, None
        elif not good_link and self.overdue(utc) and self._stock and self._stock[0].created <= self._named:
            self.current = self._stock.pop(0)
            self._stocked_at.pop(0)
        else:
            return False
        self.since = utc
        return True

    def overdue(self, utc: int) -> bool:
        """Whether the epoch in use is of another day; with the stock used up, the screen says since when."""
        return self.current is not None and day_of(utc) != day_of(self.since)

    @property
    def in_stock(self) -> int:
        """How many epochs wait for days when the link is too bad to announce."""
        return len(self._stock)

    def _drop_after(self, created: int) -> None:
        if self.current is not None and self.current.created > created:
            self.current = None
        if self._today is not None and self._today.created > created:
            self._today = None
        self._stock = [epoch for epoch in self._stock if epoch.created <= created]
        self._stocked_at = self._stocked_at[: len(self._stock)]  # times of creation rise, so the last ones went

    def encode(self) -> bytes:
        """Return the whole state as the value of a row; it holds secrets."""
        return encode(
            [
                b"" if self.prekey is None else self.prekey.encode(),
                pack_epoch(self.current),
                self.since,
                pack_epoch(self._today),
                [pack_epoch(epoch) for epoch in self._stock],
                self._stocked_at,
                self._named,
                self._last,
                self._announced_at,
            ]
        )

    @classmethod
    def restore(cls, line: LineId, owner: Identity, peer: Identity, row: bytes) -> Sender:
        """Return the state that `encode` gave.  Raises StorageFailed."""
        sender = cls(line, owner, peer)
        prekey, current, since, today, stock, stocked_at, named, last, announced_at = read_row(
            row, bytes, list, int, list, list, list, int, int, int
        )
        whole = not prekey or len(prekey) == PREKEY_BYTES
        if not whole or len(stock) != len(stocked_at) or not all(isinstance(utc, int) for utc in stocked_at):
            raise unreadable()
        sender.prekey = decode_prekey(prekey) if prekey else None
        sender.current, sender.since = unpack_epoch(current), since
        sender._today, sender._stock, sender._stocked_at = unpack_epoch(today), unpack_epochs(stock), stocked_at
        sender._named, sender._last, sender._announced_at = named, last, announced_at
        return sender
