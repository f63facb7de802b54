"""What an officer may answer now, who must sign it, and what a form warns of before anything is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openline.catalogue.kinds import Kind
from openline.catalogue.kinds.values import Many, Reference
from openline.dialogue.book import Book
from openline.dialogue.crisis import JOINING, joinings_of
from openline.dialogue.dialogues import ENDS, Setting, threads_of
from openline.dialogue.errors import LateByOneKey, NotAnAnswer
from openline.dialogue.judging import RECEIPTS
from openline.dialogue.permitted import may_ever_say
from openline.dialogue.reading import event_time, moment, read
from openline.dialogue.rules import Alternatives, Rule, in_words, satisfies
from openline.dialogue.said import Approver, Said
from openline.dialogue.states import OWED_BY_ASKER, WAITING, Standing, State
from openline.dialogue.thread import STANDBY_MAX, Thread
from openline.identifiers import REF_BYTES
from openline.wire.statement import Body, Option, Statement

AGREEING = frozenset({"UNDERSTOOD", "JOINED", "WILL-DO", "YES", "ACCEPT", "ACCEPT-WITH-RESERVATION"})
"""Replies that act on what was said: a LATE message takes a second, deliberate step before one of them."""

ANSWERABLE = WAITING | OWED_BY_ASKER | {State.WITH_LEADERSHIP, State.ERROR}


def late_by(book: Book, said: Said) -> int:
    """Return by how many seconds a message came later than its precedence allows, or after its time; 0 if in time."""
    statement = said.statement
    limits = [statement.authored + book.rules.times[statement.precedence].stored_s]
    rule = book.owes(said)
    if rule is not None:
        limits.append(book.rules.deadline(statement, rule))
    validity = statement.options.get(Option.VALIDITY)
    if isinstance(validity, list) and isinstance(validity[1], int):
        limits.append(validity[1])
    return max(0, said.arrived - min(limits))


def our_thread(book: Book, setting: Setting, said: Said, utc: int) -> Thread | None:
    """Return the dialogue in which our party owes the answer, or None."""
    return next((thread for thread in threads_of(book, setting, said, utc) if thread.party == setting.own), None)


def allowed_replies(book: Book, setting: Setting, said: Said, utc: int) -> tuple[Kind, ...]:
    """Return the replies that our officer may give now, in the order of their numbers: the buttons, and no others.

    Acknowledging and passing on are always possible and are not among them; ERROR is the machine's.
    """
    thread, rule = our_thread(book, setting, said, utc), book.owes(said)
    if thread is None or rule is None:
        return ()
    numbers = sorted(rule.closing | rule.staying)
    kinds = [book.rules.of(number).kind for number in numbers]
    if (
        thread.state is State.CLOSED
        and rule.kind.crisis == "opens"
        and setting.own not in joinings_of(book, setting, said)
    ):
        # Who has said UNDERSTOOD has read it; joining takes two persons and may come later.
        return tuple(kind for kind in kinds if kind.code == JOINING)
    if thread.state not in ANSWERABLE:
        return ()
    return tuple(
        kind
        for kind in kinds
        if kind.code not in RECEIPTS
        and kind.sent_by != "machine"
        and may_ever_say(kind, setting.role)
        and not _spent(kind, thread)
    )


def _spent(kind: Kind, thread: Thread) -> bool:
    """Whether the dialogue's state leaves no place for this reply."""
    if kind.code == "STANDBY":
        return thread.standbys == STANDBY_MAX or thread.state is State.WITH_LEADERSHIP or thread.state in OWED_BY_ASKER
    return kind.code == "NOT-UNDERSTOOD" and thread.state in OWED_BY_ASKER


def check_reply(
    book: Book, setting: Setting, said: Said, reply: Kind, body: Body, utc: int, *, deliberate: bool = False
) -> Alternatives:
    """Return who must sign a reply of ours to `said`; empty: the officer on duty alone.

    deliberate: the officer was shown how late it is and took a second step.  Raises NotAnAnswer for a reply that does
    not fit, LateByOneKey for one that acts on a LATE message by one key.
    """
    rule = book.owes(said)
    if reply.code in RECEIPTS:
        return book.rules.required_approvals(reply.number)
    allowed = allowed_replies(book, setting, said, utc)
    if rule is None or reply not in allowed:
        codes = ", ".join(kind.code for kind in allowed)
        raise NotAnAnswer(
            f"{reply.code} cannot be answered here and now",
            hint=f"It takes one of: {codes}." if codes else "Nothing is owed from us in this dialogue.",
            reply=reply.code,
        )
    if reply.code == "STANDBY" and (moment(reply, body, "until") or 0) <= utc:
        raise NotAnAnswer("STANDBY names a time that is still to come", hint="Give the time by which you will answer.")
    late = late_by(book, said)
    if late and reply.code in AGREEING and not deliberate:
        raise LateByOneKey(
            f"this message is LATE by {late} s",
            hint="Look at its age and at what has come since; then confirm.",
            late_s=late,
        )
    return book.rules.required_approvals(reply.number, rule.kind.number)


