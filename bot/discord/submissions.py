"""What people hand in from Discord, read as the terminal reads it; and the index built of it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import aiohttp
import discord

from bot.curation.bringing import page_draft
from bot.curation.fetching import fetcher, lists_pages
from bot.discord.apart import run
from corpus.draft import MAX_BYTES
from corpus.errors import DocumentError, FetchError, InputError
from corpus.incoming import Reader

if TYPE_CHECKING:
    from bot.discord.client import MetquoteClient
    from bot.settings import Settings
    from corpus.draft import Draft
    from corpus.fetch import Fetched

_ONE = "give either a file or an address"


async def submitted_draft(
    settings: Settings, file: discord.Attachment | None, url: str | None
) -> Draft:
    """What an attached file, or the page at ``url``, is understood as.

    Raises:
        InputError: there is not one of them, it cannot be had, or it is no document.
    """
    try:
        return await _draft(settings, file, url)
    except (DocumentError, FetchError) as error:
        raise InputError(str(error)) from error


async def rebuilt(client: MetquoteClient) -> bool:
    """Build the index of the documents as they are now, in a process of its own.

    The bot uses the new one by itself. What failed is in the log.
    """
    async with client.building:
        return await run(client.work, "index", "build") == 0


async def _draft(settings: Settings, file: discord.Attachment | None, url: str | None) -> Draft:
    if (file is None) == (url is None):
        raise InputError(_ONE)
    if file is not None:
        content = await _attached(file)
        return await asyncio.to_thread(_read, file.filename, content)
    hosts = settings.fetch.allowed_hosts
    if not hosts:
        raise InputError(
            "the operator of this bot allows no address yet (fetch.allowed_hosts); attach the file"
        )
    async with fetcher(settings, allowed_hosts=hosts) as fetch:
        page = await fetch.get((url or "").strip())
    if lists_pages(page.content):
        raise InputError(
            "that is a feed or a sitemap; name one page of it, or ask the operator to follow it"
        )
    return await asyncio.to_thread(_read_page, page)


async def _attached(file: discord.Attachment) -> bytes:
    if file.size > MAX_BYTES:
        raise InputError(
            f"{file.filename} holds more than {MAX_BYTES // 1_000_000} MB; no announcement is as "
            "large"
        )
    try:
        return await file.read()
    except (discord.HTTPException, aiohttp.ClientError, TimeoutError) as error:
        raise InputError(f"{file.filename} cannot be had from Discord; attach it again") from error


def _read(name: str, content: bytes) -> Draft:
    with Reader() as reader:
        return reader.read(name, content)


def _read_page(page: Fetched) -> Draft:
    with Reader() as reader:
        return page_draft(reader, page)
