"""The charters of one line: which are complete, which wait for signatures, which is in force."""

from __future__ import annotations

from collections.abc import Iterator

from openline.charter.charters import Charter, required_signers
from openline.charter.contradiction import ContradictionProof
from openline.charter.documents import RootKeys, Signer
from openline.charter.signed import SignedCharter
from openline.charter.unknown import UnknownCharter
from openline.errors import Inadmissible
from openline.identifiers import Digest, LineId
from openline.ports import Suite
from openline.wire.payloads import DocumentClass

AHEAD_MAX = 8  # numbers beyond the charter in force that may wait for signatures: seven stalled amendments


class CharterShelf:
    """Holds charters by digest.  `add` takes what `check` let pass; `restore` trusts what was kept."""

    def __init__(self, line: LineId) -> None:
        self.line = line
        self.complete: dict[int, SignedCharter] = {}
        self.waiting: dict[Digest, SignedCharter] = {}
        self.in_force: SignedCharter | None = None
        self._first_signed: dict[tuple[bytes, int], SignedCharter] = {}

    def held(self, digest: Digest) -> SignedCharter | None:
        """Return what is held under this digest, with the signatures it has so far."""
        complete = (signed for signed in self.complete.values() if signed.digest == digest)
        return self.waiting.get(digest) or next(complete, None)

    def predecessor(self, charter: Charter) -> Charter | None:
        """Return the old text that a charter amends; None for the first.  Raises UnknownCharter (R90)."""
        if charter.predecessor is None:
            return None
        for signed in self.complete.values():
            if signed.digest == charter.predecessor:
                return signed.charter
        raise UnknownCharter(
            "R90", f"the charter before number {charter.number} is not held here, complete", number=charter.number
        )

    def check(self, signed: SignedCharter, suite: Suite) -> None:
        """Raise Forged, Inadmissible or UnknownCharter (R86, R88 to R92) unless the charter may be held."""
        charter = signed.charter
        if signed.line != self.line:
            raise Inadmissible("R89", "the charter belongs to another line")
        before = self.predecessor(charter)
        ceiling = AHEAD_MAX + (self.in_force.charter.number if self.in_force else 0)
        if before and not before.number < charter.number <= ceiling:
            raise Inadmissible(
                "R91", f"a charter's number is above its predecessor's and at most {ceiling} now", number=charter.number
            )
        signed.verify(before, suite)
        if not any(_is_of(before, place, keys) for place, keys in self._signers(signed, before)):
            raise Inadmissible("R92", "no root of the charter before has signed: whose proposal this is, is unknown")

    def contradictions(self, signed: SignedCharter) -> Iterator[ContradictionProof]:
        """Yield the proof for each root that signed another charter of this number before, for the same party.

        A text may name a root under another's number; what is signed there says nothing of that other.
        """
        before = self.predecessor(signed.charter)
        number = signed.charter.number
        for (party, _), keys in self._signers(signed, before):
            other = self._first_signed.get((keys.hash, number), signed)
            signers = self._signers(other, self.predecessor(other.charter))
            if other.digest != signed.digest and (party, keys) in ((place[0], root) for place, root in signers):
                yield ContradictionProof(DocumentClass.CHARTER, party, number, other.document(), signed.document())

    def vouched(self, signed: SignedCharter) -> bool:
        """Whether a root of the charter before stands behind it that has signed no other text of its number.

        The roots of members whom only the text itself names stand for nobody: whoever writes it can make any number.
        """
        before = self.predecessor(signed.charter)
        return any(
            _is_of(before, place, keys)
            and self._first_signed.get((keys.hash, signed.charter.number), signed).digest == signed.digest
            for place, keys in self._signers(signed, before)
        )

    def late(self, signed: SignedCharter) -> bool:
        """Whether another charter of this number is complete: that one stays, and every root behind both is false."""
        return signed.charter.number in self.complete and not signed.missing(self.predecessor(signed.charter))

    def add(self, signed: SignedCharter) -> None:
        """Hold the charter: complete if all have signed, waiting otherwise.  The highest complete one is in force."""
        before = self.predecessor(signed.charter)
        number = signed.charter.number
        for _, keys in self._signers(signed, before):
            self._first_signed.setdefault((keys.hash, number), signed)
        if signed.missing(before):
            self.waiting[signed.digest] = signed
            return
        self.waiting.pop(signed.digest, None)
        self.complete[number] = signed
        if self.in_force is None or number > self.in_force.charter.number:
            self.in_force = signed

    def _signers(self, signed: SignedCharter, before: Charter | None) -> Iterator[tuple[tuple[int, Signer], RootKeys]]:
        required = required_signers(signed.charter, before)
        for signature in signed.signatures:
            place = signature.party, signature.root
            yield place, required[place]


def _is_of(before: Charter | None, place: tuple[int, Signer], keys: RootKeys) -> bool:
    if before is None:
        return True
    member = before.member(place[0])
    return member is not None and member.root == keys
