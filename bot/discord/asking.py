"""A question from Discord to the pages of its answer, off the event loop."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from bot.messages import pages
from bot.state import KeptAnswer
from corpus.document import PartialDate
from corpus.errors import InputError
from index.query import cleaned
from index.types import Query

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from bot.messages import Page
    from bot.service import Service
    from bot.state import State
    from corpus.document import Document
    from index.opened import OpenSnapshot
    from index.types import Answer, Excerpt

_T = TypeVar("_T")
# A page turn works on what was found; ten excerpts are four pages at most.
_EXCERPTS = 10


class Asking:
    """Searches in threads of its own, so that Discord's heartbeat is never kept waiting."""

    def __init__(self, service: Service, state: State) -> None:
        self._service, self._state = service, state
        self._settings = service.settings.discord
        self._threads = ThreadPoolExecutor(self._settings.searches_at_once, "search")

    @staticmethod
    def query(text: str, since: str | None = None, until: str | None = None) -> Query:
        """A query from a command's options.

        Raises:
            InputError: the question is empty or too long, or a date is none.
        """
        return Query(cleaned(text), *Asking.dates(since, until), limit=_EXCERPTS)

    @staticmethod
    def dates(since: str | None, until: str | None) -> tuple[date | None, date | None]:
        """The first and the last day that options name, both inclusive.

        Raises:
            InputError: one of them is no date, or they are the wrong way round.
        """
        first = None if since is None else _date("since", since).first_day
        last = None if until is None else _date("until", until).last_day
        if first and last and first > last:
            raise InputError("since is later than until; swap them")
        return first, last

    async def ask(self, query: Query, asker: int) -> tuple[tuple[Page, ...], str | None]:
        """The pages of the answer, and the id to turn them by if there are several.

        Raises:
            MetquoteError: the question could not be answered.
        """
        return await self.in_thread(lambda: self._asked(query, asker))

    async def page(self, answer_id: str, number: int) -> tuple[int, Page] | None:
        """Who asked, and page ``number`` (from 0) of a remembered answer; ``None`` if it is gone.

        Raises:
            MetquoteError: the index cannot be used.
        """
        return await self.in_thread(lambda: self._page(answer_id, number))

    def close(self) -> None:
        """Wait for the searches that are running; begin no more."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    async def in_thread(self, work: Callable[[], _T]) -> _T:
        """Do ``work`` in one of the search threads."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def _asked(self, query: Query, asker: int) -> tuple[tuple[Page, ...], str | None]:
        with self._service.snapshot() as snapshot:
            answer = snapshot.answer(query)
            found = {e.document_id: snapshot.document(e.document_id) for e in answer.excerpts}
        shown = pages(answer, lambda e: found[e.document_id], self._settings.excerpts_per_page)
        if len(shown) == 1:
            return shown, None
        texts = tuple(found[excerpt.document_id].sha256 for excerpt in answer.excerpts)
        kept = KeptAnswer(asker, answer, texts)
        answer_id = self._state.keep(kept, now=time.time(), days=self._settings.kept_days)
        return shown, answer_id

    def _page(self, answer_id: str, number: int) -> tuple[int, Page] | None:
        kept = self._state.kept(answer_id)
        if kept is None:
            return None
        with self._service.snapshot() as snapshot:
            sources = [_source(snapshot, *pair) for pair in _pairs(kept)]
            answer = _with_quotations(kept.answer, sources, snapshot)
        by_excerpt = dict(zip(answer.excerpts, sources, strict=True))
        shown = pages(answer, by_excerpt.__getitem__, self._settings.excerpts_per_page)
        return kept.asker, shown[max(0, min(number, len(shown) - 1))]


def _date(option: str, text: str) -> PartialDate:
    try:
        return PartialDate.parse(text)
    except ValueError as error:
        raise InputError(f"{option}: {error}") from error


def _pairs(kept: KeptAnswer) -> list[tuple[Excerpt, str]]:
    return list(zip(kept.answer.excerpts, kept.texts, strict=True))


def _source(snapshot: OpenSnapshot, excerpt: Excerpt, sha256: str) -> Document | None:
    """The document that ``excerpt`` was cut from, if it is still there, word for word."""
    try:
        document = snapshot.document(excerpt.document_id)
    except KeyError:
        return None
    return document if document.sha256 == sha256 else None


def _with_quotations(
    answer: Answer, sources: list[Document | None], snapshot: OpenSnapshot
) -> Answer:
    excerpts = tuple(
        excerpt
        if source is None
        else replace(excerpt, quotations=snapshot.catalogue.quotations(source.id, excerpt.span))
        for excerpt, source in zip(answer.excerpts, sources, strict=True)
    )
    return replace(answer, excerpts=excerpts)
