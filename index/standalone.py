"""Sentences that can be read by themselves, as slices of their document."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from corpus.document import Span
from corpus.quotations.types import QuotationKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from corpus.document import Document
    from corpus.quotations.types import Quotation
    from index.types import Passage

_ENDS = re.compile(r"[.!?…][\"'”’»)\]]*\Z")
_OPENERS = "\"'“‘«(["
_FEWEST_WORDS = 4
# Words that lean on the sentence before: what they stand for, or go on from, is said there.
_PRONOUN = re.compile(
    r"(?:he|she|it|they|this|that|these|those|his|her|its|their|him|them|both|neither|such"
    r"|the (?:former|latter|pair|two))\b"
    # "It is expected that …" stands by itself.
    r"(?!(?<=\bit) (?:is|was|would be|will be) (?:\w+ ){1,3}that\b)",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"(?:however|instead|but|and|so|or|yet|also|then|therefore|thus|moreover|meanwhile|nevertheless"
    r"|as a result|in addition|on top of|for this reason|at the same time|while there|whilst there"
    r"|other|another|the same)\b",
    re.IGNORECASE,
)
_LOOK_BACK = 8
_WHOLLY, _PARTLY = 1.0, 0.5
_OPENING, _CLOSING = frozenset("\"“‘'«"), frozenset("\"”’'»")


def sentence_span(
    document: Document, passage: Passage, quotations: Sequence[Quotation], most: int
) -> Span | None:
    """The slice of ``passage`` that can be shown alone, ``None`` if it is no whole sentence.

    ``quotations`` are those that overlap the passage. A quotation is not cut in the middle of
    its marks: where a sentence opens a quotation that runs on, the slice reaches to its closing
    mark if it then has at most ``most`` characters, and else holds the quoted words alone.
    """
    text = document.text_at(passage.span)
    if (
        not passage.is_sentence
        or not _ENDS.search(text)
        or len(text.split()) < _FEWEST_WORDS
        or text.lstrip(_OPENERS)[:1].islower()
        or text == document.metadata.title
    ):
        return None
    for piece in _quoted(quotations):
        if not piece.overlaps(passage.span):
            continue
        if not _is_closed(document, piece) or not passage.span.contains(_marked(document, piece)):
            span = _whole_or_inside(document, passage.span, piece, most)
            return span if len(document.text_at(span).split()) >= _FEWEST_WORDS else None
    return passage.span if _is_balanced(text) else None


def leaning(text: str, *, has_speaker: bool) -> float:
    """How much (0–1) a sentence needs the one before it.

    "He added: …" leans less where the speaker is known, who is shown beside it.
    """
    start = text.lstrip(_OPENERS + " ")
    if _PRONOUN.match(start):
        return _PARTLY if has_speaker else _WHOLLY
    return _PARTLY if _GOES_ON.match(start) else 0.0


def _quoted(quotations: Sequence[Quotation]) -> Iterator[Span]:
    for quotation in quotations:
        if quotation.kind is not QuotationKind.TERM:
            yield from quotation.spans


def _marked(document: Document, piece: Span) -> Span:
    """A stretch of a quotation with the marks beside it."""
    text = document.text
    start = piece.start - (piece.start > 0 and text[piece.start - 1] in _OPENING)
    return Span(start, piece.end + (text[piece.end : piece.end + 1] in _CLOSING))


def _whole_or_inside(document: Document, sentence: Span, piece: Span, most: int) -> Span:
    marked = _marked(document, piece)
    whole = sentence.joined(marked)
    text = document.text_at(whole)
    if (
        not marked.contains(sentence)
        and _is_closed(document, piece)
        and len(whole) <= most
        and _ENDS.search(text)
        and (whole.start == sentence.start or _begins(document, whole.start))
        and _is_balanced(text)
    ):
        return whole
    return Span(max(sentence.start, piece.start), min(sentence.end, piece.end))


def _begins(document: Document, start: int) -> bool:
    """Whether a sentence begins here: at the top, after another or in a new paragraph."""
    before = document.text[max(start - _LOOK_BACK, 0) : start]
    return "\n" in before or not before.strip() or bool(_ENDS.search(before.rstrip()))


def _is_closed(document: Document, piece: Span) -> bool:
    return document.text[piece.end : piece.end + 1] in _CLOSING


def _is_balanced(text: str) -> bool:
    """Whether every double mark that opens also closes; apostrophes tell nothing."""
    return text.count('"') % 2 == 0 and text.count("“") == text.count("”")
