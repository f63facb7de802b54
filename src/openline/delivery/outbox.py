"""Our own entries that some station has not yet receipted, and when each is due to be sent again.

The outbox is the only queue of statements; paths take from it.  An entry leaves it when every station of the line has
signed a stored receipt for it; the ledger keeps it for ever.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from openline.errors import Misuse
from openline.identifiers import PathId
from openline.limits import OUTBOX_ENTRIES_MAX
from openline.tlog import Tree
from openline.wire.statement import Option, Precedence, Statement

FLASH_ENTRY_BYTES_MAX = 1_900  # so that its padded envelope stays within the relay's 2 KiB for its FLASH lane

RETRY_MS = 20_000  # twice the slowest round trip of a 300 bit/s line with one message under way each way
RETRY_FLASH_MS = 10_000
RESTS_FROM_FACTOR = 8  # a FLASH is sent again after 10, 20 and 40 s before a relay's word lets it rest
RETRY_MS_MAX = 600_000  # ten minutes: a station that comes back says so itself, by its greeting


@dataclass(frozen=True, slots=True)
class Outstanding:
    """One entry of our own that waits for receipts."""

    seq: int
    entry: bytes
    leaf_hash: bytes
    tree: Tree  # our log's tree with this entry as its last
    precedence: Precedence
    authored: int
    digest: bytes
    valid_until: int | None = None  # UTC seconds, if the statement says so

    @property
    def urgent(self) -> bool:
        """Whether it travels in the FLASH lane."""
        return self.precedence is Precedence.FLASH and len(self.entry) <= FLASH_ENTRY_BYTES_MAX


def valid_until(statement: Statement) -> int | None:
    """Return until when a statement says that it holds, UTC seconds, None if it does not say."""
    validity = statement.options.get(Option.VALIDITY)
    until = validity[1] if isinstance(validity, list) else None
    return until if isinstance(until, int) else None


class Outbox:
    """Unreceipted entries by position."""

    def __init__(self) -> None:
        self.entries: dict[int, Outstanding] = {}

    def check_room(self) -> None:
        """Raise Misuse if the outbox is full: to refuse loudly is better than to drop silently."""
        if len(self.entries) >= OUTBOX_ENTRIES_MAX:
            raise Misuse(
                f"{OUTBOX_ENTRIES_MAX} statements already wait for receipts",
                hint="The other stations have stored nothing for long. Check `openline lines` before saying more.",
            )

    def add(self, item: Outstanding) -> None:
        """Hold an entry until every station has receipted it."""
        self.entries[item.seq] = item

    def remove(self, seqs: Iterable[int]) -> None:
        """Let go of what every station has receipted."""
        for seq in seqs:
            self.entries.pop(seq, None)


class Patience:
    """When to send again to one station: the oldest unreceipted sending decides, and each silence doubles the wait.

    What a relay says to have kept rests there until the station has answered a greeting since: it will take it when it
    comes back, and more copies would only fill the relay.  Then it is sent again, because a relay's word is no promise.
    A FLASH rests only after it was sent three times: the station may be there and have lost it.
    """

    def __init__(self) -> None:
        self._sent: dict[int, int] = {}  # seq -> when sent, in the order of sending
        self._urgent: dict[int, int] = {}
        self._taken_by: dict[int, PathId] = {}  # which path took it last, of those in `_sent`
        self._factor = 1
        self.kept_ms = -1  # all that was sent until then lies at a relay, as that relay says
        self.answered_ms = -1  # when the station last answered a greeting
        self.since_ms: int | None = None  # since when something was sent and nothing at all was receipted

    def sent(self, seq: int, now_ms: int, path: PathId, *, urgent: bool) -> None:
        """Note that an entry has just been taken by a path."""
        kept = self._urgent if urgent else self._sent
        kept.pop(seq, None)
        kept[seq] = now_ms
        if not urgent:
            self._taken_by[seq] = path
        if self.since_ms is None:
            self.since_ms = now_ms

    def receipted(self, seqs: Iterable[int]) -> None:
        """Note that these need not be sent again; a receipt of any kind ends the growing of the wait."""
        for seq in seqs:
            self._sent.pop(seq, None)
            self._urgent.pop(seq, None)
            self._taken_by.pop(seq, None)
        self._factor = 1
        self.since_ms = min((next(iter(kept.values())) for kept in (self._urgent, self._sent) if kept), default=None)

    def taken(self, seq: int) -> tuple[int, PathId] | None:
        """Return when an ordinary entry was last taken, and by which path; None if it never was or is due again."""
        return (self._sent[seq], self._taken_by[seq]) if seq in self._sent else None

    def rests(self, seq: int) -> bool:
        """Whether an entry lies at a relay, and its station has not answered since it was sent."""
        return any(seq in kept and self._resting(kept, kept[seq]) for kept in (self._urgent, self._sent))

    def due(self, now_ms: int) -> list[int]:
        """Return, and forget, the positions that have waited long enough."""
        overdue = []
        for kept, wait in self._waits():
            while kept and (first := next(iter(kept.values()))) + wait <= now_ms and not self._resting(kept, first):
                seq = next(iter(kept))
                del kept[seq]
                self._taken_by.pop(seq, None)
                overdue.append(seq)
        if overdue:
            self._factor = min(2 * self._factor, RETRY_MS_MAX // RETRY_MS)
        return overdue

    def next_due(self) -> int | None:
        """Return the monotonic time, milliseconds, at which something will be due; None while all of it rests."""
        if not (self._sent or self._urgent):
            return None
        firsts = [(kept, next(iter(kept.values())), wait) for kept, wait in self._waits() if kept]
        return min((first + wait for kept, first, wait in firsts if not self._resting(kept, first)), default=None)

    def waiting(self) -> tuple[list[int], list[tuple[int, PathId]]]:
        """Return the positions that wait for a receipt, urgent ones first, the others with the path that took them."""
        return list(self._urgent), [(seq, self._taken_by[seq]) for seq in self._sent]

    def _resting(self, kept: dict[int, int], sent_ms: int) -> bool:
        again = kept is self._urgent and self._factor < RESTS_FROM_FACTOR
        return not again and self.answered_ms <= sent_ms <= self.kept_ms

    def _waits(self) -> tuple[tuple[dict[int, int], int], ...]:
        return (self._urgent, self._factor * RETRY_FLASH_MS), (self._sent, self._factor * RETRY_MS)
