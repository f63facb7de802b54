"""Who may say what: the catalogue's `who` and `sent_to`, judged by the roles that the charter and the roster give.

Judged before anything of ours is signed, and again by every receiver, from signed documents alone.  How many persons
must approve is the charter's own table and judged with the signatures (`openline.charter.check_approvals`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from openline.catalogue.kinds import Kind
from openline.charter import Role
from openline.dialogue.reading import choice
from openline.errors import Inadmissible
from openline.wire.statement import Authority, Statement

BY_MEDIATOR = ("M",)  # `who` of a kind that only a mediator says
MEDIATORS_STEP = {"P3": "reveal"}  # only a mediator opens what matched; either may say that a round is void
EITHERS_STEP = {"P3": "void"}

OBSERVERS_GROUPS = frozenset({"text", "line", "change"})
OBSERVERS_REPLIES = frozenset({"ACKNOWLEDGED", "PASSED-ON", "ECHO", "UNDERSTOOD", "NOT-UNDERSTOOD", "STANDBY", "ERROR"})
"""What an observer says is nothing of substance: that it is there, has read, has understood; and it mends its own."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who says something, by signed documents.

    role      of the party on the line; `line_roles` those of all its members
    officer   roles of the officer whom the statement names; None where it names none: the station itself says it
    """

    role: Role
    line_roles: Collection[Role]
    officer: tuple[Authority, ...] | None = None


def may_ever_say(kind: Kind, role: Role) -> bool:
    """Return whether a member with this role may say a kind at all: what is not so is not among the buttons."""
    if role is Role.OBSERVER:
        return kind.group in OBSERVERS_GROUPS or kind.code in OBSERVERS_REPLIES
    return role is Role.MEDIATOR or kind.who != BY_MEDIATOR


def check_sender(kind: Kind, statement: Statement, speaker: Speaker) -> None:
    """Raise Inadmissible unless the catalogue lets this speaker say this.

    R170 an observer speaks of substance, R171 a mediator's words come from another member, R172 what goes to the
    mediator comes from one or has none to go to, R173 the named officer's role does not fit, R174 a status that the
    kind does not have.
    """
    if speaker.role is Role.OBSERVER and not may_ever_say(kind, speaker.role):
        raise Inadmissible(
            "R170",
            f"an observer says nothing of substance, and {kind.code} is of substance",
            hint="The charter gives the members' roles; an amendment changes them.",
        )
    _check_mediator(kind, statement, speaker)
    if kind.sent_to == "mediator":
        _check_sent_to(kind, statement, speaker)
    _check_officer(kind, statement, speaker)
    if statement.status.name not in kind.statuses:
        raise Inadmissible(
            "R174",
            f"{kind.code} is never said with the status {statement.status.name}",
            hint=f"It is said as {', '.join(kind.statuses)}.",
        )


def _check_mediator(kind: Kind, statement: Statement, speaker: Speaker) -> None:
    if speaker.role is Role.MEDIATOR:
        return
    step = choice(kind, statement.body, "step")
    words = ""
    if not may_ever_say(kind, speaker.role):
        words = f"only a mediator says {kind.code}"
    elif step and MEDIATORS_STEP.get(kind.code) == step:
        words = f"only a mediator says the step {step} of {kind.code}"
    elif statement.authority is Authority.MEDIATOR:
        words = "only a mediator speaks on a mediator's authority"
    if words:
        raise Inadmissible("R171", words, hint="The charter says which members mediate.")


def _check_sent_to(kind: Kind, statement: Statement, speaker: Speaker) -> None:
    if Role.MEDIATOR not in speaker.line_roles:
        raise Inadmissible(
            "R172",
            f"{kind.code} goes to a mediator, and this line has none",
            hint="Say it on a line that the mediator is on.",
        )
    step = choice(kind, statement.body, "step")
    mediators = step and step in (MEDIATORS_STEP.get(kind.code), EITHERS_STEP.get(kind.code))
    if speaker.role is Role.MEDIATOR and not mediators:
        raise Inadmissible("R172", f"{kind.code} goes to the mediator, who does not say it", hint="The parties say it.")


def _check_officer(kind: Kind, statement: Statement, speaker: Speaker) -> None:
    if speaker.officer is None:
        return
    number = statement.officer
    if kind.sent_by == "machine":
        raise Inadmissible(
            "R173",
            f"{kind.code} is said by a station's program, and officer {number} is named for it",
            hint="A person answers with one of the other replies.",
        )
    if kind.who == BY_MEDIATOR and Authority.MEDIATOR not in speaker.officer:
        raise Inadmissible("R173", f"officer {number} is no mediator in the roster", hint="Their mediator says it.")
    if speaker.role is not Role.MEDIATOR and set(speaker.officer) <= {Authority.MEDIATOR}:
        # A party alone signs its roster; who mediates stands in the charter, which all sign.
        words = f"officer {number} is a mediator of a party that does not mediate, and nothing else"
        raise Inadmissible("R173", words, hint="An officer of the watch says it.")
