"""Troubles that a test arranges."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import discord
import pytest

if TYPE_CHECKING:
    from .conftest import Http
    from .records import Channel, User
    from .sample_bot import SampleBot
    from .server import FakeDiscord

CREATE = "/channels/{channel_id}/messages"
FOLLOW_UP = "/webhooks/{webhook_id}/{webhook_token}"


@pytest.mark.parametrize("everywhere", [False, True])
async def test_after_429_the_message_arrives(
    server: FakeDiscord, bot: SampleBot, channel: Channel, *, everywhere: bool
) -> None:
    server.limit_rate("POST", CREATE, times=2, retry_after=0.01, everywhere=everywhere)
    sent = await bot.get_partial_messageable(channel.id).send("hello")

    assert [request.status for request in server.calls("POST", CREATE)] == [429, 429, 200]
    assert [message.id for message in server.messages] == [sent.id]
    assert server.violations == []


async def test_429_on_a_follow_up(server: FakeDiscord, bot: SampleBot, ann: User) -> None:
    server.limit_rate("POST", FOLLOW_UP, retry_after=0.01)
    await (await server.slash(ann, "ask", {"question": "Why?"})).response()
    assert [request.status for request in server.calls("POST", FOLLOW_UP)] == [429, 200]
    assert bot.errors == []


async def test_failures_of_discords(server: FakeDiscord, bot: SampleBot, channel: Channel) -> None:
    server.fail("POST", CREATE)
    server.fail("POST", CREATE, status=404, code=10062, message="Unknown interaction")
    where = bot.get_partial_messageable(channel.id)
    with pytest.raises(discord.DiscordServerError):
        await where.send("hello")
    with pytest.raises(discord.NotFound, match="10062"):
        await where.send("hello")
    await where.send("hello")
    assert len(server.messages) == 1
    assert server.violations == []


async def test_held_requests_wait(server: FakeDiscord, bot: SampleBot, channel: Channel) -> None:
    hold = server.hold("POST", "/channels/*")
    sending = asyncio.create_task(bot.get_partial_messageable(channel.id).send("hello"))
    await hold.arrived()
    assert server.messages == ()
    hold.release()
    await sending
    assert len(server.messages) == 1


async def test_a_mistyped_route_is_told(server: FakeDiscord) -> None:
    with pytest.raises(ValueError, match="no route fits POST /channel"):
        server.fail("POST", "/channel/{id}")


async def test_an_unknown_route_is_a_violation(server: FakeDiscord, http: Http) -> None:
    status, body = await http("GET", "/nowhere/at/all")
    assert (status, body["code"]) == (404, 0)
    (violation,) = server.violations
    assert (violation.limit, violation.path) == ("route", "/nowhere/at/all")
