"""The preview of a summary: its pages as they would be posted now, and what can be done."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import discord

from bot.discord.buttons import KeptButton, KeptChannels, turning, view_of
from bot.messages.kept_summaries import as_it_stands, summary_of
from bot.messages.summaries import summary_pages
from corpus.errors import InputError, StorageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.discord.client import MetquoteClient
    from bot.messages.answers import Page
    from bot.state.outbox import Sending

ALL_CHANGED = "the sources of all these sentences have changed since; make it again with /summary"


@dataclass(frozen=True, slots=True)
class Preview:
    """What is kept of a preview, and its pages as they would be posted now."""

    values: Mapping[str, Any]
    pages: tuple[Page, ...]
    changed: int


async def render(client: MetquoteClient, sending: Sending) -> Page:
    """A part of a summary that is to be posted, as its words stand now.

    Raises:
        InputError: they are not there any more.
        MetquoteError: the index or the state cannot be used.
    """
    values = sending.message.values

    def found() -> Page:
        pages = preview_of(client, values).pages
        if values["part"] >= len(pages) or not pages[0].embeds:
            raise InputError(ALL_CHANGED)
        page: Page = pages[values["part"]]
        return page

    return await client.asking.in_thread(found)


def preview_of(client: MetquoteClient, values: Mapping[str, Any]) -> Preview:
    """The pages as they would be posted now, and how many sentences are no longer there."""
    try:
        kept = summary_of(values)
    except (KeyError, ValueError, TypeError) as error:
        raise StorageError(f"a preview cannot be read ({error}); make it again") from error
    with client.service.snapshot() as snapshot:
        summary, changed = as_it_stands(kept, snapshot.unchanged, snapshot.catalogue.quotations)
        pages = summary_pages(
            summary, snapshot.document, note=values["note"], dates=values["dates"]
        )
        if changed and not summary.items:
            pages = (replace(pages[0], embeds=()),)
    return Preview(values, pages, changed)


def previewed(client: MetquoteClient, preview: Preview, number: int) -> Page:
    """A page with what a moderator is told of it on top."""
    page = preview.pages[number]
    channel = preview.values["channel"]
    there = client.get_channel(channel) if channel is not None else None
    where = "choose a channel" if channel is None else f"to be posted in <#{channel}>"
    if channel is not None and there is None:
        where = "its channel is gone; choose another one"
    said = f"**Preview**, seen by you alone: {where}.{lost(preview.changed)}\n"
    return replace(page, content=said + page.content)


def preview_buttons(kept: str, preview: Preview, number: int) -> discord.ui.View:
    """What can be done with page ``number`` of a preview."""
    note = "Edit note" if preview.values["note"] else "Add note"
    is_ready = preview.values["channel"] is not None and bool(preview.pages[0].embeds)
    green, red = discord.ButtonStyle.success, discord.ButtonStyle.danger
    return view_of(
        [
            *turning("sum-page", kept, number, len(preview.pages)),
            KeptButton("sum-note", kept, label=note, row=1),
            KeptButton("sum-post", kept, label="Post", style=green, disabled=not is_ready, row=1),
            KeptButton("sum-drop", kept, label="Discard", style=red, row=1),
            KeptChannels("sum-channel", kept, placeholder="Where to post it"),
        ]
    )


def lost(changed: int) -> str:
    """What is told of sentences that cannot be posted any more; nothing if there are none."""
    if not changed:
        return ""
    what = "sentence whose source has" if changed == 1 else "sentences whose sources have"
    return f" {changed} {what} changed since {'is' if changed == 1 else 'are'} left out."
