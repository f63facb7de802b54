"""Every order of events in a small bound: two stations, one relay, a few statements, a few faults; each state once.

From the first state, in which sessions stand, every step that can be taken is taken: an officer speaks or is shown
what waits, the relay gives an envelope or loses it, a station dies before or after a commit, renews its keys, or is put
back to its beginning.  Only when nothing else can happen does time pass.  Two states are one if both stations remember
the same (`Station.fingerprint`), the same lies at the relay, and the same may still happen; clocks are left out.

Held in every state: the checkers of `checks`.  And none is stuck: something can happen, or all is quiet.
"""

from __future__ import annotations

from collections import deque
from copy import copy
from dataclasses import dataclass, field
from hashlib import blake2b
from random import Random

from openline.engine import Act, Station, encode_act
from openline.engine.views import unpresented
from openline.identifiers import PathId, StationId, Token
from openline.ports import (
    Acted,
    Append,
    Dial,
    Event,
    Instant,
    NeedSecrets,
    PathOpened,
    PathReady,
    Received,
    SecretsDrawn,
    Send,
    Slot,
    Started,
    Submitted,
    Wake,
    Wanted,
    Woken,
)
from openline.simulation.agenda import Agenda
from openline.simulation.checks import Checks, Nonces, Violated
from openline.simulation.clone import Cloner
from openline.simulation.ledger import MemoryLedger
from openline.simulation.officers import CANARY, Officers
from openline.simulation.setting import BEGIN, Setting, make_setting, secret
from openline.simulation.suite import SeededSuite
from openline.wire.statement import Precedence, Statement, Status, encode_statement

ROOM_BYTES = 65_536
PATH = PathId(0)
WAKES_MAX = 300  # while nothing else can happen: several hours of waiting; a state that needs more is stuck
START_MS = 2_000  # from a death to the next start: two keys of one station never have the same second
SET_UP_WAITS = 60  # before the first state: enough minutes for every announcement of the stock
KEY_BYTES = 8  # of a state's key: among 10^6 states two share one with a chance of 10^-7

Step = tuple[str, int, int]  # what, which station, which lane


@dataclass(frozen=True, slots=True)
class Bound:
    """How much may happen.  Statements of each station: True for FLASH."""

    statements: tuple[tuple[bool, ...], tuple[bool, ...]] = ((True, False), (False, True))
    deaths: int = 1
    losses: int = 1
    restores: int = 1
    rekeys: int = 1


@dataclass(slots=True)
class Side:
    """One station: its process and its disk."""

    me: StationId
    post: bytes
    ledger: MemoryLedger
    station: Station
    runs: int = 0
    drawn: int = 0
    wake_ms: int = 0
    mark: bytes = b""  # the station's fingerprint, once it was asked for


@dataclass(slots=True)
class State:
    """One state of the small world.  Queues by reader and lane."""

    sides: list[Side]
    queues: dict[tuple[int, int], tuple[bytes, ...]]
    slots: dict[bytes, bytes]
    said: list[int]
    left: dict[str, int]
    now_ms: int
    checks: Checks
    used: set[bytes] = field(default_factory=set)


