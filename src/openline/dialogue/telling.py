"""Whoever passed a message on must tell that unit when its author changes it: "you told X: tell them"."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from openline.dialogue.book import Book
from openline.dialogue.reading import words
from openline.dialogue.said import Said
from openline.identifiers import PartyNumber


@dataclass(frozen=True, slots=True)
class Untold:
    """`unit` was told of a message that its author has since changed, and has not been told of `change`."""

    change: Said
    unit: str


def untold(book: Book, party: PartyNumber, said: Said) -> tuple[Untold, ...]:
    """Return whom `party` passed this message on to and has not yet told of its author's latest change of it.

    Told is who is named in a PASSED ON of that change, or of a later change of the change: a signed statement.
    """
    changes = book.changes(said)
    if not changes:
        return ()
    latest = changes[-1]
    told = units(book, party, [said])
    since = units(book, party, [latest, *book.changes(latest)])
    return tuple(Untold(latest, unit) for unit in told if unit not in since)


def units(book: Book, party: PartyNumber, messages: Iterable[Said]) -> tuple[str, ...]:
    """Return the units to which `party` has passed any of these messages on, each once."""
    found: dict[str, None] = {}
    for message in messages:
        for said in book.naming(message.ref):
            rule = book.rule(said)
            if said.party == party and rule.code == "PASSED-ON" and not book.retracted(said):
                found[words(rule.kind, said.statement.body, "unit")] = None
    return tuple(sorted(found))
