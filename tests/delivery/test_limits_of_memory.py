"""The last that is taken of each thing that a line holds in memory, and the first that is not."""

from collections import deque

import pytest

from openline.delivery.duties import Duties
from openline.delivery.flash import FlashAllowance
from openline.delivery.generations import GenerationsHeard
from openline.delivery.inflow import Bucket, Inflow
from openline.delivery.novelty import Novelty
from openline.delivery.outbox import Outstanding, Patience, valid_until
from openline.delivery.outgoing import Outgoing
from openline.delivery.paths import Path
from openline.delivery.prefix import HeldLog, Receipted
from openline.delivery.rows import log_key, pack_held, pack_receipted, split_log_key, unpack_held, unpack_receipted
from openline.delivery.secrets_pool import SecretsPool
from openline.errors import Inadmissible
from openline.identifiers import Digest, LineId, PathId, StationId
from openline.ports import NeedSecrets
from openline.simulation.ledger import MemoryLedger
from openline.simulation.setting import secret
from openline.tlog import Tree, tree_of
from openline.wire.payloads import ReceiptState
from openline.wire.statement import Option, Precedence, Statement
from tests.engine.pair import ALBA, BORA, SUITE

MINUTE = 60_000
NOON = 1_790_000_000


def numbered(number: int) -> bytes:
    return number.to_bytes(32, "big")


# ---------------------------------------------------------------- what one path owes


def test_what_waits_for_a_path_has_its_limits() -> None:
    duties = Duties()
    for number in range(1_025):
        duties.give(numbered(number))
        duties.head(numbered(number))
        duties.give_peaks(numbered(number))
        duties.copy((1, 1, number))
        duties.draft_held(numbered(number))
        duties.announce(numbered(number))
        duties.ask((1, 1, number, number))
    lengths = [len(duties.documents), len(duties.heads), len(duties.peaks), len(duties.copies)]
    assert [*lengths, len(duties.drafts_held), len(duties.asks)] == [64, 64, 64, 1_024, 1_024, 1_024]
    assert list(duties.announcements) == [numbered(number) for number in range(1_009, 1_025)], "the newest count"


def test_each_is_owed_once() -> None:
    duties = Duties()
    for _ in range(2):
        duties.give_peaks(b"peaks")
        duties.draft_held(b"held")
        duties.announce(b"epoch")
        duties.ask((1, 1, 0, 4))
    assert (list(duties.peaks), list(duties.drafts_held)) == ([b"peaks"], [b"held"])
    assert (list(duties.announcements), duties.asks) == ([b"epoch"], [(1, 1, 0, 4)])


def test_a_receipt_for_a_flash_uses_its_lane() -> None:
    duties = Duties()
    duties.owe_receipt(ReceiptState.STORED, urgent=False)
    duties.owe_receipt(ReceiptState.PRESENTED, urgent=True)
    assert (duties.receipts, duties.urgent) == ({ReceiptState.STORED}, {ReceiptState.PRESENTED})


def test_whatever_is_owed_is_no_emptiness() -> None:
    assert Duties().is_empty
    owed = [
        Duties(announcements=deque([b"a"])), Duties(greet=True), Duties(asks=[(1,)]), Duties(copies={(1, 1, 1): None}),
        Duties(drafts={b"d": None}), Duties(receipts={ReceiptState.STORED}), Duties(urgent={ReceiptState.STORED}),
    ]  # fmt: skip
    for name in ("flash", "ordinary", "documents", "heads", "peaks", "drafts_held", "loose"):
        duties = Duties()
        getattr(duties, name).append(b"x")
        owed.append(duties)
    assert not any(duties.is_empty for duties in owed)


def test_a_path_that_takes_4096_bytes_at_once_is_no_slow_link() -> None:
    path = Path(PathId(1), "relay.example:443", bytes(32), (ALBA, BORA))
    assert (path.good, path.closed_utc) == (True, 0), "until it says otherwise"
    path.opened()
    path.ready(4_095)
    assert (path.good, path.room) == (False, 4_095)
    path.ready(4_096)
    assert path.good
    kept = path.duties[BORA]
    path.unkept = 3
    path.serve((BORA,))
    assert path.duties == {BORA: kept}
    assert path.duties[BORA] is kept
    path.lost(NOON)
    assert (path.is_open, path.room, path.duties, path.closed_utc) == (False, 0, {}, NOON)
    path.serve((ALBA,))
    assert path.duties == {}, "nothing is owed by a path that is not open"
    path.opened()
    assert (path.is_open, path.unkept, list(path.duties)) == (True, 0, [ALBA])


# ---------------------------------------------------------------- the FLASH lane, rates, generations


def test_60_envelopes_of_2048_bytes_use_the_flash_lane_in_ten_minutes() -> None:
    allowance = FlashAllowance()
    assert not allowance.take(0, 2_049)
    assert all(allowance.take(0, 2_048) for _ in range(60))
    assert not allowance.take(599_999, 1)
    assert allowance.take(600_000, 1)


