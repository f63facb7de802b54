"""Words that must not stand in the project, each with its reason.

The patterns are written with one letter in brackets, so that this file does not find itself.
"""

import re
from pathlib import Path

import pytest

from tests.style.tree import name_of, project_files, python_files

EXCUSES = {
    r"pragma[:] no cover": "a line nobody tests is a line nobody may ship",
    r"type[:] ignore": "the types are strict; say the truth to the checker",
    r"\bno[q]a\b": "a rule that is wrong is excluded in pyproject.toml, with its reason",
    r"NotImplementedErro[r]": "no empty shells",
    r"\b(TOD[O]|FIXM[E]|XX[X])\b": "write an issue, or do it",
    r"mark\.(ski[p]|xfai[l])": "a test that does not run protects nothing",
}

PLACES = {
    r"pypi[.]org|pythonhosted[.]org|npmjs[.]org|deb[.]debian[.]org": "anyone may install from a mirror",
    r"(?<![\w.-])/(wor[k]|roo[t]|hom[e]/\w+|User[s])/": "a path of somebody's machine",
}


def lines_with(pattern: str, paths: list[Path]) -> list[str]:
    """Where a pattern stands, as file:line: text."""
    found = []
    expression = re.compile(pattern)
    for path in paths:
        text = path.read_bytes().decode("utf-8", errors="ignore")
        if expression.search(text):
            found += [
                f"{name_of(path)}:{number}: {line.strip()[:120]}"
                for number, line in enumerate(text.splitlines(), 1)
                if expression.search(line)
            ]
    return found


@pytest.mark.parametrize("pattern", EXCUSES)
def test_code_makes_no_excuses(pattern: str) -> None:
    found = lines_with(pattern, python_files("src", "tests", "tools", "benchmarks", "fuzz"))
    assert found == [], EXCUSES[pattern]


@pytest.mark.parametrize("pattern", PLACES)
def test_nothing_names_a_registry_or_somebodys_machine(pattern: str) -> None:
    assert lines_with(pattern, list(project_files())) == [], PLACES[pattern]


@pytest.mark.parametrize(
    ("pattern", "sample"),
    [
        (r"pragma[:] no cover", "x = 1  # pragma" + ": no cover"),
        (r"type[:] ignore", "x = 1  # type" + ": ignore[misc]"),
        (r"\bno[q]a\b", "x = 1  # no" + "qa: E501"),
        (r"(?<![\w.-])/(wor[k]|roo[t]|hom[e]/\w+|User[s])/", "cp a /ro" + "ot/b"),
    ],
)
def test_each_pattern_finds_what_it_is_for(tmp_path: Path, pattern: str, sample: str) -> None:
    assert pattern in EXCUSES or pattern in PLACES
    assert re.search(pattern, sample)
