"""Rows of the catalogue's tables to objects, and back."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from corpus.document import Metadata, PartialDate, Span
from corpus.quotations.types import Quotation, QuotationKind, Speaker
from index.people import person_key
from index.types import Passage

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Sequence

    from index.catalogue import Entry

SCHEMA = """
CREATE TABLE documents (
    id TEXT PRIMARY KEY, metadata TEXT NOT NULL, text TEXT NOT NULL, sha256 TEXT NOT NULL,
    first_day TEXT, last_day TEXT, publisher TEXT
) WITHOUT ROWID;
CREATE TABLE passages (
    row INTEGER PRIMARY KEY, document TEXT NOT NULL, ordinal INTEGER NOT NULL,
    paragraph INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
    is_sentence INTEGER NOT NULL, stems TEXT NOT NULL, around TEXT NOT NULL,
    UNIQUE (document, ordinal)
);
CREATE TABLE quotations (
    id INTEGER PRIMARY KEY, document TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
    kind TEXT NOT NULL, person TEXT, speaker TEXT, role TEXT, organisation TEXT,
    spans TEXT NOT NULL, speaker_span TEXT, cue_span TEXT, confidence REAL NOT NULL
);
CREATE INDEX quotations_of ON quotations (document, start);
CREATE INDEX quotations_by ON quotations (person);
CREATE TABLE words (form TEXT PRIMARY KEY, length INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX words_by_length ON words (length);
"""
QUOTATION = (
    "SELECT spans, kind, speaker, role, organisation, speaker_span, cue_span, confidence"
    " FROM quotations"
)
PASSAGE = "SELECT row, document, ordinal, paragraph, start, end, is_sentence FROM passages"
# Front matter read once for the documents that questions meet again and again.
_KEPT_METADATA = 512


def insert(store: sqlite3.Connection, entry: Entry) -> None:
    """Write a document with its passages, quotations and words."""
    document, metadata = entry.document, entry.document.metadata
    published = metadata.published
    store.execute(
        "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            document.id,
            json.dumps(asdict(metadata)),
            document.text,
            document.sha256,
            published and published.first_day.isoformat(),
            published and published.last_day.isoformat(),
            metadata.publisher,
        ),
    )
    store.executemany(
        "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                p.row,
                p.document_id,
                p.ordinal,
                p.paragraph,
                p.span.start,
                p.span.end,
                p.is_sentence,
                " ".join(own),
                " ".join(around),
            )
            for p, own, around in zip(entry.passages, entry.stems, entry.around, strict=True)
        ),
    )
    store.executemany(
        "INSERT INTO quotations VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        _quotation_rows(document.id, entry.quotations),
    )
    store.executemany(
        "INSERT OR IGNORE INTO words VALUES (?, ?)", ((form, len(form)) for form in entry.forms)
    )


def _quotation_rows(document_id: str, found: Iterable[Quotation]) -> Iterator[tuple[Any, ...]]:
    for quotation in found:
        speaker = quotation.speaker
        yield (
            document_id,
            quotation.spans[0].start,
            quotation.spans[-1].end,
            quotation.kind.value,
            speaker and person_key(speaker.name),
            speaker and speaker.name,
            speaker and speaker.role,
            speaker and speaker.organisation,
            json.dumps([(span.start, span.end) for span in quotation.spans]),
            _span_json(quotation.speaker_span),
            _span_json(quotation.cue_span),
            quotation.confidence,
        )


def _span_json(span: Span | None) -> str | None:
    return None if span is None else json.dumps((span.start, span.end))


def _span(value: str | None) -> Span | None:
    return None if value is None else Span(*json.loads(value))


def quotation_of(row: Sequence[Any]) -> Quotation:
    """A row of `QUOTATION`."""
    return Quotation(
        spans=tuple(Span(*pair) for pair in json.loads(row[0])),
        kind=QuotationKind(row[1]),
        speaker=None if row[2] is None else Speaker(row[2], row[3], row[4]),
        speaker_span=_span(row[5]),
        cue_span=_span(row[6]),
        confidence=row[7],
    )


def passage_of(row: Sequence[Any]) -> Passage:
    """A row that begins as those of `PASSAGE`."""
    return Passage(row[0], row[1], row[2], row[3], Span(row[4], row[5]), bool(row[6]))


@lru_cache(maxsize=_KEPT_METADATA)
def metadata_of(text: str) -> Metadata:
    """A document's metadata from its JSON."""
    values = json.loads(text)
    for key in ("published", "retrieved"):
        values[key] = values[key] and PartialDate(**values[key])
    return Metadata(**values | {"trimmed": tuple(values["trimmed"])})
