"""The connection to Discord: its life from start to SIGTERM."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import math
import signal
from typing import TYPE_CHECKING

import aiohttp
import discord
import yarl
from discord import app_commands

from bot.discord.asking import Asking
from bot.discord.commands import Cooldowns, answer_message, ask_command
from bot.discord.quoting import QuoteButton, quote_command
from bot.discord.replies import sentence, tell
from bot.discord.verifying import check_menu, verify_command
from bot.discord.views import PageButton
from bot.state import State
from corpus.errors import ConfigError, InputError, MetquoteError

if TYPE_CHECKING:
    from bot.config import DiscordSettings
    from bot.service import Service

_log = logging.getLogger("metquote")
_TREE = "discord.tree"


class _Tree(app_commands.CommandTree[discord.Client]):
    """Commands whose failures are told to the person, in a sentence."""

    async def on_error(
        self, interaction: discord.Interaction[discord.Client], error: app_commands.AppCommandError
    ) -> None:
        cause = error.__cause__ or error
        _log.error("a command failed", exc_info=cause)
        if isinstance(cause, MetquoteError):
            await tell(interaction, sentence(cause))
        else:
            await tell(interaction, "That did not work; the reason is in the bot's log.")


class MetquoteClient(discord.Client):
    """The bot. It asks for no privileged intent and never lets a message ping anybody."""

    def __init__(self, service: Service, state: State) -> None:
        intents = discord.Intents.none()
        intents.guilds = intents.guild_messages = intents.dm_messages = True
        super().__init__(
            intents=intents, allowed_mentions=discord.AllowedMentions.none(), max_messages=None
        )
        self.service, self.state = service, state
        self.asking = Asking(service, state)
        self._cooldowns = Cooldowns(service.settings.discord.cooldown_seconds)
        self.tree = _Tree(self)

    def cool(self, person: int) -> None:
        """Count a question of ``person``.

        Raises:
            InputError: it comes too soon after the last one.
        """
        left = self._cooldowns.wait(person)
        if left > 0:
            raise InputError(f"one question at a time, please: ask again in {math.ceil(left)} s")

    async def setup_hook(self) -> None:
        """Register the commands with Discord, if they changed since they were registered last."""
        self.add_dynamic_items(PageButton, QuoteButton)
        self.tree.add_command(ask_command(self))
        self.tree.add_command(quote_command(self))
        self.tree.add_command(verify_command(self))
        self.tree.add_command(check_menu(self))
        commands = [command.to_dict(self.tree) for command in self.tree.get_commands()]
        text = json.dumps([self.application_id, commands], sort_keys=True, default=str)
        digest = hashlib.sha256(text.encode()).hexdigest()
        if self.state.fact(_TREE) != digest:
            await self.tree.sync()
            self.state.set_fact(_TREE, digest)

    async def on_ready(self) -> None:
        """Say in the log that questions can come."""
        _log.info("connected to Discord as %s, in %d servers", self.user, len(self.guilds))

    async def on_message(self, message: discord.Message) -> None:
        """Answer direct messages, and messages that mention the bot itself."""
        if message.author.bot or self.user is None:
            return
        mentioned = any(person.id == self.user.id for person in message.mentions)
        if message.guild is None or mentioned:
            await answer_message(self, message)

    async def on_error(self, event_method: str, /, *_: object, **__: object) -> None:
        """Log what failed in an event; the connection goes on."""
        _log.exception("handling %s failed", event_method)

    async def close(self) -> None:
        """Leave Discord, let running searches end, close the files."""
        if self.is_closed():
            return
        await super().close()
        await asyncio.to_thread(self.asking.close)
        self.service.close()
        self.state.close()


def run(service: Service, token: str) -> None:
    """Serve until SIGTERM or SIGINT.

    Raises:
        ConfigError: Discord refuses the token.
        MetquoteError: Discord cannot be reached.
    """
    # Neither is of use to a bot that does not speak.
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    logging.basicConfig(
        level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    _log.setLevel(logging.INFO)
    _point_at(service.settings.discord)
    try:
        asyncio.run(_serve(service, token))
    except discord.LoginFailure as error:
        raise ConfigError(
            "Discord refused the token; copy it again from the bot's page at "
            "https://discord.com/developers/applications"
        ) from error
    except (
        aiohttp.ClientError,
        ConnectionError,
        TimeoutError,
        discord.HTTPException,
        discord.GatewayNotFound,
        discord.ConnectionClosed,
    ) as error:
        raise MetquoteError(
            f"Discord cannot be reached ({type(error).__name__}); try again"
        ) from error


def _point_at(settings: DiscordSettings) -> None:
    """Another address than Discord's own, for tests."""
    if settings.api_base:
        discord.http.Route.BASE = settings.api_base
    if settings.gateway:
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(settings.gateway)


async def _serve(service: Service, token: str) -> None:
    client = MetquoteClient(service, State(service.settings.data / "state.sqlite"))
    loop = asyncio.get_running_loop()
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    # Loaded before the first question, so that it is not the one that waits.
    await asyncio.to_thread(_load, service)
    running = asyncio.create_task(client.start(token))
    stopped = asyncio.create_task(stopping.wait())
    try:
        await asyncio.wait({running, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if stopping.is_set():
            _log.info("told to stop")
    finally:
        stopped.cancel()
        await client.close()
    try:
        await running
    except AttributeError as error:
        if client.ws is not None:
            raise
        # discord.py 2.7 looks for a session to resume even where none ever began.
        raise MetquoteError("Discord cannot be reached (its gateway); try again") from error


def _load(service: Service) -> None:
    with service.snapshot() as snapshot:
        snapshot.verifier.prepare()
