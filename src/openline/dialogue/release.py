"""Release by two: a draft gathers the approvals that its kind demands, and only then can go out.

An approval is an officer's signature over the digest, so a changed text voids every one of them.  That the principal
approved is in the statement; how that approval came is noted beside it (`engine.principal`) and never sent.

Every station of a party holds the party's drafts.  What is known of one only grows (approvals, a refusal, that it is
over), so stations tell each other in any order and end with the same; only the one where it was drafted says it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from openline.dialogue.errors import NotReleased, UnknownMessage
from openline.dialogue.local import Row
from openline.dialogue.rules import Alternatives, in_words, satisfies
from openline.dialogue.said import Approver
from openline.errors import Misuse
from openline.identifiers import Digest, OfficerNumber, StationId
from openline.limits import APPROVALS_MAX
from openline.wire.cbor import Value, decode, encode
from openline.wire.drafts import REASON_CHARACTERS_MAX
from openline.wire.entry import Approval, pack_approvals
from openline.wire.statement import Authority, Statement, decode_statement

DRAFTS_MAX = 256  # of one party on one line: a watch has a handful under way
OVER_MAX = 1_024  # drafts remembered to be over: what could still bring back an older one is erased within days
TABLE = "draft"
OVER = "draft-over"  # digest -> the number that the draft had, of one that is one no more
NOBODY = OfficerNumber(0)
HERE = StationId(0)  # where a draft is at home when it was drafted at a party's only station


class DraftState(StrEnum):
    """Where a draft stands."""

    WAITING = "WAITING FOR APPROVAL"
    READY = "READY"
    REFUSED = "REFUSED"
    RELEASED = "RELEASED"


class DraftInput(StrEnum):
    """What can happen to a draft."""

    APPROVED = "approved by all who must"
    APPROVED_IN_PART = "approved by one of them"
    REFUSED = "refused by one of them"
    CHANGED = "text changed"
    RELEASED = "released"


DRAFT_TABLE: Mapping[tuple[DraftState, DraftInput], DraftState] = {
    (DraftState.WAITING, DraftInput.APPROVED_IN_PART): DraftState.WAITING,
    (DraftState.WAITING, DraftInput.APPROVED): DraftState.READY,
    (DraftState.WAITING, DraftInput.REFUSED): DraftState.REFUSED,
    (DraftState.WAITING, DraftInput.CHANGED): DraftState.WAITING,
    (DraftState.READY, DraftInput.REFUSED): DraftState.REFUSED,
    (DraftState.READY, DraftInput.CHANGED): DraftState.WAITING,
    (DraftState.READY, DraftInput.RELEASED): DraftState.RELEASED,
    (DraftState.REFUSED, DraftInput.CHANGED): DraftState.WAITING,
}
"""What happens in each state of a draft.  A pair that is not here is refused."""


@dataclass(frozen=True, slots=True)
class Seal:
    """One officer's approval of exactly this text: roles from the roster, signature verified by the caller."""

    approver: Approver
    signature: bytes = field(repr=False)
    at: int


@dataclass(frozen=True, slots=True)
class Draft:
    """A statement that waits to go out.

    number       local, never reused
    data         the statement's bytes; `digest` their digest, which the approvals are over
    drafter      the officer who wrote it
    needed       the ways in which it may be released (`Rules.required_approvals`)
    seals        approvals of the present text
    refused_by   the officer who refused it, and why; 0 if nobody has
    voided       how many approvals were lost because the text was changed
    home         the station where it was drafted: it alone says it
    """

    number: int
    data: bytes
    digest: Digest
    drafter: OfficerNumber
    needed: Alternatives
    state: DraftState
    seals: tuple[Seal, ...] = ()
    refused_by: OfficerNumber = NOBODY
    reason: str = ""
    voided: int = 0
    home: StationId = HERE

    @property
    def statement(self) -> Statement:
        """What it says, on whose authority, and whether the principal approved."""
        return decode_statement(self.data)

    @property
    def missing(self) -> str:
        """Who must still approve, in words; empty if nobody."""
        return "" if self.state in (DraftState.READY, DraftState.RELEASED) else in_words(self.needed)


