"""A roster: what one party alone decides for one line: its stations, officers, relays and salt seed.

The body is a CBOR map with the keys of `RosterField`, all present.  A station's or officer's number is never used for
another key, so a later roster repeats an item identically or leaves it out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from hashlib import sha256

from openline.charter.documents import SEED_BYTES, digest_by_parts
from openline.charter.reading import Reader
from openline.errors import Forged
from openline.identifiers import Digest, LineId, StationId, station_id
from openline.limits import OFFICERS_MAX, RELAYS_MAX, STATIONS_MAX
from openline.ports import Suite
from openline.wire import contexts
from openline.wire.cbor import Value, decode, encode
from openline.wire.entry import SIGNATURE_BYTES
from openline.wire.keys import PUBLIC_KEY_BYTES, refuse_weak_key
from openline.wire.payloads import HEAD_SIGNATURE_BYTES
from openline.wire.statement import Authority

HEAD_KEY_BYTES = 1_312  # ML-DSA-44 (FIPS 204)
ROSTER_NUMBER_MAX = 0xFFFF_FFFF
ADDRESS_BYTES_MAX = 261  # a host name of 253 characters, brackets, a colon and a port
PIN_BYTES = 32
HASH_BYTES = 32

_READ = Reader("R93", "roster")


class RosterField(IntEnum):
    """Keys of a roster's body."""

    LINE = 0
    PARTY = 1
    NUMBER = 2
    SEED = 3
    STATIONS = 4
    OFFICERS = 5
    RELAYS = 6


LISTED = frozenset((RosterField.STATIONS, RosterField.OFFICERS, RosterField.RELAYS))


class ItemClass(IntEnum):
    """What a numbered item of a roster, or a stop notice, is about."""

    STATION = 1
    OFFICER = 2


@dataclass(frozen=True, slots=True)
class StationItem:
    """One station: `sign` (Ed25519, 32 bytes), `head` (ML-DSA-44, 1,312), `post` (Ed25519, for relays only).

    possession: each key's own signature over the item.  hash: SHA-256 of the item, what stands for it in signatures.
    """

    party: int
    number: int
    sign: bytes
    head: bytes = field(repr=False)
    post: bytes
    possession: tuple[bytes, bytes, bytes] = field(repr=False)
    hash: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "hash", sha256(self.item()).digest())

    @property
    def id(self) -> StationId:
        """The station's number on its line."""
        return station_id(self.party, self.number)

    @property
    def keys(self) -> tuple[bytes, ...]:
        """Every key of the item; none may stand twice in a roster."""
        return self.sign, self.head, self.post

    def item(self) -> bytes:
        """Return the bytes that are hashed, and signed by each key."""
        return encode([self.party, self.number, self.sign, self.head, self.post])

    def check(self, line: LineId, suite: Suite) -> None:
        """Raise Malformed or Forged (R33, R34, R96) unless every key is sound and signed the item itself."""
        refuse_weak_key(self.sign)
        refuse_weak_key(self.post)
        signed = possession_signed(line, self.item())
        sign, head, post = self.possession
        try:
            suite.verify(self.sign, sign, signed)
            suite.verify_head(self.head, head, signed)
            suite.verify(self.post, post, signed)
        except Forged as error:
            raise _unpossessed("station", self.number) from error


@dataclass(frozen=True, slots=True)
class OfficerItem:
    """One officer, by number only: an Ed25519 key (32 bytes) and the roles it may approve in."""

    party: int
    number: int
    key: bytes
    roles: tuple[Authority, ...]
    possession: bytes = field(repr=False)
    hash: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "hash", sha256(self.item()).digest())

    @property
    def keys(self) -> tuple[bytes, ...]:
        """The one key of the item."""
        return (self.key,)

    def item(self) -> bytes:
        """Return the bytes that are hashed, and signed by the officer's key."""
        return encode([self.party, self.number, self.key, self.roles])

    def check(self, line: LineId, suite: Suite) -> None:
        """Raise Malformed or Forged (R33, R34, R96) unless the key is sound and signed the item itself."""
        refuse_weak_key(self.key)
        try:
            suite.verify(self.key, self.possession, possession_signed(line, self.item()))
        except Forged as error:
            raise _unpossessed("officer", self.number) from error


