"""Processes that work beside this one, and do not outlive it."""

from __future__ import annotations

import os
import time
from concurrent.futures import ProcessPoolExecutor
from threading import Thread

LOOK_S = 1.0  # how often a worker looks whether the process that started it is still there


def workers(jobs: int) -> ProcessPoolExecutor:
    """Return a pool of so many processes that end when this one does, even if it is killed.

    Without that they wait for ever for work that nobody gives them.
    """
    return ProcessPoolExecutor(jobs, initializer=_watch, initargs=(os.getpid(),))


def _watch(parent: int) -> None:
    Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_S)
    os._exit(1)  # what it had worked out nobody waits for any more
