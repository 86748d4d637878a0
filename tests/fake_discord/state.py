"""Everything that the fake knows; it has no manners of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .changes import Changes
from .clock import Clock, Snowflakes
from .constants import TOKEN_S, Intents, Permissions
from .moderation import Moderation
from .permissions import bot_may
from .records import Channel, Guild, Json, Overwrite, Ping, Request, Role, User, Violation

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
        self.absent: set[tuple[int, int]] = set()
        """Who is not in which guild, by the ids of the guild and of the user, or of the bot."""
        self.roles: dict[int, Role] = {}
        self.held_roles: dict[tuple[int, int], tuple[int, ...]] = {}
        """Who has which roles, by the ids of the guild and of the user."""
        self.channels: dict[int, Channel] = {}
        """Those that are there; what was deleted is gone from it."""
        self.overwrites: dict[int, dict[int, Overwrite]] = {}
        """What channels change, by the ids of the channel and of the guild, role or user."""
        self.overrides: dict[tuple[int, str], dict[int, bool]] = {}
        """Who may use which command in which guild, whatever the command itself demands."""
        self.moderation = Moderation()
        self.shards = 1
        """Of how many shards /gateway/bot speaks."""
        self.granted = Intents(0)
        """The privileged intents that the bot was granted."""
        self.messages: dict[int, Message] = {}
        self.interactions: dict[int, Interaction] = {}
        self.by_token: dict[str, Interaction] = {}
        self.by_nonce: dict[str, Message] = {}
        """The bot's latest plain message with each nonce."""
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
            if channel.recipient == user and not channel.others:
                return channel
        channel = Channel(self.ids.next(), user.name, recipient=user)
        self.channels[channel.id] = channel
        return channel

    def may(self, permission: Permissions, channel: Channel) -> bool:
        """Whether the bot may do something in a channel."""
        return bot_may(self, permission, channel)

    def is_member(self, user: User, guild: Guild) -> bool:
        """Whether `user` is in a guild."""
        return (guild.id, user.id) not in self.absent

    def roles_of(self, user: User, guild: Guild) -> tuple[Role, ...]:
        """The roles that `user` has in a guild; @everyone is none of them."""
        held = self.held_roles.get((guild.id, user.id), ())
        return tuple(self.roles[id_] for id_ in held)

    def interaction_by_token(self, token: str) -> Interaction | None:
        """The interaction that goes by `token`, however old."""
        return self.by_token.get(token)

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
