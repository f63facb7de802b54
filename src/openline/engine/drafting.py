"""Drafts at this station: kept until everybody who must has approved, then said at once.

An approval is verified here before it counts, as every receiver will verify it again.
"""

from __future__ import annotations

from openline.catalogue.kinds import CATALOGUE
from openline.dialogue.release import Draft, DraftState, Seal
from openline.dialogue.said import Approver
from openline.engine.meaning import Meaning, rules_of
from openline.errors import Misuse, OpenlineError
from openline.identifiers import Digest, OfficerNumber
from openline.ports import Instant
from openline.wire.entry import approval_signed
from openline.wire.statement import decode_statement
from openline.wire.statement import digest as statement_digest

NUMBERS = "draft-number"  # line -> the number of the last draft, so that none is used twice


def begin_draft(meaning: Meaning, statement: bytes, answering: int | None) -> Draft:
    """Keep a statement as a draft; `answering` is the kind that it replies to, if it does.

    Raises CatalogueError, or Misuse if it needs nobody's approval.
    """
    state = meaning.line.state
    said = decode_statement(statement)
    meaning.check(said)
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
    number = int.from_bytes(state.given.out.value(NUMBERS, state.line) or b"", "big") + 1
    state.given.out.keep(NUMBERS, state.line, number.to_bytes(4, "big"))
    return meaning.releases.begin(number, statement, digest, OfficerNumber(said.officer), needed)


def approve_draft(meaning: Meaning, beginning: bytes, number: int, signature: bytes, now: Instant) -> Digest:
    """Add an officer's approval; once nobody's is missing, say the statement.  Returns the message's identity.

    Raises Forged (R40) if the officer did not sign exactly this text, NotReleased or Misuse.
    """
    state = meaning.line.state
    draft = find_draft(meaning, beginning)
    officer = state.documents.officer(state.party, number)
    if officer is None or state.documents.officer_stopped(state.party, number) is not None:
        raise Misuse(
            f"officer {number} is not, or no longer, in this party's roster", hint="Another officer must approve."
        )
    signed = approval_signed(state.line, state.party, draft.digest)
    state.given.suite.verify(officer.key, signature, signed)
    seal = Seal(Approver(OfficerNumber(number), officer.roles), signature, now.utc)
    approved = meaning.releases.approve(draft.number, draft.digest, seal)
    if approved.state is DraftState.READY:
        # Draft and entry change in one transaction: a crash leaves the draft as it was, or the statement said.
        statement, approvals = meaning.releases.release(draft.number)
        try:
            return meaning.line.say(statement, approvals, meaning.check)
        except OpenlineError:
            meaning.releases.put_back(draft)  # nothing was said: this officer approves again once it can be
            raise
    return draft.digest


def refuse_draft(meaning: Meaning, beginning: bytes, officer: int, reason: str) -> Digest:
    """Refuse a draft: it cannot go out any more.  Raises NotReleased or Misuse."""
    draft = find_draft(meaning, beginning)
    meaning.releases.refuse(draft.number, OfficerNumber(officer), reason)
    return draft.digest


def drop_draft(meaning: Meaning, beginning: bytes) -> Digest:
    """Throw a draft away.  Raises Misuse."""
    draft = find_draft(meaning, beginning)
    meaning.releases.drop(draft.number)
    return draft.digest


def find_draft(meaning: Meaning, beginning: bytes) -> Draft:
    """Return the one draft whose identity begins so.  Raises Misuse."""
    found = [draft for draft in meaning.releases.drafts() if draft.digest.startswith(beginning)]
    if len(found) != 1 or not beginning:
        problem = "more than one draft begins so" if found else "no draft here begins so"
        raise Misuse(problem, hint="`openline drafts` lists them.")
    return found[0]
