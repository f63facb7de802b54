"""What is heard and what comes into force in one batch: neither forgets the other."""

from __future__ import annotations

from openline.catalogue.kinds import CATALOGUE, body_from_json
from openline.charter import ItemClass, RootSeeds, StopNotice, make_stop
from openline.identifiers import Token
from openline.ports import DocumentBrought, Received, Submitted
from openline.simulation.setting import secret
from openline.wire.payloads import DocumentClass, encode_document
from tests.review.pair import ALBA, BORA, Table, addressed


def test_a_suspension_heard_together_with_a_stop_notice_is_not_forgotten() -> None:
    table = Table(3)
    table.meet()
    body = body_from_json(CATALOGUE.kind("L2"), {"state": "suspended"})
    table.passed.clear()
    table.holding.add((BORA, ALBA))
    table.give(BORA, Submitted(Token(1), table.setting.line, table.said(BORA, body, kind="L2")))
    assert table.seats[BORA].answers[-1].good
    table.pump()
    (suspended,) = [each.envelope for each in addressed(table.held, BORA, ALBA)]
    root = RootSeeds(secret("root", 3), secret("root2", 3))
    notice = make_stop(StopNotice(table.setting.line, 3, ItemClass.OFFICER, 2), root, table.suite)
    document = encode_document(DocumentClass.STOP, notice)
    path = next(iter(table.state(ALBA).paths))
    table.give(ALBA, Received(path, suspended), DocumentBrought(Token(2), table.setting.line, document))
    assert table.meaning(ALBA).line_state(2) is not None
