"""Two parties, Alba and Bora, and what they need to make documents."""

from dataclasses import replace
from functools import cache

from openline.charter import (
    ApprovalRule,
    Charter,
    LineDocuments,
    Member,
    RelayItem,
    Role,
    RootSeeds,
    Roster,
    Rules,
    SignedCharter,
    SignedRoster,
    StationSeeds,
    certify_officer,
    certify_station,
    draft_charter,
    sign_roster,
)
from openline.identifiers import LineId
from openline.sessions.suite import RealSuite
from openline.wire.payloads import DocumentClass
from openline.wire.statement import Authority

SUITE = RealSuite()
ALBA, BORA, CENDRA = 1, 2, 3
CODES = {ALBA: "alba", BORA: "bora", CENDRA: "cendra"}
NOON = 1_800_000_000

DUTY, RELEASER = Authority.DUTY_OFFICER, Authority.RELEASER
NEEDS_TWO, NEEDS_PRINCIPAL, NEEDS_NONE = 4, 50, 1
RULES = Rules(
    approvals=(
        ApprovalRule(NEEDS_TWO, ((DUTY, RELEASER),)),
        ApprovalRule(NEEDS_PRINCIPAL, ((RELEASER, Authority.DELEGATE), (Authority.PRINCIPAL,))),
    )
)


def seed(*parts: object) -> bytes:
    """A secret of 32 bytes that belongs to these words."""
    name = "/".join(str(part) for part in parts).encode()
    return SUITE.derive(name, b"", b"test")


@cache
def root(party: int, generation: int = 1) -> RootSeeds:
    return RootSeeds(seed("root", party, generation), seed("root pq", party, generation))


@cache
def member(party: int, generation: int = 1) -> Member:
    names = (("en", CODES[party].title()), ("ko", CODES[party]))
    role = Role.MEDIATOR if party == CENDRA else Role.PARTY
    return Member(party, CODES[party], role, names, root(party, generation).public(SUITE))


def charter(*parties: int, rules: Rules = RULES) -> Charter:
    members = tuple(member(party) for party in parties or (ALBA, BORA))
    return Charter(1, None, None, seed("charter"), members, seed("catalogue"), ("en", "ko"), rules=rules)


def amendment(before: SignedCharter, number: int = 2, rules: Rules = RULES) -> Charter:
    return replace(before.charter, number=number, line=before.line, predecessor=before.digest, rules=rules)


def signed(text: Charter, *parties: int, before: Charter | None = None) -> SignedCharter:
    """The charter with the signatures of these parties, or of all its members."""
    result = draft_charter(text)
    for party in parties or [one.party for one in text.members]:
        result = result.signed_by(party, root(party), before, SUITE)
    return result


@cache
def first() -> SignedCharter:
    return signed(charter())


def station_seeds(party: int, number: int) -> StationSeeds:
    return StationSeeds(*(seed(use, party, number) for use in ("sign", "head", "post")))


@cache
def roster(
    party: int = ALBA, number: int = 1, *, stations: tuple[int, ...] = (1,), officers: tuple[int, ...] = (1, 2, 3)
) -> Roster:
    """Officers 1 (duty), 2 (releaser), 3 (both), 4 (principal), 5 (delegate)."""
    line = first().line
    roles = {1: [DUTY], 2: [RELEASER], 3: [DUTY, RELEASER], 4: [Authority.PRINCIPAL], 5: [Authority.DELEGATE]}
    return Roster(
        line,
        party,
        number,
        seed("salt", party),
        tuple(certify_station(line, party, one, station_seeds(party, one), SUITE) for one in stations),
        tuple(certify_officer(line, party, one, roles[one], seed("officer", party, one), SUITE) for one in officers),
        (RelayItem("relay.example:443", seed("relay")),),
    )


@cache
def signed_roster(text: Roster) -> SignedRoster:
    return sign_roster(text, root(text.party), SUITE)


def opened(line: LineId | None = None) -> LineDocuments:
    """A line on which charter 1 is in force."""
    documents = LineDocuments(line or first().line)
    documents.accept(DocumentClass.CHARTER, first().document(), SUITE, NOON)
    return documents


def staffed() -> LineDocuments:
    """A line on which both parties have a roster, too."""
    documents = opened()
    for party in (ALBA, BORA):
        text = signed_roster(roster(party, officers=(1, 2, 3, 4, 5)))
        documents.accept(DocumentClass.ROSTER, text.document(), SUITE, NOON + party)
    return documents
