"""``/summary``: a moderator sees it first, then everybody, once."""

from __future__ import annotations

import asyncio
import re
import signal
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest

from tests.bot.discord.cite_stage import post_of
from tests.bot.discord.people import (
    choose,
    guild_of,
    menu_of,
    moderator,
    new_channel,
    posted_in,
    press,
)
from tests.bot.discord.stage import PATIENCE_S, quoted
from tests.fake_discord import Permissions, Routes

if TYPE_CHECKING:
    from tests.bot.discord.stage import Stage
    from tests.fake_discord import Message, User

pytestmark = pytest.mark.asyncio(loop_scope="module")
TOPIC = "violence against police officers"
_PAUSE_S = 0.05


async def summary(stage: Stage, by: User, **options: Any) -> Message:
    asked = await stage.server.slash(
        by, "summary", {"topic": TOPIC, **options}, channel=stage.channel
    )
    return await asked.response()


async def noted(stage: Stage, message: Message, note: str, by: User) -> None:
    label = "Edit note" if any(b.label == "Edit note" for b in message.buttons) else "Add note"
    opened = await press(stage, message, label, by)
    await (await stage.server.modal_submit(opened, {"note": note})).response()


async def test_a_preview_is_private_and_every_sentence_is_cited_and_dated(stage: Stage) -> None:
    mo = moderator(stage)
    message = await summary(stage, mo, sentences=4)
    assert message.private_to == mo
    assert message.content.startswith("**Preview**, seen by you alone: choose a channel.")
    found = quoted(message.now)
    assert len(found) >= 4
    for embed in message.embeds:
        assert re.search(r"· (\d+ \w+ \d{4}|date unknown)$", embed["description"], re.MULTILINE)
    assert message.button("Post").disabled


async def test_what_is_posted_is_what_was_previewed(stage: Stage) -> None:
    mo, news = moderator(stage), new_channel(stage, "news")
    message = await summary(stage, mo)
    await choose(stage, message, news, mo)
    assert f"to be posted in <#{news.id}>" in message.content
    before = quoted(message.now)
    await (await press(stage, message, "Post", mo)).response()
    (post,) = posted_in(stage, news)
    assert quoted(post.now) == before
    assert "Preview" not in post.content
    assert message.content.startswith(f"Posted in <#{news.id}>")
    assert not message.buttons
    assert not message.embeds


async def test_the_note_is_the_moderators_own_and_no_quotation(stage: Stage) -> None:
    mo, news = moderator(stage), new_channel(stage, "noted")
    message = await summary(stage, mo)
    hostile = "> @everyone **said** [this](https://evil.example) <@1> `x`\n> “We lied.”"
    await noted(stage, message, hostile, mo)
    await choose(stage, message, news, mo)
    await (await press(stage, message, "Post", mo)).response()
    (post,) = posted_in(stage, news)
    note, *rest = post.embeds
    assert note["description"].startswith("**Note by the moderators**")
    assert note["color"] not in {embed["color"] for embed in rest}
    assert "“We lied.”" not in {one.text for one in quoted(post.now)}
    assert len(quoted(post.now)) >= 2


async def test_a_note_can_be_taken_back(stage: Stage) -> None:
    mo = moderator(stage)
    message = await summary(stage, mo)
    await noted(stage, message, "Read this.", mo)
    assert "Read this" in message.embeds[0]["description"]
    await noted(stage, message, "", mo)
    assert not any("Note by" in embed["description"] for embed in message.embeds)


async def test_a_long_summary_is_turned_and_posted_in_several_messages(stage: Stage) -> None:
    mo, news = moderator(stage), new_channel(stage, "long")
    message = await summary(stage, mo, topic="police London disorder officers", sentences=20)
    assert "page 1 of 2" in message.content
    first = quoted(message.now)
    await (await press(stage, message, "Next", mo)).response()
    assert "page 2 of 2" in message.content
    second = quoted(message.now)
    await choose(stage, message, news, mo)
    await (await press(stage, message, "Post", mo)).response()
    assert [quoted(post.now) for post in posted_in(stage, news)] == [first, second]


async def test_nothing_found_is_said_and_cannot_be_posted(stage: Stage) -> None:
    message = await summary(stage, moderator(stage), topic="xylophone quartets of Saturn")
    assert message.content.startswith("**Not in the corpus")
    assert not message.buttons


