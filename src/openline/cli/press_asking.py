"""Asking a person, or a script, for the decision on each proposal of a press page."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import click

from openline.cli.press_showing import KEYS, rendered, show_article, show_keys, show_statement
from openline.cli.press_store import write_durably
from openline.errors import Misuse
from openline.press import (
    ADDED,
    CHOICES,
    CONFIRMED,
    EDITABLE,
    EDITED,
    FLAGS,
    LISTS,
    NOT_STATED,
    REJECTED,
    Decision,
    Ledger,
    Page,
    check_change,
    parse_decision,
    shown,
)

DECISIONS_BYTES_MAX = 1_048_576  # a script of decisions; a page has some dozens of proposals
DAY_OR_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2})?")
PROMPT = "[c]onfirm, [e]dit, [r]eject, [a]dd, [p]age, [u]ndo, [s]top, [?]"
PROMPT_AT_END = "All are decided. [a]dd one that was missed, [p]age, [u]ndo, [s]top, [?]"
DECIDING = ("c", "e", "r")
ANY_TIME = (*(key for key, _ in KEYS if key not in DECIDING), "?")

Script = tuple[dict[int, Decision], list[dict[str, Any]]]
"""The decisions of a script by the proposal's index, and the statements it adds."""


@dataclass(slots=True)
class Record:
    """The decisions on one page and the file in which each is durable before the next is asked for."""

    path: Path
    ledger: Ledger
    officer: int | None

    # ------------------------------------------------------------ keeping
    def decide(self, proposal: int, decision: Decision, *, quiet: bool = False) -> None:
        """Keep the decision on one proposal, then tell."""
        self.ledger.decide(proposal, decision, officer=self.officer, decided=_now())
        self._keep(f"Proposal {proposal + 1} of {len(self.ledger.page.statements)}: {decision.decision}.", quiet=quiet)

    def add(self, changes: dict[str, Any], *, quiet: bool = False) -> None:
        """Keep an added statement, then tell."""
        self.ledger.add(changes, officer=self.officer, decided=_now())
        self._keep("Added.", quiet=quiet)

    def _keep(self, told: str, *, quiet: bool = False) -> None:
        write_durably(self.path, self.ledger.to_lines())
        if not quiet:
            click.echo(told)

    def summary(self) -> str:
        """Return how far the deciding has come, and where it is kept."""
        total, done = len(self.ledger.page.statements), len(self.ledger.decided)
        added = f", {len(self.ledger.added)} added" if self.ledger.added else ""
        kept = f"Kept in {self.path}" if self.ledger.entries else "Nothing is kept yet."
        return f"{done} of {total} decided, {total - done} open{added}. {kept}"

    # ------------------------------------------------------------ a script
    def decide_all(self, script: Script, *, quiet: bool) -> None:
        """Take the decisions of a script; what it leaves out stays open, what was decided before stays as it is."""
        chosen, added = script
        for proposal in range(len(self.ledger.page.statements)):
            if proposal in chosen and proposal not in self.ledger.decided:
                self.decide(proposal, chosen[proposal], quiet=quiet)
        for changes in added:
            if not self.ledger.has(changes):
                self.add(changes, quiet=quiet)

    # ------------------------------------------------------------ a person
    def ask_all(self) -> bool:
        """Ask for each open decision; return False when the person was cut off (end of input, interrupt)."""
        stopped = False
        try:
            while not stopped:
                proposal = self.ledger.next_proposal
                stopped = self._ask_at_end() if proposal is None else self._ask(proposal)
        except click.Abort:
            click.echo()
            return self.ledger.next_proposal is None
        return True

    def _ask(self, proposal: int) -> bool:
        click.echo(f"\nProposal {proposal + 1} of {len(self.ledger.page.statements)}")
        statement = self.ledger.page.statements[proposal].to_json()
        show_statement(statement)
        key = _key(PROMPT, (*DECIDING, *ANY_TIME))
        if key not in DECIDING:
            return self._any_time(key)
        if key == "e":
            changes = ask_changes(self.ledger.page, statement)
            if not changes:  # a slip of the pen must not confirm what the person meant to change
                click.echo("Nothing is changed; the proposal stays open.")
                return False
            self.decide(proposal, Decision(EDITED, changes))
        else:
            self.decide(proposal, Decision(CONFIRMED if key == "c" else REJECTED))
        return False

    def _ask_at_end(self) -> bool:
        click.echo()
        return self._any_time(_key(PROMPT_AT_END, ANY_TIME))

    def _any_time(self, key: str) -> bool:
        """Do what may be done at any time; return whether the person stops."""
        if key == "a":
            self._ask_added()
        elif key == "p":
            show_article(self.ledger.page)
        elif key == "u":
            self._undo()
        elif key == "?":
            show_keys()
        return key == "s"

    def _ask_added(self) -> None:
        click.echo("A statement that the rules missed. Its words first, copied from the page as they stand.")
        words = ask_value("words", None, self.ledger.page)
        if words is None:
            return
        blank = Ledger(self.ledger.page)
        blank.add({"words": words}, officer=None, decided="")
        changes = {"words": words} | ask_changes(self.ledger.page, blank.added[0])
        try:
            self.add(changes)
        except Misuse as error:
            _tell(error)

    def _undo(self) -> None:
        try:
            self.ledger.take_back()
        except Misuse as error:
            _tell(error)
            return
        self._keep("The last decision is taken back.")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _tell(error: Misuse) -> None:
    click.echo(f"error: {shown(error.message)}\nhint: {shown(error.hint)}")


