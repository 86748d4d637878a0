"""Work in processes of its own: the feeds, and an index for a corpus that others changed.

Exporting a model takes memory that serving does not, and nothing that fails there fails here.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.discord.work import Work

_log = logging.getLogger("metquote")
_SYNCED = "feeds.synced"
_LEASE_SECONDS, _RENEW_SECONDS = 120.0, 30.0
_STOP_SECONDS = 10.0
# Whoever changes the corpus builds the index too; only if nobody does for so many looks, we do.
_PATIENCE = 12


class Feeds:
    """Looks at the feeds when it is time, once over all processes."""

    def __init__(self, work: Work) -> None:
        self._work, self._settings = work, work.settings

    async def look(self) -> None:
        """Fetch what is new if it is time to.

        Raises:
            StorageError: the state cannot be used.
        """
        minutes = self._settings.fetch.sync_minutes
        if not self._settings.feeds or not minutes:
            return

        def due() -> bool:
            last = self._work.state.facts.get(_SYNCED)
            return last is None or time.time() - float(last) >= minutes * 60

        if await self._work.in_thread(due):
            await alone(self._work, "feeds", due, self._sync)

    async def _sync(self) -> None:
        await run(self._work, "corpus", "sync", "--yes")
        moment = str(time.time())
        await self._work.in_thread(lambda: self._work.state.facts.put(_SYNCED, moment))


class Index:
    """Builds the index if somebody changed the documents and did not."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._ready: object = None
        self._waited = 0
        self._failed: object = None

    async def look(self) -> None:
        """Build the index if it has been behind for a while.

        Raises:
            StorageError: the documents or the state cannot be read.
        """
        stamp = await self._work.in_thread(self._stamp)
        if stamp in (self._ready, self._failed):
            return
        if await self._work.in_thread(self._work.client.service.is_ready):
            self._ready, self._waited = stamp, 0
            return
        self._waited += 1
        if self._waited >= _PATIENCE:
            self._waited = 0
            behind = self._is_behind
            await alone(self._work, "index", behind, lambda: self._build(stamp))

    def _is_behind(self) -> bool:
        return not self._work.client.service.is_ready()

    async def _build(self, stamp: object) -> None:
        # What cannot be built is tried again when it changes, and not all the time.
        self._failed = stamp if await run(self._work, "index", "build") else None

    def _stamp(self) -> object:
        """What changes whenever the documents do, as far as can be told without reading them."""
        library = self._work.library
        stamps = [str(library.folder)]
        for path in (library.journal.path, *library.paths()):
            try:
                found = path.stat()
            except FileNotFoundError:
                continue
            stamps.append(f"{path.name} {found.st_mtime_ns} {found.st_size}")
        return hash(tuple(stamps))


async def alone(work: Work, name: str, due: Callable[[], bool], do: Callable[[], object]) -> None:
    """Do something under a lease, if it is still ``due`` then; others leave it be meanwhile."""
    leases = work.state.leases
    if not await work.in_thread(lambda: leases.take(name, _LEASE_SECONDS)):
        return

    async def renewing() -> None:
        while True:
            await asyncio.sleep(_RENEW_SECONDS)
            await work.in_thread(lambda: leases.renew(name, _LEASE_SECONDS))

    renewal = asyncio.create_task(renewing())
    try:
        if await work.in_thread(due):
            await do()  # type: ignore[misc]
    finally:
        renewal.cancel()
        await work.in_thread(lambda: leases.release(name))


async def run(work: Work, *arguments: str) -> int:
    """Run ``metquote`` with ``arguments``; its exit status, which is logged if it is not 0."""
    file = work.settings.file
    chosen = ("--config", str(file)) if file is not None else ()
    kept = {key: value for key, value in os.environ.items() if key != "METQUOTE_DISCORD_TOKEN"}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.cli", *chosen, *arguments,
        env=kept, stdin=asyncio.subprocess.DEVNULL, stdout=sys.stderr,
    )  # fmt: skip
    try:
        status = await process.wait()
    except asyncio.CancelledError:
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), _STOP_SECONDS)
        except TimeoutError:
            process.kill()
        raise
    if status:
        _log.error("metquote %s ended with %d", " ".join(arguments), status)
    return status
