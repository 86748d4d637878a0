"""What is remembered of feeds, on a disk that may be damaged or full."""

from __future__ import annotations

import contextlib
import sqlite3
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from corpus.errors import StorageError
from corpus.feed_memory import FeedMemory
from corpus.feeds import Item
from tests.publisher.world import START, World

if TYPE_CHECKING:
    from pathlib import Path


async def test_a_memory_that_is_damaged_is_begun_anew_and_said(world: World) -> None:
    world.rss("/feed", "/a")
    world.page("/a")
    await world.one(world.url("/feed"))
    whole = world.path.read_bytes()
    damages = (
        b"this is no database",
        whole[:5000],
        whole[:1024] + bytes(len(whole) - 1024),
        # A list of free pages that are not there: only a check finds it.
        whole[:36] + b"\0\0\0\x05" + whole[40:],
        b"\xff" * len(whole),
    )
    for damage in damages:
        for beside in world.path.parent.glob("feeds.sqlite-*"):
            beside.unlink()
        world.path.write_bytes(damage)
        with FeedMemory(world.path) as memory:
            assert "was damaged and is begun anew" in memory.notes[0]
        with FeedMemory(world.path) as memory:
            assert memory.notes == ()
        # All is fetched again, and nothing happens.
        assert (await world.one(world.url("/feed"))).same == 1


async def test_a_file_of_something_else_is_begun_anew(world: World) -> None:
    world.path.parent.mkdir()
    with contextlib.closing(sqlite3.connect(world.path)) as other:
        other.execute("CREATE TABLE things (one)")
        other.commit()
    with FeedMemory(world.path) as memory:
        assert len(memory.notes) == 1


def test_a_memory_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "feeds.sqlite").mkdir()
    with pytest.raises(StorageError, match="the memory of the feeds, cannot be used"):
        FeedMemory(tmp_path / "feeds.sqlite").__enter__()
    (tmp_path / "beside.sqlite-wal").mkdir()
    (tmp_path / "beside.sqlite").touch()
    with pytest.raises(StorageError, match="the memory of the feeds, cannot be used"):
        FeedMemory(tmp_path / "beside.sqlite").__enter__()
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="fetching of feeds writes there"):
        FeedMemory(tmp_path / "file" / "feeds.sqlite").__enter__()


def test_a_memory_that_breaks_while_it_is_used_is_said(tmp_path: Path) -> None:
    path = tmp_path / "feeds.sqlite"
    with FeedMemory(path) as memory:
        with contextlib.closing(sqlite3.connect(path)) as other:
            other.execute("DROP TABLE items")
            other.commit()
        with pytest.raises(StorageError, match="no such table"):
            memory.waiting("a", START)


def test_one_process_looks_at_a_time(tmp_path: Path) -> None:
    with (
        FeedMemory(tmp_path / "feeds.sqlite"),
        pytest.raises(StorageError, match="fetching of feeds is going on elsewhere"),
    ):
        FeedMemory(tmp_path / "feeds.sqlite").__enter__()
    with FeedMemory(tmp_path / "feeds.sqlite") as memory:
        assert memory.notes == ()


def test_a_memory_that_was_not_entered_says_so(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="is entered before it is used"):
        FeedMemory(tmp_path / "feeds.sqlite").validators("a")


async def test_what_is_remembered_of_an_item_is_what_its_feed_stated(tmp_path: Path) -> None:
    item = Item("http://news.test/a", "A title", START, START + timedelta(seconds=1.5))
    with FeedMemory(tmp_path / "feeds.sqlite") as memory:
        memory.keep_listing("f", "f", [item], etag='"e"', modified="m", stated=None)
    with FeedMemory(tmp_path / "feeds.sqlite") as memory:
        (waiting,) = memory.waiting("f", START)
        assert (waiting.item, waiting.again) == (item, False)
        assert memory.waiting("g", START) == ()
        assert memory.validators("f") == ('"e"', "m")


def test_of_what_was_taken_no_title_stays(tmp_path: Path) -> None:
    path = tmp_path / "feeds.sqlite"
    items = [Item("https://example.org/a", "A title that is erased"), Item("https://example.org/b")]
    with FeedMemory(path) as memory:
        memory.keep_listing("feed", "feed", items, etag=None, modified=None, stated=None)
        assert b"that is erased" in b"".join(one.read_bytes() for one in tmp_path.iterdir())
        memory.settle_page("feed", items[0].url, "added")
        assert [one.item.url for one in memory.waiting("feed", START)] == [items[1].url]
    assert not any(b"that is erased" in one.read_bytes() for one in tmp_path.iterdir())
