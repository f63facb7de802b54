"""A receipt counts only for the log that both hold, the state it names and the station that signed it."""

from dataclasses import replace

import pytest

from openline.errors import Forged, Inadmissible
from openline.identifiers import LineId
from openline.sessions import RealSuite
from openline.tlog import Log, root_from_hashes, sign_receipt, verify_receipt
from openline.wire.payloads import Receipt, ReceiptState, decode_receipt
from tests.tlog.test_tree import leaves_of

SUITE = RealSuite()
SEED = bytes([2]) * 32
PUBLIC = SUITE.public(SEED)
RECEIVER = bytes([22]) * 32
LOG = Log(LineId(bytes([9]) * 32), bytes([11]) * 32, 1_789_000_000)
TIME = 1_790_000_000
LEAVES = leaves_of(20)


def root_at(size: int) -> bytes | None:
    return root_from_hashes(LEAVES[:size]) if size <= len(LEAVES) else None


def leaf_at(seq: int) -> bytes | None:
    return LEAVES[seq] if seq < len(LEAVES) else None


def payload(size: int = 5, further: tuple[int, ...] = (7, 9), *, state: ReceiptState = ReceiptState.STORED) -> bytes:
    held = [(seq, LEAVES[seq]) for seq in further]
    return sign_receipt(SUITE, SEED, LOG, RECEIVER, state, TIME, size, root_from_hashes(LEAVES[:size]), held)


def verify(
    receipt: Receipt,
    *,
    log: Log = LOG,
    receiver: bytes = RECEIVER,
    state: ReceiptState = ReceiptState.STORED,
    public: bytes = PUBLIC,
) -> None:
    verify_receipt(SUITE, public, log, receiver, state, receipt, root_at, leaf_at)


@pytest.mark.parametrize("state", ReceiptState)
def test_a_receipt_verifies_against_our_own_copy(state: ReceiptState) -> None:
    data = payload(state=state)
    assert len(data) == 1 + 4 + 2 + 64
    verify(decode_receipt(data), state=state)


def test_a_receipt_for_nothing_yet_but_one_overtaking_flash_verifies() -> None:
    verify(decode_receipt(payload(0, (3,))))


def test_every_other_station_log_state_size_time_or_place_is_refused() -> None:
    receipt = decode_receipt(payload())
    verify(receipt)
    for changed in [
        replace(receipt, size=4),
        replace(receipt, time=TIME + 1),
        replace(receipt, further=(7,)),
        replace(receipt, further=(7, 10)),
        replace(receipt, signature=bytes(64)),
    ]:
        with pytest.raises(Forged):
            verify(changed)
    with pytest.raises(Forged):
        verify(receipt, state=ReceiptState.PRESENTED)
    with pytest.raises(Forged):
        verify(receipt, receiver=bytes(32))
    with pytest.raises(Forged):
        verify(receipt, public=SUITE.public(bytes(32)))
    for log in (
        replace(LOG, line=LineId(bytes(32))),
        replace(LOG, owner_hash=bytes(32)),
        replace(LOG, generation=LOG.generation + 1),
    ):
        with pytest.raises(Forged):
            verify(receipt, log=log)


def test_a_receipt_over_another_history_is_refused() -> None:
    root = root_from_hashes([bytes(32), *LEAVES[1:5]])
    data = sign_receipt(SUITE, SEED, LOG, RECEIVER, ReceiptState.STORED, TIME, 5, root)
    with pytest.raises(Forged):
        verify(decode_receipt(data))


@pytest.mark.parametrize("receipt", [Receipt(21, TIME, (), bytes(64)), Receipt(5, TIME, (7, 20), bytes(64))])
def test_a_receipt_for_what_was_never_said_is_refused_r63(receipt: Receipt) -> None:
    with pytest.raises(Inadmissible) as caught:
        verify(receipt)
    assert caught.value.rule == "R63"
