"""The dialogues of a message: whom it asks, by when, and where each answer stands.  Functions over a book."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from openline.charter import Role
from openline.dialogue.book import Book
from openline.dialogue.judging import judge
from openline.dialogue.reading import embedded, moment
from openline.dialogue.rules import Rule
from openline.dialogue.said import Said, in_order
from openline.dialogue.states import CHANGES, Input, Standing
from openline.dialogue.thread import Ask, Thread, fold
from openline.identifiers import PartyNumber, StationId
from openline.wire.payloads import ReceiptState
from openline.wire.statement import Option

ENDS: dict[Standing, Input] = {
    Standing.REPLACED: Input.REPLACEMENT,
    **{standing: happening for standing, happening in CHANGES.values() if happening is not None},
}
"""What each standing is to the dialogues of the message."""


@dataclass(frozen=True, slots=True)
class ReceiptFact:
    """One verified receipt that covers a message: the first of its state by that station.

    time   the receiver's, UTC seconds
    proof  what to look the receipt up by
    """

    station: StationId
    state: ReceiptState
    time: int
    proof: bytes


class Evidence(Protocol):
    """Where verified receipts are looked up; the engine hands one in."""

    def receipts(self, author: StationId, generation: int, seq: int) -> Iterable[ReceiptFact]:
        """Return the first stored and the first presented receipt of each station that covers this place."""


class NoEvidence:
    """No receipt is known: for desks that only read the record."""

    def receipts(self, author: StationId, generation: int, seq: int) -> Iterable[ReceiptFact]:
        """Return nothing."""
        del author, generation, seq
        return ()


@dataclass(frozen=True, slots=True)
class Setting:
    """Who is on the line and where receipts are found.

    own      our party; `members` are all, ours included
    roles    of those members that are not plain parties: mediators and observers
    joined   of those members that joined later: the number of the charter by which they did
    """

    own: PartyNumber
    members: tuple[PartyNumber, ...]
    evidence: Evidence
    roles: Mapping[PartyNumber, Role] = field(default_factory=dict)
    joined: Mapping[PartyNumber, int] = field(default_factory=dict)

    @property
    def role(self) -> Role:
        """Our own role on the line."""
        return self.roles.get(self.own, Role.PARTY)

    def can_answer(self, party: PartyNumber) -> bool:
        """Return whether a member can owe a reply: observers say nothing of substance."""
        return self.roles.get(party) is not Role.OBSERVER

    def others(self, said: Said) -> tuple[PartyNumber, ...]:
        """Return the other members who were such under the charter that a message names: later ones never hear it."""
        charter = said.statement.charter
        return tuple(party for party in self.members if party != said.party and self.joined.get(party, 0) <= charter)


def addressees(said: Said, setting: Setting) -> tuple[PartyNumber, ...]:
    """Return the action addressees: of the others that answer, those named, else all of them."""
    named = said.statement.options.get(Option.ACTION)
    others = setting.others(said)
    chosen = [party for party in others if party in named] if isinstance(named, list) else others
    return tuple(party for party in chosen if setting.can_answer(party))


def ask_of(book: Book, setting: Setting, said: Said, rule: Rule) -> Ask:
    """Return what a message asks before anybody answers.  `rule`: by which it is answered (`Book.owes`)."""
    statement = said.statement
    return Ask(
        authored=statement.authored,
        due=book.rules.deadline(statement, rule),
        acknowledge_by=statement.authored + book.rules.times[statement.precedence].acknowledged_s,
        patience_s=book.rules.answer_s(rule, statement.precedence),
        expiry=_expiry(book, said, rule),
        end=ENDS.get(book.standing(said)),
        repeated=_repeated(book, said),
        stored_by=lambda party: _stored(setting, said, party),
    )


def _expiry(book: Book, said: Said, rule: Rule) -> int | None:
    """Return when a proposal ends by itself; a corrected one as its correction says.  `rule`: the proposal's own."""
    if rule.response != "P":
        return None
    for each in (said, book.original(said) or said):
        validity = each.statement.options.get(Option.VALIDITY)
        if isinstance(validity, list) and isinstance(validity[1], int):
            return validity[1]
    given = embedded(book.rule(said).kind, said.statement.body, "data")
    body = said.statement.body if given is None or given[0] != rule.kind.number else given[1]
    return moment(rule.kind, body, "expiry")


def _repeated(book: Book, said: Said) -> bool:
    """Return whether its author has said it again, and not retracted that."""
    return any(
        again.party == said.party and again.statement.kind == said.statement.kind and not book.retracted(again)
        for again in book.naming(said.ref)
    )


def _stored(setting: Setting, said: Said, party: PartyNumber) -> bool:
    if party == setting.own:
        return True
    return any(fact.station >> 8 == party for fact in setting.evidence.receipts(*said.place))


def threads_of(book: Book, setting: Setting, said: Said, utc: int) -> tuple[Thread, ...]:
    """Return the dialogue with each addressee of a message, at `utc` (UTC seconds); none if it asks for no answer."""
    rule = book.owes(said)
    if rule is None:
        return ()
    ask = ask_of(book, setting, said, rule)
    naming = book.naming(said.ref)
    threads = []
    for party in addressees(said, setting):
        theirs = in_order(each for each in naming if each.party == party) if naming else ()
        judged = [reply for each in theirs if (reply := judge(book, said, rule, each)) is not None]
        threads.append(fold(ask, party, judged, utc))
    return tuple(threads)


def promise(book: Book, said: Said) -> int | None:
    """Return by when the author promised to say more, UTC seconds; None if it did not, or has said more since.

    Only the newest of the message and its updates counts: an update without a new promise has kept the old one.
    """
    rule = book.rule(said)
    if not rule.promises or book.standing(said) not in (Standing.CURRENT, Standing.UPDATED, Standing.CORRECTED):
        return None
    kind = rule.kind
    body = said.statement.body
    for change in book.versions(said):
        given = embedded(book.rule(change).kind, change.statement.body, "changes") or embedded(
            book.rule(change).kind, change.statement.body, "data"
        )
        body = given[1] if given is not None and given[0] == kind.number else body
    return moment(kind, body, "next_update_by")
