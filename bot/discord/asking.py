"""A question from Discord to the pages of its answer, off the event loop."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from bot.ages import age_note
from bot.answer_cache import AnswerCache
from bot.discord.writing import Writing
from bot.messages.answers import pages
from bot.state import KeptAnswer
from corpus.document import PartialDate
from corpus.errors import InputError
from index.query import cleaned
from index.types import Outcome, Query

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from datetime import date

    from bot.messages.answers import Page
    from bot.service import Service
    from bot.state import State
    from corpus.document import Document
    from index.opened import OpenSnapshot
    from index.types import Answer, Excerpt

_T = TypeVar("_T")
BUSY = "So many people are asking just now that I cannot keep up; please ask again in a minute."
GONE = "these pages are no longer kept; ask again with /ask"
# A page turn works on what was found; ten excerpts are four pages at most.
_EXCERPTS = 10
_KNOWN_ANSWERS = 1_000
# Threads for all but questions, of which there are many more.
_OTHERS_AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Asked:
    """By whom and where a question was asked, and how it is to be answered.

    ``guild`` is ``None`` outside servers, ``dates`` the language of dates; ``shown`` is what the
    answer says was asked, where that is not what is searched for.
    """

    person: int
    guild: int | None
    dates: str
    private: bool = False
    shown: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The first page of an answer, and the id it is kept by; ``None`` if it shows nothing."""

    page: Page
    kept: str | None
    private: bool = False


@dataclass(frozen=True, slots=True)
class Remembered:
    """A kept answer, who is quoted in it looked up again.

    ``sources`` are its excerpts' documents, in order, ``None`` for one that is not there as it
    was when the question was asked.
    """

    id: str
    kept: KeptAnswer
    answer: Answer
    sources: tuple[Document | None, ...]

    def document(self, excerpt: Excerpt) -> Document | None:
        """The document of one of the excerpts."""
        return self.sources[self.answer.excerpts.index(excerpt)]


@dataclass(frozen=True, slots=True)
class _LookedUp:
    """An answer with its first page, and the sha256 of each excerpt's document, in order."""

    answer: Answer
    page: Page
    texts: tuple[str, ...]


