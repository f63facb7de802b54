"""Planted bugs: every patch still fits, and one of them is noticed."""

import shutil
from pathlib import Path

import pytest

from openline.cli.plants import checkout, find_plant, hunt, plant, plants
from openline.errors import Misuse

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


def test_a_name_that_fits_none_is_refused() -> None:
    with pytest.raises(Misuse, match="0 planted bugs"):
        find_plant(ROOT, "no-such-plant")
