"""The sentences that a summary may take, with what choosing among them looks at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.quotations.types import QuotationKind
from index.disagreements import Statement
from index.evidence import EVIDENCE
from index.fusion import confidence, confidence_features
from index.query import cleaned, read
from index.standalone import leaning, sentence_span
from index.words import content_stems

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from corpus.document import Document, PartialDate, Span
    from corpus.quotations.types import Quotation
    from index.catalogue import Catalogue
    from index.dense import DenseIndex
    from index.fusion import Scored, Weights
    from index.query import Vocabulary
    from index.search import Searcher
    from index.types import Query

# Below both, a sentence shares neither a word nor a meaning with the topic (as `index.quotes`).
_LEAST_COSINE, _LEAST_SHARE = 0.3, 0.15
# What a sentence loses that cannot be read without the one before it, of a relevance of 0–1.
_LEANS = 0.25
# The shortest slice that may be widened to the closing mark of a quotation, in characters.
_MOST_CHARACTERS = 450


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that can be shown by itself; ``relevance`` is 0–1.

    It is the share of the best sentence's score, less what it loses by leaning on another.
    """

    document_id: str
    span: Span
    row: int
    published: PartialDate | None
    score: float
    relevance: float
    quotations: tuple[Quotation, ...]
    stems: frozenset[str]
    statement: Statement


@dataclass(frozen=True, slots=True)
class Pool:
    """The sentences that fit a topic, best first, and their vectors: shape (n, d), unit rows.

    ``subject`` is the estimated probability (0–1) that the corpus speaks of the topic,
    ``answered`` that its first sentence answers it, as for a question.
    """

    sentences: tuple[Sentence, ...]
    vectors: NDArray[np.float32]
    subject: float
    answered: float
    undated_left_out: int


class Pools:
    """Gathers pools from an open index. Safe to use from several threads."""

    def __init__(
        self,
        searcher: Searcher,
        catalogue: Catalogue,
        dense: DenseIndex,
        vocabulary: Vocabulary,
        weights: Weights,
    ) -> None:
        self._searcher, self._catalogue, self._dense = searcher, catalogue, dense
        self._vocabulary, self._weights = vocabulary, weights

    def pool(self, query: Query) -> Pool:
        """What the corpus has on the topic ``query.text``.

        Raises:
            InputError: the topic is empty or too long.
            SnapshotDamaged: the index cannot be read.
        """
        part = read(cleaned(query.text), self._vocabulary)
        allowed = self._searcher.allowed(query)
        ranked = self._searcher.rank(part, allowed)
        subject = answered = 0.0
        if ranked and part.terms:
            values = confidence_features(part, ranked, self._searcher.unknown(part))
            subject = self._weights.subject.probability(values)
            answered = confidence(values, self._weights)
        sentences = self._sentences(query, ranked)
        vectors = self._dense.vectors([sentence.row for sentence in sentences])
        return Pool(sentences, vectors, subject, answered, allowed.undated_left_out)

    def _sentences(self, query: Query, ranked: list[Scored]) -> tuple[Sentence, ...]:
        if not ranked:
            return ()
        # A topic asks nothing: what tells that a sentence answers is not looked at.
        about = [self._about(scored) for scored in ranked]
        best = max(about)
        found: list[Sentence] = []
        seen: set[str] = set()
        for scored, own in zip(ranked, about, strict=True):
            if not _is_near(scored):
                continue
            score = own + self._searcher.preference(scored, query)
            relevance = min(score / best, 1.0) if best > 0 else 0.0
            sentence = self._sentence(scored, relevance)
            # The same words may stand in another copy of the document.
            if sentence is None or (words := " ".join(sentence.statement.text.split())) in seen:
                continue
            if not any(_overlap(sentence, other) for other in found):
                seen.add(words)
                found.append(sentence)
        return tuple(sorted(found, key=lambda s: (-s.relevance, s.row)))

    def _about(self, scored: Scored) -> float:
        weights = self._weights.ranking
        values = scored.features.items()
        return sum(weights.get(name, 0.0) * value for name, value in values if name not in EVIDENCE)

    def _sentence(self, scored: Scored, relevance: float) -> Sentence | None:
        candidate = scored.candidate
        passage = candidate.passage
        document = self._catalogue.document(passage.document_id)
        beside = self._catalogue.quotations(document.id, passage.span)
        span = sentence_span(document, passage, beside, _MOST_CHARACTERS)
        if span is None:
            return None
        quotations = tuple(q for q in beside if any(part.overlaps(span) for part in q.spans))
        speaker = _speaker(quotations)
        text = document.text_at(span)
        return Sentence(
            document_id=document.id,
            span=span,
            row=passage.row,
            published=candidate.published,
            score=scored.score,
            relevance=max(relevance - _LEANS * leaning(text, has_speaker=bool(speaker)), 0.0),
            quotations=quotations,
            stems=frozenset(content_stems(text)),
            statement=_statement(document, text, candidate.around | candidate.stems, speaker),
        )


def _statement(
    document: Document, text: str, around: frozenset[str], speaker: str | None
) -> Statement:
    published = document.metadata.published
    return Statement(document.id, text, around=around, published=published, speaker=speaker)


def _speaker(quotations: tuple[Quotation, ...]) -> str | None:
    return next(
        (q.speaker.name for q in quotations if q.speaker and q.kind is not QuotationKind.TERM), None
    )


def _overlap(one: Sentence, other: Sentence) -> bool:
    return one.document_id == other.document_id and one.span.overlaps(other.span)


def _is_near(scored: Scored) -> bool:
    features = scored.features
    return features["around"] >= _LEAST_SHARE or features["cosine"] >= _LEAST_COSINE
