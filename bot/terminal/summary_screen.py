"""A summary on the screen: pretty where a person looks, plain where it is piped."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.text import Text

from bot.summaries import explanation, heading, sentences
from bot.terminal.console import print_plainly, visible
from index.types import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console

    from bot.summaries import Sentence
    from corpus.document import Document
    from index.summary import Summary

_COLOURS = {Outcome.ANSWERED: "green", Outcome.RELATED: "yellow", Outcome.NOTHING: "red"}
_INDENT = 4


def print_summary(out: Console, summary: Summary, document: Callable[[str], Document]) -> None:
    """A summary for a person: what it is, then under each source its sentences."""
    if out.is_terminal:
        out.print(Text(visible(heading(summary)), style=f"bold {_COLOURS[summary.outcome]}"))
    else:
        print_plainly(out, heading(summary))
    _print(out, explanation(summary, document), "dim", 0)
    for _, group in groupby(sentences(summary, document), lambda one: one.shown.document_id):
        found = list(group)
        out.print()
        _print(out, f"{found[0].shown.source} · {found[0].shown.label}", "italic", 0)
        for one in found:
            _print_sentence(out, one)


def _print_sentence(out: Console, one: Sentence) -> None:
    source = one.shown
    if out.is_terminal:
        words, at = Text(f"[{one.number}] "), 0
        for start, end in source.highlights:
            words.append(visible(source.text[at:start])).append(
                visible(source.text[start:end]), "bold"
            )
            at = end
        out.print(words.append(visible(source.text[at:])))
    else:
        print_plainly(out, f"[{one.number}] {source.text}")
    for speaker in source.speakers:
        _print(out, f"— {speaker}", "cyan", _INDENT)
    for line in one.differs:
        _print(out, line, "yellow", _INDENT)
    _print(out, f"{source.document_id} {source.span.start}–{source.span.end}", "dim", _INDENT)
    if source.link is not None:
        _print(out, source.link, "dim", _INDENT)


def _print(out: Console, line: str, style: str, indent: int) -> None:
    if out.is_terminal:
        out.print(Padding(Text(visible(line), style), (0, 0, 0, indent)))
    else:
        print_plainly(out, line)
