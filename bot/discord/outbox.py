"""Messages of the outbox to Discord: each is posted once, whatever process dies when."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.discord.posting import post
from bot.discord.refusals import TROUBLES, Refusal, pause, place, refusal_of
from bot.messages.answers import Page
from bot.state.outbox import Message, SendingKind
from bot.state.posts import Post
from corpus.errors import InputError, MetquoteError

if TYPE_CHECKING:
    import discord

    from bot.discord.client import MetquoteClient
    from bot.messages.posted import PostedExcerpt
    from bot.state.outbox import Sending

_log = logging.getLogger("metquote")
# Shorter than Discord remembers a nonce, so that whoever takes over soon sends nothing twice.
_CLAIM_SECONDS = 60.0
# From five seconds on, doubled each time: some hours, in which a permission may be given back.
_MOST_ATTEMPTS = 14
# Nobody waits for these, so that they are tried again where somebody would be told at once.
_PATIENT = (SendingKind.FOLLOW, SendingKind.DIGEST, SendingKind.NOTICE)
# Machines' clocks and Discord's differ a little.
_CLOCKS = timedelta(minutes=2)
_HISTORY = 500


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page with its buttons; ``kept`` is the id of what it is a page of.

    ``outdated`` is why it is not to be posted any more, unless an earlier attempt posted it;
    ``found_at`` is where the follows stood in the journal then, of what may be found again;
    ``shows`` are the excerpts that the attempt may have posted, by default those of the page.
    """

    page: Page
    view: discord.ui.View | None = None
    kept: str | None = None
    outdated: str | None = None
    found_at: int | None = None
    shows: tuple[PostedExcerpt, ...] | None = None


@dataclass(frozen=True, slots=True)
class NotYet:
    """It is to be posted in some seconds at the earliest, and why."""

    reason: str
    seconds: float


