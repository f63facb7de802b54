"""What the catalogue and the charter say about dialogues, made ready for quick look-up.

The charter goes before the catalogue: its approvals (all of them: a kind that it does not name takes one person), its
deadlines for a kind, its times for a precedence.  A kind's own limit beats its precedence's; a `respond_by` in the
message beats both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openline.catalogue.kinds import Catalogue, Kind
from openline.charter import RESPONSE_TIMES, Evidence, ResponseTimes
from openline.charter import Rules as CharterRules
from openline.dialogue.said import Approver
from openline.dialogue.states import CHANGES, Standing
from openline.wire.statement import Authority, Option, Precedence, Statement

Alternatives = tuple[tuple[Authority, ...], ...]

ROLES = {
    "duty": Authority.DUTY_OFFICER,
    "releaser": Authority.RELEASER,
    "delegate": Authority.DELEGATE,
    "principal": Authority.PRINCIPAL,
    "mediator": Authority.MEDIATOR,
}
"""The catalogue's words for the roles of the roster."""

WHO: dict[str, Alternatives] = {
    "D": (),
    "2": ((Authority.DUTY_OFFICER, Authority.RELEASER),),
    "H": ((Authority.PRINCIPAL, Authority.RELEASER), (Authority.DELEGATE, Authority.RELEASER)),
    "M": ((Authority.MEDIATOR,),),
}
"""Who must sign where a kind asks more of one of its replies (`reply_who`) than that reply's own row does."""

SERIES = frozenset({"L3", "P4"})
"""Kinds whose next one takes the place of the last without naming it: lists in force, drafts of the one text."""

AS_ORIGINAL = "ORIGINAL"
AS_WHAT_IT_CHANGES = ("O",)  # who sends it: whoever may send what it changes, with the same approvals


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind, as a dialogue sees it.

    response    R W A D P N, or ORIGINAL: as the message that it corrects
    closing     numbers of the replies that close it; `staying` of those that may be given and do not
    changed_by  numbers of the kinds that may change it
    answer_s    seconds until the answer is owed, if the kind or the charter says so
    carries_on  whether it is a new version of what it names
    promises    whether it can say by when its author will say more
    opens       whether an answer is owed at all
    watched     whether the desk must keep it: an answer is owed, or it is about another message
    """

    kind: Kind
    response: str
    closing: frozenset[int]
    staying: frozenset[int]
    changed_by: frozenset[int]
    answer_s: int | None
    is_reply: bool
    is_change: bool
    carries_on: bool
    promises: bool
    opens: bool
    watched: bool

    @property
    def code(self) -> str:
        """The kind's code, such as N1."""
        return self.kind.code


class Rules:
    """Every kind's rule, under one charter.  Make one for each charter number."""

    def __init__(self, catalogue: Catalogue, charter: CharterRules | None = None) -> None:
        self.catalogue = catalogue
        self.kinds = catalogue.kinds
        self.times: Sequence[ResponseTimes] = charter.response_times if charter else RESPONSE_TIMES
        self._deadlines = dict(charter.deadlines) if charter else {}
        self._catalogued: dict[int, Alternatives] = {
            kind.number: tuple(tuple(ROLES[role] for role in roles) for roles in kind.approvals)
            for kind in self.kinds.values()
        }
        self._deniable = charter is not None and charter.evidence is Evidence.DENIABLE  # nobody can approve there
        self._approvals = self._catalogued
        if charter:
            self._approvals = {rule.kind: rule.alternatives for rule in charter.approvals}
        self.table: dict[int, Rule] = {kind.number: self._rule(kind) for kind in self.kinds.values()}

    def of(self, number: int) -> Rule:
        """Return the rule of a kind by number.  Raises UnknownKind: the other side has another catalogue."""
        if number not in self.table:
            self.catalogue.kind(number)  # raises, and says which kinds there are
        return self.table[number]

    def number(self, code: str) -> int:
        """Return a kind's number by its code."""
        return self.kinds[code].number

    def _rule(self, kind: Kind) -> Rule:
        replies = self.catalogue.replies_allowed(kind)
        is_reply = bool(kind.answers) or any(kind.code in other.replies for other in self.kinds.values())
        changed_by = {*kind.changed_by, "K1", "K4"} & (CHANGES.keys() | {kind.code})
        return Rule(
            kind=kind,
            response=kind.response,
            closing=frozenset(reply.number for reply in replies if reply.closes),
            staying=frozenset(reply.number for reply in replies if not reply.closes),
            changed_by=frozenset(self.number(code) for code in changed_by),
            answer_s=self._deadlines.get(kind.number, kind.limits.get("answer")),
            is_reply=is_reply,
            is_change=kind.code in CHANGES,
            carries_on=kind.code in CHANGES and CHANGES[kind.code][0] in (Standing.CORRECTED, Standing.UPDATED),
            promises="next_update_by" in kind.numbers,
            opens=kind.response != "N",
            watched=kind.response != "N" or kind.ref == "required",
        )

    # ------------------------------------------------------------ who must sign

    def required_approvals(self, kind: int, answering: int | None = None) -> Alternatives:
        """Return the ways in which a statement may be released: each a list of roles, one officer for each.

        kind: its number.  answering: the number of the kind that it replies to; YES to "is this yours?" takes two.
        A charter that lists the empty way for a reply leaves it to the catalogue, which asks by what is answered.
        Empty: one officer, named in the statement, is enough.
        """
        ways = self._approvals.get(kind, ())
        if self._deniable or answering is None:
            return ways
        if self.of(kind).kind.who == AS_WHAT_IT_CHANGES:
            return self.required_approvals(answering)
        asked = self.of(answering).kind.reply_who.get(self.of(kind).code)
        left_to_catalogue = self._approvals is self._catalogued or not ways or () in ways
        if asked is not None and (left_to_catalogue or WHO[asked]):
            return WHO[asked]
        return self._catalogued[kind] if () in ways else ways

    # ------------------------------------------------------------ by when

    def deadline(self, statement: Statement, rule: Rule) -> int:
        """Return when the answer is owed, UTC seconds: from signed data alone, so that both ends agree.

        rule: that of the statement's kind, or of what it corrects.
        """
        respond_by = statement.options.get(Option.RESPOND_BY)
        if isinstance(respond_by, int):
            return respond_by
        return statement.authored + self.answer_s(rule, statement.precedence)

    def answer_s(self, rule: Rule, precedence: Precedence) -> int:
        """Return how many seconds an answer may take: the kind's limit, else its precedence's."""
        return self.times[precedence].answered_s if rule.answer_s is None else rule.answer_s


def satisfies(alternatives: Alternatives, approvers: Sequence[Approver]) -> bool:
    """Return whether different officers fill every role of at least one alternative."""
    return not alternatives or any(_filled(roles, approvers, frozenset()) for roles in alternatives)


def _filled(roles: Sequence[Authority], approvers: Sequence[Approver], used: frozenset[int]) -> bool:
    if not roles:
        return True
    return any(
        _filled(roles[1:], approvers, used | {approver.officer})
        for approver in approvers
        if approver.officer not in used and roles[0] in approver.roles
    )


def in_words(alternatives: Alternatives) -> str:
    """Return who must sign, such as "duty officer and releaser, or principal"."""
    return ", or ".join(" and ".join(role.name.lower().replace("_", " ") for role in roles) for roles in alternatives)
