"""Judging mutants cheaply: each is shown first to the tests that run its lines, quickest first, until one fails.

Three kinds of children of one process that has imported pytest and nothing of openline:

 1. The sound code is run once, watched: which test runs which line, and how long it takes.
 2. A child imports the package and collects its tests once.  For each mutant inside one function it forks, puts the
    changed code in the function's place, and runs the tests, those that run that line first.  This takes milliseconds.
 3. A mutant of what runs on import (a constant, a table, or a function that the tests call while they are imported)
    is written into the copy, and everything is imported anew.

A mutant survives when every test that runs its line has passed on it: the others do what they did before.  So that what
one test leaves for the next (a kept answer, a fixture of a whole file) hides no line, the sound code is watched with
everything forgotten before each test, and the tests that share a fixture count as running what any of them runs.

A mutant on which one test uses `FACTOR` times the processor time that it took on the sound code while watched, and
`SPARE_S` more, is taken for endless, and counts as noticed.
"""

import contextlib
import functools
import gc
import importlib
import inspect
import json
import math
import os
import resource
import selectors
import shutil
import signal
import sys
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import CodeType, FunctionType
from typing import Protocol

from tools.mutants import Mutant

COPIED = ("src", "tests", "vectors", "docs", "pyproject.toml")
FACTOR = 3
SPARE_S = 3  # what a process uses once, in whichever test comes first, is no sign of anything
MEMORY_BYTES = 4 << 30  # what a mutant that collects without end may take before Python says MemoryError
WATCHING_S = 1800

KEEPS = type(functools.cache(len))
"""A function that keeps its answers."""

KILLED, ENDLESS, SURVIVED = "killed", "endless", "survived"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one mutant: `killed` (a test failed), `endless` (no end in time) or `survived`."""

    file: str
    line: int
    before: str
    after: str
    outcome: str
    seconds: float
    column: int = 0


@dataclass(slots=True)
class Watched:
    """What the sound code showed: seconds of each test, the tests that run each line, the lines run on import."""

    seconds: dict[str, float] = field(default_factory=dict)
    runs: dict[str, dict[int, set[str]]] = field(default_factory=dict)
    early: dict[str, set[int]] = field(default_factory=dict)

    def tests_of(self, mutant: Mutant) -> set[str]:
        """Return the tests that run a line of the changed statement."""
        lines = self.runs.get(mutant.file, {})
        return set().union(*(lines.get(line, set()) for line in mutant.lines))

    def with_sharers(self, names: set[str], shared: Collection[str]) -> set[str]:
        """Return these tests and all that share a fixture with one of them; `shared` begins the names of sharers."""
        touched = tuple(beginning for beginning in shared if any(name.startswith(beginning) for name in names))
        return names | {name for name in self.seconds if name.startswith(touched)}

    def order(self, first: Collection[str]) -> Callable[["Item"], tuple[bool, float]]:
        """Return how tests are sorted: those of `first` first, and the quickest of them before the others."""
        return lambda item: (item.nodeid not in first, self.seconds.get(item.nodeid, 0.0))

    def cpu_s(self, tests: Collection[str]) -> int:
        """Return the whole seconds of processor time that a mutant may use in these tests."""
        return math.ceil(FACTOR * sum(self.seconds.get(test, 0.0) for test in tests) + SPARE_S)


class Item(Protocol):
    """A collected test, as pytest has it."""

    nodeid: str
    config: "Config"


class Config(Protocol):
    """What of pytest's configuration is used here."""

    hook: "Hook"


class Hook(Protocol):
    """The one hook that is called here."""

    def pytest_runtest_protocol(self, *, item: Item, nextitem: Item | None) -> object:
        """Run one test with its fixtures."""


class Session(Protocol):
    """A collected session, as pytest has it."""

    items: list[Item]
    testsfailed: int


class Fixture(Protocol):
    """What pytest tells of a fixture: how widely it is shared, and what makes it."""

    scope: str
    func: object


class Request(Protocol):
    """Who asks for a fixture: for one that is shared, the file or folder of those that share it."""

    node: Item


class Report(Protocol):
    """What pytest tells of a phase of a test."""

    nodeid: str
    failed: bool


# ---------------------------------------------------------------- children


def copy_into(root: Path, work: Path) -> None:
    """Copy what the tests need into `work`."""
    for name in COPIED:
        source, target = root / name, work / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)


