"""A summary as JSON, and back: what a preview has to remember until it is posted; pure.

No word of a source is kept, only where the words stand and the hash of the text they stand in.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from corpus.document import Span
from index.disagreements import Contrast
from index.summary import Disagreement, Summary, SummaryItem
from index.types import Outcome, Query

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from corpus.document import Document
    from corpus.quotations.types import Quotation


@dataclass(frozen=True, slots=True)
class KeptSummary:
    """A summary without its quotations; ``texts`` are the SHA-256 of each item's text."""

    summary: Summary
    texts: tuple[str, ...]


def values_of(summary: Summary, texts: Sequence[str]) -> dict[str, Any]:
    """``summary`` as JSON; ``texts`` are the SHA-256 of each item's text."""
    query = summary.query
    return {
        "topic": query.text,
        "since": query.since and query.since.isoformat(),
        "until": query.until and query.until.isoformat(),
        "limit": query.limit,
        "outcome": summary.outcome.value,
        "confidence": summary.confidence,
        "undated_left_out": summary.undated_left_out,
        "items": [
            [item.document_id, text, item.span.start, item.span.end, item.score]
            for item, text in zip(summary.items, texts, strict=True)
        ],
        "disagreements": [
            [one.first, one.second, one.contrast.value, *_pair(one.first_span),
             *_pair(one.second_span)]
            for one in summary.disagreements
        ],
    }  # fmt: skip


def summary_of(values: Mapping[str, Any]) -> KeptSummary:
    """What `values_of` wrote.

    Raises:
        KeyError: something is missing.
        ValueError: something is none of what was written.
        TypeError: the same.
    """
    since, until = (values[key] and date.fromisoformat(values[key]) for key in ("since", "until"))
    disagreements = tuple(
        Disagreement(first, second, Contrast(contrast), Span(a, b), Span(c, d))
        for first, second, contrast, a, b, c, d in values["disagreements"]
    )
    items = tuple(
        SummaryItem(document_id, Span(start, end), score, (), _others(number, disagreements))
        for number, (document_id, _, start, end, score) in enumerate(values["items"])
    )
    summary = Summary(
        Query(values["topic"], since, until, limit=values["limit"]),
        Outcome(values["outcome"]),
        values["confidence"],
        items,
        disagreements,
        values["undated_left_out"],
    )
    return KeptSummary(summary, tuple(item[1] for item in values["items"]))


def as_it_stands(
    kept: KeptSummary,
    source: Callable[[str, str], Document | None],
    quotations: Callable[[str, Span], tuple[Quotation, ...]],
) -> tuple[Summary, int]:
    """The summary without the sentences whose texts have changed, and how many those are.

    ``source`` gives the current document of an id whose text has this SHA-256, or ``None``;
    ``quotations`` those of a document that overlap a span.
    """
    pairs = list(zip(kept.summary.items, kept.texts, strict=True))
    stands = [source(item.document_id, text) is not None for item, text in pairs]
    number = {
        old: new for new, old in enumerate(n for n, is_there in enumerate(stands) if is_there)
    }
    disagreements = tuple(
        replace(one, first=number[one.first], second=number[one.second])
        for one in kept.summary.disagreements
        if one.first in number and one.second in number
    )
    items = tuple(
        replace(
            item,
            quotations=quotations(item.document_id, item.span),
            disagrees_with=_others(number[old], disagreements),
        )
        for old, (item, _) in enumerate(pairs)
        if old in number
    )
    changed = len(pairs) - len(items)
    return replace(kept.summary, items=items, disagreements=disagreements), changed


def _others(number: int, disagreements: Sequence[Disagreement]) -> tuple[int, ...]:
    pairs = [{one.first, one.second} for one in disagreements]
    return tuple(sorted(other for pair in pairs if number in pair for other in pair - {number}))


def _pair(span: Span) -> tuple[int, int]:
    return span.start, span.end
