"""The last second in which a key may be made, and from when a private part is counted."""

from collections.abc import Callable

import pytest

from openline.errors import Forged, Inadmissible, StorageFailed
from openline.sessions import Keyring, Need, Receiver
from openline.sessions.clocks import refuse_last
from openline.sessions.epochs import BOUND_BYTES, SECRET_BYTES
from openline.sessions.kept import read_row, unpack_epoch
from openline.wire.cbor import Value, encode
from tests.sessions.pair import BORA, BORA_SEED, DAY, HOUR, LINE, NOON, ROSTER, SUITE, Pair, secret
from tests.sessions.test_receiving import epoch, receiver, sealed


def test_a_key_may_say_0xf0000000_and_nothing_later_r49() -> None:
    refuse_last(0xF000_0000)
    with pytest.raises(Inadmissible, match=r"R49\b"):
        refuse_last(0xF000_0001)


def test_a_clock_that_was_beyond_2097_for_a_moment_leaves_every_later_key_acceptable() -> None:
    """Its keys were refused (R49) for ever after, even those of `rekey`: each must be later than the one before."""
    for wrong in (0xF000_0000, 0xF000_0001, 0xFFFF_FFFF):
        pair = Pair()
        pair.meet(NOON)
        pair.prekey(wrong, fresh=True)
        pair.carry(pair.announce(Need.FRESH, wrong), wrong)
        pair.prekey(NOON + DAY, fresh=True)
        assert pair.carry(pair.announce(Need.FRESH, NOON + DAY), NOON + DAY).created == NOON + DAY


def test_the_seven_days_of_a_private_part_count_from_its_own_successor_not_from_a_later_one() -> None:
    pair = Pair()
    pair.prekey(NOON)
    announcement = pair.announce(Need.FRESH, NOON)
    for day in range(1, 7):
        pair.keyring.renew(SUITE, BORA_SEED, pair.draw(), NOON + day * DAY)
    pair.keyring.expire(NOON + 8 * DAY - 1)
    assert pair.keyring.open(SUITE, announcement, ROSTER.get).created == NOON
    pair.keyring.expire(NOON + 8 * DAY)
    with pytest.raises(Inadmissible, match=r"R54\b"):
        pair.keyring.open(SUITE, announcement, ROSTER.get)


def test_a_prekey_is_made_at_the_present_second() -> None:
    assert Keyring(LINE, BORA).renew(SUITE, BORA_SEED, secret(1), NOON).created == NOON


@pytest.mark.parametrize(("secret_bytes", "bound_bytes"), [(31, 139), (33, 139), (32, 138), (32, 140)])
def test_an_epoch_on_the_disk_has_a_secret_of_32_bytes_and_139_that_it_binds(
    secret_bytes: int, bound_bytes: int
) -> None:
    assert (SECRET_BYTES, BOUND_BYTES) == (32, 139)
    assert unpack_epoch([bytes(32), bytes(139)]) is not None
    with pytest.raises(StorageFailed):
        unpack_epoch([bytes(secret_bytes), bytes(bound_bytes)])


def test_the_next_announcement_is_sixty_seconds_after_the_last_and_not_a_second_before() -> None:
    pair = Pair()
    pair.prekey(NOON)
    pair.carry(pair.announce(Need.FRESH, NOON), NOON)
    pair.greet(NOON + 1)
    assert pair.sender.needs_announcement(NOON + 59, good_link=True) is None
    assert pair.sender.needs_announcement(NOON + 60, good_link=True) is Need.STOCK


def test_after_a_drop_the_fresh_announcement_is_needed_at_once_and_not_in_a_minute() -> None:
    pair = Pair()
    pair.meet(NOON)
    pair.sender.drop()
    assert pair.sender.needs_announcement(NOON + 1, good_link=False) is Need.FRESH


def test_what_lies_in_stock_is_renewed_after_seven_days_to_the_second() -> None:
    pair = Pair()
    pair.meet(NOON)
    first = NOON + 60
    filled = pair.fill_stock(first)
    last_day = first + 7 * DAY
    assert filled < first + HOUR
    today = last_day - last_day % DAY
    pair.carry(pair.announce(Need.TODAY, today), today)
    pair.greet(today + 1)
    assert pair.sender.needs_announcement(last_day - 1, good_link=True) is None
    assert pair.sender.needs_announcement(last_day, good_link=True) is Need.STOCK


