"""The log takes what it can, begins a new file in time, and never stops a station."""

import json
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


def test_a_log_that_cannot_be_opened_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(Misuse, match="cannot be written"):
        Log(tmp_path / "no folder" / "log.jsonl")


def test_no_log_takes_everything(tmp_path: Path) -> None:
    Log(None).note("started")
    assert list(tmp_path.iterdir()) == []