async def test_discarded_is_gone(stage: Stage) -> None:
    mo = moderator(stage)
    message = await summary(stage, mo)
    button = message.button("Post")
    menu = menu_of(message)
    await (await press(stage, message, "Discard", mo)).response()
    assert message.content == "Discarded; nothing was posted."
    assert button.custom_id
    assert menu
    assert not message.components


@pytest.mark.parametrize("what", ["stranger", "dates", "blank"])
async def test_refusals_are_private_and_clear(stage: Stage, what: str) -> None:
    person = stage.person() if what == "stranger" else moderator(stage)
    stage.server.permit_command("summary", person, guild_of(stage))
    options = {
        "stranger": {},
        "dates": {"since": "2021", "until": "2020"},
        "blank": {"topic": " \u200b "},
    }[what]
    message = await summary(stage, person, **options)
    assert message.private_to == person
    told = {
        "stranger": "That is for the moderators of this server",
        "dates": "Since is later than until",
        "blank": "",
    }[what]
    assert message.content.startswith(told)
    assert not message.embeds


async def test_strangers_do_not_find_the_command(stage: Stage) -> None:
    with pytest.raises(PermissionError):
        await summary(stage, stage.person())


async def test_a_role_taken_away_between_preview_and_post(stage: Stage) -> None:
    server, guild = stage.server, guild_of(stage)
    news = server.add_channel(guild, "roles")
    mo = stage.person("Former")
    role = server.add_role(guild, "Moderator", Permissions.MANAGE_GUILD, members=[mo])
    message = await summary(stage, mo)
    await choose(stage, message, news, mo)
    server.take_role(mo, role)
    refused = await (await press(stage, message, "Post", mo)).response()
    assert refused.private_to == mo
    assert refused.content.startswith("That is for the moderators of this server")
    assert posted_in(stage, news) == []
    server.give_role(mo, role)
    await (await press(stage, message, "Post", mo)).response()
    assert len(posted_in(stage, news)) == 1


async def test_a_channel_deleted_between_preview_and_post(stage: Stage) -> None:
    server, mo = stage.server, moderator(stage)
    gone = new_channel(stage, "gone")
    message = await summary(stage, mo)
    await choose(stage, message, gone, mo)
    server.delete_channel(gone)
    refused = await (await press(stage, message, "Post", mo)).response()
    assert refused.content == "That channel is gone; choose another one."


async def test_where_somebody_may_not_write_nothing_is_posted(stage: Stage) -> None:
    server, guild, mo = stage.server, guild_of(stage), moderator(stage)
    closed = server.add_channel(guild, "closed", denied=Permissions.SEND_MESSAGES)
    message = await summary(stage, mo)
    refused = await choose(stage, message, closed, mo)
    assert refused.content.startswith("I may not write in \\#closed; let me View Channel")
    own = server.add_channel(guild, "own")
    await choose(stage, message, own, mo)
    server.overwrite(own, mo, deny=Permissions.SEND_MESSAGES)
    refused = await (await press(stage, message, "Post", mo)).response()
    assert refused.content == "You may not write in \\#own yourself; choose another one."
    assert posted_in(stage, own) == []


async def test_what_automod_refuses_can_be_changed_and_posted_again(stage: Stage) -> None:
    server, guild, mo = stage.server, guild_of(stage), moderator(stage)
    news = server.add_channel(guild, "automod")
    message = await summary(stage, mo)
    await noted(stage, message, "This is humbug.", mo)
    await choose(stage, message, news, mo)
    server.forbid_words(guild, "humbug")
    try:
        refused = await (await press(stage, message, "Post", mo)).followup()
    finally:
        server.forbid_words(guild)
    assert refused.private_to == mo
    assert "this server's AutoMod does not let the words through" in refused.content
    assert posted_in(stage, news) == []
    await noted(stage, message, "This is so.", mo)
    await (await press(stage, message, "Post", mo)).response()
    assert len(posted_in(stage, news)) == 1


