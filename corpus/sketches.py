"""The sketches of texts that near duplicates are found by, kept in one SQLite file."""

from __future__ import annotations

import sqlite3
from array import array
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from corpus.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

# Raised whenever sketches are made in another way: older ones are made again.
_VERSION = 1
_SCHEMA = """
CREATE TABLE IF NOT EXISTS sketches (text TEXT PRIMARY KEY, hashes BLOB NOT NULL);
"""


class Sketches:
    """The file at ``path``. It holds nothing that cannot be made again, and is if it is damaged."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._loaded: dict[str, array[int]] | None = None
        self._pending: list[str] = []

    def all(self) -> Mapping[str, array[int]]:
        """Every sketch, by the hex SHA-256 of its text; the file is read once.

        Raises:
            StorageError: the file cannot be read or begun.
        """
        if self._loaded is None:
            self._loaded = {}
            with closing(self._opened()) as store:
                for text, content in store.execute("SELECT text, hashes FROM sketches"):
                    self._loaded[text] = array("Q", content)
        return self._loaded

    def put(self, text: str, sketch: array[int]) -> None:
        """Keep the sketch of a text; it is written by `flush`."""
        self.all()
        if self._loaded is not None:
            self._loaded[text] = sketch
        self._pending.append(text)

    def flush(self) -> None:
        """Write what was put.

        Raises:
            StorageError: the file cannot be written.
        """
        found = self.all()
        rows = [(text, found[text].tobytes()) for text in self._pending]
        self._pending = []
        if rows:
            self._write("INSERT OR REPLACE INTO sketches VALUES (?, ?)", rows)

    def forget(self, texts: Iterable[str]) -> None:
        """Remove the sketches of these texts, so that not even their hashes stay.

        Raises:
            StorageError: the file cannot be written.
        """
        rows = [(text,) for text in texts]
        if rows and self._path.exists():
            self._loaded = None
            self._write("DELETE FROM sketches WHERE text = ?", rows)

    def _write(self, sql: str, rows: list[tuple[str, bytes]] | list[tuple[str]]) -> None:
        try:
            with closing(self._opened()) as store, store:
                store.executemany(sql, rows)
        except sqlite3.Error as error:
            raise self._unusable(error) from error

    def _opened(self) -> sqlite3.Connection:
        """The file, begun where there is none, and begun again where it is damaged or older."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            try:
                return self._connected()
            except sqlite3.OperationalError:
                raise
            except sqlite3.DatabaseError:
                self._path.unlink()
                return self._connected()
        except (OSError, sqlite3.Error) as error:
            raise self._unusable(error) from error

    def _connected(self) -> sqlite3.Connection:
        store = sqlite3.connect(self._path, timeout=30)
        try:
            # What is deleted is overwritten too.
            store.execute("PRAGMA secure_delete = ON")
            # What a crash of the machine takes away or damages is made again.
            store.execute("PRAGMA synchronous = OFF")
            (version,) = store.execute("PRAGMA user_version").fetchone()
            if version != _VERSION:
                with store:
                    store.execute("DROP TABLE IF EXISTS sketches")
                    store.execute(_SCHEMA)
                    store.execute(f"PRAGMA user_version = {_VERSION}")
        except BaseException:
            with suppress(sqlite3.Error):
                store.close()
            raise
        return store

    def _unusable(self, error: Exception) -> StorageError:
        return StorageError(
            f"{self._path} cannot be used ({error}); make room there, or set paths.data in "
            "config.toml"
        )
