"""``/timeline``: what was said when about a topic, as a picture and as a list."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import aiohttp
import discord
from discord import app_commands

from bot.citations import said_by
from bot.discord.buttons import turning, view_of
from bot.discord.delivery import Delivery, acknowledging, delivered, refused
from bot.discord.followups import follow
from bot.discord.limits import admitted, here_of
from bot.discord.posting import turn
from bot.discord.replies import sentence, tell
from bot.messages.timeline import PICTURE, picture_page, timeline_pages
from bot.state.views import View
from bot.timeline import Entry, Timeline, timeline
from corpus.document import PartialDate, Span
from corpus.errors import InputError
from index.query import cleaned
from index.types import Query

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.discord.buttons import Actions, Press
    from bot.discord.client import MetquoteClient
    from bot.messages.answers import Page
    from bot.pictures.timeline import Picture
    from corpus.document import Document

KIND, PICTURE_KIND = "timeline", "timeline-picture"
_MOST = 40
_GONE = "this timeline is no longer kept; ask again with /timeline"
_NOT_YOURS = "Only the person who asked can turn these pages. Ask for your own with /timeline."


def timeline_command(
    client: MetquoteClient,
) -> app_commands.Command[app_commands.Group, ..., None]:
    """The slash command, bound to ``client``."""

    @app_commands.command(
        name="timeline", description="What was said when about a topic: a picture and a list."
    )
    @app_commands.describe(
        topic="What it is about",
        since="Published then or later: 2020-06-26, 2020-06 or 2020",
        until="Published then or earlier: 2020-06-26, 2020-06 or 2020",
        private="Show it to you alone",
    )
    async def timeline(
        interaction: discord.Interaction[discord.Client],
        topic: app_commands.Range[str, 1, 1000],
        since: app_commands.Range[str, 1, 10] | None = None,
        until: app_commands.Range[str, 1, 10] | None = None,
        private: bool | None = None,
    ) -> None:
        try:
            query = Query(cleaned(topic), *client.asking.dates(since, until), limit=_MOST)
            here = await admitted(client, interaction)
        except InputError as error:
            await tell(interaction, sentence(error))
            return
        query = replace(query, left_out=here.left_out)
        hidden = here.private if private is None else private
        await _show(client, interaction, query, here.guild.date_language, private=hidden)

    return timeline


async def _show(
    client: MetquoteClient,
    interaction: discord.Interaction[discord.Client],
    query: Query,
    dates: str,
    *,
    private: bool,
) -> None:
    """The picture, and the list after it; the list alone where nothing has a date."""
    lists: list[Delivery] = []

    async def work() -> Delivery:
        person = interaction.user.id
        pages, picture, kept = await client.asking.in_thread(
            lambda: _found(client, query, dates, person)
        )
        listed = Delivery(pages[0], KIND, _buttons(kept, pages[0]), kept=kept)
        if picture is None:
            return listed
        lists.append(listed)
        page, drawn = picture
        file = discord.File(io.BytesIO(drawn.png), PICTURE, description=drawn.alt_text)
        return Delivery(page, PICTURE_KIND, files=[file])

    shown = await delivered(client, interaction, work, private=private)
    if not shown:
        return
    for listed in lists:
        try:
            await follow(
                client,
                interaction,
                listed.page,
                kind=listed.kind,
                private=private,
                view=listed.view,
                kept=listed.kept,
            )
        except (discord.HTTPException, aiohttp.ClientError) as error:
            await refused(interaction, error)


async def _turn(press: Press) -> None:
    """Turn the list's page, for the person who asked."""
    client, state = press.client, press.client.state
    view = await client.asking.in_thread(lambda: state.views.kept(press.kept, KIND))
    if view is None:
        raise InputError(_GONE)
    if press.interaction.user.id != view.asker:
        await tell(press.interaction, _NOT_YOURS)
        return
    here = await here_of(client, press.interaction)
    dates = here.guild.date_language
    pages = await client.asking.in_thread(lambda: _kept_pages(client, view.values, dates))
    page = pages[max(0, min(press.at, len(pages) - 1))]
    buttons = _buttons(press.kept, page)
    await turn(client, press.interaction, page, kind=KIND, view=buttons, kept=press.kept)


ACTIONS: Actions = {"timeline": acknowledging(_turn)}


def _buttons(kept: str | None, page: Page) -> discord.ui.View:
    if kept is None:
        return view_of(())
    return view_of(turning("timeline", kept, page.number, page.count))


def _found(
    client: MetquoteClient, query: Query, dates: str, asker: int
) -> tuple[tuple[Page, ...], tuple[Page, Picture] | None, str | None]:
    """The pages of the list, the picture's page and the picture, and the id to turn pages by."""
    settings = client.service.settings.discord
    with client.service.snapshot() as snapshot:
        found = timeline(snapshot, query)
        documents = {one.document_id: snapshot.document(one.document_id) for one in found.entries}
    pages = timeline_pages(
        found, lambda entry: documents[entry.document_id], settings.excerpts_per_page, dates
    )
    kept = None
    if len(pages) > 1:
        view = View(KIND, asker, _kept(found, documents))
        kept = client.state.views.keep(view, days=settings.kept_days)
    if not found.dated:
        return pages, None, kept
    from bot.pictures.timeline import picture  # noqa: PLC0415 - matplotlib

    drawn = picture(found, documents.__getitem__)
    return pages, (picture_page(found, documents.__getitem__), drawn), kept


def _kept(found: Timeline, documents: Mapping[str, Document]) -> dict[str, Any]:
    """What was found as JSON, so that the pages stay those of the picture."""
    return {
        "topic": found.topic,
        "undated_left_out": found.undated_left_out,
        "more": found.more,
        "entries": [
            {
                "document": entry.document_id,
                "sha256": documents[entry.document_id].sha256,
                "span": [entry.span.start, entry.span.end],
                "published": entry.published and str(entry.published),
                "kind": entry.kind,
                "publisher": entry.publisher,
            }
            for entry in found.entries
        ],
    }


def _kept_pages(client: MetquoteClient, values: Mapping[str, Any], dates: str) -> tuple[Page, ...]:
    """The pages of what `_kept` gave; words that are no longer there as they were are not shown."""
    entries: list[Entry] = []
    documents: dict[str, Document | None] = {}
    with client.service.snapshot() as snapshot:
        for one in values["entries"]:
            document = snapshot.unchanged(one["document"], one["sha256"])
            span, published = Span(*one["span"]), one["published"]
            speaker = None
            if document is not None:
                quotations = snapshot.catalogue.quotations(document.id, span)
                speaker = said_by(quotations, document, span)
            documents[one["document"]] = document
            entries.append(
                Entry(
                    one["document"],
                    span,
                    PartialDate.parse(published) if published else None,
                    one["kind"],
                    one["publisher"],
                    speaker,
                )
            )
    found = Timeline(values["topic"], tuple(entries), values["undated_left_out"], values["more"])
    per_page = client.service.settings.discord.excerpts_per_page
    return timeline_pages(found, lambda entry: documents[entry.document_id], per_page, dates)
