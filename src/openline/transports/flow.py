"""Frames on their way out of one connection: joined into messages, held while the other end is slow.

There is one queue, the machine's own; this holds at most what the machine was told there is room for, and short
answers.  Both halves use it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence

from openline.identifiers import PathId
from openline.ports import Event
from openline.transports.connection import Prompt
from openline.wire.relay import FRAMES_MAX, MESSAGE_BYTES_MAX

ROOM_BYTES = 65_536  # told to the machine when all has gone out, and half of it is used: more makes FLASH wait
BACKLOG_BYTES_MAX = 262_144  # answers that the other end does not read; beyond, it is not listened to

Tell = Callable[[Event], Awaitable[None]]
Offer = Callable[[PathId, Sequence[Event]], bool]
Note = Callable[[PathId, str], None]


class Outgoing:
    """The frames that wait for one connection."""

    def __init__(self, connection: Prompt, drained: Callable[[], Awaitable[None]]) -> None:
        """Call `drained` when all frames have been handed to the network and half of the room was used."""
        self._connection = connection
        connection.eased = self._send
        self._drained = drained
        self._frames: deque[bytes] = deque()
        self._bytes = 0
        self._used = 0
        self._due = False
        self._emptied = asyncio.Event()
        self._shrunk = asyncio.Event()

    def put(self, frame: bytes) -> None:
        """Send this frame in the next turn of the loop, in order, with whatever else is put until then."""
        self._frames.append(frame)
        self._bytes += len(frame)
        if not self._due:
            self._due = True
            asyncio.get_running_loop().call_soon(self._send)

    @property
    def may_listen(self) -> bool:
        """Whether the other end has taken enough of its answers to be listened to."""
        return self._bytes <= BACKLOG_BYTES_MAX

    async def listen_allowed(self) -> None:
        """Wait until the other end may be listened to again, or will take no answers any more."""
        while not self.may_listen:
            self._shrunk.clear()
            await self._shrunk.wait()

    async def run(self) -> None:
        """Say `drained` each time that it is due, until cancelled."""
        while True:
            await self._emptied.wait()
            self._emptied.clear()
            await self._drained()

    def _send(self) -> None:
        self._due = False
        if not self._connection.is_open:  # whoever waits to listen must find out too, or waits for ever
            self._frames.clear()
            self._bytes = 0
        while self._frames and not self._connection.is_full:
            message = self._take()
            self._bytes -= len(message)
            self._used += len(message)
            self._connection.hand_on(message)
        self._shrunk.set()
        if not self._frames and self._used >= ROOM_BYTES // 2:
            self._used = 0
            self._emptied.set()

    def _take(self) -> bytes:
        taken = [self._frames.popleft()]
        size = len(taken[0])
        while self._frames and len(taken) < FRAMES_MAX and size + len(self._frames[0]) <= MESSAGE_BYTES_MAX:
            size += len(self._frames[0])
            taken.append(self._frames.popleft())
        return b"".join(taken)
