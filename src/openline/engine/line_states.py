"""What each party says of the line itself (kind L2): SUSPENDED until the same party says RESUMED or UP.

Suspension is a signed state, not a silence: the line survives it, receipts and checks go on, and nobody opens another.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from openline.catalogue.kinds import CATALOGUE
from openline.dialogue.reading import choice
from openline.dialogue.said import Said
from openline.errors import StorageFailed
from openline.identifiers import LineId
from openline.wire.cbor import decode, encode

TABLE = "line-state"  # line · party -> [authored, digest, state]
KIND = "L2"


@dataclass(frozen=True, slots=True)
class Suspended:
    """A party has suspended the line: since when, and the statement that says so."""

    since: int
    digest: bytes


class LineStates:
    """The newest line state of each party, by the order of what it authored."""

    def __init__(self, line: LineId, kept: Iterable[tuple[bytes, bytes]]) -> None:
        """kept: keys and values of TABLE for this line."""
        self._line = line
        self._newest: dict[int, tuple[int, bytes, str]] = {}
        for key, value in kept:
            match decode(value):
                case [int(authored), bytes(digest), str(word)]:
                    self._newest[key[-1]] = (authored, digest, word)
                case _:
                    raise StorageFailed(
                        "a kept line state is not as this program wrote it", hint="Restore the station's backup."
                    )

    def suspended(self, party: int) -> Suspended | None:
        """Return since when a party has suspended the line, None if it has not."""
        authored, digest, word = self._newest.get(party, (0, b"", ""))
        return Suspended(authored, digest) if word == "suspended" else None

    def heard(self, said: Said) -> tuple[bytes, bytes] | None:
        """Take a statement; return key and value to keep if it is the newest line state of its party."""
        kind = CATALOGUE.kind(KIND)
        if said.statement.kind != kind.number:
            return None
        authored = said.statement.authored
        if authored < self._newest.get(said.party, (0, b"", ""))[0]:
            return None
        word = choice(kind, said.statement.body, "state")
        self._newest[said.party] = (authored, said.digest, word)
        return self._line + bytes((said.party,)), encode([authored, said.digest, word])
