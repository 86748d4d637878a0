"""Follow-ups, and the original answer by its later name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .constants import (
    TOKEN_S,
    USER_INSTALL_FOLLOWUPS,
    CallbackType,
    MessageFlags,
)
from .endpoint import Endpoint
from .errors import ApiError, Refusal
from .message_payloads import message_payload
from .messages import Draft, Messages
from .records import Call, Fault, Reply, Violation

if TYPE_CHECKING:
    from .interaction import Interaction
    from .message import Message
    from .state import State

WEBHOOK = "/webhooks/{webhook_id}/{webhook_token}"
ORIGINAL = WEBHOOK + "/messages/@original"
MESSAGE = WEBHOOK + "/messages/{message_id}"


class Webhooks:
    """What an interaction's token is good for, for fifteen minutes."""

    def __init__(self, state: State, messages: Messages) -> None:
        self._state = state
        self._messages = messages

    def endpoints(self) -> tuple[Endpoint, ...]:
        """What it answers; @original first, since it would pass for a message's id."""
        return tuple(
            Endpoint(method, route, answer, needs_token=False)
            for method, route, answer in (
                ("POST", WEBHOOK, self.follow_up),
                ("GET", ORIGINAL, self.get),
                ("PATCH", ORIGINAL, self.edit),
                ("DELETE", ORIGINAL, self.delete),
                ("GET", MESSAGE, self.get),
                ("PATCH", MESSAGE, self.edit),
                ("DELETE", MESSAGE, self.delete),
            )
        )

    def follow_up(self, call: Call) -> Reply:
        interaction = self._interaction(call)
        if interaction.channel.id not in self._state.channels:
            raise ApiError(Refusal.UNKNOWN_CHANNEL)
        flags = int((call.body or {}).get("flags") or 0)
        private = bool(flags & MessageFlags.EPHEMERAL)
        original = interaction.original
        if original is not None and original.loading and not original.deleted:
            return self._fill(interaction, original, call, private=private)
        interaction.followups += 1
        if interaction.install == "user" and interaction.followups > USER_INSTALL_FOLLOWUPS:
            detail = f"{USER_INSTALL_FOLLOWUPS} at most where the user installed the app"
            raise ApiError(Refusal.FOLLOWUP_LIMIT, Fault((), "FOLLOWUPS", detail, "follow-ups"))
        message = self._messages.create(
            Draft(
                channel=interaction.channel,
                author=self._state.bot,
                body=call.body or {},
                uploads=call.uploads,
                interaction=interaction,
                private_to=interaction.user if private or interaction.forced_private else None,
            )
        )
        interaction.messages.append(message)
        self._state.changes.touch(interaction)
        return Reply(body=message_payload(message, self._state))

    def get(self, call: Call) -> Reply:
        message = self._message(call, self._interaction(call))
        return Reply(body=message_payload(message, self._state))

    def edit(self, call: Call) -> Reply:
        interaction = self._interaction(call)
        message = self._message(call, interaction)
        self._change(interaction, message, call)
        return Reply(body=message_payload(message, self._state))

    def delete(self, call: Call) -> Reply:
        interaction = self._interaction(call)
        self._messages.delete(self._message(call, interaction))
        return Reply(204)

    def _fill(
        self, interaction: Interaction, original: Message, call: Call, *, private: bool
    ) -> Reply:
        """The first follow-up after a deferral is an edit of it, and as private as it."""
        if private and not original.ephemeral:
            detail = "the answer was meant to be private, but the deferral was public"
            self._state.violations.append(
                Violation("defer.private", detail, call.method, call.path, 200)
            )
        self._change(interaction, original, call)
        return Reply(body=message_payload(original, self._state))

    def _change(self, interaction: Interaction, message: Message, call: Call) -> None:
        self._messages.edit(message, call.body or {}, call.uploads)
        if message not in interaction.messages:
            interaction.messages.append(message)
        if message is interaction.original:
            interaction.answered = True
        self._state.changes.touch(interaction)

    def _interaction(self, call: Call) -> Interaction:
        """Whose token it is; raises ApiError where the token is good for nothing."""
        if call.id("webhook_id") != self._state.application_id:
            raise ApiError(Refusal.UNKNOWN_WEBHOOK)
        interaction = self._state.interaction_by_token(call.parameters["webhook_token"])
        if interaction is None:
            raise ApiError(Refusal.INVALID_WEBHOOK_TOKEN)
        if self._state.expired(interaction):
            age = self._state.age(interaction)
            message = f"the token is {age:.0f} s old and lives {TOKEN_S:.0f} s"
            raise ApiError(Refusal.INVALID_WEBHOOK_TOKEN, Fault((), "EXPIRED", message, "token"))
        if interaction.callback is None:
            message = "used before the interaction was acknowledged"
            raise ApiError(Refusal.UNKNOWN_WEBHOOK, Fault((), "EARLY", message, "token.early"))
        return interaction

    def _message(self, call: Call, interaction: Interaction) -> Message:
        if "message_id" not in call.parameters:
            message = interaction.original
        else:
            known = self._state.messages.get(call.id("message_id"))
            own = known is not None and known.interaction is interaction
            message = known if own or known is interaction.original else None
        if message is None or message.deleted:
            kinds = (CallbackType.MODAL, CallbackType.AUTOCOMPLETE_RESULT)
            modal = message is None and interaction.callback in kinds
            raise ApiError(Refusal.UNKNOWN_WEBHOOK if modal else Refusal.UNKNOWN_MESSAGE)
        return message
