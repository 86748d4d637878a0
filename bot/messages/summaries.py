"""A summary as pages of Discord messages; pure.

Sentences that disagree stand in one box, and a page is split between boxes alone. What the
moderators say stands in a box of its own, of another colour.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.dates import BRITISH
from bot.messages.answers import MAX_DESCRIPTION, MAX_EMBEDS_TOTAL, Embed, Page, description, size
from bot.messages.markdown import escape
from bot.messages.posted import PostedExcerpt
from bot.pages import DISCLAIMER
from bot.summaries import explanation, heading, sentences
from index.types import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bot.summaries import Sentence
    from corpus.document import Document
    from index.summary import Summary

NOTE_CHARACTERS = 1_000
_NOTE = "**Note by the moderators**, in their own words:"
_NO_SOURCE = "no source"
_COLOURS = {Outcome.ANSWERED: 0x2E7D32, Outcome.RELATED: 0xF9A825, Outcome.NOTHING: 0x757575}
_NOTE_COLOUR = 0x6A1B9A
_MOST_EMBEDS = 10


def summary_pages(
    summary: Summary,
    document: Callable[[str], Document],
    *,
    note: str = "",
    dates: str = BRITISH,
) -> tuple[Page, ...]:
    """The messages of a summary, at least one; each sentence is a slice, cited and dated.

    ``note`` is what the moderators say of it, and stands on the first page; ``dates`` is the
    language of dates.
    """
    shown = sentences(summary, document, dates)
    embeds = [] if not note.strip() else [note_embed(note)]
    for group in _groups(summary):
        embeds += _boxes(summary, [shown[number] for number in group], document)
    pages: list[list[Embed]] = [[]]
    for embed in embeds:
        full = len(pages[-1]) >= _MOST_EMBEDS or size([*pages[-1], embed]) > MAX_EMBEDS_TOTAL
        if pages[-1] and full:
            pages.append([])
        pages[-1].append(embed)
    said = explanation(summary, document)
    return tuple(
        Page(_content(summary, said, number, len(pages)), tuple(page), number, len(pages))
        for number, page in enumerate(pages)
    )


def note_embed(note: str) -> Embed:
    """What the moderators say, and nothing of it a quotation, a link or a mention."""
    return Embed(f"{_NOTE}\n{escape(note.strip())}", _NO_SOURCE, _NOTE_COLOUR)


def _content(summary: Summary, said: str, number: int, count: int) -> str:
    page = f" · page {number + 1} of {count}" if count > 1 else ""
    return f"**{escape(heading(summary))}**{page}\n{escape(said)}\n-# {DISCLAIMER}"


def _groups(summary: Summary) -> Iterator[list[int]]:
    """The numbers of the items, those that disagree together; they stand beside one another."""
    group: list[int] = []
    for number, item in enumerate(summary.items):
        if group and not set(item.disagrees_with) & set(group):
            yield group
            group = []
        group.append(number)
    if group:
        yield group


def _boxes(
    summary: Summary, group: Sequence[Sentence], document: Callable[[str], Document]
) -> list[Embed]:
    """One box for all of a group if they fit, else one for each sentence."""
    whole = "\n\n".join(_described(one) for one in group)
    if len(whole) <= MAX_DESCRIPTION and all(_is_quoted(one) for one in group):
        return [_box(summary, whole, group, document)]
    return [_box(summary, _described(one), [one], document) for one in group]


def _box(
    summary: Summary,
    text: str,
    group: Sequence[Sentence],
    document: Callable[[str], Document],
) -> Embed:
    places = " · ".join(
        f"{one.shown.document_id} {one.shown.span.start}–{one.shown.span.end}" for one in group
    )
    shows = tuple(
        PostedExcerpt(one.shown.document_id, document(one.shown.document_id).sha256, one.shown.span)
        for one in group
    )
    return Embed(text, places, _COLOURS[summary.outcome], shows)


def _described(one: Sentence) -> str:
    """Its number, its words, whose they are, and from what they differ; the words first of all."""
    words = description(one.shown)
    differs = [f"*{escape(line)}*" for line in one.differs]
    for more in (differs, []):
        text = "\n".join([f"**\\[{one.number}\\]**", words, *more])
        if len(text) <= MAX_DESCRIPTION:
            return text
    return words


def _is_quoted(one: Sentence) -> bool:
    """Whether its words fit into a box at all."""
    return description(one.shown).startswith("> ")
