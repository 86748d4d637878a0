"""Channels and the plain messages in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .constants import NONCE_S, MessageType, Permissions
from .endpoint import Endpoint
from .errors import ApiError, Refusal
from .message_payloads import message_payload
from .messages import Draft, Messages
from .payloads import channel_payload
from .records import Call, Channel, Fault, Json, Reply

if TYPE_CHECKING:
    from .message import Message
    from .state import State

CHANNEL = "/channels/{channel_id}"
MESSAGES = CHANNEL + "/messages"
MESSAGE = MESSAGES + "/{message_id}"
PAGE = 50
"""How many messages a channel's history gives when it is not told."""


class Channels:
    """What a bot's own token is good for in a channel."""

    def __init__(self, state: State, messages: Messages) -> None:
        self._state = state
        self._messages = messages

    def endpoints(self) -> tuple[Endpoint, ...]:
        """What it answers."""
        return (
            Endpoint("GET", CHANNEL, self.get),
            Endpoint("POST", CHANNEL + "/typing", self.typing),
            Endpoint("GET", MESSAGES, self.history),
            Endpoint("POST", MESSAGES, self.create),
            Endpoint("GET", MESSAGE, self.get_message),
            Endpoint("PATCH", MESSAGE, self.edit),
            Endpoint("DELETE", MESSAGE, self.delete),
        )

    def get(self, call: Call) -> Reply:
        return Reply(body=channel_payload(self._channel(call), self._state))

    def typing(self, call: Call) -> Reply:
        self._need(Permissions.SEND_MESSAGES, self._channel(call))
        return Reply(204)

    def history(self, call: Call) -> Reply:
        channel = self._channel(call)
        self._need(Permissions.READ_MESSAGE_HISTORY, channel)
        found = [m for m in self._state.messages.values() if m.channel == channel and m.public]
        if "before" in call.query:
            found = [m for m in found if m.id < int(call.query["before"])]
        if "after" in call.query:
            found = [m for m in found if m.id > int(call.query["after"])]
        limit = int(call.query.get("limit", PAGE))
        page = found[:limit] if "after" in call.query else found[-limit:]
        return Reply(body=[message_payload(m, self._state) for m in reversed(page)])

    def create(self, call: Call) -> Reply:
        channel, body = self._channel(call), call.body or {}
        self._need(Permissions.SEND_MESSAGES, channel)
        if body.get("attachments") or call.uploads:
            self._need(Permissions.ATTACH_FILES, channel)
        if channel.recipient is not None and not channel.recipient.accepts_dms:
            raise ApiError(Refusal.CANNOT_DM)
        again = self._sent_before(body)
        if again is not None:
            return Reply(body=message_payload(again, self._state))
        reference = self._reference(body, channel)
        if body.get("embeds") and not self._state.may(Permissions.EMBED_LINKS, channel):
            body = {**body, "embeds": []}
        message = self._messages.create(
            Draft(
                channel=channel,
                author=self._state.bot,
                body=body,
                uploads=call.uploads,
                type=MessageType.DEFAULT if reference is None else MessageType.REPLY,
                reference=reference,
            )
        )
        return Reply(body=message_payload(message, self._state))

    def get_message(self, call: Call) -> Reply:
        self._need(Permissions.READ_MESSAGE_HISTORY, self._channel(call))
        return Reply(body=message_payload(self._message(call), self._state))

    def edit(self, call: Call) -> Reply:
        message = self._message(call)
        if message.author != self._state.bot:
            raise ApiError(Refusal.NOT_YOUR_MESSAGE)
        self._messages.edit(message, call.body or {}, call.uploads)
        return Reply(body=message_payload(message, self._state))

    def delete(self, call: Call) -> Reply:
        message = self._message(call)
        if message.author != self._state.bot:
            self._need(Permissions.MANAGE_MESSAGES, message.channel)
        self._messages.delete(message)
        return Reply(204)

    def _channel(self, call: Call) -> Channel:
        channel = self._state.channels.get(call.id("channel_id"))
        if channel is None:
            raise ApiError(Refusal.UNKNOWN_CHANNEL)
        if not self._state.may(Permissions.VIEW_CHANNEL, channel):
            raise ApiError(Refusal.MISSING_ACCESS)
        return channel

    def _message(self, call: Call) -> Message:
        channel = self._channel(call)
        message = self._state.messages.get(call.id("message_id"))
        # An ephemeral message is only within reach of its interaction's token.
        if message is None or message.channel != channel or not message.public:
            raise ApiError(Refusal.UNKNOWN_MESSAGE)
        return message

    def _need(
        self,
        permission: Permissions,
        channel: Channel,
        *,
        otherwise: Refusal = Refusal.MISSING_PERMISSIONS,
    ) -> None:
        if not self._state.may(permission, channel):
            raise ApiError(otherwise)

    def _sent_before(self, body: Json) -> Message | None:
        """The message that a repeated nonce stands for, where the sender wants no second.

        Discord asks for the same author, not for the same channel, and only for some minutes.
        """
        nonce = body.get("nonce")
        if nonce is None or not body.get("enforce_nonce"):
            return None
        first = self._state.by_nonce.get(str(nonce))
        if first is None or self._state.clock.now() - first.versions[0].at > NONCE_S:
            return None
        return first

    def _reference(self, body: Json, channel: Channel) -> Message | None:
        wanted = body.get("message_reference")
        if not wanted:
            return None
        self._need(Permissions.READ_MESSAGE_HISTORY, channel, otherwise=Refusal.NO_HISTORY_TO_REPLY)
        message = self._state.messages.get(int(wanted.get("message_id") or 0))
        if message is not None and message.channel == channel and message.public:
            return message
        if wanted.get("fail_if_not_exists", True):
            code = "REPLIES_UNKNOWN_MESSAGE"
            fault = Fault(("message_reference",), code, "Unknown message", "reply")
            raise ApiError(Refusal.INVALID_FORM_BODY, fault, blame=False)
        return None
