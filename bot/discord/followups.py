"""Messages that follow an answer or a press: private ones, and public ones that are remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.discord.posting import NO_MENTIONS, proved, remembered
from bot.discord.recording import Posting
from bot.discord.replies import deferred, is_acknowledged, message_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.discord.client import MetquoteClient
    from bot.messages.answers import Page


async def whisper(
    interaction: discord.Interaction[discord.Client],
    page: Page,
    *,
    view: discord.ui.View | None = None,
    files: Sequence[discord.File] = (),
) -> None:
    """Show a page to the person of an interaction alone, as a message of its own.

    Raises:
        discord.HTTPException: Discord refuses it.
    """
    if is_acknowledged(interaction) or await deferred(interaction, private=True):
        message = await _sent(interaction, page, view=view, files=files, private=True)
        await proved(message, page, lambda other: _put(message, other))


async def follow(
    client: MetquoteClient,
    interaction: discord.Interaction[discord.Client],
    page: Page,
    *,
    kind: str,
    private: bool,
    view: discord.ui.View | None = None,
    files: Sequence[discord.File] = (),
    kept: str | None = None,
    person: int | None = None,
) -> None:
    """Add a page to an answer that was given, and remember what it shows, if it is public.

    Raises:
        discord.HTTPException: Discord refuses it.
        StorageError: the state cannot be written.
    """
    if private:
        await whisper(interaction, page, view=view, files=files)
        return
    posting = Posting(interaction.channel_id or 0, interaction.guild_id, kind, kept, person)

    async def sent(nonce: str | None) -> discord.Message:
        # Discord takes no nonce of a message that follows.
        del nonce
        return await _sent(interaction, page, view=view, files=files, private=False)

    await remembered(client, posting, page, sent, _put)


async def _sent(
    interaction: discord.Interaction[discord.Client],
    page: Page,
    *,
    view: discord.ui.View | None,
    files: Sequence[discord.File],
    private: bool,
) -> discord.WebhookMessage:
    content, embeds = message_of(page)
    return await interaction.followup.send(
        content,
        embeds=embeds,
        view=view or discord.ui.View(),
        files=files,
        ephemeral=private,
        allowed_mentions=NO_MENTIONS,
        wait=True,
    )


async def _put(message: discord.Message, page: Page) -> discord.Message:
    """Another page, and no file, in a message that follows."""
    content, embeds = message_of(page)
    return await message.edit(
        content=content, embeds=embeds, attachments=[], allowed_mentions=NO_MENTIONS
    )
