"""Text to quotations: find the stretches, choose their speakers, join what is one utterance."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, Final

from corpus.document import Span
from corpus.quotations.attribute import attribute
from corpus.quotations.reading import Reading, read
from corpus.quotations.types import Quotation, QuotationKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.quotations.utterance import Attribution

_RETURN: Final = re.compile(r"\r\n?")
_WORD: Final = re.compile(r"[^\W\d_][\w'’-]*")
# Titles keep articles and short prepositions small ("of", "the", "with" is disputed).
_SMALL_WORD: Final = 3


def extract(text: str) -> tuple[Quotation, ...]:
    """Every quotation of ``text``, in the order of their first spans.

    Spans are half-open offsets into ``text`` as given, marks excluded, disjoint across all
    quotations. Never raises, whatever the text holds.
    """
    plain = _RETURN.sub("\n", text) if "\r" in text else text
    reading = read(plain)
    found = (_quotation(reading, attribution) for attribution in attribute(reading))
    quotations = tuple(one for one in found if not _is_title(plain, one))
    if len(plain) == len(text):
        return quotations
    # Where a return stands before a line feed, in offsets of the shortened text.
    pairs = [found.start() for found in _RETURN.finditer(text) if len(found.group()) > 1]
    removed = [at - place for place, at in enumerate(pairs)]
    return tuple(_moved(quotation, removed) for quotation in quotations)


def _is_title(text: str, quotation: Quotation) -> bool:
    """Whether unattributed words are the title of a work ("Face the Nation"): no quotation.

    Two words or more, and every one of four letters or more begins with a capital.
    """
    if quotation.kind is not QuotationKind.TERM or len(quotation.spans) > 1:
        return False
    words = _WORD.findall(text, quotation.spans[0].start, quotation.spans[0].end)
    long = [word for word in words if len(word) > _SMALL_WORD]
    return len(words) > 1 and bool(long) and all(word[0].isupper() for word in [words[0], *long])


def _quotation(reading: Reading, found: Attribution) -> Quotation:
    spans = tuple(
        Span(reading.segments[at].start, reading.segments[at].end) for at in found.segments
    )
    return Quotation(
        spans, found.kind, found.speaker, found.mention, found.cue, round(found.confidence, 3)
    )


def _moved(quotation: Quotation, removed: Sequence[int]) -> Quotation:
    def span(old: Span) -> Span:
        # An end just before a removed return stays before it, as does a start after it.
        return Span(
            old.start + bisect_left(removed, old.start),
            old.end + bisect_left(removed, old.end),
        )

    return Quotation(
        tuple(span(old) for old in quotation.spans),
        quotation.kind,
        quotation.speaker,
        None if quotation.speaker_span is None else span(quotation.speaker_span),
        None if quotation.cue_span is None else span(quotation.cue_span),
        quotation.confidence,
    )
