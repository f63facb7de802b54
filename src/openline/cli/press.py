"""`openline press`: read a page into proposed statements, and decide on each of them.

Everything printed comes from a page that anybody may have written: control and bidirectional characters are shown as
<U+202E>, never sent to the terminal.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import IO

import click

from openline.cli.answers import Guarded
from openline.cli.press_asking import Record, ask_date, is_date, scripted
from openline.cli.press_showing import show_head, show_page
from openline.cli.press_store import default_store, load_record, opened_store, warn_of_copies
from openline.errors import Misuse
from openline.press import (
    PAGE_BYTES_MAX,
    Ledger,
    Page,
    is_copy,
    read_head,
    read_page,
    resume,
    shared,
    shown,
)

INTERRUPTED = 1  # exit code: the person left before deciding on all


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

    Nothing is kept: next, decide on each proposal with `openline press confirm`.

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
    if published is not None and not is_date(published):
        raise Misuse(f"{published!r} is no date.", hint="Write it as 2017-12-04 or 2017-12-04T09:00.")
    return read_page(data, encoding=encoding, published=published, zone=zone)


# ---------------------------------------------------------------- confirm
@press.command()
@click.argument("file", type=click.File("rb"))
@click.option("--officer", type=click.IntRange(1, 255), help="Your number on the roster; never a name.")
@click.option("--store", type=click.Path(path_type=Path, file_okay=False), help="Where decisions are kept.")
@click.option("--decisions", type=click.File("rb"), help="Decide from this JSON file instead of asking.")
@click.option("--json", "as_json", is_flag=True, help="Ask nothing; print what is kept of this page as JSON.")
@page_options
def confirm(
    file: IO[bytes],
    store: Path | None,
    decisions: IO[bytes] | None,
    officer: int | None,
    encoding: str | None,
    published: str | None,
    zone: str | None,
    *,
    as_json: bool,
) -> None:
    """Decide on each proposal of a page: confirm, edit or reject; add what the rules missed.

    Each proposal is shown with its sentence, and one key decides on it: c it is right as shown, e it is right but for
    some fields, r nobody said this, a add a statement that was missed, p print the article, u take the last decision
    back, s stop.  What is decided is on the disk at once, under the page's SHA-256; the same command goes on where you
    stopped.  A page that has changed is another page: its decisions start anew, and the earlier ones are pointed out.

    Example: openline press confirm page.txt --officer 4
    """
    folder = store or default_store()
    asks = decisions is None and not as_json
    if getattr(file, "name", "<stdin>") == "<stdin>" and asks:  # a stream without a name is no file
        raise Misuse("The page and your answers cannot both come from standard input.", hint="Save the page to a file.")
    with opened_store(folder):
        ledger = open_ledger(folder, file.read(PAGE_BYTES_MAX + 1), encoding, published, zone, asks=asks)
        record = Record(folder / f"{ledger.page.sha256}.jsonl", ledger, officer)
        if decisions is not None:
            chosen = scripted(decisions)
            record.decide_all(chosen, quiet=as_json)
        if as_json:
            click.echo(json.dumps(ledger.to_json(), ensure_ascii=True, indent=2))
            return
        if asks:
            show_head(ledger, record.path)
        warn_of_copies(folder, ledger.page)
        finished = record.ask_all() if asks else True
        click.echo(record.summary())
    if not finished:
        raise SystemExit(INTERRUPTED)


def open_ledger(
    folder: Path, data: bytes, encoding: str | None, published: str | None, zone: str | None, *, asks: bool
) -> Ledger:
    """Read the page and what is already decided on it; ask for the date where the page states none."""
    page = read_page(data, encoding=encoding)
    kept = load_record(folder / f"{page.sha256}.jsonl")
    head = {} if kept is None else read_head(kept)
    if head.get("published_entered") and published is None:
        published, zone = head["published"], head["zone"]
    if page.article.published is None and published is None and kept is None and asks:
        published, zone = ask_date()
    if published is not None:
        page = load_page(data, encoding, published, zone)
    return Ledger(page) if kept is None else resume(page, kept)
