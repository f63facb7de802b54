"""What goes wrong in one made world, and how often: every choice is drawn from the world's own random numbers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from random import Random

from openline.identifiers import StationId

CRASHES_MAX = 4  # in one world: most bugs need three operations or fewer


@dataclass(slots=True)
class Faults:
    """Chances from 0 to 1, delays in milliseconds.  `taken` counts each fault that took effect."""

    drop: float = 0.0
    duplicate: float = 0.0
    corrupt: float = 0.0
    delay_ms: int = 0
    crash: float = 0.0
    crashes_left: int = CRASHES_MAX
    skews_s: dict[StationId, int] = field(default_factory=dict)
    room_bytes: int = 65_536
    bytes_a_second: int = 0
    latency_ms: int = 10
    taken: dict[str, int] = field(default_factory=dict)

    def take(self, name: str) -> None:
        """Count a fault that took effect."""
        self.taken[name] = self.taken.get(name, 0) + 1

    def heal(self) -> None:
        """End all faults, so that the world must converge."""
        self.drop = self.duplicate = self.corrupt = self.crash = 0.0
        self.delay_ms = 0

    def skew_s(self, station: StationId) -> int:
        """Return how far this station's UTC clock is wrong, seconds."""
        return self.skews_s.get(station, 0)

    def sent_ms(self, size: int) -> int:
        """Return how long a path needs for so many bytes, milliseconds."""
        return 1 + (1000 * size // self.bytes_a_second if self.bytes_a_second else 0)

    def pause_ms(self, random: Random) -> int:
        """Return how long a killed station stays down, milliseconds."""
        return random.randrange(10, 5_000)

    def crash_place(self, random: Random, places: int) -> int | None:
        """Return at which of the places of this batch the station is killed, or None."""
        if not self.crash or not self.crashes_left or random.random() >= self.crash:
            return None
        self.crashes_left -= 1
        self.take("crash")
        return random.randrange(places)

    def fates(
        self, random: Random, envelope: bytes, down: Collection[str], address: str
    ) -> list[tuple[int, bytes]]:
        """Return what becomes of one envelope on its way to a relay: when each copy arrives, and as what."""
        if address in down or (self.drop and random.random() < self.drop):
            self.take("drop")
            return []
        copies = 1
        if self.duplicate and random.random() < self.duplicate:
            self.take("duplicate")
            copies = 2
        return [(self._delay(random), self._bytes(random, envelope)) for _ in range(copies)]

    def _delay(self, random: Random) -> int:
        if not self.delay_ms:
            return self.latency_ms
        self.take("delay")
        return self.latency_ms + random.randrange(self.delay_ms)

    def _bytes(self, random: Random, envelope: bytes) -> bytes:
        if not self.corrupt or random.random() >= self.corrupt:
            return envelope
        self.take("corrupt")
        at = random.randrange(len(envelope))
        return envelope[:at] + bytes((envelope[at] ^ 1 << random.randrange(8),)) + envelope[at + 1 :]
