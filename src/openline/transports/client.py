"""A station's half: one connection for each route, opened again and again, turned into events and effects."""

from __future__ import annotations

import asyncio
import logging
import ssl
from itertools import count
from secrets import SystemRandom

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from openline.errors import Malformed, Rejected
from openline.identifiers import PathId
from openline.limits import ORDINARY_LANE
from openline.ports import (
    Dial,
    Event,
    Kept,
    PathLost,
    PathOpened,
    PathReady,
    Received,
    Route,
    Send,
    Slot,
    Took,
    Wanted,
)
from openline.transports.certificate import client_context, require_pin
from openline.transports.challenge import answer
from openline.transports.connection import PromptClient
from openline.transports.flow import ROOM_BYTES, Note, Offer, Outgoing, Tell
from openline.wire.relay import (
    MESSAGE_BYTES_MAX,
    NUMBER_MAX,
    Declined,
    Found,
    Given,
    Own,
    Publish,
    Put,
    Reply,
    Seek,
    Stored,
    Welcome,
    decode_replies,
    encode_frame,
)

OPENING_S = 10  # for TCP, TLS and websocket together, and again for challenge and welcome
PING_S = 20  # between signs of life, and the longest wait for one: a dead path is known within forty seconds
RETRY_FIRST_S, RETRY_MOST_S = 1.0, 30.0  # doubled from the one to the other, then half of it at random

PathEffect = Send | Slot | Wanted | Took

_LOG = logging.getLogger("openline.websockets")
_LOG.propagate = False  # what a path does is noted by us, in our words
_LOG.addHandler(logging.NullHandler())


class _Connect(connect):
    def process_redirect(self, exc: Exception) -> Exception | str:
        """The roster says where a relay is, and nobody else: no answer sends us to another place."""
        return exc


class RelayPaths:
    """All paths of one station.  Give every Send, Slot, Wanted, Took and Dial to `perform`."""

    def __init__(self, tell: Tell, offer: Offer, note: Note) -> None:
        """tell: takes each event, and may wait.

        offer: takes events at once, or none of them and returns False: then they are told.
        note: takes what went wrong on a path, in words for a log.
        """
        self._tell = tell
        self._offer = offer
        self._note = note
        self._context = client_context()
        self._paths: dict[PathId, _Path] = {}

    def perform(self, effect: PathEffect | Dial) -> None:
        """Do one effect.  For a path that is not open it is dropped: each effect says what brings it back."""
        if isinstance(effect, Dial):
            self._dial({route.path: route for route in effect.routes})
        elif effect.path in self._paths:
            self._paths[effect.path].perform(effect)

    def latency_ms(self, path: PathId) -> int | None:
        """Return the last round trip measured to a path's relay, or None if it is not open.  Our own observation."""
        return self._paths[path].latency_ms() if path in self._paths else None

    async def close(self) -> None:
        """End every connection.  Tells nothing more."""
        tasks = [path.stop() for path in self._paths.values()]
        self._paths.clear()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _dial(self, routes: dict[PathId, Route]) -> None:
        """Open what is new, end what is no longer wanted (without a PathLost), leave alone what stays as it was."""
        for number, path in list(self._paths.items()):
            if routes.get(number) != path.route:
                path.stop()
                del self._paths[number]
        for number, route in routes.items():
            if number not in self._paths:
                self._paths[number] = _Path(route, self._tell, self._offer, self._note, self._context)


