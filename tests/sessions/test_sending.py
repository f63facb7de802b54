"""Which epoch seals now, and what is announced when: the rules of the stock, told day by day."""

from dataclasses import replace

import pytest

from openline.errors import Forged, Inadmissible, Misuse, StorageFailed
from openline.sessions import Need, Sender, make_prekey
from openline.sessions.clocks import CREATED_MAX
from openline.sessions.sending import ANNOUNCE_INTERVAL_S, LOST_AFTER_S, STOCK_MAX
from openline.wire.cbor import Value, decode, encode
from tests.sessions.pair import (
    ALBA,
    ALBA_SEED,
    BORA,
    BORA_SEED,
    DAY,
    GENERATION,
    HOUR,
    LINE,
    NOON,
    SUITE,
    Pair,
    secret,
)


def met() -> Pair:
    pair = Pair()
    pair.meet(NOON)
    return pair


def stocked() -> tuple[Pair, int]:
    pair = met()
    return pair, pair.fill_stock(NOON + ANNOUNCE_INTERVAL_S)


def needed(pair: Pair, utc: int, *, good_link: bool = True) -> Need | None:
    return pair.sender.needs_announcement(utc, good_link=good_link)


def test_without_a_prekey_nothing_is_announced() -> None:
    pair = Pair()
    assert needed(pair, NOON) is None
    with pytest.raises(Misuse, match="prekey"):
        pair.announce(Need.FRESH, NOON)


def test_a_prekey_that_is_no_key_is_found_when_it_is_used() -> None:
    pair = Pair()
    pair.prekey(NOON)
    assert pair.sender.prekey is not None
    pair.sender.prekey = replace(pair.sender.prekey, public=b"\xff" * 1_216)
    with pytest.raises(Forged):
        pair.announce(Need.FRESH, NOON)


def test_first_contact_is_a_fresh_epoch_used_at_once_even_on_a_bad_link() -> None:
    pair = Pair()
    pair.prekey(NOON)
    assert needed(pair, NOON, good_link=False) is Need.FRESH
    epoch = pair.carry(pair.announce(Need.FRESH, NOON), NOON)
    assert (pair.sender.current, pair.sender.since, epoch.fresh) == (epoch, NOON, True)
    assert pair.receiver.open(pair.seal(b"hello"), NOON).payload == b"hello"


def test_nothing_more_is_announced_within_a_minute_or_before_the_peer_has_answered() -> None:
    pair = Pair()
    pair.prekey(NOON)
    pair.carry(pair.announce(Need.FRESH, NOON), NOON)
    assert needed(pair, NOON + DAY) is None
    pair.greet(NOON + 1)
    assert needed(pair, NOON + ANNOUNCE_INTERVAL_S - 1) is None
    assert needed(pair, NOON + ANNOUNCE_INTERVAL_S) is Need.STOCK
    assert needed(pair, NOON + ANNOUNCE_INTERVAL_S, good_link=False) is None


def test_the_stock_is_filled_to_eight_and_then_left_for_a_week() -> None:
    pair, filled = stocked()
    assert pair.sender.in_stock == STOCK_MAX == 8
    assert needed(pair, filled) is None
    assert len(pair.receiver.epochs) == 9


def test_each_day_has_its_epoch_in_use_only_when_the_peer_has_named_it() -> None:
    pair, _ = stocked()
    first = pair.sender.current
    assert needed(pair, NOON + DAY) is Need.TODAY
    announcement = pair.announce(Need.TODAY, NOON + DAY)
    assert not pair.greet(NOON + DAY)
    assert pair.sender.current == first
    pair.carry(announcement, NOON + DAY)
    assert pair.greet(NOON + DAY + 5)
    assert pair.sender.current != first
    assert (pair.sender.since, needed(pair, NOON + DAY + HOUR)) == (NOON + DAY + 5, None)


def test_the_secret_of_the_epoch_before_is_gone_when_the_sender_moves_on() -> None:
    pair, _ = stocked()
    assert pair.sender.current is not None
    before = pair.sender.current.secret
    assert before in pair.sender.encode()
    pair.carry(pair.announce(Need.TODAY, NOON + DAY), NOON + DAY)
    pair.greet(NOON + DAY)
    assert before not in pair.sender.encode()


def test_while_the_link_is_bad_each_day_takes_one_from_the_stock_until_the_last_stays() -> None:
    pair, _ = stocked()
    used = [pair.sender.current]
    for day in range(1, 12):
        utc = NOON + day * DAY
        assert needed(pair, utc, good_link=False) is None
        moved = pair.sender.advance(utc, good_link=False)
        assert moved is (day <= STOCK_MAX)
        assert not pair.sender.advance(utc + 1, good_link=False)
        assert pair.receiver.open(pair.seal(b"still here", day.to_bytes(4, "big")), utc).payload == b"still here"
        used.append(pair.sender.current)
    assert len(set(used)) == 1 + STOCK_MAX
    assert pair.sender.in_stock == 0
    assert pair.sender.overdue(NOON + 11 * DAY)
    assert pair.sender.since == NOON + 8 * DAY


