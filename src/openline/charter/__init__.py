"""Signed documents: charters (all members sign), rosters (one party alone), stop notices, fingerprints.

`LineDocuments` holds what is in force on one line and judges what arrives; `check_approvals` asks it whether a
statement was allowed and released.  Documents are made by `draft_charter`, `certify_station`, `certify_officer`,
`sign_roster` and `make_stop`; the bytes are spelled out in docs/spec/charter.md.

    signed = draft_charter(Charter(number=1, line=None, predecessor=None, ...))
    signed = signed.signed_by(1, alba_root, None, suite).signed_by(2, bora_root, None, suite)
    documents = LineDocuments(signed.line)
    change = documents.accept(DocumentClass.CHARTER, signed.document(), suite, at=utc)
    # make change.rows durable, then tell people what change.outcome says
"""

from openline.charter.approvals import check_approvals, check_permitted, describe
from openline.charter.charters import (
    RATE_MAX,
    RESPONSE_TIMES,
    ApprovalRule,
    Charter,
    Evidence,
    Member,
    ResponseTimes,
    Role,
    Rules,
    Witness,
    charter_digest,
    decode_charter,
    encode_charter,
)
from openline.charter.contradiction import ContradictionProof, decode_contradiction
from openline.charter.documents import RootKeys, RootSeeds, RootSignature, Signer
from openline.charter.fingerprint import fingerprint
from openline.charter.line import TABLE, Change, LineDocuments, Outcome
from openline.charter.possession import StationSeeds, certify_officer, certify_station
from openline.charter.rosters import (
    ItemClass,
    OfficerItem,
    RelayItem,
    Roster,
    StationItem,
    decode_item,
    decode_roster,
    encode_item,
    encode_roster,
)
from openline.charter.signed import (
    SignedCharter,
    SignedRoster,
    draft_charter,
    merge_charters,
    read_charter,
    read_roster,
    sign_roster,
)
from openline.charter.stops import StopNotice, decode_stop, make_stop
from openline.charter.terms import Terms
from openline.charter.unknown import UnknownCharter, UnknownOfficer

__all__ = [
    "RATE_MAX", "RESPONSE_TIMES", "TABLE", "ApprovalRule", "Change", "Charter", "ContradictionProof", "Evidence",
    "ItemClass", "LineDocuments", "Member", "OfficerItem", "Outcome", "RelayItem", "ResponseTimes", "Role", "RootKeys",
    "RootSeeds", "RootSignature", "Roster", "Rules", "SignedCharter", "SignedRoster", "Signer", "StationItem",
    "StationSeeds", "StopNotice", "Terms", "UnknownCharter", "UnknownOfficer", "Witness", "certify_officer",
    "certify_station", "charter_digest", "check_approvals", "check_permitted", "decode_charter", "decode_contradiction",
    "decode_item", "decode_roster", "decode_stop", "describe", "draft_charter", "encode_charter", "encode_item",
    "encode_roster", "fingerprint", "make_stop", "merge_charters", "read_charter", "read_roster", "sign_roster",
]  # fmt: skip
