"""A page, its proposals and its decisions as a person reads them at the terminal.

Everything comes from a page that anybody may have written: what would move the cursor or turn the reading direction is
shown as <U+202E>, and words that run from right to left are isolated, so that what stands beside them stays in place.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

import click

from openline.press import NOT_STATED, Ledger, Page, shown

FIRST_STRONG, CLOSE_ISOLATE = "\u2068", "\u2069"
KEYS = (
    ("c", "confirm: it is right as shown"),
    ("e", "edit: it is right but for some fields"),
    ("r", "reject: nobody said this"),
    ("a", "add a statement that was missed"),
    ("p", "print the article"),
    ("u", "undo: take the last decision back"),
    ("s", "stop; the same command goes on from here"),
)


def safe(text: str) -> str:
    """Return a page's words as they may be printed: nothing hidden in them acts, and their direction stays inside."""
    plain = shown(text)
    turns = any(unicodedata.bidirectional(sign) in ("R", "AL") for sign in plain)
    return f"{FIRST_STRONG}{plain}{CLOSE_ISOLATE}" if turns else plain


def page_rows(page: Page) -> tuple[tuple[str, str | None], ...]:
    """Return what a page says of itself, each with its name; None: not stated."""
    article = page.article
    entered = " (entered by a person)" if page.date_entered else ""
    return (
        ("Title", article.title),
        ("Standfirst", article.standfirst),
        ("Outlet", article.outlet and f"{article.outlet} ({article.outlet_basis})"),
        ("Published", article.published and f"{article.published}{entered}"),
        ("Zone", article.zone),
        ("Embargo", article.embargo),
        ("SHA-256", page.sha256),
    )


def show_rows(page: Page, rows: tuple[tuple[str, str | None], ...]) -> None:
    """Print what a page says of itself, and what a person must know before deciding."""
    for name, value in rows:
        click.echo(f"{name + ':':<12}{safe(value) if value else NOT_STATED}")
    for note in page.notes:
        click.echo(f"! {note}")


def show_article(page: Page) -> None:
    """Print the paragraphs with their numbers."""
    for place, paragraph in enumerate(page.article.paragraphs):
        click.echo(f"{place:>3}  {safe(paragraph)}")


def show_page(page: Page) -> None:
    """Print the page for a person: what it says of itself, its paragraphs, what is proposed, what was set aside."""
    show_rows(page, page_rows(page))
    click.echo()
    show_article(page)
    for place in range(len(page.statements)):
        click.echo(f"\nProposal {place + 1} of {len(page.statements)}")
        show_statement(page.statements[place].to_json())
    if not page.statements:
        click.echo("\nNothing is proposed: no sentence says, in a way the rules know, who said what.")
    if page.set_aside:
        click.echo("\nSet aside (nobody's statement):")
    for aside in page.set_aside:
        click.echo(f"  {aside.paragraph:>3}  {aside.reason}: {safe(aside.words)}")


def show_head(ledger: Ledger, path: Path) -> None:
    """Print what is to be decided, what a person must know first, and what each key does."""
    page = ledger.page
    show_rows(page, page_rows(page)[:6])
    total, done = len(page.statements), len(ledger.decided)
    kept = f", {done} decided already" if ledger.entries else ""
    more = f", {len(ledger.added)} added" if ledger.added else ""
    click.echo(f"\n{total} {'proposal' if total == 1 else 'proposals'}{kept}{more}. Decisions are kept in {path}")
    show_keys()


def show_keys() -> None:
    """Print what each key does."""
    for key, meaning in KEYS:
        click.echo(f"  {key}  {meaning}")


def show_statement(statement: dict[str, Any]) -> None:
    """Print one statement, each field on its line; what is not stated says so."""
    for name in ("speaker", "office", "party", "named", "form", "words", "said", "topic", "commitment"):
        click.echo(f"  {name + ':':<12}{rendered(name, statement)}")
    for name in ("conditions", "via", "inserted", "hedge", "declined", "joint"):
        if statement[name]:
            click.echo(f"  {name + ':':<12}{rendered(name, statement)}")
    if statement["attribution"] == "outlet":
        click.echo("  The outlet's own inference: no speaker stands behind it.")
    click.echo(f"  {'sentence:':<12}{safe(statement['context'])}")


def rendered(name: str, statement: dict[str, Any]) -> str:
    """Return one field in words."""
    value = statement[name]
    mark = " (derived)" if name in statement["derived"] else ""
    if value is None:
        return NOT_STATED
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return " · ".join(safe(one) for one in value) or NOT_STATED
    if isinstance(value, dict):
        days = value["from"] or NOT_STATED
        last = f" to {value['to']}" if value["to"] != value["from"] else ""
        words = f", “{safe(value['words'])}”" if value["words"] else ""
        carried = ", carried from an earlier statement" if value["carried"] else ""
        return f"{safe(days)}{last}{words}{carried}{mark}"
    return f"{safe(str(value))}{mark}"
