"""The papers of a made line after its beginning: an amended charter, a new roster, a stop notice.

Each is made from what the station that brings it holds, always alike: whoever makes the same one again makes the same
bytes.  The officer who comes and is stopped says nothing; one who has spoken is stopped in `turnover`.
"""

from __future__ import annotations

from dataclasses import replace

from openline.charter import (
    ItemClass,
    LineDocuments,
    RootSeeds,
    StopNotice,
    certify_officer,
    draft_charter,
    make_stop,
    read_charter,
    sign_roster,
)
from openline.ports import Suite
from openline.simulation.plan import What
from openline.simulation.setting import secret
from openline.wire.payloads import DocumentClass
from openline.wire.statement import Authority

NEWCOMER = 4  # the number of an officer who is added to a roster
CADENCE_STEP_S = 600  # an amendment gives the watch so much longer


def paper(what: What, documents: LineDocuments, party: int, suite: Suite) -> tuple[DocumentClass, bytes]:
    """Return the class and the bytes of what a party brings."""
    makers = {What.AMEND: _amendment, What.ROSTER: _roster, What.STOP: _stop}
    return makers[what](documents, party, suite)


def _roots(party: int) -> RootSeeds:
    return RootSeeds(secret("root", party), secret("root2", party))


def _amendment(documents: LineDocuments, _party: int, suite: Suite) -> tuple[DocumentClass, bytes]:
    """The next charter, signed by all."""
    held = read_charter(documents.charters_after(0)[-1])
    before = held.charter
    rules = replace(before.rules, check_cadence_s=before.rules.check_cadence_s + CADENCE_STEP_S)
    after = replace(before, number=before.number + 1, line=documents.line, predecessor=held.digest, rules=rules)
    signed = draft_charter(after)
    for member in before.members:
        signed = signed.signed_by(member.party, _roots(member.party), before, suite)
    return DocumentClass.CHARTER, signed.document()


def _roster(documents: LineDocuments, party: int, suite: Suite) -> tuple[DocumentClass, bytes]:
    """The party's next roster, with one officer more if that one is not in it."""
    before = documents.roster(party)
    assert before is not None  # a line begins with one of each party
    seed = secret("officer", party, NEWCOMER)
    newcomer = certify_officer(documents.line, party, NEWCOMER, (Authority.RELEASER,), seed, suite)
    officers = tuple(item for item in before.officers if item.number != NEWCOMER)
    after = replace(before, number=before.number + 1, officers=(*officers, newcomer))
    return DocumentClass.ROSTER, sign_roster(after, _roots(party), suite).document()


def _stop(documents: LineDocuments, party: int, suite: Suite) -> tuple[DocumentClass, bytes]:
    """The end of that officer."""
    notice = StopNotice(documents.line, party, ItemClass.OFFICER, NEWCOMER)
    return DocumentClass.STOP, make_stop(notice, _roots(party), suite)
