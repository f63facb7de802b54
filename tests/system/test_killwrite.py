"""Some places at which a disk ends or fails a daemon; `python -m tools.killwrite` takes every one."""

import json
from pathlib import Path

import pytest

from openline.cli.lab import stop
from tools.killwrite import Campaign

PLACES = {
    "end": [("alba-1", 9), ("bora-1", 21)],
    "full": [("alba-1", 25)],
    "sync": [("alba-1", 5), ("relay-1", 5)],
}


@pytest.mark.parametrize("fault", PLACES)
def test_wherever_the_disk_gives_up_nothing_is_lost_and_nothing_unsynced_was_promised(
    tmp_path: Path, fault: str
) -> None:
    campaign = Campaign(tmp_path, fault)
    try:
        for victim, at in PLACES[fault]:
            assert campaign.harm(victim, at), f"{victim} did not come to operation {at}"
        assert campaign.verify() >= 2 * len(campaign.said)
    finally:
        stop(campaign.processes.values())
    assert len(campaign.said) == 2 * len(PLACES[fault])
    if fault != "end":
        log = (campaign.homes["alba-1"] / "log.jsonl").read_text(encoding="utf-8")
        failed = [json.loads(row) for row in log.splitlines() if '"failed"' in row]
        assert failed, "the daemon did not say why it ended"
        assert failed[0]["hint"]
