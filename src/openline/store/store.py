"""The store: one transaction for each batch, and the read-only ledger (`ports.Ledger`) over what was committed."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

import apsw

from openline.errors import Misuse, StorageFailed
from openline.identifiers import LineId, StationId
from openline.ports import Append, Forget, Keep, Row
from openline.store.counter import read_counter, write_counter
from openline.store.database import connect, create_private, lay_log, read_failed, sync_folder, write_failed
from openline.store.schema import migrate

COPY_TABLE = "copy"
"""The kept table that marks a copy: key b"", value b"backup" or b"older".  It goes with the first commit of a run."""

READ_ROWS = 256  # rows read at once: no cursor stays open while a batch commits

KEY_BYTES_MAX = 255  # of a kept thing: the longest is three post keys and a number
DIGEST_BYTES = 32
INDEXED_BYTES = 8  # of a digest, as `schema` has it: the index is a sixth as large, and two alike are told apart anyway
_BEYOND = b"\xff" * (KEY_BYTES_MAX + 1)  # after a beginning: above every key, or digest, that begins so

_INSERT = """
    INSERT INTO entry (line, author, generation, seq, entry, digest, authored, kind, precedence)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
"""
_KEEP = "INSERT INTO kept VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value"
_FORGET = "DELETE FROM kept WHERE name = ? AND key = ?"
_HELD = "SELECT entry FROM entry WHERE line = ? AND author = ? AND generation = ? AND seq = ?"
_KEPT = "SELECT key, value FROM kept WHERE name = ? AND key BETWEEN ? AND ? ORDER BY key LIMIT ?"
_ENTRIES = """
    SELECT line, author, generation, seq, entry, digest, authored, kind, precedence FROM entry
    WHERE line = ? AND author = ? AND generation = ? AND seq >= ? AND seq < ? ORDER BY seq LIMIT ?
"""
_EXACT = """
    SELECT line, author, generation, seq, entry, digest, authored, kind, precedence FROM entry
    WHERE substr(digest, 1, 8) = ? AND digest = ? AND line = ? ORDER BY arrival LIMIT 1
"""
_FIND = """
    SELECT line, author, generation, seq, entry, digest, authored, kind, precedence FROM entry
    WHERE arrival IN (
        SELECT min(arrival) FROM entry INDEXED BY entry_by_digest
        WHERE substr(digest, 1, 8) BETWEEN ? AND ? AND digest BETWEEN ? AND ? AND line = ? GROUP BY digest LIMIT 2
    ) ORDER BY digest
"""
_RECENT = """
    SELECT line, author, generation, seq, entry, digest, authored, kind, precedence FROM entry
    WHERE line = ? ORDER BY arrival DESC LIMIT ?
