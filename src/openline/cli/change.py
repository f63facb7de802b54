"""`openline change`: four questions, one after the other, lead to five changes that are never merged."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from openline.catalogue.kinds import Kind
from openline.cli.answers import as_json, clean
from openline.cli.catalogue import ask_field, confirm, language_tags, say
from openline.cli.say import read_fields
from openline.cli.station_call import call, home_option, line_option
from openline.errors import Misuse

INTERVAL_CHANGE = "K2"  # the interval of a crisis is both sides': either may propose another
QUESTIONS: tuple[Mapping[tuple[str, ...], str], ...] = (
    {("K1",): "Was something in it wrong when you sent it?"},
    {
        ("K2", "K3"): "Has the world changed since you sent it?",
        ("K2",): "Has the world changed, so that parts of it are different now?",
        ("K3",): "Has the world changed, so that it holds no longer at all?",
    },
    {("K4",): "Was it never meant: sent in error?"},
    {("K5",): "Do you end an undertaking that you gave?"},
)
"""The changes that a question may lead to, with its words; where the world has changed, `STILL_HOLDS` parts the two."""

STILL_HOLDS = "Does any of it still hold? (yes: the parts that changed are updated; no: all of it is cancelled)"


@click.command()
@home_option
@line_option
@click.argument("identity", metavar="ID")
@click.option("--fields", "fields_file", type=click.Path(path_type=Path, dir_okay=False), default=None,
              help="A JSON file with the change's own fields; without it they are asked for.")  # fmt: skip
@click.option(
    "--lang", default="en,ko", show_default=True, help="Languages to show before you confirm: yours, then theirs."
)
@click.option("--officer", default=0, help="Your number in your party's roster.")
@as_json
def change(
    home: Path | None, line: str, identity: str, fields_file: Path | None, lang: str, officer: int, as_json: bool
) -> None:
    """Change a message that was sent: four questions find out which of five different changes you mean.

    Was it wrong? Has the world changed: in part, or altogether? Was it never meant? Do you end an undertaking? Then you
    are asked only for what is new, and see the change in both languages before it goes; with --fields nothing is asked.

    \b
      openline change --home net/alba-1 7c91 --officer 4
    """
    from openline.catalogue.kinds import CATALOGUE

    original, tags = call(home, {"do": "show", "line": line, "id": identity}), language_tags(lang)
    context = call(home, {"do": "context", "line": line})
    ours = original["from"].rpartition("-")[0] == context["code"]
    _check_changeable(original, ours=ours)
    changed_by = CATALOGUE.kind(original["kind"]).changed_by
    kind = CATALOGUE.kind(_which({"K1", "K4", *changed_by} if ours else {INTERVAL_CHANGE}, changed_by))
    given = read_fields(fields_file)
    fields = _ask(kind, original) if given is None else given
    request = {"do": "prepare", "kind": kind.code, "ref": original["id"], "line": line, "officer": officer}
    prepared = call(home, {**request, "fields": fields})
    if given is None:
        confirm(prepared, context, tags, json_wanted=as_json)
    say(home, prepared, json_wanted=as_json)
    for mark in original["status"].get("passed_on", []):
        click.echo(f"{mark['station']} passed it on to {clean(mark.get('words', ''))}: they must be told.", err=True)


def _which(allowed: set[str], changed_by: tuple[str, ...]) -> str:
    """Return the change that the officer means, asking only for those that the message allows.  Raises Misuse."""
    for question in QUESTIONS:
        codes = tuple(sorted(allowed & {code for each in question for code in each}))
        if not codes or not click.confirm(question[codes], default=False, err=True):
            continue
        if len(codes) == 1:
            return codes[0]
        # No default: an officer in a hurry must not cancel by one key what was to be updated.
        return "K2" if click.confirm(STILL_HOLDS, default=None, err=True) else "K3"
    others = [code for code in changed_by if code not in ("K2", "K3", "K5")]
    ways = "".join(f" {code} follows it, too: `openline compose --kind {code} --ref ID`." for code in others)
    raise Misuse("nothing to change", hint="One of the questions must be answered with yes." + ways)


def _check_changeable(original: Mapping[str, Any], *, ours: bool) -> None:
    """Raise Misuse before anything is asked if a message holds no longer, or is not ours to change."""
    if original.get("standing") in ("RETRACTED", "CANCELLED", "WITHDRAWN"):
        raise Misuse(
            f"this message is {original['standing']} already: there is nothing left to change",
            hint="If it is meant after all, say it anew: openline send.",
        )
    if not ours and original["kind"] != "C1":
        raise Misuse(
            "only its author changes a message",
            hint="Say what you know with `openline send --kind S1`, or ask with `openline send --kind Q1`.",
        )


# ---------------------------------------------------------------- asking for what is new


def _ask(kind: Kind, original: Mapping[str, Any]) -> dict[str, Any]:
    """Return the change's fields: of what it changes only what is new is asked for, the rest is taken as it was."""
    from openline.catalogue.kinds import CATALOGUE

    about = CATALOGUE.kind(original["kind"])
    into = {field.type for field in kind.fields} & {"data", "changes"}
    new = _ask_new(about, original["fields"]) if into and not _embeds(about) else {}
    made = {
        "field_list": [f"{about.code}.{name}" for name in new],
        "data": {"kind": about.code, "fields": {**original["fields"], **new}},
        "changes": {"kind": about.code, "fields": new},
    }
    fields = {}
    for field in kind.fields:
        value = made[field.type] if new and field.type in made else ask_field(kind, field, False)
        if value is not None:
            fields[field.name] = value
    return fields


def _embeds(kind: Kind) -> bool:
    """Return whether a kind is itself a change, whose data is given as JSON."""
    return any(field.embeds >= 0 for field in kind.fields)


def _ask_new(about: Kind, before: Mapping[str, Any]) -> dict[str, Any]:
    """Return the new values of the fields that the officer names."""
    names = list(about.by_name)
    while True:
        given = click.prompt(f"Which of its fields are different? ({', '.join(names)})", err=True)
        chosen = [name.strip() for name in given.split(",") if name.strip()]
        strange = [name for name in chosen if name not in names]
        if chosen and not strange:
            break
        click.echo(f"{(strange or ['that'])[0]} is no field of {about.code}", err=True)
    new = {}
    for name in chosen:
        was = f"; it was {clean(str(before[name]))}" if name in before else ""
        while (value := ask_field(about, about.by_name[name], True, was)) is None:
            click.echo("a field that is to be different needs a value", err=True)
        new[name] = value
    return new
