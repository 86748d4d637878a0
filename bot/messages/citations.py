"""Cited words as Discord messages: opened again, cited in a style, in their paragraph; pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.citations import citation, paragraph, publisher, restatement, standing
from bot.dates import BRITISH, spoken
from bot.messages.answers import MAX_DESCRIPTION, MAX_EMBEDS_TOTAL, Embed, Page, size
from bot.messages.markdown import block_quote, escape, shortened
from bot.messages.posted import PostedExcerpt
from bot.messages.quotations import pieces
from bot.pages import DATE_UNKNOWN, DISCLAIMER, label, speaker_line, text_link
from corpus.document import StatusKind
from corpus.library import VERSION
from index.permalink import permalink

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from corpus.document import Document, Span
    from corpus.quotations.types import Speaker
    from index.permalink import Cited
    from index.revision import Restated

MOST_EMBEDS = 10
_COLOUR = 0x1565C0
# Words that no longer stand are not to be read as true at a glance.
_NOT_CURRENT = 0xC62828
_LABEL_CHARACTERS = 200
_STATUS_CHARACTERS = 700
_EXTENSIONS = {"plain": "txt", "inline": "txt", "markdown": "md", "bibtex": "bib"}
_TOO_LONG = (
    "These words do not fit into a message of Discord's once its markup is made harmless; "
    "look them up at the place named below, or open them in the terminal (metquote cite)."
)
_IN_THE_FILE = "The citation does not fit here; it is in the file."


@dataclass(frozen=True, slots=True)
class Opened:
    """What a permalink names, and whose words they are: ``None`` if the document's own."""

    cited: Cited
    speaker: Speaker | None

    @property
    def words(self) -> str:
        """The exact words."""
        return self.cited.document.text_at(self.cited.span)

    @property
    def link(self) -> str:
        """The permalink."""
        return permalink(self.cited.document, self.cited.span)


def cited_page(opened: Opened, style: str | None = None, dates: str = BRITISH) -> Page:
    """A permalink opened again: the words, where they stand, what has become of them.

    If the document was corrected and other words took their place, those come second. With
    ``style``, the citation too. ``dates`` is the language of dates, here and below; a citation
    has its style's.
    """
    cited = opened.cited
    first = _embed(opened, style, dates)
    now = cited.now
    second = _now(now, first, dates) if now is not None else None
    embeds = (first,) if second is None else (first, second)
    return Page(f"{_status(cited, dates)}\n-# {DISCLAIMER}", embeds, 0, 1)


def citations_page(
    all_opened: Sequence[Opened], style: str, lost: Sequence[str] = (), dates: str = BRITISH
) -> Page:
    """Each of several in a style, as many as one message holds; the others are counted.

    ``lost`` are sentences, escaped, about those that can no longer be opened.
    """
    embeds: list[Embed] = []
    for opened in all_opened:
        embed = _embed(opened, style, dates)
        if len(embeds) == MOST_EMBEDS or size([*embeds, embed]) > MAX_EMBEDS_TOTAL:
            break
        embeds.append(embed)
    left = len(all_opened) - len(embeds)
    lines = [f"**Permalinks and citations** ({style}). Open one again with /cite, years later too."]
    if left:
        lines.append(f"{left} more did not fit here; the file has all of them.")
    lines += dict.fromkeys(lost)
    lines += dict.fromkeys(
        note
        for opened in all_opened[: len(embeds)]
        if (note := _note(opened.cited, dates)) is not None
    )
    return Page("\n".join(_fitting([*lines, f"-# {DISCLAIMER}"])), tuple(embeds), 0, 1)


def citations_text(all_opened: Sequence[Opened], style: str) -> str:
    """All of them in a style, as the text of a file."""
    return "\n\n".join(_citation(opened, style) for opened in all_opened) + "\n"


def citations_name(style: str) -> str:
    """What that file is called."""
    return f"citations.{_EXTENSIONS[style]}"


