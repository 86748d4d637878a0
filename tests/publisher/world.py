"""A publisher, a clock, a desk and a memory: what looking at feeds needs."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from corpus.errors import DocumentError, StorageError
from corpus.feed_memory import FeedMemory
from corpus.fetch import Fetched, Fetcher
from corpus.guard import Guard
from corpus.politeness import Clock, Pace
from corpus.sync import Feed, FeedReport, Taken, sync
from tests.publisher import Publisher, Reply, Request

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from corpus.feeds import Item

START = datetime(2026, 6, 26, 12, 0, tzinfo=UTC)
XML = "application/xml"


async def names(host: str, _: int) -> Sequence[str]:
    """Every name of the tests is this machine, but for the one that is inside somebody's house."""
    return ["10.0.0.1"] if host == "inside.test" else ["127.0.0.1"]


@dataclass
class Hours:
    """A clock that moves by being waited for. ``waits`` are what was waited, in seconds."""

    passed: float = 0.0
    waits: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return START + timedelta(seconds=self.passed)

    async def sleep(self, seconds: float) -> None:
        self.waits.append(round(seconds, 6))
        self.passed += seconds
        await asyncio.sleep(0)

    @property
    def clock(self) -> Clock:
        return Clock(now=self.now, elapsed=lambda: self.passed, sleep=self.sleep)


@dataclass
class Desk:
    """Who takes pages, by what they hold: what is new, changed or the same, and what is refused."""

    known: dict[str, bytes] = field(default_factory=dict)
    taken: list[str] = field(default_factory=list)
    threads: set[int] = field(default_factory=set)
    busy: int = 0

    def take(self, fetched: Fetched, _: Feed, item: Item) -> Taken:
        self.busy += 1
        assert self.busy == 1
        self.threads.add(threading.get_ident())
        before, self.known[item.url] = self.known.get(item.url), fetched.content
        self.taken.append(item.url)
        self.busy -= 1
        if fetched.content.startswith(b"refuse"):
            raise DocumentError(f"{item.url} has no text; give another page")
        if fetched.content.startswith(b"break"):
            raise StorageError("the disk is full; make room")
        if before is None:
            return Taken.ADDED
        return Taken.SAME if before == fetched.content else Taken.UPDATED


@dataclass
class World:
    """A publisher, a clock, a desk and a memory on disk, which outlast each look at the feeds."""

    publisher: Publisher
    path: Path
    hours: Hours = field(default_factory=Hours)
    desk: Desk = field(default_factory=Desk)
    pace: Pace = field(default_factory=Pace)

    def url(self, path: str, host: str = "news.test") -> str:
        return self.publisher.url(path, host)

    def page(self, path: str, body: bytes = b"page", host: str = "news.test") -> None:
        self.publisher.routes[host + path] = Reply(body)

    def rss(self, path: str, *items: str, host: str = "news.test") -> None:
        """A feed of ``items``: addresses, or what stands inside an item."""
        inner = "".join(
            f"<item>{one if one.startswith('<') else f'<link>{one}</link>'}</item>" for one in items
        )
        body = f"<rss version='2.0'><channel>{inner}</channel></rss>".encode()
        self.publisher.routes[host + path] = Reply(body, media_type=XML)

    async def look(self, *feeds: str | Feed) -> tuple[FeedReport, ...]:
        fetcher = Fetcher(
            Guard(loopback=True),
            user_agent="metquote/0 (+https://operator.test)",
            resolve=names,
            now=self.hours.now,
        )
        async with fetcher:
            with FeedMemory(self.path) as memory:
                return await sync(
                    [one if isinstance(one, Feed) else Feed(one) for one in feeds],
                    fetcher,
                    memory,
                    self.desk.take,
                    pace=self.pace,
                    clock=self.hours.clock,
                )

    async def one(self, feed: str | Feed) -> FeedReport:
        (report,) = await self.look(feed)
        return report

    def asked(self) -> list[str]:
        """The paths that were asked since the last time, robots.txt left out."""
        paths = [path for path in self.publisher.paths if path != "/robots.txt"]
        self.publisher.requests.clear()
        return paths


def conditional(body: bytes, etag: str = '"one"', media_type: str = XML) -> Any:
    """A page that is not sent again to whoever has it."""

    async def answer(request: Request, _: asyncio.StreamWriter) -> Reply:
        if request.headers.get("If-None-Match") == etag:
            return Reply(status=304, media_type=None)
        return Reply(body, headers={"ETag": etag}, media_type=media_type)

    return answer
