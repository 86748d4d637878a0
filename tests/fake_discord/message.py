"""A message and every version it has had."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .components import button_or_select, walk
from .constants import ComponentType, MessageFlags, MessageType
from .records import Attachment, Button, Channel, Json, User

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .interaction import Interaction
    from .mentions import Mention


@dataclass(frozen=True, slots=True)
class MessageVersion:
    """A message between two edits, as Discord keeps it: trimmed and cleaned."""

    content: str
    embeds: tuple[Json, ...]
    components: tuple[Json, ...]
    attachments: tuple[Attachment, ...]
    flags: MessageFlags
    mentions: tuple[Mention, ...]
    """The mentions that count: who is notified, or marked."""
    guarded: bool
    """Whether no mention would count whatever the text, as allowed mentions of nobody have it."""
    at: float
    """When it was written, in seconds since 1970 on the server's clock."""


@dataclass(slots=True, eq=False)
class Message:
    """A message; its fields say how it stands now, `versions` how it stood before."""

    id: int
    channel: Channel
    author: User
    type: MessageType
    versions: list[MessageVersion]
    interaction: Interaction | None = None
    """What it answers, if it came by an interaction."""
    private_to: User | None = None
    """The only one who sees it, if it is ephemeral."""
    reference: Message | None = None
    """What it replies to."""
    nonce: str | int | None = None
    deleted: bool = False

    @property
    def now(self) -> MessageVersion:
        """The version that people see."""
        return self.versions[-1]

    @property
    def content(self) -> str:
        """The text, outside embeds and components."""
        return self.now.content

    @property
    def embeds(self) -> tuple[Json, ...]:
        """The embeds, in Discord's JSON."""
        return self.now.embeds

    @property
    def components(self) -> tuple[Json, ...]:
        """The top-level components, in Discord's JSON."""
        return self.now.components

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """The files."""
        return self.now.attachments

    @property
    def ephemeral(self) -> bool:
        """Whether only one person sees it."""
        return self.private_to is not None

    @property
    def public(self) -> bool:
        """Whether it is in the channel for everybody to see."""
        return not self.deleted and not self.ephemeral

    @property
    def loading(self) -> bool:
        """Whether people still see "the bot is thinking"."""
        return MessageFlags.LOADING in self.now.flags

    @property
    def edited(self) -> bool:
        """Whether it says more than its first version."""
        return len(self.versions) > 1

    @property
    def buttons(self) -> tuple[Button, ...]:
        """Every button, in order, wherever it stands."""
        return tuple(self._buttons())

    def button(self, label: str) -> Button:
        """The one button with this label; raises LookupError where there is not exactly one."""
        found = [button for button in self.buttons if button.label == label]
        if len(found) != 1:
            labels = [button.label for button in self.buttons]
            raise LookupError(f"{len(found)} buttons say {label!r}; the message shows {labels}")
        return found[0]

    def file(self, filename: str) -> Attachment:
        """The file of this name, be it listed or shown in an embed; raises LookupError."""
        for attachment in self.attachments:
            if attachment.filename == filename:
                return attachment
        names = [attachment.filename for attachment in self.attachments]
        raise LookupError(f"there is no {filename!r}, only {names}")

    def select(self, custom_id: str) -> Json:
        """A select menu in Discord's JSON; raises LookupError for one that is not there."""
        return button_or_select(list(self.components), custom_id)

    def visible_to(self, user: User) -> bool:
        """Whether `user` can see it."""
        return not self.deleted and self.private_to in (None, user)

    def _buttons(self) -> Iterator[Button]:
        for component in walk(list(self.components)):
            if component.get("type") == ComponentType.BUTTON:
                yield Button(
                    custom_id=component.get("custom_id"),
                    label=component.get("label"),
                    disabled=bool(component.get("disabled")),
                    style=component["style"],
                    url=component.get("url"),
                )
