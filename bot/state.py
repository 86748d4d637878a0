"""What the bot remembers, in SQLite: answers whose pages can be turned, and small facts."""

from __future__ import annotations

import json
import secrets
import sqlite3
import threading
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from corpus.document import Span
from corpus.errors import StorageError
from index.quotes import QuoteQuery
from index.types import Answer, Excerpt, Outcome, Query

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_SCHEMA = """
CREATE TABLE IF NOT EXISTS answers (
    id TEXT PRIMARY KEY, asker INTEGER NOT NULL, created REAL NOT NULL, answer TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS answers_by_age ON answers (created);
CREATE TABLE IF NOT EXISTS lookups (
    id TEXT PRIMARY KEY, asker INTEGER NOT NULL, created REAL NOT NULL, lookup TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS lookups_by_age ON lookups (created);
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""
_SECONDS_A_DAY = 86_400


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer with who asked and which text each excerpt was cut from (sha256, in order)."""

    asker: int
    answer: Answer
    texts: tuple[str, ...]


class State:
    """One file. Safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        """Open or begin the file.

        Raises:
            StorageError: it cannot be written.
        """
        self._path, self._lock = path, threading.Lock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._store = sqlite3.connect(path, check_same_thread=False)
            with self._store:
                self._store.execute("PRAGMA journal_mode = WAL")
                self._store.executescript(_SCHEMA)
        except (OSError, sqlite3.Error) as error:
            raise self._unwritable(error) from error

    def keep(self, kept: KeptAnswer, *, now: float, days: int) -> str:
        """Remember an answer for ``days``; the id to find it by. ``now`` is in Unix seconds.

        Raises:
            StorageError: the file cannot be written.
        """
        answer_id = secrets.token_urlsafe(12)
        self._write("DELETE FROM answers WHERE created < ?", (now - days * _SECONDS_A_DAY,))
        values = (answer_id, kept.asker, now, json.dumps(_plain(kept)))
        self._write("INSERT INTO answers VALUES (?, ?, ?, ?)", values)
        return answer_id

    def kept(self, answer_id: str) -> KeptAnswer | None:
        """The answer of this id; ``None`` if it is gone or never was.

        Raises:
            StorageError: the file, or what it holds of this answer, cannot be read.
        """
        row = self._read("SELECT asker, answer FROM answers WHERE id = ?", (answer_id,))
        try:
            return None if row is None else _kept(row[0], json.loads(row[1]))
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise StorageError(f"an answer in {self._path} cannot be read ({error})") from error

    def keep_lookup(self, asker: int, query: QuoteQuery, *, now: float, days: int) -> str:
        """Remember what quotations were asked for, for ``days``; the id to find it by.

        Raises:
            StorageError: the file cannot be written.
        """
        lookup_id = secrets.token_urlsafe(12)
        values = asdict(query)
        for key in ("since", "until"):
            values[key] = values[key] and values[key].isoformat()
        self._write("DELETE FROM lookups WHERE created < ?", (now - days * _SECONDS_A_DAY,))
        self._write(
            "INSERT INTO lookups VALUES (?, ?, ?, ?)", (lookup_id, asker, now, json.dumps(values))
        )
        return lookup_id

    def kept_lookup(self, lookup_id: str) -> tuple[int, QuoteQuery] | None:
        """Who asked, and for which quotations; ``None`` if it is gone or never was.

        Raises:
            StorageError: the file, or what it holds of this look-up, cannot be read.
        """
        row = self._read("SELECT asker, lookup FROM lookups WHERE id = ?", (lookup_id,))
        if row is None:
            return None
        try:
            values = json.loads(row[1])
            for key in ("since", "until"):
                values[key] = values[key] and date.fromisoformat(values[key])
            return row[0], QuoteQuery(**values)
        except (ValueError, KeyError, TypeError) as error:
            raise StorageError(f"a look-up in {self._path} cannot be read ({error})") from error

    def fact(self, name: str) -> str | None:
        """A small fact, or ``None``."""
        row = self._read("SELECT value FROM facts WHERE name = ?", (name,))
        return None if row is None else str(row[0])

    def set_fact(self, name: str, value: str) -> None:
        """Remember a small fact.

        Raises:
            StorageError: the file cannot be written.
        """
        self._write("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._store.close()

    def _read(self, sql: str, values: Sequence[Any]) -> Any:  # noqa: ANN401 - a row or None
        try:
            with self._lock:
                return self._store.execute(sql, values).fetchone()
        except sqlite3.Error as error:
            raise self._unwritable(error) from error

    def _write(self, sql: str, values: Sequence[Any]) -> None:
        try:
            with self._lock, self._store:
                self._store.execute(sql, values)
        except sqlite3.Error as error:
            raise self._unwritable(error) from error

    def _unwritable(self, error: Exception) -> StorageError:
        return StorageError(f"{self._path} cannot be used ({error}); make room or set paths.data")


def _plain(kept: KeptAnswer) -> dict[str, Any]:
    answer, query = kept.answer, kept.answer.query
    return {
        "question": query.text,
        "since": query.since and query.since.isoformat(),
        "until": query.until and query.until.isoformat(),
        "outcome": answer.outcome.value,
        "confidence": answer.confidence,
        "undated_left_out": answer.undated_left_out,
        "excerpts": [
            [
                e.document_id,
                e.span.start,
                e.span.end,
                e.score,
                [(h.start, h.end) for h in e.highlights],
                text,
            ]
            for e, text in zip(answer.excerpts, kept.texts, strict=True)
        ],
    }


def _kept(asker: int, values: dict[str, Any]) -> KeptAnswer:
    since, until = (values[key] and date.fromisoformat(values[key]) for key in ("since", "until"))
    excerpts = tuple(
        # Who is quoted is looked up again in the index when the page is shown.
        Excerpt(document, Span(start, end), score, tuple(Span(*pair) for pair in marked), ())
        for document, start, end, score, marked, _ in values["excerpts"]
    )
    answer = Answer(
        Query(values["question"], since, until),
        Outcome(values["outcome"]),
        values["confidence"],
        excerpts,
        values["undated_left_out"],
    )
    return KeptAnswer(asker, answer, tuple(row[5] for row in values["excerpts"]))
