"""Replies to an answer keep its topic; the message menu finds what a message is about."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.bot.discord.stage import PATIENCE_S, quoted
from tests.bot.discord_syntax import HOSTILE, as_seen, live_forms
from tests.fake_discord import Permissions

if TYPE_CHECKING:
    from tests.bot.discord.stage import Stage
    from tests.fake_discord import Message, User

pytestmark = pytest.mark.asyncio(loop_scope="module")

_QUESTION = "What did Priti Patel say about the violence in Brixton?"
_MENU = "What did the Met say?"


async def mentioned(stage: Stage, by: User, text: str) -> Message:
    """The answer to a question that mentions the bot."""
    said = await stage.server.say(by, stage.channel, text, mentions=[stage.server.bot])
    return await stage.server.answer_to(said)


async def replied(stage: Stage, to: Message, by: User, text: str) -> Message:
    """The answer to a reply to a message of the bot's."""
    said = await stage.server.say(by, to.channel, text, reply_to=to)
    message = await stage.server.answer_to(said)
    assert message.reference is said
    return message


async def remembered(stage: Stage, message: Message) -> None:
    """Wait until the bot has noted what a message shows."""
    path = stage.environment["METQUOTE_PATHS_DATA"] + "/state.sqlite"
    sql = (
        "SELECT document_id, start, end FROM post_excerpts JOIN posts ON posts.id = post"
        " WHERE message = ? ORDER BY ordinal"
    )
    shown = [(one.document, one.start, one.end) for one in quoted(message.now)]
    async with asyncio.timeout(PATIENCE_S):
        while True:
            with closing(sqlite3.connect(path, timeout=30)) as store:
                if store.execute(sql, (message.id,)).fetchall() == shown:
                    return
            await asyncio.sleep(0.05)


async def test_who_said_that_names_the_speakers_of_the_words_shown(stage: Stage) -> None:
    ann = stage.person()
    answer = await mentioned(stage, ann, _QUESTION)
    who = await replied(stage, answer, ann, "and who said that?")
    assert who.content.startswith("**Who said that**")
    assert "-# Asked: and who said that?" in who.content
    assert quoted(who.now) == quoted(answer.now)
    assert any("Priti Patel" in embed["description"] for embed in who.embeds)


async def test_when_gives_the_dates_and_sources_of_the_words_shown(stage: Stage) -> None:
    ann = stage.person()
    answer = await mentioned(stage, ann, _QUESTION)
    when = await replied(stage, answer, ann, "when?")
    assert when.content.startswith("**When and where**")
    assert quoted(when.now) == quoted(answer.now)
    assert any("**26 June 2020**" in embed["description"] for embed in when.embeds)


async def test_a_chain_of_replies_goes_on(stage: Stage) -> None:
    ann, bob = stage.person("Ann"), stage.person("Bob")
    answer = await mentioned(stage, ann, _QUESTION)
    who = await replied(stage, answer, bob, "who said that?")
    when = await replied(stage, who, ann, "and when was that?")
    assert quoted(when.now) == quoted(answer.now)
    more = await replied(stage, when, ann, "what else?")
    asked = as_seen(more.content)
    assert "Asked: what else? (about: Priti Patel violence Brixton)" in asked
    assert quoted(more.now)


async def test_a_reply_that_leans_on_the_question_takes_its_topic_along(stage: Stage) -> None:
    ann = stage.person()
    answer = await mentioned(stage, ann, "How many officers were hurt in Brixton?")
    where = await replied(stage, answer, ann, "and why?")
    assert "(about: officers hurt Brixton)" in as_seen(where.content)
    found = {one.document for one in quoted(where.now)}
    assert "extra-officers-after-brixton-street-party" in found


async def test_a_reply_that_stands_by_itself_is_a_question_of_its_own(stage: Stage) -> None:
    ann = stage.person()
    answer = await mentioned(stage, ann, _QUESTION)
    text = "How many weapons did stop and search remove from streets?"
    other = await replied(stage, answer, ann, text)
    assert f"-# Asked: {text}" in other.content
    assert {one.document for one in quoted(other.now)} != {
        one.document for one in quoted(answer.now)
    }


async def test_replies_in_direct_messages_go_on_as_well(stage: Stage) -> None:
    ann = stage.person()
    said = await stage.server.direct_message(ann, _QUESTION)
    answer = await stage.server.answer_to(said)
    who = await replied(stage, answer, ann, "who said that?")
    assert who.content.startswith("**Who said that**")


async def test_the_page_that_is_shown_is_what_a_reply_is_about(stage: Stage) -> None:
    ann = stage.person()
    answer = await mentioned(stage, ann, _QUESTION)
    before = quoted(answer.now)
    click = await stage.server.click(answer, answer.button("Next"), ann)
    await click.response()
    assert quoted(answer.now) != before
    await remembered(stage, answer)
    who = await replied(stage, answer, ann, "who said that?")
    assert quoted(who.now) == quoted(answer.now)


