"""How much of a relay's FLASH lane one station may use, counted by the sender so that nothing is ever refused there."""

from __future__ import annotations

from collections import deque

FLASH_ENVELOPE_BYTES_MAX = 2_048  # the relay's limit for one envelope in its FLASH lane
FLASH_COUNT_MAX = 60  # envelopes in ...
FLASH_WINDOW_MS = 600_000  # ... ten minutes; what is beyond uses the ordinary lane


class FlashAllowance:
    """The last uses of the lane towards one station over one path."""

    def __init__(self) -> None:
        self._used: deque[int] = deque()

    def take(self, now_ms: int, size: int) -> bool:
        """Use the lane for one envelope of `size` bytes if it is still free; return whether it was."""
        while self._used and self._used[0] <= now_ms - FLASH_WINDOW_MS:
            self._used.popleft()
        if size > FLASH_ENVELOPE_BYTES_MAX or len(self._used) >= FLASH_COUNT_MAX:
            return False
        self._used.append(now_ms)
        return True
