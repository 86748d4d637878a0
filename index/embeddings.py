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
                return self._filled(encoder, keys, texts, advance)
            except sqlite3.DatabaseError as error:
                if isinstance(error, sqlite3.OperationalError):
                    raise
                self._path.unlink()
                return self._filled(encoder, keys, texts, advance)
        except (OSError, sqlite3.Error) as error:
            raise self._unwritable(error) from error

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
    ) -> NDArray[np.float32]:
        # Rows are filled where they are returned: of a million texts there is no room for copies.
        vectors = np.zeros((len(keys), encoder.dimension), dtype=np.float32)
        first: dict[bytes, int] = {}
        for at, key in enumerate(keys):
            first.setdefault(key, at)
        with closing(self._prepared()) as store:
            missing = [at for key, at in first.items() if not _fetched(store, key, vectors[at])]
            lacking = {keys[at] for at in missing}
            advance(sum(key not in lacking for key in keys))
            for start in range(0, len(missing), _CHUNK):
                chunk = missing[start : start + _CHUNK]
                vectors[chunk] = encoder.encode([texts[at] for at in chunk])
                rows = [(keys[at], _sealed(keys[at], vectors[at].tobytes())) for at in chunk]
                with store:
                    store.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)
                advance(len(chunk))
        for at, key in enumerate(keys):
            if first[key] != at:
                vectors[at] = vectors[first[key]]
        return vectors

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


def _fetched(store: sqlite3.Connection, key: bytes, vector: NDArray[np.float32]) -> bool:
    """Whether a whole vector is kept for ``key``; then it is in ``vector``, shape (d,)."""
    row = store.execute("SELECT vector FROM vectors WHERE text = ?", (key,)).fetchone()
    if row is None or len(row[0]) != vector.nbytes + _SUM_BYTES:
        return False
    content = row[0][:-_SUM_BYTES]
    if row[0] != _sealed(key, content):
        return False
    vector[:] = np.frombuffer(content, dtype=np.float32)
    return True


def _key(text: str) -> bytes:
    return sha256(text.encode("utf-8", "surrogatepass")).digest()


def _sealed(key: bytes, vector: bytes) -> bytes:
    """A vector's bytes and a sum of them: SQLite does not notice a page that changed."""
    return vector + crc32(key + vector).to_bytes(_SUM_BYTES, "big")
