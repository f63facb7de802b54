"""A relay's half: listens, challenges, and turns each proved connection into the events of a mailbox."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from itertools import count
from secrets import token_bytes

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from openline.errors import Inadmissible, Malformed, Rejected, Unavailable
from openline.identifiers import LineId, PathId
from openline.ports import PathLost, PathOpened, PathReady, Received, Refused, Send
from openline.transports.certificate import RelayKey
from openline.transports.challenge import CHALLENGE_BYTES, proved_key
from openline.transports.connection import PromptServer
from openline.transports.flow import ROOM_BYTES, Note, Offer, Outgoing, Tell
from openline.wire.relay import MESSAGE_BYTES_MAX

OPENING_S = 10  # each for TLS, for the websocket and for the answered challenge
OPENINGS_MAX = 128  # connections that have proved nothing yet; more are told to come again
PING_S = 20  # between signs of life, and the longest wait for one
WRITE_BYTES = 32_768  # in the network's own buffer, beside what waits in Outgoing

BROKE_A_RULE, TOO_BIG, TRY_AGAIN = 1008, 1009, 1013  # RFC 6455 and its registry of close codes


_LOG = logging.getLogger("openline.websockets")
_LOG.propagate = False  # it would name addresses; what happens is noted by us
_LOG.addHandler(logging.NullHandler())


class Listener:
    """The server of one relay.  Give every Send and Refused of the mailbox to `perform`."""

    def __init__(self, key: RelayKey, tell: Tell, offer: Offer, admits: Callable[[bytes], bool], note: Note) -> None:
        """tell: takes each event, and may wait, which slows down whoever talks too much.

        offer: takes events at once, or none of them and returns False: then they are told.
        admits: whether a post key is on any line here; asked before the signature is checked, so strangers are cheap.
        note: takes what went wrong on a path, in words for a log; path 0 is a connection that proved nothing.
        """
        self._key = key
        self._tell = tell
        self._offer = offer
        self._admits = admits
        self._note = note
        self._numbers = count(1)
        self._opening = 0
        self._connections: dict[PathId, tuple[PromptServer, Outgoing]] = {}
        self._closings: set[asyncio.Task[None]] = set()
        self._server: Server | None = None

    async def start(self, host: str, port: int) -> int:
        """Listen; return the port (useful if 0 was asked for).  Raises Unavailable if the address cannot be had."""
        try:
            self._server = await serve(
                self._serve,
                host,
                port,
                ssl=self._key.context,
                ssl_handshake_timeout=OPENING_S,
                max_size=MESSAGE_BYTES_MAX,
                max_queue=2,
                write_limit=WRITE_BYTES,
                create_connection=PromptServer,
                compression=None,  # nothing is inflated
                server_header=None,
                open_timeout=OPENING_S,
                ping_interval=PING_S,
                ping_timeout=PING_S,
                close_timeout=1,
                logger=_LOG,
            )
        except OSError as error:
            raise Unavailable(
                f"the relay cannot listen on {host} port {port}",
                hint="Another program may have it; choose another port or stop that program.",
            ) from error
        found: int = next(iter(self._server.sockets)).getsockname()[1]
        return found

    async def close(self) -> None:
        """Stop listening and end every connection."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    def perform(self, effect: Send | Refused) -> None:
        """Send a frame, or end a connection that broke a rule.  A path that is gone takes nothing."""
        if effect.path not in self._connections:
            return
        connection, outgoing = self._connections[effect.path]
        if isinstance(effect, Send):
            outgoing.put(effect.envelope)
            return
        del self._connections[effect.path]
        self._note(effect.path, f"{effect.rule}: {effect.reason}")
        closing = asyncio.create_task(connection.close(BROKE_A_RULE, effect.rule))
        self._closings.add(closing)
        closing.add_done_callback(self._closings.discard)

    async def _serve(self, connection: ServerConnection) -> None:
        """Hold one connection from its challenge to its end."""
        assert isinstance(connection, PromptServer)
        if self._opening >= OPENINGS_MAX:
            self._note(PathId(0), "R160: too many connections have proved nothing yet")
            await connection.close(TRY_AGAIN, "R160")
            return
        self._opening += 1
        try:
            async with asyncio.timeout(OPENING_S):
                key = await self._challenge(connection)
        except Rejected as error:
            self._note(PathId(0), str(error))
            await connection.close(BROKE_A_RULE, error.rule)
            return
        except TimeoutError:
            self._note(PathId(0), "R160: a challenge was not answered in time")
            await connection.close(BROKE_A_RULE, "R160")
            return
        except ConnectionClosed:
            return
        finally:
            self._opening -= 1
        await self._session(connection, key)

    async def _challenge(self, connection: PromptServer) -> bytes:
        challenge = token_bytes(CHALLENGE_BYTES)
        await connection.send(challenge)
        given = await connection.message()
        if isinstance(given, bytes) and not self._admits(given[:32]):
            raise Inadmissible("R155", "the operator does not admit this post key")
        return proved_key(self._key.pin, challenge, given)

    async def _session(self, connection: PromptServer, key: bytes) -> None:
        path = PathId(next(self._numbers))

        async def ready() -> None:
            await self._tell(PathReady(path, ROOM_BYTES))

        outgoing = Outgoing(connection, ready)
        self._connections[path] = connection, outgoing
        writer = asyncio.create_task(outgoing.run())
        try:
            await self._tell(PathOpened(path, LineId(b""), key))
            await ready()
            await self._listen(connection, path, outgoing)
        except ConnectionClosed as error:
            if error.sent is not None and error.sent.code == TOO_BIG:
                self._note(path, f"R150: a message is longer than {MESSAGE_BYTES_MAX} bytes")
        except Malformed as error:
            self._note(path, str(error))
            await connection.close(BROKE_A_RULE, error.rule)
        finally:
            writer.cancel()
            self._connections.pop(path, None)
        await self._tell(PathLost(path, "closed"))

    async def _listen(self, connection: PromptServer, path: PathId, outgoing: Outgoing) -> None:
        def take(message: bytes) -> bool:
            return outgoing.may_listen and self._offer(path, [Received(path, message)])

        connection.take = take
        try:
            while True:
                await outgoing.listen_allowed()
                message = await connection.message()
                if isinstance(message, str):
                    raise Malformed("R150", "a message is text")
                await self._tell(Received(path, message))
        finally:
            connection.take = None  # who broke a rule is heard no more while its connection is being closed
