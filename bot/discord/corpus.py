"""``/corpus``: documents added, corrected and retracted by those whom the operator allows."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Literal

import discord
from discord import app_commands

from bot.curation.curator import curator
from bot.curation.drafts import KIND, draft_values
from bot.curation.intake import inheriting
from bot.discord.buttons import turning, view_of
from bot.discord.delivery import Delivery, acknowledging, delivered
from bot.discord.drafting import buttons_of, previewed
from bot.discord.limits import here_of
from bot.discord.permissions import curating
from bot.discord.posting import turn
from bot.discord.replies import sentence, tell
from bot.discord.submissions import submitted_draft
from bot.messages.corpus import list_pages, retraction_page, status_page
from bot.state.views import View
from bot.terminal.index_screen import status_of
from corpus.document import StatusKind
from corpus.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from bot.discord.buttons import Actions, Press
    from bot.discord.client import MetquoteClient
    from bot.messages.answers import Page
    from corpus.document import Document

_Interaction = discord.Interaction[discord.Client]
_Id = app_commands.Range[str, 1, 200]
_Reason = app_commands.Range[str, 1, 400]
_Url = app_commands.Range[str, 1, 2_000]
_CHOICES, _CHOICE_CHARACTERS = 25, 100
_LIST = "documents"
_GONE = "this list is no longer kept; make it again with /corpus list"


def corpus_group(client: MetquoteClient) -> app_commands.Group:
    """The slash commands, bound to ``client``."""
    group = app_commands.Group(
        name="corpus",
        description="The documents; for those whom the operator of this bot allows.",
        default_permissions=discord.Permissions(manage_guild=True),
        allowed_contexts=app_commands.AppCommandContext(
            guild=True, dm_channel=True, private_channel=False
        ),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
    )
    for add in (_add, _correct, _retract, _list, _status):
        add(client, group)
    return group


def _add(client: MetquoteClient, group: app_commands.Group) -> None:
    @group.command(name="add", description="Add a document; what was understood is shown first.")
    @app_commands.describe(file="The document", url="Or where it is on the web")
    async def add(
        interaction: _Interaction, file: discord.Attachment | None = None, url: _Url | None = None
    ) -> None:
        async def work(by: str) -> Delivery:
            draft = await submitted_draft(client.service.settings, file, url)
            values = {"act": "add", "draft": draft_values(draft)}
            return await _kept(client, interaction, by, values)

        await _allowed(client, interaction, work)


def _correct(client: MetquoteClient, group: app_commands.Group) -> None:
    @group.command(name="correct", description="Put a new version in a document's place.")
    @app_commands.describe(
        document="Its id", reason="Why; people are told", file="The new version",
        url="Or where it is on the web",
    )  # fmt: skip
    async def correct(
        interaction: _Interaction,
        document: _Id,
        reason: _Reason,
        file: discord.Attachment | None = None,
        url: _Url | None = None,
    ) -> None:
        async def work(by: str) -> Delivery:
            old, seen = await asyncio.to_thread(_found, client, document)
            draft = await submitted_draft(client.service.settings, file, url)
            draft = inheriting(draft, old.metadata)
            values = {
                "act": "correct", "id": document, "seen": seen, "reason": reason,
                "draft": draft_values(draft),
            }  # fmt: skip
            return await _kept(client, interaction, by, values)

        await _allowed(client, interaction, work)

    _complete_ids(client, correct)


def _retract(client: MetquoteClient, group: app_commands.Group) -> None:
    @group.command(name="retract", description="Withdraw a document: it answers no more.")
    @app_commands.describe(document="Its id", reason="Why; whoever verifies its words is told")
    async def retract(interaction: _Interaction, document: _Id, reason: _Reason) -> None:
        async def work(by: str) -> Delivery:
            del by
            found = await asyncio.to_thread(client.service.library.get, document)
            if not reason.strip():
                raise InputError("give a reason; it is what people are told")
            if found.status.kind is not StatusKind.CURRENT:
                raise InputError(f"{document} is {found.status.kind.value} already")
            values = {"act": "retract", "id": document, "reason": reason}
            kept = await _keep(client, interaction, values)
            page = retraction_page(found, reason)
            return Delivery(page, KIND, buttons_of(kept, values))

        await _allowed(client, interaction, work)

    _complete_ids(client, retract)


def _list(client: MetquoteClient, group: app_commands.Group) -> None:
    @group.command(name="list", description="The documents: id, date, kind, publisher, title.")
    @app_commands.describe(status="Which of them; the current ones unless you say")
    async def listed(
        interaction: _Interaction,
        status: Literal["current", "corrected", "retracted"] = "current",
    ) -> None:
        async def work(by: str) -> Delivery:
            del by
            here = await here_of(client, interaction)
            values = {"status": status, "dates": here.guild.date_language}
            pages = await asyncio.to_thread(_pages, client, values)
            view = View(_LIST, interaction.user.id, values)
            days = client.service.settings.discord.kept_days
            kept = await asyncio.to_thread(client.state.views.keep, view, days=days)
            buttons = view_of(turning("corpus-list", kept, 0, len(pages)))
            return Delivery(pages[0], _LIST, buttons)

        await _allowed(client, interaction, work)


def _status(client: MetquoteClient, group: app_commands.Group) -> None:
    @group.command(name="status", description="How many documents there are, and their index.")
    async def status(interaction: _Interaction) -> None:
        def page() -> Page:
            reading = client.service.library.read()
            counts = {
                "documents": len(reading.documents), "withdrawn": len(reading.withdrawn),
                "cannot be read": len(reading.refused),
            }  # fmt: skip
            entries = client.service.library.journal.entries()
            last = None
            if entries:
                one = entries[-1]
                last = f"{one.action.value} {one.id} on {one.at:%Y-%m-%d %H:%M} UTC"
            return status_page(status_of(client.service), counts, last)

        async def work(by: str) -> Delivery:
            del by
            return Delivery(await asyncio.to_thread(page), _LIST)

        await _allowed(client, interaction, work)


async def _turn(press: Press) -> None:
    """Another page of the list."""
    curating(press.interaction, press.client.service.settings.discord)
    view = await asyncio.to_thread(press.client.state.views.kept, press.kept, _LIST)
    if view is None:
        raise InputError(_GONE)
    pages = await asyncio.to_thread(_pages, press.client, dict(view.values))
    page = pages[max(0, min(press.at, len(pages) - 1))]
    buttons = view_of(turning("corpus-list", press.kept, page.number, page.count))
    await turn(press.client, press.interaction, page, kind=_LIST, view=buttons)


ACTIONS: Actions = {"corpus-list": acknowledging(_turn)}


async def _allowed(
    client: MetquoteClient,
    interaction: _Interaction,
    work: Callable[[str], Coroutine[Any, Any, Delivery]],
) -> None:
    """Do ``work`` for somebody whom the operator allows; it gets how the journal names them."""
    try:
        by = curating(interaction, client.service.settings.discord)
    except InputError as error:
        await tell(interaction, sentence(error))
        return
    await delivered(client, interaction, lambda: work(by), private=True)


def _found(client: MetquoteClient, document_id: str) -> tuple[Document, int]:
    """A document, and the number of its newest version: never one later than what was read."""
    library = client.service.library
    record = library.journal.records().get(document_id)
    return library.get(document_id), 1 if record is None else len(record.versions)


async def _kept(
    client: MetquoteClient, interaction: _Interaction, by: str, values: dict[str, Any]
) -> Delivery:
    """A draft's preview, kept until it is decided on."""
    page, values = await asyncio.to_thread(
        lambda: previewed(curator(client.service.settings, by), client.service.settings, values)
    )
    kept = await _keep(client, interaction, values)
    return Delivery(page, KIND, buttons_of(kept, values))


