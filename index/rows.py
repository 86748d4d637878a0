"""Rows of the catalogue's tables to objects; the tables are those of `index.tables`."""

from __future__ import annotations

import json
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from corpus.document import CURRENT, Document, Metadata, PartialDate, Span, Status, StatusKind
from corpus.quotations.types import Quotation, QuotationKind, Speaker
from index.people import Office, Person
from index.types import Passage

if TYPE_CHECKING:
    from collections.abc import Sequence

QUOTATION = (
    "SELECT spans, kind, speaker, role, organisation, speaker_span, cue_span, confidence"
    " FROM quotations"
)
DOCUMENT = "SELECT id, metadata, text, sha256, status FROM documents"
CANDIDATES = (
    "SELECT row, document, ordinal, paragraph, start, end, is_sentence, stems, around, metadata"
    " FROM passages JOIN documents ON documents.id = document"
    " WHERE row IN (SELECT value FROM json_each(?)) ORDER BY row"
)
UNDATED = (
    "SELECT count(*) FROM documents WHERE first_day IS NULL"
    " AND id NOT IN (SELECT value FROM json_each(?))"
)
NEWEST = (
    "SELECT metadata FROM documents WHERE first_day IS NOT NULL"
    " AND id NOT IN (SELECT value FROM json_each(?)) ORDER BY first_day DESC, last_day DESC LIMIT 1"
)
PUBLISHERS = (
    "SELECT DISTINCT publisher FROM documents WHERE publisher IS NOT NULL"
    " AND id NOT IN (SELECT value FROM json_each(?)) ORDER BY folded(publisher), publisher"
)
PASSAGE = "SELECT row, document, ordinal, paragraph, start, end, is_sentence FROM passages"
# Front matter read once for the documents that questions meet again and again.
_KEPT_METADATA = 512
# By date, the newest first and undated ones last; within a document in its own order.
QUOTED = """
SELECT spans, kind, speaker, role, organisation, speaker_span, cue_span, confidence,
    quotations.document FROM quotations JOIN documents ON documents.id = quotations.document
WHERE kind != 'term' AND documents.id NOT IN (SELECT value FROM json_each(:hidden))
AND (:since IS NULL OR last_day >= :since) AND (:until IS NULL OR first_day <= :until)
AND (publisher IS NULL OR folded(publisher) NOT IN (SELECT value FROM json_each(:left_out)))
AND (:people IS NULL
    OR json_array(speaker, role, organisation) IN (SELECT value FROM json_each(:people)))
ORDER BY last_day IS NULL, last_day DESC, quotations.document, start LIMIT :limit
"""
PEOPLE = """
SELECT person, speaker, role, organisation, document, metadata, count(*)
FROM quotations JOIN documents ON documents.id = document
WHERE person IS NOT NULL AND document NOT IN (SELECT value FROM json_each(:hidden))
GROUP BY 1, 2, 3, 4, 5
"""


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


def document_of(row: Sequence[Any]) -> Document:
    """A row of `DOCUMENT`.

    Raises:
        ValueError: its text is not the one that was hashed.
    """
    return Document(row[0], metadata_of(row[1]), row[2], row[3], status_of(row[4]))


def status_json(status: Status) -> str | None:
    """Where a document stands, as the catalogue keeps it; ``None`` of one that is current."""
    if status.kind is StatusKind.CURRENT:
        return None
    return json.dumps(
        {
            "kind": status.kind.value,
            "version": status.version and str(status.version),
            "changed": status.changed and status.changed.isoformat(),
            "reason": status.reason,
            "now": status.now,
        }
    )


def status_of(text: str | None) -> Status:
    """Where a document stands, from `status_json`."""
    if text is None:
        return CURRENT
    values = json.loads(text)
    version, changed = values["version"], values["changed"]
    return Status(
        StatusKind(values["kind"]),
        version and PartialDate.parse(version),
        changed and date.fromisoformat(changed),
        values["reason"],
        values["now"],
    )


def person_of(key: str, rows: Sequence[Any]) -> Person:
    """A person from rows of (key, name, role, organisation, document, metadata, quotations)."""
    names = sorted({row[1] for row in rows}, key=lambda name: (-len(name), name))
    offices = {
        Office(row[2], row[3], row[4], metadata_of(row[5]).published)
        for row in rows
        if row[2] or row[3]
    }
    dated = sorted(offices, key=lambda office: (str(office.published or "~"), office.document_id))
    return Person(key, names[0], tuple(names), tuple(dated), sum(row[6] for row in rows))
