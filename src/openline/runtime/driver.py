"""The loop around a machine: take what waits, step, settle, commit, perform.

It never waits for company: a slow disk makes its own batches.  It commits on its own thread, so a disk that hangs
stops the heartbeat too, which is the truth.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from openline.limits import BATCH_STEPS_MAX
from openline.ports import Effect, Event, Instant, Machine, Row


class Commits(Protocol):
    """Where rows become durable."""

    def commit(self, rows: Sequence[Row]) -> None:
        """Make the rows of one batch durable, or raise StorageFailed."""


@dataclass(slots=True)
class Counts:
    """What the loop has done since it began: for `openline bench` and the health display."""

    steps: int = 0
    batches: int = 0
    commits: int = 0


async def drive(
    machine: Machine,
    store: Commits,
    inbox: asyncio.Queue[Event],
    now: Callable[[], Instant],
    perform: Callable[[Effect], None],
    counts: Counts,
) -> None:
    """Drive a machine until cancelled, or until a commit fails: then StorageFailed ends the daemon."""
    while True:
        event = await inbox.get()
        machine.step(event, now())
        steps = 1
        while steps < BATCH_STEPS_MAX and not inbox.empty():
            machine.step(inbox.get_nowait(), now())
            steps += 1
        run_batch(machine, store, now(), perform, counts, steps)
        await asyncio.sleep(0)  # sockets get their turn between two batches


def run_batch(
    machine: Machine,
    store: Commits,
    now: Instant,
    perform: Callable[[Effect], None],
    counts: Counts,
    steps: int,
) -> None:
    """Settle one batch, make it durable, then let its effects out."""
    batch = machine.settle(now)
    counts.steps += steps
    counts.batches += 1
    # A crash here: nothing was said, nothing is durable; peers offer it again.
    if batch.rows:
        counts.commits += 1
        store.commit(batch.rows)
    # A crash here: all of it is durable, nothing was said; the next start offers it again.
    for effect in batch.effects:
        perform(effect)
