"""The log takes what it can, begins a new file in time, and never stops a station."""

import contextlib
import errno
import json
import sys
from pathlib import Path

import pytest

from openline.errors import Misuse
from openline.runtime.log import Log


def rows(path: Path) -> list[dict[str, object]]:
    return [json.loads(row) for row in path.read_text(encoding="utf-8").splitlines()]


def test_each_line_has_its_time_in_utc(tmp_path: Path) -> None:
    log = Log(tmp_path / "log.jsonl")
    log.note("started", incarnation=3)
    log.close()
    (row,) = rows(tmp_path / "log.jsonl")
    assert str(row["time"]).endswith("Z")
    assert (row["what"], row["incarnation"]) == ("started", 3)


def test_a_full_log_is_kept_once_and_a_new_one_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openline.runtime.log.LOG_BYTES_MAX", 150)
    log = Log(tmp_path / "log.jsonl")
    for number in range(5):
        log.note("refused", number=number)
    log.close()
    kept = [row["number"] for name in ("log.jsonl.1", "log.jsonl") for row in rows(tmp_path / name)]
    assert kept == sorted(kept, key=str)
    assert kept[-1] == 4
    log = Log(tmp_path / "log.jsonl")
    log.note("again")
    log.close()
    assert rows(tmp_path / "log.jsonl")[-1]["what"] == "again"


def test_a_disk_that_takes_no_log_stops_nobody_and_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    log = Log(Path("/dev/full"))
    log.note("failed", words="the disk is full")
    told = capsys.readouterr().err
    assert "the log takes nothing" in told
    assert "the disk is full" in told
    log.close()


def test_a_full_log_that_cannot_be_set_aside_goes_on_and_is_set_aside_when_it_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder stands where the full file should go; a start meets it too; then somebody removes it."""
    monkeypatch.setattr("openline.runtime.log.LOG_BYTES_MAX", 150)
    (tmp_path / "log.jsonl.1").mkdir()
    log = Log(tmp_path / "log.jsonl")
    for number in range(4):
        log.note("refused", number=number)
    log.close()
    log = Log(tmp_path / "log.jsonl")
    (tmp_path / "log.jsonl.1").rmdir()
    log.note("refused", number=4)
    log.close()
    kept = [row["number"] for name in ("log.jsonl.1", "log.jsonl") for row in rows(tmp_path / name)]
    assert kept == [0, 1, 2, 3, 4]


def test_a_full_log_after_which_no_new_one_can_be_opened_goes_on_where_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A relay that a flood has left without a free handle: the old file has its new name and takes the lines."""
    monkeypatch.setattr("openline.runtime.log.LOG_BYTES_MAX", 150)
    log = Log(tmp_path / "log.jsonl")
    for number in range(3):
        log.note("refused", number=number)
    with monkeypatch.context() as flooded:
        flooded.setattr(Path, "open", _no_handles)
        log.note("refused", number=3)
    log.note("refused", number=4)
    log.close()
    assert [row["number"] for row in rows(tmp_path / "log.jsonl.1")] == [0, 1, 2, 3]
    assert [row["number"] for row in rows(tmp_path / "log.jsonl")] == [4]


def _no_handles(*_: object, **__: object) -> None:
    raise OSError(errno.EMFILE, "Too many open files")


def test_a_log_that_is_never_set_aside_ends_at_twice_its_size_and_the_station_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without an end it would fill the disk, which does stop a station; what it does not take is said."""
    monkeypatch.setattr("openline.runtime.log.LOG_BYTES_MAX", 150)
    (tmp_path / "log.jsonl.1").mkdir()
    log = Log(tmp_path / "log.jsonl")
    for number in range(20):
        log.note("refused", number=number)
    log.close()
    assert (tmp_path / "log.jsonl").stat().st_size < 3 * 150
    assert '"number": 19' in capsys.readouterr().err


@pytest.mark.parametrize("standard_error", [None, "full", "closed"])
def test_a_disk_that_takes_neither_log_nor_complaint_stops_nobody(
    monkeypatch: pytest.MonkeyPatch, standard_error: str | None
) -> None:
    """A service may have its standard error on the same full disk, or none at all."""
    with Path("/dev/full").open("w", encoding="utf-8", buffering=1) as full:
        if standard_error == "closed":
            full.close()
        with monkeypatch.context() as nowhere:
            nowhere.setattr(sys, "stderr", full if standard_error else None)
            log = Log(Path("/dev/full"))
            log.note("failed", words="the disk is full")
            log.close()
        with contextlib.suppress(OSError):
            full.close()  # what it never took is still in its buffer


def test_a_log_that_cannot_be_opened_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(Misuse, match="cannot be written"):
        Log(tmp_path / "no folder" / "log.jsonl")


def test_no_log_takes_everything(tmp_path: Path) -> None:
    Log(None).note("started")
    assert list(tmp_path.iterdir()) == []
