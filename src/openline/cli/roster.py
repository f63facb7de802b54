"""`openline roster`: who speaks for a party on a line: stations, officers, relays; signed by that party alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from openline.charter import Change, ItemClass, LineDocuments, OfficerItem, Roster, StationItem
from openline.cli.answers import Guarded, as_json, clean, tell
from openline.cli.ceremony import FILE, FOLDER, line_option, office_folder, out_file, passphrase, passphrase_file
from openline.errors import Misuse
from openline.identifiers import LINE_SHOWN_BYTES
from openline.runtime.ceremony import Office, line_name, read_charter_file, read_document_file
from openline.runtime.files import read
from openline.runtime.roster_desk import (
    ROLES,
    RosterDesk,
    document_line,
    make_officer,
    make_station,
    rosters_in_force,
)

PIN_BYTES = 32  # SHA-256
ENDED = "  ENDED by a stop notice"
ROLE_NAMES = {role: name for name, role in ROLES.items()}

number_option = click.option(
    "--number", type=click.IntRange(1, 255), required=True, help="Never used before, 1 to 255."
)
party_option = click.option("--party", "code", required=True, help="CODE of the party, as the charter has it.")
key_folder = click.option("--out", "out", type=FOLDER, required=True, help="Folder for the key file and the item.")
charter_argument = click.argument("charter_file", type=FILE)


@click.group(cls=Guarded)
def roster() -> None:
    """Who speaks for a party on a line: drafted item by item, signed by its root, handed over as a file.

    \b
      openline roster draft --dir office
    """


def _desk(folder: Path, beginning: str | None) -> RosterDesk:
    office = Office(folder)
    return RosterDesk(office, office.line(beginning))


def item_view(item: StationItem | OfficerItem) -> dict[str, Any]:
    """Return a station or officer for scripts."""
    view: dict[str, Any] = {"party": item.party, "number": item.number, "hash": item.hash.hex()}
    if isinstance(item, OfficerItem):
        return {"kind": "officer", **view, "roles": [ROLE_NAMES[role] for role in item.roles]}
    return {"kind": "station", **view}


def roster_view(text: Roster) -> dict[str, Any]:
    """Return a roster for scripts."""
    return {
        "line": line_name(text.line),
        "party": text.party,
        "number": text.number,
        "stations": [item_view(item) for item in text.stations],
        "officers": [item_view(item) for item in text.officers],
        "relays": [{"address": relay.address, "pin": relay.pin.hex()} for relay in text.relays],
    }


def roster_words(text: Roster, documents: LineDocuments | None = None) -> str:
    """Return a roster for people; with the line's documents also who has ended by a stop notice."""
    stations = {item.number for item in text.stations if documents and documents.station_stopped(item.id) is not None}
    officers = {item.number for item in text.officers
                if documents and documents.officer_stopped(text.party, item.number) is not None}  # fmt: skip
    rows = [f"roster {text.number} of party {text.party} on line {line_name(text.line)}"]
    rows += [
        f"  station {item.number}  {item.hash.hex()[:16]}{ENDED if item.number in stations else ''}"
        for item in text.stations
    ]
    rows += [
        f"  officer {item.number}  {', '.join(ROLE_NAMES[role] for role in item.roles)}"
        f"{ENDED if item.number in officers else ''}"
        for item in text.officers
    ]
    rows += [f"  relay {clean(relay.address)}" for relay in text.relays]
    return "\n".join(rows)


# ---------------------------------------------------------------- keys, where they are used


@roster.command("station-key")
@charter_argument
@party_option
@number_option
@key_folder
@as_json
def station_key(charter_file: Path, code: str, number: int, out: Path, *, as_json: bool) -> None:
    """Make a station's keys, on the station. The .item file goes to the office, the .key file nowhere.

    \b
      openline roster station-key complete.charter --party alba --number 1 --out keys
    """
    item = make_station(read_charter_file(charter_file), code, number, out)
    files = {"key": str(out / f"station-{number}.key"), "item": str(out / f"station-{number}.item")}
    text = f"Keep {files['key']} on this machine; bring {files['item']} to the office."
    tell({**item_view(item), **files}, json_wanted=as_json, words=text)


@roster.command("officer-key")
@charter_argument
@party_option
@number_option
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(list(ROLES)), help="Repeat for more.")
@passphrase_file
@key_folder
@as_json
def officer_key(
    charter_file: Path,
    code: str,
    number: int,
    roles: Sequence[str],
    passphrase_file: Path | None,
    out: Path,
    *,
    as_json: bool,
) -> None:
    """Make an officer's key, under the officer's own passphrase. The .item file goes to the office.

    \b
      openline roster officer-key complete.charter --party alba --number 4 --role releaser --out keys
    """
    signed = read_charter_file(charter_file)
    secret = passphrase(passphrase_file, new=True)
    item = make_officer(signed, code, number, [ROLES[role] for role in roles], out, secret)
    files = {"key": str(out / f"officer-{number}.key"), "item": str(out / f"officer-{number}.item")}
    text = f"Keep {files['key']} for this officer; bring {files['item']} to the office."
    tell({**item_view(item), **files}, json_wanted=as_json, words=text)


