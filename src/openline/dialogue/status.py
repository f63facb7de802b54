"""The five statuses of a message, for each addressee and station: stored, presented, acknowledged, passed on, answered.

None is ever shown without the signature that proves it: a receipt of the station (stored, presented), or a statement
of the officer's (acknowledged, passed on, answered), named by its digest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from openline.dialogue.book import Book
from openline.dialogue.dialogues import ReceiptFact, Setting, addressees
from openline.dialogue.reading import words
from openline.dialogue.said import Said, in_order
from openline.dialogue.thread import Thread
from openline.identifiers import Digest, PartyNumber, StationId
from openline.wire.payloads import ReceiptState


@dataclass(frozen=True, slots=True)
class Mark:
    """One status at one station.

    signer  the officer's number; 0: the station itself signed
    time    by the signer's clock, UTC seconds
    proof   what proves it: the receipt's name for a receipt, the digest of the statement otherwise
    words   of *passed on*: the unit; of *answered*: the reply's code
    """

    station: StationId
    signer: int
    time: int
    proof: bytes
    words: str = ""


@dataclass(frozen=True, slots=True)
class AddresseeStatus:
    """What one member has signed about a message.  `action`: it owes the answer; else it is told for information."""

    party: PartyNumber
    action: bool
    stored: tuple[Mark, ...]
    presented: tuple[Mark, ...]
    acknowledged: tuple[Mark, ...]
    passed_on: tuple[Mark, ...]
    answered: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class MessageStatus:
    """The statuses of one message, an item for each member other than its author."""

    digest: Digest
    addressees: tuple[AddresseeStatus, ...]

    def marks(self, name: str) -> list[Mark]:
        """Return the marks of one status ("stored", "presented", …) of all addressees."""
        return [mark for addressee in self.addressees for mark in getattr(addressee, name)]


STATUSES = ("stored", "presented", "acknowledged", "passed_on", "answered")


def status_of(
    book: Book, said: Said, setting: Setting, receipts: Iterable[ReceiptFact], threads: Iterable[Thread]
) -> MessageStatus:
    """Return the five statuses of a message.

    receipts  verified ones that cover it, the first of each state and station
    threads   its dialogues (`dialogues.threads_of`): only a reply that closed one has answered
    """
    facts = sorted(receipts, key=lambda fact: (fact.station, fact.time))
    answers = {thread.party: thread.answer for thread in threads if thread.answer is not None}
    naming = in_order(each for each in book.naming(said.ref) if not book.retracted(each))
    action = addressees(said, setting)
    others = setting.others(said)
    return MessageStatus(
        said.digest, tuple(_of(book, party, action, facts, naming, answers.get(party)) for party in others)
    )


def _of(
    book: Book,
    party: PartyNumber,
    action: Collection[PartyNumber],
    facts: Sequence[ReceiptFact],
    naming: Sequence[Said],
    answer: Said | None,
) -> AddresseeStatus:
    mine = [fact for fact in facts if fact.station >> 8 == party]
    theirs = [each for each in naming if each.party == party]
    return AddresseeStatus(
        party=party,
        action=party in action,
        stored=_receipted(mine, ReceiptState.STORED),
        presented=_receipted(mine, ReceiptState.PRESENTED),
        acknowledged=tuple(_signed(each) for each in theirs if book.rule(each).code == "ACKNOWLEDGED"),
        passed_on=tuple(
            _signed(each, words(book.rule(each).kind, each.statement.body, "unit"))
            for each in theirs
            if book.rule(each).code == "PASSED-ON"
        ),
        answered=() if answer is None else (_signed(answer, book.rule(answer).code),),
    )


def _receipted(facts: Sequence[ReceiptFact], state: ReceiptState) -> tuple[Mark, ...]:
    """Return a mark for each station, the first; presented implies stored, and proves it."""
    marks: dict[StationId, Mark] = {}
    for fact in facts:
        if fact.state >= state and fact.station not in marks:
            marks[fact.station] = Mark(fact.station, 0, fact.time, fact.proof)
    return tuple(marks.values())


def _signed(said: Said, about: str = "") -> Mark:
    return Mark(said.station, said.statement.officer, said.statement.authored, said.digest, about)
