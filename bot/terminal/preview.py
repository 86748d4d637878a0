"""What a text was understood as, before it becomes a document; and how the terminal shows it."""

from __future__ import annotations

from collections import Counter
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from bot.pages import DATE_UNKNOWN
from bot.terminal.console import print_plainly, visible
from corpus.document import Document
from corpus.quotations.extract import extract
from corpus.quotations.types import QuotationKind
from index.passages import passages

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console

    from corpus.document import Metadata
    from corpus.draft import Draft
    from corpus.duplicates import Near

_FIRST_LINES, _LINE_CHARACTERS = 4, 200
_SPEAKERS = 4
# So many places where two texts differ are shown; how many more there are is said.
_DIFFERENCES = 6
_PARAGRAPH_CHARACTERS = 240
_BOTH_SIDES_COLUMNS = 80
_UNKNOWN = "unknown"


def print_preview(out: Console, draft: Draft) -> None:
    """What ``draft`` was understood as: a line for each thing, and how its text begins."""
    print_plainly(out, draft.source)
    for name, value in understood(draft):
        print_plainly(out, f"  {name:<11}{value}")
    for line in first_lines(draft):
        print_plainly(out, f"  | {line}")


def understood(draft: Draft) -> Iterator[tuple[str, str]]:
    """What ``draft`` was understood as: a name and a value for each thing."""
    yield from _understood(draft.metadata)
    document = Document.of("new", draft.metadata, draft.text)
    yield "passages", f"{len(passages(document)):,}"
    yield "quotations", _quotations(draft.text)
    for name in draft.metadata.trimmed:
        yield "trimmed", name
    for note in draft.notes:
        yield "note", note


def first_lines(draft: Draft) -> Iterator[str]:
    """How the text begins, and how many lines there are beside those."""
    lines = [line for line in draft.text.split("\n") if line.strip()]
    for line in lines[:_FIRST_LINES]:
        yield _shortened(line, _LINE_CHARACTERS)
    if len(lines) > _FIRST_LINES:
        more = len(lines) - _FIRST_LINES
        yield f"… and {more:,} more line{'s' if more > 1 else ''}"


def likeness(near: Near) -> str:
    """How near a document of the corpus comes."""
    return (
        f"{near.similarity:.0%} the same as {near.id}, which stands in the corpus; "
        f"{near.contained:.0%} of the shorter is in the longer"
    )


def sides(draft: Draft, document: Document) -> tuple[list[tuple[str, str, str]], int]:
    """What both state differently, and where their texts differ: a name, the old and the new.

    The number is of the places that are not shown.
    """
    rows = [*_stated(draft.metadata, document.metadata)]
    differences = [*_differences(document.text, draft.text)]
    rows += [("text", old, new) for old, new in differences[:_DIFFERENCES]]
    return rows, max(len(differences) - _DIFFERENCES, 0)


def print_near(out: Console, draft: Draft, near: Near) -> None:
    """``draft`` beside the document that it comes near to: what they state, where they differ."""
    print_plainly(out, f"  {likeness(near)}")
    print_sides(out, draft, near.document)


def print_sides(out: Console, draft: Draft, document: Document) -> None:
    """What both state, and where their texts differ: side by side, or one below the other."""
    rows, more = sides(draft, document)
    if out.is_terminal and out.width >= _BOTH_SIDES_COLUMNS:
        table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold", expand=True)
        table.add_column("", width=9, no_wrap=True)
        table.add_column(Text("in the corpus"), ratio=1, overflow="fold")
        table.add_column(Text("new"), ratio=1, overflow="fold")
        for name, old, new in rows:
            table.add_row(name, Text(visible(old)), Text(visible(new)))
        out.print(table)
    else:
        for name, old, new in rows:
            print_plainly(
                out, f"  {name:<11}- {old or '(nothing)'}\n  {'':<11}+ {new or '(nothing)'}"
            )
    if more:
        print_plainly(out, f"  … and {more} more places where they differ")


def _understood(metadata: Metadata) -> Iterator[tuple[str, str]]:
    published = metadata.published
    yield "title", metadata.title or _UNKNOWN
    yield "date", published.spoken if published else DATE_UNKNOWN
    yield "publisher", metadata.publisher or _UNKNOWN
    yield "author", metadata.author or _UNKNOWN
    yield "url", metadata.url or _UNKNOWN
    yield "kind", metadata.kind
    if metadata.rights:
        yield "rights", metadata.rights


def _stated(new: Metadata, old: Metadata) -> Iterator[tuple[str, str, str]]:
    """What the two state differently."""
    theirs, ours = dict(_understood(old)), dict(_understood(new))
    for name in {**theirs, **ours}:
        before, after = theirs.get(name, _UNKNOWN), ours.get(name, _UNKNOWN)
        if before != after:
            yield name, before, after


def _quotations(text: str) -> str:
    """``7, of Cressida Dick (3), Sadiq Khan (2), nobody named (2)``."""
    found = [one for one in extract(text) if one.kind is not QuotationKind.TERM]
    speakers = Counter(one.speaker.name if one.speaker else "nobody named" for one in found)
    if not speakers:
        return "none"
    named = [f"{name} ({count})" for name, count in speakers.most_common(_SPEAKERS)]
    more = len(speakers) - len(named)
    return f"{len(found)}, of {', '.join(named)}" + (f" and {more} more" if more else "")


def _differences(old: str, new: str) -> Iterator[tuple[str, str]]:
    """The paragraphs that differ, side by side; an empty text where one has nothing there."""
    before, after = _paragraphs(old), _paragraphs(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            continue
        for at in range(max(i2 - i1, j2 - j1)):
            yield (
                _around_change(before[i1:i2], after[j1:j2], at),
                _around_change(after[j1:j2], before[i1:i2], at),
            )


def _paragraphs(text: str) -> list[str]:
    return [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]


def _around_change(mine: Sequence[str], theirs: Sequence[str], at: int) -> str:
    """Paragraph ``at``, from a little before the first word in which the two differ."""
    if at >= len(mine):
        return ""
    paragraph = mine[at]
    other = theirs[at] if at < len(theirs) else ""
    start = next((n for n, (a, b) in enumerate(zip(paragraph, other, strict=False)) if a != b), 0)
    if len(paragraph) <= _PARAGRAPH_CHARACTERS or start < _PARAGRAPH_CHARACTERS // 2:
        return _shortened(paragraph, _PARAGRAPH_CHARACTERS)
    begin = paragraph.rfind(" ", 0, start - _PARAGRAPH_CHARACTERS // 4) + 1
    return "[…] " + _shortened(paragraph[begin:], _PARAGRAPH_CHARACTERS)


def _shortened(text: str, length: int) -> str:
    if len(text) <= length:
        return text
    cut = text.rfind(" ", length // 2, length)
    return text[: cut if cut > 0 else length] + " […]"
