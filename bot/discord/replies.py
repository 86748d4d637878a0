"""How the bot speaks: pages as Discord's objects, private words to one person."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import aiohttp
import discord

from bot.markdown import escape

if TYPE_CHECKING:
    from collections.abc import Coroutine

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
    return await _acknowledged(interaction.response.defer(ephemeral=private, thinking=True))


async def held(interaction: discord.Interaction[discord.Client]) -> bool:
    """The same for a press or a form, whose message stays as it is for now."""
    return await _acknowledged(interaction.response.defer())


async def _acknowledged(deferring: Coroutine[Any, Any, Any]) -> bool:
    try:
        await deferring
    except discord.HTTPException as error:
        if error.code == ALREADY_ACKNOWLEDGED:
            return True
        if error.code != UNKNOWN_INTERACTION:
            raise
        _log.warning("Discord no longer knows an interaction that was to be acknowledged")
        return False
    except aiohttp.ClientError as error:
        # The connection broke: what follows shows whether Discord took it.
        _log.warning("whether an interaction was acknowledged is not known (%s)", error)
    return True


async def tell(interaction: discord.Interaction[discord.Client], text: str) -> None:
    """Say something to the person of an interaction alone.

    What Discord no longer takes (a late acknowledgement) is logged: there is nobody to tell.
    """
    nobody = discord.AllowedMentions.none()
    try:
        if not interaction.response.is_done():
            try:
                await interaction.response.send_message(
                    text, ephemeral=True, allowed_mentions=nobody
                )
            except discord.HTTPException as error:
                if error.code != ALREADY_ACKNOWLEDGED:
                    raise
            else:
                return
        await interaction.followup.send(text, ephemeral=True, allowed_mentions=nobody)
    except discord.HTTPException as error:
        _log.warning("a private message was not taken: %s", error)


def sentence(error: Exception) -> str:
    """An error of ours as a message: escaped, first letter large, with a full stop.

    What begins with a name (of a file, a host, a document) keeps it as it is.
    """
    text = escape(str(error))
    if text.partition(" ")[0].rstrip(",:;").isalpha():
        text = text[:1].upper() + text[1:]
    return text + ("" if text.endswith((".", "?", "!")) else ".")
