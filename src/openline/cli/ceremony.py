"""`openline party` and `openline charter`: how parties that share no folder open a line, with files and voices."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from openline.charter import Charter, Role, RootSeeds, SignedCharter, Signer, fingerprint, merge_charters
from openline.cli.answers import Guarded, as_json, clean, tell
from openline.cli.line_state import close, resume, suspend
from openline.cli.station_call import passphrase_in
from openline.errors import Misuse
from openline.runtime.ceremony import (
    Card,
    Line,
    Office,
    check_words,
    line_name,
    read_card,
    read_charter_file,
    write_charter_file,
)
from openline.runtime.files import read, write_new

FILE = click.Path(path_type=Path, dir_okay=False)
FOLDER = click.Path(path_type=Path, file_okay=False)

office_folder = click.option("--dir", "folder", type=FOLDER, required=True, help="Folder of the party's office.")
out_file = click.option("--out", type=FILE, required=True, help="File to write; nothing is overwritten.")
line_option = click.option("--line", "beginning", help="Beginning of the line's name; not needed if there is one line.")
passphrase_file = click.option(
    "--passphrase-file", type=FILE, help="Take the passphrase from a file's first line instead of asking."
)
words_option = click.option(
    "--words", help="The twelve words as they were heard, for scripts; otherwise each is asked for."
)


def passphrase(path: Path | None, *, new: bool = False) -> str:
    """Return a passphrase: from a file's first line, or asked for; a new one twice."""
    if path is None:
        asked: str = click.prompt("Passphrase", hide_input=True, confirmation_prompt=new)
        return asked
    return passphrase_in(path)


def compare(what: str, words: tuple[str, ...], heard: str | None) -> None:
    """Let the local officer tick twelve words that are read aloud.  Raises Inadmissible (R112) if they differ.

    `heard` stands for the ticking, in scripts: the words must then be exactly these.
    """
    if heard is not None:
        check_words(words, heard)
        return
    click.echo(f"The other side reads the twelve words of {what} aloud. Tick each one that is the same.")
    ticked = [
        word if click.confirm(f"  {place:2}. {word}", default=False) else "-" for place, word in enumerate(words, 1)
    ]
    check_words(words, " ".join(ticked))
    if click.prompt("All twelve were the same. Type yes to go on") != "yes":
        raise click.Abort


def card_view(card: Card) -> dict[str, Any]:
    """Return a card for scripts."""
    return {
        "code": card.code,
        "names": dict(card.names),
        "root": card.root.hash.hex(),
        "words": list(card.words()),
    }


def card_words(card: Card) -> str:
    """Return a card for people."""
    names = ", ".join(f"{clean(name)} ({clean(language)})" for language, name in card.names.items())
    return f"{card.code}: {names}\nroot: {' '.join(card.words())}"


# ---------------------------------------------------------------- party


@click.group(cls=Guarded)
def party() -> None:
    """A party's root and card: made offline, compared by voice.

    \b
      openline party create --dir office --code alba --name en=Alba --name ko=알바
    """


def _names(pairs: Sequence[str]) -> dict[str, str]:
    names = {}
    for pair in pairs:
        language, equals, name = pair.partition("=")
        if not (language and equals and name):
            raise Misuse(f"{pair!r} is no name in a language", hint='Write --name en="Republic of Alba".')
        names[language] = name
    return names


@party.command("create")
@office_folder
@click.option("--code", required=True, help="Short name in commands and codes, such as alba.")
@click.option("--name", "names", multiple=True, required=True, help="Name in one language: en=Alba. Repeat.")
@passphrase_file
@as_json
def party_create(
    folder: Path, code: str, names: tuple[str, ...], *, passphrase_file: Path | None, as_json: bool
) -> None:
    """Make the party's root key and its card.

    Do this on a machine that stays offline. Put copies of the folder away in two places; without root.key no roster is
    ever signed again.

    \b
      openline party create --dir office --code alba --name en=Alba --name ko=알바
    """
    named = _names(names)
    seeds = RootSeeds(secrets.token_bytes(32), secrets.token_bytes(32))
    office = Office.create(folder, code, named, passphrase(passphrase_file, new=True), seeds)
    card = office.card()
    path = folder / "card.json"
    text = f"{card_words(card)}\nGive {path} to the other parties, and read the twelve words to them."
    tell({"card": str(path), **card_view(card)}, json_wanted=as_json, words=text)


