"""A relay of the made world: the mailbox as it ships, its own disk, and an operator who may lie.

What an honest relay does is the shipped machine's doing; what a lying one does is here.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from openline.identifiers import LineId, PathId
from openline.mailbox import Mailbox
from openline.ports import (
    Event,
    Instant,
    PathLost,
    PathOpened,
    PathReady,
    Received,
    Refused,
    Send,
    Started,
    Wake,
    Woken,
)
from openline.simulation.agenda import Agenda
from openline.simulation.faults import Faults
from openline.simulation.ledger import MemoryLedger
from openline.wire.relay import FRAMES_MAX, MESSAGE_BYTES_MAX, Found, Given, Reply, decode_replies

ROOM_BYTES = 1 << 20
DOWN_MS_MAX = 5_000
REMEMBERED_MAX = 40  # envelopes that a lying relay keeps to say again
NOBODY = LineId(b"")

Hear = Callable[[PathId, list[Reply]], None]
Lost = Callable[[PathId], None]


def messages(frames: Sequence[bytes]) -> Iterator[bytes]:
    """Yield frames joined as the transports join them: no more of them in one message than a reader takes."""
    taken: list[bytes] = []
    size = 0
    for frame in frames:
        if len(taken) == FRAMES_MAX or size + len(frame) > MESSAGE_BYTES_MAX:
            yield b"".join(taken)
            taken, size = [], 0
        taken.append(frame)
        size += len(frame)
    if taken:
        yield b"".join(taken)


@dataclass(frozen=True, slots=True)
class _View:
    """What one reader is shown for as long as faults last: nothing of one writer, and slots as they were."""

    withheld: bytes
    slots: Mapping[bytes, bytes]


class Relay:
    """One relay.  `hear` takes what it says on a connection; `lost` is told that a connection is no more."""

    def __init__(
        self, address: str, posts: Sequence[bytes], faults: Faults, agenda: Agenda, hear: Hear, lost: Lost
    ) -> None:
        self.address = address
        self.ledger = MemoryLedger()
        self.steps = 0
        self._posts = posts
        self._faults = faults
        self._agenda = agenda
        self._hear = hear
        self._lost = lost
        self._runs = 0
        self._mailbox: Mailbox | None = None
        self._inbox: deque[Event] = deque()
        self._connections: dict[PathId, bytes] = {}
        self._given: list[Given] = []
        self._slots: list[bytes] = []
        self._newest: dict[bytes, bytes] = {}  # owner -> what lay in its slot when somebody last looked
        self._views: dict[bytes, _View] = {}  # reader -> what it is shown, if that is another thing than others are

    @property
    def up(self) -> bool:
        """Whether its process runs."""
        return self._mailbox is not None

    def start(self) -> None:
        """Begin a run from what is on the disk, unless one is under way."""
        if self._mailbox is None:
            self._runs += 1
            self._mailbox = Mailbox(self.ledger, [self._posts])
            self._tell(Started(self._runs, [bytes(32)]))

    def stop(self, *, disk_too: bool = False) -> None:
        """End the process: every connection breaks; it comes back.  `disk_too`: all that lay there is gone as well."""
        self._mailbox = None
        self._inbox.clear()
        for path in list(self._connections):
            del self._connections[path]
            self._lost(path)
        if disk_too:
            self.ledger = MemoryLedger()
        self._agenda.tell(f"{self.address} stops{', and its disk is lost' if disk_too else ''}")
        self._agenda.at(self._faults.pause_ms(DOWN_MS_MAX), self.start)

    def connect(self, path: PathId, post: bytes) -> None:
        """A station has proved its post key on a new connection."""
        self._connections[path] = post
        self._tell(PathOpened(path, NOBODY, post))
        self._tell(PathReady(path, ROOM_BYTES))

    def disconnect(self, path: PathId) -> None:
        """A connection has broken on its way."""
        if self._connections.pop(path, None) is not None:
            self._tell(PathLost(path, "broke"))

    def take(self, path: PathId, message: bytes) -> None:
        """A message of a station arrives."""
        if path in self._connections:
            self._tell(Received(path, message))

    def _tell(self, event: Event) -> None:
        if not self._inbox:
            self._agenda.at(0, partial(self._turn, self._runs))
        self._inbox.append(event)

    # ------------------------------------------------------------ one batch

    def _turn(self, run: int) -> None:
        """Step what waits, settle, give, commit, answer: in the order of the relay as it ships.

        A crash strikes where something was given, answered or written; what was given and not yet written dies with it.
        """
        if self._mailbox is None or run != self._runs:
            return
        now = Instant(0, self._agenda.now_ms)
        while self._inbox:
            self.steps += 1
            self._mailbox.step(self._inbox.popleft(), now)
        batch = self._mailbox.settle(now)
        place = self._faults.place("relay-crash", 2) if batch.rows or batch.effects else None
        said: dict[PathId, list[bytes]] = {}
        for effect in batch.effects:
            if isinstance(effect, Send) and (effect.to or place is None):
                said.setdefault(effect.path, []).append(effect.envelope)
            elif isinstance(effect, Refused) and effect.path is not None:
                self._connections.pop(effect.path, None)
                self._lost(effect.path)
            elif isinstance(effect, Wake):
                self._agenda.at(max(1, effect.at_monotonic_ms - now.monotonic_ms), partial(self._ring, run))
        if place != 0:
            self.ledger.commit(batch.rows)
        for path, frames in said.items():
            self._say(path, [reply for message in messages(frames) for reply in decode_replies(message)])
        if place is not None:
            self.stop()

    def _ring(self, run: int) -> None:
        if self._mailbox is not None and run == self._runs:
            self._tell(Woken())

    # ------------------------------------------------------------ what it says

    def _say(self, path: PathId, replies: Sequence[Reply]) -> None:
        if path not in self._connections:
            return
        if self._faults.chances:
            replies = [lied for reply in self._viewed(path, replies) for lied in self._lies(reply)]
        more = sum(len(reply.envelope) for reply in replies if isinstance(reply, Given))
        self._hear(path, list(replies))
        if more:
            # There is room again after a round trip, as for a station (see paths).
            self._agenda.at(1 + 2 * self._faults.latency_ms, partial(self._ready, self._runs, path))

    def _ready(self, run: int, path: PathId) -> None:
        if run == self._runs and path in self._connections:
            self._tell(PathReady(path, ROOM_BYTES))

    def _viewed(self, path: PathId, replies: Sequence[Reply]) -> Iterator[Reply]:
        """Yield what this reader is shown: its own view, from when a fork of views strikes until faults end."""
        reader = self._connections[path]
        for reply in replies:
            if isinstance(reply, Given) and reader not in self._views and self._faults.strikes("relay-fork"):
                self._views[reader] = _View(reply.writer, dict(self._newest))
                self._agenda.tell(f"{self.address} shows one reader another state than the others")
            view = self._views.get(reader)
            if isinstance(reply, Found) and reply.envelope:
                self._newest[reply.owner] = reply.envelope
                yield reply if view is None else Found(reply.owner, view.slots.get(reply.owner, b""))
            elif view is None or not isinstance(reply, Given) or reply.writer != view.withheld:
                yield reply

    def _lies(self, reply: Reply) -> list[Reply]:
        """Return what a lying relay says instead: another writer, an older prekey, something said before."""
        match reply:
            case Given():
                self._given = [*self._given[-REMEMBERED_MAX:], reply]
                said: list[Reply] = [reply]
                if self._faults.strikes("relay-lie"):
                    other = self._faults.random.choice(self._given)
                    said = [replace(reply, writer=other.writer, lane=other.lane)]
                if self._faults.strikes("relay-replay"):
                    said.append(self._faults.random.choice(self._given))
                return said
            case Found(owner, envelope) if envelope:
                self._slots = [*self._slots[-REMEMBERED_MAX:], envelope]
                if self._faults.strikes("relay-lie"):
                    return [Found(owner, self._faults.random.choice(self._slots))]
                return [reply]
            case _:
                return [reply]