def test_on_a_good_link_the_stock_is_saved() -> None:
    pair, _ = stocked()
    assert not pair.sender.advance(NOON + DAY, good_link=True)
    assert pair.sender.in_stock == STOCK_MAX


def test_a_stock_of_which_the_peer_has_not_spoken_is_not_used() -> None:
    pair = met()
    pair.announce(Need.STOCK, NOON + 60)
    assert not pair.sender.advance(NOON + DAY, good_link=False)


def test_a_stock_of_a_week_is_replaced_one_by_one() -> None:
    pair, _ = stocked()
    oldest, _ = pair.sender._stock[0]
    utc = NOON + 7 * DAY + HOUR
    pair.carry(pair.announce(Need.TODAY, utc), utc)
    assert pair.greet(utc + 60)
    pair.fill_stock(utc + 120)
    assert pair.sender.in_stock == STOCK_MAX
    ahead = {epoch for epoch, _ in pair.sender._stock}
    assert oldest not in ahead
    assert all(epoch.created >= utc for epoch in ahead)
    assert oldest not in pair.receiver.epochs
    assert ahead <= set(pair.receiver.epochs)


def test_nothing_is_piled_up_for_a_peer_that_is_away() -> None:
    pair, _ = stocked()
    pair.announce(Need.TODAY, NOON + 9 * DAY)
    assert needed(pair, NOON + 30 * DAY) is None


def test_a_lost_announcement_is_found_by_the_greeting_that_does_not_name_it() -> None:
    pair = met()
    pair.announce(Need.TODAY, NOON + DAY)
    assert not pair.sender.peer_holds(pair.receiver.newest, NOON + DAY + LOST_AFTER_S - 1)
    assert needed(pair, NOON + DAY + LOST_AFTER_S - 1) is None
    assert pair.sender.peer_holds(pair.receiver.newest, NOON + DAY + LOST_AFTER_S)
    assert needed(pair, NOON + DAY + LOST_AFTER_S) is Need.TODAY


def test_a_second_announcement_never_hides_that_the_first_was_lost() -> None:
    """The greeting names the newest only; so no second one is made before the first is named or given up."""
    pair = met()
    pair.announce(Need.TODAY, NOON + DAY)
    assert [needed(pair, NOON + DAY + hours * HOUR) for hours in range(9)] == [None] * 9


def test_a_lost_first_announcement_is_made_anew() -> None:
    pair = Pair()
    pair.prekey(NOON)
    pair.announce(Need.FRESH, NOON)
    assert not pair.sender.peer_holds(0, NOON + LOST_AFTER_S - 1)
    assert pair.sender.peer_holds(0, NOON + LOST_AFTER_S)
    assert (pair.sender.current, needed(pair, NOON + LOST_AFTER_S)) == (None, Need.FRESH)


def test_a_peer_that_lost_its_memory_loses_the_epochs_that_it_named_before() -> None:
    pair, filled = stocked()
    assert pair.sender.peer_holds(NOON, filled)
    assert (pair.sender.current is None, pair.sender.in_stock) == (False, 0)
    pair.announce(Need.STOCK, filled)
    assert pair.sender.peer_holds(0, filled)
    assert pair.sender.current is None
    assert needed(pair, filled + 60) is Need.FRESH


def test_a_fresh_epoch_drops_the_stock_because_the_peer_drops_it_too() -> None:
    """The peer came back from a backup of the first day: it holds the stock of then, and not the epoch in use."""
    pair, _ = stocked()
    pair.sender.advance(NOON + DAY, good_link=False)
    announced = NOON + 2 * DAY
    pair.carry(pair.announce(Need.TODAY, announced), announced)
    pair.greet(announced + 1)
    old = pair.sender._stock[-1][0].created
    assert pair.sender.peer_holds(old, announced + HOUR)
    assert (pair.sender.current, pair.sender.in_stock) == (None, STOCK_MAX - 1)
    assert needed(pair, announced + HOUR) is Need.FRESH
    pair.announce(Need.FRESH, announced + HOUR)
    assert pair.sender.in_stock == 0
    assert not pair.sender.advance(announced + 2 * DAY, good_link=False)


def test_a_greeting_that_names_what_is_known_changes_nothing() -> None:
    pair = met()
    assert not pair.sender.peer_holds(pair.receiver.newest, NOON + HOUR)


def test_a_sender_that_lost_its_memory_learns_from_the_greeting_how_to_go_on() -> None:
    """Its clock is an hour slow as well, so its first announcement looks like a repeat."""
    pair = met()
    pair.sender = Sender(LINE, ALBA, BORA)
    pair.prekey(NOON)
    with pytest.raises(Inadmissible):
        pair.carry(pair.announce(Need.FRESH, NOON - HOUR), NOON)
    assert pair.sender.peer_holds(pair.receiver.newest, NOON - HOUR + 60)
    assert needed(pair, NOON - HOUR + 60) is Need.FRESH
    pair.carry(pair.announce(Need.FRESH, NOON - HOUR + 60), NOON)
    assert pair.receiver.open(pair.seal(b"back"), NOON).payload == b"back"


