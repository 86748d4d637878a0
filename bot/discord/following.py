"""``/follow``, ``/following`` and ``/unfollow``: topics that a server's channels are told of."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, get_args

import discord
from discord import app_commands

from bot.discord.permissions import moderating, postable
from bot.discord.posting import NO_MENTIONS
from bot.discord.replies import deferred, sentence, tell
from bot.following import checked_topic
from bot.messages.follows import began, following
from bot.messages.markdown import escape, shortened
from bot.state.digests import Follow, Mode
from corpus.document import Kind
from corpus.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.discord.client import MetquoteClient

_log = logging.getLogger("metquote")
_Command = app_commands.Command[app_commands.Group, ..., None]
_TOPIC_CHARACTERS = 300
# One message a new announcement each, and each announcement is matched with all.
_MOST_FOLLOWS = 100
# Discord's limits of an autocompletion.
_CHOICES, _CHOICE_CHARACTERS = 25, 100
_KINDS = [app_commands.Choice(name=kind, value=kind) for kind in get_args(Kind)]
_MODES = [app_commands.Choice(name=mode.value, value=mode.value) for mode in Mode]
_NOT_FOLLOWED = "that is not followed here; see /following"


def add_commands(client: MetquoteClient) -> None:
    """Add the commands to the client's tree."""
    for command in (follow_command(client), following_command(client), unfollow_command(client)):
        client.tree.add_command(command)


def follow_command(client: MetquoteClient) -> _Command:
    """``/follow``, bound to ``client``."""

    @_for_moderators
    @app_commands.command(
        name="follow", description="Post new and corrected announcements on a topic in a channel."
    )
    @app_commands.describe(
        topic="What it is about, such as: stop and search",
        channel="Where to post the passages",
        kind="Only announcements, news or letters",
        mode="At once, or in a digest at this server's own hour (see /settings)",
    )
    @app_commands.choices(kind=_KINDS, mode=_MODES)
    async def follow(
        interaction: discord.Interaction[discord.Client],
        topic: app_commands.Range[str, 1, _TOPIC_CHARACTERS],
        channel: discord.TextChannel,
        kind: str | None = None,
        mode: str = Mode.AT_ONCE.value,
    ) -> None:
        try:
            await moderating(client, interaction)
            wanted = Follow(
                interaction.guild_id or 0,
                postable(client, interaction, channel.id).id,
                checked_topic(topic),
                Mode(mode),
                kind,
            )
            if await deferred(interaction, private=True):
                kept = await client.work.in_thread(lambda: _added(client, wanted))
                await _say(interaction, (began(kept),))
        except InputError as error:
            await tell(interaction, sentence(error))

    return follow


def following_command(client: MetquoteClient) -> _Command:
    """``/following``, bound to ``client``."""

    @_for_moderators
    @app_commands.command(name="following", description="What this server's channels follow.")
    async def listed(interaction: discord.Interaction[discord.Client]) -> None:
        try:
            await moderating(client, interaction)
        except InputError as error:
            await tell(interaction, sentence(error))
            return
        guild = interaction.guild_id or 0
        if await deferred(interaction, private=True):
            follows = await client.work.in_thread(lambda: client.state.follows.of_guild(guild))
            await _say(interaction, following(follows))

    return listed