async def test_a_reply_to_a_command_is_read_where_it_mentions_the_bot(stage: Stage) -> None:
    """Discord keeps from us what people reply to the answer of a command, and says that they do."""
    server, ann = stage.server, stage.person()
    answer = await stage.ask(_QUESTION, by=ann)
    said = await server.say(ann, stage.channel, "who said that?", reply_to=answer)
    unread = await server.answer_to(said)
    assert unread.content.startswith("Discord does not let me read")
    said = await server.say(
        ann, stage.channel, "who said that?", reply_to=answer, mentions=[server.bot]
    )
    assert (await server.answer_to(said)).content.startswith("**Who said that**")


async def test_a_reply_to_somebody_else_is_a_question(stage: Stage) -> None:
    server, ann, bob = stage.server, stage.person("Ann"), stage.person("Bob")
    other = await server.say(bob, stage.channel, "I saw it myself")
    said = await server.say(
        ann, stage.channel, "who said that?", reply_to=other, mentions=[server.bot]
    )
    assert "Asked: who said that?" in (await server.answer_to(said)).content


async def test_a_conversation_goes_on_after_a_restart(stage: Stage) -> None:
    ann = stage.person()
    answer = await mentioned(stage, ann, _QUESTION)
    assert await stage.stop() == 0
    await stage.server.wait_gone()
    await stage.start()
    who = await replied(stage, answer, ann, "who said that?")
    assert quoted(who.now) == quoted(answer.now)


@pytest.mark.parametrize("form", ["masked link", "everyone", "user"])
async def test_a_hostile_reply_is_shown_dead(stage: Stage, form: str) -> None:
    ann = stage.person()
    answer = await mentioned(stage, ann, _QUESTION)
    reply = await replied(stage, answer, ann, f"why? {HOSTILE[form]}")
    (asked,) = [one for one in reply.content.split("\n") if one.startswith("-# Asked: ")]
    assert live_forms(asked.removeprefix("-# ")) == {}


async def test_the_menu_finds_what_a_message_is_about_privately(stage: Stage) -> None:
    server, ann, bob = stage.server, stage.person("Ann"), stage.person("Bob")
    said = await server.say(bob, stage.channel, "**Armed foot patrols** in London?!")
    before = len(server.messages)
    looked = await server.context_menu(ann, _MENU, said)
    message = await looked.response()
    assert message.private_to == ann
    assert "armed-patrols-considered-to-stop-gang-violence" in {
        one.document for one in quoted(message.now)
    }
    assert "Share" in [button.label for button in message.buttons]
    assert len(server.messages) == before + 1


async def test_of_a_long_message_the_rare_words_are_searched_for(stage: Stage) -> None:
    server, ann = stage.server, stage.person()
    story = (
        "so I was at home with my family last night and we were talking about this and that and "
        "somebody said that recovery operators got a letter about disorder, which I had never "
        "heard of in my whole life, and then we had some tea and cake and went to bed early"
    )
    said = await server.say(ann, stage.channel, story)
    looked = await server.context_menu(ann, _MENU, said)
    message = await looked.response()
    asked = as_seen(message.content.split("-# Asked: ")[1].split("\n")[0])
    assert "recovery operators" in asked
    assert len(asked.split()) <= 12
    assert "letter-to-recovery-operators-on-disorder" in {
        one.document for one in quoted(message.now)
    }


@pytest.mark.parametrize("text", ["👮👮👮", "what is it?", "<@1> ?", "zzzqx " * 40])
async def test_a_message_about_nothing_is_said_to_be_that(stage: Stage, text: str) -> None:
    server, ann = stage.server, stage.person()
    said = await server.say(stage.person("Bob"), stage.channel, text)
    looked = await server.context_menu(ann, _MENU, said)
    message = await looked.response()
    assert message.private_to == ann
    assert message.content.startswith("There is nothing to look for")


async def test_without_a_view_of_the_history_it_answers_without_a_reply(stage: Stage) -> None:
    server, ann = stage.server, stage.person()
    guild = stage.channel.guild
    assert guild is not None
    blind = server.add_channel(guild, "blind", denied=Permissions.READ_MESSAGE_HISTORY)
    said = await server.say(ann, blind, _QUESTION, mentions=[server.bot])
    message = await server.answer_to(said)
    assert message.reference is None
    assert quoted(message.now)
    bare = await server.say(ann, blind, server.bot.mention)
    assert (await server.answer_to(bare)).content.startswith("Ask me what")


async def test_where_it_may_not_write_nothing_breaks(stage: Stage) -> None:
    server, ann = stage.server, stage.person()
    guild = stage.channel.guild
    assert guild is not None
    closed = server.add_channel(guild, "closed", denied=Permissions.SEND_MESSAGES)
    await server.say(ann, closed, _QUESTION, mentions=[server.bot])
    assert quoted((await mentioned(stage, ann, _QUESTION)).now)
    assert not [m for m in server.messages if m.channel == closed and m.author == server.bot]
