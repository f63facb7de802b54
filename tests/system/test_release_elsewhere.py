"""Release by two with real daemons: one officer at each of a party's two stations, one of them killed in between."""

import json
from pathlib import Path

from tests.system.stage import HAZARD, Stage, running, until


def test_two_officers_at_two_stations_release_what_is_said_once_and_stays_theirs_until_then(tmp_path: Path) -> None:
    stage = Stage(tmp_path / "net", stations=2)
    for name, gone in (("alba-1", 2), ("alba-2", 1)):  # each officer's key is at one station only
        (stage.homes[name] / "officers" / f"officer-{gone}.key").unlink()
    launch = tmp_path / "n1.json"
    launch.write_text(json.dumps({
        "class": "space_launch_vehicle", "count": 1, "site": "39.66N 124.70E", "purpose": "space",
        "window": "2026-12-09T20:00Z/2026-12-10T02:00Z", "azimuth": 100, "impact_areas": [HAZARD["area"]],
    }))  # fmt: skip
    here, there, bora = (stage.homes[name] for name in ("alba-1", "alba-2", "bora-1"))
    with running(stage):
        stage.meet()
        kept = stage.json("send", "--home", here, "--kind", "N1", "--fields", launch, "--officer", 1)["draft"]
        assert not stage.json("approve", "--home", here, kept[:8], "--officer", 1)["said"]

        def drafts(name: str) -> list[dict[str, object]]:
            return list(stage.ask(name, do="drafts")["drafts"])

        until(lambda: [each for each in drafts("alba-2") if each["approved_by"]] or None, "it did not come to alba-2")
        listed = stage.run("drafts", "--home", there)
        assert "drafted at alba-1" in listed
        assert drafts("bora-1") == drafts("bora-2") == []
        assert "no key file" in stage.run("approve", "--home", there, kept[:8], "--officer", 1, status=2)

        stage.kill("alba-1")
        approved = stage.json("approve", "--home", there, kept[:8], "--officer", 2)
        assert (approved["said"], approved["state"], approved["drafted_at"]) == (False, "READY", "alba-1")
        stage.kill("alba-2")
        stage.start("alba-1", "alba-2")
        arrived = until(
            lambda: next((each for each in stage.json("inbox", "--home", bora)["messages"]), None),
            "the launch did not arrive",
        )
        assert (arrived["id"], arrived["from"], arrived["approved_by"]) == (kept, "alba-1", [1, 2])
        until(lambda: (not drafts("alba-1") and not drafts("alba-2")) or None, "it is still a draft")

        another = stage.json("send", "--home", there, "--kind", "N1", "--fields", launch, "--officer", 2)["draft"]
        until(lambda: [each for each in drafts("alba-1") if each["id"] == another] or None, "it did not come to alba-1")
        stage.run("refuse", "--home", here, another[:8], "--officer", 1, "--reason", "wrong area")
        until(lambda: [each for each in drafts("alba-2") if each["refused_by"] == 1] or None, "nobody was told")
        assert "REFUSED by officer 1: wrong area" in stage.run("drafts", "--home", there)
        stage.run("approve", "--home", there, another[:8], "--officer", 2, status=2)
        assert len(stage.json("inbox", "--home", bora)["messages"]) == 1
