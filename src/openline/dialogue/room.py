"""Which statements a full desk sets aside.

A message and what was said of it (replies, changes, the same said again) leave together: without its answers a message
would be open again.  First go those that have ended, the oldest first; of these first what only parties said that have
more than their share of the room.  What is open goes last, and only the words of such parties, so that no flood pushes
another party's open messages out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from enum import IntEnum

from openline.dialogue.book import Book
from openline.dialogue.said import Said

Family = list[Said]


class _Turn(IntEnum):
    """In which turn statements leave."""

    ENDED_OF_FLOODERS = 0
    ENDED = 1
    OPEN_OF_FLOODERS = 2
    WORDS_OF_FLOODERS = 3


def to_set_aside(book: Book, is_live: Callable[[Said], bool], room: int) -> list[Said]:
    """Return what is to leave so that no more than `room` statements are held.

    is_live: whether an answer to a statement is still owed, or it opened a crisis that is not closed.
    """
    held = Counter(said.party for said in book.said.values())
    share = room // len(held)
    flooders = frozenset(party for party, count in held.items() if count > share)
    turns: list[tuple[_Turn, int, Family]] = []
    for family in families(book):
        turns += _turns(family, flooders, live=any(is_live(said) for said in family))
    turns.sort(key=lambda turn: turn[:2])
    leaving: list[Said] = []
    for _, _, family in turns:
        if len(leaving) < len(book) - room and any(held[said.party] > share for said in family):
            leaving += family
            held.subtract(said.party for said in family)
    return leaving


def _turns(family: Family, flooders: frozenset[int], *, live: bool) -> list[tuple[_Turn, int, Family]]:
    """Return when a family, or what of it, leaves: turn, and arrival in UTC seconds."""
    theirs = [said for said in family if said.party in flooders]
    arrived = family[0].arrived
    if live and len(theirs) < len(family):
        return [(_Turn.WORDS_OF_FLOODERS, said.arrived, [said]) for said in theirs]
    if live:
        return [(_Turn.OPEN_OF_FLOODERS, arrived, family)]
    return [(_Turn.ENDED_OF_FLOODERS if len(theirs) == len(family) else _Turn.ENDED, arrived, family)]


def families(book: Book) -> list[Family]:
    """Return the statements held, each message with what was said of it, and what was said of that; the message first.

    A reply that asks for an answer of its own (a counterproposal, a question for more) belongs to what it replies to.
    """
    heads: dict[bytes, Said] = {}
    for said in book.said.values():
        way: list[Said] = []
        head = said
        while head.ref not in heads and (above := belongs_to(book, head)) is not None:
            way.append(head)
            head = above
        head = heads.get(head.ref, head)
        heads |= {each.ref: head for each in (head, *way)}
    found: dict[bytes, Family] = {head.ref: [head] for head in heads.values()}
    for ref, head in heads.items():
        if ref != head.ref:
            found[head.ref].append(book.said[ref])
    return list(found.values())


def belongs_to(book: Book, said: Said) -> Said | None:
    """Return the message held here that a reply, a change or a repetition is about; None for any other statement."""
    rule, above = book.rule(said), book.named_by(said)
    if above is None or not (rule.is_reply or rule.is_change or above.statement.kind == said.statement.kind):
        return None
    return above
