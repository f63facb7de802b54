"""A store opens for one process, with the right key, on a library without known faults, and goes only forward."""

import subprocess
import sys
from dataclasses import astuple
from pathlib import Path

import apsw
import pytest

from openline.errors import Misuse, StorageFailed
from openline.ports import Keep
from openline.store import Store, database
from openline.store.database import LOG_BYTES_LAID, connect, lay_log, require_version, sync_folder, write_failed
from openline.store.schema import MIGRATIONS, migrate
from openline.store.unsafe_disk import new_disk
from tests.store.rows import LINE, entry

PAGE_KEY = bytes(range(32))


@pytest.mark.parametrize(
    ("version", "refused"), [("3.51.2", True), ("3.7.0", True), ("3.51.3", False), ("3.54.0", False)]
)
def test_a_library_that_can_damage_its_log_is_refused(version: str, *, refused: bool) -> None:
    if refused:
        with pytest.raises(Misuse, match="write-ahead log"):
            require_version(version)
    else:
        require_version(version)


def test_every_commit_is_synced_and_what_is_forgotten_is_overwritten(tmp_path: Path) -> None:
    connection = connect(tmp_path / "s.db", None, None)
    assert connection.pragma("journal_mode") == "wal"
    assert connection.pragma("synchronous") == 2  # FULL
    assert connection.pragma("secure_delete") == 1


@pytest.mark.parametrize("key", [PAGE_KEY, None], ids=["sealed", "in the clear"])
def test_a_store_with_pages_of_another_size_opens_and_keeps_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: bytes | None
) -> None:
    """Those made before pages had 2,048 bytes have 4,096."""
    monkeypatch.setattr(database, "PAGE_BYTES", 4_096)
    older = Store.open(tmp_path / "s.db", key)
    older.begin_run()
    older.commit([Keep("a table", b"key", bytes(9_000))])
    older.close()
    monkeypatch.undo()
    store = Store.open(tmp_path / "s.db", key)
    store.begin_run()
    assert dict(store.kept("a table")) == {b"key": bytes(9_000)}
    store.backup(tmp_path / "copy.db", key)
    store.close()
    assert dict(Store.open(tmp_path / "copy.db", key).kept("a table")) == {b"key": bytes(9_000)}
    assert connect(tmp_path / "s.db", key, None).pragma("page_size") == 4_096
    assert connect(tmp_path / "new.db", key, None).pragma("page_size") == database.PAGE_BYTES


@pytest.mark.parametrize("wrong", [bytes(32), None], ids=["another key", "no key"])
def test_a_wrong_key_is_said_in_words(tmp_path: Path, wrong: bytes | None) -> None:
    Store.open(tmp_path / "s.db", PAGE_KEY).close()
    with pytest.raises(Misuse, match="does not open with this key") as caught:
        Store.open(tmp_path / "s.db", wrong)
    assert "passphrase" in caught.value.hint


def test_a_key_of_another_length_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Misuse, match="32 bytes"):
        Store.open(tmp_path / "s.db", b"short")


def test_a_file_that_is_no_store_is_refused(tmp_path: Path) -> None:
    (tmp_path / "s.db").write_bytes(b"a letter, not a database" * 400)
    with pytest.raises(Misuse, match="does not open"):
        Store.open(tmp_path / "s.db")


def test_an_address_instead_of_a_path_is_refused() -> None:
    with pytest.raises(Misuse, match="file:"):
        Store.open(Path("file:s.db"))


def test_a_folder_that_is_not_there_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(StorageFailed, match="cannot be opened"):
        Store.open(tmp_path / "nowhere" / "s.db")
    with pytest.raises(StorageFailed, match="cannot be opened"):
        Store.open(tmp_path / "nowhere" / "s.db", vfs="unix")
    with pytest.raises(StorageFailed, match="does not sync"):
        sync_folder(tmp_path / "nowhere")


def test_a_second_opening_is_refused_while_the_first_runs(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "s.db", PAGE_KEY)
    with pytest.raises(Misuse, match="another process holds this store"):
        Store.open(tmp_path / "s.db", PAGE_KEY)
    program = (
        "import pathlib, sys; from openline.store import Store; from openline.errors import Misuse\n"
        "try: Store.open(pathlib.Path(sys.argv[1]), bytes(range(32)))\n"
        "except Misuse as error: print(error)"
    )
    said = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "s.db")], check=True, capture_output=True, text=True
    )
    assert said.stdout.strip() == "another process holds this store"
    store.close()
    Store.open(tmp_path / "s.db", PAGE_KEY).close()


