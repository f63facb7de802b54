"""Which epochs a station has announced to one other, which of them it seals under now, and what it should announce.

    need    when                                                      once the peer's greeting names it
    FRESH   nothing is in use: first contact, fresh prekey, rekey     in use already; the peer has dropped all others
    TODAY   good link, the epoch in use is of another day             in use; the one before is forgotten
    STOCK   good link, fewer than 8 in stock or one a week old        waits for days when no announcement gets through

One announcement is under way at a time.  A greeting names only the newest epoch that the peer holds, so with two under
way the second would hide that the first was lost.  Only a fresh one is used before it is named: there is nothing else.
"""

from __future__ import annotations

from enum import IntEnum

from openline.errors import Inadmissible, Misuse
from openline.identifiers import LineId
from openline.ports import Suite
from openline.sessions import epochs
from openline.sessions.clocks import CREATED_MAX, DAY_S, creation_time, day_of, refuse_last
from openline.sessions.epochs import Epoch
from openline.sessions.kept import pack_epoch, read_row, unpack_epoch, unpack_epochs, unpack_prekey, unreadable
from openline.sessions.prekeys import Identity, Prekey
from openline.wire.cbor import encode

STOCK_MAX = 8  # epochs ahead: eight days of daily keys while nothing but short messages gets through
STOCK_RENEWED_S = 7 * DAY_S  # so that a stolen stock is worth at most a week
ANNOUNCE_INTERVAL_S = 60  # the flood limit of the protocol: one announcement a minute to one peer
LOST_AFTER_S = 600  # an announcement takes 41 s at 300 bit/s; what is not named by now was lost


class Need(IntEnum):
    """What should be announced next."""

    FRESH = 1  # an epoch to use at once
    TODAY = 2  # the day's epoch
    STOCK = 3  # one more for the stock


