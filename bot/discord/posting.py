"""The one place where pages go out: nobody is pinged, and what came back is what was meant."""

from __future__ import annotations

import io
import logging
from typing import TYPE_CHECKING

import aiohttp
import discord

from bot.discord.replies import ALREADY_ACKNOWLEDGED, mark_acknowledged, message_of
from bot.messages.answers import Page
from bot.messages.markdown import block_quotes
from bot.state.posts import Post

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from bot.discord.client import MetquoteClient

_log = logging.getLogger("metquote")
NO_MENTIONS = discord.AllowedMentions.none()
ALTERED = (
    "Discord altered these words on the way, so they are not shown here. "
    "Ask again in the terminal (metquote ask), or look at the source itself."
)


async def send(
    client: MetquoteClient,
    channel: discord.abc.Messageable,
    page: Page,
    *,
    kind: str,
    view: discord.ui.View | None = None,
    reply_to: discord.Message | None = None,
    files: Sequence[discord.File] = (),
    nonce: str | None = None,
    kept: str | None = None,
    person: int | None = None,
) -> discord.Message:
    """Post a page in a channel, and remember what it shows.

    ``kept`` is the id of what it is a page of, ``person`` whom it names.

    Raises:
        discord.HTTPException: Discord refuses it.
    """
    content, embeds = message_of(page)
    message = await channel.send(
        content,
        embeds=embeds,
        view=view or discord.ui.View(),
        files=files,
        nonce=nonce,  # type: ignore[arg-type]
        allowed_mentions=NO_MENTIONS,
        mention_author=False,
        reference=reply_to and reply_to.to_reference(fail_if_not_exists=False),  # type: ignore[arg-type]
    )
    page = await proved(message, page, lambda other: edit(message, other, files=False))
    await record(client, message, page, kind=kind, kept=kept, person=person)
    return message


async def edit(
    message: discord.Message | discord.PartialMessage,
    page: Page,
    view: discord.ui.View | None = None,
    *,
    files: bool = True,
) -> discord.Message:
    """Edit a message of the bot's that was posted in a channel; its files stay if ``files``.

    Raises:
        discord.HTTPException: Discord refuses it.
    """
    content, embeds = message_of(page)
    return await message.edit(
        content=content,
        embeds=embeds,
        view=view,
        attachments=discord.utils.MISSING if files else [],
        allowed_mentions=NO_MENTIONS,
    )


async def post(
    channel: discord.abc.Messageable,
    page: Page,
    *,
    nonce: str,
    view: discord.ui.View | None = None,
) -> tuple[discord.Message, Page]:
    """Post a page of the outbox; the message, and what it shows, for the caller to note.

    Within some minutes a message of the same ``nonce`` is not posted again, but returned.

    Raises:
        discord.HTTPException: Discord refuses it.
    """
    content, embeds = message_of(page)
    message = await channel.send(
        content,
        embeds=embeds,
        view=view or discord.ui.View(),
        nonce=nonce,
        allowed_mentions=NO_MENTIONS,
    )
    return message, await proved(message, page, lambda other: edit(message, other, files=False))


async def amend(message: discord.Message | discord.PartialMessage, page: Page) -> Page:
    """Put a page into a message whose buttons stay and whose files go; what it shows then.

    Raises:
        discord.HTTPException: Discord refuses it.
    """

    async def put(shown: Page) -> discord.Message:
        content, embeds = message_of(shown)
        return await message.edit(
            content=content, embeds=embeds, attachments=[], allowed_mentions=NO_MENTIONS
        )

    return await proved(await put(page), page, put)


async def answer(
    client: MetquoteClient,
    interaction: discord.Interaction[discord.Client],
    page: Page,
    *,
    kind: str,
    view: discord.ui.View | None = None,
    files: Sequence[discord.File] = (),
    kept: str | None = None,
    person: int | None = None,
) -> discord.Message:
    """Put a page into the answer of a deferred interaction, and remember what it shows.

    ``person`` is whom it names.

    Raises:
        discord.HTTPException: Discord refuses it.
    """

    async def put(shown: Page) -> discord.Message:
        content, embeds = message_of(shown)
        return await interaction.edit_original_response(
            content=content,
            embeds=embeds,
            view=view or discord.ui.View(),
            # What Discord altered is taken out, and a picture of it with it.
            attachments=[again(one) for one in files] if shown is page else [],
            allowed_mentions=NO_MENTIONS,
        )

    try:
        message = await put(page)
    except aiohttp.ClientError as error:
        # The connection broke: whether Discord took it or not, a second time changes nothing.
        _log.warning("an answer is put a second time: %s", error)
        message = await put(page)
    shown = await proved(message, page, put)
    await record(client, message, shown, kind=kind, kept=kept, person=person)
    return message


