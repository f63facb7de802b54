"""Planted bugs: every patch still fits, one of them is noticed, and the table is what the lines of hunts say."""

import json
import shutil
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from openline.cli.plants import checkout, find_plant, hunt, plant, plants
from openline.errors import Misuse
from tools.plants import LINES, TABLE, Hunted, newest, patch_digest, read_lines, table

ROOT = checkout()


def test_there_are_forty_and_each_says_what_it_is() -> None:
    found = plants(ROOT)
    assert len(found) >= 40
    assert [path.stem[:2] for path in found] == [f"{number:02}" for number in range(1, len(found) + 1)]
    assert all(path.read_text(encoding="utf-8").splitlines()[0].endswith(".") for path in found)


@pytest.mark.parametrize("patch", plants(ROOT), ids=lambda path: path.stem)
def test_each_fits_the_source(patch: Path, tmp_path: Path) -> None:
    names = [line[6:] for line in patch.read_text(encoding="utf-8").splitlines() if line.startswith("+++ b/")]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    plant(patch, tmp_path)
    for name in names:
        planted = (tmp_path / name).read_text(encoding="utf-8")
        assert planted != (ROOT / name).read_text(encoding="utf-8")
        compile(planted, name, "exec")


def test_a_planted_bug_is_noticed_by_its_checker() -> None:
    found = hunt(ROOT, find_plant(ROOT, "run-counter-stands-still"), 0, 3)
    assert found.checker == "nonce"


def test_a_patch_that_fits_no_more_is_no_bug_that_nobody_noticed(tmp_path: Path) -> None:
    """It was written down as hunted in vain."""
    stale = tmp_path / "99-stale.patch"
    stale.write_text(plants(ROOT)[0].read_text(encoding="utf-8").replace("\n-", "\n-no such line "), encoding="utf-8")
    with pytest.raises(Misuse, match="no longer fits"):
        hunt(ROOT, stale, 0, 1)


def test_a_name_that_fits_none_is_refused() -> None:
    with pytest.raises(Misuse, match="0 planted bugs"):
        find_plant(ROOT, "no-such-plant")


def hunted(seed: int | None, end: int = 200) -> Hunted:
    patch = plants(ROOT)[0]
    return Hunted("c0ffee", patch.stem, patch_digest(patch), end, seed, "lost" if seed is not None else "", "gone")


def test_the_last_hunt_counts_and_one_of_another_patch_does_not() -> None:
    old = replace(hunted(7), patch="another")
    assert newest(ROOT, [old]) == {}
    assert newest(ROOT, [hunted(None), hunted(3), old]) == {hunted(3).plant: hunted(3)}
    assert newest(ROOT, [hunted(300), hunted(None, 200)]) == {hunted(3).plant: hunted(300)}
    assert newest(ROOT, [hunted(300), hunted(None, 400)]) == {hunted(3).plant: hunted(None, 400)}


def test_lines_are_read_as_they_were_written(tmp_path: Path) -> None:
    assert read_lines(tmp_path) == []
    (tmp_path / LINES).parent.mkdir(parents=True)
    (tmp_path / LINES).write_text(json.dumps(asdict(hunted(3))) + "\n" + json.dumps(asdict(hunted(None))) + "\n")
    assert read_lines(tmp_path) == [hunted(3), hunted(None)]


def test_the_table_says_what_was_found_and_what_was_tried_in_vain() -> None:
    name = hunted(3).plant
    found, missed = table(ROOT, {name: hunted(3)}), table(ROOT, {name: hunted(None)})
    assert f"Found: 1 of {len(plants(ROOT))}." in found
    assert f"| {name} | Two approvals of the wrong people are enough. | 3 | lost | gone | c0ffee |" in found
    assert "Found: 0 of" in missed
    assert "| not in 200 |" in missed
    assert missed.count("| not hunted |") == len(plants(ROOT)) - 1


def test_the_page_is_made_from_the_lines() -> None:
    assert (ROOT / TABLE).read_text(encoding="utf-8") == table(ROOT, newest(ROOT, read_lines(ROOT)))