class Sender:
    """Our epochs towards one station.  Keep `encode()` in a row after every method that says it changed something."""

    def __init__(self, line: LineId, owner: Identity, peer: Identity) -> None:
        self.line = line
        self.owner = owner
        self.peer = peer
        self.prekey: Prekey | None = None
        self.current: Epoch | None = None
        self.since = 0  # UTC seconds since when `current` is in use
        self._stock: list[tuple[Epoch, int]] = []  # named by the peer, oldest first; with UTC seconds when announced
        self._under_way: tuple[Epoch, Need] | None = None  # announced and not yet named; if fresh, it is `current`
        self._announced_at = 0
        self._last = 0  # the highest creation time of any epoch of the pair that we know of

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
        """Forget every epoch towards the peer, after a restore, `rekey` or any doubt.  FRESH is needed then."""
        self.current, self._under_way, self._stock = None, None, []
        self._announced_at = 0

    def needs_announcement(self, utc: int, *, good_link: bool) -> Need | None:
        """Return what to announce now, or None.  Without a prekey nothing can be: fetch it first."""
        if self.prekey is None or self._announced_at <= utc < self._announced_at + ANNOUNCE_INTERVAL_S:
            return None
        if self.current is None:
            return Need.FRESH
        if not good_link or self._under_way is not None:
            return None
        if self.overdue(utc):
            return Need.TODAY
        aged = [at for _, at in self._stock if not at <= utc < at + STOCK_RENEWED_S]
        return Need.STOCK if aged or len(self._stock) < STOCK_MAX else None

    def announce(
        self, suite: Suite, need: Need, signing_seed: bytes, secret: bytes, generation: int, utc: int
    ) -> bytes:
        """Return the announcement that meets this need; `secret` is 32 random bytes.  Keep the row before it leaves.

        Raises Misuse without a prekey and Forged (R42) if the peer's prekey is no key; that too is tried once a minute.
        """
        if self.prekey is None:
            raise Misuse("nothing can be announced to a station without its prekey", hint="Fetch its prekey first.")
        self._announced_at = utc
        created = creation_time(utc, self._last)
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
        if need is Need.FRESH:
            self.drop()
            self.current, self.since = epoch, utc
        self._under_way = epoch, need
        self._last, self._announced_at = created, utc
        return announcement

    def peer_holds(self, created: int, utc: int) -> bool:
        """Take what a greeting that answers our nonce names as the newest epoch held from us (0: none).

        Takes today's epoch into use, or one into the stock, if it is named; drops what the peer should hold and does
        not.  If it names a newer one than we remember, our memory is old and all are dropped; a time that leaves no
        room for later ones is not believed.  Returns whether anything changed; if `current` did, start a new run.
        """
        if created >= CREATED_MAX:
            return False
        before = (self._last, self.current, self._under_way, len(self._stock))
        if created > self._last:
            self._last = created
            self.drop()
        elif self._under_way is not None and created == self._under_way[0].created:
            self._named(*self._under_way, utc)
        elif not self._announced_at <= utc < self._announced_at + LOST_AFTER_S:
            self._under_way = None  # it was lost
        self._keep_until(created)
        return before != (self._last, self.current, self._under_way, len(self._stock))

    def _named(self, epoch: Epoch, need: Need, utc: int) -> None:
        self._under_way = None
        if need is Need.TODAY:
            self.current, self.since = epoch, utc
        elif need is Need.STOCK:
            self._stock = [*self._stock, (epoch, self._announced_at)][-STOCK_MAX:]

    def _keep_until(self, created: int) -> None:
        """Drop what the peer does not hold: it lost its memory, or a fresh announcement was lost."""
        self._stock = [(epoch, at) for epoch, at in self._stock if epoch.created <= created]
        unnamed = self._under_way is not None and self._under_way[1] is Need.FRESH
        if self.current is not None and self.current.created > created and not unnamed:
            self.current = None

    def advance(self, utc: int, *, good_link: bool) -> bool:
        """On a link too bad for announcements, move to the next epoch in stock once a day.

        Returns whether `current` changed; then keep the row, and start a new run.
        """
        if good_link or not self.overdue(utc) or not self._stock:
            return False
        (self.current, _), self.since = self._stock.pop(0), utc
        return True

    def overdue(self, utc: int) -> bool:
        """Whether the epoch in use is of another day; with the stock used up, the screen says since when."""
        return self.current is not None and day_of(utc) != day_of(self.since)

    @property
    def newest(self) -> int:
        """Creation time of the newest epoch of the pair that we know of."""
        return self._last

    @property
    def in_stock(self) -> int:
        """How many epochs wait for days when the link is too bad to announce."""
        return len(self._stock)

    def encode(self) -> bytes:
        """Return the whole state as the value of a row; it holds secrets."""
        under_way, need = self._under_way or (None, 0)
        return encode(
            [
                b"" if self.prekey is None else self.prekey.encode(),
                pack_epoch(self.current),
                self.since,
                [pack_epoch(epoch) for epoch, _ in self._stock],
                [at for _, at in self._stock],
                pack_epoch(under_way),
                need,
                self._announced_at,
                self._last,
            ]
        )

    @classmethod
    def restore(cls, line: LineId, owner: Identity, peer: Identity, row: bytes) -> Sender:
        """Return the state that `encode` gave.  Raises StorageFailed."""
        sender = cls(line, owner, peer)
        (prekey, current, since, stock, stocked_at, under_way, need, announced_at, last) = read_row(
            row, bytes, list, int, list, list, list, int, int, int
        )
        stocked, pending = unpack_epochs(stock), unpack_epoch(under_way)
        if len(stocked) != len(stocked_at) or not all(isinstance(at, int) for at in stocked_at):
            raise unreadable()
        if pending is not None:
            if need not in list(Need):
                raise unreadable()
            sender._under_way = pending, Need(need)
        sender.prekey = unpack_prekey(prekey) if prekey else None
        sender.current, sender.since = unpack_epoch(current), since
        sender._stock = list(zip(stocked, stocked_at, strict=True))
        sender._announced_at, sender._last = announced_at, last
        return sender
