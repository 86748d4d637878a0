"""Pages of the web, by the settings of ``[fetch]``: any public host for the operator."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from corpus.fetch import Fetcher, user_agent
from corpus.guard import Guard
from corpus.inflate import GZIP_MAGIC

if TYPE_CHECKING:
    from bot.config import Settings
    from corpus.fetch import Fetched

_BEGINNING = 2_000
_LISTS = (b"<rss", b"<feed", b"<urlset", b"<sitemapindex", b"<rdf:rdf")


def fetcher(settings: Settings, *, allowed_hosts: tuple[str, ...] | None = None) -> Fetcher:
    """A fetcher for what is on ``allowed_hosts``, ``None`` for any host; to be entered."""
    guard = Guard(allowed_hosts=allowed_hosts, loopback=settings.fetch.loopback)
    return Fetcher(guard, user_agent=user_agent(settings.fetch.contact or None))


def fetched(settings: Settings, url: str) -> Fetched:
    """The page at ``url``.

    Raises:
        InputError: the address may not be fetched.
        FetchError: it cannot be had.
    """

    async def get() -> Fetched:
        async with fetcher(settings) as fetch:
            return await fetch.get(url)

    return asyncio.run(get())


def lists_pages(content: bytes) -> bool:
    """Whether ``content`` is a feed or a sitemap, by how it begins, and no page itself.

    A gzip file can be a sitemap and nothing else that is brought in.
    """
    if content.startswith(GZIP_MAGIC):
        return True
    beginning = content[:_BEGINNING].lower()
    return b"<html" not in beginning and any(mark in beginning for mark in _LISTS)
