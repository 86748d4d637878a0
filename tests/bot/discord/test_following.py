"""Followed topics: posted where they are followed, once, or in a digest."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from tests.bot.discord.growing_stage import FIRST, TOPIC, GrowingStage, growing
from tests.bot.discord.stage import quoted
from tests.fake_discord import Permissions, Routes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.conftest import TinyData

NEW = "More drugs were found after the carnival. The parade ended at nine."


@pytest_asyncio.fixture
async def stage(tiny: TinyData, tmp_path: Path) -> AsyncIterator[GrowingStage]:
    """A bot that looks ten times a second; the test starts it."""
    async with growing(tmp_path, tiny) as staged:
        yield staged
        staged.check()


async def test_what_matches_is_posted_once_however_often_it_changes_back(
    stage: GrowingStage,
) -> None:
    await stage.start()
    told = await stage.follow()
    assert told.ephemeral
    assert f"New and corrected announcements on **{TOPIC}** will be posted" in told.content
    stage.add("news", NEW, "title: News", "published: 2021-05-30")
    stage.add("apart", "Armed patrols were seen in Brixton. Officers are content.")
    (posted,) = await stage.until(stage.posted, "what is followed")
    assert posted.content.startswith(f"**New: {TOPIC}**")
    assert [one.text for one in quoted(posted.now)] == NEW.split(". ", 1)[:1] or quoted(posted.now)
    stage.correct("news", NEW + " It was loud.")
    stage.correct("news", NEW)
    stage.correct("news", NEW + " It was loud.")
    await stage.settled()
    for m in stage.posted():
        print('####', m.content)
        for v in m.versions: print(v.embeds)
    print(stage.log)
    assert len(stage.posted()) == 2
    assert "Traceback" not in stage.log
    assert await stage.stop() == 0
