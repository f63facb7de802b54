"""Looking: messages, lines, alarms, what was refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from openline.cli.answers import JSON_WANTED, as_json, clean, tell
from openline.cli.blocks import ID_SHOWN, STATUSES, Reader, block, utc, width, wrap
from openline.cli.presenting import present, require_screen
from openline.cli.station_call import call, chosen_language, home_option, line_option
from openline.errors import Misuse


def _spoken(_ctx: click.Context, _parameter: click.Parameter, tag: str | None) -> str | None:
    """Return the tag of a language that is spoken here.  Raises UnknownLanguage, before anything is asked."""
    from openline.catalogue.rendering.languages import words

    return None if tag is None else words(tag).language.tag


language_option = click.option(
    "--lang",
    default=None,
    callback=_spoken,
    help="Language of the words: en ko ar fr es ru zh ja. Without it: the station's own.",
)

NEXT = {
    "SUSPENDED": "`openline show` with the proof tells why. What you say is stored there, or waits for it.",
    "NO PATH": "look at this machine's network, then ask the relays' operators; speak by another way meanwhile.",
    "NO ANSWER": "ask by another way whether their station is up.",
    "WITHHOLDING": "treat nothing as received; ask by another way for signed receipts.",
    "UNATTENDED": "the machine is there and no person: ring them by another way.",
    "REFUSING": "they have read it and owe an answer: `openline inbox --sent` shows which message.",
}
"""What to do next, by the word that a station's silence has."""


@click.command()
@home_option
@line_option
@click.option(
    "--sent", is_flag=True, help="What this party has said, with who stored, was shown, acknowledged, answered."
)
@click.option(
    "--peek", is_flag=True, help="Look without presenting: the other side is not told that an officer saw it."
)
@language_option
@as_json
def inbox(home: Path | None, line: str, sent: bool, peek: bool, lang: str | None, as_json: bool) -> None:
    """Show messages, oldest first. What is shown here counts as presented to an officer, and the sender is told so.

    It is told once all of it has been written out, and of nothing else. Where more wait than are shown at once, the
    last row says how many: ask again. Local time stands beside UTC for every party that has stated its clock by a
    line check (L1).

    \b
      openline inbox --home net/bora-1
      openline inbox --home net/alba-1 --sent --json
    """
    presenting = not sent and not peek
    if presenting:
        require_screen()
    language = None if as_json else lang or chosen_language(home)
    # `peek` is for a daemon of an earlier version, which would present what it is asked for, and more.
    found = call(home, {"do": "inbox", "line": line, "sent": sent, "peek": True, "entries": not as_json})
    if language is None:
        left = [] if presenting else found["unpresented"]
        told = {**found, "unpresented": left, "more_unpresented": found["more_unpresented"]}
        tell(told, json_wanted=True, words="")
    else:
        reader = Reader.of(found, language)
        parts = [block(message, reader, width()) for message in found["messages"]] or ["no messages"]
        tell(found, json_wanted=False, words="\n\n".join([*parts, *remaining(found, peek=peek)]))
    if presenting:
        click.get_current_context().meta[JSON_WANTED] = False  # its one object is told; what fails now is said in words
        present(lambda asked: call(home, asked), found)


def remaining(found: Mapping[str, Any], *, peek: bool) -> Iterator[str]:
    """Yield what an answer of `inbox` does not list, and how to see it."""
    if found["left_off"]:
        yield f"{found['left_off']} older ones are left off, for there is too much of it: `openline show ID` shows one"
    if found["more_unpresented"]:
        ask = "look without --peek; once these are presented, the next are shown" if peek else "ask again for the next"
        yield f"{found['more_unpresented']} more wait that nobody here has been shown: {ask}"


