"""The sketches of texts that near duplicates are found by, kept in one SQLite file."""

from __future__ import annotations

import sqlite3
from array import array
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from corpus.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
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
        self._pending: dict[str, array[int]] = {}

    def known(self) -> frozenset[str]:
        """The hex SHA-256 of every text whose sketch is there.

        Raises:
            StorageError: the file cannot be read or begun.
        """
        with closing(self._opened()) as store:
            return frozenset(text for (text,) in store.execute("SELECT text FROM sketches"))

    def all(self) -> Iterator[tuple[str, array[int]]]:
        """Every text's hash with its sketch.

        Raises:
            StorageError: the file cannot be read.
        """
        with closing(self._opened()) as store:
            for text, content in store.execute("SELECT text, hashes FROM sketches"):
                hashes = array("Q")
                hashes.frombytes(content)
                yield text, hashes

    def put(self, text: str, sketch: array[int]) -> None:
        """Keep the sketch of a text; it is written by `flush`."""
        self._pending[text] = sketch

    def flush(self) -> None:
        """Write what was put.

        Raises:
            StorageError: the file cannot be written.
        """
        if not self._pending:
            return
        rows = [(text, hashes.tobytes()) for text, hashes in self._pending.items()]
        self._pending = {}
        self._write("INSERT OR REPLACE INTO sketches VALUES (?, ?)", rows)

    def forget(self, texts: Iterable[str]) -> None:
        """Remove the sketches of these texts, so that not even their hashes stay.

        Raises:
            StorageError: the file cannot be written.
        """
        if self._path.exists():
            self._write("DELETE FROM sketches WHERE text = ?", [(text,) for text in texts])

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
