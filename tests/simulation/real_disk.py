"""The store as it ships, on a disk in memory that loses, tears and reorders what was not synced."""

from collections.abc import Sequence
from pathlib import Path
from random import Random

import apsw

from openline.ports import Row
from openline.simulation.disks import Opened
from openline.store import CopyKind, Store
from openline.store.counter import read_counter, write_counter
from tests.store.vfs import Disk, File, new_disk

FAILURES = (apsw.SQLITE_FULL, apsw.SQLITE_IOERR | 4 << 8)  # disk full; failed fsync
OPERATIONS_AHEAD = 6  # the next commit makes about so many writes and syncs


class StoreDisk:
    """One station's SQLite store; implements `simulation.disks.Disk`."""

    def __init__(self, folder: Path, rows: tuple[Row, ...]) -> None:
        self._path = folder / "station.db"
        self._vfs, self._disk = new_disk()
        self._store: Store | None = None
        store = self._open()
        store.commit(rows)
        store.close()

    def _open(self) -> Store:
        return Store.open(self._path, vfs=self._vfs)

    def open(self) -> Opened:
        self._store = self._open()
        begun = self._store.begin_run()
        return Opened(self._store, begun.incarnation, begun.copy is not CopyKind.NONE)

    def commit(self, rows: Sequence[Row]) -> None:
        assert self._store is not None
        self._store.commit(rows)

    def fail_next(self, random: Random) -> None:
        self._disk.fails[self._disk.operations + 1 + random.randrange(OPERATIONS_AHEAD)] = random.choice(FAILURES)

    def close(self, random: Random) -> None:
        """The process is gone; in half of all cases the power too, and with it some of what was not synced."""
        self._disk.fails.clear()
        if random.random() < 0.5:
            self._disk.lose_power(random.randrange(1 << 30))
        self._replace(self.backup())

    def backup(self) -> tuple[dict[str, bytes], int | None]:
        return {name: bytes(file.seen) for name, file in self._disk.files.items()}, read_counter(self._path)

    def restore(self, copy: object, *, marked: bool) -> None:
        """Put files back; unmarked: the counter beside them too, so that nothing shows that they are old."""
        assert isinstance(copy, tuple)
        files, counter = copy
        self._replace((files, counter))
        if not marked and counter is not None:
            write_counter(self._path, counter)

    def _replace(self, copy: tuple[dict[str, bytes], int | None]) -> None:
        """Go on from these bytes on a disk of their own: whatever an old connection still writes is lost."""
        fresh: tuple[str, Disk] = new_disk()
        for name, content in copy[0].items():
            file = fresh[1].files[name] = File()
            file.synced, file.seen = bytearray(content), bytearray(content)
        old, self._store = self._store, None
        self._vfs, self._disk = fresh
        if old is not None:
            old.close()
