"""A disk in memory, written as an SQLite VFS: it counts every write and sync, fails one, and loses its power.

What was written and not synced is kept as a list of pending changes.  `lose_power` keeps any subset of them, each
perhaps torn at a sector, which is what a disk may do.  The laboratory and the tests run the shipped store on it.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from random import Random

import apsw

SECTOR_BYTES = 512

Change = Callable[[bytearray], None]


def _write(offset: int, data: bytes) -> Change:
    def change(content: bytearray) -> None:
        if len(content) < offset:
            content.extend(bytes(offset - len(content)))
        content[offset : offset + len(data)] = data

    return change


def _truncate(size: int) -> Change:
    def change(content: bytearray) -> None:
        del content[size:]

    return change


class File:
    """One file: what the disk surely holds, what a reader sees, and the changes between the two."""

    def __init__(self) -> None:
        self.synced = bytearray()
        self.seen = bytearray()
        self.pending: list[tuple[Change, bytes, int]] = []

    def apply(self, change: Change, data: bytes = b"", offset: int = 0) -> None:
        """Change what is seen; the disk has it only after `sync`."""
        change(self.seen)
        self.pending.append((change, data, offset))

    def sync(self) -> None:
        """Make everything that is seen sure."""
        self.synced = bytearray(self.seen)
        self.pending.clear()

    def lose_power(self, random: Random) -> None:
        """Keep some of the pending changes, whole or torn, and lose the others."""
        for change, data, offset in self.pending:
            if random.random() < 0.5:
                continue
            if len(data) > SECTOR_BYTES and random.random() < 0.3:
                kept = random.randrange(0, len(data), SECTOR_BYTES)
                _write(offset, data[:kept])(self.synced)
            else:
                change(self.synced)
        self.pending.clear()
        self.seen = bytearray(self.synced)


class Disk:
    """All files, the count of writes and syncs so far, and what shall go wrong at which of them."""

    def __init__(self) -> None:
        self.files: dict[str, File] = {}
        self.operations = 0
        self.fails: dict[int, int] = {}  # operation number -> SQLite result code

    def operate(self) -> None:
        """Count one write, truncation or sync; fail it if that was planned."""
        self.operations += 1
        code = self.fails.get(self.operations)
        if code is not None:
            raise apsw.exception_for(code)

    def lose_power(self, seed: int) -> None:
        """Lose what was not synced, in every file, as the seed has it."""
        random = Random(seed)
        for name in sorted(self.files):
            self.files[name].lose_power(random)


class Handle(apsw.VFSFile):
    """What SQLite holds of an open file."""

    def __init__(self, disk: Disk, file: File) -> None:
        self._disk = disk
        self._file = file

    def xRead(self, amount: int, offset: int) -> bytes:
        return bytes(self._file.seen[offset : offset + amount])

    def xWrite(self, data: bytes, offset: int) -> None:
        self._disk.operate()
        self._file.apply(_write(offset, bytes(data)), bytes(data), offset)

    def xTruncate(self, size: int) -> None:
        self._disk.operate()
        self._file.apply(_truncate(size))

    def xSync(self, flags: int) -> None:
        self._disk.operate()
        self._file.sync()

    def xFileSize(self) -> int:
        return len(self._file.seen)

    def xFileControl(self, op: int, pointer: int) -> bool:
        return False

    def xSectorSize(self) -> int:
        return SECTOR_BYTES

    def xDeviceCharacteristics(self) -> int:
        return 0

    def xCheckReservedLock(self) -> bool:
        return False

    def xLock(self, level: int) -> None: ...

    def xUnlock(self, level: int) -> None: ...

    def xClose(self) -> None: ...


class DiskVFS(apsw.VFS):
    """The VFS that SQLite knows by name."""

    def __init__(self, name: str, disk: Disk) -> None:
        self._disk = disk
        super().__init__(name, base="unix")

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:
        known = name.filename() if isinstance(name, apsw.URIFilename) else name or "temporary"
        flags[1] = flags[0]
        return Handle(self._disk, self._disk.files.setdefault(known, File()))

    def xDelete(self, filename: str, syncdir: bool) -> None:
        self._disk.files.pop(filename, None)

    def xAccess(self, pathname: str, flags: int) -> bool:
        return pathname in self._disk.files

    def xFullPathname(self, name: str) -> str:
        return name


_REGISTERED: dict[str, DiskVFS] = {}  # as long as SQLite may hold an open file of theirs
_numbers = count()


def new_disk() -> tuple[str, Disk]:
    """Return the name under which SQLite reaches an empty disk, and the disk."""
    disk = Disk()
    name = f"memory{next(_numbers)}"
    _REGISTERED[name] = DiskVFS(name, disk)
    return name, disk


def forget_disk(name: str) -> None:
    """Let a disk go, once every connection to it is closed."""
    _REGISTERED.pop(name).unregister()
