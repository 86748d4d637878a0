"""``/verify`` and the message menu "Check quotations": is a posted quotation true to its source?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.discord.buttons import KeptButton, view_of
from bot.discord.citing import keep_links
from bot.discord.delivery import Delivery, delivered
from bot.discord.limits import admitted
from bot.discord.replies import sentence, tell
from bot.messages.answers import Page
from bot.messages.markdown import plain
from bot.messages.verdicts import shown_places, verdict_page
from corpus.errors import InputError
from corpus.quotations.extract import extract
from corpus.quotations.types import QuotationKind
from index.permalink import permalink

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.discord.client import MetquoteClient

KIND = "verdict"
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
        await _verify(client, interaction, lambda: [(plain(text), speaker)], private=private)

    return verify


def check_menu(client: MetquoteClient) -> app_commands.ContextMenu:
    """The message menu, bound to ``client``; its answer is private."""

    async def check(
        interaction: discord.Interaction[discord.Client], message: discord.Message
    ) -> None:
        await _verify(
            client, interaction, lambda: quotations_in(plain(message.content)), private=True
        )

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
    read: Callable[[], Sequence[Posted]],
    *,
    private: bool,
) -> None:
    try:
        here = await admitted(client, interaction)
    except InputError as error:
        await tell(interaction, sentence(error))
        return

    async def work() -> Delivery:
        asker = interaction.user.id
        dates = here.guild.date_language
        page, links = await client.asking.in_thread(lambda: _page(client, read(), asker, dates))
        return Delivery(page, KIND, _buttons(links))

    await delivered(client, interaction, work, private=private)


def _page(
    client: MetquoteClient, posted: Sequence[Posted], asker: int, dates: str
) -> tuple[Page, str | None]:
    """The verdicts, and the id by which the permalinks of the sources' words are kept."""
    if not posted:
        return Page(_NONE, (), 0, 1), None
    with client.service.snapshot() as snapshot:
        verdicts = [snapshot.verifier.verify(text, speaker) for text, speaker in posted]
        page = verdict_page(verdicts, snapshot.document, dates)
        links = [
            permalink(snapshot.document(document_id), span)
            for document_id, span in shown_places(verdicts[: len(page.embeds)])
        ]
    return page, keep_links(client, asker, links) if links else None


def _buttons(links: str | None) -> discord.ui.View:
    """What can be done with the sources' words, for whoever sees the verdict."""
    if links is None:
        return view_of(())
    return view_of(
        [KeptButton("links", links, label="Permalink"), KeptButton("cards", links, label="Card")]
    )
