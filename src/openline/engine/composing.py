"""What is looked at before an officer's words are signed: that they are about what they may be about, and in time."""

from __future__ import annotations

from openline.catalogue.kinds import CATALOGUE
from openline.dialogue.errors import UnknownMessage
from openline.engine.meaning import Meaning
from openline.wire.statement import Statement


def check_before_saying(meaning: Meaning, statement: Statement, utc: int, *, deliberate: bool) -> str:
    """Check what is about to be said; return a warning for its author, empty if there is none.

    deliberate: the officer took a second step to answer what came LATE.  Raises NotAnAnswer (it is no answer to that,
    or names what it may not be about), LateByOneKey, or CatalogueError.  A reply to a text that the desk no longer
    holds is let pass: a text owes no answer.
    """
    meaning.check(statement)
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
