"""A verdict on the screen: pretty where a person looks, plain where it is piped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.text import Text

from bot.pages import DATE_UNKNOWN, label, speaker_line, text_link
from bot.terminal.console import print_plainly, visible
from bot.verdicts import explanation, heading, posted_text, source_text
from index.verdict import Finding, Operation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console

    from corpus.document import Document
    from index.verdict import Place, Verdict

_COLOURS = {
    Finding.VERBATIM: "green",
    Finding.ALTERED: "yellow",
    Finding.MISATTRIBUTED: "red",
    Finding.STITCHED: "red",
    Finding.ABSENT: "red",
}
# Words that no longer stand are not to be read as true at a glance.
_NOT_CURRENT = "red"
_DELETED, _INSERTED = "red", "green"
_KEY = "[-the source's words-] {+the post's words+}"
_OMISSION = " […] "
# Places shown of words that stand in many.
_MOST_PLACES = 5

Line = tuple[str, str]
"""Words and their style."""


def print_verdict(out: Console, verdict: Verdict, document: Callable[[str], Document]) -> None:
    """A verdict for a person: what it is, the difference, then each place with who and when."""
    if out.is_terminal:
        colour = _COLOURS[verdict.finding] if verdict.status is None else _NOT_CURRENT
        line = Text(heading(verdict), style=f"bold {colour}")
        line.append(f" · {visible(explanation(verdict))}", style="dim")
        out.print(line)
    else:
        print_plainly(out, f"{heading(verdict)} · {explanation(verdict)}")
    if _differs(verdict, document):
        _print(out, [*_difference(verdict, document), ("\n" + _KEY, "dim")])
    places = verdict.places or verdict.related
    if verdict.related:
        print_plainly(out, "\nThe nearest passages, none of them a match:")
    for place in places[:_MOST_PLACES]:
        _print(out, [("\n".join(_words(place, verdict, document)), "")])
        _print(out, list(_notes(place, verdict, document)), apart=False)
    if len(places) > _MOST_PLACES:
        print_plainly(out, f"\nand {len(places) - _MOST_PLACES} more places; --json has them")


def _print(out: Console, parts: list[Line], *, apart: bool = True) -> None:
    if apart:
        out.print()
    if out.is_terminal:
        text = Text()
        for words, style in parts:
            text.append(visible(words), style)
        out.print(Padding(text, (0, 0, 0, 4)))
    else:
        print_plainly(out, "".join(words for words, _ in parts))


def _differs(verdict: Verdict, document: Callable[[str], Document]) -> bool:
    """Whether there is more to see than the places show: a seam between two stretches is not."""
    if verdict.finding is Finding.ALTERED:
        return True
    return verdict.finding is Finding.STITCHED and any(
        (posted_text(verdict, change) + source_text(change, document)).strip(" \n…")
        for change in verdict.differing
    )


def _difference(verdict: Verdict, document: Callable[[str], Document]) -> Iterator[Line]:
    """What was checked, with ``[-…-]`` around what is only in the source, ``{+…+}`` in the post."""
    for change in verdict.changes:
        posted, source = posted_text(verdict, change), source_text(change, document)
        if change.operation is Operation.EQUAL:
            yield posted, ""
        elif change in verdict.differing:
            if source:
                yield f"[-{source}-]", _DELETED
            if posted:
                yield f"{{+{posted}+}}", _INSERTED


def _words(place: Place, verdict: Verdict, document: Callable[[str], Document]) -> Iterator[str]:
    """The source's words, and for a place of the post's own what stands before and after."""
    source = document(place.document_id)
    yield _OMISSION.join(source.text_at(span) for span in place.spans)
    if place.omitted:
        yield "left out: " + _OMISSION.join(source.text_at(span) for span in place.omitted)
    if verdict.places and place is verdict.places[0] and verdict.finding is not Finding.STITCHED:
        if verdict.before:
            yield "before: " + source.text_at(verdict.before)
        if verdict.after:
            yield "after: " + source.text_at(verdict.after)


def _notes(place: Place, verdict: Verdict, document: Callable[[str], Document]) -> Iterator[Line]:
    """Who said it, in which document, when, where in it."""
    source = document(place.document_id)
    metadata = source.metadata
    if verdict.speaker and place is verdict.places[0]:
        yield f"— {speaker_line(verdict.speaker)}\n", "cyan"
    date = metadata.published.spoken if metadata.published else DATE_UNKNOWN
    about = " · ".join(part for part in (label(source), metadata.publisher, date) if part)
    yield f"{about}\n", "italic"
    offsets = " ".join(f"{span.start}–{span.end}" for span in place.spans)
    yield f"{place.document_id} {offsets}", "dim"
    if metadata.url is not None:
        yield f"\n{text_link(metadata.url, source, place.spans[0])}", "dim"
