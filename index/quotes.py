"""Quotations by speaker, subject and date."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.quotations.types import QuotationKind
from index.people import is_asked_for
from index.query import cleaned, read
from index.search import Allowed

if TYPE_CHECKING:
    from datetime import date

    from corpus.document import Span
    from corpus.quotations.types import Quotation
    from index.catalogue import Catalogue
    from index.fusion import Scored
    from index.query import Vocabulary
    from index.search import Searcher

# Below both, a passage shares neither a word nor a meaning with what was asked about.
_LEAST_COSINE = 0.3
_LEAST_SHARE = 0.15


@dataclass(frozen=True, slots=True)
class QuoteQuery:
    """Which quotations: every field that is given must hold; days are inclusive.

    ``left_out`` are publishers, by their whole names in any case.
    """

    speaker: str | None = None
    about: str | None = None
    since: date | None = None
    until: date | None = None
    limit: int = 50
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundQuote:
    """A quotation of a document, and the whole sentences it stands in."""

    document_id: str
    quotation: Quotation
    context: Span


class QuoteFinder:
    """Finds quotations in an open index. Safe to use from several threads."""

    def __init__(self, catalogue: Catalogue, searcher: Searcher, vocabulary: Vocabulary) -> None:
        self._catalogue, self._searcher, self._vocabulary = catalogue, searcher, vocabulary

    def find(self, query: QuoteQuery) -> tuple[FoundQuote, ...]:
        """The quotations asked for: by relevance with ``about``, else the newest first.

        Raises:
            InputError: ``about`` is empty or too long.
            SnapshotDamaged: the index cannot be read.
        """
        if query.about is not None:
            return self._about(query, query.about)
        found = self._catalogue.newest_quotations(
            since=query.since,
            until=query.until,
            speaker=query.speaker,
            limit=query.limit,
            left_out=query.left_out,
        )
        return tuple(self._found(document_id, quotation) for document_id, quotation in found)

    def _about(self, query: QuoteQuery, about: str) -> tuple[FoundQuote, ...]:
        rows = self._catalogue.rows(
            since=query.since,
            until=query.until,
            speaker=query.speaker,
            quoted=True,
            left_out=query.left_out,
        )
        part = read(cleaned(about), self._vocabulary)
        found: dict[tuple[str, Quotation], None] = {}
        for hit in self._searcher.rank(part, Allowed(rows)):
            if _is_near(hit):
                passage = hit.candidate.passage
                for quotation in self._catalogue.quotations(passage.document_id, passage.span):
                    if quotation.kind is not QuotationKind.TERM and self._asked(query, quotation):
                        found.setdefault((passage.document_id, quotation))
        return tuple(self._found(*key) for key in list(found)[: query.limit])

    @staticmethod
    def _asked(query: QuoteQuery, quotation: Quotation) -> bool:
        speaker = quotation.speaker
        return query.speaker is None or (
            speaker is not None
            and is_asked_for(query.speaker, speaker.name, speaker.role, speaker.organisation)
        )

    def _found(self, document_id: str, quotation: Quotation) -> FoundQuote:
        whole = quotation.spans[0].joined(quotation.spans[-1])
        return FoundQuote(document_id, quotation, self._catalogue.around(document_id, whole))


def _is_near(hit: Scored) -> bool:
    return hit.features["around"] >= _LEAST_SHARE or hit.features["cosine"] >= _LEAST_COSINE
