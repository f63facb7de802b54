"""`openline press`: read a page into proposed statements, and decide on each of them.

Everything printed comes from a page that anybody may have written: control and bidirectional characters are shown as
<U+202E>, never sent to the terminal.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import click

from openline.cli.answers import Guarded
from openline.errors import Misuse, StorageFailed, Unavailable
from openline.press import (
    CONFIRMED,
    EDITABLE,
    EDITED,
    FLAGS,
    LISTS,
    NOT_STATED,
    PAGE_BYTES_MAX,
    REJECTED,
    Decision,
    Ledger,
    Page,
    check_change,
    is_copy,
    parse_decision,
    read_head,
    read_page,
    resume,
    shared,
    shared_by_sketch,
    shown,
    sketch,
)

DECISIONS_BYTES_MAX = 1_048_576  # a script of decisions; a page has some dozens of proposals
RECORD_BYTES_MAX = 16 * 1024 * 1024  # of one page's decisions; a store file beyond it was not written by this command
STOPPED = "stopped"
DAY_OR_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2})?")


def page_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options by which a person tells what a page does not."""
    for option in (
        click.option("--encoding", help="The page's encoding, when it is not UTF-8 and does not say."),
        click.option("--published", help="The page's date, when it states none: 2017-12-04 or 2017-12-04T09:00."),
        click.option("--zone", help="The zone of --published, as you would write it: UTC, +09:00."),
    ):
        command = option(command)
    return command


@click.group(cls=Guarded)
def press() -> None:
    """Public statements from press pages: proposed by rules, decided by a person.

    Example: openline press read page.html
    """


# ---------------------------------------------------------------- read
@press.command()
@click.argument("file", type=click.File("rb"))
@click.option("--json", "as_json", is_flag=True, help="Print the page as one JSON object.")
@click.option("--against", type=click.File("rb"), multiple=True, help="Say whether FILE is a copy of this page.")
@page_options
def read(
    file: IO[bytes],
    against: tuple[IO[bytes], ...],
    encoding: str | None,
    published: str | None,
    zone: str | None,
    *,
    as_json: bool,
) -> None:
    """Cut the article out of a page (text or HTML; - for standard input) and propose its statements.

    Example: openline press read page.txt --json
    """
    page = load_page(file.read(PAGE_BYTES_MAX + 1), encoding, published, zone)
    others = [(other.name, read_page(other.read(PAGE_BYTES_MAX + 1))) for other in against]
    copies = [(name, shared(page.shingles, other.shingles)) for name, other in others]
    if as_json:
        found = page.to_json()
        if copies:
            found["copies"] = [
                {"page": name, "shared": round(share, 3), "copy": is_copy(share)} for name, share in copies
            ]
        click.echo(json.dumps(found, ensure_ascii=True, indent=2))
        return
    show_page(page)
    for name, share in copies:
        click.echo(f"{'A COPY of' if is_copy(share) else 'Not a copy of'} {shown(name)}: {share:.0%} shared.")


def load_page(data: bytes, encoding: str | None, published: str | None, zone: str | None) -> Page:
    """Read one page; raises PageRejected, or Misuse for a date that is none."""
    if published is not None and not _is_date(published):
        raise Misuse(f"{published!r} is no date.", hint="Write it as 2017-12-04 or 2017-12-04T09:00.")
    return read_page(data, encoding=encoding, published=published, zone=zone)


