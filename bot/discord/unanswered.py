"""``/unanswered``: what was asked and not answered, so that the corpus can grow where needed."""

from __future__ import annotations

import asyncio
import io
from datetime import date
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from bot.discord.buttons import KeptButton, turning, view_of
from bot.discord.delivery import Delivery, acknowledging, delivered, guarded
from bot.discord.permissions import moderating
from bot.discord.posting import NO_MENTIONS, turn
from bot.discord.replies import deferred, sentence, tell
from bot.likeness import grouped
from bot.messages.unanswered import Group, unanswered_pages
from bot.state.unanswered import Unanswered, as_csv
from bot.state.views import View
from corpus.errors import InputError
from index.types import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.discord.buttons import Actions, Press
    from bot.discord.client import MetquoteClient
    from bot.messages.answers import Page

KIND = "unanswered"
# Two seconds of the encoder's; who has more exports them.
_MOST = 400
_GONE = "this list is no longer kept; make it again with /unanswered"


def unanswered_command(
    client: MetquoteClient,
) -> app_commands.Command[app_commands.Group, ..., None]:
    """The slash command, bound to ``client``."""

    @app_commands.command(
        name="unanswered", description="What was asked here and not answered; for moderators."
    )
    @app_commands.describe(since="Asked then or later: 2020-06-26, 2020-06 or 2020")
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.allowed_installs(guilds=True, users=False)
    async def unanswered(
        interaction: discord.Interaction[discord.Client],
        since: app_commands.Range[str, 1, 10] | None = None,
    ) -> None:
        try:
            settings = await moderating(client, interaction)
            first, _ = client.asking.dates(since, None)
        except InputError as error:
            await tell(interaction, sentence(error))
            return
        guild, asker = interaction.guild_id or 0, interaction.user.id

        async def work() -> Delivery:
            def kept() -> tuple[str, tuple[Page, ...]]:
                values = _values(client, guild, first) | {"dates": settings.date_language}
                days = client.service.settings.discord.kept_days
                view = client.state.views.keep(View(KIND, asker, values), days=days)
                return view, _pages(client, values)

            view, pages = await asyncio.to_thread(kept)
            return Delivery(pages[0], KIND, _buttons(view, pages[0]))

        await delivered(client, interaction, work, private=True)

    return unanswered


async def _turn(press: Press) -> None:
    """Another page."""
    values = await _opened(press)
    pages = await asyncio.to_thread(_pages, press.client, values)
    page = pages[max(0, min(press.at, len(pages) - 1))]
    view = _buttons(press.kept, page)
    await turn(press.client, press.interaction, page, kind=KIND, view=view)


async def _export(press: Press) -> None:
    """All of them as a file, as they are now."""
    if not await deferred(press.interaction, private=True):
        return
    values = await _opened(press)
    since = values["since"] and date.fromisoformat(values["since"])
    listed = await asyncio.to_thread(press.client.state.questions.listed, values["guild"], since)
    file = discord.File(io.BytesIO(as_csv(listed).encode("utf-8")), "unanswered.csv")
    await press.interaction.followup.send(file=file, ephemeral=True, allowed_mentions=NO_MENTIONS)


ACTIONS: Actions = {"unanswered": acknowledging(_turn), "unanswered-csv": guarded(_export)}


async def _opened(press: Press) -> Mapping[str, Any]:
    """What is kept of the list, for a moderator of its server.

    Raises:
        InputError: it is gone, or they are none.
    """
    await moderating(press.client, press.interaction)
    view = await asyncio.to_thread(press.client.state.views.kept, press.kept, KIND)
    if view is None or view.values["guild"] != press.interaction.guild_id:
        raise InputError(_GONE)
    return view.values


def _values(client: MetquoteClient, guild: int, since: date | None) -> dict[str, Any]:
    """The questions in groups, as JSON: pages are turned without looking for likeness again."""
    listed = client.state.questions.listed(guild, since)
    return {
        "guild": guild,
        "since": since and since.isoformat(),
        "more": max(len(listed) - _MOST, 0),
        "groups": [
            [
                [one.question, one.outcome.value, one.count, one.first.isoformat(),
                 one.last.isoformat()]
                for one in group
            ]
            for group in _groups(client, listed[:_MOST])
        ],
    }  # fmt: skip


def _groups(client: MetquoteClient, listed: Sequence[Unanswered]) -> list[list[Unanswered]]:
    if not listed:
        return []
    with client.service.snapshot() as snapshot:
        vectors = snapshot.encoder.encode([one.question for one in listed])
    return [[listed[row] for row in rows] for rows in grouped(vectors)]


def _pages(client: MetquoteClient, values: Mapping[str, Any]) -> tuple[Page, ...]:
    groups = [
        Group(
            tuple(
                Unanswered(
                    question, Outcome(outcome), count, date.fromisoformat(first),
                    date.fromisoformat(last),
                )
                for question, outcome, count, first, last in group
            )
        )
        for group in values["groups"]
    ]  # fmt: skip
    reasons = client.state.questions.reasons(values["guild"])
    return unanswered_pages(groups, reasons, more=values["more"], dates=values["dates"])


def _buttons(kept: str, page: Page) -> discord.ui.View:
    turns = turning("unanswered", kept, page.number, page.count)
    return view_of([*turns, KeptButton("unanswered-csv", kept, label="Export CSV", row=1)])
