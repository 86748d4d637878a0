"""An answer as what people and programs read; pure.

Words are copied from `Document.text_at` and from nowhere else; everything beside them is the
bot's own and is kept apart from them.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from bot.dates import BRITISH, spoken
from corpus.quotations.types import QuotationKind
from corpus.sentences import first_sentence
from index.types import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from corpus.document import Document, Span
    from corpus.quotations.types import Speaker
    from index.types import Answer, Excerpt

SCHEMA = 1
DATE_UNKNOWN = "date unknown"
DISCLAIMER = "metquote quotes published documents. It is not run by the Metropolitan Police."
# Half a character, as broken input may hold: UTF-8 has no bytes for it, JSON escapes do.
_SURROGATE = re.compile("[\ud800-\udfff]")
# Words enough for a browser to find one place; a longer fragment breaks at the first difference.
_FRAGMENT_WORDS = 5
# A first sentence stands in for a title; beyond this it is no label any more.
_LABEL_CHARACTERS = 110

# Copies of an excerpt that are named; the JSON has them all.
_MOST_ALSO = 3

_OUTCOMES = {
    Outcome.ANSWERED: "Answered",
    Outcome.RELATED: "Related only",
    Outcome.NOTHING: "Not in the corpus",
}
_EXPLANATIONS = {
    Outcome.ANSWERED: "These are the words of the sources.",
    Outcome.RELATED: "The closest passages; they may not answer the question.",
    Outcome.NOTHING: "The documents do not say. Try other words, or ask for one thing at a time.",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """An excerpt ready to be shown.

    ``text`` is the slice; ``highlights`` are half-open offsets into it. ``label`` is the title,
    or the first sentence where there is none (cut with ``[…]`` if long). ``link`` jumps to the
    text on the source's page, ``None`` without a URL. ``also`` are the other documents that have
    the same words.
    """

    text: str
    highlights: tuple[tuple[int, int], ...]
    speakers: tuple[str, ...]
    label: str
    publisher: str | None
    date: str
    link: str | None
    document_id: str
    span: Span
    also: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        """Publisher, date and other documents: ``City Hall · 9 August 2024 · also in: a-copy``."""
        return " · ".join(part for part in (self.publisher, self.date, _also(self.also)) if part)


def heading(answer: Answer) -> str:
    """What kind of answer it is, in a word or three."""
    return _OUTCOMES[answer.outcome]


def explanation(answer: Answer) -> str:
    """What that means for the reader, its order, and what a date filter left out."""
    text = _EXPLANATIONS[answer.outcome]
    if answer.by_date and answer.excerpts:
        text += " In order of date, the newest first."
        if answer.undated:
            come = "comes" if answer.undated == 1 else "come"
            text += f" {_without_date(answer.undated)} {come} last."
    left_out = answer.undated_left_out
    if left_out:
        was = "was" if left_out == 1 else "were"
        text += f" {_without_date(left_out)} {was} left out by the date filter."
    return text


def shown(excerpt: Excerpt, document: Document, dates: str = BRITISH) -> Shown:
    """An excerpt of ``document``, ready to be shown; ``dates`` is one of `DATE_LANGUAGES`."""
    metadata, start = document.metadata, excerpt.span.start
    return Shown(
        text=document.text_at(excerpt.span),
        highlights=tuple((h.start - start, h.end - start) for h in excerpt.highlights),
        speakers=_speakers(excerpt),
        label=label(document),
        publisher=metadata.publisher,
        date=spoken(metadata.published, dates) if metadata.published else DATE_UNKNOWN,
        link=None if metadata.url is None else text_link(metadata.url, document, excerpt.span),
        document_id=document.id,
        span=excerpt.span,
        also=excerpt.also,
    )


def label(document: Document) -> str:
    """The title, or the first sentence, cut with ``[…]`` at a word where it is long."""
    if document.metadata.title is not None:
        return document.metadata.title
    span = first_sentence(document.text)
    text = " ".join(document.text_at(span).split()) if span else document.id
    if len(text) <= _LABEL_CHARACTERS:
        return text
    return text[:_LABEL_CHARACTERS].rsplit(" ", 1)[0] + " […]"


def speaker_line(speaker: Speaker) -> str:
    """Name, role and organisation, each said once."""
    parts = [speaker.name]
    for more in (speaker.role, speaker.organisation):
        if more and not any(more.lower() in part.lower() for part in parts):
            parts.append(more)
    return ", ".join(parts)


def text_link(url: str, document: Document, span: Span) -> str:
    """A link that scrolls to the words at ``span`` (W3C URL Fragment Text Directives)."""
    found = document.text_at(span).split()
    # Only words of one line: a fragment does not match across blocks of a page.
    head = document.text_at(span).splitlines()[0].split()[:_FRAGMENT_WORDS]
    fragment = _encoded(head)
    if len(found) > 2 * _FRAGMENT_WORDS:
        tail = document.text_at(span).splitlines()[-1].split()[-_FRAGMENT_WORDS:]
        fragment += "," + _encoded(tail)
    return f"{url}{'' if '#' in url else '#'}:~:text={fragment}"


def answer_json(
    answer: Answer, document: Callable[[str], Document], question_id: object = None
) -> dict[str, Any]:
    """An answer as the terminal's ``--json`` prints it (schema 1, see the README)."""
    return {
        "schema": SCHEMA,
        "id": question_id,
        "question": answer.query.text,
        "outcome": answer.outcome.value,
        "confidence": round(answer.confidence, 4),
        "undated_left_out": answer.undated_left_out,
        "by_date": answer.by_date,
        "newest": answer.newest and str(answer.newest),
        "excerpts": [_excerpt_json(e, document(e.document_id)) for e in answer.excerpts],
    }


