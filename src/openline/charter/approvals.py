"""Whether a party may say this under its charter, and the officers whom the charter asks for have approved it.

Checked by every receiver, from signed documents alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from openline.charter.charters import Role
from openline.charter.line import LineDocuments
from openline.charter.rosters import OfficerItem
from openline.charter.terms import Terms, Ways
from openline.charter.unknown import UnknownCharter, UnknownOfficer
from openline.errors import Forged, Inadmissible
from openline.identifiers import Digest
from openline.ports import Suite
from openline.wire.entry import Approval, approval_signed
from openline.wire.statement import GENERATION_KIND, Authority, Statement

_ASK = "Ask that party, by voice if need be, who released this; do not act on it as released."


def check_approvals(
    documents: LineDocuments,
    statement: Statement,
    party: int,
    digest: Digest,
    approvals: Sequence[Approval],
    suite: Suite,
) -> None:
    """Raise unless `party` may say `statement` (with this digest) and everybody who must has approved it.

    UnknownCharter (R100) and UnknownOfficer (R107): hold it and ask.  Inadmissible: not a member (R101), a kind (R102)
    or status (R103) that the charter does not allow, too few approvals (R104), too many (R105), one officer twice
    (R106), an officer who has ended (R108), roles that do not fit (R110).  Forged (R109): not over this text.
    """
    terms = documents.terms(statement.charter)
    if terms is None:
        number = statement.charter
        raise UnknownCharter("R100", f"charter {number} is not held here, complete", number=number)
    check_permitted(terms, statement, party)
    if statement.officer:
        _require_officer(documents, party, statement.officer)
    ways = terms.ways.get(statement.kind, ())
    if ways or approvals:
        _check_count(ways, approvals, party)
        officers = [_require_officer(documents, party, approval.officer) for approval in approvals]
        _check_signatures(documents, party, digest, approvals, officers, suite)
        _check_roles(ways, officers, terms.roles[party])


def check_permitted(terms: Terms, statement: Statement, party: int) -> None:
    """Raise Inadmissible (R101 to R103) unless the charter lets the party say this kind with this status."""
    if party not in terms.parties:
        raise Inadmissible("R101", f"party {party} is no member under charter {statement.charter}", party=party)
    if statement.kind not in terms.kinds:
        raise Inadmissible("R102", f"charter {statement.charter} does not allow kind {statement.kind}")
    if statement.status not in terms.statuses and statement.kind != GENERATION_KIND:
        raise Inadmissible(
            "R103",
            f"charter {statement.charter} does not allow the status {statement.status.name}",
            hint="A line made for trying out carries only TEST and EXERCISE.",
        )


def describe(ways: Ways) -> str:
    """Return the ways to release a kind in words, such as "duty officer and releaser"."""
    named = (" and ".join(role.name.lower().replace("_", " ") for role in way) for way in ways)
    return ", or ".join(names or "one person" for names in named)


def _check_count(ways: Ways, approvals: Sequence[Approval], party: int) -> None:
    if not ways:
        raise Inadmissible("R105", "the charter asks for no approval of this kind, and one came")
    counts = {len(way) for way in ways}
    if len({approval.officer for approval in approvals}) != len(approvals):
        raise Inadmissible("R106", f"one officer of party {party} approved twice; two persons are asked for", hint=_ASK)
    if len(approvals) > max(counts):
        raise Inadmissible("R105", f"{len(approvals)} approvals came where the charter asks for {max(counts)}")
    if len(approvals) not in counts:
        raise Inadmissible(
            "R104",
            f"{len(approvals)} of {min(count for count in counts if count > len(approvals))} approvals came; "
            f"the charter asks for {describe(ways)}",
            hint=_ASK,
            came=len(approvals),
        )


def _require_officer(documents: LineDocuments, party: int, number: int) -> OfficerItem:
    officer = documents.officer(party, number)
    stopped = documents.officer_stopped(party, number)
    if stopped is not None:
        raise Inadmissible(
            "R108",
            f"officer {number} of party {party} had ended when this came",
            hint=_ASK,
            officer=number,
            since=stopped,
        )
    if officer is None:
        raise UnknownOfficer("R107", f"officer {number} of party {party} stands in no roster held here", officer=number)
    return officer


def _check_signatures(
    documents: LineDocuments,
    party: int,
    digest: Digest,
    approvals: Sequence[Approval],
    officers: Sequence[OfficerItem],
    suite: Suite,
) -> None:
    signed = approval_signed(documents.line, party, digest)
    for approval, officer in zip(approvals, officers, strict=True):
        try:
            suite.verify(officer.key, approval.signature, signed)
        except Forged as error:
            raise Forged(
                "R109",
                f"officer {officer.number} of party {party} approved another text, or none",
                hint=_ASK,
                officer=officer.number,
            ) from error


def _check_roles(ways: Ways, officers: Sequence[OfficerItem], member: Role) -> None:
    # A party alone signs its roster: the role of a mediator counts only where the charter, which all sign, gives it.
    void = frozenset() if member is Role.MEDIATOR else frozenset({Authority.MEDIATOR})
    held = [frozenset(officer.roles) - void for officer in officers]
    if not any(_fits(way, held) for way in ways if len(way) == len(held)):
        numbers = ", ".join(str(officer.number) for officer in officers)
        raise Inadmissible(
            "R110", f"officers {numbers} do not hold the roles that the charter asks for: {describe(ways)}", hint=_ASK
        )


def _fits(way: tuple[Authority, ...], held: Sequence[frozenset[Authority]]) -> bool:
    """Whether each role can be given to an officer of its own: at most eight of each, so trying is quick."""
    if not way:
        return True
    role, *rest = way
    return any(
        role in roles and _fits(tuple(rest), [*held[:place], *held[place + 1 :]]) for place, roles in enumerate(held)
    )
