"""What becomes of messages long after they were written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
import pytest

if TYPE_CHECKING:
    from .conftest import Http
    from .message import Message
    from .records import Channel, User
    from .sample_bot import SampleBot
    from .server import FakeDiscord

LATER_S = 24 * 60 * 60.0


def path_of(message: Message) -> str:
    return f"/channels/{message.channel.id}/messages/{message.id}"


async def test_a_public_answer_can_be_edited_when_its_token_is_long_dead(
    server: FakeDiscord, bot: SampleBot, http: Http, ann: User
) -> None:
    asked = await server.slash(ann, "ask", {"question": "Why?"})
    answer = await asked.response()
    now = await server.slash(ann, "now")
    await now.followup()
    private = await now.response()
    server.clock.advance(LATER_S)

    status, _ = await http("PATCH", path_of(answer), {"content": "corrected"})
    assert (status, answer.content) == (200, "corrected")
    # A private one is out of reach for ever.
    assert (await http("PATCH", path_of(private), {"content": "c"}))[1]["code"] == 10008
    original = f"/webhooks/{server.application_id}/{asked.token}/messages/@original"
    assert (await http("PATCH", original, {"content": "c"}))[1]["code"] == 50027
    assert bot.errors == []
    # Only the bot that used the dead token broke a rule.
    assert [violation.limit for violation in server.violations] == ["token"]


async def test_an_answer_where_the_bot_is_not_is_out_of_reach_later(
    server: FakeDiscord, bot: SampleBot, http: Http, ann: User
) -> None:
    abroad = server.add_channel(server.add_guild("Abroad", with_bot=False))
    asked = await server.slash(ann, "ask", {"question": "Why?"}, channel=abroad)
    answer = await asked.response()
    await (await server.click(answer, answer.button("Next"), ann)).response()
    assert (await http("PATCH", path_of(answer), {"content": "c"}))[1]["code"] == 50001
    assert bot.errors == []


async def test_what_a_moderator_deletes_is_gone_for_every_way_of_editing(
    server: FakeDiscord, bot: SampleBot, http: Http, ann: User, channel: Channel
) -> None:
    posted = await bot.get_partial_messageable(channel.id).send("posted")
    asked = await server.slash(ann, "ask", {"question": "Why?"})
    answer = await asked.response()
    for message in server.messages:
        await server.delete(message)
    with pytest.raises(discord.NotFound, match="10008"):
        await posted.edit(content="again")
    original = f"/webhooks/{server.application_id}/{asked.token}/messages/@original"
    for path in (original, path_of(answer)):
        assert (await http("PATCH", path, {"content": "c"}))[1]["code"] == 10008
    with pytest.raises(PermissionError):
        await server.click(answer, answer.button("Next"), ann)
    assert server.violations == []


async def test_a_reply_to_a_plain_message_tells_what_it_replies_to(
    server: FakeDiscord, bot: SampleBot, ann: User, channel: Channel
) -> None:
    plain = await bot.get_partial_messageable(channel.id).send("“No.”")
    (record,) = server.messages
    slash = await (await server.slash(ann, "ask", {"question": "Why?"})).response()
    told = await server.say(ann, channel, "who said that?", reply_to=record)
    await server.answer_to(told)
    untold = await server.say(ann, channel, "and when?", reply_to=slash)
    await server.answer_to(untold)
    quiet = await server.say(ann, channel, "hm", reply_to=record, ping=False)
    await server.answer_to(quiet)

    seen = [(one.content, one.reference and one.reference.message_id) for one in bot.heard]
    assert seen == [("who said that?", plain.id), ("", slash.id), ("", plain.id)]
    referenced = bot.heard[0].reference
    assert referenced is not None
    assert isinstance(referenced.resolved, discord.Message)
    assert referenced.resolved.content == "“No.”"
    assert server.violations == []
