"""Pages as they are, and what is asked of their server."""

from __future__ import annotations

import asyncio

import pytest

from corpus.fetch import Fetched, user_agent
from tests.publisher import Publisher, Reply, Request
from tests.publisher.reader import fetcher, get, refused


async def test_a_page_comes_with_what_its_server_says_of_it(publisher: Publisher) -> None:
    publisher.routes["/page"] = Reply(
        b"caf\xe9",
        headers={"ETag": '"one"', "Last-Modified": "Fri, 26 Jun 2020 10:00:00 GMT"},
        media_type="Text/HTML; charset=windows-1252",
    )
    url = publisher.url("/page")
    assert await get(url + "#part") == Fetched(
        url=url,
        status=200,
        content=b"caf\xe9",
        media_type="text/html",
        charset="windows-1252",
        etag='"one"',
        modified="Fri, 26 Jun 2020 10:00:00 GMT",
    )


async def test_what_a_server_does_not_say_stays_unknown(publisher: Publisher) -> None:
    publisher.routes["/page"] = Reply(b"x", media_type=None)
    page = await get(publisher.url("/page"))
    assert (page.media_type, page.charset, page.etag, page.modified) == (None, None, None, None)


async def test_the_request_names_metquote_and_carries_nothing_else(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    publisher.routes["/page"] = Reply(b"x", headers={"Set-Cookie": "a=b"})
    agent = user_agent("https://operator.test/about")
    async with fetcher(user_agent=agent) as fetch:
        await fetch.get(publisher.url("/page"), accept="text/html")
        await fetch.get(publisher.url("/page"), accept="text/html")
    assert agent.startswith("metquote/")
    assert agent.endswith(" (+https://operator.test/about)")
    for request in publisher.requests:
        assert dict(request.headers) == {
            "Host": f"127.0.0.1:{publisher.port}",
            "User-Agent": agent,
            "Accept": "text/html",
            "Accept-Encoding": "gzip, deflate",
            "Connection": "close",
        }
    assert "(" not in user_agent()


async def test_a_page_that_has_not_changed_is_not_sent_again(publisher: Publisher) -> None:
    async def page(request: Request, _: asyncio.StreamWriter) -> Reply:
        known = request.headers.get("If-None-Match") == '"one"'
        return Reply(b"" if known else b"x", 304 if known else 200, {"ETag": '"one"'})

    publisher.routes["/page"] = page
    async with fetcher() as fetch:
        first = await fetch.get(publisher.url("/page"))
        again = await fetch.get(publisher.url("/page"), etag=first.etag, modified="yesterday")
    assert (first.content, first.not_modified) == (b"x", False)
    assert (again.status, again.content, again.not_modified) == (304, b"", True)
    assert publisher.requests[1].headers["If-Modified-Since"] == "yesterday"


async def test_not_modified_without_having_asked_is_no_page(publisher: Publisher) -> None:
    publisher.routes["/page"] = Reply(status=304)
    assert "answered 304 Not Modified and no page" in await refused(publisher.url("/page"))


async def test_what_would_break_a_header_is_not_sent_back(publisher: Publisher) -> None:
    publisher.routes["/page"] = Reply(b"x", headers={"ETag": '"caf\xe9"'})
    async with fetcher() as fetch:
        first = await fetch.get(publisher.url("/page"))
        await fetch.get(publisher.url("/page"), etag='"a"\r\nX: y', modified="m" * 2000)
    assert first.etag is None
    assert not {"X", "If-None-Match", "If-Modified-Since"} & set(publisher.requests[1].headers)


async def test_pages_are_fetched_side_by_side(publisher: Publisher) -> None:
    all_five = asyncio.Barrier(5)

    async def together(request: Request, _: asyncio.StreamWriter) -> Reply:
        await all_five.wait()
        return Reply(request.path.encode())

    publisher.routes |= {f"/{number}": together for number in range(5)}
    async with fetcher() as fetch:
        pages = await asyncio.gather(*(fetch.get(publisher.url(f"/{one}")) for one in range(5)))
    assert [page.content for page in pages] == [b"/0", b"/1", b"/2", b"/3", b"/4"]


async def test_a_fetcher_that_was_not_entered_says_so() -> None:
    with pytest.raises(RuntimeError, match="is entered before it fetches"):
        await fetcher().get("http://127.0.0.1:8000/")
