"""Which epochs of a sender are live: repeats, floods, erasure, and what a fresh one does."""

import doctest
from hashlib import sha256
from itertools import pairwise

import pytest

import openline.sessions
from openline.errors import Forged, Inadmissible, StorageFailed
from openline.limits import EPOCHS_LIVE_MAX
from openline.sessions import Epoch, Need, Receiver, SendingRun
from openline.sessions.clocks import CREATED_MAX
from openline.sessions.receiving import ANNOUNCEMENTS_BURST_MAX, ERASED_AFTER_S, REMEMBERED_MAX
from openline.wire.cbor import Value, decode, encode
from openline.wire.envelope import Type
from tests.sessions.pair import DAY, HOUR, NOON, SUITE, Pair


def epoch(created: int, *, fresh: bool = False) -> Epoch:
    bound = bytes(96) + bytes((1, 1, fresh)) + created.to_bytes(4, "big") + bytes(4 + 32)
    return Epoch(sha256(bound).digest(), bound)


def receiver(*created: int) -> Receiver:
    made = Receiver(SUITE)
    for number in created:
        made.accept(epoch(number), NOON)
    return made


def sealed(under: Epoch, run: bytes = b"run1") -> bytes:
    return SendingRun(SUITE, under, run).seal(Type.SAID, b"said", padded=False)


def use(taken: Receiver, created: int, utc: int) -> bool:
    return taken.open(sealed(epoch(created), utc.to_bytes(4, "big")), utc).first


def live(taken: Receiver) -> list[int]:
    return [item.created for item in taken.epochs]


def test_the_example_of_the_package_is_true() -> None:
    assert doctest.testmod(openline.sessions).failed == 0


def test_a_repeated_announcement_is_ignored_r51() -> None:
    pair = Pair()
    pair.prekey(NOON)
    announcement = pair.announce(Need.FRESH, NOON)
    pair.carry(announcement, NOON)
    with pytest.raises(Inadmissible) as caught:
        pair.carry(announcement, NOON + 5)
    assert caught.value.rule == "R51"
    ordinary = pair.announce(Need.STOCK, NOON + 60)
    pair.carry(ordinary, NOON + 60)
    with pytest.raises(Inadmissible) as caught:
        pair.carry(ordinary, NOON + 3 * DAY)
    assert caught.value.rule == "R51"


def test_an_erased_epoch_does_not_come_back_with_its_announcement_r51() -> None:
    taken = receiver(1, 2)
    use(taken, 1, NOON)
    use(taken, 2, NOON)
    assert taken.expire(NOON + ERASED_AFTER_S)
    with pytest.raises(Inadmissible) as caught:
        taken.accept(epoch(1), NOON + ERASED_AFTER_S)
    assert caught.value.rule == "R51"


def test_announcements_may_come_in_any_order() -> None:
    taken = receiver(5, 3, 4)
    assert sorted(live(taken)) == [3, 4, 5]
    assert taken.newest == 5


def test_a_dead_battery_at_either_end_does_not_cut_the_line() -> None:
    """No clock decides acceptance: the receiver's says 1970, or the sender's says 2090."""
    taken = receiver()
    taken.accept(epoch(NOON), 0)
    taken.accept(epoch(CREATED_MAX), NOON)
    assert use(taken, NOON, 0)


def test_an_epoch_after_which_no_later_one_could_be_made_is_refused_r49() -> None:
    with pytest.raises(Inadmissible) as caught:
        receiver().accept(epoch(CREATED_MAX + 1), NOON)
    assert caught.value.rule == "R49"


def test_a_secret_is_not_kept_for_as_long_as_the_clock_was_ahead() -> None:
    taken = receiver(1, 2)
    use(taken, 1, NOON + 5_000 * DAY)
    use(taken, 2, NOON + 5_000 * DAY)
    assert taken.expire(NOON)
    assert not taken.expire(NOON + ERASED_AFTER_S - 1)
    assert taken.expire(NOON + ERASED_AFTER_S)


def test_a_fresh_epoch_drops_every_earlier_one_even_those_still_under_way_r51() -> None:
    taken = receiver(10, 20)
    taken.accept(epoch(30, fresh=True), NOON)
    assert live(taken) == [30]
    with pytest.raises(Forged):
        taken.open(sealed(epoch(20)), NOON)
    with pytest.raises(Inadmissible) as caught:
        taken.accept(epoch(25), NOON)
    assert caught.value.rule == "R51"


def test_our_own_fresh_prekey_drops_every_epoch_and_none_is_taken_again_r51() -> None:
    taken = receiver(10, 20)
    taken.drop()
    assert (live(taken), taken.newest) == ([], 20)
    with pytest.raises(Inadmissible) as caught:
        taken.accept(epoch(15), NOON)
    assert caught.value.rule == "R51"
    taken.accept(epoch(21), NOON)


def test_what_was_remembered_too_long_ago_counts_as_a_repeat_r51() -> None:
    taken = receiver()
    for created in range(10, 10 + REMEMBERED_MAX + 1):
        taken.accept(epoch(created), NOON + 60 * created)
    for created in (10, 9):
        with pytest.raises(Inadmissible) as caught:
            taken.accept(epoch(created), NOON + DAY)
        assert caught.value.rule == "R51"


