"""The app where the bot is no member: installed by a person, within what Discord lets it do."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.bot.discord.stage import PATIENCE_S, quoted
from tests.fake_discord import Permissions, Routes

if TYPE_CHECKING:
    from tests.bot.discord.stage import Stage
    from tests.fake_discord import Channel, Message, User

pytestmark = pytest.mark.asyncio(loop_scope="module")

_QUESTION = "How many officers were hurt in Brixton?"


async def asked(stage: Stage, by: User, where: Channel, *, private: bool = False) -> Message:
    """The answer to ``/ask`` of somebody who installed the app."""
    options: dict[str, str | bool] = {"question": _QUESTION, "private": private}
    sent = await stage.server.slash(by, "ask", options, channel=where, install="user")
    return await sent.response()


async def pressed(stage: Stage, message: Message, label: str, by: User) -> Message:
    click = await stage.server.click(message, message.button(label), by)
    return await click.response()


def places(stage: Stage, ann: User) -> dict[str, Channel]:
    """A server without the bot, a conversation of people's own, and the bot's own messages."""
    server = stage.server
    abroad = server.add_channel(server.add_guild("Abroad", with_bot=False))
    return {"server": abroad, "group": server.add_group(ann, stage.person("Bob"))}


@pytest.mark.parametrize("where", ["server", "group"])
async def test_it_answers_where_the_bot_is_no_member(stage: Stage, where: str) -> None:
    ann = stage.person()
    place = places(stage, ann)[where]
    message = await asked(stage, ann, place)
    assert message.public
    first = quoted(message.now)
    assert first
    await pressed(stage, message, "Next", ann)
    assert quoted(message.now) != first
    for label in ("Context", "Source"):
        shown = await pressed(stage, message, label, ann)
        assert shown.private_to == ann
        assert quoted(shown.now)


@pytest.mark.parametrize("where", ["server", "group"])
async def test_what_is_private_cannot_be_shared_there(stage: Stage, where: str) -> None:
    ann = stage.person()
    place = places(stage, ann)[where]
    message = await asked(stage, ann, place, private=True)
    told = await pressed(stage, message, "Share", ann)
    assert told.private_to == ann
    assert told.content.startswith("I am not a member here")
    assert not [one for one in stage.server.messages if one.channel == place and one.public]


async def test_where_apps_of_people_are_kept_private_nothing_breaks(stage: Stage) -> None:
    server, ann = stage.server, stage.person()
    place = places(stage, ann)["server"]
    assert place.guild is not None
    server.overwrite(place, place.guild, deny=Permissions.USE_EXTERNAL_APPS)
    message = await asked(stage, ann, place)
    assert message.private_to == ann
    assert quoted((await pressed(stage, message, "Context", ann)).now)


@pytest.mark.parametrize("where", ["server", "group"])
async def test_a_question_that_discord_lost_there_is_only_logged(stage: Stage, where: str) -> None:
    server, ann = stage.server, stage.person()
    place = places(stage, ann)[where]
    lost_before = stage.log.count("a question that Discord lost")
    server.fail("POST", Routes.CALLBACK, code=10062)
    options: dict[str, str | bool] = {"question": _QUESTION}
    lost = await server.slash(ann, "ask", options, channel=place, install="user")
    async with asyncio.timeout(PATIENCE_S):
        while True:
            if stage.log.count("a question that Discord lost") > lost_before:
                break
            await asyncio.sleep(0.05)
    assert lost.messages == []
    assert quoted((await asked(stage, ann, place)).now)


async def test_a_private_answer_in_a_direct_message_can_be_shared_there(stage: Stage) -> None:
    server, ann = stage.server, stage.person()
    said = await server.direct_message(ann, _QUESTION)
    await server.answer_to(said)
    options: dict[str, str | bool] = {"question": _QUESTION, "private": True}
    sent = await server.slash(ann, "ask", options, channel=said.channel)
    private = await sent.response()
    told = await pressed(stage, private, "Share", ann)
    assert told.content.startswith("Shared.")
    public = next(m for m in server.messages if m.id > private.id and m.public)
    assert quoted(public.now) == quoted(private.now)


async def test_the_words_about_itself_are_said_there_too(stage: Stage) -> None:
    server, ann = stage.server, stage.person()
    place = places(stage, ann)["group"]
    for command in ("about", "help", "forget-me"):
        sent = await server.slash(ann, command, channel=place, install="user")
        assert (await sent.response()).private_to == ann


async def test_every_command_says_where_it_can_be_used(stage: Stage) -> None:
    for command in stage.server.commands:
        assert command["contexts"], command["name"]
        assert command["integration_types"], command["name"]
    everywhere = {
        command["name"] for command in stage.server.commands if command["contexts"] == [0, 1, 2]
    }
    assert {"ask", "quote", "verify", "about", "help", "forget-me"} <= everywhere
    assert "What did the Met say?" in everywhere
