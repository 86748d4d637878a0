"""Who would be notified by a message, by Discord's rules of allowed mentions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from .components import walk
from .constants import ComponentType

if TYPE_CHECKING:
    from .records import Json

EVERYONE = re.compile(r"@(everyone|here)")
USER = re.compile(r"<@!?(\d+)>")
ROLE = re.compile(r"<@&(\d+)>")

Source = Literal["channel", "interaction"]
Mention = tuple[Literal["everyone", "user", "role", "reply"], str]


@dataclass(frozen=True, slots=True)
class Allowed:
    """Which mentions of a text count."""

    parse: frozenset[str]
    users: frozenset[str]
    roles: frozenset[str]
    replied_user: bool

    @property
    def nobody(self) -> bool:
        """Whether no mention counts, whatever the text."""
        return not (self.parse or self.users or self.roles or self.replied_user)

    @classmethod
    def read(cls, allowed_mentions: Any, source: Source) -> Allowed:
        """What a body's `allowed_mentions` lets through; without any, what its route lets through.

        A plain message then notifies everybody whom it names, and the author it replies to;
        an answer to an interaction only the users whom it names.
        """
        if not isinstance(allowed_mentions, dict):
            parse = {"users"} if source == "interaction" else {"users", "roles", "everyone"}
            return cls(frozenset(parse), frozenset(), frozenset(), source == "channel")
        return cls(
            parse=frozenset(allowed_mentions.get("parse") or ()),
            users=frozenset(str(user) for user in allowed_mentions.get("users") or ()),
            roles=frozenset(str(role) for role in allowed_mentions.get("roles") or ()),
            replied_user=bool(allowed_mentions.get("replied_user")),
        )


def mentions_in(text: str, allowed: Allowed) -> tuple[Mention, ...]:
    """Every mention of `text` that counts, once, in order of kind.

    A code fence is taken for no protection, and a stranger's id for somebody's: what Discord
    makes of either depends on things that the sender does not know.
    """
    found: list[Mention] = []
    if "everyone" in allowed.parse:
        found.extend(("everyone", match) for match in EVERYONE.findall(text))
    found.extend(
        ("user", match)
        for match in USER.findall(text)
        if "users" in allowed.parse or match in allowed.users
    )
    found.extend(
        ("role", match)
        for match in ROLE.findall(text)
        if "roles" in allowed.parse or match in allowed.roles
    )
    return tuple(dict.fromkeys(found))


def notifying_text(content: str, components: list[Json]) -> str:
    """The parts of a message whose mentions notify: content and text displays, never embeds."""
    displays = (
        str(component.get("content", ""))
        for component in walk(components)
        if component.get("type") == ComponentType.TEXT_DISPLAY
    )
    return "\n".join((content, *displays))
