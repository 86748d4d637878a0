"""``/cite``: a permalink opened again; citations and quotation cards of what was found."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Literal

import discord
from discord import app_commands

from bot.citations import STYLES, said_by, speaker_at
from bot.discord.buttons import KeptButton, view_of
from bot.discord.delivery import Delivery, acknowledging, delivered, guarded
from bot.discord.followups import whisper
from bot.discord.limits import admitted, here_of
from bot.discord.posting import turn
from bot.discord.replies import deferred, is_acknowledged, sentence, tell
from bot.messages.citations import (
    Opened,
    citations_name,
    citations_page,
    citations_text,
    cited_page,
    context_page,
)
from bot.state.views import View
from corpus.document import StatusKind
from corpus.errors import InputError
from index.permalink import parse, resolve

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.discord.buttons import Actions, Press
    from bot.discord.client import MetquoteClient
    from bot.messages.answers import Page
    from corpus.quotations.types import Speaker
    from index.opened import OpenSnapshot
    from index.permalink import Cited, Permalink

KIND = "citation"
_KIND_OF_LINKS = "links"
_LABELS = ("Plain", "Markdown", "BibTeX", "Inline")
_LINK_CHARACTERS = 200
_GONE = "these quotations are no longer kept; look for them again"


def cite_command(
    client: MetquoteClient,
) -> app_commands.Command[app_commands.Group, ..., None]:
    """The slash command, bound to ``client``."""

    @app_commands.command(name="cite", description="Open a permalink again, across corrections.")
    @app_commands.rename(link="id")
    @app_commands.describe(
        link="The permalink, such as mq-4f1c29d0a6b3e875-120-209-k3w9vd",
        style="Also cite it: as plain text, Markdown, BibTeX or inline",
        private="Show it to you alone",
    )
    async def cite(
        interaction: discord.Interaction[discord.Client],
        link: app_commands.Range[str, 1, _LINK_CHARACTERS],
        style: Literal["plain", "markdown", "bibtex", "inline"] | None = None,
        private: bool | None = None,
    ) -> None:
        try:
            asked = parse(link)
            here = await admitted(client, interaction)
        except InputError as error:
            await tell(interaction, sentence(error))
            return

        async def work() -> Delivery:
            opened = await client.asking.in_thread(lambda: opened_of(client, asked))
            files = [] if style is None else [_file([opened], style)]
            page = cited_page(opened, style, here.guild.date_language)
            return Delivery(page, KIND, cite_buttons(opened.link), files)

        hidden = here.private if private is None else private
        await delivered(client, interaction, work, private=hidden)

    return cite


def cite_buttons(link: str) -> discord.ui.View:
    """What can be done with an opened permalink, for whoever sees it, for as long as it opens."""
    return view_of(
        [
            KeptButton("cite-context", link, label="Context"),
            KeptButton("links", link, label="Citation"),
            KeptButton("cards", link, label="Card"),
        ]
    )


def opened_of(client: MetquoteClient, link: Permalink) -> Opened:
    """What a permalink names, and whose words it is.

    Raises:
        InputError: it names nothing, or what was erased.
        MetquoteError: the documents or the index cannot be used.
    """
    with client.service.snapshot() as snapshot:
        cited = resolve(link, client.service.library, snapshot.catalogue.hashes())
        return Opened(cited, _speaker(snapshot, cited))


def keep_links(client: MetquoteClient, asker: int, links: Sequence[str]) -> str:
    """Remember permalinks for the buttons "links" and "cards"; the id to keep them by.

    Raises:
        StorageError: the state cannot be written.
    """
    view = View(_KIND_OF_LINKS, asker, {"links": list(links)})
    return client.state.views.keep(view, days=client.service.settings.discord.kept_days)


async def opened_by(press: Press) -> tuple[list[Opened], list[str]]:
    """What a button's permalinks name, and why some can no longer be opened, in sentences.

    Raises:
        InputError: none can, or they are no longer kept.
    """

    def look() -> tuple[list[Opened], list[str]]:
        opened: list[Opened] = []
        lost: list[str] = []
        links = _links(press)
        for link in links:
            try:
                opened.append(opened_of(press.client, parse(link)))
            except InputError as error:
                if len(links) == 1:
                    raise
                lost.append(sentence(error))
        return opened, lost

    return await press.client.asking.in_thread(look)


def _links(press: Press) -> list[str]:
    """The permalinks of a button: its own, or those that are kept for it."""
    if press.kept.startswith("mq-"):
        return [press.kept]
    view = press.client.state.views.kept(press.kept, _KIND_OF_LINKS)
    if view is None:
        raise InputError(_GONE)
    return [str(link) for link in view.values["links"]]


async def acknowledged(interaction: discord.Interaction[discord.Client]) -> bool:
    """Whether a private answer can follow; acknowledges what is not yet."""
    return is_acknowledged(interaction) or await deferred(interaction, private=True)


async def show_links(press: Press) -> None:
    """Show permalinks and citations, to whoever pressed alone."""
    if not await acknowledged(press.interaction):
        return
    page, file = await _cited(press, STYLES[0])
    view = _style_buttons(press.kept, STYLES[0])
    await whisper(press.interaction, page, view=view, files=file)


async def _restyle(press: Press) -> None:
    """The same in another style, in the same private message."""
    style = STYLES[press.at % len(STYLES)]
    page, file = await _cited(press, style)
    view = _style_buttons(press.kept, style)
    await turn(press.client, press.interaction, page, kind=KIND, view=view, files=file)


async def _cited(press: Press, style: str) -> tuple[Page, list[discord.File]]:
    opened, lost = await opened_by(press)
    here = await here_of(press.client, press.interaction)
    page = citations_page(opened, style, lost, here.guild.date_language)
    return page, [_file(opened, style)] if opened else []


async def _context(press: Press) -> None:
    """The paragraphs around, to whoever pressed alone."""
    if not await acknowledged(press.interaction):
        return
    ((opened,), _) = await opened_by(press)
    here = await here_of(press.client, press.interaction)
    page, whole = context_page(opened.cited, here.guild.date_language)
    files = [] if whole is None else [text_file(whole, "context.txt")]
    await whisper(press.interaction, page, files=files)


ACTIONS: Actions = {
    "links": guarded(show_links),
    "links-style": acknowledging(_restyle),
    "cite-context": guarded(_context),
}


def _style_buttons(kept: str, style: str) -> discord.ui.View:
    styles = [
        KeptButton("links-style", kept, at, label=label, disabled=one == style, row=0)
        for at, (one, label) in enumerate(zip(STYLES, _LABELS, strict=True))
    ]
    return view_of([*styles, KeptButton("cards", kept, label="Card", row=1)])


def text_file(text: str, name: str) -> discord.File:
    """``text`` as a file to attach, byte for byte."""
    return discord.File(io.BytesIO(text.encode("utf-8")), name)


def _file(opened: Sequence[Opened], style: str) -> discord.File:
    return text_file(citations_text(opened, style), citations_name(style))


def _speaker(snapshot: OpenSnapshot, cited: Cited) -> Speaker | None:
    """Whose words they are, as the index has it; read from a document that it has not."""
    document, span = cited.document, cited.span
    if document.status.kind is StatusKind.CURRENT:
        try:
            indexed = snapshot.document(document.id)
        except KeyError:
            return speaker_at(document, span)
        if indexed.sha256 == document.sha256:
            quotations = snapshot.catalogue.quotations(document.id, span)
            return said_by(quotations, document, span)
    return speaker_at(document, span)
