"""Stations that come onto a roster and leave it, and officers who are stopped after they have spoken.

A party makes each of these papers once and keeps it: while faults last it is brought to one station, and when they have
ended once more, as people do who see that what they decided has not come through.
"""

from __future__ import annotations

from dataclasses import replace

from openline.charter import (
    TABLE,
    ItemClass,
    LineDocuments,
    RootSeeds,
    Roster,
    StationItem,
    StationSeeds,
    StopNotice,
    certify_station,
    make_stop,
    read_roster,
    sign_roster,
)
from openline.engine import Home
from openline.identifiers import StationId, number_of, party_of, station_id
from openline.ports import Keep, Suite
from openline.simulation.plan import Plan, What
from openline.simulation.setting import BEGIN, Setting, secret
from openline.wire.payloads import DocumentClass

Paper = tuple[int, DocumentClass, bytes]  # the party whose paper it is, its class and its bytes


def newcomers(plan: Plan) -> list[StationId]:
    """Return the stations that come onto a roster in this world."""
    parties = sorted({party_of(each.station) for each in plan.happenings if each.what is What.JOIN})
    return [station_id(party, plan.shape.stations + 1) for party in parties]


def with_posts(setting: Setting, plan: Plan, suite: Suite) -> Setting:
    """Return the setting with relays that know who will come: a relay's operator is told before."""
    posts = {suite.public(_seeds(station).post): station for station in newcomers(plan)}
    return replace(setting, posts={**setting.posts, **posts}) if posts else setting


def _seeds(station: StationId) -> StationSeeds:
    party, number = party_of(station), number_of(station)
    return StationSeeds(*(secret("station", party, number, use) for use in ("sign", "head", "post")))


def _roots(party: int) -> RootSeeds:
    return RootSeeds(secret("root", party), secret("root2", party))


class Turnover:
    """What the parties of one world decide about their stations and officers.

    papers: everything decided so far.  stopped: parties and officers who have ended.
    """

    def __init__(self, setting: Setting, suite: Suite) -> None:
        self.papers: list[Paper] = []
        self.stopped: set[tuple[int, int]] = set()
        self._setting = setting
        self._suite = suite
        self._rosters: dict[int, Roster] = {}

    def join(self, station: StationId) -> tuple[Paper, Home, Setting]:
        """Let a station come onto its party's roster; return the roster, its home, and what is on its disk."""
        party, seeds = party_of(station), _seeds(station)
        item = certify_station(self._setting.line, party, number_of(station), seeds, self._suite)
        paper = self._next_roster(party, (*self._roster(party).stations, item))
        documents = LineDocuments(self._setting.line)
        kept = (row for row in self._setting.rows if isinstance(row, Keep) and row.table == TABLE)
        documents.restore((row.key, row.value) for row in kept)
        change = documents.accept(DocumentClass.ROSTER, paper[2], self._suite, BEGIN)
        on_disk = replace(self._setting, rows=(*self._setting.rows, *change.rows))
        return paper, Home(self._setting.line, station, seeds), on_disk

    def leave(self, station: StationId, *, by_notice: bool) -> Paper:
        """Let a station end, by its stop notice or a roster without it."""
        party = party_of(station)
        if by_notice:
            return self._stop(party, ItemClass.STATION, number_of(station))
        return self._next_roster(party, tuple(item for item in self._roster(party).stations if item.id != station))

    def stop_officer(self, party: int, officer: int) -> Paper:
        """Let an officer end."""
        self.stopped.add((party, officer))
        return self._stop(party, ItemClass.OFFICER, officer)

    def _roster(self, party: int) -> Roster:
        held = self._rosters.get(party)
        return held or self._rosters.setdefault(party, read_roster(self._setting.documents[party]).roster)

    def _next_roster(self, party: int, stations: tuple[StationItem, ...]) -> Paper:
        before = self._roster(party)
        after = self._rosters[party] = replace(before, number=before.number + 1, stations=stations)
        return self._made(party, DocumentClass.ROSTER, sign_roster(after, _roots(party), self._suite).document())

    def _stop(self, party: int, item: ItemClass, number: int) -> Paper:
        notice = make_stop(StopNotice(self._setting.line, party, item, number), _roots(party), self._suite)
        return self._made(party, DocumentClass.STOP, notice)

    def _made(self, party: int, kind: DocumentClass, document: bytes) -> Paper:
        self.papers.append((party, kind, document))
        return party, kind, document
