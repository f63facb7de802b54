"""One tree of errors: each says who is at fault and what to do next, and none shows what was said."""

import ast
import builtins

import pytest

import openline.errors
from openline.errors import (
    Fault,
    Forged,
    Inadmissible,
    Malformed,
    Misuse,
    OpenlineError,
    Rejected,
    StorageFailed,
    Unavailable,
)
from tests.style.tree import name_of, parsed, python_files

BUILT_IN = {
    name for name, value in vars(builtins).items() if isinstance(value, type) and issubclass(value, BaseException)
}


def subclasses(of: type[OpenlineError]) -> set[type[OpenlineError]]:
    """The classes below one, as far as errors.py defines them."""
    found = {below for below in of.__subclasses__() if below.__module__ == openline.errors.__name__}
    return found.union(*(subclasses(below) for below in found))


def test_every_exception_of_the_project_is_in_the_tree() -> None:
    """Who catches OpenlineError catches all that this package raises on purpose."""
    outside = {
        f"{name_of(path)}: {node.name}"
        for path in python_files("src")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ClassDef) and node.name != "OpenlineError"
        if any(isinstance(base, ast.Name) and base.id in BUILT_IN - {"object"} for base in node.bases)
    }
    assert outside == set()


def test_the_drawing_of_the_tree_names_every_class_in_it() -> None:
    drawing = openline.errors.__doc__ or ""
    assert all(f"─ {below.__name__} " in drawing for below in subclasses(OpenlineError))


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (Malformed, Fault.SENDER),
        (Forged, Fault.SENDER),
        (Inadmissible, Fault.SENDER),
        (Misuse, Fault.LOCAL),
        (StorageFailed, Fault.DISK),
        (Unavailable, Fault.PATH),
    ],
)
def test_each_error_says_who_is_at_fault(error: type[OpenlineError], fault: Fault) -> None:
    assert error.fault is fault


def test_a_refusal_names_its_rule_and_keeps_its_facts_out_of_the_sentence() -> None:
    error = Rejected("R7", "the receipt is for another line", hint="Ask the peer to confirm by voice.", seq=12)
    assert str(error) == "R7: the receipt is for another line"
    assert error.hint == "Ask the peer to confirm by voice."
    assert error.facts == {"seq": 12}


def test_an_error_without_a_rule_is_its_sentence() -> None:
    assert str(Misuse("no such line", hint="See `openline lines`.")) == "no such line"
