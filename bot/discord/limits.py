"""Who may ask now and here: cooldowns of people, channels and servers, and where the bot answers.

Cooldowns are kept in the memory of each process: a restart is a fair pause, and of several
processes each serves servers of its own.
"""

from __future__ import annotations

import asyncio
import math
import time
from typing import TYPE_CHECKING

import discord

from bot.discord.asking import BUSY
from bot.state.settings import ChannelSettings, GuildSettings, Here
from corpus.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.discord.client import MetquoteClient
    from bot.settings import DiscordSettings
    from bot.state import State

# So many are kept before those that have run out are looked for.
_MANY = 1_000
_LONG_SECONDS = 120
# How long what another process changed may take to be noticed.
_FRESH_SECONDS = 5.0
_ELSEWHERE = "I do not answer in this channel; "
_ONE = "one question at a time, please"


class Limits:
    """When each person asked last, and when somebody did in each channel and server."""

    def __init__(
        self, settings: DiscordSettings, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """``clock`` gives seconds that never go back."""
        self._settings, self._clock = settings, clock
        self._last: dict[tuple[str, int], tuple[float, float]] = {}
        self._many = _MANY

    def __len__(self) -> int:
        """How many people, channels and servers are remembered."""
        return len(self._last)

    def take(self, person: int, channel: int, guild: int | None, here: Here) -> None:
        """Count a question, if it may be asked; one that may not be counts for nothing.

        Raises:
            InputError: it comes too soon; the message says for whom, and when to ask again.
        """
        now = self._clock()
        limits = [one for one in self._limits(person, channel, guild, here) if one[1] > 0]
        waits = []
        for key, seconds in limits:
            last, _ = self._last.get(key, (now - seconds, 0.0))
            waits.append((last + seconds - now, key[0], seconds))
        left, what, seconds = max(waits, default=(0.0, "", 0.0))
        if left > 0:
            raise InputError(_told(what, left, seconds))
        for key, seconds in limits:
            self._last[key] = now, seconds
        if len(self._last) > self._many:
            self._last = {key: one for key, one in self._last.items() if now - one[0] < one[1]}
            self._many = max(_MANY, 2 * len(self._last))

    def _limits(
        self, person: int, channel: int, guild: int | None, here: Here
    ) -> Iterator[tuple[tuple[str, int], float]]:
        default = self._settings
        yield ("person", person), _given(here.person_cooldown, default.cooldown_seconds)
        if guild is None:
            return
        yield ("channel", channel), _given(here.channel_cooldown, default.channel_cooldown_seconds)
        yield ("server", guild), _given(here.guild.guild_cooldown, default.guild_cooldown_seconds)


class Places:
    """What servers and their channels chose, read again every few seconds."""

    def __init__(self, state: State, clock: Callable[[], float] = time.monotonic) -> None:
        self._state, self._clock = state, clock
        self._known: dict[tuple[int, int], tuple[float, Here]] = {}

    def here(self, guild: int | None, channel: int) -> Here:
        """What holds in a channel; in direct messages, what the operator chose.

        Raises:
            StorageError: the database, or what it holds of them, cannot be read.
        """
        if guild is None:
            return Here.of(channel, GuildSettings(), ChannelSettings())
        found = self.known(guild, channel)
        if found is None:
            found = self._state.guilds.here(guild, channel)
            if len(self._known) > _MANY:
                self._known.clear()
            self._known[guild, channel] = self._clock(), found
        return found

    def known(self, guild: int, channel: int) -> Here | None:
        """The same, if it was read just now."""
        when, found = self._known.get((guild, channel), (-math.inf, None))
        return found if self._clock() - when < _FRESH_SECONDS else None

    def changed(self) -> None:
        """Read everything again: somebody has changed something."""
        self._known.clear()


async def admitted(
    client: MetquoteClient,
    asked: discord.Interaction[discord.Client] | discord.Message,
    known: Callable[[Here], bool] | None = None,
) -> Here:
    """Count a question; what holds where it was asked.

    ``known`` says whether the answer is known: then it is given however many others wait.

    Raises:
        InputError: the bot does not answer there, it comes too soon, or too many others ask.
        StorageError: the settings cannot be read.
    """
    person = asked.author if isinstance(asked, discord.Message) else asked.user
    guild = None if asked.guild is None else asked.guild.id
    channel = channel_of(asked)
    here = await here_of(client, asked)
    if not here.answers:
        raise InputError(_ELSEWHERE + _where(client, here, person))
    if client.asking.is_full and (known is None or not known(here)):
        raise InputError(BUSY)
    client.limits.take(person.id, channel, guild, here)
    return here


async def here_of(
    client: MetquoteClient, asked: discord.Interaction[discord.Client] | discord.Message
) -> Here:
    """What holds where something was asked or clicked.

    Raises:
        StorageError: the settings cannot be read.
    """
    guild = None if asked.guild is None else asked.guild.id
    channel = channel_of(asked)
    if guild is None:
        return client.places.here(None, channel)
    found = client.places.known(guild, channel)
    if found is not None:
        return found
    # Not in a search thread: all of them may be busy, and this one must be answered at once.
    return await asyncio.to_thread(client.places.here, guild, channel)


def channel_of(asked: discord.Interaction[discord.Client] | discord.Message) -> int:
    """The channel's id; of a thread, that of the channel it belongs to."""
    channel = asked.channel
    if isinstance(channel, discord.Thread):
        return channel.parent_id
    return channel.id if channel is not None else 0


def _where(client: MetquoteClient, here: Here, person: discord.abc.User) -> str:
    """Where the bot answers, of the channels that the person sees."""
    channels = [client.get_channel(channel) for channel in here.guild.answers_in]
    names = [
        f"#{channel.name}"
        for channel in channels
        if isinstance(channel, discord.TextChannel)
        and isinstance(person, discord.Member)
        and channel.permissions_for(person).view_channel
    ]
    return f"ask me in {' or '.join(names) if names else 'another one'}, or write to me directly"


def _given(chosen: float | None, default: float) -> float:
    return default if chosen is None else chosen


def _told(what: str, left: float, seconds: float) -> str:
    if what == "person":
        return f"{_ONE}: ask again in {_time(left)}"
    return f"this {what} takes one question every {_time(seconds)}: ask again in {_time(left)}"


def _time(seconds: float) -> str:
    if seconds < _LONG_SECONDS:
        return f"{math.ceil(seconds)} s"
    return f"{math.ceil(seconds / 60)} min"
