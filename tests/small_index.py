"""An index of a few documents, written as a build does, with the stub encoder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corpus.document import Document, Metadata, PartialDate
from index import tables
from index.analysis import passed
from index.answer import Answerer, AnswerSettings
from index.catalogue import Catalogue
from index.dense import DenseIndex
from index.fusion import FEATURES, Logistic, Weights
from index.lexical import LexicalIndex
from index.search import Searcher
from index.spelling import CorpusVocabulary
from tests.stub_encoder import StubEncoder

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from corpus.document import Span
    from index.tables import Entry
    from index.types import Answer, Query


@dataclass(frozen=True, slots=True)
class SmallIndex:
    """Everything that answers, over ``documents``."""

    documents: dict[str, Document]
    catalogue: Catalogue
    dense: DenseIndex
    lexical: LexicalIndex
    encoder: StubEncoder
    searcher: Searcher
    vocabulary: CorpusVocabulary
    answerer: Answerer

    def answer(self, query: Query) -> Answer:
        return self.answerer.answer(query)

    def text(self, document_id: str, span: Span) -> str:
        return self.documents[document_id].text_at(span)

    def shown(self, answer: Answer) -> list[str]:
        """The words of each excerpt, taken from the documents as they were given."""
        return [self.text(excerpt.document_id, excerpt.span) for excerpt in answer.excerpts]


def steady_weights() -> Weights:
    """Sensible weights that stay as they are whenever the packaged ones are fitted anew."""
    ranking = {
        "cosine": 8.0,
        "own": 2.0,
        "around": 3.0,
        "pairs": 1.0,
        "names_around": 1.0,
        "how_many": 0.5,
        "when": 0.5,
        "who": 0.25,
        "dated_inside": 1.0,
        "dated_outside": -1.0,
        "is_lines": -1.0,
    }
    confidence = {"cosine": 3.0, "own": 1.0, "around": 3.0, "unknown": -1.0, "margin": 0.5}
    return Weights(
        dict.fromkeys(FEATURES, 0.0) | ranking,
        Logistic({}, 30.0),
        Logistic(confidence, -3.5),
    )


def document(
    name: str,
    text: str,
    *,
    published: str | None = None,
    publisher: str | None = None,
    title: str | None = None,
) -> Document:
    """A news item of ``text``."""
    when = PartialDate.parse(published) if published else None
    metadata = Metadata(kind="news", title=title, published=when, publisher=publisher)
    return Document.of(name, metadata, text)


def index_of(
    folder: Path,
    documents: Iterable[Document],
    *,
    settings: AnswerSettings | None = None,
    known: Iterable[str] = (),
) -> SmallIndex:
    """Write an index of ``documents`` below ``folder`` as a build does, and open it."""
    kept = {document.id: document for document in documents}
    entries: list[Entry] = []
    own: list[str] = []
    wide: list[str] = []
    for one in kept.values():
        result = passed(one, len(own))
        entries.append(result.entry)
        own += result.own_texts
        wide += result.around_texts
    encoder = StubEncoder(known)
    vectors = np.add(encoder.encode(own), encoder.encode(wide))
    dense = DenseIndex.of(vectors / np.linalg.norm(vectors, axis=1, keepdims=True).clip(min=1e-9))
    tables.write(folder / "catalogue.sqlite", entries)
    LexicalIndex.build(
        folder / "lexical",
        (pair for entry in entries for pair in zip(entry.stems, entry.around, strict=True)),
    )
    opened = Catalogue.open(folder / "catalogue.sqlite")
    lexical = LexicalIndex.open(folder / "lexical")
    weights = steady_weights()
    searcher = Searcher(
        catalogue=opened, dense=dense, lexical=lexical, encoder=encoder, weights=weights
    )
    vocabulary = CorpusVocabulary(opened, encoder)
    answerer = Answerer(searcher, opened, vocabulary, weights, settings or AnswerSettings())
    return SmallIndex(kept, opened, dense, lexical, encoder, searcher, vocabulary, answerer)
