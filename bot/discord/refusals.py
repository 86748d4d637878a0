"""What Discord's refusals mean for work that nobody waits for."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import aiohttp
import discord

if TYPE_CHECKING:
    from bot.discord.client import MetquoteClient

# Everything that a request to Discord may end with.
TROUBLES = (discord.HTTPException, discord.RateLimited, aiohttp.ClientError, OSError, TimeoutError)
_MOST_SECONDS = 3_600.0
_TOO_MANY, _SERVER = 429, 500


class Refusal(StrEnum):
    """Why Discord did not do something, in words for moderators."""

    NO_MESSAGE = "the message was deleted"
    NO_CHANNEL = "the channel was deleted"
    FORBIDDEN = "I lack a permission there: View Channel, Send Messages or Embed Links"
    BLOCKED = "this server's AutoMod does not let the words through"
    LATER = "Discord is in trouble"
    OTHER = "Discord does not take it"


_MEANINGS = {
    10008: Refusal.NO_MESSAGE,
    10003: Refusal.NO_CHANNEL,
    50001: Refusal.FORBIDDEN,
    50013: Refusal.FORBIDDEN,
    200000: Refusal.BLOCKED,
    200001: Refusal.BLOCKED,
}


def refusal_of(error: BaseException) -> Refusal:
    """What an error of `TROUBLES` means."""
    if not isinstance(error, discord.HTTPException):
        return Refusal.LATER
    if error.status == _TOO_MANY or error.status >= _SERVER:
        return Refusal.LATER
    return _MEANINGS.get(error.code, Refusal.OTHER)


def pause(attempts: int, first: float) -> float:
    """Seconds until the next of so many attempts: ``first``, then twice as long each time."""
    return float(min(first * 2 ** min(attempts - 1, 16), _MOST_SECONDS))


def link(guild: int | None, channel: int, message: int) -> str:
    """The address of a message."""
    return f"https://discord.com/channels/{guild or '@me'}/{channel}/{message}"


def place(client: MetquoteClient, guild: int | None, channel: int) -> discord.PartialMessageable:
    """A channel by its id, whichever shard its server belongs to."""
    return client.get_partial_messageable(channel, guild_id=guild)