def test_an_announcement_is_lost_when_ten_minutes_have_not_brought_its_name() -> None:
    pair = Pair()
    pair.prekey(NOON)
    pair.announce(Need.FRESH, NOON)
    assert not pair.sender.peer_holds(0, NOON + 599)
    assert pair.sender.peer_holds(0, NOON + 600)


def test_after_a_long_absence_32_announcements_are_taken_at_once_and_no_more_r52() -> None:
    taken = receiver(*range(1, 33))
    assert taken.newest == 32
    with pytest.raises(Inadmissible, match=r"R52\b"):
        taken.accept(epoch(33), NOON)


def test_64_announcements_are_remembered_and_what_is_older_counts_as_a_repeat_r51() -> None:
    """One that was long under way is still taken after 64 later ones, and is too late after 65."""
    for later in (64, 65):
        taken = receiver()
        for number in range(later):
            taken.accept(epoch(10 + number), NOON + 60 * number)
        if later == 64:
            taken.accept(epoch(9), NOON + DAY)
        else:
            with pytest.raises(Inadmissible, match=r"R51\b"):
                taken.accept(epoch(9), NOON + DAY)


def test_epochs_are_tried_in_the_order_of_how_likely_they_are() -> None:
    """First the one in use, then those that wait for their day, the newest first; last what was in use before."""
    taken = receiver(1, 2, 3, 4)
    for created in (4, 2):
        taken.open(sealed(epoch(created), bytes((0, 0, 0, created))), NOON + created)
    assert [one.created for one in taken.epochs] == [2, 3, 1, 4]


def test_a_private_part_is_never_shown() -> None:
    ring = Keyring(LINE, BORA)
    ring.renew(SUITE, BORA_SEED, secret(7), NOON)
    assert repr(secret(7)) not in repr(ring._held)


def test_a_run_that_is_known_opens_under_its_own_epoch_each_time() -> None:
    pair = Pair()
    pair.meet(NOON)
    first, second = (pair.receiver.open(pair.seal(text), NOON) for text in (b"one", b"two"))
    assert first.epoch == second.epoch == pair.sender.current


def test_a_receiver_that_never_accepted_anything_names_0() -> None:
    assert Pair().receiver.newest == 0


def test_the_oldest_of_the_stock_is_used_first() -> None:
    pair = Pair()
    pair.meet(NOON)
    begun = NOON + 60
    pair.fill_stock(begun)
    tomorrow = NOON + DAY
    used = []
    for day in range(3):
        assert pair.sender.advance(tomorrow + day * DAY, good_link=False)
        assert pair.sender.current is not None
        used.append(pair.sender.current.created)
    assert used == sorted(used)
    assert used[0] == begun


@pytest.mark.parametrize("value", [5, "three", b"abc", {0: [], 1: [], 2: 0}])
def test_a_row_on_the_disk_is_an_array_and_nothing_else(value: Value) -> None:
    with pytest.raises(StorageFailed):
        read_row(encode(value), list, list, int)


def test_an_epoch_of_no_creation_time_is_none_r51() -> None:
    """0 stands for never: a receiver that has accepted nothing names it."""
    with pytest.raises(Inadmissible, match=r"R51\b"):
        receiver(0)
    assert receiver(1).newest == 1


@pytest.mark.parametrize("erase", [Receiver.drop, lambda taken: taken.accept(epoch(NOON + 60, fresh=True), NOON)])
def test_what_was_opened_once_does_not_open_when_its_epoch_is_erased(erase: Callable[[Receiver], None]) -> None:
    """The keys of its runs go with the secret: a disk and a memory that are taken later hold neither."""
    taken = receiver(NOON)
    envelope = sealed(epoch(NOON))
    assert taken.open(envelope, NOON).first
    assert not taken.open(envelope, NOON).first
    erase(taken)
    with pytest.raises(Forged, match=r"R53\b"):
        taken.open(envelope, NOON)
