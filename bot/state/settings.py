"""What a server and its channels have chosen; ``None`` is what the operator or server chose."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select

from bot.dates import DATE_LANGUAGES
from bot.state.schedule import DigestTimes
from bot.state.tables import channel_settings, guild_settings
from corpus.errors import InputError, StorageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

_MOST_COOLDOWN = 86_400.0
_HOURS, _DAYS = 24, 7


@dataclass(frozen=True, slots=True)
class _Chosen:
    """What both kinds of settings have in common: they are JSON objects."""

    def text(self) -> str:
        """As it is kept: what differs from the default, so that a new default reaches it."""
        default = type(self)()
        values = {
            name: value for name, value in asdict(self).items() if value != getattr(default, name)
        }
        return json.dumps(values)

    @classmethod
    def read(cls, text: str) -> Self:
        """What `text` wrote; a key that only a newer program knows is passed over.

        Raises:
            StorageError: it is no such thing.
        """
        try:
            values = json.loads(text)
            known = {one.name for one in fields(cls)}
            return cls(
                **{
                    name: tuple(value) if isinstance(value, list) else value
                    for name, value in values.items()
                    if name in known
                }
            )
        except (ValueError, TypeError, AttributeError, InputError) as error:
            raise StorageError(
                f"the settings of a server cannot be read ({error}); choose them again"
            ) from error


@dataclass(frozen=True, slots=True)
class GuildSettings(_Chosen):
    """A server's settings. Ids are Discord's; cooldowns are in seconds.

    ``answers_in`` are the channels where the bot answers, all if there are none; ``preferred``
    and ``left_out`` are publishers. Digests come at ``digest_hour`` (0–23), weekly ones on
    ``digest_weekday`` (0–6, Monday is 0), by the clocks of ``time_zone``.
    """

    answers_in: tuple[int, ...] = ()
    private: bool = False
    preferred: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    person_cooldown: float | None = None
    channel_cooldown: float | None = None
    guild_cooldown: float | None = None
    date_language: str = DATE_LANGUAGES[0]
    moderator_role: int | None = None
    moderators_channel: int | None = None
    time_zone: str = "Europe/London"
    digest_hour: int = 9
    digest_weekday: int = 0

    def __post_init__(self) -> None:
        """Refuse what makes no sense.

        Raises:
            InputError: with what is wrong and what to choose instead.
        """
        _check_cooldowns(self.person_cooldown, self.channel_cooldown, self.guild_cooldown)
        if self.date_language not in DATE_LANGUAGES:
            raise InputError(f"the language of dates is one of {', '.join(DATE_LANGUAGES)}")
        if not 0 <= self.digest_hour < _HOURS:
            raise InputError("the hour of digests is a whole number from 0 to 23")
        if not 0 <= self.digest_weekday < _DAYS:
            raise InputError("the day of digests is from 0 (Monday) to 6 (Sunday)")
        try:
            ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise InputError(
                f"{self.time_zone!r} is no time zone; name one such as Europe/London"
            ) from error

    @property
    def digest_times(self) -> DigestTimes:
        """When digests are due."""
        return DigestTimes(self.time_zone, self.digest_hour, self.digest_weekday)


@dataclass(frozen=True, slots=True)
class ChannelSettings(_Chosen):
    """A channel's own settings; ``None`` means that the server's hold."""

    answers: bool | None = None
    private: bool | None = None
    preferred: tuple[str, ...] | None = None
    left_out: tuple[str, ...] | None = None
    person_cooldown: float | None = None
    channel_cooldown: float | None = None

    def __post_init__(self) -> None:
        """Refuse what makes no sense.

        Raises:
            InputError: with what is wrong and what to choose instead.
        """
        _check_cooldowns(self.person_cooldown, self.channel_cooldown)


@dataclass(frozen=True, slots=True)
class Here:
    """What holds in one channel, all things considered."""

    answers: bool
    private: bool
    preferred: tuple[str, ...]
    left_out: tuple[str, ...]
    person_cooldown: float | None
    channel_cooldown: float | None
    guild: GuildSettings

    @classmethod
    def of(cls, channel_id: int, guild: GuildSettings, channel: ChannelSettings) -> Here:
        """The channel's settings where it has any, and the server's elsewhere."""
        everywhere: dict[str, Any] = {
            "answers": not guild.answers_in or channel_id in guild.answers_in,
            "private": guild.private, "preferred": guild.preferred, "left_out": guild.left_out,
            "person_cooldown": guild.person_cooldown, "channel_cooldown": guild.channel_cooldown,
        }  # fmt: skip
        own = {name: value for name, value in asdict(channel).items() if value is not None}
        return cls(**(everywhere | own), guild=guild)


def guild_settings_of(connection: Connection, guild: int) -> GuildSettings:
    """A server's settings; the defaults where it has chosen none."""
    chosen = select(guild_settings.c.settings).where(guild_settings.c.guild == guild)
    return GuildSettings.read(connection.scalar(chosen) or "{}")


def channel_settings_of(connection: Connection, guild: int, channel: int) -> ChannelSettings:
    """A channel's own settings."""
    chosen = select(channel_settings.c.settings).where(
        channel_settings.c.guild == guild, channel_settings.c.channel == channel
    )
    return ChannelSettings.read(connection.scalar(chosen) or "{}")


def unknown_kept(before: str | None, after: str, known: Mapping[str, Any]) -> str:
    """``after`` with the keys of ``before`` that are not ``known``: a newer program's."""
    old = json.loads(before) if before else {}
    kept = {name: value for name, value in old.items() if name not in known}
    return json.dumps(kept | json.loads(after))


def _check_cooldowns(*cooldowns: float | None) -> None:
    for seconds in cooldowns:
        if seconds is not None and not (math.isfinite(seconds) and 0 <= seconds <= _MOST_COOLDOWN):
            raise InputError("a cooldown is from 0 to 86,400 seconds")