def unfollow_command(client: MetquoteClient) -> _Command:
    """``/unfollow``, bound to ``client``."""

    @_for_moderators
    @app_commands.command(name="unfollow", description="End what a channel follows.")
    @app_commands.describe(followed="Which; choose from the list")
    async def unfollow(
        interaction: discord.Interaction[discord.Client],
        followed: app_commands.Range[str, 1, _TOPIC_CHARACTERS],
    ) -> None:
        try:
            await moderating(client, interaction)
            guild = interaction.guild_id or 0
            if not await deferred(interaction, private=True):
                return
            gone = await client.work.in_thread(lambda: _removed(client, guild, followed))
            topic = escape(shortened(gone.topic, _TOPIC_CHARACTERS))
            await _say(interaction, (f"<#{gone.channel}> no longer follows **{topic}**.",))
        except InputError as error:
            await tell(interaction, sentence(error))

    @unfollow.autocomplete("followed")
    async def choices(
        interaction: discord.Interaction[discord.Client], typed: str
    ) -> list[app_commands.Choice[str]]:
        try:
            await moderating(client, interaction)
        except InputError:
            return []
        guild = interaction.guild_id or 0
        follows = await client.work.in_thread(lambda: client.state.follows.of_guild(guild))
        found = [one for one in follows if typed.casefold() in one.topic.casefold()]
        return [
            app_commands.Choice(name=_choice(client, one), value=str(one.id))
            for one in found[:_CHOICES]
        ]

    return unfollow


async def forget_messages(client: MetquoteClient, messages: Iterable[int]) -> None:
    """Forget what deleted messages of the bot's showed; others were never remembered."""
    posts = client.state.posts

    def forget() -> None:
        for message in messages:
            if posts.of_message(message) is not None:
                posts.forget(message=message)

    await client.work.in_thread(forget)


async def forget_channel(client: MetquoteClient, guild: int, channel: int) -> None:
    """Forget what a deleted channel showed, and what it followed."""
    state = client.state

    def forget() -> None:
        state.posts.forget(channel=channel)
        for one in state.follows.of_guild(guild):
            if one.channel == channel:
                state.follows.remove(guild, one.id)

    await client.work.in_thread(forget)


async def forget_guild(client: MetquoteClient, guild: int) -> None:
    """Forget what a server chose, followed, asked and was shown."""

    def forget() -> None:
        client.state.guilds.forget(guild)
        client.first_answers.forget(guild)

    await client.work.in_thread(forget)
    client.places.changed()
    _log.info("server %d is left, and all that was kept of it is forgotten", guild)


def _for_moderators(command: _Command) -> _Command:
    command = app_commands.default_permissions(manage_guild=True)(command)
    command = app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)(command)
    return app_commands.allowed_installs(guilds=True, users=False)(command)


def _added(client: MetquoteClient, wanted: Follow) -> Follow:
    follows = client.state.follows
    if len(follows.of_guild(wanted.guild)) >= _MOST_FOLLOWS:
        raise InputError(
            f"this server follows {_MOST_FOLLOWS} topics already; end one with /unfollow first"
        )
    return follows.add(wanted)


def _removed(client: MetquoteClient, guild: int, followed: str) -> Follow:
    """The follow that was chosen, or whose topic was typed, if it is the only one of that topic."""
    follows = client.state.follows.of_guild(guild)
    typed = " ".join(followed.casefold().split())
    found = [one for one in follows if str(one.id) == followed] or [
        one for one in follows if one.topic.casefold() == typed
    ]
    if len(found) > 1:
        raise InputError("several channels follow that topic; choose one from the list")
    if not found or not client.state.follows.remove(guild, found[0].id):
        raise InputError(_NOT_FOLLOWED)
    return found[0]


def _choice(client: MetquoteClient, follow: Follow) -> str:
    channel = client.get_channel(follow.channel)
    name = getattr(channel, "name", "a channel that is gone")
    kind = f", {follow.kind}" if follow.kind else ""
    tail = f" · #{name}{kind} · {follow.mode}"[: _CHOICE_CHARACTERS // 2]
    return shortened(follow.topic, _CHOICE_CHARACTERS - len(tail)) + tail


async def _say(interaction: discord.Interaction[discord.Client], texts: tuple[str, ...]) -> None:
    """Fill a private answer, and go on in as many more as it takes."""
    await interaction.edit_original_response(content=texts[0], allowed_mentions=NO_MENTIONS)
    for text in texts[1:]:
        await interaction.followup.send(text, ephemeral=True, allowed_mentions=NO_MENTIONS)
