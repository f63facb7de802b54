"""Faults made between network namespaces, and the words that the other side shows for them."""

import json
import os
import subprocess
import sys

import pytest

from tools.networks import allowed
from tools.six_faults import FAULTS, LONG, QUICK


def test_every_word_of_silence_has_its_fault() -> None:
    assert set(FAULTS) == {*QUICK, *LONG}


def test_four_faults_made_for_real_give_four_words() -> None:
    if not allowed():
        assert os.environ.get("CI") != "true", "the automatic check must run as root, to make network namespaces"
        pytest.skip("network namespaces need root")
    command = [sys.executable, "-m", "tools.six_faults", "--quick"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stderr
    words = json.loads(done.stdout)
    assert set(words) == {"ANSWERS", *QUICK}
    assert {word for word, shown in words.items() if shown["known_by"] == "signed"} == set(words) - {"NO PATH"}
    assert all(shown["since"] for shown in words.values())
