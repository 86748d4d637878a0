"""A server, the real client, and the check that the fake invents nothing of Discord's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from .clock import Clock
from .sample_bot import SampleBot, running
from .server import FakeDiscord

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from .records import Channel, Guild, User


@pytest.fixture
async def server() -> AsyncIterator[FakeDiscord]:
    """A server whose clock moves only when a test moves it."""
    async with FakeDiscord(clock=Clock.frozen()) as server:
        yield server
    if server.description is None:
        return
    for request in server.requests:
        faults = server.description.response_faults(
            request.method, request.route, request.status, request.response
        )
        assert faults == [], f"our own answer to {request.method} {request.path}"


@pytest.fixture
def guild(server: FakeDiscord) -> Guild:
    return server.add_guild()


@pytest.fixture
def channel(server: FakeDiscord, guild: Guild) -> Channel:
    return server.add_channel(guild)


@pytest.fixture
def ann(server: FakeDiscord) -> User:
    return server.add_user("Ann")


@pytest.fixture
async def bot(
    server: FakeDiscord, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[SampleBot]:
    """A bot that is connected, and whose commands are registered."""
    assert channel.guild is not None
    client = SampleBot()
    async with running(server, monkeypatch, client):
        yield client


@dataclass(frozen=True, slots=True)
class Http:
    """Requests as a bot would make them, without discord.py's care."""

    session: aiohttp.ClientSession
    server: FakeDiscord

    async def __call__(
        self, method: str, path: str, json: Any = None, **options: Any
    ) -> tuple[int, Any]:
        options.setdefault("headers", {"Authorization": f"Bot {self.server.token}"})
        url = self.server.api_base + path
        async with self.session.request(method, url, json=json, **options) as response:
            body = await response.json() if response.content_type == "application/json" else None
            return response.status, body


@pytest.fixture
async def http(server: FakeDiscord) -> AsyncIterator[Http]:
    async with aiohttp.ClientSession() as session:
        yield Http(session, server)
