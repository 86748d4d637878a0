"""Everything that the fake knows; it has no manners of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .changes import Changes
from .clock import Clock, Snowflakes
from .constants import TOKEN_S, Permissions
from .records import Channel, Guild, Json, Ping, Request, User, Violation

if TYPE_CHECKING:
    from .interaction import Interaction
    from .message import Message

REQUESTS_TOLD = 12
"""How many of the latest requests an expired wait tells of."""


class State:
    """One Discord, as long as it runs."""

    def __init__(self, *, token: str, clock: Clock, patience: float) -> None:
        self.token = token
        self.clock = clock
        self.ids = Snowflakes(clock)
        self.changes = Changes(self.describe, patience)
        self.base = ""
        """Where the server listens: "http://127.0.0.1:1234"."""
        self.application_id = self.ids.next()
        self.bot = User(self.ids.next(), "metquote", bot=True)
        self.owner = User(self.ids.next(), "owner")
        self.users: dict[int, User] = {user.id: user for user in (self.bot, self.owner)}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.messages: dict[int, Message] = {}
        self.interactions: dict[int, Interaction] = {}
        self.commands: dict[int, Json] = {}
        """Registered application commands by id, as Discord gives them back."""
        self.commands_created = 0
        self.files: dict[int, bytes] = {}
        """What attachments' addresses lead to, by the attachment's id."""
        self.requests: list[Request] = []
        self.violations: list[Violation] = []
        self.pings: list[Ping] = []

    def dm_with(self, user: User) -> Channel:
        """The direct message channel of the bot and `user`, opened if need be."""
        for channel in self.channels.values():
            if channel.recipient == user:
                return channel
        channel = Channel(self.ids.next(), user.name, recipient=user)
        self.channels[channel.id] = channel
        return channel

    def may(self, permission: Permissions, channel: Channel) -> bool:
        """Whether the bot may do something in a channel."""
        if channel.guild is None:
            return True
        return permission in (self.bot.permissions & ~channel.denied)

    def interaction_by_token(self, token: str) -> Interaction | None:
        """The interaction that goes by `token`, however old."""
        for interaction in self.interactions.values():
            if interaction.token == token:
                return interaction
        return None

    def age(self, interaction: Interaction) -> float:
        """Seconds since it was made."""
        return self.clock.now() - interaction.created

    def expired(self, interaction: Interaction) -> bool:
        """Whether its token is no longer good for anything."""
        return self.age(interaction) > TOKEN_S

    def describe(self) -> str:
        """What happened last, for a test whose wait was in vain."""
        requests = [f"  {r.method} {r.path} -> {r.status}" for r in self.requests[-REQUESTS_TOLD:]]
        violations = [f"  {violation}" for violation in self.violations]
        return "\n".join(
            ("the latest requests:", *requests, "violations so far:", *(violations or ["  none"]))
        )
