"""Two parties at two desks: statements made as they would be sent, and given to whichever desk the test says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from openline.catalogue.kinds import CATALOGUE, body_from_json
from openline.catalogue.kinds.read_back import read_back_body
from openline.catalogue.kinds.values import Json
from openline.dialogue import Approver, Desk, Event, EventKind, ReceiptFact, Rota, Rules, Said, State, Thread
from openline.identifiers import Digest, OfficerNumber, PartyNumber, StationId, station_id
from openline.wire.cbor import Value
from openline.wire.payloads import ReceiptState
from openline.wire.statement import Authority, Body, Option, Precedence, Statement, Status, encode_statement

ALBA, BORA, CENDRA = PartyNumber(1), PartyNumber(2), PartyNumber(3)
RULES = Rules(CATALOGUE)
DUTY = Approver(OfficerNumber(2), (Authority.DUTY_OFFICER,))
RELEASER = Approver(OfficerNumber(9), (Authority.RELEASER,))
DELEGATE = Approver(OfficerNumber(7), (Authority.DELEGATE,))
TWO = (DUTY, RELEASER)
DELEGATED = (DELEGATE, RELEASER)
BASE = 1_512_842_400  # 2017-12-09T18:00:00Z


def at(clock: str) -> int:
    """UTC seconds of a time of 9 December 2017, as 18:27 or 18:27:00."""
    hours, minutes, *seconds = (int(part) for part in clock.split(":"))
    return BASE + (hours - 18) * 3600 + minutes * 60 + (seconds[0] if seconds else 0)


@dataclass
class Receipts:
    """Receipts as an engine would keep them, by place."""

    facts: dict[tuple[int, int, int], list[ReceiptFact]] = field(default_factory=dict)

    def receipts(self, author: StationId, generation: int, seq: int) -> Iterable[ReceiptFact]:
        return self.facts.get((author, generation, seq), ())

    def give(self, said: Said, station: StationId, state: ReceiptState, time: int) -> None:
        proof = sha256(f"{station} {state} {time}".encode()).digest()
        self.facts.setdefault(said.place, []).append(ReceiptFact(station, state, time, proof))


@dataclass
class Writer:
    """Makes a party's statements, each at the next place of its station's log."""

    party: PartyNumber
    station: int = 1
    generation: int = BASE - 86_400
    seq: int = 0

    def say(
        self,
        code: str,
        when: int,
        fields: Mapping[str, Json] | None = None,
        *,
        body: Body = None,
        about: Said | None = None,
        by: tuple[Approver, ...] = (),
        precedence: Precedence | None = None,
        arrived: int | None = None,
        officer: int = 2,
        options: Mapping[int, Value] | None = None,
    ) -> Said:
        kind = CATALOGUE.kind(code)
        if fields is not None:
            body = body_from_json(kind, fields)
        chosen = dict(options or {})
        if about is not None:
            chosen[Option.REF] = about.ref
        original = about.statement.precedence.name if about is not None else "ROUTINE"
        speed = precedence if precedence is not None else Precedence[kind.default_precedence(original)]
        statement = Statement(
            charter=1, authored=when, kind=kind.number, officer=officer, body=body, status=Status.EXERCISE,
            precedence=speed, options=chosen,
        )  # fmt: skip
        data = encode_statement(statement)
        where = station_id(self.party, self.station)
        digest = Digest(sha256(data + bytes((self.party, self.station)) + self.seq.to_bytes(4, "big")).digest())
        said = Said(digest, where, self.generation, self.seq, statement, data, when if arrived is None else arrived, by)
        self.seq += 1
        return said

    def read_back(
        self,
        asked: Said,
        when: int,
        typed: Mapping[str, str],
        *,
        code: str = "UNDERSTOOD",
        by: tuple[Approver, ...] = (),
    ) -> Said:
        """UNDERSTOOD with what was typed."""
        body = read_back_body(CATALOGUE.kind(asked.statement.kind), asked.statement.body, typed)
        return self.say(code, when, body=body, about=asked, by=by)


class Line:
    """Desks of several parties that all hear everything, in the order in which it is said, without delay."""

    def __init__(
        self,
        parties: tuple[PartyNumber, ...] = (ALBA, BORA),
        rules: Rules = RULES,
        rota: Rota | None = None,
    ) -> None:
        self.receipts = Receipts()
        self.desks = {party: Desk(party, parties, rules, self.receipts, rota or Rota()) for party in parties}
        self.writers = {party: Writer(party) for party in parties}
        self.events: dict[PartyNumber, list[Event]] = {party: [] for party in parties}
        self.utc = BASE

    def hear(self, said: Said, utc: int | None = None) -> Said:
        self.utc = said.arrived if utc is None else utc
        for party in self.desks:
            if party != said.party:
                self.receipts.give(said, station_id(party, 1), ReceiptState.STORED, self.utc)
        for party, desk in self.desks.items():
            self.events[party] += desk.heard(said, self.utc)
        return said

    def say(
        self,
        party: PartyNumber,
        code: str,
        when: int,
        fields: Mapping[str, Json] | None = None,
        *,
        body: Body = None,
        about: Said | None = None,
        by: tuple[Approver, ...] = (),
        precedence: Precedence | None = None,
        arrived: int | None = None,
        options: Mapping[int, Value] | None = None,
    ) -> Said:
        """Say something that every desk hears at once."""
        return self.hear(
            self.writers[party].say(
                code,
                when,
                fields,
                body=body,
                about=about,
                by=by,
                precedence=precedence,
                arrived=arrived,
                options=options,
            )
        )

    def wake(self, utc: int) -> None:
        self.utc = utc
        for party, desk in self.desks.items():
            self.events[party] += desk.wake(utc)

    def thread(self, said: Said, utc: int | None = None) -> Thread:
        """The dialogue of a two-party line; every desk must say the same of it."""
        when = self.utc if utc is None else utc
        seen = [desk.threads(said.digest, when) for desk in self.desks.values()]
        assert all(threads == seen[0] for threads in seen)
        (thread,) = seen[0]
        return thread

    def state(self, said: Said, utc: int | None = None) -> State:
        return self.thread(said, utc).state

    def told(self, party: PartyNumber, kind: EventKind) -> list[Event]:
        return [event for event in self.events[party] if event.kind is kind]
