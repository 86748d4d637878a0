"""What a command found, put where it was asked for; what Discord refuses is told privately."""

from __future__ import annotations

import functools
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

import aiohttp
import discord

from bot.discord.posting import answer, send
from bot.discord.recording import Posting
from bot.discord.refusals import Refusal, refusal_of
from bot.discord.replies import ALREADY_ACKNOWLEDGED, BROKE, deferred, held, sentence, tell
from bot.messages.answers import Page
from corpus.errors import InputError, MetquoteError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from bot.discord.buttons import Action, Press
    from bot.discord.client import MetquoteClient

_log = logging.getLogger("metquote")
# An interaction's token is good for fifteen minutes; then Discord knows it no more.
_EXPIRED = (50027, 10015)
_BLOCKED = (
    "This server's AutoMod does not let these words be shown here; ask me in a direct message."
)
_BROKEN = "The connection to Discord broke; if you do not see what you asked for, please try again."
_REFUSED = "Discord did not take the answer; please try again."


@dataclass(frozen=True, slots=True)
class Delivery:
    """A page, its buttons and files, and what to remember of it (see `posting.answer`)."""

    page: Page
    kind: str
    view: discord.ui.View | None = None
    files: Sequence[discord.File] = ()
    kept: str | None = None


async def delivered(
    client: MetquoteClient,
    interaction: discord.Interaction[discord.Client],
    work: Callable[[], Awaitable[Delivery]],
    *,
    private: bool,
) -> bool:
    """Acknowledge a command, do its ``work``, and show what came of it; whether it was shown.

    A public answer to an interaction that Discord no longer knows goes into the channel.
    """
    known = await deferred(interaction, private=private)
    if not known and (private or not reachable(client, interaction)):
        _log.warning("a question that Discord lost cannot be answered")
        return False
    try:
        made = await work()
    except InputError as error:
        made = Delivery(Page(sentence(error), (), 0, 1), "notice")
    except MetquoteError:
        _log.exception("a command could not be answered")
        made = Delivery(Page(BROKE, (), 0, 1), "notice")
    shown = await _shown(client, interaction, made, private=private) if known else None
    if shown is None:
        await _by_itself(client, interaction, made)
    return bool(shown)


async def _shown(
    client: MetquoteClient,
    interaction: discord.Interaction[discord.Client],
    made: Delivery,
    *,
    private: bool,
) -> bool | None:
    """Whether it was shown as the answer; ``None`` if it is to go into the channel by itself."""
    try:
        await answer(
            client, interaction, made.page, kind=made.kind, view=made.view, files=made.files,
            kept=made.kept,
        )  # fmt: skip
    except aiohttp.ClientError as error:
        await refused(interaction, error)
        return False
    except discord.HTTPException as error:
        is_lost = error.code in _EXPIRED and not made.files
        if private or not is_lost or not reachable(client, interaction):
            await taken_back(interaction, error)
            return False
        _log.warning("an answer took longer than its interaction lived; it goes by itself")
        return None
    return True


async def _by_itself(
    client: MetquoteClient, interaction: discord.Interaction[discord.Client], made: Delivery
) -> None:
    channel = interaction.channel
    if not isinstance(channel, discord.abc.Messageable):
        return
    posting = Posting(interaction.channel_id or 0, interaction.guild_id, made.kind, made.kept)
    try:
        await send(client, channel, made.page, posting, view=made.view, files=made.files)
    except (discord.HTTPException, aiohttp.ClientError) as error:
        _log.warning("Discord refused an answer in a channel: %s", error)


def reachable(client: MetquoteClient, interaction: discord.Interaction[discord.Client]) -> bool:
    """Whether the bot could write where it was asked without being asked: it is a member there."""
    if interaction.guild_id is None:
        return interaction.context.dm_channel
    return client.get_guild(interaction.guild_id) is not None


def guarded(action: Action) -> Action:
    """An action whose refusal by Discord is told to whoever pressed."""

    @functools.wraps(action)
    async def pressed(press: Press) -> None:
        try:
            await action(press)
        except (discord.HTTPException, aiohttp.ClientError) as error:
            await refused(press.interaction, error)

    return pressed


def acknowledging(action: Action) -> Action:
    """A guarded action that Discord is told of first: to look something up may take too long.

    The message stays as it is until then; a refusal is told in a private message of its own.
    """

    async def acknowledged(press: Press) -> None:
        if await held(press.interaction):
            await action(press)

    return guarded(acknowledged)


async def refused(
    interaction: discord.Interaction[discord.Client],
    error: discord.HTTPException | aiohttp.ClientError,
) -> None:
    """Say privately that Discord did not take something, or that the connection to it broke."""
    _log.warning("Discord refused what was to be shown: %s", error)
    if not isinstance(error, discord.HTTPException):
        await tell(interaction, _BROKEN)
    elif error.code == ALREADY_ACKNOWLEDGED:
        _log.info("the first of two such requests was heeded")
    else:
        is_blocked = refusal_of(error) is Refusal.BLOCKED
        await tell(interaction, _BLOCKED if is_blocked else _REFUSED)


async def taken_back(
    interaction: discord.Interaction[discord.Client], error: discord.HTTPException
) -> None:
    """The same, where everybody else sees that the bot thinks: it stops."""
    try:
        await interaction.delete_original_response()
    except discord.HTTPException as again:
        _log.warning("an answer could not be taken back: %s", again)
    await refused(interaction, error)
