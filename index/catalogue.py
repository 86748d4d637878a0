"""Documents, passages and quotations in SQLite, read-only once written."""

from __future__ import annotations

import json
import sqlite3
import threading
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from corpus.document import Document, Span
from corpus.errors import SnapshotDamaged
from index.people import Office, Person, is_asked_for
from index.rows import PASSAGE, QUOTATION, SCHEMA, insert, metadata_of, passage_of, quotation_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from pathlib import Path

    from corpus.document import PartialDate
    from corpus.quotations.types import Quotation
    from index.types import Passage

_FILTERED = """
SELECT row FROM passages JOIN documents ON documents.id = document
WHERE (:since IS NULL OR last_day >= :since) AND (:until IS NULL OR first_day <= :until)
AND (:publisher IS NULL OR instr(folded(publisher), :publisher) > 0)
AND (:people IS NULL OR EXISTS (
    SELECT 1 FROM quotations WHERE quotations.document = passages.document
    AND quotations.start < passages.end AND passages.start < quotations.end
    AND json_array(speaker, role, organisation) IN (SELECT value FROM json_each(:people))))
AND (NOT :quoted OR EXISTS (
    SELECT 1 FROM quotations WHERE quotations.document = passages.document
    AND quotations.start < passages.end AND passages.start < quotations.end AND kind != 'term'))
ORDER BY row
"""
# By date, the newest first and undated ones last; within a document in its own order.
_QUOTED = """
SELECT spans, kind, speaker, role, organisation, speaker_span, cue_span, confidence,
    quotations.document FROM quotations JOIN documents ON documents.id = quotations.document
WHERE kind != 'term'
AND (:since IS NULL OR last_day >= :since) AND (:until IS NULL OR first_day <= :until)
AND (:people IS NULL
    OR json_array(speaker, role, organisation) IN (SELECT value FROM json_each(:people)))
ORDER BY last_day IS NULL, last_day DESC, quotations.document, start LIMIT :limit
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
                store.executescript(SCHEMA)
                for entry in entries:
                    insert(store, entry)
        finally:
            store.close()
    except sqlite3.Error as error:
        raise OSError(f"the catalogue cannot be written ({error})") from error


class Catalogue:
    """A written catalogue. Safe to use from several threads at once."""

    def __init__(self, store: sqlite3.Connection) -> None:
        self._store, self._lock = store, threading.Lock()
        # SQLite's own lower() leaves every letter beyond A to Z as it is.
        store.create_function("folded", 1, lambda text: text and text.casefold())
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
            return Document(rows[0][0], metadata_of(rows[0][1]), rows[0][2], rows[0][3])
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
                passage_of(row),
                frozenset(row[7].split()),
                frozenset(row[8].split()),
                metadata_of(row[9]).published,
            )
            for row in found
        )

    def paragraph(self, passage: Passage) -> tuple[Passage, ...]:
        """All passages of the paragraph that ``passage`` stands in, in order."""
        return tuple(
            passage_of(row)
            for row in self._all(
                PASSAGE + " WHERE document = ? AND paragraph = ? ORDER BY ordinal",
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
        quoted: bool = False,
    ) -> list[int]:
        """The rows that the given filters leave, in order; days are inclusive.

        A date filter keeps documents that may have been published inside it and drops undated
        ones. ``publisher`` matches a part of the name in any case, ``speaker`` as `is_asked_for`.
        ``quoted`` leaves only passages that are or hold words of somebody.
        """
        found = self._all(
            _FILTERED,
            {
                "since": since and since.isoformat(),
                "until": until and until.isoformat(),
                "publisher": publisher and publisher.casefold(),
                "people": None if speaker is None else json.dumps(self._asked_for(speaker)),
                "quoted": quoted,
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
            QUOTATION + " WHERE document = ? AND start < ? AND end > ? ORDER BY start, id",
            (document_id, span.end, span.start),
        )
        found = (quotation_of(row) for row in rows)
        return tuple(q for q in found if any(part.overlaps(span) for part in q.spans))

    def newest_quotations(
        self, *, since: date | None, until: date | None, speaker: str | None, limit: int
    ) -> tuple[tuple[str, Quotation], ...]:
        """Quotations with their document's id, the newest first; terms are left out."""
        rows = self._all(
            _QUOTED,
            {
                "since": since and since.isoformat(),
                "until": until and until.isoformat(),
                "people": None if speaker is None else json.dumps(self._asked_for(speaker)),
                "limit": limit,
            },
        )
        return tuple((row[8], quotation_of(row)) for row in rows)

    def around(self, document_id: str, span: Span) -> Span:
        """``span`` widened to whole passages, such as the sentences a quotation stands in."""
        start, end = self._all(
            "SELECT min(start), max(end) FROM passages"
            " WHERE document = ? AND start < ? AND end > ?",
            (document_id, span.end, span.start),
        )[0]
        return span if start is None else span.joined(Span(start, end))

    def people(self) -> tuple[Person, ...]:
        """Everybody who is quoted, the most quoted first."""
        found: dict[str, list[Any]] = {}
        for row in self._all(
            "SELECT person, speaker, role, organisation, document, metadata, count(*)"
            " FROM quotations JOIN documents ON documents.id = document"
            " WHERE person IS NOT NULL GROUP BY 1, 2, 3, 4, 5"
        ):
            found.setdefault(row[0], []).append(row)
        everybody = (_person(key, rows) for key, rows in found.items())
        return tuple(sorted(everybody, key=lambda person: (-person.quotations, person.key)))

    def _asked_for(self, speaker: str) -> list[str]:
        """The names and offices that ``speaker`` may mean, as JSON arrays.

        By each quotation's own: who is "commissioner" in one need not be in another.
        """
        rows = self._all(
            "SELECT DISTINCT json_array(speaker, role, organisation), speaker, role, organisation"
            " FROM quotations WHERE person IS NOT NULL ORDER BY 1"
        )
        return [row[0] for row in rows if is_asked_for(speaker, *row[1:])]

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


def _person(key: str, rows: Sequence[Any]) -> Person:
    names = sorted({row[1] for row in rows}, key=lambda name: (-len(name), name))
    offices = {
        Office(row[2], row[3], row[4], metadata_of(row[5]).published)
        for row in rows
        if row[2] or row[3]
    }
    dated = sorted(offices, key=lambda office: (str(office.published or "~"), office.document_id))
    return Person(key, names[0], tuple(names), tuple(dated), sum(row[6] for row in rows))