class Search:
    """The small world and what has been seen of it."""

    def __init__(self, bound: Bound) -> None:
        self.bound = bound
        self.seen: set[bytes] = set()
        self.steps = 0
        self.quiet = 0
        self._cloner = Cloner()
        self._nonces = Nonces()
        self._suite = SeededSuite(self._nonces.sealed)
        self._setting: Setting = make_setting(self._suite, 2, 1, 1)
        self._statements = self._make_statements()
        self._first = self._begin()
        self._backups = [side.ledger.copy() for side in self._first.sides]

    # ------------------------------------------------------------ the walk

    def run(self, states_most: int, prefix: tuple[Step, ...] = ()) -> None:
        """Visit states, the deepest first, until all are seen or so many.  Raises Violated, telling the steps."""
        state, path = self._first, prefix
        for step in prefix:
            state = self.after(state, step)
        stack: list[tuple[State, Step, tuple[Step, ...]]] = [
            (state, step, path) for step in reversed(self.steps_from(state))
        ]
        self.seen.add(self.key(state))
        while stack and len(self.seen) < states_most:
            before, step, path = stack.pop()
            path = (*path, step)
            try:
                state = self.after(before, step)
            except Violated as violated:
                raise Violated(violated.checker, f"{violated.message}, after {path}") from violated
            key = self.key(state)
            if key not in self.seen:
                self.seen.add(key)
                stack += [(state, step, path) for step in reversed(self.steps_from(state))]

    def frontier(self, least: int) -> list[tuple[Step, ...]]:
        """Return step sequences to at least so many different states: where several processes can begin."""
        waiting: deque[tuple[State, tuple[Step, ...]]] = deque([(self._first, ())])
        seen = {self.key(self._first)}
        while waiting and len(waiting) < least:
            state, path = waiting.popleft()
            for step in self.steps_from(state):
                following = self.after(state, step)
                key = self.key(following)
                if key not in seen:
                    seen.add(key)
                    waiting.append((following, (*path, step)))
        self.seen |= seen
        return [path for _, path in waiting]

    def key(self, state: State) -> bytes:
        """Return what tells two states apart."""
        digest = blake2b(digest_size=KEY_BYTES)
        for side in state.sides:
            side.mark = side.mark or side.station.fingerprint()
            digest.update(side.mark)
        digest.update(repr((sorted(state.queues.items()), sorted(state.slots.items()), state.said)).encode())
        digest.update(repr((sorted(state.left.items()), [side.runs for side in state.sides])).encode())
        return digest.digest()

    # ------------------------------------------------------------ what can happen

    def steps_from(self, state: State) -> list[Step]:
        """Return every step that can be taken; time passes only if there is none that needs no fault."""
        ordinary: list[Step] = [
            ("say", index, 0) for index in (0, 1) if state.said[index] < len(self.bound.statements[index])
        ]
        ordinary += [("give", *place) for place in sorted(state.queues)]
        ordinary += [("show", index, 0) for index in (0, 1) if self._waiting(state, index)]
        steps = ordinary or ([] if self._is_quiet(state) else [("wait", 0, 0)])
        if state.left["losses"]:
            steps = steps + [("lose", *place) for place in sorted(state.queues)]
        if state.left["deaths"]:
            steps = steps + [("die", *place) for place in sorted(state.queues)]
            steps = steps + [("crash", index, 0) for index in (0, 1)]
        for what in ("rekey", "restore"):
            if state.left[f"{what}s"]:
                steps = steps + [(what, index, 0) for index in (0, 1)]
        self.quiet += not ordinary and self._is_quiet(state)
        return steps

    def after(self, before: State, step: Step) -> State:
        """Return the state after one step; the one before stays as it was."""
        self.steps += 1
        what, index, lane = step
        state = self._copy(before, both=what == "wait", index=index)
        self._nonces.used = state.used
        match what:
            case "say":
                statement = self._statements[index][state.said[index]]
                state.said[index] += 1
                self._give(state, index, Submitted(Token(state.said[index]), self._setting.line, statement))
            case "give" | "die" | "lose":
                self._take(state, index, lane, what)
            case "show":
                digests = [row.digest for row in self._waiting(state, index)]
                self._give(state, index, Acted(Token(9), self._setting.line, encode_act(Act.PRESENTED, digests)))
            case "rekey":
                state.left["rekeys"] -= 1
                self._give(state, index, Acted(Token(8), self._setting.line, encode_act(Act.REKEY)))
            case "crash":
                state.left["deaths"] -= 1
                self._start(state, index, restored=False)
            case "restore":
                state.left["restores"] -= 1
                state.sides[index].ledger = self._backups[index].copy()
                self._start(state, index, restored=True)
            case _:
                self._wait(state)
        return state

    def _take(self, state: State, index: int, lane: int, what: str) -> None:
        envelope, *rest = state.queues[index, lane]
        if what != "die":  # a station that dies has not said that it took it: the relay gives it again
            state.queues[index, lane] = tuple(rest)
            if not rest:
                del state.queues[index, lane]
        if what == "lose":
            state.left["losses"] -= 1
            return
        event = Received(PATH, envelope, state.sides[1 - index].post, lane, 1)
        if what == "give":
            self._give(state, index, event)
            return
        state.left["deaths"] -= 1
        self._give(state, index, event, dies=True)

    def _wait(self, state: State, least: int = WAKES_MAX) -> None:
        """Let time pass until something can happen again.  Raises Violated if nothing ever does."""
        for _ in range(least):
            index = min((0, 1), key=lambda each: state.sides[each].wake_ms)
            state.now_ms = max(state.now_ms, state.sides[index].wake_ms)
            state.sides[index].wake_ms = state.now_ms + 60_000
            self._give(state, index, Woken())
            if state.queues or self._is_quiet(state):
                return
        if least == WAKES_MAX:
            raise Violated("converges", "nothing happens any more, and not all is quiet")

    def _is_quiet(self, state: State) -> bool:
        if state.queues or any(self._waiting(state, index) for index in (0, 1)):
            return False
        lines = [side.station.lines[self._setting.line].state for side in state.sides]
        if any(line.outbox.entries or line.recovering for line in lines):
            return False
        held = [{key: log.size for key, log in line.logs.items() if log.size} for line in lines]
        return held[0] == held[1]

    def _waiting(self, state: State, index: int) -> list[Append]:
        return list(unpresented(state.sides[index].station.meanings[self._setting.line]))

    # ------------------------------------------------------------ stations

    def _give(self, state: State, index: int, event: Event, *, dies: bool = False) -> None:
        side = state.sides[index]
        events = deque([event])
        while events:
            now = Instant(BEGIN + state.now_ms // 1000, state.now_ms)
            side.station.step(events.popleft(), now)
            batch = side.station.settle(now)
            side.ledger.commit(batch.rows)
            state.checks.committed(side.me, batch)
            if dies:
                self._start(state, index, restored=False)
                return
            for effect in batch.effects:
                events += self._perform(state, index, effect)

    def _perform(self, state: State, index: int, effect: object) -> list[Event]:
        side = state.sides[index]
        match effect:
            case Send(_, _, lane, envelope):
                state.checks.sent(envelope)
                place = (1 - index, lane)
                if envelope not in state.queues.get(place, ()):
                    state.queues[place] = (*state.queues.get(place, ()), envelope)
                return [PathReady(PATH, ROOM_BYTES)]
            case Slot(_, envelope):
                state.slots[side.post] = envelope
            case Wanted(_, owner) if owner in state.slots:
                return [Received(PATH, state.slots[owner], owner)]
            case NeedSecrets(count):
                return [SecretsDrawn(self._secrets(side, count))]
            case Dial():
                line = self._setting.line
                return [PathOpened(PATH, line, self._setting.relays[0][1]), PathReady(PATH, ROOM_BYTES)]
            case Wake(at_ms):
                side.wake_ms = at_ms
            case _:
                pass
        return []

    def _secrets(self, side: Side, count: int) -> list[bytes]:
        side.drawn += count
        return [secret("search", side.me, side.runs, side.drawn, number) for number in range(count)]

    def _start(self, state: State, index: int, *, restored: bool) -> None:
        side = state.sides[index]
        side.runs += 1
        state.now_ms += START_MS
        side.station = Station(side.ledger, self._suite, [self._setting.homes[side.me]])
        self._give(state, index, Started(side.runs, self._secrets(side, 64), restored=restored))

    # ------------------------------------------------------------ copies and the beginning

    def _copy(self, before: State, *, both: bool, index: int) -> State:
        state = copy(before)
        state.sides = [self._copy_side(side) if both or at == index else side for at, side in enumerate(before.sides)]
        state.queues, state.slots = dict(before.queues), dict(before.slots)
        state.said, state.left = list(before.said), dict(before.left)
        state.checks, state.used = before.checks.copy(), set(before.used)
        return state

    def _copy_side(self, side: Side) -> Side:
        copied = copy(side)
        copied.mark = b""
        copied.ledger = side.ledger.copy()
        station = side.station
        shared: list[object] = [self._suite]
        shared += [meaning.desk.book.rules for meaning in station.meanings.values()]
        for line in station.lines.values():
            shared += [line.state.documents, line.state.keys]
        copied.station = self._cloner.clone(station, shared, {id(side.ledger): copied.ledger})
        return copied

    def _make_statements(self) -> list[list[bytes]]:
        made = []
        for index, flashes in enumerate(self.bound.statements):
            texts = [
                Statement(1, BEGIN, 0, 1, f"{CANARY} {index} {number}", Status.TEST,
                          Precedence.FLASH if flash else Precedence.ROUTINE)
                for number, flash in enumerate(flashes)
            ]  # fmt: skip
            made.append([encode_statement(text) for text in texts])
        return made

    def _begin(self) -> State:
        """Return the state in which both stations have sessions and nothing is under way."""
        agenda = Agenda()
        officers = Officers(self._setting, self._suite.sign, Random(0), agenda)
        for index, statements in enumerate(self._statements):
            officers.said[index + 1] = set(statements)
        sides = []
        for me, home in self._setting.homes.items():
            ledger = MemoryLedger()
            ledger.commit(self._setting.rows)
            sides.append(Side(me, self._suite.public(home.keys.post), ledger, Station(ledger, self._suite, [home])))
        bound = self.bound
        left = {"deaths": bound.deaths, "losses": bound.losses, "restores": bound.restores, "rekeys": bound.rekeys}
        state = State(sides, {}, {}, [0, 0], left, 0, Checks(self._setting.line, officers, agenda))
        self._nonces.used = state.used
        for index in (0, 1):
            self._start(state, index, restored=False)
        for _ in range(SET_UP_WAITS):
            while state.queues:
                self._take(state, *min(state.queues), "give")
            self._wait(state, least=1)
        while state.queues:
            self._take(state, *min(state.queues), "give")
        return state
