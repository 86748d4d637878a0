"""An open snapshot: everything that answers a question, loaded once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.errors import ModelError, SnapshotDamaged
from index.answer import Answerer, AnswerSettings
from index.catalogue import Catalogue
from index.dense import DenseIndex
from index.encoder import OnnxEncoder
from index.fusion import Weights
from index.lexical import LexicalIndex
from index.locks import Hold
from index.quotes import QuoteFinder
from index.reranker import Reranker
from index.search import Searcher
from index.spelling import CorpusVocabulary
from index.verify import Verifier

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.document import Document
    from index.snapshot import Manifest, SnapshotStore
    from index.types import Answer, Query


class OpenSnapshot:
    """A snapshot in memory. Safe to use from several threads until it is closed."""

    def __init__(self, store: SnapshotStore, snapshot_id: str, settings: AnswerSettings) -> None:
        """Check and load a snapshot; while it is open it is not removed.

        Raises:
            SnapshotMissing: there is none of this id.
            SnapshotDamaged: a file is missing, altered, or does not belong to the others.
            ModelError: the reranker's own files are missing or altered.
        """
        folder = store.folder(snapshot_id)
        self._hold = Hold(folder)
        try:
            self.manifest: Manifest = store.manifest(snapshot_id)
            store.check(self.manifest)
            self.catalogue = Catalogue.open(folder / "catalogue.sqlite")
            self.dense = DenseIndex.open(folder / "dense.faiss")
            self.lexical = LexicalIndex.open(folder / "lexical")
            self.encoder = _encoder(folder)
            self._prove_same_rows()
            reader = Reranker.open()
        except BaseException:
            self._hold.release()
            raise
        weights = Weights.load()
        self.searcher = Searcher(
            catalogue=self.catalogue,
            dense=self.dense,
            lexical=self.lexical,
            encoder=self.encoder,
            weights=weights,
            reader=reader,
        )
        vocabulary = CorpusVocabulary(self.catalogue, self.encoder)
        self.verifier = Verifier(self.catalogue, self.lexical)
        self.quotes = QuoteFinder(self.catalogue, self.searcher, vocabulary)
        self.answerer = Answerer(self.searcher, self.catalogue, vocabulary, weights, settings)

    def answer(self, query: Query) -> Answer:
        """What the corpus says to ``query``; see `Answerer.answer`."""
        return self.answerer.answer(query)

    def document(self, document_id: str) -> Document:
        """The document of this id.

        Raises:
            KeyError: this snapshot has none.
        """
        return self.catalogue.document(document_id)

    def close(self) -> None:
        """Let the files go."""
        self.catalogue.close()
        self._hold.release()

    def _prove_same_rows(self) -> None:
        counts = {len(self.catalogue), len(self.dense), len(self.lexical), self.manifest.passages}
        if len(counts) != 1 or self.dense.dimension != self.encoder.dimension:
            raise SnapshotDamaged(
                "the parts of the index do not belong together; run 'metquote index build'"
            )


def _encoder(folder: Path) -> OnnxEncoder:
    try:
        return OnnxEncoder.open(folder / "encoder")
    except ModelError as error:
        raise SnapshotDamaged(f"{error}; run 'metquote index build'") from error
