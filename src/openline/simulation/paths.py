"""Connections between stations and relays, and what becomes of everything that travels on one.

Envelopes are dropped, doubled, altered and held up one by one, in each direction: as by a relay that does so, which
is worse than any network under TLS.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from openline.identifiers import PathId, StationId
from openline.ports import Kept, PathLost, PathOpened, PathReady, Received, Route, Send, Slot, Suite, Took, Wanted
from openline.simulation.agenda import Agenda
from openline.simulation.checks import Violated
from openline.simulation.faults import Faults
from openline.simulation.relays import Relay, messages
from openline.simulation.stations import Node
from openline.wire.relay import Found, Given, Own, Publish, Put, Reply, Request, Seek, Stored, Welcome, encode_frame

REDIAL_MS = 1_000  # between attempts, as the transports do at first; never longer here

PathEffect = Send | Slot | Wanted | Took
Dialler = Callable[["Connection"], None]


class Connection:
    """One path of one station, opened again and again."""

    def __init__(
        self, node: Node, route: Route, relay: Relay, post: bytes, faults: Faults, agenda: Agenda, dial: Dialler
    ) -> None:
        self.node = node
        self.route = route
        self.relay = relay
        self.post = post
        self.number: PathId | None = None  # the relay's number for it while it is open
        self.blocked_out = False
        self.blocked_in = False
        self._welcomed = False
        self._faults = faults
        self._agenda = agenda
        self._dial = dial
        self._run = node.incarnation
        self._waiting: list[PathEffect] = []
        self._puts = 0
        self._given = 0  # the highest cursor that the relay gave on this path

    @property
    def alive(self) -> bool:
        """Whether it belongs to the process that runs."""
        return self.node.station is not None and self.node.incarnation == self._run

    @property
    def open(self) -> bool:
        """Whether its station has been told that it works."""
        return self._welcomed and self.alive

    def lose(self, reason: str) -> None:
        """The connection is no more; the station is told if it was told of it.  It is opened again after a while."""
        number, self.number = self.number, None
        if number is None:
            return
        self.relay.disconnect(number)
        if self._welcomed and self.alive:
            self.node.give(PathLost(self.route.path, reason))
        self._welcomed = False
        self._waiting.clear()
        if self.alive:
            self.node.during(REDIAL_MS, partial(self._dial, self))

    # ------------------------------------------------------------ to the relay

    def send(self, effect: PathEffect) -> None:
        """Take one effect; all of a batch leave together."""
        if isinstance(effect, Took) and effect.cursor > self._given:
            raise Violated("lost", f"{self.node.name} lets the relay delete what it was never given")
        if self._welcomed:
            self._waiting.append(effect)

    def flush(self) -> None:
        """Let everything of a batch leave, each on its way; then there is room again."""
        if not self._waiting or self.number is None or not self.alive:
            return
        effects, self._waiting = self._waiting, []
        size = sum(len(effect.envelope) for effect in effects if isinstance(effect, Send))
        sent_ms = self._faults.sent_ms(size)
        due: dict[int, list[bytes]] = {}
        for effect in effects:
            for delay_ms, frame in self._frames(effect):
                due.setdefault(delay_ms, []).append(frame)
        if not self.blocked_out:
            for delay_ms, frames in due.items():
                for message in messages(frames):
                    arrives = partial(self.relay.take, self.number, message)
                    self._agenda.at(sent_ms + self._faults.latency_ms + delay_ms, arrives)
        if size:
            room = PathReady(self.route.path, self._faults.room_bytes)
            # A slow link has room when it has sent; TCP, when the other end has said what it has: after a round trip.
            around_ms = 0 if self._faults.bytes_a_second else 2 * self._faults.latency_ms
            self.node.during(sent_ms + around_ms, lambda: self.node.give(room) if self._welcomed else None)
        if self._faults.strikes("flap"):
            self.lose("flapping")

    def _frames(self, effect: PathEffect) -> list[tuple[int, bytes]]:
        if isinstance(effect, Send):
            self._puts += 1
            return [
                (delay_ms, encode_frame(Put(self._puts, effect.to, effect.lane, altered)))
                for delay_ms, altered in self._faults.fates(effect.envelope)
            ]
        return [] if self._faults.strikes("drop") else [(0, encode_frame(_request(effect)))]

    # ------------------------------------------------------------ from the relay

    def hear(self, replies: list[Reply]) -> None:
        """Take what the relay says, each on its way."""
        if self.blocked_in or not self.alive:
            return
        for reply in replies:
            if isinstance(reply, Given):
                for delay_ms, envelope in self._faults.fates(reply.envelope):
                    altered = envelope is not reply.envelope
                    self._arrive(delay_ms, replace(reply, envelope=envelope) if altered else reply)
            else:
                self._arrive(0, reply)

    def _arrive(self, delay_ms: int, reply: Reply) -> None:
        self.node.during(self._faults.latency_ms + delay_ms, partial(self._heard, self.number, reply))

    def _heard(self, number: PathId | None, reply: Reply) -> None:
        if number != self.number or number is None:
            return
        path = self.route.path
        match reply:
            case Welcome():
                self._welcomed = True
                self.node.give(PathOpened(path, self.route.line, self.route.pin))
                self.node.give(PathReady(path, self._faults.room_bytes))
            case Given(writer, lane, cursor, envelope):
                self._given = max(self._given, cursor)
                self.node.give(Received(path, envelope, writer, lane, cursor))
            case Stored(ids):
                self.node.give(Kept(path, len(ids)))
            case Found(owner, envelope) if envelope:
                self.node.give(Received(path, envelope, owner))
            case _:
                pass


def _request(effect: Took | Slot | Wanted) -> Request:
    match effect:
        case Took(_, writer, lane, cursor):
            return Own(writer, lane, cursor)
        case Slot(_, envelope):
            return Publish(envelope)
        case Wanted(_, owner):
            return Seek(owner)


class Network:
    """Every connection of every station."""

    def __init__(self, suite: Suite, faults: Faults, agenda: Agenda) -> None:
        self.relays: dict[str, Relay] = {}
        self._suite = suite
        self._faults = faults
        self._agenda = agenda
        self._numbers = 0
        self._of: dict[StationId, dict[PathId, Connection]] = {}
        self._by_number: dict[PathId, Connection] = {}

    def add_relay(self, address: str, posts: list[bytes]) -> None:
        """Let there be a relay, and start it."""
        relay = Relay(address, posts, self._faults, self._agenda, self._hear, self._lost)
        self.relays[address] = relay
        relay.start()

    def of(self, node: Node) -> Mapping[PathId, Connection]:
        """Return the connections of a station's present process, by path."""
        return {path: each for path, each in self._of.get(node.me, {}).items() if each.alive}

    def dial(self, node: Node, routes: Sequence[Route]) -> None:
        """Open every path that is wanted and not there, and end those that are wanted no longer."""
        wanted = {route.path for route in routes}
        connections = self._of.setdefault(node.me, {})
        for path, each in list(connections.items()):
            if path not in wanted or not each.alive:
                each.lose("no longer wanted")
                del connections[path]
        for route in routes:
            if route.path not in connections:
                post = self._suite.public(route.post_seed)
                relay = self.relays[route.address]
                connection = Connection(node, route, relay, post, self._faults, self._agenda, self._connect)
                connections[route.path] = connection
                node.during(5, partial(self._connect, connection))

    def send(self, node: Node, effect: PathEffect) -> None:
        """Give an effect to its connection; for a path that is not open it is dropped."""
        connection = self._of.get(node.me, {}).get(effect.path)
        if connection is not None:
            connection.send(effect)

    def flush(self, node: Node) -> None:
        """Let what a batch gave leave."""
        for connection in list(self._of.get(node.me, {}).values()):
            connection.flush()

    def _connect(self, connection: Connection) -> None:
        if not connection.alive or connection.number is not None:
            return
        if not connection.relay.up or connection.blocked_out or connection.blocked_in:
            connection.node.during(REDIAL_MS, partial(self._connect, connection))
            return
        self._numbers += 1
        connection.number = PathId(self._numbers)
        self._by_number[connection.number] = connection
        connection.relay.connect(connection.number, connection.post)

    def _hear(self, number: PathId, replies: list[Reply]) -> None:
        connection = self._by_number[number]
        if connection.number == number:
            connection.hear(replies)

    def _lost(self, number: PathId) -> None:
        connection = self._by_number.pop(number)
        if connection.number == number:
            connection.lose("the relay closed it")
