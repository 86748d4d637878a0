"""A publisher's web server on loopback, which misbehaves on demand.

It speaks http by hand: a library of servers does not let one send a wrong length.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

import trustme

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

# Nobody else vouches for what it signs.
AUTHORITY = trustme.CA()
_NAMES = ("localhost", "news.test", "other.test", "127.0.0.1")


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked. ``number`` counts the requests for this path of this host from 1 on."""

    host: str
    path: str
    headers: Mapping[str, str]
    number: int


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered; ``length`` is the length that is claimed where it is not the true one."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    media_type: str | None = "text/html; charset=utf-8"
    length: int | None = None

    def written(self) -> bytes:
        lines = [f"HTTP/1.1 {self.status} Whatever"]
        if self.media_type is not None:
            lines.append(f"Content-Type: {self.media_type}")
        lines.append(f"Content-Length: {len(self.body) if self.length is None else self.length}")
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + self.body


# One that writes for itself answers None.
Handler = Callable[[Request, asyncio.StreamWriter], Awaitable[Reply | None]]
Answer = Reply | Handler


@dataclass
class Publisher:
    """``routes`` are by path, or by host and path ("news.test/feed"), which comes first."""

    port: int
    scheme: str
    routes: dict[str, Answer] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    # For each host, how many requests were being answered at once at the most; "all" is all hosts.
    busiest: dict[str, int] = field(default_factory=dict)
    busy: dict[str, int] = field(default_factory=dict)
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    _serving: set[asyncio.Task[None]] = field(default_factory=set)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"{self.scheme}://{host}:{self.port}{path}"

    def asked(self, path: str, host: str | None = None) -> list[Request]:
        return [one for one in self.requests if one.path == path and host in {None, one.host}]

    @property
    def paths(self) -> list[str]:
        return [one.path for one in self.requests]

    async def hang(self) -> None:
        """Say nothing for as long as the test lasts."""
        await self.closing.wait()

    def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer))
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host = ""
        try:
            request = await self._read(reader)
            host = request.host
            for key in (host, "all"):
                self.busy[key] = self.busy.get(key, 0) + 1
                self.busiest[key] = max(self.busiest.get(key, 0), self.busy[key])
            await self._answer(request, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            # The other side has heard enough, as it is to do.
            pass
        finally:
            for key in (host, "all") if host else ():
                self.busy[key] -= 1
            writer.close()

    async def _read(self, reader: asyncio.StreamReader) -> Request:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = dict(line.split(": ", 1) for line in head[1:] if line)
        host, path = headers["Host"].rpartition(":")[0], head[0].split()[1]
        request = Request(host, path, headers, len(self.asked(path, host)) + 1)
        self.requests.append(request)
        return request

    async def _answer(self, request: Request, writer: asyncio.StreamWriter) -> None:
        answer = self.routes.get(request.host + request.path) or self.routes.get(request.path)
        if answer is not None and not isinstance(answer, Reply):
            answer = await answer(request, writer)
        elif answer is None:
            answer = Reply(b"nothing here", 404)
        if answer is not None:
            writer.write(answer.written())
            await writer.drain()

    @classmethod
    @asynccontextmanager
    async def open(cls, *, secure: bool = False) -> AsyncIterator[Self]:
        tls = None
        if secure:
            tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            AUTHORITY.issue_cert(*_NAMES).configure_cert(tls)
        publisher = cls(0, "https" if secure else "http")
        server = await asyncio.start_server(publisher.serve, "127.0.0.1", 0, ssl=tls)
        publisher.port = server.sockets[0].getsockname()[1]
        try:
            yield publisher
        finally:
            publisher.closing.set()
            server.close()
            if publisher._serving:
                await asyncio.wait(publisher._serving)
