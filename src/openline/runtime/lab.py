"""A laboratory: a complete network on this machine that allows only TEST and EXERCISE.

Everything is real but the distance: signed charter and rosters, real keys, real relays on loopback.  Its key files are
open, so that scripts need no terminal; for that reason its charter refuses the status ACTUAL.
"""

from __future__ import annotations

import json
import secrets
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from openline.catalogue.kinds import CATALOGUE, catalogue_hash
from openline.catalogue.rendering.glossary import SAMPLE
from openline.charter import (
    RATE_MAX,
    Charter,
    LineDocuments,
    Member,
    OfficerItem,
    RelayItem,
    Role,
    RootSeeds,
    Roster,
    Rules,
    SignedCharter,
    StationSeeds,
    certify_officer,
    certify_station,
    draft_charter,
    sign_roster,
)
from openline.engine import Home
from openline.errors import Misuse, Unavailable
from openline.identifiers import LineId, station_id
from openline.ports import Row
from openline.relay import admit_line, create_relay_home, relay_settings, require_host
from openline.runtime.charter_form import catalogue_approvals
from openline.runtime.clocks import Clocks
from openline.runtime.files import PRIVATE, PUBLIC, read, write_new
from openline.runtime.homes import ANNEXES, Settings, make_home
from openline.runtime.keyfile import open_file
from openline.runtime.parties import GLOSSARY
from openline.sessions import RealSuite
from openline.wire.payloads import DocumentClass
from openline.wire.statement import Authority, Status

LAB_FILE = "lab.json"
RELAY_SETTINGS = "relay.toml"
LANGUAGES = ("en",)
OFFICERS: tuple[tuple[int, tuple[Authority, ...]], ...] = (
    (1, (Authority.DUTY_OFFICER,)),
    (2, (Authority.RELEASER,)),
    (3, (Authority.DELEGATE, Authority.PRINCIPAL)),
    (4, (Authority.DUTY_OFFICER,)),
    (5, (Authority.RELEASER,)),
)
"""The officers of every party in a laboratory: two watches of duty officer and releaser, and a delegate."""

MEDIATOR: tuple[Authority, ...] = (Authority.MEDIATOR,)
PARTIES_MAX, STATIONS_MAX, RELAYS_MAX = 6, 4, 4  # what two cores and one folder serve well


@dataclass(frozen=True, slots=True)
class Party:
    """One party of a laboratory while it is being made."""

    number: int
    code: str
    role: Role
    root: RootSeeds


@dataclass(frozen=True, slots=True)
class Relay:
    """One relay of a laboratory."""

    home: Path
    address: str
    pin: bytes


def create(
    folder: Path, parties: Sequence[str], mediator: str | None, stations: int, relays: int, *,
    check_cadence_s: int = 3_600, hosts: Sequence[str] = (),
) -> dict[str, Any]:  # fmt: skip
    """Make a laboratory in a new folder; return its line, relay homes and station homes by party.

    check_cadence_s: after which a station without an officer's act counts as unattended.  hosts: the address that each
    relay listens on; loopback where none is given.
    """
    _check(folder, parties, mediator, stations, relays, hosts)
    suite = RealSuite()
    members = [
        Party(number, code, Role.MEDIATOR if code == mediator else Role.PARTY, RootSeeds(_secret(), _secret()))
        for number, code in enumerate([*parties, *([mediator] if mediator else [])], 1)
    ]
    charter = _charter(members, check_cadence_s, suite)
    places = [*hosts[:relays], *["127.0.0.1"] * (relays - len(hosts))]
    served = [_relay(folder / f"relay-{number}", host) for number, host in enumerate(places, 1)]
    documents = LineDocuments(charter.line)
    rows: list[Row] = list(documents.accept(DocumentClass.CHARTER, charter.document(), suite, _utc()).rows)
    homes: dict[str, list[Home]] = {}
    officers: dict[str, dict[int, bytes]] = {}
    for party in members:
        roster = _roster(charter.line, party, stations, served, homes, officers, suite)
        document = sign_roster(roster, party.root, suite).document()
        rows += documents.accept(DocumentClass.ROSTER, document, suite, _utc()).rows
    made = _write(folder, members, homes, officers, rows)
    posts = [suite.public(home.keys.post) for party in homes.values() for home in party]
    for relay in served:
        admit_line(relay.home, posts)
    lab = {"line": charter.line[:16].hex(), "relays": [str(relay.home) for relay in served], "stations": made}
    write_new(folder / LAB_FILE, (json.dumps(lab, indent=1) + "\n").encode(), mode=PUBLIC)
    return lab


