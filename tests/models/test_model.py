"""The models are made from the code's own table, hold in a small bound, and a planted fault is found."""

from pathlib import Path

import pytest

from openline.dialogue.states import ALARMING, ENDED, TABLE, Input, State
from openline.dialogue.thread import STANDBY_MAX
from tools import model
from tools.model import Check, Result, planted_table, promela, run

LITTLE = Check("delivery", ("PAIRS=2", "LOSSES=1", "DOUBLES=0", "CRASHES=0"))


@pytest.fixture(autouse=True)
def spin_is_here() -> None:
    if model.missing():
        pytest.skip("spin and a C compiler are needed; tools/packages.txt names the Debian packages")


def numbers(text: str, prefix: str) -> dict[str, int]:
    """The numbers that the model gives to names that begin so."""
    defined = (line.split() for line in text.splitlines() if line.startswith(f"#define {prefix}"))
    return {words[1]: int(words[2]) for words in defined if len(words) == 3 and words[2].isdigit()}


def test_the_model_has_every_row_of_the_codes_table_and_no_other() -> None:
    text = promela(TABLE, ALARMING)
    rows = [
        [int(cell) for cell in line.strip(" {},").split(",")] for line in text.splitlines() if line.startswith("  {")
    ]
    states, happenings = list(State), list(Input)
    read = {
        (states[row], happenings[column]): states[cell]
        for row, cells in enumerate(rows)
        for column, cell in enumerate(cells)
        if cell != int(model.NOTHING)
    }
    assert read == TABLE
    assert numbers(text, "S_") == {f"S_{state.name}": number for number, state in enumerate(states)}
    assert numbers(text, "STANDBY_MAX") == {"STANDBY_MAX": STANDBY_MAX}


def test_every_state_that_has_not_ended_can_be_ended_by_the_asker() -> None:
    assert all(TABLE[state, Input.CANCELLATION] in ENDED for state in State if state not in ENDED)


def test_a_planted_table_differs_from_the_true_one() -> None:
    true = planted_table("")
    for fault in ("SILENCE_CLOSES", "NO_WAY_OUT", "QUIET_WHEN_OVERDUE"):
        assert planted_table(fault) != true


def test_a_small_bound_holds_and_the_same_bound_with_a_fault_does_not(tmp_path: Path) -> None:
    sound, broken = tmp_path / "sound", tmp_path / "broken"
    sound.mkdir()
    broken.mkdir()
    held = run(LITTLE, sound)
    assert held.violated == ""
    assert held.states > 1_000
    found = run(Check(LITTLE.model, LITTLE.bounds, "NO_RETRY"), broken)
    assert "assertion violated" in found.violated


def test_a_check_that_finds_nothing_where_a_fault_is_planted_has_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing_violated(_check: Check, _folder: Path) -> Result:
        return Result(10, "", 0.1)

    monkeypatch.setattr(model, "run", nothing_violated)
    assert model.judge(LITTLE)
    assert not model.judge(Check(LITTLE.model, LITTLE.bounds, "NO_RETRY"))