@party.command("show")
@office_folder
@as_json
def party_show(folder: Path, *, as_json: bool) -> None:
    """Show our own card, and every card whose words were compared.

    \b
      openline party show --dir office
    """
    office = Office(folder)
    own, others = office.card(), office.others()
    text = "\n".join([card_words(own), *(f"\ncompared: {card_words(card)}" for card in others)])
    tell({**card_view(own), "compared": [card_view(card) for card in others]}, json_wanted=as_json, words=text)


@party.command("import")
@office_folder
@click.argument("card_file", type=FILE)
@words_option
@as_json
def party_import(folder: Path, card_file: Path, words: str | None, *, as_json: bool) -> None:
    """Keep another party's card, after its twelve words were read aloud and each was the same.

    Call somebody whose voice you know, on a way that did not bring the file.

    \b
      openline party import --dir office bora.json
    """
    office, card = Office(folder), read_card(read(card_file))
    compare(f"{card.code}'s root", card.words(), words)
    office.confirm(card)
    tell(card_view(card), json_wanted=as_json, words=f"Compared and kept: {card.code}.")


# ---------------------------------------------------------------- charter


@click.group(cls=Guarded)
def charter() -> None:
    """The charter of a line: drafted, printed, compared, signed by every party, put in force, amended.

    Suspending, resuming and closing the line are said at a station by its watch; all else is done in the office.

    \b
      openline charter draft --dir office --member alba --member bora --unreviewed refuse --out draft.charter
    """


charter.add_command(suspend)
charter.add_command(resume)
charter.add_command(close)


def _member(value: str) -> tuple[str, Role]:
    code, _, role = value.partition(":")
    roles = {known.name.lower(): known for known in Role}
    if (role or "party") not in roles:
        raise Misuse(f"{role!r} is no role", hint=f"Write CODE or CODE:ROLE; roles are {', '.join(roles)}.")
    return code, roles[role or "party"]


def _before(signed: SignedCharter, folder: Path | None) -> Charter | None:
    """Return the charter that this one amends; it lies in the office."""
    if signed.charter.predecessor is None:
        return None
    if folder is None:
        raise Misuse("this charter amends another one", hint="Name the office that has it: --dir office")
    return Office(folder).line_of(signed).predecessor(signed)


def _places(signed: SignedCharter, before: Charter | None, places: Sequence[tuple[int, int]]) -> list[dict[str, Any]]:
    rows = []
    for party_number, root in places:
        text = before if root == Signer.FORMER else signed.charter
        member = text.member(party_number) if text else None
        code = member.code if member else str(party_number)
        rows.append({"party": party_number, "code": code, "root": "former" if root == Signer.FORMER else "present"})
    return rows


def _named(rows: Sequence[dict[str, Any]]) -> str:
    return ", ".join(row["code"] + (" (former root)" if row["root"] == "former" else "") for row in rows) or "nobody"


def charter_view(signed: SignedCharter, before: Charter | None) -> dict[str, Any]:
    """Return a charter and its signatures for scripts."""
    text = signed.charter
    return {
        "line": line_name(signed.line),
        "number": text.number,
        "digest": signed.digest.hex(),
        "words": list(fingerprint(signed.digest)),
        "members": [{"party": one.party, "code": one.code, "role": one.role.name.lower()} for one in text.members],
        "languages": list(text.languages),
        "statuses": [status.name for status in text.statuses],
        "evidence": text.rules.evidence.name.lower(),
        "signed": _places(signed, before, sorted(signed.places)),
        "missing": _places(signed, before, signed.missing(before)),
    }


def _said(signed: SignedCharter, before: Charter | None) -> str:
    view = charter_view(signed, before)
    return (
        f"charter {view['number']} of line {view['line']}\nwords: {' '.join(view['words'])}\n"
        f"signed by: {_named(view['signed'])}\nmissing: {_named(view['missing'])}"
    )


@charter.command("form")
def charter_form() -> None:
    """Print a form for the rules of a line, with every key and what is meant without it.

    \b
      openline charter form > rules.toml
    """
    from openline.runtime.charter_form import TEMPLATE

    click.echo(TEMPLATE, nl=False)


form_option = click.option("--form", "form_file", type=FILE, help="The rules, as `openline charter form` prints them.")


