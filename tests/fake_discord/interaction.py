"""What somebody did, and what the bot made of it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeVar

from .constants import CallbackType

if TYPE_CHECKING:
    from collections.abc import Callable

    from .changes import Changes
    from .constants import InteractionType
    from .message import Message
    from .records import Channel, Choice, Json, User

T = TypeVar("T")
Install = Literal["guild", "user"]


@dataclass(slots=True, eq=False)
class Interaction:
    """A slash command, click, keystroke or form on its way to the bot, and its answers."""

    id: int
    token: str
    type: InteractionType
    user: User
    channel: Channel
    data: Json
    created: float
    """When it was made, in seconds since 1970 on the server's clock."""
    changes: Changes = field(repr=False)
    message: Message | None = None
    """What was clicked, if anything was."""
    opened_by: Interaction | None = None
    """What a submitted modal was the answer to."""
    install: Install = "guild"
    """Whose the app is: installed by the guild, or by the user alone."""
    forced_private: bool = False
    """Whether the guild keeps every answer from others: an app of the user's, not allowed."""
    callback: CallbackType | None = None
    """How it was acknowledged; None as long as it was not."""
    acknowledged_after: float | None = None
    """How long that took, in real seconds, whatever the server's clock says."""
    original: Message | None = None
    """The message that @original stands for."""
    messages: list[Message] = field(default_factory=list)
    """What it wrote or edited, the original first."""
    followups: int = 0
    answered: bool = False
    """Whether the original says what it is meant to say."""
    modal_data: Json | None = None
    submission: Interaction | None = None
    """The form that it brought up, as it was sent last."""
    choice_data: tuple[Choice, ...] | None = None
    _started: float = field(default_factory=time.monotonic, repr=False)

    def acknowledge(self, callback: CallbackType) -> None:
        """Note how the bot acknowledged it, just now."""
        self.callback = callback
        self.acknowledged_after = time.monotonic() - self._started

    async def acknowledged(self, within: float | None = None) -> CallbackType:
        """How the bot acknowledged it."""
        return await self._wait(lambda: self.callback, "acknowledgement", within)

    async def response(self, within: float | None = None) -> Message:
        """The original message, once it says something: after a deferral, once it was filled.

        After the deferral of an update it is what came first: what was clicked, once it was
        edited, or a message that says why it was not.
        """

        def look() -> Message | None:
            if self.callback is CallbackType.DEFERRED_UPDATE_MESSAGE:
                return next(iter(self.messages), None)
            return self.original if self.answered else None

        return await self._wait(look, "answer", within)

    async def followup(self, index: int = 0, within: float | None = None) -> Message:
        """A message beyond the original; the first has index 0."""

        def look() -> Message | None:
            later = [message for message in self.messages if message is not self.original]
            return later[index] if len(later) > index else None

        return await self._wait(look, f"follow-up {index}", within)

    async def modal(self, within: float | None = None) -> Json:
        """The form that the bot showed, in Discord's JSON."""
        return await self._wait(lambda: self.modal_data, "modal", within)

    async def choices(self, within: float | None = None) -> tuple[Choice, ...]:
        """What the bot suggested, best first; may be empty."""
        wrapped = await self._wait(
            lambda: None if self.choice_data is None else (self.choice_data,), "choices", within
        )
        return wrapped[0]

    async def _wait(self, look: Callable[[], T | None], what: str, within: float | None) -> T:
        label = self.data.get("name") or self.data.get("custom_id")
        awaited = f"{what} to {self.type.name} {label!r}"
        return await self.changes.wait_for(look, awaited, within, about=self)