class Releases:
    """The drafts of one party on one line, as one station holds them.  me: that station."""

    def __init__(self, me: StationId = HERE) -> None:
        self._me = me
        self._drafts: dict[int, Draft] = {}
        self._numbers: dict[Digest, int] = {}
        self._over: dict[Digest, int] = {}
        self._dirty: dict[int, Draft | None] = {}
        self._dirty_over: dict[Digest, int | None] = {}
        self._untold: dict[Digest, None] = {}

    def drafts(self) -> tuple[Draft, ...]:
        """Return every draft that is not yet released or dropped, oldest first."""
        return tuple(self._drafts[number] for number in sorted(self._drafts))

    def draft(self, number: int) -> Draft:
        """Return one draft.  Raises UnknownMessage."""
        if number not in self._drafts:
            raise UnknownMessage("there is no such draft", hint="List the drafts and choose one.", number=number)
        return self._drafts[number]

    def of(self, digest: Digest) -> Draft | None:
        """Return the draft with this digest, None if there is none."""
        number = self._numbers.get(digest)
        return None if number is None else self._drafts[number]

    def is_over(self, digest: Digest) -> bool:
        """Whether a draft with this digest was said, dropped or changed."""
        return digest in self._over

    def is_ours(self, draft: Draft) -> bool:
        """Whether it was drafted at this station."""
        return draft.home == self._me

    def ready(self) -> tuple[Draft, ...]:
        """Return the drafts of this station that lack nobody's approval."""
        return tuple(draft for draft in self.drafts() if draft.state is DraftState.READY and self.is_ours(draft))

    def begin(
        self, number: int, data: bytes, digest: Digest, drafter: OfficerNumber, needed: Alternatives,
        home: StationId | None = None,
    ) -> Draft:  # fmt: skip
        """Take a new draft; `number` is one the caller never used before; `home` is another station of the party.

        Raises Misuse when there are too many, or when the very same text is over: it was said or dropped already.
        """
        if number in self._drafts or len(self._drafts) >= DRAFTS_MAX:
            raise Misuse(f"more than {DRAFTS_MAX} drafts, or a number twice", hint="Release or drop some drafts first.")
        self._not_over(digest)
        state = DraftState.WAITING if needed else DraftState.READY
        return self._keep(Draft(number, data, digest, drafter, needed, state, home=self._me if home is None else home))

    def change(self, number: int, data: bytes, digest: Digest) -> Draft:
        """Replace the text: every approval of the old one is void.  Raises UnknownMessage, NotReleased."""
        draft = self.draft(number)
        self._only_here(draft)
        self._not_over(digest)
        after = self._after(draft, DraftInput.CHANGED)
        state = after if draft.needed else DraftState.READY
        voided = draft.voided + len(draft.seals)
        self._end(draft)
        fresh = Draft(number, data, digest, draft.drafter, draft.needed, state, voided=voided, home=draft.home)
        return self._keep(fresh)

    def approve(self, number: int, digest: Digest, seal: Seal) -> Draft:
        """Add an officer's approval of exactly the text with this digest.

        Raises UnknownMessage, NotReleased: another text, an officer who approved already, a role that is not asked for.
        """
        draft = self.draft(number)
        if digest != draft.digest:
            raise NotReleased("this approval is over another text", hint="Read the present text, then approve it.")
        if any(seal.approver.officer == each.approver.officer for each in draft.seals):
            raise NotReleased("this officer has approved already", hint="Another person must approve.")
        asked = {role for roles in draft.needed for role in roles}
        if not asked.intersection(seal.approver.roles) or len(draft.seals) == APPROVALS_MAX:
            raise NotReleased("this officer's role is not asked for", hint=f"It takes {in_words(draft.needed)}.")
        seals = (*draft.seals, seal)
        done = satisfies(draft.needed, [each.approver for each in seals])
        after = self._after(draft, DraftInput.APPROVED if done else DraftInput.APPROVED_IN_PART)
        return self._keep(replace(draft, seals=seals, state=after))

    def refuse(self, number: int, officer: OfficerNumber, reason: str) -> Draft:
        """Refuse a draft: it can go out only when its text is changed.  Raises UnknownMessage, NotReleased."""
        draft = self.draft(number)
        after = self._after(draft, DraftInput.REFUSED)
        return self._keep(replace(draft, state=after, refused_by=officer, reason=reason[:REASON_CHARACTERS_MAX]))

    def release(self, number: int) -> tuple[bytes, bytes]:
        """Return the statement's bytes and its packed approvals, to be submitted in one transaction; the draft is done.

        A crash before that transaction leaves the draft READY; after it, the draft is gone and the statement queued.
        Raises UnknownMessage; NotReleased if somebody's approval is missing or it was refused.
        """
        draft = self.draft(number)
        self._only_here(draft)
        self._after(draft, DraftInput.RELEASED)
        self._end(draft)
        seals = sorted(_chosen(draft), key=lambda seal: seal.approver.officer)
        return draft.data, pack_approvals(tuple(Approval(seal.approver.officer, seal.signature) for seal in seals))

    def put_back(self, draft: Draft) -> None:
        """Take a draft back as it was before the approval with which it could not be said after all."""
        del self._over[draft.digest]
        self._dirty_over[draft.digest] = None
        self._keep(draft)

    def drop(self, number: int) -> None:
        """Throw a draft away.  Raises UnknownMessage, NotReleased: it was drafted at another station."""
        draft = self.draft(number)
        self._only_here(draft)
        self._end(draft)

    # ------------------------------------------------------------ what the party's other stations tell

    def join(
        self, draft: Draft, seals: Iterable[Seal], refused: tuple[OfficerNumber, str], home: StationId,
        needed: Alternatives,
    ) -> Draft:  # fmt: skip
        """Take what another station holds of a draft: its approvals, each verified, and its refusal.

        Both stations come to the same whoever is told first: of two who refused, the lower number stands, and of two
        stations where the very same words were drafted, the lower one says them.
        """
        asked = {role for roles in needed for role in roles}
        known = {seal.approver.officer: seal for seal in seals if asked.intersection(seal.approver.roles)}
        known |= {seal.approver.officer: seal for seal in draft.seals}
        joined = tuple(known[officer] for officer in sorted(known))[:APPROVALS_MAX]
        by, reason = min(((draft.refused_by, draft.reason), refused), key=lambda refusal: (not refusal[0], *refusal))
        state = DraftState.WAITING
        if by:
            state = DraftState.REFUSED
        elif joined and satisfies(needed, [seal.approver for seal in joined]):
            state = DraftState.READY  # where one person is enough it takes that one: no station approves
        after = replace(
            draft, seals=joined, refused_by=by, reason=reason, state=state, needed=needed, home=min(draft.home, home)
        )
        return draft if after == draft else self._keep(after)

    def retract(self, officers: Collection[OfficerNumber]) -> None:
        """Take back what officers approved who may approve no more: nobody would take it."""
        for draft in self.drafts():
            left = tuple(seal for seal in draft.seals if seal.approver.officer not in officers)
            if left != draft.seals:
                state = DraftState.WAITING
                if draft.refused_by:
                    state = DraftState.REFUSED
                elif left and satisfies(draft.needed, [seal.approver for seal in left]):
                    state = DraftState.READY  # stations that approved apart may hold more than it takes
                self._keep(replace(draft, seals=left, state=state))

    def end(self, digest: Digest) -> None:
        """Take note that a draft is over: it was said, or dropped where it was drafted.  Unknown ones are passed by."""
        draft = self.of(digest)
        if draft is not None:
            self._end(draft)

    def take_untold(self) -> tuple[Digest, ...]:
        """Return the digests of what changed since the last call: what the party's other stations must be told."""
        untold = tuple(self._untold)
        self._untold.clear()
        return untold

    # ------------------------------------------------------------ rows

    def rows(self) -> list[Row]:
        """Return what changed since the last call, as (table, key, value)."""
        rows: list[Row] = [
            (TABLE, number.to_bytes(4, "big"), None if draft is None else _encode(draft))
            for number, draft in self._dirty.items()
        ]
        rows += [
            (OVER, bytes(digest), None if number is None else number.to_bytes(4, "big"))
            for digest, number in self._dirty_over.items()
        ]
        self._dirty.clear()
        self._dirty_over.clear()
        return rows

    def restore(self, rows: Iterable[Row]) -> None:
        """Take back the rows that were kept; those of other tables are passed over."""
        for table, key, value in rows:
            if table == TABLE and value is not None:
                number = int.from_bytes(key, "big")
                draft = self._drafts[number] = _decode(number, value)
                self._numbers[draft.digest] = number
                self._untold[draft.digest] = None
            elif table == OVER and value is not None:
                self._over[Digest(key)] = int.from_bytes(value, "big")

    def _not_over(self, digest: Digest) -> None:
        if digest in self._over:
            raise Misuse("this very text was said, changed or dropped already", hint="Write it anew, as of now.")

    def _only_here(self, draft: Draft) -> None:
        if not self.is_ours(draft):
            raise NotReleased(
                "this was drafted at another station of this party, which alone says, changes or drops it",
                hint="Approve or refuse it here; do the rest where it was drafted.",
            )

    def _end(self, draft: Draft) -> None:
        del self._drafts[draft.number]
        del self._numbers[draft.digest]
        self._dirty[draft.number] = None
        self._over[draft.digest] = self._dirty_over[draft.digest] = draft.number
        self._untold[draft.digest] = None
        if len(self._over) > OVER_MAX:
            oldest = min(self._over, key=self._over.__getitem__)
            del self._over[oldest]
            self._dirty_over[oldest] = None

    def _after(self, draft: Draft, happening: DraftInput) -> DraftState:
        after = DRAFT_TABLE.get((draft.state, happening))
        if after is None:
            hints = {
                DraftState.WAITING: f"It lacks {in_words(draft.needed)}.",
                DraftState.READY: "It has every approval already: release it, change it or refuse it.",
                DraftState.REFUSED: f"Officer {draft.refused_by} refused it: change the text first.",
            }
            raise NotReleased(f"the draft is {draft.state}", hint=hints[draft.state], number=draft.number)
        return after

    def _keep(self, draft: Draft) -> Draft:
        self._drafts[draft.number] = self._dirty[draft.number] = draft
        self._numbers[draft.digest] = draft.number
        self._untold[draft.digest] = None
        return draft


