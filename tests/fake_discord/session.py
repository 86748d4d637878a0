"""A client of the gateway's: its socket, and what is remembered of it without one."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .constants import CloseCode, Opcode

if TYPE_CHECKING:
    from aiohttp import web

    from .records import Guild, Json


class Connection:
    """One socket, and the frames that wait to go out by it."""

    def __init__(self, request: web.Request, socket: web.WebSocketResponse) -> None:
        self._request = request
        self._socket = socket
        self._outgoing: asyncio.Queue[Json] = asyncio.Queue()
        self.session: Session | None = None
        self.refused: CloseCode | None = None
        """Why we closed it, if we did: what the socket itself tells then is the client's echo."""

    def send(self, op: Opcode, data: Any = None, **rest: Any) -> None:
        """Put a frame in the queue."""
        self._outgoing.put_nowait({"op": int(op), "d": data, "s": None, "t": None, **rest})

    async def pump(self) -> None:
        """Send what is queued, for ever."""
        while True:
            frame = await self._outgoing.get()
            await self._socket.send_str(json.dumps(frame))

    async def close(self, code: CloseCode) -> None:
        """Close in good order."""
        self.refused = code
        await self._socket.close(code=code, message=code.name.encode())

    def drop(self) -> None:
        """Cut the line: no close frame, nothing more of what is queued."""
        if self._request.transport is not None:
            self._request.transport.abort()


@dataclass(slots=True, eq=False)
class Session:
    """What Discord remembers of a client, connected or not."""

    id: str
    intents: int
    shard: tuple[int, int] = (0, 1)
    """Which shard it is, and of how many."""
    connection: Connection | None = None
    events: list[Json] = field(default_factory=list)
    """Every event since READY; the one at place i has sequence i + 1."""

    def serves(self, guild: Guild | None) -> bool:
        """Whether it is told of a guild; of private messages, the first shard is told."""
        number, shards = self.shard
        return number == (0 if guild is None else (guild.id >> 22) % shards)

    def dispatch(self, name: str, data: Json) -> None:
        """Send an event, now or on resuming."""
        event = {"op": int(Opcode.DISPATCH), "d": data, "s": len(self.events) + 1, "t": name}
        self.events.append(event)
        self._send(event)

    def replay(self, after: int) -> None:
        """Send the events that came after sequence `after` again."""
        for event in self.events[after:]:
            self._send(event)

    def _send(self, event: Json) -> None:
        if self.connection is not None:
            self.connection.send(Opcode.DISPATCH, event["d"], s=event["s"], t=event["t"])
