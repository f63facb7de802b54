"""A made world: stations and relays as they ship, people and enemies, and one plan of what happens.

world = World(draw_plan(seed), setting, suite)
world.run()          raises Violated at the first rule that is broken
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from hashlib import sha256
from random import Random

from openline.engine import Act, Home, decode_answer
from openline.identifiers import OfficerNumber, StationId, party_of, station_id
from openline.limits import CLOCK_STEP_S
from openline.ports import (
    Answer,
    Batch,
    Changed,
    ClockStepped,
    Dial,
    Effect,
    Halt,
    NeedSecrets,
    Received,
    Refused,
    SecretsDrawn,
    Send,
    Slot,
    Sound,
    Suite,
    Took,
    Wanted,
)
from openline.simulation.agenda import Agenda
from openline.simulation.checks import Checks, Nonces, Violated
from openline.simulation.conduct import Conductor
from openline.simulation.disks import Disk, MemoryDisk
from openline.simulation.enemies import Enemies
from openline.simulation.faults import Faults
from openline.simulation.inside import Inside
from openline.simulation.officers import CANARY, DUTY, SECOND_DUTY, Officers
from openline.simulation.papers import paper
from openline.simulation.paths import Network
from openline.simulation.plan import BLACKOUT_BITS, FLOOD_STATEMENTS, Happening, Plan, What
from openline.simulation.relays import Relay
from openline.simulation.setting import Setting
from openline.simulation.stations import Node
from openline.simulation.talk import FLASH_TEXT, QUESTION, SAID, TEXT, body_of
from openline.simulation.turnover import Paper, Turnover, newcomers, with_posts
from openline.wire.statement import Body

MENDED_AFTER_MS = 3_000  # a damaged store is put back from its backup
START_MS_MAX = 400  # the stations of a world start within this
NARROW_BYTES_A_SECOND = 4_096  # of each path where nothing but a flood goes wrong: elsewhere no text waits for another
NARROW_ROOM_BYTES = 4_096  # the least with which a path counts as a good one

MakeDisk = Callable[[StationId, Setting], Disk]


def memory_disk(me: StationId, setting: Setting) -> Disk:
    """Return the usual disk: rows in memory."""
    del me
    return MemoryDisk(setting.rows)


class World:
    """Stations of one line, their relays, people and enemies, from one plan."""

    def __init__(
        self, plan: Plan, setting: Setting, suite: Suite, nonces: Nonces, *,
        make_disk: MakeDisk = memory_disk, traced: bool = False,
    ) -> None:  # fmt: skip
        self.plan = plan
        self.setting = setting = with_posts(setting, plan, suite)
        self.nonces = nonces
        self._suite = suite
        self.agenda = Agenda()
        self.faults = Faults(Random(f"faults {plan.seed}"), plan.chances, plan.most, plan.spared)
        if _only_floods(plan):
            self.faults.bytes_a_second, self.faults.room_bytes = NARROW_BYTES_A_SECOND, NARROW_ROOM_BYTES
        self.refusals: dict[str, int] = {}
        self.done: set[str] = set()  # names of events, effects and acts that occurred: what a campaign has covered
        self.officers = Officers(setting, suite.sign, Random(f"people {plan.seed}"), self.agenda)
        self.checks = Checks(setting.line, self.officers, self.agenda)
        self.records = self.checks.records
        self.inside = Inside(setting.line, self.records)
        self.network = Network(suite, self.faults, self.agenda)
        self.enemies = Enemies(setting, suite, Random(f"enemies {plan.seed}"), self.records)
        self.turnover = Turnover(setting, suite)
        self.nodes: dict[StationId, Node] = {}
        self._make_disk = make_disk
        self._trace = sha256() if traced else None
        for address, _ in setting.relays:
            self.network.add_relay(address, list(setting.posts))
        for home in setting.homes.values():
            self._add_node(home, setting)

    def _add_node(self, home: Home, on_disk: Setting) -> Node:
        node = self.nodes[home.me] = Node(
            home, self._make_disk(home.me, on_disk), self._suite, self.faults, self.agenda,
            perform=self._perform, committed=self._committed, flushed=self.network.flush, damaged=self._mend,
        )  # fmt: skip
        return node

    @property
    def standing(self) -> list[Node]:
        """The stations that have not ended."""
        return [node for node in self.nodes.values() if not node.ended]

    @property
    def steps(self) -> int:
        """How many events stations and relays have taken."""
        return sum(node.steps for node in self.nodes.values()) + sum(
            relay.steps for relay in self.network.relays.values()
        )

    def trace(self) -> str:
        """Return a digest over every batch of every station so far, for byte-for-byte replay."""
        assert self._trace is not None
        return self._trace.hexdigest()

    # ------------------------------------------------------------ the plan

    def begin(self) -> None:
        """Let the plan begin: stations start, and everything that it holds stands in the agenda."""
        for number, node in enumerate(self.nodes.values()):
            skew_s = self.plan.skews_s.get(node.me, 0)
            node.skew_s = self.plan.begins_s + skew_s
            if skew_s:
                self.faults.take("clock-skew")
            self.agenda.at(number * START_MS_MAX // len(self.nodes), node.start)
        for happening in self.plan.happenings:
            self.agenda.at(happening.at_ms, partial(self._happen, happening))

    def heal(self) -> None:
        """End every fault: from here on the world must converge."""
        self.agenda.tell("all faults end")
        self.faults.heal()
        self.officers.honest = True
        for decided in self.turnover.papers:
            for party in {party_of(node.me): node for node in self.standing}.values():
                self._give_paper(decided, party)  # who has only heard of a station that ended hears no other one
        for node in self.nodes.values():
            if node.disk.is_rotten():  # in a row that nobody has read: whoever checks the whole store finds it
                self._mend(node)
            for connection in self.network.of(node).values():
                connection.blocked_out = connection.blocked_in = False
                if any(self.faults.taken.get(kind) for kind in ("drop", "relay-fork", "partition")):
                    connection.lose("it lost something")  # no transport goes on after that: it breaks, and is made anew

    def _happen(self, happening: Happening) -> None:
        node = self.nodes[happening.station]
        number = happening.number
        if node.ended:
            return
        match happening.what:
            case What.SAY:
                self.say(node, number)
            case What.CHANGE:
                self.officers.change(node, number)
            case What.REFUSE:
                self.agenda.tell(f"{node.name}'s officer drafts what another one refuses")
                self._refuse(node, body_of(QUESTION, f"{CANARY} refused", node.instant().utc))
            case What.COURSE:
                asked = self.nodes[station_id(3 - party_of(node.me), 1)]
                Conductor(self.officers, self.setting, self.agenda, node, asked, number).begin()
            case What.AMEND | What.ROSTER | What.STOP:
                self._bring_paper(node, happening.what)
            case What.LAST_WORDS:
                self.say(node, number, SECOND_DUTY)
            case What.STOP_SPEAKER:
                self._give_paper(self.turnover.stop_officer(number, SECOND_DUTY), node)
            case What.JOIN:
                self._join(node)
            case What.LEAVE:
                self._leave(node, number)
            case What.REKEY:
                self.officers.act(node, Act.REKEY)
            case What.BACKUP:
                node.backup = node.backup if node.disk.is_rotten() else node.disk.backup()  # it reads every page
            case What.RESTORE | What.SNAPSHOT:
                self._restore(node, happening.what)
            case What.ROT:
                self._rot(node)
            case What.PARTITION:
                self._partition(node, number)
            case What.CLOCK:
                self.step_clock(node, number - 3_600)
            case What.RELAY_LOSS:
                relays = list(self.network.relays.values())
                relays[number % len(relays)].stop(disk_too=True)
                self.faults.take("relay-loss")
            case What.FLOOD:
                self._flood(node, number)
            case What.BLACKOUT:
                self._black_out(number)
            case _:
                self._attack(node, happening.what)

    def say(self, node: Node, number: int, officer: OfficerNumber = DUTY) -> None:
        """Let an officer say something, by its number in `talk.SAID`; the second is a FLASH."""
        code, flash = SAID[number], number == FLASH_TEXT
        words = f"{CANARY} {len(self.officers.errands)}"
        self.agenda.tell(f"{node.name}'s officer says {'FLASH ' if flash else ''}{code} {words}")
        self.officers.say(node, code, body_of(code, words, node.instant().utc), flash=flash, officer=officer)

    def _refuse(self, node: Node, body: Body) -> None:
        """Let a draft be refused, where the party has a second station after it has been approved there."""
        other = self.nodes.get(station_id(party_of(node.me), 2))
        if other is None:
            self.officers.refuse(node, QUESTION, body)
        else:
            self.officers.refuse_late(node, other, QUESTION, body)

    def _bring_paper(self, node: Node, what: What) -> None:
        """Let a station be brought the next charter, roster or stop notice, made from what it holds."""
        if node.station is None:  # it is brought when the station runs
            self.agenda.at(1_000, lambda: self._bring_paper(node, what))
            return
        documents = node.station.lines[self.setting.line].state.documents
        kind, document = paper(what, documents, party_of(node.me), self._suite)
        self.agenda.tell(f"{node.name} is brought what its party does next: {what}")
        self.officers.bring(node, kind, document)

    def _join(self, node: Node) -> None:
        """Let a new station of a party start, with its roster on its disk; the others hear of it from `node`."""
        for station in newcomers(self.plan):
            if party_of(station) == party_of(node.me):
                paper, home, on_disk = self.turnover.join(station)
                self.agenda.tell(f"{node.name}'s party has a new station, {station & 255}")
                self._add_node(home, on_disk).start()
                self._give_paper(paper, node)

    def _leave(self, node: Node, number: int) -> None:
        """Let a station end, if its party has another one; that one is told first, and its officers go on there."""
        others = [other for other in self.standing if other is not node and party_of(other.me) == party_of(node.me)]
        if others:
            self.agenda.tell(f"{node.name}'s party ends that station")
            node.end(runs_on=bool(number & 2))
            others[0].speaks |= node.speaks
            self._give_paper(self.turnover.leave(node.me, by_notice=bool(number & 1)))

    def _give_paper(self, paper: Paper, node: Node | None = None) -> None:
        """Let a station be brought a paper when it runs; if none is named, one of the party whose paper it is."""
        party, kind, document = paper
        node = node or next(each for each in self.standing if party_of(each.me) == party)
        self.officers.bring(node, kind, document)

    def end(self) -> None:
        """Close every disk, and undo the knot that a world is, so that it goes at once.  Ask it nothing afterwards.

        Looking for what can go takes a tenth of the time that the world itself took.
        """
        for node in self.nodes.values():
            node.disk.end()
        for each in (*self.nodes.values(), *self.network.relays.values(), self.network, self):
            vars(each).clear()

    # ------------------------------------------------------------ planned faults

    def _restore(self, node: Node, what: What) -> None:
        if node.backup is None:
            return
        marked = what is What.RESTORE
        node.kill("to be put back from an older copy" if marked else "and comes back as an older copy, unmarked")
        self._put_back(node, marked=marked)
        self.faults.take(what)

    def _put_back(self, node: Node, *, marked: bool) -> None:
        node.disk.restore(node.backup, marked=marked)
        self.inside.restored(node.me)
        self.records.put_back.add(node.me)
        if not marked:
            self.records.two_tongued.add(node.me)

    def _rot(self, node: Node) -> None:
        """Let a row rot while the power is off; whoever has no backup is spared."""
        if node.backup is not None and node.disk.rot(self.faults.random):
            node.kill("as the power goes, and its disk rots")
            self.faults.take("bit-rot")

    def _black_out(self, number: int) -> None:
        """The power goes at several stations and relays at once, at some of them in the middle of a commit."""
        self.faults.take("blackout")
        places: list[Node | Relay] = [*self.nodes.values(), *self.network.relays.values()]
        for bit, place in enumerate(places):
            if not number >> bit & 1:
                continue
            if isinstance(place, Relay):
                place.stop()
            elif number >> BLACKOUT_BITS + bit & 1:
                place.cut_mid_commit()
            else:
                place.kill("as the power goes")

    def _mend(self, node: Node) -> None:
        """The store has said that it is damaged: its people put the newest backup in its place."""
        node.kill("because its disk is damaged")
        self._put_back(node, marked=True)
        self.agenda.tell(f"{node.name} is put back from its backup")
        self.agenda.at(MENDED_AFTER_MS, node.start)

    def _partition(self, node: Node, number: int) -> None:
        connections = list(self.network.of(node).values())
        for connection in connections:
            connection.blocked_out, connection.blocked_in = bool(number & 1), bool(number & 2)
        if connections:
            self.faults.take("partition")
            self.agenda.tell(f"{node.name} is cut off: outward {bool(number & 1)}, inward {bool(number & 2)}")

        def end() -> None:
            for connection in connections:
                connection.blocked_out = connection.blocked_in = False

        self.agenda.at(number // 4 * 1_000, end)

    def step_clock(self, node: Node, by: int) -> None:
        """Set a station's clock, `by` seconds forward."""
        node.skew_s += by
        if abs(by) <= CLOCK_STEP_S:
            return  # drift, which nobody is told of
        self.faults.take("clock-jump")
        self.agenda.tell(f"{node.name}'s clock jumps by {by} s")
        node.give(ClockStepped(by))

    def _flood(self, node: Node, count: int) -> None:
        if node.station is None:
            return
        narrow = bool(self.faults.bytes_a_second)
        count = 2 * FLOOD_STATEMENTS if narrow else count  # ten seconds of that path
        self.faults.take("flood")
        self.agenda.tell(f"{node.name} floods the line with {count} texts")
        for number in range(count):
            self.officers.say(node, TEXT, f"{CANARY} flood {len(self.officers.errands)} {number}")
        if narrow:
            self.say(node, FLASH_TEXT)  # what is urgent passes what was said before it

    def _attack(self, node: Node, what: What) -> None:
        if what is What.FORGE:
            member = next(other for other in self.nodes.values() if other is not node)
            if self.enemies.forge(node, member):
                self.faults.take("forge")
                self.agenda.tell(f"{node.name} is brought forged envelopes")
            return
        brought = self.enemies.lie(node) if what is What.LIE else self.enemies.insider(node)
        for station, envelope in brought:
            self._bring(station, envelope)
        if brought:
            self.faults.take(what)
            self.agenda.tell(f"in {node.name}'s name an enemy speaks: {what}")
        if brought and what is What.LIE:
            self.say(node, 1)

    def _bring(self, station: StationId, envelope: bytes) -> None:
        """Let an envelope reach a station by its first path."""
        node = self.nodes[station]
        for path in list(self.network.of(node))[:1]:
            node.give(Received(path, envelope))

    # ------------------------------------------------------------ what stations do

    def _committed(self, node: Node, batch: Batch) -> None:
        if self._trace is not None:
            self._trace.update(repr((self.agenda.now_ms, node.me, batch)).encode())
        self.inside.committed(node, batch)
        self.checks.committed(node.me, batch)

    def _perform(self, node: Node, effect: Effect) -> None:
        match effect:
            case Send() | Slot() | Wanted() | Took():
                if isinstance(effect, Send):
                    self.checks.sent(effect.envelope)
                if isinstance(effect, Slot):
                    self.inside.published(effect.envelope)
                self.network.send(node, effect)
            case Dial(routes):
                self.network.dial(node, routes)
                self.officers.notice(node)  # whoever sits there looks when a station is back, whatever its disk says
            case NeedSecrets(count):
                secrets = [self.faults.random.randbytes(32) for _ in range(count)]
                node.during(1, lambda: node.give(SecretsDrawn(secrets)))
            case Answer():
                errand = self.officers.answered(effect)
                if errand is not None:
                    self.checks.answered(node, errand, decode_answer(effect.body).digest)
            case Changed() | Sound():
                self.officers.notice(node)
            case Refused(_, rule, reason):
                self.refusals[rule] = self.refusals.get(rule, 0) + 1
                self.agenda.tell(f"{node.name} refuses by {rule}: {reason}")
            case Halt(reason):
                raise Violated("exception", f"{node.name} halts: {reason}")
            case _:
                pass


def _only_floods(plan: Plan) -> bool:
    """Whether nothing but a flood fills paths or fails: no fault, no document, which takes seconds, and no new keys."""
    fills = {happening.what for happening in plan.happenings} - {What.SAY, What.CHANGE, What.BACKUP}
    return not plan.chances and not plan.skews_s and fills == {What.FLOOD}
