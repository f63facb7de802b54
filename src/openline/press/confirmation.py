"""A person's decision on each proposal, and the record of them that a ledger of signals can read.

Nothing is a statement of anybody until an officer has confirmed it.  The officer is a number on the roster, never a
name.  The record is a list of lines: the page first, then one line for each decision, in the order of the proposals.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from openline.errors import Misuse
from openline.press.copies import sketch
from openline.press.page import Page

CONFIRMED, EDITED, REJECTED = "confirmed", "edited", "rejected"
FORMAT = "openline-press-1"
OFFICER_NUMBER_MAX = 255  # officers have one byte on every roster
TEXT_CHARACTERS_MAX = 2_000  # of one edited field
TEXTS = ("speaker", "office", "party", "topic", "commitment", "hedge", "form", "attribution")
FLAGS = ("named", "declined", "joint")
LISTS = ("conditions", "via", "inserted")
CHOICES = {
    "form": ("direct", "reported"),
    "commitment": ("none", "offered", "conditional", "firm", None),
    "attribution": ("speaker", "outlet"),
}
EDITABLE = (*TEXTS, *FLAGS, *LISTS, "words", "said")


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided on one proposal; `changes` holds the fields they edited, with the new values."""

    decision: str
    changes: dict[str, Any] = field(default_factory=dict)


def parse_decision(value: object) -> Decision:
    """Return the decision written as JSON: {"decision": "edited", "changes": {"speaker": null}}; raises Misuse."""
    if not isinstance(value, dict) or value.keys() - {"decision", "changes"}:
        raise Misuse("A decision is an object with `decision` and, when edited, `changes`.", hint="See docs/press.md.")
    word, changes = value.get("decision"), value.get("changes", {})
    if word not in (CONFIRMED, EDITED, REJECTED):
        raise Misuse(f"{word!r} is no decision.", hint=f"Use {CONFIRMED}, {EDITED} or {REJECTED}.")
    if not isinstance(changes, dict) or (word == EDITED) != bool(changes):
        raise Misuse("Exactly an edited statement has changes.", hint="See docs/press.md.")
    return Decision(word, changes)


def check_change(name: str, value: object, page: Page) -> None:
    """Raise Misuse unless a person may give this field this value; edited words must stand on the page."""
    hint = "See docs/press.md for the fields and their forms."
    if name in LISTS:
        if not isinstance(value, list) or not all(
            isinstance(text, str) and 0 < len(text) <= TEXT_CHARACTERS_MAX for text in value
        ):
            raise Misuse(f"{name} is a list of texts.", hint=hint)
    elif name in FLAGS:
        if not isinstance(value, bool):
            raise Misuse(f"{name} is true or false.", hint=hint)
    elif name == "words":
        if (
            not isinstance(value, str)
            or not value
            or not any(value in paragraph for paragraph in page.article.paragraphs)
        ):
            raise Misuse("The words must stand on the page as they are.", hint="Copy them from the paragraph shown.")
    elif name == "said":
        _check_day(value)
    elif name in TEXTS:
        if value is not None and (not isinstance(value, str) or not 0 < len(value) <= TEXT_CHARACTERS_MAX):
            raise Misuse(f"{name} is a text, or null for not stated.", hint=hint)
        if name in CHOICES and value not in CHOICES[name]:
            raise Misuse(f"{value!r} is not one of the values of {name}.", hint=hint)
    else:
        raise Misuse(f"A statement has no field {name!r} that can be edited.", hint=f"Fields: {', '.join(EDITABLE)}.")


def _check_day(value: object) -> None:
    if value is None:
        return
    try:
        date.fromisoformat(str(value))
    except ValueError:
        raise Misuse(f"{value!r} is no day.", hint="Write it as 2017-12-13, or null for not stated.") from None