# What a claimed message looks like now; an InputError means that it is not to be posted.
Renderer = Callable[["MetquoteClient", "Sending"], Awaitable[Page | Rendered | NotYet]]
Renderers = dict[SendingKind, Renderer]


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of a message: it is on Discord, or was given up with a reason, or neither yet."""

    message: discord.Message | None = None
    failed: str | None = None


async def post_now(client: MetquoteClient, message: Message) -> Delivered | None:
    """Have a message posted at once; ``None`` if one of its key is, was, or could not be.

    Raises:
        StorageError: the state cannot be used.
    """
    async with client.posting:
        if not await asyncio.to_thread(client.state.outbox.put, message):
            return None
        return await _next(client, message.key) or Delivered()


async def post_due(client: MetquoteClient) -> int:
    """Post whatever is due; how many messages were looked at.

    Raises:
        StorageError: the state cannot be used.
    """
    count = 0
    while True:
        async with client.posting:
            if await _next(client) is None:
                return count
        count += 1


async def _next(client: MetquoteClient, key: str | None = None) -> Delivered | None:
    """Post one message that is due (the one of ``key``); ``None`` if none is, or another does."""
    sending = await asyncio.to_thread(client.state.outbox.claim, _CLAIM_SECONDS, key)
    if sending is None:
        return None
    try:
        return await _attempted(client, sending)
    except InputError as error:
        return await asyncio.to_thread(_failed, client, sending, str(error))
    except TROUBLES as error:
        return await asyncio.to_thread(_refused, client, sending, error)
    except MetquoteError as error:
        _log.warning("%s is posted later: %s", sending.message.key, error)
        return await asyncio.to_thread(_later, client, sending, str(error))


async def _attempted(client: MetquoteClient, sending: Sending) -> Delivered:
    outbox, meant = client.state.outbox, sending.message
    made = await _rendered(client, sending)
    if isinstance(made, NotYet):
        await asyncio.to_thread(outbox.postpone, sending, made.seconds, made.reason)
        return Delivered()
    posted = await _posted(client, sending, made)
    if posted is None:
        return await asyncio.to_thread(_taken_back, client, sending, made)
    message, shows = posted
    noted = Post(meant.channel, message.id, meant.kind, shows, meant.guild, made.kept, meant.person)
    await asyncio.to_thread(outbox.sent, sending, noted)
    return Delivered(message)


async def _rendered(client: MetquoteClient, sending: Sending) -> Rendered | NotYet:
    renderer = client.renderers.get(sending.message.kind)
    if renderer is None:
        raise MetquoteError(f"this process posts no message of the kind {sending.message.kind}")
    made = await renderer(client, sending)
    return Rendered(made) if isinstance(made, Page) else made


async def _posted(
    client: MetquoteClient, sending: Sending, made: Rendered
) -> tuple[discord.Message, tuple[PostedExcerpt, ...]] | None:
    """The message on Discord and what it shows: sent now, or found where it was left.

    ``None`` if it is outdated and nobody posted it.
    """
    channel = place(client, sending.message.guild, sending.message.channel)
    if sending.attempts > 1:
        there = await _sent_before(client, channel, sending, made)
        if there is not None:
            places = _places(there)
            return there, tuple(one for one in _meant(made) if _place(one) in places)
    if made.outdated is not None:
        return None
    message, page = await post(channel, made.page, nonce=sending.nonce, view=made.view)
    return message, tuple(one for embed in page.embeds for one in embed.shows)


async def _sent_before(
    client: MetquoteClient,
    channel: discord.PartialMessageable,
    sending: Sending,
    made: Rendered,
) -> discord.Message | None:
    """The message, if an earlier attempt posted it and did not come to note so.

    It is known by its first line, if that is known, and by where some of its words stand.
    """
    after = datetime.fromtimestamp(sending.tried, UTC) - _CLOCKS
    meant = {_place(one) for one in _meant(made)}
    me = client.user
    try:
        async for found in channel.history(limit=_HISTORY, after=after):
            if me is None or found.author.id != me.id:
                continue
            first = _first_line(made.page.content)
            same = not first or _first_line(found.content) == first
            is_meant = bool(_places(found) & meant) if meant else not found.embeds
            if same and is_meant and await client.remembered(found.id) is None:
                return found
    except TROUBLES as error:
        if refusal_of(error) is not Refusal.FORBIDDEN:
            raise
        _log.warning("%s: the channel's history may not be read", sending.message.key)
    return None


def _meant(made: Rendered) -> tuple[PostedExcerpt, ...]:
    if made.shows is not None:
        return made.shows
    return tuple(one for embed in made.page.embeds for one in embed.shows)


def _place(excerpt: PostedExcerpt) -> str:
    return f"{excerpt.document_id} {excerpt.span.start}–{excerpt.span.end}"


def _places(message: discord.Message) -> set[str]:
    """Where the words of a message stand; a box of several names them all."""
    footers = [embed.footer.text for embed in message.embeds if embed.footer.text]
    parts = [part.split(" ") for footer in footers for part in footer.split(" · ")]
    return {f"{name} {span}" for name, *spans in parts for span in spans}


def _first_line(content: str) -> str:
    return content.split("\n", 1)[0].strip()


def _refused(client: MetquoteClient, sending: Sending, error: BaseException) -> Delivered:
    """Try again, or give up and tell the moderators why."""
    state, message, refusal = client.state, sending.message, refusal_of(error)
    _log.warning("%s could not be posted: %s", message.key, error)
    if refusal is Refusal.LATER:
        return _later(client, sending, refusal.value)
    _tell_moderators(client, sending, refusal)
    is_patient = message.kind in _PATIENT and sending.attempts < _MOST_ATTEMPTS
    if refusal is Refusal.FORBIDDEN and is_patient:
        return _later(client, sending, refusal.value)
    delivered = _failed(client, sending, refusal.value)
    if refusal is Refusal.NO_CHANNEL:
        state.posts.forget(channel=message.channel)
        if message.follow is not None and message.guild is not None:
            state.follows.remove(message.guild, message.follow)
    return delivered


def _taken_back(client: MetquoteClient, sending: Sending, made: Rendered) -> Delivered:
    """Give up what is outdated; what may be found again is forgotten, so that it can be."""
    reason = made.outdated or "it is outdated"
    if made.found_at is None:
        return _failed(client, sending, reason)
    if client.state.outbox.take_back(sending, made.found_at):
        return Delivered(failed=reason)
    client.state.outbox.postpone(sending, client.work.seconds, reason)
    return Delivered()


def _later(client: MetquoteClient, sending: Sending, reason: str) -> Delivered:
    seconds = pause(sending.attempts, client.work.seconds)
    client.state.outbox.postpone(sending, seconds, reason)
    return Delivered()


def _failed(client: MetquoteClient, sending: Sending, reason: str) -> Delivered:
    _log.warning("%s is not posted: %s", sending.message.key, reason)
    client.state.outbox.fail(sending, reason)
    return Delivered(failed=reason)


def _tell_moderators(client: MetquoteClient, sending: Sending, refusal: Refusal) -> None:
    """Once for each message, however often it is tried; of what they did not ask for just now."""
    message = sending.message
    if message.guild is None or message.kind not in (SendingKind.FOLLOW, SendingKind.DIGEST):
        return
    channel = client.state.guilds.settings(message.guild).moderators_channel
    if channel is None or channel == message.channel:
        return
    what = "what it follows" if message.kind is SendingKind.FOLLOW else "its digest"
    text = f"I could not post in <#{message.channel}> {what}: {refusal.value}."
    key = f"trouble/{sending.id}"
    client.state.outbox.put(
        Message(key, SendingKind.NOTICE, channel, message.guild, {"text": text})
    )
