"""What may go wrong by chance at any moment, how often, and what did: every choice is drawn from the seed.

Each fault that strikes has a number.  A run can be repeated with only the first few, or with some of them spared: that
is how a long failing run is cut down to a short one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

CHANCES: Mapping[str, float] = {
    "drop": 0.15,
    "duplicate": 0.10,
    "corrupt": 0.05,
    "delay": 0.30,
    "crash": 0.02,
    "disk": 0.01,
    "flap": 0.01,
    "relay-crash": 0.01,
    "relay-replay": 0.05,
    "relay-lie": 0.05,
}
"""How likely each chance fault is wherever it can strike: an envelope, a batch, a relay's answer."""

PLANNED = (
    "partition", "clock-skew", "clock-jump", "restore", "snapshot", "relay-loss", "forge", "lie", "insider", "flood",
)  # fmt: skip
"""Faults that a plan puts at a time of its own."""

LATER_CHANCES: Mapping[str, float] = {"relay-fork": 0.2}
LATER = ("bit-rot", *LATER_CHANCES)
"""Faults drawn by themselves, so that what a seed draws of the others stays as it was."""

KINDS = (*CHANCES, *PLANNED, *LATER, "blackout")
BY_NAME = ("turnover", "last-words")  # drawn only where they are asked for: a campaign is of one set of worlds
DELAY_MS_MAX = 3_000  # of one envelope: enough that a dozen later ones pass it
STRIKES_MAX = 60  # chance faults in one world: most bugs need three operations or fewer


@dataclass(slots=True)
class Faults:
    """The chance faults of one world.

    chances   how likely each strikes, 0 to 1; what is not named never does
    most      only so many strike at all
    spared    numbers of strikes that do not happen after all
    taken     how often each took effect, planned ones too
    pauses    how many times longer than usual something stays down
    """

    random: Random
    chances: Mapping[str, float] = field(default_factory=dict)
    most: int = STRIKES_MAX
    spared: frozenset[int] = frozenset()
    taken: dict[str, int] = field(default_factory=dict)
    number: int = 0
    latency_ms: int = 10
    room_bytes: int = 65_536
    bytes_a_second: int = 0
    pauses: int = 1

    def strikes(self, name: str) -> bool:
        """Return whether this fault strikes here, and count it."""
        chance = self.chances.get(name)
        if not chance or self.random.random() >= chance:
            return False
        self.number += 1
        if self.number > self.most or self.number in self.spared:
            return False
        self.take(name)
        return True

    def take(self, name: str) -> None:
        """Count a fault that took effect."""
        self.taken[name] = self.taken.get(name, 0) + 1

    def heal(self) -> None:
        """End all chance faults, so that the world must converge."""
        self.chances = {}

    def sent_ms(self, size: int) -> int:
        """Return how long a path needs for so many bytes, milliseconds."""
        return 1 + (1000 * size // self.bytes_a_second if self.bytes_a_second else 0)

    def pause_ms(self, most: int) -> int:
        """Return how long something stays down, milliseconds."""
        return self.random.randrange(10, most) * self.pauses

    def place(self, name: str, places: int) -> int | None:
        """Return at which of so many places of a batch the fault strikes, None if it does not."""
        return self.random.randrange(places) if self.strikes(name) else None

    def fates(self, envelope: bytes) -> list[tuple[int, bytes]]:
        """Return what becomes of one envelope on its way: how late each copy arrives, and as what."""
        if not self.chances:
            return [(0, envelope)]
        if self.strikes("drop"):
            return []
        copies = 2 if self.strikes("duplicate") else 1
        return [(self._delay_ms(), self._bytes(envelope)) for _ in range(copies)]

    def _delay_ms(self) -> int:
        return self.random.randrange(1, DELAY_MS_MAX) if self.strikes("delay") else 0

    def _bytes(self, envelope: bytes) -> bytes:
        if not self.strikes("corrupt"):
            return envelope
        at = self.random.randrange(len(envelope))
        return envelope[:at] + bytes((envelope[at] ^ 1 << self.random.randrange(8),)) + envelope[at + 1 :]
