"""What a charter lets its members say, arranged for the check of every statement."""

from __future__ import annotations

from dataclasses import dataclass

from openline.charter.charters import Charter, Role
from openline.wire.statement import GENERATION_KIND, KIND_MAX, Authority, Status

Ways = tuple[tuple[Authority, ...], ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """The parties with their roles, the kinds and statuses they may use, and the ways to release each kind."""

    parties: frozenset[int]
    kinds: frozenset[int]
    statuses: frozenset[Status]
    ways: dict[int, Ways]
    roles: dict[int, Role]

    @staticmethod
    def of(charter: Charter) -> Terms:
        """Return the terms of a charter.  A station may always say that it begins a new generation."""
        kinds = range(KIND_MAX + 1) if charter.kinds is None else (*charter.kinds, GENERATION_KIND)
        return Terms(
            frozenset(member.party for member in charter.members),
            frozenset(kinds),
            frozenset(charter.statuses),
            {rule.kind: rule.alternatives for rule in charter.rules.approvals},
            {member.party: member.role for member in charter.members},
        )
