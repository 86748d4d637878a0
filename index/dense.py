"""Vectors: the only module that imports FAISS.

``dense.faiss`` holds every vector in full and is mapped, not read: of a large corpus a question
touches a few hundred rows. From `Sizes.flat_below` rows on, ``near.faiss`` beside it says which:
two bits for each component, in lists of rows that lie near one another (RaBitQ, Gao and Long 2024,
in an inverted file).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar, cast

import faiss
import numpy as np

from corpus.errors import SnapshotDamaged

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

_NEAR = "near.faiss"
# Bits of a component, of a row and of a question. At 200,000 rows a shortlist of 100 by one bit
# held 0.89 of the ten nearest, of 400 0.98; by two 0.99 and 1.00, for a tenth more time.
_BITS, _QUERY_BITS = 2, 4
# Rows that each list is trained on, and rounds of k-means: more moved no recall.
_TRAINED_ON, _ROUNDS = 48, 8
# By so much a corpus grows or shrinks before its lists are trained anew.
_OUTGROWN = 2.0
# So much longer is the shortlist among allowed rows, and than what is asked for.
_FAR = 4
# Rows that are added, or whose cosines are taken, at once.
_CHUNK = 16_384


@dataclass(frozen=True, slots=True)
class Sizes:
    """From which sizes on what is done, measured by ``benchmarks/scale.py``.

    Below ``flat_below`` rows all are compared. Above, the ``shortlist`` best of the ``probes``
    nearest lists are; of n rows there are sqrt(n) lists, so that a question meets some
    probes * sqrt(n) rows. Where no more than ``few`` rows are allowed, they are compared all.
    """

    flat_below: int = 50_000
    probes: int = 144
    shortlist: int = 300
    few: int = 10_000


_SIZES = Sizes()
_T = TypeVar("_T", bound=np.generic)
_I = TypeVar("_I", bound=faiss.Index)


class DenseIndex:
    """Unit vectors searched by inner product, which for them is the cosine."""

    def __init__(
        self, full: faiss.IndexFlat, near: faiss.IndexIVF | None, sizes: Sizes = _SIZES
    ) -> None:
        self._full, self._near, self._sizes = full, near, sizes
        count = int(full.ntotal) * int(full.d)
        # A view of what FAISS holds or has mapped: taking rows of it copies them alone.
        self._rows: NDArray[np.float32] = (
            faiss.rev_swig_ptr(full.get_xb(), count).reshape(-1, full.d)
            if count
            else np.zeros((0, full.d), dtype=np.float32)
        )

    @classmethod
    def of(
        cls, vectors: NDArray[np.float32], sizes: Sizes = _SIZES, before: Before | None = None
    ) -> DenseIndex:
        """An index of ``vectors``: shape (n, d), float32, unit rows; row i is passage i.

        What ``before`` has of the same rows is taken over, while the size is about the same.

        Raises:
            ValueError: a row is not of unit length.
        """
        vectors = np.ascontiguousarray(vectors, dtype=np.float32)
        for chunk in _chunks(vectors):
            if not np.allclose(np.linalg.norm(chunk, axis=1), 1.0, atol=1e-3):
                raise ValueError("every row must be of unit length")
        full = faiss.IndexFlatIP(vectors.shape[1])
        full.add(vectors)
        if len(vectors) < sizes.flat_below:
            return cls(full, None, sizes)
        near = None if before is None else _grown(vectors, before)
        return cls(full, _trained(vectors) if near is None else near, sizes)

    @classmethod
    def open(cls, path: Path, sizes: Sizes = _SIZES) -> DenseIndex:
        """Map an index that `save` wrote.

        Raises:
            SnapshotDamaged: a file is missing or is no such index.
        """
        full = _read(path, faiss.IndexFlat, faiss.IO_FLAG_MMAP_IFC)
        beside = path.with_name(_NEAR)
        near = _read(beside, faiss.IndexIVF) if beside.exists() else None
        if near is not None and (near.ntotal, near.d) != (full.ntotal, full.d):
            raise SnapshotDamaged(
                f"{_NEAR} does not belong to {path.name}; run 'metquote index build'"
            )
        return cls(full, near, sizes)

    def save(self, path: Path) -> None:
        """Write the index to ``path``, and if it is large ``near.faiss`` beside it.

        Raises:
            OSError: it cannot be written.
        """
        for index, target in ((self._full, path), (self._near, path.with_name(_NEAR))):
            if index is None:
                continue
            try:
                faiss.write_index(index, str(target))
            except RuntimeError as error:
                raise OSError(f"{target.name} cannot be written") from error

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def dimension(self) -> int:
        """The number of components, d."""
        return int(self._full.d)

    @property
    def is_exact(self) -> bool:
        """Whether every search compares all rows."""
        return self._near is None

    def rows(self, rows: range) -> NDArray[np.float32]:
        """The vectors of ``rows``, which follow one another: shape (n, d), float32."""
        return self._rows[rows.start : rows.stop].copy()

    def search(
        self, vector: NDArray[np.float32], limit: int, *, among: NDArray[np.int64] | None = None
    ) -> dict[int, float]:
        """The cosines of the ``limit`` nearest rows to ``vector`` (shape (d,)), by row.

        ``among``, if given, is the rows that may be found, in order.
        """
        if among is not None and len(among) <= self._sizes.few:
            return self._best(vector, among, limit)
        if self._near is None:
            return self._all(vector, limit, among)
        return self._best(vector, self._shortlist(self._near, vector, limit, among), limit)

    def vectors(self, rows: list[int]) -> NDArray[np.float32]:
        """The vectors of ``rows``, in their order: shape (n, d), float32."""
        return self._rows[np.array(rows, dtype=np.int64)]

    def cosines(self, vector: NDArray[np.float32], rows: list[int]) -> NDArray[np.float32]:
        """The cosine of ``vector`` (shape (d,)) to each of ``rows``: shape (n,), float32."""
        return np.asarray(self.vectors(rows) @ vector, dtype=np.float32)

    def _all(
        self, vector: NDArray[np.float32], limit: int, among: NDArray[np.int64] | None
    ) -> dict[int, float]:
        chosen = None if among is None else faiss.SearchParameters(sel=_only(among, len(self)))  # type: ignore[call-arg]
        scores, rows = self._full.search(vector[None, :], limit, params=chosen)
        found = zip(rows[0].tolist(), scores[0].tolist(), strict=True)
        return {row: score for row, score in found if row >= 0}

    def _shortlist(
        self,
        near: faiss.IndexIVF,
        vector: NDArray[np.float32],
        limit: int,
        among: NDArray[np.int64] | None,
    ) -> NDArray[np.int64]:
        """Rows that are likely to be among the ``limit`` nearest, in order."""
        probes, shortlist = self._sizes.probes, self._sizes.shortlist
        if among is not None:
            # As many allowed rows are met as are rows without a filter. They may all be far from
            # the question, where two bits tell rows less well apart.
            probes, shortlist = probes * len(self) // len(among), _FAR * shortlist
        chosen = faiss.IVFRaBitQSearchParameters(  # type: ignore[call-arg]
            qb=_QUERY_BITS,
            nprobe=min(probes, near.nlist),
            sel=None if among is None else _only(among, len(self)),
        )
        count = min(max(shortlist, _FAR * limit), len(self))
        _, rows = near.search(vector[None, :], count, params=chosen)
        return np.sort(rows[0][rows[0] >= 0])

    def _best(
        self, vector: NDArray[np.float32], rows: NDArray[np.int64], limit: int
    ) -> dict[int, float]:
        """The ``limit`` of ``rows`` with the greatest cosines, these first; ties in order."""
        if not len(rows):
            return {}
        cosines = np.concatenate([self._rows[chunk] @ vector for chunk in _chunks(rows)])
        best = np.argsort(-cosines, kind="stable")[:limit]
        return dict(zip(rows[best].tolist(), cosines[best].tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class Before:
    """An older index, and where each of its rows is now: -1 for those that are gone."""

    index: DenseIndex
    moved: NDArray[np.int64]


def _grown(vectors: NDArray[np.float32], before: Before) -> faiss.IndexIVF | None:
    """The older index's lists with what has changed; ``None`` if they are too few or too many."""
    old = before.index._near  # noqa: SLF001 - one of us
    if old is None or not 1 / _OUTGROWN < len(vectors) / old.nlist**2 < _OUTGROWN:
        return None
    near = cast("faiss.IndexIVF", faiss.clone_index(old))
    near.reset()
    theirs, ours = (cast("faiss.InvertedLists", index.invlists) for index in (old, near))
    for number in range(old.nlist):
        size = theirs.list_size(number)
        if not size:
            continue
        rows = before.moved[faiss.rev_swig_ptr(theirs.get_ids(number), size)]
        codes = faiss.rev_swig_ptr(theirs.get_codes(number), size * old.code_size)
        kept = codes.reshape(size, -1)[rows >= 0]
        rows = rows[rows >= 0]
        ours.add_entries(number, len(rows), faiss.swig_ptr(rows), faiss.swig_ptr(kept))
        near.ntotal += len(rows)
    is_new = np.ones(len(vectors), dtype=bool)
    is_new[before.moved[before.moved >= 0]] = False
    for rows in _chunks(np.flatnonzero(is_new)):
        near.add_with_ids(vectors[rows], rows)
    return near


