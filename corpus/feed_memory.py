"""What is remembered from one look at the feeds to the next: a small SQLite file.

Nothing in it is needed: without it every page is fetched again and recognised as the same. So it
is written without waiting for the disk, and one that is damaged is begun anew.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from corpus.feed_database import opened, unusable
from corpus.feeds import Item
from corpus.files import FileLock

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from types import TracebackType

# An item that is not stated anew keeps its place and its state; one whose moment has changed
# waits again.
_KEEP_ITEM = """
INSERT INTO items (feed, url, title, published, updated, waiting, place)
VALUES (?, ?, ?, ?, ?, 1, ?)
ON CONFLICT (feed, url) DO UPDATE SET
    title = excluded.title, published = excluded.published, updated = excluded.updated,
    again = max(again, NOT waiting), waiting = 1, failures = 0, due = 0, place = excluded.place
WHERE coalesce(excluded.updated, excluded.published) IS NOT NULL
    AND coalesce(excluded.updated, excluded.published) IS NOT coalesce(updated, published)
"""

_FIRST_RETRY = timedelta(hours=1)
_LONGEST_RETRY = timedelta(days=7)
# The last comes about ten days after the first.
_MAX_FAILURES = 8
_FIRST_REST = timedelta(minutes=10)
_LONGEST_REST = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Waiting:
    """An item to fetch. ``again`` says that it was fetched before, and its feed says of a change.

    ``etag`` and ``modified`` are of the page as it was taken last.
    """

    item: Item
    again: bool
    etag: str | None
    modified: str | None


class FeedMemory:
    """The memory at ``path``; a context manager, for one process at a time.

    ``notes`` tells a person what was wrong with the file, one sentence each.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = FileLock(
            path.with_name(f"{path.name}.lock"), purpose="fetching of feeds", patience=0
        )
        self._database: sqlite3.Connection | None = None
        self.notes: tuple[str, ...] = ()

    def __enter__(self) -> Self:
        """Open it.

        Raises:
            StorageError: another process fetches feeds, or the file cannot be written.
        """
        self._lock.__enter__()
        try:
            self._database, self.notes = opened(self._path)
        except BaseException:
            self._lock.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._database is not None:
            self._database.close()
            self._database = None
        self._lock.__exit__(kind, error, trace)

    def validators(self, url: str) -> tuple[str | None, str | None]:
        """The ETag and Last-Modified of a feed or sitemap as it was read last."""
        row = self._row("SELECT etag, modified FROM listings WHERE url = ?", url)
        return row or (None, None)

    def has_read(self, url: str, stated: datetime | None) -> bool:
        """Whether the sitemap ``url`` was read as it is stated to have been changed last."""
        row = self._row("SELECT stated FROM listings WHERE url = ?", url)
        return row is not None and stated is not None and row[0] == stated.timestamp()

    def keep_listing(
        self,
        feed: str,
        url: str,
        items: Iterable[Item],
        *,
        etag: str | None,
        modified: str | None,
        stated: datetime | None,
    ) -> None:
        """Remember what ``url``, the feed itself or a sitemap of it, lists; new items wait."""
        with self._writing() as database:
            database.executemany(
                _KEEP_ITEM,
                (
                    (feed, one.url, one.title, _number(one.published), _number(one.updated), place)
                    for place, one in enumerate(items)
                ),
            )
            database.execute(
                "INSERT OR REPLACE INTO listings VALUES (?, ?, ?, ?)",
                (url, etag, modified, _number(stated)),
            )

    def waiting(self, feed: str, now: datetime) -> tuple[Waiting, ...]:
        """What is to be fetched of ``feed``, in its order, without what is to be tried later."""
        with self._writing() as database:
            rows = database.execute(
                "SELECT url, title, published, updated, again, etag, pages.modified "
                "FROM items LEFT JOIN pages USING (url) "
                "WHERE feed = ? AND waiting AND due <= ? ORDER BY place, url",
                (feed, now.timestamp()),
            ).fetchall()
        return tuple(
            Waiting(
                Item(url, title, _moment(published), _moment(updated)), bool(again), etag, modified
            )
            for url, title, published, updated, again, etag, modified in rows
        )

    def is_settled(self, url: str) -> bool:
        """Whether the page was taken or refused, on behalf of whichever feed."""
        return self._row("SELECT 1 FROM pages WHERE url = ?", url) is not None

    def settle(self, feed: str, url: str) -> None:
        """Note that the item waits no longer."""
        with self._writing() as database:
            self._settle(database, feed, url)

    def settle_page(
        self,
        feed: str,
        url: str,
        outcome: str,
        *,
        reason: str | None = None,
        etag: str | None = None,
        modified: str | None = None,
    ) -> None:
        """Note what became of the page, and that the item waits no longer."""
        with self._writing() as database:
            database.execute(
                "INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?, ?)",
                (url, etag, modified, outcome, reason),
            )
            self._settle(database, feed, url)

    def fail(self, feed: str, url: str, now: datetime, reason: str) -> bool:
        """Note that the page could not be had; it is tried again later, each time later.

        Returns whether it was the last time: then it waits no longer.
        """
        row = self._row("SELECT failures FROM items WHERE feed = ? AND url = ?", feed, url)
        failures = (row[0] if row else 0) + 1
        if failures >= _MAX_FAILURES:
            self.settle_page(feed, url, "given up", reason=reason)
            return True
        due = now + min(_FIRST_RETRY * 2 ** (failures - 1), _LONGEST_RETRY)
        with self._writing() as database:
            database.execute(
                "UPDATE items SET failures = ?, due = ? WHERE feed = ? AND url = ?",
                (failures, due.timestamp(), feed, url),
            )
        return False

    def rest(self, host: str, now: datetime, seconds: float | None) -> datetime:
        """Leave ``host`` alone for ``seconds``, or where it did not say for longer each time.

        Returns the moment until which it is left alone.
        """
        row = self._row("SELECT strikes FROM hosts WHERE host = ?", host)
        strikes = row[0] if row else 0
        own = min(_FIRST_REST * 2 ** min(strikes, 10), _LONGEST_REST)
        until = now + (own if seconds is None else timedelta(seconds=seconds))
        with self._writing() as database:
            database.execute(
                "INSERT OR REPLACE INTO hosts VALUES (?, ?, ?)",
                (host, until.timestamp(), strikes + 1),
            )
        return until

    def rests_until(self, host: str) -> datetime | None:
        """Until when ``host`` is to be left alone, which may have passed."""
        row = self._row("SELECT until FROM hosts WHERE host = ?", host)
        return None if row is None else _moment(row[0])

    def answered(self, host: str) -> None:
        """Note that ``host`` answers again."""
        if self.rests_until(host) is not None:
            with self._writing() as database:
                database.execute("DELETE FROM hosts WHERE host = ?", (host,))

    @staticmethod
    def _settle(database: sqlite3.Connection, feed: str, url: str) -> None:
        # The title is part of what may have to be erased one day; a change states it again.
        database.execute(
            "UPDATE items SET title = NULL, waiting = 0, again = 0, failures = 0, due = 0 "
            "WHERE feed = ? AND url = ?",
            (feed, url),
        )

    def _row(self, query: str, *values: str) -> Any:  # noqa: ANN401 - SQLite's rows are untyped
        with self._writing() as database:
            return database.execute(query, values).fetchone()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction, whole or not at all."""
        if self._database is None:
            raise RuntimeError("a FeedMemory is entered before it is used")
        try:
            with self._database:
                yield self._database
        except sqlite3.Error as error:
            raise unusable(self._path, error) from error


def _number(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()


def _moment(number: float | None) -> datetime | None:
    return None if number is None else datetime.fromtimestamp(number, UTC)
