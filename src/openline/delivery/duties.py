"""What one path owes one station: everything waits here, in memory, until the path has room.

Nothing in here is bytes to be sent as they are: entries are positions, receipts and greetings are flags.  They are
made and sealed when the path takes them, so what is sent is always the newest, and an old run's keys are never asked
for.  All of it is rebuilt when a path opens; so a crash costs nothing but time.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from openline.wire.payloads import ReceiptState

ANNOUNCEMENTS_WAITING_MAX = 16  # of 1.2 KB each; the oldest makes room, and one that never left is made anew
DOCUMENTS_WAITING_MAX = 64  # one charter, twelve rosters and their stop notices; more is asked for again
PEAKS_WAITING_MAX = 64  # one for each generation of our own log; more is asked for again
HEADS_WAITING_MAX = 64  # of 2.5 KB each; the next hour brings newer ones
DRAFTS_HELD_WAITING_MAX = 1_024  # a draft that is told again is answered again
ASKS_WAITING_MAX = 1_024  # what is asked too often now is asked again with a later greeting
COPIES_WAITING_MAX = 1_024  # as many as one may hold beyond a gap


@dataclass(slots=True)
class Duties:
    """What waits for one path and one station."""

    announcements: deque[bytes] = field(default_factory=lambda: deque(maxlen=ANNOUNCEMENTS_WAITING_MAX))
    greet: bool = False
    urgent: set[ReceiptState] = field(default_factory=set)  # receipts for FLASH: they use its lane
    receipts: set[ReceiptState] = field(default_factory=set)
    receipts_ms: int | None = None  # until when these leave the way to the path by which they go first
    flash: deque[int] = field(default_factory=deque)
    ordinary: deque[int] = field(default_factory=deque)
    asks: list[tuple[int, ...]] = field(default_factory=list)
    documents: deque[bytes] = field(default_factory=deque)
    copies: dict[tuple[int, int, int], None] = field(default_factory=dict)  # author, generation, seq
    heads: deque[bytes] = field(default_factory=deque)
    peaks: deque[bytes] = field(default_factory=deque)  # of our logs, for a member that joined later
    drafts: dict[bytes, None] = field(default_factory=dict)  # digests of what our party's other station is to be told
    drafts_held: deque[bytes] = field(default_factory=deque)  # payloads that say what of theirs is held here
    loose: deque[bytes] = field(default_factory=deque)  # copies that stand at no place of ours: proofs of a fork

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits: most batches owe nobody anything."""
        return not (
            self.announcements or self.greet or self.urgent or self.receipts or self.flash or self.ordinary
            or self.asks or self.documents or self.copies or self.heads or self.peaks or self.drafts
            or self.drafts_held or self.loose
        )  # fmt: skip

    def owe_receipt(self, state: ReceiptState, *, urgent: bool) -> None:
        """Owe a receipt; a presented one says stored too."""
        if urgent:
            self.urgent.add(state)
            return
        if not self.receipts:
            self.receipts_ms = None
        self.receipts.add(state)

    def announce(self, envelope: bytes) -> None:
        """Owe an announcement, or a prekey that its owner has lost, once."""
        if envelope not in self.announcements:
            self.announcements.append(envelope)

    def ask(self, ask: tuple[int, ...]) -> None:
        """Owe a question, once."""
        if len(self.asks) < ASKS_WAITING_MAX and ask not in self.asks:
            self.asks.append(ask)

    def give(self, document: bytes) -> None:
        """Owe a document, once."""
        if document not in self.documents and len(self.documents) < DOCUMENTS_WAITING_MAX:
            self.documents.append(document)

    def copy(self, place: tuple[int, int, int]) -> None:
        """Owe a copy of an entry, once; looked up at once, because a member may ask for the same again and again."""
        if len(self.copies) < COPIES_WAITING_MAX:
            self.copies.setdefault(place)

    def draft_held(self, payload: bytes) -> None:
        """Owe the word that a draft is held here, once."""
        if payload not in self.drafts_held and len(self.drafts_held) < DRAFTS_HELD_WAITING_MAX:
            self.drafts_held.append(payload)

    def give_peaks(self, payload: bytes) -> None:
        """Owe the peaks of a log, once."""
        if payload not in self.peaks and len(self.peaks) < PEAKS_WAITING_MAX:
            self.peaks.append(payload)

    def head(self, head: bytes) -> None:
        """Owe a head, once."""
        if head not in self.heads and len(self.heads) < HEADS_WAITING_MAX:
            self.heads.append(head)
