"""How the bot speaks: pages as Discord's objects, private words to one person."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import aiohttp
import discord

from bot.messages.markdown import escape

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from bot.messages.answers import Page

_log = logging.getLogger("metquote")
# Discord no longer knows an interaction that was not acknowledged in time, or was twice.
UNKNOWN_INTERACTION = 10062
ALREADY_ACKNOWLEDGED = 40060
# Among what discord.py lets us note of an interaction.
_ACKNOWLEDGED, _ANSWER = "acknowledged", "answer"
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
    deferring = interaction.response.defer(ephemeral=private, thinking=True)
    return await _acknowledged(interaction, deferring)


def answer_of(interaction: discord.Interaction[discord.Client]) -> tuple[int, bool] | None:
    """The id of the message that answers, and whether it is private, as the acknowledgement said.

    ``None`` if Discord's answer to that was lost.
    """
    found: tuple[int, bool] | None = interaction.extras.get(_ANSWER)
    return found


async def held(interaction: discord.Interaction[discord.Client]) -> bool:
    """The same for a press or a form, whose message stays as it is for now."""
    return await _acknowledged(interaction, interaction.response.defer())


def is_acknowledged(interaction: discord.Interaction[discord.Client]) -> bool:
    """Whether Discord was told that it is being answered, as far as is known."""
    return interaction.response.is_done() or _ACKNOWLEDGED in interaction.extras


def mark_acknowledged(interaction: discord.Interaction[discord.Client]) -> None:
    """Note what discord.py does not: Discord was told, and its answer was lost, or a refusal."""
    interaction.extras[_ACKNOWLEDGED] = True


async def _acknowledged(
    interaction: discord.Interaction[discord.Client], deferring: Coroutine[Any, Any, Any]
) -> bool:
    try:
        done = await deferring
    except discord.HTTPException as error:
        if error.code == ALREADY_ACKNOWLEDGED:
            mark_acknowledged(interaction)
            return True
        if error.code != UNKNOWN_INTERACTION:
            raise
        _log.warning("Discord no longer knows an interaction that was to be acknowledged")
        return False
    except aiohttp.ClientError as error:
        # The connection broke: what follows shows whether Discord took it.
        mark_acknowledged(interaction)
        _log.warning("whether an interaction was acknowledged is not known (%s)", error)
    else:
        if done is not None and done.message_id is not None:
            interaction.extras[_ANSWER] = done.message_id, done.is_ephemeral()
    return True


async def tell(interaction: discord.Interaction[discord.Client], text: str) -> None:
    """Say something to the person of an interaction alone.

    What Discord no longer takes (a late acknowledgement) is logged: there is nobody to tell.
    """
    nobody = discord.AllowedMentions.none()
    try:
        if not is_acknowledged(interaction):
            if await _told_at_once(interaction, text):
                return
            if await _stands(interaction, text):
                return
        await interaction.followup.send(text, ephemeral=True, allowed_mentions=nobody)
    except (discord.HTTPException, aiohttp.ClientError) as error:
        _log.warning("a private message was not taken: %s", error)


async def _told_at_once(interaction: discord.Interaction[discord.Client], text: str) -> bool:
    """Whether it was said as the answer; else the interaction was acknowledged before."""
    nobody = discord.AllowedMentions.none()
    try:
        await interaction.response.send_message(text, ephemeral=True, allowed_mentions=nobody)
    except discord.HTTPException as error:
        if error.code != ALREADY_ACKNOWLEDGED:
            raise
    except aiohttp.ClientError as error:
        _log.warning("whether something was said privately is not known (%s)", error)
    else:
        return True
    mark_acknowledged(interaction)
    return False


async def _stands(interaction: discord.Interaction[discord.Client], text: str) -> bool:
    """Whether the answer that Discord has says so: it was taken, and only its receipt was lost."""
    try:
        message = await interaction.original_response()
    except discord.NotFound:
        return False
    return bool(message.content.strip() == text.strip())


def sentence(error: Exception) -> str:
    """An error of ours as a message: escaped, first letter large, with a full stop.

    What begins with a name (of a file, a host, a document) keeps it as it is.
    """
    text = escape(str(error))
    if text.partition(" ")[0].rstrip(",:;").isalpha():
        text = text[:1].upper() + text[1:]
    return text + ("" if text.endswith((".", "?", "!")) else ".")
