"""Who finds a command, where, and what the app may do there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
import pytest
from discord import app_commands

from .constants import Permissions
from .routes import Routes

if TYPE_CHECKING:
    from .records import Channel, Guild, User
    from .sample_bot import SampleBot
    from .server import FakeDiscord


@pytest.fixture
async def commands(bot: SampleBot) -> SampleBot:
    """The bot with a command for moderators, one for administrators, and one for everywhere."""

    async def tell(interaction: discord.Interaction[Any]) -> None:
        where = (interaction.context.guild, interaction.context.dm_channel)
        whose = (interaction.is_guild_integration(), interaction.is_user_integration())
        locales = f"{interaction.locale} {interaction.guild_locale} {interaction.guild_id}"
        await interaction.response.send_message(f"{where} {whose} {locales}")

    moderate: Any = app_commands.command(name="moderate", description="d")(tell)
    moderate.default_permissions = discord.Permissions(manage_guild=True)
    rule: Any = app_commands.command(name="rule", description="d")(tell)
    rule.default_permissions = discord.Permissions.none()
    local: Any = app_commands.command(name="local", description="d")(tell)
    app_commands.allowed_installs(guilds=True, users=False)(local)
    app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)(local)
    own: Any = app_commands.command(name="own", description="d")(tell)
    app_commands.allowed_installs(guilds=True, users=True)(own)
    app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)(own)
    for one in (moderate, rule, local, own):
        bot.tree.add_command(one)
    await bot.tree.sync()
    return bot


async def test_default_permissions_and_what_a_guild_makes_of_them(
    server: FakeDiscord, commands: SampleBot, ann: User, guild: Guild
) -> None:
    mods = server.add_role(guild, "Mods", Permissions.MANAGE_GUILD)
    helpers = server.add_role(guild, "Helpers")
    with pytest.raises(PermissionError, match="hidden"):
        await server.slash(ann, "moderate")
    server.give_role(ann, mods)
    await (await server.slash(ann, "moderate")).response()
    server.permit_command("moderate", mods, guild, allowed=False)
    with pytest.raises(PermissionError, match="hidden"):
        await server.slash(ann, "moderate")
    # One role that may is enough, and what is said of the person goes before all roles.
    server.give_role(ann, helpers)
    server.permit_command("moderate", helpers, guild)
    await (await server.slash(ann, "moderate")).response()
    server.permit_command("moderate", ann, guild, allowed=False)
    with pytest.raises(PermissionError, match="hidden"):
        await server.slash(ann, "moderate")
    with pytest.raises(PermissionError, match="hidden"):
        await server.slash(ann, "rule")
    server.permit_command("rule", guild, guild)
    await (await server.slash(ann, "rule")).response()
    with pytest.raises(LookupError, match="not registered"):
        server.permit_command("nothing", ann, guild)
    assert commands.errors == []


async def test_only_administrators_get_past_zero(
    server: FakeDiscord, commands: SampleBot, guild: Guild
) -> None:
    everything = server.add_user("Most", permissions=~Permissions.ADMINISTRATOR)
    with pytest.raises(PermissionError, match="hidden"):
        await server.slash(everything, "rule")
    chief = server.add_user("Chief", permissions=Permissions.ADMINISTRATOR)
    server.permit_command("rule", chief, guild, allowed=False)
    await (await server.slash(chief, "rule")).response()
    assert commands.errors == []


async def test_contexts_and_installs(
    server: FakeDiscord, commands: SampleBot, ann: User, guild: Guild
) -> None:
    abroad = server.add_channel(server.add_guild("Abroad", locale="fr", with_bot=False))
    assert abroad.guild is not None
    bea = server.add_user("Bea", locale="de")
    dm, group = (await server.direct_message(bea, "hi")).channel, server.add_group(ann, bea)
    told = {
        "": f"(True, False) (True, False) de en-GB {guild.id}",
        "own": f"(True, False) (False, True) de en-GB {guild.id}",
        "abroad": f"(True, False) (False, True) de fr {abroad.guild.id}",
        "dm": "(False, True) (False, False) de None None",
        "group": "(False, False) (False, True) de None None",
    }
    answers = {
        "": await server.slash(bea, "own"),
        "own": await server.slash(bea, "own", install="user"),
        "abroad": await server.slash(bea, "own", channel=abroad),
        "dm": await server.slash(bea, "own", channel=dm),
        "group": await server.slash(bea, "own", channel=group),
    }
    assert {key: (await one.response()).content for key, one in answers.items()} == told
    for channel in (abroad, dm, group):
        with pytest.raises(PermissionError, match="is not for"):
            await server.slash(bea, "local", channel=channel)
    with pytest.raises(PermissionError, match="installed by a user"):
        await server.slash(bea, "local", install="user")
    with pytest.raises(LookupError, match="not in this guild"):
        await server.slash(bea, "own", channel=abroad, install="guild")
    for channel in (dm, group):
        with pytest.raises(PermissionError, match="is not where"):
            await server.slash(server.add_user("Eve"), "own", channel=channel)
    assert commands.errors == []
    assert server.violations == []


async def test_an_app_of_the_users_own_has_no_channels(
    server: FakeDiscord, commands: SampleBot, ann: User
) -> None:
    abroad = server.add_channel(server.add_guild("Abroad", with_bot=False))
    assert abroad.guild is not None
    assert commands.get_guild(abroad.guild.id) is None
    place = commands.get_partial_messageable(abroad.id)
    group = commands.get_partial_messageable(server.add_group(ann, server.bot).id)
    for refused in (place.send("hello"), group.send("hello"), commands.fetch_channel(abroad.id)):
        with pytest.raises(discord.Forbidden, match="50001"):
            await refused
    await server.say(ann, abroad, f"hello {server.bot.mention}")
    await (await server.slash(ann, "own", channel=abroad)).response()
    assert commands.heard == []
    assert len(server.calls("POST", Routes.MESSAGES)) == 2


async def test_answers_are_private_where_outside_apps_are_not_wanted(
    server: FakeDiscord, commands: SampleBot, ann: User, channel: Channel, guild: Guild
) -> None:
    asked = await server.slash(ann, "own", install="user")
    assert not (await asked.response()).ephemeral
    server.overwrite(channel, guild, deny=Permissions.USE_EXTERNAL_APPS)
    asked = await server.slash(ann, "own", install="user")
    assert (await asked.response()).ephemeral
    # It is the guild's own app that the rule does not touch.
    asked = await server.slash(ann, "own")
    assert not (await asked.response()).ephemeral
    assert commands.errors == []


async def test_a_menu_shows_the_whole_message_abroad(
    server: FakeDiscord, bot: SampleBot, ann: User
) -> None:
    abroad = server.add_channel(server.add_guild("Abroad", with_bot=False))
    theirs = await server.say(server.add_user("Bob"), abroad, "“No curfew.”")
    shown = await server.context_menu(ann, "Verify", theirs)
    assert (await shown.response()).content == "verified: “No curfew.”"
    assert shown.install == "user"
    assert bot.errors == []
