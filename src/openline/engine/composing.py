"""What is looked at before an officer's words are signed: that they are about what they may be about, and in time."""

from __future__ import annotations

from openline.catalogue.kinds import CATALOGUE
from openline.dialogue.errors import UnknownMessage
from openline.engine.line_states import CLOSING, KIND, SUSPENDED
from openline.engine.meaning import Meaning
from openline.engine.views import party_code
from openline.wire.statement import Statement

AWAY = (SUSPENDED, CLOSING)


def check_before_saying(meaning: Meaning, statement: Statement, utc: int, *, deliberate: bool) -> str:
    """Check what is about to be said; return a warning for its author, empty if there is none.

    deliberate: the officer took a second step to answer what came LATE.  Raises NotAnAnswer (it is no answer to that,
    or names what it may not be about), LateByOneKey, Inadmissible (the catalogue lets others say it, R170 to R174), or
    CatalogueError.  A reply to a text that the desk no longer holds is let pass: a text owes no answer.
    """
    return "; ".join(
        part for part in (_fit(meaning, statement, utc, deliberate=deliberate), _line(meaning, statement)) if part
    )


def _line(meaning: Meaning, statement: Statement) -> str:
    """Return a warning if a party has said that nobody may read this for a while; nothing is held back for it."""
    if statement.kind == CATALOGUE.kind(KIND).number:
        return ""
    charter = meaning.line.state.documents.charter
    said = {one.party: meaning.line_state(one.party) for one in (charter.members if charter is not None else ())}
    away = {party: found.word for party, found in said.items() if found and found.word in AWAY}
    own = away.pop(meaning.line.state.party, "")
    words = [f"{party_code(meaning, party)} has said: {word}; it is stored there, and who will read it is not sure"
             for party, word in away.items()]  # fmt: skip
    if own:
        words.append(f"our own party has said: {own}; the others read that until `openline charter resume`")
    return "; ".join(words)


def _fit(meaning: Meaning, statement: Statement, utc: int, *, deliberate: bool) -> str:
    meaning.check(statement)
    meaning.check_permitted(statement, meaning.line.state.party)
    meaning.desk.check_reference(statement)
    rule = meaning.desk.book.rules.of(statement.kind)
    if rule.is_reply and statement.ref is not None:
        kind = CATALOGUE.kind(statement.kind)
        try:
            meaning.desk.check_reply(statement.ref, kind, statement.body, utc, deliberate=deliberate)
        except UnknownMessage:
            return ""
    warning = meaning.desk.deadline_warning(statement)
    if warning is None:
        return ""
    return (
        f"the answer is due {warning.late_s // 60} minutes after the event begins: set an earlier time with respond_by"
    )
