"""Servers that the bot is in and leaves, and what they are offered there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from bot.state.settings import GuildSettings
from tests.bot.discord.growing_stage import GrowingStage, growing
from tests.bot.discord.people import command
from tests.fake_discord import Intents, Permissions

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.state import State
    from tests.conftest import TinyData
    from tests.fake_discord import Channel, Guild, Message

pytestmark = pytest.mark.asyncio(loop_scope="module")

_GUILD, _ALONE_WITH_BOT, _PRIVATE_CHANNEL = 0, 1, 2
_GUILD_INSTALL, _USER_INSTALL = 0, 1
_MODERATORS = {"follow", "following", "unfollow", "settings", "summary", "unanswered"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def serving(
    _tiny_built: TinyData, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[GrowingStage]:
    async with growing(tmp_path_factory.mktemp("servers"), _tiny_built) as staged:
        await staged.start()
        yield staged
        assert await staged.stop() == 0, staged.log


@pytest_asyncio.fixture(loop_scope="module")
async def stage(serving: GrowingStage) -> AsyncIterator[GrowingStage]:
    yield serving
    assert "Traceback" not in serving.log
    serving.check()


async def settled_in(stage: GrowingStage) -> tuple[Guild, Channel, Message]:
    """Another server, with something followed, chosen and answered."""
    guild = stage.server.add_guild()
    channel = stage.server.add_channel(guild)
    given = {"topic": "parade", "channel": channel}
    await command(stage, stage.moderator, "follow", given, channel=channel)
    answer = await command(
        stage, stage.person(), "ask", {"question": "drugs at the carnival"}, channel=channel
    )
    state = stage.open_state()
    state.guilds.change(guild.id, private=True)
    state.guilds.change_channel(guild.id, channel.id, answers=True)
    await stage.kept(lambda state: state.posts.of_message(answer.id), "the answer's post")
    assert state.facts.get(f"answers/{guild.id}") is not None
    state.close()
    return guild, channel, answer


def is_forgotten(state: State, guild: Guild, answer: Message) -> bool:
    return (
        state.follows.of_guild(guild.id) == ()
        and state.posts.of_message(answer.id) is None
        and state.guilds.settings(guild.id) == GuildSettings()
        and state.facts.get(f"answers/{guild.id}") is None
    )


async def test_a_server_that_the_bot_is_removed_from_is_forgotten(stage: GrowingStage) -> None:
    gone, _, answer = await settled_in(stage)
    stays, _, other = await settled_in(stage)
    stage.server.remove_bot(gone)
    await stage.kept(lambda state: is_forgotten(state, gone, answer), "that it is forgotten")
    state = stage.open_state()
    assert len(state.follows.of_guild(stays.id)) == 1
    assert state.posts.of_message(other.id) is not None
    assert state.guilds.settings(stays.id).private
    state.close()
    # Whoever lets it in again begins anew.
    stage.server.invite_bot(gone)
    again = stage.server.add_channel(gone, "again")
    told = await command(stage, stage.person(), "ask", {"question": "carnival"}, channel=again)
    assert told.public


async def test_a_server_that_is_down_for_a_while_is_not_forgotten(stage: GrowingStage) -> None:
    down, _, answer = await settled_in(stage)
    left, _, other = await settled_in(stage)
    payload = {"id": str(down.id), "unavailable": True}
    stage.server._gateway.force("GUILD_DELETE", payload, Intents.GUILDS, guild=down)
    # What comes later is handled later.
    stage.server.remove_bot(left)
    await stage.kept(lambda state: is_forgotten(state, left, other), "that it is forgotten")
    state = stage.open_state()
    assert len(state.follows.of_guild(down.id)) == 1
    assert state.posts.of_message(answer.id) is not None
    assert state.guilds.settings(down.id).private
    state.close()
    stage.server.invite_bot(down)


async def test_moderators_commands_are_offered_in_servers_to_moderators_alone(
    stage: GrowingStage,
) -> None:
    registered = {one["name"]: one for one in stage.server.commands}
    moderated = {name for name, one in registered.items() if one["default_member_permissions"]}
    assert moderated == _MODERATORS | {"corpus"}
    for name, one in registered.items():
        permissions = one["default_member_permissions"]
        contexts, installs = set(one["contexts"]), set(one["integration_types"])
        if name in moderated:
            assert int(permissions) == Permissions.MANAGE_GUILD, name
            assert installs == {_GUILD_INSTALL}, name
            # Curators are people whom the operator named, who may write to the bot directly too.
            alone = {_ALONE_WITH_BOT} if name == "corpus" else set()
            assert contexts == {_GUILD} | alone, name
        else:
            assert installs == {_GUILD_INSTALL, _USER_INSTALL}, name
            assert contexts == {_GUILD, _ALONE_WITH_BOT, _PRIVATE_CHANNEL}, name
