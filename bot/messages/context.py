"""What stands around the excerpts of an answer, and where they are from; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.dates import BRITISH
from bot.messages.answers import CHANGED, MAX_DESCRIPTION, TOO_LONG, Embed, Page, packed
from bot.messages.markdown import block_quote, escape, shortened
from bot.messages.posted import PostedExcerpt
from bot.pages import shown
from corpus.sentences import paragraphs, units
from index.permalink import permalink

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bot.pages import Shown
    from corpus.document import Document, Span
    from index.types import Excerpt

_COLOUR = 0x455A64
_LABEL_CHARACTERS = 200
# Three contexts of this length fit into one message of 6,000 characters, marks included.
_CONTEXT_CHARACTERS = 1_600
_AT_A_TIME = 3
_BEFORE, _EXCERPT, _AFTER = "-# Before it", "-# The excerpt", "-# After it"

Sourced = tuple["Excerpt", "Document | None"]


def context_pages(pages: Iterable[Sequence[Sourced]]) -> tuple[tuple[int, Page], ...]:
    """The paragraphs around the excerpts, page by page of the answer.

    ``pages`` are the excerpts of each page with their documents, ``None`` for one that is not
    there as it was. Each page of the result comes with the number of the answer's page, from 0.
    """
    return _numbered("Context", pages, _context)


def source_pages(
    pages: Iterable[Sequence[Sourced]], dates: str = BRITISH
) -> tuple[tuple[int, Page], ...]:
    """Where the excerpts are from, to cite them by; as `context_pages`."""

    def embed(excerpt: Excerpt, document: Document | None) -> Embed:
        return _source(excerpt, document, dates)

    return _numbered("Sources", pages, embed)


def surroundings(document: Document, span: Span) -> tuple[Span | None, Span | None]:
    """What stands before and after ``span``: the rest of its paragraphs, and one on each side.

    Whole sentences; the farthest are left out where it would be too long to read.
    """
    whole = tuple(paragraphs(document.text))
    touched = [at for at, one in enumerate(whole) if one.overlaps(span)]
    if not touched:
        return None, None
    first = whole[max(touched[0] - 1, 0)].start
    last = whole[min(touched[-1] + 1, len(whole) - 1)].end
    sentences = [unit.span for unit in units(document.text)]
    before = [one for one in sentences if first <= one.start and one.end <= span.start]
    after = [one for one in sentences if span.end <= one.start and one.end <= last]
    while (before or after) and _length(before) + _length(after) + len(span) > _CONTEXT_CHARACTERS:
        if before and (not after or _length(before) > _length(after)):
            before.pop(0)
        else:
            after.pop()
    return _joined(before), _joined(after)


def _numbered(
    what: str,
    pages: Iterable[Sequence[Sourced]],
    embed: Callable[[Excerpt, Document | None], Embed],
) -> tuple[tuple[int, Page], ...]:
    found = [
        (number, tuple(group))
        for number, page in enumerate(pages)
        for group in packed([embed(*pair) for pair in page], _AT_A_TIME)
    ]
    count = len(found)
    return tuple(
        (number, Page(_heading(what, at, count), group, at, count))
        for at, (number, group) in enumerate(found)
    )


def _heading(what: str, at: int, count: int) -> str:
    return f"**{what}**" + (f" · {at + 1} of {count}" if count > 1 else "")


def _context(excerpt: Excerpt, document: Document | None) -> Embed:
    if document is None:
        return _changed(excerpt)
    before, after = surroundings(document, excerpt.span)
    source = _source_line(shown(excerpt, document))
    for around in ((before, after), (None, None)):
        parts = [
            (label, span)
            for label, span in zip(
                (_BEFORE, _EXCERPT, _AFTER), (around[0], excerpt.span, around[1]), strict=True
            )
            if span is not None
        ]
        blocks = [f"{label}\n{block_quote(document.text_at(span))}" for label, span in parts]
        text = "\n".join([*blocks, source])
        if len(text) <= MAX_DESCRIPTION:
            return _embed(document, [span for _, span in parts], text)
    return _embed(document, [excerpt.span], f"{TOO_LONG}\n{source}")


def _source(excerpt: Excerpt, document: Document | None, dates: str) -> Embed:
    if document is None:
        return _changed(excerpt)
    one, span = shown(excerpt, document, dates), excerpt.span
    lines = [
        *(f"— **{escape(shortened(name, _LABEL_CHARACTERS))}**" for name in one.speakers),
        _source_line(one),
        f"Document {escape(document.id)}, characters {span.start}–{span.end}",
        f"SHA-256 of its text `{document.sha256}`",
        f"Permalink `{permalink(document, span)}`",
    ]
    link = [f"<{one.link}>"] if one.link else []
    for more in ([*lines, *link], lines):
        text = "\n".join([block_quote(one.text), *more])
        if len(text) <= MAX_DESCRIPTION:
            return _embed(document, [span], text)
    return _embed(document, [span], "\n".join([TOO_LONG, *lines[-4:]]))


def _source_line(one: Shown) -> str:
    title = escape(shortened(one.label, _LABEL_CHARACTERS))
    return f"*{title}* · {escape(shortened(one.source, _LABEL_CHARACTERS))}"


def _embed(document: Document, spans: Sequence[Span], text: str) -> Embed:
    places = " ".join(f"{span.start}–{span.end}" for span in spans)
    shows = tuple(PostedExcerpt(document.id, document.sha256, span) for span in spans)
    return Embed(text, f"{document.id} {places}", _COLOUR, shows)


def _changed(excerpt: Excerpt) -> Embed:
    place = f"{excerpt.document_id} {excerpt.span.start}–{excerpt.span.end}"
    return Embed(CHANGED, place, _COLOUR)


def _length(spans: Sequence[Span]) -> int:
    return spans[-1].end - spans[0].start if spans else 0


def _joined(spans: Sequence[Span]) -> Span | None:
    return spans[0].joined(spans[-1]) if spans else None
