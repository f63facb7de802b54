"""A line ready to run: a signed charter and rosters for invented parties, and every station's keys."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from openline.catalogue.kinds import catalogue_hash
from openline.charter import (
    Charter,
    LineDocuments,
    Member,
    RelayItem,
    Role,
    RootSeeds,
    Roster,
    Rules,
    StationSeeds,
    certify_officer,
    certify_station,
    draft_charter,
    sign_roster,
)
from openline.engine import Home
from openline.identifiers import LineId, StationId, station_id
from openline.ports import Row, Suite
from openline.wire.payloads import DocumentClass
from openline.wire.statement import Authority, Status

PARTIES = ("alba", "bora", "cendra", "doria", "elba")
OFFICERS = (Authority.DUTY_OFFICER, Authority.RELEASER, Authority.DUTY_OFFICER)  # of each party, from number 1
BEGIN = 1_700_000_000  # UTC seconds at which every made world begins


@dataclass(frozen=True, slots=True)
class Setting:
    """What every station of the line starts from."""

    line: LineId
    homes: dict[StationId, Home]
    rows: tuple[Row, ...]
    officers: dict[tuple[int, int], bytes]
    relays: tuple[tuple[str, bytes], ...]
    posts: dict[bytes, StationId]
    documents: dict[int, bytes]


def secret(*name: object) -> bytes:
    """Return 32 bytes that depend on the name alone."""
    return sha256(repr(name).encode()).digest()


def make_setting(
    suite: Suite, parties: int, stations: int, relays: int, *, rules: Rules | None = None, mediator: bool = False,
    number: int = 1,
) -> Setting:  # fmt: skip
    """Return a line of so many parties, with so many stations each, that all fetch from so many relays.

    mediator: the last party is one.  number: a second line of the same stations has another charter and other relays.
    """
    roots = {party: RootSeeds(secret("root", party), secret("root2", party)) for party in range(1, parties + 1)}
    members = tuple(
        Member(
            party,
            PARTIES[party - 1],
            Role.MEDIATOR if mediator and party == parties else Role.PARTY,
            (("en", PARTIES[party - 1].title()),),
            root.public(suite),
        )
        for party, root in roots.items()
    )
    seed = secret("charter") if number == 1 else secret("charter", number)
    charter = draft_charter(
        Charter(1, None, None, seed, members, catalogue_hash(), ("en",),
                statuses=(Status.EXERCISE, Status.TEST), rules=rules or Rules())
    )  # fmt: skip
    for party, root in roots.items():
        charter = charter.signed_by(party, root, None, suite)
    documents = LineDocuments(charter.line)
    changes = [documents.accept(DocumentClass.CHARTER, charter.document(), suite, BEGIN)]
    names = range(relays * (number - 1) + 1, relays * number + 1)
    served = tuple((f"relay{each}.example:443", secret("pin", each)) for each in names)
    homes: dict[StationId, Home] = {}
    officers: dict[tuple[int, int], bytes] = {}
    brought: dict[int, bytes] = {}
    for party, root in roots.items():
        roster = _roster(suite, charter.line, party, stations, served, homes, officers)
        brought[party] = sign_roster(roster, root, suite).document()
        changes.append(documents.accept(DocumentClass.ROSTER, brought[party], suite, BEGIN))
    rows = tuple(row for change in changes for row in change.rows)
    posts = {suite.public(home.keys.post): station for station, home in homes.items()}
    return Setting(charter.line, homes, rows, officers, served, posts, brought)


def _roster(
    suite: Suite, line: LineId, party: int, stations: int, relays: tuple[tuple[str, bytes], ...],
    homes: dict[StationId, Home], officers: dict[tuple[int, int], bytes],
) -> Roster:  # fmt: skip
    items = []
    for number in range(1, stations + 1):
        seeds = StationSeeds(*(secret("station", party, number, use) for use in ("sign", "head", "post")))
        items.append(certify_station(line, party, number, seeds, suite))
        me = station_id(party, number)
        homes[me] = Home(line, me, seeds)
    people = []
    for number, role in enumerate(OFFICERS, 1):
        officers[party, number] = secret("officer", party, number)
        people.append(certify_officer(line, party, number, (role,), officers[party, number], suite))
    items_of_relays = tuple(RelayItem(address, pin) for address, pin in relays)
    return Roster(line, party, 1, secret("salt", party), tuple(items), tuple(people), items_of_relays)