"""


class CopyKind(Enum):
    """Whether the file that was opened is the one that last ran here."""

    NONE = "none"
    BACKUP = "backup"  # made by `backup`, and marked inside
    OLDER = "older"  # a raw copy: the counter file is ahead of it, or is missing beside a store that has run


@dataclass(frozen=True, slots=True)
class BeginRun:
    """One start: its number, which no other run of this store has had, and whether the file is a copy."""

    incarnation: int
    copy: CopyKind


class Store:
    """One open store.  Not shared between threads; one process at a time."""

    def __init__(self, connection: apsw.Connection, path: Path, key: bytes | None, vfs: str | None) -> None:
        self._connection = connection
        self._path = path
        self._key = key
        self._vfs = vfs
        self._failed = False
        self._marked = False

    @classmethod
    def open(cls, path: Path, key: bytes | None = None, vfs: str | None = None) -> Self:
        """Open or create the store at `path` under a raw page key of 32 bytes (None: in the clear).

        Raises Misuse (wrong key, newer form, held by another process) or StorageFailed.  Then call `begin_run`.
        """
        connection = connect(path, key, vfs)
        try:
            migrate(connection)
        except apsw.Error as error:
            connection.close()
            raise write_failed(error) from error
        except Misuse:
            connection.close()
            raise
        return cls(connection, path, key, vfs)

    def close(self) -> None:
        """Close the file.  What was committed is there, whether or not this raises StorageFailed; nothing else is."""
        try:
            self._connection.close()
        except apsw.Error as error:
            raise write_failed(error) from error

    def lay_log(self) -> None:
        """Give the write-ahead log room before a long run, so that commits need not make its file grow."""
        if self._vfs is None:
            lay_log(self._path)

    @property
    def failed(self) -> bool:
        """Whether a commit has failed: nothing more may be written, and the caller is ending."""
        return self._failed

    # ------------------------------------------------------------ writing

    def begin_run(self) -> BeginRun:
        """Step the incarnation by one, durably, in the file and in the counter beside it.  Call once, before anything.

        A copy is marked so in the same transaction.  The first commit afterwards takes the mark away: it must be the
        machine's answer to `Started`, in which the machine keeps for itself that it is recovering.  So no crash between
        can make a copy pass for the original.  Raises StorageFailed.
        """
        counter = read_counter(self._path)
        mark = next((value for _, value in self.kept(COPY_TABLE)), None)
        ((here,),) = self._rows("SELECT incarnation FROM run")
        if counter is None and here == 0:
            counter = 0
            write_counter(self._path, counter)  # first, or a crash before the first step's end would look like a copy
        copy = CopyKind.NONE
        if mark is not None:
            copy = CopyKind(mark.decode("ascii"))
        elif counter is None or counter > here:
            copy = CopyKind.OLDER
        incarnation = max(here, counter or 0) + 1
        try:
            with self._connection:
                self._connection.execute("UPDATE run SET incarnation = ?", (incarnation,))
                if copy is not CopyKind.NONE:
                    self._connection.execute(_KEEP, (COPY_TABLE, b"", copy.value.encode("ascii")))
        except apsw.Error as error:
            self._failed = True
            raise write_failed(error) from error
        self._marked = copy is not CopyKind.NONE
        # A crash here leaves the counter one behind its database: the next start steps both again and means nothing.
        write_counter(self._path, incarnation)
        return BeginRun(incarnation, copy)

    def commit(self, rows: Sequence[Row]) -> None:
        """Make these rows durable in one transaction, or raise StorageFailed; then stop, for memory is ahead.

        An entry that stands there already with the same bytes changes nothing; other bytes at its place are a fault
        of the engine, refused here.  Of several values for one key the last counts.
        """
        if self._failed:
            raise StorageFailed("this store failed before", hint="Stop this process and start it again.")
        entries = [_columns(row) for row in rows if isinstance(row, Append)]
        latest: dict[tuple[str, bytes], bytes | None] = {}
        for row in rows:
            if isinstance(row, Keep):
                if len(row.key) > KEY_BYTES_MAX:
                    raise Misuse(f"a key is longer than {KEY_BYTES_MAX} bytes", table=row.table)
                latest[row.table, row.key] = row.value
            elif isinstance(row, Forget):
                latest[row.table, row.key] = None
        if self._marked and rows:
            latest[COPY_TABLE, b""] = None
        kept = [(table, key, value) for (table, key), value in latest.items() if value is not None]
        forgotten = [place for place, value in latest.items() if value is None]
        try:
            with self._connection:
                self._insert(entries)
                if kept:
                    self._connection.executemany(_KEEP, kept)
                if forgotten:
                    self._connection.executemany(_FORGET, forgotten)
            self._marked = self._marked and not rows
        except apsw.Error as error:
            self._failed = True
            raise write_failed(error) from error
        except StorageFailed:
            self._failed = True
            raise

    def _insert(self, entries: Sequence[tuple[apsw.SQLiteValue, ...]]) -> None:
        if not entries:
            return
        before = self._connection.total_changes()
        self._connection.executemany(_INSERT, entries)
        if self._connection.total_changes() - before == len(entries):
            return
        for entry in entries:
            if self._rows(_HELD, *entry[:4]) != [(entry[4],)]:
                raise StorageFailed(
                    "another entry stands at this place already",
                    hint="This is a fault of the program. Keep the store as it is and report it.",
                    author=entry[1],
                    generation=entry[2],
                    seq=entry[3],
                )

    def checkpoint_idle(self) -> None:
        """Move the write-ahead log into the file.  Call when nothing has happened for half a second."""
        try:
            self._connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)
        except apsw.Error as error:
            self._failed = True
            raise write_failed(error) from error

    def integrity_check(self) -> None:
        """Read every page.  Raises StorageFailed if anything is damaged; slow on a large store."""
        try:
            found = self._connection.execute("PRAGMA integrity_check").get
        except apsw.Error as error:
            raise read_failed(error) from error
        if found != "ok":
            raise StorageFailed("the store is damaged", hint="Keep it and restore the newest backup beside it.")

    def backup(self, path: Path, key: bytes | None = None) -> None:
        """Write a whole copy to a new file under its own page key (None: the same), marked as a copy inside.

        Raises Misuse if the file is there already, StorageFailed if the disk fails.  The counter file is no part of it.
        """
        key = self._key if key is None else key
        draft = path.with_name(path.name + ".part")
        try:
            if path.exists():
                raise Misuse("a file of this name is there already", hint="Choose another name for the backup.")
            draft.unlink(missing_ok=True)
        except OSError as error:
            raise _not_copied(draft, error) from error
        create_private(draft)
        secret = f"?cipher=chacha20&key=raw:{key.hex()}" if key is not None else ""
        try:
            self._connection.execute("VACUUM INTO ?", (f"file:{quote(os.fspath(draft))}{secret}",))
        except apsw.Error as error:
            raise write_failed(error) from error
        copy = Store.open(draft, key, self._vfs)
        copy.commit([Keep(COPY_TABLE, b"", CopyKind.BACKUP.value.encode("ascii"))])
        copy.close()
        try:
            draft.rename(path)
        except OSError as error:
            raise _not_copied(path, error) from error
        sync_folder(path.parent)

    # ------------------------------------------------------------ reading: ports.Ledger

    def entry(self, line: LineId, author: StationId, generation: int, seq: int) -> Append | None:
        """Return the entry at a place, or None."""
        return next(self.entries(line, author, generation, seq, seq + 1), None)

    def entries(self, line: LineId, author: StationId, generation: int, first: int, end: int) -> Iterator[Append]:
        """Return the entries at places first to end - 1 that are held, in order."""
        while first < end:
            found = [Append(*row) for row in self._rows(_ENTRIES, line, author, generation, first, end, READ_ROWS)]
            yield from found
            first = found[-1].seq + 1 if len(found) == READ_ROWS else end

    def find(self, line: LineId, beginning: bytes) -> Sequence[Append]:
        """Return the entries of a line whose digest begins so, two at most; of one digest only the first to arrive.

        A statement that was said again after a restore has one digest at two places: it is one message.
        """
        if len(beginning) == DIGEST_BYTES:  # asked for every entry that is accepted: one look into the index
            return [Append(*row) for row in self._rows(_EXACT, beginning[:INDEXED_BYTES], beginning, line)]
        end = beginning + _BEYOND
        ends = beginning[:INDEXED_BYTES], end[:INDEXED_BYTES], beginning, end
        return [Append(*row) for row in self._rows(_FIND, *ends, line)]

    def recent(self, line: LineId, count: int) -> Sequence[Append]:
        """Return the last entries of a line by the order in which they were stored here, oldest first."""
        return [Append(*row) for row in self._rows(_RECENT, line, count)][::-1]

    def kept(self, table: str, beginning: bytes = b"") -> Iterator[tuple[bytes, bytes]]:
        """Return key and value of everything kept in a table under keys that begin so, in the order of keys."""
        end = beginning + _BEYOND
        found = self._rows(_KEPT, table, beginning, end, READ_ROWS)
        while found:
            yield from found
            after = found[-1][0] + b"\0"  # the next byte string that there is
            found = self._rows(_KEPT, table, after, end, READ_ROWS) if len(found) == READ_ROWS else []

    def _rows(self, query: str, *values: apsw.SQLiteValue) -> list[Any]:
        """Return all rows of a query.  Their columns have the types that the STRICT tables declare."""
        try:
            return self._connection.execute(query, values).fetchall()
        except apsw.Error as error:
            raise read_failed(error) from error


def _not_copied(path: Path, error: OSError) -> StorageFailed:
    """Return the error of a backup whose file, or the folder that it goes to, refuses."""
    return StorageFailed(
        f"the backup cannot be written: {path.name}: {error.strerror}",
        hint="See that its folder may be written, and that nothing of this name stands in the way.",
    )


def _columns(row: Append) -> tuple[apsw.SQLiteValue, ...]:
    return (
        row.line,
        row.author,
        row.generation,
        row.seq,
        row.entry,
        row.digest,
        row.authored,
        row.kind,
        row.precedence,
    )
