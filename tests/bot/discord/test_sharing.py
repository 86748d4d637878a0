"""A shared answer is posted once, whatever dies in the middle; paging goes on after a restart."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from tests.bot.discord.stage import PATIENCE_S, quoted
from tests.fake_discord import Routes

if TYPE_CHECKING:
    from tests.bot.discord.stage import Stage
    from tests.fake_discord import Message

_QUESTION = "police officers injured in London"
_SOON = {"METQUOTE_DISCORD_LOOK_EVERY_SECONDS": "0.1"}


def posted(stage: Stage, after: Message) -> list[Message]:
    """The public messages of the bot after one of its own."""
    mine = [one for one in stage.server.messages if one.author == stage.server.bot]
    return [one for one in mine if one.public and one.id > after.id]


async def noted(stage: Stage, *, hurry: bool = False) -> None:
    """Wait until the outbox has nothing to post; in a ``hurry`` dead processes hold nothing."""
    path = stage.environment["METQUOTE_PATHS_DATA"] + "/state.sqlite"
    async with asyncio.timeout(PATIENCE_S):
        while True:
            with closing(sqlite3.connect(path, timeout=30)) as store, store:
                if hurry:
                    store.execute("UPDATE outbox SET held_until = 0 WHERE state = 'todo'")
                    hurry = False
                states = store.execute("SELECT state FROM outbox").fetchall()
            if states and all(state == ("done",) for state in states):
                return
            await asyncio.sleep(0.05)


async def test_an_answer_of_discords_that_never_came_shares_nothing_twice(
    tiny_stage: Stage,
) -> None:
    """The message is posted, and the line breaks before the bot hears of it."""
    await tiny_stage.start(**_SOON)
    server, ann = tiny_stage.server, tiny_stage.person()
    private = await tiny_stage.ask(_QUESTION, by=ann, private=True)
    server.cut("POST", Routes.MESSAGES)
    click = await server.click(private, private.button("Share"), ann)
    assert (await click.response()).content.startswith(("Discord does not take it", "Shared."))
    await noted(tiny_stage)
    again = await server.click(private, private.button("Share"), ann)
    assert (await again.response()).content == "You shared this answer already."
    (public,) = posted(tiny_stage, private)
    assert quoted(public.now) == quoted(private.now)
    assert public.content.endswith("Shared by Ann")


async def test_a_bot_killed_while_it_shares_posts_once_after_a_restart(tiny_stage: Stage) -> None:
    await tiny_stage.start(**_SOON)
    server, ann = tiny_stage.server, tiny_stage.person()
    private = await tiny_stage.ask(_QUESTION, by=ann, private=True)
    hold = server.hold("POST", Routes.MESSAGES)
    await server.click(private, private.button("Share"), ann)
    await hold.arrived()
    await tiny_stage.stop(signal.SIGKILL)
    hold.release()
    await server.wait_gone()
    await tiny_stage.start(**_SOON)
    await noted(tiny_stage, hurry=True)
    (public,) = posted(tiny_stage, private)
    assert quoted(public.now) == quoted(private.now)
    click = await server.click(public, public.button("Next"), ann)
    await click.response()
    assert "page 2 of" in public.content
    assert public.content.endswith("Shared by Ann")


async def test_contexts_pages_are_turned_after_a_restart(tiny_stage: Stage) -> None:
    await tiny_stage.start(METQUOTE_DISCORD_EXCERPTS_PER_PAGE="5")
    server, ann, bob = tiny_stage.server, tiny_stage.person("Ann"), tiny_stage.person("Bob")
    message = await tiny_stage.ask(_QUESTION, by=ann)
    click = await server.click(message, message.button("Context"), bob)
    context = await click.response()
    assert "1 of" in context.content
    first = quoted(context.now)
    assert await tiny_stage.stop() == 0
    await server.wait_gone()
    await tiny_stage.start(METQUOTE_DISCORD_EXCERPTS_PER_PAGE="5")
    await (await server.click(context, context.button("Next"), bob)).response()
    assert "2 of" in context.content
    assert context.private_to == bob
    assert quoted(context.now) != first
    await (await server.click(context, context.button("Previous"), bob)).response()
    assert quoted(context.now) == first
