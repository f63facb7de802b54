"""Is this entry genuine, and is it allowed?  Every entry passes here before it takes its place.

Three answers.  Forged or malformed: it is refused and leaves no trace but a line in the security log.  Genuine, but its
officer or charter is not known here yet: it is held, and asked about.  Genuine but not allowed (approvals missing, a
stopped officer): its author's log keeps the place, because that breach is evidence and because what follows must not
stand behind it for ever; but it is never shown as said.
"""

from __future__ import annotations

from dataclasses import dataclass

from openline.charter import LineDocuments, StationItem, UnknownCharter, UnknownOfficer, check_approvals
from openline.errors import Inadmissible, Rejected
from openline.identifiers import Digest, StationId, party_of
from openline.ports import Suite
from openline.wire.entry import Entry, decode_entry, entry_signed, leaf, leaf_hash, pack_approvals
from openline.wire.statement import digest_of_parts

APPROVAL_RULES = ("R104", "R105", "R106", "R108", "R109", "R110")
APPROVE_ALL = (
    "Exactly the officers whom the charter asks for approve exactly this text; without any it waits as a draft."
)


class Held(Inadmissible):
    """The entry names a charter or an officer that is not known here yet: ask for documents, then judge again."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A genuine entry: `breach` says why it may not be shown, None if it may."""

    author: StationId
    generation: int
    entry: Entry
    data: bytes
    digest: Digest
    leaf_hash: bytes
    breach: Rejected | None


def judge(documents: LineDocuments, author: StationId, generation: int, data: bytes, suite: Suite) -> Judged:
    """Return what a genuine entry says.

    Raises Malformed for bytes of another form, Forged if the station did not sign exactly this at this place,
    Inadmissible (R120) if the station is unknown or stopped, Held (R121) if documents are lacking.
    """
    entry = decode_entry(data)
    item = documents.station(author)
    if item is None or documents.station_stopped(author) is not None:
        raise Inadmissible("R120", "an entry comes from a station that is not, or no longer, in its party's roster")
    said = verify_entry(documents, item, generation, entry, suite)
    breach = _breach(documents, item.party, said, entry, suite)
    hashed = leaf_hash(leaf(said, pack_approvals(entry.approvals), entry.signature))
    return Judged(author, generation, entry, data, said, hashed, breach)


def verify_entry(documents: LineDocuments, item: StationItem, generation: int, entry: Entry, suite: Suite) -> Digest:
    """Return the digest of what an entry says.  Raises Forged (R40) unless this station signed exactly this there."""
    said = digest_of_parts(documents.salt_seed(item.party), entry.said, entry.parts)
    approvals = pack_approvals(entry.approvals)
    signed = entry_signed(documents.line, item.hash, generation, entry.seq, said, approvals)
    suite.verify(item.sign, entry.signature, signed)
    return said


def judge_own(
    documents: LineDocuments, author: StationId, generation: int, entry: Entry, said: Digest, suite: Suite
) -> None:
    """Raise unless every other station will show this entry of our own: charter, officer and approvals are right.

    Not yet signed, so that nothing that would be refused is ever signed.  Raises Inadmissible (R120) or Held (R121).
    """
    if documents.station(author) is None or documents.station_stopped(author) is not None:
        raise Inadmissible("R120", "this station is not, or no longer, in its party's roster", generation=generation)
    breach = _breach(documents, party_of(author), said, entry, suite)
    if breach is not None and breach.rule in APPROVAL_RULES:
        raise type(breach)(breach.rule, breach.message, hint=APPROVE_ALL, **breach.facts) from breach
    if breach is not None:
        raise breach


def _breach(documents: LineDocuments, party: int, said: Digest, entry: Entry, suite: Suite) -> Rejected | None:
    statement = entry.statement
    try:
        check_approvals(documents, statement, party, said, entry.approvals, suite)
    except (UnknownCharter, UnknownOfficer) as unknown:
        raise Held("R121", "an entry names a charter or an officer not known here yet") from unknown
    except Rejected as refused:
        return refused
    return None
