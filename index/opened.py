"""An open snapshot: everything that answers a question, loaded once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from copy import copy
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from corpus.document import StatusKind
from corpus.errors import ModelError, SnapshotDamaged
from index.answer import Answerer, AnswerSettings
from index.catalogue import Catalogue
from index.dense import DenseIndex
from index.encoder import OnnxEncoder
from index.fusion import Weights
from index.lexical import LexicalIndex
from index.locks import Hold
from index.quotes import QuoteFinder
from index.reader import Reader
from index.reranker import Reranker
from index.rereading import rereading
from index.search import Searcher
from index.spelling import CorpusVocabulary
from index.withdrawn import NONE, Withdrawals, newest_first, withdrawals

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corpus.document import Document
    from corpus.journal import Record
    from index.manifest import Manifest
    from index.reading import Readings
    from index.rereading import Rereading
    from index.snapshot import SnapshotStore
    from index.summary import Summarizer
    from index.types import Answer, Query
    from index.verify import Verifier


_MADE_AT_FIRST_USE = ("summarizer", "verifier")


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
            self.encoder, self.reader = _checked_models(
                store, self.manifest, reading=settings.second_reading
            )
            self._written = self.catalogue = Catalogue.open(folder / "catalogue.sqlite")
            withdrawn = folder / "withdrawn.sqlite"
            self._withdrawn = Catalogue.open(withdrawn) if withdrawn.exists() else None
            self.dense = DenseIndex.open(folder / "dense.faiss")
            self.lexical = LexicalIndex.open(folder / "lexical")
            self._prove_same_rows()
        except BaseException:
            self._hold.release()
            raise
        self._related_at = settings.related_at
        # What verification has read of the documents; the same for whoever looks at them.
        self._readings: dict[str, Readings] = {}
        self._settings, self._weights = settings, Weights.load()
        if self.reader is not None:
            self._weights_read = Weights.load(with_reader=True)
        self._vocabulary = CorpusVocabulary(self._written, self.encoder)
        self._look(NONE)

    @cached_property
    def summarizer(self) -> Summarizer:
        """What summarizes topics."""
        from index.summary import Summarizer  # noqa: PLC0415 - a question needs nothing of it
        from index.summary_pool import Pools  # noqa: PLC0415 - the same

        pools = Pools(
            self.searcher,
            self.catalogue,
            self.dense,
            CorpusVocabulary(self.catalogue, self.encoder),
            Weights.load(),
        )
        return Summarizer(pools, self.searcher, len(self.catalogue), self._related_at)

    def after(self, records: Mapping[str, Record]) -> OpenSnapshot:
        """The same open files as ``records``, the journal of now, leave them to be seen.

        What is no longer current is found nowhere; what was erased cannot be had at all. Closing
        either closes both.
        """
        seen = copy(self)
        for name in _MADE_AT_FIRST_USE:
            seen.__dict__.pop(name, None)
        seen._look(withdrawals(records, self._written, self._withdrawn))  # noqa: SLF001 - ours
        return seen

    def take_over(self, previous: OpenSnapshot) -> None:
        """Spare verification what it read for ``previous`` and what has not changed since."""
        from index.reading import Readings  # noqa: PLC0415 - a question needs nothing of it

        before = previous._readings.get("current")
        if before is not None:
            self._readings["current"] = Readings(self._written, before=before)

    def _look(self, withdrawals: Withdrawals) -> None:
        """Put together what answers, without the documents that ``withdrawals`` names."""
        self._withdrawals = withdrawals
        self._ids = {written_as: version for version, written_as in withdrawals.versions.items()}
        hidden = withdrawals.hidden
        self.catalogue = self._written.without(hidden) if hidden else self._written
        self.searcher = Searcher(
            catalogue=self.catalogue,
            dense=self.dense,
            lexical=self.lexical,
            encoder=self.encoder,
            weights=self._weights,
        )
        self.quotes = QuoteFinder(self.catalogue, self.searcher, self._vocabulary)
        self.answerer = Answerer(
            self.searcher,
            self.catalogue,
            self._vocabulary,
            self._weights,
            self._settings,
            self.rereader(),
        )

    def rereader(self) -> Rereading | None:
        """What reads the first of a ranking again; ``None`` without a reader."""
        if self.reader is None:
            return None
        return rereading(self.reader, self.catalogue, self._weights_read)

    @cached_property
    def verifier(self) -> Verifier:
        """What tells whether a quotation is true to its source."""
        from index.reading import Readings  # noqa: PLC0415 - a question needs nothing of it
        from index.verbatim import Verbatim  # noqa: PLC0415 - the same
        from index.verify import Verifier  # noqa: PLC0415 - the same

        current = self._readings.setdefault("current", Readings(self._written))
        once: list[Verbatim] = []
        if just_now := self._withdrawals.statuses:
            among = just_now.__contains__
            once.append(Verbatim(self._written, current, document=self.document, among=among))
        if self._withdrawn is not None:
            older = Readings(self._withdrawn, newest_first(self._withdrawn))
            older = self._readings.setdefault("withdrawn", older)
            once.append(Verbatim(self._withdrawn.without(self._withdrawals.gone), older))
        return Verifier(self.catalogue, self.lexical, current, once)

    def answer(self, query: Query) -> Answer:
        """What the corpus says to ``query``; see `Answerer.answer`."""
        return self.answerer.answer(query)

    def document(self, document_id: str) -> Document:
        """The document of this id, also one that is no longer current: its status says so.

        One that was corrected since the snapshot was built has the id of an earlier version,
        such as ``ID@1``, and can be had by either id.

        Raises:
            KeyError: this snapshot has none, or it was erased since.
        """
        if document_id in self._withdrawals.gone:
            raise KeyError(document_id)
        written_as = self._withdrawals.versions.get(document_id, document_id)
        try:
            found = self._written.document(written_as)
        except KeyError:
            if self._withdrawn is None:
                raise
            return self._withdrawn.document(document_id)
        status = self._withdrawals.statuses.get(written_as)
        if status is None:
            return found
        return replace(found, id=self._ids.get(written_as, written_as), status=status)

    def unchanged(self, document_id: str, sha256: str) -> Document | None:
        """The document of this id, if it is current and has the text of this SHA-256."""
        try:
            found = self.document(document_id)
        except KeyError:
            return None
        is_current = found.status.kind is StatusKind.CURRENT
        return found if is_current and found.sha256 == sha256 else None

    def close(self) -> None:
        """Let the files go."""
        self._written.close()
        if self._withdrawn is not None:
            self._withdrawn.close()
        self._hold.release()

    def _prove_same_rows(self) -> None:
        counts = {len(self.catalogue), len(self.dense), len(self.lexical), self.manifest.passages}
        if len(counts) != 1 or self.dense.dimension != self.encoder.dimension:
            raise SnapshotDamaged(
                "the parts of the index do not belong together; run 'metquote index build'"
            )


def _checked_models(
    store: SnapshotStore, manifest: Manifest, *, reading: bool
) -> tuple[OnnxEncoder, Reader | Reranker | None]:
    """The encoder of a snapshot whose every file is as its manifest says, and what reads again.

    Hashing and loading take a core each and as long as one another, so they go side by side;
    what the check finds is told first, since it explains why loading failed.
    """
    folder = store.folder(manifest.id)
    reader: Reader | Reranker | None = None
    with ThreadPoolExecutor(max_workers=1) as pool:
        checking = pool.submit(store.check, manifest)
        try:
            encoder = OnnxEncoder.open(folder / "encoder")
            if reading and (folder / "reranker").is_dir():
                reader = Reranker.open(folder / "reranker")
            elif reading and (folder / "reader").is_dir():
                reader = Reader.open(folder / "reader")
        except ModelError as error:
            checking.result()
            raise SnapshotDamaged(f"{error}; run 'metquote index build'") from error
        checking.result()
    return encoder, reader
