"""A station's own prekeys on one line: the one that peers use now, and the private parts of those before it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from openline.errors import Inadmissible
from openline.identifiers import LineId, StationId
from openline.ports import Suite
from openline.sessions.clocks import DAY_S, creation_time, day_of
from openline.sessions.epochs import Epoch, open_announcement, prekey_tag
from openline.sessions.kept import read_row, unpack_prekey, unreadable
from openline.sessions.prekeys import Identity, Prekey, make_prekey
from openline.wire.cbor import encode

PRIVATE_PART_KEPT_S = 7 * DAY_S  # after its successor: an announcement may be as long under way
PREKEYS_MAX = 10  # one a day for seven days, today's, and two for clocks that were set


@dataclass(frozen=True, slots=True)
class _Held:
    seed: bytes = field(repr=False)
    prekey: Prekey
    made: int  # UTC seconds by our clock then; `prekey.created` may lie ahead of it
    succeeded: int  # UTC seconds when its successor was made; 0 for the one in use


class Keyring:
    """Our prekeys, newest last.  Keep `encode()` in a row after every method that says it changed something."""

    def __init__(self, line: LineId, owner: Identity) -> None:
        self.line = line
        self.owner = owner
        self._held: list[_Held] = []

    @property
    def current(self) -> Prekey | None:
        """The prekey to put into our slots and to name in greetings; None before the first `renew`."""
        return self._held[-1].prekey if self._held else None

    def renewal_due(self, utc: int, *, good_link: bool) -> bool:
        """Whether to call `renew`: there is no prekey yet, or the link is good and this one is of another day."""
        return not self._held or (good_link and day_of(utc) != day_of(self._held[-1].made))

    def renew(
        self, suite: Suite, signing_seed: bytes, seed: bytes, utc: int, *, fresh: bool = False, after: int = 0
    ) -> Prekey:
        """Make the next prekey from a random seed (32 bytes) and return it.  Keep the row before it is shown.

        fresh: after a restore, a `rekey` or any doubt; forgets every earlier private part at once, and tells the peers
        to drop their epochs towards us.  The first prekey is always fresh.  Then call `Receiver.drop` for each peer.
        after: creation time of a prekey of ours that a restored station found in its slot; the next one must be later.
        """
        fresh = fresh or self.current is None
        created = creation_time(utc, max(after, 0 if self.current is None else self.current.created))
        prekey = make_prekey(suite, self.line, self.owner, signing_seed, seed, created, fresh=fresh)
        earlier = [] if fresh else [replace(held, succeeded=held.succeeded or utc) for held in self._held]
        self._held = [*earlier, _Held(seed, prekey, utc, 0)][-PREKEYS_MAX:]
        return prekey

    def expire(self, utc: int) -> bool:
        """Forget private parts whose successor is 7 days old.  Returns whether anything changed."""
        # A clock that was ahead and has been set right must not keep a secret for as long as it was ahead.
        kept = [held if held.succeeded <= utc else replace(held, succeeded=utc) for held in self._held]
        kept = [held for held in kept if not held.succeeded or utc < held.succeeded + PRIVATE_PART_KEPT_S]
        changed = kept != self._held
        self._held = kept
        return changed

    def open(self, suite: Suite, announcement: bytes, identify: Callable[[StationId], Identity | None]) -> Epoch:
        """Return the epoch that an announcement holds; then call `accept` of its sender's `Receiver`.

        Raises Inadmissible (R54: to a prekey that is gone; the sender will fetch the new one) and whatever
        `open_announcement` raises.
        """
        tag = prekey_tag(announcement)
        for held in reversed(self._held):
            if held.prekey.tag == tag:
                own = held.prekey.hash
                return open_announcement(suite, announcement, self.line, self.owner.hash, own, held.seed, identify)
        raise Inadmissible("R54", "an epoch is announced to a prekey that this station does not have, or no longer")

    def encode(self) -> bytes:
        """Return the whole state as the value of a row; it holds private keys."""
        return encode([[[held.seed, held.prekey.encode(), held.made, held.succeeded] for held in self._held]])

    @classmethod
    def restore(cls, line: LineId, owner: Identity, row: bytes) -> Keyring:
        """Return the state that `encode` gave.  Raises StorageFailed."""
        keyring = cls(line, owner)
        (items,) = read_row(row, list)
        for item in items:
            match item:
                case [bytes() as seed, bytes() as envelope, int() as made, int() as succeeded]:
                    keyring._held.append(_Held(seed, unpack_prekey(envelope), made, succeeded))
                case _:
                    raise unreadable()
        return keyring