def go_into(work: Path) -> None:
    """Make the source in the copy at `work` the one that is imported from here on."""
    os.chdir(work)
    sys.path[:0] = [str(work / "src"), str(work)]
    sys.dont_write_bytecode = True
    os.environ["HYPOTHESIS_PROFILE"] = "mutants"
    os.environ["COVERAGE_CORE"] = "ctrace"  # the one that tells tests apart
    for name in ("pytest", "coverage", "hypothesis", "cryptography.hazmat.primitives.asymmetric.ed25519"):
        importlib.import_module(name)  # once, before any mutant: only openline itself is imported anew


def child(act: Callable[[], int], cpu_s: int | None) -> int:
    """Fork, and return the child's process number; the child ends, silently, with what `act` returns."""
    number = os.fork()
    if number:
        return number
    status = 1
    try:
        if cpu_s is not None:
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
            limit_cpu(cpu_s)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        status = act()
    finally:
        os._exit(status)


def limit_cpu(seconds: int) -> None:
    """End this process when it has used so much processor time; other work on the machine does not count."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))


def ended(number: int) -> str:
    """Wait for the end of a child that ran tests and return what it means."""
    status = os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])
    if status == -signal.SIGXCPU:
        return ENDLESS
    return KILLED if status else SURVIVED


def run_pytest(tests: Sequence[str], plugin: object) -> int:
    """Run (or, if the plugin does so, only collect) the tests in this process; return pytest's status."""
    pytest = importlib.import_module("pytest")
    options = ["-x", "-q", "-s", "--tb=no", "--assert=plain", "--hypothesis-seed=0", "--timeout=0"]
    options += ["-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:cov", "-p", "no:faulthandler"]
    return int(pytest.main([*options, *tests], plugins=[plugin]))


# ---------------------------------------------------------------- watching the sound code


class Watcher:
    """Notes which test runs which line of the package, and for how long each test runs."""

    def __init__(self, work: Path, package: str) -> None:
        """Watch the files of `package` in the copy at `work`."""
        self.work = work
        self.kept: list[functools._lru_cache_wrapper[object]] = []
        self.shared: set[str] = set()
        self.cover = importlib.import_module("coverage").Coverage(
            data_file=None, config_file=False, include=[str(work / "src/openline" / package / "*")]
        )
        self.seconds: dict[str, float] = {}
        self.cover.start()

    def pytest_collection_finish(self) -> None:
        """Find the functions of the copy that keep their answers."""
        kept = [found for found in gc.get_objects() if isinstance(found, KEEPS)]
        self.kept = [found for found in kept if self._is_ours(found.__wrapped__)]

    def pytest_fixture_setup(self, fixturedef: Fixture, request: Request) -> None:
        """Note which tests share a fixture: those of one file, say."""
        if fixturedef.scope != "function" and self._is_ours(fixturedef.func):
            self.shared.add(request.node.nodeid)

    def _is_ours(self, function: object) -> bool:
        return isinstance(function, FunctionType) and function.__code__.co_filename.startswith(str(self.work))

    def pytest_runtest_setup(self, item: Item) -> None:
        """Before its fixtures are made: forget what earlier tests left; from here on lines are this test's."""
        for function in self.kept:
            function.cache_clear()
        self.cover.switch_context(item.nodeid)
        self.seconds[item.nodeid] = -time.process_time()

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        """After its fixtures are gone."""
        self.seconds[nodeid] = round(self.seconds[nodeid] + time.process_time(), 4)

    def write(self, path: Path) -> None:
        """Keep what was seen, as JSON."""
        self.cover.stop()
        data = self.cover.get_data()
        lines = {
            Path(file).relative_to(self.work).as_posix(): data.contexts_by_lineno(file)
            for file in data.measured_files()
        }
        seen = {"seconds": self.seconds, "lines": lines, "shared": sorted(self.shared)}
        path.write_text(json.dumps(seen), encoding="utf-8")


def watched(package: str, tests: Sequence[str], work: Path) -> Watched:
    """Run the sound code once.  Ends the program if its tests fail."""
    seen = work / "watched.json"

    def act() -> int:
        watcher = Watcher(work, package)
        status = run_pytest(tests, watcher)
        watcher.write(seen)
        return status

    if ended(child(act, WATCHING_S)) != SURVIVED:
        sys.exit(f"the tests of {package} fail on the code as it is; mend that first")
    read = json.loads(seen.read_text(encoding="utf-8"))
    found = Watched(seconds=read["seconds"])
    for file, lines in read["lines"].items():
        found.runs[file] = {
            int(line): found.with_sharers(set(names) - {""}, read["shared"]) for line, names in lines.items()
        }
        found.early[file] = {int(line) for line, names in lines.items() if "" in names}
    return found


