"""Under an answer: Context, Source, Share and Not helpful, for the asker and for others."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from bot.pages import DISCLAIMER
from tests.bot.discord.stage import quoted
from tests.bot.discord_syntax import live_forms
from tests.fake_discord import CallbackType, Permissions, Routes

if TYPE_CHECKING:
    from tests.bot.discord.stage import Stage
    from tests.fake_discord import Guild, Message, User

pytestmark = pytest.mark.asyncio(loop_scope="module")

_QUESTION = "How many officers were hurt in Brixton?"
_SHARED = "-# Shared by "


async def pressed(stage: Stage, message: Message, label: str, by: User) -> Message:
    """What a press of a button brings."""
    click = await stage.server.click(message, message.button(label), by)
    return await click.response()


def posted(stage: Stage, after: Message) -> list[Message]:
    """The public messages of the bot after one of its own."""
    server = stage.server
    mine = [one for one in server.messages if one.author == server.bot and one.id > after.id]
    return [one for one in mine if one.public]


def guild_of(stage: Stage) -> Guild:
    """The server that the stage's channel is in."""
    assert stage.channel.guild is not None
    return stage.channel.guild


async def shared(stage: Stage, message: Message) -> Message:
    """The public message that an answer was shared as."""
    return await stage.server.wait_for(
        lambda: next(iter(posted(stage, message)), None), "shared answer"
    )


async def test_every_answer_that_shows_something_has_its_buttons(stage: Stage) -> None:
    ann = stage.person()
    public = await stage.ask(_QUESTION, by=ann)
    labels = ["Previous", "Next", "Context", "Source", "Not helpful"]
    assert [b.label for b in public.buttons if b.label != "How does this work?"] == labels
    private = await stage.ask("rufty-tufty", by=ann, private=True, since="2020", until="2020")
    assert "Share" in [button.label for button in private.buttons]
    nothing = await stage.ask("Who was hurt?", until="1999-12-31")
    assert nothing.buttons == ()


async def test_the_first_answers_in_a_server_offer_a_word_on_how_it_works(stage: Stage) -> None:
    server = stage.server
    place = server.add_channel(server.add_guild("New here"))
    ann = stage.person()
    labels = []
    for _ in range(5):
        asked = await server.slash(ann, "ask", {"question": _QUESTION}, channel=place)
        message = await asked.response()
        labels.append("How does this work?" in [button.label for button in message.buttons])
    assert labels == [True, True, True, False, False]


async def test_context_shows_the_paragraphs_around_to_whoever_asks(stage: Stage) -> None:
    message = await stage.ask(_QUESTION)
    bob = stage.person("Bob")
    context = await pressed(stage, message, "Context", bob)
    assert context.private_to == bob
    assert context.content.startswith("**Context**")
    shown = {(one.document, one.start, one.end) for one in quoted(message.now)}
    around = quoted(context.now)
    assert shown & {(one.document, one.start, one.end) for one in around}
    assert len(around) > len(context.embeds)


async def test_every_excerpt_of_the_page_has_its_context(stage: Stage) -> None:
    ann = stage.person()
    message = await stage.ask(_QUESTION, by=ann)
    await pressed(stage, message, "Next", ann)
    context = await pressed(stage, message, "Context", ann)
    wanted = {(one.document, one.start) for one in quoted(message.now)}
    found = {(one.document, one.start) for one in quoted(context.now)}
    while not wanted <= found:
        context = await pressed(stage, context, "Next", ann)
        assert context.private_to == ann
        found |= {(one.document, one.start) for one in quoted(context.now)}
    assert wanted <= found


async def test_source_says_what_to_cite(stage: Stage) -> None:
    message = await stage.ask(_QUESTION)
    bob = stage.person("Bob")
    source = await pressed(stage, message, "Source", bob)
    assert source.private_to == bob
    first = quoted(message.now)[0]
    text = source.embeds[0]["description"]
    assert f"Document {first.document}, characters {first.start}–{first.end}" in text
    assert "SHA-256 of its text `" in text
    assert f"-{first.start}-{first.end}-" in text
    assert quoted(source.now)[0] == first


