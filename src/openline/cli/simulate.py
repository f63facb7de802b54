"""The made world from the command line: many seeds on all cores, one seed told as a story, a small bound searched."""

from __future__ import annotations

import gc
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from click.termui import progressbar

from openline.cli.answers import as_json, tell
from openline.cli.store_disks import StoreDisks
from openline.cli.workers import workers
from openline.errors import Misuse
from openline.ports import Suite
from openline.simulation.campaign import Tally
from openline.simulation.checks import Nonces
from openline.simulation.faults import BY_NAME, KINDS
from openline.simulation.runs import MakeSuite, Result, Runner, run_seed, seeded_suite, shrink
from openline.simulation.search import BOUNDS

SEEDS = re.compile("(commit|[0-9]{1,18}):([0-9]{1,18})")
SHOWN = 40  # characters of what was typed wrong
COMMIT_DIGITS = 6  # of a commit's name decide which seeds are its own: sixteen million ranges
SEEDS_A_TASK = 50  # one message between processes, and one movement of the progress bar


def real_suite(nonces: Nonces) -> Suite:
    """Return the cryptography of the product.  The nonce checker sees the made suite only."""
    from openline.sessions import RealSuite

    del nonces
    return RealSuite()


NAMED = (*KINDS, *BY_NAME)  # faults that can be asked for
SUITES: dict[str, MakeSuite] = {"seeded": seeded_suite, "real": real_suite}


