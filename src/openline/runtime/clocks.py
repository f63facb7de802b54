"""The machine's two clocks, and whether one has stepped against the other."""

from __future__ import annotations

import time

from openline.limits import CLOCK_STEP_S
from openline.ports import Instant


class Clocks:
    """UTC and monotonic time of this machine."""

    def __init__(self) -> None:
        self._difference_ms = self._now_ms() - self._monotonic_ms()

    def instant(self) -> Instant:
        """Return both clocks of this moment."""
        return Instant(int(time.time()), self._monotonic_ms())

    def stepped_s(self) -> int:
        """Return by how many seconds UTC has stepped since the last step that was told; 0 if it drifts at most."""
        difference = self._now_ms() - self._monotonic_ms()
        by = (difference - self._difference_ms) // 1000
        if abs(by) <= CLOCK_STEP_S:
            return 0
        self._difference_ms = difference
        return by

    @staticmethod
    def _now_ms() -> int:
        return time.time_ns() // 1_000_000

    @staticmethod
    def _monotonic_ms() -> int:
        return time.monotonic_ns() // 1_000_000
