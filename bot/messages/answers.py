"""An answer as pages of Discord messages; pure.

Limits are Discord's (developer documentation, "Embed limits" and "Create Message").
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.dates import BRITISH
from bot.messages.emergency import advised
from bot.messages.markdown import block_quote, escape, shortened
from bot.messages.posted import PostedExcerpt
from bot.pages import DISCLAIMER, explanation, heading, shown
from index.types import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bot.pages import Shown
    from corpus.document import Document
    from index.types import Answer, Excerpt

MAX_CONTENT = 2_000
MAX_DESCRIPTION = 4_096
MAX_EMBEDS_TOTAL = 6_000
# The asker's question, said again so that a public answer stands by itself.
_QUESTION_CHARACTERS = 300
_LABEL_CHARACTERS = 200
_NAME_CHARACTERS = 100
SHARED_BY = "-# Shared by "
_COLOURS = {Outcome.ANSWERED: 0x2E7D32, Outcome.RELATED: 0xF9A825, Outcome.NOTHING: 0x757575}
CHANGED = (
    "This source was changed or removed since the question was asked; ask again for its words now."
)
TOO_LONG = (
    "These words do not fit into a message of Discord's once its markup is made harmless; "
    "look them up at the place named below."
)


@dataclass(frozen=True, slots=True)
class Embed:
    """One excerpt's box. The footer is shown as it is, without Markdown.

    ``shows`` are the words of documents in it, so that a correction reaches them; ``image`` is
    the name of the message's file that it shows.
    """

    description: str
    footer: str
    colour: int
    shows: tuple[PostedExcerpt, ...] = ()
    image: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One message of an answer; ``number`` counts from 0."""

    content: str
    embeds: tuple[Embed, ...]
    number: int
    count: int


def pages(
    answer: Answer,
    document: Callable[[Excerpt], Document | None],
    per_page: int,
    dates: str = BRITISH,
    note: str = "",
) -> tuple[Page, ...]:
    """The pages of an answer, at least one; they are split between excerpts alone.

    ``document`` gives the document an excerpt was cut from, or ``None`` if it is not there as
    it was: then the excerpt's words are not shown. ``dates`` is the language of dates, ``note``
    what else there is to say of the answer, such as its age.
    """
    embeds = [
        excerpt_embed(answer, excerpt, document(excerpt), dates) for excerpt in answer.excerpts
    ]
    groups = packed(embeds, per_page)
    return tuple(
        Page(_content(answer, number, len(groups), note), tuple(group), number, len(groups))
        for number, group in enumerate(groups)
    )


def packed(embeds: Iterable[Embed], most: int) -> list[list[Embed]]:
    """``embeds`` in groups of ``most`` at most that a message has room for; at least one group."""
    groups: list[list[Embed]] = [[]]
    for embed in embeds:
        full = len(groups[-1]) >= most or size([*groups[-1], embed]) > MAX_EMBEDS_TOTAL
        if groups[-1] and full:
            groups.append([])
        groups[-1].append(embed)
    return groups


def shared_by(page: Page, name: str) -> Page:
    """``page`` with the name of whoever made it public, which pings nobody."""
    line = f"{SHARED_BY}{escape(shortened(name, _NAME_CHARACTERS))}"
    return replace(page, content=f"{page.content}\n{line}")


def unnamed(content: str) -> str:
    """The content of a shared page without the name of who shared it."""
    return "\n".join(line for line in content.split("\n") if not line.startswith(SHARED_BY))


def _content(answer: Answer, number: int, count: int, note: str) -> str:
    sure = f" · confidence {answer.confidence:.2f}" if answer.excerpts else ""
    page = f" · page {number + 1} of {count}" if count > 1 else ""
    lines = (
        f"**{heading(answer)}**{sure}{page}. {explanation(answer)}{note and ' '}{note}",
        f"-# Asked: {escape(shortened(answer.query.text, _QUESTION_CHARACTERS))}",
        f"-# {DISCLAIMER}",
    )
    return advised(answer.query.text, "\n".join(lines))


def excerpt_embed(answer: Answer, excerpt: Excerpt, document: Document | None, dates: str) -> Embed:
    """One excerpt's box; without its document, that its words cannot be shown."""
    colour = _COLOURS[answer.outcome]
    place = f"{excerpt.document_id} {excerpt.span.start}–{excerpt.span.end}"
    if document is None:
        return Embed(CHANGED, place, colour)
    shows = (PostedExcerpt(document.id, document.sha256, excerpt.span),)
    return Embed(description(shown(excerpt, document, dates)), place, colour, shows)


def description(one: Shown) -> str:
    """The words, then what is ours; if they are too long together, the least needed goes first.

    Words that do not fit even so are not cut: the reader is told, and where they stand.
    """
    who = [f"— **{escape(shortened(s, _LABEL_CHARACTERS))}**" for s in one.speakers]
    title = escape(shortened(one.label, _LABEL_CHARACTERS))
    source = f"*{title}* · {escape(shortened(one.source, _LABEL_CHARACTERS))}"
    link = [f"[Open at these words](<{one.link}>)"] if one.link else []
    for highlights, more in (
        (one.highlights, [*who, source, *link]),
        ((), [*who, source, *link]),
        ((), [*who[:1], source]),
        ((), [source]),
    ):
        text = "\n".join((block_quote(one.text, highlights), *more))
        if len(text) <= MAX_DESCRIPTION:
            return text
    return f"{TOO_LONG}\n{source}"


def size(embeds: list[Embed]) -> int:
    """How many characters of an embed's total of 6,000 they take."""
    return sum(len(embed.description) + len(embed.footer) for embed in embeds)
