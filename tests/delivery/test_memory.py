"""What a line holds in memory: outbox, retry times, duties, allowance, secrets, rows of the batch under way."""

import pytest

from openline.delivery.duties import COPIES_WAITING_MAX, DOCUMENTS_WAITING_MAX, HEADS_WAITING_MAX, Duties
from openline.delivery.flash import FLASH_COUNT_MAX, FLASH_ENVELOPE_BYTES_MAX, FLASH_WINDOW_MS, FlashAllowance
from openline.delivery.outbox import RETRY_FLASH_MS, RETRY_MS, RETRY_MS_MAX, Outbox, Outstanding, Patience
from openline.delivery.outgoing import Outgoing
from openline.delivery.recovering import RECOVERED, RECOVERING, Opening, recovered, recoveries
from openline.delivery.rows import unpack_held
from openline.delivery.secrets_pool import POOL_FULL, SecretsPool
from openline.errors import Misuse, StorageFailed
from openline.identifiers import Digest, PathId
from openline.limits import OUTBOX_ENTRIES_MAX
from openline.ports import Forget, Keep, NeedSecrets
from openline.simulation.ledger import MemoryLedger
from openline.simulation.setting import secret
from openline.tlog import Tree
from openline.wire.cbor import encode
from openline.wire.statement import Precedence
from tests.engine.pair import ALBA, SUITE, Net


def item(seq: int) -> Outstanding:
    return Outstanding(seq, b"entry", bytes(32), Tree(), Precedence.ROUTINE, 1, Digest(secret(seq)))


def test_a_full_outbox_refuses_loudly() -> None:
    outbox = Outbox()
    for seq in range(OUTBOX_ENTRIES_MAX):
        outbox.add(item(seq))
    with pytest.raises(Misuse, match="wait for receipts") as caught:
        outbox.check_room()
    assert "openline lines" in caught.value.hint
    outbox.remove([0, 99_999])
    outbox.check_room()


def test_the_wait_doubles_with_each_silence_and_ends_with_any_receipt() -> None:
    patience = Patience()
    patience.sent(0, 0, PathId(1), urgent=False)
    assert patience.next_due() == RETRY_MS
    assert patience.due(RETRY_MS - 1) == []
    assert patience.due(RETRY_MS) == [0]
    patience.sent(0, RETRY_MS, PathId(1), urgent=False)
    assert patience.next_due() == 3 * RETRY_MS
    now = 0
    for _ in range(9):
        now = patience.next_due() or 0
        assert patience.due(now) == [0]
        patience.sent(0, now, PathId(1), urgent=False)
    assert (patience.next_due() or 0) - now <= RETRY_MS_MAX
    patience.receipted([0])
    patience.sent(1, now, PathId(1), urgent=True)
    assert patience.next_due() == now + RETRY_FLASH_MS
    assert patience.waiting() == ([1], [])


def test_since_when_nothing_is_receipted_is_told_by_what_still_waits() -> None:
    patience = Patience()
    patience.sent(0, 100, PathId(1), urgent=False)
    patience.sent(1, 200, PathId(1), urgent=True)
    patience.receipted([0])
    assert patience.since_ms == 200
    patience.receipted([1])
    assert patience.since_ms is None


def test_what_a_relay_keeps_rests_until_its_reader_answers() -> None:
    patience = Patience()
    patience.sent(0, 100, PathId(1), urgent=False)
    assert not patience.rests(0)
    patience.kept_ms = 150
    patience.sent(1, 200, PathId(1), urgent=True)
    assert patience.rests(0)
    assert not patience.rests(1), "the relay has not said so of what came later"
    assert not patience.rests(7)
    assert patience.due(100 + RETRY_MS) == [1]
    assert patience.next_due() is None
    patience.answered_ms = 300
    assert patience.due(100 + 2 * RETRY_MS) == [0], "it has answered and given no receipt: a relay's word is no promise"


def test_duties_hold_each_thing_once_and_not_without_end() -> None:
    duties = Duties()
    for number in range(COPIES_WAITING_MAX + 5):
        for _ in range(2):
            duties.copy((1, 1, number))
            duties.give(b"%d" % number)
            duties.head(b"%d" % number)
            duties.ask((1,))
    assert len(duties.copies) == COPIES_WAITING_MAX
    assert len(duties.documents) == DOCUMENTS_WAITING_MAX
    assert len(duties.heads) == HEADS_WAITING_MAX
    assert duties.asks == [(1,)]


def test_the_same_places_asked_for_again_and_again_cost_no_search() -> None:
    """One request may name 64 times a thousand places: looked for one by one among a thousand, that took a second."""
    compared = 0

    class Place(tuple[int, int, int]):
        __slots__ = ()
        __hash__ = tuple.__hash__

        def __eq__(self, other: object) -> bool:
            nonlocal compared
            compared += 1
            return tuple.__eq__(self, other)

    duties = Duties()
    for _ in range(3):
        for number in range(1_000):
            duties.copy(Place((1, 1, number)))
    assert compared <= 3_000


def test_the_flash_lane_is_used_as_much_as_the_relay_allows_and_no_more() -> None:
    allowance = FlashAllowance()
    assert not allowance.take(0, FLASH_ENVELOPE_BYTES_MAX + 1)
    assert all(allowance.take(0, 1) for _ in range(FLASH_COUNT_MAX))
    assert not allowance.take(FLASH_WINDOW_MS - 1, 1)
    assert allowance.take(FLASH_WINDOW_MS, 1)


def test_secrets_never_run_dry_and_never_repeat() -> None:
    pool, out = SecretsPool(), Outgoing(MemoryLedger())
    pool.add([secret("a", number) for number in range(3)])
    drawn = [pool.draw(SUITE) for _ in range(50)]
    assert len(set(drawn)) == 50
    pool.refill(out)
    pool.refill(out)
    assert out.take().effects == (NeedSecrets(POOL_FULL),)


def test_what_the_batch_under_way_keeps_or_forgets_is_seen_in_it() -> None:
    ledger = MemoryLedger()
    ledger.commit([Keep("t", b"a1", b"old"), Keep("t", b"a2", b"gone"), Keep("t", b"b", b"other")])
    out = Outgoing(ledger)
    assert list(out.values("t", b"a")) == [(b"a1", b"old"), (b"a2", b"gone")]
    out.keep("t", b"a3", b"new")
    out.keep("t", b"a1", b"newer")
    out.forget("t", b"a2")
    assert list(out.values("t", b"a")) == [(b"a1", b"newer"), (b"a3", b"new")]
    assert (out.value("t", b"a2"), out.value("t", b"b")) == (None, b"other")
    assert Forget("t", b"a2") in out.take().rows


def test_rows_that_are_not_as_they_were_written_stop_the_station() -> None:
    with pytest.raises(StorageFailed, match="log"):
        unpack_held(encode([1]))
    net = Net()
    net.start_all()
    state = net.state(ALBA)
    state.given.out.keep(RECOVERED, state.line + bytes(4), encode([1]))
    with pytest.raises(StorageFailed, match="recovery"):
        recoveries(state)
    state.given.out.keep(RECOVERING, state.line, encode([1]))
    with pytest.raises(StorageFailed, match="recovery"):
        recovered(state, Opening(1, 1, []), [], 1)
