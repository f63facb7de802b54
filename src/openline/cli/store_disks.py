"""The store as it ships in the made world, on a disk in memory that loses, tears and reorders what was not synced."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random

import apsw

from openline.identifiers import StationId
from openline.ports import Row
from openline.simulation.disks import Opened
from openline.simulation.setting import Setting
from openline.store import CopyKind, Store
from openline.store.counter import counter_path, read_counter, write_counter
from openline.store.unsafe_disk import Disk, File, forget_disk, new_disk

FAILURES = (apsw.SQLITE_FULL, apsw.SQLITE_IOERR | 4 << 8)  # disk full; failed fsync
OPERATIONS_AHEAD = 6  # the next commit makes about so many writes and syncs
FOLDERS = 16  # used in turn, for the counters that lie beside the stores: more than one world has stations


class StoreDisk:
    """One station's SQLite store; implements `simulation.disks.Disk`."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "station.db"
        counter_path(self._path).unlink(missing_ok=True)
        self._vfs, self._disk = new_disk()
        self._store: Store | None = None

    def make(self, rows: Sequence[Row]) -> bytes:
        """Make a new store that holds these rows; return its file."""
        store = self._open()
        store.commit(rows)
        store.close()
        return self.backup()[0][str(self._path)]

    def put(self, new: bytes) -> None:
        """Take the file of a new store."""
        self._replace(({str(self._path): new}, None))

    def _open(self) -> Store:
        return Store.open(self._path, vfs=self._vfs)

    def open(self) -> Opened:
        """Begin a run."""
        self._store = self._open()
        begun = self._store.begin_run()
        return Opened(self._store, begun.incarnation, begun.copy is not CopyKind.NONE)

    def commit(self, rows: Sequence[Row]) -> None:
        """Make rows durable, or raise StorageFailed."""
        assert self._store is not None
        self._store.commit(rows)

    def fail_next(self, random: Random) -> None:
        """Let one of the next writes and syncs fail."""
        self._disk.fails[self._disk.operations + 1 + random.randrange(OPERATIONS_AHEAD)] = random.choice(FAILURES)

    def close(self, random: Random) -> None:
        """The process is gone; in half of all cases the power too, and with it some of what was not synced."""
        self._disk.fails.clear()
        if random.random() < 0.5:
            self._disk.lose_power(random.randrange(1 << 30))
        self._replace(self.backup())

    def backup(self) -> tuple[dict[str, bytes], int | None]:
        """Return a copy of all files, and the counter beside them."""
        return {name: bytes(file.seen) for name, file in self._disk.files.items()}, read_counter(self._path)

    def restore(self, copy: object, *, marked: bool) -> None:
        """Put files back; unmarked: the counter beside them too, so that nothing shows that they are old.

        Marked: the counter is ahead of them.  If nothing was started since they were copied it is not, and only the
        product's own backup, which carries a mark, is known for a copy then.
        """
        assert isinstance(copy, tuple)
        files, counter = copy
        self._replace((files, counter))
        if counter is not None:
            write_counter(self._path, max(counter + 1, read_counter(self._path) or 0) if marked else counter)

    def rot(self, random: Random) -> bool:
        """Nothing: only the page cipher tells that a bit has rotted, and these files are in the clear."""
        del random
        return False

    def is_rotten(self) -> bool:
        """Nothing rots here."""
        return False

    def end(self) -> None:
        """The world is over."""
        self._disk.fails.clear()
        if self._store is not None:
            self._store.close()
        forget_disk(self._vfs)

    def _replace(self, copy: tuple[dict[str, bytes], int | None]) -> None:
        """Go on from these bytes on a disk of their own: whatever an old connection still writes is lost."""
        fresh: tuple[str, Disk] = new_disk()
        for name, content in copy[0].items():
            file = fresh[1].files[name] = File()
            file.synced, file.seen = bytearray(content), bytearray(content)
        old, self._store = self._store, None
        before = self._vfs
        self._vfs, self._disk = fresh
        if old is not None:
            old.close()
        forget_disk(before)


class StoreDisks:
    """Makes each station's disk with the shipped store on it; a `simulation.world.MakeDisk`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._turn = 0
        self._new: dict[Sequence[Row], bytes] = {}  # a new store for each setting, made once: the same bytes every time

    def __call__(self, me: StationId, setting: Setting) -> StoreDisk:
        """Return a disk with a new store of this setting."""
        del me
        self._turn += 1
        folder = self._folder / str(self._turn % FOLDERS)
        folder.mkdir(exist_ok=True)
        disk = StoreDisk(folder)
        if setting.rows in self._new:
            disk.put(self._new[setting.rows])
        else:
            self._new[setting.rows] = disk.make(setting.rows)
        return disk
