"""The SQLite file in which the memory of the feeds lies: opened, or begun anew where damaged."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from corpus.errors import StorageError

if TYPE_CHECKING:
    from pathlib import Path

_VERSION = 1
_SCHEMA = f"""
BEGIN;
CREATE TABLE listings (
    url TEXT PRIMARY KEY, etag TEXT, modified TEXT, stated REAL
) WITHOUT ROWID;
CREATE TABLE items (
    feed TEXT, url TEXT, title TEXT, published REAL, updated REAL,
    waiting INTEGER NOT NULL, again INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0, due REAL NOT NULL DEFAULT 0, place INTEGER NOT NULL,
    PRIMARY KEY (feed, url)
) WITHOUT ROWID;
CREATE TABLE pages (
    url TEXT PRIMARY KEY, etag TEXT, modified TEXT, outcome TEXT NOT NULL, reason TEXT
) WITHOUT ROWID;
CREATE TABLE hosts (
    host TEXT PRIMARY KEY, until REAL NOT NULL, strikes INTEGER NOT NULL
) WITHOUT ROWID;
PRAGMA user_version = {_VERSION};
COMMIT;
"""


def opened(path: Path) -> tuple[sqlite3.Connection, tuple[str, ...]]:
    """The database at ``path``, and what a person should know of it, one sentence each.

    One that is damaged, or no memory of feeds, is removed and begun anew.

    Raises:
        StorageError: the file cannot be written or read.
    """
    try:
        database = _connected(path)
        if database is not None:
            return database, ()
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        database = _connected(path)
    except (sqlite3.Error, OSError) as error:
        raise unusable(path, error) from error
    if database is None:
        raise unusable(path, "it is damaged as soon as it is written")
    note = (
        f"{path} was damaged and is begun anew; pages of the feeds are fetched again, and "
        "recognised where nothing has changed"
    )
    return database, (note,)


def unusable(path: Path, reason: object) -> StorageError:
    """The error that says that the file cannot be used."""
    return StorageError(
        f"{path}, the memory of the feeds, cannot be used ({reason}); "
        "make room, or remove the file: it is begun anew"
    )


def _connected(path: Path) -> sqlite3.Connection | None:
    """The database, or ``None`` where the file is damaged or holds something else."""
    database = sqlite3.connect(path)
    try:
        if _is_ours(database):
            return database
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode not in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
            database.close()
            raise
    database.close()
    return None


def _is_ours(database: sqlite3.Connection) -> bool:
    # A crash of the machine may lose the last notes, never the file.
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = NORMAL")
    # What is deleted is overwritten too.
    database.execute("PRAGMA secure_delete = ON")
    if database.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
        return False
    version = database.execute("PRAGMA user_version").fetchone()[0]
    if version == 0 and database.execute("SELECT 1 FROM sqlite_master").fetchone() is None:
        database.executescript(_SCHEMA)
        return True
    return bool(version == _VERSION)
