"""Words of a document in a box of their own; pure."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from itertools import takewhile
from typing import TYPE_CHECKING

from bot.dates import BRITISH
from bot.messages.answers import MAX_DESCRIPTION, MAX_EMBEDS_TOTAL, Embed, description, size
from bot.messages.posted import PostedExcerpt
from bot.pages import shown
from corpus.quotations.extract import extract
from index.types import Excerpt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.document import Document, Span
    from corpus.quotations.types import Quotation

# Discord's limit of a message (developer documentation, "Create Message").
MAX_EMBEDS = 10
_TOO_LONG = "These words do not fit into this message; look them up at the place named below."


def passage_text(document: Document, span: Span, dates: str = BRITISH) -> str:
    """The words at ``span`` as a quoted block, with who said them and where they stand.

    ``dates`` is the language of dates, here and below.
    """
    quotations = tuple(
        one for one in _quotations(document.text) if any(part.overlaps(span) for part in one.spans)
    )
    return description(shown(Excerpt(document.id, span, 0.0, (), quotations), document, dates))


@lru_cache(maxsize=4)
def _quotations(text: str) -> tuple[Quotation, ...]:
    """Those of a text: one announcement is shown wherever its topic is followed."""
    return tuple(extract(text))


def passage_embed(
    document: Document, span: Span, colour: int, note: str = "", dates: str = BRITISH
) -> Embed:
    """The words at ``span`` below a line of our own; words that do not fit are not cut."""
    text = "\n".join(part for part in (note, passage_text(document, span, dates)) if part)
    place = f"{document.id} {span.start}–{span.end}"
    if len(text) > MAX_DESCRIPTION:
        return Embed("\n".join(part for part in (note, _TOO_LONG) if part), place, colour)
    return Embed(text, place, colour, (PostedExcerpt(document.id, document.sha256, span),))


def fitting(embeds: Sequence[Embed]) -> tuple[Embed, ...]:
    """``embeds`` so that one message takes them: the words of the last go first, in whole boxes.

    Beyond `MAX_EMBEDS` there are none.
    """
    fitted = list(embeds[:MAX_EMBEDS])
    for at in reversed(range(len(fitted))):
        if size(fitted) <= MAX_EMBEDS_TOTAL:
            break
        fitted[at] = _without_words(fitted[at])
    return tuple(fitted)


def _without_words(embed: Embed) -> Embed:
    """What a box says before its words, and that they do not fit; as it is if it has none."""
    lines = embed.description.split("\n")
    before = list(takewhile(lambda line: not line.startswith("> "), lines))
    if len(before) == len(lines):
        return embed
    return replace(embed, description="\n".join([*before, _TOO_LONG]), shows=())
