"""Stations of one line on a table: every envelope lies between them, to be kept, altered, held back or said again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from openline.catalogue.kinds import CATALOGUE
from openline.charter import Rules
from openline.delivery.state import LineState
from openline.engine import Answered, Station, decode_answer
from openline.engine.meaning import Meaning
from openline.engine.views import messages
from openline.identifiers import LineId, StationId, Token, station_id
from openline.limits import ORDINARY_LANE
from openline.ports import (
    Answer,
    Append,
    Batch,
    Effect,
    Event,
    Instant,
    PathOpened,
    PathReady,
    Received,
    Refused,
    Send,
    Slot,
    Started,
    Submitted,
    Suite,
    Wanted,
    Woken,
)
from openline.simulation.ledger import MemoryLedger
from openline.simulation.setting import BEGIN, Setting, make_setting, secret
from openline.simulation.suite import SeededSuite
from openline.wire.statement import Body, Precedence, Statement, Status, encode_statement

ALBA, BORA, CENDRA = station_id(1, 1), station_id(2, 1), station_id(3, 1)
ROOM = 65_536


@dataclass(frozen=True, slots=True)
class Passed:
    """One envelope that one station sent to another."""

    writer: StationId
    reader: StationId
    lane: int
    envelope: bytes


@dataclass(slots=True)
class Seat:
    """One station with its disk, and what it said to its administrator."""

    station: Station
    ledger: MemoryLedger
    refusals: list[Refused] = field(default_factory=list)
    answers: list[Answered] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    batches: list[Batch] = field(default_factory=list)
    skew_s: int = 0


class Table:
    """The stations of a line, all fetching from one relay that is this table."""

    def __init__(
        self, parties: int = 2, *, stations: int = 1, suite: Suite | None = None, rules: Rules | None = None
    ) -> None:
        self.suite = suite or SeededSuite()
        self.setting: Setting = make_setting(self.suite, parties, stations, 1, rules=rules)
        self.now_ms = 0
        self.seats: dict[StationId, Seat] = {}
        self.passed: list[Passed] = []
        self.held: list[Passed] = []
        self.holding: set[tuple[StationId, StationId]] = set()
        self._slots: dict[bytes, bytes] = {}
        self._waiting: list[Passed] = []
        self._runs = 0
        for me in self.setting.homes:
            ledger = MemoryLedger()
            ledger.commit(self.setting.rows)
            self.sit(me, ledger)

    def sit(self, me: StationId, ledger: MemoryLedger, *, restored: bool = False) -> None:
        """Start a station from a ledger."""
        self._runs += 1
        station = Station(ledger, self.suite, [self.setting.homes[me]])
        skew = self.seats[me].skew_s if me in self.seats else 0
        self.seats[me] = Seat(station, ledger, skew_s=skew)
        secrets = [secret("drawn", self._runs, number) for number in range(200)]
        self.give(me, Started(self._runs, secrets, restored=restored))
        path = next(iter(self.state(me).paths))
        self.give(me, PathOpened(path, self.setting.line, b""), PathReady(path, ROOM))

    def instant(self, me: StationId) -> Instant:
        """Return what the station's clocks say."""
        return Instant(BEGIN + self.now_ms // 1000 + self.seats[me].skew_s, self.now_ms)

    def state(self, me: StationId) -> LineState:
        """Return what a station knows of the line's delivery."""
        return self.seats[me].station.lines[self.setting.line].state

    def meaning(self, me: StationId) -> Meaning:
        """Return a station's desk."""
        return self.seats[me].station.meanings[self.setting.line]

    def reads(self, me: StationId, monkeypatch: pytest.MonkeyPatch) -> list[int]:
        """Return the list of the places that a station reads of its logs from here on, as they are."""
        seqs: list[int] = []
        out = self.state(me).given.out
        honest = out.entry

        def entry(line: LineId, author: StationId, generation: int, seq: int) -> Append | None:
            seqs.append(seq)
            return honest(line, author, generation, seq)

        monkeypatch.setattr(out, "entry", entry)
        return seqs

    # ------------------------------------------------------------ steps

    def give(self, me: StationId, *events: Event) -> Batch:
        """Let a station take events as one batch: step, settle, commit, effects."""
        seat, now = self.seats[me], self.instant(me)
        for event in events:
            seat.station.step(event, now)
        batch = seat.station.settle(now)
        seat.ledger.commit(batch.rows)
        seat.batches.append(batch)
        for effect in batch.effects:
            self._perform(me, effect)
        return batch

    def crash(self, me: StationId, *events: Event, committed: bool) -> None:
        """Let a station take events and die: before the commit, or after it and before any effect; then start again."""
        seat, now = self.seats[me], self.instant(me)
        for event in events:
            seat.station.step(event, now)
        batch = seat.station.settle(now)
        if committed:
            seat.ledger.commit(batch.rows)
        self.sit(me, seat.ledger)

    def _perform(self, me: StationId, effect: Effect) -> None:
        seat = self.seats[me]
        seat.effects.append(effect)
        match effect:
            case Send(_, to, lane, envelope):
                self._waiting.append(Passed(me, self.setting.posts[to], lane, envelope))
            case Slot(_, envelope):
                self._slots[self.post(me)] = envelope
            case Wanted(_, owner):
                found = self._slots.get(owner)
                if found is not None:
                    self._waiting.append(Passed(self.setting.posts[owner], me, ORDINARY_LANE, found))
            case Refused():
                seat.refusals.append(effect)
            case Answer(_, body):
                seat.answers.append(decode_answer(body))
            case _:
                pass

    def post(self, me: StationId) -> bytes:
        """Return a station's post key."""
        return next(key for key, station in self.setting.posts.items() if station == me)

    def bring(
        self, me: StationId, envelope: bytes, *, writer: StationId | None = None, lane: int = ORDINARY_LANE
    ) -> Batch:
        """Let an envelope reach a station, from whomever the relay says."""
        path = next(iter(self.state(me).paths))
        named = b"" if writer is None else self.post(writer)
        return self.give(me, Received(path, envelope, named, lane))

    def pump(self) -> None:
        """Carry envelopes until nobody says anything more."""
        while self._waiting:
            passed = self._waiting.pop(0)
            self.passed.append(passed)
            if (passed.writer, passed.reader) in self.holding:
                self.held.append(passed)
                continue
            if passed.reader in self.seats:
                self.bring(passed.reader, passed.envelope, writer=passed.writer, lane=passed.lane)
            for me in self.seats:
                path = next(iter(self.state(me).paths), None)
                if path is not None and self.state(me).paths[path].room < ROOM:
                    self.give(me, PathReady(path, ROOM))

    def pass_time(self, seconds: int) -> None:
        """Let time pass: each station wakes each second minute or sooner, and what it says is carried."""
        end = self.now_ms + 1000 * seconds
        while self.now_ms < end:
            self.now_ms = min(end, self.now_ms + 10_000)
            for me in list(self.seats):
                self.give(me, Woken())
            self.pump()

    def meet(self) -> None:
        """Let all stations find each other: prekeys, epochs, greetings."""
        self.pump()
        self.pass_time(120)

    # ------------------------------------------------------------ people

    def said(
        self, me: StationId, words: Body, *, kind: str = "T1", flash: bool = False, authored: int | None = None,
        charter: int = 1,
    ) -> bytes:  # fmt: skip
        """Return a statement's bytes."""
        precedence = Precedence.FLASH if flash else Precedence.ROUTINE
        utc = self.instant(me).utc if authored is None else authored
        number = CATALOGUE.kind(kind).number
        return encode_statement(Statement(charter, utc, number, 1, words, Status.TEST, precedence))

    def say(self, me: StationId, words: str, *, flash: bool = False) -> Answered:
        """Let an officer say a text; nothing is carried yet."""
        token = Token(len(self.seats[me].answers) + 1)
        self.give(me, Submitted(token, self.setting.line, self.said(me, words, flash=flash)))
        return self.seats[me].answers[-1]

    # ------------------------------------------------------------ what was seen

    def rules(self, me: StationId) -> list[str]:
        """Return the rules by which a station has refused something, and forget them."""
        rules = [refused.rule for refused in self.seats[me].refusals]
        self.seats[me].refusals.clear()
        return rules

    def texts(self, me: StationId) -> list[object]:
        """Return the texts of others in a station's inbox as people see them."""
        shown = messages(self.meaning(me), self.instant(me), sent=False)
        given = [fields for message in shown if isinstance(fields := message["fields"], dict) and fields]
        return [fields.get("text") for fields in given]


def addressed(passed: Sequence[Passed], writer: StationId, reader: StationId) -> list[Passed]:
    """Return what one station sent to another."""
    return [each for each in passed if each.writer == writer and each.reader == reader]
