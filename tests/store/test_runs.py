"""Every start has a number of its own; a copy is known for a copy: a backup by its mark, a raw one by the counter."""

import errno
import shutil
from pathlib import Path

import apsw
import pytest

from openline.errors import Misuse, StorageFailed
from openline.ports import Forget, Keep
from openline.store import COPY_TABLE, BeginRun, CopyKind, Store
from openline.store.counter import counter_path, write_counter
from tests.store.rows import LINE, entry

PAGE_KEY = bytes(range(32))
OTHER_KEY = bytes(range(1, 33))


def run_once(path: Path, key: bytes | None = None) -> BeginRun:
    store = Store.open(path, key)
    run = store.begin_run()
    store.close()
    return run


def test_the_number_rises_by_one_at_every_start(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    assert [run_once(path) for _ in range(3)] == [BeginRun(number, CopyKind.NONE) for number in (1, 2, 3)]
    assert counter_path(path).read_text() == "3\n"


def test_a_raw_copy_put_back_is_older_and_its_number_is_new(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    run_once(path)
    shutil.copy(path, tmp_path / "kept aside")
    run_once(path)
    run_once(path)
    shutil.copy(tmp_path / "kept aside", path)
    assert run_once(path) == BeginRun(4, CopyKind.OLDER)


def test_a_raw_copy_without_its_counter_is_taken_for_older(tmp_path: Path) -> None:
    run_once(tmp_path / "s.db")
    (tmp_path / "elsewhere").mkdir()
    shutil.copy(tmp_path / "s.db", tmp_path / "elsewhere" / "s.db")
    assert run_once(tmp_path / "elsewhere" / "s.db") == BeginRun(2, CopyKind.OLDER)


def test_a_new_file_beside_an_old_counter_is_taken_for_older(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    run_once(path)
    path.unlink()
    assert run_once(path) == BeginRun(2, CopyKind.OLDER)


def test_the_mark_of_a_copy_goes_with_the_first_commit_of_a_run_and_not_before(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    run_once(path)
    counter_path(path).write_text("9\n")
    assert run_once(path) == BeginRun(10, CopyKind.OLDER)
    assert run_once(path) == BeginRun(11, CopyKind.OLDER)  # a crash before the machine's answer: still a copy
    store = Store.open(path)
    assert store.begin_run().copy is CopyKind.OLDER
    store.commit([])
    assert list(store.kept(COPY_TABLE)) == [(b"", b"older")]
    store.commit([Keep("recovering", b"", b"")])
    assert list(store.kept(COPY_TABLE)) == []
    store.close()
    assert run_once(path) == BeginRun(13, CopyKind.NONE)


def test_a_first_commit_that_fails_leaves_the_mark(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    store = Store.open(path)
    store.commit([entry(0)])
    store.close()
    counter_path(path).write_text("9\n")
    store = Store.open(path)
    assert store.begin_run().copy is CopyKind.OLDER
    with pytest.raises(StorageFailed):
        store.commit([Keep("recovering", b"", b""), entry(0, b"something else")])
    store.close()
    assert run_once(path) == BeginRun(11, CopyKind.OLDER)


@pytest.mark.parametrize("starts_before", [0, 1])
def test_a_crash_between_database_and_counter_makes_no_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, starts_before: int
) -> None:
    path = tmp_path / "s.db"
    for _ in range(starts_before):
        run_once(path)

    def crash(database: Path, number: int) -> None:
        if number > starts_before:
            raise KeyboardInterrupt
        write_counter(database, number)

    monkeypatch.setattr("openline.store.store.write_counter", crash)
    store = Store.open(path)
    with pytest.raises(KeyboardInterrupt):
        store.begin_run()
    store.close()
    monkeypatch.undo()
    assert run_once(path) == BeginRun(starts_before + 2, CopyKind.NONE)


@pytest.mark.parametrize("text", ["", "many\n", "-1\n", "1" * 13, "1\n\n"])
def test_a_counter_that_is_no_number_stops_the_start_and_says_what_to_do(tmp_path: Path, text: str) -> None:
    counter_path(tmp_path / "s.db").write_text(text)
    store = Store.open(tmp_path / "s.db")
    with pytest.raises(StorageFailed, match="no number") as caught:
        store.begin_run()
    assert "Delete s.db.starts" in caught.value.hint


def test_a_counter_that_cannot_be_read_or_written_stops_the_start(tmp_path: Path) -> None:
    counter_path(tmp_path / "s.db").mkdir()
    store = Store.open(tmp_path / "s.db")
    with pytest.raises(StorageFailed, match="cannot be read"):
        store.begin_run()
    store.close()
    counter_path(tmp_path / "s.db").rmdir()
    (tmp_path / "s.db.starts.part").mkdir()
    store = Store.open(tmp_path / "s.db")
    with pytest.raises(StorageFailed, match="cannot be written"):
        store.begin_run()


def test_a_disk_that_cannot_keep_the_number_stops_the_start(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "s.db")
    store._connection.pragma("query_only", "ON")
    with pytest.raises(StorageFailed, match="ReadOnlyError"):
        store.begin_run()
    with pytest.raises(StorageFailed, match="failed before"):
        store.commit([entry(0)])


# ---------------------------------------------------------------- backup


@pytest.mark.parametrize("key", [None, PAGE_KEY])
@pytest.mark.parametrize("new_key", [None, OTHER_KEY])
def test_a_backup_holds_everything_and_is_marked_inside(
    tmp_path: Path, key: bytes | None, new_key: bytes | None
) -> None:
    store = Store.open(tmp_path / "s.db", key)
    store.begin_run()
    store.commit([entry(0), Keep("edge", b"k", b"v")])
    store.backup(tmp_path / "with space?&.db", new_key)
    store.commit([entry(1)])  # the store goes on, and is no copy
    assert list(store.kept(COPY_TABLE)) == []
    copy = Store.open(tmp_path / "with space?&.db", new_key or key)
    assert copy.begin_run() == BeginRun(2, CopyKind.BACKUP)
    assert copy.recent(LINE, 9) == [entry(0)]
    assert list(copy.kept("edge")) == [(b"k", b"v")]
    copy.integrity_check()
    assert not list(tmp_path.glob("*.part*"))


def test_a_backup_put_back_in_place_is_a_backup_although_the_counter_is_ahead(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    store = Store.open(path, PAGE_KEY)
    store.begin_run()
    store.backup(tmp_path / "b.db")
    store.close()
    run_once(path, PAGE_KEY)
    shutil.copy(tmp_path / "b.db", path)
    assert run_once(path, PAGE_KEY) == BeginRun(3, CopyKind.BACKUP)


def test_a_backup_never_overwrites_and_a_failed_one_leaves_no_file_of_its_name(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "s.db")
    (tmp_path / "b.db").write_bytes(b"something dear")
    with pytest.raises(Misuse, match="there already"):
        store.backup(tmp_path / "b.db")
    assert (tmp_path / "b.db").read_bytes() == b"something dear"
    with pytest.raises(StorageFailed):
        store.backup(tmp_path / "nowhere" / "b.db")


def test_a_backup_whose_place_is_taken_by_a_folder_or_cannot_be_is_the_disks_refusal_in_words(tmp_path: Path) -> None:
    """Whatever the file system answers is told with the file's name and what to do; the store goes on."""
    store = Store.open(tmp_path / "s.db")
    (tmp_path / "b.db.part").mkdir()
    with pytest.raises(StorageFailed, match=r"b\.db\.part: ") as taken:
        store.backup(tmp_path / "b.db")
    assert "in the way" in taken.value.hint
    with pytest.raises(StorageFailed, match="cannot be written: xxx"):
        store.backup(tmp_path / ("x" * 300))
    store.commit([entry(0)])


def test_a_backup_that_cannot_take_its_name_at_the_end_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A medium that goes away while the copy is checked."""

    def gone(_self: Path, _target: Path) -> None:
        raise OSError(errno.EIO, "Input/output error")

    store = Store.open(tmp_path / "s.db")
    monkeypatch.setattr(Path, "rename", gone)
    with pytest.raises(StorageFailed, match=r"b\.db: Input/output error"):
        store.backup(tmp_path / "b.db")
    assert not (tmp_path / "b.db").exists()


def test_what_was_forgotten_is_in_no_backup(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "s.db")
    store.commit([Keep("prekey", b"1", b"a private key" * 50)])
    store.commit([Forget("prekey", b"1")])
    store.backup(tmp_path / "b.db")
    assert b"a private key" not in (tmp_path / "b.db").read_bytes()


def test_a_disk_that_fails_while_the_backup_is_written_says_so(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "s.db")
    store._connection.execute("BEGIN")  # VACUUM cannot run inside a transaction: any error of SQLite will do
    with pytest.raises(StorageFailed) as caught:
        store.backup(tmp_path / "b.db")
    assert isinstance(caught.value.__cause__, apsw.Error)
    assert not (tmp_path / "b.db").exists()
