"""One thing at a time a host, by its robots.txt, and with the rests it asks for."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from corpus.feed_memory import FeedMemory
from tests.publisher import Reply, Request
from tests.publisher.world import START, XML, World


async def test_hosts_are_asked_side_by_side_and_each_one_thing_at_a_time(world: World) -> None:
    hosts = ("news.test", "other.test", "third.test")

    all_three = asyncio.Barrier(3)

    async def together(_: Request, __: asyncio.StreamWriter) -> Reply:
        # Nobody is answered before all three hosts are asked.
        await all_three.wait()
        return Reply(b"<rss><channel><item><link>/a</link></item></channel></rss>", media_type=XML)

    world.publisher.routes |= {"/feed": together, "/second": together, "/a": Reply(b"x")}
    feeds = [world.url(path, host) for host in hosts for path in ("/feed", "/second")]
    reports = await world.look(*feeds)
    assert [report.error for report in reports] == [None] * 6
    assert sum(report.new for report in reports) == 3
    assert {host: world.publisher.busiest[host] for host in hosts} == dict.fromkeys(hosts, 1)


@pytest.mark.parametrize(
    ("robots", "waits"),
    [
        ("", 1.0),
        ("User-agent: *\nCrawl-delay: 0.5", 1.0),
        ("User-agent: *\nCrawl-delay: 7", 7.0),
        ("User-agent: *\nCrawl-delay: 7\n\nUser-agent: metquote\nCrawl-delay: 3", 3.0),
        ("User-agent: *\nCrawl-delay: 86400", 30.0),
        ("User-agent: *\nCrawl-delay: inf", 1.0),
        ("User-agent: *\nCrawl-delay: nan", 1.0),
        ("User-agent: *\nCrawl-delay: -5", 1.0),
    ],
)
async def test_a_crawl_delay_is_kept_up_to_a_bound(world: World, robots: str, waits: float) -> None:
    world.page("/robots.txt", robots.encode())
    world.rss("/feed", "/a", "/b")
    world.page("/a")
    world.page("/b")
    assert (await world.one(world.url("/feed"))).new == 2
    assert world.hours.waits[1:] == [waits] * 2


async def test_robots_txt_is_obeyed_and_read_once(world: World) -> None:
    world.page(
        "/robots.txt",
        b"User-agent: *\nDisallow: /\n\nUser-agent: metquote\nDisallow: /private*.html$\nAllow: /",
    )
    world.rss("/feed", "/private/a.html", "/private/a.html?b", "/open")
    world.page("/private/a.html?b")
    world.page("/open")
    report = await world.one(world.url("/feed"))
    assert (report.new, len(report.failed)) == (2, 1)
    assert (
        "/private/a.html is not fetched: the robots.txt of its host forbids it"
        in (report.failed[0])
    )
    assert world.publisher.paths == ["/robots.txt", "/feed", "/private/a.html?b", "/open"]
    assert world.publisher.requests[0].headers["User-Agent"].startswith("metquote/0 (+https")


async def test_a_feed_that_robots_txt_forbids_is_not_fetched(world: World) -> None:
    world.page("/robots.txt", "\ufeffUser-agent: MetQuote\nDisallow: /feed".encode())
    world.rss("/feed", "/a")
    report = await world.one(world.url("/feed"))
    assert "the robots.txt of its host forbids it" in (report.error or "")
    assert world.publisher.paths == ["/robots.txt"]


async def test_robots_txt_of_where_a_page_is_sent_on_to_counts_too(world: World) -> None:
    world.page("/robots.txt", b"User-agent: *\nDisallow: /", host="other.test")
    world.rss("/feed", "/a")
    world.publisher.routes["/a"] = Reply(
        status=302, headers={"Location": world.url("/secret", "other.test")}
    )
    report = await world.one(world.url("/feed"))
    assert "/secret is not fetched" in report.failed[0]
    assert world.publisher.asked("/secret") == []


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
async def test_a_host_without_robots_txt_allows_all(world: World, status: int) -> None:
    world.publisher.routes["/robots.txt"] = Reply(status=status)
    world.rss("/feed", "/a")
    world.page("/a")
    assert (await world.one(world.url("/feed"))).new == 1


async def nothing(_: Request, writer: asyncio.StreamWriter) -> None:
    """A server that hangs up."""


@pytest.mark.parametrize(
    "robots",
    [
        Reply(status=500),
        Reply(b"User-agent: *", length=9),
        nothing,
        Reply(status=302, headers={"Location": "/robots.txt"}),
        Reply(b"\x1f", headers={"Content-Encoding": "gzip"}),
    ],
    ids=["500", "wrong length", "no answer", "loop", "damaged"],
)
async def test_a_host_whose_robots_txt_cannot_be_had_is_not_fetched_from(
    world: World, robots: Any
) -> None:
    world.publisher.routes["news.test/robots.txt"] = robots
    world.rss("/feed", "/a")
    world.rss("/second", "/a")
    world.rss("/good", "/b", world.url("/c"), world.url("/d"), host="other.test")
    world.page("/b", host="other.test")
    first, second, good = await world.look(
        world.url("/feed"), world.url("/second"), world.url("/good", "other.test")
    )
    for sentence in (first.error, second.error, *good.failed):
        assert "is fetched from http://news.test" in (sentence or "")
        assert "while its robots.txt cannot be had" in (sentence or "")
    # The same is said once, however many pages it concerns.
    assert (good.new, len(good.failed)) == (1, 1)
    assert set(world.publisher.paths) == {"/robots.txt", "/good", "/b"}


async def test_no_more_of_a_robots_txt_is_read_than_is_asked_for(world: World) -> None:
    beyond = b"User-agent: *\nDisallow: /x\n" + b"#" * 600_000 + b"\nDisallow: /"
    world.page("/robots.txt", beyond)
    world.rss("/feed", "/a")
    world.page("/a")
    assert (await world.one(world.url("/feed"))).new == 1


@pytest.mark.parametrize("status", [429, 503])
async def test_a_host_that_asks_for_a_rest_is_left_alone_by_later_runs_too(
    world: World, status: int
) -> None:
    world.rss("/feed", "/a", "/b", "/c", "/d")
    world.publisher.routes |= {f"/{one}": Reply(b"x") for one in "acd"}
    world.publisher.routes["/b"] = Reply(status=status, headers={"Retry-After": "3600"})
    report = await world.one(world.url("/feed"))
    assert (report.new, report.waiting, report.failed, report.error) == (1, 3, (), None)
    assert world.asked() == ["/feed", "/a", "/b"]
    again = await world.one(world.url("/feed"))
    assert "news.test has asked to be left alone until 26 June 2026 13:00:0" in (
        again.skipped or ""
    )
    assert (again.error, again.new) == (None, 0)
    assert world.publisher.requests == []
    world.hours.passed += 3600
    world.page("/b")
    assert (await world.one(world.url("/feed"))).new == 3
    assert world.asked() == ["/feed", "/b", "/c", "/d"]


async def test_a_feed_that_asks_for_a_rest_is_skipped_and_the_other_hosts_go_on(
    world: World,
) -> None:
    world.publisher.routes["/feed"] = Reply(status=429, headers={"Retry-After": "60"})
    world.rss("/good", "/a", world.url("/b"), host="other.test")
    world.page("/a", host="other.test")
    tired, good = await world.look(world.url("/feed"), world.url("/good", "other.test"))
    assert "asks to be left alone for now (status 429); try again in 60 s" in (tired.skipped or "")
    assert tired.error is None
    assert (good.new, good.waiting, good.skipped) == (1, 1, None)


async def test_a_rest_without_a_length_grows_until_the_host_answers(world: World) -> None:
    world.publisher.routes["/feed"] = Reply(status=503)
    for rest in (600, 1200, 2400, 4800):
        assert "asks to be left alone" in ((await world.one(world.url("/feed"))).skipped or "")
        began = world.hours.passed
        world.hours.passed = began + rest - 60
        assert "has asked" in ((await world.one(world.url("/feed"))).skipped or "")
        world.hours.passed = began + rest
    world.rss("/feed")
    assert (await world.one(world.url("/feed"))).skipped is None
    world.publisher.routes["news.test/feed"] = Reply(status=503)
    await world.one(world.url("/feed"))
    world.hours.passed += 600
    world.rss("/feed")
    assert (await world.one(world.url("/feed"))).skipped is None


async def test_a_rest_is_never_longer_than_a_day_by_our_own_counting(world: World) -> None:
    with FeedMemory(world.path) as memory:
        rests = [memory.rest("news.test", START, None) - START for _ in range(40)]
    assert rests == sorted(rests)
    assert rests[-1] == timedelta(days=1)


async def test_a_robots_txt_that_asks_for_a_rest_is_a_rest_of_the_host(world: World) -> None:
    world.publisher.routes["/robots.txt"] = Reply(status=503, headers={"Retry-After": "10"})
    world.rss("/feed", "/a")
    report = await world.one(world.url("/feed"))
    assert (report.skipped is not None, report.error) == (True, None)
    assert world.publisher.paths == ["/robots.txt"]


async def test_the_sitemaps_of_an_index_wait_while_their_host_rests(world: World) -> None:
    world.publisher.routes |= {
        "/index": Reply(
            b"<sitemapindex><sitemap><loc>/one</loc></sitemap><sitemap><loc>/two</loc></sitemap>"
            b"</sitemapindex>",
            media_type=XML,
        ),
        "/one": Reply(status=429),
    }
    report = await world.one(world.url("/index"))
    assert (report.skipped is not None, report.failed) == (True, ())
    assert world.asked() == ["/index", "/one"]
