"""LATE: stored later than its precedence allows, or stored or shown when it held no longer.

For what others said our own clock decides, against the time that they claim to have written it; for what we said, the
time in each receiver's signed receipt.
"""

from __future__ import annotations

from openline.delivery.accepting import place_key
from openline.delivery.judge import Judged
from openline.delivery.outbox import valid_until
from openline.delivery.rows import SHOWN
from openline.dialogue.rules import Rules
from openline.dialogue.status import MessageStatus
from openline.engine.meaning import Meaning
from openline.identifiers import party_of
from openline.ports import Append, Instant
from openline.wire.numbers import u32
from openline.wire.statement import Statement

LATE = "late"  # line · author · generation · seq -> UTC seconds at which it was stored here, if that was late


def stored_by(rules: Rules, statement: Statement) -> int:
    """Return until when a statement is stored in time, UTC seconds."""
    limit = statement.authored + rules.times[statement.precedence].stored_s
    until = valid_until(statement)
    return limit if until is None else min(limit, until)


def note_arrival(meaning: Meaning, judged: Judged, utc: int) -> None:
    """Keep when another's statement was stored here, if that was late."""
    state = meaning.line.state
    if judged.author != state.me and utc > stored_by(meaning.desk.book.rules, judged.entry.statement):
        state.given.out.keep(LATE, place_key(state, judged.author, judged.generation, judged.entry.seq), u32(utc))


def late_s(meaning: Meaning, row: Append, statement: Statement, status: MessageStatus, now: Instant) -> int | None:
    """Return by how many seconds a message came LATE, or is late by now; None if it is in time.

    Of what we said: the latest of its addressees counts.
    """
    if party_of(row.author) == meaning.line.state.party:
        limit = stored_by(meaning.desk.book.rules, statement)
        times = [min((mark.time for mark in each.stored), default=now.utc) for each in status.addressees]
        return max((time - limit for time in times if time > limit), default=None)
    state = meaning.line.state
    key = place_key(state, row.author, row.generation, row.seq)
    kept, shown = state.given.out.value(LATE, key), state.given.out.value(SHOWN, key)
    found = []
    if kept is not None:
        found.append(int.from_bytes(kept, "big") - stored_by(meaning.desk.book.rules, statement))
    until = valid_until(statement)
    seen = now.utc if shown is None else int.from_bytes(shown, "big")
    if until is not None and seen > until:
        found.append(seen - until)
    return max(found, default=None)
