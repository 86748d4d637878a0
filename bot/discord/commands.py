"""``/ask``, and the message menu "What did the Met say?"."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.discord.answers import KIND, answer_buttons, found
from bot.discord.asking import Asked
from bot.discord.delivery import Delivery, delivered
from bot.discord.limits import admitted
from bot.discord.replies import sentence, tell
from bot.messages.answers import Page
from bot.messages.emergency import advised
from bot.messages.markdown import plain
from corpus.errors import InputError
from index.subject import subject

if TYPE_CHECKING:
    from bot.discord.client import MetquoteClient
    from bot.state.settings import Here
    from index.types import Query

MENU = "What did the Met say?"
# The most that Discord lets into a text option.
_OPTION_CHARACTERS = 6_000
# Mentions, emoji, time stamps and addresses.
_NO_WORDS = re.compile(r"<(?:[@#/:]|a:|t:|id:)[^<>\s]*>|<?https?://\S+")
_NO_SUBJECT = (
    "There is nothing to look for in that message: no words, or none that any of the documents has."
)


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
        private: bool | None = None,
    ) -> None:
        def known(here: Here) -> bool:
            return client.asking.knows(_minding(query, here), here.guild.date_language)

        try:
            query = client.asking.query(question, since, until)
            here = await admitted(client, interaction, known)
        except InputError as error:
            await tell(interaction, advised(question, sentence(error)))
            return
        hidden = here.private if private is None else private

        async def work() -> Delivery:
            return await _answer(client, interaction, query, here, private=hidden)

        await delivered(client, interaction, work, private=hidden)

    return ask


def subject_menu(client: MetquoteClient) -> app_commands.ContextMenu:
    """The message menu, bound to ``client``; its answer is private."""

    async def look(
        interaction: discord.Interaction[discord.Client], message: discord.Message
    ) -> None:
        try:
            here = await admitted(client, interaction)
        except InputError as error:
            await tell(interaction, sentence(error))
            return

        async def work() -> Delivery:
            text = await client.asking.in_thread(lambda: _subject(client, message))
            if text is None:
                return Delivery(Page(_NO_SUBJECT, (), 0, 1), "notice")
            query = client.asking.query(text)
            return await _answer(client, interaction, query, here, private=True)

        await delivered(client, interaction, work, private=True)

    return app_commands.ContextMenu(name=MENU, callback=look)


async def _answer(
    client: MetquoteClient,
    interaction: discord.Interaction[discord.Client],
    query: Query,
    here: Here,
    *,
    private: bool,
) -> Delivery:
    guild = interaction.guild_id
    asked = Asked(interaction.user.id, guild, here.guild.date_language, private)
    made = await found(client, _minding(query, here), asked)
    new = made.kept is not None and await client.is_new(guild)
    view = answer_buttons(made.kept, made.page, private=private, new=new)
    return Delivery(made.page, KIND, view, kept=made.kept)


def _minding(query: Query, here: Here) -> Query:
    """A query with what the server chose of the sources."""
    return replace(query, left_out=here.left_out, preferred=here.preferred)


def _subject(client: MetquoteClient, message: discord.Message) -> str | None:
    """What a message is about, what it shows of linked pages included."""
    shown = [text for embed in message.embeds for text in (embed.title, embed.description) if text]
    words = _NO_WORDS.sub(" ", "\n".join([message.content, *shown]))
    text = " ".join(plain(words).split())
    with client.service.snapshot() as snapshot:
        return subject(text, snapshot.lexical.frequency)
