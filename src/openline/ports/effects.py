"""What a machine wants done, once its rows are durable.  Each may be lost, and says what brings it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from openline.identifiers import LineId, PathId, Token


@dataclass(frozen=True, slots=True)
class Send:
    """Send an envelope to the holder of a post key.  Sealed when chosen, never stored.

    Lost: an entry is sealed anew after its retry time, until that station's signed receipt; the rest is state and is
    made again.
    """

    path: PathId
    to: bytes
    lane: int
    envelope: bytes


@dataclass(frozen=True, slots=True)
class Slot:
    """Put our own public prekey envelope into our slot at the path's relay.  Lost: put again at every opening."""

    path: PathId
    envelope: bytes


@dataclass(frozen=True, slots=True)
class Wanted:
    """Ask the path's relay for what lies in the slot of this post key.  Lost: asked again while a prekey is lacking.

    The answer is a Received with lane 1 and cursor 0.
    """

    path: PathId
    owner: bytes


@dataclass(frozen=True, slots=True)
class Took:
    """Tell a relay that all from this writer on this lane up to `cursor` is safe here.  Lost: it is offered again."""

    path: PathId
    writer: bytes
    lane: int
    cursor: int


@dataclass(frozen=True, slots=True)
class Route:
    """One path that the station wants open."""

    path: PathId
    line: LineId
    address: str  # "relay.example:443"
    pin: bytes  # SHA-256 of the relay's public key (SubjectPublicKeyInfo), from the roster
    post_seed: bytes = field(repr=False)  # 32 bytes: our post key on this line


@dataclass(frozen=True, slots=True)
class Dial:
    """Every path the station wants open, the whole list.  Lost: said again at start and with each new roster."""

    routes: Sequence[Route]


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a local request, CBOR.  Lost: the caller asks again and gets the same answer."""

    token: Token
    body: bytes


@dataclass(frozen=True, slots=True)
class Changed:
    """Something that a console shows is different now.  Lost: consoles read everything at start."""

    line: LineId
    what: str


@dataclass(frozen=True, slots=True)
class Sound:
    """The alarms in force, the whole list, most urgent first.  Lost: sent again at start and while any is in force."""

    alarms: Sequence[str]


@dataclass(frozen=True, slots=True)
class Refused:
    """For the security log: which rule, why, never the content.  Lost: harmless."""

    path: PathId | None
    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class Wake:
    """Wake the machine at this monotonic time, milliseconds; replaces the one before.  Lost: asked again at start."""

    at_monotonic_ms: int


@dataclass(frozen=True, slots=True)
class NeedSecrets:
    """Draw this many secrets of 32 bytes and bring them as SecretsDrawn.  Lost: asked again."""

    count: int


@dataclass(frozen=True, slots=True)
class Halt:
    """Stop the daemon: what is wrong, and what the officer should do.  Nothing later is performed."""

    reason: str
    advice: str


Effect = Send | Slot | Wanted | Took | Dial | Answer | Changed | Sound | Refused | Wake | NeedSecrets | Halt
