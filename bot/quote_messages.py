"""Found quotations as pages of Discord messages; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.markdown import escape, shortened
from bot.messages import MAX_EMBEDS_TOTAL, Embed, Page, description, size
from bot.pages import DISCLAIMER, shown
from corpus.document import Span
from index.types import Excerpt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from corpus.document import Document
    from index.quotes import FoundQuote, QuoteQuery

_COLOUR = 0x1565C0
# What one embed holds beside the marks and escapes that Discord's 4,096 have to have room for.
_PIECE_CHARACTERS = 1_200
_ASKED_CHARACTERS = 100


def quote_pages(
    query: QuoteQuery,
    found: Sequence[FoundQuote],
    document: Callable[[str], Document],
    per_page: int,
) -> tuple[Page, ...]:
    """The pages of a look-up, at least one; each quotation in the sentences it stands in.

    Sentences that do not fit into one embed go on in the next, split at white space.
    """
    embeds = [embed for one in found for embed in _embeds(one, document(one.document_id))]
    groups: list[list[Embed]] = [[]]
    for embed in embeds:
        full = len(groups[-1]) >= per_page or size([*groups[-1], embed]) > MAX_EMBEDS_TOTAL
        if groups[-1] and full:
            groups.append([])
        groups[-1].append(embed)
    return tuple(
        Page(_content(query, len(found), number, len(groups)), tuple(group), number, len(groups))
        for number, group in enumerate(groups)
    )


def _content(query: QuoteQuery, count: int, number: int, pages: int) -> str:
    page = f" · page {number + 1} of {pages}" if pages > 1 else ""
    what = "No quotation" if count == 0 else f"{count} quotation{'s' if count > 1 else ''}"
    asked = [
        f"{name} {escape(shortened(str(value), _ASKED_CHARACTERS))}"
        for name, value in (
            ("by", query.speaker), ("about", query.about), ("since", query.since),
            ("until", query.until),
        )
        if value is not None
    ]  # fmt: skip
    order = "by relevance" if query.about is not None else "the newest first"
    none = " The documents hold none; try a shorter name or other words." if count == 0 else ""
    return f"{' '.join([f'**{what}**', *asked])}{page}, {order}.{none}\n-# {DISCLAIMER}"


def _embeds(found: FoundQuote, document: Document) -> Iterator[Embed]:
    for piece in _pieces(document, found.context):
        excerpt = Excerpt(
            document_id=document.id,
            span=piece,
            score=0.0,
            highlights=tuple(
                Span(max(span.start, piece.start), min(span.end, piece.end))
                for span in found.quotation.spans
                if span.overlaps(piece)
            ),
            quotations=(found.quotation,),
        )
        place = f"{document.id} {piece.start}–{piece.end}"
        yield Embed(description(shown(excerpt, document)), place, _COLOUR)


def _pieces(document: Document, span: Span) -> Iterator[Span]:
    """``span`` in stretches of at most `_PIECE_CHARACTERS`, none beginning or ending blank."""
    text, start = document.text, span.start
    while span.end - start > _PIECE_CHARACTERS:
        end = start + _PIECE_CHARACTERS
        cut = next(
            (at for mark in ("\n\n", ". ", " ") if (at := text.rfind(mark, start, end)) > start), -1
        )
        end = cut + 1 if cut > start else end
        yield _unblanked(text, start, end)
        start = end
        while start < span.end and text[start].isspace():
            start += 1
    if start < span.end:
        yield _unblanked(text, start, span.end)


def _unblanked(text: str, start: int, end: int) -> Span:
    while end - 1 > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)
