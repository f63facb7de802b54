"""Frames on their way out of one connection: joined into messages, held while the other end is slow.

There is one queue, the machine's own; this holds at most what the machine was told there is room for, and short
answers.  Both halves use it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress

from websockets.asyncio.connection import Connection
from websockets.exceptions import ConnectionClosed

from openline.wire.relay import FRAMES_MAX, MESSAGE_BYTES_MAX

ROOM_BYTES = 65_536  # told to the machine whenever everything has gone out: more only makes FLASH wait
BACKLOG_BYTES_MAX = 262_144  # answers that the other end does not read; beyond, it is not listened to


class Outgoing:
    """The frames that wait for one connection."""

    def __init__(self, connection: Connection, drained: Callable[[], Awaitable[None]]) -> None:
        """Call `drained` each time that all frames have been handed to the network."""
        self._connection = connection
        self._drained = drained
        self._frames: deque[bytes] = deque()
        self._bytes = 0
        self._filled = asyncio.Event()
        self._shrunk = asyncio.Event()
        self._ended = False

    def put(self, frame: bytes) -> None:
        """Send this frame as soon as may be, in order."""
        self._frames.append(frame)
        self._bytes += len(frame)
        self._filled.set()

    async def listen_allowed(self) -> None:
        """Wait until the other end has taken enough of its answers to be listened to again, or will take none."""
        while self._bytes > BACKLOG_BYTES_MAX and not self._ended:
            self._shrunk.clear()
            await self._shrunk.wait()

    async def run(self) -> None:
        """Send until the connection is closed."""
        try:
            await self._send_all()
        finally:
            self._ended = True  # whoever waits to listen must find out too, or waits for ever
            self._shrunk.set()

    async def _send_all(self) -> None:
        with suppress(ConnectionClosed):
            while True:
                await self._filled.wait()
                self._filled.clear()
                while self._frames:
                    message = self._take()
                    await self._connection.send(message)
                    self._bytes -= len(message)
                    self._shrunk.set()
                await self._drained()

    def _take(self) -> bytes:
        taken = [self._frames.popleft()]
        size = len(taken[0])
        while self._frames and len(taken) < FRAMES_MAX and size + len(self._frames[0]) <= MESSAGE_BYTES_MAX:
            size += len(self._frames[0])
            taken.append(self._frames.popleft())
        return b"".join(taken)
