"""What public messages show is remembered, whatever dies when, so that corrections reach it.

The answer of a deferred interaction has an id before it says anything: it is remembered first and
filled then. What has no id before Discord has it is noted in the outbox first, and found again
there if nobody came to note the id.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.discord.refusals import Refusal, refusal_of
from bot.discord.replies import answer_of
from bot.state.outbox import Message, SendingKind
from bot.state.posts import Post

if TYPE_CHECKING:
    import discord

    from bot.discord.client import MetquoteClient
    from bot.messages.answers import Page
    from bot.messages.posted import PostedExcerpt
    from bot.state.outbox import Sending

# Longer than discord.py tries a request again; then another process looks whether it was sent.
_HELD_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Posting:
    """A message to be: where, what made it, the id of what it is a page of, whom it names."""

    channel: int
    guild: int | None
    kind: str
    kept: str | None = None
    person: int | None = None

    def post(self, message: int, page: Page) -> Post:
        """The post that it is once ``message`` shows ``page``."""
        shows = excerpts_of(page)
        return Post(
            self.channel, message, self.kind, shows, self.guild, view=self.kept, person=self.person
        )


def excerpts_of(page: Page) -> tuple[PostedExcerpt, ...]:
    """The excerpts that a page shows, in its order."""
    return tuple(shown for embed in page.embeds for shown in embed.shows)


async def record(client: MetquoteClient, post: Post) -> None:
    """Remember what a message shows.

    Raises:
        StorageError: the state cannot be written.
    """
    await client.asking.write(lambda: client.state.posts.record(post))


async def expected(
    client: MetquoteClient, interaction: discord.Interaction[discord.Client]
) -> int | None:
    """The id of the public message that an answer will stand in; ``None`` if it is not public.

    Nor where the bot is no member (an app that a person installed): it could not edit it later.

    Raises:
        discord.HTTPException: Discord did not tell the id, and knows of no such answer.
    """
    if not editable(client, interaction.guild_id):
        return None
    known = answer_of(interaction)
    if known is None:
        # What acknowledged it was lost on the way; seldom enough for another request.
        found = await interaction.original_response()
        known = found.id, found.flags.ephemeral
    message, is_private = known
    return None if is_private else message


async def turning(
    client: MetquoteClient, interaction: discord.Interaction[discord.Client]
) -> Post | None:
    """What the public message of a press shows before it is turned; ``None`` for a private one."""
    message = interaction.message
    guild = interaction.guild_id
    if message is None or message.flags.ephemeral or not editable(client, guild):
        return None
    known = await client.remembered(message.id)
    return known or Post(message.channel.id, message.id, "", (), guild)


def both(new: Post, old: Post) -> Post:
    """A post that may show the one or the other."""
    return replace(new, excerpts=tuple(dict.fromkeys((*old.excerpts, *new.excerpts))))


async def begun(client: MetquoteClient, posting: Posting, page: Page) -> Sending | None:
    """Note that a message is about to be sent; ``None`` if nothing in it could be corrected.

    Raises:
        StorageError: the state cannot be written.
    """
    shows = excerpts_of(page)
    if not shows or not editable(client, posting.guild):
        return None
    rows = [[one.document_id, one.text_sha256, one.span.start, one.span.end] for one in shows]
    message = Message(
        f"{SendingKind.ANSWER}/{secrets.token_hex(12)}", SendingKind.ANSWER, posting.channel,
        posting.guild, {"shows": rows, "view": posting.kept}, posting.person,
    )  # fmt: skip
    outbox = client.state.outbox
    return await client.asking.write(lambda: outbox.begin(message, _HELD_SECONDS))


async def done(
    client: MetquoteClient,
    posting: Posting,
    sending: Sending | None,
    message: discord.Message,
    page: Page,
) -> None:
    """Remember a message that was sent, if it is public and the bot could edit it later.

    Raises:
        StorageError: the state cannot be written.
    """
    if message.flags.ephemeral or not editable(client, posting.guild):
        await abandoned(client, sending, "it was shown privately")
        return
    post = posting.post(message.id, page)
    if sending is None:
        await record(client, post)
        return
    await client.asking.write(lambda: client.state.outbox.sent(sending, post))


async def refused(
    client: MetquoteClient, sending: Sending | None, error: discord.HTTPException
) -> None:
    """Note that Discord refused a message; of what it may have taken all the same, nothing.

    Raises:
        StorageError: the state cannot be written.
    """
    refusal = refusal_of(error)
    if refusal is not Refusal.LATER:
        await abandoned(client, sending, refusal.value)


async def abandoned(client: MetquoteClient, sending: Sending | None, reason: str) -> None:
    """Note that nothing public will come of a message.

    Raises:
        StorageError: the state cannot be written.
    """
    if sending is not None:
        await client.asking.write(lambda: client.state.outbox.fail(sending, reason))


def editable(client: MetquoteClient, guild: int | None) -> bool:
    """Whether the bot could edit its messages there later, without an interaction."""
    return guild is None or client.get_guild(guild) is not None
