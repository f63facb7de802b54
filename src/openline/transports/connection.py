"""What both halves add to a websocket: a whole message is taken, or handed on, within the same turn of the loop.

A message alone passes four processes' loops on its way and back; a task to be woken at each end of each would cost it
a third of its time.  Whatever is not plain (text, fragments, a machine that is behind) goes the library's own way.
"""

from __future__ import annotations

from collections.abc import Callable

from websockets.asyncio.client import ClientConnection
from websockets.asyncio.connection import Connection
from websockets.asyncio.server import ServerConnection
from websockets.frames import CTRL_OPCODES, Frame, Opcode
from websockets.http11 import Request, Response
from websockets.protocol import State

Take = Callable[[bytes], bool]


class Prompt(Connection):
    """Set `take` once the connection is proved, and `eased` for whoever hands messages on."""

    take: Take | None = None
    """Takes a message at once, or returns False: then `message` returns it, and all that come before it is called."""

    eased: Callable[[], None] | None = None
    """Called when the network takes messages again, and when it never will."""

    _behind = 0  # whole messages that went the other way and are not dealt with yet: what comes must not pass them
    _dealing = False

    async def message(self) -> bytes | str:
        """Wait for the next message that was not taken; whoever calls has dealt with the one before."""
        if self._dealing:
            self._behind -= 1
            self._dealing = False
        message = await self.recv()
        self._dealing = True
        return message

    @property
    def is_open(self) -> bool:
        """Whether anything that is handed on can still arrive."""
        return self.protocol.state is State.OPEN

    @property
    def is_full(self) -> bool:
        """Whether the network's buffer takes no more now."""
        return self.paused

    def hand_on(self, message: bytes) -> None:
        """Give a message to the network, which is open and not full."""
        self.protocol.send_binary(message)
        self.send_data()

    # ------------------------------------------------------------ called by the library

    def process_event(self, event: Frame | Request | Response) -> None:
        """Take a whole message at once, if nothing stands before it."""
        if isinstance(event, Frame) and event.opcode not in CTRL_OPCODES and event.fin:
            plain = event.opcode is Opcode.BINARY and not self._behind
            if plain and self.take is not None and self.take(bytes(event.data)):
                return
            self._behind += 1
        super().process_event(event)

    def resume_writing(self) -> None:
        """Go on with what waits."""
        super().resume_writing()
        self._ease()

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go what waits."""
        super().connection_lost(exc)
        self._ease()

    def _ease(self) -> None:
        if self.eased is not None:
            self.eased()


class PromptClient(Prompt, ClientConnection):
    """A station's end."""


class PromptServer(Prompt, ServerConnection):
    """A relay's end."""