async def _keep(client: MetquoteClient, interaction: _Interaction, values: dict[str, Any]) -> str:
    view = View(KIND, interaction.user.id, values)
    days = client.service.settings.discord.kept_days
    return await asyncio.to_thread(client.state.views.keep, view, days=days)


def _pages(client: MetquoteClient, values: dict[str, Any]) -> tuple[Page, ...]:
    reading, status = client.service.library.read(), values["status"]
    documents = reading.documents
    if status != StatusKind.CURRENT.value:
        documents = tuple(one for one in reading.withdrawn if one.status.kind.value == status)
    what = "document" if len(documents) == 1 else "documents"
    return list_pages(documents, f"{status} {what}", values["dates"])


def _complete_ids(client: MetquoteClient, command: app_commands.Command[Any, ..., Any]) -> None:
    """Suggest ids of documents to those who may change them."""

    @command.autocomplete("document")
    async def ids(interaction: _Interaction, typed: str) -> list[app_commands.Choice[str]]:
        try:
            curating(interaction, client.service.settings.discord)
        except InputError:
            return []

        def found() -> list[str]:
            with client.service.snapshot() as snapshot:
                hidden = snapshot.catalogue.hidden
                return [one for one in snapshot.catalogue.document_ids() if one not in hidden]

        wanted = typed.casefold().strip()
        names = await asyncio.to_thread(found)
        fit = [one for one in names if wanted in one and len(one) <= _CHOICE_CHARACTERS]
        return [app_commands.Choice(name=one, value=one) for one in fit[:_CHOICES]]
