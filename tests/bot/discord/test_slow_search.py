"""Searches that take their time: the event loop and Discord's three seconds do not notice."""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from bot import config
from bot.discord.asking import BUSY
from bot.discord.client import MetquoteClient
from bot.service import Service
from bot.state import State
from index.opened import OpenSnapshot
from tests.bot.discord.stage import PATIENCE_S, quoted
from tests.fake_discord import CallbackType, Clock, FakeDiscord
from tests.fake_discord.sample_bot import running

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from index.types import Answer, Query

_QUESTION = "police officers injured in London"
_WAITING = 8


class SlowService(Service):
    """Every search waits until the test lets it go on."""

    go_on: threading.Event

    @contextmanager
    def snapshot(self) -> Iterator[OpenSnapshot]:
        """As slow as a disk that sleeps."""
        if threading.current_thread().name.startswith("search"):
            assert self.go_on.wait(PATIENCE_S)
        with super().snapshot() as opened:
            yield opened


@pytest.fixture
def slow(tiny_environment: dict[str, str]) -> Iterator[SlowService]:
    given = tiny_environment | {
        "METQUOTE_DISCORD_COOLDOWN_SECONDS": "0",
        "METQUOTE_DISCORD_QUESTIONS_WAITING": str(_WAITING),
    }
    service = SlowService(config.load(environment=given))
    service.go_on = threading.Event()
    yield service
    service.go_on.set()
    service.close()


@pytest_asyncio.fixture
async def client(slow: SlowService) -> MetquoteClient:
    return MetquoteClient(slow, State(slow.settings.data / "state.sqlite"))


