"""An open snapshot: everything that answers a question, loaded once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
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
from index.search import Searcher
from index.spelling import CorpusVocabulary

if TYPE_CHECKING:
    from corpus.document import Document
    from index.snapshot import Manifest, SnapshotStore
    from index.types import Answer, Query
    from index.verify import Verifier


class OpenSnapshot:
    """A snapshot in memory. Safe to use from several threads until it is closed."""

    def __init__(self, store: SnapshotStore, snapshot_id: str, settings: AnswerSettings) -> None:
        """Check and load a snapshot; while it is open it is not removed.

        Raises:
            SnapshotMissing: there is none of this id.
            SnapshotDamaged: a file is missing, altered, or does not belong to the others.
        """
        folder = store.folder(snapshot_id)
        self._hold = Hold(folder)
        try:
            self.manifest: Manifest = store.manifest(snapshot_id)
            self.encoder = _checked_encoder(store, self.manifest)
            self.catalogue = Catalogue.open(folder / "catalogue.sqlite")
            self.dense = DenseIndex.open(folder / "dense.faiss")
            self.lexical = LexicalIndex.open(folder / "lexical")
            self._prove_same_rows()
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
        )
        vocabulary = CorpusVocabulary(self.catalogue, self.encoder)
        self.quotes = QuoteFinder(self.catalogue, self.searcher, vocabulary)
        self.answerer = Answerer(self.searcher, self.catalogue, vocabulary, weights, settings)

    @cached_property
    def verifier(self) -> Verifier:
        """What tells whether a quotation is true to its source."""
        from index.verify import Verifier  # noqa: PLC0415 - a question needs nothing of it

        return Verifier(self.catalogue, self.lexical)

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


def _checked_encoder(store: SnapshotStore, manifest: Manifest) -> OnnxEncoder:
    """The encoder of a snapshot whose every file is as its manifest says.

    Hashing and loading take a core each and as long as one another, so they go side by side;
    what the check finds is told first, since it explains why loading failed.
    """
    with ThreadPoolExecutor(max_workers=1) as pool:
        checking = pool.submit(store.check, manifest)
        try:
            encoder = OnnxEncoder.open(store.folder(manifest.id) / "encoder")
        except ModelError as error:
            checking.result()
            raise SnapshotDamaged(f"{error}; run 'metquote index build'") from error
        checking.result()
    return encoder
