"""Mutation testing: each thing that the code says must have a test that would miss it.

    python -m tools.mutate wire --mutants 400 --seed 1
    python -m tools.mutate wire sessions --mutants 60 --seed 1 --record docs/campaigns/mutation.jsonl

One small change after another is made to a copy of a package (never to the package), and that package's own tests run
on the copy.  A mutant that no test notices survives and is listed: either a test is missing, or the change makes no
difference that anybody could see.  The mutants are drawn by the seed from all that there are, so a run can be repeated.

Left alone: annotations, docstrings, the words of errors, `__all__`, and decorators; a change there is no fault.
"""

import argparse
import ast
import contextlib
import copy
import importlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COPIED = ("src", "tests", "vectors", "docs", "pyproject.toml")
SHARED = {
    "sessions": ("tests/wire/test_vectors.py",),
    "tlog": ("tests/wire/test_vectors.py",),
    "delivery": ("tests/engine",),
}
"""Tests elsewhere that are a package's own: vectors are judged in one place, and delivery is seen through a station."""

FACTOR = 6  # a mutant that takes so many times as long as the sound code, and five seconds, is taken for endless
SPARE_S = 5.0

OPPOSITE: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,), ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,), ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
}  # fmt: skip
OTHER_WAY: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.FloorDiv: ast.Mult, ast.Mod: ast.FloorDiv,
    ast.LShift: ast.RShift, ast.RShift: ast.LShift, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
QUIET = ("description", "message", "hint", "reason")
"""Keyword arguments that hold words for people."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: where it is, what stood there, and what stands there now."""

    file: str
    line: int
    before: str
    after: str
    source: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one mutant: `killed` (a test failed), `endless` (no end in time) or `survived`."""

    file: str
    line: int
    before: str
    after: str
    outcome: str
    seconds: float


# ---------------------------------------------------------------- making mutants


def changes(node: ast.AST) -> Iterator[ast.AST]:
    """Yield every small change of one node, as a node to stand in its place."""
    for make in (_comparisons, _arithmetic, _constants, _conditions, _statements, _calls):
        yield from make(node)


def _comparisons(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Compare):
        for place, operator in enumerate(node.ops):
            for other in OPPOSITE.get(type(operator), ()):
                changed = copy.deepcopy(node)
                changed.ops[place] = other()
                yield changed


def _arithmetic(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.BinOp) and type(node.op) in OTHER_WAY:
        changed = copy.deepcopy(node)
        changed.op = OTHER_WAY[type(node.op)]()
        yield changed


def _constants(node: ast.AST) -> Iterator[ast.AST]:
    if not isinstance(node, ast.Constant):
        return
    value = node.value
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int):
        yield ast.Constant(value + 1)
        yield ast.Constant(value - 1)
    elif isinstance(value, bytes) and value:
        yield ast.Constant(value[:-1])
    elif isinstance(value, str) and value and " " not in value:
        yield ast.Constant(value + "x")


def _conditions(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.BoolOp):
        changed = copy.deepcopy(node)
        changed.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield changed
        for place in range(len(node.values)):
            fewer = copy.deepcopy(node)
            del fewer.values[place]
            yield fewer if len(fewer.values) > 1 else fewer.values[0]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield copy.deepcopy(node.operand)
    if isinstance(node, ast.If | ast.While | ast.IfExp):
        changed_branch = copy.deepcopy(node)
        changed_branch.test = ast.UnaryOp(ast.Not(), copy.deepcopy(node.test))
        yield changed_branch


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    dropped = isinstance(node, ast.Raise | ast.AugAssign | ast.Delete)
    dropped = dropped or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call))
    dropped = dropped or (isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute | ast.Subscript))
    if dropped:
        yield ast.Pass()
    if isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
        yield ast.Return(ast.Constant(None))
    if isinstance(node, ast.Break):
        yield ast.Continue()
    if isinstance(node, ast.Continue):
        yield ast.Break()


def _calls(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Call) and len(node.args) > 1 and not _is_raised(node) and not _is_symmetric(node):
        changed = copy.deepcopy(node)
        changed.args[0], changed.args[1] = changed.args[1], changed.args[0]
        if ast.dump(changed) != ast.dump(node):
            yield changed


def _is_symmetric(node: ast.Call) -> bool:
    """Whether the order of the arguments means nothing."""
    return isinstance(node.func, ast.Name) and node.func.id in ("max", "min")


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_raised(node: ast.Call) -> bool:
    """Whether the call makes an error: its first letter is a capital, and its first argument a rule or words."""
    return isinstance(node.func, ast.Name) and node.func.id[0].isupper() and isinstance(node.args[0], ast.Constant)


def places(node: ast.AST, *, in_error: bool = False) -> Iterator[tuple[ast.AST, str, int | None, ast.AST]]:
    """Yield parent, field, index and node of everything that may be changed under `node`."""
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "bases", "keywords") and isinstance(
            node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.arg | ast.AnnAssign
        ):
            continue
        items: Sequence[tuple[int | None, object]]
        items = list(enumerate(value)) if isinstance(value, list) else [(None, value)]
        for index, item in items:
            if not isinstance(item, ast.AST) or _left_alone(node, name, index, item):
                continue
            error = in_error or isinstance(node, ast.Raise)
            if not (error and _is_words(item)):
                yield node, name, index, item
            yield from places(item, in_error=error)


def _left_alone(parent: ast.AST, field: str, index: int | None, node: ast.AST) -> bool:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True  # a docstring, or a string that says what the name above it is
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "__all__":
        return True
    if isinstance(node, ast.keyword) and node.arg in QUIET:
        return True
    if isinstance(node, ast.JoinedStr):
        return True
    names_a_type = isinstance(parent, ast.Call) and isinstance(parent.func, ast.Name) and parent.func.id in _TYPE_MAKERS
    return names_a_type and field == "args" and index == 0


_TYPE_MAKERS = ("NewType", "TypeVar", "cast")


def _is_words(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value
    )


def mutants_of(path: Path, name: str, wanted: Collection[int] | None = None) -> Iterator[Mutant]:
    """Yield the mutants of one file, or only those whose numbers are wanted: to write out a source takes time."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    every = (
        (parent, field, index, node, changed)
        for parent, field, index, node in list(places(tree))
        for changed in changes(node)
    )
    for number, (parent, field, index, node, changed) in enumerate(every):
        if wanted is not None and number not in wanted:
            continue
        ast.copy_location(changed, node)
        _put(parent, field, index, changed)
        source = ast.unparse(ast.fix_missing_locations(tree))
        _put(parent, field, index, node)
        yield Mutant(name, getattr(node, "lineno", 0), _short(node), _short(changed), source)


