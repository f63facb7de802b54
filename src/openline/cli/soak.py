"""Long lives of made worlds, many days each, from the command line."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from functools import partial

import click
from click.termui import progressbar

from openline.cli.workers import workers
from openline.errors import Misuse
from openline.simulation.faults import KINDS
from openline.simulation.runs import Runner
from openline.simulation.soak import WEEK_DAYS, Life, live

DAYS_A_YEAR = 365
FAILURES_KEPT = 20
_RUNNERS: list[Runner] = []  # one for each process: its signed charters are made once


def soak(first: int, end: int, days: int, jobs: int) -> tuple[dict[str, object], bool]:
    """Live so many days, in whole weeks, from each seed; return what is told of them, and whether a rule was broken."""
    weeks = days // WEEK_DAYS
    if weeks < 1:
        raise Misuse("a life is told in weeks", hint="Write --soak 7, or more days.")
    lives = []
    with progressbar(length=end - first, label="long lives", file=sys.stderr) as bar:
        for life in _lives(range(first, end), weeks, jobs):
            lives.append(life)
            bar.update(1)
    broken = [life for life in lives if life.checker]
    if broken:
        click.echo("\n".join((f"seed {broken[0].seed}:", *broken[0].story)), err=True)
    return _figures(lives, weeks), bool(broken)


def _lives(seeds: range, weeks: int, jobs: int) -> Iterator[Life]:
    work = partial(_one, weeks=weeks)
    if jobs == 1 or len(seeds) == 1:
        yield from map(work, seeds)
        return
    with workers(jobs) as pool:
        yield from pool.map(work, seeds)


def _one(seed: int, weeks: int) -> Life:
    if not _RUNNERS:
        _RUNNERS.append(Runner())
    return live(_RUNNERS[0], seed, weeks)


def _figures(lives: list[Life], weeks: int) -> dict[str, object]:
    """Return counts, never durations, so that the same seeds give the same line."""
    days = sum(life.days for life in lives)
    taken = sum((life.taken for life in lives), Counter[str]())
    broken = [life for life in lives if life.checker]
    return {
        "days_each": weeks * WEEK_DAYS,
        "simulated_days": days,
        "simulated_years": round(days / DAYS_A_YEAR, 2),
        "steps": sum(life.steps for life in lives),
        "entries": sum(life.entries for life in lives),
        "runs": sum(life.runs for life in lives),
        "prekeys": sum(life.prekeys for life in lives),
        "epochs": sum(life.epochs for life in lives),
        "settles": sum(life.settles for life in lives),
        "longest_settled_ms": max(life.settled_ms for life in lives),
        "most_steps_a_quiet_day": max(life.quiet_steps for life in lives),
        "most_rows_of_a_table": max(life.rows for life in lives),
        "most_objects_in_memory": max(life.objects for life in lives),
        "faults": {name: taken[name] for name in KINDS if taken[name]},
        "violations": dict(Counter(life.checker for life in broken)),
        "failures": [[life.seed, life.checker, life.words] for life in broken[:FAILURES_KEPT]],
    }
