"""A party's own rosters: drafted item by item, signed by its root, exchanged as files.

Keys are made where they are used: `make_station` and `make_officer` write a key file, which stays there, and an item,
which goes to the office.  With each item that the root certifies it makes the stop notice that can end it.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from openline.charter import (
    Change,
    Charter,
    ItemClass,
    LineDocuments,
    OfficerItem,
    RelayItem,
    RootSeeds,
    Roster,
    SignedCharter,
    StationItem,
    StationSeeds,
    StopNotice,
    certify_officer,
    certify_station,
    decode_item,
    decode_roster,
    decode_stop,
    encode_item,
    encode_roster,
    make_stop,
    read_roster,
    sign_roster,
)
from openline.charter.documents import unpack
from openline.errors import Misuse, Rejected, Unavailable
from openline.identifiers import LineId
from openline.runtime.ceremony import SUITE, Line, Office, line_name
from openline.runtime.files import PRIVATE, read, replace_whole, write_new
from openline.runtime.keyfile import Cost, open_file, seal_secret
from openline.wire.payloads import DocumentClass, encode_document
from openline.wire.statement import Authority

ROLES = {
    "duty": Authority.DUTY_OFFICER,
    "releaser": Authority.RELEASER,
    "delegate": Authority.DELEGATE,
    "principal": Authority.PRINCIPAL,
    "mediator": Authority.MEDIATOR,
}
"""The catalogue's words for officers' roles."""


def party_number(charter: Charter, code: str) -> int:
    """Return the number of a member by its code.  Raises Misuse if there is none."""
    for member in charter.members:
        if member.code == code:
            return member.party
    raise Misuse(f"{code} is no member of this charter", hint="See: openline charter show")


def make_station(charter: SignedCharter, code: str, number: int, folder: Path) -> StationItem:
    """Make a station's keys: `folder` gets station-N.key, open for unattended start, and station-N.item."""
    party = party_number(charter.charter, code)
    seeds = StationSeeds(*(secrets.token_bytes(32) for _ in range(3)))
    item = certify_station(charter.line, party, number, seeds, SUITE)
    purpose = f"station {number} of {code}"
    write_new(folder / f"station-{number}.key", open_file(seeds.sign + seeds.head + seeds.post, purpose), mode=PRIVATE)
    write_new(folder / f"station-{number}.item", encode_item(charter.line, item))
    return item


def make_officer(
    charter: SignedCharter,
    code: str,
    number: int,
    roles: Sequence[Authority],
    folder: Path,
    passphrase: str,
    cost: Cost | None = None,
) -> OfficerItem:
    """Make an officer's key: `folder` gets officer-N.key, under the passphrase, and officer-N.item."""
    party = party_number(charter.charter, code)
    seed = secrets.token_bytes(32)
    item = certify_officer(charter.line, party, number, roles, seed, SUITE)
    sealed = seal_secret(seed, f"officer {number} of {code}", passphrase, cost)
    write_new(folder / f"officer-{number}.key", sealed, mode=PRIVATE)
    write_new(folder / f"officer-{number}.item", encode_item(charter.line, item))
    return item


