"""What must hold in every made world.  Each checker names itself in the violation that it raises.

After every batch: places, provenance, approvals, receipts.  At every sealing: key and nonce.  At every sending: no
plaintext.  At every answer: durable.  At the end: nothing lost, nothing twice, nothing stuck, no wrong word.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from openline.catalogue.kinds import CATALOGUE
from openline.delivery.accepting import REFUSED
from openline.delivery.rows import FURTHER, RECEIPT, SHOWN
from openline.errors import OpenlineError
from openline.identifiers import LineId, StationId, party_of
from openline.ports import Append, Batch, Keep
from openline.simulation.agenda import Agenda
from openline.simulation.officers import CANARY, Errand, Officers
from openline.simulation.stations import Node
from openline.simulation.talk import QUESTION
from openline.wire.entry import decode_entry
from openline.wire.payloads import ReceiptState
from openline.wire.statement import GENERATION_KIND

Place = tuple[StationId, int, int]  # author, generation, position
CHECKERS = (
    "answered", "approved", "canary", "converges", "dialogue", "exception", "flash", "fork", "grows", "keys", "lost",
    "nonce", "order", "place", "presented", "proof", "provenance", "recovery", "silence", "twice",
)  # fmt: skip
_CANARY = CANARY.encode()


class Violated(OpenlineError):
    """A made world broke one of its rules.  `checker` is one of CHECKERS."""

    def __init__(self, checker: str, message: str) -> None:
        super().__init__(message, hint="Replay the seed: openline simulate --story SEED")
        self.checker = checker


class Nonces:
    """Every pair of key and nonce that was ever used to seal, in the whole world."""

    def __init__(self) -> None:
        self.used: set[bytes] = set()

    def sealed(self, key: bytes, nonce: bytes) -> None:
        """Note a sealing.  Raises Violated if the pair was used before."""
        pair = key + nonce
        if pair in self.used:
            raise Violated("nonce", "one key and nonce sealed twice")
        self.used.add(pair)


@dataclass(slots=True)
class Records:
    """What the world itself knows, independent of any station's memory.

    places     every entry ever committed anywhere, by place
    held       what each station has ever had on its disk; `shown` what it showed to an officer
    two_tongued  stations that may have said two things: a liar, or an older copy that did not know itself for one
    put_back   stations whose disk was put back: what nobody else had stored may be gone with it
    made       entries made by an enemy with a station's stolen key
    unapproved  those of them that lack the second person
    stolen     statements in them that a station takes for its own: it may say them again in a new generation
    stored     for each entry, which stations its author was shown to have stored it, and when (milliseconds)
    disputed   places at which two different entries reached stations
    openings   places of the first entries of generations: the machine's own, which nobody is shown
    prekeys    every prekey that was ever put into a slot: who watches a relay has them all
    false_keys, false_epochs, unsigned  public keys of prekeys, times of epochs and greetings that an enemy made
    """

    places: dict[Place, bytes] = field(default_factory=dict)
    held: dict[StationId, set[Place]] = field(default_factory=dict)
    shown: dict[StationId, set[Place]] = field(default_factory=dict)
    two_tongued: set[StationId] = field(default_factory=set)
    put_back: set[StationId] = field(default_factory=set)
    made: set[bytes] = field(default_factory=set)
    unapproved: set[bytes] = field(default_factory=set)
    stolen: set[bytes] = field(default_factory=set)
    stored: dict[Place, dict[StationId, int]] = field(default_factory=dict)
    disputed: dict[Place, None] = field(default_factory=dict)
    openings: set[Place] = field(default_factory=set)
    prekeys: list[bytes] = field(default_factory=list)
    false_keys: set[bytes] = field(default_factory=set)
    false_epochs: set[int] = field(default_factory=set)
    unsigned: set[bytes] = field(default_factory=set)


class Checks:
    """The checkers that look at every batch and envelope."""

    def __init__(self, line: LineId, officers: Officers, agenda: Agenda) -> None:
        self.records = Records()
        self._agenda = agenda
        self._line = line
        self._officers = officers
        self._question = CATALOGUE.kind(QUESTION).number

    def committed(self, me: StationId, batch: Batch) -> None:
        """Look at the rows of one durable batch."""
        refused = {row.key for row in batch.rows if isinstance(row, Keep) and row.table == REFUSED}
        for row in batch.rows:
            if isinstance(row, Append):
                self._entry(me, row, refused)
        for row in batch.rows:
            if isinstance(row, Keep) and row.table in LOOKS:
                LOOKS[row.table](self, me, row)

    def sent(self, envelope: bytes) -> None:
        """Look at an envelope on its way."""
        if _CANARY in envelope:
            raise Violated("canary", "a text left its station unsealed")

    def answered(self, node: Node, errand: Errand, digest: bytes) -> None:
        """Look at an answer that says: this is said.  Then it must be what was asked for, and on the disk."""
        if errand.refused or errand.unsaid:
            return  # nothing was to be said, or no longer
        if errand.digest and digest != errand.digest:
            raise Violated("answered", f"{node.name} was told that another message is said than the one submitted")
        if node.disk.is_rotten():
            return  # its reader would be the first to be told so
        if errand.digest and node.ledger is not None and not node.ledger.find(self._line, errand.digest):
            raise Violated("answered", f"{node.name} was told that something is said, and it is not on the disk")

    # ------------------------------------------------------------ entries

    def _entry(self, me: StationId, row: Append, refused: set[bytes]) -> None:
        records = self.records
        place = (row.author, row.generation, row.seq)
        records.held.setdefault(me, set()).add(place)
        before = records.places.setdefault(place, row.entry)
        if before != row.entry:
            records.disputed[place] = None
            if row.author not in records.two_tongued:
                raise Violated("place", f"two entries of {row.author:#06x} at {row.generation}:{row.seq}")
        if row.kind == GENERATION_KIND:
            records.openings.add(place)
        if row.entry in records.unapproved and place_key_of(self._line, place) not in refused:
            raise Violated("approved", f"{me:#06x} shows what the second person of {row.author:#06x} never approved")
        if row.entry in records.made:
            return
        if row.author == me:
            self._own(me, row)
        elif place not in records.held.get(row.author, ()):
            raise Violated("provenance", f"an entry of {row.author:#06x} was never durable there")

    def _own(self, me: StationId, row: Append) -> None:
        """Our own entry: an officer meant it, and whoever must has approved it."""
        if row.seq and (me, row.generation, row.seq - 1) not in self.records.places:
            raise Violated("order", f"{me:#06x} left out position {row.seq - 1}")
        if row.kind == GENERATION_KIND:
            return
        entry = decode_entry(row.entry)
        party = party_of(me)
        if entry.said not in self._officers.said.get(party, ()) and entry.said not in self.records.stolen:
            raise Violated("provenance", f"{me:#06x} said what no officer of its party submitted")
        if row.kind == self._question:
            signers = {approval.officer for approval in entry.approvals}
            good = all((party, officer, row.digest) in self._officers.signed for officer in signers)
            if len(signers) < 2 or not good:
                raise Violated("approved", f"{me:#06x} said a question with the approvals of {sorted(signers)}")

    # ------------------------------------------------------------ receipts

    def took_receipt(self, me: StationId, row: Keep) -> None:
        """A receipt became a status here: the station that signed it must have stored, or shown, what it names."""
        receiver = StationId(int.from_bytes(row.key[32:34], "big"))
        generation, number = int.from_bytes(row.key[34:38], "big"), int.from_bytes(row.key[39:47], "big")
        kind = ReceiptState(row.value[0])
        known = self.records.held if kind is ReceiptState.STORED else self.records.shown
        seqs = range(number) if row.table == RECEIPT else (number,)
        for seq in seqs:
            silent = kind is ReceiptState.PRESENTED and not self.shows((me, generation, seq))
            if (me, generation, seq) not in known.get(receiver, ()) and not silent:
                raise Violated("proof", f"{me:#06x} takes {seq} for {kind.name} at {receiver:#06x}, where it is not")
            times = self.records.stored.setdefault((me, generation, seq), {})
            times.setdefault(receiver, self._agenda.now_ms)

    def shows(self, place: Place) -> bool:
        """Whether a place holds something that can be shown: not so a new generation's first entry."""
        return place not in self.records.openings

    def showed(self, me: StationId, row: Keep) -> None:
        """Look at the row that says that an officer was shown something: it must be stored here."""
        author, generation = StationId(int.from_bytes(row.key[32:34], "big")), int.from_bytes(row.key[34:38], "big")
        place = (author, generation, int.from_bytes(row.key[38:46], "big"))
        if place not in self.records.held.get(me, ()):
            raise Violated("proof", f"{me:#06x} presents what it has not stored")
        self.records.shown.setdefault(me, set()).add(place)


LOOKS: Mapping[str, Callable[[Checks, StationId, Keep], None]] = {
    RECEIPT: Checks.took_receipt,
    FURTHER: Checks.took_receipt,
    SHOWN: Checks.showed,
}


def place_key_of(line: LineId, place: Place) -> bytes:
    """Return the key under which small things about a place are kept."""
    author, generation, seq = place
    return line + author.to_bytes(2, "big") + generation.to_bytes(4, "big") + seq.to_bytes(8, "big")
