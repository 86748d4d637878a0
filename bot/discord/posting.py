"""The one place where pages go out: nobody is pinged, and what came back is what was meant."""

from __future__ import annotations

import io
import logging
from typing import TYPE_CHECKING

import aiohttp
import discord

from bot.discord.recording import Posting, begun, both, done, expected, record, refused, turning
from bot.discord.refusals import Refusal, refusal_of
from bot.discord.replies import held, is_acknowledged, message_of
from bot.messages.answers import Page
from bot.messages.markdown import block_quotes

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
    posting: Posting,
    *,
    view: discord.ui.View | None = None,
    reply_to: discord.Message | None = None,
    files: Sequence[discord.File] = (),
) -> discord.Message:
    """Post a page in a channel, and remember what it shows, as ``posting`` says of it.

    Raises:
        discord.HTTPException: Discord refuses it.
        StorageError: the state cannot be written.
    """
    content, embeds = message_of(page)

    async def sent(nonce: str | None) -> discord.Message:
        return await channel.send(
            content,
            embeds=embeds,
            view=view or discord.ui.View(),
            files=files,
            nonce=nonce,  # type: ignore[arg-type]
            allowed_mentions=NO_MENTIONS,
            mention_author=False,
            reference=reply_to and reply_to.to_reference(fail_if_not_exists=False),  # type: ignore[arg-type]
        )

    return await remembered(
        client, posting, page, sent, lambda message, other: edit(message, other, files=False)
    )


async def remembered(
    client: MetquoteClient,
    posting: Posting,
    page: Page,
    send_it: Callable[[str | None], Awaitable[discord.Message]],
    put: Callable[[discord.Message, Page], Awaitable[discord.Message]],
) -> discord.Message:
    """Send a page as ``send_it`` does, which gets a nonce, and remember what it shows.

    ``put`` puts another page into the message.

    Raises:
        discord.HTTPException: Discord refuses it.
        StorageError: the state cannot be written.
    """
    sending = await begun(client, posting, page)
    try:
        message = await send_it(None if sending is None else sending.nonce)
    except discord.HTTPException as error:
        await refused(client, sending, error)
        raise
    page = await proved(message, page, lambda other: put(message, other))
    await done(client, posting, sending, message, page)
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
) -> None:
    """Put a page into the answer of a deferred interaction; what it shows is remembered before.

    Raises:
        discord.HTTPException: Discord refuses it.
        StorageError: the state cannot be written.
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

    posting = Posting(interaction.channel_id or 0, interaction.guild_id, kind, kept)
    number = await expected(client, interaction)
    if number is not None:
        await record(client, posting.post(number, page))
    try:
        message, is_sure = await _put(put, page)
    except discord.HTTPException as error:
        if number is not None and refusal_of(error) is not Refusal.LATER:
            await client.asking.write(lambda: client.state.posts.forget(message=number))
        raise
    shown = await proved(message, page, put)
    if number is not None and not (is_sure and shown is page):
        # Words were taken out, or were put back over a correction that was quicker.
        await record(client, posting.post(number, shown))


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
    """Put another page into the message that a press belongs to; other ``files``, if given.

    The press is acknowledged, if it was not.

    Raises:
        discord.HTTPException: Discord refuses it.
        StorageError: the state cannot be written.
    """

    async def put(shown: Page) -> discord.Message:
        content, embeds = message_of(shown)
        attachments = discord.utils.MISSING if files is None else [again(one) for one in files]
        return await interaction.edit_original_response(
            content=content,
            embeds=embeds,
            view=view,
            attachments=attachments if shown is page else [],
            allowed_mentions=NO_MENTIONS,
        )

    if not is_acknowledged(interaction):
        await held(interaction)
    before = await turning(client, interaction)
    if before is None:
        message, _ = await _put(put, page)
        await proved(message, page, put)
        return
    posting = Posting(before.channel, before.guild, before.kind or kind, kept, before.person)
    # Until it is turned it shows the old page, and the new one then.
    await record(client, both(posting.post(before.message, page), before))
    try:
        message, _ = await _put(put, page)
    except discord.HTTPException as error:
        if refusal_of(error) is not Refusal.LATER:
            await record(client, before)
        raise
    shown = await proved(message, page, put)
    await record(client, posting.post(before.message, shown))


async def _put(
    put: Callable[[Page], Awaitable[discord.Message]], page: Page
) -> tuple[discord.Message, bool]:
    """The message with the page in it, and whether it was put there once for sure."""
    try:
        return await put(page), True
    except aiohttp.ClientError as error:
        # The connection broke: whether Discord took it or not, a second time changes nothing.
        _log.warning("a page is put a second time: %s", error)
        return await put(page), False


def again(file: discord.File) -> discord.File:
    """A copy of a file, so that it can be sent once more."""
    file.fp.seek(0)
    return discord.File(io.BytesIO(file.fp.read()), file.filename, description=file.description)


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
