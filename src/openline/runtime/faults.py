"""Where a fault of this program happened, and no more: what an exception says may quote a message."""

from __future__ import annotations

import traceback
from pathlib import Path


def place(error: BaseException, frames: int = 1) -> str:
    """Return file and line of the innermost frames of an exception, the innermost first, such as "log.py:53"."""
    found = traceback.extract_tb(error.__traceback__)[-frames:]
    return " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(found))
