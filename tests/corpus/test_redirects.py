"""Where a page may send on to, and which machines are connected to."""

from __future__ import annotations

import asyncio
import socket
import ssl
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from corpus.errors import InputError, MetquoteError
from corpus.fetch import resolve
from corpus.guard import Guard
from tests.publisher import AUTHORITY, Publisher, Reply
from tests.publisher.reader import NAMES, fetcher, get, names, refused

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence


async def test_sending_on_is_followed_five_times(publisher: Publisher) -> None:
    for number, status in enumerate((301, 302, 303, 307, 308)):
        publisher.routes[f"/{number}"] = Reply(
            status=status, headers={"Location": f"{number + 1}#part"}
        )
    publisher.routes["/5"] = Reply(b"arrived")
    page = await get(publisher.url("/0"))
    assert (page.url, page.content) == (publisher.url("/5"), b"arrived")
    assert publisher.paths == ["/0", "/1", "/2", "/3", "/4", "/5"]


async def test_a_sixth_time_is_not(publisher: Publisher) -> None:
    for number in range(6):
        publisher.routes[f"/{number}"] = Reply(status=302, headers={"Location": f"/{number + 1}"})
    publisher.routes["/6"] = Reply(b"arrived")
    assert "was sent on more than 5 times" in await refused(publisher.url("/0"))
    assert publisher.paths == ["/0", "/1", "/2", "/3", "/4", "/5"]


async def test_a_loop_ends(publisher: Publisher) -> None:
    publisher.routes["/a"] = Reply(status=302, headers={"Location": "/b"})
    publisher.routes["/b"] = Reply(status=302, headers={"Location": "/a"})
    assert "was sent on more than 5 times" in await refused(publisher.url("/a"))
    assert len(publisher.requests) == 6


@pytest.mark.parametrize(
    ("location", "sentence"),
    [
        ("http://10.0.0.1/", "not on the public internet (10.0.0.1)"),
        ("http://169.254.169.254/latest/meta-data/", "(169.254.169.254)"),
        ("http://2852039166/", "(169.254.169.254)"),
        ("http://[fe80::1]/", "(fe80::1)"),
        ("http://[::ffff:192.168.0.1]:8080/", "(::ffff:"),
        ("http://inside.test/", "inside.test is not on the public internet (10.0.0.1)"),
        ("http://metadata.test/", "metadata.test is not on the public internet (169.254.169.254)"),
        ("file:///etc/passwd", "file:///etc/passwd is no address of a web page"),
        ("gopher://127.0.0.1:70/", "is no address of a web page"),
        ("http://a:b@news.test/", "with a user's name in it"),
        ("http://127.0.0.1:22/", "port 22 is not the web's"),
    ],
)
async def test_sending_on_to_where_nothing_is_fetched_is_refused_before_any_connection(
    publisher: Publisher, connected: list[str], location: str, sentence: str
) -> None:
    publisher.routes["/page"] = Reply(status=302, headers={"Location": location})
    assert sentence in await refused(publisher.url("/page"), InputError)
    # The publisher's own address, once, and nothing besides.
    assert connected == ["127.0.0.1"]


async def test_sending_on_out_of_the_allowed_hosts_is_refused(
    publisher: Publisher, connected: list[str]
) -> None:
    publisher.routes["/page"] = Reply(
        status=302, headers={"Location": publisher.url("/", "other.test")}
    )
    guard = Guard(allowed_hosts=("news.test",), loopback=True)
    sentence = await refused(publisher.url("/page", "news.test"), InputError, guard=guard)
    assert "other.test is not among the hosts that may be fetched" in sentence
    assert connected == ["127.0.0.1"]


@pytest.mark.parametrize("location", ["", "http://[::1", "http://\xff\xfe/", "http://a:b:c/"])
async def test_a_place_that_is_none_is_refused_in_a_sentence(
    publisher: Publisher, location: str
) -> None:
    publisher.routes["/page"] = Reply(status=302, headers={"Location": location})
    with pytest.raises(MetquoteError):
        await get(publisher.url("/page"))


async def test_sending_on_to_nowhere_is_no_page(publisher: Publisher) -> None:
    publisher.routes["/page"] = Reply(status=302)
    assert "answered 302 Found and no page" in await refused(publisher.url("/page"))


@pytest.mark.parametrize(
    "url",
    [
        *("http://127.0.0.1/", "http://localhost/", "http://2130706433/", "http://[::1]/"),
        *("http://10.0.0.1/", "http://inside.test/", "http://metadata.test/", "http://0/"),
    ],
)
async def test_without_the_setting_of_the_tests_nothing_near_is_connected_to(
    connected: list[str], url: str
) -> None:
    sentence = await refused(url, InputError, guard=Guard(), resolve=resolve_or_name)
    assert "is not on the public internet" in sentence
    assert connected == []


