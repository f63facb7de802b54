"""The two halves on the loopback: a listener with its events collected, and a station's paths with theirs."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from websockets.asyncio.client import ClientConnection, connect

from openline.identifiers import LineId, PathId
from openline.ports import Dial, Event, PathOpened, Route, Send
from openline.transports import Listener, RelayKey, RelayPaths, make_relay_key
from openline.wire.relay import Reply, Welcome, encode_frame

LINE = LineId(bytes(range(32)))
SEED = bytes([7]) * 32
OTHER_SEED = bytes([8]) * 32
STRANGER_SEED = bytes([9]) * 32
PATIENCE_S = 20  # a guard against a hang, never a measure

_Event = TypeVar("_Event")


def public(seed: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def story(told: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run one story to its end."""

    async def within_patience() -> None:
        async with asyncio.timeout(PATIENCE_S):
            await told()

    asyncio.run(within_patience())


def relay_key(folder: Path, name: str = "relay.pem") -> RelayKey:
    path = folder / name
    if not path.exists():
        path.write_bytes(make_relay_key())
    return RelayKey.load(path)


class Ears:
    """Takes events and notes; `heard` waits for the next event of a kind, passing over others."""

    def __init__(self) -> None:
        self.events: asyncio.Queue[Event] = asyncio.Queue()
        self.busy = asyncio.Event()
        self.attentive = asyncio.Event()
        self.attentive.set()
        self.notes: list[str] = []
        self.paths_noted: list[PathId] = []
        self._noted = asyncio.Event()
        self.faults = 0
        self.offered = 0  # messages that were taken at once

    def note(self, path: PathId, words: str) -> None:
        self.paths_noted.append(path)
        self.notes.append(words)
        self._noted.set()

    async def tell(self, event: Event) -> None:
        """Take an event; while not attentive, let the teller wait; with faults to come, fail."""
        if self.faults > 0:
            self.faults -= 1
            raise KeyError
        if not self.attentive.is_set():
            self.busy.set()
        await self.attentive.wait()
        self.hear(event)

    def offer(self, _path: PathId, events: Sequence[Event]) -> bool:
        """Take events at once while attentive and with no faults to come."""
        if self.faults > 0 or not self.attentive.is_set():
            return False
        self.offered += 1
        for event in events:
            self.hear(event)
        return True

    def hear(self, event: Event) -> None:
        self.events.put_nowait(event)

    async def heard(self, kind: type[_Event]) -> _Event:
        while True:
            event = await self.events.get()
            if isinstance(event, kind):
                return event

    async def noted_times(self, count: int) -> None:
        while len(self.notes) < count:
            self._noted.clear()
            await self._noted.wait()

    async def noted(self, beginning: str) -> str:
        while True:
            for words in self.notes:
                if words.startswith(beginning):
                    return words
            self._noted.clear()
            await self._noted.wait()


class Relay(Ears):
    """A listener that admits the three usual seeds less the stranger's."""

    def __init__(self, key: RelayKey) -> None:
        super().__init__()
        self.key = key
        self.admitted = {public(SEED), public(OTHER_SEED)}
        self.listener = Listener(key, self.tell, self.offer, self.admitted.__contains__, self.note)
        self.port = 0

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def say(self, path: PathId, *replies: Reply) -> None:
        for reply in replies:
            self.listener.perform(Send(path, b"", 1, encode_frame(reply)))

    async def welcomed(self) -> PathId:
        """Wait for the next proved connection and welcome it."""
        opened = await self.heard(PathOpened)
        self.say(opened.path, Welcome())
        return opened.path


@asynccontextmanager
async def relay_at(folder: Path, port: int = 0, name: str = "relay.pem") -> AsyncIterator[Relay]:
    relay = Relay(relay_key(folder, name))
    relay.port = await relay.listener.start("127.0.0.1", port)
    try:
        yield relay
    finally:
        await relay.listener.close()


class Station(Ears):
    """The paths of one station."""

    def __init__(self) -> None:
        super().__init__()
        self.paths = RelayPaths(self.tell, self.offer, self.note)

    def dial(self, *routes: Route) -> None:
        self.paths.perform(Dial(routes))


@asynccontextmanager
async def station_on(relay: Relay, seed: bytes = SEED, pin: bytes | None = None) -> AsyncIterator[Station]:
    station = Station()
    station.dial(route_to(relay, seed, pin))
    try:
        yield station
    finally:
        await station.paths.close()


def route_to(relay: Relay, seed: bytes = SEED, pin: bytes | None = None, path: int = 1) -> Route:
    return Route(PathId(path), LINE, relay.address, relay.key.pin if pin is None else pin, seed)


def open_context() -> ssl.SSLContext:
    """A client's TLS context that checks nothing: the tests' own, for talking nonsense to a relay."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


@asynccontextmanager
async def raw_connection(relay: Relay) -> AsyncIterator[ClientConnection]:
    """A websocket to the relay with nothing of ours in it."""
    uri = f"wss://{relay.address}/"
    async with connect(uri, ssl=open_context(), compression=None, max_size=None, proxy=None) as connection:
        yield connection
