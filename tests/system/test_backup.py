"""An old copy of a station is started for real: it says nothing until it has heard, then goes on and says again."""

import json
from pathlib import Path

from tests.system.stage import Stage, running, until

RECOVERY_S = 200.0


def texts(stage: Stage, name: str, *arguments: str) -> list[str]:
    found = stage.json("inbox", "--home", stage.homes[name], "--peek", *arguments)["messages"]
    return [message["fields"]["text"] for message in found]


def logged(home: Path) -> list[dict[str, object]]:
    return [json.loads(row) for row in (home / "log.jsonl").read_text(encoding="utf-8").splitlines()]


def test_a_restored_station_recovers_what_it_said_and_loses_and_doubles_nothing(tmp_path: Path) -> None:
    stage = Stage(tmp_path / "net")
    alba = stage.homes["alba-1"]
    with running(stage, "relay-1", "alba-1", "bora-1"):
        stage.meet()
        stage.send("alba-1", "T1", "--wait", "stored", text="before the backup")
        stage.stop("alba-1")
        stage.send("alba-1", "T1", text="without a receipt in the backup")
        stage.run("station", "backup", "--home", alba, tmp_path / "copy")
        stage.start("alba-1")
        stage.meet()
        stage.send("alba-1", "T1", "--wait", "stored", text="after the backup")
        first = stage.lines("alba-1")["generation"]
        stage.stop("alba-1", "bora-1")
        # The disk is lost; the backup is put in its place, as docs/operations.md tells.  The other side is away.
        for file in alba.glob("station.db*"):
            file.unlink()
        (tmp_path / "copy").replace(alba / "station.db")
        stage.start("alba-1")
        assert stage.lines("alba-1")["recovering"]
        told = stage.run("send", "--home", alba, "--kind", "T1", "--text", "too early", status=2)
        assert "older copy of itself" in told
        stage.stop("alba-1")
        stage.start("bora-1", "alba-1")
        # What the other side sealed to keys that the copy lacks is lost; its fresh prekey is greeted at once.
        until(lambda: not stage.lines("alba-1")["recovering"] or None, "it did not recover", RECOVERY_S)
        until(lambda: stage.lines("alba-1")["outbox"] == 0 or None, "what it said again was not stored")
        assert stage.lines("alba-1")["generation"] != first
        assert "it ran from an older copy" in stage.run("lines", "--home", alba)
        stage.send("alba-1", "T1", "--wait", "stored", text="after the restore")
        said = ["before the backup", "without a receipt in the backup", "after the backup", "after the restore"]
        assert texts(stage, "bora-1") == said
        assert sorted(texts(stage, "alba-1", "--sent")) == sorted(said)
        # The mark of the copy ends with the first commit; from then on the station itself knows that it is recovering.
        assert [row["copy"] for row in logged(alba) if row["what"] == "started"][-2:] == ["backup", "none"]
