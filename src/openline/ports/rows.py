"""What must be durable: three shapes, all that the store knows."""

from __future__ import annotations

from dataclasses import dataclass

from openline.identifiers import LineId, StationId


@dataclass(frozen=True, slots=True)
class Append:
    """One entry of a log, ours or a peer's.  Never replaced; (line, author, generation, seq) is its key.

    authored (UTC seconds), kind and precedence are what the store may index; it understands nothing else.
    digest is the message's identity (32 bytes), unique on its line for the store's look-up by a beginning of it.
    """

    line: LineId
    author: StationId
    generation: int
    seq: int
    entry: bytes
    digest: bytes
    authored: int
    kind: int
    precedence: int


@dataclass(frozen=True, slots=True)
class Keep:
    """The latest value of a small thing.  (table, key) is its key; `table` is one of the engine's names."""

    table: str
    key: bytes
    value: bytes


@dataclass(frozen=True, slots=True)
class Forget:
    """The small thing is no longer needed; to forget what is not there is allowed."""

    table: str
    key: bytes


Row = Append | Keep | Forget
