"""A line of two whose charter is amended so that a third party joins, with what its station starts from."""

from __future__ import annotations

from dataclasses import replace

from openline.charter import (
    LineDocuments,
    Member,
    Role,
    Roster,
    StationSeeds,
    certify_station,
    draft_charter,
    read_charter,
    sign_roster,
)
from openline.engine import Home
from openline.identifiers import StationId
from openline.ports import Keep
from openline.simulation.ledger import MemoryLedger
from openline.simulation.setting import BEGIN, secret
from openline.wire.payloads import DocumentClass
from tests.engine.pair import ALBA, BORA, CENDRA, Net, Node, roots


def joining(net: Net) -> tuple[bytes, bytes]:
    """Return the charter by which Cendra joins, signed by all three, and Cendra's first roster."""
    first = read_charter(net.documents(ALBA).charters_after(0)[-1])
    before = first.charter
    member = Member(3, "cendra", Role.PARTY, (("en", "Cendra"),), roots(3).public(net.suite))
    after = replace(
        before, number=before.number + 1, line=net.setting.line, predecessor=first.digest,
        members=(*before.members, member),
    )  # fmt: skip
    signed = draft_charter(after)
    for party in (1, 2, 3):
        signed = signed.signed_by(party, roots(party), before, net.suite)
    seeds = station_seeds()
    station = certify_station(net.setting.line, 3, 1, seeds, net.suite)
    roster = Roster(net.setting.line, 3, 1, secret("salt", 3), (station,), (), (net.relay(1),))
    return signed.document(), sign_roster(roster, roots(3), net.suite).document()


def station_seeds() -> StationSeeds:
    return StationSeeds(*(secret("station", 3, 1, use) for use in ("sign", "head", "post")))


def join(net: Net, *told: StationId) -> None:
    """Let the members (`told`: stations, both if none is named) take the charter, and Cendra's station start."""
    charter, roster = joining(net)
    for me in told or (ALBA, BORA):
        assert net.bring(me, DocumentClass.CHARTER, charter).good
        assert net.bring(me, DocumentClass.ROSTER, roster).good
    documents = LineDocuments(net.setting.line)
    rows: list[Keep] = []
    given = [(DocumentClass.CHARTER, net.documents(ALBA).charters_after(0)[0]), (DocumentClass.CHARTER, charter)]
    given += [(DocumentClass.ROSTER, net.setting.documents[party]) for party in (1, 2)]
    for kind, document in (*given, (DocumentClass.ROSTER, roster)):
        rows += [row for row in documents.accept(kind, document, net.suite, BEGIN).rows if isinstance(row, Keep)]
    ledger = MemoryLedger()
    ledger.commit(rows)
    net.setting.homes[CENDRA] = Home(net.setting.line, CENDRA, station_seeds())
    net.setting.posts[net.post(CENDRA)] = CENDRA
    net.nodes[CENDRA] = Node(CENDRA, ledger)
    net.local[CENDRA] = net.local[ALBA]
    net.start(CENDRA)
