"""The exhaustive search from the command line: how far it is, and what came of it."""

from __future__ import annotations

import gc
import sys
import time

from openline.simulation.checks import Violated
from openline.simulation.search import BOUNDS, Search

TOLD_EVERY = 25_000  # states; nobody knows before the end how many there are, so this is no bar
YOUNG_OBJECTS = 200_000  # made before the collector looks at them; most that is made here stays to the end


def exhaust(name: str, states: int) -> tuple[dict[str, object], bool]:
    """Search a bound up to so many states; return the figures, and whether a rule was broken.

    Ctrl-C ends the search; what it has seen until then is told.
    """
    gc.set_threshold(YOUNG_OBJECTS, 20, 100)
    begun, broken = time.monotonic(), ""
    search = Search(BOUNDS[name])
    try:
        search.run(states, tell=_tell)
    except Violated as violated:
        broken = f"{violated.checker}: {violated.message}"
    except KeyboardInterrupt:
        sys.stderr.write("ended by hand\n")
    figures: dict[str, object] = {
        "bound": name, "may_happen": repr(search.bound), "states": len(search.seen), "transitions": search.steps,
        "moments": search.moments, "quiet_states": search.quiet, "complete": search.complete,
        "violation": broken or None, "seconds": round(time.monotonic() - begun),
    }  # fmt: skip
    return figures, bool(broken)


def _tell(seen: int) -> None:
    if seen % TOLD_EVERY == 0:
        sys.stderr.write(f"{seen:,} states\n")
