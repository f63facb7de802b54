"""A disk that counts: an SQLite VFS over the real files that ends the process, or fails, at the n-th write or sync.

    python -m tools.counting_disk end 7 station run --home H     dies before the 7th operation, as by a power cut
    python -m tools.counting_disk full 7 station run --home H    the disk is full from the 7th operation on
    python -m tools.counting_disk sync 7 relay run --home H      the 7th sync fails, and every later one

The program under it is the shipped one: only the name of the VFS that it opens its store with is given from here.
"""

import os
import sys
from pathlib import Path
from unittest.mock import patch

import apsw

from openline.cli import main
from openline.store import database

NAME = "counting"
OPERATIONS = "operations"  # in a home: a byte for each operation since the start
BASE = "unix"  # the operating system
CIPHERED = f"multipleciphers-{NAME}"  # SQLite's cipher makes its own layer over any VFS that is asked for so
DIED = 77  # the exit code of a process that ended itself


class Count:
    """What shall happen at which operation; and how many there were, told to a file."""

    def __init__(self, fault: str, at: int, told: Path) -> None:
        self.fault = fault
        self.at = at
        self.done = 0
        self._told = told.open("wb", buffering=0)

    def operate(self, *, sync: bool) -> None:
        """Count one write, truncation or sync; do what was planned."""
        if sync or self.fault != "sync":
            self.done += 1
            self._told.write(b".")
        if self.done < self.at:
            return
        if self.fault == "end":
            os._exit(DIED)  # nothing is flushed, no handler runs
        if self.fault == "full" and not sync:
            raise apsw.FullError("the disk is full")
        if self.fault == "sync" and sync:
            raise apsw.IOError("the disk does not sync")


class CountingFile(apsw.VFSFile):
    """A real file, each change of it counted before it is made."""

    def __init__(self, base: str, name: str | apsw.URIFilename | None, flags: list[int], count: Count) -> None:
        self._count = count
        super().__init__(base, name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:
        """Count, then write."""
        self._count.operate(sync=False)
        super().xWrite(data, offset)

    def xTruncate(self, size: int) -> None:
        """Count, then cut."""
        self._count.operate(sync=False)
        super().xTruncate(size)

    def xSync(self, flags: int) -> None:
        """Count, then sync."""
        self._count.operate(sync=True)
        super().xSync(flags)


class CountingDisk(apsw.VFS):
    """Counts under the cipher, so that what is counted is what the disk is asked for."""

    def __init__(self, count: Count) -> None:
        self._count = count
        super().__init__(NAME, base=BASE)

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:
        """Open a file that counts."""
        return CountingFile(BASE, name, flags, self._count)


disks: list[CountingDisk] = []  # kept for ever: SQLite may still hold an open file of theirs


def run(fault: str, at: int, arguments: list[str]) -> None:
    """Run the program on such a disk."""
    told = Path(arguments[arguments.index("--home") + 1]) / OPERATIONS
    disks.append(CountingDisk(Count(fault, at, told)))
    connect = database.connect

    def counting(path: Path, key: bytes | None, vfs: str | None) -> apsw.Connection:
        del vfs
        database.create_private(path)
        return connect(path, key, CIPHERED if key is not None else NAME)

    with patch("openline.store.store.connect", counting):
        main(arguments, prog_name="openline")


if __name__ == "__main__":
    run(sys.argv[1], int(sys.argv[2]), sys.argv[3:])
