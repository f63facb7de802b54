"""Bytes on a slow link, made by the very functions that make them in the product."""

from __future__ import annotations

import time
from typing import Any

from openline.catalogue.kinds import CATALOGUE, body_from_json
from openline.charter import StationSeeds, certify_station
from openline.identifiers import Digest, LineId, StationId, station_id
from openline.sessions import Identity, Need, RealSuite, Sender, SendingRun, make_prekey
from openline.tlog import EMPTY_ROOT, Log, sign_receipt
from openline.wire.entry import Approval, approval_signed, encode_entry, entry_signed, pack_approvals
from openline.wire.envelope import Type
from openline.wire.payloads import ReceiptState
from openline.wire.statement import Option, Statement, Status, digest, encode_statement

SEQ = 12_345  # a position of two bytes: the tables of the specification hold up to 16,383
TEXT = "Radio check number four on the trial lin"  # 40 characters

LAUNCH: dict[str, Any] = {
    "class": "space_launch_vehicle",
    "count": 1,
    "site": "39.66N 124.70E",
    "window": "2026-12-09T20:00Z/2026-12-10T02:00Z",
    "azimuth": 100,
    "impact_areas": [
        {"corners": ["39.50N 133.50E", "39.50N 134.10E", "39.00N 134.10E", "39.00N 133.50E"]},
        {"corners": ["38.10N 137.20E", "38.10N 138.00E", "37.50N 138.00E", "37.50N 137.20E"]},
    ],
    "purpose": "space",
}
"""A complete planned launch with two areas of four corners."""


def measure_wire() -> dict[str, int]:
    """Return sealed bytes of each payload, unpadded, as a slow link carries them."""
    suite = RealSuite()
    line = LineId(bytes(32))
    alba, seeds = _identity(suite, line, 1)
    bora, others = _identity(suite, line, 2)
    now = int(time.time())
    sender = Sender(line, alba, bora)
    sender.learn(make_prekey(suite, line, bora, others.sign, bytes(32), now, fresh=True))
    announcement = sender.announce(suite, Need.FRESH, seeds.sign, bytes(32), now, now)
    assert sender.current is not None
    run = SendingRun(suite, sender.current, bytes(4))
    for _ in range(200):  # so that the counter takes its two bytes
        run.seal(Type.REQUEST, b"", padded=False)

    def entry(statement: Statement, officers: int = 0) -> int:
        said = encode_statement(statement)
        identity = digest(bytes(32), said)
        approvals = tuple(Approval(officer, suite.sign(bytes(32), approval_signed(line, 1, identity)))
                          for officer in range(1, officers + 1))  # fmt: skip
        signed = entry_signed(line, alba.hash, now, SEQ, identity, pack_approvals(approvals))
        payload = encode_entry(SEQ, said, approvals, suite.sign(seeds.sign, signed))
        return len(run.seal(Type.ENTRY, payload, padded=False))

    launch = CATALOGUE.kind("N1")
    notice = Statement(1, now, launch.number, 1, body_from_json(launch, LAUNCH), Status.TEST)
    seen = Statement(1, now, CATALOGUE.kind("ACKNOWLEDGED").number, 1, None, Status.TEST,
                     options={Option.REF: Digest(bytes(20))})  # fmt: skip
    receipt = sign_receipt(
        suite, others.sign, Log(line, alba.hash, now), bora.hash, ReceiptState.STORED, now, SEQ, EMPTY_ROOT
    )
    return {
        "text": entry(Statement(1, now, CATALOGUE.kind("T1").number, 1, TEXT, Status.TEST)),
        "launch": entry(notice),
        "launch_approved": entry(notice, officers=2),
        "acknowledgement": entry(seen),
        "receipt": len(run.seal(Type.STORED, receipt, padded=False)),
        "epoch": len(announcement),
    }


def _identity(suite: RealSuite, line: LineId, party: int) -> tuple[Identity, StationSeeds]:
    seeds = StationSeeds(*(bytes((party, use)) * 16 for use in (1, 2, 3)))
    item = certify_station(line, party, 1, seeds, suite)
    return Identity(StationId(station_id(party, 1)), item.hash, item.sign), seeds
