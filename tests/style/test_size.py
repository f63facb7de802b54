"""Long functions are where code goes bad unseen, so the limit is checked and nobody is exempt."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.style.tree import functions, name_of, python_files

FUNCTION_LINES_MAX = 70  # docstring included: what fits on one screen
MODULE_LINES_MAX = 700  # one idea; the best codebases of our size keep it


def too_long(path: Path) -> Iterator[str]:
    """What in this file passes a limit, in words."""
    lines = len(path.read_text(encoding="utf-8").splitlines())
    if lines > MODULE_LINES_MAX:
        yield f"{name_of(path)}: {lines} lines"
    for node in functions(path):
        assert node.end_lineno is not None
        length = node.end_lineno - node.lineno + 1
        if length > FUNCTION_LINES_MAX:
            yield f"{name_of(path)}:{node.lineno} {node.name}: {length} lines"


def test_no_function_over_70_lines_and_no_module_over_700() -> None:
    found = [line for path in python_files("src", "tests", "tools", "benchmarks", "fuzz") for line in too_long(path)]
    assert found == []


@pytest.mark.parametrize(("body_lines", "refused"), [(69, False), (70, True)])
def test_the_limit_counts_the_def_line_and_every_line_after_it(
    tmp_path: Path, body_lines: int, *, refused: bool
) -> None:
    path = tmp_path / "sample.py"
    path.write_text("def f():\n" + "    x = 1\n" * body_lines, encoding="utf-8")
    lengths = [node.end_lineno for node in functions(path)]
    assert lengths == [body_lines + 1]
    assert (body_lines + 1 > FUNCTION_LINES_MAX) is refused
