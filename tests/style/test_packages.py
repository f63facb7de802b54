"""Each package says what it is and has tests; each refusal of the specification has one."""

import ast
import re

import pytest

from tests.style.tree import ROOT, SOURCE, functions, packages, parsed, project_files, python_files

DEFINED = re.compile(r"^\*\*R(\d+)\*\*", re.MULTILINE)
CITED_IN_PROSE = re.compile(r"\bR(\d+)\b")
CITED_IN_NAME = re.compile(r"(?<![a-z0-9])r(\d+)(?![a-z0-9])")


def refusals_defined() -> list[int]:
    """The numbers of the lines of docs/spec that begin with **R12**, in the order of the files."""
    pages = [path for path in project_files() if path.is_relative_to(ROOT / "docs/spec") and path.suffix == ".md"]
    return [int(number) for page in pages for number in DEFINED.findall(page.read_text(encoding="utf-8"))]


def refusals_cited() -> set[int]:
    """The numbers that a test's name or docstring cites."""
    cited: set[int] = set()
    for path in python_files("tests"):
        for node in functions(path):
            if node.name.startswith("test_"):
                numbers = CITED_IN_NAME.findall(node.name) + CITED_IN_PROSE.findall(ast.get_docstring(node) or "")
                cited.update(map(int, numbers))
    return cited


@pytest.mark.parametrize("package", packages())
def test_a_package_says_what_it_is(package: str) -> None:
    assert ast.get_docstring(parsed(SOURCE / package / "__init__.py"))


@pytest.mark.parametrize("package", packages())
def test_a_package_has_tests_of_its_own(package: str) -> None:
    assert [path for path in python_files(f"tests/{package}") if path.name.startswith("test_")]


def test_every_module_says_what_it_is() -> None:
    assert [path for path in python_files("src", "tools") if not ast.get_docstring(parsed(path))] == []


def refusals_raised() -> set[int]:
    """The numbers that the code gives as the rule of an error: a string constant that is R and digits, nothing else."""
    return {
        int(node.value[1:])
        for path in python_files("src")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"R\d+", node.value)
    }


def test_a_refusal_has_one_number_and_one_place_in_the_specification() -> None:
    numbers = refusals_defined()
    assert len(numbers) == len(set(numbers)) > 30


def test_every_refusal_of_the_specification_has_a_test_and_every_citation_a_refusal() -> None:
    assert refusals_cited() - set(refusals_defined()) == set(), "cited by a test, not in docs/spec"
    assert set(refusals_defined()) - refusals_cited() == set(), "in docs/spec, cited by no test"


def test_the_code_raises_what_the_specification_numbers_and_nothing_else() -> None:
    assert refusals_raised() - set(refusals_defined()) == set(), "raised, not in docs/spec"
    assert set(refusals_defined()) - refusals_raised() == set(), "in docs/spec, never raised"
