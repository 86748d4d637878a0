"""Found quotations as files: CSV, JSON, JSON Lines, Markdown; pure."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

from bot.citations import paragraph
from bot.pages import DATE_UNKNOWN, SCHEMA, label, speaker_line, text_link
from index.permalink import permalink

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from corpus.document import Document, Span
    from index.quotes import FoundQuote

FORMATS = ("csv", "json", "jsonl", "md")
_COLUMNS = (
    "quote", "speaker", "role", "organisation", "published", "title", "publisher", "kind",
    "context", "paragraph", "url", "document", "start", "end", "confidence", "sha256",
    "permalink",
)  # fmt: skip
# A spreadsheet takes a cell that begins so for a formula (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def record(found: FoundQuote, document: Document) -> dict[str, Any]:
    """One quotation as JSON (schema 1): exact words, offsets, source.

    ``text`` of a quotation of several spans joins them with an empty line; ``spans`` has the
    half-open offsets of each in the document. ``paragraph`` is all paragraphs that it touches;
    ``permalink`` opens the document from its first word to its last.
    """
    quotation, metadata = found.quotation, document.metadata
    speaker, whole = quotation.speaker, _whole(found)
    around = paragraph(document, whole)
    return {
        "schema": SCHEMA,
        "document": document.id,
        "spans": [[span.start, span.end] for span in quotation.spans],
        "text": "\n\n".join(document.text_at(span) for span in quotation.spans),
        "kind": quotation.kind.value,
        "speaker": speaker and speaker.name,
        "role": speaker and speaker.role,
        "organisation": speaker and speaker.organisation,
        "speaker_mention": quotation.speaker_span and document.text_at(quotation.speaker_span),
        "cue": quotation.cue_span and document.text_at(quotation.cue_span),
        "confidence": round(quotation.confidence, 4),
        "context": document.text_at(found.context),
        "context_span": [found.context.start, found.context.end],
        "paragraph": document.text_at(around),
        "paragraph_span": [around.start, around.end],
        "title": metadata.title,
        "published": None if metadata.published is None else str(metadata.published),
        "publisher": metadata.publisher,
        "url": metadata.url,
        "sha256": document.sha256,
        "permalink": permalink(document, whole),
    }


def _whole(found: FoundQuote) -> Span:
    """From the first span to the last, and what stands between them."""
    return found.quotation.spans[0].joined(found.quotation.spans[-1])


def export(found: Iterable[FoundQuote], document: Callable[[str], Document], kind: str) -> str:
    """All of ``found`` as the text of a file of one of `FORMATS`.

    CSV begins with a byte-order mark, by which spreadsheets know UTF-8; a cell that would be
    read as a formula has an apostrophe before it. The other formats keep every word as it is.

    Raises:
        ValueError: the format is none of `FORMATS`.
    """
    pairs = [(one, document(one.document_id)) for one in found]
    if kind == "csv":
        return _csv([record(*pair) for pair in pairs])
    if kind == "json":
        return json.dumps([record(*pair) for pair in pairs], ensure_ascii=False, indent=1) + "\n"
    if kind == "jsonl":
        lines = (json.dumps(record(*pair), ensure_ascii=False) for pair in pairs)
        return "".join(line + "\n" for line in lines)
    if kind == "md":
        return "\n".join(_markdown(*pair) for pair in pairs)
    raise ValueError(f"{kind!r} is none of {', '.join(FORMATS)}")


def _csv(records: Iterable[dict[str, Any]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for values in records:
        cells = values | {
            "quote": values["text"],
            "start": values["spans"][0][0],
            "end": values["spans"][-1][1],
            "published": values["published"] or DATE_UNKNOWN,
        }
        writer.writerow([spreadsheet_cell(cells[column]) for column in _COLUMNS])
    return "\ufeff" + out.getvalue()


def spreadsheet_cell(value: object) -> object:
    """``value`` as a cell of a CSV file, never to be read as a formula."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return value


def _markdown(found: FoundQuote, document: Document) -> str:
    quotation, metadata, whole = found.quotation, document.metadata, _whole(found)
    quoted = "\n>\n".join(_block(document.text_at(span)) for span in quotation.spans)
    around = paragraph(document, whole)
    said = speaker_line(quotation.speaker) if quotation.speaker else "speaker not named"
    date = metadata.published.spoken if metadata.published else DATE_UNKNOWN
    source = " · ".join(part for part in (label(document), metadata.publisher, date) if part)
    place = f"{document.id} {quotation.spans[0].start}–{quotation.spans[-1].end}"
    link = f"\n\n<{text_link(metadata.url, document, quotation.spans[0])}>" if metadata.url else ""
    inside = f"\n\nIn:\n\n{_block(document.text_at(around))}" if around != whole else ""
    proof = f"`{permalink(document, whole)}` · sha256 `{document.sha256}`"
    return f"{quoted}\n\n— **{said}**. *{source}* ({place}){link}\n\n{proof}{inside}\n"


def _block(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.split("\n"))
