"""An answer in Discord: its pages, and what can be done with them."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from bot.discord.asking import GONE, Found
from bot.discord.buttons import Form, KeptButton, turning, view_of
from bot.discord.delivery import acknowledging, guarded
from bot.discord.limits import here_of
from bot.discord.posting import turn
from bot.discord.replies import BROKE, sentence, tell
from bot.messages.answers import Page, shared_by
from bot.messages.emergency import advised
from corpus.errors import InputError

if TYPE_CHECKING:
    import discord

    from bot.discord.asking import Asked, Remembered
    from bot.discord.buttons import Actions, Press
    from bot.discord.client import MetquoteClient
    from bot.state import KeptAnswer
    from index.types import Query

_log = logging.getLogger("metquote")
KIND = "answer"
_REASON_CHARACTERS = 500
_NOT_YOURS = "Only the person who asked can turn these pages. Ask your own question with /ask."
_PRIVATE = "that answer is somebody else's; ask your own question with /ask"
_THANKS = "Thank you. Your reason is kept with the question, without your name."


async def found(client: MetquoteClient, query: Query, asked: Asked) -> Found:
    """The answer; a failure is said as one, and never as an empty answer."""
    try:
        return await client.asking.ask(query, asked)
    except InputError as error:
        return _only(advised(query.text, sentence(error)))
    except Exception:  # noqa: BLE001 - the last edge: whoever asked gets a sentence, the log the reason
        _log.exception("a question could not be answered")
        return _only(advised(query.text, BROKE))


def _only(content: str) -> Found:
    return Found(Page(content, (), 0, 1), None)


def answer_buttons(
    answer: str | None, page: Page, *, private: bool = False, new: bool = False
) -> discord.ui.View:
    """What can be done with a page; nothing with an answer that was not kept.

    One that is ``private`` can be shared. In a ``new`` place there is a word on how it works.
    """
    items = turning("page", answer or "", page.number, page.count) if answer else []
    if answer is not None:
        at = page.number
        items += [
            KeptButton("context", answer, at, label="Context", row=1),
            KeptButton("source", answer, at, label="Source", row=1),
            *([KeptButton("share", answer, at, label="Share", row=1)] if private else []),
            KeptButton("unhelpful", answer, at, label="Not helpful", row=1),
        ]
    if new:
        items.append(KeptButton("help", "new", label="How does this work?", row=1))
    return view_of(items)


async def opened_by(press: Press) -> Remembered:
    """The answer that a button belongs to, if whoever pressed it may see it.

    Raises:
        InputError: it is gone, or is private to somebody else.
        MetquoteError: it cannot be looked up.
    """
    found = await press.client.asking.remembered(press.kept)
    _check(press, found.kept)
    return found


def _check(press: Press, kept: KeptAnswer | None) -> None:
    if kept is None:
        raise InputError(GONE)
    if kept.private and not kept.shared and kept.asker != press.interaction.user.id:
        raise InputError(_PRIVATE)


async def page_of(press: Press, found: Remembered, number: int) -> Page:
    """Page ``number`` (from 0) of an answer, or the last."""
    here = await here_of(press.client, press.interaction)
    dates = here.guild.date_language
    shown = await press.client.asking.in_thread(lambda: press.client.asking.pages(found, dates))
    return shown[max(0, min(number, len(shown) - 1))]


async def _turn(press: Press) -> None:
    """Turn the page, for the person who asked."""
    found, person = await opened_by(press), press.interaction.user
    if person.id != found.kept.asker:
        await tell(press.interaction, _NOT_YOURS)
        return
    page = await page_of(press, found, press.at)
    message = press.interaction.message
    is_private = message is not None and message.flags.ephemeral
    post = None if message is None else await press.client.remembered(message.id)
    if post is not None and post.person == person.id:
        page = shared_by(page, person.display_name)
    view = answer_buttons(press.kept, page, private=is_private)
    await turn(press.client, press.interaction, page, kind=KIND, view=view, kept=press.kept)


async def _ask_why(press: Press) -> None:
    """Ask why an answer was not helpful; a form must come at once, so that no search is awaited."""
    answers = press.client.state.answers
    _check(press, await asyncio.to_thread(answers.kept, press.kept))
    form = Form("unhelpful-why", press.kept, press.at, title="Not helpful")
    form.ask("reason", "What is wrong or missing?", most=_REASON_CHARACTERS, long=True)
    await press.interaction.response.send_modal(form)


async def _unhelpful(press: Press) -> None:
    """Keep the reason, without a name."""
    found, reason = await opened_by(press), press.values.get("reason", "")
    answer, guild = found.answer, press.interaction.guild_id
    if not reason.strip():
        raise InputError("there is no reason in it; say in a few words what is wrong or missing")
    questions = press.client.state.questions
    await press.client.asking.in_thread(
        lambda: questions.unhelpful(answer.query.text, answer.outcome, reason, guild)
    )
    await tell(press.interaction, _THANKS)


ACTIONS: Actions = {
    "page": acknowledging(_turn),
    "unhelpful": guarded(_ask_why),
    "unhelpful-why": acknowledging(_unhelpful),
}
