"""Two processes on one state, one of them killed: nothing is posted twice, nothing is missed."""

from __future__ import annotations

import asyncio
import signal
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

import pytest

from tests.bot.discord.growing_stage import GrowingStage, growing
from tests.bot.discord.stage import PATIENCE_S, quoted
from tests.fake_discord import Routes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.bot.forked import Process
    from tests.conftest import TinyData

NEW = "More drugs were found after the carnival. The parade ended at nine."
LATER = "More drugs were lost after the carnival. The parade ended at nine."
# Discord knows a nonce for five minutes.
_LONG_S = 600.0


@pytest.fixture(name="built")
def _built(_tiny_built: TinyData) -> TinyData:
    return _tiny_built


@asynccontextmanager
async def staged(
    kind: str, tiny: TinyData, folder: Path, request: pytest.FixtureRequest
) -> AsyncIterator[GrowingStage]:
    """A stage on PostgreSQL for two shards, or on SQLite for one process after the other."""
    if kind == "sqlite":
        async with growing(folder, tiny) as stage:
            yield stage
            stage.check()
        return
    server = request.getfixturevalue("postgres")
    name = server.make()
    try:
        async with growing(folder, tiny, where=server.url(name), shards=2) as stage:
            yield stage
            stage.check()
    finally:
        server.drop(name)


async def begun(stage: GrowingStage, kind: str, *shards: int) -> Process:
    """The last of as many processes, serving; on PostgreSQL each is one shard of two."""
    if kind == "sqlite":
        await stage.start()
        return stage.processes[-1]
    for shard in shards:
        await stage.launch(METQUOTE_DISCORD_SHARD_ID=str(shard), METQUOTE_DISCORD_SHARD_COUNT="2")
    for shard in shards:
        await stage.until(partial(stage.server.gateway.clients, shard), f"shard {shard}")
    return stage.processes[-1]


async def killed(process: Process) -> None:
    process.send_signal(signal.SIGKILL)
    assert await asyncio.wait_for(process.wait(), PATIENCE_S) == -signal.SIGKILL


async def taken_over(stage: GrowingStage, kind: str, first: Process) -> None:
    """The first process is killed; a second one, that serves already if it can, takes over."""
    if kind == "sqlite":
        await killed(first)
        await begun(stage, kind, 0)
    else:
        await begun(stage, kind, 1)
        await killed(first)


@pytest.mark.parametrize(
    ("kind", "instant"),
    [
        ("sqlite", "before it is sent"),
        ("sqlite", "long after"),
        ("postgresql", "before it is sent"),
        ("postgresql", "once it is sent"),
        ("postgresql", "long after"),
    ],
)
async def test_what_is_followed_is_posted_once(
    kind: str, instant: str, built: TinyData, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    async with staged(kind, built, tmp_path, request) as stage:
        server = stage.server
        first = await begun(stage, kind, 0)
        await stage.follow()
        hold = server.hold("POST", Routes.MESSAGES)
        if instant == "before it is sent":
            server.cut("POST", Routes.MESSAGES, acted=False)
        stage.add("news", NEW)
        await hold.arrived()
        await taken_over(stage, kind, first)
        hold.release()
        if instant == "before it is sent":
            await server.wait_for(lambda: not hold.waiting, "the request's end", PATIENCE_S)
            assert stage.posted() == []
        else:
            await stage.until(stage.posted, "what the killed process sent")
        if instant == "long after":
            server.clock.advance(_LONG_S)
        stage.forget_claims()
        await stage.settled()
        (posted,) = stage.posted()
        assert quoted(posted.now)
        state = stage.open_state()
        post = state.posts.of_message(posted.id)
        assert post is not None
        assert {one.document_id for one in post.excerpts} == {"news"}
        state.close()


@pytest.mark.parametrize(
    ("kind", "is_edited"), [("sqlite", True), ("postgresql", False), ("postgresql", True)]
)
async def test_a_correction_reaches_a_message_and_is_told_once(
    kind: str,
    is_edited: bool,
    built: TinyData,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    async with staged(kind, built, tmp_path, request) as stage:
        server = stage.server
        first = await begun(stage, kind, 0)
        await stage.follow()
        stage.add("news", NEW)
        await stage.settled()
        (posted,) = stage.posted()
        hold = server.hold("PATCH", Routes.MESSAGE)
        if not is_edited:
            server.cut("PATCH", Routes.MESSAGE, acted=False)
        stage.correct("news", LATER)
        await hold.arrived()
        await taken_over(stage, kind, first)
        hold.release()
        await server.wait_for(lambda: not hold.waiting, "the request's end", PATIENCE_S)
        assert ("lost" in posted.embeds[0]["description"]) is is_edited
        stage.forget_claims()
        await stage.settled()
        assert len(posted.embeds) == 2
        assert [one.text for one in quoted(posted.now)] == LATER.replace(". ", ".|").split("|")
        assert len(stage.posted(stage.moderators)) == 1


async def test_two_processes_share_the_work(
    built: TinyData, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Every channel hears of every announcement once, though one of the two dies on the way."""
    async with staged("postgresql", built, tmp_path, request) as stage:
        guild = stage.channel.guild
        assert guild is not None
        channels = [stage.server.add_channel(guild, f"number-{n}") for n in range(6)]
        await begun(stage, "postgresql", 0, 1)
        assert len(stage.server.calls("PUT", Routes.COMMANDS)) == 1
        for channel in channels:
            await stage.follow(channel=channel)
        for number in range(4):
            stage.corpus.add(f"news-{number}", f"Drugs of number {number} left the carnival.")
            stage._know(f"news-{number}", f"Drugs of number {number} left the carnival.")
        stage.tiny.build()
        await stage.until(lambda: len(stage.posted(channels[0])) > 1, "some of them")
        await killed(stage.processes[0])
        stage.forget_claims()
        await stage.settled()
        for channel in channels:
            shown = [one.text for message in stage.posted(channel) for one in quoted(message.now)]
            assert sorted(shown) == sorted(
                f"Drugs of number {number} left the carnival." for number in range(4)
            )
