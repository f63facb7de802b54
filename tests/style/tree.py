"""The project's own files, as the structure tests read them."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src/openline"


@cache
def project_files() -> tuple[Path, ...]:
    """Every file of the project: what git tracks and what it would, never what it ignores."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    paths = (ROOT / name for name in listed.stdout.split("\0") if name)
    return tuple(sorted(path for path in paths if path.is_file()))


def python_files(*folders: str) -> list[Path]:
    """The project's Python files under these folders."""
    tops = [ROOT / folder for folder in folders]
    return [path for path in project_files() if path.suffix == ".py" and any(path.is_relative_to(top) for top in tops)]


@cache
def parsed(path: Path) -> ast.Module:
    """The syntax tree of one file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def name_of(path: Path) -> str:
    """A path as a reader of a failure wants to see it."""
    return path.relative_to(ROOT).as_posix()


def packages() -> list[str]:
    """The packages of openline that are written, single modules not included."""
    return sorted(
        path.parent.name for path in python_files("src") if path.parent.parent == SOURCE if path.stem == "__init__"
    )


def package_of(path: Path) -> str:
    """The first name under openline: `wire` for src/openline/wire/cbor.py, `limits` for src/openline/limits.py."""
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imported_modules(path: Path) -> Iterator[str]:
    """Every module that a file imports, in full: `from openline.wire import cbor` gives `openline.wire.cbor`."""
    inside = ("openline", *path.relative_to(SOURCE).parent.parts) if path.is_relative_to(SOURCE) else ()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = inside[: len(inside) - node.level + 1] if node.level else ()
            parts = (*base, *([node.module] if node.module else []))
            yield from (".".join((*parts, alias.name)) for alias in node.names)


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method of a file."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
