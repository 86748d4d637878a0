"""``/summary``: a topic in the sources' own sentences, seen by a moderator first, then posted."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from bot.discord.buttons import Form, view_of
from bot.discord.delivery import acknowledging, guarded
from bot.discord.limits import here_of
from bot.discord.outbox import post_now
from bot.discord.permissions import moderating, postable
from bot.discord.posting import NO_MENTIONS, answer, turn
from bot.discord.replies import BROKE, deferred, sentence, tell
from bot.discord.summary_preview import (
    ALL_CHANGED,
    lost,
    preview_buttons,
    preview_of,
    previewed,
)
from bot.messages.answers import Page
from bot.messages.kept_summaries import values_of
from bot.messages.summaries import NOTE_CHARACTERS
from bot.state.outbox import Message, SendingKind
from bot.state.views import View
from corpus.errors import InputError, MetquoteError
from index.query import cleaned
from index.types import Query

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.discord.buttons import Actions, Press
    from bot.discord.client import MetquoteClient

_log = logging.getLogger("metquote")
KIND = "summary"
_MOST_SENTENCES, _SENTENCES = 20, 6
_GONE = "this preview is no longer kept; make it again with /summary"
_NOT_YOURS = "this preview is somebody else's; make your own with /summary"
_NO_CHANNEL = "choose a channel first"
_TWICE = "this was posted already, or is being posted"


def summary_command(client: MetquoteClient) -> app_commands.Command[app_commands.Group, ..., None]:
    """The slash command, bound to ``client``."""

    @app_commands.command(
        name="summary", description="A topic in the sources' own sentences; for moderators."
    )
    @app_commands.describe(
        topic="A subject, such as: stop and search",
        since="Published then or later: 2020-06-26, 2020-06 or 2020",
        until="Published then or earlier: 2020-06-26, 2020-06 or 2020",
        sentences="How many at most; 6 unless you say",
    )
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.allowed_installs(guilds=True, users=False)
    async def summary(
        interaction: discord.Interaction[discord.Client],
        topic: app_commands.Range[str, 1, 1000],
        since: app_commands.Range[str, 1, 10] | None = None,
        until: app_commands.Range[str, 1, 10] | None = None,
        sentences: app_commands.Range[int, 1, _MOST_SENTENCES] = _SENTENCES,
    ) -> None:
        try:
            await moderating(client, interaction)
            here = await here_of(client, interaction)
            first, last = client.asking.dates(since, until)
            query = Query(
                cleaned(topic), first, last, limit=sentences,
                left_out=here.left_out, preferred=here.preferred,
            )  # fmt: skip
        except InputError as error:
            await tell(interaction, sentence(error))
            return
        if await deferred(interaction, private=True):
            await _show(client, interaction, query)

    return summary


async def _show(
    client: MetquoteClient, interaction: discord.Interaction[discord.Client], query: Query
) -> None:
    def made() -> tuple[dict[str, Any], bool]:
        with client.service.snapshot() as snapshot:
            found = snapshot.summarizer.summarize(query)
            texts = [snapshot.document(item.document_id).sha256 for item in found.items]
        settings = client.state.guilds.settings(interaction.guild_id or 0)
        values = values_of(found, texts) | {
            "guild": interaction.guild_id, "channel": None, "note": "", "page": 0,
            "tries": 0, "sent": 0, "dates": settings.date_language,
        }  # fmt: skip
        return values, bool(found.items)

    try:
        values, has_words = await client.asking.in_thread(made)
        kept = None
        if has_words:
            days = client.service.settings.discord.kept_days
            view = View(KIND, interaction.user.id, values)
            kept = await asyncio.to_thread(client.state.views.keep, view, days=days)
        preview = await client.asking.in_thread(lambda: preview_of(client, values))
    except InputError as error:
        await interaction.edit_original_response(
            content=sentence(error), allowed_mentions=NO_MENTIONS
        )
        return
    except MetquoteError:
        _log.exception("a topic could not be summarized")
        await interaction.edit_original_response(content=BROKE, allowed_mentions=NO_MENTIONS)
        return
    page = preview.pages[0] if kept is None else previewed(client, preview, 0)
    view_shown = view_of(()) if kept is None else preview_buttons(kept, preview, 0)
    await answer(client, interaction, page, kind=KIND, view=view_shown)


async def _turn(press: Press) -> None:
    """Another page of the preview."""
    values = dict(await _opened(press))
    values["page"] = press.at
    await _changed(press, values)


async def _ask_note(press: Press) -> None:
    """The form for the note."""
    values = await _opened(press)
    form = Form("sum-noted", press.kept, title="Note by the moderators").ask(
        "note", "What the moderators say, above the quotations",
        most=NOTE_CHARACTERS, required=False, long=True, default=values["note"] or None,
    )  # fmt: skip
    await press.interaction.response.send_modal(form)


async def _note(press: Press) -> None:
    """The note that was typed; an empty one goes."""
    values = dict(await _opened(press))
    values |= {"note": press.values.get("note", "").strip(), "page": 0}
    await _changed(press, values)


async def _choose(press: Press) -> None:
    """The channel that it is to be posted in."""
    values = dict(await _opened(press))
    postable(press.client, press.interaction, press.chosen[0])
    values["channel"] = press.chosen[0]
    await _changed(press, values)


async def _discard(press: Press) -> None:
    """Nothing is posted, and nothing kept."""
    await _opened(press)
    await asyncio.to_thread(press.client.state.views.take, press.kept, KIND)
    page = Page("Discarded; nothing was posted.", (), 0, 1)
    await turn(press.client, press.interaction, page, kind=KIND, view=view_of(()))


async def _post(press: Press) -> None:
    """Post it, if both may still write there, and the words still stand."""
    client = press.client
    values = dict(await _opened(press))
    if values["channel"] is None:
        raise InputError(_NO_CHANNEL)
    channel = postable(client, press.interaction, values["channel"])
    preview = await client.asking.in_thread(lambda: preview_of(client, values))
    if not preview.pages[0].embeds:
        raise InputError(ALL_CHANGED)
    links = []
    for part in range(values["sent"], len(preview.pages)):
        message = Message(
            f"{KIND}/{press.kept}/{values['tries']}/{part}", SendingKind.SUMMARY, channel.id,
            press.interaction.guild_id, {**values, "part": part},
        )  # fmt: skip
        done = await post_now(client, message)
        if done is None:
            # By another press, or by one before the bot was started again.
            if not await asyncio.to_thread(client.state.outbox.is_sent, message.key):
                raise InputError(_TWICE)
            continue
        if done.failed is not None:
            values |= {"tries": values["tries"] + 1, "sent": part}
            await _keep(press, values)
            raise InputError(_not_posted(done.failed, part, len(preview.pages)))
        links.append(
            "later, when Discord lets me" if done.message is None else done.message.jump_url
        )
    if not links:
        raise InputError(_TWICE)
    await asyncio.to_thread(client.state.views.take, press.kept, KIND)
    said = f"Posted in <#{channel.id}>: {' '.join(links)}{lost(preview.changed)}"
    await press.interaction.edit_original_response(
        content=said, embeds=[], view=None, allowed_mentions=NO_MENTIONS
    )


ACTIONS: Actions = {
    "sum-page": acknowledging(_turn),
    "sum-note": guarded(_ask_note),
    "sum-noted": acknowledging(_note),
    "sum-channel": acknowledging(_choose),
    "sum-post": acknowledging(_post),
    "sum-drop": acknowledging(_discard),
}


async def _opened(press: Press) -> Mapping[str, Any]:
    """What is kept of the preview, for the moderator who made it, while they are one.

    Raises:
        InputError: it is gone, somebody else's, or they moderate no more.
    """
    views = press.client.state.views
    view = await asyncio.to_thread(views.kept, press.kept, KIND)
    if view is None:
        raise InputError(_GONE)
    if view.asker != press.interaction.user.id:
        raise InputError(_NOT_YOURS)
    await moderating(press.client, press.interaction)
    if view.values["guild"] != press.interaction.guild_id:
        raise InputError(_GONE)
    return view.values


async def _changed(press: Press, values: Mapping[str, Any]) -> None:
    """Keep ``values``, and show the preview as it is then."""
    await _keep(press, values)
    preview = await press.client.asking.in_thread(lambda: preview_of(press.client, values))
    number = max(0, min(values["page"], len(preview.pages) - 1))
    page = previewed(press.client, preview, number)
    view = preview_buttons(press.kept, preview, number)
    await turn(press.client, press.interaction, page, kind=KIND, view=view)


async def _keep(press: Press, values: Mapping[str, Any]) -> None:
    views = press.client.state.views
    if not await asyncio.to_thread(views.change, press.kept, values):
        raise InputError(_GONE)


def _not_posted(reason: str, part: int, count: int) -> str:
    told = f"the summary was not posted: {reason}"
    if part:
        told = f"{part} of {count} messages were posted, the next was not: {reason}"
    return f"{told}; change the note or the channel, and press Post again"
