"""One station at one moment, and what becomes of it by each thing that can happen to it; worked out once each.

What a station does next depends on itself and on what happens to it, and on nothing else in the world.  So a search
over orders of events need not run it again for every order: two orders in which this station meets the same things in
the same sequence lead it to the same place, whatever its peer did in between.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace

from openline.engine import Act, Station, encode_act
from openline.engine.views import unpresented
from openline.identifiers import PathId, StationId, Token
from openline.ports import (
    Acted,
    Append,
    Batch,
    Dial,
    Effect,
    Event,
    Instant,
    Keep,
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
from openline.simulation.checks import LOOKS, Checks, Nonces, Place, Violated
from openline.simulation.clone import Cloner
from openline.simulation.ledger import SummedLedger
from openline.simulation.officers import Officers
from openline.simulation.setting import BEGIN, Setting, secret
from openline.simulation.suite import SeededSuite

ROOM_BYTES = 65_536
PATH = PathId(0)
START_MS = 2_000  # from a death to the next start: two keys of one station never have the same second
SECRETS_AT_START = 64
SHOW, REKEY = 9, 8  # tokens of what officers do besides speaking
WAKE_MS = 60_000  # after a wake that asks for none, it is woken again after this time

Mark = tuple[object, ...]  # what tells two moments apart


@dataclass(frozen=True, slots=True)
class Known:
    """What the checkers remember of one station for ever, whatever became of its disk.

    sealed   pairs of key and nonce
    held     every entry that was ever on its disk, by place; `shown` what an officer was shown
    claimed  places of its own that it took for stored elsewhere
    openings  places among `held` that are first entries of generations, which nobody is shown
    """

    sealed: frozenset[bytes] = frozenset()
    held: frozenset[tuple[Place, bytes]] = frozenset()
    shown: frozenset[Place] = frozenset()
    claimed: frozenset[Place] = frozenset()
    openings: frozenset[Place] = frozenset()


@dataclass(slots=True, eq=False)
class Side:
    """One station at one moment: its process, its disk, its clock, what lies in its slot at the relay.

    number   of this moment among all that were found; two moments with the same number are the same one
    waiting  digests of what no officer was shown yet
    """

    me: StationId
    post: bytes
    station: Station
    ledger: SummedLedger
    known: Known = field(default_factory=Known)
    number: int = 0
    runs: int = 0
    drawn: int = 0
    said: int = 0
    now_ms: int = 0
    wake_ms: int = 0
    slot: bytes = b""
    waiting: tuple[bytes, ...] = ()
    moves: dict[tuple[object, ...], Move] = field(default_factory=dict)

    def instant(self) -> Instant:
        """Return both clocks as this station reads them."""
        return Instant(BEGIN + self.now_ms // 1000, self.now_ms)


@dataclass(slots=True, eq=False)
class Move:
    """What one happening makes of a station.

    sent   lanes and envelopes that it gave to the relay
    looks  those of its batches that a checker looks at
    met    what was known of its peer each time the checkers looked
    """

    after: Side
    sent: tuple[tuple[int, bytes], ...]
    looks: tuple[Batch, ...]
    met: set[Known]


@dataclass(frozen=True, slots=True)
class _Walk:
    """One move while it is worked out."""

    side: Side
    peer: Side
    checks: Checks
    sent: list[tuple[int, bytes]]
    looks: list[Batch]


class Sides:
    """Every moment of every station that was found so far.  `moments` has them by number."""

    def __init__(self, setting: Setting, officers: Officers, statements: list[list[bytes]]) -> None:
        self._nonces = Nonces()
        self._suite = SeededSuite(self._nonces.sealed)
        self._setting = setting
        self._officers = officers
        self._statements = dict(zip(setting.homes, statements, strict=True))
        self._cloner = Cloner()
        self._found: dict[Mark, Side] = {}
        self._known: dict[Known, Known] = {}
        self.moments: list[Side] = []
        self._backups: dict[StationId, SummedLedger] = {}

    def first(self) -> list[Side]:
        """Return every station before its first start, with what its administrator gave it on its disk."""
        sides = []
        for me, home in self._setting.homes.items():
            ledger = SummedLedger()
            ledger.commit(self._setting.rows)
            sides.append(Side(me, self._suite.public(home.keys.post), self._made(me, ledger), ledger))
            self._number(sides[-1])
        return sides

    def back_up(self, side: Side) -> None:
        """Keep what is on this disk now: a later `restore` puts the station back to it."""
        self._backups[side.me] = side.ledger

    def move(self, side: Side, peer: Side, what: str, lane: int = 0, envelope: bytes = b"") -> Move:
        """Return what a happening makes of a station.  Raises Violated.

        what: one of `say show rekey wake crash restore give`, or, with an exclamation mark behind it, the same and then
        a death after the commit, before any effect.
        peer: gives what lies in its slot, and what the checkers know of it.
        """
        key = (what, lane, envelope, peer.slot, peer.wake_ms if what == "wake" else 0)
        found = side.moves.get(key)
        if found is None:
            found = side.moves[key] = self._make(side, peer, what, lane, envelope)
        elif peer.known not in found.met:
            self._look_again(side, peer, found)
        found.met.add(peer.known)
        return found

    # ------------------------------------------------------------ one happening

    def _make(self, side: Side, peer: Side, what: str, lane: int, envelope: bytes) -> Move:
        after = self._copy(side)
        checks = self._checks(side, peer)
        self._nonces.used = set(side.known.sealed | peer.known.sealed)
        walk = _Walk(after, peer, checks, [], [])
        kind, dies = what.rstrip("!"), what.endswith("!")
        match kind:
            case "start" | "crash":
                self._start(walk, restored=False)
            case "restore":
                after.ledger = self._backups[side.me].copy()
                self._start(walk, restored=True)
            case "wake":
                self._wake(walk)
            case _:
                self._give(walk, self._event(after, peer, kind, lane, envelope), dies=dies)
        self._remember(walk)
        return Move(self._same(after), tuple(walk.sent), tuple(walk.looks), set())

    def _wake(self, walk: _Walk) -> None:
        """Let time pass here until something is sent, or until it is the peer's turn to wake."""
        side = walk.side
        while not walk.sent and side.wake_ms <= walk.peer.wake_ms:
            side.now_ms = max(side.now_ms, side.wake_ms)
            side.wake_ms = side.now_ms + WAKE_MS
            self._give(walk, Woken())

    def _event(self, side: Side, peer: Side, what: str, lane: int, envelope: bytes) -> Event:
        line = self._setting.line
        match what:
            case "say":
                side.said += 1
                return Submitted(Token(side.said), line, self._statements[side.me][side.said - 1])
            case "show":
                return Acted(Token(SHOW), line, encode_act(Act.PRESENTED, list(side.waiting)))
            case "rekey":
                return Acted(Token(REKEY), line, encode_act(Act.REKEY))
            case _:
                return Received(PATH, envelope, peer.post, lane, 1)

    def _give(self, walk: _Walk, event: Event, *, dies: bool = False) -> None:
        side = walk.side
        events = deque([event])
        while events:
            now = side.instant()
            side.station.step(events.popleft(), now)
            batch = side.station.settle(now)
            side.ledger.commit(batch.rows)
            walk.checks.committed(side.me, batch)
            if any(isinstance(row, Append) or (isinstance(row, Keep) and row.table in LOOKS) for row in batch.rows):
                walk.looks.append(batch)
            if dies:
                self._start(walk, restored=False)
                return
            for effect in batch.effects:
                events += self._perform(walk, effect)

    def _perform(self, walk: _Walk, effect: Effect) -> list[Event]:
        side = walk.side
        match effect:
            case Send(_, _, lane, envelope):
                walk.checks.sent(envelope)
                walk.sent.append((lane, envelope))
                return [PathReady(PATH, ROOM_BYTES)]
            case Slot(_, envelope):
                side.slot = envelope
            case Wanted(_, owner):
                slot = side.slot if owner == side.post else walk.peer.slot
                return [Received(PATH, slot, owner)] if slot else []
            case NeedSecrets(count):
                return [SecretsDrawn(self._secrets(side, count))]
            case Dial():
                opened = PathOpened(PATH, self._setting.line, self._setting.relays[0][1])
                return [opened, PathReady(PATH, ROOM_BYTES)]
            case Wake(at_ms):
                side.wake_ms = at_ms
            case _:
                pass
        return []

    def _start(self, walk: _Walk, *, restored: bool) -> None:
        side = walk.side
        side.runs += 1
        side.now_ms += START_MS
        side.station = self._made(side.me, side.ledger)
        self._give(walk, Started(side.runs, self._secrets(side, SECRETS_AT_START), restored=restored))

    def _secrets(self, side: Side, count: int) -> list[bytes]:
        side.drawn += count
        return [secret("search", side.me, side.runs, side.drawn, number) for number in range(count)]

    def _made(self, me: StationId, ledger: SummedLedger) -> Station:
        return Station(ledger, self._suite, [self._setting.homes[me]])

    # ------------------------------------------------------------ what the checkers know

    def _checks(self, side: Side, peer: Side) -> Checks:
        checks = Checks(self._setting.line, self._officers, Agenda())
        for each in (peer, side):
            checks.records.places.update(each.known.held)
            checks.records.openings |= each.known.openings
            checks.records.held[each.me] = {place for place, _ in each.known.held}
            checks.records.shown[each.me] = set(each.known.shown)
        return checks

    def _remember(self, walk: _Walk) -> None:
        side, records = walk.side, walk.checks.records
        ours = records.held[side.me]
        side.known = Known(
            frozenset(self._nonces.used - walk.peer.known.sealed),
            frozenset((place, entry) for place, entry in records.places.items() if place in ours),
            frozenset(records.shown[side.me]),
            side.known.claimed | frozenset(records.stored),
            frozenset(records.openings & ours),
        )

    def _look_again(self, side: Side, peer: Side, move: Move) -> None:
        """Let the checkers look at a move that was worked out while other things were known of the peer."""
        if move.looks:
            checks = self._checks(side, peer)
            for batch in move.looks:
                checks.committed(side.me, batch)
        if (move.after.known.sealed - side.known.sealed) & peer.known.sealed:
            raise Violated("nonce", "one key and nonce sealed twice, by two stations")

    # ------------------------------------------------------------ copies, and which of them are the same

    def _copy(self, side: Side) -> Side:
        ledger = side.ledger.copy()
        station = side.station
        shared: list[object] = [self._suite]
        shared += [meaning.desk.book.rules for meaning in station.meanings.values()]
        for line in station.lines.values():
            shared += [line.state.documents, line.state.keys]
        cloned = self._cloner.clone(station, shared, {id(side.ledger): ledger})
        return replace(side, station=cloned, ledger=ledger, moves={})

    def _same(self, side: Side) -> Side:
        """Return the moment that this one is the same as, if there was one."""
        side.waiting = tuple(row.digest for row in unpresented(side.station.meanings[self._setting.line]))
        side.known = self._known.setdefault(side.known, side.known)
        mark = (
            side.me, side.runs, side.drawn, side.said, side.now_ms, side.wake_ms, side.slot, side.known,
            side.ledger.total, side.station.fingerprint(),
        )  # fmt: skip
        same = self._found.setdefault(mark, side)
        if same is side:
            self._number(side)
        return same

    def _number(self, side: Side) -> None:
        side.number = len(self.moments)
        self.moments.append(side)