@dataclass(frozen=True, slots=True)
class RelayItem:
    """Where the party's stations fetch: "host:port", and SHA-256 of the relay's public key (32 bytes)."""

    address: str
    pin: bytes


@dataclass(frozen=True, slots=True)
class Roster:
    """One roster, unsigned.  Items in rising order of their numbers; relays in the order in which they are tried."""

    line: LineId
    party: int
    number: int
    seed: bytes = field(repr=False)
    stations: tuple[StationItem, ...]
    officers: tuple[OfficerItem, ...] = ()
    relays: tuple[RelayItem, ...] = ()

    def items(self) -> dict[tuple[ItemClass, int], StationItem | OfficerItem]:
        """Return every numbered item by class and number."""
        found: dict[tuple[ItemClass, int], StationItem | OfficerItem] = {}
        found.update({(ItemClass.STATION, station.number): station for station in self.stations})
        found.update({(ItemClass.OFFICER, officer.number): officer for officer in self.officers})
        return found

    def check_items(self, suite: Suite) -> None:
        """Raise Malformed or Forged (R33, R34, R96) unless every key of the roster is sound and proved itself."""
        for item in self.items().values():
            item.check(self.line, suite)


def encode_roster(roster: Roster) -> bytes:
    """Return the roster's body.  Raises Malformed (R93, R94) if it would be refused."""
    body = encode(_values(roster))
    decode_roster(body)
    return body


def decode_roster(body: bytes) -> Roster:
    """Return the roster whose body is exactly `body`; no key is checked.  Raises Malformed (R1 to R9, R93, R94)."""
    fields = _READ.fields(decode(body), range(len(RosterField)), "the body")
    party = _READ.number(fields[RosterField.PARTY], 1, 255, "the party")
    stations = _READ.items(fields[RosterField.STATIONS], 0, STATIONS_MAX, "the list of stations")
    officers = _READ.items(fields[RosterField.OFFICERS], 0, OFFICERS_MAX, "the list of officers")
    relays = _READ.items(fields[RosterField.RELAYS], 0, RELAYS_MAX, "the list of relays")
    roster = Roster(
        LineId(_READ.octets(fields[RosterField.LINE], HASH_BYTES, "the line")),
        party,
        _READ.number(fields[RosterField.NUMBER], 1, ROSTER_NUMBER_MAX, "its number"),
        _READ.octets(fields[RosterField.SEED], SEED_BYTES, "the salt seed"),
        tuple(_station(record, party) for record in stations),
        tuple(_officer(record, party) for record in officers),
        tuple(_relay(record) for record in relays),
    )
    _READ.rising([station.number for station in roster.stations], "the list of stations")
    _READ.rising([officer.number for officer in roster.officers], "the list of officers")
    addresses = [relay.address for relay in roster.relays]
    if len(set(addresses)) != len(addresses):
        _READ.refuse("the list of relays", "of different addresses")
    keys = [key for item in roster.items().values() for key in item.keys]
    if len(set(keys)) != len(keys):
        Reader("R94", "roster").refuse("each key", "in one place only")
    return roster


def roster_digest(body: bytes) -> Digest:
    """Return the digest of a roster's body, which must be one that `decode_roster` accepts."""
    fields = _READ.fields(decode(body), range(len(RosterField)), "the body")
    seed = _READ.octets(fields[RosterField.SEED], SEED_BYTES, "the salt seed")
    return digest_by_parts(seed, body, fields, LISTED)


def roster_signed(digest: Digest) -> bytes:
    """Return what the party's root signs; the body itself names line, party and number."""
    return contexts.ROSTER + digest


def possession_signed(line: LineId, item: bytes) -> bytes:
    """Return what a key signs to show that its holder wants it in this item of this line."""
    return contexts.POSSESSION + line + item


def encode_item(line: LineId, item: StationItem | OfficerItem) -> bytes:
    """Return an item as whoever made its keys hands it to the holder of the root: CBOR [class, line, party, record]."""
    if isinstance(item, StationItem):
        return encode([ItemClass.STATION, line, item.party, _station_record(item)])
    return encode([ItemClass.OFFICER, line, item.party, _officer_record(item)])


