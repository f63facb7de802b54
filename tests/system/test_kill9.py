"""A small campaign of kills, unattended; `python -m tools.kill9` is the large one."""

import json
import subprocess
import sys

KILLS = 12


def test_whoever_is_killed_and_whenever_every_message_arrives_once_with_its_receipt() -> None:
    command = [sys.executable, "-m", "tools.kill9", "--kills", str(KILLS), "--each", "0", "--most", str(KILLS)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=280, check=False)
    assert ended.returncode == 0, ended.stderr
    report = json.loads(ended.stdout)
    assert report["kills"] == sum(report["phases"].values()) == sum(report["victims"].values()) == KILLS
    assert report["messages"] == KILLS
    assert report["signatures_verified"] >= 2 * KILLS
