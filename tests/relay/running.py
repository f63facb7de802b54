"""A relay with its folder, running in this process or in one of its own, and stations to talk to it."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO

from openline.identifiers import PathId
from openline.mailbox import Quotas
from openline.ports import Event, Kept, PathReady, Received, Route, Send, Took
from openline.relay import RelayConfig, RelayServer, admit_line, create_relay_home
from openline.transports import pin_of
from tests.transports.ends import LINE, Station, public

ALBA, BORA, CENDRA = bytes([21]) * 32, bytes([22]) * 32, bytes([23]) * 32  # post seeds
ONE = PathId(1)


def home_in(folder: Path, *lines: Sequence[bytes]) -> Path:
    """A relay's folder that admits these lines, given as post seeds; without any, the usual one."""
    home = folder / "relay"
    create_relay_home(home)
    for seeds in lines or ((ALBA, BORA, CENDRA),):
        admit_line(home, [public(seed) for seed in seeds])
    return home


class Running:
    """A relay in this process, with what it logged."""

    def __init__(self, home: Path, quotas: Quotas | None = None, page_key: bytes | None = None, port: int = 0) -> None:
        self.home = home
        self.log: list[Mapping[str, object]] = []
        self._said = asyncio.Event()
        self.server = RelayServer(RelayConfig(home, "127.0.0.1", port, page_key, quotas or Quotas()), self._say)
        self.port = 0

    def _say(self, line: Mapping[str, object]) -> None:
        self.log.append(line)
        self._said.set()

    async def said(self, event: str) -> Mapping[str, object]:
        """Wait until the log has a line of this event; return the last one."""
        while not self.words(event):
            self._said.clear()
            await self._said.wait()
        return self.words(event)[-1]

    def words(self, event: str) -> list[Mapping[str, object]]:
        return [line for line in self.log if line["event"] == event]


@asynccontextmanager
async def running(home: Path, quotas: Quotas | None = None, page_key: bytes | None = None) -> AsyncIterator[Running]:
    relay = Running(home, quotas, page_key)
    relay.port = await relay.server.start()
    task = asyncio.create_task(relay.server.run())
    try:
        yield relay
    finally:
        relay.server.stop()
        await task


class Post(Station):
    """A station that sends, counts what is kept, and takes what it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.promised = 0
        self._counted = asyncio.Event()

    def hear(self, event: Event) -> None:
        if isinstance(event, Kept):
            self.promised += event.count
            self._counted.set()
        super().hear(event)

    def send(self, to: bytes, envelope: bytes, lane: int = 1) -> None:
        self.paths.perform(Send(ONE, public(to), lane, envelope))

    async def kept(self, count: int) -> None:
        """Wait until so many envelopes in all were said to be durable at the relay."""
        while self.promised < count:
            self._counted.clear()
            await self._counted.wait()

    async def take(self, count: int, *, own: bool = True) -> list[bytes]:
        """Wait for so many envelopes and say that they are safe."""
        taken = []
        for _ in range(count):
            received = await self.heard(Received)
            taken.append(received.envelope)
            if own:
                self.paths.perform(Took(ONE, received.writer, received.lane, received.cursor))
        return taken


@asynccontextmanager
async def post_at(home: Path, port: int, seed: bytes) -> AsyncIterator[Post]:
    """A station whose path to the relay is open."""
    post = Post()
    post.dial(Route(ONE, LINE, f"127.0.0.1:{port}", pin_of((home / "relay.pem").read_bytes()), seed))
    try:
        await post.heard(PathReady)
        yield post
    finally:
        await post.paths.close()


_PROGRAM = """
import json, pathlib, sys
from openline.relay import RelayConfig, run_relay
run_relay(RelayConfig(pathlib.Path(sys.argv[1]), "127.0.0.1", 0), lambda line: print(json.dumps(line), flush=True))
"""


class Process:
    """A relay in a process of its own."""

    def __init__(self, home: Path) -> None:
        self.process = subprocess.Popen([sys.executable, "-c", _PROGRAM, str(home)], stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.out: IO[str] = self.process.stdout
        line = self.line("listening")
        assert isinstance(line["port"], int)
        self.port = line["port"]

    def line(self, event: str) -> dict[str, object]:
        """Read the log up to the next line of this event."""
        for text in self.out:
            line: dict[str, object] = json.loads(text)
            if line["event"] == event:
                return line
        raise AssertionError(f"the relay ended without saying {event}")

    def kill(self) -> int:
        """Kill -9; return the status."""
        self.process.kill()
        return self.ended()

    def ended(self) -> int:
        """Wait for its end; return the status."""
        status = self.process.wait(20)
        self.out.close()
        return status
