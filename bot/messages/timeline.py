"""A timeline as Discord messages: the picture's, and the same as a list in pages; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.citations import PUBLISHER_UNKNOWN
from bot.dates import BRITISH, spoken
from bot.messages.answers import MAX_DESCRIPTION, MAX_EMBEDS_TOTAL, Embed, Page, size
from bot.messages.citations import excerpt
from bot.messages.markdown import block_quote, escape, shortened
from bot.pages import DATE_UNKNOWN, DISCLAIMER, label, speaker_line, text_link
from bot.timeline import heading
from index.permalink import permalink

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.timeline import Entry, Timeline
    from corpus.document import Document

PICTURE = "timeline.png"
_COLOUR = 0x1565C0
_GONE = 0x757575
_LABEL_CHARACTERS = 200
_TOO_LONG = "These words do not fit into a message; open them by their permalink, with /cite."
_CHANGED = "This source was changed or removed since; ask again for its words now."


def picture_page(found: Timeline, document: Callable[[str], Document]) -> Page:
    """What stands beside the picture.

    The embed shows no words, but is to change with the documents that the picture names.
    """
    shows = tuple(excerpt(document(entry.document_id), entry.span) for entry in found.dated)
    embed = Embed(
        "Each mark is a document, where its date is; the list has their words.",
        "no source",
        _COLOUR,
        shows,
        PICTURE,
    )
    return Page(_content(found, 0, 1), (embed,), 0, 1)


def timeline_pages(
    found: Timeline,
    document: Callable[[Entry], Document | None],
    per_page: int,
    dates: str = BRITISH,
) -> tuple[Page, ...]:
    """The list in pages, at least one, split between entries alone.

    ``document`` gives the document of an entry, or ``None`` if it is not there as it was: then
    its words are not shown. ``dates`` is the language of dates.
    """
    groups: list[list[Embed]] = [[]]
    for entry in found.entries:
        embed = _embed(entry, document(entry), dates)
        full = len(groups[-1]) >= per_page or size([*groups[-1], embed]) > MAX_EMBEDS_TOTAL
        if groups[-1] and full:
            groups.append([])
        groups[-1].append(embed)
    return tuple(
        Page(_content(found, number, len(groups)), tuple(group), number, len(groups))
        for number, group in enumerate(groups)
    )


def _content(found: Timeline, number: int, count: int) -> str:
    page = f" · page {number + 1} of {count}" if count > 1 else ""
    topic = escape(shortened(found.topic, _LABEL_CHARACTERS))
    none = "" if found.entries else " Try other words, or fewer."
    return f"**Timeline** of {topic}: {heading(found)}{page}.{none}\n-# {DISCLAIMER}"


def _embed(entry: Entry, document: Document | None, dates: str) -> Embed:
    """An entry; what is needed least goes first where all does not fit, and words are never cut."""
    when = spoken(entry.published, dates) if entry.published else DATE_UNKNOWN
    footer = f"{entry.document_id} {entry.span.start}–{entry.span.end}"
    if document is None:
        return Embed(f"**{when}** · {_CHANGED}", footer, _GONE)
    parts = (entry.kind, entry.publisher or PUBLISHER_UNKNOWN, label(document))
    about = f"**{when}** · {escape(shortened(' · '.join(parts), _LABEL_CHARACTERS))}"
    who = (
        [f"— **{escape(shortened(speaker_line(entry.speaker), _LABEL_CHARACTERS))}**"]
        if entry.speaker
        else []
    )
    link, url = f"`{permalink(document, entry.span)}`", document.metadata.url
    page = [f"[Open at these words](<{text_link(url, document, entry.span)}>)"] if url else []
    words = block_quote(document.text_at(entry.span))
    for lines in ([about, words, *who, *page, link], [about, words, *who, link]):
        text = "\n".join(lines)
        if len(text) <= MAX_DESCRIPTION:
            return Embed(text, footer, _COLOUR, (excerpt(document, entry.span),))
    return Embed(f"{about}\n{_TOO_LONG}\n{link}", footer, _COLOUR)
