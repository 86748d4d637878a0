"""Plain messages: what the bot is told of them, and what it may do to them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import discord
import pytest

from .constants import MessageType, Permissions

if TYPE_CHECKING:
    from .conftest import Http
    from .records import Channel, User
    from .sample_bot import SampleBot
    from .server import FakeDiscord


async def test_a_mention_brings_the_text(
    server: FakeDiscord, bot: SampleBot, ann: User, channel: Channel
) -> None:
    asked = await server.say(ann, channel, "was it safe?", mentions=[server.bot])

    answer = await server.answer_to(asked)
    text = f"<@{server.bot.id}> was it safe?"
    assert asked.content == text
    assert answer.content == f"heard: {text!r}"
    assert answer.reference is asked
    assert answer.type is MessageType.REPLY
    assert bot.user is not None
    assert bot.user.mentioned_in(bot.heard[0])
    assert server.violations == []
    assert server.pings == []


async def test_without_a_mention_the_text_is_withheld(
    server: FakeDiscord, bot: SampleBot, ann: User, channel: Channel
) -> None:
    bob = server.add_user("Bob")
    asked = await server.say(ann, channel, f"hello {bob.mention}")
    await server.answer_to(asked)
    (heard,) = bot.heard
    assert heard.content == ""
    assert [user.id for user in heard.mentions] == [bob.id]
    assert isinstance(heard.author, discord.Member)
    # Nor does the history tell what the gateway did not.
    assert (await heard.channel.fetch_message(heard.id)).content == ""


async def test_direct_messages_are_told(server: FakeDiscord, bot: SampleBot, ann: User) -> None:
    asked = await server.direct_message(ann, "hello")
    answer = await server.answer_to(asked)
    assert answer.content == "heard: 'hello'"
    assert answer.channel.recipient == ann
    assert isinstance(bot.heard[0].channel, discord.DMChannel)


async def test_replies_to_plain_messages_are_told_if_they_ping(
    server: FakeDiscord, bot: SampleBot, ann: User, channel: Channel
) -> None:
    first = await server.say(ann, channel, "hi", mentions=[server.bot])
    answer = await server.answer_to(first)
    told = await server.say(ann, channel, "and then?", reply_to=answer)
    await server.answer_to(told)
    silent = await server.say(ann, channel, "never mind", reply_to=answer, ping=False)
    await server.answer_to(silent)
    assert [message.content for message in bot.heard[1:]] == ["and then?", ""]
    assert bot.heard[1].reference is not None
    assert bot.heard[1].reference.message_id == answer.id


async def test_replies_to_slash_answers_are_not_told(
    server: FakeDiscord, bot: SampleBot, ann: User, channel: Channel
) -> None:
    answer = await (await server.slash(ann, "ask", {"question": "Why?"})).response()
    reply = await server.say(ann, channel, "and then?", reply_to=answer)
    await server.answer_to(reply)
    assert [message.content for message in bot.heard] == [""]


async def test_the_bot_hears_itself_in_full(
    server: FakeDiscord, bot: SampleBot, channel: Channel, ann: User
) -> None:
    events: list[Any] = []
    bot.on_raw_message_edit = lambda event: _later(events, event)  # type: ignore[attr-defined]
    where = bot.get_partial_messageable(channel.id)
    sent = await where.send("one")
    await sent.edit(content="two")
    await (await server.slash(ann, "now")).response()
    assert [event.message.content for event in events] == ["two"]


async def _later(events: list[Any], event: Any) -> None:
    events.append(event)


async def test_write_read_edit_delete(
    server: FakeDiscord, bot: SampleBot, channel: Channel
) -> None:
    where = bot.get_partial_messageable(channel.id)
    sent = await where.send("  one \x07 ", embed=discord.Embed(title="t"))
    assert sent.content == "one"
    edited = await sent.edit(content="two", embed=None)
    assert (edited.content, edited.embeds) == ("two", [])
    assert edited.edited_at is not None
    other = await where.send("three")
    assert [message.content async for message in where.history()] == ["three", "two"]
    assert [message.id async for message in where.history(before=other)] == [sent.id]
    assert (await where.fetch_message(sent.id)).content == "two"
    await sent.delete()
    with pytest.raises(discord.NotFound, match="10008"):
        await where.fetch_message(sent.id)

    record = next(message for message in server.messages if message.id == sent.id)
    assert record.deleted
    assert [version.content for version in record.versions] == ["one", "two"]
    assert server.violations == []


async def test_files_on_plain_messages(
    server: FakeDiscord, bot: SampleBot, channel: Channel
) -> None:
    where = bot.get_partial_messageable(channel.id)
    files = [discord.File(io.BytesIO(name.encode()), name) for name in ("a.txt", "b.txt")]
    sent = await where.send(files=files)
    assert [await attachment.read() for attachment in sent.attachments] == [b"a.txt", b"b.txt"]
    edited = await sent.edit(
        content="one is enough",
        attachments=[sent.attachments[1], discord.File(io.BytesIO(b"c"), "c.txt")],
    )
    assert [attachment.filename for attachment in edited.attachments] == ["b.txt", "c.txt"]
    (record,) = server.messages
    assert [file.content for file in record.attachments] == [b"b.txt", b"c"]
    assert server.violations == []


async def test_typing_and_looking_up(
    server: FakeDiscord, bot: SampleBot, channel: Channel, ann: User
) -> None:
    async with bot.get_partial_messageable(channel.id).typing():
        pass
    assert len(server.calls("POST", "/channels/{channel_id}/typing")) == 1
    fetched = await bot.fetch_channel(channel.id)
    assert isinstance(fetched, discord.TextChannel)
    user = await bot.fetch_user(ann.id)
    assert user.display_name == "Ann"
    dm = await user.create_dm()
    await dm.send("hello")
    assert server.messages[-1].channel.recipient == ann
    with pytest.raises(discord.NotFound):
        await bot.fetch_channel(1)
    with pytest.raises(discord.NotFound):
        await bot.fetch_user(1)
    assert server.violations == []


async def test_where_the_bot_may_not_write(
    server: FakeDiscord, bot: SampleBot, channel: Channel
) -> None:
    assert channel.guild is not None
    quiet = server.add_channel(channel.guild, "quiet", denied=Permissions.SEND_MESSAGES)
    hidden = server.add_channel(channel.guild, "hidden", denied=Permissions.VIEW_CHANNEL)
    bare = server.add_channel(channel.guild, "bare", denied=Permissions.EMBED_LINKS)
    shy = server.add_user("Shy", accepts_dms=False)
    codes = []
    for where in (quiet, hidden):
        with pytest.raises(discord.Forbidden) as refused:
            await bot.get_partial_messageable(where.id).send("hello")
        codes.append(refused.value.code)
    user = await bot.fetch_user(shy.id)
    with pytest.raises(discord.Forbidden) as refused:
        await user.send("hello")
    assert [*codes, refused.value.code] == [50013, 50001, 50007]
    sent = await bot.get_partial_messageable(bare.id).send("hi", embed=discord.Embed(title="t"))
    assert sent.embeds == []


async def test_only_ones_own_messages(
    server: FakeDiscord, bot: SampleBot, http: Http, ann: User, channel: Channel
) -> None:
    theirs = await server.say(ann, channel, "mine")
    path = f"/channels/{channel.id}/messages/{theirs.id}"
    assert (await http("PATCH", path, {"content": "yours"}))[1]["code"] == 50005
    assert (await http("DELETE", path))[1]["code"] == 50013
    await server.delete(theirs)
    assert (await http("DELETE", path))[1]["code"] == 10008
    private = await (await server.slash(ann, "now")).response()
    path = f"/channels/{channel.id}/messages/{private.id}"
    assert (await http("GET", path))[1]["code"] == 10008
    assert bot.errors == []
    assert server.violations == []


async def test_a_repeated_nonce_is_one_message(
    server: FakeDiscord, http: Http, channel: Channel
) -> None:
    body = {"content": "once", "nonce": "7", "enforce_nonce": True, "allowed_mentions": {}}
    path = f"/channels/{channel.id}/messages"
    first = await http("POST", path, body)
    again = await http("POST", path, body)
    assert first == again
    assert len(server.messages) == 1


async def test_a_reply_to_what_is_gone(
    server: FakeDiscord, bot: SampleBot, channel: Channel
) -> None:
    where = bot.get_partial_messageable(channel.id)
    gone = await where.send("soon gone")
    await gone.delete()
    with pytest.raises(discord.HTTPException, match="50035"):
        await gone.reply("too late")
    careful = discord.MessageReference.from_message(gone, fail_if_not_exists=False)
    assert (await where.send("so be it", reference=careful)).reference is None
    assert server.violations == []
