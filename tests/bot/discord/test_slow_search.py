"""Searches that take their time: the event loop and Discord's three seconds do not notice."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from bot import config
from bot.discord.client import MetquoteClient
from bot.service import Service
from bot.state import State
from tests.bot.discord.stage import PATIENCE_S, quoted
from tests.fake_discord import CallbackType, Clock, FakeDiscord
from tests.fake_discord.sample_bot import running

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from index.opened import OpenSnapshot

_QUESTION = "police officers injured in London"


class SlowService(Service):
    """Every search waits until the test lets it go on."""

    go_on: threading.Event

    @contextmanager
    def snapshot(self) -> Iterator[OpenSnapshot]:
        """As slow as a disk that sleeps."""
        assert self.go_on.wait(PATIENCE_S)
        with super().snapshot() as opened:
            yield opened


@pytest.fixture
def slow(tiny_environment: dict[str, str]) -> Iterator[SlowService]:
    given = tiny_environment | {"METQUOTE_DISCORD_COOLDOWN_SECONDS": "0"}
    service = SlowService(config.load(environment=given))
    service.go_on = threading.Event()
    yield service
    service.go_on.set()
    service.close()


@pytest_asyncio.fixture
async def server(slow: SlowService, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord(clock=Clock.frozen(), patience=PATIENCE_S) as server:
        server.add_channel(server.add_guild())
        state = State(slow.settings.data / "state.sqlite")
        client = MetquoteClient(slow, state)
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
