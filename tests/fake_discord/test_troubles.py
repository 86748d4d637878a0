"""Every route can fail in every way, in one line."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

import aiohttp
import discord
import pytest

from .errors import Refusal
from .routes import Routes
from .server import FakeDiscord

if TYPE_CHECKING:
    from .conftest import Http
    from .records import Channel, User
    from .sample_bot import SampleBot

ROUTES = FakeDiscord().routes


def path_of(route: str) -> str:
    return re.sub(r"\{\w+\}", "1", route)


@pytest.mark.parametrize(("method", "route"), ROUTES)
async def test_every_route_fails_when_told_to(
    server: FakeDiscord, http: Http, method: str, route: str
) -> None:
    server.fail(method, route, 502)
    server.fail(method, route, code=50001)
    server.limit_rate(method, route, retry_after=1.5)
    server.cut(method, route)
    base = server.api_base if route != Routes.DOWNLOAD else server.api_base.partition("/api")[0]
    url = base + path_of(route)
    headers = {"Authorization": f"Bot {server.token}"}
    seen = []
    for _ in range(3):
        async with http.session.request(method, url, headers=headers) as response:
            seen.append((response.status, await response.json()))
            retry = response.headers.get("Retry-After")
    limited = {"message": "You are being rate limited.", "retry_after": 1.5, "global": False}
    assert seen == [
        (502, {"message": "Bad Gateway", "code": 0}),
        (403, {"message": "Missing Access", "code": 50001}),
        (429, limited),
    ]
    assert retry == "2"
    with pytest.raises(aiohttp.ClientError):
        async with http.session.request(method, url, headers=headers) as response:
            await response.read()


@pytest.mark.parametrize("refusal", list(Refusal))
async def test_a_code_brings_its_status_and_words(
    server: FakeDiscord, http: Http, channel: Channel, refusal: Refusal
) -> None:
    status, code, message = refusal.value
    if code == 0:
        return
    server.fail("POST", Routes.MESSAGES, code=code)
    answer = await http("POST", f"/channels/{channel.id}/messages", {"content": "c"})
    assert answer == (status, {"message": message, "code": code})
    assert server.violations == []


async def test_only_as_often_and_as_late_as_told(
    server: FakeDiscord, http: Http, channel: Channel
) -> None:
    server.fail("POST", Routes.MESSAGES, 500, times=2, after=1)
    path = f"/channels/{channel.id}/messages"
    statuses = [(await http("POST", path, {"content": "c"}))[0] for _ in range(5)]
    assert statuses == [200, 500, 500, 200, 200]


async def test_a_line_cut_after_the_message_was_written(
    server: FakeDiscord, bot: SampleBot, channel: Channel
) -> None:
    place = bot.get_partial_messageable(channel.id)
    server.cut("POST", Routes.MESSAGES)
    with pytest.raises(aiohttp.ClientError):
        await place.send("once", nonce=7)
    assert [message.content for message in server.messages] == ["once"]
    server.cut("POST", Routes.MESSAGES, acted=False)
    with pytest.raises((aiohttp.ClientError, discord.HTTPException)):
        await place.send("never")
    assert [message.content for message in server.messages] == ["once"]
    assert [one.status for one in server.calls("POST", Routes.MESSAGES)] == [200, 0]
    assert server.violations == []


async def test_an_acknowledgement_of_which_the_bot_does_not_hear(
    server: FakeDiscord, bot: SampleBot, ann: User
) -> None:
    server.cut("POST", Routes.CALLBACK)
    asked = await server.slash(ann, "now")
    assert isinstance(await bot.failures.get(), aiohttp.ClientError)
    assert (await asked.response()).content == "now"


async def test_10062_and_40060_out_of_the_blue(
    server: FakeDiscord, bot: SampleBot, ann: User
) -> None:
    for code in (10062, 40060, 50027):
        server.fail("POST", Routes.CALLBACK, code=code)
        await server.slash(ann, "now")
        error = await bot.failures.get()
        assert isinstance(error, discord.HTTPException)
        assert error.code == code
    # Nobody broke a rule: it just happens.
    assert server.violations == []


async def test_eighty_waits_at_once(server: FakeDiscord, bot: SampleBot) -> None:
    people = [server.add_user(f"User{i}") for i in range(80)]
    asked = [await server.slash(user, "now") for user in people]
    answers = await asyncio.gather(*(one.followup() for one in asked))
    assert len({answer.id for answer in answers}) == 80
    assert bot.errors == []