def _trained(vectors: NDArray[np.float32]) -> faiss.IndexIVF:
    lists = round(len(vectors) ** 0.5)
    made = faiss.index_factory(
        vectors.shape[1], f"IVF{lists},RaBitQ{_BITS}", faiss.METRIC_INNER_PRODUCT
    )
    near = cast("faiss.IndexIVF", made)
    near.cp.niter, near.cp.max_points_per_centroid = _ROUNDS, _TRAINED_ON
    near.train(np.ascontiguousarray(vectors[:: max(len(vectors) // (_TRAINED_ON * lists), 1)]))
    for chunk in _chunks(vectors):
        near.add(chunk)
    return near


def _only(rows: NDArray[np.int64], count: int) -> faiss.IDSelector:
    """What lets through ``rows`` alone, of rows from 0 to before ``count``."""
    chosen = np.zeros(count, dtype=bool)
    chosen[rows] = True
    return faiss.IDSelectorBitmap(np.packbits(chosen, bitorder="little"))  # type: ignore[call-arg,arg-type]


def _chunks(rows: NDArray[_T]) -> Iterator[NDArray[_T]]:
    for start in range(0, len(rows), _CHUNK):
        yield rows[start : start + _CHUNK]


def _read(path: Path, kind: type[_I], flags: int = 0) -> _I:
    try:
        found = faiss.read_index(str(path), flags)
    except RuntimeError as error:
        raise SnapshotDamaged(f"{path.name} cannot be read; run 'metquote index build'") from error
    if not isinstance(found, kind):
        raise SnapshotDamaged(f"{path.name} is of another kind; run 'metquote index build'")
    return found
