"""Who may import whom: the table of the architecture, package by package.

The contracts in pyproject.toml forbid what must never be reached, also through others. This table is narrower: it names
what each package may import directly, so that a new edge between two packages is a decision and not an accident.
"""

import ast
import tomllib
from pathlib import Path

import pytest

from tests.style.tree import ROOT, SOURCE, imported_modules, name_of, package_of, packages, parsed, python_files
from tools.contracts import applicable, layer_names

GROUND = frozenset({"errors", "identifiers", "limits"})
WORDS = GROUND | {"wire", "ports"}
PARTS = WORDS | {"catalogue", "charter", "sessions", "tlog", "link", "mailbox", "delivery", "dialogue"}
BELOW_RUNTIME = PARTS | {"press", "record", "mediation", "situation", "engine", "simulation", "store", "transports"}

MAY_IMPORT: dict[str, frozenset[str]] = {
    "errors": GROUND,
    "identifiers": GROUND,
    "limits": GROUND,
    "wire": GROUND,
    "ports": GROUND | {"wire"},
    "charter": WORDS,
    "catalogue": GROUND | {"wire"},
    "sessions": WORDS,
    "tlog": WORDS,
    "link": WORDS,
    "mailbox": WORDS,
    "press": GROUND,
    "delivery": WORDS | {"sessions", "tlog", "charter"},
    "dialogue": WORDS | {"catalogue", "charter"},
    "record": WORDS | {"charter", "catalogue", "tlog"},
    "mediation": WORDS | {"catalogue", "dialogue"},
    "situation": WORDS | {"catalogue", "dialogue"},
    "engine": PARTS - {"link", "mailbox"} | {"mediation", "situation"},
    "simulation": PARTS | {"engine"},
    "store": WORDS,
    "transports": WORDS | {"link"},
    "relay": WORDS | {"mailbox", "store", "transports"},
    "runtime": BELOW_RUNTIME | {"relay"},
    "control": GROUND | {"wire"},
    "exercises": GROUND | {"control", "simulation", "catalogue"},
    "console": GROUND | {"control", "catalogue", "wire"},
    "cli": BELOW_RUNTIME | {"relay", "runtime", "control", "exercises"},
}

MAY_USE_CRYPTOGRAPHY = frozenset({"sessions", "charter", "tlog", "runtime", "transports"})

SANS_IO = (
    MAY_IMPORT.keys()
    - GROUND
    - {
        "store",
        "transports",
        "relay",
        "runtime",
        "control",
        "exercises",
        "console",
        "cli",
    }
)


def edges(path: Path) -> set[str]:
    """The packages of openline that one file imports directly, its own not counted."""
    own = package_of(path)
    names = (module.split(".") for module in imported_modules(path))
    return {parts[1] for parts in names if parts[0] == "openline" and len(parts) > 1 and parts[1] != own} - {"__init__"}


def test_every_package_stands_in_the_table() -> None:
    assert set(packages()) <= MAY_IMPORT.keys()


@pytest.mark.parametrize("package", sorted(MAY_IMPORT))
def test_a_package_imports_only_what_its_row_allows(package: str) -> None:
    found = {
        f"{name_of(path)} imports {other}"
        for path in python_files("src")
        if path.parent != SOURCE or path.stem != "__init__"
        if package_of(path) == package
        for other in edges(path) - MAY_IMPORT[package]
    }
    assert found == set()


def test_only_five_packages_know_the_cryptographic_library() -> None:
    found = {
        name_of(path)
        for path in python_files("src")
        if any(module.split(".")[0] == "cryptography" for module in imported_modules(path))
        if package_of(path) not in MAY_USE_CRYPTOGRAPHY
    }
    assert found == set()


def test_the_core_never_asks_what_time_it_is() -> None:
    """Time comes in with the event. A call of now(), utcnow() or today() would make a run impossible to repeat."""
    found = {
        f"{name_of(path)}:{node.lineno} .{node.func.attr}()"
        for path in python_files("src")
        if package_of(path) in SANS_IO
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if node.func.attr in {"now", "utcnow", "today"}
        if isinstance(node.func.value, ast.Name | ast.Attribute)
        if getattr(node.func.value, "id", getattr(node.func.value, "attr", "")) in {"datetime", "date"}
    }
    assert found == set()


def test_the_contracts_name_the_same_packages_as_the_table_and_exempt_nothing() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    assert layer_names(contracts) == MAY_IMPORT.keys()
    assert not any("ignore_imports" in contract for contract in contracts)
    assert {"layers", "sans-io"} <= {contract["id"] for contract in applicable(contracts)}
