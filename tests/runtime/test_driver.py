"""The loop and the clocks: durable first, then visible; a step of the clock is told once."""

import asyncio
from collections.abc import Sequence
from types import SimpleNamespace
from typing import cast

import pytest

from openline.errors import StorageFailed
from openline.limits import BATCH_STEPS_MAX
from openline.ports import Effect, Event, Instant, Keep, Machine, Row, Woken
from openline.runtime.clocks import Clocks
from openline.runtime.driver import Counts, drive, run_batch

NOW = Instant(1, 1)
ROW = Keep("t", b"k", b"v")


class Told:
    """A machine and a store that write down what happens, in order."""

    def __init__(self, rows: Sequence[Row], *, disk: bool = True) -> None:
        self.order: list[str] = []
        self._rows = rows
        self._disk = disk

    def step(self, _event: Event, _now: Instant) -> None:
        self.order.append("step")

    def settle(self, _now: Instant) -> SimpleNamespace:
        self.order.append("settle")
        return SimpleNamespace(rows=self._rows, effects=[object()])

    def commit(self, rows: Sequence[Row]) -> None:
        assert rows == self._rows
        self.order.append("commit")
        if not self._disk:
            raise StorageFailed("the disk is full", hint="Free space.")

    def perform(self, _effect: Effect) -> None:
        self.order.append("perform")


def test_nothing_leaves_before_its_batch_is_durable() -> None:
    told, counts = Told([ROW]), Counts()
    run_batch(cast("Machine", told), told, NOW, told.perform, counts, 1)
    assert told.order == ["settle", "commit", "perform"]
    assert (counts.steps, counts.batches, counts.commits) == (1, 1, 1)


def test_a_batch_without_rows_costs_no_commit() -> None:
    told, counts = Told([]), Counts()
    run_batch(cast("Machine", told), told, NOW, told.perform, counts, 1)
    assert told.order == ["settle", "perform"]
    assert counts.commits == 0


def test_a_failed_commit_lets_nothing_out_and_ends_the_loop() -> None:
    told = Told([ROW], disk=False)

    async def run() -> None:
        inbox: asyncio.Queue[Event] = asyncio.Queue()
        inbox.put_nowait(Woken())
        await drive(cast("Machine", told), told, inbox, lambda: NOW, told.perform, Counts())

    with pytest.raises(StorageFailed):
        asyncio.run(run())
    assert told.order == ["step", "settle", "commit"]


def test_a_batch_takes_what_waits_and_no_more_than_its_limit() -> None:
    told, counts = Told([]), Counts()

    async def run() -> None:
        inbox: asyncio.Queue[Event] = asyncio.Queue()
        for _ in range(BATCH_STEPS_MAX + 1):
            inbox.put_nowait(Woken())
        driving = asyncio.create_task(drive(cast("Machine", told), told, inbox, lambda: NOW, told.perform, counts))
        for _ in range(10):  # turns of the loop: more than two batches take
            await asyncio.sleep(0)
        driving.cancel()

    asyncio.run(run())
    assert told.order == ["step"] * BATCH_STEPS_MAX + ["settle", "perform", "step", "settle", "perform"]


def test_a_step_of_the_clock_is_told_once_and_drift_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    clocks = Clocks()
    assert clocks.stepped_s() == 0
    real = Clocks._now_ms
    monkeypatch.setattr(Clocks, "_now_ms", staticmethod(lambda: real() + 3_600_000))
    assert clocks.stepped_s() in (3_599, 3_600)
    assert clocks.stepped_s() == 0
    monkeypatch.setattr(Clocks, "_now_ms", staticmethod(lambda: real() + 3_601_000))
    assert clocks.stepped_s() == 0
