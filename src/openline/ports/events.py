"""What a machine is told.  One event is one step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openline.identifiers import LineId, PathId, Token


@dataclass(frozen=True, slots=True)
class Instant:
    """Both clocks of one moment: UTC (whole seconds) is said and shown, monotonic drives every timer."""

    utc: int
    monotonic_ms: int


@dataclass(frozen=True, slots=True)
class Started:
    """First event of every run.

    incarnation: rose by one, durably, before it.
    secrets:     at least one, 32 random bytes each.
    restored:    this copy of the state is a backup, or older than the counter file beside it.
    """

    incarnation: int
    secrets: Sequence[bytes]
    restored: bool = False


@dataclass(frozen=True, slots=True)
class SecretsDrawn:
    """Fresh random secrets of 32 bytes, as NeedSecrets asked."""

    secrets: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class Submitted:
    """A person's statement, not yet numbered.  `approvals` are packed as in wire.entry."""

    token: Token
    line: LineId
    statement: bytes
    approvals: bytes = b""


@dataclass(frozen=True, slots=True)
class Acted:
    """A local act: presented, left or took the watch, silenced an alarm, released a draft.  CBOR, see engine.acts."""

    token: Token
    line: LineId
    act: bytes


@dataclass(frozen=True, slots=True)
class PathOpened:
    """A path works.  `who` is the key the transport proved at its other end, 32 bytes, or empty if it proves none."""

    path: PathId
    line: LineId
    who: bytes


@dataclass(frozen=True, slots=True)
class PathReady:
    """The path can take `room` bytes now: 64 KiB on a socket with a drained buffer, one frame on a modem."""

    path: PathId
    room: int


@dataclass(frozen=True, slots=True)
class PathLost:
    """The path is gone; what was sent on it and not receipted is sent again elsewhere or later."""

    path: PathId
    reason: str


@dataclass(frozen=True, slots=True)
class Received:
    """One envelope (a station) or one request of the relay protocol (a mailbox).

    writer: the post key (32 bytes) that a relay says wrote it, or empty; a hint, never trusted.
    cursor: its place in the relay's queue for this reader and lane, to be owned by Took; 0 on paths without queues.
    """

    path: PathId
    envelope: bytes
    writer: bytes = b""
    lane: int = 1
    cursor: int = 0


@dataclass(frozen=True, slots=True)
class Kept:
    """The path's relay holds `count` more envelopes durably, as it says, or their readers do.  It is no promise."""

    path: PathId
    count: int


@dataclass(frozen=True, slots=True)
class Woken:
    """The time asked for by Wake, or later."""


@dataclass(frozen=True, slots=True)
class ClockStepped:
    """UTC moved against the monotonic clock by this many seconds, more than limits.CLOCK_STEP_S."""

    by: int


@dataclass(frozen=True, slots=True)
class DocumentBrought:
    """A charter, roster or stop notice from a file (wire.payloads.encode_document)."""

    token: Token
    line: LineId
    document: bytes


@dataclass(frozen=True, slots=True)
class Stopping:
    """The daemon is about to stop in good order."""


Event = (
    Started
    | SecretsDrawn
    | Submitted
    | Acted
    | PathOpened
    | PathReady
    | PathLost
    | Received
    | Kept
    | Woken
    | ClockStepped
    | DocumentBrought
    | Stopping
)
