"""A ranked passage to what is shown: whole sentences, the words that answer marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.document import Span
from index.asks import evidence_spans
from index.types import Excerpt
from index.words import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from corpus.document import Document
    from index.catalogue import Catalogue
    from index.fusion import Scored
    from index.query import Part
    from index.types import Passage


class Cutter:
    """Cuts excerpts, for one answer, of at most ``characters`` beyond a single sentence."""

    def __init__(self, catalogue: Catalogue, characters: int) -> None:
        self._catalogue, self._characters = catalogue, characters

    def cut(
        self, part: Part, found: Scored, taken: Sequence[Excerpt], stems: frozenset[str]
    ) -> Excerpt | None:
        """The excerpt around a passage, or ``None`` if its words are shown already.

        It grows to neighbouring sentences of its paragraph, never into one of ``taken``; words
        of ``stems`` are highlighted.
        """
        passage = found.candidate.passage
        document = self._catalogue.document(passage.document_id)
        shown = [excerpt.span for excerpt in taken if excerpt.document_id == document.id]
        words_here = document.text_at(passage.span)
        if (
            any(passage.span.overlaps(span) for span in shown)
            or words_here == document.metadata.title
            or self._is_shown(words_here, taken)
        ):
            return None
        span = self.grown(passage, document, taken)
        return Excerpt(
            document_id=document.id,
            span=span,
            score=found.score,
            highlights=_highlights(part, document, span, passage.span, stems),
            quotations=self._catalogue.quotations(document.id, span),
        )

    def _is_shown(self, text: str, taken: Sequence[Excerpt]) -> bool:
        """Whether an excerpt, maybe of another copy of the document, has these words."""
        return any(
            text in self._catalogue.document(excerpt.document_id).text_at(excerpt.span)
            for excerpt in taken
        )

    def grown(self, passage: Passage, document: Document, taken: Sequence[Excerpt]) -> Span:
        """The whole sentences to show around a passage.

        Forwards first: what follows a sentence explains it more often than what precedes.

        What is shown already, here or in another copy, is not shown again. A heading is shown
        with the sentence under it, other short lines by themselves.
        """
        paragraph = self._catalogue.paragraph(passage)
        first = last = next(i for i, other in enumerate(paragraph) if other.row == passage.row)
        span = passage.span
        if not passage.is_sentence:
            under = paragraph[last + 1 : last + 2]
            if not under or self._is_shown(document.text_at(under[0].span), taken):
                return span
            span, last = span.joined(under[0].span), last + 1
        for step in (1, 1, -1, -1):
            at = last + 1 if step > 0 else first - 1
            if not 0 <= at < len(paragraph) or not paragraph[at].is_sentence:
                continue
            wider = span.joined(paragraph[at].span)
            if len(wider) > self._characters or self._is_shown(
                document.text_at(paragraph[at].span), taken
            ):
                continue
            span, first, last = wider, min(first, at), max(last, at)
        return span


def _highlights(
    part: Part, document: Document, span: Span, best: Span, stems: frozenset[str]
) -> tuple[Span, ...]:
    """``stems`` anywhere in ``span``, and in ``best`` what is of the kind asked for."""
    text = document.text_at(span)
    marked = [
        Span(span.start + word.start, span.start + word.end)
        for word in words(text)
        if word.stem in stems
    ]
    if part.asks is not None:
        marked += [
            Span(best.start + start, best.start + end)
            for start, end in evidence_spans(part.asks, document.text_at(best))
        ]
    return _merged(marked, document)


def _merged(spans: Iterable[Span], document: Document) -> tuple[Span, ...]:
    """The same code points as disjoint spans, in order; one space between two is filled."""
    merged: list[Span] = []
    for span in sorted(spans):
        gap = document.text[merged[-1].end : span.start] if merged else ""
        if merged and (span.start <= merged[-1].end or gap == " "):
            merged[-1] = merged[-1].joined(span)
        else:
            merged.append(span)
    return tuple(merged)
