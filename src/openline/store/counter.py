"""The counter file beside the database: the number of starts, in no backup, so that an older raw copy shows itself.

The database is stepped first.  A crash between the two leaves the file one behind, which means nothing; only a file
that is ahead of its database tells that the database is older than what has run here.
"""

from __future__ import annotations

import os
from pathlib import Path

from openline.errors import StorageFailed
from openline.store.database import sync_folder

DIGITS_MAX = 12  # a start every second for thirty thousand years


def counter_path(database: Path) -> Path:
    """Return where the counter of a database lies."""
    return database.with_name(database.name + ".starts")


def read_counter(database: Path) -> int | None:
    """Return the number of starts that the file tells, or None if there is no file.  Raises StorageFailed."""
    path = counter_path(database)
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StorageFailed(
            "the counter file cannot be read", hint=f"Give this user the right to read {path.name}."
        ) from error
    number = text.removesuffix(b"\n")
    if not number.isdigit() or len(number) > DIGITS_MAX:
        raise StorageFailed(
            "the counter file holds no number",
            hint=f"Delete {path.name}: the store is then taken for a copy and catches up before it sends.",
        )
    return int(number)


def write_counter(database: Path, number: int) -> None:
    """Replace the counter file, durably and in one step.  Raises StorageFailed."""
    path = counter_path(database)
    draft = path.with_name(path.name + ".part")
    try:
        with draft.open("wb") as file:
            file.write(b"%d\n" % number)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        raise StorageFailed(
            "the counter file cannot be written", hint="Free space, and let this user write beside the store."
        ) from error
    sync_folder(path.parent)