def read_lab(folder: Path) -> dict[str, Any]:
    """Return what `create` returned.  Raises Misuse if the folder holds no laboratory."""
    hint = "Make one with `openline lab create DIR`, and name its folder."
    try:
        lab = json.loads(read(folder / LAB_FILE))
    except (Unavailable, ValueError, RecursionError) as error:
        raise Misuse(f"{folder} holds no laboratory", hint=hint) from error
    match lab:
        case {"line": str(), "relays": list() as relays, "stations": dict() as stations} if all(
            isinstance(homes, list) and all(isinstance(home, str) for home in homes)
            for homes in (relays, *stations.values())
        ):
            return dict(lab)
        case _:
            raise Misuse(f"{folder / LAB_FILE} does not describe a laboratory", hint=hint)


def _check(
    folder: Path, parties: Sequence[str], mediator: str | None, stations: int, relays: int, hosts: Sequence[str]
) -> None:
    codes = [*parties, *([mediator] if mediator else [])]
    if len(parties) < 2 or len(set(codes)) != len(codes) or len(codes) > PARTIES_MAX:
        raise Misuse(f"a line has two to {PARTIES_MAX} different parties", hint="Write --parties alba,bora.")
    for code in codes:
        if not (code.isascii() and code.isalnum() and code.islower() and 2 <= len(code) <= 16):
            raise Misuse(f"{code!r} is no party's code", hint="2 to 16 small letters and digits, such as alba.")
    if not 1 <= stations <= STATIONS_MAX or not 1 <= relays <= RELAYS_MAX:
        raise Misuse(f"a laboratory has 1 to {STATIONS_MAX} stations a party and 1 to {RELAYS_MAX} relays")
    for host in hosts:
        require_host(host)
    if folder.exists() and any(folder.iterdir()):
        raise Misuse(f"{folder} is not empty", hint="Name a new folder: nothing is ever overwritten.")


def _charter(members: Sequence[Party], check_cadence_s: int, suite: RealSuite) -> SignedCharter:
    charter = draft_charter(
        Charter(
            number=1,
            line=None,
            predecessor=None,
            seed=_secret(),
            members=tuple(
                Member(party.number, party.code, party.role, (("en", party.code.title()),), party.root.public(suite))
                for party in members
            ),
            catalogue=catalogue_hash(),
            languages=LANGUAGES,
            annexes=((GLOSSARY, sha256(_glossary()).digest()),),
            statuses=(Status.EXERCISE, Status.TEST),
            rules=Rules(
                approvals=catalogue_approvals(),
                unreviewed_renderings=True,
                check_cadence_s=check_cadence_s,
                entries_a_minute=RATE_MAX,  # a laboratory is measured, too
            ),
        )
    )
    for party in members:
        charter = charter.signed_by(party.number, party.root, None, suite)
    return charter


def _relay(home: Path, host: str) -> Relay:
    pin = create_relay_home(home)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))  # a port that is free here; where the relay runs on another machine, most likely
        port = probe.getsockname()[1]
    write_new(home / RELAY_SETTINGS, relay_settings(host, port), mode=PUBLIC)
    return Relay(home, f"{host}:{port}", pin)


def _roster(
    line: LineId, party: Party, stations: int, relays: Sequence[Relay], homes: dict[str, list[Home]],
    officers: dict[str, dict[int, bytes]], suite: RealSuite,
) -> Roster:  # fmt: skip
    items = []
    for number in range(1, stations + 1):
        seeds = StationSeeds(_secret(), _secret(), _secret())
        items.append(certify_station(line, party.number, number, seeds, suite))
        homes.setdefault(party.code, []).append(Home(line, station_id(party.number, number), seeds))
    people: list[OfficerItem] = []
    for number, roles in OFFICERS:
        seed = officers.setdefault(party.code, {})[number] = _secret()
        held = (*roles, *MEDIATOR) if party.role is Role.MEDIATOR and number == 3 else roles
        people.append(certify_officer(line, party.number, number, held, seed, suite))
    places = tuple(RelayItem(relay.address, relay.pin) for relay in relays)
    return Roster(line, party.number, 1, _secret(), tuple(items), tuple(people), places)


def _write(
    folder: Path, members: Sequence[Party], homes: dict[str, list[Home]], officers: dict[str, dict[int, bytes]],
    rows: list[Row],
) -> dict[str, list[str]]:  # fmt: skip
    made: dict[str, list[str]] = {}
    for party in members:
        for index, home in enumerate(homes[party.code], 1):
            place = folder / f"{party.code}-{index}"
            make_home(place, Settings(name=place.name), [home], rows)
            write_new(place / ANNEXES / f"{GLOSSARY}.toml", _glossary(), mode=PUBLIC)
            for number, seed in officers[party.code].items():
                content = open_file(seed, f"officer {number} of {party.code}")
                write_new(place / "officers" / f"officer-{number}.key", content, mode=PRIVATE)
            made.setdefault(party.code, []).append(str(place))
    return made


def _glossary() -> bytes:
    """Return the sample of invented names: the Middle Sea is the Sea of Alba on Alba's screens, and so on."""
    return CATALOGUE.files[SAMPLE]


def _secret() -> bytes:
    return secrets.token_bytes(32)


def _utc() -> int:
    return Clocks().instant().utc
