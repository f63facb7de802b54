"""Every order of events in a small bound: two stations, one relay, a few statements, a few faults; each state once.

From the first state, in which sessions stand, every step that can be taken is taken, in every order: an officer speaks
or is shown what waits, the relay gives an envelope or loses it, a station dies, renews its keys, or is put back to its
beginning.  Only when nothing else can happen does time pass.

A state is: both stations at one moment each (`sides.Side`, with all that the checkers know of them), what lies at the
relay in which order, and what may still happen.  The shortest orders come first, so what is told of a broken rule is
the shortest order that breaks it.

Held in every state: the checkers of `checks`.  Where all is quiet: nothing lost, nothing twice.  And none is stuck:
something can happen, or all is quiet, or time makes it so.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from random import Random
from typing import Generic, TypeVar

from openline.errors import OpenlineError
from openline.limits import FLASH_LANE
from openline.simulation.agenda import Agenda
from openline.simulation.checks import Violated
from openline.simulation.officers import CANARY, Officers
from openline.simulation.rest import look_at_rest, restless
from openline.simulation.setting import BEGIN, make_setting
from openline.simulation.sides import Side, Sides
from openline.simulation.suite import SeededSuite
from openline.wire.statement import Precedence, Statement, Status, encode_statement

WAKES_MAX = 300  # while nothing else can happen: several hours of waiting; a state that needs more is stuck
SET_UP_WAKES = 60  # before the first state: enough minutes for every announcement of the stock
TOLD_EVERY = 1_000  # states: how often whoever asked hears how far the search is

Step = tuple[str, int, int]  # what, which station, which lane
Queue = tuple[tuple[bytes, ...], tuple[bytes, ...]]  # what waits for one station at the relay, by lane, next one first
State = tuple[int, ...]  # by number: the moments of both stations, the queues of both, what may still go wrong
QUEUES, LEFT = 2, 4  # where in a state those numbers stand
DEATHS, LOSSES, RESTORES, REKEYS = range(4)  # where in what is left each stands
CRASHES = (OpenlineError, ValueError, LookupError, TypeError, AttributeError, AssertionError)
COSTS = {"say!": DEATHS, "show!": DEATHS, "crash": DEATHS, "restore": RESTORES, "rekey": REKEYS}

T = TypeVar("T")


class Numbers(Generic[T]):
    """Gives each value a number, the same value always the same one: states are then small and quickly compared."""

    def __init__(self) -> None:
        self._values: list[T] = []
        self._numbers: dict[T, int] = {}

    def of(self, value: T) -> int:
        """Return the number of a value."""
        number = self._numbers.setdefault(value, len(self._values))
        if number == len(self._values):
            self._values.append(value)
        return number

    def __getitem__(self, number: int) -> T:
        return self._values[number]


@dataclass(frozen=True, slots=True)
class Bound:
    """How much may happen.  Statements of each station: True for FLASH."""

    statements: tuple[tuple[bool, ...], tuple[bool, ...]] = ((True, False), (False, True))
    deaths: int = 1
    losses: int = 1
    restores: int = 1
    rekeys: int = 1


BOUNDS = {
    "death": Bound(((True,), (False,)), restores=0, rekeys=0),
    "small": Bound(((True,), (False,)), deaths=0, losses=0),
    "large": Bound(((True, False), (False,)), deaths=0, losses=0),
    "all": Bound(),
}
"""All but `all` can be seen whole."""


class Search:
    """The small world and what has been seen of it.

    seen    every state, with the state and the step by which it was first reached
    steps   how many transitions were looked at; `quiet` how many states in which all was quiet
    complete  whether every state of the bound was seen, and every step from it taken
    """

    def __init__(self, bound: Bound) -> None:
        self.bound = bound
        self.steps = 0
        self.quiet = 0
        self.complete = False
        suite = SeededSuite()
        setting = make_setting(suite, 2, 1, 1)
        self._line = setting.line
        statements = _make_statements(bound)
        self._officers = officers = Officers(setting, suite.sign, Random(0), Agenda())
        for index, each in enumerate(statements):
            officers.said[index + 1] = set(each)
        self._sides = Sides(setting, officers, statements)
        self._queues: Numbers[Queue] = Numbers()
        self._lefts: Numbers[tuple[int, ...]] = Numbers()
        self.first = self._begin()
        self.seen: dict[State, tuple[State, Step] | None] = {self.first: None}

    @property
    def moments(self) -> int:
        """How many different moments of single stations the states are made of."""
        return len(self._sides.moments)

    # ------------------------------------------------------------ the walk

    def run(self, states_most: int, tell: Callable[[int], None] = lambda _: None) -> None:
        """Visit states, the nearest first, until all are seen or so many.  Raises Violated, telling the steps.

        tell: is told now and then how many were seen.
        """
        waiting = deque([self.first])
        while waiting:
            state = waiting.popleft()
            for step in self.steps_from(state):
                following = self._followed(state, step)
                if following not in self.seen:
                    self.seen[following] = (state, step)
                    waiting.append(following)
                    if len(self.seen) % TOLD_EVERY == 0:
                        tell(len(self.seen))
                    if len(self.seen) >= states_most:
                        return
        self.complete = True

    def _followed(self, state: State, step: Step) -> State:
        try:
            return self.after(state, step)
        except Violated as violated:
            checker, words = violated.checker, violated.message
        except CRASHES as fault:
            checker, words = "exception", f"{type(fault).__name__}: {fault}"
        raise Violated(checker, f"{words}, after {self._path(state, step)}")

    def _path(self, state: State, step: Step) -> list[Step]:
        path = [step]
        while (before := self.seen[state]) is not None:
            state, taken = before
            path.append(taken)
        return path[::-1]

    # ------------------------------------------------------------ what can happen

    def steps_from(self, state: State) -> list[Step]:
        """Return every step that can be taken; time passes only if there is none that needs no fault."""
        left = self._lefts[state[LEFT]]
        gives, acts = self._gives(state), self._acts(state)
        steps = acts + gives
        if not steps:
            steps = self._at_rest(state)
        if left[DEATHS]:
            steps += [(f"{what}!", index, lane) for what, index, lane in acts + gives]
            steps += [("crash", 0, 0), ("crash", 1, 0)]
        if left[LOSSES]:
            steps += [("lose", index, lane) for _, index, lane in gives]
        if left[RESTORES]:
            steps += [("restore", 0, 0), ("restore", 1, 0)]
        if left[REKEYS]:
            steps += [("rekey", 0, 0), ("rekey", 1, 0)]
        return steps

    def _acts(self, state: State) -> list[Step]:
        acts: list[Step] = []
        for index in (0, 1):
            side = self._side(state, index)
            if side.said < len(self.bound.statements[index]):
                acts.append(("say", index, 0))
            if side.waiting:
                acts.append(("show", index, 0))
        return acts

    def _gives(self, state: State) -> list[Step]:
        return [("give", index, lane) for index in (0, 1) for lane in (0, 1) if self._queue(state, index)[lane]]

    def _at_rest(self, state: State) -> list[Step]:
        if self._restless(state):
            return [("wait", 0, 0)]
        self.quiet += 1
        look_at_rest(self._line, (self._side(state, 0), self._side(state, 1)))
        return []

    def _restless(self, state: State) -> str:
        return next(restless(self._line, (self._side(state, 0), self._side(state, 1))), "")

    def after(self, state: State, step: Step) -> State:
        """Return the state after one step."""
        self.steps += 1
        what, index, lane = step
        match what:
            case "wait":
                return self._wait(state)
            case "lose":
                return self._spend(self._take(state, index, lane), LOSSES)
            case "give":
                envelope = self._queue(state, index)[lane][0]
                return self._move(self._take(state, index, lane), index, "give", lane, envelope)
            case "give!":  # a station that dies has not said that it took it: the relay gives it again
                envelope = self._queue(state, index)[lane][0]
                return self._spend(self._move(state, index, "give!", lane, envelope), DEATHS)
            case _:
                following = self._move(state, index, what)
                return self._spend(following, COSTS[what]) if what in COSTS else following

    def _wait(self, state: State) -> State:
        """Let time pass until something can happen or all is quiet.  Raises Violated if that never is."""
        for _ in range(WAKES_MAX):
            state = self._wake(state)
            if self._acts(state) or self._gives(state) or not self._restless(state):
                return state
        raise Violated("converges", f"nothing happens any more, and {self._restless(state)}")

    def _wake(self, state: State) -> State:
        index = min((0, 1), key=lambda each: self._side(state, each).wake_ms)
        return self._move(state, index, "wake")

    # ------------------------------------------------------------ states

    def _side(self, state: State, index: int) -> Side:
        return self._sides.moments[state[index]]

    def _queue(self, state: State, index: int) -> Queue:
        return self._queues[state[QUEUES + index]]

    def _move(self, state: State, index: int, what: str, lane: int = 0, envelope: bytes = b"") -> State:
        move = self._sides.move(self._side(state, index), self._side(state, 1 - index), what, lane, envelope)
        state = _with(state, index, move.after.number)
        return self._put(state, 1 - index, move.sent) if move.sent else state

    def _put(self, state: State, index: int, sent: Iterable[tuple[int, bytes]]) -> State:
        """Let the relay keep what was sent; what it has already it keeps once."""
        lanes = [list(lane) for lane in self._queue(state, index)]
        for lane, envelope in sent:
            if envelope not in lanes[lane]:
                lanes[lane].append(envelope)
        return _with(state, QUEUES + index, self._queues.of((tuple(lanes[0]), tuple(lanes[1]))))

    def _take(self, state: State, index: int, lane: int) -> State:
        flash, ordinary = self._queue(state, index)
        rest = (flash[1:], ordinary) if lane == FLASH_LANE else (flash, ordinary[1:])
        return _with(state, QUEUES + index, self._queues.of(rest))

    def _spend(self, state: State, what: int) -> State:
        left = self._lefts[state[LEFT]]
        return _with(state, LEFT, self._lefts.of(_with(left, what, left[what] - 1)))

    # ------------------------------------------------------------ the beginning

    def _begin(self) -> State:
        """Return the state in which both stations have sessions and nothing is under way."""
        bound = self.bound
        first = [side.number for side in self._sides.first()]
        left = (bound.deaths, bound.losses, bound.restores, bound.rekeys)
        state: State = (*first, *[self._queues.of(((), ()))] * 2, self._lefts.of(left))
        state = self._move(self._move(state, 0, "start"), 1, "start")
        for _ in range(SET_UP_WAKES):
            state = self._wake(self._all_given(state))
        state = self._all_given(state)
        for index in (0, 1):
            self._sides.back_up(self._side(state, index))
        return state

    def _all_given(self, state: State) -> State:
        while gives := self._gives(state):
            state = self.after(state, gives[0])
        return state


def _with(numbers: tuple[int, ...], index: int, number: int) -> tuple[int, ...]:
    return (*numbers[:index], number, *numbers[index + 1 :])


def _make_statements(bound: Bound) -> list[list[bytes]]:
    made = []
    for index, flashes in enumerate(bound.statements):
        texts = [
            Statement(1, BEGIN, 0, 1, f"{CANARY} {index} {number}", Status.TEST,
                      Precedence.FLASH if flash else Precedence.ROUTINE)
            for number, flash in enumerate(flashes)
        ]  # fmt: skip
        made.append([encode_statement(text) for text in texts])
    return made
