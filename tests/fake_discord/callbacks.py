"""The one acknowledgement that an interaction gets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .constants import ACKNOWLEDGE_S, CallbackType, InteractionType, MessageFlags, MessageType
from .endpoint import Endpoint
from .errors import ApiError, Refusal
from .message_payloads import message_payload
from .messages import Draft, Messages
from .records import Call, Choice, Fault, Json, Reply

if TYPE_CHECKING:
    from .interaction import Interaction
    from .state import State

ROUTE = "/interactions/{interaction_id}/{interaction_token}/callback"

MESSAGE_KINDS = frozenset({CallbackType.CHANNEL_MESSAGE, CallbackType.DEFERRED_CHANNEL_MESSAGE})
UPDATE_KINDS = frozenset({CallbackType.DEFERRED_UPDATE_MESSAGE, CallbackType.UPDATE_MESSAGE})
ALLOWED = {
    InteractionType.APPLICATION_COMMAND: MESSAGE_KINDS | {CallbackType.MODAL},
    InteractionType.MESSAGE_COMPONENT: MESSAGE_KINDS | UPDATE_KINDS | {CallbackType.MODAL},
    InteractionType.AUTOCOMPLETE: frozenset({CallbackType.AUTOCOMPLETE_RESULT}),
    InteractionType.MODAL_SUBMIT: MESSAGE_KINDS | UPDATE_KINDS,
}


class Callbacks:
    """Acknowledging interactions, once and in time."""

    def __init__(self, state: State, messages: Messages) -> None:
        self._state = state
        self._messages = messages

    def endpoints(self) -> tuple[Endpoint, ...]:
        """What it answers."""
        return (Endpoint("POST", ROUTE, self.respond, needs_token=False),)

    def respond(self, call: Call) -> Reply:
        interaction = self._waiting(call)
        body: Json = call.body or {}
        kind = self._kind(interaction, body.get("type"))
        data: Json = body.get("data") or {}
        if kind in MESSAGE_KINDS:
            self._write(interaction, kind, data, call)
        elif kind in UPDATE_KINDS:
            self._update(interaction, kind, data, call)
        elif kind is CallbackType.MODAL:
            interaction.modal_data = data
        else:
            choices = data.get("choices") or ()
            interaction.choice_data = tuple(Choice(c["name"], c["value"]) for c in choices)
        interaction.acknowledge(kind)
        self._state.changes.touch(interaction)
        if call.query.get("with_response", "").lower() not in ("1", "true"):
            return Reply(204)
        return Reply(body=self._callback_payload(interaction, kind))

    def _waiting(self, call: Call) -> Interaction:
        """The interaction that is still to be acknowledged."""
        interaction = self._state.interactions.get(call.id("interaction_id"))
        if interaction is None:
            raise ApiError(Refusal.UNKNOWN_INTERACTION)
        if interaction.token != call.parameters["interaction_token"]:
            raise ApiError(Refusal.INVALID_WEBHOOK_TOKEN)
        if interaction.callback is not None:
            message = f"was acknowledged before, with {interaction.callback.name}"
            fault = Fault((), "ACKNOWLEDGED", message, "acknowledge.twice")
            raise ApiError(Refusal.ALREADY_ACKNOWLEDGED, fault)
        age = self._state.age(interaction)
        if age > ACKNOWLEDGE_S:
            message = f"acknowledged after {age:.1f} s, {ACKNOWLEDGE_S:.0f} s at most"
            raise ApiError(Refusal.UNKNOWN_INTERACTION, Fault((), "LATE", message, "acknowledge"))
        return interaction

    def _kind(self, interaction: Interaction, number: Any) -> CallbackType:
        allowed = ALLOWED[interaction.type]
        if interaction.type is InteractionType.MODAL_SUBMIT and interaction.message is None:
            allowed = MESSAGE_KINDS
        if number not in allowed:
            message = f"Value must be one of {sorted(allowed)}, not {number}."
            fault = Fault(("type",), "BASE_TYPE_CHOICES", message, "callback.type")
            raise ApiError(Refusal.INVALID_FORM_BODY, fault)
        return CallbackType(number)

    def _write(self, interaction: Interaction, kind: CallbackType, data: Json, call: Call) -> None:
        """Write the original message, or the "thinking" that stands for it."""
        if interaction.channel.id not in self._state.channels:
            raise ApiError(Refusal.UNKNOWN_CHANNEL)
        deferred = kind is CallbackType.DEFERRED_CHANNEL_MESSAGE
        private = bool(int(data.get("flags") or 0) & MessageFlags.EPHEMERAL)
        message = self._messages.create(
            Draft(
                channel=interaction.channel,
                author=self._state.bot,
                body={} if deferred else data,
                uploads=() if deferred else call.uploads,
                type=_message_type(interaction),
                interaction=interaction,
                private_to=interaction.user if private or interaction.forced_private else None,
                loading=deferred,
            )
        )
        interaction.original = message
        interaction.messages.append(message)
        interaction.answered = not deferred

    def _update(self, interaction: Interaction, kind: CallbackType, data: Json, call: Call) -> None:
        """Edit what was clicked, now or later."""
        message = interaction.message
        if message is None or message.deleted:
            raise ApiError(Refusal.UNKNOWN_MESSAGE)
        if kind is CallbackType.UPDATE_MESSAGE:
            self._messages.edit(message, data, call.uploads)
            interaction.messages.append(message)
            interaction.answered = True
        interaction.original = message

    def _callback_payload(self, interaction: Interaction, kind: CallbackType) -> Json:
        """What discord.py reads of an acknowledgement."""
        original = interaction.original
        about: Json = {"id": str(interaction.id), "type": int(interaction.type)}
        payload: Json = {"interaction": about}
        if original is not None:
            about["response_message_id"] = str(original.id)
            about["response_message_loading"] = original.loading
            about["response_message_ephemeral"] = original.ephemeral
            about["channel_id"] = str(original.channel.id)
        if kind in (CallbackType.CHANNEL_MESSAGE, CallbackType.UPDATE_MESSAGE) and original:
            message = message_payload(original, self._state)
            payload["resource"] = {"type": int(kind), "message": message}
        return payload


def deferral_faults(body: Any) -> list[Fault]:
    """What a deferral says in vain: of its data, Discord heeds only the ephemeral flag."""
    data = body.get("data") if isinstance(body, dict) else None
    if not isinstance(data, dict) or body.get("type") != CallbackType.DEFERRED_CHANNEL_MESSAGE:
        return []
    flags = data.get("flags") or 0
    lost = [key for key, value in data.items() if value and key not in ("flags", "tts")]
    if isinstance(flags, int) and flags & ~MessageFlags.EPHEMERAL:
        lost.append("flags")
    message = "is lost in a deferral"
    return [Fault(("data", key), "IGNORED", message, "defer") for key in lost]


def _message_type(interaction: Interaction) -> MessageType:
    if interaction.type is not InteractionType.APPLICATION_COMMAND:
        return MessageType.DEFAULT
    slash = interaction.data.get("type") == 1
    return MessageType.CHAT_INPUT_COMMAND if slash else MessageType.CONTEXT_MENU_COMMAND
