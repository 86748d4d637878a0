"""Changes of a server's and a channel's settings, for moderators alone."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import discord

from bot.discord.permissions import moderating
from bot.discord.replies import sentence, tell
from bot.messages.settings import channel_lines, server_lines
from bot.state.settings import ChannelSettings, GuildSettings, Here
from corpus.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.discord.client import MetquoteClient

Interaction = discord.Interaction[discord.Client]
_CONTENT = 2_000
# What can be put back, by the name that moderators see: fields of a server, fields of a channel.
RESET: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "everything": (
        tuple(GuildSettings.__dataclass_fields__), tuple(ChannelSettings.__dataclass_fields__)
    ),
    "where I answer": (("answers_in",), ("answers",)),
    "public or private": (("private",), ("private",)),
    "sources": (("preferred", "left_out"), ("preferred", "left_out")),
    "cooldowns": (
        ("person_cooldown", "channel_cooldown", "guild_cooldown"),
        ("person_cooldown", "channel_cooldown"),
    ),
    "dates": (("date_language",), ()),
    "moderators": (("moderator_role", "moderators_channel"), ()),
    "digests": (("time_zone", "digest_hour", "digest_weekday"), ()),
}  # fmt: skip


def channel_of(
    client: MetquoteClient, interaction: Interaction, channel: int
) -> discord.TextChannel:
    """A channel of the server that a form was opened for.

    Raises:
        InputError: it is gone.
    """
    guild = client.get_guild(interaction.guild_id or 0)
    found = None if guild is None else guild.get_channel(channel)
    if not isinstance(found, discord.TextChannel):
        raise InputError("that channel is gone")
    return found


async def told(
    client: MetquoteClient,
    interaction: Interaction,
    work: Callable[[GuildSettings], Awaitable[str]],
) -> None:
    """Do ``work`` for a moderator, and tell them privately what it says, or why not."""
    try:
        text = await work(await moderating(client, interaction))
    except InputError as error:
        text = sentence(error)
    await tell(interaction, text)


async def choose(
    client: MetquoteClient,
    interaction: Interaction,
    channel: discord.TextChannel | None,
    values: dict[str, Any],
) -> str:
    """Change the server's settings to ``values``, or the channel's; what they are then.

    Raises:
        InputError: nothing is chosen, or a value makes no sense.
        StorageError: the settings cannot be written.
    """
    if not values:
        raise InputError("nothing was chosen; name at least one setting")
    guild, guilds = interaction.guild_id or 0, client.state.guilds

    def change() -> None:
        if channel is None:
            guilds.change(guild, **values)
        else:
            guilds.change_channel(guild, channel.id, **values)

    await asyncio.to_thread(change)
    client.places.changed()
    return "Done. " + await described(client, interaction, channel)


async def described(
    client: MetquoteClient, interaction: Interaction, channel: discord.TextChannel | None
) -> str:
    """What was chosen for the server, or what holds in a channel.

    Raises:
        StorageError: the settings cannot be read.
    """
    default, guild = client.service.settings.discord, interaction.guild_id or 0
    if channel is None:
        chosen = await asyncio.to_thread(client.state.guilds.settings, guild)
        lines = server_lines(chosen, default, lambda role: _role(interaction, role))
        title = "This server"
    else:
        own = await asyncio.to_thread(client.state.guilds.of_channel, guild, channel.id)
        lines = channel_lines(await holding(client, interaction, channel), own, default)
        title = f"In <#{channel.id}>"
    text = "\n".join([f"**{title}**", *(f"- {line}" for line in lines)])
    return text if len(text) <= _CONTENT else text[: _CONTENT - 1].rsplit("\n", 1)[0] + "\n…"


async def holding(
    client: MetquoteClient, interaction: Interaction, channel: discord.TextChannel | None
) -> Here:
    """What holds in a channel, or wherever the server's settings alone do.

    Raises:
        StorageError: the settings cannot be read.
    """
    guild = interaction.guild_id or 0
    if channel is not None:
        return await asyncio.to_thread(client.state.guilds.here, guild, channel.id)
    chosen = await asyncio.to_thread(client.state.guilds.settings, guild)
    return Here.of(0, chosen, ChannelSettings())


def _role(interaction: Interaction, role: int) -> str:
    found = interaction.guild.get_role(role) if interaction.guild is not None else None
    return f"@{found.name}" if found is not None else "of a role that is gone"
