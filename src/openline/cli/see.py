"""Looking: messages, lines, what was refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from openline.cli.answers import as_json, clean, tell
from openline.cli.station_call import call, home_option, line_option

STATUSES = ("stored", "presented", "acknowledged", "passed_on", "answered")


@click.command()
@home_option
@line_option
@click.option(
    "--sent", is_flag=True, help="What this party has said, with who stored, was shown, acknowledged, answered."
)
@click.option(
    "--peek", is_flag=True, help="Look without presenting: the other side is not told that an officer saw it."
)
@as_json
def inbox(home: Path | None, line: str, sent: bool, peek: bool, as_json: bool) -> None:
    """Show messages, oldest first. What is shown here counts as presented to an officer, and the sender is told so.

    \b
      openline inbox --home net/bora-1
      openline inbox --home net/alba-1 --sent --json
    """
    found = call(home, {"do": "inbox", "line": line, "sent": sent, "peek": peek})
    blocks = [block(message) for message in found["messages"]]
    tell(found, json_wanted=as_json, words="\n\n".join(blocks) or "no messages")


@click.command()
@home_option
@line_option
@click.argument("identity", metavar="ID")
@as_json
def show(home: Path | None, line: str, identity: str, as_json: bool) -> None:
    """Show one message with everything that proves it. ID is its id or the beginning of it.

    \b
      openline show --home net/alba-1 7c91
    """
    found = call(home, {"do": "show", "line": line, "id": identity})
    proofs = [
        f"  proof of {name} by {mark['station']}: {mark['proof']}"
        for name in STATUSES
        for mark in found.get("status", {}).get(name, [])
    ]
    tell(found, json_wanted=as_json, words="\n".join([block(found), *proofs]))


@click.command()
@home_option
@as_json
def lines(home: Path | None, as_json: bool) -> None:
    """Show each line: its paths, and for every other station the last check, its watch, its clock and keys.

    \b
      openline lines --home net/alba-1
    """
    found = call(home, {"do": "lines"})
    words = []
    for line in found["lines"]:
        state = " RECOVERING: an older copy of this station" if line["recovering"] else ""
        words.append(
            f"line {line['line']}  charter {line['charter']}  {'/'.join(line['statuses'])}  as {line['me']}{state}\n"
            f"  said {line['said']}, {line['outbox']} wait for receipts"
        )
        words += [f"  path {path['path']}: {'open' if path['open'] else 'NO PATH'}" for path in line["paths"]]
        words += [_station(station) for station in line["stations"]]
    tell(found, json_wanted=as_json, words="\n".join(words) or "this station is on no line")


def _station(station: dict[str, Any]) -> str:
    check = (
        f"answered {station['last_check']} in {station['round_trip_ms']} ms"
        if station["last_check"]
        else "no answer yet"
    )
    watch = f"last act of an officer {station['watch']}" if station["watch"] else "no act of an officer known"
    since = station["epoch_since"] or "none in use"
    overdue = ", OVERDUE" if station["epoch_overdue"] else ""
    return (
        f"  {station['station']}: {station['word']} since {station['since'] or 'the start'} ({station['known_by']})\n"
        f"    {check}; {watch}; stored {station['stored']} of ours; "
        f"key since {since}{overdue}, {station['epochs_in_stock']} in stock"
    )


@click.command()
@home_option
@as_json
def forks(home: Path | None, as_json: bool) -> None:
    """Show every proof that a station said two different things at one place; --json gives both signed entries.

    \b
      openline forks --home net/bora-1 --json
    """
    found = call(home, {"do": "forks"})
    words = [
        f"{fork['station']} said two things at {fork['seq']} of generation {fork['generation']}: both signed by it"
        for fork in found["forks"]
    ]
    tell(
        found, json_wanted=as_json, words="\n".join(words) or "no station is known to have said two things at one place"
    )


@click.command()
@home_option
@as_json
def alarms(home: Path | None, as_json: bool) -> None:
    """Show the alarms in force, most urgent first.

    \b
      openline alarms --home net/alba-1
    """
    found = call(home, {"do": "alarms"})
    tell(found, json_wanted=as_json, words="\n".join(found["alarms"]) or "no alarm is in force")


@click.command()
@home_option
@as_json
def refused(home: Path | None, as_json: bool) -> None:
    """Show what was refused since the daemon started: the rule, and why; never the content.

    \b
      openline refused --home net/alba-1
    """
    found = call(home, {"do": "refused"})
    words = [f"{item['rule']}  {item['reason']}" for item in found["refused"]]
    tell(found, json_wanted=as_json, words="\n".join(words) or "nothing was refused")


def block(message: dict[str, Any]) -> str:
    """Return a message as a block of text: headline, fields, statuses.  Its status stands in the headline."""
    head = f"{message['exercise']}  {message['kind']}  {message['precedence']}  from {message['from']}"
    officer = f"  officer {message['officer']}" if message["officer"] else ""
    rows = [f"{head}{officer}  {message['authored']}", f"  id {message['id']}  seq {message['seq']}"]
    if "refused" in message:
        rows.append(
            f"  REFUSED by {message['refused']['rule']}: {clean(message['refused']['reason'])}; not shown as said"
        )
    if "unreadable" in message:
        rows.append(f"  UNREADABLE under the catalogue in force: {clean(message['unreadable'])}")
    if message.get("ref"):
        rows.append(f"  about {message['ref']}")
    rows += fields_of(message)
    for name in STATUSES:
        marks = message["status"].get(name, [])
        if marks:
            rows.append(f"  {name.replace('_', ' ')}: " + ", ".join(_mark(mark) for mark in marks))
    rows += [f"  dialogue with {thread['with']}: {thread['state']}" for thread in message.get("dialogues", [])]
    return "\n".join(rows)


def fields_of(message: dict[str, Any]) -> list[str]:
    """Return a row for each field, each with the status before it: a cropped screen must not mislead."""
    return [
        f"  {message['exercise']}  {name}: {clean(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))}"
        for name, value in message["fields"].items()
    ]


def _mark(mark: dict[str, Any]) -> str:
    words = f" {clean(mark['words'])}" if mark.get("words") else ""
    return f"{mark['station']} ({mark['signer']}) {mark['time']}{words}"
