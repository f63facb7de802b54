"""A verified statement as the dialogues take it: what was said, by whom, at which place, when it came.

Whoever makes one has verified signature and approvals; nothing here is checked again.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from openline.errors import Misuse
from openline.identifiers import REF_BYTES, Digest, OfficerNumber, PartyNumber, StationId, party_of
from openline.wire.statement import Authority, Statement, decode_statement

_PLACE = struct.Struct(">HIQ")
"""Station, generation, seq: the row's key, so that what is said in order is kept in order."""

_ROW = struct.Struct(">32sIH")
"""Digest, arrival, bytes of the approvers: officer, count and roles of each; then the statement."""


@dataclass(frozen=True, slots=True)
class Approver:
    """An officer who approved a statement, with the roles that officer's roster gives."""

    officer: OfficerNumber
    roles: tuple[Authority, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """One statement at its place.

    digest      the message's identity
    station     its author, generation and seq its place in the author's log
    statement   what it says; `data` its bytes
    arrived     UTC seconds of our clock when it was stored here (our own: when it was signed)
    approvers   who approved it, verified
    """

    digest: Digest
    station: StationId
    generation: int
    seq: int
    statement: Statement
    data: bytes
    arrived: int
    approvers: tuple[Approver, ...] = ()

    @property
    def party(self) -> PartyNumber:
        """The party whose words these are."""
        return party_of(self.station)

    @property
    def ref(self) -> bytes:
        """What a `ref` to this statement says: the first 20 bytes of its digest."""
        return self.digest[:REF_BYTES]

    @property
    def place(self) -> tuple[StationId, int, int]:
        """Author, generation and seq: no two statements share them."""
        return self.station, self.generation, self.seq


def said_key(said: Said) -> bytes:
    """Return the key under which a statement is kept at the desk: its place."""
    return _PLACE.pack(*said.place)


def encode_said(said: Said) -> bytes:
    """Return the bytes that keep a statement at the desk under its place."""
    approvers = b"".join(bytes((each.officer, len(each.roles), *each.roles)) for each in said.approvers)
    return _ROW.pack(said.digest, said.arrived, len(approvers)) + approvers + said.data


def decode_said(key: bytes, row: bytes) -> Said:
    """Return the statement that `encode_said` kept.  Raises Misuse if key or row were not made here."""
    if len(key) != _PLACE.size or len(row) < _ROW.size:
        raise Misuse("a row of the desk is not of its form", hint="Restore the station from its last backup.")
    station, generation, seq = _PLACE.unpack(key)
    digest, arrived, length = _ROW.unpack_from(row)
    data = _ROW.size + length
    return Said(
        Digest(digest), StationId(station), generation, seq, decode_statement(row[data:]), row[data:], arrived,
        tuple(_approvers(row[_ROW.size : data])),
    )  # fmt: skip


def _approvers(row: bytes) -> Iterator[Approver]:
    at = 0
    while at < len(row):
        officer, count = row[at], row[at + 1]
        yield Approver(OfficerNumber(officer), tuple(Authority(role) for role in row[at + 2 : at + 2 + count]))
        at += 2 + count


def in_order(statements: Iterable[Said]) -> list[Said]:
    """Return one party's statements in the order in which both ends read them.

    One station's come in the order of its log.  Several stations of one party are merged by what that party's clocks
    say, a station whose clock ran backwards counting as standing still; the stations' numbers break ties.  If two of
    them contradict each other the dialogue is reopened whichever comes first, so no clock decides what is believed.
    """
    latest: dict[int, int] = {}
    keyed = []
    for said in sorted(statements, key=lambda each: each.place):
        latest[said.station] = max(latest.get(said.station, 0), said.statement.authored)
        keyed.append(((latest[said.station], *said.place), said))
    return [said for _, said in sorted(keyed, key=lambda pair: pair[0])]
