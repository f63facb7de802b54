"""One station of the made world: its disk, the process that runs if one does, and every place at which it may die.

Driven as the runtime drives it: the events of a moment are one batch, then settle, commit, effects in order.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import partial

from openline.engine import Home, Station
from openline.errors import StorageFailed
from openline.limits import BATCH_STEPS_MAX
from openline.ports import Append, Batch, Effect, Event, Instant, Keep, Ledger, Started, Suite, Wake, Woken
from openline.simulation.agenda import Agenda
from openline.simulation.disks import Disk
from openline.simulation.faults import Faults
from openline.simulation.setting import BEGIN

SECRETS_AT_START = 64
DOWN_MS_MAX = 5_000
CUT_WITHIN_MS = 50  # in which a station that has anything to do commits
OTHER_ENTRY = "another"  # in what a ledger says of a second entry for a place that is taken

Perform = Callable[["Node", Effect], None]
Seen = Callable[["Node", Batch], None]


class Node:
    """A station's machine and its process.

    perform: does what it wants done.  committed: told of every batch once it is durable, before any effect leaves.
    flushed: told when the effects of a batch have left.  damaged: told that the disk did not give back what was kept.
    """

    def __init__(
        self, home: Home, disk: Disk, suite: Suite, faults: Faults, agenda: Agenda, *,
        perform: Perform, committed: Seen, flushed: Callable[[Node], None], damaged: Callable[[Node], None],
    ) -> None:  # fmt: skip
        self.home = home
        self.me = home.me
        self.disk = disk
        self.ledger: Ledger | None = None
        self.station: Station | None = None
        self.incarnation = 0
        self.steps = 0
        self.skew_s = 0
        self.backup: object = None
        self.late_wakes = 0  # asked for a time that had passed
        self.ended = False  # its party has ended it; its process may run on
        self.speaks = home.me & 255 == 1  # its party's officers answer and ask here
        self._suite = suite
        self._faults = faults
        self._agenda = agenda
        self._perform = perform
        self._committed = committed
        self._flushed = flushed
        self.damaged = damaged
        self._inbox: deque[Event] = deque()
        self._wake_at: int | None = None
        self._doubtful: Batch | None = None
        self._off = False

    @property
    def name(self) -> str:
        """The station's name in the story: party and number."""
        return f"{self.me >> 8}.{self.me & 255}"

    def instant(self) -> Instant:
        """Return both clocks as this station reads them."""
        return Instant(BEGIN + self._agenda.now_ms // 1000 + self.skew_s, self._agenda.now_ms)

    # ------------------------------------------------------------ the process

    def start(self) -> None:
        """Start from what is on the disk, unless it runs."""
        if self.station is not None or self._off:
            return
        opened = self.disk.open()
        self.ledger = opened.ledger
        self.incarnation += 1
        self._wake_at = None
        try:
            self._look_at_doubtful(opened.ledger)
            self.station = Station(opened.ledger, self._suite, [self.home])
        except StorageFailed as failed:
            self._agenda.tell(f"{self.name} does not start: {failed.message}")
            self.damaged(self)
            return
        self._agenda.tell(f"{self.name} starts, run {opened.incarnation}{', from a copy' if opened.restored else ''}")
        secrets = [self._faults.random.randbytes(32) for _ in range(SECRETS_AT_START)]
        self.give(Started(opened.incarnation, secrets, restored=opened.restored))

    def kill(self, why: str) -> None:
        """End the process; what was not committed is gone.  It starts again after a while."""
        if self.station is None:
            return
        self._agenda.tell(f"{self.name} dies {why}")
        self.station = None
        self.incarnation += 1
        self._inbox.clear()
        self.disk.close(self._faults.random)
        self._agenda.at(self._faults.pause_ms(DOWN_MS_MAX), self.start)

    def cut_mid_commit(self) -> None:
        """Let the power go in the middle of the next commit, or within a moment if there is none."""
        if self.station is None:
            return
        self.disk.fail_next(self._faults.random)
        self.during(CUT_WITHIN_MS, lambda: self.kill("as the power goes"))

    def end(self, *, runs_on: bool) -> None:
        """Let the station end: it is switched off for good, or runs on as if nobody had told it."""
        self.ended = True
        self._off = not runs_on
        if self._off:
            self.kill("for good: its party ends it")

    def during(self, delay_ms: int, what: Callable[[], None]) -> None:
        """Let something happen after a delay if the process is still the same."""
        run = self.incarnation
        self._agenda.at(delay_ms, lambda: what() if self.incarnation == run and self.station is not None else None)

    # ------------------------------------------------------------ batches

    def give(self, event: Event) -> None:
        """Let the station have one event, with all others of this moment."""
        if self.station is None:
            return
        if not self._inbox:
            self.during(0, self._turn)
        self._inbox.append(event)

    def _turn(self) -> None:
        station = self.station
        assert station is not None  # `during` looked
        try:
            batch = self._settled(station)
        except StorageFailed as failed:
            self._agenda.tell(f"{self.name} stops: {failed.message}")
            self.damaged(self)
            return
        crash = self._faults.place("crash", len(batch.effects) + 2)
        if crash == 0:
            self.kill("before a commit")
            return
        if batch.rows and not self._commit(batch):
            return
        self._effects(batch, crash)

    def _settled(self, station: Station) -> Batch:
        now = self.instant()
        for _ in range(min(len(self._inbox), BATCH_STEPS_MAX)):
            self.steps += 1
            event = self._inbox.popleft()
            station.step(event, now)
        if self._inbox:
            self.during(0, self._turn)
        return station.settle(now)

    def _commit(self, batch: Batch) -> bool:
        """Make the batch durable; a disk that fails ends the process, and memory with it."""
        if self._faults.strikes("disk"):
            self.disk.fail_next(self._faults.random)
        try:
            self.disk.commit(batch.rows)
        except StorageFailed as failed:
            if OTHER_ENTRY in failed.message:
                raise  # no fault of the disk: the engine gave one place to two entries
            self._doubtful = batch
            self.kill("because its disk failed")
            return False
        self._committed(self, batch)
        return True

    def _look_at_doubtful(self, ledger: Ledger) -> None:
        """Tell what of a failed commit is on the disk after all: its transaction took all of it, or nothing."""
        doubtful, self._doubtful = self._doubtful, None
        if doubtful is None:
            return
        rows = doubtful.rows
        appended = [row for row in rows if isinstance(row, Append)]
        kept = [row for row in rows if isinstance(row, Keep)]
        there = all(ledger.entry(row.line, row.author, row.generation, row.seq) == row for row in appended)
        if there and all((row.key, row.value) in ledger.kept(row.table, row.key) for row in kept):
            self._committed(self, doubtful)

    def _effects(self, batch: Batch, crash: int | None) -> None:
        for place, effect in enumerate(batch.effects, 1):
            if crash == place:
                self._flushed(self)
                self.kill(f"before effect {place} of {len(batch.effects)}")
                return
            if isinstance(effect, Wake):
                self._wake(effect.at_monotonic_ms)
            else:
                self._perform(self, effect)
        self._flushed(self)
        if crash is not None:
            self.kill("after a batch")

    def _wake(self, at_ms: int) -> None:
        self._wake_at = at_ms
        self.late_wakes += at_ms < self._agenda.now_ms
        self.during(max(1, at_ms - self._agenda.now_ms), partial(self._ring, at_ms))

    def _ring(self, at_ms: int) -> None:
        if self._wake_at == at_ms:
            self._wake_at = None
            self.give(Woken())
