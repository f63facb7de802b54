"""Everything one station knows of one line's delivery, in one place; the modules beside it act on it."""

from __future__ import annotations

from dataclasses import dataclass, field

from openline.charter import LineDocuments, StationSeeds
from openline.delivery.contact import Contact
from openline.delivery.judge import Judged
from openline.delivery.outbox import Outbox, Patience
from openline.delivery.outgoing import Outgoing
from openline.delivery.paths import Path
from openline.delivery.prefix import HeldLog, Receipted
from openline.delivery.secrets_pool import SecretsPool
from openline.errors import Rejected
from openline.identifiers import LineId, PathId, StationId, party_of
from openline.ports import Suite
from openline.sessions import Identity, Keyring, Receiver, Sender, SendingRun
from openline.wire.payloads import ReceiptState

LogKey = tuple[StationId, int]  # author, generation


@dataclass(slots=True)
class Mark:
    """A receipt's prefix and the receiver's time: the first mark beyond a position is when it was receipted."""

    size: int
    time: int


@dataclass(slots=True)
class Peer:
    """One other station of the line, our party's own included."""

    identity: Identity
    post: bytes
    sender: Sender
    receiver: Receiver
    run: SendingRun | None = None
    announcement: bytes = b""  # a fresh one that it has not confirmed
    wants_prekey: bool = False  # its greeting names another prekey than the one we hold
    contact: Contact = field(default_factory=Contact)
    patience: Patience = field(default_factory=Patience)
    receipted: dict[ReceiptState, Receipted] = field(default_factory=dict)
    marks: dict[ReceiptState, list[Mark]] = field(default_factory=dict)
    singles: dict[ReceiptState, dict[int, int]] = field(default_factory=dict)  # position beyond a gap -> time
    generation: int = 0  # of the newest log of theirs that we hold
    made: dict[ReceiptState, tuple[object, bytes]] = field(default_factory=dict)  # our newest receipts for them

    @property
    def station(self) -> StationId:
        """The station's number on the line."""
        return self.identity.station

    @property
    def stored(self) -> Receipted:
        """How far it has signed to have stored our log."""
        return self.receipted[ReceiptState.STORED]


@dataclass(frozen=True, slots=True)
class Accepted:
    """An entry that took its place just now; `known_since` names an earlier place of the same digest, shown already."""

    judged: Judged
    repeats: bool


@dataclass(frozen=True, slots=True)
class Receipts:
    """A station has just signed to have stored or presented our entries from `first` to `end` - 1, or one beyond."""

    station: StationId
    state: ReceiptState
    positions: tuple[int, ...]
    time: int


@dataclass(frozen=True, slots=True)
class Forked:
    """Two entries, both signed by one station, at one place: proof that it said two things."""

    author: StationId
    generation: int
    seq: int
    first: bytes
    second: bytes


@dataclass(frozen=True, slots=True)
class DocumentsChanged:
    """Charter, roster or stop notices in force are others now."""


Happened = Accepted | Receipts | Forked | DocumentsChanged


@dataclass(slots=True)
class Given:
    """What the engine hands to a line: its cryptography, its random bytes, its batch."""

    suite: Suite
    out: Outgoing
    secrets: SecretsPool


@dataclass(slots=True)
class LineState:
    """One line as this station knows it.  `dirty` names the logs whose edge must be kept with this batch."""

    line: LineId
    me: StationId
    keys: StationSeeds
    documents: LineDocuments
    given: Given
    identity: Identity
    keyring: Keyring
    generation: int = 0
    recovering: bool = False
    rolled_back: bool = False  # we were just shown an entry of our own that we do not hold
    outbox: Outbox = field(default_factory=Outbox)
    logs: dict[LogKey, HeldLog] = field(default_factory=dict)
    presented: dict[LogKey, HeldLog] = field(default_factory=dict)
    peers: dict[StationId, Peer] = field(default_factory=dict)
    paths: dict[PathId, Path] = field(default_factory=dict)
    paths_laid: int = 0
    watch: int = 0
    heads: dict[LogKey, dict[StationId, bytes]] = field(default_factory=dict)  # newest head payloads by signer
    forked: set[LogKey] = field(default_factory=set)  # generations that take no more entries
    searching: dict[LogKey, int] = field(default_factory=dict)  # where the search for a fork goes on
    held_back: dict[tuple[StationId, int, int], bytes] = field(default_factory=dict)  # until documents come
    cursors: dict[tuple[PathId, bytes, int], int] = field(default_factory=dict)
    dirty: set[tuple[str, LogKey]] = field(default_factory=set)
    happened: list[Happened] = field(default_factory=list)
    refused: list[Rejected] = field(default_factory=list)

    @property
    def party(self) -> int:
        """Our party's number."""
        return party_of(self.me)

    @property
    def own(self) -> HeldLog:
        """Our own log of the present generation."""
        return self.logs[self.me, self.generation]

    def generation_of(self, said: bytes) -> int | None:
        """Return the newest generation of our own log in which we have said this, None if we have not."""
        row = self.given.out.said_already(self.line, self.party, said)
        return row.generation if row is not None and row.author == self.me else None

    def log(self, key: LogKey) -> HeldLog:
        """Return a log, begun empty if it is new."""
        if key not in self.logs:
            self.logs[key] = HeldLog()
        return self.logs[key]
