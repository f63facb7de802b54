"""A batch is one transaction: all of it is durable, or none of it, and nothing is ever replaced."""

import os
from pathlib import Path

import apsw
import pytest

from openline.errors import Misuse, StorageFailed
from openline.ports import Forget, Keep, Row
from openline.store import Store
from openline.store.store import KEY_BYTES_MAX
from openline.store.unsafe_disk import new_disk
from tests.store.rows import LINE, entry

PAGE_KEY = bytes(range(32))


def test_what_was_committed_is_there_after_a_new_start(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "s.db", PAGE_KEY)
    store.commit([entry(0), Keep("edge", b"k", b"v")])
    store.close()
    store = Store.open(tmp_path / "s.db", PAGE_KEY)
    assert store.entry(LINE, entry(0).author, 7, 0) == entry(0)
    assert list(store.kept("edge")) == [(b"k", b"v")]


def test_the_same_entry_twice_changes_nothing(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "s.db")
    store.commit([entry(0)])
    store.commit([entry(0), entry(1), entry(1)])
    assert store.recent(LINE, 9) == [entry(0), entry(1)]


def test_another_entry_at_a_place_is_refused_and_nothing_of_its_batch_is_kept(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "s.db")
    store.commit([entry(0)])
    with pytest.raises(StorageFailed, match="stands at this place already") as caught:
        store.commit([entry(1), entry(0, b"something else"), Keep("edge", b"k", b"v")])
    assert caught.value.facts == {"author": 0x0101, "generation": 7, "seq": 0}
    assert store.recent(LINE, 9) == [entry(0)]
    assert list(store.kept("edge")) == []


def test_two_different_entries_for_one_place_in_one_batch_are_refused(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "s.db")
    with pytest.raises(StorageFailed, match="stands at this place already"):
        store.commit([entry(0), entry(0, b"something else")])
    assert store.recent(LINE, 9) == []


def test_after_a_failure_the_store_takes_nothing_more(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "s.db")
    store.commit([entry(0)])
    before = store.failed
    with pytest.raises(StorageFailed):
        store.commit([entry(0, b"something else")])
    assert (before, store.failed) == (False, True)
    with pytest.raises(StorageFailed, match="failed before"):
        store.commit([entry(1)])


def test_of_several_values_for_one_key_the_last_counts(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "s.db")
    store.commit([Keep("t", b"a", b"1"), Forget("t", b"a"), Keep("t", b"a", b"2"), Keep("t", b"b", b"3")])
    store.commit([Keep("t", b"b", b"4"), Forget("t", b"b"), Forget("t", b"never there"), Keep("u", b"a", b"5")])
    assert list(store.kept("t")) == [(b"a", b"2")]
    assert list(store.kept("u")) == [(b"a", b"5")]


def test_a_key_beyond_its_limit_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "s.db")
    store.commit([Keep("t", bytes(KEY_BYTES_MAX), b"v")])
    with pytest.raises(Misuse, match="key is longer"):
        store.commit([Keep("t", b"ok", b"v"), Keep("t", bytes(KEY_BYTES_MAX + 1), b"v")])
    assert [key for key, _ in store.kept("t")] == [bytes(KEY_BYTES_MAX)]


def test_an_empty_batch_writes_nothing() -> None:
    vfs, disk = new_disk()
    store = Store.open(Path("s.db"), vfs=vfs)
    before = disk.operations
    store.commit([])
    assert disk.operations == before


def test_nothing_readable_stands_on_the_disk_under_a_page_key(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "s.db", PAGE_KEY)
    store.commit([entry(0, b"the bridge is closed" * 20), Keep("named", b"prefix", b"the bridge is closed" * 20)])
    for _ in range(2):  # in the write-ahead log first, then in the file
        for path in tmp_path.iterdir():
            assert b"the bridge" not in path.read_bytes()
            assert b"named" not in path.read_bytes()
        store.checkpoint_idle()


def test_only_the_owner_may_read_the_files(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "s.db")
    store.commit([entry(0)])
    store.backup(tmp_path / "b.db")
    for path in tmp_path.iterdir():
        assert path.stat().st_mode & 0o077 == 0, path.name


# ---------------------------------------------------------------- the disk fails

FULL, IO_ERROR = apsw.SQLITE_FULL, apsw.SQLITE_IOERR_WRITE
SYNC_ERROR = apsw.SQLITE_IOERR_FSYNC


@pytest.mark.parametrize(
    ("code", "word"),
    [(FULL, "disk is full"), (IO_ERROR, "refused a write or a sync"), (SYNC_ERROR, "refused a write or a sync")],
)
def test_a_disk_that_fails_at_any_operation_of_a_commit_says_so_and_loses_no_earlier_commit(
    code: int, word: str
) -> None:
    """Fail at the first write, the second, … until a commit passes unharmed; each time look after a power loss."""
    failures = [place for place in range(1, 30) if _fails_at(place, code, word)]
    assert failures == list(range(1, len(failures) + 1))
    assert 3 <= len(failures) < 29


