"""Found quotations made by hand, for tests of how they are shown and exported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.document import Span
from corpus.quotations.types import Quotation, QuotationKind, Speaker
from index.quotes import FoundQuote

if TYPE_CHECKING:
    from corpus.document import Document

BROOK = Speaker("Dame Ada Brook", "Commissioner", "Harbour Police")


def found(
    source: Document,
    *words: str,
    speaker: Speaker | None = BROOK,
    context: str | None = None,
    kind: QuotationKind = QuotationKind.DIRECT,
) -> FoundQuote:
    """The quotation of ``words``, in order, each standing once after the last; in ``context``."""
    spans, at = [], 0
    for one in words or (source.text,):
        start = source.text.index(one, at)
        at = start + len(one)
        spans.append(Span(start, at))
    around = Span(0, len(source.text))
    if context is not None:
        start = source.text.index(context)
        around = Span(start, start + len(context))
    return FoundQuote(source.id, Quotation(tuple(spans), kind, speaker, confidence=0.5), around)
