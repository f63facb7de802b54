"""Checking again, from a store alone, what a station has shown: every status of a message against its signature.

Uses the record and the signed documents, none of the engine's memory; run it while the daemon is not running.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from openline.charter import LineDocuments
from openline.delivery.judge import judge
from openline.delivery.rows import FURTHER, RECEIPT, leaf_hash_of
from openline.errors import Forged
from openline.identifiers import LineId, StationId
from openline.ports import Append, Ledger
from openline.runtime.homes import documents_of, read_lines
from openline.sessions import RealSuite
from openline.tlog import Log, tree_of, verify_receipt
from openline.wire.payloads import ReceiptState, decode_receipt

RECEIPTS = ("stored", "presented")
POSITIONS = 1 << 35  # more than a log can have
STATEMENTS = ("acknowledged", "passed_on", "answered")


def verify_message(ledger: Ledger, message: Mapping[str, Any]) -> int:
    """Verify every status in a message's view; return how many signatures were checked.  Raises Rejected."""
    suite = RealSuite()
    (home,) = [home for home in read_lines(ledger) if home.line.hex().startswith(message["line"])]
    documents = documents_of(ledger, home.line)
    row = _find(ledger, home.line, message["id"])
    _verify_entry(ledger, documents, row, suite)
    checked = 1
    for name in RECEIPTS:
        for mark in message["status"][name]:
            _verify_receipt(ledger, documents, row, bytes.fromhex(mark["proof"]), suite)
            checked += 1
    for name in STATEMENTS:
        for mark in message["status"][name]:
            _verify_entry(ledger, documents, _find(ledger, home.line, mark["proof"]), suite)
            checked += 1
    return checked


def _find(ledger: Ledger, line: LineId, identity: str) -> Append:
    rows = ledger.find(line, bytes.fromhex(identity))
    if not rows:
        raise Forged("R131", "a status names a statement that is not in the record")
    return rows[0]


def _verify_entry(ledger: Ledger, documents: LineDocuments, row: Append, suite: RealSuite) -> None:
    del ledger
    judged = judge(documents, row.author, row.generation, row.entry, suite)
    if judged.breach is not None:
        raise judged.breach
    if judged.digest != row.digest:
        raise Forged("R131", "an entry in the record is not the one that its identity names")


def _verify_receipt(ledger: Ledger, documents: LineDocuments, row: Append, proof: bytes, suite: RealSuite) -> None:
    """Verify the receipt that a proof names: `table:line · receiver · generation · state · position`."""
    table, _, key = proof.partition(b":")
    kept = dict(ledger.kept(table.decode(), key)).get(key) if table.decode() in (RECEIPT, FURTHER) else None
    if kept is None:
        raise Forged("R131", "a status names a receipt that is not in the record")
    receiver = documents.station(StationId(int.from_bytes(key[32:34], "big")))
    author = documents.station(row.author)
    assert receiver is not None
    assert author is not None
    receipt = decode_receipt(kept[1:])
    row = _in_generation(ledger, row, int.from_bytes(key[34:38], "big"))
    if row.seq >= receipt.size and row.seq not in receipt.further:
        raise Forged("R131", "a receipt does not cover the message that it is shown for")
    leaves = {entry.seq: leaf_hash_of(entry) for entry in _log(ledger, row, max([receipt.size - 1, *receipt.further]))}
    verify_receipt(
        suite, receiver.sign, Log(row.line, author.hash, row.generation), receiver.hash, ReceiptState(kept[0]), receipt,
        lambda size: tree_of(leaves[seq] for seq in range(size)).root(), leaves.get,
    )  # fmt: skip


def _in_generation(ledger: Ledger, row: Append, generation: int) -> Append:
    """Return where the same words stand in a generation: after a restore they were said again in another."""
    if row.generation == generation:
        return row
    rows = ledger.entries(row.line, row.author, generation, 0, POSITIONS)
    found = next((again for again in rows if again.digest == row.digest), None)
    if found is None:
        raise Forged("R131", "a receipt is for a generation in which the message was not said")
    return found


def _log(ledger: Ledger, row: Append, last: int) -> Iterator[Append]:
    return ledger.entries(row.line, row.author, row.generation, 0, last + 1)
