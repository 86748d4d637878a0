"""How the bot speaks: pages as Discord's objects, private words to one person."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import discord

from bot.markdown import escape

if TYPE_CHECKING:
    from bot.messages import Page

_log = logging.getLogger("metquote")
# Discord no longer knows an interaction that was not acknowledged in time, or was twice.
UNKNOWN_INTERACTION = 10062
ALREADY_ACKNOWLEDGED = 40060
BROKE = "The answer could not be looked up; the people who run this bot find the reason in its log."


def message_of(page: Page) -> tuple[str, list[discord.Embed]]:
    """The content and the embeds of a page."""
    embeds = [
        discord.Embed(description=embed.description, colour=embed.colour)
        .set_footer(text=embed.footer)
        .set_image(url=embed.image and f"attachment://{embed.image}")
        for embed in page.embeds
    ]
    return page.content, embeds


async def deferred(interaction: discord.Interaction[discord.Client], *, private: bool) -> bool:
    """Acknowledge within Discord's three seconds; false if Discord no longer knows of it.

    Which happens at random; what is private can then be told to nobody.
    """
    try:
        await interaction.response.defer(ephemeral=private, thinking=True)
    except discord.HTTPException as error:
        if error.code == ALREADY_ACKNOWLEDGED:
            return True
        if error.code != UNKNOWN_INTERACTION:
            raise
        _log.warning("Discord no longer knows an interaction that was to be acknowledged")
        return False
    return True


async def tell(interaction: discord.Interaction[discord.Client], text: str) -> None:
    """Say something to the person of an interaction alone.

    What Discord no longer takes (a late acknowledgement) is logged: there is nobody to tell.
    """
    try:
        if interaction.response.is_done():
            await interaction.followup.send(
                text, ephemeral=True, allowed_mentions=discord.AllowedMentions.none()
            )
        else:
            await interaction.response.send_message(
                text, ephemeral=True, allowed_mentions=discord.AllowedMentions.none()
            )
    except discord.HTTPException as error:
        _log.warning("a private message was not taken: %s", error)


def sentence(error: Exception) -> str:
    """An error of ours as a message: escaped, first letter large, with a full stop."""
    text = escape(str(error))
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else ".")
