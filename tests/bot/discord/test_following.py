"""Followed topics: posted where they are followed, once, or in a digest."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from tests.bot.discord.growing_stage import TOPIC, GrowingStage, growing
from tests.bot.discord.stage import quoted
from tests.fake_discord import Permissions, Routes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.conftest import TinyData
    from tests.fake_discord import Channel

NEW = "More drugs were found after the carnival. The parade ended at nine."
LATER = "More drugs were found after the carnival. The parade ended at ten."
APART = "The gang left the party. Violence in London fell again."


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def serving(
    _tiny_built: TinyData, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[GrowingStage]:
    """A bot that looks ten times a second."""
    async with growing(tmp_path_factory.mktemp("following"), _tiny_built) as staged:
        await staged.start()
        yield staged
        assert await staged.stop() == 0, staged.log


async def test_what_matches_is_posted_once_however_often_it_changes_back(
    stage: GrowingStage,
) -> None:
    told = await stage.follow()
    assert told.ephemeral
    assert f"New and corrected announcements on **{TOPIC}** will be posted" in told.content
    stage.add("news-0", NEW, "title: News", "published: 2021-05-30")
    stage.add("apart-0", APART)
    (posted,) = await stage.until(stage.posted, "what is followed")
    assert posted.content.startswith(f"**New: {TOPIC}**")
    assert quoted(posted.now)[0].text == "More drugs were found after the carnival."
    assert "*News* · 30 May 2021" in posted.embeds[0]["description"]
    for text in (LATER, NEW, LATER):
        stage.correct("news-0", text, "title: News")
    await stage.settled()
    first, second = stage.posted()
    assert first is posted
    assert "**Corrected:**" in second.embeds[0]["description"]


async def test_only_the_kind_that_is_followed_is_posted(stage: GrowingStage) -> None:
    await stage.follow(kind="letter")
    stage.add("news-1", NEW)
    await stage.settled()
    assert stage.posted() == []


async def test_lines_wait_for_the_index_and_none_is_lost(stage: GrowingStage) -> None:
    await stage.follow()
    stage._know("news-2", NEW)
    stage.corpus.add("news-2", NEW)
    # Nobody builds: after some looks the bot does so itself.
    (posted,) = await stage.until(stage.posted, "what is followed")
    assert quoted(posted.now)[0].document == "news-2"


async def test_follows_are_listed_and_ended_by_moderators_alone(stage: GrowingStage) -> None:
    server, channel, mo = stage.server, stage.channel, stage.moderator
    await stage.follow()
    again = await stage.follow()
    assert "follows this topic already" in again.content
    useless = await stage.follow("the of and")
    assert "no word that could be looked for" in useless.content
    listed = await (await server.slash(mo, "following", channel=channel)).response()
    assert f"- **{TOPIC}** in <#{channel.id}> · at once" in listed.content
    assert listed.ephemeral
    offered = await server.autocomplete(mo, "unfollow", "followed", "carn", channel=channel)
    (choice,) = await offered.choices()
    assert choice.name == f"{TOPIC} · #general · at once"
    ended = await server.slash(mo, "unfollow", {"followed": str(choice.value)}, channel=channel)
    assert f"no longer follows **{TOPIC}**" in (await ended.response()).content
    ended = await server.slash(mo, "unfollow", {"followed": TOPIC}, channel=channel)
    assert "not followed here" in (await ended.response()).content
    stage.add("news-3", NEW)
    await stage.settled()
    assert stage.posted() == []


async def test_a_stranger_is_refused_even_where_the_command_is_shown(stage: GrowingStage) -> None:
    server, bob = stage.server, stage.person("Bob")
    guild = stage.channel.guild
    assert guild is not None
    options: dict[str, dict[str, str | Channel]] = {
        "follow": {"topic": TOPIC, "channel": stage.channel},
        "following": {},
        "unfollow": {"followed": TOPIC},
    }
    for command, given in options.items():
        with pytest.raises(PermissionError):
            await server.slash(bob, command, given, channel=stage.channel)
        server.permit_command(command, guild, guild, allowed=True)
        told = await (await server.slash(bob, command, given, channel=stage.channel)).response()
        assert told.ephemeral
        assert "for the moderators of this server" in told.content
    offered = await server.autocomplete(bob, "unfollow", "followed", "", channel=stage.channel)
    assert await offered.choices() == ()


async def test_a_channel_that_the_bot_may_not_write_in_is_refused(stage: GrowingStage) -> None:
    guild = stage.channel.guild
    assert guild is not None
    closed = stage.server.add_channel(guild, "closed", denied=Permissions.SEND_MESSAGES)
    told = await stage.follow(channel=closed)
    assert "I may not write in \\#closed" in told.content


async def test_a_digest_is_posted_once_though_the_process_is_killed_in_the_middle(
    stage: GrowingStage,
) -> None:
    told = await stage.follow(mode="daily")
    assert "in a digest every day, next <t:" in told.content
    texts = [f"Drugs of number {n} were seized at the carnival." for n in range(6)]
    for number, text in enumerate(texts):
        stage.add(f"many-{number}", text)
    await stage.settled()
    assert stage.posted() == []
    hold = stage.server.hold("POST", Routes.MESSAGES)
    stage.let_digests_be_due()
    await hold.arrived()
    assert await stage.stop(signal.SIGKILL) == -signal.SIGKILL
    hold.release()
    await stage.until(stage.posted, "what the killed process sent")
    stage.forget_claims()
    await stage.start()
    await stage.settled()
    first, second = stage.posted()
    assert first.content.startswith(f"**Daily digest: {TOPIC}** · 6 announcements · message 1 of 2")
    assert second.content.startswith(f"**Daily digest: {TOPIC}** · 6 announcements · message 2 of")
    shown = [one.text for message in (first, second) for one in quoted(message.now)]
    assert shown == texts


async def test_moderators_are_told_where_the_bot_may_not_post_and_it_is_posted_later(
    stage: GrowingStage,
) -> None:
    await stage.follow()
    stage.server.overwrite(stage.channel, stage.server.bot, deny=Permissions.SEND_MESSAGES)
    stage.add("news-7", NEW)
    mods = stage.moderators
    (told,) = await stage.until(lambda: stage.posted(mods), "a word to the moderators")
    assert told.content.startswith(f"I could not post in <#{stage.channel.id}> what it follows: I")
    stage.server.overwrite(stage.channel, stage.server.bot)
    await stage.until(stage.posted, "what is followed")
    await stage.settled()
    assert len(stage.posted()) == len(stage.posted(mods)) == 1


async def test_automods_refusal_is_told_to_the_moderators(stage: GrowingStage) -> None:
    await stage.follow()
    guild = stage.channel.guild
    assert guild is not None
    stage.server.forbid_words(guild, "drugs were")
    stage.add("news-8", NEW)
    (told,) = await stage.until(lambda: stage.posted(stage.moderators), "a word to the moderators")
    assert "AutoMod does not let the words through" in told.content
    await stage.settled()
    assert stage.posted() == []


async def test_a_deleted_channel_follows_nothing(stage: GrowingStage) -> None:
    server, mo = stage.server, stage.moderator
    await stage.follow()
    server.delete_channel(stage.channel)
    stage.add("news-9", NEW)
    await stage.settled()

    async def listed() -> str:
        asked = await server.slash(mo, "following", channel=stage.moderators)
        return (await asked.response()).content

    while TOPIC in (said := await listed()):
        pass
    assert said.startswith("Nothing is followed")
    assert stage.posted() == []
