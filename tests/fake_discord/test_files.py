"""Files: their words for those who do not see them, and pictures inside embeds."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import discord
import pytest

if TYPE_CHECKING:
    from .conftest import Http
    from .records import Channel, User
    from .sample_bot import SampleBot
    from .server import FakeDiscord


def picture(name: str = "card.png", **about: Any) -> discord.File:
    return discord.File(io.BytesIO(b"a picture"), name, **about)


async def test_a_picture_in_an_embed(
    server: FakeDiscord, bot: SampleBot, http: Http, channel: Channel
) -> None:
    embed = discord.Embed(title="t").set_image(url="attachment://card.png")
    place = bot.get_partial_messageable(channel.id)
    files = [picture(description="“No.” in white on black"), picture("letter.txt")]
    sent = await place.send(embed=embed, files=files)

    # What an embed shows is not listed a second time.
    assert [one.filename for one in sent.attachments] == ["letter.txt"]
    url = sent.embeds[0].image.url
    assert url is not None
    async with http.session.get(url) as response:
        assert await response.read() == b"a picture"
    (record,) = server.messages
    assert record.file("card.png").content == b"a picture"
    assert record.file("card.png").description == "“No.” in white on black"
    with pytest.raises(LookupError, match=r"letter\.txt"):
        record.file("other.png")

    # Taking the listed files away leaves the picture, as long as the embed shows it.
    edited = await sent.edit(content="c", attachments=[])
    assert edited.embeds[0].image.url == url
    assert [one.filename for one in record.attachments] == ["card.png"]
    # Without its embed the picture stands alone.
    edited = await edited.edit(embeds=[])
    assert [one.filename for one in edited.attachments] == ["card.png"]
    assert server.violations == []


async def test_a_picture_that_does_not_come_with_its_embed(
    server: FakeDiscord, bot: SampleBot, channel: Channel, ann: User
) -> None:
    place = bot.get_partial_messageable(channel.id)
    embed = discord.Embed(title="t").set_image(url="attachment://card.png")
    with pytest.raises(discord.HTTPException, match=r"no file 'card\.png'"):
        await place.send(embed=embed, file=picture("other.png"))
    sent = await place.send("c", file=picture())
    # One that the message has already will do.
    assert (await sent.edit(embed=embed)).attachments == []
    with pytest.raises(discord.HTTPException, match=r"no file 'card\.png'"):
        await (await place.send("d")).edit(embed=embed)
    assert [one.limit for one in server.violations] == ["embed.attachment"] * 2
    assert ann is not None


async def test_a_picture_in_the_new_components(
    server: FakeDiscord, bot: SampleBot, channel: Channel
) -> None:
    place = bot.get_partial_messageable(channel.id)
    view = discord.ui.LayoutView(timeout=None)
    gallery: Any = discord.ui.MediaGallery()
    gallery.add_item(media="attachment://card.png", description="words")
    view.add_item(gallery)
    await place.send(view=view, file=picture())
    (record,) = server.messages
    media = record.components[0]["items"][0]["media"]
    assert media["attachment_id"] == str(record.file("card.png").id)
    assert media["url"].startswith("http")
    with pytest.raises(discord.HTTPException, match=r"no file 'card\.png'"):
        await place.send(view=view)


async def test_words_for_a_picture_have_a_limit(
    server: FakeDiscord, bot: SampleBot, channel: Channel
) -> None:
    place = bot.get_partial_messageable(channel.id)
    await place.send(file=picture(description="x" * 1024))
    with pytest.raises(discord.HTTPException, match="1024"):
        await place.send(file=picture(description="x" * 1025))
    assert [one.limit for one in server.violations] == ["file.description"]
    assert len(server.messages) == 1
