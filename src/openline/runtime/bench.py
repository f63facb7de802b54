"""Measuring a line as it ships: three processes or more, TLS 1.3, encrypted stores that sync every commit.

The sender runs in this process, so that every receipt is seen the moment it is durable; relays and receivers are
processes of their own.  Nothing is asserted: figures are for people, side by side with others in the same run.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import quantiles
from typing import Any

from openline.catalogue.kinds import CATALOGUE, body_from_json
from openline.errors import Unavailable
from openline.identifiers import LineId, Token
from openline.ports import Changed, Effect, Event, Submitted
from openline.runtime.log import Log
from openline.runtime.station import Handle, StationProcess
from openline.wire.statement import Statement, Status, encode_statement

WINDOW = 256  # statements without a receipt at any time, at full load
CONTACT_S = 60.0  # given to all stations to find each other
FSYNCS = 200

HAZARD: dict[str, Any] = {
    "hazard": "live_firing",
    "area": {"corners": ["39.50N 131.50E", "39.50N 132.50E", "38.00N 132.50E", "38.00N 131.50E"]},
}
"""A hazard area, a notice that one duty officer may give; with its period as long as a launch notification."""


class BenchProcess(StationProcess):
    """A station that notes when something changed: after the commit that made it durable."""

    on_changed: Callable[[Changed], None] | None = None

    def _perform(self, effect: Effect) -> None:
        super()._perform(effect)
        if isinstance(effect, Changed) and self.on_changed is not None:
            self.on_changed(effect)


@dataclass(slots=True)
class Figures:
    """What was measured; times in milliseconds."""

    messages_s: float = 0.0
    receipt_ms: list[float] = field(default_factory=list)
    durable_ms: list[float] = field(default_factory=list)
    fsync_ms: list[float] = field(default_factory=list)
    messages: int = 0
    commits: int = 0
    receipts: int = 0
    cpu_us: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """Return the figures as `openline bench line --json` prints them."""
        return {
            "messages_s": round(self.messages_s),
            "receipt_ms": {"p50": _percentile(self.receipt_ms, 50), "p99": _percentile(self.receipt_ms, 99)},
            "durable_ms": _percentile(self.durable_ms, 50),
            "fsync_ms": _percentile(self.fsync_ms, 50),
            "messages": self.messages,
            "commits": self.commits,
            "receipts": self.receipts,
            "cpu_us": round(self.cpu_us),
        }


def _percentile(values: list[float], percent: int) -> float:
    return round(quantiles(values, n=100)[percent - 1], 3) if len(values) > 1 else 0.0


def fsyncs(folder: Path) -> list[float]:
    """Return how long syncing a small write takes on this disk."""
    taken = []
    path = folder / "fsync"
    with path.open("wb", buffering=0) as file:
        for _ in range(FSYNCS):
            file.write(b"x" * 512)
            began = time.perf_counter()
            os.fdatasync(file.fileno())
            taken.append((time.perf_counter() - began) * 1000)
    path.unlink()
    return taken


async def measure(home: Path, single: int, many: int, progress: Callable[[str], None]) -> Figures:
    """Measure a line from this station's home, its relays and receivers already running."""
    process = BenchProcess(home, Log(None))
    figures = Figures(fsync_ms=fsyncs(home))
    async with _running(process):
        (meaning,) = process.station.meanings.values()
        state = meaning.line.state
        progress("waiting until every station answers")
        await _until(lambda: all(peer.contact.alive_ms is not None for peer in state.peers.values()), CONTACT_S)
        statements = Statements(state.line, state.documents.charter.number if state.documents.charter else 1)
        progress(f"{single} messages one at a time")
        await _singly(process, statements, single, figures)
        progress(f"{many} messages, {WINDOW} at a time")
        await _at_full_load(process, statements, many, figures)
    return figures


class Statements:
    """Different statements, as many as wanted."""

    def __init__(self, line: LineId, charter: int) -> None:
        self.line = line
        self._charter = charter
        self._kind = CATALOGUE.kind("N6")
        self._number = 0

    def next(self) -> Callable[[Token], Event]:
        """Return an event that says the next one: of now, with a period of its own, so that it is a new message."""
        self._number += 1
        minute = datetime(2026, 12, 9, tzinfo=UTC) + timedelta(minutes=self._number)
        period = f"{minute:%Y-%m-%dT%H:%MZ}/{minute + timedelta(days=1):%Y-%m-%dT%H:%MZ}"
        body = body_from_json(self._kind, {**HAZARD, "period": period})
        data = encode_statement(Statement(self._charter, int(time.time()), self._kind.number, 1, body, Status.TEST))
        return lambda token: Submitted(token, self.line, data)


async def _singly(process: BenchProcess, statements: Statements, count: int, figures: Figures) -> None:
    state = next(iter(process.station.lines.values())).state
    receipted = asyncio.Event()
    process.on_changed = lambda _: receipted.set() if not state.outbox.entries else None
    for _ in range(count):
        event = statements.next()
        receipted.clear()
        began = time.perf_counter()
        await process.ask(event)
        figures.durable_ms.append((time.perf_counter() - began) * 1000)
        await receipted.wait()
        figures.receipt_ms.append((time.perf_counter() - began) * 1000)


async def _at_full_load(process: BenchProcess, statements: Statements, count: int, figures: Figures) -> None:
    state = next(iter(process.station.lines.values())).state
    events = [statements.next() for _ in range(count)]
    done = asyncio.Event()
    before = state.own.size

    def top_up(_: Changed | None = None) -> None:
        receipted = state.own.size - before - len(state.outbox.entries)
        while events and count - len(events) - receipted < WINDOW:
            process.submit(events.pop())
        if receipted == count:
            done.set()

    process.on_changed = top_up
    commits, marks, cpu = process.counts.commits, _receipts(process), time.process_time()
    began = time.perf_counter()
    top_up()
    await done.wait()
    taken = time.perf_counter() - began
    figures.messages = count
    figures.messages_s = count / taken
    figures.commits = process.counts.commits - commits
    figures.receipts = _receipts(process) - marks
    figures.cpu_us = (time.process_time() - cpu) / count * 1_000_000


def _receipts(process: BenchProcess) -> int:
    line = next(iter(process.station.lines.values()))
    return sum(len(marks) for peer in line.state.peers.values() for marks in peer.marks.values())


@contextlib.asynccontextmanager
async def _running(process: BenchProcess) -> AsyncIterator[None]:
    stop = asyncio.Event()
    task = asyncio.create_task(process.run(_no_requests, stop))
    try:
        await _until(lambda: bool(process.station.meanings), CONTACT_S)
        yield
    finally:
        stop.set()
        await task


async def _no_requests(_path: Path, _handle: Handle) -> None:
    await asyncio.Event().wait()


async def _until(condition: Callable[[], bool], timeout_s: float) -> None:
    """Look again and again: what is waited for happens in other processes and tells nobody here."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > deadline:
            raise Unavailable("the stations did not find each other", hint="Is this machine very busy? Try again.")
        await asyncio.sleep(0.02)


def summary(figures: Mapping[str, Any]) -> str:
    """Return the figures in words."""
    return (
        f"{figures['messages_s']} messages a second, {figures['messages']} in {figures['commits']} commits and "
        f"{figures['receipts']} receipts, {figures['cpu_us']} us of the sender's processor each\n"
        f"one at a time: receipt durable after {figures['receipt_ms']['p50']} ms (p99 {figures['receipt_ms']['p99']}), "
        f"durable at home after {figures['durable_ms']} ms; one fsync takes {figures['fsync_ms']} ms"
    )
