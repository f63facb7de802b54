"""What each party says of the line itself (kind L2): SUSPENDED until the same party says RESUMED or UP.

Suspension is a signed state, not a silence: the line survives it, receipts and checks go on, and nobody opens another.
Closing is one too: a party ends its own part and erases nothing; the line is closed once every party has said so.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass

from openline.catalogue.kinds import CATALOGUE
from openline.dialogue.reading import choice
from openline.dialogue.said import Said
from openline.errors import StorageFailed
from openline.identifiers import LineId
from openline.wire.cbor import decode, encode
from openline.wire.statement import Status

TABLE = "line-state"  # line · party -> [authored, station, generation, position, digest, state]
KIND = "L2"
SUSPENDED, CLOSING = "suspended", "closing"

_Place = tuple[int, int, int, int]  # authored, station, generation, position


@dataclass(frozen=True, slots=True)
class SaidOfLine:
    """What a party said of the line last: its word, since when (UTC seconds), and the statement that says so."""

    word: str
    since: int
    digest: bytes


class LineStates:
    """The newest line state of each party: by the second in which it was authored, then by its place in its log.

    Every station orders them alike, in whatever order they come.
    """

    def __init__(self, line: LineId, kept: Iterable[tuple[bytes, bytes]], statuses: Container[Status] = ()) -> None:
        """kept: keys and values of TABLE for this line.  statuses: those that the charter in force allows."""
        self._line = line
        self._drills_count = Status.ACTUAL not in statuses
        self._newest: dict[int, tuple[_Place, bytes, str]] = {}
        for key, value in kept:
            match decode(value):
                case [int(authored), int(station), int(generation), int(seq), bytes(digest), str(word)]:
                    self._newest[key[-1]] = ((authored, station, generation, seq), digest, word)
                case _:
                    raise StorageFailed(
                        "a kept line state is not as this program wrote it", hint="Restore the station's backup."
                    )

    def newest(self, party: int) -> SaidOfLine | None:
        """Return what a party said of the line last, None if it has said nothing of it."""
        if party not in self._newest:
            return None
        (authored, *_), digest, word = self._newest[party]
        return SaidOfLine(word, authored, digest)

    def heard(self, said: Said) -> tuple[bytes, bytes] | None:
        """Take a statement; return key and value to keep if it is the newest line state of its party.

        Where ACTUAL may be said, a drill's suspension suspends nothing.
        """
        kind = CATALOGUE.kind(KIND)
        if said.statement.kind != kind.number:
            return None
        if said.statement.status is not Status.ACTUAL and not self._drills_count:
            return None
        place = (said.statement.authored, *said.place)
        if said.party in self._newest and place < self._newest[said.party][0]:
            return None
        word = choice(kind, said.statement.body, "state")
        self._newest[said.party] = (place, said.digest, word)
        return self._line + bytes((said.party,)), encode([*place, said.digest, word])