def test_each_use_of_the_flash_lane_is_over_after_its_own_ten_minutes() -> None:
    allowance = FlashAllowance()
    assert all(allowance.take(0, 1) for _ in range(59))
    assert allowance.take(599_000, 1)
    assert [allowance.take(600_000, 1) for _ in range(60)] == [True] * 59 + [False]


def test_an_entry_of_1900_bytes_travels_as_a_flash_and_no_longer_one() -> None:
    def item(size: int, precedence: Precedence) -> Outstanding:
        return Outstanding(0, bytes(size), bytes(32), Tree(), precedence, NOON, Digest(bytes(32)))

    assert item(1_900, Precedence.FLASH).urgent
    assert not item(1_901, Precedence.FLASH).urgent
    assert not item(10, Precedence.IMMEDIATE).urgent


def test_a_statement_says_until_when_it_holds_or_does_not() -> None:
    def said(*validity: int | None) -> Statement:
        return Statement(1, NOON, 1, 1, options={Option.VALIDITY: list(validity)})

    assert valid_until(said(NOON, NOON + 60)) == NOON + 60
    assert valid_until(said(NOON, None)) is None
    assert valid_until(Statement(1, NOON, 1, 1)) is None


def test_24_generations_may_come_at_once_r134() -> None:
    heard = GenerationsHeard()
    for _ in range(24):
        heard.begin(ALBA)
    with pytest.raises(Inadmissible, match=r"R134\b"):
        heard.begin(ALBA)


def test_a_station_may_catch_up_for_as_long_as_it_was_not_heard_of_but_not_beyond_a_month() -> None:
    month = 31 * 24 * 60
    for away_minutes, taken in ((10, 12), (month, month + 2), (month + 1, month + 2)):
        bucket = Bucket()
        bucket.fill(1, 0, away_minutes * MINUTE)
        assert sum(bucket.take() for _ in range(month + 9)) == taken


def test_a_flood_is_told_once_a_minute_and_shown_for_ten() -> None:
    inflow = Inflow()
    inflow.fill(6, 0, 0)
    assert sum(inflow.ordinary(0) for _ in range(20)) == 12, "two minutes' worth at once"
    assert [inflow.over(NOON), inflow.over(NOON + 1)] == [True, False]
    assert inflow.most == 20
    assert inflow.is_over(NOON + 600)
    assert not inflow.is_over(NOON + 601)
    inflow.ordinary(MINUTE)
    assert inflow.over(NOON + 59), "another minute"
    assert inflow.most == 20, "the most of any minute while it lasts"
    assert inflow.over(NOON + 2_000) is False
    assert inflow.most == 1, "and a later flood counts anew"


def test_nobody_is_over_who_never_was() -> None:
    assert not Inflow().is_over(NOON)
    assert not Inflow().is_over(5), "whatever the clock says"


# ---------------------------------------------------------------- sending again


def test_an_entry_is_sent_again_after_20_seconds_a_flash_after_10_and_never_later_than_ten_minutes() -> None:
    for urgent, first_ms, longest_ms in ((False, 20_000, 600_000), (True, 10_000, 300_000)):
        patience = Patience()
        patience.sent(0, 0, PathId(1), urgent=urgent)
        assert patience.next_due() == first_ms
        waits = []
        now = 0
        for _ in range(9):
            due = patience.next_due()
            assert due is not None
            waits.append(due - now)
            now = due
            assert patience.due(now) == [0]
            patience.sent(0, now, PathId(1), urgent=urgent)
        assert waits[:3] == [first_ms, 2 * first_ms, 4 * first_ms]
        assert max(waits) == waits[-1] == longest_ms


def test_a_flash_goes_three_times_before_a_relays_word_lets_it_rest() -> None:
    patience = Patience()
    patience.kept_ms = 1_000_000
    now, sendings = 0, 1
    patience.sent(0, now, PathId(1), urgent=True)
    while (due := patience.next_due()) is not None:
        now = due
        assert patience.due(now) == [0]
        patience.sent(0, now, PathId(1), urgent=True)
        sendings += 1
    assert (sendings, now) == (4, 70_000), "after 10, 20 and 40 seconds"


def test_what_was_kept_as_it_was_sent_rests_until_an_answer_that_came_after_it() -> None:
    for kept_ms, answered_ms, rests in ((99, 50, False), (100, 50, True), (100, 100, True), (100, 101, False)):
        patience = Patience()
        patience.sent(0, 100, PathId(1), urgent=False)
        patience.kept_ms, patience.answered_ms = kept_ms, answered_ms
        assert patience.rests(0) is rests


