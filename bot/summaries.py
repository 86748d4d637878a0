"""A summary as what people and programs read; pure.

Words are copied from `Document.text_at` and from nowhere else; what the bot says of them stands
apart: on lines of its own, outside every quoted block.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.dates import BRITISH
from bot.messages.markdown import block_quote, escape, shortened
from bot.pages import answer_json, shown
from index.disagreements import Contrast
from index.types import Answer, Excerpt, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.pages import Shown
    from corpus.document import Document, Span
    from index.summary import Disagreement, Summary

_HEADINGS = {
    Outcome.ANSWERED: "Summary",
    Outcome.RELATED: "Related only",
    Outcome.NOTHING: "Not in the corpus",
}
_NOTHING = "The documents say nothing of this topic. Try other words."
_RELATED = "The closest sentences; the documents may not speak of this topic."
_TOPIC_CHARACTERS = _LABEL_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a summary, ready to be shown; ``number`` counts from 1.

    ``differs`` has a line for each sentence that disagrees with it, in the bot's words around
    those that differ.
    """

    number: int
    shown: Shown
    differs: tuple[str, ...]


def heading(summary: Summary) -> str:
    """What kind of summary it is, and of what."""
    return f"{_HEADINGS[summary.outcome]}: {shortened(summary.query.text, _TOPIC_CHARACTERS)}"


def explanation(summary: Summary, document: Callable[[str], Document]) -> str:
    """What that means for the reader: how many sentences of what, in which order."""
    if summary.outcome is Outcome.NOTHING:
        return " ".join([_NOTHING, *_left_out(summary)])
    names = list(dict.fromkeys(item.document_id for item in summary.items))
    counts = f"{_counted(len(summary.items), 'sentence')} of {_counted(len(names), 'document')}"
    parts = [f"{counts}, word for word, in order of date."]
    if summary.outcome is Outcome.RELATED:
        parts.insert(0, _RELATED)
    if any(document(name).metadata.published is None for name in names):
        parts.append("What has no date stands last.")
    if summary.disagreements:
        parts.append("Sources that differ stand side by side.")
    return " ".join([*parts, *_left_out(summary)])


def sentences(
    summary: Summary, document: Callable[[str], Document], dates: str = BRITISH
) -> tuple[Sentence, ...]:
    """Every item of ``summary``, ready to be shown; words that differ are its highlights.

    ``dates`` is the language of dates.
    """
    return tuple(
        Sentence(
            number,
            shown(excerpt, document(excerpt.document_id), dates),
            tuple(
                _difference(one, number - 1, summary, document)
                for one in summary.disagreements
                if number - 1 in (one.first, one.second)
            ),
        )
        for number, excerpt in enumerate(_excerpts(summary), 1)
    )


def markdown(summary: Summary, document: Callable[[str], Document]) -> str:
    """The summary as Markdown to be pasted: each sentence a quoted block, its source under it.

    Nothing of a source is markup, a mention or a link; of its addresses each is in angle
    brackets, so that Discord shows no preview.
    """
    blocks = [f"**{escape(heading(summary))}**\n{escape(explanation(summary, document))}"]
    for one in sentences(summary, document):
        lines = [_citation(one), *(f"*{escape(line)}*" for line in one.differs)]
        # Without an empty line the next would be read as more of the quotation.
        blocks.append(block_quote(one.shown.text, one.shown.highlights) + "\n\n" + "\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def summary_json(summary: Summary, document: Callable[[str], Document]) -> dict[str, Any]:
    """A summary as ``--format json`` prints it (schema 1).

    ``sentences`` are as the excerpts of an answer, each with the numbers (from 0) of those that
    it disagrees with; the spans of ``disagreements`` are half-open offsets in their documents.
    """
    query = summary.query
    answer = Answer(
        query, summary.outcome, summary.confidence, _excerpts(summary), summary.undated_left_out
    )
    values = answer_json(answer, document)
    return {
        "schema": values["schema"],
        "topic": query.text,
        "since": query.since and query.since.isoformat(),
        "until": query.until and query.until.isoformat(),
        "publisher": query.publisher,
        "outcome": values["outcome"],
        "confidence": values["confidence"],
        "undated_left_out": summary.undated_left_out,
        "sentences": [
            excerpt | {"disagrees_with": list(item.disagrees_with)}
            for excerpt, item in zip(values["excerpts"], summary.items, strict=True)
        ],
        "disagreements": [
            {
                "kind": one.contrast.value,
                "first": one.first,
                "second": one.second,
                "first_span": [one.first_span.start, one.first_span.end],
                "second_span": [one.second_span.start, one.second_span.end],
            }
            for one in summary.disagreements
        ],
    }


def _excerpts(summary: Summary) -> tuple[Excerpt, ...]:
    return tuple(
        Excerpt(
            item.document_id,
            item.span,
            item.score,
            _differing(summary, number),
            item.quotations,
        )
        for number, item in enumerate(summary.items)
    )


def _differing(summary: Summary, number: int) -> tuple[Span, ...]:
    """The words of an item that differ from others, in order, disjoint."""
    found = {
        span
        for one in summary.disagreements
        for at, span in ((one.first, one.first_span), (one.second, one.second_span))
        if at == number
    }
    disjoint: list[Span] = []
    for span in sorted(found):
        if not disjoint or span.start >= disjoint[-1].end:
            disjoint.append(span)
    return tuple(disjoint)


def _difference(
    one: Disagreement, number: int, summary: Summary, document: Callable[[str], Document]
) -> str:
    sides = [(one.first, one.first_span), (one.second, one.second_span)]
    (_, own), (other, theirs) = sides if number == one.first else sides[::-1]
    if one.contrast is Contrast.DENIAL:
        return f"Differs from [{other + 1}]: one says what the other denies."
    mine = document(summary.items[number].document_id).text_at(own)
    yours = document(summary.items[other].document_id).text_at(theirs)
    return f"Differs from [{other + 1}]: “{mine}” here, “{yours}” there."


def _citation(one: Sentence) -> str:
    """Who, in what, of whom, when, where in it, and the link where there is one."""
    source = one.shown
    parts = [f"**{escape(shortened(speaker, _LABEL_CHARACTERS))}**" for speaker in source.speakers]
    title = escape(shortened(source.label, _LABEL_CHARACTERS))
    parts += [f"*{title}*", escape(shortened(source.source, _LABEL_CHARACTERS))]
    parts.append(escape(f"{source.document_id} {source.span.start}–{source.span.end}"))
    if source.link is not None:
        parts.append(f"<{source.link}>")
    return f"\\[{one.number}\\] " + " · ".join(parts)


def _left_out(summary: Summary) -> list[str]:
    count = summary.undated_left_out
    if not count:
        return []
    verb = "has no date and was" if count == 1 else "have no date and were"
    return [f"{_counted(count, 'document')} {verb} left out by the date filter."]


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
