"""One bot in two processes, each a shard of it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import aiohttp
import discord
import pytest
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from .clock import Clock
from .sample_bot import SampleBot
from .server import FakeDiscord

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from .records import Channel, User

INTENTS = int(discord.Intents.default().value)


class Two:
    """The server, two clients of it, and a channel in a guild of each."""

    def __init__(self, server: FakeDiscord) -> None:
        self.server = server
        self.bots = [SampleBot(shard_id=i, shard_count=2) for i in range(2)]
        guilds = [server.add_guild(f"Guild {i}", shard=(i, 2)) for i in range(2)]
        self.channels: list[Channel] = [server.add_channel(guild) for guild in guilds]
        self.ann: User = server.add_user("Ann")
        self.tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        for i, bot in enumerate(self.bots):
            self.tasks.append(asyncio.create_task(bot.start(self.server.token)))
            await self.server.wait_ready(shard=i)

    async def stop(self) -> None:
        for bot, task in zip(self.bots, self.tasks, strict=True):
            await bot.close()
            await task

    async def now(self, i: int) -> None:
        """The shard answers in its guild, so that all before that has arrived."""
        await (await self.server.slash(self.ann, "now", channel=self.channels[i])).followup()


@pytest.fixture
async def two(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Two]:
    async with FakeDiscord(clock=Clock.frozen(), shards=2) as server:
        monkeypatch.setattr(Route, "BASE", server.api_base)
        url = yarl.URL(server.gateway_url)
        monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", url)
        both = Two(server)
        await both.start()
        yield both
        await both.stop()
        assert server.violations == []


async def test_each_shard_hears_of_its_own_guilds(two: Two) -> None:
    for i, (bot, channel) in enumerate(zip(two.bots, two.channels, strict=True)):
        await two.now(i)
        assert [guild.name for guild in bot.guilds] == [f"Guild {i}"]
        said = await two.server.say(two.ann, channel, f"hi {two.server.bot.mention}")
        await two.server.answer_to(said)
        assert [message.id for message in bot.heard] == [said.id]
    late = two.server.add_channel(two.server.add_guild("Late", shard=(1, 2)))
    await (await two.server.slash(two.ann, "now", channel=late)).followup()
    await two.now(0)
    assert [len(bot.guilds) for bot in two.bots] == [1, 2]
    assert len(two.server.messages) == 2 * 2 + 2 * 2 + 2 * 2


async def test_private_messages_are_for_the_first_shard(two: Two) -> None:
    said = await two.server.direct_message(two.ann, "hello")
    await two.server.answer_to(said)
    await (await two.server.slash(two.ann, "now", channel=said.channel)).followup()
    await two.now(1)
    assert [len(bot.heard) for bot in two.bots] == [1, 0]


async def test_one_shard_loses_its_line_and_the_other_does_not_notice(two: Two) -> None:
    await two.server.drop_connection(1)
    missed = await two.server.slash(two.ann, "now", channel=two.channels[1])
    await two.now(0)
    await missed.followup()
    assert two.server.gateway.log == ["identify", "identify", "resume"]
    assert [bot.resumed for bot in two.bots] == [0, 1]
    await two.server.invalidate_session(0)
    await two.server.wait_ready(shard=0)
    await two.now(0)
    await two.server.request_reconnect(1)
    await two.now(1)
    assert two.server.gateway.log[3:] == ["identify", "resume"]


async def test_a_session_that_is_forgotten_cannot_be_resumed(two: Two) -> None:
    await two.server.forget_session(1)
    await two.server.wait_ready(shard=1)
    await two.now(1)
    await two.now(0)
    log = ["identify", "identify", "invalid session", "identify"]
    assert two.server.gateway.log == log


async def test_a_shard_that_dies_is_not_stood_in_for(two: Two) -> None:
    await two.bots[1].close()
    await two.server.wait_gone(shard=1)
    await two.now(0)
    unheard = await two.server.slash(two.ann, "now", channel=two.channels[1])
    await two.now(0)
    assert unheard.callback is None
    with pytest.raises(TimeoutError):
        await two.server.wait_ready(0, shard=1)

    # Whoever takes its place starts anew: what came meanwhile is lost.
    two.bots[1] = SampleBot(shard_id=1, shard_count=2)
    await two.tasks[1]
    two.tasks[1] = asyncio.create_task(two.bots[1].start(two.server.token))
    await two.server.wait_ready(shard=1)
    await two.now(1)
    assert unheard.callback is None


async def test_the_gateway_recommends_shards(two: Two) -> None:
    shards, _, _ = await two.bots[0].http.get_bot_gateway()
    assert shards == 2


@pytest.mark.parametrize("shard", [[2, 2], [-1, 2], [0, 0], [0], "0", [0, "2"]])
async def test_shards_that_there_are_not(server: FakeDiscord, shard: Any) -> None:
    identify = {"token": server.token, "intents": INTENTS, "properties": {}, "shard": shard}
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(server.gateway_url + "?v=10&encoding=json") as socket,
    ):
        await socket.send_json({"op": 2, "d": identify})
        async for _ in socket:
            pass
        assert socket.close_code == 4010
