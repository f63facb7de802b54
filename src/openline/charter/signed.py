"""Signed charters and rosters: making them, adding signatures, saying whose are missing, verifying them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from openline.charter.charters import (
    Charter,
    charter_digest,
    charter_signed,
    decode_charter,
    encode_charter,
    required_signers,
)
from openline.charter.documents import RootKeys, RootSeeds, RootSignature, Signer, pack, sign, unpack, verify
from openline.charter.rosters import Roster, decode_roster, encode_roster, roster_digest, roster_signed
from openline.errors import Inadmissible, Misuse
from openline.identifiers import Digest, LineId
from openline.ports import Suite

DOCUMENTS_READ = 64  # kept as read: each start, and each peer that sends one again, reads the same few
Place = tuple[int, Signer]


@dataclass(frozen=True, slots=True)
class SignedCharter:
    """A charter with the signatures it has so far."""

    charter: Charter
    body: bytes
    digest: Digest
    signatures: tuple[RootSignature, ...] = ()

    @property
    def line(self) -> LineId:
        """The line that the charter belongs to: its own digest, if it is the first."""
        return self.charter.line or LineId(self.digest)

    @property
    def places(self) -> frozenset[tuple[int, int]]:
        """Who has signed: pairs of party and which of its roots."""
        return frozenset(signature.place for signature in self.signatures)

    def document(self) -> bytes:
        """Return the document as it is sent, filed and kept."""
        return pack(self.body, self.signatures)

    def missing(self, predecessor: Charter | None) -> tuple[Place, ...]:
        """Return whose signature is still missing: pairs of party and which of its roots, in order."""
        return tuple(sorted(required_signers(self.charter, predecessor).keys() - self.places))

    def signed_by(self, party: int, seeds: RootSeeds, predecessor: Charter | None, suite: Suite) -> SignedCharter:
        """Return the charter with this root's signature.  A root signs at most one charter for each number.

        Raises Misuse if this root has nothing to sign here.
        """
        keys = seeds.public(suite)
        required = required_signers(self.charter, predecessor)
        ours = [root for root in Signer if required.get((party, root)) == keys]
        if not ours:
            raise Misuse(
                f"the charter asks for no signature of this root as party {party}",
                hint="Compare the fingerprint of your root with the one in the charter.",
                party=party,
            )
        made = [sign(suite, seeds, party, charter_signed(self.digest), root) for root in ours]
        return self.merged(made)

    def merged(self, signatures: Sequence[RootSignature]) -> SignedCharter:
        """Return the charter with these signatures too; one that it has already stays as it is."""
        added = [signature for signature in signatures if signature.place not in self.places]
        ordered = sorted([*self.signatures, *added], key=lambda signature: signature.place)
        return replace(self, signatures=tuple(ordered))

    def verify(self, predecessor: Charter | None, suite: Suite) -> None:
        """Raise Forged (R86) or Inadmissible (R88) unless each signature is right and by one who must sign."""
        required = required_signers(self.charter, predecessor)
        for signature in self.signatures:
            keys = required.get((signature.party, signature.root))
            if keys is None:
                raise Inadmissible("R88", f"party {signature.party} has signed a charter that does not ask for it")
            verify(suite, keys, signature, charter_signed(self.digest))

    def require_complete(self, predecessor: Charter | None) -> None:
        """Raise Inadmissible (R87) naming every signature that is still missing."""
        missing = self.missing(predecessor)
        if missing:
            raise Inadmissible(
                "R87",
                f"charter {self.charter.number} is not in force: {_named(self.charter, predecessor, missing)} missing",
                hint="Send the charter to whoever has not signed, and merge the file that comes back.",
                missing=[[party, int(root)] for party, root in missing],
            )


def draft_charter(charter: Charter) -> SignedCharter:
    """Return a charter that nobody has signed.  Raises Malformed or Inadmissible (R82 to R85)."""
    body = encode_charter(charter)
    return SignedCharter(charter, body, charter_digest(body))


@lru_cache(DOCUMENTS_READ)
def read_charter(document: bytes) -> SignedCharter:
    """Return the charter in a document, its signatures not yet verified.  Raises Malformed, Forged or Inadmissible."""
    body, signatures = unpack(document)
    return SignedCharter(decode_charter(body), body, charter_digest(body), signatures)


def merge_charters(first: bytes, second: bytes) -> SignedCharter:
    """Return one charter with the signatures of both documents.  Raises Misuse if the texts differ."""
    one, other = read_charter(first), read_charter(second)
    if one.digest != other.digest:
        raise Misuse(
            "the two files hold different charters",
            hint="Show both, compare their twelve words, and find out who changed the text.",
        )
    return one.merged(other.signatures)


@dataclass(frozen=True, slots=True)
class SignedRoster:
    """A roster with its root's signature."""

    roster: Roster
    body: bytes
    digest: Digest
    signature: RootSignature

    def document(self) -> bytes:
        """Return the document as it is sent, filed and kept."""
        return pack(self.body, [self.signature])

    def verify(self, keys: RootKeys, suite: Suite) -> None:
        """Raise Forged (R86) unless the party's root signed exactly this."""
        verify(suite, keys, self.signature, roster_signed(self.digest))


def sign_roster(roster: Roster, seeds: RootSeeds, suite: Suite) -> SignedRoster:
    """Return the signed roster.  Raises Malformed or Forged (R33, R34, R93, R94, R96) if it would be refused."""
    body = encode_roster(roster)
    roster.check_items(suite)
    digest = roster_digest(body)
    return SignedRoster(roster, body, digest, sign(suite, seeds, roster.party, roster_signed(digest)))


@lru_cache(DOCUMENTS_READ)
def read_roster(document: bytes) -> SignedRoster:
    """Return the roster in a document, its signature not yet verified.  Raises Malformed or Inadmissible (R87, R88)."""
    body, signatures = unpack(document)
    roster = decode_roster(body)
    return SignedRoster(roster, body, roster_digest(body), only_signature(signatures, roster.party, "roster"))


def only_signature(signatures: tuple[RootSignature, ...], party: int, what: str) -> RootSignature:
    """Return the one signature of a document that one root signs.  Raises Inadmissible (R87, R88)."""
    if not signatures:
        raise Inadmissible("R87", f"the {what} lacks the signature of party {party}'s root", party=party)
    if len(signatures) > 1 or signatures[0].place != (party, Signer.PRESENT):
        raise Inadmissible("R88", f"a {what} is signed by the root of its own party and by nobody else", party=party)
    return signatures[0]


def _named(charter: Charter, predecessor: Charter | None, missing: Sequence[Place]) -> str:
    names = []
    for party, root in missing:
        text = charter if root is Signer.PRESENT else predecessor
        member = text.member(party) if text else None
        code = member.code if member else str(party)
        names.append(code if root is Signer.PRESENT else f"{code}'s former root")
    return f"the signature of {names[0]} is" if len(names) == 1 else f"the signatures of {', '.join(names)} are"