async def test_a_preview_survives_a_restart(stage: Stage, serving: Stage) -> None:
    mo, news = moderator(stage), new_channel(stage, "restart")
    message = await summary(stage, mo)
    await noted(stage, message, "Before the restart.", mo)
    assert await serving.stop() == 0
    await stage.server.wait_gone()
    await stage.start()
    await choose(stage, message, news, mo)
    await (await press(stage, message, "Post", mo)).response()
    (post,) = posted_in(stage, news)
    assert "Before the restart" in post.embeds[0]["description"]


async def test_killed_while_posting_each_message_is_posted_once(
    stage: Stage, serving: Stage
) -> None:
    """The first is posted by whoever serves next; the moderator has the others posted."""
    server, mo = stage.server, moderator(stage)
    news = new_channel(stage, "killed")
    message = await summary(stage, mo, topic="police London disorder officers", sentences=20)
    first = quoted(message.now)
    await (await press(stage, message, "Next", mo)).response()
    second = quoted(message.now)
    await choose(stage, message, news, mo)
    hold = server.hold("POST", Routes.MESSAGES)
    await press(stage, message, "Post", mo)
    await hold.arrived()
    assert await serving.stop(signal.SIGKILL) == -signal.SIGKILL
    hold.release()
    await server.wait_gone()
    with sqlite3.connect(stage.folder / "data" / "state.sqlite") as store:
        # As if the claim of the process that died had run out.
        store.execute("UPDATE outbox SET held_until = 0 WHERE held_until IS NOT NULL")
    store.close()
    await stage.start()
    await server.wait_for(lambda: posted_in(stage, news), "post")
    await post_of(stage, posted_in(stage, news)[0])
    await (await press(stage, message, "Post", mo)).response()
    assert message.content.startswith(f"Posted in <#{news.id}>")
    assert [quoted(post.now) for post in posted_in(stage, news)] == [first, second]


async def test_of_two_presses_at_once_one_posts(stage: Stage) -> None:
    server, mo = stage.server, moderator(stage)
    news = new_channel(stage, "twice")
    message = await summary(stage, mo)
    await choose(stage, message, news, mo)
    hold = server.hold("POST", Routes.MESSAGES)
    await press(stage, message, "Post", mo)
    await hold.arrived()
    again = await press(stage, message, "Post", mo)
    await server.wait_for(lambda: again.callback, "second acknowledgement")
    hold.release()
    told = await again.followup()
    assert told.private_to == mo
    assert told.content == "This was posted already, or is being posted."
    assert len(posted_in(stage, news)) == 1


async def test_where_the_answer_to_a_post_is_lost_it_is_found_again(stage: Stage) -> None:
    server, mo = stage.server, moderator(stage)
    news = new_channel(stage, "lost")
    message = await summary(stage, mo)
    await choose(stage, message, news, mo)
    meant = len(quoted(message.now))
    server.cut("POST", Routes.MESSAGES, times=5)
    await press(stage, message, "Post", mo)
    (post,) = await server.wait_for(lambda: posted_in(stage, news), "post")

    def excerpts() -> int:
        with sqlite3.connect(stage.folder / "data" / "state.sqlite", timeout=30) as store:
            store.execute("UPDATE outbox SET due = 0 WHERE state = 'todo'")
            (count,) = store.execute(
                "SELECT count(*) FROM post_excerpts JOIN posts ON post = posts.id"
                " WHERE message = ?",
                (post.id,),
            ).fetchone()
        store.close()
        return int(count)

    for _ in range(int(PATIENCE_S / _PAUSE_S)):
        if excerpts() == meant:
            break
        await asyncio.sleep(_PAUSE_S)
    assert excerpts() == meant
    assert posted_in(stage, news) == [post]


async def test_a_press_that_discord_forgot_posts_nothing_and_another_does(stage: Stage) -> None:
    server, mo = stage.server, moderator(stage)
    news = new_channel(stage, "forgot")
    message = await summary(stage, mo)
    await choose(stage, message, news, mo)
    server.fail("POST", Routes.CALLBACK, code=10062)
    await press(stage, message, "Post", mo)
    await server.wait_for(
        lambda: any(one.status == 404 for one in server.calls("POST", Routes.CALLBACK)) or None,
        "refusal",
    )
    server.limit_rate("POST", Routes.MESSAGES, retry_after=0.01)
    await (await press(stage, message, "Post", mo)).response()
    await server.wait_for(lambda: posted_in(stage, news) or None, "post")
    assert len(posted_in(stage, news)) == 1
