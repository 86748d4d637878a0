"""A document as passages: what is found, and what stands around it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from corpus.document import Span
from corpus.sentences import UnitKind, units
from index.types import Passage

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from corpus.document import Document

# Nearly three times the longest sentence of the starter documents; the encoder reads 256 tokens.
MAX_CHARACTERS = 1_000
# As much as fits, from a word's start to a word's end; or as much of one endless word.
_PIECE = re.compile(
    rf"\S(?:.{{0,{MAX_CHARACTERS - 2}}}\S)?(?!\S)|\S{{1,{MAX_CHARACTERS}}}", re.DOTALL
)


def passages(document: Document, first_row: int = 0) -> tuple[Passage, ...]:
    """Every sentence, heading and block of lines of ``document``, in order, disjoint.

    A unit longer than `MAX_CHARACTERS` is cut at white space, or inside a word without any.
    ``first_row`` is the row of the first passage.
    """
    pieces = (
        (piece, unit)
        for unit in units(document.text)
        for piece in _pieces(document.text, unit.span)
    )
    return tuple(
        Passage(
            row=first_row + ordinal,
            document_id=document.id,
            ordinal=ordinal,
            paragraph=unit.paragraph,
            span=piece,
            is_sentence=unit.kind is UnitKind.SENTENCE,
        )
        for ordinal, (piece, unit) in enumerate(pieces)
    )


def around(found: Sequence[Passage], at: int) -> Span:
    """The passage ``found[at]`` with the one before and the one after it."""
    return found[max(at - 1, 0)].span.joined(found[min(at + 1, len(found) - 1)].span)


def _pieces(text: str, span: Span) -> Iterator[Span]:
    return (Span(*found.span()) for found in _PIECE.finditer(text, span.start, span.end))
