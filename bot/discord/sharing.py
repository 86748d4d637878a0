"""A private answer made public: once, in its channel, by the person who asked."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import discord

from bot.discord.answers import answer_buttons, opened_by
from bot.discord.delivery import guarded, reachable
from bot.discord.limits import here_of
from bot.discord.outbox import Rendered, post_now
from bot.discord.replies import deferred, tell
from bot.messages.answers import shared_by
from bot.state.outbox import Message, SendingKind
from corpus.errors import InputError

if TYPE_CHECKING:
    from bot.discord.asking import Remembered
    from bot.discord.buttons import Actions, Press
    from bot.discord.client import MetquoteClient
    from bot.discord.outbox import Renderers
    from bot.state.outbox import Sending

_log = logging.getLogger("metquote")
_NOT_YOURS = "only the person who asked can share this answer; ask your own question with /ask"
_PUBLIC = "everybody here can see this answer already"
_AGAIN = "You shared this answer already."
_DONE = "Shared. Everybody in this channel sees it now."
_LATER = "Discord does not take it just now; it will be shared as soon as it does."
_STRANGER = (
    "I am not a member here, so I cannot write in this channel; somebody who may can add me, or "
    "copy the words with their source"
)


async def _share(press: Press) -> None:
    """Post the page in the channel, with the name of the person, who is not pinged."""
    interaction, client = press.interaction, press.client
    if not await deferred(interaction, private=True):
        return
    found = await opened_by(press)
    if interaction.user.id != found.kept.asker:
        raise InputError(_NOT_YOURS)
    if not found.kept.private:
        raise InputError(_PUBLIC)
    await _check_place(press)
    guild, person = interaction.guild_id, interaction.user.id
    await client.asking.in_thread(lambda: client.state.answers.share(press.kept, person))
    delivered = await post_now(
        client,
        Message(
            await client.asking.in_thread(lambda: _key(client, press.kept, guild)),
            SendingKind.SHARE,
            interaction.channel_id or 0,
            guild,
            {"answer": press.kept, "page": press.at},
            person,
        ),
    )
    if delivered is None:
        await tell(interaction, _AGAIN)
    elif delivered.failed is not None:
        await client.asking.in_thread(lambda: client.state.answers.unshare(press.kept, person))
        raise InputError(f"it could not be shared: {delivered.failed}")
    else:
        await tell(interaction, _DONE if delivered.message is not None else _LATER)


async def _check_place(press: Press) -> None:
    """Raise InputError unless both the bot and the person may write where they are."""
    interaction = press.interaction
    if not reachable(press.client, interaction):
        raise InputError(_STRANGER)
    if interaction.guild_id is None:
        return
    here = await here_of(press.client, interaction)
    if not here.answers:
        raise InputError("I do not answer in this channel, so nothing can be shared here")
    in_thread = isinstance(interaction.channel, discord.Thread)
    for whose, allowed in (
        ("I", interaction.app_permissions),
        ("you", interaction.permissions),
    ):
        may = allowed.send_messages_in_threads if in_thread else allowed.send_messages
        if not may:
            raise InputError(f"{whose} may not write in this channel, so it was not shared")


def _key(client: MetquoteClient, answer: str, guild: int | None) -> str:
    """The key of the answer in the outbox: a new one after each time that it was refused."""
    key = f"share/{answer}"
    failures = client.state.outbox.failures(guild)
    tried = sum(message.key.startswith(key) for message, _ in failures)
    return f"{key}/{tried + 1}" if tried else key


async def render(client: MetquoteClient, sending: Sending) -> Rendered:
    """The page as it is to be posted, whichever process does that.

    Raises:
        InputError: the answer is gone, or the person took it back.
    """
    message = sending.message
    found: Remembered = await client.asking.remembered(message.values["answer"])
    if not found.kept.shared:
        raise InputError("it was not shared in the end")
    settings = client.state.guilds.settings
    dates = (await client.asking.in_thread(lambda: settings(message.guild or 0))).date_language
    pages = await client.asking.in_thread(lambda: client.asking.pages(found, dates))
    page = pages[min(message.values["page"], len(pages) - 1)]
    view = answer_buttons(found.id, page)
    if message.person is not None:
        page = shared_by(page, await _name(client, message.person, message.guild))
    return Rendered(page, view, found.id)


async def _name(client: MetquoteClient, person: int, guild_id: int | None) -> str:
    """What people call somebody there. It is looked up and never kept."""
    guild = None if guild_id is None else client.get_guild(guild_id)
    if guild is not None:
        try:
            return (await guild.fetch_member(person)).display_name
        except discord.NotFound:
            _log.warning("somebody who shared an answer has left the server since")
    return (await client.fetch_user(person)).display_name


ACTIONS: Actions = {"share": guarded(_share)}
RENDERERS: Renderers = {SendingKind.SHARE: render}
