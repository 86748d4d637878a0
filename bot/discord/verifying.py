"""``/verify`` and the message menu "Check quotations": is a posted quotation true to its source?"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.discord.replies import BROKE, deferred, message_of, sentence, tell
from bot.markdown import plain
from bot.verify_messages import verdict_page
from corpus.errors import InputError, MetquoteError
from corpus.quotations.extract import extract
from corpus.quotations.types import QuotationKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.discord.client import MetquoteClient
    from bot.messages import Page

_log = logging.getLogger("metquote")
_NO_MENTIONS = discord.AllowedMentions.none()
_TEXT_CHARACTERS = 6_000
# Fewer words are found in any text, and prove nothing.
_FEWEST_WORDS = 3
_NONE = "There is no quotation of three words or more in that message."

# A posted text, and whom it was attributed to.
Posted = tuple[str, str | None]


def verify_command(
    client: MetquoteClient,
) -> app_commands.Command[app_commands.Group, ..., None]:
    """The slash command, bound to ``client``."""

    @app_commands.command(
        name="verify", description="Is a quotation verbatim, altered, stitched or misattributed?"
    )
    @app_commands.describe(
        text="The quotation as it was posted",
        speaker="Who is said to have said it",
        private="Show the verdict to you alone",
    )
    async def verify(
        interaction: discord.Interaction[discord.Client],
        text: app_commands.Range[str, 1, _TEXT_CHARACTERS],
        speaker: app_commands.Range[str, 1, 100] | None = None,
        private: bool = True,
    ) -> None:
        await _verify(client, interaction, [(plain(text), speaker)], private=private)

    return verify


def check_menu(client: MetquoteClient) -> app_commands.ContextMenu:
    """The message menu, bound to ``client``; its answer is private."""

    async def check(
        interaction: discord.Interaction[discord.Client], message: discord.Message
    ) -> None:
        posted = quotations_in(plain(message.content))
        if not posted:
            await tell(interaction, _NONE)
            return
        await _verify(client, interaction, posted, private=True)

    return app_commands.ContextMenu(name="Check quotations", callback=check)


def quotations_in(text: str) -> list[Posted]:
    """Every quotation of a message long enough to check, with whom the message attributes it to.

    The segments of one utterance are checked together, an ellipsis where words of the message
    stand between them.
    """
    found: list[Posted] = []
    for quotation in extract(text):
        words = " … ".join(text[span.start : span.end] for span in quotation.spans)
        if len(words.split()) >= _FEWEST_WORDS:
            named = quotation.speaker if quotation.kind is not QuotationKind.TERM else None
            found.append((words, named.name if named else None))
    return found


async def _verify(
    client: MetquoteClient,
    interaction: discord.Interaction[discord.Client],
    posted: Sequence[Posted],
    *,
    private: bool,
) -> None:
    try:
        client.cool(interaction.user.id)
        if not await deferred(interaction, private=private):
            return
        page = await client.asking.in_thread(lambda: _page(client, posted))
    except InputError as error:
        await _answer(interaction, sentence(error))
        return
    except MetquoteError:
        _log.exception("a quotation could not be verified")
        await _answer(interaction, BROKE)
        return
    content, embeds = message_of(page)
    await interaction.edit_original_response(
        content=content, embeds=embeds, allowed_mentions=_NO_MENTIONS
    )


async def _answer(interaction: discord.Interaction[discord.Client], text: str) -> None:
    if interaction.response.is_done():
        await interaction.edit_original_response(content=text, allowed_mentions=_NO_MENTIONS)
    else:
        await tell(interaction, text)


def _page(client: MetquoteClient, posted: Sequence[Posted]) -> Page:
    with client.service.snapshot() as snapshot:
        verdicts = [snapshot.verifier.verify(text, speaker) for text, speaker in posted]
        return verdict_page(verdicts, snapshot.document)