def _key(prompt: str, keys: tuple[str, ...]) -> str:
    return str(click.prompt(prompt, type=click.Choice(keys), show_choices=False))


# ---------------------------------------------------------------- dates
def is_date(text: str) -> bool:
    """Tell whether a text is a day, or a day and a time, as dates are entered."""
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return DAY_OR_MOMENT.fullmatch(text) is not None


def ask_date() -> tuple[str | None, str | None]:
    """Ask for the date that the page does not state; an empty answer leaves it not stated."""
    click.echo(f"Date of the page: {NOT_STATED}. Without it, words such as Tuesday stay words.")
    published = click.prompt(
        "Its date as you know it (2017-12-04 or 2017-12-04T09:00), or Enter to leave it not stated",
        default="",
        show_default=False,
        value_proc=_entered_date,
    )
    if not published:
        return None, None
    zone = click.prompt("Its zone (UTC, +09:00), or Enter to leave it not stated", default="", show_default=False)
    return published, zone or None


def _entered_date(text: str) -> str:
    if text and not is_date(text):
        raise click.BadParameter("That is no date. Write it as 2017-12-04 or 2017-12-04T09:00.")
    return text


# ---------------------------------------------------------------- fields
def ask_changes(page: Page, statement: dict[str, Any]) -> dict[str, Any]:
    """Ask for fields and their new values until an empty answer."""
    changes: dict[str, Any] = {}
    click.echo(f"Fields: {', '.join(EDITABLE)}.")
    while name := click.prompt("Field, or Enter to finish", default="", show_default=False):
        if name not in EDITABLE:
            click.echo(f"error: A statement has no field {shown(name)!r} that can be edited.")
            continue
        value = ask_value(name, rendered(name, statement | changes), page)
        if value is not None:
            changes[name] = None if value is NOTHING else value
    return changes


NOTHING = object()  # typed as a dash: the field is not stated


def ask_value(name: str, now: str | None, page: Page) -> Any:
    """Ask for one field's new value: NOTHING for not stated, None when the person leaves it or it is not allowed."""
    if now is not None:
        click.echo(f"  {name} is: {now}")
    typed = click.prompt(f"New value ({form_of(name)}), or Enter to leave it", default="", show_default=False)
    if not typed:
        return None
    value = typed_value(name, typed)
    try:
        check_change(name, value, page)
    except Misuse as error:
        _tell(error)
        return None
    return NOTHING if value is None else value


def form_of(name: str) -> str:
    """Return how a field's value is typed."""
    if name in FLAGS:
        return "yes or no"
    if name in CHOICES:
        return ", ".join("- for not stated" if one is None else one for one in CHOICES[name])
    if name in LISTS:
        return "entries between ; or - for none"
    return {"words": "as they stand on the page", "said": "2017-12-13, or - for not stated"}.get(
        name, "text, or - for not stated"
    )


def typed_value(name: str, typed: str) -> object:
    """Return what a person typed as the value of a field."""
    if name in FLAGS:
        return {"yes": True, "no": False}.get(typed.lower(), typed)
    if name in LISTS:
        return [] if typed == "-" else [text.strip() for text in typed.split(";")]
    return None if typed == "-" else typed


# ---------------------------------------------------------------- scripts
def scripted(file: IO[bytes]) -> Script:
    """Return the decisions in a JSON list: [{"proposal": 1, "decision": "confirmed"}, ...]; raises Misuse."""
    data = file.read(DECISIONS_BYTES_MAX + 1)
    hint = 'It is a JSON list such as [{"proposal": 1, "decision": "confirmed"}].'
    try:
        entries = json.loads(data) if len(data) <= DECISIONS_BYTES_MAX else None
    except (ValueError, RecursionError):
        entries = None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise Misuse("The file of decisions cannot be read.", hint=hint)
    chosen: dict[int, Decision] = {}
    added: list[dict[str, Any]] = []
    for entry in entries:
        decision = parse_decision({name: value for name, value in entry.items() if name != "proposal"})
        number = entry.get("proposal")
        if decision.decision == ADDED:
            added.append(decision.changes)
            continue
        if not isinstance(number, int) or number - 1 in chosen:
            raise Misuse(f"{number!r} is no number of a proposal, or stands twice.", hint=hint)
        chosen[number - 1] = decision
    return chosen, added
