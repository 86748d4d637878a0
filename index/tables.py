"""The catalogue's tables, and how they are written.

Tables are filled one after the other, each in order of document, so that the same documents make
the same file whether they were analysed or taken over from an older catalogue.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from index.columns import Columns
from index.people import person_key
from index.rows import status_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from corpus.document import Document, Metadata, Span
    from corpus.quotations.types import Quotation
    from index.types import Passage

_SCHEMA = """
CREATE TABLE documents (
    id TEXT PRIMARY KEY, metadata TEXT NOT NULL, text TEXT NOT NULL, sha256 TEXT NOT NULL,
    first_day TEXT, last_day TEXT, publisher TEXT, status TEXT, forms TEXT NOT NULL
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
CREATE TABLE words (form TEXT PRIMARY KEY, length INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE columns (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
"""
# Once everything is there: rows that come in order of person would else be sorted in one by one.
# Those of documents spare reading over the texts that stand between.
_INDEXES = """
CREATE INDEX documents_by_hash ON documents (id, sha256);
CREATE INDEX documents_by_day ON documents (first_day, last_day);
CREATE INDEX documents_by_publisher ON documents (publisher);
CREATE INDEX quotations_of ON quotations (document, start);
CREATE INDEX quotations_by ON quotations (person);
CREATE INDEX words_by_length ON words (length);
"""
_TAKE_DOCUMENTS = (
    "INSERT INTO documents SELECT * FROM old.documents"
    " WHERE id BETWEEN :first AND :last ORDER BY id"
)
_TAKE_PASSAGES = (
    "INSERT INTO passages SELECT row + :shift, document, ordinal, paragraph, start, end,"
    " is_sentence, stems, around FROM old.passages WHERE row >= :start AND row < :stop ORDER BY row"
)
_TAKE_QUOTATIONS = (
    "INSERT INTO quotations SELECT NULL, document, start, end, kind, person, speaker, role,"
    " organisation, spans, speaker_span, cue_span, confidence FROM old.quotations"
    " WHERE document BETWEEN :first AND :last ORDER BY id"
)


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
class Run:
    """Documents that follow one another in an old catalogue and are taken over as they are.

    ``first`` and ``last`` are ids, both inclusive; ``rows`` are their passages there, and
    ``shift`` is what is added to a row there to have it here.
    """

    first: str
    last: str
    rows: range
    shift: int


def write(path: Path, parts: Sequence[Entry | Run], old: Path | None = None) -> None:
    """Write a new catalogue of ``parts``, in order of document, at ``path``.

    ``old`` is the catalogue that runs are taken from.

    Raises:
        OSError: it cannot be written.
    """
    try:
        with closing(sqlite3.connect(path.absolute().as_uri(), uri=True)) as store:
            # The file is nobody's yet, and it is synced as a whole when it is done.
            store.execute("PRAGMA journal_mode = OFF")
            store.execute("PRAGMA synchronous = OFF")
            if old is not None:
                uri = old.absolute().as_uri() + "?mode=ro&immutable=1"
                store.execute("ATTACH ? AS old", (uri,))
            with store:
                fill(store, parts)
    except sqlite3.Error as error:
        raise OSError(f"the catalogue cannot be written ({error})") from error


def fill(store: sqlite3.Connection, parts: Sequence[Entry | Run]) -> None:
    """Make the tables in ``store`` and fill them; the old catalogue, if any, is there as ``old``.

    Raises:
        sqlite3.Error: it cannot be written.
    """
    store.executescript("BEGIN;" + _SCHEMA)
    _fill_table(store, "documents", 9, parts, _TAKE_DOCUMENTS)
    _fill_table(store, "passages", 9, parts, _TAKE_PASSAGES)
    _fill_table(store, "quotations", 13, parts, _TAKE_QUOTATIONS)
    found = store.execute("SELECT forms FROM documents")
    forms = sorted({form for (line,) in found for form in line.split()})
    store.executemany("INSERT INTO words VALUES (?, ?)", ((form, len(form)) for form in forms))
    for statement in _INDEXES.strip().splitlines():
        store.execute(statement)
    Columns.gathered(store).write(store)


def metadata_json(metadata: Metadata) -> str:
    """What a document states of itself, as the catalogue keeps it."""
    return json.dumps(asdict(metadata))


def _fill_table(
    store: sqlite3.Connection, table: str, columns: int, parts: Iterable[Entry | Run], take: str
) -> None:
    rows = {"documents": _document_rows, "passages": _passage_rows, "quotations": _quotation_rows}
    insert = f"INSERT INTO {table} VALUES ({', '.join('?' * columns)})"  # noqa: S608 - our names
    for part in parts:
        if isinstance(part, Entry):
            store.executemany(insert, rows[table](part))
        else:
            store.execute(
                take,
                {
                    "first": part.first,
                    "last": part.last,
                    "start": part.rows.start,
                    "stop": part.rows.stop,
                    "shift": part.shift,
                },
            )


def _document_rows(entry: Entry) -> Iterator[tuple[Any, ...]]:
    document, metadata = entry.document, entry.document.metadata
    published = metadata.published
    yield (
        document.id,
        metadata_json(metadata),
        document.text,
        document.sha256,
        published and published.first_day.isoformat(),
        published and published.last_day.isoformat(),
        metadata.publisher,
        status_json(document.status),
        " ".join(sorted(entry.forms)),
    )


def _passage_rows(entry: Entry) -> Iterator[tuple[Any, ...]]:
    for p, own, around in zip(entry.passages, entry.stems, entry.around, strict=True):
        yield (
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


def _quotation_rows(entry: Entry) -> Iterator[tuple[Any, ...]]:
    for quotation in entry.quotations:
        speaker = quotation.speaker
        yield (
            None,
            entry.document.id,
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
