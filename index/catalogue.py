"""Documents, passages and quotations in SQLite, read-only once written."""

from __future__ import annotations

import json
import sqlite3
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from corpus.document import Span
from corpus.errors import SnapshotDamaged
from index.columns import Columns
from index.people import is_asked_for
from index.quoted import QuotedWords
from index.rows import (
    CANDIDATES,
    DOCUMENT,
    NEWEST,
    PASSAGE,
    PUBLISHERS,
    UNDATED,
    document_of,
    metadata_of,
    passage_of,
    status_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from numpy.typing import NDArray

    from corpus.document import Document, PartialDate, Status
    from index.types import Passage

# Documents kept in memory: ranking looks at some eighty for a question.
_KEPT_DOCUMENTS = 256
# Names that were asked for, and who each may mean.
_KEPT_NAMES = 64


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage with what ranking looks at: its stems, those around it, and its date."""

    passage: Passage
    stems: frozenset[str]
    around: frozenset[str]
    published: PartialDate | None


class Catalogue(QuotedWords):
    """A written catalogue. Safe to use from several threads at once.

    ``hidden`` are the documents that nothing is found in: they can be had by id alone.
    """

    def __init__(self, store: sqlite3.Connection) -> None:
        super().__init__(store)
        self.hidden: frozenset[str] = frozenset()
        self._hidden_rows: NDArray[np.int64] = np.zeros(0, dtype=np.int64)
        self.document = lru_cache(maxsize=_KEPT_DOCUMENTS)(self._document)
        # What is hidden changes neither, so both are shared with `without`.
        self._columns = lru_cache(maxsize=1)(self._read_columns)
        self._speakers = lru_cache(maxsize=_KEPT_NAMES)(self._meant)
        # Rows are numbered from 0; counting them would read an index of them all.
        (self._count,) = self._all("SELECT coalesce(max(row) + 1, 0) FROM passages")[0]

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

    def without(self, hidden: Iterable[str]) -> Catalogue:
        """The same open file, the documents of these ids hidden; unknown ids change nothing."""
        seen = copy(self)
        seen.hidden = frozenset(hidden)
        seen._hidden = json.dumps(sorted(seen.hidden))  # noqa: SLF001 - it is one of us
        found = self._all(
            "SELECT row FROM passages WHERE document IN (SELECT value FROM json_each(?))",
            (seen._hidden,),  # noqa: SLF001 - the same
        )
        seen._hidden_rows = np.array([row for (row,) in found], dtype=np.int64)  # noqa: SLF001 - the same
        return seen

    @property
    def hidden_passages(self) -> int:
        """The number of passages of hidden documents."""
        return len(self._hidden_rows)

    def close(self) -> None:
        """Close the file; neither the catalogue nor what it is seen without is of use then."""
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
        rows = self._all(f"{DOCUMENT} WHERE id = ?", (document_id,))
        if not rows:
            raise KeyError(document_id)
        try:
            return document_of(rows[0])
        except ValueError as error:
            raise SnapshotDamaged(f"{error}; run 'metquote index build'") from error

    def document_ids(self) -> tuple[str, ...]:
        """Every id, in order; hidden ones too."""
        return tuple(row[0] for row in self._all("SELECT id FROM documents ORDER BY id"))

    def hashes(self) -> dict[str, str]:
        """The sha256 of every document's text by id, in order; hidden ones too."""
        return dict(self._all("SELECT id, sha256 FROM documents ORDER BY id"))

    def statuses(self) -> dict[str, Status]:
        """Where every document stands that is no longer current, by id, in order."""
        rows = self._all("SELECT id, status FROM documents WHERE status IS NOT NULL ORDER BY id")
        return {row[0]: status_of(row[1]) for row in rows}

    def candidates(self, rows: Iterable[int]) -> tuple[Candidate, ...]:
        """The passages of these rows that are not hidden, in order of row, as ranking sees them."""
        found = self._all(
            CANDIDATES,
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
            if row[1] not in self.hidden
        )

    def of_document(self, document_id: str) -> tuple[Candidate, ...]:
        """The passages of a document that is not hidden, in order, as ranking sees them."""
        rows = self._all("SELECT row FROM passages WHERE document = ?", (document_id,))
        return self.candidates(row for (row,) in rows)

    def stems(self) -> Iterator[tuple[list[str], list[str]]]:
        """Every passage's own stems and those around it, row by row; no other call meanwhile."""
        for own, beside in self._store.execute("SELECT stems, around FROM passages ORDER BY row"):
            yield own.split(), beside.split()

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
        left_out: Sequence[str] = (),
    ) -> NDArray[np.int64]:
        """The rows that the given filters leave, shape (n,), in order; days are inclusive.

        A date filter keeps documents that may have been published inside it and drops undated
        ones. ``publisher`` matches a part of the name in any case, ``speaker`` as `is_asked_for`.
        ``quoted`` leaves only passages that are or hold words of somebody. ``left_out`` are whole
        names of publishers, in any case.
        """
        columns = self._columns()
        part = None if publisher is None else publisher.casefold()
        unwanted = {name.casefold() for name in left_out}

        def wanted(name: str | None) -> bool:
            if name is None:
                return part is None
            return (part is None or part in name.casefold()) and name.casefold() not in unwanted

        left = columns.published(since, until, wanted)
        if speaker is not None:
            left &= columns.said_by_any(self._speakers(speaker))
        if quoted:
            left &= columns.quoted()
        left[self._hidden_rows] = False
        return np.flatnonzero(left)

    def _read_columns(self) -> Columns:
        try:
            return Columns.of(self._all("SELECT name, value FROM columns"))
        except ValueError as error:
            raise SnapshotDamaged(
                f"the catalogue cannot be read ({error}); run 'metquote index build'"
            ) from error

    def _meant(self, speaker: str) -> tuple[int, ...]:
        """The places among the columns' speakers of those whom ``speaker`` may mean.

        By each quotation's own: who is "commissioner" in one need not be in another.
        """
        names = enumerate(self._columns().speakers)
        return tuple(place for place, name in names if is_asked_for(speaker, *name))

    def undated(self) -> int:
        """The number of documents without a date."""
        return int(self._all(UNDATED, (self._hidden,))[0][0])

    def newest(self) -> PartialDate | None:
        """The newest date of any document; ``None`` if none has one."""
        rows = self._all(NEWEST, (self._hidden,))
        return metadata_of(rows[0][0]).published if rows else None

    def around(self, document_id: str, span: Span) -> Span:
        """``span`` widened to whole passages, such as the sentences a quotation stands in."""
        start, end = self._all(
            "SELECT min(start), max(end) FROM passages"
            " WHERE document = ? AND start < ? AND end > ?",
            (document_id, span.end, span.start),
        )[0]
        return span if start is None else span.joined(Span(start, end))

    def publishers(self) -> tuple[str, ...]:
        """The publishers of documents that are not hidden, in order of their names."""
        return tuple(row[0] for row in self._all(PUBLISHERS, (self._hidden,)))

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