def test_since_when_nothing_was_receipted_is_the_first_sending_of_what_waits() -> None:
    patience = Patience()
    patience.sent(0, 100, PathId(1), urgent=False)
    patience.sent(1, 200, PathId(1), urgent=False)
    assert patience.since_ms == 100
    patience.receipted([0])
    assert patience.since_ms == 200
    patience.receipted([1])
    assert patience.since_ms is None


# ---------------------------------------------------------------- logs and receipts


def test_a_log_holds_1024_places_beyond_its_gap() -> None:
    log = HeldLog()
    assert not log.too_far(1_023)
    assert log.too_far(1_024)
    log.add(0, numbered(0))
    assert not log.too_far(1_024)


def test_a_prefix_grows_over_all_that_follows_and_names_64_places_beyond() -> None:
    log = HeldLog()
    for seq in range(1, 101):
        log.add(seq, numbered(seq))
    assert (log.size, log.further(), log.newest()) == (0, [*range(1, 65)], [*range(37, 101)])
    assert log.knows(100)
    assert not log.knows(0)
    log.add(0, numbered(0))
    assert (log.size, log.tree, log.further()) == (101, tree_of(map(numbered, range(101))), [])
    assert log.knows(100)
    assert not log.knows(101)


def test_a_receiver_never_signs_for_less_than_before() -> None:
    trees = [tree_of(map(numbered, range(size))) for size in range(6)]
    receipted = Receipted(trees[2])
    receipted.advance(trees[1], [4])
    assert (receipted.size, receipted.further) == (2, {4})
    assert [receipted.covers(seq) for seq in range(6)] == [True, True, False, False, True, False]
    receipted.advance(trees[4], [3, 5])
    assert (receipted.size, receipted.further) == (4, {4, 5})
    receipted.advance(trees[5], [])
    assert (receipted.size, receipted.further) == (5, {5})


def test_what_is_kept_of_logs_and_receipts_reads_back_as_it_was() -> None:
    log = HeldLog(tree_of([numbered(1), numbered(2)]))
    log.add(5, numbered(5))
    log.add(3, numbered(3))
    again = unpack_held(pack_held(log))
    assert (again.tree, again.beyond) == (log.tree, log.beyond)
    receipted = Receipted(tree_of([numbered(1)]))
    receipted.advance(receipted.tree, [9, 7])
    same = unpack_receipted(pack_receipted(receipted))
    assert (same.tree, same.further) == (receipted.tree, {7, 9})
    key = log_key(LineId(bytes(32)), StationId(0x0102), 0x0304_0506)
    assert key == bytes(32) + bytes([1, 2, 3, 4, 5, 6])
    assert split_log_key(key) == (StationId(0x0102), 0x0304_0506)


# ---------------------------------------------------------------- secrets, novelty


def test_secrets_are_asked_for_below_16_and_64_at_a_time() -> None:
    pool, out = SecretsPool(), Outgoing(MemoryLedger())
    pool.add([secret("a", number) for number in range(17)])
    pool.refill(out)
    assert out.take().effects == (), "one is the reserve, sixteen are left"
    pool.draw(SUITE)
    pool.refill(out)
    assert out.take().effects == (NeedSecrets(64),)
    pool.refill(out)
    assert out.take().effects == (), "asked once"
    assert pool.fingerprint() == bytes([0, 15, 0, 0, 0, 0])
    pool.add([secret("b", number) for number in range(1)])
    pool.refill(out)
    assert out.take().effects == (NeedSecrets(64),), "the answer has come, and it was not enough"


def test_the_reserve_is_stretched_as_a_key_and_never_handed_out_itself() -> None:
    pool, reserve, one = SecretsPool(), secret("reserve"), secret("one")
    pool.add([reserve, one])
    assert pool.draw(SUITE) == one
    for number in (1, 2):
        assert pool.draw(SUITE) == SUITE.derive(reserve, number.to_bytes(8, "big"), b"openline/1 stretch\0")


def test_what_was_accepted_is_remembered_and_time_tells_of_the_rest() -> None:
    novelty = Novelty(NOON)
    assert not novelty.is_new(b"a", NOON)
    assert novelty.is_new(b"a", NOON + 1)
    novelty.accepted(b"a", NOON + 1)
    assert not novelty.is_new(b"a", NOON + 1)
    assert novelty.newest == NOON + 1
    novelty.accepted(b"old", NOON - 5)
    assert novelty.newest == NOON + 1


def test_16384_digests_are_remembered_and_the_oldest_s_time_stands_for_it() -> None:
    novelty = Novelty(NOON)
    for number in range(16_384):
        novelty.accepted(numbered(number), NOON + 1 + number)
    assert novelty.is_new(b"another", NOON + 1)
    novelty.accepted(b"one more", NOON + 20_000)
    assert not novelty.is_new(b"another", NOON + 1)
    assert novelty.is_new(b"another", NOON + 2)
