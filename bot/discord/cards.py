"""Quotation cards: a private preview, and the same in public, once."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import discord

from bot.discord.buttons import KeptButton, view_of
from bot.discord.citing import acknowledged, opened_by, opened_of
from bot.discord.delivery import acknowledging, guarded
from bot.discord.followups import follow, whisper
from bot.discord.limits import here_of
from bot.discord.replies import tell
from bot.messages.answers import shared_by
from bot.messages.citations import MOST_EMBEDS, card_page, choice_page
from bot.state.views import View
from corpus.errors import InputError
from index.permalink import parse

if TYPE_CHECKING:
    from bot.discord.buttons import Actions, Press
    from bot.messages.citations import Opened
    from bot.pictures.card import Card

KIND = "card"
FILE = "quotation.png"
_ROW = 5
_SHARED = "this card was shared already, or is no longer kept; ask for it again"
_NOT_YOURS = "Only the person who asked for this card can share it. Ask for your own with /cite."
_PRIVATE_HERE = "in this channel what I find is shown privately, so the card was not shared"


async def choose(press: Press) -> None:
    """Draw a card; of several quotations, ask first which is meant. Privately."""
    if not await acknowledged(press.interaction):
        return
    opened, lost = await opened_by(press)
    if not opened:
        raise InputError(lost[0])
    if len(opened) == 1:
        await _preview(press, opened[0].link)
        return
    here = await here_of(press.client, press.interaction)
    numbered = opened[: 2 * MOST_EMBEDS]
    buttons = [
        KeptButton("card", one.link, number, label=str(number), row=(number - 1) // _ROW)
        for number, one in enumerate(numbered, 1)
    ]
    page = choice_page(numbered, here.guild.date_language)
    await whisper(press.interaction, page, view=view_of(buttons))


async def _chosen(press: Press) -> None:
    """Draw the card of the quotation that was chosen."""
    if await acknowledged(press.interaction):
        await _preview(press, press.kept)


async def _preview(press: Press, link: str) -> None:
    client, person = press.client, press.interaction.user.id
    here = await here_of(client, press.interaction)

    def made() -> tuple[Opened, Card, str]:
        opened, drawn = _drawn(press, link)
        days = client.service.settings.discord.kept_days
        view = client.state.views.keep(View(KIND, person, {"link": opened.link}), days=days)
        return opened, drawn, view

    opened, drawn, kept = await client.asking.in_thread(made)
    await whisper(
        press.interaction,
        card_page(opened, preview=True, dates=here.guild.date_language),
        view=view_of([KeptButton("card-share", kept, label="Share")]),
        files=[_file(drawn)],
    )


async def _share(press: Press) -> None:
    """Post the card for everybody, once, with the name of who shared it."""
    client, interaction = press.client, press.interaction
    views, person = client.state.views, interaction.user
    kept = await client.asking.in_thread(lambda: views.kept(press.kept, KIND))
    if kept is None:
        raise InputError(_SHARED)
    if kept.asker != person.id:
        await tell(interaction, _NOT_YOURS)
        return
    here = await here_of(client, interaction)
    if here.private or not here.answers:
        raise InputError(_PRIVATE_HERE)

    def taken() -> tuple[Opened, Card]:
        view = views.take(press.kept, KIND)
        if view is None:
            raise InputError(_SHARED)
        return _drawn(press, str(view.values["link"]))

    opened, drawn = await client.asking.in_thread(taken)
    page = card_page(opened, preview=False, dates=here.guild.date_language)
    await follow(
        client,
        interaction,
        shared_by(page, person.display_name),
        kind=KIND,
        private=False,
        files=[_file(drawn)],
        person=person.id,
    )
    # The preview stays, without its button.
    await interaction.edit_original_response(view=None)


ACTIONS: Actions = {
    "cards": guarded(choose),
    "card": guarded(_chosen),
    "card-share": acknowledging(_share),
}


def _drawn(press: Press, link: str) -> tuple[Opened, Card]:
    """The card of a permalink.

    Raises:
        InputError: the words do not fit on it or cannot be drawn, or there are none any more.
    """
    from bot.pictures.card import card  # noqa: PLC0415 - Pillow and matplotlib

    opened = opened_of(press.client, parse(link))
    return opened, card(opened.cited.document, opened.cited.span, opened.speaker)


def _file(drawn: Card) -> discord.File:
    return discord.File(io.BytesIO(drawn.png), FILE, description=drawn.alt_text)
