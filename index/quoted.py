"""Who is quoted in a written catalogue, and with which words."""

from __future__ import annotations

import json
import sqlite3
import threading
from typing import TYPE_CHECKING, Any

from corpus.document import Span
from corpus.errors import SnapshotDamaged
from index.people import is_asked_for
from index.rows import PEOPLE, QUOTATION, QUOTED, person_of, quotation_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from corpus.quotations.types import Quotation
    from index.people import Person


class QuotedWords:
    """The part of a catalogue that is about quotations. Safe to use from several threads."""

    def __init__(self, store: sqlite3.Connection) -> None:
        self._store, self._lock = store, threading.Lock()
        # The ids of the documents that nothing is found in, as JSON.
        self._hidden = "[]"
        # SQLite's own lower() leaves every letter beyond A to Z as it is.
        store.create_function("folded", 1, lambda text: text and text.casefold())

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
        self,
        *,
        since: date | None,
        until: date | None,
        speaker: str | None,
        limit: int,
        left_out: Sequence[str] = (),
    ) -> tuple[tuple[str, Quotation], ...]:
        """Quotations with their document's id, the newest first; terms are left out."""
        rows = self._all(
            QUOTED,
            {
                "since": since and since.isoformat(),
                "until": until and until.isoformat(),
                "people": None if speaker is None else json.dumps(self._asked_for(speaker)),
                "limit": limit,
                "hidden": self._hidden,
                "left_out": folded(left_out),
            },
        )
        return tuple((row[8], quotation_of(row)) for row in rows)

    def people(self) -> tuple[Person, ...]:
        """Everybody who is quoted, the most quoted first."""
        found: dict[str, list[Any]] = {}
        for row in self._all(PEOPLE, {"hidden": self._hidden}):
            found.setdefault(row[0], []).append(row)
        everybody = (person_of(key, rows) for key, rows in found.items())
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

    def _all(self, sql: str, values: Sequence[Any] | dict[str, Any] = ()) -> list[Any]:
        try:
            with self._lock:
                return self._store.execute(sql, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise SnapshotDamaged(
                f"the catalogue cannot be read ({error}); run 'metquote index build'"
            ) from error


def folded(names: Sequence[str]) -> str:
    """Names in any case, as JSON."""
    return json.dumps([name.casefold() for name in names])
