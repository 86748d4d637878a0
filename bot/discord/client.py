"""The connection to Discord: its life from start to SIGTERM."""

from __future__ import annotations

import asyncio
import gc
import hashlib
import json
import logging
import signal
from typing import TYPE_CHECKING

import aiohttp
import discord
import yarl
from discord import app_commands

from bot.discord import following, members, moderators, renderers, reporters
from bot.discord.about import FirstAnswers
from bot.discord.asking import Asking
from bot.discord.buttons import KeptButton, KeptChannels, submitted
from bot.discord.conversation import answer_message
from bot.discord.delivery import refused
from bot.discord.limits import Limits, Places
from bot.discord.replies import sentence, tell
from bot.discord.retention import purge_daily
from bot.discord.work import Work
from bot.state import State
from corpus.errors import ConfigError, MetquoteError

if TYPE_CHECKING:
    from bot.discord.buttons import Actions
    from bot.discord.outbox import Renderers
    from bot.service import Service
    from bot.settings import DiscordSettings
    from bot.state.posts import Post

_log = logging.getLogger("metquote")
_TREE = "discord.tree"
_TREE_SECONDS, _TREE_PAUSE_SECONDS = 60.0, 0.2


class _Tree(app_commands.CommandTree[discord.Client]):
    """Commands whose failures are told to the person, in a sentence."""

    async def on_error(
        self, interaction: discord.Interaction[discord.Client], error: app_commands.AppCommandError
    ) -> None:
        cause = error.__cause__ or error
        if isinstance(cause, (discord.HTTPException, aiohttp.ClientError)):
            await refused(interaction, cause)
            return
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
        settings = service.settings.discord
        super().__init__(
            intents=intents,
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            shard_id=settings.shard_id if settings.shard_count else None,
            shard_count=settings.shard_count or None,
        )
        self.service, self.state = service, state
        self.asking = Asking(service, state)
        self.limits, self.places = Limits(service.settings.discord), Places(state)
        self.first_answers = FirstAnswers(state)
        # Wherever people are; a command that is for servers alone says so itself.
        self.tree = _Tree(
            self,
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=True, private_channel=True
            ),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
        )
        self.actions: Actions = members.ACTIONS | reporters.ACTIONS | moderators.ACTIONS
        self.renderers: Renderers = {
            **members.RENDERERS,
            **moderators.RENDERERS,
            **renderers.RENDERERS,
        }
        # Whoever holds it posts what the outbox holds.
        self.posting = asyncio.Lock()
        # One index is built at a time.
        self.building = asyncio.Lock()
        self.work = Work(self)
        self._purging: asyncio.Task[None] | None = None

    async def remembered(self, message: int) -> Post | None:
        """What a message of the bot's shows; ``None`` if it is not remembered."""
        # Not in a search thread: those who wait for their answers have all of them.
        return await asyncio.to_thread(self.state.posts.of_message, message)

    async def is_new(self, guild: int | None) -> bool:
        """Whether this is one of the first answers in a server; counts it."""
        if self.first_answers.is_known(guild):
            return False
        return await self.asking.write(lambda: self.first_answers.take(guild))

    async def setup_hook(self) -> None:
        """Register the commands with Discord, if they changed since they were registered last."""
        self.add_dynamic_items(KeptButton, KeptChannels)
        members.add_commands(self)
        reporters.add_commands(self)
        moderators.add_commands(self)
        following.add_commands(self)
        commands = [command.to_dict(self.tree) for command in self.tree.get_commands()]
        text = json.dumps([self.application_id, commands], sort_keys=True, default=str)
        digest = hashlib.sha256(text.encode()).hexdigest()
        await self._register(digest)
        await self.work.begin()
        self._purging = asyncio.create_task(purge_daily(self.state, self.service.settings.discord))

    async def _register(self, digest: str) -> None:
        """Tell Discord of the commands; of processes that start together, one does."""
        state = self.state
        while await asyncio.to_thread(state.facts.get, _TREE) != digest:
            if await asyncio.to_thread(state.leases.take, _TREE, _TREE_SECONDS):
                try:
                    if await asyncio.to_thread(state.facts.get, _TREE) != digest:
                        await self.tree.sync()
                        await asyncio.to_thread(state.facts.put, _TREE, digest)
                finally:
                    await asyncio.to_thread(state.leases.release, _TREE)
            else:
                await asyncio.sleep(_TREE_PAUSE_SECONDS)

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

    async def on_interaction(self, interaction: discord.Interaction[discord.Client]) -> None:
        """Take the forms that people send; commands and buttons have ways of their own."""
        if interaction.type is discord.InteractionType.modal_submit:
            await submitted(self, interaction)

    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """Forget what a deleted message of the bot's showed."""
        await following.forget_messages(self, [event.message_id])

    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        """The same of many."""
        await following.forget_messages(self, event.message_ids)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Forget all of a server that the bot left or was thrown out of."""
        await following.forget_guild(self, guild.id)

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Forget what a deleted channel showed and followed."""
        await following.forget_channel(self, channel.guild.id, channel.id)

    async def on_raw_thread_delete(self, event: discord.RawThreadDeleteEvent) -> None:
        """The same of a thread."""
        await following.forget_channel(self, event.guild_id, event.thread_id)

    async def on_error(self, event_method: str, /, *_: object, **__: object) -> None:
        """Log what failed in an event; the connection goes on."""
        _log.exception("handling %s failed", event_method)

    async def close(self) -> None:
        """Leave Discord, let running searches end, close the files."""
        if self.is_closed():
            return
        if self._purging is not None:
            self._purging.cancel()
        await self.work.stop()
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
    client = MetquoteClient(
        service, State(service.settings.state.url or service.settings.data / "state.sqlite")
    )
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
    # What stays is not to be looked through for garbage again and again, while everybody waits.
    gc.collect()
    gc.freeze()
