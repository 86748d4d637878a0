"""What the fake knows, in small frozen types."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from .constants import MEMBER_PERMISSIONS, ChannelType, Permissions

if TYPE_CHECKING:
    from collections.abc import Mapping

Json: TypeAlias = dict[str, Any]
LOCALE = "en-GB"


@dataclass(frozen=True, slots=True)
class User:
    """Somebody; a member of every guild that they have not left."""

    id: int
    name: str
    bot: bool = False
    permissions: Permissions = MEMBER_PERMISSIONS
    accepts_dms: bool = True
    locale: str = LOCALE

    @property
    def mention(self) -> str:
        """What a message holds where this user is mentioned."""
        return f"<@{self.id}>"


@dataclass(frozen=True, slots=True)
class Guild:
    """A server of Discord's."""

    id: int
    name: str
    owner_id: int
    locale: str = LOCALE


@dataclass(frozen=True, slots=True)
class Role:
    """A role of a guild's; who has it, the server knows."""

    id: int
    name: str
    guild: Guild
    permissions: Permissions = Permissions.NONE

    @property
    def mention(self) -> str:
        """What a message holds where this role is mentioned."""
        return f"<@&{self.id}>"


@dataclass(frozen=True, slots=True)
class Overwrite:
    """What a channel allows and denies to a role or a member, beyond the guild's own rules."""

    of_role: bool
    allow: Permissions = Permissions.NONE
    deny: Permissions = Permissions.NONE


@dataclass(frozen=True, slots=True)
class Channel:
    """A guild's text channel or thread, or a channel of private messages: `guild` is None."""

    id: int
    name: str
    guild: Guild | None = None
    recipient: User | None = None
    denied: Permissions = Permissions.NONE
    """What the bot might not do here when the channel was made."""
    parent: Channel | None = None
    """Of which channel it is a thread."""
    others: tuple[User, ...] = ()
    """Whose group it is: the bot is not in it."""

    @property
    def type(self) -> ChannelType:
        """Which kind of channel it is."""
        if self.others:
            return ChannelType.GROUP_DM
        if self.guild is None:
            return ChannelType.DM
        return ChannelType.GUILD_TEXT if self.parent is None else ChannelType.PUBLIC_THREAD


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way in."""

    filename: str
    content: bytes
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that a message holds."""

    id: int
    filename: str
    content: bytes
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Button:
    """A button that a message shows."""

    custom_id: str | None
    label: str | None
    disabled: bool
    style: int
    url: str | None


@dataclass(frozen=True, slots=True)
class Choice:
    """One suggestion of an autocompletion."""

    name: str
    value: str | int | float


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a request, where Discord would point to it."""

    path: tuple[str | int, ...]
    code: str
    message: str
    limit: str
    """Which rule it breaks, in one word for tests: "content", "embed.title", "acknowledge"."""


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule of Discord's that the bot broke."""

    limit: str
    detail: str
    method: str
    path: str
    status: int
    """What the request was answered with; 0 where no request was involved."""


@dataclass(frozen=True, slots=True)
class Ping:
    """Somebody whom a message would have notified."""

    message_id: int
    version: int
    """0 for the message as first sent, then one more for each edit."""
    kind: Literal["everyone", "user", "role", "reply"]
    target: str


@dataclass(frozen=True, slots=True)
class Call:
    """A request on its way to what answers it."""

    method: str
    route: str
    """Discord's own template: "/channels/{channel_id}/messages"."""
    path: str
    parameters: Mapping[str, str]
    query: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    uploads: tuple[Upload, ...] = ()

    def id(self, name: str) -> int:
        """The id that the path holds under `name`; 0, which nothing has, where it is no number."""
        text = self.parameters.get(name, "")
        return int(text) if text.isascii() and text.isdigit() else 0


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False
    """Whether the line is cut before all of it has been sent."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request and its answer, as they were."""

    method: str
    path: str
    """Below `api_base`: "/channels/1/messages"."""
    route: str
    query: Mapping[str, str]
    body: Any
    uploads: tuple[Upload, ...]
    status: int
    """0 where the line was cut before there was an answer."""
    response: Any
