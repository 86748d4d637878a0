"""``/quote``: exact quotations by speaker, subject and date, their pages and their export."""

from __future__ import annotations

import io
import logging
import time
from typing import TYPE_CHECKING, Self

import discord
from discord import app_commands

from bot.discord.replies import BROKE, deferred, message_of, sentence, tell
from bot.exports import export
from bot.quote_messages import quote_pages
from corpus.errors import InputError, MetquoteError
from index.query import cleaned
from index.quotes import QuoteQuery

if TYPE_CHECKING:
    import re

    from bot.discord.client import MetquoteClient
    from bot.messages import Page
    from index.people import Person

_log = logging.getLogger("metquote")
_NO_MENTIONS = discord.AllowedMentions.none()
# Discord's limits of an autocompletion.
_CHOICES, _CHOICE_CHARACTERS = 25, 100
_QUOTES = 100
_EXPORTS = {"csv": "CSV", "json": "JSON", "md": "Markdown"}
_GONE = "This look-up is no longer kept. Look again with /quote."
_NOT_YOURS = "Only the person who looked can turn these pages. Look for yourself with /quote."


class QuoteButton(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]],
    template=r"mq:quote:(?P<lookup>[A-Za-z0-9_-]{8,32}):(?P<page>[0-9]{1,5}):(?P<what>next|previous|csv|json|md)",
):
    """Turns the pages of a look-up, or attaches all of it as a file, to the asker alone."""

    def __init__(self, lookup: str, page: int, what: str, *, disabled: bool = False) -> None:
        super().__init__(
            discord.ui.Button(
                label=f"Export {_EXPORTS[what]}" if what in _EXPORTS else what.capitalize(),
                style=discord.ButtonStyle.secondary,
                custom_id=f"mq:quote:{lookup}:{page}:{what}",
                row=1 if what in _EXPORTS else 0,
                disabled=disabled,
            )
        )
        self.lookup, self.page, self.what = lookup, page, what

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[discord.Client],
        item: discord.ui.Item[discord.ui.View],
        match: re.Match[str],
    ) -> Self:
        """The button of a click, whichever process sent it."""
        del interaction, item
        return cls(match["lookup"], int(match["page"]), match["what"])

    async def callback(self, interaction: discord.Interaction[discord.Client]) -> None:
        """Turn the page for the person who looked; a file is for whoever asks, privately."""
        client: MetquoteClient = interaction.client  # type: ignore[assignment]
        try:
            kept = await client.asking.in_thread(lambda: client.state.kept_lookup(self.lookup))
            if kept is None:
                await tell(interaction, _GONE)
            elif self.what in _EXPORTS:
                if await deferred(interaction, private=True):
                    await _attach(client, interaction, kept[1], self.what)
            elif interaction.user.id != kept[0]:
                await tell(interaction, _NOT_YOURS)
            else:
                pages = await client.asking.in_thread(lambda: _pages(client, kept[1]))
                page = pages[max(0, min(self.page, len(pages) - 1))]
                content, embeds = message_of(page)
                await interaction.response.edit_message(
                    content=content,
                    embeds=embeds,
                    view=quote_buttons(self.lookup, page),
                    allowed_mentions=_NO_MENTIONS,
                )
        except MetquoteError:
            _log.exception("a look-up could not be shown")
            await tell(interaction, BROKE)


def quote_buttons(lookup: str | None, page: Page) -> discord.ui.View:
    """Previous and next where there are several pages, and the exports; none for no quotation."""
    view = discord.ui.View(timeout=None)
    if lookup is None:
        return view
    last = page.count - 1
    if last > 0:
        back, on = max(page.number - 1, 0), min(page.number + 1, last)
        view.add_item(QuoteButton(lookup, back, "previous", disabled=page.number == 0))
        view.add_item(QuoteButton(lookup, on, "next", disabled=page.number == last))
    for kind in _EXPORTS:
        view.add_item(QuoteButton(lookup, 0, kind))
    return view


