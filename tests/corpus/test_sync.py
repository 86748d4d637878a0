"""What feeds list is fetched, and what breaks is said."""

from __future__ import annotations

import asyncio
import gzip
import os
import signal
import subprocess
import sys
import threading
from typing import Any

import pytest

from corpus.errors import StorageError
from corpus.sync import Feed, FeedReport
from tests.publisher import Reply, Request
from tests.publisher.connections import connections
from tests.publisher.world import XML, World, conditional


async def test_what_a_feed_lists_is_fetched_in_its_order_and_only_once(world: World) -> None:
    world.rss("/feed", "/a", "/b", "http://other.test/gone")
    world.page("/a")
    world.page("/b", b"refuse")
    feed = Feed(world.url("/feed"), name="News", publisher="The Met", kind="news")
    report = await world.one(feed)
    assert (report.feed, report.new, report.updated, report.same) == (feed, 1, 0, 0)
    assert report.refused == (f"{world.url('/b')} has no text; give another page",)
    assert (report.error, report.skipped, report.waiting) == (None, None, 0)
    assert len(report.failed) == 1
    assert world.asked() == ["/feed", "/a", "/b"]
    assert threading.get_ident() not in world.desk.threads
    again = await world.one(feed)
    assert again == FeedReport(feed)
    assert world.asked() == ["/feed"]


async def test_a_feed_of_500_items_is_taken_whole_and_quickly(world: World) -> None:
    world.rss("/feed", *(f"/page/{number}" for number in range(500)))
    for number in range(500):
        world.page(f"/page/{number}", f"page {number}".encode())
    report = await world.one(world.url("/feed"))
    assert (report.new, report.failed, report.refused) == (500, (), ())
    assert world.asked() == ["/feed", *(f"/page/{number}" for number in range(500))]
    assert world.publisher.busiest["news.test"] == 1
    # A pause before each but the first: robots.txt, the feed, the pages.
    assert world.hours.waits == [1.0] * 501
    assert (await world.one(world.url("/feed"))).new == 0
    assert world.asked() == ["/feed"]


async def test_atom_and_a_sitemap_and_an_index_of_sitemaps_are_feeds(world: World) -> None:
    world.publisher.routes |= {
        "news.test/atom": Reply(
            b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><link href='/a'/></entry></feed>",
            media_type=XML,
        ),
        "news.test/map": Reply(b"<urlset><url><loc>/b</loc></url></urlset>", media_type=XML),
        "news.test/index": Reply(
            b"<sitemapindex><sitemap><loc>/sub.xml.gz</loc></sitemap>"
            b"<sitemap><loc>/broken</loc></sitemap><sitemap><loc>/index</loc></sitemap>"
            b"<sitemap><loc>http://inside.test/</loc></sitemap></sitemapindex>",
            media_type=XML,
        ),
        "news.test/sub.xml.gz": Reply(
            gzip.compress(b"<urlset><url><loc>/c</loc></url></urlset>"),
            media_type="application/gzip",
        ),
        "news.test/broken": Reply(b"<urlset>", media_type=XML),
    }
    for path in ("/a", "/b", "/c"):
        world.page(path)
    atom, sitemap, index = await world.look(*map(world.url, ("/atom", "/map", "/index")))
    assert (atom.new, sitemap.new, index.new) == (1, 1, 1)
    assert sorted(world.desk.taken) == [world.url(path) for path in ("/a", "/b", "/c")]
    assert index.error is None
    assert [sentence.split(" is ")[1][:20] for sentence in index.failed] == [
        "no feed that can be ",
        "an index of sitemaps",
        "not on the public in",
    ]


async def test_a_sitemap_of_an_index_is_read_again_when_it_is_said_to_have_changed(
    world: World,
) -> None:
    def index(one: str, two: str) -> Reply:
        return Reply(
            f"<sitemapindex><sitemap><loc>/one</loc><lastmod>{one}</lastmod></sitemap><sitemap>"
            f"<loc>/two</loc><lastmod>{two}</lastmod></sitemap></sitemapindex>".encode(),
            media_type=XML,
        )

    routes = world.publisher.routes
    routes["/one"] = Reply(b"<urlset><url><loc>/a</loc></url></urlset>", media_type=XML)
    routes["/two"] = Reply(b"<urlset><url><loc>/b</loc></url></urlset>", media_type=XML)
    routes["/a"] = routes["/b"] = Reply(b"x")
    routes["/index"] = index("2020-01-01", "2020-01-01")
    assert (await world.one(world.url("/index"))).new == 2
    assert world.asked() == ["/index", "/one", "/two", "/a", "/b"]
    routes["/index"] = index("2020-01-01", "2020-01-02")
    assert await world.one(world.url("/index")) == FeedReport(Feed(world.url("/index")))
    assert world.asked() == ["/index", "/two"]


