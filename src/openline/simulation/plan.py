"""What is to happen in one made world, drawn from its seed before it begins."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random

from openline.identifiers import StationId, party_of, station_id
from openline.simulation.faults import CHANCES, KINDS, LATER, LATER_CHANCES, PLANNED, STRIKES_MAX

FAULTS_LAST_MS = 30_000  # faults end here; what was said must then reach everybody
FLOOD_STATEMENTS = 40  # in one burst of one member: more than a path takes at once
FLOOD_STATEMENTS_SHORT = 12  # in a short world
LONG_SHARE = 1 / 16  # of all worlds: three in ten of the faults in each, and floods of full size
LONG_FAULTS, SHORT_FAULTS = 0.3, 0.15  # how likely each fault is in a long world, and in a short one

LATER_SHARE = 0.05  # of all worlds: each of the faults that are drawn by themselves
REFUSED_SHARE = 0.03  # of all worlds: a draft is refused there
REFUSED_LATE_SHARE = 0.2  # of those of more stations: there it may be approved elsewhere before it is refused
LAST_WORDS_SHARE = 0.5  # of worlds for which it is asked: an officer is stopped who has spoken
TURNOVER_SHARE = 0.5  # of worlds for which it is asked, without a course: a station comes onto a roster or leaves it
HOUR_EVERY = 7  # worlds: one begins shortly before the hour, in which heads are signed
BEFORE_THE_HOUR_S = 2_788  # it strikes after twelve seconds, while things go wrong
BLACKOUT_BITS = 16  # one for each station, then one for each relay: no world has more
BLACKOUT_WITHIN_MS = (30, 120, 1_500)  # of what is said: its first hop, its receipt, what follows from it
COURSE_EVERY = 17  # worlds: one dialogue takes its course, the next course each time, so that none is left out


class What(StrEnum):
    """The things that happen at a time of their own."""

    SAY = "say"  # number 0 ROUTINE text, 1 FLASH text, 2 state of the line, 3 question for two to approve, 4 a crisis
    COURSE = "course"  # of one dialogue: number says which of `courses.COURSES`
    REFUSE = "refuse"  # a draft, by one of those who should approve it
    CHANGE = "change"  # of the last thing said there that can be: number says how
    AMEND = "amend"  # a charter signed by all, brought to this station
    ROSTER = "roster"
    STOP = "stop"
    LAST_WORDS = "last-words"  # of an officer who is about to be stopped: number as for SAY
    STOP_SPEAKER = "stop-speaker"  # that officer's stop notice, of party `number`, brought to this station
    JOIN = "join"  # a new station of this one's party comes onto its roster, and starts
    LEAVE = "leave"  # this station ends: number bit 0 by its stop notice, bit 1 and its process runs on
    REKEY = "rekey"
    BACKUP = "backup"
    PARTITION = "partition"  # number: bit 0 outward, bit 1 inward, the rest seconds
    CLOCK = "clock-jump"  # number: seconds forward, 3,600 more than meant
    RESTORE = "restore"
    SNAPSHOT = "snapshot"
    RELAY_LOSS = "relay-loss"
    FORGE = "forge"
    LIE = "lie"
    INSIDER = "insider"
    FLOOD = "flood"
    ROT = "bit-rot"
    BLACKOUT = "blackout"  # number: whose power goes, a bit each; then, a bit each, who is in the middle of a commit


@dataclass(frozen=True, slots=True)
class Shape:
    """How many there are.  With a mediator the last party is one."""

    parties: int = 2
    stations: int = 1
    relays: int = 1
    mediator: bool = False


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing at its time, by or to one station.  `number` is what it needs besides."""

    at_ms: int
    what: What
    station: StationId
    number: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that is decided before the world begins.  The same plan gives the same run."""

    seed: int
    shape: Shape
    chances: dict[str, float]
    happenings: tuple[Happening, ...]
    skews_s: dict[StationId, int] = field(default_factory=dict)
    most: int = STRIKES_MAX
    spared: frozenset[int] = frozenset()
    heals_ms: int = FAULTS_LAST_MS
    begins_s: int = 0  # after the time at which other worlds begin


SHAPES = (
    [Shape()] * 76
    + [Shape(relays=2)]
    + [Shape(stations=2)]
    + [Shape(parties=3, mediator=True)]
    + [Shape(parties=3, relays=2, mediator=True)]
)
"""Short schedules find most bugs, so most worlds are small; one in twenty has six queues and more."""

SAYINGS = (0,) * 10 + (1,) * 8 + (2,) * 5 + (3,) * 5 + (4,)
"""What is said, by its number: texts most often, as a dialogue takes three times and a crisis ten times as long."""

_AWAY_MS = 20_000  # the latest time of a planned fault: the rest of the faulty time shows what it leads to


def draw_plan(seed: int, allowed: Collection[str] = KINDS) -> Plan:
    """Return the plan of a seed.  allowed: the faults that may be drawn, of `faults.KINDS` and `BY_NAME`."""
    random = Random(f"plan {seed}")
    shape = random.choice(SHAPES)
    stations = [
        station_id(party, number) for party in range(1, shape.parties + 1) for number in range(1, shape.stations + 1)
    ]
    wanted = [kind for kind in (*CHANCES, *PLANNED) if kind in allowed]
    is_long = random.random() < LONG_SHARE
    drawn = {kind for kind in wanted if random.random() < (LONG_FAULTS if is_long else SHORT_FAULTS)}
    drawn |= {random.choice(wanted)} if wanted else set()
    speakers = (
        [*stations, *stations] if is_long else random.sample(stations, min(len(stations), random.choice((1, 1, 2, 2))))
    )
    happenings = [_saying(random, station) for station in speakers]
    if random.random() < 0.15:
        happenings.append(Happening(random.randrange(5_000, _AWAY_MS), What.REKEY, random.choice(stations)))
    if random.random() < 0.15:
        at = random.randrange(8_000, _AWAY_MS)
        happenings.append(Happening(at, What.CHANGE, random.choice(stations), random.randrange(12)))
    if random.random() < 0.15:
        paper = random.choice((What.AMEND, What.ROSTER, What.STOP))
        happenings.append(Happening(random.randrange(1_000, _AWAY_MS), paper, random.choice(stations)))
    for kind in PLANNED:
        if kind in drawn and kind != "clock-skew" and random.random() < 0.8:
            happenings += _planned(random, What(kind), random.choice(stations), is_long=is_long)
    more = Random(f"more {seed}")
    later = [kind for kind in LATER if kind in allowed and (not wanted or more.random() < LATER_SHARE)]
    for kind in later:
        if kind not in LATER_CHANCES:
            happenings += _planned(more, What(kind), more.choice(stations), is_long=is_long)
    skews = {}
    if "clock-skew" in drawn:
        skews = {station: random.choice((-600, -90, -5, 7, 120, 900)) for station in stations}
    chances = {kind: CHANCES[kind] for kind in CHANCES if kind in drawn}
    chances |= {kind: LATER_CHANCES[kind] for kind in later if kind in LATER_CHANCES}
    happenings = _with_course(seed, shape, happenings)
    if "blackout" in allowed:
        happenings = _with_blackout(seed, happenings, share=LATER_SHARE if wanted else 1)
    if "last-words" in allowed:
        happenings = _with_last_words(seed, stations, happenings)
    if "turnover" in allowed:
        happenings = _with_turnover(seed, shape, happenings)
    ordered = tuple(sorted(happenings, key=lambda each: each.at_ms))
    begins_s = BEFORE_THE_HOUR_S if seed % HOUR_EVERY == 1 else 0
    return Plan(seed, shape, chances, ordered, skews, begins_s=begins_s)


def _saying(random: Random, station: StationId) -> Happening:
    number = random.choice(SAYINGS)
    at = random.choice((0, 200, 1_000, 6_000, 12_000, 16_000)) + random.randrange(50)
    return Happening(at, What.SAY, station, number)


def _with_course(seed: int, shape: Shape, happenings: list[Happening]) -> list[Happening]:
    """Now and then one dialogue takes its course, or a draft is refused, instead of what would have been said first."""
    random = Random(f"course {seed}")
    turn, rest = divmod(seed, COURSE_EVERY)
    share = REFUSED_SHARE if shape.stations == 1 else REFUSED_LATE_SHARE
    if rest and random.random() >= share:
        return happenings
    what = What.REFUSE if rest else What.COURSE
    station = station_id(random.choice((1, 2)), 1)
    return [Happening(random.randrange(500, 4_000), what, station, turn), *happenings[1:]]


def _with_blackout(seed: int, happenings: list[Happening], share: float) -> list[Happening]:
    """Now and then the power goes at several places at once, while something is said."""
    random = Random(f"blackout {seed}")
    if random.random() >= share:
        return happenings
    spoken = random.choice(happenings)
    which = random.choice((-1, random.getrandbits(BLACKOUT_BITS))) % (1 << BLACKOUT_BITS)
    mid_commit = random.choice((0, -1, random.getrandbits(BLACKOUT_BITS))) % (1 << BLACKOUT_BITS)
    number = which | mid_commit << BLACKOUT_BITS
    at = spoken.at_ms + random.randrange(random.choice(BLACKOUT_WITHIN_MS))
    return [*happenings, Happening(at, What.BLACKOUT, spoken.station, number)]


def _with_last_words(seed: int, stations: Sequence[StationId], happenings: list[Happening]) -> list[Happening]:
    """Now and then an officer says something and is stopped, and who hears first of the end may be any station."""
    random = Random(f"last words {seed}")
    if random.random() >= LAST_WORDS_SHARE:
        return happenings
    speaker = random.choice(stations)
    stopped_ms = random.randrange(2_000, _AWAY_MS)
    words = [
        Happening(max(0, stopped_ms - random.randrange(-1_000, 4_000)), What.LAST_WORDS, speaker, random.randrange(4))
        for _ in range(random.choice((1, 1, 2)))
    ]
    return [*happenings, *words, Happening(stopped_ms, What.STOP_SPEAKER, random.choice(stations), party_of(speaker))]


def _with_turnover(seed: int, shape: Shape, happenings: list[Happening]) -> list[Happening]:
    """Now and then a station comes onto its party's roster, or leaves it, or both: then no other roster is made."""
    random = Random(f"turnover {seed}")
    if random.random() >= TURNOVER_SHARE or any(each.what in (What.COURSE, What.REFUSE) for each in happenings):
        return happenings
    party = random.randrange(1, shape.parties + 1)
    at = random.randrange(1_000, 10_000)
    turns = [Happening(at, What.JOIN, station_id(party, 1))] if shape.stations == 1 or random.random() < 0.5 else []
    if not turns or random.random() < 0.7:
        leaver = station_id(party, random.randrange(1, shape.stations + 1))
        turns.append(Happening(at + random.randrange(10_000), What.LEAVE, leaver, random.randrange(4)))
    return [each for each in happenings if each.what is not What.ROSTER] + turns


def _planned(random: Random, what: What, station: StationId, *, is_long: bool) -> list[Happening]:
    at = random.randrange(1_500, _AWAY_MS)
    lasts_s, flood = range(2, 30), FLOOD_STATEMENTS if is_long else FLOOD_STATEMENTS_SHORT
    happenings = [Happening(at, what, station, fault_number(random, what, lasts_s, flood))]
    if what in (What.RESTORE, What.SNAPSHOT, What.ROT):
        happenings.append(Happening(random.randrange(at), What.BACKUP, station))
    return happenings


def fault_number(random: Random, what: What, lasts_s: Sequence[int], flood: int) -> int:
    """Return what a planned fault needs besides.  lasts_s: of partitions; flood: the most texts of one."""
    number = random.randrange(1 << 16)
    if what is What.PARTITION:
        number = random.randrange(1, 4) + 4 * random.choice(lasts_s)
    elif what is What.CLOCK:
        number = 3_600 + random.choice((-3_600, -130, -20, 45, 700, 7_200))
    elif what is What.FLOOD:
        number = random.randrange(5, flood)
    return number