class _Path:
    """One route: a task that connects, proves, listens, and begins again when the connection is lost."""

    def __init__(self, route: Route, tell: Tell, offer: Offer, note: Note, context: ssl.SSLContext) -> None:
        self.route = route
        self._tell = tell
        self._offer = offer
        self._note = note
        self._context = context
        self._outgoing: Outgoing | None = None
        self._connection: PromptClient | None = None
        self._numbers = count()
        self._again: asyncio.TimerHandle | None = None
        self._begin()

    def stop(self) -> asyncio.Task[None]:
        """Begin to end the connection; the task is done when it has ended."""
        if self._again is not None:
            self._again.cancel()
        self._task.cancel()
        return self._task

    def _begin(self) -> None:
        self._task = asyncio.create_task(self._run())
        self._task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        """A fault of this program must not leave a station without a path: say so and begin again."""
        if not task.cancelled():
            self._note(self.route.path, f"a fault of this program: {type(task.exception()).__name__}")
            self._again = asyncio.get_running_loop().call_later(RETRY_MOST_S, self._begin)

    def latency_ms(self) -> int | None:
        """Return the last measured round trip."""
        return None if self._outgoing is None or self._connection is None else int(self._connection.latency * 1000)

    def perform(self, effect: PathEffect) -> None:
        """Say one effect to the relay, if the path is open."""
        if self._outgoing is None:
            return
        match effect:
            case Send():
                number = next(self._numbers) & NUMBER_MAX
                self._outgoing.put(encode_frame(Put(number, effect.to, effect.lane, effect.envelope)))
            case Took():
                self._outgoing.put(encode_frame(Own(effect.writer, effect.lane, effect.cursor)))
            case Slot():
                self._outgoing.put(encode_frame(Publish(effect.envelope)))
            case _:
                self._outgoing.put(encode_frame(Seek(effect.owner)))

    async def _run(self) -> None:
        delay = RETRY_FIRST_S
        while True:
            try:
                reason, opened = await self._connect_once()
            except Exception:  # a fault of this program; `_ended` begins again, and until then the path is lost
                await self._tell(PathLost(self.route.path, "a fault of this program"))
                raise
            self._note(self.route.path, reason)
            if opened:
                delay = RETRY_FIRST_S
                await self._tell(PathLost(self.route.path, reason))
            await asyncio.sleep(SystemRandom().uniform(delay / 2, delay))
            delay = min(2 * delay, RETRY_MOST_S)

    async def _connect_once(self) -> tuple[str, bool]:
        """Hold one connection from its beginning to its end; return why it ended, and whether it was ever open."""
        opened = False
        try:
            async with asyncio.timeout(OPENING_S):
                connection = await self._open()
            async with connection:
                async with asyncio.timeout(OPENING_S):
                    replies = await self._prove(connection)
                opened = True
                return await self._converse(connection, replies), opened
        except Rejected as error:
            return str(error), opened
        except ConnectionClosed as error:
            return _closed(error), opened
        except TimeoutError:
            return f"no answer within {OPENING_S} seconds", opened
        except (OSError, WebSocketException, ValueError) as error:
            return f"not reached: {type(error).__name__}", opened

    async def _open(self) -> PromptClient:
        connection = await _Connect(
            f"wss://{self.route.address}/",
            ssl=self._context,
            max_size=MESSAGE_BYTES_MAX,
            create_connection=PromptClient,
            compression=None,  # nothing is inflated
            proxy=None,
            user_agent_header=None,
            open_timeout=None,
            ping_interval=PING_S,
            ping_timeout=PING_S,
            close_timeout=1,
            logger=_LOG,
        )
        assert isinstance(connection, PromptClient)
        return connection

    async def _prove(self, connection: PromptClient) -> list[Reply]:
        """Check the pin, answer the challenge, wait for the welcome; return what came with it."""
        tls: ssl.SSLObject = connection.transport.get_extra_info("ssl_object")
        require_pin(tls.getpeercert(binary_form=True), self.route.pin)
        await connection.send(answer(self.route.post_seed, self.route.pin, await connection.message()))
        welcome, *others = _replies(await connection.message())
        if not isinstance(welcome, Welcome):
            raise Malformed("R151", "a relay speaks before its welcome")
        return others

    async def _converse(self, connection: PromptClient, replies: list[Reply]) -> str:
        """Tell what the relay says until the connection ends; return why it ended."""
        self._connection = connection
        self._outgoing = Outgoing(connection, self._ready)
        writer = asyncio.create_task(self._outgoing.run())
        try:
            await self._tell(PathOpened(self.route.path, self.route.line, self.route.pin))
            await self._ready()
            connection.take = self._take
            while True:
                for reply in replies:
                    await self._hear(reply)
                replies = _replies(await connection.message())
        except ConnectionClosed as error:
            return _closed(error)
        except Rejected as error:
            return str(error)
        finally:
            connection.take = None
            self._outgoing = self._connection = None
            writer.cancel()

    def _take(self, message: bytes) -> bool:
        """Tell at once what a message brings; False if it cannot be, or if there is more to it: then it is heard."""
        try:
            replies = decode_replies(message)
        except Malformed:
            return False
        events = [event for event in map(self._event, replies) if event is not None]
        return len(events) == len(replies) and self._offer(self.route.path, events)

    async def _hear(self, reply: Reply) -> None:
        event = self._event(reply)
        if event is not None:
            await self._tell(event)
        elif isinstance(reply, Declined):
            self._note(self.route.path, f"the relay declined an envelope by R{reply.rule}")
        elif isinstance(reply, Welcome):
            raise Malformed("R151", "a relay welcomes twice")

    def _event(self, reply: Reply) -> Event | None:
        """Return what a reply is to the machine, or None."""
        path = self.route.path
        match reply:
            case Given():
                return Received(path, reply.envelope, reply.writer, reply.lane, reply.cursor)
            case Stored():
                return Kept(path, len(reply.ids))
            case Found() if reply.envelope:
                return Received(path, reply.envelope, reply.owner, ORDINARY_LANE, 0)
            case _:
                return None

    async def _ready(self) -> None:
        await self._tell(PathReady(self.route.path, ROOM_BYTES))


def _replies(message: bytes | str) -> list[Reply]:
    if isinstance(message, str):
        raise Malformed("R150", "a message is text")
    return list(decode_replies(message))


def _closed(error: ConnectionClosed) -> str:
    if error.rcvd is None:
        return "the connection broke"
    return f"the relay closed the connection: {error.rcvd.code} {error.rcvd.reason}".rstrip()
