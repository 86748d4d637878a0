"""Connecting, resuming and being refused."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import aiohttp
import discord
import pytest

from .constants import Permissions
from .sample_bot import SampleBot, running
from .server import FakeDiscord

if TYPE_CHECKING:
    from .conftest import Http
    from .records import Channel, Guild, User

ASKING = "?v=10&encoding=json"


def identify(server: FakeDiscord, **changed: Any) -> dict[str, Any]:
    data = {"token": server.token, "intents": 0, "properties": {}, **changed}
    return {"op": 2, "d": data}


async def test_ready_brings_guilds_and_channels(
    server: FakeDiscord, bot: SampleBot, channel: Channel, ann: User
) -> None:
    # Once an interaction has been answered, what was sent before it has arrived.
    await (await server.slash(ann, "now")).response()

    assert channel.guild is not None
    guild = bot.get_guild(channel.guild.id)
    assert guild is not None
    assert guild.name == "Newsroom"
    assert [one.id for one in guild.text_channels] == [channel.id]
    assert guild.me.id == server.bot.id
    assert guild.text_channels[0].permissions_for(guild.me).send_messages
    assert bot.application_id == server.application_id
    assert server.gateway.log == ["identify"]
    assert server.gateway.frames[0] == {"op": 1, "d": None}
    assert "token" not in server.gateway.frames[1]["d"]


async def test_guilds_and_channels_that_come_later(
    server: FakeDiscord, bot: SampleBot, ann: User
) -> None:
    late = server.add_guild("Late")
    quiet = server.add_channel(late, "quiet", denied=Permissions.SEND_MESSAGES)
    await (await server.slash(ann, "now", guild=late)).response()

    guild = bot.get_guild(late.id)
    assert guild is not None
    (channel,) = guild.text_channels
    assert channel.id == quiet.id
    assert not channel.permissions_for(guild.me).send_messages


async def test_resuming_brings_what_was_missed(
    server: FakeDiscord, bot: SampleBot, ann: User
) -> None:
    await server.drop_connection()
    missed = await server.slash(ann, "ask", {"question": "Did I miss it?"})

    assert (await missed.response()).content == "Did I miss it?"
    assert server.gateway.log == ["identify", "resume"]
    assert len(bot.guilds) == 1


async def test_dropped_at_once_nothing_is_lost_or_doubled(
    server: FakeDiscord, bot: SampleBot, ann: User
) -> None:
    before = await server.slash(ann, "now")
    await server.drop_connection()
    await before.followup()
    await server.wait_ready()
    after = await server.slash(ann, "now")
    await after.followup()

    assert server.violations == []
    assert bot.errors == []
    assert len(server.gateway.sessions) == 1


async def test_op_7_makes_it_resume(server: FakeDiscord, bot: SampleBot, ann: User) -> None:
    await server.request_reconnect()
    await (await server.slash(ann, "now")).response()
    assert server.gateway.log == ["identify", "resume"]
    assert bot.errors == []


@pytest.mark.parametrize(("resumable", "then"), [(True, "resume"), (False, "identify")])
async def test_op_9(
    server: FakeDiscord, bot: SampleBot, ann: User, *, resumable: bool, then: str
) -> None:
    await server.invalidate_session(resumable=resumable)
    await server.wait_ready()
    await (await server.slash(ann, "now")).response()
    assert server.gateway.log == ["identify", then]
    assert bot.errors == []


async def test_a_session_forgotten_while_away_starts_anew(
    server: FakeDiscord, bot: SampleBot, ann: User
) -> None:
    await server.drop_connection()
    server.gateway.sessions.clear()
    await (await server.slash(ann, "now")).response()
    assert server.gateway.log == ["identify", "invalid session", "identify"]
    assert bot.errors == []


async def test_a_session_is_over_only_when_its_client_says_so(
    server: FakeDiscord, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(server, monkeypatch, SampleBot()):
        pass
    await server.wait_gone()
    # discord.py means to close with 1000, but its own reader is quicker and says 4000.
    assert server.gateway.closes == [4000]
    assert len(server.gateway.sessions) == 1

    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(server.gateway_url + ASKING) as socket,
    ):
        await socket.send_json(identify(server))
        await server.wait_ready()
        await socket.close(code=1000)
    await server.wait_gone()
    assert server.gateway.closes == [4000, 1000]
    assert len(server.gateway.sessions) == 1


async def test_wrong_token_on_rest(
    server: FakeDiscord, monkeypatch: pytest.MonkeyPatch, http: Http
) -> None:
    server.token = "another"
    with pytest.raises(discord.LoginFailure):
        async with running(server, monkeypatch, SampleBot()):
            pass
    assert await http("GET", "/users/@me") == (401, {"message": "401: Unauthorized", "code": 0})
    assert server.violations == []


async def test_privileged_intents_are_refused(
    server: FakeDiscord, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = SampleBot(intents=discord.Intents.all())
    with pytest.raises(discord.PrivilegedIntentsRequired):
        async with running(server, monkeypatch, client):
            pass
    assert server.gateway.log == []
    assert server.gateway.closes == [4014]


@pytest.mark.parametrize(
    ("frames", "code"),
    [
        (["not json"], 4002),
        ([[]], 4002),
        ([{"op": 99}], 4001),
        ([{"op": 3, "d": {}}], 4003),
        ([{"op": 2, "d": None}], 4002),
        ([{"token": "wrong"}], 4004),
        ([{}, {}], 4005),
        ([{"intents": 1 << 40}], 4013),
        ([{"intents": 1 << 15}], 4014),
        ([{"op": 6, "d": {"token": "wrong"}}], 4004),
    ],
)
async def test_why_the_gateway_closes(server: FakeDiscord, frames: list[Any], code: int) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(server.gateway_url + ASKING) as socket,
    ):
        assert (await socket.receive_json())["op"] == 10
        for frame in frames:
            if isinstance(frame, str):
                await socket.send_str(frame)
            else:
                whole = not isinstance(frame, dict) or "op" in frame
                await socket.send_json(frame if whole else identify(server, **frame))
        async for _ in socket:
            pass
        assert socket.close_code == code


async def test_another_version_is_refused(server: FakeDiscord) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(server.gateway_url + "?v=9&encoding=json") as socket,
    ):
        async for _ in socket:
            pass
        assert socket.close_code == 4012


async def test_events_that_were_not_asked_for_do_not_come(
    server: FakeDiscord, channel: Channel, ann: User, guild: Guild
) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(server.gateway_url + ASKING) as socket,
    ):
        await socket.send_json(identify(server, intents=1 << 12))
        await server.wait_ready()
        await server.say(ann, channel, "in a channel")
        await server.direct_message(ann, "in private")
        received = [await socket.receive_json() for _ in range(3)]

    assert [frame["t"] for frame in received] == [None, "READY", "MESSAGE_CREATE"]
    assert [one["id"] for one in received[1]["d"]["guilds"]] == [str(guild.id)]
    assert received[2]["d"]["content"] == "in private"


async def test_the_server_stops_while_a_client_is_there() -> None:
    async with aiohttp.ClientSession() as session:
        async with FakeDiscord() as server:
            socket = await session.ws_connect(server.gateway_url + ASKING)
            assert (await socket.receive_json())["op"] == 10
            hold = server.hold("GET", "/gateway")
            waiting = asyncio.create_task(session.get(server.api_base + "/gateway"))
            await hold.arrived()
        assert (await socket.receive()).type in (aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR)
        async with await waiting as response:
            assert response.status == 200


async def test_two_servers_do_not_meet(ann: User, server: FakeDiscord) -> None:
    async with FakeDiscord() as other:
        assert other.api_base != server.api_base
        assert other.messages == server.messages == ()
        assert ann.name == "Ann"