async def test_an_answer_that_is_not_helpful_is_told_why_and_by_nobody(stage: Stage) -> None:
    server, message, bob = stage.server, await stage.ask(_QUESTION), stage.person("Bob")
    click = await server.click(message, message.button("Not helpful"), bob)
    form = await click.modal()
    assert form["title"] == "Not helpful"
    sent = await server.modal_submit(click, {"reason": f"too old {bob.mention} @everyone"})
    thanks = await sent.response()
    assert thanks.private_to == bob
    assert thanks.content.startswith("Thank you.")
    store = sqlite3.connect(stage.environment["METQUOTE_PATHS_DATA"] + "/state.sqlite", timeout=30)
    rows = store.execute("SELECT * FROM feedback").fetchall()
    store.close()
    assert len(rows) == 1
    assert str(bob.id) not in str(rows)
    assert "too old" in str(rows)
    again = await server.click(message, message.button("Not helpful"), bob)
    empty = await server.modal_submit(again, {"reason": "  "})
    assert "no reason" in (await empty.response()).content


async def test_a_private_answer_is_shared_once_by_name_and_pings_nobody(stage: Stage) -> None:
    ann = stage.person("**Ann** <@1> @everyone `x`")
    private = await stage.ask(_QUESTION, by=ann, private=True)
    told = await pressed(stage, private, "Share", ann)
    assert told.private_to == ann
    assert told.content.startswith("Shared.")
    public = await shared(stage, private)
    assert public.channel == stage.channel
    assert quoted(public.now) == quoted(private.now)
    (line,) = [one for one in public.content.split("\n") if one.startswith(_SHARED)]
    assert live_forms(line.removeprefix("-# ")) == {}
    assert public.content.startswith(private.content)
    again = await pressed(stage, private, "Share", ann)
    assert again.content == "You shared this answer already."
    assert len(posted(stage, private)) == 1


async def test_a_shared_answer_has_pages_and_context_and_keeps_the_name(stage: Stage) -> None:
    ann, bob = stage.person("Ann"), stage.person("Bob")
    private = await stage.ask(_QUESTION, by=ann, private=True)
    await pressed(stage, private, "Share", ann)
    public = await shared(stage, private)
    assert "Share" not in [button.label for button in public.buttons]
    await pressed(stage, public, "Next", ann)
    assert "page 2 of" in public.content
    assert public.content.endswith(f"{_SHARED}Ann")
    told = await pressed(stage, public, "Next", bob)
    assert told.content.startswith("Only the person who asked")
    assert quoted((await pressed(stage, public, "Context", bob)).now)


async def test_two_presses_at_once_share_it_once(stage: Stage) -> None:
    ann = stage.person()
    private = await stage.ask(_QUESTION, by=ann, private=True)
    hold = stage.server.hold("POST", Routes.MESSAGES)
    clicks = [await stage.server.click(private, private.button("Share"), ann) for _ in range(2)]
    await hold.arrived()
    hold.release()
    told = sorted([(await click.response()).content for click in clicks])
    assert told[0].startswith("Shared.")
    assert told[1] == "You shared this answer already."
    assert len(posted(stage, private)) == 1


async def test_it_is_not_shared_where_the_person_may_not_write(stage: Stage) -> None:
    server, ann = stage.server, stage.person()
    place = server.add_channel(guild_of(stage), "read-only")
    asked = await server.slash(ann, "ask", {"question": _QUESTION, "private": True}, channel=place)
    private = await asked.response()
    server.overwrite(place, ann, deny=Permissions.SEND_MESSAGES)
    told = await pressed(stage, private, "Share", ann)
    assert told.content.startswith("You may not write in this channel")
    server.overwrite(place, ann)
    server.overwrite(place, server.bot, deny=Permissions.SEND_MESSAGES)
    told = await pressed(stage, private, "Share", ann)
    assert told.content.startswith("I may not write in this channel")
    assert posted(stage, private) == []
    server.overwrite(place, server.bot)
    await pressed(stage, private, "Share", ann)
    assert quoted((await shared(stage, private)).now)


