"""What a bot may ask about a guild that it is in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .endpoint import Endpoint
from .errors import ApiError, Refusal
from .payloads import channel_payload, member_payload, roles_payload, user_payload
from .records import Call, Guild, Reply

if TYPE_CHECKING:
    from .state import State

GUILD = "/guilds/{guild_id}"


class Guilds:
    """Roles, channels and single members."""

    def __init__(self, state: State) -> None:
        self._state = state

    def endpoints(self) -> tuple[Endpoint, ...]:
        """What it answers."""
        return (
            Endpoint("GET", GUILD + "/roles", self.roles),
            Endpoint("GET", GUILD + "/channels", self.channels),
            Endpoint("GET", GUILD + "/members/{user_id}", self.member),
        )

    def roles(self, call: Call) -> Reply:
        return Reply(body=roles_payload(self._guild(call), self._state))

    def channels(self, call: Call) -> Reply:
        guild = self._guild(call)
        here = (c for c in self._state.channels.values() if c.guild == guild and not c.parent)
        return Reply(body=[channel_payload(channel, self._state) for channel in here])

    def member(self, call: Call) -> Reply:
        guild, user = self._guild(call), self._state.users.get(call.id("user_id"))
        if user is None or not self._state.is_member(user, guild):
            raise ApiError(Refusal.UNKNOWN_USER if user is None else Refusal.UNKNOWN_MEMBER)
        about = member_payload(self._state, guild, user)
        return Reply(body=about | {"user": user_payload(user)})

    def _guild(self, call: Call) -> Guild:
        guild = self._state.guilds.get(call.id("guild_id"))
        if guild is None:
            raise ApiError(Refusal.UNKNOWN_GUILD)
        if not self._state.is_member(self._state.bot, guild):
            raise ApiError(Refusal.MISSING_ACCESS)
        return guild
