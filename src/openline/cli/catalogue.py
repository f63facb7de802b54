"""The catalogue at the command line: what can be said, in whose words, and in the world's formats."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import click

from openline.catalogue.formats import Message
from openline.catalogue.kinds import Field, Kind
from openline.catalogue.rendering import Glossary, Rendered
from openline.cli.answers import EXIT_REFUSED, as_json, clean, tell
from openline.cli.blocks import width, wrap_rendered
from openline.cli.say import read_fields, submit
from openline.cli.station_call import call, home_option, line_option
from openline.errors import Misuse
from openline.wire.statement import Body

SHOWN_DIGITS = 32  # of a line's name in messages


@click.group()
def catalogue() -> None:
    """What parties can say in coded form: kinds, fields, replies, words in eight languages.

    \b
      openline catalogue list
      openline catalogue show N1
    """


@catalogue.command("list")
@as_json
def list_kinds(as_json: bool) -> None:
    """List every kind: code, what it asks for, precedence, who may send it, what it is.

    Who: D duty officer, 2 with a releaser, H principal or delegate with a releaser, M mediator, O as what it changes.

    \b
      openline catalogue list
    """
    from openline.catalogue.kinds import CATALOGUE, catalogue_hash

    kinds = sorted(CATALOGUE.kinds.values(), key=lambda kind: (kind.group, kind.code))
    found = {"hash": catalogue_hash().hex(), "kinds": [_summary(kind) for kind in kinds]}
    words = [
        f"{kind.code:24} {kind.response:9} {kind.precedence:10} {'/'.join(kind.who):4} {kind.name}" for kind in kinds
    ]
    tell(found, json_wanted=as_json, words="\n".join([*words, f"\ncatalogue hash {found['hash']}"]))


def _summary(kind: Kind) -> dict[str, Any]:
    return {
        "code": kind.code,
        "number": kind.number,
        "name": kind.name,
        "group": kind.group,
        "force": kind.force,
        "response": kind.response,
        "precedence": kind.precedence,
        "who": list(kind.who),
        "sent_by": kind.sent_by,
        "sent_to": kind.sent_to,
        "approvals": [list(way) for way in kind.approvals],
    }


@catalogue.command("show")
@click.argument("code", metavar="KIND")
@as_json
def show_kind(code: str, as_json: bool) -> None:
    """Show one kind: every field with its type, what may be UNKNOWN or WITHHELD, replies, limits, an example.

    \b
      openline catalogue show N7
    """
    from openline.catalogue.kinds import CATALOGUE, replies_allowed
    from openline.catalogue.pages import pages

    kind = CATALOGUE.kind(code.upper())
    found = {
        **_summary(kind),
        "meaning": kind.meaning,
        "fields": [
            {"name": field.name, "number": field.number, "type": field.type, "required": field.required}
            for field in kind.fields
        ],
        "read_back": list(kind.read_back),
        "replies": [reply.code for reply in replies_allowed(kind)],
        "limits": dict(kind.limits),
    }
    tell(found, json_wanted=as_json, words=pages()[f"{kind.code}.md"])


@catalogue.command("lint")
@as_json
@click.pass_context
def lint_catalogue(context: click.Context, as_json: bool) -> None:
    """Check the words of every kind in every language; exit 1 if anything is found.

    \b
      openline catalogue lint
    """
    from openline.catalogue.rendering import lint

    findings = [str(finding) for finding in lint()]
    tell({"findings": findings}, json_wanted=as_json, words="\n".join(findings) or "nothing found")
    if findings:
        context.exit(EXIT_REFUSED)


@catalogue.command("docs")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@as_json
def docs(folder: Path, as_json: bool) -> None:
    """Write the reference pages into DIR: one for each kind with every language, an index, the types, the formats.

    \b
      openline catalogue docs docs/catalogue
    """
    from openline.catalogue.pages import pages

    made = pages()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in made.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise Misuse(f"{folder} cannot be written: {error.strerror}", hint="Name a folder of your own.") from error
    tell({"pages": sorted(made)}, json_wanted=as_json, words=f"{len(made)} pages written to {folder}")


@click.command()
@click.option("--kind", required=True, help="The kind's code.")
@click.option("--fields", "fields_file", required=True, type=click.Path(path_type=Path, dir_okay=False),
              help="A JSON file with its fields; - for standard input.")  # fmt: skip
@click.option("--lang", default="en", show_default=True, help="en ko ar fr es ru zh ja")
@click.option("--glossary", type=click.Path(path_type=Path, dir_okay=False, exists=True), default=None,
              help="The charter's glossary; without it the sample of the invented countries.")  # fmt: skip
@as_json
def render(kind: str, fields_file: Path, lang: str, glossary: Path | None, as_json: bool) -> None:
    """Show a message in the words of one language, as the other side will read it. Nothing is sent.

    \b
      openline render --kind N1 --fields launch.json --lang ko
    """
    from openline.catalogue.kinds import CATALOGUE, body_from_json
    from openline.catalogue.rendering import load_glossary, sample_glossary

    chosen = CATALOGUE.kind(kind.upper())
    names = sample_glossary() if glossary is None else load_glossary(glossary.read_bytes())
    rendered = rendering(chosen, body_from_json(chosen, read_fields(fields_file) or {}), lang, names, "alba")
    tell(rendered.to_json(), json_wanted=as_json, words=wrap_rendered(rendered.text(), width()))


def rendering(kind: Kind, body: Body, language: str, glossary: Glossary, sender: str, officer: int = 0) -> Rendered:
    """Return a body in the words of one language, as an EXERCISE message of now."""
    from openline.catalogue.rendering import Metadata
    from openline.catalogue.rendering import render as render_message
    from openline.wire.statement import Precedence, Statement, Status

    precedence = Precedence[kind.default_precedence()]
    statement = Statement(1, int(time.time()), kind.number, officer, body, Status.EXERCISE, precedence)
    return render_message(kind, body, Metadata.of(statement, sender, {}), language, glossary)


# ---------------------------------------------------------------- composing field by field


@click.command()
@home_option
@line_option
@click.option("--kind", required=True, help="The kind's code.")
@click.option(
    "--lang", default="en,ko", show_default=True, help="Languages to show before you confirm: yours, then theirs."
)
@click.option("--officer", default=0, help="Your number in your party's roster.")
@click.option("--authority", default=None, help="DUTY_OFFICER, RELEASER, DELEGATE, PRINCIPAL or MEDIATOR.")
@click.option("--principal", default=None, help="Whether the principal approved: YES, NO or NOT_STATED.")
@click.option("--ref", default=None, help="The id of the message that this one is about.")
@click.option("--all", "everything", is_flag=True, help="Ask for optional fields too; without it they stay unstated.")
@as_json
def compose(
    home: Path | None, line: str, kind: str, lang: str, officer: int, authority: str | None, principal: str | None,
    ref: str | None, everything: bool, as_json: bool,
) -> None:  # fmt: skip
    """Compose a message field by field: each is checked as you type it, and shown in both languages before it goes.

    Answer ? for help on a field, UNKNOWN or WITHHELD where the kind allows it, nothing to leave an optional one out.

    \b
      openline compose --home net/alba-1 --kind N7 --officer 4
    """
    from openline.catalogue.kinds import CATALOGUE

    chosen = CATALOGUE.kind(kind.upper())
    tags = language_tags(lang)  # before anybody types for nothing
    context = call(home, {"do": "context", "line": line})
    fields = {field.name: value for field in chosen.fields
              if (value := ask_field(chosen, field, everything)) is not None}  # fmt: skip
    request = {"do": "prepare", "kind": chosen.code, "fields": fields, "line": line, "officer": officer, "ref": ref}
    prepared = call(home, {**request, "authority": authority, "principal": principal})
    confirm(prepared, context, tags, json_wanted=as_json)
    say(home, prepared, json_wanted=as_json)


def language_tags(lang: str) -> list[str]:
    """Return the languages of a list such as en,ko.  Raises CatalogueError if the catalogue has no words in one."""
    from openline.catalogue.rendering.languages import words

    return [words(tag.strip()).language.tag for tag in lang.split(",")]


def confirm(prepared: dict[str, Any], context: dict[str, Any], tags: list[str], *, json_wanted: bool) -> None:
    """Show what would be signed in the words of each language.  Raises Misuse unless the officer means it."""
    for tag in tags:
        click.echo(wrap_rendered(_preview(prepared, context, tag), width()) + "\n", err=json_wanted)
    if not click.confirm("Is this what you mean to say?", err=json_wanted):
        raise Misuse("not said: you did not confirm it", hint="Compose it again.")


def _preview(prepared: dict[str, Any], context: dict[str, Any], language: str) -> str:
    """Return the very statement that would be signed, in the words of one language."""
    from openline.catalogue.kinds import CATALOGUE
    from openline.catalogue.rendering import Metadata, UnreviewedWording
    from openline.catalogue.rendering import render as render_message
    from openline.cli.blocks import Reader, glossary
    from openline.wire.statement import decode_statement

    statement = decode_statement(bytes.fromhex(prepared["statement"]))
    reader, line = Reader.of(context, language), context["line"][:SHOWN_DIGITS]
    accepts = reader.accepts_unreviewed(line)
    about = Metadata.of(statement, context["code"], {}, accepts_unreviewed=accepts)
    kind, body, names = CATALOGUE.kind(statement.kind), statement.body, glossary(reader, line)
    try:
        return render_message(kind, body, about, language, names).text()
    except UnreviewedWording as refused:
        return f"{refused.message}: neither side will read it so\n"


def ask_field(kind: Kind, field: Field, everything: bool, note: str = "") -> Any:
    """Ask for one field until it is right; None leaves an optional one out."""
    if not field.required and not everything:
        return None
    while True:
        given = click.prompt(
            f"{field.name} ({_expected(field)}{note})", default="", show_default=False, err=True
        ).strip()
        if given == "?":
            click.echo(field.help, err=True)
        elif given:
            value = _value(field, given)
            problem = _problem(kind, field, value)
            if problem is None:
                return value
            click.echo(problem, err=True)
        elif not field.required:
            return None


def _expected(field: Field) -> str:
    marks = [name for name, allowed in (("UNKNOWN", field.unknown), ("WITHHELD", field.withheld)) if allowed]
    values = ", ".join(field.values) if field.values else field.type
    return ", ".join([values, *marks, *([] if field.required else ["or nothing"])])


def _value(field: Field, given: str) -> Any:
    """Return what was typed as JSON has it: numbers and lists as such, everything else as text."""
    if given in ("UNKNOWN", "WITHHELD"):
        return given
    try:
        value = json.loads(given)
    except ValueError:
        value = given
    return [value] if field.many and not isinstance(value, list) else value


def _problem(kind: Kind, field: Field, value: Any) -> str | None:
    """Return what is wrong with one field alone, None if nothing is."""
    from openline.catalogue.kinds import CatalogueError, MissingField, body_from_json

    try:
        body_from_json(kind, {field.name: value})
    except MissingField:
        return None
    except CatalogueError as error:
        return f"{error.message}. {error.hint}"
    return None


def say(home: Path | None, prepared: dict[str, Any], *, json_wanted: bool) -> None:
    """Say something that was prepared, or keep it as a draft if others must approve it."""
    if prepared["needs"]:
        kept = call(home, {**{name: prepared[name] for name in ("line", "statement", "answering")}, "do": "draft"})
        words = (
            f"draft {kept['id']}: it needs {prepared['needs']}; each approves with `openline approve {kept['id'][:8]}`"
        )
        tell({"draft": kept["id"], "needs": prepared["needs"]}, json_wanted=json_wanted, words=words)
        return
    done = submit(home, prepared, [])
    tell(done, json_wanted=json_wanted, words=f"said {done['id']}")


# ---------------------------------------------------------------- the world's formats


@click.command("export")
@home_option
@line_option
@click.argument("identity", metavar="ID")
@click.option("--format", "form", type=click.Choice(["cap", "geojson", "notam"]), required=True, help="Which.")
@click.option("--number", default="", help="NOTAM: its number as its office gives it, such as A0042/17.")
@click.option("--region", default="", help="NOTAM: four letters of the flight information region.")
@click.option("--replaces", default="", help="NOTAM of a change: the number of the one it replaces or cancels.")
def export(
    home: Path | None, line: str, identity: str, form: str, number: str, region: str, replaces: str
) -> None:  # fmt: skip
    """Write a message in another format: OASIS CAP 1.2, GeoJSON, or the text of a NOTAM. The status stands in each.

    \b
      openline export --home net/alba-1 7c91 --format cap
    """
    from openline.catalogue.formats import to_cap, to_geojson, to_notam

    message = _message(call(home, {"do": "show", "line": line, "id": identity}))
    if form == "cap":
        click.echo(to_cap(message).decode("utf-8"))
    elif form == "geojson":
        click.echo(to_geojson(message))
    else:
        click.echo(to_notam(message, number=number, region=region, replaces=replaces))


def _message(shown: dict[str, Any]) -> Message:
    from openline.catalogue.kinds import CATALOGUE
    from openline.wire.entry import decode_entry

    statement = decode_entry(bytes.fromhex(shown["entry"])).statement
    return Message(
        kind=CATALOGUE.kind(statement.kind),
        body=statement.body,
        identifier=shown["id"],
        sender=shown["from"].rpartition("-")[0],
        sent=statement.authored,
        status=statement.status.name,
        precedence=statement.precedence.name,
    )


@click.command("import")
@click.option("--format", "form", type=click.Choice(["cap"]), required=True, help="Which.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@as_json
def import_(form: str, file: Path, as_json: bool) -> None:
    """Read an OASIS CAP 1.2 alert: which kind it would be, with which fields, and what has no place in it.

    A proposal for a person to check and send; nothing is sent.

    \b
      openline import --format cap alert.xml --json
    """
    from openline.catalogue.formats import from_cap

    del form
    found = from_cap(file.read_bytes())
    value = {
        "kind": found.kind,
        "fields": dict(found.fields),
        "exact": found.exact,
        "lost": list(found.lost),
        "status": found.status,
    }
    lost = [f"has no place here: {clean(item)}" for item in found.lost]
    words = [f"{found.status}  {found.kind}", json.dumps(dict(found.fields), ensure_ascii=False, indent=1), *lost]
    tell(value, json_wanted=as_json, words="\n".join(words))