def decode_item(data: bytes) -> tuple[LineId, StationItem | OfficerItem]:
    """Return line and item; no key is checked.  Raises Malformed (R1 to R9, R93)."""
    item_class, line, party, record = _READ.record(decode(data), 4, "an item")
    of = ItemClass(_READ.number(item_class, ItemClass.STATION, ItemClass.OFFICER, "an item's class"))
    read = _station if of is ItemClass.STATION else _officer
    return LineId(_READ.octets(line, HASH_BYTES, "the line")), read(record, _READ.number(party, 1, 255, "the party"))


def _unpossessed(what: str, number: int) -> Forged:
    return Forged(
        "R96",
        f"a key of {what} {number} has not signed its own item of the roster",
        hint="Whoever holds the key makes the item anew; a key that its holder did not offer is never taken.",
        number=number,
    )


def _station(record: Value, party: int) -> StationItem:
    number, sign, head, post, by_sign, by_head, by_post = _READ.record(record, 7, "a station")
    return StationItem(
        party,
        _READ.number(number, 1, 255, "a station's number"),
        _READ.octets(sign, PUBLIC_KEY_BYTES, "a station's key"),
        _READ.octets(head, HEAD_KEY_BYTES, "a station's head key"),
        _READ.octets(post, PUBLIC_KEY_BYTES, "a station's post key"),
        (
            _READ.octets(by_sign, SIGNATURE_BYTES, "the signature of a station's key"),
            _READ.octets(by_head, HEAD_SIGNATURE_BYTES, "the signature of a station's head key"),
            _READ.octets(by_post, SIGNATURE_BYTES, "the signature of a station's post key"),
        ),
    )


def _officer(record: Value, party: int) -> OfficerItem:
    number, key, roles, possession = _READ.record(record, 4, "an officer")
    listed = _READ.items(roles, 1, len(Authority), "an officer's roles")
    item = OfficerItem(
        party,
        _READ.number(number, 1, 255, "an officer's number"),
        _READ.octets(key, PUBLIC_KEY_BYTES, "an officer's key"),
        tuple(Authority(_READ.number(role, 0, Authority.MEDIATOR, "an officer's role")) for role in listed),
        _READ.octets(possession, SIGNATURE_BYTES, "the signature of an officer's key"),
    )
    _READ.rising(item.roles, "an officer's roles")
    return item


def _relay(record: Value) -> RelayItem:
    address, pin = _READ.record(record, 2, "a relay")
    host, colon, port = _READ.text(address, ADDRESS_BYTES_MAX, "a relay's address").rpartition(":")
    plain = host.isascii() and host.isprintable() and " " not in host
    if not (host and colon and plain and port.isdecimal() and port.isascii() and 0 < int(port) < 1 << 16):
        _READ.refuse("a relay's address", "host:port")
    if str(int(port)) != port:
        _READ.refuse("a relay's port", "without leading zeros")
    return RelayItem(f"{host}:{port}", _READ.octets(pin, PIN_BYTES, "a relay's pin"))


def _station_record(item: StationItem) -> list[Value]:
    return [item.number, item.sign, item.head, item.post, *item.possession]


def _officer_record(item: OfficerItem) -> list[Value]:
    return [item.number, item.key, item.roles, item.possession]


def _values(roster: Roster) -> dict[int, Value]:
    stations: list[Value] = [_station_record(station) for station in roster.stations]
    officers: list[Value] = [_officer_record(officer) for officer in roster.officers]
    relays: list[Value] = [[relay.address, relay.pin] for relay in roster.relays]
    values: dict[int, Value] = {
        RosterField.LINE: roster.line,
        RosterField.PARTY: roster.party,
        RosterField.NUMBER: roster.number,
        RosterField.SEED: roster.seed,
        RosterField.STATIONS: stations,
        RosterField.OFFICERS: officers,
        RosterField.RELAYS: relays,
    }
    return {int(key): value for key, value in values.items()}