@click.command()
@click.option(
    "--seeds",
    default="0:1000",
    show_default=True,
    metavar="A:B",
    help="Seeds from A to B - 1; commit:N are N of this commit's own.",
)
@click.option("--faults", default="", metavar="F,F,...", help=f"Only these faults. Known: {', '.join(NAMED)}.")
@click.option("--suite", type=click.Choice(list(SUITES)), default="seeded", show_default=True, help="Cryptography.")
@click.option("--story", type=int, metavar="SEED", help="Run one seed and tell what happened in it.")
@click.option("--no-shrink", is_flag=True, help="Do not cut a failing seed down.")
@click.option("--exhaustive", is_flag=True, help="Search every order of events in a small bound instead.")
@click.option("--bound", type=click.Choice(list(BOUNDS)), default="small", show_default=True, help="Which bound.")
@click.option("--states", default=5_000_000, show_default=True, help="With --exhaustive: so many states at most.")
@click.option("--soak", type=click.IntRange(min=1), metavar="DAYS", help="Let each seed be a life of so many days.")
@click.option("--plant", metavar="NAME", help="Run a copy of the source with this planted bug (folder plants).")
@click.option("--jobs", default=0, help="Processes; 0: one for each core.")
@click.option("--record", type=click.Path(path_type=Path), help="Append the result's line to this file.")
@as_json
def simulate(
    seeds: str, faults: str, suite: str, story: int | None, no_shrink: bool, exhaustive: bool, bound: str,
    states: int, soak: int | None, plant: str | None, jobs: int, record: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Run the real engine in made worlds that lose, forge and lie; exit 1 if a rule was broken.

    Every seed is one world: who is there, what is said, what goes wrong. It is the same world every time.

    \b
      openline simulate --seeds 0:2000
      openline simulate --seeds 0:500 --faults drop,crash,restore
      openline simulate --story 17
      openline simulate --soak 364 --seeds 0:8
      openline simulate --exhaustive
      openline simulate --exhaustive --bound large --states 5000000
    """
    allowed = _kinds(faults)
    if plant is not None:
        from openline.cli.plants import run_planted, search_planted

        searched = search_planted(plant, bound, states, as_json=as_json) if exhaustive else None
        noticed = run_planted(plant, seeds, faults, as_json=as_json) if searched is None else searched
        click.get_current_context().exit(noticed)
    if exhaustive:
        from openline.cli.exhaust import exhaust

        command = f"openline simulate --exhaustive --bound {bound} --states {states}"
        asked = {"commit": _commit(), "command": command}
        seen, broken = exhaust(bound, states)
        figures = {**asked, **seen}
        tell(figures, json_wanted=as_json, words=_lines(figures))
    elif soak is not None:
        from openline.cli.soak import soak as live_long

        command = f"openline simulate --soak {soak} --seeds {seeds}"
        lived, broken = live_long(*_range(seeds), soak, jobs or _cores())
        figures = {"commit": _commit(), "command": command, **lived}
        tell(figures, json_wanted=as_json, words=_lines(figures))
    elif story is not None:
        broken = _tell_story(story, allowed, suite, shrinks=not no_shrink, json_wanted=as_json)
        click.get_current_context().exit(int(broken))
    else:
        first, end = _range(seeds)
        click.echo(f"seeds {first}:{end}", err=True)
        tally = _campaign(first, end, allowed, suite, jobs or _cores())
        figures = {"commit": _commit(), "suite": suite, "range": [first, end], **tally.figures()}
        broken = bool(tally.violations)
        tell(figures, json_wanted=as_json, words=_lines(figures))
        if tally.failures and not no_shrink:
            _tell_story(tally.failures[0].seed, allowed, suite, shrinks=True, json_wanted=False, err=True)
    if record is not None:
        with record.open("a", encoding="utf-8") as file:
            file.write(json.dumps(figures) + "\n")
    click.get_current_context().exit(int(broken))


# ---------------------------------------------------------------- many seeds


def _campaign(first: int, end: int, allowed: tuple[str, ...], suite: str, jobs: int) -> Tally:
    tasks = [(at, min(at + SEEDS_A_TASK, end)) for at in range(first, end, SEEDS_A_TASK)]
    tally = Tally()
    with progressbar(length=end - first, label="made worlds", file=sys.stderr) as bar:
        for part in _parts(tasks, allowed, suite, jobs):
            tally.merge(part)
            bar.update(part.seeds)
    return tally


def _parts(tasks: list[tuple[int, int]], allowed: tuple[str, ...], suite: str, jobs: int) -> Iterator[Tally]:
    work = partial(_task, allowed=allowed, suite=suite)
    if jobs == 1 or len(tasks) == 1:
        yield from map(work, tasks)
        return
    with workers(jobs) as pool:
        yield from pool.map(work, tasks)


def _task(span: tuple[int, int], allowed: tuple[str, ...], suite: str) -> Tally:
    tally, runner = Tally(), made_runner(suite)
    gc.disable()  # a world is one knot until it is over: looking for what can go meanwhile costs a tenth of the time
    with on_store(runner):
        for seed in range(*span):
            tally.add(run_seed(runner, seed, allowed))
    gc.enable()
    gc.collect()
    return tally


@contextmanager
def on_store(runner: Runner) -> Iterator[None]:
    """Let every tenth seed run on the shipped store meanwhile."""
    memory = Path("/dev", "shm")  # the counters beside the stores are real files, synced at each start
    with TemporaryDirectory(prefix="openline-worlds-", dir=memory if memory.is_dir() else None) as folder:
        runner.on_store = StoreDisks(Path(folder))
        yield


@lru_cache
def made_runner(suite: str) -> Runner:
    """One runner for each process: its signed charters are made once, and what is loaded by now stays for ever."""
    gc.freeze()
    return Runner(SUITES[suite])


# ---------------------------------------------------------------- one seed


def _tell_story(
    seed: int, allowed: tuple[str, ...], suite: str, *, shrinks: bool, json_wanted: bool, err: bool = False
) -> bool:
    """Run one seed, cut it down if it fails, and tell it; return whether it failed."""
    runner = made_runner(suite)
    with on_store(runner):
        result = run_seed(runner, seed, allowed, traced=True)
        small = shrink(runner, result) if result.checker and shrinks else result
    words = [f"seed {seed}: {result.checker or 'every rule held'}; {result.steps} steps; trace {result.trace}"]
    if small is not result:
        words.append(f"the same in {small.steps} steps: {_plan_words(small)}")
    value = {
        "seed": seed, "checker": result.checker, "words": result.words, "steps": result.steps, "faults": result.taken,
        "trace": result.trace, "story": list(small.story),
    }  # fmt: skip
    if json_wanted:
        click.echo(json.dumps(value))
    else:
        click.echo("\n".join([*words, *small.story]), err=err)
    return bool(result.checker)


def _plan_words(result: Result) -> str:
    plan = result.plan
    shape = plan.shape
    return (
        f"{shape.parties} parties of {shape.stations}, {shape.relays} relays; {len(plan.happenings)} happenings; "
        f"faults {', '.join(f'{name} {count}' for name, count in result.taken.items()) or 'none'}"
    )


# ---------------------------------------------------------------- small things


def _kinds(text: str) -> tuple[str, ...]:
    named = tuple(name.strip() for name in text.split(",") if name.strip())
    unknown = [name for name in named if name not in NAMED]
    if unknown:
        raise Misuse(f"there is no fault {unknown[0]!r}", hint=f"Known: {', '.join(NAMED)}.")
    return named or KINDS


def _range(text: str) -> tuple[int, int]:
    """Read A:B, or commit:N: so many seeds that are this commit's own, so that each run of CI sees others."""
    read = SEEDS.fullmatch(text)
    first, end = read.groups() if read else ("0", "0")
    if first == "commit" and int(end):
        commit = _commit()
        number = int(commit[:COMMIT_DIGITS], 16) if commit != "unknown" else 0
        return number * int(end), (number + 1) * int(end)
    if first == "commit" or int(first) >= int(end):
        raise Misuse(f"{text[:SHOWN]!r} is no range of seeds", hint="Write --seeds 0:1000, or commit:1000.")
    return int(first), int(end)


def _cores() -> int:
    return os.cpu_count() or 1


def _commit() -> str:
    """Return the commit of the checkout that this program runs from, "unknown" outside one."""
    where = Path(__file__).parent
    git = shutil.which("git")
    if git is None:
        return "unknown"
    asked = subprocess.run([git, "rev-parse", "HEAD"], cwd=where, capture_output=True, text=True, check=False)
    return asked.stdout.strip() or "unknown"


def _lines(figures: dict[str, object]) -> str:
    return "\n".join(f"{name.replace('_', ' '):20} {value}" for name, value in figures.items())
