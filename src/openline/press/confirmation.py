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
from openline.press import details
from openline.press.copies import sketch
from openline.press.page import Page
from openline.press.quotations import find_quotations, split_sentences
from openline.press.statement import DIRECT, REPORTED, Statement
from openline.press.tables import WORD

CONFIRMED, EDITED, REJECTED, ADDED = "confirmed", "edited", "rejected", "added"
FORMAT = "openline-press-1"
OFFICER_NUMBER_MAX = 255  # officers have one byte on every roster
TEXT_CHARACTERS_MAX = 2_000  # of one edited field
ADDED_MAX = 1_000  # statements added to one page by hand; the longest transcripts hold a few hundred
QUOTED_WORDS_MIN = 2  # quoted together, for an added statement to be direct, as for the proposed ones
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
    if word not in (CONFIRMED, EDITED, REJECTED, ADDED):
        raise Misuse(f"{word!r} is no decision.", hint=f"Use {CONFIRMED}, {EDITED}, {REJECTED} or {ADDED}.")
    if not isinstance(changes, dict) or (word in (EDITED, ADDED)) != bool(changes):
        raise Misuse("Exactly an edited or added statement has changes.", hint="See docs/press.md.")
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
        written = date.fromisoformat(str(value)).isoformat() == value
    except ValueError:
        written = False
    if not written:  # 20171213 and 2017-W50-3 are days too, but one day has one form
        raise Misuse(f"{value!r} is no day.", hint="Write it as 2017-12-13, or null for not stated.")


