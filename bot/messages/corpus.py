"""What is shown in Discord of documents that come in, and of those that there are; pure.

A draft is no document yet, so that nothing of it stands in a quoted block.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.dates import BRITISH, spoken
from bot.messages.answers import MAX_DESCRIPTION, Embed, Page
from bot.messages.markdown import escape, shortened
from bot.pages import DATE_UNKNOWN, label
from bot.terminal.preview import first_lines, likeness, sides, understood

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from corpus.document import Document
    from corpus.draft import Draft
    from corpus.duplicates import Near

_NO_SOURCE = "no source"
_COLOUR, _NEAR_COLOUR = 0x1565C0, 0xF9A825
_PER_PAGE = 10
_LABEL, _VALUE = 100, 240


def draft_page(draft: Draft, found: Sequence[Near], *, what: str) -> Page:
    """What ``draft`` was understood as, and what of the corpus comes near; ``what`` is asked."""
    embeds = [_box(_lines(draft), _COLOUR)]
    if found:
        nearest = found[0]
        lines = [f"**{escape(likeness(nearest))}**"]
        if len(found) > 1:
            lines.append(f"near, too: {escape(', '.join(one.id for one in found[1:]))}")
        lines += _sides(draft, nearest.document)
        embeds.append(_box(lines, _NEAR_COLOUR))
    return Page(f"**Preview**, seen by you alone. {what}", tuple(embeds), 0, 1)


def correction_page(draft: Draft, old: Document, *, what: str) -> Page:
    """What ``draft`` was understood as beside the document whose place it takes."""
    embeds = (
        _box(_lines(draft), _COLOUR),
        _box([f"**Beside {escape(old.id)}**", *_sides(draft, old)], _NEAR_COLOUR),
    )
    return Page(f"**Preview**, seen by you alone. {what}", embeds, 0, 1)


def retraction_page(document: Document, reason: str) -> Page:
    """What is to be withdrawn, and why."""
    lines = [_listed(document, BRITISH), f"Reason: {escape(shortened(reason, _VALUE))}"]
    what = "Retract it? It answers no more, and whoever verifies its words is told why."
    return Page(f"**Preview**, seen by you alone. {what}", (_box(lines, _NEAR_COLOUR),), 0, 1)


def list_pages(documents: Sequence[Document], what: str, dates: str = BRITISH) -> tuple[Page, ...]:
    """The documents of a list, at least one page; ``what`` says which they are."""
    parts = [documents[at : at + _PER_PAGE] for at in range(0, len(documents), _PER_PAGE)] or [()]
    pages = []
    for number, part in enumerate(parts):
        page = f" · page {number + 1} of {len(parts)}" if len(parts) > 1 else ""
        content = f"**{len(documents):,} {what}{page}**"
        lines = [_listed(document, dates) for document in part]
        embeds = (_box(lines, _COLOUR),) if lines else ()
        pages.append(Page(content, embeds, number, len(parts)))
    return tuple(pages)


def status_page(values: Mapping[str, Any], counts: Mapping[str, int], last: str | None) -> Page:
    """The state of the corpus and of its index; ``last`` says what was done last, and when."""
    lines = [f"{name}: {count:,}" for name, count in counts.items()]
    for name in ("index", "state", "documents", "passages", "model"):
        if values.get(name) is not None:
            value = values[name]
            shown = f"{value:,}" if isinstance(value, int) else escape(str(value))
            lines.append(f"{name if name in ('index', 'model') else f'index: {name}'}: {shown}")
    if last is not None:
        lines.append(f"last change: {escape(last)}")
    return Page("**The corpus**", (_box(lines, _COLOUR),), 0, 1)


def _lines(draft: Draft) -> list[str]:
    lines = [f"**{escape(shortened(draft.source, _VALUE))}**"]
    lines += [f"{name}: {escape(shortened(value, _VALUE))}" for name, value in understood(draft)]
    return [*lines, "", *(f"-# {escape(shortened(line, _VALUE))}" for line in first_lines(draft))]


def _sides(draft: Draft, document: Document) -> Iterator[str]:
    rows, more = sides(draft, document)
    for name, old, new in rows:
        before = escape(shortened(old, _VALUE)) or "(nothing)"
        after = escape(shortened(new, _VALUE)) or "(nothing)"
        yield f"{name}\n− {before}\n+ {after}"
    if more:
        yield f"… and {more} more places where they differ"


def _listed(document: Document, dates: str) -> str:
    stated = document.metadata
    when = spoken(stated.published, dates) if stated.published else DATE_UNKNOWN
    parts = [f"**{escape(document.id)}**", when, stated.kind]
    if stated.publisher:
        parts.append(escape(shortened(stated.publisher, _LABEL)))
    if document.status.kind.value != "current":
        parts.append(document.status.kind.value)
    return " · ".join(parts) + f"\n-# {escape(shortened(label(document), _LABEL))}"


def _box(lines: Iterable[str], colour: int) -> Embed:
    """A box of whole lines; those that do not fit are left out, and that is said."""
    kept: list[str] = []
    size = 0
    for line in lines:
        size += len(line) + 1
        if size > MAX_DESCRIPTION // 2:
            kept.append("[…]")
            break
        kept.append(line)
    return Embed("\n".join(kept), _NO_SOURCE, colour)