@pytest_asyncio.fixture
async def server(
    slow: SlowService, client: MetquoteClient, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord(clock=Clock.frozen(), patience=PATIENCE_S) as server:
        server.add_channel(server.add_guild())
        async with running(server, monkeypatch, client):
            yield server
            slow.go_on.set()
        assert server.violations == []
        assert server.pings == []


async def test_a_question_is_acknowledged_before_it_is_searched(
    server: FakeDiscord, slow: SlowService
) -> None:
    asked = await server.slash(server.add_user("Ann"), "ask", {"question": _QUESTION})
    assert await asked.acknowledged() is CallbackType.DEFERRED_CHANNEL_MESSAGE
    assert asked.original is not None
    assert asked.original.loading
    slow.go_on.set()
    assert quoted((await asked.response()).now)


async def test_the_event_loop_is_free_while_all_threads_search(
    server: FakeDiscord, slow: SlowService
) -> None:
    ann = server.add_user("Ann")
    asked = [await server.slash(ann, "ask", {"question": _QUESTION}) for _ in range(6)]
    for one in asked:
        await one.acknowledged()
    wrong = await server.slash(ann, "ask", {"question": " "})
    assert (await wrong.response()).content.startswith("The question is empty")
    assert all(one.original is not None and one.original.loading for one in asked)
    slow.go_on.set()
    answers = [quoted((await one.response()).now) for one in asked]
    assert answers[0]
    assert all(answer == answers[0] for answer in answers)


async def test_of_too_many_questions_the_next_is_told_to_come_again(
    server: FakeDiscord, slow: SlowService, client: MetquoteClient
) -> None:
    """At once and privately; what is known is answered all the same, and nothing is lost."""
    ann = server.add_user("Ann")
    slow.go_on.set()
    known = await server.slash(ann, "ask", {"question": _QUESTION})
    answer = quoted((await known.response()).now)
    assert answer

    slow.go_on.clear()
    others = [f"{_QUESTION} number {at}" for at in range(_WAITING)]
    asked = [await server.slash(ann, "ask", {"question": one}) for one in others]
    await full(client)
    again = await server.slash(ann, "ask", {"question": "stop and search in London"})
    told = await again.response()
    assert again.callback is CallbackType.CHANNEL_MESSAGE
    assert told.private_to == ann
    assert told.content == BUSY
    for command, options in (("quote", {"about": "London"}), ("timeline", {"topic": "London"})):
        refused = await server.slash(ann, command, options)
        assert (await refused.response()).content == BUSY
    same = await server.slash(server.add_user("Bob"), "ask", {"question": _QUESTION})
    assert quoted((await same.response()).now) == answer
    assert all(one.original is not None and one.original.loading for one in asked)

    slow.go_on.set()
    for one in asked:
        assert quoted((await one.response()).now)
    heard = await server.slash(ann, "ask", {"question": "stop and search in London"})
    assert quoted((await heard.response()).now)


async def test_what_many_ask_at_once_is_searched_for_once(
    server: FakeDiscord, slow: SlowService, monkeypatch: pytest.MonkeyPatch
) -> None:
    searched: list[str] = []
    search = OpenSnapshot.answer

    def counted(snapshot: OpenSnapshot, query: Query) -> Answer:
        searched.append(query.text)
        return search(snapshot, query)

    monkeypatch.setattr(OpenSnapshot, "answer", counted)
    people = [server.add_user(f"Person {at}") for at in range(_WAITING - 1)]
    asked = [await server.slash(one, "ask", {"question": _QUESTION}) for one in people]
    for one in asked:
        await one.acknowledged()
    slow.go_on.set()
    answers = [quoted((await one.response()).now) for one in asked]
    assert answers[0]
    assert all(answer == answers[0] for answer in answers)
    assert searched == [_QUESTION]


async def test_what_is_known_is_answered_without_a_thread(
    server: FakeDiscord, slow: SlowService
) -> None:
    ann = server.add_user("Ann")
    slow.go_on.set()
    known = quoted((await (await server.slash(ann, "ask", {"question": _QUESTION})).response()).now)
    slow.go_on.clear()
    other = await server.slash(ann, "ask", {"question": "stop and search in London"})
    await other.acknowledged()
    same = await server.slash(ann, "ask", {"question": _QUESTION})
    assert quoted((await same.response()).now) == known
    assert other.original is not None
    assert other.original.loading
    slow.go_on.set()
    await other.response()


async def test_a_press_is_acknowledged_before_anything_is_looked_up(
    server: FakeDiscord, slow: SlowService, client: MetquoteClient
) -> None:
    """While every search thread is busy: a page, what stands around it, a form, a refusal."""
    ann, bob = server.add_user("Ann"), server.add_user("Bob")
    slow.go_on.set()
    message = await (await server.slash(ann, "ask", {"question": _QUESTION})).response()
    first = quoted(message.now)

    slow.go_on.clear()
    others = [f"{_QUESTION} number {at}" for at in range(_WAITING)]
    asked = [await server.slash(ann, "ask", {"question": one}) for one in others]
    await full(client)
    turn = await server.click(message, message.button("Next"), ann)
    assert await turn.acknowledged() is CallbackType.DEFERRED_UPDATE_MESSAGE
    stranger = await server.click(message, message.button("Next"), bob)
    assert await stranger.acknowledged() is CallbackType.DEFERRED_UPDATE_MESSAGE
    context = await server.click(message, message.button("Context"), bob)
    assert await context.acknowledged() is CallbackType.DEFERRED_CHANNEL_MESSAGE
    why = await server.click(message, message.button("Not helpful"), bob)
    given = await server.modal_submit(why, {"What is wrong or missing?": "too old"})
    await given.acknowledged()
    assert quoted(message.now) == first

    slow.go_on.set()
    assert await turn.response() is message
    assert "page 2 of" in message.content
    told = await stranger.response()
    assert told.private_to == bob
    assert told.content.startswith("Only the person who asked can turn these pages.")
    assert quoted((await context.response()).now)
    assert (await given.response()).content.startswith("Thank you.")
    for one in asked:
        await one.response()


async def full(client: MetquoteClient) -> None:
    """Wait until as many questions wait as may."""
    async with asyncio.timeout(PATIENCE_S):
        while not client.asking.is_full:  # noqa: ASYNC110 - it tells nobody when it is
            await asyncio.sleep(0.01)
