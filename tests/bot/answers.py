"""Answers made by hand, for tests of how they are shown."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from corpus.document import Document, Metadata, PartialDate, Span
from index.types import Answer, Excerpt, Outcome, Query

if TYPE_CHECKING:
    from corpus.quotations.types import Quotation

URL = "https://www.met.police.uk/news/1"


def document(
    text: str,
    *,
    name: str = "a-letter",
    published: str | None = None,
    **metadata: Any,
) -> Document:
    """A document of ``text``, and of what else is given of it."""
    when = None if published is None else PartialDate.parse(published)
    return Document.of(name, Metadata("news", published=when, **metadata), text)


def excerpt(
    source: Document,
    words: str | None = None,
    *,
    highlighted: tuple[str, ...] = (),
    quotations: tuple[Quotation, ...] = (),
) -> Excerpt:
    """The excerpt of ``source`` that says ``words``, or all of it."""
    start = 0 if words is None else source.text.index(words)
    end = len(source.text) if words is None else start + len(words)
    marks = tuple(
        Span(source.text.index(mark, start), source.text.index(mark, start) + len(mark))
        for mark in highlighted
    )
    return Excerpt(source.id, Span(start, end), 0.5, marks, quotations)


def answer(
    *excerpts: Excerpt,
    question: str = "Who was hurt?",
    outcome: Outcome = Outcome.ANSWERED,
    undated_left_out: int = 0,
) -> Answer:
    """An answer of these excerpts."""
    return replace(
        Answer(Query(question), outcome, 0.75, excerpts), undated_left_out=undated_left_out
    )