@dataclass(frozen=True, slots=True)
class RosterDesk:
    """The rosters of one line in an office."""

    office: Office
    line: Line

    @property
    def _draft_path(self) -> Path:
        return self.line.folder / "roster.draft"

    def draft(self) -> Roster:
        """Begin the next roster: what the one in force lists, under the next number.  Raises Misuse if one is begun."""
        documents = self.line.documents()
        party = self._party(documents)
        held = documents.roster(party)
        if held:
            roster = replace(held, number=held.number + 1)
        else:
            roster = Roster(documents.line, party, 1, secrets.token_bytes(32), ())
        write_new(self._draft_path, encode_roster(roster), mode=PRIVATE)
        return roster

    def drafted(self) -> Roster:
        """Return the roster under construction.  Raises Unavailable if none was begun."""
        if not self._draft_path.exists():
            raise Unavailable("no roster is being drafted", hint="Run: openline roster draft")
        return decode_roster(read(self._draft_path))

    def add_item(self, content: bytes, wanted: ItemClass) -> StationItem | OfficerItem:
        """Add a station or officer from the file that was made with its key.  Raises Misuse or Rejected."""
        roster = self.drafted()
        try:
            line, item = decode_item(content)
        except Rejected as error:
            raise Misuse("this is no item of a roster, or it is damaged", hint="Ask for the .item file.") from error
        if line != roster.line or item.party != roster.party:
            raise Misuse("the item was made for another line or party", hint="Make it with this line's charter.")
        item.check(line, SUITE)
        of = ItemClass.STATION if isinstance(item, StationItem) else ItemClass.OFFICER
        if of is not wanted:
            raise Misuse(f"this is the item of a {of.name.lower()}, not of a {wanted.name.lower()}")
        if (of, item.number) in roster.items():
            raise Misuse(f"{of.name.lower()} {item.number} is in the roster already", hint="Take the next number.")
        if isinstance(item, StationItem):
            stations = sorted((*roster.stations, item), key=lambda one: one.number)
            self._rewrite(replace(roster, stations=tuple(stations)))
        else:
            officers = sorted((*roster.officers, item), key=lambda one: one.number)
            self._rewrite(replace(roster, officers=tuple(officers)))
        return item

    def add_relay(self, address: str, pin: bytes) -> None:
        """Add a relay where our stations fetch.  Raises Rejected (R93) for an address or pin of another form."""
        roster = self.drafted()
        self._rewrite(replace(roster, relays=(*roster.relays, RelayItem(address, pin))))

    def remove(self, what: str, name: str) -> None:
        """Leave out a "station" or "officer" by number, or a "relay" by address.  Raises Misuse if it is not there."""
        roster = self.drafted()
        shorter = replace(
            roster,
            stations=tuple(one for one in roster.stations if (what, name) != ("station", str(one.number))),
            officers=tuple(one for one in roster.officers if (what, name) != ("officer", str(one.number))),
            relays=tuple(one for one in roster.relays if (what, name) != ("relay", one.address)),
        )
        if shorter == roster:
            raise Misuse(f"the roster has no {what} {name}", hint="See: openline roster show --draft")
        self._rewrite(shorter)

    def sign(self, passphrase: str | None) -> tuple[Roster, list[Path]]:
        """Sign the draft and put it in force here; return it and the stop notices made with it.

        Raises Misuse or Rejected if it would be refused, by the other party as well; Misuse, too, if one of its number
        or above is in force by now.
        """
        roster = self.drafted()
        documents = self.line.documents()
        held = documents.roster(roster.party)
        if held and held.number >= roster.number and held != roster:
            raise Misuse(
                f"roster {held.number} is in force by now; the draft of number {roster.number} was begun before",
                hint=f"Move {self._draft_path} away, and draft anew: openline roster draft",
            )
        seeds = self.office.root(passphrase)
        signed = sign_roster(roster, seeds, SUITE)
        documents.accept(DocumentClass.ROSTER, signed.document(), SUITE, int(time.time()))
        stopped = [StopNotice(roster.line, roster.party, of, number) for of, number in roster.items()]
        sealed = [self._seal_stop(notice, seeds) for notice in stopped if not self._stop_path(notice).exists()]
        # On a disk that fills up the notices fail first: nothing is promised yet, and the draft may still be changed.
        self.office.promise(f"{line_name(roster.line)}-roster-{roster.number}", signed.digest)
        # A crash before the draft is gone: the same draft is signed again, and nothing that is there is made anew.
        path = self._roster_path(roster)
        if not path.exists():
            write_new(path, encode_document(DocumentClass.ROSTER, signed.document()))
        self._draft_path.unlink()
        return roster, sealed

    def _seal_stop(self, notice: StopNotice, seeds: RootSeeds) -> Path:
        path = self._stop_path(notice)
        write_new(path, encode_document(DocumentClass.STOP, make_stop(notice, seeds, SUITE)), mode=PRIVATE)
        return path

    def stop(self, of: ItemClass, number: int, out: Path) -> StopNotice:
        """Take a stop notice from under its seal: write it to `out`, for every station, and put it in force here."""
        documents = self.line.documents()
        notice = StopNotice(documents.line, self._party(documents), of, number)
        path = self._stop_path(notice)
        if not path.exists():
            raise Unavailable(
                f"there is no stop notice for {of.name.lower()} {number}", hint="One is made when its roster is signed."
            )
        content = read(path)
        write_new(out, content)
        self.take(DocumentClass.STOP, content[1:])
        return notice

    def export(self, out: Path) -> Roster:
        """Write our roster in force to a file for the other parties.  Raises Unavailable if there is none."""
        documents = self.line.documents()
        roster = documents.roster(self._party(documents))
        if roster is None:
            raise Unavailable("we have no roster in force", hint="Run: openline roster sign")
        write_new(out, read(self._roster_path(roster)))
        return roster

    def take(self, of: DocumentClass, document: bytes) -> Change:
        """Put another party's roster or stop notice in force here.  Raises Rejected (R80 to R99) if it may not be."""
        change = self.line.documents().accept(of, document, SUITE, int(time.time()))
        for proof in change.contradictions:
            self.line.keep_contradiction(proof)
        if change.rows and not change.contradictions:
            body = unpack(document)[0]
            name = f"roster-{change.party}-{change.number}"
            if of is DocumentClass.STOP:
                notice = decode_stop(body)
                name = f"stop-{notice.item.name.lower()}-{notice.party}-{notice.number}"
            write_new(self.line.folder / name, encode_document(of, document))
        return change

    def _party(self, documents: LineDocuments) -> int:
        assert documents.charter
        return party_number(documents.charter, self.office.card().code)

    def _rewrite(self, roster: Roster) -> None:
        replace_whole(self._draft_path, encode_roster(roster), mode=PRIVATE)

    def _roster_path(self, roster: Roster) -> Path:
        return self.line.folder / f"roster-{roster.party}-{roster.number}"

    def _stop_path(self, notice: StopNotice) -> Path:
        return self.line.folder / "stops" / f"{notice.item.name.lower()}-{notice.number}"


def rosters_in_force(documents: LineDocuments) -> list[Roster]:
    """Return the roster in force of each member that has one."""
    members = documents.charter.members if documents.charter else ()
    rosters = (documents.roster(member.party) for member in members)
    return [roster for roster in rosters if roster]


def document_line(of: DocumentClass, document: bytes) -> LineId:
    """Return the line that a roster or stop notice belongs to.  Raises Misuse for a charter."""
    if of is DocumentClass.CHARTER:
        raise Misuse("this is a charter, not a roster", hint="Run: openline charter activate")
    return read_roster(document).roster.line if of is DocumentClass.ROSTER else decode_stop(unpack(document)[0]).line
