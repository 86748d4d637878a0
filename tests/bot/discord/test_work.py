"""What the bot does of its own accord, and that nothing which fails there ends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.bot.discord.growing_stage import growing

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import TinyData

_CONFIG = """
[fetch]
sync_minutes = 1
loopback = true

[[feeds]]
url = "http://127.0.0.1:9/news.rss"
"""
NEW = "More drugs were found after the carnival. The parade ended at nine."


@pytest.fixture(name="built")
def _built(_tiny_built: TinyData) -> TinyData:
    return _tiny_built


async def test_feeds_that_cannot_be_had_and_a_damaged_journal_end_nothing(
    built: TinyData, tmp_path: Path
) -> None:
    async with growing(tmp_path, built) as stage:
        (tmp_path / "config.toml").write_text(_CONFIG, "utf-8")
        await stage.start()
        await stage.follow()
        await stage.logged("metquote corpus sync --yes ended with 1")
        journal = stage.corpus.library.journal.path
        content = journal.read_bytes()
        journal.write_bytes(content.replace(b'"by": "test"', b'"by": "else"', 1))
        await stage.logged("reading the journal failed; it is tried again in")
        journal.write_bytes(content)
        stage.add("news", NEW)
        (posted,) = await stage.until(stage.posted, "what is followed")
        assert posted.embeds
        assert stage.log.count("corpus sync --yes ended") == 1
        assert await stage.stop() == 0
        stage.check()
