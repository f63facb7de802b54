"""What one statement is to the dialogue that it names: an answer, a wrong read-back, a delay, or nothing."""

from __future__ import annotations

from openline.catalogue.kinds.errors import CatalogueError
from openline.catalogue.kinds.read_back import wrong_read_back
from openline.dialogue.book import Book
from openline.dialogue.reading import moment
from openline.dialogue.rules import Rule, in_words, satisfies
from openline.dialogue.said import Said
from openline.dialogue.states import Input
from openline.dialogue.thread import Reply
from openline.wire.statement import Body

STAYING = {
    "STANDBY": Input.STANDBY,
    "TAKEN-TO-LEADERSHIP": Input.TAKEN_TO_LEADERSHIP,
    "NOT-UNDERSTOOD": Input.NOT_UNDERSTOOD,
}
RECEIPTS = frozenset({"ACKNOWLEDGED", "PASSED-ON"})
"""Officers' receipts: status, never an answer."""


def judge(book: Book, asked: Said, rule: Rule, said: Said, *, even_retracted: bool = False) -> Reply | None:
    """Return what `said` is to the dialogue that `asked` opened; None if its author retracted it.

    rule: by which `asked` is answered (`Book.asked`).  even_retracted: whether a retraction comes too late to count.
    """
    own = book.rule(said)
    if book.retracted(said) and not even_retracted:
        return None
    if not own.is_reply or own.code in RECEIPTS:
        return Reply(said, None, None)
    refusal = _refusal(book, rule, own, said)
    if refusal:
        return Reply(said, None, None, refusal=refusal)
    body = _present_body(book, said)
    if own.code == "ERROR":
        return Reply(said, body, Input.MACHINE_ERROR)
    if own.code == "STANDBY":
        until = moment(own.kind, body, "until")
        if until is None or until <= said.statement.authored:
            return Reply(said, body, None, refusal="STANDBY names a time that is still to come")
        return Reply(said, body, Input.STANDBY, until=until)
    if own.kind.number in rule.staying:
        return Reply(said, body, STAYING.get(own.code))
    wrong = wrong_fields(book, asked, own, body)
    if wrong:
        return Reply(said, body, Input.WRONG_READ_BACK, wrong_fields=wrong)
    # Two who understood differently well still understood; two other answers must be the same one.
    sense = None if rule.response == "R" else [own.kind.number, body]
    return Reply(said, body, Input.ANSWER, sense=sense)


def _refusal(book: Book, rule: Rule, own: Rule, said: Said) -> str:
    number = own.kind.number
    if number not in rule.closing and number not in rule.staying:
        return f"{own.code} is no answer to {rule.code}"
    needed = book.rules.required_approvals(number, rule.kind.number)
    if not satisfies(needed, said.approvers):
        return f"{own.code} to {rule.code} takes {in_words(needed)}"
    return ""


def _present_body(book: Book, said: Said) -> Body:
    body = said.statement.body
    if not isinstance(body, dict):
        return body
    return {number: version.value for number, version in book.current(said).items()}


def wrong_fields(book: Book, asked: Said, own: Rule, body: Body) -> tuple[str, ...]:
    """Return the paths of the fields that a reply read back wrong, or not at all; empty if all are right."""
    if "read_back" not in own.kind.numbers:
        return ()
    try:
        return wrong_read_back(book.rule(asked).kind, asked.statement.body, body, book.rules.catalogue)
    except CatalogueError:
        return ("the message itself, which is not of its kind",)  # nothing can be understood of it