@charter.command("draft")
@office_folder
@click.option("--member", "members", multiple=True, required=True, help="CODE or CODE:ROLE, numbered in this order.")
@form_option
@click.option("--unreviewed", type=click.Choice(["accept", "refuse"]), default=None,
              help="Wording that no native diplomat reviewed, for ACTUAL; said here or in the form.")  # fmt: skip
@out_file
@as_json
def charter_draft(
    folder: Path, members: tuple[str, ...], form_file: Path | None, unreviewed: str | None, out: Path, *, as_json: bool
) -> None:
    """Draft the first charter of a new line. Its digest is the line's name.

    Roles: party, mediator, observer. The words of every member must have been compared.

    \b
      openline charter draft --dir office --member alba --member bora:mediator --form rules.toml --out draft.charter
    """
    from openline.runtime.charter_form import draft_first, read_form

    accepts = None if unreviewed is None else unreviewed == "accept"
    roles = [_member(member) for member in members]
    signed = draft_first(Office(folder), roles, read_form(form_file), accepts_unreviewed=accepts)
    write_charter_file(out, signed)
    text = f"{_said(signed, None)}\nSend {out} to every member; each prints, compares and signs it."
    tell({"file": str(out), **charter_view(signed, None)}, json_wanted=as_json, words=text)


@charter.command("amend")
@office_folder
@line_option
@click.option("--add", "added", multiple=True, help="CODE or CODE:ROLE of a new member. Repeat.")
@click.option("--without", "removed", multiple=True, help="CODE of a member that leaves; its root signs too. Repeat.")
@click.option("--number", type=click.IntRange(2, 65_535), help="Skip numbers that were signed and never completed.")
@form_option
@out_file
@as_json
def charter_amend(
    folder: Path,
    beginning: str | None,
    added: tuple[str, ...],
    removed: tuple[str, ...],
    number: int | None,
    form_file: Path | None,
    out: Path,
    *,
    as_json: bool,
) -> None:
    """Draft the next charter of a line: the one in force, with what you change.

    \b
      openline charter amend --dir office --add cendra:mediator --out second.charter
    """
    from openline.runtime.charter_form import draft_next, read_form

    office = Office(folder)
    line = office.line(beginning)
    signed = draft_next(
        office,
        line,
        added=[_member(member) for member in added],
        removed=removed,
        form=read_form(form_file),
        number=number,
    )
    write_charter_file(out, signed)
    before = line.predecessor(signed)
    text = f"{_said(signed, before)}\nSend {out} to every member of the old and the new text."
    if added:
        text += (
            "\nA new member is given nothing that was said before: it begins each log at its root of then, signed by "
            "the log's owner, and verifies it from there on. Drafts under the old charter must be written anew."
        )
    tell({"file": str(out), **charter_view(signed, before)}, json_wanted=as_json, words=text)


some_office = click.option("--dir", "folder", type=FOLDER, help="The office; needed for an amendment.")
charter_file = click.argument("file", type=FILE)


@charter.command("show")
@charter_file
@some_office
@as_json
def charter_show(file: Path, folder: Path | None, *, as_json: bool) -> None:
    """Show what a charter says, in English, with who has signed.

    \b
      openline charter show draft.charter
    """
    from openline.runtime.charter_print import as_text, page

    signed = read_charter_file(file)
    before = _before(signed, folder)
    signed.verify(before, Office.suite)
    text = as_text([page(signed, before, "en")])
    tell(charter_view(signed, before), json_wanted=as_json, words=text.rstrip())


@charter.command("print")
@charter_file
@some_office
@click.option("--language", "languages", multiple=True, help="Of the charter's languages; without it all. Repeat.")
@click.option("--html", is_flag=True, help="One HTML page with a sheet for each language, instead of text.")
@click.option("--out", type=FILE, help="File to write instead of the terminal.")
@as_json
def charter_print(
    file: Path, folder: Path | None, languages: tuple[str, ...], out: Path | None, *, html: bool, as_json: bool
) -> None:
    """Print a charter for lawyers, in every language that it is agreed in.

    \b
      openline charter print draft.charter --html --out draft.html
    """
    from openline.runtime.charter_print import as_html, as_text, page

    signed = read_charter_file(file)
    before = _before(signed, folder)
    signed.verify(before, Office.suite)
    chosen = languages or signed.charter.languages
    pages = [page(signed, before, language) for language in chosen]
    text = as_html(pages) if html else as_text(pages)
    if out is not None:
        write_new(out, text.encode())
    shown = {"languages": list(chosen), "file": str(out) if out else None, "text": None if out else text}
    tell(shown, json_wanted=as_json, words=f"Written: {out}" if out else text.rstrip())


