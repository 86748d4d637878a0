"""Found quotations as pages of Discord messages; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.dates import BRITISH
from bot.messages.answers import MAX_EMBEDS_TOTAL, Embed, Page, description, size
from bot.messages.markdown import escape, shortened
from bot.messages.posted import PostedExcerpt
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
    dates: str = BRITISH,
) -> tuple[Page, ...]:
    """The pages of a look-up, at least one; each quotation in the sentences it stands in.

    Sentences that do not fit into one embed go on in the next, split at white space. ``dates`` is
    the language of dates.
    """
    groups = _groups(found, document, per_page, dates)
    return tuple(
        Page(
            _content(query, len(found), number, len(groups)),
            tuple(embed for _, embed in group),
            number,
            len(groups),
        )
        for number, group in enumerate(groups)
    )


def quotes_on_page(
    found: Sequence[FoundQuote],
    document: Callable[[str], Document],
    per_page: int,
    number: int,
    dates: str = BRITISH,
) -> tuple[FoundQuote, ...]:
    """The quotations that page ``number`` (from 0) of the same look-up shows, or parts of them.

    A number beyond the last page means the last.
    """
    groups = _groups(found, document, per_page, dates)
    group = groups[min(number, len(groups) - 1)]
    return tuple(dict.fromkeys(one for one, _ in group))


def whole(found: FoundQuote) -> Span:
    """From the first span of a quotation to the last, and what stands between them."""
    return found.quotation.spans[0].joined(found.quotation.spans[-1])


def _groups(
    found: Sequence[FoundQuote],
    document: Callable[[str], Document],
    per_page: int,
    dates: str,
) -> list[list[tuple[FoundQuote, Embed]]]:
    """The embeds of each page, each with the quotation that it is of."""
    groups: list[list[tuple[FoundQuote, Embed]]] = [[]]
    for one in found:
        for embed in _embeds(one, document(one.document_id), dates):
            there = [shown for _, shown in groups[-1]]
            full = len(there) >= per_page or size([*there, embed]) > MAX_EMBEDS_TOTAL
            if there and full:
                groups.append([])
            groups[-1].append((one, embed))
    return groups


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


def _embeds(found: FoundQuote, document: Document, dates: str) -> Iterator[Embed]:
    for piece in pieces(document, found.context):
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
        shows = (PostedExcerpt(document.id, document.sha256, piece),)
        yield Embed(description(shown(excerpt, document, dates)), place, _COLOUR, shows)


def pieces(document: Document, span: Span) -> Iterator[Span]:
    """``span`` in stretches of at most 1,200 characters, none beginning or ending blank."""
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
