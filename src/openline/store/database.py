"""Opening the SQLite file: the right library, the page key, the modes that make a commit durable, one process alone.

Every connection of this package is made here.  `write_failed` and `read_failed` turn what SQLite says about the disk
into the one documented error.
"""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from pathlib import Path

import apsw

from openline.errors import Misuse, StorageFailed

SQLITE_VERSION_MIN = (3, 51, 3)  # 3.7.0 to 3.51.2 can corrupt a write-ahead log that is reset (fixed 2026-03-13)
PAGE_KEY_BYTES = 32  # ChaCha20-Poly1305, derived by our own Argon2id, handed to the cipher raw
PAGE_BYTES = 2_048  # what one message changes is smaller than five whole pages of the library's own 4,096
CHECKPOINT_BYTES = 32 << 20  # of log; the library's own thousand pages make one commit in fifty ten times as slow
LOG_BYTES_LAID = 16 << 20  # room for hundreds of commits before the file must grow

_OPEN = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE | apsw.SQLITE_OPEN_URI

_HINTS: tuple[tuple[type[apsw.Error], str], ...] = (
    (apsw.FullError, "The disk is full. Free space, then start again: what was acknowledged before is safe."),
    (
        apsw.IOError,
        "The disk refused a write or a sync. Look at the system's log; start again only on a disk you trust.",
    ),
    (apsw.CorruptError, "The file is damaged. Keep it as it is and restore the newest backup beside it."),
    (apsw.ReadOnlyError, "The file or its folder may not be written. Give this user the right to write there."),
    (apsw.BusyError, "Another program holds the file. Stop it, then start again."),
)


class StoreHeld(Misuse):
    """Another process holds the store.  Ask that one, or wait until it has ended."""


def require_version(text: str) -> None:
    """Raise Misuse unless the bundled SQLite of version `text` is free of the write-ahead log's reset fault."""
    if tuple(int(part) for part in text.split(".")) < SQLITE_VERSION_MIN:
        raise Misuse(
            f"SQLite {text} can damage its write-ahead log",
            hint="Install this project's locked set of libraries again: make demo does it.",
        )


def connect(path: Path, key: bytes | None, vfs: str | None) -> apsw.Connection:
    """Return a connection that no other process can share, on which a commit means: on the disk.

    key: 32 raw bytes, or None for a file in the clear.  vfs: the name of a registered SQLite VFS, for faults in tests.
    Raises Misuse (wrong key, not a store, or held by another process) or StorageFailed.
    """
    require_version(apsw.sqlite_lib_version())
    if key is not None and len(key) != PAGE_KEY_BYTES:
        raise Misuse(f"a page key has {PAGE_KEY_BYTES} bytes", hint="Derive it from the passphrase first.")
    if str(path).startswith("file:"):
        raise Misuse("a store's path begins with file:", hint="Give the path itself, not an address.")
    if vfs is None:
        create_private(path)
    try:
        connection = apsw.Connection(os.fspath(path), flags=_OPEN, vfs=vfs)
    except apsw.Error as error:
        raise StorageFailed(
            "the store's file cannot be opened", hint="See that its folder exists and may be written.", path=path.name
        ) from error
    try:
        _prepare(connection, key)
    except apsw.Error as error:
        connection.close()
        raise _not_opened(error) from error
    return connection


def lay_log(path: Path) -> None:
    """Give the write-ahead log its room at once, in zeros: each commit into a file that grows syncs its length as well.

    That takes half as long again.  SQLite passes over zeros as over the remains of an older log, because their
    checksums are wrong.  What the disk does not give now it is asked for later, commit by commit.
    """
    log = path.with_name(path.name + "-wal")
    with suppress(OSError), log.open("r+b", buffering=0) as file:
        held = file.seek(0, os.SEEK_END)
        file.write(bytes(max(0, LOG_BYTES_LAID - held)))
        os.fsync(file.fileno())


def _not_opened(error: apsw.Error) -> Misuse | StorageFailed:
    if isinstance(error, apsw.NotADBError):
        return Misuse(
            "the store does not open with this key",
            hint="Check the passphrase. If it is right, the file is no store or is damaged: restore a backup.",
        )
    if isinstance(error, apsw.BusyError):
        return StoreHeld(
            "another process holds this store", hint="Only one may run on one home: stop the other one first."
        )
    return write_failed(error)


def _prepare(connection: apsw.Connection, key: bytes | None) -> None:
    if key is not None:
        connection.pragma("cipher", "chacha20")
        connection.execute(f"PRAGMA key = 'raw:{key.hex()}'")
    connection.pragma("page_size", PAGE_BYTES)  # of a new file; one that is there keeps what it was made with
    # Alone, and with the log's index in this process's own memory: no second writer can ever race a checkpoint.
    connection.pragma("locking_mode", "EXCLUSIVE")
    connection.pragma("journal_mode", "wal")
    connection.pragma("synchronous", "FULL")
    connection.pragma("secure_delete", "ON")
    connection.pragma("wal_autocheckpoint", CHECKPOINT_BYTES // connection.pragma("page_size"))
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("COMMIT")


def write_failed(error: apsw.Error) -> StorageFailed:
    """Return the error to raise when SQLite could not write.  The caller stops: memory is ahead of the disk."""
    return _failed(error, "the disk did not take what had to be kept")


def read_failed(error: apsw.Error) -> StorageFailed:
    """Return the error to raise when SQLite could not read what it once took."""
    return _failed(error, "the disk did not give back what was kept")


def _failed(error: apsw.Error, what: str) -> StorageFailed:
    hints = (text for kind, text in _HINTS if isinstance(error, kind))
    return StorageFailed(
        f"{what}: {type(error).__name__}",
        hint=next(hints, "Do not go on; keep the files and report it."),
        sqlite=getattr(error, "extendedresult", 0),
    )


def create_private(path: Path) -> None:
    """Create an empty file that only this user may read, unless it is there.  Raises StorageFailed.

    A file that is there is not opened: POSIX drops all locks of a process on a file when it closes any handle to it.
    """
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        return
    except OSError as error:
        raise StorageFailed(
            "the store's file cannot be opened", hint="See that its folder exists and may be written.", path=path.name
        ) from error


def sync_folder(folder: Path) -> None:
    """Make a rename or a new file in this folder durable.  Raises StorageFailed."""
    try:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        raise StorageFailed(
            f"the folder of the store does not sync: {errno.errorcode.get(error.errno or 0, 'error')}",
            hint="Look at the system's log; start again only on a disk you trust.",
        ) from error
