"""The garbage collector of a long-running process: seldom, and not over what stays."""

from __future__ import annotations

import gc

YOUNG_OBJECTS = 50_000  # Python's own 700 walks a full outbox several times for each batch, a tenth of all the work


def rest_collector() -> None:
    """Leave out what is loaded by now, and look at new objects a batch at a time.  Call once, at the start."""
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS)
