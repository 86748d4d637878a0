"""Who fetches from the publisher of the tests, and asks nobody else for names."""

from __future__ import annotations

import socket
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from corpus.errors import FetchError, MetquoteError
from corpus.fetch import Fetched, Fetcher
from corpus.guard import Guard

if TYPE_CHECKING:
    from collections.abc import Sequence


LOOPBACK = Guard(loopback=True)
NOW = datetime(2026, 6, 26, 12, 0, tzinfo=UTC)
NAMES = {
    "news.test": ["127.0.0.1"],
    "other.test": ["127.0.0.1"],
    "inside.test": ["10.0.0.1"],
    "metadata.test": ["169.254.169.254", "fd00:ec2::254"],
    "mixed.test": ["192.168.0.1", "127.0.0.1", "fe80::1%eth0"],
    "nowhere.test": [],
}


async def names(host: str, _: int) -> Sequence[str]:
    """The names of the tests, and no question to anybody outside."""
    if host not in NAMES:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    return NAMES[host]


def fetcher(guard: Guard = LOOPBACK, **settings: Any) -> Fetcher:
    defaults: dict[str, Any] = {"user_agent": "metquote/0", "resolve": names, "now": lambda: NOW}
    return Fetcher(guard, **(defaults | settings))


async def get(url: str, *, guard: Guard = LOOPBACK, **settings: Any) -> Fetched:
    async with fetcher(guard, **settings) as fetch:
        return await fetch.get(url)


async def refused(url: str, kind: type[MetquoteError] = FetchError, **settings: Any) -> str:
    """The sentence with which ``url`` is refused, by this very kind of error."""
    with pytest.raises(MetquoteError) as refusal:
        await get(url, **settings)
    assert type(refusal.value) is kind
    sentence = str(refusal.value)
    assert "\n" not in sentence
    assert "aiohttp" not in sentence
    return sentence