async def resolve_or_name(host: str, port: int) -> Sequence[str]:
    return await (names if host.endswith(".test") else resolve)(host, port)


async def test_with_it_this_machine_is_and_no_other(
    publisher: Publisher, connected: list[str]
) -> None:
    publisher.routes["/page"] = Reply(b"x")
    url = publisher.url("/page", "localhost")
    assert (await get(url, resolve=resolve)).url == url
    for near in ("10.0.0.1", "192.168.0.1", "169.254.169.254", "[fe80::1]", "[fd00::1]"):
        await refused(publisher.url("/page", near), InputError)
    assert set(connected) <= {"127.0.0.1", "::1"}


async def test_of_many_addresses_only_the_permitted_are_connected_to(
    publisher: Publisher, connected: list[str]
) -> None:
    publisher.routes["/page"] = Reply(b"x")
    assert (await get(publisher.url("/page", "mixed.test"))).content == b"x"
    assert connected == ["127.0.0.1"]


async def test_the_address_that_was_judged_is_the_one_connected_to_whatever_the_name_says_next(
    publisher: Publisher, connected: list[str]
) -> None:
    answers = iter([["127.0.0.1"], ["10.0.0.1"], ["169.254.169.254"]])
    asked = []

    async def rebinding(host: str, _: int) -> Sequence[str]:
        asked.append(host)
        return next(answers)

    publisher.routes["/page"] = Reply(status=302, headers={"Location": "/next"})
    publisher.routes["/next"] = Reply(b"x")
    # Sent on to the same name, which is another machine's by now.
    sentence = await refused(publisher.url("/page", "news.test"), InputError, resolve=rebinding)
    assert "news.test is not on the public internet (10.0.0.1)" in sentence
    assert asked == ["news.test", "news.test"]
    assert connected == ["127.0.0.1"]
    assert publisher.paths == ["/page"]


async def test_no_socket_is_made_for_an_address_that_slipped_through(connected: list[str]) -> None:
    async with fetcher() as fetch:
        # As if the resolver's check were not there.
        at = (socket.AF_INET, socket.SOCK_STREAM, 0, "", ("10.0.0.1", 80))
        with pytest.raises(InputError, match=r"10\.0\.0\.1 is not on the public internet"):
            fetch._socket(at)
    assert connected == []


@pytest.mark.parametrize("host", ["unknown.test", "nowhere.test"])
async def test_an_unknown_name_is_said(host: str) -> None:
    assert "no host of that name is known" in await refused(f"http://{host}/")


async def test_nobody_listening_is_said() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        assert "no connection can be made" in await refused(f"http://127.0.0.1:{port}/")


async def test_looking_up_a_name_does_not_hold_up_the_loop_and_counts_as_time() -> None:
    async def slow(_: str, __: int) -> Sequence[str]:
        await asyncio.Event().wait()
        return ()

    assert "took more than 0.05 s" in await refused(
        "http://news.test/", resolve=slow, total_seconds=0.05
    )


@asynccontextmanager
async def secured() -> AsyncIterator[tuple[Publisher, ssl.SSLContext]]:
    async with Publisher.open(secure=True) as publisher:
        trusting = ssl.create_default_context()
        AUTHORITY.configure_trust(trusting)
        yield publisher, trusting


async def test_a_certificate_that_nobody_vouches_for_is_refused() -> None:
    async with secured() as (publisher, _):
        publisher.routes["/page"] = Reply(b"x")
        sentence = await refused(publisher.url("/page", "news.test"))
        assert "its certificate cannot be trusted" in sentence
        assert publisher.requests == []


async def test_a_certificate_of_another_host_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(NAMES, "third.test", ["127.0.0.1"])
    async with secured() as (publisher, tls):
        sentence = await refused(publisher.url("/page", "third.test"), tls=tls)
        assert "its certificate cannot be trusted" in sentence


async def test_https_is_fetched_and_not_left_for_http(publisher: Publisher) -> None:
    async with secured() as (secure, tls):
        secure.routes["/page"] = Reply(b"x")
        secure.routes["/down"] = Reply(
            status=301, headers={"Location": publisher.url("/page", "news.test")}
        )
        publisher.routes["/up"] = Reply(
            status=301, headers={"Location": secure.url("/page", "news.test")}
        )
        assert (await get(secure.url("/page", "news.test"), tls=tls)).content == b"x"
        assert (await get(publisher.url("/up", "news.test"), tls=tls)).content == b"x"
        sentence = await refused(secure.url("/down", "news.test"), InputError, tls=tls)
        assert "sends on from https to http" in sentence
    assert publisher.paths == ["/up"]