@charter.command("fingerprint")
@charter_file
@as_json
def charter_fingerprint(file: Path, *, as_json: bool) -> None:
    """Show the twelve words of a charter, to read aloud; its signatures do not change them.

    \b
      openline charter fingerprint draft.charter
    """
    signed = read_charter_file(file)
    words = fingerprint(signed.digest)
    numbered = "\n".join(f"{place:2}. {word}" for place, word in enumerate(words, 1))
    tell({"digest": signed.digest.hex(), "words": list(words)}, json_wanted=as_json, words=numbered)


@charter.command("sign")
@office_folder
@charter_file
@words_option
@passphrase_file
@out_file
@as_json
def charter_sign(
    folder: Path, file: Path, words: str | None, passphrase_file: Path | None, out: Path, *, as_json: bool
) -> None:
    """Sign a charter with our root, after its twelve words were compared.

    A root signs one charter for each number of a line: a second text would prove it false.

    \b
      openline charter sign --dir office draft.charter --out draft.alba.charter
    """
    from openline.runtime.charter_form import check_catalogue

    office, signed = Office(folder), read_charter_file(file)
    before = _before(signed, folder)
    check_catalogue(signed)
    office.check_signable(signed, before)
    compare("the charter", fingerprint(signed.digest), words)
    result = office.sign_charter(signed, before, passphrase(passphrase_file))
    write_charter_file(out, result)
    view = {"file": str(out), **charter_view(result, before)}
    tell(view, json_wanted=as_json, words=f"{_said(result, before)}\nSend {out} to the other parties.")


@charter.command("merge")
@click.argument("files", type=FILE, nargs=-1, required=True)
@some_office
@out_file
@as_json
def charter_merge(files: tuple[Path, ...], folder: Path | None, out: Path, *, as_json: bool) -> None:
    """Join the signatures of several files of one charter.

    \b
      openline charter merge draft.alba.charter draft.bora.charter --out complete.charter
    """
    merged = read_charter_file(files[0])
    before = _before(merged, folder)
    for file in files[1:]:
        merged = merge_charters(merged.document(), read_charter_file(file).document())
    merged.verify(before, Office.suite)
    write_charter_file(out, merged)
    view = {"file": str(out), **charter_view(merged, before)}
    tell(view, json_wanted=as_json, words=_said(merged, before))


@charter.command("status")
@charter_file
@some_office
@as_json
def charter_status(file: Path, folder: Path | None, *, as_json: bool) -> None:
    """Say who has signed a charter and whose signature is missing; every signature is verified.

    \b
      openline charter status complete.charter
    """
    signed = read_charter_file(file)
    before = _before(signed, folder)
    signed.verify(before, Office.suite)
    tell(charter_view(signed, before), json_wanted=as_json, words=_said(signed, before))


@charter.command("activate")
@office_folder
@charter_file
@as_json
def charter_activate(folder: Path, file: Path, *, as_json: bool) -> None:
    """Put a charter in force here, once everybody who must has signed; a missing signature is named.

    \b
      openline charter activate --dir office complete.charter
    """
    office, signed = Office(folder), read_charter_file(file)
    before = _before(signed, folder)
    office.check_roots(signed, before)
    line = office.line_of(signed)
    line.activate(signed)
    name = line_name(signed.line)
    text = f"Charter {signed.charter.number} is in force on line {name}."
    tell({"line": name, "number": signed.charter.number, "folder": str(line.folder)}, json_wanted=as_json, words=text)


@charter.command("list")
@office_folder
@as_json
def charter_list(folder: Path, *, as_json: bool) -> None:
    """List the lines of this office and the charter in force on each.

    \b
      openline charter list --dir office
    """
    rows = [_line_view(line) for line in Office(folder).lines()]
    text = "\n".join(f"{row['line']}  charter {row['number']}  {', '.join(row['members'])}" for row in rows)
    tell({"lines": rows}, json_wanted=as_json, words=text or "No line yet.")


def _line_view(line: Line) -> dict[str, Any]:
    in_force = line.charters()[-1]
    members = [member.code for member in in_force.charter.members]
    return {"line": line_name(in_force.line), "number": in_force.charter.number, "members": members}