@dataclass(slots=True)
class Ledger:
    """The decisions on one page's proposals so far.  The next to decide is `next_proposal`; None when all are."""

    page: Page
    entries: list[dict[str, Any]] = field(default_factory=list)

    @property
    def decided(self) -> set[int]:
        """The indexes of the proposals with a decision."""
        return {entry["proposal"] for entry in self.entries if entry["proposal"] is not None}

    @property
    def added(self) -> list[dict[str, Any]]:
        """The statements that a person added."""
        return [entry["statement"] for entry in self.entries if entry["decision"] == ADDED]

    @property
    def next_proposal(self) -> int | None:
        """The index of the first proposal without a decision."""
        decided = self.decided
        return next((place for place in range(len(self.page.statements)) if place not in decided), None)

    def decide(self, proposal: int, decision: Decision, *, officer: int | None, decided: str) -> None:
        """Record a decision.  `decided` is the time in UTC; `officer` a roster number.

        Raises Misuse, and records nothing, for a proposal that is not there or already decided, an officer that is no
        number of a roster, or an edit that is not allowed.  Next, write `to_lines` durably before asking further.
        """
        if proposal not in range(len(self.page.statements)) or proposal in self.decided:
            raise Misuse(f"Proposal {proposal} is not there or already decided.", hint="Ask for next_proposal.")
        self._check(officer, decision.changes)
        proposed = self.page.statements[proposal].to_json()
        statement = None if decision.decision == REJECTED else _edited(proposed, decision.changes, self.page)
        kept = proposed if decision.decision != CONFIRMED else None
        self._record(proposal, decision.decision, officer, decided, statement, kept)

    def add(self, changes: dict[str, Any], *, officer: int | None, decided: str) -> None:
        """Record a statement that the rules missed: its `words`, which must stand on the page, and any other field.

        Raises Misuse, and records nothing, without words, for a field that may not have this value, or for words that
        were added before with the same fields.  Next, write `to_lines` durably.
        """
        if self.has(changes):
            raise Misuse("This statement was added before.", hint="Nothing needs to be done.")
        if len(self.added) >= ADDED_MAX:
            raise Misuse(f"More than {ADDED_MAX:,} statements were added.", hint="Hand in one article at a time.")
        self._check(officer, changes)
        self._record(None, ADDED, officer, decided, _blank(changes, self.page), None)

    def has(self, changes: dict[str, Any]) -> bool:
        """Tell whether a statement with just these fields was added before; raises Misuse when it may not be."""
        self._check(None, changes)
        if "words" not in changes:
            raise Misuse("An added statement has words.", hint="Copy them from the paragraph as they stand.")
        return _blank(changes, self.page) in self.added

    def take_back(self) -> None:
        """Drop the last decision, so that it is asked for again.  Next, write `to_lines` durably; raises Misuse."""
        if not self.entries:
            raise Misuse("Nothing is decided yet.", hint="Decide on the proposal shown.")
        self.entries.pop()

    def _check(self, officer: int | None, changes: dict[str, Any]) -> None:
        if officer is not None and officer not in range(1, OFFICER_NUMBER_MAX + 1):
            raise Misuse(f"{officer} is no officer's number.", hint="Use the number on the roster, 1 to 255.")
        for name, value in changes.items():
            check_change(name, value, self.page)

    def _record(
        self,
        proposal: int | None,
        decision: str,
        officer: int | None,
        decided: str,
        statement: dict[str, Any] | None,
        proposed: dict[str, Any] | None,
    ) -> None:
        self.entries.append(
            {
                "proposal": proposal,
                "decision": decision,
                "officer": officer,
                "decided": decided,
                "page_sha256": self.page.sha256,
                "statement": statement,
                "proposed": proposed,
            }
        )

    def to_json(self) -> dict[str, Any]:
        """Return the record as one JSON object: the page, the decisions, and the numbers of the open proposals."""
        open_ones = [place for place in range(len(self.page.statements)) if place not in self.decided]
        head = {name: value for name, value in self._head().items() if name != "sketch"}
        return {"page": head, "decisions": self.entries, "open": open_ones}

    def to_lines(self) -> str:
        """Return the record as JSON lines: the page, then the decisions."""
        lines = (self._head(), *self.entries)
        return "".join(json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n" for line in lines)

    def _head(self) -> dict[str, Any]:
        article = self.page.article
        return {
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


def _edited(proposed: dict[str, Any], changes: dict[str, Any], page: Page) -> dict[str, Any]:
    statement = proposed | (_standing(changes["words"], proposed["paragraph"], page) if "words" in changes else {})
    statement |= changes
    if changes.get("said") is not None:
        day = changes["said"]
        statement["said"] = {"words": None, "from": day, "to": day, "derived": False, "carried": False, "entered": True}
    statement["derived"] = [name for name in proposed["derived"] if name not in changes]
    return statement


def _standing(words: str, paragraph: int, page: Page) -> dict[str, Any]:
    """Return what follows from where words stand on the page: their paragraph, sentence, quotations, insertions."""
    paragraphs = page.article.paragraphs
    if words not in paragraphs[paragraph]:
        paragraph = next(place for place, text in enumerate(paragraphs) if words in text)
    text = paragraphs[paragraph]
    start = text.index(words)
    end = start + len(words)
    found = find_quotations(text)
    wholly = any(one.start <= start and end <= one.end for one in found)
    inside = [one.words(text) for one in found if start <= one.start and one.end <= end]
    sentences = split_sentences(text, found)
    context = next((text[first:last] for first, last in sentences if first <= start and end <= last), text)
    return {
        "paragraph": paragraph,
        "context": context,
        "quoted": [words] if wholly else inside,
        "inserted": list(details.insertions_of(words, wholly_quoted=wholly)),
    }


def _blank(changes: dict[str, Any], page: Page) -> dict[str, Any]:
    """Return an added statement: what the person said of it, and nothing that they did not."""
    words = changes["words"]
    standing = _standing(words, 0, page)
    direct = any(len(WORD.findall(quoted)) >= QUOTED_WORDS_MIN for quoted in standing["quoted"])
    blank = Statement(None, words, 0, DIRECT if direct else REPORTED, "").to_json()
    return _edited(blank, changes, page)


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
    if not isinstance(entry, dict) or "statement" not in entry:
        return False
    if entry.get("decision") == ADDED:
        return entry.get("proposal", 0) is None and isinstance(entry["statement"], dict)
    proposal = entry.get("proposal")
    known = isinstance(proposal, int) and proposal in range(total)
    return known and entry.get("decision") in (CONFIRMED, EDITED, REJECTED)


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
    for entry in entries:
        if entry["decision"] != ADDED and _as_proposed(entry) != page.statements[entry["proposal"]].to_json():
            raise Misuse(
                "The record was made from other proposals than these: the rules have changed since.",
                hint="Its decisions stand. Move it away to decide on the new proposals.",
            )
    return Ledger(page, entries)


def _as_proposed(entry: dict[str, Any]) -> object:
    """Return what was proposed to the person who decided."""
    return entry["statement"] if entry["decision"] == CONFIRMED else entry.get("proposed")
