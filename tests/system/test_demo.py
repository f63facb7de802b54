"""`openline demo --headless`: a script's proof that everything works on this machine."""

import json
import subprocess

from openline.cli.blocks import STATUSES
from tests.system.stage import program


def test_the_demo_reaches_every_status_and_verifies_it_from_the_stores_alone() -> None:
    ended = subprocess.run(
        program("demo", "--headless", "--json"), capture_output=True, text=True, timeout=120, check=False
    )
    assert ended.returncode == 0, ended.stderr
    shown = json.loads(ended.stdout)
    assert set(shown["statuses"]) == set(STATUSES)
    assert shown["exercise"] == "EXERCISE"
    assert {message["exercise"] for message in shown["messages"]} == {"EXERCISE"}
    assert shown["verified"] > len(shown["messages"]) * 2
