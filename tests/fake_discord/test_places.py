"""Channels and roles that change under the bot, and what it is told of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aiohttp
import discord
import pytest

from .constants import Intents, Permissions
from .server import FakeDiscord

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from .conftest import Http
    from .message import Message
    from .records import Channel, Guild, User
    from .sample_bot import SampleBot


async def caught_up(server: FakeDiscord, ann: User, channel: Channel) -> Message:
    """Once an interaction has been answered, what was sent before it has arrived."""
    return await (await server.slash(ann, "now", channel=channel)).followup()


async def refused(request: Coroutine[Any, Any, Any]) -> tuple[int, int]:
    with pytest.raises(discord.HTTPException) as error:
        await request
    return error.value.status, error.value.code


async def test_a_deleted_channel(
    server: FakeDiscord, bot: SampleBot, ann: User, channel: Channel, guild: Guild
) -> None:
    doomed = server.add_channel(guild, "doomed")
    place = bot.get_partial_messageable(doomed.id)
    sent = await place.send("hello")
    asked = await server.slash(ann, "form", channel=doomed)
    await asked.acknowledged()

    server.delete_channel(doomed)
    await caught_up(server, ann, channel)
    seen = bot.get_guild(guild.id)
    assert seen is not None
    assert [one.name for one in seen.text_channels] == ["general"]
    assert await refused(place.send("again")) == (404, 10003)
    assert await refused(sent.edit(content="again")) == (404, 10003)
    assert await refused(bot.fetch_channel(doomed.id)) == (404, 10003)
    with pytest.raises(LookupError, match="gone"):
        await server.slash(ann, "now", channel=doomed)
    assert all(message.deleted for message in server.messages if message.channel == doomed)


async def test_an_answer_into_a_deleted_channel(
    server: FakeDiscord, bot: SampleBot, ann: User, guild: Guild
) -> None:
    doomed = server.add_channel(guild, "doomed")
    hold = server.hold("POST", "/webhooks/*")
    await server.slash(ann, "ask", {"question": "Why?"}, channel=doomed)
    await hold.arrived()
    server.delete_channel(doomed)
    hold.release()
    error = await bot.failures.get()
    assert isinstance(error, discord.NotFound)
    assert error.code == 10003


async def test_permissions_that_the_bot_loses(
    server: FakeDiscord, bot: SampleBot, ann: User, channel: Channel, guild: Guild
) -> None:
    place = bot.get_partial_messageable(channel.id)
    sent = await place.send("hello")
    server.overwrite(channel, server.bot, deny=Permissions.SEND_MESSAGES)
    assert await refused(place.send("again")) == (403, 50013)
    await sent.edit(content="an edit needs no such permission")
    server.overwrite(channel, server.bot, deny=Permissions.READ_MESSAGE_HISTORY)
    assert await refused(place.fetch_message(sent.id)) == (403, 50013)
    assert await refused(sent.reply("again")) == (400, 160002)
    server.overwrite(channel, server.bot, deny=Permissions.VIEW_CHANNEL)
    assert await refused(place.send("again")) == (403, 50001)
    assert await refused(sent.edit(content="again")) == (403, 50001)
    await server.say(ann, channel, f"hello {server.bot.mention}")
    await caught_up(server, ann, server.add_channel(guild, "other"))
    assert bot.heard == []
    seen = bot.get_channel(channel.id)
    assert isinstance(seen, discord.TextChannel)
    assert not seen.permissions_for(seen.guild.me).view_channel
    server.overwrite(channel, server.bot)
    await place.send("again")


async def test_overwrites_go_in_discords_order(
    server: FakeDiscord, bot: SampleBot, ann: User, channel: Channel, guild: Guild
) -> None:
    place = bot.get_partial_messageable(channel.id)
    helpers = server.add_role(guild, "Helpers", members=[server.bot])
    server.overwrite(channel, guild, deny=Permissions.SEND_MESSAGES)
    assert await refused(place.send("hello")) == (403, 50013)
    server.overwrite(channel, helpers, allow=Permissions.SEND_MESSAGES)
    await place.send("hello")
    await caught_up(server, ann, channel)
    seen = bot.get_channel(channel.id)
    assert isinstance(seen, discord.TextChannel)
    assert [role.name for role in seen.guild.me.roles] == ["@everyone", "Helpers"]
    assert seen.permissions_for(seen.guild.me).send_messages
    server.delete_role(helpers)
    assert await refused(place.send("hello")) == (403, 50013)


async def test_roles_come_with_interactions(
    server: FakeDiscord, bot: SampleBot, ann: User, guild: Guild, channel: Channel
) -> None:
    seen: list[tuple[list[str], bool, bool, int]] = []

    @bot.tree.command(description="d")
    async def roles(interaction: discord.Interaction[Any]) -> None:
        assert isinstance(interaction.user, discord.Member)
        names = [role.name for role in interaction.user.roles]
        may = interaction.permissions
        seen.append((names, may.manage_guild, may.send_messages, interaction.app_permissions.value))
        await interaction.response.send_message("seen")

    await bot.tree.sync()
    mods = server.add_role(guild, "Mods", Permissions.MANAGE_GUILD)
    server.give_role(ann, mods)
    server.overwrite(channel, mods, deny=Permissions.SEND_MESSAGES)
    await (await server.slash(ann, "roles")).response()
    weak = server.change_role(mods, Permissions.NONE)
    await (await server.slash(ann, "roles")).response()
    server.take_role(ann, weak)
    await (await server.slash(ann, "roles")).response()
    server.give_role(ann, mods)
    server.delete_role(mods)
    await (await server.slash(ann, "roles")).response()
    own = int(server.bot.permissions)
    assert seen == [
        (["@everyone", "Mods"], True, False, own),
        (["@everyone", "Mods"], False, False, own),
        (["@everyone"], False, True, own),
        (["@everyone"], False, True, own),
    ]
    cached = bot.get_guild(guild.id)
    assert cached is not None
    assert [role.name for role in cached.roles] == ["@everyone"]
    with pytest.raises(LookupError, match="gone"):
        server.give_role(ann, mods)
    assert bot.errors == []


async def test_people_who_leave(
    server: FakeDiscord, bot: SampleBot, http: Http, ann: User, guild: Guild, channel: Channel
) -> None:
    mods = server.add_role(guild, "Mods", members=[ann])
    answer = await (await server.slash(ann, "ask", {"question": "Why?"})).response()
    _, member = await http("GET", f"/guilds/{guild.id}/members/{ann.id}")
    assert member["roles"] == [str(mods.id)]
    server.leave(ann, guild)
    for act in (
        server.slash(ann, "now"),
        server.say(ann, channel, "hello"),
        server.click(answer, answer.button("Next"), ann),
    ):
        with pytest.raises(PermissionError, match="is not where"):
            await act
    assert (await http("GET", f"/guilds/{guild.id}/members/{ann.id}"))[1]["code"] == 10007
    assert (await http("GET", f"/guilds/{guild.id}/members/1"))[1]["code"] == 10013
    server.join(ann, guild)
    assert (await http("GET", f"/guilds/{guild.id}/members/{ann.id}"))[1]["roles"] == []
    assert [role["name"] for role in (await http("GET", f"/guilds/{guild.id}/roles"))[1]] == [
        "@everyone",
        "Mods",
    ]
    assert len((await http("GET", f"/guilds/{guild.id}/channels"))[1]) == 1
    assert bot.errors == []


async def test_a_person_kept_out_of_a_channel(
    server: FakeDiscord, bot: SampleBot, ann: User, channel: Channel
) -> None:
    server.overwrite(channel, ann, deny=Permissions.USE_APPLICATION_COMMANDS)
    with pytest.raises(PermissionError, match="lacks"):
        await server.slash(ann, "now")
    assert bot.errors == []


async def test_only_the_granted_intent_tells_of_members(ann: User) -> None:
    async with FakeDiscord(granted=Intents.GUILD_MEMBERS) as server:
        guild = server.add_guild()
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(server.gateway_url + "?v=10&encoding=json") as socket,
        ):
            wanted = int(Intents.GUILD_MEMBERS)
            data = {"token": server.token, "intents": wanted, "properties": {}}
            await socket.send_json({"op": 2, "d": data})
            await server.wait_ready()
            server.leave(ann, guild)
            server.join(ann, guild)
            frames = [await socket.receive_json() for _ in range(4)]
    names = [frame["t"] for frame in frames]
    assert names == [None, "READY", "GUILD_MEMBER_REMOVE", "GUILD_MEMBER_ADD"]


async def test_a_bot_that_is_thrown_out(
    server: FakeDiscord, bot: SampleBot, http: Http, ann: User, guild: Guild, channel: Channel
) -> None:
    other = server.add_channel(server.add_guild("Other"))
    server.remove_bot(guild)
    await caught_up(server, ann, other)
    assert bot.get_guild(guild.id) is None
    place = bot.get_partial_messageable(channel.id)
    assert await refused(place.send("hello")) == (403, 50001)
    assert (await http("GET", f"/guilds/{guild.id}/roles"))[1]["code"] == 50001
    server.invite_bot(guild)
    await caught_up(server, ann, other)
    assert bot.get_guild(guild.id) is not None
    await place.send("hello")


async def test_threads(
    server: FakeDiscord, bot: SampleBot, ann: User, guild: Guild, channel: Channel
) -> None:
    thread = server.add_thread(channel, "on curfews")
    asked = await server.slash(ann, "now", channel=thread)
    assert (await asked.followup()).channel == thread
    fetched = await bot.fetch_channel(thread.id)
    assert isinstance(fetched, discord.Thread)
    assert fetched.parent_id == channel.id
    await fetched.send("hello")
    server.overwrite(channel, server.bot, deny=Permissions.SEND_MESSAGES)
    await fetched.send("hello")
    server.overwrite(channel, server.bot, deny=Permissions.SEND_MESSAGES_IN_THREADS)
    assert await refused(fetched.send("hello")) == (403, 50013)
    server.delete_channel(channel)
    assert await refused(fetched.send("hello")) == (404, 10003)
    await caught_up(server, ann, server.add_channel(guild, "other"))
    assert bot.errors == []
    assert server.violations == []


async def test_a_nonce_holds_for_minutes_whatever_the_channel(
    server: FakeDiscord, http: Http, channel: Channel, guild: Guild
) -> None:
    body = {"content": "once", "nonce": "7", "enforce_nonce": True, "allowed_mentions": {}}
    other = server.add_channel(guild, "other")
    _, first = await http("POST", f"/channels/{channel.id}/messages", body)
    _, again = await http("POST", f"/channels/{other.id}/messages", body)
    assert again["id"] == first["id"]
    server.clock.advance(301)
    _, later = await http("POST", f"/channels/{channel.id}/messages", body)
    assert later["id"] != first["id"]
    await http("POST", f"/channels/{channel.id}/messages", body | {"enforce_nonce": False})
    assert len(server.messages) == 3
    if server.description is not None:
        long = body | {"nonce": "x" * 26}
        assert (await http("POST", f"/channels/{channel.id}/messages", long))[0] == 400