def count_of(path: Path) -> int:
    """Return how many mutants a file has."""
    return sum(1 for *_, node in places(ast.parse(path.read_text(encoding="utf-8"))) for _ in changes(node))


def _put(parent: ast.AST, field: str, index: int | None, node: ast.AST) -> None:
    if index is None:
        setattr(parent, field, node)
    else:
        getattr(parent, field)[index] = node


def _short(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 90 else f"{text[:87]}..."


# ---------------------------------------------------------------- judging them


def in_copy(work: Path) -> None:
    """Copy what the tests need into `work` and make its source the one that is imported."""
    for name in COPIED:
        source, target = ROOT / name, work / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    os.chdir(work)
    sys.path[:0] = [str(work / "src"), str(work)]
    sys.dont_write_bytecode = True
    os.environ["HYPOTHESIS_PROFILE"] = os.environ.get("HYPOTHESIS_PROFILE", "quick")
    for name in ("pytest", "hypothesis", "cryptography.hazmat.primitives.asymmetric.ed25519"):
        importlib.import_module(name)  # once, before any mutant: only openline itself is imported anew for each


def tests_fail(package: str, seconds: float) -> bool | None:
    """Run the package's tests in a child process; return whether any failed, None if they did not end in time."""
    child = os.fork()
    if child == 0:
        _run_tests(package)
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status) != 0
        time.sleep(0.02)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def _run_tests(package: str) -> None:
    """End this (child) process with pytest's status."""
    status = 1
    try:
        os.setsid()
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        pytest = importlib.import_module("pytest")
        options = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:cov"]
        options += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]  # Hypothesis was imported before the fork
        status = int(pytest.main([*options, "--hypothesis-seed=0", f"tests/{package}", *SHARED.get(package, ())]))
    finally:
        os._exit(status)