# ---------------------------------------------------------------- functions changed in place


def functions_in(code: CodeType) -> Iterator[CodeType]:
    """Yield the code of a module's functions and methods, not of those within them."""
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            if inner.co_flags & inspect.CO_OPTIMIZED:
                yield inner
            else:
                yield from functions_in(inner)  # the body of a class


def skeleton(code: CodeType) -> CodeType:
    """Return what of a module runs on import: its code without that of its functions."""

    def kept(inner: object) -> object:
        if not isinstance(inner, CodeType):
            return inner
        return None if inner.co_flags & inspect.CO_OPTIMIZED else skeleton(inner)

    return code.replace(co_consts=tuple(kept(inner) for inner in code.co_consts))


def lines_of(code: CodeType) -> set[int]:
    """Return the lines of a function's code, and of all within it, but not that of its `def`."""
    lines = {line for *_, line in code.co_lines() if line is not None} - {code.co_firstlineno}
    return lines.union(*(lines_of(inner) for inner in code.co_consts if isinstance(inner, CodeType)))


def changed_function(mutant: Mutant, sound: CodeType, early: Collection[int]) -> tuple[CodeType, CodeType] | None:
    """Return the one function that the mutant changes, before and after; None if what it changes runs on import."""
    if mutant.code is None or skeleton(mutant.code) != skeleton(sound):
        return None
    pairs = [
        (one, other)
        for one, other in zip(functions_in(sound), functions_in(mutant.code), strict=True)
        if one != other and not lines_of(one) & set(early)
    ]
    return pairs[0] if len(pairs) == 1 and not pairs[0][0].co_name.startswith("<") else None


Pair = tuple[Mutant, CodeType, CodeType]


class InPlace:
    """Collects the tests once, then judges mutant after mutant, each in a child of its own."""

    def __init__(self, work: Path, seen: Watched, pairs: Sequence[Pair], to: int) -> None:
        """Judge mutants given with the function's code before and after; write a line with each outcome to `to`."""
        self.work, self.seen, self.pairs, self.to = work, seen, pairs, to

    def pytest_runtestloop(self, session: Session) -> bool:
        """Take the place of pytest's own loop over the tests."""
        functions = [found for found in gc.get_objects() if isinstance(found, FunctionType)]
        gc.freeze()
        every = sorted(session.items, key=self.seen.order(()))
        self.tell(ended(child(functools.partial(self.run, every), WATCHING_S)))
        for mutant, before, after in self.pairs:
            file = str(self.work / mutant.file)
            same = [found for found in functions if found.__code__.co_filename == file and found.__code__ == before]
            names = self.seen.tests_of(mutant)
            if not names:
                self.tell(SURVIVED)
                continue
            judged = functools.partial(self.judged, same, after, [item for item in every if item.nodeid in names])
            self.tell(ended(child(judged, self.seen.cpu_s(names))))
        return True

    def tell(self, outcome: str) -> None:
        """Write one line to the parent."""
        os.write(self.to, f"{outcome}\n".encode())

    def judged(self, same: Sequence[FunctionType], after: CodeType, tests: Sequence[Item]) -> int:
        """Put the changed code in its place and run the tests that run its line."""
        for function in same:
            function.__code__ = after
        return self.run(tests)

    def run(self, tests: Sequence[Item]) -> int:
        """Run the tests; a failure ends this child (see below)."""
        for place, item in enumerate(tests):
            following = tests[place + 1] if place + 1 < len(tests) else None
            limit_cpu(math.ceil(time.process_time()) + self.seen.cpu_s([item.nodeid]))
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        return 0

    def pytest_runtest_logreport(self, report: Report) -> None:
        """End at the first failure, wherever in the test it was."""
        if report.failed:
            os._exit(1)


def in_place(tests: Sequence[str], work: Path, seen: Watched, pairs: Sequence[Pair]) -> Iterator[str]:
    """Yield the outcome of each mutant that changes one function only."""
    reading, writing = os.pipe()
    number = child(lambda: run_pytest(tests, InPlace(work, seen, pairs, writing)), None)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as outcomes:
        if outcomes.readline().strip() != SURVIVED:
            sys.exit(1)  # the sound code fails them in this order
        yield from (line.strip() for line in outcomes)
    os.waitpid(number, 0)


