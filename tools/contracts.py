"""Run the import contracts of pyproject.toml over the packages that exist.

import-linter refuses a `forbidden` contract that names a module nobody has written yet, but the contracts name every
package of the design from the first day. So this reads them, checks that each name is one of the layers, leaves out
what is not written, and hands the rest to import-linter. Nothing else is left out, and no import is ever exempt.
"""

import sys
import tempfile
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "openline."


class ContractsBroken(Exception):
    """The contracts in pyproject.toml contradict themselves. Mend that file first."""


def layer_names(contracts: Iterable[Mapping[str, object]]) -> frozenset[str]:
    """Every package of the design, as the `layers` contract names them."""
    names: set[str] = set()
    for contract in contracts:
        if contract["type"] == "layers":
            layers = contract["layers"]
            assert isinstance(layers, list)
            for layer in layers:
                names.update(name.strip(" ()") for name in layer.replace("|", ":").split(":"))
    return frozenset(names)


def written(name: str) -> bool:
    """Whether this package, or single module, of the design exists."""
    return any((ROOT / "src/openline" / tail).is_file() for tail in (f"{name}/__init__.py", f"{name}.py"))


def kept_names(modules: Iterable[str], layers: frozenset[str]) -> list[str]:
    """The modules of one list that exist; raise ContractsBroken for one that is in no layer."""
    kept = []
    for module in modules:
        name = module.removeprefix(PREFIX)
        if name == module:
            kept.append(module)
        elif name not in layers:
            raise ContractsBroken(f"{module} is in a forbidden contract but in no layer")
        elif written(name):
            kept.append(module)
    return kept


def applicable(contracts: list[dict[str, object]]) -> list[dict[str, object]]:
    """The contracts as they can be checked today; one with nothing left on either side is not written yet."""
    layers = layer_names(contracts)
    result = []
    for contract in contracts:
        if "ignore_imports" in contract:
            raise ContractsBroken(f"{contract['id']} has exemptions; the design allows none")
        trimmed = dict(contract)
        for side in ("source_modules", "forbidden_modules"):
            if side in contract:
                modules = contract[side]
                assert isinstance(modules, list)
                trimmed[side] = kept_names(modules, layers)
        if all(trimmed.get(side, True) for side in ("source_modules", "forbidden_modules")):
            result.append(trimmed)
        else:
            sys.stdout.write(f"contract {contract['id']}: nothing written yet that it could judge\n")
    return result


def as_ini(contracts: list[dict[str, object]]) -> str:
    """The contracts in import-linter's own file format."""
    lines = ["[importlinter]", "root_package = openline", "include_external_packages = True"]
    for contract in contracts:
        lines.append(f"[importlinter:contract:{contract['id']}]")
        for key, value in contract.items():
            if isinstance(value, list):
                lines += [f"{key} =", *(f"    {item}" for item in value)]
            elif key != "id":
                lines.append(f"{key} = {value}")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Check every contract; the exit status is import-linter's own."""
    options = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "contracts.ini"
        path.write_text(as_ini(applicable(options["contracts"])), encoding="utf-8")
        return int(lint_imports(config_filename=str(path), no_logo=True))


if __name__ == "__main__":
    sys.exit(main())
