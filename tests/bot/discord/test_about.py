"""What the bot says of itself, and what it forgets."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from bot.pages import DISCLAIMER
from tests.bot.discord.stage import quoted
from tests.fake_discord import Permissions, Routes

if TYPE_CHECKING:
    from tests.bot.discord.stage import Stage
    from tests.fake_discord import Message, User

pytestmark = pytest.mark.asyncio(loop_scope="module")

_QUESTION = "How many officers were hurt in Brixton?"


async def told(stage: Stage, command: str, by: User) -> Message:
    """The private answer to a command without options."""
    asked = await stage.server.slash(by, command, channel=stage.channel)
    message = await asked.response()
    assert message.private_to == by
    return message


async def shared(stage: Stage, by: User) -> Message:
    """A private answer's public twin."""
    server = stage.server
    private = await stage.ask(_QUESTION, by=by, private=True)
    click = await server.click(private, private.button("Share"), by)
    await click.response()
    later = (m for m in server.messages if m.id > private.id and m.public)
    return next(m for m in later if m.author == server.bot)


async def test_about_says_what_this_is_and_what_is_kept(stage: Stage) -> None:
    message = await told(stage, "about", stage.person())
    assert message.content.startswith("**metquote ")
    assert DISCLAIMER in message.content
    assert "I hold 4 documents; the newest is from 9 August 2024." in message.content
    for words in ("What is kept.", "30 days", "365 days", "/forget-me"):
        assert words in message.content


async def test_help_lists_what_a_member_can_do(stage: Stage) -> None:
    message = await told(stage, "help", stage.person())
    for name in ("/ask", "/quote", "/verify", "/about", "/help", "/forget-me"):
        assert f"**{name}**" in message.content
    assert "What did the Met say?" in message.content
    assert "For moderators" not in message.content
    assert "/summary" not in message.content


async def test_help_lists_for_moderators_what_they_can_do(stage: Stage) -> None:
    mod = stage.person()
    guild = stage.channel.guild
    assert guild is not None
    role = stage.server.add_role(guild, "Mods", Permissions.MANAGE_GUILD, members=[mod])
    message = await told(stage, "help", mod)
    assert "For moderators:" in message.content
    assert "/summary" in message.content
    stage.server.take_role(mod, role)
    assert "For moderators" not in (await told(stage, "help", mod)).content


async def test_the_first_answers_lead_to_help(stage: Stage) -> None:
    server = stage.server
    place = server.add_channel(server.add_guild("Another"))
    ann, bob = stage.person("Ann"), stage.person("Bob")
    asked = await server.slash(ann, "ask", {"question": _QUESTION}, channel=place)
    message = await asked.response()
    click = await server.click(message, message.button("How does this work?"), bob)
    helped = await click.response()
    assert helped.private_to == bob
    assert "**/ask**" in helped.content


async def test_what_names_a_person_is_forgotten(stage: Stage) -> None:
    server, ann, bob = stage.server, stage.person("Ann"), stage.person("Bob")
    mine, other = await stage.ask(_QUESTION, by=ann), await stage.ask(_QUESTION, by=bob)
    public = await shared(stage, ann)
    before = quoted(public.now)
    assert "Shared by Ann" in public.content
    message = await told(stage, "forget-me", ann)
    assert message.content == (
        "Deleted: 2 answers. Your name was taken off: 1 message to be sent, 1 public message."
    )
    assert "Ann" not in public.content
    assert quoted(public.now) == before
    store = sqlite3.connect(stage.environment["METQUOTE_PATHS_DATA"] + "/state.sqlite", timeout=30)
    dump = "\n".join(store.iterdump())
    store.close()
    assert str(ann.id) not in dump
    assert "Ann" not in dump
    assert str(bob.id) in dump
    click = await server.click(mine, mine.button("Context"), ann)
    assert "no longer kept" in (await click.response()).content
    click = await server.click(other, other.button("Context"), bob)
    assert quoted((await click.response()).now)
    again = await told(stage, "forget-me", ann)
    assert again.content == "Deleted: nothing, there was nothing of yours."


async def test_a_name_that_cannot_be_taken_off_is_told(stage: Stage) -> None:
    server, ann = stage.server, stage.person("Ann")
    await shared(stage, ann)
    gone = await shared(stage, ann)
    await server.delete(gone)
    server.fail("PATCH", Routes.MESSAGE, code=50013)
    message = await told(stage, "forget-me", ann)
    assert "Of 1 of the messages on Discord I could not take it off" in message.content


async def test_old_answers_are_deleted_when_the_bot_starts(stage: Stage) -> None:
    ann = stage.person()
    old, new = await stage.ask(_QUESTION, by=ann), await stage.ask(_QUESTION, by=ann)
    assert await stage.stop() == 0
    await stage.server.wait_gone()
    kept = old.button("Context").custom_id
    assert kept is not None
    store = sqlite3.connect(stage.environment["METQUOTE_PATHS_DATA"] + "/state.sqlite", timeout=30)
    with store:
        store.execute(
            "UPDATE answers SET created = created - 31 * 86400 WHERE id = ?", (kept.split(":")[2],)
        )
    store.close()
    await stage.start()
    click = await stage.server.click(new, new.button("Context"), ann)
    assert quoted((await click.response()).now)
    click = await stage.server.click(old, old.button("Context"), ann)
    assert "no longer kept" in (await click.response()).content
