"""Where the decisions on press pages are kept: one file for each page, named by its SHA-256."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from openline.errors import Misuse, StorageFailed, Unavailable
from openline.press import NOT_STATED, Page, is_copy, read_head, shared_by_sketch, shown, sketch

RECORD_BYTES_MAX = 16 * 1024 * 1024  # of one page's decisions; a store file beyond it was not written by this command


def default_store() -> Path:
    """Return the folder for decisions under the XDG data home."""
    base = os.environ.get("XDG_DATA_HOME", "")
    return (Path(base) if Path(base).is_absolute() else Path.home() / ".local" / "share") / "openline" / "press"


@contextmanager
def opened_store(folder: Path) -> Iterator[None]:
    """Hold the store for this process: two people deciding at once would overwrite each other's decisions."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = (folder / ".lock").open("w")
    except OSError as error:
        raise _storage_failed(folder, error) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Unavailable(
                "Another person is deciding in this store.",
                hint="Wait until they have stopped, then run the command again.",
            ) from None
        yield


def load_record(path: Path) -> str | None:
    """Return the record of a page's decisions, or None when there is none yet."""
    try:
        with path.open("rb") as file:
            data = file.read(RECORD_BYTES_MAX + 1)
        return data.decode("utf-8") if len(data) <= RECORD_BYTES_MAX else "too large"
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        return "not text"  # read_head refuses it, and says what to do
    except OSError as error:
        raise _storage_failed(path, error) from error


def write_durably(path: Path, text: str) -> None:
    """Replace a file so that after a crash it holds the old text or the new, whole; raises StorageFailed."""
    draft = path.with_suffix(".draft")
    try:
        with draft.open("w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        # A crash here leaves the old record: the last decision is asked for again.
        draft.replace(path)
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            # A crash before this sync may bring back the old record; nothing was announced yet.
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise _storage_failed(path, error) from error


def _storage_failed(path: Path, error: OSError) -> StorageFailed:
    return StorageFailed(
        f"{path} cannot be read or written: {error.strerror or error}.",
        hint="Check the folder's rights and free space; decisions already announced are kept.",
    )


def warn_of_copies(folder: Path, page: Page) -> None:
    """Tell the person when a page already decided on carries the same text under another name."""
    own = sketch(page.shingles)
    for path in sorted(folder.glob("*.jsonl")):
        if path.stem == page.sha256:
            continue
        try:
            head = read_head(load_record(path) or "")
        except Misuse:
            click.echo(f"! {shown(path.name)} is no record of decisions.")
            continue
        share = shared_by_sketch(own, head["sketch"])
        if is_copy(share):
            outlet = shown(str(head["outlet"] or NOT_STATED))
            click.echo(
                f"! A copy of a page already decided on ({outlet}, {share:.0%} shared), or an earlier state of it: "
                f"one statement, not two. Its decisions: {shown(path.name)}"
            )