@click.command()
@home_option
@line_option
@click.argument("identity", metavar="ID")
@language_option
@as_json
def show(home: Path | None, line: str, identity: str, lang: str | None, as_json: bool) -> None:
    """Show one message with everything that proves it. ID is its id or the beginning of it.

    \b
      openline show --home net/alba-1 7c91
    """
    language = lang or chosen_language(home)
    found = call(home, {"do": "show", "line": line, "id": identity})
    reader = Reader.of(found, language)
    rows = [block(found, reader, width(), whole=True)]
    for name in STATUSES:
        for mark in found.get("status", {}).get(name, []):
            proof = f"  proof of {name.replace('_', ' ')} by {mark['station']}: {mark['proof']}"
            rows += wrap(f"{found['exercise']:8}  ", proof, width())
    tell(found, json_wanted=as_json, words="\n".join(rows))


@click.command()
@home_option
@as_json
def lines(home: Path | None, as_json: bool) -> None:
    """Show each line: its paths, and for every other station one word, since when, and how that is known.

    \b
    ANSWERS      the station answers, and its watch is there
    NO PATH      no relay or link that reaches it answers us: measured here
    NO ANSWER    paths work, no greeting answers ours: measured here
    UNATTENDED   it answers, signed; no officer has acted there within the charter's cadence
    WITHHOLDING  it answers, signed; it signs no receipt for what we sent
    REFUSING     an officer has acknowledged, signed; what is owed is not answered
    SUSPENDED    its party has said so, signed

    \b
      openline lines --home net/alba-1
    """
    found = call(home, {"do": "lines"})
    rows = [row for line in found["lines"] for row in _line(line, found["time"])]
    words = "\n".join(part for row in rows for part in wrap("", row, width(), "    "))
    tell(found, json_wanted=as_json, words=words or "this station is on no line")


def _line(line: Mapping[str, Any], now: str) -> Iterator[str]:
    yield (
        f"line {line['line'][:16]}  charter {line['charter']}  {' '.join(line['statuses'])}  "
        f"we are {line['me']}  {utc(now)}"
    )
    if line["recovering"]:
        yield "  RECOVERING: this is an older copy of the station; it says nothing before it has heard from another."
    for past in line["recovered"][-1:]:
        yield from _recovered(past)
    yield f"  {line['said']} said; {line['outbox']} of them lack somebody's receipt"
    for said in line["said_of_the_line"]:
        if said["state"] not in ("up", "resumed"):
            yield (
                f"  {said['party']} has said of this line, signed: {said['state']}, {utc(said['since'])}; "
                f"`openline show {said['id'][:16]}`"
            )
    if line["closed"]:
        yield "  CLOSED by every party. Stations and relays may be stopped; keep the homes, they are the record."
    for deputy in line["rota"]:
        yield _deputy(deputy)
    for path in line["paths"]:
        yield f"  relay {path['path']}: {'open' if path['open'] else 'NO PATH'}"
    for station in line["stations"]:
        yield from _station(station, line["said"])


def _deputy(deputy: Mapping[str, Any]) -> str:
    if deputy["in_roster"] is False:
        now = "NOT IN THE ROSTER: mend station.toml"
    else:
        now = "on duty now" if deputy["on_duty"] else "not now"
    return f"  deputy: {clean(deputy['call'])} after {deputy['after_minutes']} min, {deputy['when']}; {now}"


def _recovered(past: Mapping[str, Any]) -> Iterator[str]:
    yield (
        f"  it ran from an older copy, {utc(past['since'])} to {utc(past['until'])}: {past['why']}. A new generation "
        f"follows {past['size_before']} places of {past['generation_before']}; said again: {past['said_again']}"
    )
    for lost in past["not_said_again"]:
        yield f"    NOT said again, {lost['id'][:16]}: {clean(lost['reason'])}"


def _station(station: Mapping[str, Any], said: int) -> Iterator[str]:
    since = f"since {utc(station['since'])}" if station["since"] else "as long as is known here"
    yield f"  {station['station']:10} {station['word']:11}  {since}  ({station['known_by']})"
    yield f"    meaning: {station['meaning']}"
    if station["word"] in NEXT:
        yield f"    next: {NEXT[station['word']]}"
    if station["known_by"] == "signed" and station["word"] in ("SUSPENDED", "REFUSING"):
        yield f"    proof: {station['proof']}"
    answered = (
        f"last answer {utc(station['last_check'])} in {station['round_trip_ms']} ms, its clock "
        f"{station['clock_offset_s']:+} s from ours"
        if station["last_check"]
        else "no answer yet"
    )
    watch = f"last act of an officer {utc(station['watch'])}" if station["watch"] else "no act of an officer known"
    yield f"    {answered}; {watch}"
    key = f"key in use since {utc(station['epoch_since'])}" if station["epoch_since"] else "no key in use"
    overdue = ", OVERDUE" if station["epoch_overdue"] else ""
    yield f"    stored {station['stored']} of {said} of ours; {key}{overdue}, {station['epochs_in_stock']} in stock"


