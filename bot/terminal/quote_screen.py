"""Found quotations for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.text import Text

from bot.pages import DATE_UNKNOWN, label, speaker_line
from bot.terminal.console import print_plainly, visible
from corpus.document import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.console import Console

    from corpus.document import Document
    from index.quotes import FoundQuote


def print_quotes(
    out: Console, found: Sequence[FoundQuote], document: Callable[[str], Document]
) -> None:
    """Each quotation in the sentences it stands in, itself in bold, with who, where and when."""
    if not found:
        out.print("No such quotation in the corpus.")
    for number, one in enumerate(found, 1):
        source = document(one.document_id)
        notes = _notes(one, source)
        if not out.is_terminal:
            words = "\n\n".join(source.text_at(span) for span in one.quotation.spans)
            context = source.text_at(one.context)
            notes.append((f"in: {context}", ""))
            print_plainly(out, "\n".join((f"[{number}]", words, *(note for note, _ in notes), "")))
            continue
        lines = [_emphasised(one, source)]
        lines += [Text(visible(note), style) for note, style in notes]
        for line in lines:
            out.print(Padding(line, (0, 0, 0, 4)))
        out.print()


def _notes(one: FoundQuote, source: Document) -> list[tuple[str, str]]:
    metadata, quotation = source.metadata, one.quotation
    speaker = speaker_line(quotation.speaker) if quotation.speaker else "speaker not named"
    date = metadata.published.spoken if metadata.published else DATE_UNKNOWN
    about = " · ".join(part for part in (label(source), metadata.publisher, date) if part)
    spans = ", ".join(f"{span.start}–{span.end}" for span in quotation.spans)
    return [(f"— {speaker}", "cyan"), (about, "italic"), (f"{source.id} {spans}", "dim")]


def _emphasised(one: FoundQuote, source: Document) -> Text:
    words, at = Text(), one.context.start
    for span in one.quotation.spans:
        if at < span.start:
            words.append(visible(source.text_at(Span(at, span.start))))
        words.append(visible(source.text_at(span)), "bold")
        at = span.end
    if at < one.context.end:
        words.append(visible(source.text_at(Span(at, one.context.end))))
    return words
