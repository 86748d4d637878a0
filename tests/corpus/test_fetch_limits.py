"""Pages from a publisher that is slow, endless, or of the wrong length."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from tests.publisher import Publisher, Reply, Request
from tests.publisher.reader import fetcher, get, refused

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from yarl import URL


async def hang(publisher: Publisher, writer: asyncio.StreamWriter, *said: bytes) -> None:
    for piece in said:
        writer.write(piece)
        await writer.drain()
    await publisher.hang()


@pytest.mark.parametrize(
    "said",
    [
        (),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n",),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n", b"abc"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"3\r\nabc\r\n"),
    ],
    ids=["no headers", "half the headers", "half the body", "endless pieces"],
)
async def test_a_server_that_takes_too_long_is_left(
    publisher: Publisher, said: tuple[bytes, ...]
) -> None:
    async def slow(_: Request, writer: asyncio.StreamWriter) -> None:
        await hang(publisher, writer, *said)

    publisher.routes["/page"] = slow
    began = time.monotonic()
    assert "took more than 0.1 s" in await refused(publisher.url("/page"), total_seconds=0.1)
    assert time.monotonic() - began < 10


async def test_a_body_that_drips_does_not_start_the_time_anew(publisher: Publisher) -> None:
    async def drip(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
        while not writer.is_closing() and not publisher.closing.is_set():
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.01)

    publisher.routes["/page"] = drip
    assert "took more than 0.2 s" in await refused(publisher.url("/page"), total_seconds=0.2)


async def test_the_time_is_counted_over_all_that_it_is_sent_on_to(publisher: Publisher) -> None:
    async def slow(request: Request, _: asyncio.StreamWriter) -> Reply:
        await asyncio.sleep(0.2)
        return Reply(status=302, headers={"Location": f"/{int(request.path[1:]) + 1}"})

    publisher.routes |= {f"/{number}": slow for number in range(5)} | {"/5": Reply(b"arrived")}
    assert "took more than 0.7 s" in await refused(publisher.url("/0"), total_seconds=0.7)


async def test_waiting_for_ones_turn_is_not_counted(publisher: Publisher) -> None:
    visited: list[str] = []

    @asynccontextmanager
    async def visit(url: URL) -> AsyncIterator[None]:
        await asyncio.sleep(1.1)
        visited.append(url.path)
        yield
        visited.append("left")

    publisher.routes |= {
        "/a": Reply(status=302, headers={"Location": "/b"}),
        "/b": Reply(b"x"),
    }
    async with fetcher(total_seconds=2.0) as fetch:
        assert (await fetch.get(publisher.url("/a"), visit=visit)).content == b"x"
    assert visited == ["/a", "left", "/b", "left"]


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\nshort", "not as long as was announced"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nlonger", "not well formed"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -3\r\n\r\nabc", "not well formed"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nabc", "not well formed"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc", "not well"),
        (
            b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "not well formed",
        ),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
            "not as long as was announced",
        ),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n", "fetched|formed"),
        (b"", "the server ended the connection"),
        (b"hello", "not well formed"),
        (b"HTTP/1.1 abc\r\n\r\n", "not well formed"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n", "not well formed"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 100_000 + b"\r\n", "not well formed"),
    ],
)
async def test_an_answer_of_the_wrong_length_or_form_is_none(
    publisher: Publisher, answer: bytes, sentence: str
) -> None:
    async def raw(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        await writer.drain()

    publisher.routes["/page"] = raw
    said = await refused(publisher.url("/page"))
    assert any(part in said for part in sentence.split("|")), said


async def test_what_comes_late_after_a_page_is_never_taken_for_the_next(
    publisher: Publisher,
) -> None:
    async def smuggler(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc")
        await writer.drain()
        await asyncio.sleep(0.02)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil")

    publisher.routes |= {"/a": smuggler, "/b": Reply(b"good")}
    async with fetcher() as fetch:
        assert (await fetch.get(publisher.url("/a"))).content == b"abc"
        await asyncio.sleep(0.04)
        assert (await fetch.get(publisher.url("/b"))).content == b"good"


async def test_20_mb_are_read_and_not_a_byte_more(publisher: Publisher) -> None:
    publisher.routes["/most"] = Reply(bytes(20_000_000))
    assert len((await get(publisher.url("/most"))).content) == 20_000_000

    async def claimed(_: Request, writer: asyncio.StreamWriter) -> None:
        await hang(publisher, writer, b"HTTP/1.1 200 OK\r\nContent-Length: 20000001\r\n\r\n")

    async def unclaimed(_: Request, writer: asyncio.StreamWriter) -> None:
        # 21 MB of which nobody said how many, and then silence.
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        for _piece in range(21):
            writer.write(bytes(1_000_000))
            await writer.drain()
        await publisher.hang()

    publisher.routes |= {"/claimed": claimed, "/unclaimed": unclaimed}
    for path in ("/claimed", "/unclaimed"):
        assert "is larger than 20 MB" in await refused(publisher.url(path))
