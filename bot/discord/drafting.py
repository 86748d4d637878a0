"""A draft between its preview and the corpus: edited, added, discarded; each act is journalled."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

import discord

from bot.curation.bringing import SKETCHES
from bot.curation.curator import curator
from bot.curation.drafts import KIND, draft_of, draft_values
from bot.curation.intake import Overrides, update
from bot.discord.buttons import Form, KeptButton, view_of
from bot.discord.delivery import acknowledging, guarded
from bot.discord.permissions import curating
from bot.discord.posting import NO_MENTIONS, turn
from bot.discord.refusals import TROUBLES
from bot.discord.submissions import rebuilt
from bot.messages.answers import Page
from bot.messages.corpus import correction_page, draft_page
from bot.messages.markdown import escape
from corpus.duplicates import Suggestion, near
from corpus.errors import AlreadyKnown, InputError, StorageError
from corpus.library import VERSION
from corpus.sketches import Sketches

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.discord.buttons import Actions, Press
    from bot.settings import Settings
    from corpus.curator import Curator
    from corpus.document import Document
    from corpus.draft import Draft
    from corpus.library import Library

_log = logging.getLogger("metquote")
_GONE = "this preview is no longer kept; begin again with /corpus"
_NOT_YOURS = "this preview is somebody else's; begin your own with /corpus"
_SUGGESTIONS = (Suggestion.SEPARATE, Suggestion.VERSION, Suggestion.COPY)
_FIELDS = (
    ("title", "Title; empty if unknown", 300),
    ("published", "Date: 2020-06-26, 2020-06 or 2020", 10),
    ("publisher", "Publisher", 200),
    ("url", "Where it is found on the web", 2_000),
    ("kind", "Kind: announcement, news, letter, other", 12),
)


def previewed(
    writer: Curator, settings: Settings, values: Mapping[str, Any]
) -> tuple[Page, dict[str, Any]]:
    """The preview of what ``values`` keep, and those with what was found near it.

    Raises:
        AlreadyKnown: the corpus has this text, or had it.
        InputError: there is no such document to be corrected.
        StorageError: the corpus cannot be read.
    """
    draft = _draft(values)
    known = writer.known(draft)
    if known is not None and known.status != "unrecorded" and known.id != values.get("id"):
        raise AlreadyKnown(known.sentence, id=known.id, status=known.status)
    if values["act"] == "correct":
        old = writer.library.get(values["id"])
        what = f"Put it in the place of {escape(old.id)}?"
        return correction_page(draft, old, what=what), dict(values)
    found = near(draft, writer.library, Sketches(settings.data / SKETCHES))
    if not found:
        return draft_page(draft, found, what="Add it?"), {**values, "near": None}
    suggestion = found[0].suggestion
    page = draft_page(draft, found, what=f"Add it as what? Suggested: {suggestion}.")
    return page, {**values, "near": found[0].id, "suggestion": suggestion.value}


def buttons_of(kept: str, values: Mapping[str, Any]) -> discord.ui.View:
    """What can be done with a preview."""
    red = discord.ButtonStyle.danger
    discard = KeptButton("draft-drop", kept, label="Discard", style=red)
    edit = KeptButton("draft-edit", kept, label="Edit")
    green = discord.ButtonStyle.success
    if values["act"] == "retract":
        return view_of([KeptButton("draft-do", kept, label="Retract", style=green), discard])
    if values["act"] == "correct":
        return view_of([KeptButton("draft-do", kept, label="Correct", style=green), edit, discard])
    if values["near"] is None:
        return view_of([KeptButton("draft-do", kept, label="Add", style=green), edit, discard])
    choices = [
        KeptButton(
            "draft-do",
            kept,
            at,
            label=label,
            style=green
            if suggestion.value == values["suggestion"]
            else discord.ButtonStyle.primary,
        )
        for at, (suggestion, label) in enumerate(
            zip(_SUGGESTIONS, ("Add separately", "Add as version", "Add as copy"), strict=True)
        )
    ]
    return view_of([*choices, edit, discard])


async def _edit(press: Press) -> None:
    """The form for what the document states of itself."""
    _, values = await _opened(press)
    stated = _draft(values).metadata
    form = Form("draft-edited", press.kept, title="What it states of itself")
    for name, label, most in _FIELDS:
        value = getattr(stated, name)
        text = None if value is None else str(value)[:most]
        form.ask(name, label, most=most, required=False, default=text)
    await press.interaction.response.send_modal(form)


async def _edited(press: Press) -> None:
    """The preview with what was typed."""
    by, values = await _opened(press)
    typed = {name: press.values[name] for name, _, _ in _FIELDS if name in press.values}
    stated = _draft(values)
    # A field that was cut for the form, and left as it was, is as it was.
    given = {
        name: text
        for name, text in typed.items()
        if text != str(getattr(stated.metadata, name) or "")[: len(text) or 1]
    }
    try:
        draft = Overrides(**given).applied(stated)
    except InputError as error:
        raise InputError(str(error).removeprefix("--")) from error
    settings = press.client.service.settings
    changed = {**values, "draft": draft_values(draft)}
    # Even to open the corpus reads and may write files.
    page, values = await asyncio.to_thread(
        lambda: previewed(curator(settings, by), settings, changed)
    )
    if not await asyncio.to_thread(press.client.state.views.change, press.kept, values):
        raise InputError(_GONE)
    view = buttons_of(press.kept, values)
    await turn(press.client, press.interaction, page, kind=KIND, view=view)


async def _do(press: Press) -> None:
    """Change the corpus as was decided, then build its index."""
    by, values = await _opened(press)
    client, interaction = press.client, press.interaction
    writer = await asyncio.to_thread(curator, client.service.settings, by)
    said = await asyncio.to_thread(_done, writer, values, _SUGGESTIONS[press.at])
    await asyncio.to_thread(client.state.views.take, press.kept, KIND)
    await _say(interaction, f"{said} The index is being brought up to date.")
    if await rebuilt(client):
        await _say(interaction, f"{said} The index is up to date.")
    else:
        await _say(
            interaction,
            f"{said} The index could not be brought up to date; the people who run this bot find "
            "the reason in its log.",
        )


async def _discard(press: Press) -> None:
    """Nothing is changed, and nothing kept."""
    await _opened(press)
    await asyncio.to_thread(press.client.state.views.take, press.kept, KIND)
    page = Page("Discarded; nothing was changed.", (), 0, 1)
    await turn(press.client, press.interaction, page, kind=KIND, view=view_of(()))


ACTIONS: Actions = {
    "draft-do": acknowledging(_do),
    "draft-edit": guarded(_edit),
    "draft-edited": acknowledging(_edited),
    "draft-drop": acknowledging(_discard),
}


def _done(writer: Curator, values: Mapping[str, Any], what: Suggestion) -> str:
    """Change the corpus; what was done, in a sentence."""
    if values["act"] == "retract":
        writer.retract(values["id"], values["reason"])
        return f"Retracted **{escape(values['id'])}**."
    draft = _draft(values)
    if values["act"] == "correct":
        seen = _seen(writer.library, values)
        earlier = writer.correct(values["id"], draft, values["reason"], seen=seen)
        return f"Corrected **{escape(values['id'])}**; before it was {escape(earlier)}."
    of = values["near"]
    if what is Suggestion.VERSION and of is not None:
        earlier = update(writer, of, draft)
        return f"Added as the newest version of **{escape(of)}**, after {escape(earlier)}."
    name = writer.add(draft, copy_of=of if what is Suggestion.COPY else None)
    copy = f", a copy of {escape(of)}" if what is Suggestion.COPY and of is not None else ""
    return f"Added **{escape(name)}**{copy}."


def _seen(library: Library, values: Mapping[str, Any]) -> Document:
    """The document as it was when its correction was begun: version ``values["seen"]`` of it."""
    name, number = values["id"], values["seen"]
    now = library.get(name)
    record = library.journal.records().get(name)
    is_newest = record is None or len(record.versions) <= number
    return now if is_newest else library.get(f"{name}{VERSION}{number}")


async def _opened(press: Press) -> tuple[str, Mapping[str, Any]]:
    """How the journal names the person, and what is kept of their preview.

    Raises:
        InputError: the operator does not allow them, or it is gone or somebody else's.
    """
    by = curating(press.interaction, press.client.service.settings.discord)
    view = await asyncio.to_thread(press.client.state.views.kept, press.kept, KIND)
    if view is None:
        raise InputError(_GONE)
    if view.asker != press.interaction.user.id:
        raise InputError(_NOT_YOURS)
    return by, view.values


def _draft(values: Mapping[str, Any]) -> Draft:
    try:
        return draft_of(values["draft"])
    except (KeyError, ValueError, TypeError) as error:
        raise StorageError(f"a preview cannot be read ({error}); begin again") from error


async def _say(interaction: discord.Interaction[discord.Client], text: str) -> None:
    """Say how far it is; where Discord does not take it, what is under way goes on all the same."""
    try:
        await interaction.edit_original_response(
            content=text, embeds=[], view=None, allowed_mentions=NO_MENTIONS
        )
    except TROUBLES as error:
        _log.warning("how far a change of the corpus is could not be told: %s", error)
