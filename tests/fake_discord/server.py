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
from .constants import Intents
from .gateway import Gateway
from .guilds import Guilds
from .messages import Messages
from .places import Places
from .rest import BASE_PATH, DOWNLOAD, Rest
from .scripts import Scripts, fits
from .state import State
from .troubles import Troubles
from .validation import default_path, load
from .webhooks import Webhooks

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType

    from .changes import T
    from .endpoint import Endpoint
    from .message import Message
    from .records import Json, Ping, Request, User, Violation

TOKEN = "token-of-a-bot-that-is-nobody"
PATIENCE_S = 10.0
"""How long a wait lasts at most: far more than a loaded machine needs."""
REQUEST_BYTES = 256 * 1024 * 1024
"""More than ten files that are too large: it is for Discord's own limit to refuse them."""
NO_INTENTS = Intents(0)
STOP_S = 1.0
"""How long requests in progress may take when the server stops."""


class FakeDiscord(Actions, Places, Troubles):
    """A Discord of our own: `async with FakeDiscord() as server`.

    `clock` is the server's time; `Clock.frozen()` keeps a slow machine from being late.
    `description` is Discord's openapi.json; where there is none, bodies are not validated.
    `shards` is what /gateway/bot recommends, `granted` which privileged intents the bot has.
    """

    def __init__(
        self,
        *,
        token: str = TOKEN,
        clock: Clock | None = None,
        patience: float = PATIENCE_S,
        description: Path | None = None,
        shards: int = 1,
        granted: Intents = NO_INTENTS,
    ) -> None:
        self.clock = clock or Clock()
        self.token = token
        state = State(token=token, clock=self.clock, patience=patience)
        state.shards, state.granted = shards, granted
        self.gateway = Gateway(state)
        messages = Messages(state, self.gateway)
        super().__init__(state, self.gateway, messages, Scripts(state.changes))
        place = description or default_path()
        self.description = load(place)
        self._place = place
        self._endpoints: tuple[Endpoint, ...] = (
            *Account(state).endpoints(),
            *Commands(state).endpoints(),
            *Channels(state, messages).endpoints(),
            *Guilds(state).endpoints(),
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
    def routes(self) -> tuple[tuple[str, str], ...]:
        """Every method and route that the fake answers; attachments are fetched by the last."""
        return (*((e.method, e.route) for e in self._endpoints), ("GET", DOWNLOAD))

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

    async def wait_ready(self, within: float | None = None, *, shard: int | None = None) -> None:
        """Until the bot, or one shard of it, is connected: READY and its guilds are on their way.

        After a lost connection RESUMED will do.
        """
        await self.wait_for(lambda: self.gateway.clients(shard), "connected bot", within)

    async def wait_gone(self, within: float | None = None, *, shard: int | None = None) -> None:
        """Until no bot is connected, or no such shard of it."""
        await self.wait_for(lambda: not self.gateway.clients(shard), "disconnection", within)

    async def wait_for(
        self, look: Callable[[], T | None], what: str, within: float | None = None
    ) -> T:
        """The first true result of `look`; raises TimeoutError, which says what did happen."""
        return await self._state.changes.wait_for(look, what, within)

    async def drop_connection(self, shard: int | None = None) -> None:
        """Cut the line, as a failing network does; the session can be resumed."""
        self.gateway.drop(shard)

    async def request_reconnect(self, shard: int | None = None) -> None:
        """Ask the bot to reconnect and resume (op 7)."""
        self.gateway.request_reconnect(shard)

    async def invalidate_session(
        self, shard: int | None = None, *, resumable: bool = False
    ) -> None:
        """Tell the bot that its session is invalid (op 9)."""
        self.gateway.invalidate(shard, resumable=resumable)

    async def forget_session(self, shard: int | None = None) -> None:
        """Cut the line and forget the session: whoever resumes it is told that it is invalid."""
        doomed = [s for s in self.gateway.sessions.values() if shard in (None, s.shard[0])]
        self.gateway.drop(shard)
        for session in doomed:
            del self.gateway.sessions[session.id]
