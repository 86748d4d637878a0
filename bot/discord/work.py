"""What the bot does of its own accord: beside other processes, each thing done by one of them."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from bot.discord.apart import Feeds, Index
from bot.discord.corrections import correct_due
from bot.discord.journal import JournalReader
from bot.discord.outbox import post_due

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.discord.client import MetquoteClient
    from corpus.library import Library

_T = TypeVar("_T")
_log = logging.getLogger("metquote")
# One reads the journal and matches, the others wait for the database.
_THREADS = 3
_MOST_SECONDS = 300.0


class Work:
    """Loops that go on until `stop`: an exception is logged, and the loop looks again later.

    ``seconds`` are from one look to the next.
    """

    def __init__(self, client: MetquoteClient) -> None:
        self.client, self.state = client, client.state
        self.settings = client.service.settings
        self.seconds = self.settings.discord.look_every_seconds
        self._threads = ThreadPoolExecutor(_THREADS, "work")
        self._journal = JournalReader(client.service, client.state)
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def library(self) -> Library:
        """The documents, as they are at this moment."""
        return self.client.service.library

    async def in_thread(self, work: Callable[[], _T]) -> _T:
        """Do ``work`` in a thread of this work's own: searches do not wait for it."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    async def begin(self) -> None:
        """Start every loop; what is done to the corpus from now on is not missed.

        Raises:
            StorageError: the journal or the state cannot be used.
        """
        await self.in_thread(self._journal.begin)
        feeds, index = Feeds(self), Index(self)
        looks: dict[str, Callable[[], Awaitable[object]]] = {
            "reading the journal": lambda: self.in_thread(self._journal.read),
            "planning digests": lambda: self.in_thread(self.state.digests.plan),
            "correcting posts": lambda: correct_due(self),
            "posting": lambda: post_due(self.client),
            "looking at the feeds": feeds.look,
            "looking after the index": index.look,
        }
        self._tasks = [asyncio.create_task(self._go_on(*one)) for one in looks.items()]

    async def stop(self) -> None:
        """End every loop; what runs in a thread ends first."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.to_thread(self._threads.shutdown, wait=True, cancel_futures=True)

    async def _go_on(self, name: str, look: Callable[[], Awaitable[object]]) -> None:
        seconds = self.seconds
        while True:
            try:
                await look()
                seconds = self.seconds
            except Exception:  # noqa: BLE001 - the last edge: what comes next must still be done
                seconds = min(2 * seconds, _MOST_SECONDS)
                _log.exception("%s failed; it is tried again in %.1f s", name, seconds)
            await asyncio.sleep(seconds)
