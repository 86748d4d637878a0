"""Feeds to pages that are new or changed, politely; what becomes of a page, the caller says."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from corpus.errors import DocumentError, FetchError, InputError
from corpus.feeds import Item, ListingKind, listing
from corpus.guard import shown
from corpus.politeness import Clock, Pace, Politeness, asks_for_rest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from corpus.feed_memory import FeedMemory, Waiting
    from corpus.fetch import Fetched, Fetcher

_FEEDS = (
    "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1"
)
_PAGES = "text/html, application/xhtml+xml, application/pdf;q=0.9, */*;q=0.5"


@dataclass(frozen=True, slots=True)
class Feed:
    """RSS, Atom, a sitemap or an index of sitemaps at ``url``.

    ``name`` is for reports. ``publisher`` and ``kind`` are for the caller, who gives them to
    documents that do not state their own.
    """

    url: str
    name: str | None = None
    publisher: str | None = None
    kind: str | None = None


class Taken(StrEnum):
    """What became of a page: a document, a new version of one, or one that is there already."""

    ADDED = "added"
    UPDATED = "updated"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class FeedReport:
    """What came of one feed.

    ``new``, ``updated`` and ``same`` count pages that were fetched. ``refused`` says of each page
    that is none for the corpus why not: it is not fetched again until its feed says that it has
    changed. ``failed`` says the same of each that could not be had now and is tried later.
    ``waiting`` counts those left for the next run because their host asked for a rest.
    ``left_out`` counts what is beyond the number of items that is read of one feed. ``error`` is
    why the feed itself could not be read, ``skipped`` which rest of a host it was left for.
    """

    feed: Feed
    new: int = 0
    updated: int = 0
    same: int = 0
    refused: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    waiting: int = 0
    left_out: int = 0
    error: str | None = None
    skipped: str | None = None


if TYPE_CHECKING:
    Take = Callable[[Fetched, Feed, Item], Taken]


async def sync(
    feeds: Iterable[Feed],
    fetcher: Fetcher,
    memory: FeedMemory,
    take: Take,
    *,
    pace: Pace | None = None,
    clock: Clock | None = None,
) -> tuple[FeedReport, ...]:
    """Fetch what is new on ``feeds``, hosts side by side and each host's pages one by one.

    A run that is cut short goes on where it was: only pages whose taking was not noted any more
    are fetched again, and ``take`` is to recognise them as the same.

    Args:
        feeds: what to look at, each address once.
        fetcher: entered.
        memory: entered.
        take: makes a page a document. It is called in a thread, for one page at a time. A
            `DocumentError` or `InputError` of it is reported and remembered, so that the page is
            not fetched for ever; every other error ends the run.
        pace: how fast a host is asked.
        clock: where time comes from.

    Returns:
        A report for each feed, in their order. A feed that breaks says so in its report.

    Raises:
        StorageError: the memory cannot be written.
    """
    used = clock or Clock()
    politeness = Politeness(fetcher, memory, pace or Pace(), used)
    run = _Run(fetcher, memory, take, used, politeness)
    unique = tuple({feed.url: feed for feed in feeds}.values())
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(run.feed(feed)) for feed in unique]
    except BaseExceptionGroup as errors:
        raise _first(errors) from errors
    return tuple(task.result() for task in tasks)


def _first(errors: BaseExceptionGroup[BaseException]) -> BaseException:
    first = errors.exceptions[0]
    return _first(first) if isinstance(first, BaseExceptionGroup) else first


@dataclass(slots=True)
class _Tally:
    """A report while it grows."""

    taken: dict[Taken, int] = field(default_factory=lambda: dict.fromkeys(Taken, 0))
    refused: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    waiting: int = 0
    left_out: int = 0
    error: str | None = None
    skipped: str | None = None

    def report(self, feed: Feed) -> FeedReport:
        return FeedReport(
            feed,
            new=self.taken[Taken.ADDED],
            updated=self.taken[Taken.UPDATED],
            same=self.taken[Taken.SAME],
            refused=tuple(dict.fromkeys(self.refused)),
            failed=tuple(dict.fromkeys(self.failed)),
            waiting=self.waiting,
            left_out=self.left_out,
            error=self.error,
            skipped=self.skipped,
        )


@dataclass(slots=True)
class _Run:
    fetcher: Fetcher
    memory: FeedMemory
    take: Take
    clock: Clock
    politeness: Politeness
    taking: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def feed(self, feed: Feed) -> FeedReport:
        tally = _Tally()
        try:
            await self._list(feed, Item(feed.url), tally)
        except (FetchError, InputError) as error:
            if asks_for_rest(error):
                tally.skipped = str(error)
            else:
                tally.error = str(error)
            return tally.report(feed)
        for waiting in self.memory.waiting(feed.url, self.clock.now()):
            await self._item(feed, waiting, tally)
        return tally.report(feed)

    async def _list(self, feed: Feed, source: Item, tally: _Tally, *, inside: bool = False) -> None:
        """Remember what ``source`` lists: the feed itself, or a sitemap inside its index."""
        etag, modified = self.memory.validators(source.url)
        fetched = await self.fetcher.get(
            source.url, etag=etag, modified=modified, accept=_FEEDS, visit=self.politeness.visit
        )
        if fetched.not_modified:
            return
        # A large feed takes a second or two, and the other hosts' pages are not to wait for it.
        found = await asyncio.to_thread(listing, fetched.content, fetched.url)
        tally.left_out += found.left_out
        if found.kind is not ListingKind.INDEX:
            self.memory.keep_listing(
                feed.url,
                source.url,
                found.items,
                etag=fetched.etag,
                modified=fetched.modified,
                stated=source.updated,
            )
        elif not inside:
            await self._index(feed, found.items, tally)
        else:
            raise FetchError(
                f"{shown(source.url)} is an index of sitemaps inside another, and is not read"
            )

    async def _index(self, feed: Feed, sitemaps: tuple[Item, ...], tally: _Tally) -> None:
        """Read the sitemaps that have changed. One that breaks does not keep the others away."""
        for sitemap in sitemaps:
            if self.memory.has_read(sitemap.url, sitemap.updated):
                continue
            try:
                await self._list(feed, sitemap, tally, inside=True)
            except (FetchError, InputError) as error:
                if asks_for_rest(error):
                    tally.skipped = str(error)
                else:
                    tally.failed.append(str(error))

    async def _item(self, feed: Feed, waiting: Waiting, tally: _Tally) -> None:
        item = waiting.item
        if not waiting.again and self.memory.is_settled(item.url):
            # Another feed has brought it.
            self.memory.settle(feed.url, item.url)
            return
        try:
            fetched = await self.fetcher.get(
                item.url,
                etag=waiting.etag,
                modified=waiting.modified,
                accept=_PAGES,
                visit=self.politeness.visit,
            )
            taken = await self._taken(fetched, feed, item)
        except FetchError as error:
            if asks_for_rest(error):
                tally.waiting += 1
            elif self.memory.fail(feed.url, item.url, self.clock.now(), str(error)):
                tally.refused.append(f"{error} - it was tried often enough, and is given up")
            else:
                tally.failed.append(str(error))
        except (DocumentError, InputError) as error:
            tally.refused.append(str(error))
            self.memory.settle_page(feed.url, item.url, "refused", reason=str(error))
        else:
            tally.taken[taken] += 1
            self.memory.settle_page(
                feed.url,
                item.url,
                taken.value,
                etag=fetched.etag or (waiting.etag if fetched.not_modified else None),
                modified=fetched.modified or (waiting.modified if fetched.not_modified else None),
            )

    async def _taken(self, fetched: Fetched, feed: Feed, item: Item) -> Taken:
        if fetched.not_modified:
            return Taken.SAME
        async with self.taking:
            return await asyncio.to_thread(self.take, fetched, feed, item)