def test_faster_than_one_a_minute_is_a_flood_r52() -> None:
    taken = receiver(*range(1, ANNOUNCEMENTS_BURST_MAX + 1))
    with pytest.raises(Inadmissible) as caught:
        taken.accept(epoch(1_000), NOON + 59)
    assert caught.value.rule == "R52"
    taken.accept(epoch(1_000), NOON + 60)
    with pytest.raises(Inadmissible):
        taken.accept(epoch(1_001), NOON + 60)
    with pytest.raises(Inadmissible):
        taken.accept(epoch(1_001), NOON - HOUR)
    taken.accept(epoch(1_001), NOON - HOUR + 60)


def test_the_first_use_is_told_once_and_the_state_changes_with_it() -> None:
    taken = receiver(1)
    before = taken.encode()
    assert use(taken, 1, NOON)
    kept = taken.encode()
    assert kept != before
    assert not use(taken, 1, NOON + 1)
    assert taken.encode() == kept


def test_an_epoch_is_erased_48_hours_after_another_was_first_used() -> None:
    taken = receiver(1, 2)
    use(taken, 1, NOON)
    use(taken, 2, NOON + HOUR)
    assert not taken.expire(NOON + HOUR + ERASED_AFTER_S - 1)
    assert not use(taken, 1, NOON + DAY)
    assert taken.expire(NOON + HOUR + ERASED_AFTER_S)
    assert live(taken) == [2]
    assert epoch(1).secret not in taken.encode()
    assert epoch(2).secret in taken.encode()
    with pytest.raises(Forged):
        use(taken, 1, NOON + HOUR + ERASED_AFTER_S)


def test_the_epoch_in_use_and_the_stock_are_never_erased_by_time() -> None:
    taken = receiver(1, 2, 3)
    use(taken, 2, NOON)
    assert not taken.expire(NOON + 999 * DAY)
    assert live(taken) == [2, 3, 1]


def test_an_epoch_of_the_stock_supersedes_although_it_was_made_earlier() -> None:
    taken = receiver(1, 5)
    use(taken, 5, NOON)
    use(taken, 1, NOON + DAY)
    assert taken.expire(NOON + DAY + ERASED_AFTER_S)
    assert live(taken) == [1]


def test_beyond_ten_the_longest_superseded_goes_first_then_the_oldest_unused() -> None:
    taken = receiver(*range(1, EPOCHS_LIVE_MAX + 1))
    for created, utc in ((4, NOON), (2, NOON + 1), (7, NOON + 2)):
        use(taken, created, utc)
    gone = []
    for created in range(11, 16):
        before = set(live(taken))
        taken.accept(epoch(created), NOON)
        gone += sorted(before - set(live(taken)))
        assert len(taken.epochs) == EPOCHS_LIVE_MAX
    assert gone == [4, 2, 1, 3, 5]
    assert live(taken)[0] == 7


def test_a_receiver_comes_back_from_its_row_and_judges_as_before() -> None:
    taken = receiver(1, 2, 3)
    use(taken, 1, NOON)
    use(taken, 2, NOON + 1)
    again = Receiver.restore(SUITE, taken.encode())
    assert (again.encode(), again.epochs, again.newest) == (taken.encode(), taken.epochs, 3)
    with pytest.raises(Inadmissible):
        again.accept(epoch(3), NOON)
    assert not use(again, 1, NOON + 2)
    assert again.expire(NOON + 1 + ERASED_AFTER_S)


@pytest.mark.parametrize("row", [[], [[], ["a"], 0, 0], [[1], [], 0, 0], [[[[], 0, 0]], [], 0, 0], [[], [], 0, b""]])
def test_a_damaged_row_stops_the_station(row: list[Value]) -> None:
    with pytest.raises(StorageFailed):
        Receiver.restore(SUITE, encode(row))


def test_a_row_with_an_epoch_of_another_size_stops_the_station() -> None:
    row = decode(receiver(1).encode())
    assert isinstance(row, list)
    row[0] = [[[b"short", b"short"], 0, 0]]
    with pytest.raises(StorageFailed):
        Receiver.restore(SUITE, encode(row))


def test_a_month_on_a_good_link_keeps_ten_epochs_and_loses_no_message() -> None:
    pair = Pair()
    pair.meet(NOON)
    utc = NOON + 60
    used: list[Epoch] = []
    for day in range(30):
        utc = max(utc, NOON + day * DAY)
        while (need := pair.sender.needs_announcement(utc, good_link=True)) is not None:
            pair.carry(pair.announce(need, utc), utc)
            pair.greet(utc + 1)
            utc += 60
        opened = pair.receiver.open(pair.seal(b"daily", day.to_bytes(4, "big")), utc)
        used.append(opened.epoch)
        pair.receiver.expire(utc)
        assert len(pair.receiver.epochs) <= EPOCHS_LIVE_MAX
    assert all(first != second for first, second in pairwise(used))