def pairs_of(chosen: Sequence[Mutant], work: Path, seen: Watched) -> list[Pair]:
    """Return the mutants that change one function only, each with the function's code before and after."""
    sound = {
        name: compile((work / name).read_bytes(), name, "exec", dont_inherit=True)
        for name in {mutant.file for mutant in chosen}
    }
    found = []
    for mutant in chosen:
        changed = changed_function(mutant, sound[mutant.file], seen.early.get(mutant.file, set()))
        if changed is not None:
            found.append((mutant, *changed))
    return found


# ---------------------------------------------------------------- everything imported anew


class Sorted:
    """Sorts the tests: those that run the changed line first."""

    def __init__(self, key: Callable[[Item], tuple[bool, float]]) -> None:
        """Sort by `key`."""
        self.key = key

    def pytest_collection_modifyitems(self, items: list[Item]) -> None:
        """Sort what was collected."""
        items.sort(key=self.key)


def anew(tests: Sequence[str], work: Path, seen: Watched, mutant: Mutant) -> str:
    """Write the mutant into the copy, import everything, and let all of the tests judge it."""
    path = work / mutant.file
    sound = path.read_text(encoding="utf-8")
    path.write_text(mutant.source, encoding="utf-8")
    key = seen.order(seen.tests_of(mutant))
    outcome = ended(child(lambda: run_pytest(tests, Sorted(key)), seen.cpu_s(seen.seconds)))
    path.write_text(sound, encoding="utf-8")
    return outcome


def judge(
    package: str,
    tests: Sequence[str],
    chosen: Sequence[Mutant],
    works: Sequence[Path],
    told: Callable[[Verdict], None],
    *,
    minutes: float = math.inf,
) -> list[Verdict]:
    """Judge the mutants, a share of them on each copy; when the time is over, return the verdicts so far.

    Ends the program if the sound code fails its tests.
    """
    ends = time.monotonic() + 60 * minutes
    go_into(works[0])
    seen = watched(package, tests, works[0])
    verdicts: list[Verdict] = []
    shares: dict[int, int] = {}
    with selectors.DefaultSelector() as pipes:
        for place, work in enumerate(works):
            reading, writing = os.pipe()
            share = functools.partial(judge_share, tests, chosen[place :: len(works)], work, seen, writing)
            shares[reading] = child(share, None)
            os.close(writing)
            pipes.register(reading, selectors.EVENT_READ)
        while pipes.get_map() and time.monotonic() < ends:
            for key, _ in pipes.select(1.0):
                lines = os.read(key.fd, 65_536).decode()  # whole lines: each is shorter than what a pipe takes at once
                for line in lines.splitlines():
                    verdicts.append(Verdict(**json.loads(line)))
                    told(verdicts[-1])
                if not lines:
                    pipes.unregister(key.fd)
    for reading, number in shares.items():
        os.close(reading)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(number, signal.SIGKILL)
        os.waitpid(number, 0)
    if len(verdicts) != len(chosen) and time.monotonic() < ends:
        sys.exit("the tests fail on the code as it is when the quickest come first; mend that first")
    return verdicts


def judge_share(tests: Sequence[str], chosen: Sequence[Mutant], work: Path, seen: Watched, to: int) -> int:
    """Judge mutants on one copy; write each verdict to `to`, a line of JSON."""
    os.setsid()  # so that all that is begun here ends together
    go_into(work)
    pairs = pairs_of(chosen, work, seen)
    begun = time.monotonic()

    def tell(mutant: Mutant, outcome: str) -> None:
        nonlocal begun
        seconds, begun = round(time.monotonic() - begun, 2), time.monotonic()
        verdict = Verdict(mutant.file, mutant.line, mutant.before, mutant.after, outcome, seconds, mutant.column)
        os.write(to, f"{json.dumps(asdict(verdict))}\n".encode())

    for (mutant, *_), outcome in zip(pairs, in_place(tests, work, seen, pairs), strict=True):
        tell(mutant, outcome)
    judged = {id(mutant) for mutant, *_ in pairs}
    for mutant in chosen:
        if id(mutant) not in judged:
            tell(mutant, anew(tests, work, seen, mutant))
    return 0
