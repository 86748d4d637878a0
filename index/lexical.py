"""Words: the only module that imports Tantivy.

Two fields a passage: its own stems, and those around it (its neighbours, its title, who
speaks). Both arrive analysed by ``index.words``, so that a question, an index and a highlight
agree on what a word is; Tantivy only splits at spaces.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import tantivy

from corpus.errors import SnapshotDamaged

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

OWN, AROUND = "own", "around"
# How much a word beside the passage counts against one in it, when candidates are collected.
_AROUND_BOOST = 0.5
_HEAP_BYTES = 50_000_000
# Of so many allowed rows Tantivy is told each: of 1,000 of 300,000 in 10 ms. Of more it is asked
# for the best of all, so many more than are wanted, which took 2 ms for the best 4,000.
_FEW = 1_000
_AT_FIRST, _THEN = 2, 16


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("row", stored=False, indexed=True, fast=True)
    builder.add_text_field(OWN, stored=False, tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field(AROUND, stored=False, tokenizer_name="whitespace", index_option="freq")
    return builder.build()


class LexicalIndex:
    """Stems searched by BM25."""

    def __init__(self, index: tantivy.Index, few: int = _FEW) -> None:
        index.reload()
        self._index, self._schema, self._searcher = index, index.schema, index.searcher()
        self._few = few

    @classmethod
    def build(cls, folder: Path, passages: Iterable[tuple[Sequence[str], Sequence[str]]]) -> None:
        """Write the index of ``passages`` (own stems, stems around), row by row, to ``folder``.

        Raises:
            OSError: the folder cannot be written.
        """
        folder.mkdir()
        try:
            index = tantivy.Index(_schema(), path=str(folder))
            # One thread, so that the same passages make the same index.
            writer = index.writer(heap_size=_HEAP_BYTES, num_threads=1)
            for row, (own, around) in enumerate(passages):
                document = tantivy.Document()
                document.add_unsigned("row", row)
                document.add_text(OWN, " ".join(own))
                document.add_text(AROUND, " ".join(around))
                writer.add_document(document)
            writer.commit()
            writer.wait_merging_threads()
        except ValueError as error:
            raise OSError(f"the lexical index cannot be written ({error})") from error
        for lock in folder.glob(".tantivy-*.lock"):
            lock.unlink()

    @classmethod
    def open(cls, folder: Path, few: int = _FEW) -> LexicalIndex:
        """Read an index that `build` wrote; ``few`` allowed rows are looked for one by one.

        Raises:
            SnapshotDamaged: a file is missing or is no such index.
        """
        try:
            if os.access(folder, os.W_OK):
                return cls(tantivy.Index.open(str(folder)), few)
            # Tantivy takes a lock beside the files even to read them, and may hold it a little
            # longer than it takes to open them.
            with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as beside:
                for path in folder.iterdir():
                    (Path(beside) / path.name).symlink_to(path.absolute())
                return cls(tantivy.Index.open(beside), few)
        except (ValueError, OSError) as error:
            raise SnapshotDamaged(
                "the lexical index cannot be read; run 'metquote index build'"
            ) from error

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def frequency(self, stem: str) -> int:
        """In how many passages ``stem`` stands, neighbours not counted."""
        return int(self._searcher.doc_freq(OWN, stem))

    def search(
        self,
        stems: Iterable[str],
        limit: int,
        *,
        among: Sequence[int] | NDArray[np.int64] | None = None,
    ) -> dict[int, float]:
        """The BM25 scores of the best ``limit`` passages that hold any of ``stems``, by row.

        ``among``, if given, is the rows that may be found.
        """
        clauses = [
            (tantivy.Occur.Should, query)
            for stem in sorted(set(stems))
            for query in self._terms(stem)
        ]
        if not clauses or (among is not None and not len(among)):
            return {}
        query = tantivy.Query.boolean_query(clauses)
        if among is None:
            rows, scores = self._best(query, limit)
        elif len(among) <= self._few:
            rows, scores = self._best(self._restricted(query, among), limit)
        else:
            rows, scores = self._best_among(query, limit, np.asarray(among, dtype=np.int64))
        return dict(zip(rows.tolist(), scores.tolist(), strict=True))

    def _best(self, query: tantivy.Query, limit: int) -> tuple[NDArray[np.int64], ...]:
        """The rows of the best ``limit`` hits, and their scores; the best first."""
        hits = self._searcher.search(query, limit, count=False).hits
        rows = self._searcher.fast_field_values("row", [address for _, address in hits])
        return np.array(rows, dtype=np.int64), np.array([score for score, _ in hits])

    def _best_among(
        self, query: tantivy.Query, limit: int, among: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], ...]:
        """The best ``limit`` of ``among``: of ever more hits, until enough of them are allowed."""
        allowed = np.zeros(len(self), dtype=bool)
        allowed[among] = True
        wanted = _AT_FIRST * limit * len(self) // len(among)
        while True:
            rows, scores = self._best(query, min(wanted, len(self)))
            kept = np.flatnonzero(allowed[rows])
            if len(kept) >= limit or len(rows) < wanted:
                return rows[kept[:limit]], scores[kept[:limit]]
            wanted *= _THEN

    def _restricted(
        self, query: tantivy.Query, among: Sequence[int] | NDArray[np.int64]
    ) -> tantivy.Query:
        rows = tantivy.Query.term_set_query(self._schema, "row", [int(row) for row in among])
        allowed = tantivy.Query.const_score_query(rows, 0.0)
        return tantivy.Query.boolean_query(
            [(tantivy.Occur.Must, query), (tantivy.Occur.Must, allowed)]
        )

    def _terms(self, stem: str) -> tuple[tantivy.Query, tantivy.Query]:
        around = tantivy.Query.term_query(self._schema, AROUND, stem, index_option="freq")
        return (
            tantivy.Query.term_query(self._schema, OWN, stem, index_option="freq"),
            tantivy.Query.boost_query(around, _AROUND_BOOST),
        )
