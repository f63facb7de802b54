"""A world from one seed: stations as they ship, over relays and disks that fail.

Time is virtual.  Everything that may happen stands in one queue ordered by time and then by number, so a seed repeats
exactly.  The world drives each station as the runtime does: steps, settle, commit, effects; and it may end a station at
each place between two of these.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from random import Random

from openline.engine import Station
from openline.identifiers import LineId, PathId, StationId, Token
from openline.ports import (
    Answer,
    Dial,
    Effect,
    Event,
    Instant,
    NeedSecrets,
    PathOpened,
    PathReady,
    Received,
    Refused,
    SecretsDrawn,
    Send,
    Slot,
    Started,
    Submitted,
    Suite,
    Took,
    Wake,
    Wanted,
    Woken,
)
from openline.ports.effects import Route
from openline.simulation.faults import Faults
from openline.simulation.ledger import MemoryLedger
from openline.simulation.setting import BEGIN, Setting

@dataclass(slots=True)
class Node:
    """One station of the world: what is on its disk, and the process that runs, if one does."""

    me: StationId
    ledger: MemoryLedger
    station: Station | None = None
    incarnation: int = 0
    routes: dict[PathId, Route] = field(default_factory=dict)
    wake_at: int | None = None
    answers: dict[Token, bytes] = field(default_factory=dict)
    refusals: list[Refused] = field(default_factory=list)
    restored: bool = False
    backup: MemoryLedger | None = None


@dataclass(slots=True)
class Queue:
    """One relay's queue for one writer, reader and lane."""

    items: dict[int, bytes] = field(default_factory=dict)
    last: int = 0