@dataclass(slots=True)
class Ledger:
    """The decisions on one page's proposals so far.  The next to decide is `next_proposal`; None when all are."""

    page: Page
    entries: list[dict[str, Any]] = field(default_factory=list)

    @property
    def next_proposal(self) -> int | None:
        """The index of the first proposal without a decision."""
        decided = {entry["proposal"] for entry in self.entries}
        return next((place for place in range(len(self.page.statements)) if place not in decided), None)

    def decide(self, proposal: int, decision: Decision, *, officer: int | None, decided: str) -> None:
        """Record a decision.  `decided` is the time in UTC; `officer` a roster number.

        Raises Misuse, and records nothing, for a proposal that is not there or already decided, an officer that is no
        number of a roster, or an edit that is not allowed.  Next, write `to_lines` durably before asking further.
        """
        if proposal not in range(len(self.page.statements)) or any(
            entry["proposal"] == proposal for entry in self.entries
        ):
            raise Misuse(f"Proposal {proposal} is not there or already decided.", hint="Ask for next_proposal.")
        if officer is not None and officer not in range(1, OFFICER_NUMBER_MAX + 1):
            raise Misuse(f"{officer} is no officer's number.", hint="Use the number on the roster, 1 to 255.")
        for name, value in decision.changes.items():
            check_change(name, value, self.page)
        proposed = self.page.statements[proposal].to_json()
        self.entries.append(
            {
                "proposal": proposal,
                "decision": decision.decision,
                "officer": officer,
                "decided": decided,
                "page_sha256": self.page.sha256,
                "statement": None if decision.decision == REJECTED else _edited(proposed, decision.changes),
                "proposed": proposed if decision.decision != CONFIRMED else None,
            }
        )

    def to_lines(self) -> str:
        """Return the record as JSON lines: the page, then the decisions."""
        article = self.page.article
        head = {
            "format": FORMAT,
            "page_sha256": self.page.sha256,
            "proposals": len(self.page.statements),
            "title": article.title,
            "outlet": article.outlet,
            "outlet_basis": article.outlet_basis,
            "published": article.published,
            "published_entered": self.page.date_entered,
            "zone": article.zone,
            "embargo": article.embargo,
            "sketch": sketch(self.page.shingles),
        }
        return "".join(json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n" for line in (head, *self.entries))


def _edited(proposed: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    statement = proposed | changes
    if changes.get("said") is not None:
        day = changes["said"]
        statement["said"] = {"words": None, "from": day, "to": day, "derived": False, "carried": False, "entered": True}
    statement["derived"] = [name for name in proposed["derived"] if name not in changes]
    return statement


def read_head(text: str) -> dict[str, Any]:
    """Return the first line of a record; raises Misuse when the text is none."""
    try:
        head = json.loads(text.split("\n", 1)[0])
    except ValueError:
        head = None
    if not isinstance(head, dict) or head.get("format") != FORMAT or not _is_head(head):
        raise Misuse("This file is no record of decisions.", hint="Move it out of the store and run the command again.")
    return head


def _is_head(head: dict[str, Any]) -> bool:
    hashes = head.get("sketch")
    texts = all(isinstance(head.get(name), str | None) for name in ("outlet", "published", "zone"))
    counted = isinstance(head.get("page_sha256"), str) and isinstance(head.get("proposals"), int)
    return texts and counted and isinstance(hashes, list) and all(isinstance(one, int) for one in hashes)


def _is_entry(entry: object, total: int) -> bool:
    return isinstance(entry, dict) and entry.get("proposal") in range(total) and "decision" in entry


def resume(page: Page, text: str) -> Ledger:
    """Return the decisions already recorded for this page.

    Raises Misuse when the record is another page's, or its proposals were made with other rules or another date: then
    the decisions no longer fit, and a person must decide again.
    """
    head = read_head(text)
    same = head["page_sha256"] == page.sha256 and head["proposals"] == len(page.statements)
    if not same or head["published"] != page.article.published:
        raise Misuse(
            "The record was made from other proposals than these.",
            hint="Give the same --published as before, or move the record away to decide again.",
        )
    try:
        entries = [json.loads(line) for line in text.split("\n")[1:] if line]
    except ValueError:
        entries = [None]
    if not all(_is_entry(entry, len(page.statements)) for entry in entries):
        raise Misuse("The record is damaged.", hint="Restore it from a backup, or move it away to decide again.")
    return Ledger(page, entries)