def json_line(value: dict[str, Any]) -> str:
    """``value`` as one line of JSON, its end included, readable and always valid UTF-8."""
    text = json.dumps(value, ensure_ascii=False)
    if _SURROGATE.search(text):
        text = json.dumps(value)
    return text + "\n"


def _excerpt_json(excerpt: Excerpt, document: Document) -> dict[str, Any]:
    metadata = document.metadata
    return {
        "document": document.id,
        "start": excerpt.span.start,
        "end": excerpt.span.end,
        "text": document.text_at(excerpt.span),
        "score": round(excerpt.score, 4),
        "highlights": [[span.start, span.end] for span in excerpt.highlights],
        "title": metadata.title,
        "published": None if metadata.published is None else str(metadata.published),
        "publisher": metadata.publisher,
        "url": metadata.url,
        "sha256": document.sha256,
        "also_in": list(excerpt.also),
        "quotations": [
            {
                "start": span.start,
                "end": span.end,
                "kind": quotation.kind.value,
                "speaker": quotation.speaker and quotation.speaker.name,
                "role": quotation.speaker and quotation.speaker.role,
                "organisation": quotation.speaker and quotation.speaker.organisation,
            }
            for quotation in excerpt.quotations
            for span in quotation.spans
            if span.overlaps(excerpt.span)
        ],
    }


def _without_date(count: int) -> str:
    return (
        f"{count} document has no date and" if count == 1 else f"{count} documents have no date and"
    )


def _also(documents: Sequence[str]) -> str | None:
    if not documents:
        return None
    more = len(documents) - _MOST_ALSO
    rest = f" and {more} more" if more > 0 else ""
    return f"also in: {', '.join(documents[:_MOST_ALSO])}{rest}"


def _speakers(excerpt: Excerpt) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(
            speaker_line(quotation.speaker)
            for quotation in excerpt.quotations
            if quotation.speaker is not None and quotation.kind is not QuotationKind.TERM
        )
    )


def _encoded(words: Sequence[str]) -> str:
    # A dash or comma would be read as the directive's own syntax.
    return quote(" ".join(words), safe="").replace("-", "%2D")
