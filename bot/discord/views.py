"""Buttons that outlive a restart: their ids say what to show, the state knows the rest."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Self

import discord

from bot.discord.replies import BROKE, message_of, tell
from corpus.errors import MetquoteError

if TYPE_CHECKING:
    import re

    from bot.discord.client import MetquoteClient
    from bot.messages import Page

_log = logging.getLogger("metquote")
_GONE = "These pages are no longer kept. Ask again with /ask."
_NOT_YOURS = "Only the person who asked can turn these pages. Ask your own question with /ask."


class PageButton(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]],
    template=r"mq:page:(?P<answer>[A-Za-z0-9_-]{8,32}):(?P<page>[0-9]{1,3}):(?P<way>next|previous)",
):
    """Shows page ``page`` (from 0) of a remembered answer."""

    def __init__(self, answer: str, page: int, way: str, *, disabled: bool = False) -> None:
        super().__init__(
            discord.ui.Button(
                label=way.capitalize(),
                style=discord.ButtonStyle.secondary,
                custom_id=f"mq:page:{answer}:{page}:{way}",
                disabled=disabled,
            )
        )
        self.answer, self.page = answer, page

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[discord.Client],
        item: discord.ui.Item[discord.ui.View],
        match: re.Match[str],
    ) -> Self:
        """The button of a click, whichever process sent it."""
        del interaction, item
        return cls(match["answer"], int(match["page"]), match["way"])

    async def callback(self, interaction: discord.Interaction[discord.Client]) -> None:
        """Turn the page, for the person who asked."""
        client: MetquoteClient = interaction.client  # type: ignore[assignment]
        try:
            found = await client.asking.page(self.answer, self.page)
        except MetquoteError:
            _log.exception("a page could not be turned")
            await tell(interaction, BROKE)
            return
        if found is None:
            await tell(interaction, _GONE)
            return
        asker, page = found
        if interaction.user.id != asker:
            await tell(interaction, _NOT_YOURS)
            return
        content, embeds = message_of(page)
        await interaction.response.edit_message(
            content=content,
            embeds=embeds,
            view=page_buttons(self.answer, page),
            allowed_mentions=discord.AllowedMentions.none(),
        )


def page_buttons(answer: str | None, page: Page) -> discord.ui.View:
    """Previous and next for ``page``; a view without buttons for an answer of one page."""
    view = discord.ui.View(timeout=None)
    if answer is not None:
        last = page.count - 1
        view.add_item(
            PageButton(answer, max(page.number - 1, 0), "previous", disabled=page.number == 0)
        )
        view.add_item(
            PageButton(answer, min(page.number + 1, last), "next", disabled=page.number == last)
        )
    return view
