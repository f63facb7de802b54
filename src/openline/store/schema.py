"""The tables, and how an older file becomes a newer one: forward only, one transaction for each step.

A column's meaning never changes; a new meaning is a new column.  The number in `user_version` says how many of
`MIGRATIONS` a file has been through.
"""

from __future__ import annotations

from collections.abc import Sequence

import apsw

from openline.errors import Misuse

MIGRATIONS: tuple[Sequence[str], ...] = (
    (
        # `arrival` is the order in which entries were stored here: the only order that is this station's own fact.
        """
        CREATE TABLE entry (
            arrival    INTEGER PRIMARY KEY,
            line       BLOB    NOT NULL,
            author     INTEGER NOT NULL,
            generation INTEGER NOT NULL,
            seq        INTEGER NOT NULL,
            entry      BLOB    NOT NULL,
            digest     BLOB    NOT NULL,
            authored   INTEGER NOT NULL,
            kind       INTEGER NOT NULL,
            precedence INTEGER NOT NULL,
            UNIQUE (line, author, generation, seq)
        ) STRICT
        """,
        "CREATE INDEX entry_by_digest ON entry (line, digest)",
        "CREATE INDEX entry_by_arrival ON entry (line)",  # SQLite appends the row's number, which is `arrival`
        """
        CREATE TABLE kept (
            name  TEXT NOT NULL,
            key   BLOB NOT NULL,
            value BLOB NOT NULL,
            PRIMARY KEY (name, key)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE TABLE run (only INTEGER PRIMARY KEY CHECK (only = 1), incarnation INTEGER NOT NULL) STRICT",
        "INSERT INTO run VALUES (1, 0)",
    ),
    (
        # Digests come in no order, so each batch touched nearly every page of the index: a sixth of it does as well.
        "DROP INDEX entry_by_digest",
        "CREATE INDEX entry_by_digest ON entry (substr(digest, 1, 8))",
    ),
)


def migrate(connection: apsw.Connection, migrations: Sequence[Sequence[str]] = MIGRATIONS) -> None:
    """Bring the file to the newest form.  Raises Misuse if a newer release wrote it; apsw.Error if the disk fails."""
    found = connection.pragma("user_version")
    assert isinstance(found, int)
    if found > len(migrations):
        raise Misuse(
            f"this store was written by a newer release (form {found}, known here: {len(migrations)})",
            hint="Start it with that release, or restore a backup that this one made.",
        )
    for number, statements in enumerate(migrations[found:], found + 1):
        with connection:
            for statement in statements:
                connection.execute(statement)
            connection.pragma("user_version", number)
