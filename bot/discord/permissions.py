"""Who may do what: members, moderators of a server, those who may change the corpus."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import discord

from bot.state.settings import GuildSettings
from corpus.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.discord.client import MetquoteClient
    from bot.settings import DiscordSettings

NOT_A_MODERATOR = (
    "that is for the moderators of this server: members with the permission Manage Server, or "
    "with the role that /settings names"
)
NOT_A_CURATOR = "that is for those whom the operator of this bot lets change its documents"
NOT_IN_A_SERVER = "that works in a server alone"


def roles_of(person: discord.Member | discord.User) -> frozenset[int]:
    """The ids of the roles that came with the interaction; none outside a server."""
    return frozenset(role.id for role in getattr(person, "roles", ()))


def is_moderator(interaction: discord.Interaction[discord.Client], settings: GuildSettings) -> bool:
    """Whether the person moderates the server they are in.

    The permissions are those that Discord sent with the interaction, at the moment of the click.
    """
    if interaction.guild_id is None:
        return False
    if interaction.permissions.manage_guild:
        return True
    return settings.moderator_role in roles_of(interaction.user)


def moderated(interaction: discord.Interaction[discord.Client], settings: GuildSettings) -> int:
    """The server's id, if the person moderates it.

    Raises:
        InputError: they do not, or this is no server.
    """
    if interaction.guild_id is None:
        raise InputError(NOT_IN_A_SERVER)
    if not is_moderator(interaction, settings):
        raise InputError(NOT_A_MODERATOR)
    return interaction.guild_id


async def moderating(
    client: MetquoteClient, interaction: discord.Interaction[discord.Client]
) -> GuildSettings:
    """The server's settings as they are now, if the person moderates it.

    Raises:
        InputError: they do not, or this is no server.
        StorageError: the settings cannot be read.
    """
    guild, settings = interaction.guild_id, GuildSettings()
    if guild is not None:
        settings = await asyncio.to_thread(client.state.guilds.settings, guild)
    moderated(interaction, settings)
    return settings


def curating(interaction: discord.Interaction[discord.Client], settings: DiscordSettings) -> str:
    """How the journal names the person, if the operator lets them change the corpus.

    Raises:
        InputError: the operator does not.
    """
    person = interaction.user
    allowed: Collection[int] = settings.corpus_users
    if person.id not in allowed and not roles_of(person) & set(settings.corpus_roles):
        raise InputError(NOT_A_CURATOR)
    return f"discord:{person.id}"


def postable(
    client: MetquoteClient, interaction: discord.Interaction[discord.Client], channel_id: int
) -> discord.TextChannel:
    """The channel, if it is there and both the bot and the person may write in it now.

    Raises:
        InputError: it is not, or one of them may not.
    """
    guild = client.get_guild(interaction.guild_id or 0)
    channel = None if guild is None else guild.get_channel(channel_id)
    if guild is None or not isinstance(channel, discord.TextChannel):
        raise InputError("that channel is gone; choose another one")
    mine = channel.permissions_for(guild.me)
    if not (mine.view_channel and mine.send_messages and mine.embed_links):
        raise InputError(
            f"I may not write in #{channel.name}; let me View Channel, Send Messages and Embed "
            "Links there, or choose another one"
        )
    person = interaction.user
    theirs = channel.permissions_for(person) if isinstance(person, discord.Member) else None
    if theirs is None or not (theirs.view_channel and theirs.send_messages):
        raise InputError(f"you may not write in #{channel.name} yourself; choose another one")
    return channel
