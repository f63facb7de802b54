"""Two documents with one number and one root's signature: the proof that this root is false.

The proof stands by itself: whoever has the root's public keys can check it.  It is kept, shown, exported and passed on;
nobody is expelled by software.
"""

from __future__ import annotations

from dataclasses import dataclass

from openline.charter.charters import charter_digest, charter_signed, decode_charter
from openline.charter.documents import RootKeys, RootSignature, unpack, verify
from openline.charter.reading import Reader
from openline.charter.rosters import decode_roster, roster_digest, roster_signed
from openline.errors import Forged
from openline.identifiers import Digest, LineId
from openline.ports import Suite
from openline.wire.cbor import decode, encode
from openline.wire.payloads import DocumentClass

_READ = Reader("R111", "contradiction")


@dataclass(frozen=True, slots=True)
class ContradictionProof:
    """`party`'s root signed both documents of one class (CHARTER or ROSTER) and number, and they differ."""

    document: DocumentClass
    party: int
    number: int
    first: bytes
    second: bytes

    def encode(self) -> bytes:
        """Return the proof as CBOR [class, party, number, first, second]."""
        return encode([self.document, self.party, self.number, self.first, self.second])

    def check(self, keys: RootKeys, suite: Suite) -> None:
        """Raise Malformed or Forged (R86, R111 and those of the documents) unless the root signed both."""
        (line, first), (other, second) = (self._signed(document, keys, suite) for document in (self.first, self.second))
        if line is None or line != other or first == second:
            raise Forged("R111", "the two documents contradict nothing: they are the same, or of different lines")

    def _signed(self, document: bytes, keys: RootKeys, suite: Suite) -> tuple[LineId | None, Digest]:
        body, signatures = unpack(document)
        line, number, digest = _identity(self.document, body)
        signed = charter_signed(digest) if self.document is DocumentClass.CHARTER else roster_signed(digest)
        ours = [signature for signature in signatures if signature.party == self.party]
        if number != self.number or not ours:
            raise Forged("R111", "a document of the contradiction has another number or lacks the party's signature")
        _verify_any(ours, keys, signed, suite)
        return line, digest


def _verify_any(signatures: list[RootSignature], keys: RootKeys, signed: bytes, suite: Suite) -> None:
    """A party that changed its root signs twice; one of the two must be by `keys`."""
    *others, last = signatures
    for signature in others:
        try:
            return verify(suite, keys, signature, signed)
        except Forged:
            continue
    return verify(suite, keys, last, signed)


def decode_contradiction(data: bytes) -> ContradictionProof:
    """Return the proof whose bytes are exactly `data`, not yet checked.  Raises Malformed (R1 to R9, R111)."""
    document, party, number, first, second = _READ.record(decode(data), 5, "the whole")
    if not isinstance(first, bytes) or not isinstance(second, bytes):
        _READ.refuse("a document", "a byte string")
    return ContradictionProof(
        DocumentClass(_READ.number(document, DocumentClass.CHARTER, DocumentClass.ROSTER, "the class of document")),
        _READ.number(party, 1, 255, "the party"),
        _READ.number(number, 1, (1 << 32) - 1, "the number"),
        first,
        second,
    )


def _identity(document: DocumentClass, body: bytes) -> tuple[LineId | None, int, Digest]:
    if document is DocumentClass.CHARTER:
        charter = decode_charter(body)
        return charter.line, charter.number, charter_digest(body)
    roster = decode_roster(body)
    return roster.line, roster.number, roster_digest(body)