async def test_what_discord_refuses_can_be_shared_again(stage: Stage) -> None:
    server, ann = stage.server, stage.person()
    private = await stage.ask(_QUESTION, by=ann, private=True)
    server.forbid_words(guild_of(stage), "metquote")
    assert DISCLAIMER.startswith("metquote")
    told = await pressed(stage, private, "Share", ann)
    assert told.content.startswith("It could not be shared")
    assert posted(stage, private) == []
    server.forbid_words(guild_of(stage))
    assert (await pressed(stage, private, "Share", ann)).content.startswith("Shared.")
    assert quoted((await shared(stage, private)).now)


async def test_automod_that_refuses_an_answer_or_an_edit_is_told_privately(stage: Stage) -> None:
    server, ann = stage.server, stage.person()
    message = await stage.ask(_QUESTION, by=ann)
    server.forbid_words(guild_of(stage), "metquote")
    turned = await server.click(message, message.button("Next"), ann)
    told = await turned.response()
    assert told.private_to == ann
    assert "AutoMod" in told.content
    assert "page 1 of" in message.content
    asked = await server.slash(ann, "ask", {"question": _QUESTION}, channel=stage.channel)
    told = await asked.followup()
    assert told.private_to == ann
    assert "AutoMod" in told.content
    said = await server.say(ann, stage.channel, _QUESTION, mentions=[server.bot])
    assert "AutoMod" in (await server.answer_to(said)).content
    server.forbid_words(guild_of(stage))


async def test_private_answers_are_nobody_elses(stage: Stage) -> None:
    """A button of a private answer in the hands of somebody else, as no client would send it."""
    server, ann, bob = stage.server, stage.person("Ann"), stage.person("Bob")
    private = await stage.ask(_QUESTION, by=ann, private=True)
    private.private_to = bob
    for label in ("Context", "Source", "Share", "Not helpful", "Next"):
        click = await server.click(private, private.button(label), bob)
        told = await click.response()
        assert told.private_to == bob
        assert "somebody else's" in told.content
        assert click.callback is not CallbackType.MODAL
    assert posted(stage, private) == []


async def test_what_discord_no_longer_knows_is_not_answered_by_a_direct_message(
    stage: Stage,
) -> None:
    server, ann = stage.server, stage.person()
    message = await stage.ask(_QUESTION, by=ann)
    server.fail("POST", Routes.CALLBACK, code=10062)
    lost = await server.click(message, message.button("Context"), ann)
    await server.wait_for(
        lambda: [r for r in server.calls("POST", Routes.CALLBACK) if r.status == 404], "refusal"
    )
    assert quoted((await pressed(stage, message, "Context", ann)).now)
    assert lost.messages == []
    assert server.calls("POST", Routes.OPEN_DM) == ()


async def test_an_answer_that_took_too_long_goes_into_the_channel(stage: Stage) -> None:
    """Fifteen minutes: the interaction is gone; what is private stays unsaid."""
    server, ann = stage.server, stage.person()
    for private in (False, True):
        hold = server.hold("PATCH", Routes.ORIGINAL)
        asked = await server.slash(
            ann, "ask", {"question": _QUESTION, "private": private}, channel=stage.channel
        )
        await hold.arrived()
        last = server.messages[-1]
        server.clock.advance(16 * 60)
        hold.release()
        if private:
            await server.wait_for(
                lambda: "could not be taken back" in stage.log or None, "word in the log"
            )
            assert [one.content for one in posted(stage, last)] == []
            assert not asked.answered
        else:
            assert quoted((await shared(stage, last)).now)
    expired = [one for one in server.violations if one.limit == "token"]
    server._state.violations[:] = [one for one in server.violations if one not in expired]
