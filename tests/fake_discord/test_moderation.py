"""Texts that Discord refuses or changes without being asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
import pytest

from .constants import CallbackType

if TYPE_CHECKING:
    from .conftest import Http
    from .records import Channel, Guild, User
    from .sample_bot import SampleBot
    from .server import FakeDiscord


@pytest.mark.parametrize(
    ("keyword", "text", "blocked"),
    [
        ("curfew", "A CURFEW, he said", True),
        ("curfew", "no curfews", False),
        ("curfew*", "no curfews", True),
        ("curfew*", "anticurfew", False),
        ("*curfew", "anticurfew", True),
        ("*few*", "curfews", True),
        ("stop and search", "Stop and search works", True),
        ("a.b", "axb", False),
    ],
)
async def test_keywords(
    server: FakeDiscord,
    http: Http,
    guild: Guild,
    channel: Channel,
    keyword: str,
    text: str,
    *,
    blocked: bool,
) -> None:
    server.forbid_words(guild, "unrelated", keyword)
    status, answer = await http("POST", f"/channels/{channel.id}/messages", {"content": text})
    assert status == (400 if blocked else 200)
    if blocked:
        message = "Message was blocked by automatic moderation"
        assert answer == {"message": message, "code": 200000}
    assert len(server.messages) == (0 if blocked else 1)
    # It is nothing that a bot could have known.
    assert server.violations == []


async def test_an_edit_is_refused_and_the_message_stays(
    server: FakeDiscord, bot: SampleBot, channel: Channel, guild: Guild
) -> None:
    place = bot.get_partial_messageable(channel.id)
    sent = await place.send("one")
    server.forbid_words(guild, "curfew")
    embed = discord.Embed(title="t").add_field(name="n", value="a curfew")
    changes: list[dict[str, Any]] = [{"content": "a curfew"}, {"embed": embed}]
    for change in changes:
        with pytest.raises(discord.HTTPException) as refused:
            await sent.edit(**change)
        assert (refused.value.status, refused.value.code) == (400, 200000)
    (record,) = server.messages
    assert [version.content for version in record.versions] == ["one"]
    server.forbid_words(guild)
    await sent.edit(content="a curfew")
    other = server.add_channel(server.add_guild("Elsewhere"))
    server.forbid_words(guild, "curfew")
    await bot.get_partial_messageable(other.id).send("a curfew")


async def test_answers_are_moderated_where_they_are_public(
    server: FakeDiscord, bot: SampleBot, ann: User, guild: Guild
) -> None:
    @bot.tree.command(description="d")
    async def say(interaction: discord.Interaction[Any], text: str, private: bool) -> None:
        try:
            await interaction.response.send_message(text, ephemeral=private)
        except discord.HTTPException as error:
            # What was refused has acknowledged nothing.
            await interaction.response.send_message(f"refused: {error.code}", ephemeral=True)

    await bot.tree.sync()
    server.forbid_words(guild, "curfew")
    public = await server.slash(ann, "say", {"text": "curfew", "private": False})
    assert (await public.response()).content == "refused: 200000"
    private = await server.slash(ann, "say", {"text": "curfew", "private": True})
    assert (await private.response()).content == "curfew"
    # A deferred answer that is refused can be filled with another.
    await server.slash(ann, "ask", {"question": "Why the curfew?"})
    error = await bot.failures.get()
    assert isinstance(error, discord.HTTPException)
    assert error.code == 200000
    deferred = server.messages[-1]
    assert deferred.interaction is not None
    assert deferred.interaction.callback is CallbackType.DEFERRED_CHANNEL_MESSAGE
    assert deferred.loading


async def test_what_comes_back_is_not_what_was_sent(
    server: FakeDiscord, bot: SampleBot, channel: Channel
) -> None:
    server.alter_text("\u2019", "'")
    text = "It\u2019s safe"
    embed = discord.Embed(title=text, description=text, url="https://x.test/\u2019")
    embed.add_field(name=text, value=text).set_footer(text=text)
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label=text, custom_id=text))
    sent = await bot.get_partial_messageable(channel.id).send(text, embed=embed, view=view)
    (back,) = sent.embeds
    texts = [sent.content, back.title, back.description, back.footer.text]
    texts += [back.fields[0].name, back.fields[0].value]
    assert texts == ["It's safe"] * 6
    assert back.url == "https://x.test/\u2019"
    (button,) = server.messages[0].buttons
    assert (button.label, button.custom_id) == ("It's safe", text)
    assert (await sent.edit(content=f"{text}!")).content == "It's safe!"