def _fails_at(place: int, code: int, word: str) -> bool:
    vfs, disk = new_disk()
    store = Store.open(Path("s.db"), vfs=vfs)
    store.commit([entry(0), Keep("t", b"first", b"1")])
    disk.fails[disk.operations + place] = code
    hint = ""
    try:
        store.commit([entry(1), Keep("t", b"second", b"2" * 9000)])
    except StorageFailed as error:
        hint = error.hint
    disk.fails.clear()
    disk.lose_power(place)
    again = Store.open(Path("s.db"), vfs=vfs)
    again.integrity_check()
    found = [entry.seq for entry in again.recent(LINE, 9)], [key for key, _ in again.kept("t")]
    whole = ([0, 1], [b"first", b"second"])
    if not hint:
        assert found == whole
        return False
    assert word in hint
    assert found in (whole, ([0], [b"first"]))  # the batch is there whole, or not at all
    with pytest.raises(StorageFailed, match="failed before"):
        store.commit([])
    return True


@pytest.mark.parametrize("key", [None, PAGE_KEY], ids=["clear", "encrypted"])
@pytest.mark.parametrize("seed", range(12))
def test_power_lost_between_any_two_operations_leaves_every_committed_batch(seed: int, key: bytes | None) -> None:
    """Cut the power after the n-th operation of a longer run: committed batches are there, whole, and in order."""
    name, disk = new_disk()
    vfs = name if key is None else f"multipleciphers-{name}"
    store = Store.open(Path("s.db"), key, vfs)
    disk.fails = dict.fromkeys(range(disk.operations + 1 + seed * 7, disk.operations + 20_000), IO_ERROR)
    committed = _commit_until_it_fails(store)
    disk.fails = {}
    disk.lose_power(seed)
    again = Store.open(Path("s.db"), key, vfs)
    again.integrity_check()
    held = [found.seq for found in again.recent(LINE, 5000)]
    assert held in (list(range(committed)), list(range(committed + 1)))  # one more: synced, then reported failed
    assert [value for _, value in again.kept("last")] == [b"%d" % seq for seq in held[-1:]]


def _commit_until_it_fails(store: Store) -> int:
    for seq in range(1000):
        rows: list[Row] = [entry(seq, b"x" * (97 * seq % 6000)), Keep("last", b"", b"%d" % seq)]
        try:
            store.commit(rows)
            if seq % 4 == 3:
                store.checkpoint_idle()
        except StorageFailed:
            return len(store.recent(LINE, 5000))
    return 1000


def test_a_disk_that_fails_at_the_checkpoint_stops_the_store() -> None:
    vfs, disk = new_disk()
    store = Store.open(Path("s.db"), vfs=vfs)
    store.commit([entry(0)])
    disk.fails[disk.operations + 1] = IO_ERROR
    with pytest.raises(StorageFailed):
        store.checkpoint_idle()
    with pytest.raises(StorageFailed, match="failed before"):
        store.commit([entry(1)])


def test_a_damaged_page_is_found(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    store = Store.open(path)
    store.commit([entry(seq, b"x" * 3000) for seq in range(40)])
    store.integrity_check()
    store.close()
    content = bytearray(path.read_bytes())
    content[9 * 4096 : 9 * 4096 + 200] = os.urandom(200)
    path.write_bytes(content)
    with pytest.raises(StorageFailed) as caught:
        Store.open(path).integrity_check()
    assert "newest backup" in caught.value.hint


def test_an_index_that_no_longer_fits_its_table_is_found(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    store = Store.open(path)
    store.commit([entry(0)])
    store.close()
    content = path.read_bytes()
    assert content.count(entry(0).digest) == 1
    path.write_bytes(content.replace(entry(0).digest, bytes(32)))
    with pytest.raises(StorageFailed, match="store is damaged"):
        Store.open(path).integrity_check()


def test_a_page_that_the_disk_no_longer_reads_is_reported_as_such(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    store = Store.open(path, PAGE_KEY)
    store.commit([entry(seq, b"x" * 3000) for seq in range(40)])
    store.close()
    content = bytearray(path.read_bytes())
    content[4096 * 3 :] = os.urandom(len(content) - 4096 * 3)
    path.write_bytes(content)
    store = Store.open(path, PAGE_KEY)
    with pytest.raises(StorageFailed, match="did not give back"):
        store.recent(LINE, 40)
    with pytest.raises(StorageFailed, match="did not give back"):
        store.integrity_check()
