"""Paths of one line: relays (or links), which stations each reaches, and what it owes them."""

from __future__ import annotations

from dataclasses import dataclass, field

from openline.delivery.duties import Duties
from openline.delivery.flash import FlashAllowance
from openline.identifiers import PathId, StationId

GOOD_ROOM_BYTES = 4_096  # a path that takes this much at once is no slow link: pad, probe, announce daily on it


@dataclass(slots=True)
class Path:
    """One path.  `room` is how many bytes it takes now; it says so again when it has sent them."""

    number: PathId
    address: str
    pin: bytes
    reaches: tuple[StationId, ...] = ()
    is_open: bool = False
    closed_utc: int = 0  # since when it is not open, by our clock
    room: int = 0
    good: bool = True
    duties: dict[StationId, Duties] = field(default_factory=dict)
    unkept: int = 0  # envelopes taken since the path opened that its relay has not said to have kept
    turn: int = 0  # which station is served first the next time
    allowance: dict[StationId, FlashAllowance] = field(default_factory=dict)

    def serve(self, stations: tuple[StationId, ...]) -> None:
        """Reach exactly these stations from now on."""
        self.reaches = stations
        if self.is_open:
            self.duties = {station: self.duties.get(station) or Duties() for station in stations}
            self.allowance = {station: self.allowance.get(station) or FlashAllowance() for station in stations}

    def opened(self) -> None:
        """Begin anew: whatever was owed is owed by what is known now, not by what was known then."""
        self.is_open, self.room, self.unkept = True, 0, 0
        self.duties = {station: Duties() for station in self.reaches}
        self.allowance = {station: FlashAllowance() for station in self.reaches}

    def ready(self, room: int) -> None:
        """Take note of how many bytes the path takes now."""
        self.room = room
        self.good = room >= GOOD_ROOM_BYTES

    def lost(self, utc: int) -> None:
        """Forget what was owed: it is owed again when the path opens."""
        self.is_open, self.room, self.duties, self.closed_utc = False, 0, {}, utc
