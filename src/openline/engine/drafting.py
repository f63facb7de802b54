"""Drafts of this party, at whichever of its stations: kept until everybody who must has approved, then said at once.

An approval is verified here before it counts, as every receiver will verify it again.  Only the station where a draft
was written says it, so it is said once; the others show it, take approvals and refusals, and tell them on.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from openline.catalogue.kinds import CATALOGUE
from openline.delivery.accepting import shown_already
from openline.delivery.outbox import valid_until
from openline.delivery.state import DraftCame
from openline.dialogue.errors import NotReleased
from openline.dialogue.release import Draft, DraftState, Seal
from openline.dialogue.said import Approver
from openline.engine.meaning import Meaning, check_officer, rules_of
from openline.errors import Misuse, OpenlineError
from openline.identifiers import Digest, OfficerNumber
from openline.ports import Instant
from openline.wire.drafts import DraftOver, DraftTold, encode_draft
from openline.wire.entry import Approval, approval_signed
from openline.wire.statement import Authority, Statement, decode_statement
from openline.wire.statement import digest as statement_digest

NUMBERS = "draft-number"  # line -> the number of the last draft, so that none is used twice


def begin_draft(meaning: Meaning, statement: bytes, answering: int | None) -> Draft:
    """Keep a statement as a draft; `answering` is the kind that it replies to, if it does.

    Raises CatalogueError, or Misuse if it needs nobody's approval.
    """
    state = meaning.line.state
    said = decode_statement(statement)
    meaning.check(said)
    meaning.check_permitted(said, state.party)
    charter = state.documents.charter
    needed = rules_of(charter.rules if charter is not None else None).required_approvals(said.kind, answering)
    if not needed:
        raise Misuse(
            f"{CATALOGUE.kind(said.kind).code} needs nobody's approval under this charter",
            hint="Send it: openline send.",
        )
    digest = statement_digest(state.documents.salt_seed(state.party), statement)
    same = [draft for draft in meaning.releases.drafts() if draft.digest == digest]
    if same:
        return same[0]
    return meaning.releases.begin(_next_number(meaning), statement, digest, OfficerNumber(said.officer), needed)


def _next_number(meaning: Meaning) -> int:
    state = meaning.line.state
    number = int.from_bytes(state.given.out.value(NUMBERS, state.line) or b"", "big") + 1
    state.given.out.keep(NUMBERS, state.line, number.to_bytes(4, "big"))
    return number


def approve_draft(meaning: Meaning, beginning: bytes, number: int, signature: bytes, now: Instant) -> Digest:
    """Add an officer's approval; once nobody's is missing, say the statement.  Returns the message's identity.

    A draft of another station is told on to it, and it says the statement.
    Raises Forged (R40) if the officer did not sign exactly this text, NotReleased or Misuse.
    """
    draft = find_draft(meaning, beginning)
    seal = _verified(meaning, draft.digest, Approval(number, signature), now)
    _check_time(draft.statement, now)
    approved = meaning.releases.approve(draft.number, draft.digest, seal)
    if approved.state is DraftState.READY and meaning.releases.is_ours(approved):
        _release(meaning, approved, draft)
    return draft.digest


def _release(meaning: Meaning, ready: Draft, before: Draft) -> None:
    """Say a draft; if that cannot be, leave it as it was before, and raise why.

    Draft and entry change in one transaction: a crash leaves the draft as it was, or the statement said.
    """
    statement, approvals = meaning.releases.release(ready.number)
    try:
        meaning.line.say(statement, approvals, partial(meaning.check_own, approvals=approvals))
    except OpenlineError:
        meaning.releases.put_back(before)  # nothing was said
        raise


def release_ready(meaning: Meaning, now: Instant) -> None:
    """Say every draft of this station whose last approval came from another one, if it can be said now.

    What cannot (the station recovers, its outbox is full) is tried again with each wake; the draft shows what it lacks.
    """
    for draft in meaning.releases.ready():
        try:
            _check_time(draft.statement, now)
            _release(meaning, draft, draft)
        except OpenlineError:
            continue  # it stands in `openline drafts` as ready, and can be dropped


def _check_time(statement: Statement, now: Instant) -> None:
    until = valid_until(statement)
    if until is not None and until < now.utc:
        raise NotReleased("what this draft says holds no more", hint="Draft it anew, with a time that is yet to come.")


def _verified(meaning: Meaning, digest: Digest, approval: Approval, now: Instant) -> Seal:
    state = meaning.line.state
    number = approval.officer
    check_officer(meaning, number)
    officer = state.documents.officer(state.party, number)
    assert officer is not None  # it has just been found in the roster
    state.given.suite.verify(officer.key, approval.signature, approval_signed(state.line, state.party, digest))
    return Seal(Approver(OfficerNumber(number), officer.roles), approval.signature, now.utc)


def refuse_draft(meaning: Meaning, beginning: bytes, officer: int, reason: str) -> Digest:
    """Refuse a draft: it cannot go out any more.  Raises NotReleased or Misuse."""
    draft = find_draft(meaning, beginning)
    check_officer(meaning, officer)
    meaning.releases.refuse(draft.number, OfficerNumber(officer), reason)
    return draft.digest


def drop_draft(meaning: Meaning, beginning: bytes) -> Digest:
    """Throw a draft away.  Raises Misuse."""
    draft = find_draft(meaning, beginning)
    meaning.releases.drop(draft.number)
    meaning.principal_notes.forget(draft.digest)
    return draft.digest


def find_draft(meaning: Meaning, beginning: bytes) -> Draft:
    """Return the one draft whose identity begins so.  Raises Misuse."""
    found = [draft for draft in meaning.releases.drafts() if draft.digest.startswith(beginning)]
    if len(found) != 1 or not beginning:
        problem = "more than one draft begins so" if found else "no draft here begins so"
        raise Misuse(problem, hint="`openline drafts` lists them.")
    return found[0]


# ---------------------------------------------------------------- with the other stations of our party


def take_draft(meaning: Meaning, came: DraftCame, now: Instant) -> None:
    """Take what another station of our party holds of a draft, and say the draft if that was all it lacked.

    Raises Rejected for an approval that is not its officer's, CatalogueError for what cannot be read here, Misuse if
    there are too many drafts or an officer is in no roster held here: then nothing is confirmed, and it comes again.
    """
    if isinstance(came.draft, DraftOver):
        meaning.releases.end(came.digest)
    elif _is_over(meaning, came.digest, decode_statement(came.draft.statement)):
        # The other station does not know yet: it is told, each time that it tells of it.
        meaning.line.tell_draft(came.digest, encode_draft(DraftOver(came.digest)))
        return
    else:
        _join(meaning, came, came.draft, now)
    meaning.line.draft_held(came.station, came.digest, came.payload)
    release_ready(meaning, now)


def _is_over(meaning: Meaning, digest: Digest, statement: Statement) -> bool:
    state = meaning.line.state
    said = shown_already(state, state.party, digest, statement.authored)
    return said is not None or meaning.releases.is_over(digest)


def _join(meaning: Meaning, came: DraftCame, told: DraftTold, now: Instant) -> None:
    documents, party = meaning.line.state.documents, meaning.line.state.party
    standing = [each for each in told.approvals if documents.officer_stopped(party, each.officer) is None]
    seals = [_verified(meaning, came.digest, approval, now) for approval in standing]
    needed = tuple(tuple(Authority(role) for role in way) for way in told.needed)
    if not needed:
        raise Misuse("a draft that takes nobody's approval is none: it would be said because a station told of it")
    draft = meaning.releases.of(came.digest)
    if draft is None:
        statement = decode_statement(told.statement)
        meaning.check(statement)
        drafter = OfficerNumber(statement.officer)
        draft = meaning.releases.begin(_next_number(meaning), told.statement, came.digest, drafter, needed, told.home)
    elif came.station != told.home:
        needed = draft.needed  # only where it was drafted is known what it answers
    refused = OfficerNumber(told.refused_by), told.reason
    meaning.releases.join(draft, seals, refused, told.home, needed)


def mend_drafts(meaning: Meaning) -> None:
    """Let go of what the documents in force end: approvals of stopped officers, drafts of stations that are no more."""
    documents, party = meaning.line.state.documents, meaning.line.state.party
    ended = {
        seal.approver.officer
        for draft in meaning.releases.drafts()
        for seal in draft.seals
        if documents.officer_stopped(party, seal.approver.officer) is not None
    }
    meaning.releases.retract(ended)
    for draft in meaning.releases.drafts():
        if documents.station_stopped(draft.home) is not None:
            meaning.releases.end(draft.digest)


def share_drafts(meaning: Meaning) -> None:
    """Let delivery tell the other stations of our party what has changed of drafts in this batch."""
    for digest in meaning.releases.take_untold():
        draft = meaning.releases.of(digest)
        payload = DraftOver(digest) if draft is None else _told(draft)
        meaning.line.tell_draft(digest, encode_draft(payload))


def _told(draft: Draft) -> DraftTold:
    return DraftTold(
        draft.home, draft.data, tuple(tuple(int(role) for role in way) for way in draft.needed),
        tuple(Approval(seal.approver.officer, seal.signature) for seal in _in_order(draft.seals)),
        draft.refused_by, draft.reason,
    )  # fmt: skip


def _in_order(seals: Iterable[Seal]) -> list[Seal]:
    return sorted(seals, key=lambda seal: seal.approver.officer)