class Asking:
    """Searches in threads of its own, so that Discord's heartbeat is never kept waiting."""

    def __init__(self, service: Service, state: State) -> None:
        self._service, self._state = service, state
        self._settings = service.settings.discord
        self._questions = ThreadPoolExecutor(self._settings.searches_at_once, "search-questions")
        self._others = ThreadPoolExecutor(_OTHERS_AT_ONCE, "search-others")
        self._writing = Writing(state)
        self._known: AnswerCache[_LookedUp] = AnswerCache(_KNOWN_ANSWERS)
        self._at_hand: OpenSnapshot | None = None
        self._has_looked = False
        self._waiting = 0

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

    @property
    def is_full(self) -> bool:
        """Whether so many wait already that another would wait in vain."""
        return self._waiting >= self._settings.questions_waiting

    def knows(self, query: Query, dates: str) -> bool:
        """Whether the answer to ``query`` was found before, so that nobody waits for it."""
        snapshot = self._looked_at()
        return snapshot is not None and self._known.holds(snapshot, _key(query, None, dates))

    async def ask(self, query: Query, asked: Asked) -> Found:
        """The first page of the answer, and what it is kept as if it shows anything.

        What is not answered is counted for the server.

        Raises:
            MetquoteError: the question could not be answered.
        """
        found = await self._found(query, asked)
        kept = await self.write(lambda: self._kept(found, query, asked))
        return Found(found.page, kept, private=asked.private)

    async def remembered(self, answer_id: str) -> Remembered:
        """A kept answer, with its documents as far as they are as they were.

        Raises:
            InputError: it is gone.
            MetquoteError: the index or the state cannot be used.
        """
        return await self.in_thread(lambda: self._remembered(answer_id))

    def pages(self, remembered: Remembered, dates: str) -> tuple[Page, ...]:
        """The pages of a kept answer; ``dates`` is the language of dates."""
        answer = remembered.answer
        per_page = self._settings.excerpts_per_page
        return pages(answer, remembered.document, per_page, dates, self._age(answer, dates))

    def close(self) -> None:
        """Wait for the searches that are running; begin no more."""
        self._questions.shutdown(wait=True, cancel_futures=True)
        self._others.shutdown(wait=True, cancel_futures=True)
        self._writing.close()

    async def in_thread(self, work: Callable[[], _T]) -> _T:
        """Do ``work`` in a search thread, beside the questions."""
        return await self._done_in(self._others, work)

    async def write(self, work: Callable[[], _T]) -> _T:
        """Do ``work``, which writes to the state, together with what others write.

        Raises:
            StorageError: the state cannot be used.
        """
        return await self._writing.write(work)

    async def _found(self, query: Query, asked: Asked) -> _LookedUp:
        known = self._known_answer(query, asked.shown, asked.dates)
        if known is not None:
            return known
        return await self._done_in(self._questions, lambda: self._looked_up(query, asked))

    async def _done_in(self, threads: ThreadPoolExecutor, work: Callable[[], _T]) -> _T:
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(threads, work)
        finally:
            self._waiting -= 1

    def _known_answer(self, query: Query, shown: str | None, dates: str) -> _LookedUp | None:
        """What is known on the event loop: a thread would have to wait for those that search."""
        snapshot = self._looked_at()
        return None if snapshot is None else self._known.get(snapshot, _key(query, shown, dates))

    def _looked_at(self) -> OpenSnapshot | None:
        """The snapshot of this pass of the event loop, in which hundreds may ask."""
        if not self._has_looked:
            self._at_hand, self._has_looked = self._service.at_hand(), True
            asyncio.get_running_loop().call_soon(self._look_again)
        return self._at_hand

    def _look_again(self) -> None:
        self._at_hand, self._has_looked = None, False

    def _looked_up(self, query: Query, asked: Asked) -> _LookedUp:
        key = _key(query, asked.shown, asked.dates)
        with self._service.snapshot() as snapshot:
            if (known := self._known.get(snapshot, key)) is not None:
                # Somebody who asked the same was before this one in the queue.
                return known
            answer = snapshot.answer(query)
            found = {e.document_id: snapshot.document(e.document_id) for e in answer.excerpts}
            if asked.shown is not None:
                answer = replace(answer, query=replace(query, text=asked.shown))
            per_page = self._settings.excerpts_per_page
            age = self._age(answer, asked.dates)
            shown = pages(answer, lambda e: found[e.document_id], per_page, asked.dates, age)
            texts = tuple(found[excerpt.document_id].sha256 for excerpt in answer.excerpts)
            looked_up = _LookedUp(answer, shown[0], texts)
            self._known.put(snapshot, key, looked_up)
        return looked_up

    def _kept(self, found: _LookedUp, query: Query, asked: Asked) -> str | None:
        """The id that the answer is kept by; ``None`` if it shows nothing."""
        if found.answer.outcome is not Outcome.ANSWERED:
            self._state.questions.count(query.text, found.answer.outcome, asked.guild)
        if not found.answer.excerpts:
            return None
        kept = KeptAnswer(asked.person, found.answer, found.texts, private=asked.private)
        return self._state.answers.keep(kept, days=self._settings.kept_days)

    def _remembered(self, answer_id: str) -> Remembered:
        kept = self._state.answers.kept(answer_id)
        if kept is None:
            raise InputError(GONE)
        with self._service.snapshot() as snapshot:
            sources = [
                snapshot.unchanged(excerpt.document_id, text)
                for excerpt, text in zip(kept.answer.excerpts, kept.texts, strict=True)
            ]
            answer = _with_quotations(kept.answer, sources, snapshot)
        return Remembered(answer_id, kept, answer, tuple(sources))

    def _age(self, answer: Answer, dates: str) -> str:
        old = self._service.settings.answer.old_after_days
        return age_note(answer, datetime.now(UTC).date(), old, dates)


def _key(query: Query, shown: str | None, dates: str) -> Hashable:
    """What an answer depends on beside the snapshot; how old it is, on the day."""
    return query, shown, dates, datetime.now(UTC).date()


def _date(option: str, text: str) -> PartialDate:
    try:
        return PartialDate.parse(text)
    except ValueError as error:
        raise InputError(f"{option}: {error}") from error


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
