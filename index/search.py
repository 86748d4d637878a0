"""A question to ranked passages: candidates by meaning and by words, one order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.evidence import beside
from index.fusion import Unknown, features, in_order, rarity, scored

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from index.catalogue import Candidate, Catalogue
    from index.dense import DenseIndex
    from index.fusion import Scored, Weights
    from index.lexical import LexicalIndex
    from index.query import Part, Term
    from index.types import Encoder, Query

# By each of the two ways. Chosen, not fitted: of SQuAD's development questions the passage that
# answers was among the first ten in 96%, so forty leave little out.
CANDIDATES = 40
# What a preferred publisher is worth beside the scores: as much as 0.15 of the cosine.
_PREFERENCE = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Allowed:
    """The rows that a query's options leave, shape (n,), in order; ``None`` is all of them."""

    rows: NDArray[np.int64] | None
    undated_left_out: int = 0


class Searcher:
    """The parts of an open index that rank passages. Safe to use from several threads."""

    def __init__(
        self,
        *,
        catalogue: Catalogue,
        dense: DenseIndex,
        lexical: LexicalIndex,
        encoder: Encoder,
        weights: Weights,
    ) -> None:
        self._catalogue, self._dense, self._lexical = catalogue, dense, lexical
        self._encoder, self._weights = encoder, weights

    def allowed(self, query: Query) -> Allowed:
        """What the options of ``query`` leave."""
        chosen = query.since or query.until or query.publisher or query.speaker or query.left_out
        if not chosen:
            return Allowed(None)
        rows = self._catalogue.rows(
            since=query.since,
            until=query.until,
            publisher=query.publisher,
            speaker=query.speaker,
            left_out=query.left_out,
        )
        dated = bool(query.since or query.until)
        return Allowed(rows, self._catalogue.undated() if dated else 0)

    def rank(self, part: Part, allowed: Allowed) -> list[Scored]:
        """The best passages for one question, best first; ties in order of row."""
        among = allowed.rows
        if not len(self._catalogue) or (among is not None and not len(among)):
            return []
        vector = self._encoder.encode_query(part.text)
        stems = {stem for term in part.terms for stem in term.stems}
        # Hidden passages may come before all others, and take nobody's place.
        limit = CANDIDATES + (self._catalogue.hidden_passages if among is None else 0)
        near = self._dense.search(vector, limit, among=among)
        worded = self._lexical.search(stems, limit, among=among)
        candidates = self._found(near, worded)
        cosines = self._dense.cosines(vector, [found.passage.row for found in candidates])
        weights = {term: self.weight(term) for term in part.terms}
        ranked = []
        for candidate, cosine in zip(candidates, cosines, strict=True):
            passage = candidate.passage
            document = self._catalogue.document(passage.document_id)
            values = features(
                part,
                candidate,
                float(cosine),
                document.text_at(passage.span),
                weights.__getitem__,
                document.text_at(beside(document.text, passage.span)),
            )
            ranked.append(scored(candidate, values, self._weights))
        return in_order(ranked)

    def _found(self, *ways: dict[int, float]) -> tuple[Candidate, ...]:
        """The best `CANDIDATES` of each way, hidden ones left out, in order of row."""
        found = self._catalogue.candidates({row for way in ways for row in way})
        if not self._catalogue.hidden_passages:
            return found
        seen = {one.passage.row for one in found}
        best = {row for way in ways for row in [r for r in way if r in seen][:CANDIDATES]}
        return tuple(one for one in found if one.passage.row in best)

    def preference(self, found: Scored, query: Query) -> float:
        """What is added to the score of what a publisher that ``query`` prefers has published."""
        if not query.preferred:
            return 0.0
        document = self._catalogue.document(found.candidate.passage.document_id)
        publisher = (document.metadata.publisher or "").casefold()
        return _PREFERENCE if publisher in map(str.casefold, query.preferred) else 0.0

    def weight(self, term: Term) -> float:
        """How much a term says: the rarity of its stem, or of the commonest of its likes."""
        frequencies = [self._lexical.frequency(stem) for stem in term.stems]
        frequency = frequencies[0] or max(frequencies)
        return rarity(frequency, len(self._lexical))

    def unknown(self, part: Part) -> Unknown:
        """How much of the question stands in no passage."""
        names = [term for term in part.terms if term.is_name]
        return Unknown(self._nowhere(part.terms, 1.0), self._nowhere(names, 0.0))

    def _nowhere(self, terms: Sequence[Term], for_none: float) -> float:
        weights = {term: self.weight(term) for term in terms}
        nowhere = [
            weight
            for term, weight in weights.items()
            if not any(self._lexical.frequency(stem) for stem in term.stems)
        ]
        return sum(nowhere) / sum(weights.values()) if weights else for_none
