"""One request at a time a host, with a pause between them, and where robots.txt allows it."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from protego import Protego

from corpus.errors import FetchError, InputError
from corpus.guard import shown

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from yarl import URL

    from corpus.feed_memory import FeedMemory
    from corpus.fetch import Fetcher

LATER = (429, 503)

_CLIENT_ERRORS = range(400, 500)
# What RFC 9309 asks to be read of a robots.txt at the least.
_MAX_ROBOTS = 500 * 1024


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast one host is asked, in seconds from the end of one request to the next.

    A Crawl-delay of its robots.txt counts where it is longer, up to ``longest_delay_seconds``.
    """

    pause_seconds: float = 1.0
    longest_delay_seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class Clock:
    """Where time comes from: what hour it is, in UTC; seconds that pass; waiting for some."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    elapsed: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


@dataclass(slots=True)
class _Host:
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    next_at: float = 0.0
    delay: float = 0.0


@dataclass(slots=True)
class _Robots:
    reading: asyncio.Lock = field(default_factory=asyncio.Lock)
    rules: Protego | FetchError | InputError | None = None


def asks_for_rest(error: Exception) -> bool:
    """Whether ``error`` says that a host wants to be left alone, now or since earlier."""
    return isinstance(error, FetchError) and (
        error.status in LATER or error.retry_after is not None
    )


class Politeness:
    """The manners of one run; `visit` is for `Fetcher.get`. Its memory outlasts the run."""

    def __init__(self, fetcher: Fetcher, memory: FeedMemory, pace: Pace, clock: Clock) -> None:
        self._fetcher, self._memory, self._pace, self._clock = fetcher, memory, pace, clock
        # What stands before the version is the name that a robots.txt calls a program by.
        self._agent = fetcher.user_agent.partition("/")[0]
        self._hosts: dict[str, _Host] = {}
        self._robots: dict[str, _Robots] = {}

    @asynccontextmanager
    async def visit(self, url: URL) -> AsyncIterator[None]:
        """Wait until ``url`` may be asked, and let nobody else ask its host meanwhile.

        Raises:
            FetchError: its robots.txt forbids it or cannot be had, or the host has asked to be
                left alone (`asks_for_rest`).
            InputError: the guard refuses its robots.txt.
        """
        rules = await self._rules(url)
        # A robots.txt of very many rules takes a while to go through.
        if not await asyncio.to_thread(rules.can_fetch, str(url), self._agent):
            raise FetchError(f"{shown(url)} is not fetched: the robots.txt of its host forbids it")
        async with self._turn(url):
            yield

    @asynccontextmanager
    async def _turn(self, url: URL) -> AsyncIterator[None]:
        name = url.raw_host or ""
        host = self._hosts.setdefault(name, _Host())
        async with host.turn:
            self._refuse_while_resting(name)
            wait = host.next_at - self._clock.elapsed()
            if wait > 0:
                await self._clock.sleep(wait)
            try:
                yield
            except FetchError as error:
                if error.status in LATER:
                    self._memory.rest(name, self._clock.now(), error.retry_after)
                raise
            else:
                self._memory.answered(name)
            finally:
                pause = max(self._pace.pause_seconds, host.delay)
                host.next_at = self._clock.elapsed() + pause

    def _refuse_while_resting(self, host: str) -> None:
        until, now = self._memory.rests_until(host), self._clock.now()
        if until is not None and until > now:
            raise FetchError(
                f"{host} has asked to be left alone until {until:%d %B %Y %H:%M:%S} UTC; "
                "it is tried again after that",
                retry_after=(until - now).total_seconds(),
            )

    async def _rules(self, url: URL) -> Protego:
        """The rules of ``url``'s host, read once a run."""
        origin = url.origin()
        robots = self._robots.setdefault(str(origin), _Robots())
        async with robots.reading:
            if robots.rules is None:
                try:
                    robots.rules = await self._read(origin)
                except (FetchError, InputError) as error:
                    # A host that rests is asked again: in this run it may have rested enough.
                    if asks_for_rest(error):
                        raise
                    robots.rules = error
        if not isinstance(robots.rules, Protego):
            kind = InputError if isinstance(robots.rules, InputError) else FetchError
            raise kind(str(robots.rules)) from robots.rules
        host = self._hosts.setdefault(url.raw_host or "", _Host())
        host.delay = min(_delay(robots.rules, self._agent), self._pace.longest_delay_seconds)
        return robots.rules

    async def _read(self, origin: URL) -> Protego:
        try:
            fetched = await self._fetcher.get(
                str(origin / "robots.txt"), accept="text/plain, */*;q=0.1", visit=self._turn
            )
        except FetchError as error:
            if asks_for_rest(error):
                raise
            # RFC 9309: a host that has none allows all, one that cannot say so allows nothing.
            if error.status in _CLIENT_ERRORS:
                return Protego.parse("")
            raise FetchError(
                f"nothing is fetched from {origin} while its robots.txt cannot be had: {error}"
            ) from error
        text = fetched.content[:_MAX_ROBOTS].decode("utf-8-sig", "replace")
        return await asyncio.to_thread(Protego.parse, text)


def _delay(rules: Protego, agent: str) -> float:
    """Seconds between requests that ``rules`` ask for, 0 where they ask for none."""
    stated = rules.crawl_delay(agent) or 0.0
    # What is not a number can be stated: it compares as false with everything.
    return stated if stated > 0 else 0.0