# ---------------------------------------------------------------- drafting


@roster.command("draft")
@office_folder
@line_option
@as_json
def roster_draft(folder: Path, beginning: str | None, *, as_json: bool) -> None:
    """Begin the next roster of a line: it repeats the one in force until you change it.

    \b
      openline roster draft --dir office
    """
    text = _desk(folder, beginning).draft()
    tell(roster_view(text), json_wanted=as_json, words=roster_words(text))


def _add(what: str, folder: Path, beginning: str | None, item_file: Path, *, as_json: bool) -> None:
    item = _desk(folder, beginning).add_item(read(item_file), ItemClass[what.upper()])
    tell(item_view(item), json_wanted=as_json, words=f"In the draft: {what} {item.number}.")


@roster.command("add-station")
@office_folder
@line_option
@click.argument("item_file", type=FILE)
@as_json
def add_station(folder: Path, beginning: str | None, item_file: Path, *, as_json: bool) -> None:
    """Add a station to the draft, from the item that was made with its keys.

    \b
      openline roster add-station --dir office keys/station-1.item
    """
    _add("station", folder, beginning, item_file, as_json=as_json)


@roster.command("add-officer")
@office_folder
@line_option
@click.argument("item_file", type=FILE)
@as_json
def add_officer(folder: Path, beginning: str | None, item_file: Path, *, as_json: bool) -> None:
    """Add an officer to the draft, from the item that was made with the key.

    \b
      openline roster add-officer --dir office keys/officer-4.item
    """
    _add("officer", folder, beginning, item_file, as_json=as_json)


@roster.command("add-relay")
@office_folder
@line_option
@click.argument("address")
@click.option("--pin", required=True, help="SHA-256 of the relay's public key, 64 hexadecimal digits.")
@as_json
def add_relay(folder: Path, beginning: str | None, address: str, pin: str, *, as_json: bool) -> None:
    """Add a relay, HOST:PORT, where our stations fetch what is sent to them.

    \b
      openline roster add-relay --dir office relay.example:443 --pin 5f16…
    """
    try:
        octets = bytes.fromhex(pin)
    except ValueError:
        octets = b""
    if len(octets) != PIN_BYTES:
        raise Misuse("a pin is 64 hexadecimal digits", hint="`openline relay create` told it to the relay's operator.")
    _desk(folder, beginning).add_relay(address, octets)
    tell({"address": address, "pin": octets.hex()}, json_wanted=as_json, words=f"In the draft: relay {clean(address)}.")


@roster.command("remove")
@office_folder
@line_option
@click.argument("what", type=click.Choice(["station", "officer", "relay"]))
@click.argument("name")
@as_json
def remove(folder: Path, beginning: str | None, what: str, name: str, *, as_json: bool) -> None:
    """Leave a station or officer (by number) or a relay (by address) out of the draft.

    Leave a station in for as long as its record may be asked for: `openline roster stop` ends it.

    \b
      openline roster remove --dir office officer 4
    """
    _desk(folder, beginning).remove(what, name)
    tell({"removed": {what: name}}, json_wanted=as_json, words=f"Not in the draft any more: {what} {clean(name)}.")


@roster.command("sign")
@office_folder
@line_option
@passphrase_file
@as_json
def roster_sign(folder: Path, beginning: str | None, passphrase_file: Path | None, *, as_json: bool) -> None:
    """Sign the draft with our root and put it in force here; make a stop notice for each new item.

    \b
      openline roster sign --dir office
    """
    text, notices = _desk(folder, beginning).sign(passphrase(passphrase_file))
    words = [roster_words(text), "Hand it over with: openline roster export"]
    if notices:
        words.append(f"Stop notices, to be kept under seal: {', '.join(str(path) for path in notices)}")
    view = {**roster_view(text), "stop_notices": [str(path) for path in notices]}
    tell(view, json_wanted=as_json, words="\n".join(words))


# ---------------------------------------------------------------- exchange


@roster.command("export")
@office_folder
@line_option
@out_file
@as_json
def export(folder: Path, beginning: str | None, out: Path, *, as_json: bool) -> None:
    """Write our roster in force to a file, for the other parties and for our own stations.

    \b
      openline roster export --dir office --out alba.roster
    """
    text = _desk(folder, beginning).export(out)
    tell({"file": str(out), **roster_view(text)}, json_wanted=as_json, words=f"{roster_words(text)}\nWritten: {out}")