def test_a_time_that_would_leave_no_room_for_later_ones_is_not_believed() -> None:
    pair = met()
    assert not pair.sender.peer_holds(CREATED_MAX, NOON)
    assert pair.sender.current is not None


def test_a_fresh_prekey_of_the_peer_drops_all_epochs_towards_it() -> None:
    pair, filled = stocked()
    pair.prekey(filled, fresh=True)
    assert (pair.sender.current, pair.sender.in_stock) == (None, 0)
    assert needed(pair, filled) is Need.FRESH


def test_an_ordinary_new_prekey_drops_none() -> None:
    pair, _ = stocked()
    pair.prekey(NOON + DAY)
    assert pair.sender.current is not None
    assert pair.sender.in_stock == STOCK_MAX


def test_rekey_is_dropping_everything() -> None:
    pair, filled = stocked()
    pair.sender.drop()
    assert needed(pair, filled) is Need.FRESH
    pair.carry(pair.announce(Need.FRESH, filled), filled)
    assert pair.receiver.epochs == [pair.sender.current]


def test_the_same_prekey_again_is_no_news() -> None:
    pair = met()
    assert pair.sender.prekey is not None
    assert not pair.sender.learn(pair.sender.prekey)


@pytest.mark.parametrize("created", [NOON, NOON - 1])
def test_a_relay_cannot_bring_an_old_prekey_back_r47(created: int) -> None:
    pair = met()
    older = make_prekey(SUITE, LINE, BORA, BORA_SEED, secret(9), created, fresh=True)
    with pytest.raises(Inadmissible) as caught:
        pair.sender.learn(older)
    assert caught.value.rule == "R47"
    assert pair.sender.current is not None


def test_a_prekey_after_which_no_later_one_could_be_made_is_refused_r49() -> None:
    last = make_prekey(SUITE, LINE, BORA, BORA_SEED, secret(9), CREATED_MAX + 1, fresh=True)
    with pytest.raises(Inadmissible) as caught:
        Pair().sender.learn(last)
    assert caught.value.rule == "R49"
    assert "clock" in caught.value.hint


def test_a_clock_that_ran_ahead_and_was_set_right_does_not_stop_the_stock() -> None:
    pair = Pair()
    pair.meet(NOON + 5_000 * DAY)
    pair.fill_stock(NOON + 5_000 * DAY + 60)
    assert needed(pair, NOON) is Need.TODAY
    pair.carry(pair.announce(Need.TODAY, NOON), NOON)
    pair.greet(NOON)
    assert needed(pair, NOON + 60) is Need.STOCK


def test_a_clock_that_was_set_back_gives_no_creation_time_twice() -> None:
    pair = met()
    epoch = pair.carry(pair.announce(Need.STOCK, NOON - DAY), NOON)
    assert pair.sender.current is not None
    assert epoch.created == pair.sender.current.created + 1


def test_a_sender_comes_back_from_its_row() -> None:
    pair, _ = stocked()
    pair.announce(Need.TODAY, NOON + DAY)
    for sender in (pair.sender, Sender(LINE, ALBA, BORA)):
        again = Sender.restore(LINE, ALBA, BORA, sender.encode())
        assert again.encode() == sender.encode()
        assert (again.current, again.prekey, again.in_stock) == (sender.current, sender.prekey, sender.in_stock)


def test_a_restored_sender_announces_as_the_one_before() -> None:
    pair, filled = stocked()
    again = Sender.restore(LINE, ALBA, BORA, pair.sender.encode())
    for utc in (filled, NOON + DAY, NOON + 9 * DAY):
        assert again.needs_announcement(utc, good_link=True) == needed(pair, utc)
    assert again.announce(SUITE, Need.TODAY, ALBA_SEED, secret(1), GENERATION, NOON) != b""


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (0, b"short"),
        (1, [1]),
        (1, [b"", b""]),
        (1, 0),
        (4, [0]),
        (4, {}),
        (3, []),
        (4, ["a"] * 8),
        (5, [0]),
        (6, 4),
        (8, "now"),
    ],
)
def test_a_damaged_row_stops_the_station(place: int, value: Value) -> None:
    pair, _ = stocked()
    pair.announce(Need.TODAY, NOON + DAY)
    items = decode(pair.sender.encode())
    assert isinstance(items, list)
    items[place] = value
    with pytest.raises(StorageFailed) as caught:
        Sender.restore(LINE, ALBA, BORA, encode(items))
    assert "backup" in caught.value.hint


def test_a_prekey_that_has_rotted_is_the_disks_fault_and_no_peers() -> None:
    pair, _ = stocked()
    items = decode(pair.sender.encode())
    assert isinstance(items, list)
    assert isinstance(items[0], bytes)
    items[0] = bytes((items[0][0] ^ 1, *items[0][1:]))
    with pytest.raises(StorageFailed):
        Sender.restore(LINE, ALBA, BORA, encode(items))


def test_a_row_of_another_shape_stops_the_station() -> None:
    for row in (b"", encode({}), encode([])):
        with pytest.raises(StorageFailed):
            Sender.restore(LINE, ALBA, BORA, row)