def lacking_approvals(book: Book, statement: Statement, approvers: Sequence[Approver]) -> str:
    """Return who must still approve a reply or change of ours, by what it names; empty if nobody, or it is not here.

    Receivers let one that lacks somebody count for nothing.
    """
    rule = book.rules.of(statement.kind)
    about = book.said.get(statement.ref) if statement.ref is not None else None
    if about is None or not (rule.is_reply or rule.is_change):
        return ""
    asked = book.asked(about) if rule.is_reply else None
    number = asked.kind.number if asked is not None else (book.original(about) or about).statement.kind
    needed = book.rules.required_approvals(statement.kind, number)
    return "" if satisfies(needed, approvers) else in_words(needed)


def allowed_changes(book: Book, setting: Setting, said: Said) -> tuple[Kind, ...]:
    """Return the kinds by which our party may change a message now, in the order of their numbers; most often none."""
    if book.standing(said) in ENDS and book.standing(said) is not Standing.CORRECTED:
        return ()
    kinds = [book.rules.of(number).kind for number in sorted(book.changeable_by(said))]
    return tuple(kind for kind in kinds if said.party == setting.own or book.is_interval(kind.number, said))


def check_reference(book: Book, setting: Setting, statement: Statement) -> None:
    """Raise NotAnAnswer unless what we are about to say names a message that it may be about.

    A message that this desk does not hold (of another line, or long ago) is not judged.  A message of one kind may
    name another of its kind: that is to say it again.
    """
    kind = book.rules.of(statement.kind).kind
    about = book.said.get(statement.ref) if statement.ref is not None else None
    if statement.ref is None and kind.ref == "required":
        raise NotAnAnswer(f"{kind.code} must name the message it is about", hint="Give the message's id.")
    if about is None or about.statement.kind == statement.kind:
        return
    named = book.rule(about).code
    if kind.ref == "none" or (kind.ref_kinds and named not in kind.ref_kinds):
        fitting = ", ".join(kind.ref_kinds) or f"{kind.code} itself, to say it again"
        raise NotAnAnswer(f"{kind.code} is not about {named}", hint=f"It may name: {fitting}.")
    if book.rules.of(statement.kind).is_change and kind not in allowed_changes(book, setting, about):
        codes = ", ".join(each.code for each in allowed_changes(book, setting, about))
        raise NotAnAnswer(
            f"{kind.code} cannot change this {named}",
            hint=f"We may change it by: {codes}." if codes else "It is not ours to change, or holds no longer.",
        )


@dataclass(frozen=True, slots=True)
class DeadlineWarning:
    """The answer is asked for only after the event has begun, by so many seconds."""

    deadline: int
    event: int

    @property
    def late_s(self) -> int:
        """Seconds between the event and the deadline."""
        return self.deadline - self.event


def deadline_warning(book: Book, statement: Statement) -> DeadlineWarning | None:
    """Return the warning of a form: your deadline lies after the event.

    The event is what the message announces, else what the messages it is about announce.
    """
    rule: Rule = book.rules.of(statement.kind)
    if not rule.opens:
        return None
    kind, body = rule.kind, statement.body
    events = [event_time(kind, body)]
    refs = [statement.ref] if statement.ref else []
    for field in kind.fields:
        refs += _references(kind, body, field.name)
    for ref in refs:
        about = book.said.get(ref[:REF_BYTES])
        events += [event_time(book.rule(about).kind, about.statement.body)] if about else []
    deadline = book.rules.deadline(statement, rule)
    ahead = [at for at in events if at is not None and at >= statement.authored]
    return DeadlineWarning(deadline, min(ahead)) if ahead and min(ahead) < deadline else None


def _references(kind: Kind, body: Body, name: str) -> list[bytes]:
    value = read(kind, body, name)
    return [item.digest for item in value if isinstance(item, Reference)] if isinstance(value, Many) else []
