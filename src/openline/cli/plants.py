"""Planted bugs: a copy of the source with one small patch, run in made worlds until a rule is broken.

The bugs are patches beside the source and no switches in it, so nothing of them can ever be shipped.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from openline.errors import Misuse

FOLDER = "plants"
SEEDS_MOST = 10_000  # each bug must be found within so many
SEED_CPU_S = 60  # for one seed: a planted endless loop is found too, however busy the machine is

_HUNT = """
import json, signal, sys
from openline.simulation.faults import KINDS
from openline.simulation.runs import Runner, run_seed

class Endless(BaseException):
    pass

def end_it(*_):
    raise Endless("it never ended")

def tell(seed, checker, words):
    print(json.dumps([seed, checker, words]))
    raise SystemExit

signal.signal(signal.SIGPROF, end_it)
first, end, cpu_s = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[4])
allowed = tuple(sys.argv[3].split(",")) if sys.argv[3] else KINDS
runner = Runner()
for seed in range(first, end):
    signal.setitimer(signal.ITIMER_PROF, cpu_s)
    try:
        result = run_seed(runner, seed, allowed)
    except (Exception, Endless) as fault:
        tell(seed, "exception", f"{type(fault).__name__}: {fault}")
    if result.checker:
        tell(seed, result.checker, result.words)
tell(None, "", "")
"""


@dataclass(frozen=True, slots=True)
class Hunt:
    """What came of one planted bug.  `seed` is None if nothing noticed it."""

    plant: str
    seed: int | None
    checker: str
    words: str


def checkout() -> Path:
    """Return the root of the checkout that this program runs from.  Raises Misuse if it is an installed copy."""
    root = Path(__file__).resolve().parents[3]
    if not (root / FOLDER).is_dir():
        raise Misuse("there is no folder of planted bugs here", hint="Run it from a checkout of the source.")
    return root


def plants(root: Path) -> list[Path]:
    """Return every planted bug's patch, in the order of their numbers."""
    return sorted((root / FOLDER).glob("*.patch"))


def find_plant(root: Path, name: str) -> Path:
    """Return the one patch whose name holds `name`.  Raises Misuse."""
    found = [path for path in plants(root) if name in path.stem]
    exact = [path for path in found if name in (path.stem, path.stem[3:])]
    if len(exact or found) != 1:
        raise Misuse(f"{len(found)} planted bugs have {name!r} in their names", hint=f"Look into the folder {FOLDER}.")
    return (exact or found)[0]


def planted_copy(root: Path, patch: Path, folder: Path) -> Path:
    """Copy the source into a folder and plant the bug there; return the path to run it from.  Raises Misuse."""
    shutil.copytree(root / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
    plant(patch, folder)
    return folder / "src"


def plant(patch: Path, folder: Path) -> None:
    """Apply a patch to the files in a folder; lines that moved are found.  Raises Misuse if it no longer fits."""
    git = shutil.which("git")
    if git is None:
        raise Misuse("git is needed to apply a patch", hint="Install git.")
    applied = subprocess.run([git, "apply", "-C1", str(patch)], cwd=folder, capture_output=True, text=True, check=False)
    if applied.returncode:
        raise Misuse(f"{patch.name} no longer fits the source", hint=applied.stderr.strip())


def hunt(root: Path, patch: Path, first: int, end: int, faults: str = "") -> Hunt:
    """Run seeds on a planted copy until a checker notices.  Raises Misuse if the patch no longer fits the source."""
    with tempfile.TemporaryDirectory(prefix="openline-plant-") as folder:
        source = planted_copy(root, patch, Path(folder))
        environment = {**os.environ, "PYTHONPATH": str(source), "PYTHONDONTWRITEBYTECODE": "1"}
        command = [sys.executable, "-c", _HUNT, str(first), str(end), faults, str(SEED_CPU_S)]
        ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if ran.returncode:
        return Hunt(patch.stem, first, "exception", ran.stderr.strip().splitlines()[-1])
    seed, checker, words = json.loads(ran.stdout)
    return Hunt(patch.stem, seed, checker, words)


def run_planted(name: str, seeds: str, faults: str, *, as_json: bool) -> int:
    """Hunt one planted bug and tell; return the exit code: 1 if it was noticed, as for any broken rule."""
    root = checkout()
    first, _, end = seeds.partition(":")
    found = hunt(root, find_plant(root, name), int(first), int(end), faults)
    if as_json:
        click.echo(json.dumps(asdict(found)))
    elif found.seed is None:
        click.echo(f"{found.plant}: not noticed in seeds {seeds}")
    else:
        click.echo(f"{found.plant}: seed {found.seed}, {found.checker}: {found.words}")
    return int(found.seed is not None)


def search_planted(name: str, bound: str, states: int, *, as_json: bool) -> int:
    """Search a small bound with one planted bug; it tells for itself.  Return the exit code: 1 if it was noticed."""
    root = checkout()
    with tempfile.TemporaryDirectory(prefix="openline-plant-") as folder:
        source = planted_copy(root, find_plant(root, name), Path(folder))
        environment = {**os.environ, "PYTHONPATH": str(source), "PYTHONDONTWRITEBYTECODE": "1"}
        search = ["simulate", "--exhaustive", "--bound", bound, "--states", str(states)]
        command = [sys.executable, "-m", "openline.cli", *search, *(["--json"] if as_json else [])]
        return subprocess.run(command, env=environment, check=False).returncode
