"""`openline charter suspend`, `resume`, `close`: what a party says of the whole line, signed by its watch (kind L2)."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import click

from openline.cli.blocks import utc
from openline.cli.say import say_it, saying, words_of
from openline.cli.station_call import call
from openline.errors import Misuse

WITHHELD = "WITHHELD"
MINUTE = "%Y-%m-%dT%H:%MZ"
OPEN_END = ".."

reason_option = click.option(
    "--reason", default=WITHHELD, help="Why; - for standard input; without it the others read WITHHELD."
)
alternate_option = click.option("--alternate", default=None, help="How you can be reached meanwhile.")


@click.command("suspend")
@saying
@reason_option
@alternate_option
@click.option("--until", default=None, help="When you mean to come back, such as 2026-03-04T05:06Z; else open.")
def suspend(reason: str, alternate: str | None, until: str | None, **given: Any) -> None:
    """Say, signed, that this party leaves the line alone for a while. Given at a station, not in the office.

    Sent as kind L2 by the officer on watch; a charter may demand approvals of L2, and then it waits as a draft.

    The others are shown SUSPENDED, since when, until when and why, with your statement as its proof; your silence
    is no alarm of a machine to them. It needs no consent and takes nothing from anybody.

    Nothing is undone: charter, rosters, keys and what is owed stay. While your station runs it goes on by itself:
    it answers checks, stores and receipts what comes (FLASH too), and you can say anything, as before. If you stop
    it, what the others say waits with them. It lasts until you say `openline charter resume`, however long.

    \b
      openline charter suspend --home net/alba-1 --officer 4 --until 2026-12-31T00:00Z --reason "no watch"
    """
    _say_of_the_line("suspended", given, period=_from_now(until), reason=words_of(reason), alternate=alternate)


@click.command("resume")
@saying
def resume(**given: Any) -> None:
    """Say, signed, that this party is back on the line after it suspended or closed it. Given at a station.

    Sent as kind L2, with the same approvals as the suspension. The others are shown ANSWERS again, or whatever else
    is true of your station. What was said meanwhile comes with its own times, LATE where it is late; nobody opens a
    new line. Before it, look: `openline inbox`, `openline lines`, new rosters (`openline roster import`).

    \b
      openline charter resume --home net/alba-1 --officer 4
    """
    _say_of_the_line("resumed", given)


@click.command("close")
@saying
@reason_option
@alternate_option
@click.option("--from", "first", default=None, help="When your part ends, such as 2026-03-04T05:06Z; else now.")
def close(reason: str, alternate: str | None, first: str | None, **given: Any) -> None:
    """Say, signed, that this party ends its part in the line. Given at a station, not in the office.

    Sent as kind L2, with the approvals that the charter demands of it. The others read it beside your station's word
    in `openline lines`, from when and why. A day of notice is usual. Nobody can close the line for another party.

    It stops and erases nothing: stations go on storing and receipting until somebody stops them, and
    `openline charter resume` takes it back. When every party has said it, `openline lines` shows CLOSED; then
    stations and relays may be stopped. Keep the homes and the offices: they are the record, and its proof.

    \b
      openline charter close --home net/alba-1 --officer 4 --from 2026-12-31T00:00Z --reason "the mission has ended"
    """
    _say_of_the_line("closing", given, period=_from(first), reason=words_of(reason), alternate=alternate)


def _from_now(until: str | None) -> str:
    return f"{time.strftime(MINUTE, time.gmtime())}/{until or OPEN_END}"


def _from(first: str | None) -> str:
    return f"{first or time.strftime(MINUTE, time.gmtime())}/{OPEN_END}"


def _say_of_the_line(state: str, given: dict[str, Any], **fields: str | None) -> None:
    """Say the line's new state unless it has it already; the daemon, or the store alone, checks everything else."""
    _check(given["home"], given["line"], state)
    body = {"state": state, **{name: value for name, value in fields.items() if value is not None}}
    say_it({**given, "kind": "L2", "fields": body}, given, _SHOWN[state])


_SHOWN = {
    "suspended": "\nThe others are shown SUSPENDED as soon as it is stored there; `openline charter resume` ends it.",
    "resumed": "\nThe others are shown ANSWERS again once it is stored there.",
    "closing": "\nThe others are shown that this party closes the line; `openline charter resume` takes it back.",
}


def _check(home: Path | None, line: str, state: str) -> None:
    """Raise Misuse if this party has said so already, or has nothing to resume."""
    found = [each for each in call(home, {"do": "lines"})["lines"] if each["line"].startswith(line.lower())]
    if len(found) != 1:
        return  # which line is meant is asked for in one place, when the statement is prepared
    own = found[0]["me"].rpartition("-")[0]
    said = next((each for each in found[0]["said_of_the_line"] if each["party"] == own), {"state": "", "since": ""})
    before, since = said["state"], utc(said["since"])
    if state == before and before != "resumed":
        raise Misuse(
            f"this party has said so already, {since}: {before}",
            hint=f"`openline change {said['id'][:16]}` says what is different now, `openline charter resume` ends it.",
        )
    if state == "suspended" and before == "closing":
        raise Misuse(
            f"this party has said, {since}, that it closes the line",
            hint="Take that back first: openline charter resume",
        )
    if state == "resumed" and before not in ("suspended", "closing"):
        raise Misuse(
            "this party has neither suspended nor closed the line, so there is nothing to resume",
            hint="`openline lines` shows what each party has said of it.",
        )
