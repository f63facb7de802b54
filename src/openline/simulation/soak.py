"""Months in a made world's life: talk and faults for five days of each week, then rest, and everything is looked at.

A life is a world whose plan is longer; who acts in it and what must hold are the same.  It is mostly spent on slow
paths, where stations greet each other by the hour; in most weeks they are good for an hour a day, and keys are renewed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from openline.dialogue.states import State
from openline.dialogue.translation import TranslationState, TranslationStep
from openline.engine import Act
from openline.engine.meaning import Meaning
from openline.engine.translations import TABLE as TRANSLATIONS
from openline.errors import OpenlineError
from openline.identifiers import REF_BYTES, StationId, party_of, station_id
from openline.simulation.agenda import HAPPENINGS_MAX, Restless
from openline.simulation.checks import Nonces, Violated
from openline.simulation.endings import conclude, settle
from openline.simulation.faults import CHANCES, LATER_CHANCES
from openline.simulation.growth import Growth
from openline.simulation.officers import DUTY, RELEASER
from openline.simulation.plan import FLOOD_STATEMENTS, SAYINGS, Happening, Plan, Shape, What, fault_number
from openline.simulation.runs import Runner, seeded_suite
from openline.simulation.stations import Node
from openline.simulation.talk import repeated
from openline.simulation.world import World

HOUR_MS, DAY_MS = 3_600_000, 86_400_000
WEEK_DAYS, FAULTY_DAYS = 7, 5
WATCH_MS = HOUR_MS // 4  # between two looks of officers at what they leave for later
GOOD_ROOM_BYTES, SLOW_ROOM_BYTES = 65_536, 1_200  # of paths: the greater makes a good one, the lesser holds a greeting
SLOW_WEEKS = 0.25  # in which no path is good: eight days of keys are in stock
STORMY_DAYS = 0.25  # on which chance faults strike all day; on the others for an hour
READS_WITHIN_MS = (10_000, 600_000, 600_000, 2 * HOUR_MS)  # in one week or another
PAUSES = 200  # what stays down does so for up to a quarter of an hour
SHAPES = (*[Shape()] * 4, Shape(relays=2), Shape(stations=2), Shape(parties=3, mediator=True))
OF_EACH_BATCH = ("crash", "disk", "relay-crash", "flap")  # these strike anywhere: now and then, not by the minute
RARER = 6
KINDS_SHARE = 0.5  # of the kinds of faults, in one life
SILENT_WEEKS = 0.2
SHARES_A_WEEK = {
    What.COURSE: 0.5, What.REFUSE: 0.2, What.CHANGE: 0.5, What.REKEY: 0.2, What.AMEND: 0.1, What.ROSTER: 0.1,
}  # fmt: skip
TWO_PARTIES = 2  # a course is between the first two
PLANNED_A_WEEK = 0.35  # of each kind of faults drawn
FORGETTABLE = (What.FORGE, What.FLOOD, What.RELAY_LOSS, What.PARTITION, What.CLOCK)
PARTITIONS_S = (3_600, 18_000, 72_000, 200_000)  # an hour to more than two days
PUT_BACK = (What.RESTORE, What.ROT)  # one of them a week: of two copies that are put back at once nobody promises
STORY_LINES = 400


@dataclass(frozen=True, slots=True)
class Life:
    """What came of one life.  `checker` is empty if every rule held.

    entries  ever committed; `runs` of stations; `prekeys` that were shown; `epochs` that were seen in use
    settled_ms, quiet_steps, rows, objects  the most at any rest: until all was quiet, of one station on a day on which
             nothing was said, of one table, in one process
    """

    seed: int
    days: int
    steps: int
    entries: int
    runs: int
    prekeys: int
    epochs: int
    settles: int
    settled_ms: int
    quiet_steps: int
    rows: int
    objects: int
    taken: Counter[str]
    checker: str
    words: str
    story: tuple[str, ...] = field(repr=False)


def draw_life(seed: int, weeks: int) -> Plan:
    """Return the plan of so many weeks."""
    random = Random(f"life {seed}")
    shape = random.choice(SHAPES)
    stations = [
        station_id(party, number) for party in range(1, shape.parties + 1) for number in range(1, shape.stations + 1)
    ]
    chances = {kind: chance for kind, chance in {**CHANCES, **LATER_CHANCES}.items() if random.random() < KINDS_SHARE}
    chances = {kind: chance / RARER if kind in OF_EACH_BATCH else chance for kind, chance in chances.items()}
    kinds = [kind for kind in (*FORGETTABLE, *PUT_BACK) if random.random() < KINDS_SHARE]
    happenings = [
        happening
        for week in range(weeks)
        if random.random() >= SILENT_WEEKS
        for happening in _week(random, week * WEEK_DAYS * DAY_MS, stations, kinds)
    ]
    ordered = tuple(sorted(happenings, key=lambda each: each.at_ms))
    return Plan(seed, shape, chances, ordered, most=HAPPENINGS_MAX * weeks, heals_ms=weeks * WEEK_DAYS * DAY_MS)


def _week(random: Random, begins_ms: int, stations: list[StationId], kinds: list[What]) -> Iterator[Happening]:
    """Yield what happens in one week: a few messages on most days, drifting clocks, papers, faults."""

    def some_time() -> int:
        return begins_ms + random.randrange(HOUR_MS, FAULTY_DAYS * DAY_MS - HOUR_MS)

    for _ in range(random.choice((2, 8, 20))):
        yield Happening(some_time(), What.SAY, random.choice(stations), random.choice(SAYINGS))
    for station in stations:
        yield Happening(some_time(), What.CLOCK, station, HOUR_MS // 1_000 + random.randrange(-2, 3))
        yield Happening(some_time(), What.BACKUP, station)
    for what, share in SHARES_A_WEEK.items():
        if random.random() < share:
            anybody = [each for each in stations if what is not What.COURSE or party_of(each) <= TWO_PARTIES]
            yield Happening(some_time(), what, random.choice(anybody), random.randrange(1 << 16))
    drawn = [kind for kind in kinds if random.random() < PLANNED_A_WEEK]
    if len(back := [kind for kind in drawn if kind in PUT_BACK]) > 1:
        drawn.remove(random.choice(back))
    for kind in drawn:
        number = fault_number(random, kind, PARTITIONS_S, FLOOD_STATEMENTS)
        yield Happening(some_time(), kind, random.choice(stations), number)


def live(runner: Runner, seed: int, weeks: int) -> Life:
    """Live so many weeks, or to the first rule that is broken."""
    plan, nonces = draw_life(seed, weeks), Nonces()
    world = World(plan, runner.setting(plan.shape), seeded_suite(nonces), nonces)
    world.faults.pauses = PAUSES
    living, checker, words = _Living(world), "", ""
    try:
        world.begin()
        for _ in range(weeks):
            living.week()
    except Violated as violated:
        checker, words = violated.checker, violated.message
    except Restless as restless:
        checker, words = "converges", restless.message
    except (OpenlineError, ValueError, LookupError, TypeError, AttributeError, AssertionError) as fault:
        checker, words = "exception", f"{type(fault).__name__}: {fault}"
    return living.told(checker, words)


class _Living:
    """A world that lives, and what is counted of it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.taken: Counter[str] = Counter()
        self.epochs: set[tuple[StationId, StationId, int]] = set()
        self.settles = self.settled_ms = 0
        self._random = Random(f"weeks {world.plan.seed}")
        self.growth = Growth(world)

    def week(self) -> None:
        """Talk and faults for five days; then faults end, all must come to rest, and a day goes by without anything."""
        world, begun = self.world, self.world.agenda.now_ms
        del world.agenda.story[:-STORY_LINES]
        world.officers.honest, world.officers.reads_within_ms = False, self._random.choice(READS_WITHIN_MS)
        slow = self._random.random() < SLOW_WEEKS
        for day in range(FAULTY_DAYS):
            world.faults.chances = dict(world.plan.chances)
            self._paths(SLOW_ROOM_BYTES if slow else GOOD_ROOM_BYTES)
            self._pass(begun + day * DAY_MS + HOUR_MS)
            if self._random.random() >= STORMY_DAYS:
                world.faults.chances = {}
            self._paths(SLOW_ROOM_BYTES)
            self._pass(begun + (day + 1) * DAY_MS)
        self._rest()
        self.settled_ms = max(self.settled_ms, settle(world))
        self.settles += 1
        conclude(world)
        self.taken.update(world.faults.taken)
        world.faults.taken.clear()
        world.records.put_back.clear()  # whoever was put back has everything again
        self._paths(SLOW_ROOM_BYTES)
        self._pass(begun + (WEEK_DAYS - 1) * DAY_MS)
        self.growth.look()
        self._pass(begun + WEEK_DAYS * DAY_MS)
        self.growth.quiet_day()

    def _paths(self, room_bytes: int) -> None:
        """Let every path be another, as where a modem takes the place of the network."""
        world = self.world
        world.faults.room_bytes = room_bytes
        for node in world.nodes.values():
            for connection in world.network.of(node).values():
                connection.lose("another path")

    def _pass(self, until_ms: int) -> None:
        """Let time pass; now and then officers see to what they had left for later."""
        world = self.world
        while world.agenda.now_ms < until_ms:
            world.agenda.most += HAPPENINGS_MAX
            world.agenda.run(min(until_ms, world.agenda.now_ms + WATCH_MS))
            for node in world.nodes.values():
                if node.station is not None and node.station.meanings:
                    peers = node.station.lines[world.setting.line].state.peers
                    self.epochs |= {(node.me, station, peer.sender.newest) for station, peer in peers.items()}
                    self._see_to(node, node.station.meanings[world.setting.line])

    def _rest(self) -> None:
        """End every fault; people start what is down, put clocks right and come to the consoles."""
        world = self.world
        for relay in world.network.relays.values():
            relay.start()
        for node in world.nodes.values():
            node.start()
            if node.skew_s:
                world.step_clock(node, -node.skew_s)
        world.heal()
        self._paths(GOOD_ROOM_BYTES)
        world.officers.gather(world.nodes.values())

    def _see_to(self, node: Node, meaning: Meaning) -> None:
        """Translate what waits for it, and do what closures left to do: undone, both would sound for ever."""
        officers, line, utc = self.world.officers, self.world.setting.line, node.instant().utc
        assert node.ledger is not None  # it runs
        if meaning.translations.any_overdue(utc) or meaning.translations.next_due(utc) is not None:
            for key, _ in node.ledger.kept(TRANSLATIONS, line):
                digest = key[len(line) :]
                translation = meaning.translations.of(digest)
                if translation is not None and translation.state is TranslationState.UNTRANSLATED:
                    read, checked = TranslationStep.SIGHT_TRANSLATED.value, TranslationStep.CHECKED.value
                    officers.act(node, Act.TRANSLATE, digest, read, DUTY, "in our words")
                    officers.act(node, Act.TRANSLATE, digest, checked, RELEASER, "")
        self._repeat(node, meaning)
        for opening in meaning.desk.crises.openings():
            for each in meaning.desk.crises.view(opening.digest, utc).follow_ups:
                closure = each.closure.digest
                if meaning.desk.local.followed_up(closure, each.number) is None:
                    officers.act(node, Act.FOLLOW_UP, closure, each.number, closure)

    def _repeat(self, node: Node, meaning: Meaning) -> None:
        """Say again what their machine could not show; nobody owes it, but it sounds at both ends until then."""
        for alarm in meaning.desk.alarms(node.instant().utc) if node.me & 255 == 1 else ():
            said = meaning.desk.message(alarm.digest)
            for thread in meaning.desk.threads(said.digest, node.instant().utc):
                again = repeated(said, thread, party_of(node.me)) if thread.state is State.ERROR else None
                if again is not None:
                    self.world.officers.say(node, again.code, again.body, ref=said.digest[:REF_BYTES])

    def told(self, checker: str, words: str) -> Life:
        """Return what came of it."""
        world = self.world
        self.taken.update(world.faults.taken)
        world.agenda.tell(words or "all is quiet; every rule held")
        return Life(
            world.plan.seed, world.agenda.now_ms // DAY_MS, world.steps, len(world.records.places),
            sum(node.incarnation for node in world.nodes.values()), len(world.records.prekeys), len(self.epochs),
            self.settles, self.settled_ms, self.growth.quiet_steps, self.growth.rows, self.growth.objects, self.taken,
            checker, words, tuple(world.agenda.story),
        )  # fmt: skip
