"""Rows as the engine makes them, with bytes that say which they are."""

from hashlib import sha256

from openline.identifiers import LineId, StationId
from openline.ports import Append

LINE = LineId(bytes(range(32)))
OTHER_LINE = LineId(bytes(32))
ALBA = StationId(0x0101)
BORA = StationId(0x0201)


def entry(
    seq: int, text: bytes = b"said", *, line: LineId = LINE, author: StationId = ALBA, generation: int = 7
) -> Append:
    """An entry at a place.  Its digest follows from its place and text."""
    name = b"%d %d %d " % (author, generation, seq)
    return Append(
        line=line,
        author=author,
        generation=generation,
        seq=seq,
        entry=text,
        digest=sha256(name + text).digest(),
        authored=1_795_000_000 + seq,
        kind=1,
        precedence=3,
    )