@roster.command("import")
@office_folder
@click.argument("file", type=FILE)
@as_json
def import_(folder: Path, file: Path, *, as_json: bool) -> None:
    """Take another party's roster or stop notice. Its root must have signed it; nobody consents to it.

    \b
      openline roster import --dir office bora.roster
    """
    of, document = read_document_file(file)
    office = Office(folder)
    line = office.line(document_line(of, document)[:LINE_SHOWN_BYTES].hex())
    change = RosterDesk(office, line).take(of, document)
    view = {
        "document": change.document.name.lower(),
        "outcome": change.outcome.name.lower(),
        "party": change.party,
        "number": change.number,
        "contradictions": len(change.contradictions),
    }
    tell(view, json_wanted=as_json, words=_change_words(change))


def _change_words(change: Change) -> str:
    words = f"{change.document.name.lower()} {change.number} of party {change.party}: {change.outcome.value}"
    if change.contradictions:
        words += "\nALARM: this root has signed two rosters with one number. The proof is kept in the line's folder."
    return words


@roster.command("show")
@office_folder
@line_option
@click.option("--draft", is_flag=True, help="The roster under construction, instead of those in force.")
@as_json
def show(folder: Path, beginning: str | None, *, draft: bool, as_json: bool) -> None:
    """Show every party's roster in force.

    \b
      openline roster show --dir office
    """
    desk = _desk(folder, beginning)
    documents = desk.line.documents()
    texts = [desk.drafted()] if draft else rosters_in_force(documents)
    view = {"rosters": [roster_view(text) for text in texts]}
    words = "\n".join(roster_words(text, documents) for text in texts)
    tell(view, json_wanted=as_json, words=words or "No roster yet.")


@roster.command("stop")
@office_folder
@line_option
@click.option("--station", type=click.IntRange(1, 255), help="Number of the station that ends.")
@click.option("--officer", type=click.IntRange(1, 255), help="Number of the officer who ends.")
@out_file
@as_json
def stop(
    folder: Path, beginning: str | None, station: int | None, officer: int | None, out: Path, *, as_json: bool
) -> None:
    """End a station or an officer at once and for ever: take its stop notice from under its seal.

    No root is needed. Bring the file to every station of ours and of the others.

    \b
      openline roster stop --dir office --officer 4 --out officer-4.stop
    """
    chosen = [(of, number) for of, number in ((ItemClass.STATION, station), (ItemClass.OFFICER, officer)) if number]
    if len(chosen) != 1:
        raise Misuse("name one station or one officer", hint="Such as --officer 4")
    notice = _desk(folder, beginning).stop(*chosen[0], out)
    name = notice.item.name.lower()
    view = {"file": str(out), "party": notice.party, name: notice.number}
    tell(view, json_wanted=as_json, words=f"Ended: {name} {notice.number} of party {notice.party}. Written: {out}")


# ---------------------------------------------------------------- from paper to a running line


@roster.command("open-station")
@click.option("--home", type=FOLDER, required=True, help="New folder of the station, for `openline station run`.")
@click.option("--key", type=FILE, required=True, help="The station-N.key file that was made here.")
@click.option("--name", default="station", show_default=True, help="What people here call it.")
@click.option("--language", default="en", show_default=True, help="Language of its console.")
@click.argument("documents", type=FILE, nargs=-1, required=True)
@as_json
def open_station(home: Path, key: Path, name: str, language: str, documents: Sequence[Path], *, as_json: bool) -> None:
    """Make the home of a station from its key and the line's documents: every charter, every party's roster.

    \b
      openline roster open-station --home station --key keys/station-1.key complete.charter alba.roster bora.roster
    """
    from openline.runtime.homes import Settings
    from openline.runtime.opening import open_station

    files = [read_document_file(path) for path in documents]
    item = open_station(home, key, files, Settings(name, language))
    text = (
        f"Station {item.number} of party {item.party} is ready. Put the key files of the officers who work here into "
        f"{home / 'officers'}, then start it: openline station run --home {home}"
    )
    tell({"home": str(home), **item_view(item)}, json_wanted=as_json, words=text)


@roster.command("post-keys")
@office_folder
@line_option
@as_json
def post_keys(folder: Path, beginning: str | None, *, as_json: bool) -> None:
    """List the post keys of the line's stations: all that a relay's operator is told of a line.

    \b
      openline roster post-keys --dir office
    """
    documents = _desk(folder, beginning).line.documents()
    keys = [item.post.hex() for item in documents.all_stations()]
    tell({"post_keys": keys}, json_wanted=as_json, words="\n".join(keys) or "No station yet.")
