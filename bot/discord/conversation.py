"""Questions put by mention, direct message or reply; a reply to an answer keeps its topic."""

from __future__ import annotations

import asyncio
import logging
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import discord

from bot.discord.answers import KIND, answer_buttons, found
from bot.discord.asking import Asked
from bot.discord.limits import admitted
from bot.discord.posting import NO_MENTIONS, send
from bot.discord.recording import Posting
from bot.discord.refusals import Refusal, refusal_of
from bot.discord.replies import BROKE, sentence
from bot.followups import FollowUp, continued
from bot.messages.emergency import advised
from bot.messages.followups import when_page, who_page
from corpus.errors import InputError, MetquoteError

if TYPE_CHECKING:
    from bot.discord.asking import Remembered
    from bot.discord.client import MetquoteClient
    from bot.messages.answers import Page
    from bot.messages.context import Sourced
    from bot.messages.posted import PostedExcerpt
    from bot.state.posts import Post
    from index.types import Query

_log = logging.getLogger("metquote")
HELP = (
    "Ask me what the Metropolitan Police said, in your own words, such as: "
    "who was hurt in Brixton? I answer with the exact words of published documents, "
    "or say that they do not tell. /ask takes dates and can answer privately."
)
_UNREAD = (
    "Discord does not let me read a reply to the answer of a command: mention me in the reply, "
    "such as “@metquote and who said that?”, or use /ask."
)
_BLOCKED = (
    "This server's AutoMod does not let the words of the answer be shown here; ask me with /ask "
    "private:True, or in a direct message."
)
# Who may not read a channel's history cannot reply to what is in it.
_NO_HISTORY = 160_002
_LOOKS, _LOOK_SECONDS = 10, 0.2


async def answer_message(client: MetquoteClient, message: discord.Message) -> None:
    """Answer a message that mentions the bot, or a direct message, as a reply to it.

    Where the bot may not write, or the channel is gone, the log has it: there is nobody to tell.
    """
    try:
        try:
            await _answered(client, message)
        except MetquoteError:
            _log.exception("a message could not be answered")
            await _say(message, BROKE)
    except (discord.Forbidden, discord.NotFound) as error:
        _log.warning("a message could not be answered: %s", error)
    except discord.HTTPException as error:
        if refusal_of(error) is not Refusal.BLOCKED:
            raise
        _log.warning("AutoMod refused an answer")
        await _say(message, _BLOCKED)


async def _answered(client: MetquoteClient, message: discord.Message) -> None:
    mention = rf"<@!?{client.user.id}>" if client.user else r"(?!)"
    text = re.sub(mention, " ", message.content).strip()
    if not text:
        await _say(message, _UNREAD if message.reference and not message.content else HELP)
        return
    try:
        query = client.asking.query(text)
        here = await admitted(client, message)
        previous = await _previous(client, message)
    except InputError as error:
        await _say(message, advised(text, sentence(error)))
        return
    query = replace(query, left_out=here.left_out, preferred=here.preferred)
    guild = None if message.guild is None else message.guild.id
    asked = Asked(message.author.id, guild, here.guild.date_language)
    async with message.channel.typing():
        if previous is not None:
            page, kept = await _continued(client, query, asked, *previous)
        else:
            made = await found(client, query, asked)
            page, kept = made.page, made.kept
        new = await client.is_new(guild)
        view = answer_buttons(kept, page, new=new)
        posting = Posting(message.channel.id, guild, KIND, kept)
        try:
            await send(client, message.channel, page, posting, view=view, reply_to=message)
        except discord.HTTPException as error:
            if error.code != _NO_HISTORY:
                raise
            await send(client, message.channel, page, posting, view=view)


async def _say(message: discord.Message, text: str) -> None:
    try:
        await message.reply(text, mention_author=False, allowed_mentions=NO_MENTIONS)
    except discord.HTTPException as error:
        if error.code != _NO_HISTORY:
            raise
        await message.channel.send(text, allowed_mentions=NO_MENTIONS)


async def _previous(
    client: MetquoteClient, message: discord.Message
) -> tuple[Remembered, list[Sourced]] | None:
    """The answer that a message replies to, and the excerpts that were shown of it."""
    post = await _replied_to(client, message)
    if post is None or post.view is None:
        return None
    try:
        answer = await client.asking.remembered(post.view)
    except InputError:
        # It is no longer kept, or a message of another kind: the reply is a question by itself.
        return None
    except MetquoteError:
        _log.exception("the answer that was replied to could not be looked up")
        return None
    return answer, _shown(answer, post.excerpts)


async def _replied_to(client: MetquoteClient, message: discord.Message) -> Post | None:
    """What is remembered of the message that another replies to."""
    reference = message.reference
    if reference is None or reference.message_id is None:
        return None
    resolved = reference.resolved
    mine = isinstance(resolved, discord.Message) and resolved.author == client.user
    for _ in range(_LOOKS if mine else 1):
        if (post := await client.remembered(reference.message_id)) is not None:
            return post
        if mine:
            # Somebody was quicker than the note of what the message shows.
            await asyncio.sleep(_LOOK_SECONDS)
    return None


def _shown(answer: Remembered, excerpts: tuple[PostedExcerpt, ...]) -> list[Sourced]:
    places = {(one.document_id, one.span) for one in excerpts}
    pairs = zip(answer.answer.excerpts, answer.sources, strict=True)
    return [pair for pair in pairs if (pair[0].document_id, pair[0].span) in places]


async def _continued(
    client: MetquoteClient, query: Query, asked: Asked, before: Remembered, shown: list[Sourced]
) -> tuple[Page, str | None]:
    speakers = tuple(
        quotation.speaker.name
        for excerpt, _ in shown
        for quotation in excerpt.quotations
        if quotation.speaker is not None
    )
    reply = continued(query.text, before.answer.query.text, speakers)
    if reply.what is FollowUp.WHO and shown:
        return who_page(shown, query.text, asked.dates), before.id
    if reply.what is FollowUp.WHEN and shown:
        return when_page(shown, query.text, asked.dates), before.id
    if reply.has_topic:
        # The dates that were asked for hold on, too.
        old = before.answer.query
        query = replace(query, text=reply.text, since=old.since, until=old.until)
        asked = replace(asked, shown=reply.asked)
    made = await found(client, query, asked)
    return made.page, made.kept
