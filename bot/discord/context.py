"""What stands around the excerpts of a page, and where they are from: shown privately."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.discord.answers import opened_by
from bot.discord.buttons import turning, view_of
from bot.discord.delivery import acknowledging, guarded
from bot.discord.followups import whisper
from bot.discord.limits import here_of
from bot.discord.posting import turn
from bot.discord.replies import deferred
from bot.messages.context import context_pages, source_pages

if TYPE_CHECKING:
    from bot.discord.asking import Remembered
    from bot.discord.buttons import Action, Actions, Press
    from bot.messages.answers import Page
    from bot.messages.context import Sourced

_CONTEXT, _SOURCE = "context", "source"


async def _pages(press: Press, what: str) -> tuple[tuple[int, Page], ...]:
    found = await opened_by(press)
    here = await here_of(press.client, press.interaction)
    dates = here.guild.date_language

    def made() -> tuple[tuple[int, Page], ...]:
        by_page = sourced(found, press.client.asking.pages(found, dates))
        return source_pages(by_page, dates) if what == _SOURCE else context_pages(by_page)

    return await press.client.asking.in_thread(made)


def sourced(found: Remembered, pages: tuple[Page, ...]) -> list[list[Sourced]]:
    """The excerpts of each page of an answer, with their documents."""
    pairs = list(zip(found.answer.excerpts, found.sources, strict=True))
    at, by_page = 0, []
    for page in pages:
        by_page.append(pairs[at : at + len(page.embeds)])
        at += len(page.embeds)
    return by_page


def _opening(what: str) -> Action:
    async def opened(press: Press) -> None:
        """Show what belongs to the page to whoever pressed."""
        if not await deferred(press.interaction, private=True):
            return
        pages = await _pages(press, what)
        page = next((page for number, page in pages if number == press.at), pages[0][1])
        view = view_of(turning(f"{what}-at", press.kept, page.number, page.count))
        await whisper(press.interaction, page, view=view)

    return guarded(opened)


def _turning(what: str) -> Action:
    async def turned(press: Press) -> None:
        """Turn the pages of what was shown so."""
        pages = await _pages(press, what)
        page = pages[min(press.at, len(pages) - 1)][1]
        view = view_of(turning(f"{what}-at", press.kept, page.number, page.count))
        await turn(press.client, press.interaction, page, kind=what, view=view)

    return acknowledging(turned)


ACTIONS: Actions = {
    _CONTEXT: _opening(_CONTEXT),
    _SOURCE: _opening(_SOURCE),
    f"{_CONTEXT}-at": _turning(_CONTEXT),
    f"{_SOURCE}-at": _turning(_SOURCE),
}
