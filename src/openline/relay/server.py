"""The relay's one loop: take what is there, step, settle, commit, perform.

What is given to a reader leaves before the commit: if the relay dies between, the sender was told nothing and puts it
again, and the reader drops the second.  What says `stored` leaves after it.
"""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict

from openline.errors import Misuse, OpenlineError
from openline.identifiers import PathId
from openline.mailbox import Mailbox
from openline.ports import (
    Effect,
    Event,
    Forget,
    Instant,
    PathLost,
    PathOpened,
    Refused,
    Send,
    Started,
    Stopping,
    Wake,
    Woken,
)
from openline.relay.home import KEY_FILE, QUEUE_FILE, RelayConfig, read_lines
from openline.relay.inbox import Inbox
from openline.store import COPY_TABLE, CopyKind, Store
from openline.transports import Listener, RelayKey

IDLE_S = 0.5  # without an event: then the write-ahead log is moved into the file
STATUS_S = 300  # between the lines of the log that say how much is queued
TAG_BYTES = 4  # of a post key, in the log: enough to tell two stations apart, too little to be one

Log = Callable[[Mapping[str, object]], None]


class RelayServer:
    """One relay.  `start`, then `run` until `stop` is called or the disk fails."""

    def __init__(self, config: RelayConfig, log: Log) -> None:
        """Open everything.  log: takes what happens, as plain values for one line of JSON.

        Raises Misuse (folder, key, lines, a second relay on this folder) or StorageFailed.
        """
        self._config = config
        self._log = log
        key = RelayKey.load(config.home / KEY_FILE)
        lines = read_lines(config.home)
        self._store = Store.open(config.home / QUEUE_FILE, config.page_key)
        try:
            self._mailbox = Mailbox(self._store, lines, config.quotas)
            self._incarnation = self._begin_run()
        except OpenlineError:
            self._store.close()
            raise
        self._inbox = Inbox()
        self._listener = Listener(key, self._inbox.tell, self._inbox.offer, self._mailbox.admits, self._note)
        self._stopped = asyncio.Event()
        self._reload = self._finished = False
        self._wake: asyncio.TimerHandle | None = None
        self._begun = time.monotonic()
        self._steps = self._commits = 0

    # ------------------------------------------------------------ for whoever runs it

    async def start(self) -> int:
        """Load the queues and listen; return the port.  Raises Unavailable if the address cannot be had."""
        self._store.lay_log()
        await self._do([Started(self._incarnation, ())])
        port = await self._listener.start(self._config.host, self._config.port)
        self._say("listening", host=self._config.host, port=port, **self.status())
        return port

    async def run(self) -> None:
        """Serve until `stop`.  Raises StorageFailed at once if the disk fails: then nothing more is said to anybody."""
        driver = asyncio.create_task(self._drive())
        stopping = asyncio.create_task(self._stopped.wait())
        await asyncio.wait([driver, stopping], return_when=asyncio.FIRST_COMPLETED)
        if driver.done():
            self._inbox.close()  # the disk has failed: whoever still talks is not heard
        await self._listener.close()
        self._finished = True
        self._inbox.nudge(Stopping())
        stopping.cancel()
        try:
            await driver
        finally:
            if self._wake is not None:
                self._wake.cancel()
            self._store.close()
        self._say("stopped", **self.status())

    def stop(self) -> None:
        """End in good order."""
        self._stopped.set()

    def reload(self) -> None:
        """Read the list of lines again, soon.  A list that is not in its form changes nothing and is logged."""
        self._reload = True
        self._inbox.nudge()

    def status(self) -> dict[str, int]:
        """Return the counts of this moment: nothing in them names anybody."""
        return {
            "incarnation": self._incarnation,
            "seconds": int(time.monotonic() - self._begun),
            "steps": self._steps,
            "commits": self._commits,
            **asdict(self._mailbox.statistics()),
        }

    # ------------------------------------------------------------ the loop

    async def _drive(self) -> None:
        told = time.monotonic()
        quiet = False  # whether everything has been moved into the file since the last commit
        while not self._finished or self._inbox:
            if not await self._inbox.wait(None if quiet else IDLE_S):
                self._store.checkpoint_idle()
                quiet = True
                continue
            quiet = False
            if self._reload:
                self._admit_again()
            await self._do(self._inbox.take())
            if time.monotonic() - told > STATUS_S:
                told = time.monotonic()
                self._say("status", **self.status())
            await asyncio.sleep(0)  # the sockets' turn, however much is waiting

    async def _do(self, events: Sequence[Event]) -> None:
        """One batch: steps, rows, effects."""
        now = Instant(int(time.time()), int(time.monotonic() * 1000))
        for event in events:
            self._log_event(event)
            self._mailbox.step(event, now)
        self._steps += len(events)
        batch = self._mailbox.settle(now)
        early = [effect for effect in batch.effects if isinstance(effect, Send) and effect.to]
        self._perform(early)
        if batch.rows:
            if early:
                await asyncio.sleep(0)  # the writers hand it to the network while the disk works
            # A crash here: readers may hold what no sender was told is stored; it is put again, and dropped there.
            self._store.commit(batch.rows)
            self._commits += 1
        # A crash here: all of it is durable and nobody was told; the senders put it again, and it is found queued.
        self._perform([effect for effect in batch.effects if not (isinstance(effect, Send) and effect.to)])

    def _perform(self, effects: Sequence[Effect]) -> None:
        for effect in effects:
            if isinstance(effect, Send | Refused):
                self._listener.perform(effect)
            else:
                assert isinstance(effect, Wake)  # a mailbox asks for nothing else
                self._wake_at(effect.at_monotonic_ms / 1000)

    def _wake_at(self, monotonic_s: float) -> None:
        if self._wake is not None:
            self._wake.cancel()
        delay = max(0.0, monotonic_s - time.monotonic())
        self._wake = asyncio.get_running_loop().call_later(delay, self._inbox.nudge, Woken())

    def _admit_again(self) -> None:
        self._reload = False
        try:
            self._mailbox.admit(read_lines(self._config.home))
        except Misuse as error:
            self._say("lines not read", words=error.message, hint=error.hint)
            return
        self._say("lines read", **self.status())

    def _begin_run(self) -> int:
        run = self._store.begin_run()
        if run.copy is not CopyKind.NONE:
            # Nothing to recover: readers drop what they hold already, senders still have what is missing.
            self._say("queues are a copy", kind=run.copy.value)
            self._store.commit([Forget(COPY_TABLE, b"")])  # the first commit: the mark goes with it
        return run.incarnation

    # ------------------------------------------------------------ the log

    def _log_event(self, event: Event) -> None:
        match event:
            case PathOpened():
                self._say("opened", path=event.path, station=event.who[:TAG_BYTES].hex())
            case PathLost():
                self._say("closed", path=event.path)
            case _:
                pass

    def _note(self, path: PathId, words: str) -> None:
        self._say("refused", path=path, words=words)

    def _say(self, what: str, **facts: object) -> None:
        self._log({"at": int(time.time()), "event": what, **facts})


def run_relay(config: RelayConfig, log: Log) -> None:
    """Run one relay in this process until SIGTERM or SIGINT; SIGHUP reads the list of lines again.

    Raises Misuse, Unavailable or StorageFailed; each has been logged.
    """

    async def serve() -> None:
        server = RelayServer(config, log)
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, server.stop)
        loop.add_signal_handler(signal.SIGINT, server.stop)
        loop.add_signal_handler(signal.SIGHUP, server.reload)
        await server.start()
        await server.run()

    try:
        asyncio.run(serve())
    except OpenlineError as error:
        log({"at": int(time.time()), "event": "failed", "words": error.message, "hint": error.hint})
        raise
