"""``/about``, ``/help`` and ``/forget-me``, and the word on how it works in a new server."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.curation.backup import MEMORY
from bot.discord.limits import here_of
from bot.discord.permissions import is_moderator
from bot.discord.posting import NO_MENTIONS
from bot.discord.refusals import TROUBLES
from bot.discord.replies import deferred, tell
from bot.messages.about import About, about_text, forgotten_text, help_text
from bot.messages.answers import unnamed

if TYPE_CHECKING:
    from bot.discord.buttons import Actions, Press
    from bot.discord.client import MetquoteClient
    from bot.state import State
    from bot.state.posts import Post

_log = logging.getLogger("metquote")
# So many answers in a server offer a word on how it works.
_FIRST_ANSWERS = 3

_Command = app_commands.Command[app_commands.Group, ..., None]


class FirstAnswers:
    """Counts the first answers in each server; no person is counted."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._known: set[int] = set()

    def is_known(self, guild: int | None) -> bool:
        """Whether there were enough answers already, without a look at the state."""
        return guild is None or guild in self._known

    def take(self, guild: int | None) -> bool:
        """Whether this is one of the first answers of a server; counts it.

        Raises:
            StorageError: the state cannot be used.
        """
        if guild is None or self.is_known(guild):
            return False
        name = _answers(guild)
        count = int(self._state.facts.get(name) or 0)
        if count >= _FIRST_ANSWERS:
            self._known.add(guild)
            return False
        self._state.facts.put(name, str(count + 1))
        return True

    def forget(self, guild: int) -> None:
        """Forget a server's answers, as if there had been none.

        Raises:
            StorageError: the state cannot be used.
        """
        self._known.discard(guild)
        self._state.facts.forget(_answers(guild))


def _answers(guild: int) -> str:
    return f"answers/{guild}"


def about_command(client: MetquoteClient) -> _Command:
    """``/about``, bound to ``client``."""

    @app_commands.command(name="about", description="What this is, and what it keeps about you.")
    async def about(interaction: discord.Interaction[discord.Client]) -> None:
        if await deferred(interaction, private=True):
            here = await here_of(client, interaction)
            dates = here.guild.date_language
            text = await client.asking.in_thread(lambda: about_text(_about(client), dates))
            await tell(interaction, text)

    return about


def help_command(client: MetquoteClient) -> _Command:
    """``/help``, bound to ``client``."""

    @app_commands.command(name="help", description="What you can ask me, and how.")
    async def help_(interaction: discord.Interaction[discord.Client]) -> None:
        await _help(client, interaction)

    return help_


def forget_command(client: MetquoteClient) -> _Command:
    """``/forget-me``, bound to ``client``."""

    @app_commands.command(
        name="forget-me", description="Delete what I keep of you, and take your name off the rest."
    )
    async def forget(interaction: discord.Interaction[discord.Client]) -> None:
        if not await deferred(interaction, private=True):
            return
        person = interaction.user.id
        done = await client.asking.in_thread(lambda: client.state.forget(person))
        left = [post for post in done.posts if not await _unname(client, post)]
        await tell(interaction, forgotten_text(done, len(left)))

    return forget


async def _help(client: MetquoteClient, interaction: discord.Interaction[discord.Client]) -> None:
    here = await here_of(client, interaction)
    moderates = is_moderator(interaction, here.guild)
    everybody: list[tuple[str, str]] = []
    moderators: list[tuple[str, str]] = []
    for command in client.tree.get_commands():
        for name, description in _listed(command):
            (moderators if command.default_permissions else everybody).append((name, description))
    menus = [one.name for one in client.tree.get_commands(type=discord.AppCommandType.message)]
    await tell(interaction, help_text(everybody, moderators if moderates else [], menus))


def _listed(
    command: app_commands.Command[app_commands.Group, ..., None]
    | app_commands.Group
    | app_commands.ContextMenu,
) -> list[tuple[str, str]]:
    if isinstance(command, app_commands.Group):
        return [
            (one.qualified_name, one.description)
            for one in command.walk_commands()
            if isinstance(one, app_commands.Command)
        ]
    if isinstance(command, app_commands.Command):
        return [(command.qualified_name, command.description)]
    return []


async def _pressed(press: Press) -> None:
    await _help(press.client, press.interaction)


def _about(client: MetquoteClient) -> About:
    service = client.service
    with service.snapshot() as snapshot:
        catalogue = snapshot.catalogue
        known = catalogue.document_ids()
        return About(
            documents=len(set(known) - catalogue.hidden),
            newest=catalogue.newest(),
            looked=_looked(client),
            kept_days=service.settings.discord.kept_days,
        )


def _looked(client: MetquoteClient) -> datetime | None:
    """When the feeds were looked at last: whoever does it writes their memory."""
    path = client.service.settings.data / MEMORY
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:
        return None


async def _unname(client: MetquoteClient, post: Post) -> bool:
    """Take the name of who shared it off a message; whether it is off, or the message is gone."""
    channel = client.get_partial_messageable(post.channel, guild_id=post.guild)
    try:
        message = await channel.fetch_message(post.message)
        content = unnamed(message.content)
        edited = await message.edit(content=content, allowed_mentions=NO_MENTIONS)
    except discord.NotFound:
        return True
    except TROUBLES as error:
        _log.warning("a name could not be taken off a message: %s", error)
        return False
    return edited.content.strip() == content.strip()


ACTIONS: Actions = {"help": _pressed}