def _chosen(draft: Draft) -> list[Seal]:
    """Return the approvals that fill one way of release and no more: receivers refuse one too many."""
    seals = list(draft.seals)
    for seal in draft.seals:
        rest = [each for each in seals if each is not seal]
        if satisfies(draft.needed, [each.approver for each in rest]):
            seals = rest
    return seals


def _encode(draft: Draft) -> bytes:
    needed: list[Value] = [[int(role) for role in roles] for roles in draft.needed]
    seals: list[Value] = [
        [seal.approver.officer, [int(role) for role in seal.approver.roles], seal.signature, seal.at]
        for seal in draft.seals
    ]
    return encode([
        draft.data, draft.digest, draft.drafter, needed, draft.state.value, seals, draft.refused_by, draft.reason,
        draft.voided, draft.home,
    ])  # fmt: skip


def _decode(number: int, row: bytes) -> Draft:
    match decode(row):
        case [
            bytes(data), bytes(digest), int(drafter), list(needed), str(state), list(seals), int(refused_by),
            str(reason), int(voided), int(home),
        ]:  # fmt: skip
            return Draft(
                number, data, Digest(digest), OfficerNumber(drafter), tuple(_roles(roles) for roles in needed),
                DraftState(state), tuple(_seal(seal) for seal in seals), OfficerNumber(refused_by), reason,
                voided, StationId(home),
            )  # fmt: skip
    raise _broken()


def _roles(roles: Value) -> tuple[Authority, ...]:
    match roles:
        case list():
            return tuple(Authority(role) for role in roles if isinstance(role, int))
    raise _broken()


def _seal(seal: Value) -> Seal:
    match seal:
        case [int(officer), list(roles), bytes(signature), int(at)]:
            return Seal(Approver(OfficerNumber(officer), _roles(roles)), signature, at)
    raise _broken()


def _broken() -> Misuse:
    return Misuse("a row of the drafts is not of its form", hint="Restore the station from its last backup.")