def card_page(opened: Opened, *, preview: bool, dates: str = BRITISH) -> Page:
    """What stands beside a quotation card: its words as text; a ``preview`` is for one person."""
    note = _note(opened.cited, dates)
    lines = [
        "**Quotation card.** The same words as text:",
        *([note] if note else []),
        *(["-# Only you see this card. Share posts it here, once, with your name."]
          if preview else []),
        f"-# {DISCLAIMER}",
    ]  # fmt: skip
    return Page("\n".join(lines), (_embed(opened, None, dates),), 0, 1)


def choice_page(all_opened: Sequence[Opened], dates: str = BRITISH) -> Page:
    """Which of several quotations is meant: numbered from 1, by who, where and when."""
    lines = ["**Which quotation?** They are numbered as they stand in the message."]
    for number, opened in enumerate(all_opened, 1):
        document, span = opened.cited.document, opened.cited.span
        who = [speaker_line(opened.speaker)] if opened.speaker else []
        parts = [*who, label(document), _when(document, dates)]
        text = shortened(" · ".join(parts), _LABEL_CHARACTERS // 2)
        place = f"{document.id} {span.start}–{span.end}"
        lines.append(f"**{number}** · {escape(text)} · {escape(shortened(place, 60))}")
    return Page("\n".join(_fitting(lines)), (), 0, 1)


def context_page(cited: Cited, dates: str = BRITISH) -> tuple[Page, str | None]:
    """The paragraphs around, the words bold in them.

    If they do not fit into one message, from the piece on in which the words begin; then all of
    them come second, as the text of a file.
    """
    document, around = cited.document, paragraph(cited.document, cited.span)
    embeds: list[Embed] = []
    every = list(pieces(document, around))
    begun = [piece for piece in every if piece.end > cited.span.start]
    for piece in begun:
        embed = _piece(cited, piece)
        if len(embeds) == MOST_EMBEDS or size([*embeds, embed]) > MAX_EMBEDS_TOTAL:
            break
        embeds.append(embed)
    is_whole = len(embeds) == len(every) and all(embed.shows for embed in embeds)
    lines = ["**The paragraph they stand in.**"]
    if not is_whole:
        lines.append("It is longer than a message; the file has all of it.")
    lines += [note] if (note := _note(cited, dates)) else []
    page = Page("\n".join([*lines, f"-# {DISCLAIMER}"]), tuple(embeds), 0, 1)
    return page, None if is_whole else document.text_at(around)


def about(document: Document, dates: str = BRITISH) -> str:
    """Where words come from: the title, the publisher and the date, escaped."""
    title = escape(shortened(label(document), _LABEL_CHARACTERS))
    source = " · ".join((publisher(document), _when(document, dates)))
    return f"*{title}* · {escape(shortened(source, _LABEL_CHARACTERS))}"


def excerpt(document: Document, span: Span) -> PostedExcerpt:
    """What is posted of a document; of one that no longer stands, as of a version.

    What a version said stays true of it, so that only its erasure reaches such a message.
    """
    is_current = document.status.kind is StatusKind.CURRENT
    named = document.id if is_current or VERSION in document.id else f"{document.id}{VERSION}"
    return PostedExcerpt(named, document.sha256, span)


def _when(document: Document, dates: str) -> str:
    published = document.metadata.published
    return spoken(published, dates) if published else DATE_UNKNOWN


def _status(cited: Cited, dates: str) -> str:
    note = _note(cited, dates, here=True)
    if note is None:
        return "**These words stand.** The document has them as they were cited."
    return note


def _note(cited: Cited, dates: str, *, here: bool = False) -> str | None:
    """What has become of the words, for all to see; ``None`` where they stand.

    ``here`` says that what took their place follows.
    """
    status = standing(cited.document, dates)
    if status is None:
        return None
    kind = cited.document.status.kind
    told = [status, *([restatement(cited.now, dates)] if cited.now else [])]
    if not here and told[-1].endswith(":"):
        told[-1] = "Other words took their place: open the permalink with /cite."
    heading = "Corrected since" if kind is StatusKind.CORRECTED else "Retracted"
    now = [shortened(sentence, _STATUS_CHARACTERS) for sentence in told]
    return f"**{heading}.** {escape(' '.join(now))}"


def _embed(opened: Opened, style: str | None, dates: str) -> Embed:
    """The words, who and where; what is needed least goes first where all does not fit."""
    document, span = opened.cited.document, opened.cited.span
    who = (
        [f"— **{escape(shortened(speaker_line(opened.speaker), _LABEL_CHARACTERS))}**"]
        if opened.speaker
        else []
    )
    link, source = f"`{opened.link}`", about(document, dates)
    cited = [f"Citation, {style}:", escape(_citation(opened, style))] if style else []
    elsewhere = [_IN_THE_FILE] if style else []
    words = block_quote(opened.words)
    footer = f"{document.id} {span.start}–{span.end}"
    colour = _COLOUR if document.status.kind is StatusKind.CURRENT else _NOT_CURRENT
    for lines in (
        [words, *who, source, *_page_link(document, span), link, *cited],
        [words, *who, source, *_page_link(document, span), link, *elsewhere],
        [words, *who, source, link, *elsewhere],
        [words, *who[:1], link, *elsewhere],
    ):
        text = "\n".join(lines)
        if len(text) <= MAX_DESCRIPTION and len(text) + len(footer) <= MAX_EMBEDS_TOTAL:
            return Embed(text, footer, colour, _shows(opened.cited))
    return Embed("\n".join([_TOO_LONG, *who, source, link, *elsewhere]), footer, colour)


def _now(now: Restated, first: Embed, dates: str) -> Embed | None:
    """The words that took the place of the cited ones; ``None`` where none are to be shown."""
    if now.span is None or not restatement(now).endswith(":"):
        return None
    document, span = now.document, now.span
    footer = f"{document.id} {span.start}–{span.end}"
    rest = [about(document, dates), f"`{permalink(document, span)}`"]
    words, shows = block_quote(document.text_at(span)), (excerpt(document, span),)
    for lines in (
        ["The words now read:", words, *rest[:1], *_page_link(document, span), *rest[1:]],
        ["The words now read:", words, *rest],
    ):
        embed = Embed("\n".join(lines), footer, _COLOUR, shows)
        if len(embed.description) <= MAX_DESCRIPTION and size([first, embed]) <= MAX_EMBEDS_TOTAL:
            return embed
    return Embed("\n".join([_TOO_LONG, *rest]), footer, _COLOUR)


def _shows(cited: Cited) -> tuple[PostedExcerpt, ...]:
    """The words; and where the same stand today, so that their correction is told too."""
    shown = excerpt(cited.document, cited.span)
    now = cited.now
    if now is not None and now.is_same and now.span is not None:
        return shown, excerpt(now.document, now.span)
    return (shown,)


def _piece(cited: Cited, piece: Span) -> Embed:
    document, span = cited.document, cited.span
    start, end = max(span.start, piece.start), min(span.end, piece.end)
    bold = [(start - piece.start, end - piece.start)] if start < end else []
    footer = f"{document.id} {piece.start}–{piece.end}"
    colour = _COLOUR if document.status.kind is StatusKind.CURRENT else _NOT_CURRENT
    words = document.text_at(piece)
    for text in (block_quote(words, bold), block_quote(words)):
        if len(text) <= MAX_DESCRIPTION:
            return Embed(text, footer, colour, (excerpt(document, piece),))
    return Embed(_TOO_LONG, footer, colour)


def _page_link(document: Document, span: Span) -> Iterator[str]:
    if document.metadata.url is not None:
        yield f"[Open at these words](<{text_link(document.metadata.url, document, span)}>)"


def _citation(opened: Opened, style: str) -> str:
    return citation(style, opened.cited.document, opened.cited.span, opened.speaker)


def _fitting(lines: Sequence[str], most: int = 2_000) -> list[str]:
    """Lines of ours as far as a message holds them; the last is always kept."""
    *before, last = lines
    kept: list[str] = []
    room = most - len(last)
    for line in before:
        room -= len(line) + 1
        if room < 0:
            break
        kept.append(line)
    return [*kept, last]
