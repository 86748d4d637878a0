"""Who said the words of a page, and when, as a page of a Discord message; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.dates import BRITISH
from bot.messages.answers import CHANGED, MAX_DESCRIPTION, TOO_LONG, Embed, Page, packed
from bot.messages.markdown import block_quote, escape, shortened
from bot.messages.posted import PostedExcerpt
from bot.pages import DISCLAIMER, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.messages.context import Sourced
    from bot.pages import Shown
    from corpus.document import Document
    from index.types import Excerpt

_COLOUR = 0x1565C0
_MOST = 5
_LABEL_CHARACTERS = 200
_QUESTION_CHARACTERS = 300
_WHO = "**Who said that**, as the sources name them."
_NOBODY = "The sources name no speaker for these words: they are the documents' own."
_OWN = "the document's own words"
_WHEN = "**When and where**: the dates of the documents, as they state them."


def who_page(excerpts: Sequence[Sourced], asked: str, dates: str = BRITISH) -> Page:
    """The excerpts with the speakers that their documents name, and where nobody is quoted."""
    named = any(
        document is not None and shown(one, document).speakers for one, document in excerpts
    )
    return _page(
        _WHO if named else _NOBODY, asked, [_embed(*pair, "who", dates) for pair in excerpts]
    )


def when_page(excerpts: Sequence[Sourced], asked: str, dates: str = BRITISH) -> Page:
    """The excerpts with their documents' dates first."""
    return _page(_WHEN, asked, [_embed(*pair, "when", dates) for pair in excerpts])


def _page(first: str, asked: str, embeds: Sequence[Embed]) -> Page:
    lines = (
        first,
        f"-# Asked: {escape(shortened(asked, _QUESTION_CHARACTERS))}",
        f"-# {DISCLAIMER}",
    )
    return Page("\n".join(lines), tuple(packed(embeds, _MOST)[0]), 0, 1)


def _embed(excerpt: Excerpt, document: Document | None, what: str, dates: str) -> Embed:
    place = f"{excerpt.document_id} {excerpt.span.start}–{excerpt.span.end}"
    if document is None:
        return Embed(CHANGED, place, _COLOUR)
    one = shown(excerpt, document, dates)
    lines = _who(one) if what == "who" else _when(one)
    shows = (PostedExcerpt(document.id, document.sha256, excerpt.span),)
    for more in (lines, lines[:2]):
        text = "\n".join([block_quote(one.text), *more])
        if len(text) <= MAX_DESCRIPTION:
            return Embed(text, place, _COLOUR, shows)
    return Embed("\n".join([TOO_LONG, *lines[:2]]), place, _COLOUR)


def _who(one: Shown) -> list[str]:
    names = [f"— **{escape(shortened(name, _LABEL_CHARACTERS))}**" for name in one.speakers]
    return [*(names or [f"— {_OWN}"]), _source(one)]


def _when(one: Shown) -> list[str]:
    link = [f"[Open at these words](<{one.link}>)"] if one.link else []
    return [f"**{escape(one.date)}**", _source(one), *link]


def _source(one: Shown) -> str:
    title = escape(shortened(one.label, _LABEL_CHARACTERS))
    return f"*{title}* · {escape(shortened(one.source, _LABEL_CHARACTERS))}"
