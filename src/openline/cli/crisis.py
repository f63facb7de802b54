"""`openline crisis`: opening one, the report at each interval, where it stands, and what remains when it is closed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from openline.cli.answers import as_json, clean, tell
from openline.cli.blocks import ID_SHOWN, utc, width, wrap
from openline.cli.say import say_it, saying, words_of
from openline.cli.station_call import call, home_option, line_option
from openline.errors import Misuse

MINUTE_S = 60
REPORTS_SHOWN = 8  # the newest; --json has more, the inbox all
JOIN = "openline answer {id} JOINED --officer N"


@click.group()
def crisis() -> None:
    """A crisis on a line: one side opens it, the other joins, both report at each interval, both close it.

    \b
      openline crisis open --home net/bora-1 --officer 1 --reason "unidentified object" --every 5
      openline answer --home net/alba-1 7c91 JOINED --officer 1      (two persons; interval and time typed again)
      openline crisis report --home net/alba-1 --officer 1
      openline crisis show --home net/alba-1
    """


@crisis.command("show")
@home_option
@as_json
def show(home: Path | None, as_json: bool) -> None:
    """Show each line's crises: state, reports, each side's own facts, what all have signed, what remains to do.

    \b
    OPENED BY US                 the others have not joined yet
    OPENED BY THEM, NOT JOINED   we have not joined: it asks for us
    CRISIS                       both report at each interval
    CRISIS, CLOSURE PROPOSED     it goes on until every party in it has accepted
    CLOSED                       what remains to be done stands under "to do"

    \b
      openline crisis show --home net/alba-1
    """
    found = call(home, {"do": "crisis"})
    rows = [row for line in found["lines"] for row in _line(line)]
    tell(found, json_wanted=as_json, words="\n".join(rows))


def _line(line: dict[str, Any]) -> Iterator[str]:
    yield from wrap("", f"line {line['line'][:ID_SHOWN]}  {line['state']}", width(), "    ")
    for each in line["crises"]:
        prefix = f"{each['exercise']:8}  "
        for row in _crisis(each, line["me"]):
            yield from wrap(prefix, row, width(), "    ")
    check = line["next_check"]
    stands = "the reports of the crisis stand in for the line check"
    due = stands if check is None else f"next line check due {utc(check['due'])}, opened by {check['by']}"
    yield from wrap("", f"  {due}", width(), "    ")


def _crisis(each: dict[str, Any], own: str) -> Iterator[str]:
    yield f"{each['state']}  opened by {each['opened_by']} {utc(each['opened'])}, id {each['id'][:ID_SHOWN]}"
    yield "  in it: " + ", ".join(f"{party} since {utc(since)}" for party, since in each["joined"].items())
    if each["asks_us"] and own not in each["joined"] and each["closed"] is None:
        yield f"  next: {JOIN.format(id=each['id'][:ID_SHOWN])}, then a releaser approves"
    if each["next_report"]:
        yield (
            f"  a report every {each['interval_s'] // MINUTE_S} min; the next is number "
            f"{each['next_report']['number']}, due {utc(each['next_report']['due'])}"
        )
    for late in each["overdue"]:
        yield f"  OVERDUE: report {late['number']} of {late['by']}, since {utc(late['since'])}"
    for report in each["reports"][-REPORTS_SHOWN:]:
        late = f", LATE by {report['late_s']} s" if report["late_s"] else ""
        yield f"  report {report['number']} of {report['by']}: {utc(report['said'])}{late}"
    yield from _facts(each)
    if each["closure"] and each["closed"] is None:
        yield f"  closure proposed: {each['closure'][:ID_SHOWN]}; it goes on until every party in it has accepted"
    if each["closed"]:
        yield f"  closed {utc(each['closed'])}"
    for left in each["follow_ups"]:
        state = f"done by {left['done'][:ID_SHOWN]}" if left["done"] else "OVERDUE" if left["overdue"] else "open"
        what = f"{clean(left['what'])}, by {clean(left['by'])}, due {utc(left['due'])}: {state}"
        yield f"  to do {left['number']} of {left['closure'][:ID_SHOWN]}: {what}"


def _facts(each: dict[str, Any]) -> Iterator[str]:
    """Yield each side's own facts, a paragraph for each side: they are never merged."""
    for party, facts in each["own_facts"].items():
        for fact in facts:
            yield f"  {party} says: {clean(fact['what'])}, {utc(fact['time'])} (report {fact['id'][:ID_SHOWN]})"
    for one, other in each["may_agree"]:
        pair = f"{one[:ID_SHOWN]} and {other[:ID_SHOWN]}"
        yield f"  one time in {pair}: you may agree on a fact, with `openline send --kind C4`"
    for agreed in each["agreed_facts"]:
        yield f"  fact signed by all: {agreed[:ID_SHOWN]}"


