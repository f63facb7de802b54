"""Everything one station knows of one line's delivery, in one place; the modules beside it act on it."""

from __future__ import annotations

from dataclasses import dataclass, field

from openline.charter import LineDocuments, StationSeeds
from openline.delivery.contact import Contact
from openline.delivery.generations import GenerationsHeard
from openline.delivery.inflow import Inflow
from openline.delivery.judge import Judged
from openline.delivery.novelty import Novelty
from openline.delivery.outbox import Outbox, Patience
from openline.delivery.outgoing import Outgoing
from openline.delivery.paths import Path
from openline.delivery.prefix import HeldLog, Receipted
from openline.delivery.rate import Rate
from openline.delivery.secrets_pool import SecretsPool
from openline.errors import Rejected
from openline.identifiers import Digest, LineId, PathId, StationId, party_of
from openline.ports import Suite
from openline.sessions import Identity, Keyring, Receiver, Sender, SendingRun
from openline.tlog import Tree
from openline.wire.drafts import DraftOver, DraftTold
from openline.wire.payloads import Head, ReceiptState
from openline.wire.statement import TIME_MAX

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
    returned_ms: int | None = None  # when its own prekey was last sent back to it, because it showed an older one
    contact: Contact = field(default_factory=Contact)
    inflow: Inflow = field(default_factory=Inflow)
    patience: Patience = field(default_factory=Patience)
    receipted: dict[ReceiptState, Receipted] = field(default_factory=dict)
    marks: dict[ReceiptState, list[Mark]] = field(default_factory=dict)
    singles: dict[ReceiptState, dict[int, int]] = field(default_factory=dict)  # position beyond a gap -> time
    generation: int = 0  # of the newest log of theirs that we hold, or of their epoch in use
    doubted_ms: int | None = None  # when we last asked what lies behind a receipt that failed
    misfits: dict[LogKey, int] = field(default_factory=dict)  # logs of which its head did not fit: when to look again
    turn: int = 0  # which of its open paths is asked over next
    brought_by: PathId | None = None  # which path brought its newest entry in this run
    heard_run: bytes = b""  # id of the run that its newest envelope came under: another one means that it began anew
    proofs_told: dict[LogKey, int] = field(default_factory=dict)  # how often the proof of each fork was passed on to it
    given_back: dict[LogKey, tuple[tuple[int, ...], int]] = field(default_factory=dict)  # beyond a gap, how often
    # Of the newest presented receipt: generation, prefix and how many beyond it; and how often it was repeated.
    presented_repeats: tuple[tuple[int, int, int], int] = ((0, 0, 0), 0)
    drafts_held: dict[bytes, bytes] = field(default_factory=dict)  # digest -> tag of what it holds of that draft
    read_back: Tree = field(default_factory=Tree)  # ours, as far as read for receipts of a shorter prefix than is known
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
    """An entry that took its place just now; `repeats`: the same words of the same party are shown already."""

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


@dataclass(frozen=True, slots=True)
class Headed:
    """A station has cosigned a log, or a head of its did not fit: what the screen says of heads is different now."""

    station: StationId


@dataclass(frozen=True, slots=True)
class Recovered:
    """This station has recovered from an older copy, or has begun to."""


@dataclass(frozen=True, slots=True)
class DraftCame:
    """Another station of our party tells what it holds of a draft.  digest: the draft's; payload: as it came."""

    station: StationId
    digest: Digest
    draft: DraftTold | DraftOver
    payload: bytes


Happened = Accepted | Receipts | Forked | DocumentsChanged | Headed | Recovered | DraftCame


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
    rolled_back: str = ""  # why this station seems to be an older copy of itself, found in this batch
    own_prekey: int = 0  # creation time of the newest prekey of ours found in a slot
    why_recovering: str = ""
    outbox: Outbox = field(default_factory=Outbox)
    logs: dict[LogKey, HeldLog] = field(default_factory=dict)
    presented: dict[LogKey, HeldLog] = field(default_factory=dict)
    novelty: Novelty = field(default_factory=lambda: Novelty(TIME_MAX))  # until the ledger has been asked
    peers: dict[StationId, Peer] = field(default_factory=dict)
    paths: dict[PathId, Path] = field(default_factory=dict)
    paths_laid: int = 0
    first_path: PathId | None = None  # which takes ordinary entries first: the last that had to carry another's
    second_path_ms: int | None = None  # when what another path took is to go by a second one
    watch: int = 0  # UTC of the last act of an officer here; 0 if there never was one
    heads: dict[LogKey, dict[StationId, Head]] = field(default_factory=dict)  # the newest by signer
    heads_hour: int = 0  # hours since 1970 by our clock when our own head was last looked after
    early_heads: dict[tuple[LogKey, StationId], Head] = field(default_factory=dict)  # of more than we hold yet
    wrong_heads: dict[tuple[LogKey, StationId], int] = field(default_factory=dict)  # sizes at which one did not fit
    bases: dict[LogKey, Tree] = field(default_factory=dict)  # each log at the last size that a head was about
    roots: dict[LogKey, dict[int, bytes]] = field(default_factory=dict)  # the last sizes that heads were about
    receivers: set[StationId] = field(default_factory=set)  # whoever has ever signed a receipt for us
    charters_used: dict[LogKey, dict[int, int]] = field(default_factory=dict)  # charter -> lowest position
    charters_known: dict[StationId, tuple[int, int]] = field(default_factory=dict)  # charter, since when
    forked: set[LogKey] = field(default_factory=set)  # generations that take no more entries
    searching: dict[LogKey, int] = field(default_factory=dict)  # where the search for a fork goes on
    held_back: dict[tuple[StationId, int, int], bytes] = field(default_factory=dict)  # until documents come
    cursors: dict[tuple[PathId, bytes, int], int] = field(default_factory=dict)
    generations_heard: GenerationsHeard = field(default_factory=GenerationsHeard)
    drafts: dict[bytes, bytes] = field(default_factory=dict)  # digest -> what our party's other stations are to hold
    rate: Rate = field(default_factory=Rate)
    dirty: set[tuple[str, LogKey]] = field(default_factory=set)
    learned: list[tuple[int, int]] = field(default_factory=list)  # own places of ended generations, come in this batch
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

    def size_of(self, key: LogKey) -> int:
        """Return the length of the gapless prefix held of a log; 0 if nothing is."""
        held = self.logs.get(key)
        return 0 if held is None else held.size

    def log(self, key: LogKey) -> HeldLog:
        """Return a log, begun empty if it is new."""
        if key not in self.logs:
            self.logs[key] = HeldLog()
        return self.logs[key]
