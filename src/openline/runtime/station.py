"""A station's process: store, engine, paths, and the local requests of console and command line."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from openline.engine import Answered, Station, decode_answer
from openline.engine.alarms import CALL, Sounding
from openline.errors import OpenlineError, Unavailable
from openline.identifiers import PathId, Token
from openline.ports import (
    Answer,
    Changed,
    ClockStepped,
    Dial,
    Effect,
    Event,
    Halt,
    NeedSecrets,
    Refused,
    SecretsDrawn,
    Send,
    Slot,
    Sound,
    Started,
    Stopping,
    Took,
    Wake,
    Wanted,
    Woken,
)
from openline.runtime.clocks import Clocks
from openline.runtime.collector import rest_collector
from openline.runtime.driver import Counts, drive, run_batch
from openline.runtime.faults import place
from openline.runtime.homes import annex, open_store, read_lines, read_settings
from openline.runtime.inbox import Inbox
from openline.runtime.log import Log
from openline.runtime.parties import missing_glossaries
from openline.runtime.refusals import Refusals
from openline.runtime.requests import Json, Requests
from openline.runtime.seldom import Seldom
from openline.sessions import RealSuite
from openline.store import CopyKind
from openline.transports import RelayPaths

SECRETS_AT_START = 64
SECRET_BYTES = 32
ANNEX_LOOK_S = 5  # how often the folder of annexes is looked into, if a charter names one, as the engine at its alarms
CLOCK_LOOK_S = 1.0  # how often the two clocks are compared
REQUEST_SHOWN = 32  # characters of a request's name in the log
FORGET_EVERY_S = 3_600  # how often the suite drops the keys that it keeps for speed

Handle = Callable[[Mapping[str, Any]], Awaitable[Json]]
Serve = Callable[[Path, Handle], Coroutine[Any, Any, None]]


@contextmanager
def start_noted(log: Log, kinds: type[Exception] = Exception) -> Iterator[None]:
    """Write into the log why a station did not start, and end the log; the error goes on."""
    try:
        yield
    except kinds as error:
        _note_end(log, error)
        log.close()
        raise


def _note_end(log: Log, error: Exception) -> None:
    if isinstance(error, OpenlineError):
        log.note("failed", words=error.message, hint=error.hint)
    else:  # where it happened and no more: what an exception says may quote a message
        log.note("fault of the program", error=type(error).__name__, at=place(error))


class StationProcess:
    """One station of one home, opened.  Use `run` for a daemon, or `once` for a single request without one."""

    def __init__(self, home: Path, log: Log, passphrase: str | None = None) -> None:
        self.home = home
        self.log = log
        self.counts = Counts()
        self.clocks = Clocks()
        self._suite = RealSuite()
        self.store = open_store(home, passphrase)
        try:
            self._begun = self.store.begin_run()
            self.station = Station(self.store, self._suite, read_lines(self.store), read_settings(home).local)
        except Exception:
            self.store.close()
            raise
        self._tokens = count(1)
        self._waiting: dict[Token, asyncio.Future[Answered]] = {}
        self._refusals = Refusals()
        self._seldom = Seldom(self.log.dated)
        self._inbox = Inbox()
        self._lacking = Sounding()
        self._paths: RelayPaths | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._changes = 0
        self._faulty = False
        self._changed = asyncio.Event()
        self.requests = Requests(self.station, self.ask, self.clocks.instant, self.changes, self._annex, self._refusals)

    # ------------------------------------------------------------ a daemon

    async def run(self, serve: Serve, stop: asyncio.Event) -> None:
        """Run until `stop` is set; StorageFailed ends it at once, and nothing unsynced was acknowledged."""
        rest_collector()
        self.store.lay_log()
        self._paths = RelayPaths(self._inbox.tell, self._inbox.offer, self._note_path)
        self.log.note("started", incarnation=self._begun.incarnation, copy=self._begun.copy.value)
        self._inbox.put_nowait(self._started())
        tasks = [
            asyncio.create_task(
                drive(self.station, self.store, self._inbox, self.clocks.instant, self._perform, self.counts)
            ),
            asyncio.create_task(serve(self.home / "control.sock", self._handle)),
            asyncio.create_task(self._watch_clocks()),
            asyncio.create_task(stop.wait()),
        ]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        except Exception as error:
            # A fault may have left half a step in memory, and that must never become durable.
            self._faulty = not isinstance(error, OpenlineError)
            _note_end(self.log, error)
            raise
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._paths.close()
            self._settle_last()
            self.store.close()
            self._seldom.close()
            self.log.note("stopped")
            self.log.close()

    def _settle_last(self) -> None:
        """Let what was already stepped become durable; after a failed commit the store refuses, and that is right."""
        if not self.store.failed and not self._faulty:
            self.station.step(Stopping(), self.clocks.instant())
            run_batch(self.station, self.store, self.clocks.instant(), self._drop, self.counts, 1)

    def _drop(self, effect: Effect) -> None:
        """An effect after the end: each says what brings it back."""

    # ------------------------------------------------------------ without a daemon

    async def once(self, request: Mapping[str, Any]) -> Json:
        """Answer one request with no daemon running and no path open; what is said waits for the next start."""
        try:
            self._inbox.put_nowait(self._started())
            self._turn()
            return await self.requests.handle(request)
        finally:
            self.store.close()

    def _turn(self) -> None:
        while not self._inbox.empty():
            self.station.step(self._inbox.get_nowait(), self.clocks.instant())
            run_batch(self.station, self.store, self.clocks.instant(), self._perform, self.counts, 1)

    async def _handle(self, request: Mapping[str, Any]) -> Json:
        """Answer one local request; a fault of the program ends neither the daemon nor the asker's patience."""
        try:
            return await self.requests.handle(request)
        except OpenlineError:
            raise
        except Exception as error:
            fault, at = type(error).__name__, place(error)  # and no more: what an exception says may quote a message
            self.log.note("fault of the program", error=fault, at=at, request=str(request.get("do"))[:REQUEST_SHOWN])
            raise Unavailable(
                f"a fault of this program: {fault} at {at}",
                hint="Look whether it was done (`openline inbox --sent`, `openline drafts`) before you ask again.",
            ) from error

    # ------------------------------------------------------------ events in

    def _started(self) -> Started:
        drawn = [secrets.token_bytes(SECRET_BYTES) for _ in range(SECRETS_AT_START)]
        return Started(self._begun.incarnation, drawn, restored=self._begun.copy is not CopyKind.NONE)

    async def ask(self, event: Callable[[Token], Event]) -> Answered:
        """Give the station an event with a token; return its answer, which leaves only after the commit."""
        token = Token(next(self._tokens))
        answer: asyncio.Future[Answered] = asyncio.get_running_loop().create_future()
        self._waiting[token] = answer
        self._inbox.put_nowait(event(token))
        if self._paths is None:
            self._turn()
        try:
            return await answer
        finally:
            self._waiting.pop(token, None)

    def _annex(self, digest: bytes) -> bytes | None:
        """Return a charter's annex from the home's folder; a file that is not exactly it is none."""
        return annex(self.home, digest)

    def submit(self, event: Callable[[Token], Event]) -> None:
        """Give the station an event with a token whose answer nobody waits for: receipts tell soon enough."""
        self._inbox.put_nowait(event(Token(next(self._tokens))))

    async def _watch_clocks(self) -> None:
        batches = 0
        for second in count(1):
            await asyncio.sleep(CLOCK_LOOK_S)
            if second % FORGET_EVERY_S == 0:
                self._suite.forget()
            by = self.clocks.stepped_s()
            if by:
                self.log.note("clock stepped", by_s=by)
                await self._inbox.put(ClockStepped(by))
            self._seldom.pass_time()
            if second % ANNEX_LOOK_S == 1:
                self._look_for_annexes()
            if self._inbox.empty() and self.counts.batches == batches:
                self.store.checkpoint_idle()  # between two messages it would make the second wait
            batches = self.counts.batches

    def _look_for_annexes(self) -> None:
        """Sound what the engine cannot see, for it reads no files, as it sounds its own alarms."""
        lacking = tuple(missing_glossaries(self.station.meanings.values(), self._annex))
        if self._lacking.is_due(lacking, self.clocks.instant()):
            self.log.note("alarms", count=len(lacking), glossaries=lacking)  # a line and a hash, no content
            self._note_change()

    # ------------------------------------------------------------ effects out

    def _perform(self, effect: Effect) -> None:
        match effect:
            case Send() | Slot() | Wanted() | Took() | Dial():
                if self._paths is not None:
                    self._paths.perform(effect)
            case Answer():
                waiting = self._waiting.get(effect.token)
                if waiting is not None and not waiting.done():
                    waiting.set_result(decode_answer(effect.body))
            case Wake():
                self._set_timer(effect.at_monotonic_ms)
            case NeedSecrets():
                self._inbox.put_nowait(SecretsDrawn([secrets.token_bytes(SECRET_BYTES) for _ in range(effect.count)]))
            case Refused():
                self._note_refused(effect)
            case Sound():
                calls = [alarm for alarm in effect.alarms if alarm.startswith(CALL)]  # roles and times, no content
                self.log.note("alarms", count=len(effect.alarms), **({"calls": calls} if calls else {}))
                self._note_change()
            case Changed():
                self._note_change()
            case Halt():
                raise Unavailable(effect.reason, hint=effect.advice)

    def _note_change(self) -> None:
        self._changes += 1
        self._changed.set()
        self._changed = asyncio.Event()

    async def changes(self, after: int, seconds: float) -> int:
        """Return the number of the last change, once it is not `after` any more, or after so many seconds."""
        if self._changes == after:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), seconds)
        return self._changes

    def _set_timer(self, at_ms: int) -> None:
        if self._paths is None:
            return
        if self._timer is not None:
            self._timer.cancel()
        delay = max(0, at_ms - self.clocks.instant().monotonic_ms) / 1000
        self._timer = asyncio.get_running_loop().call_later(delay, self._inbox.put_nowait, Woken())

    def _note_path(self, path: PathId, reason: str) -> None:
        # A hostile relay chooses how often, and by which of its rules: both are told seldom.
        self._seldom.add(("path", path, reason), {"what": "path", "path": path, "reason": reason})

    def _note_refused(self, effect: Refused) -> None:
        self._refusals.note(effect.rule, effect.reason, effect.path, self.clocks.instant().utc)
        facts = {"what": "refused", "rule": effect.rule, "reason": effect.reason, "path": effect.path}
        self._seldom.add(("refused", effect.rule, effect.path), facts)
