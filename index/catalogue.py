"""Documents, passages and quotations in SQLite, read-only once written."""

from __future__ import annotations

import json
import sqlite3
import threading
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from corpus.document import Document, Metadata, PartialDate, Span
from corpus.errors import SnapshotDamaged
from corpus.quotations import Quotation, QuotationKind, Speaker
from index.types import Passage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date
    from pathlib import Path

_SCHEMA = """
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
    kind TEXT NOT NULL, speaker TEXT, role TEXT, organisation TEXT, spans TEXT NOT NULL,
    speaker_span TEXT, cue_span TEXT, confidence REAL NOT NULL
);
CREATE INDEX quotations_of ON quotations (document, start);
CREATE INDEX quotations_by ON quotations (speaker);
CREATE TABLE words (form TEXT PRIMARY KEY, length INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX words_by_length ON words (length);
"""
_FILTERED = """
SELECT row FROM passages JOIN documents ON documents.id = document
WHERE (:since IS NULL OR last_day >= :since) AND (:until IS NULL OR first_day <= :until)
AND (:publisher IS NULL OR instr(lower(publisher), :publisher) > 0)
AND (:speaker IS NULL OR EXISTS (
    SELECT 1 FROM quotations WHERE quotations.document = passages.document
    AND quotations.start < passages.end AND passages.start < quotations.end
    AND instr(lower(speaker), :speaker) > 0))
ORDER BY row
"""
# Documents kept in memory: a page of an answer needs five at most.
_KEPT_DOCUMENTS = 64


