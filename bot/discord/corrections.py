"""Corrections that reach what was posted, each post once and by one process at a time."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import discord

from bot.dates import BRITISH
from bot.discord.posting import amend
from bot.discord.refusals import TROUBLES, Refusal, pause, place, refusal_of
from bot.messages.answers import Embed
from bot.messages.corrections import amended, taken_out
from bot.messages.fates import fate
from bot.state.outbox import Message, SendingKind
from corpus.library import VERSION

if TYPE_CHECKING:
    from bot.discord.work import Work
    from bot.messages.answers import Page
    from bot.messages.fates import Fate
    from bot.state.corrections import Correction
    from bot.state.posts import Post

_log = logging.getLogger("metquote")
# Longer than discord.py tries a request again, and soon over if this process dies.
CLAIM_SECONDS = 60.0
# Later nothing comes any more of an answer that Discord waits for.
_ANSWERED_WITHIN = timedelta(minutes=15)
# What may be met by doing less: without the source's words, or without the message.
_DO_LESS = (Refusal.FORBIDDEN, Refusal.BLOCKED, Refusal.OTHER)


async def correct_due(work: Work) -> int:
    """Bring every post that is due up to date; how many there were.

    Raises:
        StorageError: the state or the documents cannot be read.
    """
    count = 0
    while correction := await work.in_thread(lambda: work.state.corrections.claim(CLAIM_SECONDS)):
        await _correct(work, correction)
        count += 1
    return count


async def _correct(work: Work, correction: Correction) -> None:
    """Look at a post again: what it shows may have been corrected, or be current after all."""
    post, state = correction.post, work.state
    fates = await work.in_thread(lambda: _fates(work, correction))
    refusal = None
    if any(one.note for one in fates):
        await work.in_thread(lambda: _plan_notices(work, correction))
        refusal = await _change(work, post, fates)
    match refusal:
        case None:
            await work.in_thread(lambda: state.corrections.done(correction))
        case Refusal.NO_MESSAGE:
            await work.in_thread(lambda: state.posts.forget(message=post.message))
        case Refusal.NO_CHANNEL:
            await work.in_thread(lambda: state.posts.forget(channel=post.channel))
        case Refusal.LATER:
            seconds = pause(correction.attempts, work.seconds)
            await work.in_thread(
                lambda: state.corrections.postpone(correction, seconds, refusal.value)
            )
        case _:
            _log.warning("message %d could not be corrected: %s", post.message, refusal)
            await work.in_thread(lambda: state.corrections.fail(correction, refusal.value))


def _fates(work: Work, correction: Correction) -> tuple[Fate, ...]:
    library, post = work.library, correction.post
    records, entries = library.journal.records(), library.journal.entries()
    changes = [entries[one.line] for one in correction.changes if one.line < len(entries)]
    dates = BRITISH
    if post.guild is not None:
        dates = work.state.guilds.settings(post.guild).date_language
    return tuple(
        fate(
            excerpt, records.get(excerpt.document_id.partition(VERSION)[0]), library.get,
            changes=changes, dates=dates,
        )
        for excerpt in post.excerpts
    )  # fmt: skip


async def _change(work: Work, post: Post, fates: tuple[Fate, ...]) -> Refusal | None:
    """Let the message say what became of its words, or at least not show them any more.

    Why not, if Discord lets none of it happen, or if there is nothing left to change.
    """
    refusal = None
    for step in (_amend, _take_words_out, _delete):
        try:
            return await step(work, post, fates)
        except TROUBLES as error:
            refusal = refusal_of(error)
            if refusal not in _DO_LESS:
                return refusal
            _log.warning("message %d: Discord refuses a correction: %s", post.message, error)
    return refusal


async def _amend(work: Work, post: Post, fates: tuple[Fate, ...]) -> Refusal | None:
    message = await place(work.client, post.guild, post.channel).fetch_message(post.message)
    if message.flags.loading:
        # Remembered before it says anything: what comes now would be written over.
        is_late = discord.utils.utcnow() - message.created_at > _ANSWERED_WITHIN
        return Refusal.NO_MESSAGE if is_late else Refusal.LATER
    page = amended(message.content, [_box(embed) for embed in message.embeds], fates)
    await _remember(work, post, await amend(message, page))
    return None


async def _take_words_out(work: Work, post: Post, fates: tuple[Fate, ...]) -> None:
    del fates
    channel = place(work.client, post.guild, post.channel)
    await _remember(work, post, await amend(channel.get_partial_message(post.message), taken_out()))


async def _delete(work: Work, post: Post, fates: tuple[Fate, ...]) -> None:
    del fates
    channel = place(work.client, post.guild, post.channel)
    await channel.get_partial_message(post.message).delete()
    # Kept as a post that shows nothing until it is done: its moderators are told of it.
    await _remember(work, post, taken_out())


async def _remember(work: Work, post: Post, page: Page) -> None:
    shows = tuple(one for embed in page.embeds for one in embed.shows)
    await work.in_thread(lambda: work.state.posts.record(replace(post, excerpts=shows)))


def _box(embed: discord.Embed) -> Embed:
    colour = 0 if embed.colour is None else embed.colour.value
    return Embed(embed.description or "", embed.footer.text or "", colour)


def _plan_notices(work: Work, correction: Correction) -> None:
    """Let the server's moderators be told of each change, once however many posts it reaches."""
    guild = correction.post.guild
    if guild is None:
        return
    channel = work.state.guilds.settings(guild).moderators_channel
    if channel is None:
        return
    for change in correction.changes:
        key, values = f"correction/{change.line}/{guild}", {"line": change.line}
        work.state.outbox.put(Message(key, SendingKind.NOTICE, channel, guild, values))