def _is_date(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return DAY_OR_MOMENT.fullmatch(text) is not None


def show_page(page: Page) -> None:
    """Print the page for a person: what it says of itself, its paragraphs, what is proposed, what was set aside."""
    article = page.article
    rows = (
        ("Title", article.title),
        ("Standfirst", article.standfirst),
        ("Outlet", article.outlet and f"{article.outlet} ({article.outlet_basis})"),
        (
            "Published",
            article.published and f"{article.published}{' (entered by a person)' if page.date_entered else ''}",
        ),
        ("Zone", article.zone),
        ("Embargo", article.embargo),
        ("SHA-256", page.sha256),
    )
    for name, value in rows:
        click.echo(f"{name + ':':<12}{shown(value) if value else NOT_STATED}")
    for note in page.notes:
        click.echo(f"! {note}")
    click.echo()
    for place, paragraph in enumerate(article.paragraphs):
        click.echo(f"{place:>3}  {shown(paragraph)}")
    for place in range(len(page.statements)):
        click.echo(f"\nProposal {place + 1} of {len(page.statements)}")
        show_statement(page.statements[place].to_json())
    if page.set_aside:
        click.echo("\nSet aside (nobody's statement):")
    for aside in page.set_aside:
        click.echo(f"  {aside.paragraph:>3}  {aside.reason}: {shown(aside.words)}")


def show_statement(statement: dict[str, Any]) -> None:
    """Print one statement, each field on its line; what is not stated says so."""
    for name in ("speaker", "office", "party", "named", "form", "words", "said", "topic", "commitment"):
        click.echo(f"  {name + ':':<12}{rendered(name, statement)}")
    for name in ("conditions", "via", "inserted", "hedge", "declined", "joint"):
        if statement[name]:
            click.echo(f"  {name + ':':<12}{rendered(name, statement)}")
    if statement["attribution"] == "outlet":
        click.echo("  The outlet's own inference: no speaker stands behind it.")
    click.echo(f"  {'sentence:':<12}{shown(statement['context'])}")


def rendered(name: str, statement: dict[str, Any]) -> str:
    """Return one field in words."""
    value = statement[name]
    mark = " (derived)" if name in statement["derived"] else ""
    if value is None:
        return NOT_STATED
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return shown(" · ".join(value))
    if isinstance(value, dict):
        days = value["from"] or NOT_STATED
        last = f" to {value['to']}" if value["to"] != value["from"] else ""
        words = f", “{value['words']}”" if value["words"] else ""
        carried = ", carried from an earlier statement" if value["carried"] else ""
        return shown(f"{days}{last}{words}{carried}{mark}")
    return shown(f"{value}{mark}")


# ---------------------------------------------------------------- confirm
@press.command()
@click.argument("file", type=click.File("rb"))
@click.option("--store", type=click.Path(path_type=Path, file_okay=False), help="Where decisions are kept.")
@click.option("--decisions", type=click.File("rb"), help="Decide from this JSON file instead of asking.")
@click.option("--officer", type=click.IntRange(1, 255), help="Your number on the roster; never a name.")
@page_options
def confirm(
    file: IO[bytes],
    store: Path | None,
    decisions: IO[bytes] | None,
    officer: int | None,
    encoding: str | None,
    published: str | None,
    zone: str | None,
) -> None:
    """Decide on each proposal of a page: confirm, edit or reject.  Stop at any time; the next call goes on.

    Example: openline press confirm page.txt --officer 4
    """
    folder = store or default_store()
    if getattr(file, "name", "<stdin>") == "<stdin>" and decisions is None:  # a stream without a name is no file
        raise Misuse("The page and your answers cannot both come from standard input.", hint="Save the page to a file.")
    with opened_store(folder):
        data = file.read(PAGE_BYTES_MAX + 1)
        page = read_page(data, encoding=encoding)
        kept = load_record(folder / f"{page.sha256}.jsonl")
        head = {} if kept is None else read_head(kept)
        if head.get("published_entered") and published is None:
            published, zone = head["published"], head["zone"]
        if page.article.published is None and published is None and decisions is None:
            published, zone = ask_date()
        if published is not None:
            page = load_page(data, encoding, published, zone)
        ledger = Ledger(page) if kept is None else resume(page, kept)
        warn_of_copies(folder, page)
        choose = scripted(decisions) if decisions is not None else ask
        decide_all(folder, ledger, officer, choose)


def decide_all(
    folder: Path, ledger: Ledger, officer: int | None, choose: Callable[[Ledger, int], Decision | str]
) -> None:
    """Ask for each open decision and keep each before asking for the next."""
    total = len(ledger.page.statements)
    while (proposal := ledger.next_proposal) is not None:
        decision = choose(ledger, proposal)
        if isinstance(decision, str):
            break
        ledger.decide(proposal, decision, officer=officer, decided=datetime.now(UTC).isoformat(timespec="seconds"))
        write_durably(folder / f"{ledger.page.sha256}.jsonl", ledger.to_lines())
        click.echo(f"Proposal {proposal + 1} of {total}: {decision.decision}.")
    open_count = total - len(ledger.entries)
    click.echo(
        f"{len(ledger.entries)} of {total} decided, {open_count} open. Kept in {folder / ledger.page.sha256}.jsonl"
    )


def ask_date() -> tuple[str | None, str | None]:
    """Ask for the date that the page does not state; an empty answer leaves it not stated."""
    click.echo(f"Date of the page: {NOT_STATED}. Zone: {NOT_STATED}.")
    published = click.prompt(
        "Its date as you know it (2017-12-04), or Enter to leave it not stated", default="", show_default=False
    )
    if not published:
        return None, None
    zone = click.prompt("Its zone, or Enter to leave it not stated", default="", show_default=False)
    return published, zone or None


def ask(ledger: Ledger, proposal: int) -> Decision | str:
    """Show one proposal and ask for the decision on it."""
    click.echo(f"\nProposal {proposal + 1} of {len(ledger.page.statements)}")
    statement = ledger.page.statements[proposal].to_json()
    show_statement(statement)
    key = click.prompt(
        "[c]onfirm, [e]dit, [r]eject, [s]top", type=click.Choice(["c", "e", "r", "s"]), show_choices=False
    )
    if key == "s":
        return STOPPED
    if key == "e":
        changes = ask_changes(ledger.page)
        return Decision(EDITED, changes) if changes else Decision(CONFIRMED)
    return Decision(CONFIRMED if key == "c" else REJECTED)


def ask_changes(page: Page) -> dict[str, Any]:
    """Ask for fields and their new values until an empty answer."""
    changes: dict[str, Any] = {}
    click.echo(f"Fields: {', '.join(EDITABLE)}. A dash means {NOT_STATED}; lists are separated by ;")
    while name := click.prompt("Field, or Enter to finish", default="", show_default=False):
        typed = click.prompt("New value")
        try:
            value = typed_value(name, typed)
            check_change(name, value, page)
        except Misuse as error:
            click.echo(f"error: {shown(error.message)}\nhint: {shown(error.hint)}")
            continue
        changes[name] = value
    return changes


def typed_value(name: str, typed: str) -> object:
    """Return what a person typed as the value of a field."""
    if name in FLAGS:
        return {"yes": True, "no": False}.get(typed.lower(), typed)
    if name in LISTS:
        return [] if typed == "-" else [text.strip() for text in typed.split(";")]
    return None if typed == "-" else typed


def scripted(file: IO[bytes]) -> Callable[[Ledger, int], Decision | str]:
    """Return a chooser that takes the decisions from a JSON list: [{"proposal": 1, "decision": "confirmed"}, ...]."""
    data = file.read(DECISIONS_BYTES_MAX + 1)
    hint = 'It is a JSON list such as [{"proposal": 1, "decision": "confirmed"}].'
    try:
        entries = json.loads(data) if len(data) <= DECISIONS_BYTES_MAX else None
    except (ValueError, RecursionError):
        entries = None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise Misuse("The file of decisions cannot be read.", hint=hint)
    chosen: dict[object, Decision] = {}
    for entry in entries:
        number = entry.get("proposal")
        if not isinstance(number, int) or number in chosen:
            raise Misuse(f"{number!r} is no number of a proposal, or stands twice.", hint=hint)
        chosen[number] = parse_decision({name: value for name, value in entry.items() if name != "proposal"})

    def choose(_ledger: Ledger, proposal: int) -> Decision | str:
        return chosen.get(proposal + 1, STOPPED)

    return choose


# ---------------------------------------------------------------- the store
def default_store() -> Path:
    """Return the folder for decisions under the XDG data home."""
    base = os.environ.get("XDG_DATA_HOME", "")
    return (Path(base) if Path(base).is_absolute() else Path.home() / ".local" / "share") / "openline" / "press"


@contextmanager
def opened_store(folder: Path) -> Iterator[None]:
    """Hold the store for this process: two people deciding at once would overwrite each other's decisions."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = (folder / ".lock").open("w")
    except OSError as error:
        raise _storage_failed(folder, error) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Unavailable(
                "Another person is deciding in this store.",
                hint="Wait until they have stopped, then run the command again.",
            ) from None
        yield


def load_record(path: Path) -> str | None:
    """Return the record of a page's decisions, or None when there is none yet."""
    try:
        with path.open("rb") as file:
            data = file.read(RECORD_BYTES_MAX + 1)
        return data.decode("utf-8") if len(data) <= RECORD_BYTES_MAX else "too large"
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        return "not text"  # read_head refuses it, and says what to do
    except OSError as error:
        raise _storage_failed(path, error) from error


def write_durably(path: Path, text: str) -> None:
    """Replace a file so that after a crash it holds the old text or the new, whole; raises StorageFailed."""
    draft = path.with_suffix(".draft")
    try:
        with draft.open("w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        # A crash here leaves the old record: the last decision is asked for again.
        draft.replace(path)
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            # A crash before this sync may bring back the old record; nothing was announced yet.
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise _storage_failed(path, error) from error


def _storage_failed(path: Path, error: OSError) -> StorageFailed:
    return StorageFailed(
        f"{path} cannot be read or written: {error.strerror or error}.",
        hint="Check the folder's rights and free space; decisions already announced are kept.",
    )


def warn_of_copies(folder: Path, page: Page) -> None:
    """Tell the person when a page already decided on carries the same text under another name."""
    own = sketch(page.shingles)
    for path in sorted(folder.glob("*.jsonl")):
        if path.stem == page.sha256:
            continue
        try:
            head = read_head(load_record(path) or "")
        except Misuse:
            click.echo(f"! {shown(path.name)} is no record of decisions.")
            continue
        share = shared_by_sketch(own, head["sketch"])
        if is_copy(share):
            outlet = shown(str(head["outlet"] or NOT_STATED))
            click.echo(f"! A copy of a page already decided on ({outlet}, {share:.0%} shared): one statement, not two.")
