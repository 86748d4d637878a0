"""Gateway v10: sessions that outlive their sockets."""

from __future__ import annotations

import asyncio
import json
import secrets
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
from .session import Connection, Session

if TYPE_CHECKING:
    from .state import State

HEARTBEAT_MS = 41_250
"""What Discord asks for; a test is over long before the second beat."""
OPCODES = frozenset(Opcode)
CLEAN_CLOSES = (1000, 1001)
"""A client that closes with one of these gives its session up."""


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
        return next(iter(self.clients()), None)

    def clients(self, shard: int | None = None) -> list[Session]:
        """The sessions whose client is there, of one shard or of all."""
        there = (s for s in self.sessions.values() if s.connection is not None)
        return [session for session in there if shard in (None, session.shard[0])]

    def serving(self, guild: Guild | None) -> list[Session]:
        """The sessions that are told of a guild, or of private messages, connected or not."""
        return [session for session in self.sessions.values() if session.serves(guild)]

    def dispatch(self, name: str, data: Json, intent: int = 0, *, guild: Guild | None) -> None:
        """Send an event of `guild` to every session that serves it and asked for `intent`.

        For the intent 0 nobody has to ask; of a guild that the bot is not in, it gets nothing.
        """
        if guild is None or self._state.is_member(self._state.bot, guild):
            self.force(name, data, intent, guild=guild)

    def force(self, name: str, data: Json, intent: int = 0, *, guild: Guild | None) -> None:
        """Send an event, be the bot in the guild or not."""
        for session in self.serving(guild):
            if not intent or session.intents & intent:
                session.dispatch(name, data)
        self._state.changes.notify()

    def announce(self, place: Guild | Channel) -> None:
        """Tell of a guild that the bot has just joined, or of a guild's new channel."""
        if isinstance(place, Channel):
            payload = channel_payload(place, self._state)
            name = "CHANNEL_CREATE" if place.parent is None else "THREAD_CREATE"
            self.dispatch(name, payload, Intents.GUILDS, guild=place.guild)
            return
        payload = guild_payload(place, self._state)
        # Only a guild that was joined before the session says that it is not unavailable.
        payload.pop("unavailable")
        self.dispatch("GUILD_CREATE", payload, Intents.GUILDS, guild=place)

    def drop(self, shard: int | None = None) -> None:
        """Cut every line, or a shard's, as a failing network does."""
        for connection in self._of(shard):
            self._detach(connection)
            connection.drop()

    def request_reconnect(self, shard: int | None = None) -> None:
        """Ask the client to come back and resume (op 7)."""
        for connection in self._of(shard):
            connection.send(Opcode.RECONNECT)
            self._detach(connection)

    def invalidate(self, shard: int | None = None, *, resumable: bool) -> None:
        """Tell the client that its session is not valid (op 9)."""
        for connection in self._of(shard):
            session = connection.session
            connection.send(Opcode.INVALID_SESSION, resumable)
            self._detach(connection)
            if session is not None and not resumable:
                self.sessions.pop(session.id, None)

    def _of(self, shard: int | None) -> list[Connection]:
        if shard is None:
            return list(self._connections)
        sessions = ((one, one.session) for one in self._connections)
        return [one for one, session in sessions if session and session.shard[0] == shard]

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
        refused = self._refusal(data)
        shard = _shard(data.get("shard"))
        if refused is not None or shard is None:
            return refused or CloseCode.INVALID_SHARD
        intents = int(data["intents"])
        session = Session(secrets.token_hex(16), intents, shard, connection)
        connection.session = self.sessions[session.id] = session
        self.log.append("identify")
        session.dispatch("READY", self._ready(session))
        if intents & Intents.GUILDS:
            for guild in self._guilds(session):
                session.dispatch("GUILD_CREATE", guild_payload(guild, self._state))
        self._state.changes.notify()
        return None

    def _refusal(self, data: Json) -> CloseCode | None:
        """Why a client may not have a session with what it says of itself, if it may not."""
        if data.get("token") != self._state.token:
            return CloseCode.AUTHENTICATION_FAILED
        intents = data.get("intents")
        if not isinstance(intents, int) or intents & ~KNOWN_INTENTS:
            return CloseCode.INVALID_INTENTS
        if intents & PRIVILEGED_INTENTS & ~self._state.granted:
            return CloseCode.DISALLOWED_INTENTS
        return None

    def _guilds(self, session: Session) -> list[Guild]:
        joined = (g for g in self._state.guilds.values() if session.serves(g))
        return [guild for guild in joined if self._state.is_member(self._state.bot, guild)]

    def _ready(self, session: Session) -> Json:
        state = self._state
        return {
            "v": 10,
            "user": user_payload(state.bot) | {"verified": True, "mfa_enabled": False},
            "guilds": [{"id": str(g.id), "unavailable": True} for g in self._guilds(session)],
            "session_id": session.id,
            "shard": list(session.shard),
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


def _shard(data: Any) -> tuple[int, int] | None:
    """Which shard a client wants to be, and of how many; None where there is no such shard."""
    if data is None:
        return (0, 1)
    match data:
        case [int(number), int(shards)] if 0 <= number < shards:
            return (number, shards)
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