def quote_command(
    client: MetquoteClient,
) -> app_commands.Command[app_commands.Group, ..., None]:
    """The slash command, bound to ``client``."""

    @app_commands.command(
        name="quote", description="Exact quotations, by speaker, subject and date."
    )
    @app_commands.describe(
        speaker="Who said it: a name, a part of one, or an office",
        about="What it is about",
        since="Published then or later: 2020-06-26, 2020-06 or 2020",
        until="Published then or earlier: 2020-06-26, 2020-06 or 2020",
        private="Show them to you alone",
    )
    async def quote(
        interaction: discord.Interaction[discord.Client],
        speaker: app_commands.Range[str, 1, 100] | None = None,
        about: app_commands.Range[str, 1, 1000] | None = None,
        since: app_commands.Range[str, 1, 10] | None = None,
        until: app_commands.Range[str, 1, 10] | None = None,
        private: bool = False,
    ) -> None:
        try:
            first, last = client.asking.dates(since, until)
            query = QuoteQuery(
                _given(speaker),
                _given(about),
                first,
                last,
                _QUOTES,
            )
            client.cool(interaction.user.id)
        except InputError as error:
            await tell(interaction, sentence(error))
            return
        if await deferred(interaction, private=private):
            await _show(client, interaction, query)

    @quote.autocomplete("speaker")
    async def speakers(
        interaction: discord.Interaction[discord.Client], typed: str
    ) -> list[app_commands.Choice[str]]:
        del interaction
        people = await client.asking.in_thread(lambda: _people(client, typed))
        return [
            app_commands.Choice(name=_choice(person), value=_at_a_word(person.name))
            for person in people
        ]

    return quote


async def _show(
    client: MetquoteClient, interaction: discord.Interaction[discord.Client], query: QuoteQuery
) -> None:
    try:
        pages = await client.asking.in_thread(lambda: _pages(client, query))
        lookup = None
        if pages[0].embeds:
            lookup = await client.asking.in_thread(
                lambda: client.state.keep_lookup(
                    interaction.user.id,
                    query,
                    now=time.time(),
                    days=client.service.settings.discord.kept_days,
                )
            )
    except MetquoteError:
        _log.exception("quotations could not be looked up")
        await interaction.edit_original_response(content=BROKE, allowed_mentions=_NO_MENTIONS)
        return
    content, embeds = message_of(pages[0])
    await interaction.edit_original_response(
        content=content,
        embeds=embeds,
        view=quote_buttons(lookup, pages[0]),
        allowed_mentions=_NO_MENTIONS,
    )


def _pages(client: MetquoteClient, query: QuoteQuery) -> tuple[Page, ...]:
    with client.service.snapshot() as snapshot:
        found = snapshot.quotes.find(query)
        per_page = client.service.settings.discord.excerpts_per_page
        return quote_pages(query, found, snapshot.document, per_page)


async def _attach(
    client: MetquoteClient,
    interaction: discord.Interaction[discord.Client],
    query: QuoteQuery,
    kind: str,
) -> None:
    def written() -> str:
        with client.service.snapshot() as snapshot:
            return export(snapshot.quotes.find(query), snapshot.document, kind)

    text = await client.asking.in_thread(written)
    file = discord.File(io.BytesIO(text.encode("utf-8")), f"quotations.{kind}")
    await interaction.followup.send(file=file, ephemeral=True, allowed_mentions=_NO_MENTIONS)


def _people(client: MetquoteClient, typed: str) -> list[Person]:
    """Who may be meant by what was typed so far: names that hold it, the most quoted first."""
    with client.service.snapshot() as snapshot:
        everybody = snapshot.catalogue.people()
    wanted = typed.casefold().split()
    found = [
        person
        for person in everybody
        if all(any(word in alias.casefold() for alias in person.aliases) for word in wanted)
    ]
    # Words that begin as what was typed first; the most quoted first among them, as they came.
    return sorted(found, key=lambda person: not _begins(person, wanted))[:_CHOICES]


def _given(option: str | None) -> str | None:
    """An option without blanks; a blank one is none."""
    return cleaned(option) if option is not None and option.strip() else None


def _begins(person: Person, wanted: list[str]) -> bool:
    names = [name for alias in person.aliases for name in alias.casefold().split()]
    return all(any(name.startswith(word) for name in names) for word in wanted)


def _choice(person: Person) -> str:
    office = person.offices[-1].role if person.offices else None
    name = f"{person.name}, {office}" if office else person.name
    return name[:_CHOICE_CHARACTERS]


def _at_a_word(name: str) -> str:
    """What fits of a long name: whole words, since a part of a word means nobody."""
    if len(name) <= _CHOICE_CHARACTERS:
        return name
    return name[: _CHOICE_CHARACTERS + 1].rsplit(maxsplit=1)[0][:_CHOICE_CHARACTERS]
