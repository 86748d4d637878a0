"""One page over http, guarded: what is connected to, how often sent on, how long, how much.

A page's server is a stranger. It may send on to a machine beside this one, send for ever, or send
something that inflates without end; each of these ends as one sentence.
"""

from __future__ import annotations

import asyncio
import socket
import time
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from typing import TYPE_CHECKING, Self

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from corpus.draft import MAX_BYTES
from corpus.errors import FetchError, InputError
from corpus.guard import shown
from corpus.inflate import Inflater
from corpus.responses import conditions, reason, refusal, validator

if TYPE_CHECKING:
    import ssl
    from collections.abc import Awaitable, Callable, Sequence
    from contextlib import AbstractAsyncContextManager
    from types import TracebackType

    from aiohttp.connector import AddrInfoType
    from yarl import URL

    from corpus.guard import Guard

    Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
    Visit = Callable[[URL], AbstractAsyncContextManager[None]]

TOTAL_SECONDS = 30.0
MAX_REDIRECTS = 5

_PIECE = 1 << 16
_ENCODINGS = {"gzip", "x-gzip", "deflate"}
_REDIRECTS = {301, 302, 303, 307, 308}
_WHOLE = {200, 203}
_NOT_MODIFIED = 304


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a server answered. ``url`` is where it came from in the end, after being sent on.

    ``content`` is inflated and at most `MAX_BYTES` long. ``media_type`` is in small letters,
    such as "text/html"; it and ``charset`` are as declared, or ``None``. ``etag`` and
    ``modified`` are for the next request of this address. Where ``not_modified`` is set the
    server said that nothing has changed since, and ``content`` is empty.
    """

    url: str
    status: int
    content: bytes
    media_type: str | None = None
    charset: str | None = None
    etag: str | None = None
    modified: str | None = None
    not_modified: bool = False


def user_agent(contact: str | None = None) -> str:
    """How metquote names itself; ``contact`` is an address where its operator can be reached."""
    name = f"metquote/{metadata.version('metquote')}"
    return f"{name} (+{contact})" if contact else name


async def resolve(host: str, port: int) -> tuple[str, ...]:
    """The IP addresses of ``host`` by the system's resolver, in its order, off the event loop.

    Raises:
        OSError: it has none, or none can be learnt now.
    """
    infos = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(info[4][0]) for info in infos))


class _Checked(AbstractResolver):
    """Addresses that the guard permits, and no others: these very ones are connected to."""

    def __init__(self, guard: Guard, resolve: Resolve) -> None:
        self._guard, self._resolve = guard, resolve

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: int = 0,  # noqa: ARG002 - aiohttp's own interface
    ) -> list[ResolveResult]:
        addresses = await self._resolve(host, port)
        permitted = [one for one in addresses if self._guard.permits(one)]
        if not addresses:
            raise OSError(f"{host} has no address")
        if not permitted:
            raise InputError(_not_public(host, addresses[0]))
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in permitted
        ]

    async def close(self) -> None:
        """Nothing is held."""


class Fetcher:
    """Fetches pages; an async context manager. Pages may be fetched at the same time.

    It keeps no cookies, uses no proxy of the environment, and sends nothing but what
    `get` is given.
    """

    def __init__(
        self,
        guard: Guard,
        *,
        user_agent: str,
        total_seconds: float = TOTAL_SECONDS,
        max_bytes: int = MAX_BYTES,
        resolve: Resolve = resolve,
        tls: ssl.SSLContext | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """``resolve`` learns a name's IP addresses; ``tls`` says which certificates are trusted.

        ``total_seconds`` is for a page with all that it is sent on to, from the first name looked
        up to the last byte; ``max_bytes`` for its content, both as sent and inflated.
        """
        self.user_agent = user_agent
        self._guard = guard
        self._total_seconds = total_seconds
        self._max_bytes = max_bytes
        self._resolve = resolve
        self._tls = tls
        self._now = now
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                resolver=_Checked(self._guard, self._resolve),
                use_dns_cache=False,
                # A second lock on the same door: no socket is made for another address.
                socket_factory=self._socket,
                # What a server sends beyond its page is not to be taken for the next page.
                force_close=True,
                ssl=True if self._tls is None else self._tls,
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
            # `get` counts the time, over all that a page is sent on to.
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),
            headers={"User-Agent": self.user_agent, "Accept-Encoding": "gzip, deflate"},
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def get(
        self,
        url: str,
        *,
        etag: str | None = None,
        modified: str | None = None,
        accept: str | None = None,
        visit: Visit | None = None,
    ) -> Fetched:
        """Fetch ``url``, following where it is sent on.

        Args:
            url: an address of the web.
            etag: as the last answer from there had it; with it the server may say that nothing
                has changed.
            modified: likewise.
            accept: media types wanted, as the Accept header has them.
            visit: entered for each request with the address that is about to be asked, and left
                after the answer: who wants to wait, count or refuse does it there. The time
                spent in entering it is not counted.

        Raises:
            InputError: the guard refuses the address, or one that it is sent on to; nothing was
                connected to there.
            FetchError: it cannot be had.
        """
        headers = conditions(etag, modified)
        headers["Accept"] = accept or "*/*"
        target = self._guard.check_url(url)
        left = self._total_seconds
        for _ in range(MAX_REDIRECTS + 1):
            async with visit(target) if visit is not None else nullcontext():
                began = time.monotonic()
                answer = await self._within(left, target, headers)
                left -= time.monotonic() - began
            if isinstance(answer, Fetched):
                return answer
            target = self._guard.check_redirect(target, answer)
        raise FetchError(
            f"{shown(url)} was sent on more than {MAX_REDIRECTS} times; "
            "give the address that it leads to"
        )

    async def _within(self, seconds: float, target: URL, headers: dict[str, str]) -> Fetched | str:
        """The answer of ``target``, with the errors of libraries as sentences."""
        try:
            async with asyncio.timeout(seconds):
                return await self._ask(target, headers)
        except TimeoutError as error:
            raise FetchError(
                f"{shown(target)} took more than {self._total_seconds:g} s; try again later"
            ) from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise FetchError(f"{shown(target)}: {reason(error)}; try again later") from error
        except FetchError as error:
            if error.status is not None:
                raise
            raise FetchError(f"{shown(target)}: {error}") from error

    async def _ask(self, target: URL, headers: dict[str, str]) -> Fetched | str:
        """One request: a page, or the place that it sends on to."""
        if self._session is None:
            raise RuntimeError("a Fetcher is entered before it fetches")
        async with self._session.get(target, headers=headers, allow_redirects=False) as response:
            if response.status in _REDIRECTS and "Location" in response.headers:
                location = response.headers["Location"].encode("utf-8", "surrogateescape")
                return location.decode("utf-8", "replace")
            conditional = "If-None-Match" in headers or "If-Modified-Since" in headers
            unchanged = response.status == _NOT_MODIFIED and conditional
            if response.status not in _WHOLE and not unchanged:
                stated = response.headers.get("Retry-After")
                raise refusal(shown(target), response.status, stated, self._now())
            content = b"" if unchanged else await self._body(response)
            declared = "Content-Type" in response.headers
            return Fetched(
                url=str(target),
                status=response.status,
                content=content,
                media_type=response.content_type.lower() if declared else None,
                charset=response.charset,
                etag=validator(response.headers.get("ETag")),
                modified=validator(response.headers.get("Last-Modified")),
                not_modified=unchanged,
            )

    async def _body(self, response: aiohttp.ClientResponse) -> bytes:
        too_long = FetchError(f"it is larger than {self._max_bytes / 1e6:g} MB, and is not read")
        if (response.content_length or 0) > self._max_bytes:
            raise too_long
        encoding = response.headers.get("Content-Encoding", "").strip().lower()
        if encoding not in {"", "identity"} | _ENCODINGS:
            raise FetchError(
                f"it came in the encoding {encoding[:40]!a}, which was not asked for; "
                "save the page and add the file"
            )
        inflater = Inflater(encoding, self._max_bytes) if encoding in _ENCODINGS else None
        received, content = 0, bytearray()
        async for piece in response.content.iter_chunked(_PIECE):
            received += len(piece)
            if received > self._max_bytes:
                raise too_long
            content += inflater.feed(piece) if inflater is not None else piece
        if inflater is not None:
            inflater.finish()
        return bytes(content)

    def _socket(self, address: AddrInfoType) -> socket.socket:
        family, kind, protocol, _, at = address
        if not self._guard.permits(str(at[0])):
            raise InputError(_not_public(str(at[0]), str(at[0])))
        return socket.socket(family, kind, protocol)


def _not_public(host: str, address: str) -> str:
    return (
        f"{host} is not on the public internet ({address}), and nothing else is fetched; "
        "give the address of a public page"
    )
