"""Vectors: the only module that imports FAISS."""

from __future__ import annotations

from typing import TYPE_CHECKING

import faiss
import numpy as np

from corpus.errors import SnapshotDamaged

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


class DenseIndex:
    """Unit vectors searched by inner product, which for them is the cosine."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    @classmethod
    def of(cls, vectors: NDArray[np.float32]) -> DenseIndex:
        """An exact index of ``vectors``: shape (n, d), float32, unit rows; row i is passage i.

        Raises:
            ValueError: a row is not of unit length.
        """
        if len(vectors) and not np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-3):
            raise ValueError("every row must be of unit length")
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return cls(index)

    @classmethod
    def open(cls, path: Path) -> DenseIndex:
        """Read an index that `save` wrote.

        Raises:
            SnapshotDamaged: the file is missing or is no such index.
        """
        try:
            return cls(faiss.read_index(str(path)))
        except RuntimeError as error:
            raise SnapshotDamaged(
                "dense.faiss cannot be read; run 'metquote index build'"
            ) from error

    def save(self, path: Path) -> None:
        """Write the index to ``path``.

        Raises:
            OSError: it cannot be written.
        """
        try:
            faiss.write_index(self._index, str(path))
        except RuntimeError as error:
            raise OSError(f"{path.name} cannot be written") from error

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """The number of components, d."""
        return int(self._index.d)

    def rows(self, rows: range) -> NDArray[np.float32]:
        """The vectors of ``rows``, which follow one another: shape (n, d), float32."""
        if not rows:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return np.asarray(self._index.reconstruct_n(rows.start, len(rows)), dtype=np.float32)

    def search(
        self, vector: NDArray[np.float32], limit: int, *, among: NDArray[np.int64] | None = None
    ) -> dict[int, float]:
        """The cosines of the ``limit`` nearest rows to ``vector`` (shape (d,)), by row.

        ``among``, if given, is the rows that may be found.
        """
        parameters = None
        if among is not None:
            parameters = faiss.SearchParameters(sel=faiss.IDSelectorBatch(among))  # type: ignore[call-arg]
        scores, rows = self._index.search(vector[None, :], limit, params=parameters)
        return {
            int(row): float(score)
            for row, score in zip(rows[0], scores[0], strict=True)
            if row >= 0
        }

    def vectors(self, rows: list[int]) -> NDArray[np.float32]:
        """The vectors of ``rows``, in their order: shape (n, d), float32."""
        if not rows:
            return np.zeros((0, self.dimension), dtype=np.float32)
        kept = self._index.reconstruct_batch(np.array(rows, dtype=np.int64))
        return np.asarray(kept, dtype=np.float32)

    def cosines(self, vector: NDArray[np.float32], rows: list[int]) -> NDArray[np.float32]:
        """The cosine of ``vector`` (shape (d,)) to each of ``rows``: shape (n,), float32."""
        return np.asarray(self.vectors(rows) @ vector, dtype=np.float32)