@dataclass(frozen=True, slots=True)
class Entry:
    """A document with what was found in it, ready to be written.

    ``stems`` and ``around`` have one tuple a passage: its own stems, and those around it.
    """

    document: Document
    passages: tuple[Passage, ...]
    quotations: tuple[Quotation, ...]
    stems: tuple[tuple[str, ...], ...]
    around: tuple[tuple[str, ...], ...]
    forms: frozenset[str]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage with what ranking looks at: its stems, those around it, and its date."""

    passage: Passage
    stems: frozenset[str]
    around: frozenset[str]
    published: PartialDate | None


def write(path: Path, entries: Iterable[Entry]) -> None:
    """Write a new catalogue at ``path``.

    Raises:
        OSError: it cannot be written.
    """
    try:
        store = sqlite3.connect(path)
        try:
            with store:
                store.executescript(_SCHEMA)
                for entry in entries:
                    _insert(store, entry)
        finally:
            store.close()
    except sqlite3.Error as error:
        raise OSError(f"the catalogue cannot be written ({error})") from error


class Catalogue:
    """A written catalogue. Safe to use from several threads at once."""

    def __init__(self, store: sqlite3.Connection) -> None:
        self._store, self._lock = store, threading.Lock()
        self.document = lru_cache(maxsize=_KEPT_DOCUMENTS)(self._document)
        (self._count,) = self._all("SELECT count(*) FROM passages")[0]

    @classmethod
    def open(cls, path: Path) -> Catalogue:
        """Open a catalogue that `write` wrote, for reading alone.

        Raises:
            SnapshotDamaged: the file is missing or is no catalogue.
        """
        try:
            uri = path.absolute().as_uri() + "?mode=ro&immutable=1"
            return cls(sqlite3.connect(uri, uri=True, check_same_thread=False))
        except sqlite3.Error as error:
            raise SnapshotDamaged(f"{path.name} cannot be read ({error})") from error

    def close(self) -> None:
        """Close the file; the catalogue is of no use afterwards."""
        self._store.close()

    def __len__(self) -> int:
        """The number of passages."""
        return int(self._count)

    def _document(self, document_id: str) -> Document:
        """The document of this id, its text checked against its hash.

        Raises:
            KeyError: there is none.
            SnapshotDamaged: its text is not the one that was hashed.
        """
        rows = self._all(
            "SELECT id, metadata, text, sha256 FROM documents WHERE id = ?", (document_id,)
        )
        if not rows:
            raise KeyError(document_id)
        try:
            return Document(rows[0][0], _metadata(rows[0][1]), rows[0][2], rows[0][3])
        except ValueError as error:
            raise SnapshotDamaged(f"{error}; run 'metquote index build'") from error

    def document_ids(self) -> tuple[str, ...]:
        """Every id, in order."""
        return tuple(row[0] for row in self._all("SELECT id FROM documents ORDER BY id"))

    def candidates(self, rows: Iterable[int]) -> tuple[Candidate, ...]:
        """The passages of these rows, in order of row, as ranking sees them."""
        found = self._all(
            "SELECT row, document, ordinal, paragraph, start, end, is_sentence, stems, around,"
            " metadata FROM passages JOIN documents ON documents.id = document"
            " WHERE row IN (SELECT value FROM json_each(?)) ORDER BY row",
            (json.dumps(list(rows)),),
        )
        return tuple(
            Candidate(
                _passage(row),
                frozenset(row[7].split()),
                frozenset(row[8].split()),
                _metadata(row[9]).published,
            )
            for row in found
        )

    def paragraph(self, passage: Passage) -> tuple[Passage, ...]:
        """All passages of the paragraph that ``passage`` stands in, in order."""
        return tuple(
            _passage(row)
            for row in self._all(
                "SELECT row, document, ordinal, paragraph, start, end, is_sentence FROM passages"
                " WHERE document = ? AND paragraph = ? ORDER BY ordinal",
                (passage.document_id, passage.paragraph),
            )
        )

    def rows(
        self,
        *,
        since: date | None = None,
        until: date | None = None,
        publisher: str | None = None,
        speaker: str | None = None,
    ) -> list[int]:
        """The rows that the given filters leave, in order; days are inclusive.

        A date filter keeps documents that may have been published inside it and drops undated
        ones. ``publisher`` and ``speaker`` match a part of the name, in any case.
        """
        found = self._all(
            _FILTERED,
            {
                "since": since and since.isoformat(),
                "until": until and until.isoformat(),
                "publisher": publisher and publisher.lower(),
                "speaker": speaker and speaker.lower(),
            },
        )
        return [row[0] for row in found]

    def undated(self) -> int:
        """The number of documents without a date."""
        return int(self._all("SELECT count(*) FROM documents WHERE first_day IS NULL")[0][0])

    def quotations(self, document_id: str, within: Span | None = None) -> tuple[Quotation, ...]:
        """The quotations of a document, in order; those that overlap ``within`` if it is given."""
        span = within or Span(0, 2**62)
        rows = self._all(
            "SELECT spans, kind, speaker, role, organisation, speaker_span, cue_span, confidence"
            " FROM quotations WHERE document = ? AND start < ? AND end > ? ORDER BY start, id",
            (document_id, span.end, span.start),
        )
        found = (_quotation(row) for row in rows)
        return tuple(q for q in found if any(part.overlaps(span) for part in q.spans))

    def has_word(self, form: str) -> bool:
        """Whether the folded word stands in any document."""
        return bool(self._all("SELECT 1 FROM words WHERE form = ?", (form,)))

    def words_of_length(self, least: int, most: int) -> list[str]:
        """The folded words of ``least`` to ``most`` characters, both inclusive, in order."""
        return [
            row[0]
            for row in self._all(
                "SELECT form FROM words WHERE length BETWEEN ? AND ? ORDER BY form", (least, most)
            )
        ]

    def _all(self, sql: str, values: Sequence[Any] | dict[str, Any] = ()) -> list[Any]:
        try:
            with self._lock:
                return self._store.execute(sql, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise SnapshotDamaged(
                f"the catalogue cannot be read ({error}); run 'metquote index build'"
            ) from error


def _insert(store: sqlite3.Connection, entry: Entry) -> None:
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
        "INSERT INTO quotations VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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


def _quotation(row: Sequence[Any]) -> Quotation:
    return Quotation(
        spans=tuple(Span(*pair) for pair in json.loads(row[0])),
        kind=QuotationKind(row[1]),
        speaker=None if row[2] is None else Speaker(row[2], row[3], row[4]),
        speaker_span=_span(row[5]),
        cue_span=_span(row[6]),
        confidence=row[7],
    )


def _passage(row: Sequence[Any]) -> Passage:
    return Passage(row[0], row[1], row[2], row[3], Span(row[4], row[5]), bool(row[6]))


@lru_cache(maxsize=_KEPT_DOCUMENTS)
def _metadata(text: str) -> Metadata:
    values = json.loads(text)
    for key in ("published", "retrieved"):
        values[key] = values[key] and PartialDate(**values[key])
    return Metadata(**values | {"trimmed": tuple(values["trimmed"])})