@crisis.command("open")
@saying
@click.option(
    "--reason",
    required=True,
    help="Why this party holds that there is a crisis, in its own words; - for standard input.",
)
@click.option("--every", default=5, show_default=True, type=click.IntRange(1, 24 * 60), help="Minutes between reports.")
@click.option(
    "--about", multiple=True, metavar="ID", help="A message that it follows from; may be given several times."
)
@click.option("--action", default="", help="Codes of the parties asked to join; default: every other member.")
def open_(reason: str, every: int, about: tuple[str, ...], action: str, **given: Any) -> None:
    """Open a crisis: one side suffices. The first report is due after one interval, on a whole minute. FLASH.

    It takes two persons: it waits in `openline drafts` until a releaser has approved it too.

    \b
      openline crisis open --home net/bora-1 --officer 1 --reason "unidentified object" --every 5 --about 7c91
    """
    first = (int(time.time()) // MINUTE_S + 1 + every) * MINUTE_S
    related = [call(given["home"], {"do": "show", "line": given["line"], "id": each})["id"] for each in about]
    fields = {
        "reason": words_of(reason),
        "check_interval": f"{every} min",
        "next_contact": _minute(first),
        **({"related": related} if related else {}),
    }
    parties = [code.strip() for code in action.split(",") if code.strip()]
    say_it({**given, "kind": "C1", "fields": fields, "action": parties}, given)


def _minute(utc_s: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%MZ", time.gmtime(utc_s))


@crisis.command("report")
@saying
@click.option("--crisis", "identity", default="", metavar="ID", help="The crisis's id, if there are several.")
@click.option(
    "--fact",
    default=None,
    help="What this side's own forces did or saw (- for standard input); without it nothing changed.",
)
@click.option("--at", default=None, help="When that was, such as 2026-03-04T05:06Z, or UNKNOWN; else not stated.")
@click.option("--place", default=None, help="Where, such as '38.9N 129.3E', or UNKNOWN; else not stated.")
def report(identity: str, fact: str | None, at: str | None, place: str | None, **given: Any) -> None:
    """Give the report that is due now: "nothing changed" takes no more than this.

    It is for the tick that is overdue, else for the next one. Several facts go with `openline send --kind C2`.

    \b
      openline crisis report --home net/alba-1 --officer 1
      openline crisis report --home net/alba-1 --officer 1 --fact "object fell in the sea" --at 2026-03-04T05:06Z
    """
    due, fact = _owed(given["home"], given["line"], identity), words_of(fact)
    fields: dict[str, Any] = {
        "period": _whole_minutes(due["from"], due["due"]),
        "news": "nothing_changed",
        "next_due": due["next_due"],
    }
    if fact is not None:
        stated = {name: value for name, value in (("time", at), ("place", place)) if value is not None}
        fields |= {"news": "changed", "own_facts": [{"what": fact, **stated}]}
    elif at is not None or place is not None:
        raise Misuse("a time or a place of what?", hint="Say what this side did or saw with --fact.")
    say_it({**given, "kind": "C2", "fields": fields}, given, f"\nreport {due['number']}, due {utc(due['due'])}")


def _whole_minutes(first: str, last: str) -> str:
    """Return a window of whole minutes that holds all the time from `first` to `last`."""
    start, end = (int(datetime.fromisoformat(each).timestamp()) for each in (first, last))
    return f"{_minute(start)}/{_minute(-(-end // MINUTE_S) * MINUTE_S)}"


def _owed(home: Path | None, line: str, identity: str) -> dict[str, Any]:
    """Return the report that this watch owes next.  Raises Misuse if there is none, or several crises."""
    found = [
        each
        for shown in call(home, {"do": "crisis"})["lines"]
        if shown["line"].startswith(line.lower())
        for each in shown["crises"]
        if each["id"].startswith(identity.lower()) and each["our_report"] is not None
    ]
    if len(found) > 1:
        listed = ", ".join(each["id"][:ID_SHOWN] for each in found)
        raise Misuse("more than one crisis is open", hint=f"Name one with --crisis: {listed}.")
    if not found:
        raise Misuse(
            "no report is owed: no crisis is open here that both sides are in",
            hint="`openline crisis show` tells where it stands.",
        )
    if found[0]["our_report"]["given"]:
        due = found[0]["our_report"]
        raise Misuse(
            f"report {due['number']}, due {utc(due['due'])}, is given already", hint="The next one comes after."
        )
    return dict(found[0]["our_report"])


@crisis.command("done")
@home_option
@line_option
@click.argument("closure", metavar="CLOSURE")
@click.argument("number", type=click.IntRange(1, 255))
@click.option("--by", default="", metavar="ID", help="The message that does it; without it the tick is taken away.")
@as_json
def done(home: Path | None, line: str, closure: str, number: int, by: str, as_json: bool) -> None:
    """Note here which message does what a closure left to do. Kept here only; the other side keeps its own.

    \b
      openline crisis done --home net/bora-1 7c91 1 --by 3fa0
    """
    asked = {"do": "follow-up", "line": line, "closure": closure, "number": number, "by": by}
    found = call(home, asked)
    words = f"to do {number} is done" if by else f"to do {number} is open again"
    tell({"closure": found["id"], "number": number, "done": bool(by)}, json_wanted=as_json, words=words)