async def turn(
    client: MetquoteClient,
    interaction: discord.Interaction[discord.Client],
    page: Page,
    *,
    kind: str,
    view: discord.ui.View,
    kept: str | None = None,
    files: Sequence[discord.File] | None = None,
) -> None:
    """Put another page into the message that a button belongs to; other ``files``, if given.

    Raises:
        discord.HTTPException: Discord refuses it.
    """
    message = await _turned(interaction, page, view, files)

    async def put(shown: Page) -> discord.Message:
        other, boxes = message_of(shown)
        return await interaction.edit_original_response(
            content=other, embeds=boxes, view=view, attachments=[], allowed_mentions=NO_MENTIONS
        )

    page = await proved(message, page, put)
    person = None
    if (known := await client.remembered(message.id)) is not None:
        person, kind = known.person, known.kind
    await record(client, message, page, kind=kind, kept=kept, person=person)


async def _turned(
    interaction: discord.Interaction[discord.Client],
    page: Page,
    view: discord.ui.View,
    files: Sequence[discord.File] | None,
) -> discord.Message:
    content, embeds = message_of(page)
    attachments = discord.utils.MISSING if files is None else [again(one) for one in files]
    try:
        done = await interaction.response.edit_message(
            content=content,
            embeds=embeds,
            view=view,
            attachments=attachments,
            allowed_mentions=NO_MENTIONS,
        )
    except (discord.HTTPException, aiohttp.ClientError) as error:
        if isinstance(error, discord.HTTPException) and error.code != ALREADY_ACKNOWLEDGED:
            raise
        # Discord took this or another press before it: a second time changes nothing.
        mark_acknowledged(interaction)
        return await interaction.edit_original_response(
            content=content,
            embeds=embeds,
            view=view,
            attachments=discord.utils.MISSING if files is None else [again(one) for one in files],
            allowed_mentions=NO_MENTIONS,
        )
    message = done.resource if done is not None else None
    if isinstance(message, discord.Message):
        return message
    return await interaction.original_response()


def again(file: discord.File) -> discord.File:
    """A copy of a file, so that it can be sent once more."""
    file.fp.seek(0)
    return discord.File(io.BytesIO(file.fp.read()), file.filename, description=file.description)


async def record(
    client: MetquoteClient,
    message: discord.Message,
    page: Page,
    *,
    kind: str,
    kept: str | None = None,
    person: int | None = None,
    guild: int | None = None,
) -> None:
    """Remember what a public message shows, so that corrections reach it.

    ``guild`` is where it was posted, of a message that does not tell: one that follows an answer.
    Where the bot is no member (an app that a person installed) it could not edit it later.

    Raises:
        StorageError: the state cannot be written.
    """
    guild = guild if message.guild is None else message.guild.id
    if message.flags.ephemeral or (guild is not None and client.get_guild(guild) is None):
        return
    shows = tuple(shown for embed in page.embeds for shown in embed.shows)
    post = Post(
        message.channel.id,
        message.id,
        kind,
        shows,
        guild,
        view=kept,
        person=person,
    )
    await client.asking.write(lambda: client.state.posts.record(post))


async def proved(
    message: discord.Message, page: Page, put: Callable[[Page], Awaitable[discord.Message]]
) -> Page:
    """``page``, if that is what Discord shows; else what took its place in the message."""
    if _same(message, page):
        return page
    _log.error("Discord altered message %d; its words were taken out", message.id)
    other = Page(ALTERED, (), page.number, page.count)
    await put(other)
    return other


def _same(message: discord.Message, page: Page) -> bool:
    """Whether a message's quoted blocks and their places are those of the page.

    White space around our own lines may differ: Discord trims it.
    """
    if message.content.strip() != page.content.strip() or len(message.embeds) != len(page.embeds):
        return False
    return all(
        block_quotes(shown.description or "") == block_quotes(meant.description)
        and (shown.footer.text or "") == meant.footer
        for shown, meant in zip(message.embeds, page.embeds, strict=True)
    )
