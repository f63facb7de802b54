"""Files that people hand to each other: written whole or not at all, and never over another one."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from openline.errors import Misuse, StorageFailed, Unavailable

PRIVATE = 0o600
PUBLIC = 0o644
OWNER_ALONE = 0o700
FILE_BYTES_MAX = 1_048_576  # ten times the longest document: whatever is longer is another kind of file


def read(path: Path) -> bytes:
    """Return the content of a file.  Raises Unavailable if it cannot be read, Misuse if it is far too long."""
    try:
        with path.open("rb") as file:
            data = file.read(FILE_BYTES_MAX + 1)
    except OSError as error:
        raise Unavailable(f"{path} cannot be read: {error.strerror}", hint="Check the name and the rights.") from error
    if len(data) > FILE_BYTES_MAX:
        raise Misuse(f"{path} is longer than any file of this kind", hint="Check that it is the file you mean.")
    return data


def write_new(path: Path, data: bytes, *, mode: int = PUBLIC) -> None:
    """Write a file that does not exist yet; it appears whole, after it is on the disk.

    Raises Misuse if there is one of this name, StorageFailed if the disk refuses.
    """
    if os.path.lexists(path):
        raise _taken(path)
    temporary = _write_temporary(path, data, mode)
    try:
        # A crash before this line leaves a file of a random name; after it, the whole new file.
        os.link(temporary, path)
    except FileExistsError as error:
        raise _taken(path) from error
    except OSError:
        # A memory stick has no links.  Two commands at the same moment could then overwrite each other: not two people.
        _rename(temporary, path)
    finally:
        _remove(temporary)
    _sync_folder(path.parent)


def replace_whole(path: Path, data: bytes, *, mode: int = PUBLIC) -> None:
    """Write a working file, in place of the one there; a crash leaves the old one or the new one, whole."""
    _rename(_write_temporary(path, data, mode), path)
    _sync_folder(path.parent)


def make_folder(folder: Path, mode: int = 0o777) -> None:
    """Make a folder and whatever is lacking above it; each is on the disk in the one above before anything is in it.

    Raises StorageFailed.
    """
    try:
        if folder.is_dir():
            return
        make_folder(folder.parent)
        folder.mkdir(mode, exist_ok=True)
    except OSError as error:
        raise _failed(folder, error) from error
    _sync_folder(folder.parent)


def _write_temporary(path: Path, data: bytes, mode: int) -> Path:
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        make_folder(path.parent)
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        _remove(temporary)
        raise _failed(path, error) from error
    return temporary


def _rename(temporary: Path, path: Path) -> None:
    try:
        temporary.replace(path)
    except OSError as error:
        _remove(temporary)
        raise _failed(path, error) from error


def _remove(temporary: Path) -> None:
    with contextlib.suppress(OSError):  # a disk that is read-only, or no folder: there is nothing to remove
        temporary.unlink()


def _sync_folder(folder: Path) -> None:
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise _failed(folder, error) from error


def _taken(path: Path) -> Misuse:
    return Misuse(f"{path} exists already; nothing is overwritten", hint="Name another file, or move that one away.")


def _failed(path: Path, error: OSError) -> StorageFailed:
    return StorageFailed(f"{path} cannot be written: {error.strerror}", hint="Check the disk's space and the rights.")
