"""What the bot does of its own accord, and that nothing which fails there ends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.bot.discord.growing_stage import growing
from tests.bot.discord.stage import quoted
from tests.publisher import Publisher, Reply
from tests.publisher.world import XML

if TYPE_CHECKING:
    from pathlib import Path

    from tests.bot.discord.growing_stage import GrowingStage
    from tests.conftest import TinyData

_CONFIG = """
[fetch]
sync_minutes = 1
pause_seconds = 0

[[feeds]]
url = "{url}"
publisher = "The Met"
kind = "news"
"""
_SYNCED = "feeds.synced"
_SENTENCES = (
    "Officers found more drugs at the carnival on Sunday, when the parade had come to its end.",
    "Chief Inspector Ann Smith said: “Nobody was hurt, and I thank all who helped my officers.”",
    "Anyone who has film of it is asked to call 101 with the number of the case before Friday.",
)
_PAGE = (
    "<!doctype html><html lang=en><head><title>More drugs at the carnival</title></head><body>"
    "<main><article><h1>More drugs at the carnival</h1>"
    + "".join(f"<p>{one}</p>" for one in _SENTENCES)
    + "</article></main></body></html>"
)
NEW = "More drugs were found after the carnival. The parade ended at nine."


@pytest.fixture(name="built")
def _built(_tiny_built: TinyData) -> TinyData:
    return _tiny_built


def _configure(stage: GrowingStage, url: str) -> None:
    (stage.folder / "config.toml").write_text(_CONFIG.format(url=url), "utf-8")
    stage.environment["METQUOTE_FETCH_LOOPBACK"] = "true"


def _feed(*urls: str) -> Reply:
    items = "".join(f"<item><link>{url}</link><guid>{url}</guid></item>" for url in urls)
    feed = f"<rss version='2.0'><channel><title>News</title>{items}</channel></rss>"
    return Reply(feed.encode(), media_type=XML)


async def _look_again(stage: GrowingStage) -> None:
    """As if the minutes between two looks at the feeds had passed; until it has looked."""
    state = stage.open_state()
    state.facts.put(_SYNCED, "0")
    state.close()
    await stage.kept(lambda state: state.facts.get(_SYNCED) != "0", "look at the feeds")


async def test_what_a_feed_brings_is_posted_once_and_found_and_a_feed_may_break(
    built: TinyData, tmp_path: Path
) -> None:
    async with Publisher.open() as publisher, growing(tmp_path, built) as stage:
        publisher.routes["/news.rss"] = _feed()
        publisher.routes["/found"] = Reply(_PAGE.encode())
        _configure(stage, publisher.url("/news.rss"))
        await stage.start()
        await stage.follow()
        await stage.kept(lambda state: state.facts.get(_SYNCED), "first look at the feeds")
        assert stage.posted() == []
        publisher.routes["/news.rss"] = _feed(publisher.url("/found"))
        await _look_again(stage)
        entries = stage.corpus.library.journal.entries()
        (entry,) = [one for one in entries if one.id not in stage.versions]
        stage._know(entry.id, stage.corpus.library.get(entry.id).text)
        (posted,) = await stage.until(stage.posted, "what the feed brought")
        assert _SENTENCES[0] in {one.text for one in quoted(posted.now)}
        assert "The Met" in posted.embeds[0]["description"]
        answer = await stage.ask("What did officers find at the carnival?")
        assert entry.id in {one.document for one in quoted(answer.now)}
        # However often it is listed.
        await _look_again(stage)
        await stage.settled()
        assert stage.posted() == [posted]
        assert "corpus sync --yes ended" not in stage.log
        publisher.routes["/news.rss"] = Reply(b"<rss><channel><item>", 500)
        await _look_again(stage)
        assert stage.log.count("metquote corpus sync --yes ended with 1") == 1
        stage.add("later", NEW)
        await stage.until(lambda: len(stage.posted()) == 2, "what else is followed")
        again = await stage.ask("What did officers find at the carnival, please?")
        assert {"later", entry.id} & {one.document for one in quoted(again.now)}
        assert await stage.stop() == 0
        stage.check()
        assert "Traceback" not in stage.log


async def test_feeds_that_cannot_be_had_and_a_damaged_journal_end_nothing(
    built: TinyData, tmp_path: Path
) -> None:
    async with growing(tmp_path, built) as stage:
        _configure(stage, "http://127.0.0.1:9/news.rss")
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
