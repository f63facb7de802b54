"""Two messages crossed if neither author knew the other's when it was written.

An author knew a message if its party had acknowledged or answered it before: an earlier place in the same log, where
no clock is needed, or an earlier time by the same party's clocks when the acknowledgement came from another station.
Where its party owes no answer, and so acknowledges nothing, its station's *presented* receipt stands in.

A message that an officer's screen showed while he was writing is not one that he knew: between *presented* and
*acknowledged* two messages cross.
"""

from __future__ import annotations

from openline.dialogue.book import CHAIN_MAX, Book
from openline.dialogue.dialogues import Setting, addressees
from openline.dialogue.said import Said
from openline.wire.payloads import ReceiptState


def crossed(book: Book, setting: Setting, one: Said, two: Said) -> bool:
    """Return whether two messages of different parties crossed; an answer never crosses what it answers."""
    if one.party == two.party or _leads_to(book, one, two) or _leads_to(book, two, one):
        return False
    return not _knew(book, setting, one, two) and not _knew(book, setting, two, one)


def _leads_to(book: Book, said: Said, other: Said) -> bool:
    above: Said | None = said
    for _ in range(CHAIN_MAX):
        if above is None or above is other:
            break
        above = book.named_by(above)
    return above is other


def _knew(book: Book, setting: Setting, writer: Said, other: Said) -> bool:
    """Return whether the author of `writer` knew `other`."""
    for said in book.naming(other.ref):
        if said.party != writer.party:
            continue
        same_log = said.station == writer.station and said.generation == writer.generation
        before = said.seq < writer.seq if same_log else said.statement.authored < writer.statement.authored
        if before:
            return True
    if book.owes(other) is not None and writer.party in addressees(other, setting):
        return False
    written = writer.statement.authored
    shown = [fact for fact in setting.evidence.receipts(*other.place) if fact.state is ReceiptState.PRESENTED]
    return any(fact.station == writer.station and fact.time < written for fact in shown)
