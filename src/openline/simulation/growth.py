"""What only a long life shows: rows, memory and work must not grow but with what was said."""

from __future__ import annotations

import gc
from types import FunctionType, ModuleType

from openline.identifiers import StationId
from openline.simulation.checks import Violated
from openline.simulation.ledger import MemoryLedger
from openline.simulation.stations import Node
from openline.simulation.world import World

OF_EACH_ENTRY = frozenset({
    "charter-used", "desk-draft-over", "desk-followed-up", "desk-said", "further", "late", "line-state", "receipt",
    "shown", "translation",
})  # fmt: skip
"""Tables that have a row, or one for each station that signs, for what was said."""

ROWS_A_LOG = 8  # of any other table, for each log and station: a log has a head, a base and receipts of three states
ROWS_BESIDES = 40  # documents, reminders, notes
OBJECTS_AT_FIRST = 20_000  # that hang on a process which has heard nothing yet: three times as many as there are
OBJECTS_AN_ENTRY = 60  # one statement as the desk holds it: its body, its dialogue with each party, its clocks
STEPS_A_QUIET_DAY = 2 * 1_440 + 500  # keys and alarms are looked at each minute; for each other station by each relay:
STEPS_A_PEER = 500  # greetings by the hour, what they ask, room for more
PROGRAM = (type, FunctionType, ModuleType)


class Growth:
    """Looks at a world that rests.

    quiet_steps: the most events that a station took on a quiet day.  rows, objects: the most of a station at a rest.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._steps: dict[StationId, int] = {}
        self._late_wakes: dict[StationId, int] = {}
        self.quiet_steps = self.rows = self.objects = 0

    def look(self) -> None:
        """Look at rows and memory of every station, and note where it stands.  Raises Violated."""
        stations = len(self._world.nodes)
        for node in self._world.nodes.values():
            assert node.station is not None  # all is quiet
            assert node.ledger is not None
            self._steps[node.me], self._late_wakes[node.me] = node.steps, node.late_wakes
            logs = len(node.station.lines[self._world.setting.line].state.logs)
            entries = len(self._world.records.held.get(node.me, ()))
            tables = node.ledger.tables if isinstance(node.ledger, MemoryLedger) else {}
            for table, rows in tables.items():
                count = len(rows)
                self.rows = max(self.rows, count)
                most = ROWS_BESIDES + stations * (entries if table in OF_EACH_ENTRY else ROWS_A_LOG * logs)
                if count > most:
                    raise Violated("grows", f"{node.name} has {count} rows of {table} after {entries} entries")
            objects = held_in_memory(self._world, node)
            self.objects = max(self.objects, objects)
            if objects > OBJECTS_AT_FIRST + OBJECTS_AN_ENTRY * entries * stations:
                raise Violated("grows", f"{node.name} holds {objects} objects after {entries} entries")

    def quiet_day(self) -> None:
        """A day after `look`: nothing was said, so nobody had much to do.  Raises Violated."""
        peers = (len(self._world.nodes) - 1) * len(self._world.network.relays)
        for node in self._world.nodes.values():
            steps = node.steps - self._steps[node.me]
            self.quiet_steps = max(self.quiet_steps, steps)
            if steps > STEPS_A_QUIET_DAY + STEPS_A_PEER * peers:
                raise Violated("grows", f"{node.name} took {steps} events on a day on which nothing was said")
            if node.late_wakes > self._late_wakes[node.me]:
                raise Violated("grows", f"{node.name} asked to be woken at a time that had passed")


def held_in_memory(world: World, node: Node) -> int:
    """Return how many objects hang on a station's process; what the world itself remembers of it is not counted."""
    assert node.station is not None
    seen = {id(node.ledger), id(world.nonces)}
    waiting: list[object] = [node.station]
    while waiting:
        fresh = [each for each in {id(each): each for each in waiting}.values() if id(each) not in seen]
        seen |= {id(each) for each in fresh}
        held = [each for each in fresh if not isinstance(each, PROGRAM)]
        waiting = gc.get_referents(*held) if held else []
    return len(seen)
