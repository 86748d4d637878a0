"""``/quote``: exact quotations by speaker, subject and date, their pages and their export."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.discord.buttons import KeptButton, turning, view_of
from bot.discord.cards import choose
from bot.discord.citing import acknowledged, keep_links, show_links, text_file
from bot.discord.delivery import Delivery, acknowledging, delivered, guarded
from bot.discord.limits import admitted, here_of
from bot.discord.posting import NO_MENTIONS, turn
from bot.discord.replies import deferred, sentence, tell
from bot.exports import export
from bot.messages.quotations import quote_pages, quotes_on_page, whole
from corpus.errors import InputError
from index.permalink import permalink
from index.query import cleaned
from index.quotes import QuoteQuery

if TYPE_CHECKING:
    from bot.discord.buttons import Actions, Press
    from bot.discord.client import MetquoteClient
    from bot.messages.answers import Page
    from index.people import Person

KIND = "quotations"
# Discord's limits of an autocompletion.
_CHOICES, _CHOICE_CHARACTERS = 25, 100
_QUOTES = 100
_EXPORTS = ("csv", "json", "md")
_EXPORT_LABELS = ("CSV", "JSON", "Markdown")
_GONE = "this look-up is no longer kept; look again with /quote"
_NONE = "these quotations are no longer there; look again with /quote"
_NOT_YOURS = "Only the person who looked can turn these pages. Look for yourself with /quote."


async def _turn(press: Press) -> None:
    """Turn the page, for the person who looked."""
    asker, query = await _lookup(press)
    if press.interaction.user.id != asker:
        await tell(press.interaction, _NOT_YOURS)
        return
    here = await here_of(press.client, press.interaction)
    dates = here.guild.date_language
    pages = await press.client.asking.in_thread(lambda: _pages(press.client, query, dates))
    page = pages[max(0, min(press.at, len(pages) - 1))]
    await turn(
        press.client,
        press.interaction,
        page,
        kind=KIND,
        view=quote_buttons(press.kept, page),
        kept=press.kept,
    )


async def _export(press: Press) -> None:
    """Attach all of a look-up as a file, for whoever asks, privately."""
    if await deferred(press.interaction, private=True):
        _, query = await _lookup(press)
        await _attach(press.client, press.interaction, query, _EXPORTS[press.at])


async def _permalinks(press: Press) -> None:
    """Permalinks and citations of the quotations on the page, for whoever asks, privately."""
    if await acknowledged(press.interaction):
        await show_links(await _linked(press))


async def _card(press: Press) -> None:
    """A card of a quotation on the page, for whoever asks, privately."""
    if await acknowledged(press.interaction):
        await choose(await _linked(press))


async def _linked(press: Press) -> Press:
    """The press of a button that holds the permalinks of what is on the page."""
    client, (_, query) = press.client, await _lookup(press)
    per_page = client.service.settings.discord.excerpts_per_page
    here = await here_of(client, press.interaction)
    dates = here.guild.date_language

    def links() -> str:
        with client.service.snapshot() as snapshot:
            found = snapshot.quotes.find(query)
            there = quotes_on_page(found, snapshot.document, per_page, press.at, dates)
            names = [permalink(snapshot.document(one.document_id), whole(one)) for one in there]
        if not names:
            raise InputError(_NONE)
        return keep_links(client, press.interaction.user.id, names)

    return replace(press, kept=await client.asking.in_thread(links), at=0)


async def _lookup(press: Press) -> tuple[int, QuoteQuery]:
    kept = await press.client.asking.in_thread(lambda: press.client.state.lookups.kept(press.kept))
    if kept is None:
        raise InputError(_GONE)
    return kept


ACTIONS: Actions = {
    "quotes": acknowledging(_turn),
    "export": guarded(_export),
    "quote-links": guarded(_permalinks),
    "quote-cards": guarded(_card),
}


def quote_buttons(lookup: str | None, page: Page) -> discord.ui.View:
    """What can be done with a page, and with all of what was found; nothing with no quotation."""
    if lookup is None:
        return view_of(())
    exports = (
        KeptButton("export", lookup, at, label=f"Export {label}", row=1)
        for at, label in enumerate(_EXPORT_LABELS)
    )
    of_page = [
        KeptButton("quote-links", lookup, page.number, label="Permalink", row=1),
        KeptButton("quote-cards", lookup, page.number, label="Card", row=1),
    ]
    return view_of([*turning("quotes", lookup, page.number, page.count), *of_page, *exports])


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
        private: bool | None = None,
    ) -> None:
        try:
            first, last = client.asking.dates(since, until)
            asked = QuoteQuery(_given(speaker), _given(about), first, last, _QUOTES)
            here = await admitted(client, interaction)
        except InputError as error:
            await tell(interaction, sentence(error))
            return
        query = replace(asked, left_out=here.left_out)
        hidden = here.private if private is None else private

        async def work() -> Delivery:
            asker = interaction.user.id
            dates = here.guild.date_language
            page, lookup = await client.asking.in_thread(
                lambda: _looked_up(client, query, dates, asker)
            )
            return Delivery(page, KIND, quote_buttons(lookup, page), kept=lookup)

        await delivered(client, interaction, work, private=hidden)

    quote.autocomplete("speaker")(_speakers)
    return quote


async def _speakers(
    interaction: discord.Interaction[discord.Client], typed: str
) -> list[app_commands.Choice[str]]:
    client: MetquoteClient = interaction.client  # type: ignore[assignment]
    # Not in a search thread: Discord waits three seconds for suggestions, too.
    people = await asyncio.to_thread(_people, client, typed)
    return [
        app_commands.Choice(name=_choice(person), value=_at_a_word(person.name))
        for person in people
    ]


def _looked_up(
    client: MetquoteClient, query: QuoteQuery, dates: str, asker: int
) -> tuple[Page, str | None]:
    """The first page, and the id that the look-up is kept by; ``None`` for no quotation."""
    first = _pages(client, query, dates)[0]
    if not first.embeds:
        return first, None
    days = client.service.settings.discord.kept_days
    return first, client.state.lookups.keep(asker, query, days=days)


def _pages(client: MetquoteClient, query: QuoteQuery, dates: str) -> tuple[Page, ...]:
    with client.service.snapshot() as snapshot:
        found = snapshot.quotes.find(query)
        per_page = client.service.settings.discord.excerpts_per_page
        return quote_pages(query, found, snapshot.document, per_page, dates)


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
    file = text_file(text, f"quotations.{kind}")
    await interaction.followup.send(file=file, ephemeral=True, allowed_mentions=NO_MENTIONS)


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
