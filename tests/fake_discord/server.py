"""The server itself: starting, stopping, arranging."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from aiohttp import web

from .account import Account
from .actions import Actions
from .callbacks import Callbacks
from .channels import Channels
from .clock import Clock
from .commands import Commands
from .constants import MEMBER_PERMISSIONS, Permissions
from .gateway import Gateway
from .messages import Messages
from .records import Channel, Guild, Json, Ping, Reply, Request, User, Violation
from .rest import BASE_PATH, Rest
from .scripts import Hold, Scripts, fits, too_many_requests
from .state import State
from .validation import default_path, load
from .webhooks import Webhooks

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType

    from .changes import T
    from .endpoint import Endpoint
    from .message import Message

TOKEN = "token-of-a-bot-that-is-nobody"
PATIENCE_S = 10.0
"""How long a wait lasts at most: far more than a loaded machine needs."""
REQUEST_BYTES = 256 * 1024 * 1024
"""More than ten files that are too large: it is for Discord's own limit to refuse them."""
STOP_S = 1.0
"""How long requests in progress may take when the server stops."""


class FakeDiscord(Actions):
    """A Discord of our own: `async with FakeDiscord() as server`.

    `clock` is the server's time; `Clock.frozen()` keeps a slow machine from being late.
    `description` is Discord's openapi.json; where there is none, bodies are not validated.
    """

    def __init__(
        self,
        *,
        token: str = TOKEN,
        clock: Clock | None = None,
        patience: float = PATIENCE_S,
        description: Path | None = None,
    ) -> None:
        self.clock = clock or Clock()
        self.token = token
        state = State(token=token, clock=self.clock, patience=patience)
        self.gateway = Gateway(state)
        messages = Messages(state, self.gateway)
        super().__init__(state, self.gateway, messages)
        place = description or default_path()
        self.description = load(place)
        self._place = place
        self._scripts = Scripts(state.changes)
        self._endpoints: tuple[Endpoint, ...] = (
            *Account(state).endpoints(),
            *Commands(state).endpoints(),
            *Channels(state, messages).endpoints(),
            *Callbacks(state, messages).endpoints(),
            *Webhooks(state, messages).endpoints(),
        )
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=REQUEST_BYTES)
        rest = Rest(self._state, self._scripts, self.description)
        app.router.add_get("/gateway", self.gateway.handle)
        app.router.add_routes(rest.routes(self._endpoints))
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=STOP_S)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self._state.base = f"http://{host}:{port}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._scripts.release_all()
        self.gateway.drop()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def api_base(self) -> str:
        """What `discord.http.Route.BASE` has to be."""
        return self._state.base + BASE_PATH

    @property
    def gateway_url(self) -> str:
        """What `discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY` has to be, as a yarl.URL."""
        return self._state.base.replace("http", "ws", 1) + "/gateway"

    @property
    def validation(self) -> str:
        """Whether requests are held to Discord's description, in one sentence."""
        if self.description is None:
            return f"Request bodies are not validated, for there is no {self._place}."
        return f"Request bodies are validated against {self._place}."

    @property
    def bot(self) -> User:
        """The bot, as a user to mention."""
        return self._state.bot

    @property
    def application_id(self) -> int:
        """The application's id, which is not the bot's."""
        return self._state.application_id

    @property
    def requests(self) -> tuple[Request, ...]:
        """Every request and its answer, in order of answering."""
        return tuple(self._state.requests)

    @property
    def violations(self) -> list[Violation]:
        """Every rule of Discord's that was broken; a good bot leaves it []."""
        return list(self._state.violations)

    @property
    def pings(self) -> list[Ping]:
        """Everybody who would have been notified by a message or an edit of the bot's."""
        return list(self._state.pings)

    @property
    def unguarded(self) -> list[Message]:
        """The bot's messages that would have notified somebody, had the text named anybody."""
        mine = (m for m in self._state.messages.values() if m.author == self.bot)
        return [m for m in mine if not all(version.guarded for version in m.versions)]

    @property
    def messages(self) -> tuple[Message, ...]:
        """Every message, by whomever, deleted ones too."""
        return tuple(self._state.messages.values())

    @property
    def commands(self) -> tuple[Json, ...]:
        """The registered commands, in Discord's JSON."""
        return tuple(self._state.commands.values())

    def calls(self, method: str, route: str) -> tuple[Request, ...]:
        """The requests of a route, given as Discord's template or as a pattern with *."""
        self._check_route(method, route)
        return tuple(r for r in self._state.requests if fits(r.method, r.route, method, route))

    def add_guild(self, name: str = "Newsroom") -> Guild:
        """A guild that the bot is in, and so is everybody else."""
        guild = Guild(self._state.ids.next(), name, self._state.owner.id)
        self._state.guilds[guild.id] = guild
        self.gateway.announce(guild)
        return guild

    def add_channel(
        self, guild: Guild, name: str = "general", *, denied: Permissions = Permissions.NONE
    ) -> Channel:
        """A text channel; `denied` is what the bot may not do there."""
        channel = Channel(self._state.ids.next(), name, guild, denied=denied)
        self._state.channels[channel.id] = channel
        self.gateway.announce(channel)
        return channel

    def add_user(
        self,
        name: str,
        *,
        permissions: Permissions = MEMBER_PERMISSIONS,
        bot: bool = False,
        accepts_dms: bool = True,
    ) -> User:
        """Somebody, a member of every guild, with `permissions` in all of them."""
        user = User(self._state.ids.next(), name, bot, permissions, accepts_dms)
        self._state.users[user.id] = user
        return user

    async def wait_ready(self, within: float | None = None) -> None:
        """Until the bot is connected: READY and its guilds, or RESUMED, are on their way."""
        await self.wait_for(lambda: self.gateway.connected, "connected bot", within)

    async def wait_gone(self, within: float | None = None) -> None:
        """Until no bot is connected."""
        await self.wait_for(lambda: self.gateway.connected is None, "disconnection", within)

    async def wait_for(
        self, look: Callable[[], T | None], what: str, within: float | None = None
    ) -> T:
        """The first true result of `look`; raises TimeoutError, which says what did happen."""
        return await self._state.changes.wait_for(look, what, within)

    async def drop_connection(self) -> None:
        """Cut the line, as a failing network does; the session can be resumed."""
        self.gateway.drop()

    async def request_reconnect(self) -> None:
        """Ask the bot to reconnect and resume (op 7)."""
        self.gateway.request_reconnect()

    async def invalidate_session(self, *, resumable: bool = False) -> None:
        """Tell the bot that its session is invalid (op 9)."""
        self.gateway.invalidate(resumable=resumable)

    def limit_rate(
        self,
        method: str,
        route: str,
        *,
        times: int = 1,
        retry_after: float = 0.05,
        everywhere: bool = False,
    ) -> None:
        """Answer the next `times` requests of a route with 429; `retry_after` in seconds.

        `everywhere` makes it the global limit, for which discord.py holds back every request.
        """
        self._check_route(method, route)
        reply = too_many_requests(retry_after, everywhere=everywhere)
        self._scripts.answer(method, route, times, reply)

    def fail(
        self,
        method: str,
        route: str,
        *,
        times: int = 1,
        status: int = 503,
        code: int = 0,
        message: str = "Service Unavailable",
    ) -> None:
        """Answer the next `times` requests of a route with an error of Discord's."""
        self._check_route(method, route)
        reply = Reply(status, {"message": message, "code": code})
        self._scripts.answer(method, route, times, reply)

    def hold(self, method: str, route: str) -> Hold:
        """Let requests of a route wait until they are released."""
        self._check_route(method, route)
        return self._scripts.hold(method, route)

    def _check_route(self, method: str, route: str) -> None:
        """Raise ValueError for what no request will ever fit: a typing error in a test."""
        if not any(fits(e.method, e.route, method, route) for e in self._endpoints):
            routes = sorted(f"{e.method} {e.route}" for e in self._endpoints)
            raise ValueError(f"no route fits {method} {route}; there are {routes}")
