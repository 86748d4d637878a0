"""``metquote extract``: quotations in any text, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.pages import SCHEMA
from bot.terminal.batch import each_line
from corpus.errors import InputError
from corpus.quotations.extract import extract

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from corpus.document import Span
    from corpus.quotations.types import Quotation


def extracted(text: str, identity: object) -> dict[str, Any]:
    """Every quotation of ``text`` (schema 1), an object a span.

    Spans of one utterance share a ``group`` number; a quotation of one span has ``null``.
    """
    quotes = []
    groups = 0
    for quotation in extract(text):
        group = None
        if len(quotation.spans) > 1:
            groups += 1
            group = groups
        quotes += [_quote(text, quotation, span, group) for span in quotation.spans]
    return {"schema": SCHEMA, "id": identity, "quotes": quotes}


def extract_lines(lines: Iterable[str], write: Callable[[dict[str, Any]], None]) -> None:
    """Extract from every line ``{"id", "text"}``; a bad line gets an error object in its place."""

    def work(values: dict[str, Any]) -> dict[str, Any]:
        text = values.get("text")
        if not isinstance(text, str):
            raise InputError('"text" must be text')
        return extracted(text, None)

    each_line(lines, work, write)


def _quote(text: str, quotation: Quotation, span: Span, group: int | None) -> dict[str, Any]:
    speaker, mention = quotation.speaker, quotation.speaker_span
    return {
        "start": span.start,
        "end": span.end,
        "text": text[span.start : span.end],
        "kind": quotation.kind.value,
        "group": group,
        "speaker": speaker and speaker.name,
        "role": speaker and speaker.role,
        "organisation": speaker and speaker.organisation,
        "speaker_mention": mention and text[mention.start : mention.end],
        "speaker_start": mention and mention.start,
        "speaker_end": mention and mention.end,
        "cue": quotation.cue_span and text[quotation.cue_span.start : quotation.cue_span.end],
        "confidence": round(quotation.confidence, 4),
    }
