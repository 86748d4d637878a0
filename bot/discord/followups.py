"""Messages that follow an answer or a press: private ones, and public ones that are remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.discord.posting import NO_MENTIONS, proved, record
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
        await _followed(interaction, page, view=view, files=files, private=True)


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
    """Add a page to an answer that was given, and remember what it shows.

    Raises:
        discord.HTTPException: Discord refuses it.
    """
    message, page = await _followed(interaction, page, view=view, files=files, private=private)
    guild = interaction.guild_id
    await record(client, message, page, kind=kind, kept=kept, person=person, guild=guild)


async def _followed(
    interaction: discord.Interaction[discord.Client],
    page: Page,
    *,
    view: discord.ui.View | None,
    files: Sequence[discord.File],
    private: bool,
) -> tuple[discord.Message, Page]:
    """The message that follows an answer, and what it shows in the end."""
    content, embeds = message_of(page)
    message = await interaction.followup.send(
        content,
        embeds=embeds,
        view=view or discord.ui.View(),
        files=files,
        ephemeral=private,
        allowed_mentions=NO_MENTIONS,
        wait=True,
    )

    async def put(shown: Page) -> discord.Message:
        other, boxes = message_of(shown)
        return await message.edit(
            content=other, embeds=boxes, attachments=[], allowed_mentions=NO_MENTIONS
        )

    return message, await proved(message, page, put)
