"""Gateway v10: sessions that outlive their sockets."""

from __future__ import annotations

import asyncio
import json
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import WSMessage, WSMsgType, web

from .constants import (
    KNOWN_INTENTS,
    PRIVILEGED_INTENTS,
    CloseCode,
    Intents,
    Opcode,
)
from .payloads import channel_payload, guild_payload, user_payload
from .records import Channel, Guild, Json, Violation

if TYPE_CHECKING:
    from .state import State

HEARTBEAT_MS = 41_250
"""What Discord asks for; a test is over long before the second beat."""
OPCODES = frozenset(Opcode)
CLEAN_CLOSES = (1000, 1001)
"""A client that closes with one of these gives its session up."""


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
    connection: Connection | None = None
    events: list[Json] = field(default_factory=list)
    """Every event since READY; the one at place i has sequence i + 1."""

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


class Gateway:
    """Every session of the bot's, and the doings of its sockets."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._connections: set[Connection] = set()
        self.sessions: dict[str, Session] = {}
        self.frames: list[Json] = []
        """Everything that clients sent, in order, tokens left out."""
        self.log: list[str] = []
        """How sessions came about, in order: "identify", "resume", "invalid session"."""
        self.closes: list[int | None] = []
        """With which code each socket ended, whoever closed it; 1006 for a cut line."""

    @property
    def connected(self) -> Session | None:
        """A session whose client is there."""
        return next((s for s in self.sessions.values() if s.connection is not None), None)

    def dispatch(self, name: str, data: Json, intent: int = 0) -> None:
        """Send an event to every session that asked for `intent`; for 0 nobody has to ask."""
        for session in self.sessions.values():
            if not intent or session.intents & intent:
                session.dispatch(name, data)
        self._state.changes.notify()

    def announce(self, place: Guild | Channel) -> None:
        """Tell of a guild that the bot has just joined, or of a guild's new channel."""
        if isinstance(place, Channel):
            payload = channel_payload(place, self._state.bot)
            self.dispatch("CHANNEL_CREATE", payload, Intents.GUILDS)
            return
        payload = guild_payload(place, self._state)
        # Only a guild that was joined before the session says that it is not unavailable.
        payload.pop("unavailable")
        self.dispatch("GUILD_CREATE", payload, Intents.GUILDS)

    def drop(self) -> None:
        """Cut every line, as a failing network does."""
        for connection in tuple(self._connections):
            self._detach(connection)
            connection.drop()

    def request_reconnect(self) -> None:
        """Ask the client to come back and resume (op 7)."""
        for connection in tuple(self._connections):
            connection.send(Opcode.RECONNECT)
            self._detach(connection)

    def invalidate(self, *, resumable: bool) -> None:
        """Tell the client that its session is not valid (op 9)."""
        for connection in tuple(self._connections):
            session = connection.session
            connection.send(Opcode.INVALID_SESSION, resumable)
            self._detach(connection)
            if session is not None and not resumable:
                self.sessions.pop(session.id, None)

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one socket to its end."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        connection = Connection(request, socket)
        self._connections.add(connection)
        pump = asyncio.create_task(connection.pump())
        try:
            if request.query.get("v") != "10" or request.query.get("encoding") != "json":
                await connection.close(CloseCode.INVALID_API_VERSION)
            connection.send(Opcode.HELLO, {"heartbeat_interval": HEARTBEAT_MS})
            async for message in socket:
                code = self._receive(connection, message)
                if code is not None:
                    await connection.close(code)
        finally:
            pump.cancel()
            self._end(connection, connection.refused or socket.close_code)
        return socket

    def _end(self, connection: Connection, close_code: int | None) -> None:
        session = connection.session
        self.closes.append(close_code)
        self._connections.discard(connection)
        self._detach(connection)
        if session is not None and close_code in CLEAN_CLOSES:
            self.sessions.pop(session.id, None)
        self._state.changes.notify()

    def _detach(self, connection: Connection) -> None:
        """Leave the session to whoever resumes it."""
        session = connection.session
        if session is not None and session.connection is connection:
            session.connection = None

    def _receive(self, connection: Connection, message: WSMessage) -> CloseCode | None:
        """Act on a frame; returns why the socket has to be closed, if it has."""
        frame = _decode(message)
        if frame is None:
            return CloseCode.DECODE_ERROR
        self.frames.append(_without_token(frame))
        if frame["op"] not in OPCODES:
            return CloseCode.UNKNOWN_OPCODE
        op, data = Opcode(frame["op"]), frame.get("d")
        if op is Opcode.IDENTIFY:
            return self._identify(connection, data)
        if op is Opcode.RESUME:
            return self._resume(connection, data)
        if op is Opcode.HEARTBEAT:
            connection.send(Opcode.HEARTBEAT_ACK)
        elif connection.session is None:
            return CloseCode.NOT_AUTHENTICATED
        elif op is not Opcode.PRESENCE_UPDATE:
            detail = f"{op.name} is not modelled by the fake"
            self._state.violations.append(Violation("gateway", detail, "GATEWAY", op.name, 0))
        return None

    def _identify(self, connection: Connection, data: Any) -> CloseCode | None:
        if connection.session is not None:
            return CloseCode.ALREADY_AUTHENTICATED
        if not isinstance(data, dict) or "properties" not in data:
            return CloseCode.DECODE_ERROR
        if data.get("token") != self._state.token:
            return CloseCode.AUTHENTICATION_FAILED
        intents = data.get("intents")
        if not isinstance(intents, int) or intents & ~KNOWN_INTENTS:
            return CloseCode.INVALID_INTENTS
        if intents & PRIVILEGED_INTENTS:
            return CloseCode.DISALLOWED_INTENTS
        session = Session(secrets.token_hex(16), intents, connection)
        connection.session = self.sessions[session.id] = session
        self.log.append("identify")
        session.dispatch("READY", self._ready(session))
        if intents & Intents.GUILDS:
            for guild in self._state.guilds.values():
                session.dispatch("GUILD_CREATE", guild_payload(guild, self._state))
        self._state.changes.notify()
        return None

    def _ready(self, session: Session) -> Json:
        state = self._state
        return {
            "v": 10,
            "user": user_payload(state.bot) | {"verified": True, "mfa_enabled": False},
            "guilds": [{"id": str(guild), "unavailable": True} for guild in state.guilds],
            "session_id": session.id,
            "resume_gateway_url": state.base.replace("http", "ws", 1) + "/gateway",
            "application": {"id": str(state.application_id), "flags": 0},
        }

    def _resume(self, connection: Connection, data: Any) -> CloseCode | None:
        if not isinstance(data, dict):
            return CloseCode.DECODE_ERROR
        if data.get("token") != self._state.token:
            return CloseCode.AUTHENTICATION_FAILED
        session = self.sessions.get(str(data.get("session_id")))
        if session is None:
            self.log.append("invalid session")
            connection.send(Opcode.INVALID_SESSION, False)  # noqa: FBT003 -- the frame's data
            return None
        sequence = data.get("seq")
        if not isinstance(sequence, int) or not 0 <= sequence <= len(session.events):
            return CloseCode.INVALID_SEQUENCE
        connection.session, session.connection = session, connection
        self.log.append("resume")
        session.replay(sequence)
        session.dispatch("RESUMED", {})
        self._state.changes.notify()
        return None


def _decode(message: WSMessage) -> Json | None:
    if message.type is not WSMsgType.TEXT:
        return None
    try:
        frame = json.loads(message.data)
    except ValueError:
        return None
    return frame if isinstance(frame, dict) and "op" in frame else None


def _without_token(frame: Json) -> Json:
    data = frame.get("d")
    if not isinstance(data, dict):
        return frame
    return {**frame, "d": {key: value for key, value in data.items() if key != "token"}}
