"""Vectors kept by model and text, so that nothing is encoded twice."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from hashlib import sha256
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from corpus.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from index.types import Encoder

# Encoded and kept together: a build that is killed loses at most this many.
_CHUNK = 512
_SUM_BYTES = 4


class EmbeddingCache:
    """One SQLite file a model below ``folder``; a damaged one is begun anew."""

    def __init__(self, folder: Path, model: str) -> None:
        self._path = folder / f"{model}.sqlite"

    def encode(
        self, encoder: Encoder, texts: Sequence[str], advance: Callable[[int], None]
    ) -> NDArray[np.float32]:
        """Shape (n, d), float32, unit rows in the order of ``texts``; ``advance`` gets counts.

        Raises:
            StorageError: the cache cannot be written.
        """
        keys = [_key(text) for text in texts]
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            try:
                kept = self._filled(encoder, keys, texts, advance)
            except sqlite3.DatabaseError as error:
                if isinstance(error, sqlite3.OperationalError):
                    raise
                self._path.unlink()
                kept = self._filled(encoder, keys, texts, advance)
        except (OSError, sqlite3.Error) as error:
            raise self._unwritable(error) from error
        if not keys:
            return np.zeros((0, encoder.dimension), dtype=np.float32)
        return np.stack([kept[key] for key in keys])

    def forget(self, texts: Iterable[str]) -> None:
        """Remove the vectors of ``texts``, and every byte of them from the file.

        A cache that is missing has none; a damaged one is removed whole.

        Raises:
            StorageError: the cache cannot be written.
        """
        if not self._path.exists():
            return
        try:
            try:
                with closing(self._prepared()) as store:
                    # Else the bytes would stay in the file until something is written over them.
                    store.execute("PRAGMA secure_delete = ON")
                    with store:
                        store.executemany(
                            "DELETE FROM vectors WHERE text = ?", ((_key(text),) for text in texts)
                        )
            except sqlite3.DatabaseError as error:
                if isinstance(error, sqlite3.OperationalError):
                    raise
                self._path.unlink()
        except (OSError, sqlite3.Error) as error:
            raise self._unwritable(error) from error

    def _unwritable(self, error: Exception) -> StorageError:
        return StorageError(
            f"vectors cannot be kept in {self._path.parent} ({error}); "
            "make room there or set paths.data in config.toml"
        )

    def _filled(
        self,
        encoder: Encoder,
        keys: Sequence[bytes],
        texts: Sequence[str],
        advance: Callable[[int], None],
    ) -> dict[bytes, NDArray[np.float32]]:
        unique = dict(zip(keys, texts, strict=True))
        with closing(self._prepared()) as store:
            kept = self._kept(store, unique, encoder.dimension)
            advance(sum(key in kept for key in keys))
            missing = [key for key in unique if key not in kept]
            for start in range(0, len(missing), _CHUNK):
                chunk = missing[start : start + _CHUNK]
                vectors = encoder.encode([unique[key] for key in chunk])
                rows = [
                    (key, _sealed(key, v.tobytes())) for key, v in zip(chunk, vectors, strict=True)
                ]
                with store:
                    store.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)
                kept |= dict(zip(chunk, vectors, strict=True))
                advance(len(chunk))
        return kept

    def _prepared(self) -> sqlite3.Connection:
        store = sqlite3.connect(self._path)
        try:
            with store:
                store.execute(
                    "CREATE TABLE IF NOT EXISTS vectors"
                    " (text BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID"
                )
        except sqlite3.Error:
            store.close()
            raise
        return store

    @staticmethod
    def _kept(
        store: sqlite3.Connection, keys: dict[bytes, str], dimension: int
    ) -> dict[bytes, NDArray[np.float32]]:
        kept: dict[bytes, NDArray[np.float32]] = {}
        for key in keys:
            row = store.execute("SELECT vector FROM vectors WHERE text = ?", (key,)).fetchone()
            if row is None or len(row[0]) != 4 * dimension + _SUM_BYTES:
                continue
            vector = row[0][:-_SUM_BYTES]
            if row[0] == _sealed(key, vector):
                kept[key] = np.frombuffer(vector, dtype=np.float32)
        return kept


def _key(text: str) -> bytes:
    return sha256(text.encode("utf-8", "surrogatepass")).digest()


def _sealed(key: bytes, vector: bytes) -> bytes:
    """A vector's bytes and a sum of them: SQLite does not notice a page that changed."""
    return vector + crc32(key + vector).to_bytes(_SUM_BYTES, "big")
