"""Random bytes for the core: they arrive as events and are handed out once."""

from __future__ import annotations

from collections.abc import Sequence

from openline.delivery.outgoing import Outgoing
from openline.ports import NeedSecrets, Suite

POOL_LOW = 16  # ask for more below this: a start on ten lines of six stations draws about a hundred
POOL_FULL = 64  # 2 KiB of entropy at a time
_STRETCH = b"openline/1 stretch\0"  # local: never leaves this machine, so no context of the protocol


class SecretsPool:
    """32-byte secrets.  Never runs dry: the last one is stretched until more arrive."""

    def __init__(self) -> None:
        self._secrets: list[bytes] = []
        self._reserve = b""
        self._stretched = 0
        self._asked = False

    def add(self, secrets: Sequence[bytes]) -> None:
        """Take in fresh secrets; one of them becomes the reserve."""
        self._secrets.extend(secrets)
        self._reserve, self._stretched, self._asked = self._secrets.pop(0), 0, False

    def draw(self, suite: Suite) -> bytes:
        """Return a secret that was never returned before."""
        if self._secrets:
            return self._secrets.pop()
        self._stretched += 1
        return suite.derive(self._reserve, self._stretched.to_bytes(8, "big"), _STRETCH)

    def refill(self, out: Outgoing) -> None:
        """Ask for more if few are left.  Lost with a crash: the next start brings its own."""
        if len(self._secrets) < POOL_LOW and not self._asked:
            self._asked = True
            out.effect(NeedSecrets(POOL_FULL))

    def fingerprint(self) -> bytes:
        """Return what distinguishes two pools, for the engine's fingerprint."""
        return len(self._secrets).to_bytes(2, "big") + self._stretched.to_bytes(4, "big")