async def test_a_feed_and_a_page_that_have_not_changed_are_not_sent_again(world: World) -> None:
    def feed(moment: str, etag: str) -> Any:
        return conditional(
            f"<feed xmlns='http://www.w3.org/2005/Atom'><entry><link href='/a'/>"
            f"<updated>{moment}</updated></entry></feed>".encode(),
            etag,
        )

    world.publisher.routes["/feed"] = feed("2020-06-26T10:00:00Z", '"1"')
    world.publisher.routes["/a"] = conditional(b"text")
    assert (await world.one(world.url("/feed"))).new == 1
    assert await world.one(world.url("/feed")) == FeedReport(Feed(world.url("/feed")))
    assert world.asked() == ["/feed", "/a", "/feed"]
    # The feed says of a change where there is none.
    world.publisher.routes["/feed"] = feed("2020-06-27T10:00:00Z", '"2"')
    report = await world.one(world.url("/feed"))
    assert (report.same, report.updated) == (1, 0)
    assert world.publisher.asked("/a")[0].headers["If-None-Match"] == '"one"'
    # And where there is one.
    world.publisher.routes["/feed"] = feed("2020-06-28T10:00:00Z", '"3"')
    world.publisher.routes["/a"] = conditional(b"other text", '"two"')
    report = await world.one(world.url("/feed"))
    assert (report.same, report.updated) == (0, 1)
    assert world.desk.taken == [world.url("/a")] * 2


@pytest.mark.parametrize("field_name", ["pubDate", "lastmod"])
async def test_a_page_is_fetched_again_when_its_feed_states_another_moment(
    world: World, field_name: str
) -> None:
    def state(moment: str) -> None:
        if field_name == "pubDate":
            world.rss("/feed", f"<link>/a</link><pubDate>{moment}</pubDate>")
        else:
            body = f"<urlset><url><loc>/a</loc><lastmod>{moment}</lastmod></url></urlset>"
            world.publisher.routes["/feed"] = Reply(body.encode(), media_type=XML)

    moments = {
        "pubDate": ["Fri, 26 Jun 2020 10:00:00 GMT", "Sat, 27 Jun 2020 10:00:00 GMT"],
        "lastmod": ["2020-06-26", "2020-06-27"],
    }[field_name]
    world.page("/a", b"refuse this")
    for moment, asked in ((0, ["/feed", "/a"]), (0, ["/feed"]), (1, ["/feed", "/a"])):
        state(moments[moment])
        await world.one(world.url("/feed"))
        assert world.asked() == asked


async def test_a_page_that_two_feeds_list_is_fetched_once(world: World) -> None:
    world.rss("/feed", "/a")
    world.rss("/second", "/a", "/b")
    world.page("/a")
    world.page("/b")
    await world.one(world.url("/feed"))
    assert (await world.one(world.url("/second"))).new == 1
    assert (await world.one(world.url("/second"))).new == 0
    assert world.asked() == ["/feed", "/a", "/second", "/b", "/second"]


async def test_the_same_feed_twice_is_one(world: World) -> None:
    world.rss("/feed", "/a")
    world.page("/a")
    assert len(await world.look(world.url("/feed"), world.url("/feed"))) == 1


async def test_no_feeds_are_no_reports(world: World) -> None:
    assert await world.look() == ()


