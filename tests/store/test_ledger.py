"""The ledger gives back what was committed: by place, by the beginning of a digest, by arrival, by table."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.ports import Append, Keep, Ledger
from openline.store import Store
from openline.store.store import KEY_BYTES_MAX, READ_ROWS
from openline.store.unsafe_disk import new_disk
from tests.store.rows import ALBA, BORA, LINE, OTHER_LINE, entry


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "s.db")


def test_a_store_is_a_ledger(store: Store) -> None:
    ledger: Ledger = store
    assert ledger.entry(LINE, ALBA, 7, 0) is None


def test_entries_come_by_place_in_order_with_gaps_left_out(store: Store) -> None:
    store.commit([entry(5), entry(1), entry(2), entry(3, author=BORA), entry(4, generation=8)])
    assert [found.seq for found in store.entries(LINE, ALBA, 7, 0, 5)] == [1, 2]
    assert [found.seq for found in store.entries(LINE, ALBA, 7, 2, 100)] == [2, 5]
    assert list(store.entries(LINE, ALBA, 7, 2, 2)) == []
    assert list(store.entries(OTHER_LINE, ALBA, 7, 0, 9)) == []
    assert store.entry(LINE, ALBA, 8, 4) == entry(4, generation=8)


@pytest.mark.parametrize("count", [READ_ROWS - 1, READ_ROWS, READ_ROWS + 1, 2 * READ_ROWS])
def test_a_long_read_goes_on_while_batches_commit(store: Store, count: int) -> None:
    store.commit([entry(seq) for seq in range(count)] + [Keep("t", b"%06d" % seq, b"") for seq in range(count)])
    seen = []
    for found in store.entries(LINE, ALBA, 7, 0, count):
        seen.append(found.seq)
        if found.seq % 100 == 0:
            store.commit([Keep("other", b"", b"%d" % found.seq)])
    assert seen == list(range(count))
    assert [key for key, _ in store.kept("t")] == [b"%06d" % seq for seq in range(count)]


def test_recent_is_the_order_of_arrival_here_not_of_places(store: Store) -> None:
    store.commit([entry(9), entry(1, author=BORA), entry(0, line=OTHER_LINE)])
    store.commit([entry(2)])
    assert [(found.author, found.seq) for found in store.recent(LINE, 2)] == [(BORA, 1), (ALBA, 2)]
    assert [found.seq for found in store.recent(LINE, 100)] == [9, 1, 2]
    assert store.recent(LINE, 0) == []


def test_find_returns_at_most_two_and_one_digest_once(store: Store) -> None:
    first, second = entry(0), entry(1)
    said_again = Append(LINE, ALBA, 8, 0, b"again", first.digest, 1, 1, 0)
    elsewhere = entry(0, line=OTHER_LINE)
    store.commit([first, second, said_again, elsewhere])
    assert store.find(LINE, first.digest[:20]) == [first]
    assert store.find(LINE, first.digest) == [first]
    assert store.find(LINE, b"") == sorted([first, second], key=lambda found: found.digest)
    assert store.find(LINE, b"no such beginning") == []
    assert store.find(OTHER_LINE, first.digest[:20]) == [elsewhere]


def test_find_knows_the_highest_digest(store: Store) -> None:
    top = Append(LINE, ALBA, 7, 0, b"e", b"\xff" * 32, 1, 1, 0)
    store.commit([top, entry(1)])
    assert store.find(LINE, b"\xff" * 20) == [top]
    assert store.find(LINE, b"\xff" * 32) == [top]


@given(st.sets(st.binary(max_size=4), max_size=30), st.binary(max_size=3))
def test_kept_gives_exactly_the_keys_that_begin_so_in_order(keys: set[bytes], beginning: bytes) -> None:
    vfs, _ = new_disk()
    store = Store.open(Path("s.db"), vfs=vfs)
    store.commit([Keep("t", key, key[::-1]) for key in sorted(keys)])
    store.commit([Keep("u", key, b"") for key in sorted(keys)])
    expected = [(key, key[::-1]) for key in sorted(keys) if key.startswith(beginning)]
    assert list(store.kept("t", beginning)) == expected


def test_the_longest_keys_are_found_by_their_beginning(store: Store) -> None:
    top = b"\xff" * KEY_BYTES_MAX
    store.commit([Keep("t", top, b"v"), Keep("t", b"\xff", b"w")])
    assert list(store.kept("t", b"\xff")) == [(b"\xff", b"w"), (top, b"v")]
    assert list(store.kept("t", top)) == [(top, b"v")]