@click.command()
@home_option
@line_option
@click.argument("identity", metavar="[ID]", default="")
@as_json
def attend(home: Path | None, line: str, identity: str, as_json: bool) -> None:
    """Say that an officer is here, without saying anything on the line.

    With the ID of a message or of a crisis's opening: an officer has taken it, and the rota calls nobody else for it.

    The other stations read it in the next greeting, within a minute; without any act of an officer for the charter's
    cadence they call this station UNATTENDED. Whatever you send, approve or are shown counts too.

    \b
      openline attend --home net/alba-1
      openline attend --home net/alba-1 7c91
    """
    found = call(home, {"do": "attend", "line": line, "id": identity})
    taken = f" and has taken {found['id'][:ID_SHOWN]}: nobody else is called for it" if found["id"] else ""
    tell({"line": found["line"], "id": found["id"]}, json_wanted=as_json, words=f"noted: an officer is here{taken}")


@click.command()
@home_option
@line_option
@click.argument("identity", metavar="ID")
@click.option("--at", default=None, help="When, such as 2026-03-04T05:06Z.")
@click.option("--off", is_flag=True, help="Take the reminder away.")
@as_json
def remind(home: Path | None, line: str, identity: str, at: str | None, off: bool, as_json: bool) -> None:
    """Set your own reminder for a message, or take it away. It stays here; the other side neither sees nor owes it.

    For what no clock of theirs runs for, such as a proposal that was TAKEN TO LEADERSHIP. When it comes it is an alarm
    here until you set it anew or take it away, or the dialogue has ended.

    \b
      openline remind --home net/alba-1 7c91 --at 2026-03-04T05:06Z
      openline remind --home net/alba-1 7c91 --off
    """
    if (at is None) is not off:
        raise Misuse("a reminder is set for a time, or taken away", hint="Give --at TIME, or --off.")
    found = call(home, {"do": "remind", "line": line, "id": identity, "at": at})
    words = "no reminder is set" if off else f"you are reminded at {at}"
    tell({"id": found["id"], "at": at}, json_wanted=as_json, words=f"{found['id'][:ID_SHOWN]}: {words}")


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
        f"{fork['station']} said two things at place {fork['seq']} of generation {fork['generation']}; it signed both"
        for fork in found["forks"]
    ]
    nothing = "no station is known to have said two things at one place"
    tell(found, json_wanted=as_json, words="\n".join(words) or nothing)


@click.command()
@home_option
@as_json
def alarms(home: Path | None, as_json: bool) -> None:
    """Show the alarms in force, most urgent first.

    \b
      openline alarms --home net/alba-1
    """
    found = call(home, {"do": "alarms"})
    rows = [part for alarm in found["alarms"] for part in wrap("", alarm, width())]
    tell(found, json_wanted=as_json, words="\n".join(rows) or "no alarm is in force")


@click.command()
@home_option
@as_json
def refused(home: Path | None, as_json: bool) -> None:
    """Show what was refused since the daemon started: the rule, and why; never the content.

    One row for each rule and path, however often it came: a flood fills neither the screen nor the log.

    \b
      openline refused --home net/alba-1
    """
    found = call(home, {"do": "refused"})
    words = [
        f"{item['rule']:5} {item['count']:>6} times, last {utc(item['last'])}, first {utc(item['first'])}: "
        f"{clean(item['reason'])}" + (f" (path {item['path']})" if item["path"] is not None else "")
        for item in found["refused"]
    ]
    tell(found, json_wanted=as_json, words="\n".join(words) or "nothing was refused")
