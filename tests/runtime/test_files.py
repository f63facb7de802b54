"""Files that people hand to each other: whole or not at all, never over another one."""

import os
import stat
from pathlib import Path

import pytest

from openline.errors import Misuse, StorageFailed, Unavailable
from openline.runtime.files import FILE_BYTES_MAX, PRIVATE, read, replace_whole, write_new


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_new_file_appears_whole_with_its_rights(tmp_path: Path) -> None:
    write_new(tmp_path / "a" / "b", b"content", mode=PRIVATE)
    assert read(tmp_path / "a" / "b") == b"content"
    assert (tmp_path / "a" / "b").stat().st_mode & 0o777 == PRIVATE
    assert names(tmp_path / "a") == ["b"]


def test_no_file_is_overwritten(tmp_path: Path) -> None:
    write_new(tmp_path / "b", b"first")
    with pytest.raises(Misuse, match="exists already"):
        write_new(tmp_path / "b", b"second")
    assert read(tmp_path / "b") == b"first"
    assert names(tmp_path) == ["b"]


def test_a_file_that_appears_in_the_meantime_is_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def link(_: Path, path: Path) -> None:
        path.write_bytes(b"the other's")
        raise FileExistsError

    monkeypatch.setattr(os, "link", link)
    with pytest.raises(Misuse, match="exists already"):
        write_new(tmp_path / "b", b"ours")
    assert read(tmp_path / "b") == b"the other's"
    assert names(tmp_path) == ["b"]


def test_a_memory_stick_without_links_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def link(_: Path, __: Path) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", link)
    write_new(tmp_path / "b", b"content")
    assert read(tmp_path / "b") == b"content"
    assert names(tmp_path) == ["b"]


def test_a_working_file_is_replaced_whole(tmp_path: Path) -> None:
    replace_whole(tmp_path / "b", b"first")
    replace_whole(tmp_path / "b", b"second")
    assert read(tmp_path / "b") == b"second"
    assert names(tmp_path) == ["b"]


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(*((os, "fsync", fail) if step == "fsync" else (Path, "replace", fail)))
    with pytest.raises(StorageFailed, match="No space left"):
        replace_whole(tmp_path / "b", b"content")
    assert names(tmp_path) == []


def test_a_folder_that_cannot_be_synced_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.fsync

    def fail(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(5, "Input/output error")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(StorageFailed, match="Input/output"):
        write_new(tmp_path / "b", b"content")


def test_a_new_folder_is_on_the_disk_in_the_one_above_before_anything_is_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a loss of power could take the folder with the file that was synced in it."""
    real, synced = os.fsync, list[str]()

    def note(descriptor: int) -> None:
        synced.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    write_new(tmp_path / "office" / "signed" / "b", b"content")
    assert [name for name in synced if Path(name).is_dir()] == [
        str(tmp_path), str(tmp_path / "office"), str(tmp_path / "office" / "signed"),
    ]  # fmt: skip


def test_a_place_where_nothing_can_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_bytes(b"")
    for path in (tmp_path / "file" / "b", tmp_path / ("b" * 300)):
        with pytest.raises(StorageFailed, match="cannot be written"):
            write_new(path, b"content")

    def read_only(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")  # Linux says so of the removal too, though there is nothing

    monkeypatch.setattr(os, "open", read_only)
    monkeypatch.setattr(Path, "unlink", read_only)
    with pytest.raises(StorageFailed, match="Read-only"):
        replace_whole(tmp_path / "b", b"content")


def test_a_name_that_leads_nowhere_is_taken(tmp_path: Path) -> None:
    (tmp_path / "b").symlink_to(tmp_path / "gone")
    with pytest.raises(Misuse, match="exists already"):
        write_new(tmp_path / "b", b"content")


def test_a_file_that_is_not_there_or_far_too_long_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="cannot be read"):
        read(tmp_path / "b")
    (tmp_path / "b").write_bytes(bytes(FILE_BYTES_MAX + 1))
    with pytest.raises(Misuse, match="longer"):
        read(tmp_path / "b")
