"""``/ask``, and questions put by mention or direct message."""

from __future__ import annotations

import logging
import re
import time
from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.discord.replies import (
    BROKE,
    deferred,
    message_of,
    sentence,
    tell,
)
from bot.discord.views import page_buttons
from bot.emergency import advised
from corpus.errors import InputError

if TYPE_CHECKING:
    from bot.discord.client import MetquoteClient
    from index.types import Query

_log = logging.getLogger("metquote")
# The most that Discord lets into a text option.
_OPTION_CHARACTERS = 6_000
_NO_MENTIONS = discord.AllowedMentions.none()
HELP = (
    "Ask me what the Metropolitan Police said, in your own words, such as: "
    "who was hurt in Brixton? I answer with the exact words of published documents, "
    "or say that they do not tell. /ask takes dates and can answer privately."
)


class Cooldowns:
    """When each person asked last; kept in memory, since a restart is a fair pause."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._last: dict[int, float] = {}

    def wait(self, person: int) -> float:
        """Seconds until ``person`` may ask again; 0 means now, and counts as asking."""
        now = time.monotonic()
        self._last = {who: when for who, when in self._last.items() if now - when < self._seconds}
        left = self._last.get(person, now - self._seconds) + self._seconds - now
        if left <= 0:
            self._last[person] = now
        return max(left, 0.0)


def ask_command(client: MetquoteClient) -> app_commands.Command[app_commands.Group, ..., None]:
    """The slash command, bound to ``client``."""

    @app_commands.command(
        name="ask", description="What did the Met say? Get its exact words, with source and date."
    )
    @app_commands.describe(
        question="In your own words, such as: who was hurt in Brixton?",
        since="Published then or later: 2020-06-26, 2020-06 or 2020",
        until="Published then or earlier: 2020-06-26, 2020-06 or 2020",
        private="Show the answer to you alone",
    )
    async def ask(
        interaction: discord.Interaction[discord.Client],
        question: app_commands.Range[str, 1, _OPTION_CHARACTERS],
        since: app_commands.Range[str, 1, 10] | None = None,
        until: app_commands.Range[str, 1, 10] | None = None,
        private: bool = False,
    ) -> None:
        try:
            query = client.asking.query(question, since, until)
            client.cool(interaction.user.id)
        except InputError as error:
            await tell(interaction, advised(question, sentence(error)))
            return
        if await deferred(interaction, private=private):
            await _answer(client, interaction, query)
        elif not private and isinstance(interaction.channel, discord.abc.Messageable):
            # Discord lost the interaction; a public question can still be answered in its channel.
            await answer_in(client, interaction.channel, query, interaction.user.id)

    return ask


async def answer_message(client: MetquoteClient, message: discord.Message) -> None:
    """Answer a message that mentions the bot, or a direct message, as a reply to it."""
    text = (
        re.sub(rf"<@!?{client.user.id}>", " ", message.content) if client.user else message.content
    )
    if not text.strip():
        await message.reply(HELP, mention_author=False, allowed_mentions=_NO_MENTIONS)
        return
    try:
        query = client.asking.query(text)
        client.cool(message.author.id)
    except InputError as error:
        await message.reply(
            advised(text, sentence(error)), mention_author=False, allowed_mentions=_NO_MENTIONS
        )
        return
    async with message.channel.typing():
        await answer_in(client, message.channel, query, message.author.id, reply_to=message)


async def answer_in(
    client: MetquoteClient,
    channel: discord.abc.Messageable,
    query: Query,
    asker: int,
    reply_to: discord.Message | None = None,
) -> None:
    """Answer in a channel, as a message of its own or as a reply."""
    content, embeds, view = await _rendered(client, query, asker)
    await channel.send(
        content,
        embeds=embeds,
        view=view,
        allowed_mentions=_NO_MENTIONS,
        mention_author=False,
        reference=reply_to and reply_to.to_reference(fail_if_not_exists=False),  # type: ignore[arg-type]
    )


async def _answer(
    client: MetquoteClient, interaction: discord.Interaction[discord.Client], query: Query
) -> None:
    content, embeds, view = await _rendered(client, query, interaction.user.id)
    await interaction.edit_original_response(
        content=content, embeds=embeds, view=view, allowed_mentions=_NO_MENTIONS
    )


async def _rendered(
    client: MetquoteClient, query: Query, asker: int
) -> tuple[str, list[discord.Embed], discord.ui.View]:
    """The first page of the answer; a failure is said as one, and never as an empty answer."""
    try:
        pages, answer_id = await client.asking.ask(query, asker)
    except InputError as error:
        return advised(query.text, sentence(error)), [], discord.ui.View()
    except Exception:  # noqa: BLE001 - the last edge: whoever asked gets a sentence, the log the reason
        _log.exception("a question could not be answered")
        return advised(query.text, BROKE), [], discord.ui.View()
    content, embeds = message_of(pages[0])
    return content, embeds, page_buttons(answer_id, pages[0])