def judge(package: str, chosen: Sequence[Mutant], work: Path, told: Callable[[Verdict], None]) -> list[Verdict]:
    """Put each mutant into the copy in turn and run the tests.  Ends the program if the sound code fails them."""
    begun = time.monotonic()
    if tests_fail(package, 600):
        sys.exit(f"tests/{package} fail on the code as it is; mend that first")
    allowed = FACTOR * (time.monotonic() - begun) + SPARE_S
    verdicts = []
    for mutant in chosen:
        path = work / mutant.file
        sound = path.read_text(encoding="utf-8")
        path.write_text(mutant.source, encoding="utf-8")
        begun = time.monotonic()
        failed = tests_fail(package, allowed)
        path.write_text(sound, encoding="utf-8")
        outcome = {True: "killed", None: "endless", False: "survived"}[failed]
        seconds = round(time.monotonic() - begun, 2)
        verdict = Verdict(mutant.file, mutant.line, mutant.before, mutant.after, outcome, seconds)
        told(verdict)
        verdicts.append(verdict)
    return verdicts


def chosen_of(package: str, count: int, seed: int) -> tuple[list[Mutant], int]:
    """Return the mutants that the seed draws, and how many there are in all."""
    files = sorted((ROOT / "src/openline" / package).rglob("*.py"))
    counts = [count_of(path) for path in files]
    drawn = set(random.Random(seed).sample(range(sum(counts)), min(count, sum(counts))))
    chosen: list[Mutant] = []
    first = 0
    for path, number in zip(files, counts, strict=True):
        wanted = {place - first for place in drawn if first <= place < first + number}
        if wanted:
            chosen += mutants_of(path, path.relative_to(ROOT).as_posix(), wanted)
        first += number
    return chosen, sum(counts)


def campaign(package: str, count: int, seed: int, record: Path | None) -> int:
    """Judge one package's mutants, print the survivors, add one line to `record`; return how many survived."""
    chosen, every = chosen_of(package, count, seed)
    print(f"{package}: {len(chosen)} of {every} mutants, seed {seed}", flush=True)

    def told(verdict: Verdict) -> None:
        if verdict.outcome == "survived":
            print(f"  survived  {verdict.file}:{verdict.line}  {verdict.before}  ->  {verdict.after}", flush=True)

    with tempfile.TemporaryDirectory(prefix="openline-mutants-") as folder:
        in_copy(Path(folder))
        verdicts = judge(package, chosen, Path(folder), told)
        os.chdir(ROOT)
    survivors = [verdict for verdict in verdicts if verdict.outcome == "survived"]
    score = 100 * (len(verdicts) - len(survivors)) / max(1, len(verdicts))
    print(f"{package}: {len(verdicts) - len(survivors)} of {len(verdicts)} noticed, {score:.1f} %", flush=True)
    if record is not None:
        line = {
            "package": package, "commit": commit(), "seed": seed, "mutants": len(verdicts), "of": every,
            "endless": sum(verdict.outcome == "endless" for verdict in verdicts), "score": round(score, 1),
            "survivors": [asdict(verdict) for verdict in survivors],
        }  # fmt: skip
        with record.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
    return len(survivors)


def commit() -> str:
    """The commit that the source stands at, with a plus sign if files have changed since."""
    command = ["git", "describe", "--always", "--dirty=+", "--exclude=*"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return said.stdout.strip()


def main(arguments: Sequence[str]) -> int:
    """Run one campaign for each package that is named, each in a process of its own."""
    parser = argparse.ArgumentParser(prog="python -m tools.mutate", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("packages", nargs="+", metavar="PACKAGE", help="such as wire, tlog, sessions")
    parser.add_argument("--mutants", type=int, default=400, help="how many to draw (default: 400)")
    parser.add_argument("--seed", type=int, default=1, help="which ones (default: 1)")
    parser.add_argument("--record", type=Path, help="a file to which one JSON line for each package is added")
    chosen = parser.parse_args(arguments)
    record = chosen.record.resolve() if chosen.record else None
    for package in chosen.packages:
        if not (ROOT / "tests" / package).is_dir() or not (ROOT / "src/openline" / package).is_dir():
            parser.error(f"no such package with tests: {package}")
        campaign(package, chosen.mutants, chosen.seed, record)
        # What a campaign imported stays imported; the next package gets the same clean beginning.
        for name in [name for name in sys.modules if name.partition(".")[0] in ("openline", "tests")]:
            del sys.modules[name]
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
