"""A page that says which test shows something names a test that exists."""

import re
from pathlib import Path

import pytest

from tests.style.tree import ROOT, functions, name_of, project_files, python_files

CITED = re.compile(r"`(test_[a-z0-9_]+)`")
DOCUMENTS = [path for path in project_files() if path.is_relative_to(ROOT / "docs") and path.suffix == ".md"]
PAGES = [path for path in DOCUMENTS if CITED.search(path.read_text(encoding="utf-8"))]
ARGUED = ("docs/attacks.md", "docs/failure-modes.md")


def existing_tests() -> set[str]:
    """The names of every test function of the project."""
    return {node.name for path in python_files("tests") for node in functions(path) if node.name.startswith("test_")}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_test_that_a_page_names_exists(page: Path) -> None:
    cited = set(CITED.findall(page.read_text(encoding="utf-8")))
    assert cited - existing_tests() == set()


@pytest.mark.parametrize("name", ARGUED)
def test_every_row_of_an_argued_table_ends_in_a_test(name: str) -> None:
    rows = [line for line in (ROOT / name).read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    told = [row for row in rows if not row.startswith(("| ---", "| # ", "| it |", "| kind of attack"))]
    assert len(told) > 20
    assert [row for row in told if not CITED.search(row.rstrip(" |").rpartition("|")[2])] == []
