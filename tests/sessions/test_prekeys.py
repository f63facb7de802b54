"""Prekeys as they travel, and a station's own keyring."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.errors import Forged, Inadmissible, Malformed, Rejected, StorageFailed
from openline.sessions import ANNOUNCEMENT_BYTES, PREKEY_BYTES, Keyring, Need, Prekey, decode_prekey, make_prekey
from openline.wire.cbor import decode, encode
from tests.sessions.pair import (
    ALBA,
    BORA,
    BORA_SEED,
    DAY,
    LINE,
    NOON,
    OTHER_LINE,
    ROSTER,
    SUITE,
    Pair,
    secret,
)

PREKEY = make_prekey(SUITE, LINE, BORA, BORA_SEED, secret(1), NOON, fresh=True)


def decode_exactly(envelope: bytes) -> Prekey:
    prekey = decode_prekey(envelope)
    assert prekey.encode() == envelope
    return prekey


def keyring() -> Keyring:
    return Keyring(LINE, BORA)


def test_a_prekey_travels_in_1288_bytes_and_comes_back() -> None:
    envelope = PREKEY.encode()
    assert len(envelope) == PREKEY_BYTES == 1_288
    assert decode_prekey(envelope) == PREKEY
    assert PREKEY.tag == PREKEY.hash[:4]
    decode_prekey(envelope).verify(SUITE, LINE, BORA)


@given(st.integers(min_value=0, max_value=8 * PREKEY_BYTES - 1))
def test_what_is_accepted_has_one_form_and_a_changed_bit_never_verifies(bit: int) -> None:
    changed = bytearray(PREKEY.encode())
    changed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(Rejected):
        decode_exactly(bytes(changed)).verify(SUITE, LINE, BORA)


@pytest.mark.parametrize(
    "envelope",
    [b"", PREKEY.encode()[:-1], PREKEY.encode() + b"\0", b"\2" + PREKEY.encode()[1:]],
    ids=["empty", "short", "long", "another version"],
)
def test_other_bytes_are_no_prekey_r45(envelope: bytes) -> None:
    with pytest.raises(Malformed) as caught:
        decode_prekey(envelope)
    assert caught.value.rule == "R45"


def test_a_fresh_flag_is_0_or_1_r45() -> None:
    envelope = PREKEY.encode()
    with pytest.raises(Malformed) as caught:
        decode_prekey(envelope[:7] + b"\2" + envelope[8:])
    assert caught.value.rule == "R45"


def test_a_relay_cannot_put_one_stations_prekey_into_anothers_slot_r46() -> None:
    with pytest.raises(Inadmissible) as caught:
        PREKEY.verify(SUITE, LINE, ALBA)
    assert caught.value.rule == "R46"


def test_a_prekey_holds_for_one_line_and_one_roster_item() -> None:
    with pytest.raises(Forged):
        PREKEY.verify(SUITE, OTHER_LINE, BORA)
    with pytest.raises(Forged):
        PREKEY.verify(SUITE, LINE, replace(BORA, hash=bytes(32)))


def test_the_first_prekey_is_fresh_and_the_next_is_made_on_another_day_over_a_good_link() -> None:
    ring = keyring()
    assert ring.renewal_due(NOON, good_link=False)
    assert ring.renew(SUITE, BORA_SEED, secret(1), NOON).fresh
    assert not ring.renewal_due(NOON + 60, good_link=True)
    assert ring.renewal_due(NOON + DAY, good_link=True)
    assert not ring.renewal_due(NOON + DAY, good_link=False)
    second = ring.renew(SUITE, BORA_SEED, secret(2), NOON + DAY)
    assert (second.fresh, ring.current) == (False, second)


def test_a_clock_that_was_set_back_does_not_make_an_older_prekey() -> None:
    ring = keyring()
    first = ring.renew(SUITE, BORA_SEED, secret(1), NOON)
    assert ring.renew(SUITE, BORA_SEED, secret(2), NOON - DAY).created == first.created + 1


def test_a_clock_that_ran_ahead_and_was_set_right_does_not_stop_the_daily_renewal() -> None:
    ring = keyring()
    ahead = ring.renew(SUITE, BORA_SEED, secret(1), NOON + 5_000 * DAY)
    assert ring.renewal_due(NOON, good_link=True)
    assert ring.renew(SUITE, BORA_SEED, secret(2), NOON).created == ahead.created + 1
    assert not ring.renewal_due(NOON + 60, good_link=True)
    assert ring.renewal_due(NOON + DAY, good_link=True)


def test_a_private_part_is_not_kept_for_as_long_as_the_clock_was_ahead() -> None:
    ring = keyring()
    ring.renew(SUITE, BORA_SEED, secret(1), NOON)
    ring.renew(SUITE, BORA_SEED, secret(2), NOON + 5_000 * DAY)
    assert ring.expire(NOON)
    assert not ring.expire(NOON + 7 * DAY - 1)
    assert ring.expire(NOON + 7 * DAY)


def test_a_restored_station_goes_on_from_the_prekey_that_lies_in_its_slot() -> None:
    lying_there = make_prekey(SUITE, LINE, BORA, BORA_SEED, secret(1), NOON + DAY, fresh=False)
    made = keyring().renew(SUITE, BORA_SEED, secret(2), NOON, after=lying_there.created)
    assert made.created == lying_there.created + 1


def test_an_announcement_to_the_prekey_before_opens_for_seven_days_r54() -> None:
    pair = Pair()
    pair.prekey(NOON)
    announcement = pair.announce(Need.FRESH, NOON)
    pair.prekey(NOON + DAY)
    assert not pair.keyring.expire(NOON + 8 * DAY - 1)
    assert pair.keyring.open(SUITE, announcement, ROSTER.get) == pair.sender.current
    assert pair.keyring.expire(NOON + 8 * DAY)
    with pytest.raises(Inadmissible) as caught:
        pair.keyring.open(SUITE, announcement, ROSTER.get)
    assert caught.value.rule == "R54"


def test_a_fresh_prekey_forgets_the_earlier_ones_at_once_r54() -> None:
    pair = Pair()
    pair.prekey(NOON)
    announcement = pair.announce(Need.FRESH, NOON)
    pair.prekey(NOON + 1, fresh=True)
    with pytest.raises(Inadmissible) as caught:
        pair.keyring.open(SUITE, announcement, ROSTER.get)
    assert caught.value.rule == "R54"
    assert secret(1_001) not in pair.keyring.encode()


def test_the_prekey_in_use_never_expires_by_itself() -> None:
    ring = keyring()
    ring.renew(SUITE, BORA_SEED, secret(1), NOON)
    assert not ring.expire(NOON + 999 * DAY)
    assert ring.current is not None


def test_at_most_ten_private_parts_are_held() -> None:
    ring = keyring()
    for number in range(12):
        ring.renew(SUITE, BORA_SEED, secret(5_000 + number), NOON + number)
    row = ring.encode()
    assert [secret(5_000 + number) in row for number in range(12)] == [False] * 2 + [True] * 10


def test_a_keyring_comes_back_from_its_row() -> None:
    ring = keyring()
    assert Keyring.restore(LINE, BORA, ring.encode()).encode() == ring.encode()
    ring.renew(SUITE, BORA_SEED, secret(1), NOON)
    ring.renew(SUITE, BORA_SEED, secret(2), NOON + DAY)
    again = Keyring.restore(LINE, BORA, ring.encode())
    assert (again.encode(), again.current) == (ring.encode(), ring.current)


@pytest.mark.parametrize("row", [b"", b"\x80", encode([1]), encode([[1]]), encode([[[b"", b"", 0, 0]]])])
def test_a_damaged_row_stops_the_station_instead_of_starting_anew(row: bytes) -> None:
    with pytest.raises(StorageFailed):
        Keyring.restore(LINE, BORA, row)


def test_a_kept_prekey_that_has_rotted_is_the_disks_fault_and_no_peers() -> None:
    ring = keyring()
    ring.renew(SUITE, BORA_SEED, secret(1), NOON)
    match decode(ring.encode()):
        case [[[bytes() as seed, bytes() as envelope, *rest], *others]]:
            rotten = bytes((envelope[0] ^ 1, *envelope[1:]))
        case _:
            pytest.fail("a keyring's row has another shape than this test thinks")
    with pytest.raises(StorageFailed):
        Keyring.restore(LINE, BORA, encode([[[seed, rotten, *rest], *others]]))


def test_an_announcement_is_not_taken_for_a_prekey() -> None:
    with pytest.raises(Malformed):
        decode_prekey(bytes(ANNOUNCEMENT_BYTES))
