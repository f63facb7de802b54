"""What is in force on one line: charters, rosters and stop notices, as far as they have arrived here.

`accept` judges one document and returns what changed; look-ups are dictionary look-ups.  Documents prove themselves,
so it does not matter who brings them, nor how often.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial
from hashlib import sha256

from openline.charter.charters import Charter
from openline.charter.contradiction import ContradictionProof, decode_contradiction
from openline.charter.documents import RootKeys, unpack, verify
from openline.charter.register import ItemKey, Register
from openline.charter.rosters import ItemClass, OfficerItem, RelayItem, Roster, StationItem
from openline.charter.shelf import CharterShelf
from openline.charter.signed import SignedCharter, only_signature, read_charter, read_roster
from openline.charter.stops import StopNotice, decode_stop, stop_signed
from openline.charter.terms import Terms
from openline.charter.unknown import UnknownCharter
from openline.errors import Forged, Inadmissible
from openline.identifiers import LineId, PartyNumber, StationId, number_of, party_of
from openline.ports import Forget, Keep, Suite
from openline.wire import contexts
from openline.wire.cbor import Value, decode, encode
from openline.wire.numbers import u16, u32
from openline.wire.payloads import DocumentClass

TABLE = "documents"
_PROOF, _ENDED = 4, 5  # after the classes of documents, in keys


class Outcome(Enum):
    """What accepting a document did."""

    UNCHANGED = "nothing new"
    WAITING = "the charter is held and waits for signatures"
    KNOWN = "the charter is complete, but one with a higher number is in force"
    IN_FORCE = "in force from now"
    STOPPED = "ended from now"


@dataclass(frozen=True, slots=True)
class Change:
    """The result of `accept`: make `rows` durable before telling anybody.

    missing:        whose signatures a waiting charter still lacks, as pairs of party and root (0 present, 1 former).
    contradictions: proofs that a root is false, to be kept, shown and passed on.
    """

    document: DocumentClass
    outcome: Outcome
    party: int = 0
    number: int = 0
    missing: tuple[tuple[int, int], ...] = ()
    contradictions: tuple[ContradictionProof, ...] = ()
    rows: tuple[Keep | Forget, ...] = ()


class LineDocuments:
    """Every document of one line that is held here.  `line` is the 32-byte digest of its first charter."""

    def __init__(self, line: LineId) -> None:
        self.line = line
        self._shelf = CharterShelf(line)
        self._terms: dict[int, Terms] = {}
        self._registers: dict[int, Register] = {}
        self._stations: dict[StationId, StationItem] = {}
        self._ended: dict[ItemKey, int] = {}
        self._stops: dict[ItemKey, tuple[int, bytes]] = {}
        self._proofs: dict[tuple[int, int], ContradictionProof] = {}
        self._digest = b""

    # ------------------------------------------------------------ what is in force

    @property
    def charter(self) -> Charter | None:
        """The charter in force: the highest complete one; None before the first."""
        return self._shelf.in_force.charter if self._shelf.in_force else None

    def charter_numbered(self, number: int) -> Charter | None:
        """Return the complete charter of this number, or None."""
        signed = self._shelf.complete.get(number)
        return signed.charter if signed else None

    def terms(self, number: int) -> Terms | None:
        """Return what the complete charter of this number lets its members say, or None.  Quick."""
        return self._terms.get(number)

    def waiting(self) -> tuple[SignedCharter, ...]:
        """Return the charters that wait for signatures, by number."""
        return tuple(sorted(self._shelf.waiting.values(), key=lambda signed: signed.charter.number))

    def missing(self, signed: SignedCharter) -> tuple[tuple[int, int], ...]:
        """Return whose signatures a held charter still lacks."""
        return signed.missing(self._shelf.predecessor(signed.charter))

    def require_complete(self, digest: bytes) -> None:
        """Raise Inadmissible (R87), naming the missing signatures, if the charter of this digest is held and waits."""
        for signed in self.waiting():
            if signed.digest == digest:
                signed.require_complete(self._shelf.predecessor(signed.charter))

    def roster(self, party: int) -> Roster | None:
        """Return the party's roster in force, or None."""
        register = self._registers.get(party)
        return register.newest.roster if register else None

    def salt_seed(self, party: int) -> bytes:
        """Return the 32 bytes that salt the digests of this party's statements.

        Raises UnknownCharter (R95) if no roster of the party is held here.
        """
        register = self._registers.get(party)
        if register is None:
            raise UnknownCharter("R95", f"no roster of party {party} is held here", party=party)
        return register.seed

    def station(self, station: StationId) -> StationItem | None:
        """Return a station that any accepted roster has listed, or None; ask `station_stopped` whether it has ended."""
        return self._stations.get(station)

    def station_stopped(self, station: StationId) -> int | None:
        """Return when word came (UTC seconds) that the station has ended, by a stop notice or a roster without it."""
        return self._ended.get((party_of(station), ItemClass.STATION, number_of(station)))

    def stations_of(self, party: int) -> tuple[StationItem, ...]:
        """Return the stations of the party's roster in force that have not ended."""
        roster = self.roster(party)
        return tuple(item for item in roster.stations if item.id not in self._gone(party)) if roster else ()

    def all_stations(self) -> tuple[StationItem, ...]:
        """Return the stations of all members of the charter in force that have not ended."""
        members = self.charter.members if self.charter else ()
        return tuple(item for member in members for item in self.stations_of(member.party))

    def officer(self, party: int, number: int) -> OfficerItem | None:
        """Return an officer that any accepted roster of the party has listed, or None."""
        register = self._registers.get(party)
        item = register.items.get((party, ItemClass.OFFICER, number)) if register else None
        return item if isinstance(item, OfficerItem) else None

    def officer_stopped(self, party: int, number: int) -> int | None:
        """Return when word came (UTC seconds) that the officer has ended, by a stop notice or a roster without it."""
        return self._ended.get((party, ItemClass.OFFICER, number))

    def relays(self, party: int) -> tuple[RelayItem, ...]:
        """Return where the party's stations fetch."""
        roster = self.roster(party)
        return roster.relays if roster else ()

    def contradictions(self) -> tuple[ContradictionProof, ...]:
        """Return the proofs held here that a root is false: the first of each root and class of document."""
        return tuple(self._proofs[place] for place in sorted(self._proofs))

    def documents_digest(self) -> bytes:
        """Return 32 bytes over the charter in force, all rosters in force and all stop notices: for greetings.

        Two stations that hold the same have the same digest, in whatever order the documents came.
        """
        if not self._digest:
            charter = self._shelf.in_force
            rosters: list[Value] = [
                [party, register.newest.roster.number, register.newest.digest]
                for party, register in sorted(self._registers.items())
            ]
            held: Value = [charter.digest if charter else None, rosters, sorted(self._stops)]
            self._digest = sha256(contexts.GREETING + encode(held)).digest()
        return self._digest

    # ------------------------------------------------------------ what a peer asks for

    def charters_after(self, number: int) -> tuple[bytes, ...]:
        """Return the documents of every complete charter above `number`, in order, then of those that wait."""
        complete = [signed for key, signed in sorted(self._shelf.complete.items()) if key > number]
        return tuple(signed.document() for signed in (*complete, *self.waiting()))

    def roster_after(self, party: int, number: int) -> bytes | None:
        """Return the party's roster in force, if its number is above `number`."""
        register = self._registers.get(party)
        if register is None or register.newest.roster.number <= number:
            return None
        return register.newest.document()

    def stops_of(self, party: int) -> tuple[bytes, ...]:
        """Return the party's stop notices that have arrived."""
        return tuple(document for key, (_, document) in sorted(self._stops.items()) if key[0] == party)

    # ------------------------------------------------------------ accepting

    def accept(self, document_class: DocumentClass, document: bytes, suite: Suite, at: int) -> Change:
        """Judge a document that arrived `at` (UTC seconds) and take what it says.

        Raises Malformed, Forged or Inadmissible (R80 to R99) for what is not accepted, and UnknownCharter (R90, R95)
        for what may be accepted once an earlier charter is here: ask for it.
        """
        accept = {
            DocumentClass.CHARTER: self._accept_charter,
            DocumentClass.ROSTER: self._accept_roster,
            DocumentClass.STOP: self._accept_stop,
        }[document_class]
        change = accept(document, suite, at)
        self._digest = b""
        return change

    def _accept_charter(self, document: bytes, suite: Suite, at: int) -> Change:
        signed = read_charter(document)
        number = signed.charter.number
        held = self._shelf.held(signed.digest)
        if held is None or not signed.places <= held.places:
            self._shelf.check(signed, suite)
            proofs = tuple(self._shelf.contradictions(signed))
            signed = held.merged(signed.signatures) if held else signed
        else:
            return Change(DocumentClass.CHARTER, Outcome.UNCHANGED, number=number, missing=self.missing(held))
        missing = self.missing(signed)
        rows = self._keep_proofs(proofs)
        change = partial(Change, DocumentClass.CHARTER, number=number, missing=missing, contradictions=proofs)
        if (missing and not self._shelf.vouched(signed)) or self._shelf.late(signed):
            # No member's root but such as are proved false stands behind it: held, such texts could come without end.
            # Nor is a second complete one of a number held: a restart could not tell which of the two came first.
            return change(Outcome.UNCHANGED, rows=rows)
        self._hold_charter(signed)
        key = self._key(DocumentClass.CHARTER, u16(number) + signed.digest)
        row = Keep(TABLE, key, encode([at, signed.document()]))
        outcome = Outcome.WAITING if missing else Outcome.KNOWN
        if self._shelf.in_force is signed:
            outcome = Outcome.IN_FORCE
        return change(outcome, rows=(row, *rows))

    def _hold_charter(self, signed: SignedCharter) -> None:
        self._shelf.add(signed)
        number = signed.charter.number
        if self._shelf.complete.get(number) is signed:
            self._terms[number] = Terms.of(signed.charter)

    def _accept_roster(self, document: bytes, suite: Suite, at: int) -> Change:
        signed = read_roster(document)
        roster = signed.roster
        if roster.line != self.line:
            raise Inadmissible("R89", "the roster belongs to another line")
        root = self._roots(roster.party)[0]
        signed.verify(root, suite)
        register = self._registers.get(roster.party)
        proofs = _proved(register.contradicting(signed), root, suite) if register else ()
        if proofs or (register and roster.number <= register.newest.roster.number):
            rows = self._keep_proofs(proofs)
            return Change(
                DocumentClass.ROSTER, Outcome.UNCHANGED, roster.party, roster.number, contradictions=proofs, rows=rows
            )
        roster.check_items(suite)
        register = register or Register(signed)
        register.check_succession(roster)
        forgotten = register.take(signed)
        rows = (
            Keep(TABLE, self._roster_key(roster.party, roster.number), encode([at, document])),
            *(Forget(TABLE, self._roster_key(roster.party, number)) for number in forgotten),
            *self._follow(register, at),
        )
        self._enlist(register)
        return Change(DocumentClass.ROSTER, Outcome.IN_FORCE, roster.party, roster.number, rows=rows)

    def _enlist(self, register: Register) -> None:
        self._registers[register.newest.roster.party] = register
        for item in register.items.values():
            if isinstance(item, StationItem):
                self._stations[item.id] = item

    def _follow(self, register: Register, at: int) -> list[Keep | Forget]:
        """Note what the newest roster no longer lists as ended, and what it lists again as not."""
        rows: list[Keep | Forget] = []
        listed = register.listed()
        for key in register.items:
            if key in listed and key in self._ended and key not in self._stops:
                del self._ended[key]
                rows.append(Forget(TABLE, self._item_key(_ENDED, key)))
            elif key not in listed and key not in self._ended:
                self._ended[key] = at
                rows.append(Keep(TABLE, self._item_key(_ENDED, key), encode([at, b""])))
        return rows

    def _accept_stop(self, document: bytes, suite: Suite, at: int) -> Change:
        body, signatures = unpack(document)
        notice = decode_stop(body)
        if notice.line != self.line:
            raise Inadmissible("R89", "the stop notice belongs to another line")
        signature = only_signature(signatures, notice.party, "stop notice")
        key = (notice.party, notice.item, notice.number)
        change = Change(DocumentClass.STOP, Outcome.UNCHANGED, notice.party, notice.number)
        if key in self._stops:
            return change
        *former, last = self._roots(notice.party)
        for keys in former:
            try:
                verify(suite, keys, signature, stop_signed(body))
                return self._stop(notice, document, at)
            except Forged:
                continue
        verify(suite, last, signature, stop_signed(body))
        return self._stop(notice, document, at)

    def _stop(self, notice: StopNotice, document: bytes, at: int) -> Change:
        key = (notice.party, notice.item, notice.number)
        self._stops[key] = (at, document)
        self._ended.setdefault(key, at)
        row = Keep(TABLE, self._item_key(DocumentClass.STOP, key), encode([at, document]))
        return Change(DocumentClass.STOP, Outcome.STOPPED, notice.party, notice.number, rows=(row,))

    def _roots(self, party: int) -> list[RootKeys]:
        """Return the party's roots in all complete charters, the newest first.  Raises UnknownCharter (R95)."""
        charters = [signed.charter for _, signed in sorted(self._shelf.complete.items(), reverse=True)]
        roots = [member.root for charter in charters if (member := charter.member(party))]
        if not roots:
            raise UnknownCharter("R95", f"no charter held here has a party {party}", party=party)
        return list(dict.fromkeys(roots))

    def _gone(self, party: int) -> set[StationId]:
        return {
            StationId(owner << 8 | number)
            for owner, item, number in self._ended
            if owner == party and item is ItemClass.STATION
        }

    def _keep_proofs(self, proofs: Sequence[ContradictionProof]) -> tuple[Keep | Forget, ...]:
        """One proof for each root and class is enough; a false root could make any number."""
        rows = []
        for proof in proofs:
            place = (proof.party, int(proof.document))
            if place not in self._proofs:
                self._proofs[place] = proof
                rows.append(Keep(TABLE, self._key(_PROOF, bytes(place)), encode([0, proof.encode()])))
        return tuple(rows)

    # ------------------------------------------------------------ rows

    def _key(self, number: int, rest: bytes) -> bytes:
        return self.line + bytes((number,)) + rest

    def _roster_key(self, party: int, number: int) -> bytes:
        return self._key(DocumentClass.ROSTER, bytes((party,)) + u32(number))

    def _item_key(self, number: int, key: ItemKey) -> bytes:
        return self._key(number, bytes(key))

    def restore(self, rows: Iterable[tuple[bytes, bytes]]) -> None:
        """Take back what `accept` asked to keep: keys and values of TABLE for this line, in the order of keys.

        Call it once, on a new object.  Nothing is verified again: it was before it was kept.
        """
        for key, value in rows:
            at, document = _row(value)
            self._take_back(key[len(self.line)], key[len(self.line) + 1 :], at, document)

    def _take_back(self, number: int, rest: bytes, at: int, document: bytes) -> None:
        if number == DocumentClass.CHARTER:
            self._hold_charter(read_charter(document))
        elif number == DocumentClass.ROSTER:
            signed = read_roster(document)
            register = self._registers.get(signed.roster.party) or Register(signed)
            register.take(signed)
            self._enlist(register)
        elif number == _PROOF:
            self._proofs[rest[0], rest[1]] = decode_contradiction(document)
        else:
            item: ItemKey = (PartyNumber(rest[0]), ItemClass(rest[1]), rest[2])
            if number == DocumentClass.STOP:
                self._stops[item] = (at, document)
            # A station that had left the roster before it was stopped ended with the earlier word.
            self._ended[item] = min(at, self._ended.get(item, at))


def _proved(found: ContradictionProof | None, root: RootKeys, suite: Suite) -> tuple[ContradictionProof, ...]:
    """Return the proof, unless the roster held of that number is by a root that the party has renewed since."""
    if found is None:
        return ()
    try:
        found.check(root, suite)
    except Forged:
        return ()
    return (found,)


def _row(value: bytes) -> tuple[int, bytes]:
    pair = decode(value)
    assert isinstance(pair, list)
    at, document = pair
    assert isinstance(at, int)
    assert isinstance(document, bytes)
    return at, document
