"""Many seeds: what is counted, and the one line that a run leaves behind."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from statistics import median_low

from openline.simulation.checks import CHECKERS
from openline.simulation.faults import KINDS
from openline.simulation.runs import Result
from openline.simulation.walked import every_row

FAILURES_KEPT = 20  # told one by one; more of them say nothing new


@dataclass(frozen=True, slots=True)
class Failure:
    """One seed that broke a rule."""

    seed: int
    checker: str
    words: str


@dataclass(slots=True)
class Tally:
    """What is known of the seeds that have run.  `merge` joins the tallies of several processes."""

    seeds: int = 0
    counted: int = 0
    on_store: int = 0
    steps: Counter[int] = field(default_factory=Counter)
    settled_ms: Counter[int] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    violations: Counter[str] = field(default_factory=Counter)
    walked: set[str] = field(default_factory=set)
    failures: list[Failure] = field(default_factory=list)

    def add(self, result: Result) -> None:
        """Take in one result."""
        self.seeds += 1
        self.counted += result.counts
        self.on_store += result.on_store and result.counts
        self.steps[result.steps] += 1
        self.settled_ms[result.settled_ms] += 1
        self.faults.update(result.taken)
        self.refusals.update(result.refusals)
        self.walked |= result.walked
        if result.checker:
            self.violations[result.checker] += 1
            if len(self.failures) < FAILURES_KEPT:
                self.failures.append(Failure(result.plan.seed, result.checker, result.words))

    def merge(self, other: Tally) -> None:
        """Take in what another process has counted."""
        self.seeds += other.seeds
        self.counted += other.counted
        self.on_store += other.on_store
        self.steps.update(other.steps)
        self.settled_ms.update(other.settled_ms)
        self.faults.update(other.faults)
        self.refusals.update(other.refusals)
        self.violations.update(other.violations)
        self.walked |= other.walked
        self.failures = sorted([*self.failures, *other.failures], key=lambda each: each.seed)[:FAILURES_KEPT]

    def figures(self) -> dict[str, object]:
        """Return the run's line: counts, never durations, so that the same seeds give the same line."""
        return {
            "seeds": self.seeds,
            "counted": self.counted,
            "on_store": self.on_store,
            "steps": sum(steps * times for steps, times in self.steps.items()),
            "median_steps": _median(self.steps),
            "median_settled_ms": _median(self.settled_ms),
            "longest_settled_ms": max(self.settled_ms, default=0),
            "faults": {name: self.faults[name] for name in KINDS if self.faults[name]},
            "faults_never": [name for name in KINDS if not self.faults[name]],
            "refusals": dict(sorted(self.refusals.items())),
            "transitions": len(self.walked),
            "transitions_never": [row for row in every_row() if row not in self.walked],
            "violations": {name: self.violations[name] for name in CHECKERS if self.violations[name]},
            "failures": [[each.seed, each.checker, each.words] for each in self.failures],
        }


def _median(counts: Counter[int]) -> int:
    return median_low(counts.elements()) if counts else 0
