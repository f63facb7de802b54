"""Some places at which a disk ends or fails a daemon; `python -m tools.killwrite` takes every one."""

import json
from pathlib import Path
from random import Random

import pytest

from openline.cli.lab import stop
from tools.killwrite import Campaign, play, play_pairs

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
            assert campaign.harm(victim, at) == 1, f"{victim} did not come to operation {at}"
        assert campaign.verify() >= 2 * len(campaign.said)
    finally:
        stop(campaign.processes.values())
    assert len(campaign.said) == 2 * len(PLACES[fault])
    if fault != "end":
        log = (campaign.homes["alba-1"] / "log.jsonl").read_text(encoding="utf-8")
        failed = [json.loads(row) for row in log.splitlines() if '"failed"' in row]
        assert failed, "the daemon did not say why it ended"
        assert failed[0]["hint"]


@pytest.mark.parametrize(("victim", "first", "second"), [("alba-1", 20, 3), ("bora-1", 18, 2), ("relay-1", 14, 2)])
def test_who_ends_again_while_it_recovers_from_the_first_time_loses_nothing(
    tmp_path: Path, victim: str, first: int, second: int
) -> None:
    campaign = Campaign(tmp_path, "end")
    try:
        assert campaign.harm(victim, first, second) == 2
        assert campaign.verify() >= 2 * len(campaign.said)
    finally:
        stop(campaign.processes.values())
    assert campaign.endings.total() == 2


def test_a_run_that_never_comes_to_its_place_ends_the_campaign(tmp_path: Path) -> None:
    told: list[str] = []
    campaign = Campaign(tmp_path, "end")
    try:
        assert play(campaign, "relay-1", 500, 1, 9, told.append) == {"runs": 1, "operations": 499}
        pairs = play_pairs(campaign, "relay-1", 1, Random(1), told.append)
        assert pairs == {"pairs": 1, "ended_twice": 1, "ended_once": 0, "unharmed": 0}, told[-1]
        assert campaign.harm("relay-1", 500) == 0
    finally:
        stop(campaign.processes.values())
    assert told[0] == "relay-1: operation 500, unharmed"