def test_a_store_of_a_newer_release_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "s.db")
    store.commit([entry(0)])
    store._connection.pragma("user_version", len(MIGRATIONS) + 1)
    store.close()
    with pytest.raises(Misuse, match="newer release"):
        Store.open(tmp_path / "s.db")


def test_what_the_first_form_kept_is_found_under_the_newer_index(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    connection = connect(path, None, None)
    migrate(connection, MIGRATIONS[:1])
    held = entry(0)
    connection.execute(
        "INSERT INTO entry (line, author, generation, seq, entry, digest, authored, kind, precedence)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        astuple(held),
    )
    connection.close()
    store = Store.open(path)
    assert store.find(LINE, held.digest) == store.find(LINE, held.digest[:2]) == [held]
    store.integrity_check()


def test_an_older_form_goes_forward_once_and_keeps_what_it_holds(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "s.db")
    store.commit([entry(0)])
    later = (*MIGRATIONS, ("CREATE TABLE later (x INTEGER) STRICT", "INSERT INTO later VALUES (5)"))
    migrate(store._connection, later)
    migrate(store._connection, later)
    assert store._connection.execute("SELECT x FROM later").fetchall() == [(5,)]
    assert store._connection.pragma("user_version") == len(later)
    assert store.recent(LINE, 1) == [entry(0)]


def test_a_step_forward_that_fails_leaves_the_old_form(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "s.db")
    with pytest.raises(apsw.SQLError):
        migrate(store._connection, (*MIGRATIONS, ("CREATE TABLE later (x INTEGER) STRICT", "no statement")))
    assert store._connection.pragma("user_version") == len(MIGRATIONS)
    assert not store._connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'later'").fetchall()


def test_a_disk_that_fails_while_a_store_is_made_says_so() -> None:
    """Whatever operation fails while a new file is made is a StorageFailed, until one place is past the end."""
    hints = [_hint_of_a_store_made_with_a_failure_at(place) for place in range(1, 100)]
    failures = hints.index("")
    assert failures > 5
    assert all("Free space" in hint for hint in hints[:failures])


def _hint_of_a_store_made_with_a_failure_at(place: int) -> str:
    vfs, disk = new_disk()
    disk.fails[place] = apsw.SQLITE_FULL
    try:
        store = Store.open(Path("s.db"), vfs=vfs)
    except StorageFailed as error:
        return error.hint
    disk.fails.clear()
    store.close()
    return ""


def test_a_disk_that_fails_at_the_end_says_so_and_loses_nothing() -> None:
    vfs, disk = new_disk()
    store = Store.open(Path("s.db"), vfs=vfs)
    store.commit([entry(0)])
    disk.fails[disk.operations + 1] = apsw.SQLITE_FULL
    with pytest.raises(StorageFailed):
        store.close()
    assert Store.open(Path("s.db"), vfs=vfs).recent(LINE, 1) == [entry(0)]


def test_an_error_of_a_kind_nobody_expected_still_says_what_to_do() -> None:
    assert write_failed(apsw.ConstraintError("odd")).hint.startswith("Do not go on")


def test_a_log_that_was_given_its_room_at_once_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    store = Store.open(path, PAGE_KEY)
    store.lay_log()
    laid = path.with_name("s.db-wal").stat().st_size
    assert laid == LOG_BYTES_LAID
    store.commit([entry(seq) for seq in range(10)])
    assert path.with_name("s.db-wal").stat().st_size == laid
    copied = tmp_path / "killed.db"  # as it lies on the disk after a kill -9
    for suffix in ("", "-wal"):
        copied.with_name(copied.name + suffix).write_bytes(path.with_name(path.name + suffix).read_bytes())
    again = Store.open(copied, PAGE_KEY)
    again.lay_log()
    again.lay_log()
    assert list(again.entries(LINE, entry(0).author, entry(0).generation, 0, 99)) == [entry(seq) for seq in range(10)]
    again.integrity_check()
    again.close()


def test_a_disk_without_that_room_is_no_reason_not_to_start(tmp_path: Path) -> None:
    lay_log(tmp_path / "absent.db")
    assert list(tmp_path.iterdir()) == []


def test_a_log_is_not_laid_on_a_disk_made_for_tests() -> None:
    vfs, disk = new_disk()
    store = Store.open(Path("s.db"), vfs=vfs)
    before = disk.operations
    store.lay_log()
    assert disk.operations == before