async def test_a_feed_that_breaks_is_reported_and_the_others_go_on(world: World) -> None:
    async def cut(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n<rss>")

    world.publisher.routes |= {
        "/page": Reply(b"<!doctype html><html><body><p>Hello<br></body></html>"),
        "/broken": Reply(b"<rss><channel><item><link>/a</link>"),
        "/cut": cut,
        "/moved": Reply(status=302, headers={"Location": "http://10.0.0.1/feed"}),
        "/error": Reply(status=500),
    }
    world.rss("/good", "/a")
    world.page("/a")
    with connections() as connected:
        reports = await world.look(
            *map(world.url, ("/page", "/broken", "/cut", "/moved", "/error", "/gone")),
            "file:///etc/passwd",
            "http://inside.test/feed",
            "http://10.0.0.1/feed",
            world.url("/good"),
        )
    errors = [report.error or "" for report in reports]
    for error, sentence in zip(
        errors,
        (
            "is a web page and no feed",
            "is no feed that can be read (its XML is broken",
            "what came is not as long as was announced",
            "is not on the public internet (10.0.0.1)",
            "answered 500 Internal Server Error",
            "answered 404 Not Found",
            "is no address of a web page",
            "inside.test is not on the public internet (10.0.0.1)",
            "10.0.0.1/feed is not on the public internet (10.0.0.1)",
            "",
        ),
        strict=True,
    ):
        assert sentence in error
        assert "\n" not in error
    assert reports[-1].new == 1
    assert set(connected) == {"127.0.0.1"}


async def test_an_item_that_may_not_be_fetched_is_refused_once_and_for_all(world: World) -> None:
    world.rss("/feed", "http://10.0.0.1/a", "http://inside.test/b", "javascript:alert(1)", "/moved")
    world.publisher.routes["/moved"] = Reply(status=302, headers={"Location": "file:///etc/passwd"})
    with connections() as connected:
        report = await world.one(world.url("/feed"))
        assert len(report.refused) == 4
        assert report.failed == ()
        assert await world.one(world.url("/feed")) == FeedReport(Feed(world.url("/feed")))
    assert set(connected) == {"127.0.0.1"}
    assert world.asked() == ["/feed", "/moved", "/feed"]


async def test_a_page_that_cannot_be_had_is_tried_later_each_time_later_and_given_up(
    world: World,
) -> None:
    world.rss("/feed", "/gone")
    for hours in (1, 2, 4, 8, 16, 32, 64):
        assert "/gone answered 404 Not Found" in (await world.one(world.url("/feed"))).failed[0]
        began, _ = world.hours.passed, world.asked()
        world.hours.passed = began + hours * 3600 - 60
        assert await world.one(world.url("/feed")) == FeedReport(Feed(world.url("/feed")))
        assert world.asked() == ["/feed"]
        world.hours.passed = began + hours * 3600
    report = await world.one(world.url("/feed"))
    assert "it was tried often enough, and is given up" in report.refused[0]
    world.hours.passed += 365 * 24 * 3600
    assert await world.one(world.url("/feed")) == FeedReport(Feed(world.url("/feed")))


async def test_a_page_that_comes_after_a_failure_is_taken(world: World) -> None:
    world.rss("/feed", "/late")
    assert len((await world.one(world.url("/feed"))).failed) == 1
    world.page("/late")
    assert (await world.one(world.url("/feed"))).new == 0
    world.hours.passed += 3700
    assert (await world.one(world.url("/feed"))).new == 1


async def test_a_disk_that_is_full_ends_the_run_as_itself(world: World) -> None:
    world.rss("/feed", "/a")
    world.page("/a", b"break")
    with pytest.raises(StorageError, match="the disk is full"):
        await world.one(world.url("/feed"))
    # Nothing was noted of it, so that it comes again.
    world.page("/a", b"page")
    assert (await world.one(world.url("/feed"))).updated == 1


_RUN = """
import asyncio, sys
from pathlib import Path
from corpus.feed_memory import FeedMemory
from corpus.fetch import Fetcher
from corpus.guard import Guard
from corpus.politeness import Pace
from corpus.sync import Feed, Taken, sync

def take(fetched, feed, item):
    with open(sys.argv[3], "a") as log:
        log.write(item.url + "\\n")
    return Taken.ADDED

async def main():
    async with Fetcher(Guard(loopback=True), user_agent="metquote/0") as fetcher:
        with FeedMemory(Path(sys.argv[2])) as memory:
            return await sync([Feed(sys.argv[1])], fetcher, memory, take, pace=Pace(0.0, 0.0))

print(asyncio.run(main())[0].new)
"""


async def test_a_run_that_is_killed_loses_the_note_of_one_item_at_most(world: World) -> None:
    links = [f"/page/{number}" for number in range(40)]
    world.rss("/feed", *links, host="127.0.0.1")
    log = world.path.parent / "log"
    log.parent.mkdir()
    stop_at = [f"/page/{number}" for number in (0, 1, 23)]
    for link in links:
        world.page(link, host="127.0.0.1")
    starting = [sys.executable, "-c", _RUN, world.url("/feed", "127.0.0.1")]
    starting += [str(world.path), str(log)]

    async def run(kill_at: str | None) -> str:
        process = await asyncio.create_subprocess_exec(*starting, stdout=subprocess.PIPE)
        if kill_at is None:
            return (await process.communicate())[0].decode().strip()

        async def killed(_: Request, __: asyncio.StreamWriter) -> None:
            os.kill(process.pid, signal.SIGKILL)

        world.publisher.routes["127.0.0.1" + kill_at] = killed
        assert await process.wait() == -signal.SIGKILL
        world.page(kill_at, host="127.0.0.1")
        return ""

    for kill_at in stop_at:
        await run(kill_at)
    assert int(await run(None)) > 0
    taken = log.read_text("utf-8").split()
    wanted = [world.url(link, "127.0.0.1") for link in links]
    assert sorted(set(taken)) == sorted(wanted)
    assert len(taken) <= len(wanted) + len(stop_at)
