"""The exhaustive search on several cores: each takes a part of the first states, and what they saw is joined."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from functools import partial

from openline.simulation.checks import Violated
from openline.simulation.search import Bound, Search, Step

PARTS_A_JOB = 8  # parts end at different times: with several for each process none waits long
OVERLAP = 3  # parts meet the same states: about a third of what each sees is new

Path = tuple[Step, ...]


def exhaust(states: int, jobs: int, bound: Bound | None = None) -> tuple[dict[str, object], bool]:
    """Search about so many states; return the figures, and whether a rule was broken."""
    bound = bound or Bound()
    first = Search(bound)
    paths = first.frontier(PARTS_A_JOB * jobs)
    work = partial(_search, bound, OVERLAP * states // max(1, len(paths)) + 1)
    seen, steps, quiet, broken, complete = set(first.seen), first.steps, first.quiet, "", True
    with ProcessPoolExecutor(jobs) as pool:
        for found, taken, rested, wrong, whole in pool.map(work, paths):
            seen |= found
            steps, quiet, broken, complete = steps + taken, quiet + rested, broken or wrong, complete and whole
    figures = {
        "bound": repr(bound), "states": len(seen), "transitions": steps, "quiet_states": quiet, "complete": complete,
        "violation": broken or None,
    }  # fmt: skip
    return figures, bool(broken)


def _search(bound: Bound, states: int, path: Path) -> tuple[set[bytes], int, int, str, bool]:
    """Search what follows one path; return the states' keys, transitions, quiet states, what broke, and whether all."""
    search = Search(bound)
    try:
        search.run(states, path)
    except Violated as violated:
        return search.seen, search.steps, search.quiet, f"{violated.checker}: {violated.message}", False
    return search.seen, search.steps, search.quiet, "", len(search.seen) < states