class World:
    """Stations of one line, their relays, and everything that can go wrong between them."""

    def __init__(self, seed: int, setting: Setting, suite: Suite, faults: Faults) -> None:
        self.random = Random(seed)
        self.setting = setting
        self.suite = suite
        self.faults = faults
        self.now_ms = 0
        self.steps = 0
        self.story: list[str] = []
        self.nodes: dict[StationId, Node] = {}
        self.queues: dict[tuple[str, bytes, bytes, int], Queue] = {}
        self.slots: dict[tuple[str, bytes], bytes] = {}
        self.down: set[str] = set()
        self._agenda: list[tuple[int, int, Callable[[], None]]] = []
        self._number = 0
        for me in setting.homes:
            ledger = MemoryLedger()
            ledger.commit(setting.rows)
            self.nodes[me] = Node(me, ledger)

    # ------------------------------------------------------------ time

    def at(self, delay_ms: int, what: Callable[[], None]) -> None:
        """Let something happen after a delay."""
        self._number += 1
        heapq.heappush(self._agenda, (self.now_ms + delay_ms, self._number, what))

    def run(self, until_ms: int) -> None:
        """Let everything happen that is due until then."""
        while self._agenda and self._agenda[0][0] <= until_ms:
            self.now_ms, _, what = heapq.heappop(self._agenda)
            what()
        self.now_ms = max(self.now_ms, until_ms)

    def tell(self, words: str) -> None:
        """Add one line to the story."""
        self.story.append(f"{self.now_ms / 1000:9.3f} {words}")

    def instant(self, node: Node) -> Instant:
        """Return both clocks as this station reads them."""
        return Instant(BEGIN + self.now_ms // 1000 + self.faults.skew_s(node.me), self.now_ms)

    # ------------------------------------------------------------ stations

    def start(self, me: StationId) -> None:
        """Start a station from what is on its disk."""
        node = self.nodes[me]
        node.incarnation += 1
        node.routes, node.wake_at = {}, None
        node.station = Station(node.ledger, self.suite, [self.setting.homes[me]])
        self.tell(f"{me:#06x} starts, run {node.incarnation}{', from an older copy' if node.restored else ''}")
        secrets = [self.random.randbytes(32) for _ in range(64)]
        self.give(node, Started(node.incarnation, secrets, restored=node.restored))
        node.restored = False

    def kill(self, me: StationId, why: str) -> None:
        """End a station's process; what was not committed is gone."""
        node = self.nodes[me]
        if node.station is not None:
            self.tell(f"{me:#06x} is killed: {why}")
            node.station = None
            self.at(self.faults.pause_ms(self.random), lambda: self._start_again(me))

    def _start_again(self, me: StationId) -> None:
        if self.nodes[me].station is None:
            self.start(me)

    def give(self, node: Node, event: Event) -> None:
        """Let one event be one batch: step, settle, commit, effects; a crash may fall between any two of these."""
        if node.station is None:
            return
        self.steps += 1
        run = node.incarnation
        now = self.instant(node)
        node.station.step(event, now)
        batch = node.station.settle(now)
        crash = self.faults.crash_place(self.random, len(batch.effects) + 2)
        if crash == 0:
            self.kill(node.me, "before the commit")
            return
        node.ledger.commit(batch.rows)
        for place, effect in enumerate(batch.effects, 1):
            if crash == place:
                self.kill(node.me, f"before effect {place} of {len(batch.effects)}")
                return
            self.perform(node, effect)
            if node.incarnation != run or node.station is None:
                return
        if crash == len(batch.effects) + 1:
            self.kill(node.me, "after the batch")

    def say(self, me: StationId, statement: bytes, token: int, approvals: bytes = b"") -> None:
        """Let an officer submit a statement."""
        self.give(self.nodes[me], Submitted(Token(token), self.setting.line, statement, approvals))

    # ------------------------------------------------------------ effects

    def perform(self, node: Node, effect: Effect) -> None:
        """Do what a station wants done."""
        match effect:
            case Send():
                self._send(node, effect)
            case Dial():
                self._dial(node, effect)
            case Took():
                self._took(node, effect)
            case Slot():
                self._slot(node, effect)
            case Wanted():
                self._wanted(node, effect)
            case Wake():
                self._wake(node, effect.at_monotonic_ms)
            case NeedSecrets():
                secrets = [self.random.randbytes(32) for _ in range(effect.count)]
                self.later(node, 1, SecretsDrawn(secrets))
            case Answer():
                node.answers[effect.token] = effect.body
            case Refused():
                node.refusals.append(effect)
                self.tell(f"{node.me:#06x} refuses {effect.rule}: {effect.reason}")
            case _:
                pass

    def later(self, node: Node, delay_ms: int, event: Event) -> None:
        """Give a station an event after a delay, unless it has been started anew by then."""
        run = node.incarnation
        self.at(delay_ms, lambda: self.give(node, event) if node.incarnation == run else None)

    def _dial(self, node: Node, effect: Dial) -> None:
        for route in effect.routes:
            if route.path not in node.routes:
                node.routes[route.path] = route
                self.later(node, 5, PathOpened(route.path, route.line, route.pin))
                self.later(node, 6, PathReady(route.path, self.faults.room_bytes))
                self.during(node, 7, partial(self._take, node, route.path))

    def during(self, node: Node, delay_ms: int, what: Callable[[], None]) -> None:
        """Let something happen after a delay if the station's process is still the same."""
        run = node.incarnation
        self.at(delay_ms, lambda: what() if node.incarnation == run and node.station is not None else None)

    def _wake(self, node: Node, at_ms: int) -> None:
        node.wake_at = at_ms
        self.during(node, max(1, at_ms - self.now_ms), lambda: self._ring(node, at_ms))

    def _ring(self, node: Node, at_ms: int) -> None:
        if node.wake_at == at_ms:
            self.give(node, Woken())

    # ------------------------------------------------------------ relays and the network

    def _send(self, node: Node, effect: Send) -> None:
        """An envelope on its way to a relay: what it costs, and what may become of it."""
        route = node.routes[effect.path]
        post = self.suite.public(route.post_seed)
        sent_ms = self.faults.sent_ms(len(effect.envelope))
        self.during(node, sent_ms, lambda: self.give(node, PathReady(effect.path, self.faults.room_bytes)))
        for delay_ms, envelope in self.faults.fates(self.random, effect.envelope, self.down, route.address):
            self.at(sent_ms + delay_ms, partial(self._put, route.address, post, effect, envelope))

    def _put(self, address: str, writer: bytes, effect: Send, envelope: bytes) -> None:
        if address in self.down:
            return
        queue = self.queues.setdefault((address, writer, effect.to, effect.lane), Queue())
        if envelope in queue.items.values():
            return  # a relay keeps one copy
        queue.last += 1
        queue.items[queue.last] = envelope
        reader = self.nodes[self.setting.posts[effect.to]]
        for path, route in reader.routes.items():
            if route.address == address:
                event = Received(path, envelope, writer, effect.lane, queue.last)
                self.during(reader, 1, partial(self.give, reader, event))

    def _take(self, node: Node, path: PathId) -> None:
        """A reader has connected: everything that it has not owned follows, FLASH first."""
        route = node.routes[path]
        reader = self.suite.public(route.post_seed)
        waiting = [item for item in self.queues.items() if item[0][0] == route.address and item[0][2] == reader]
        for (_, writer, _, lane), queue in sorted(waiting, key=lambda item: item[0][3]):
            for cursor, envelope in queue.items.items():
                event = Received(path, envelope, writer, lane, cursor)
                self.during(node, 1, partial(self.give, node, event))

    def _took(self, node: Node, effect: Took) -> None:
        route = node.routes[effect.path]
        reader = self.suite.public(route.post_seed)
        queue = self.queues.get((route.address, effect.writer, reader, effect.lane))
        if queue is not None:
            for cursor in [cursor for cursor in queue.items if cursor <= effect.cursor]:
                del queue.items[cursor]

    def _slot(self, node: Node, effect: Slot) -> None:
        route = node.routes[effect.path]
        if route.address not in self.down:
            self.slots[route.address, self.suite.public(route.post_seed)] = effect.envelope

    def _wanted(self, node: Node, effect: Wanted) -> None:
        route = node.routes[effect.path]
        found = self.slots.get((route.address, effect.owner))
        if found is not None and route.address not in self.down:
            self.during(node, 2, lambda: self.give(node, Received(effect.path, found)))
